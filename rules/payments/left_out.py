"""Claims that a run leaves out, because their decision cannot be said in an 835: one bad claim stops no other.

What breaks a law that is the claim's own stays due, together with what it would take back, for all money of a claim is
in one 835. Somebody has to decide it again; until then the remittance goes on without it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from edi.payment_run import REVERSAL
from rules.payments.compose import compose
from rules.payments.faults import faults_of_claims
from rules.payments.tables import LEFT_OUT, empty

if TYPE_CHECKING:
    from edi.payment_run import PaymentRun
    from edi.payments_due import PaymentsDue
    from rules.payments.compose import Composition, PaymentTerms

Place = tuple[int, int, str]
"""A claim's place in a run, a line (0: the claim itself) and a law."""


def compose_sound(
    due: PaymentsDue,
    terms: PaymentTerms,
    listed: pd.DataFrame | None = None,
    refused: pd.DataFrame | None = None,
) -> Composition:
    """The run of everything that is due and breaks no law of its own; `left_out` has the rest.

    Args:
        due: everything that is due.
        terms: as for `compose`.
        listed: CORE's combinations, as for `rules.payments.faults.faults`.
        refused: rows of `left_out` that are known already: what could not be written.
    """
    out = empty(LEFT_OUT) if refused is None else refused
    while True:
        sound = replace(due, claims=due.claims[~due.claims["claim_id"].isin(out["claim_id"])])
        composed = compose(sound, terms)
        found = faults_of_claims(composed.run, listed)
        if found.empty:
            return replace(composed, left_out=_in_order(out))
        out = pd.concat([out, decided_at(sound, composed.run, found.itertuples(index=False, name=None))])


def decided_at(due: PaymentsDue, run: PaymentRun, places: Iterable[Place]) -> pd.DataFrame:
    """Rows of `left_out` for claims of a run: of a reversal, what would have taken the place of the claim."""
    found = pd.DataFrame(places, columns=["claim", "line_number", "law"])
    chosen = run.claims.select(["claim_id", "entry"]).take(found["claim"].to_numpy("int64")).to_pandas()
    at = found.assign(claim_id=chosen["claim_id"].to_numpy(), is_reversal=(chosen["entry"] == REVERSAL).to_numpy())
    heads = due.claims[["claim_id", "decision_id", "claim_number", "reverses"]].astype(
        {"claim_id": "int64", "reverses": "Int64"}
    )
    own = at[~at["is_reversal"]].merge(heads, on="claim_id")
    back = at[at["is_reversal"]].drop(columns="claim_id")
    back = back.assign(reverses=at.loc[at["is_reversal"], "claim_id"].astype("Int64")).merge(heads, on="reverses")
    rows = _in_order(pd.concat([own, back]))
    if rows.empty:
        raise AssertionError("a claim of a run is due, and so is what takes it back")
    return rows


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    unique = rows[list(LEFT_OUT)].drop_duplicates(["claim_id", "line_number", "law"])
    return unique.sort_values(["claim_number", "line_number", "law"]).reset_index(drop=True)
