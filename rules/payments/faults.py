"""What keeps a run from being released: laws of the 835 that it breaks, and combinations of codes that CORE lacks.

A reversal repeats what was sent, whatever has become of its codes since (RFI 2442): codes are looked at in payments
only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from edi.payment_balance import NO_CLAIM, Imbalance, imbalances
from edi.payment_run import PAYMENT, VOID
from rules.core_combinations import unlisted_lines
from rules.decision_laws import broken_lines
from rules.decisions import Decisions

if TYPE_CHECKING:
    import pyarrow as pa

    from edi.payment_run import PaymentRun


def faults(run: PaymentRun, listed: pd.DataFrame | None = None) -> tuple[Imbalance, ...]:
    """Every law that a run breaks, with payment, claim number and line; empty when it may be released.

    Args:
        run: as it was composed.
        listed: CORE's combinations (`core_combination` of `edi.reference_data`); without them every one is allowed.
            Those count that are in force on the production date.
    """
    return (*imbalances(run), *_of_codes(run, listed))


def faults_of_claims(run: PaymentRun, listed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Those of `faults` that are a claim's own: claim (its place in the run), line_number (0: the claim) and law."""
    found = [(each.claim, each.line_number, each.law) for each in faults(run, listed) if each.claim != NO_CLAIM]
    return pd.DataFrame(found, columns=["claim", "line_number", "law"])


def _of_codes(run: PaymentRun, listed: pd.DataFrame | None) -> tuple[Imbalance, ...]:
    claims = run.claims
    chosen = pc.and_(
        pc.equal(claims["entry"], PAYMENT), pc.not_equal(claims["status_code"].fill_null(""), VOID)
    ).to_numpy()
    decided = Decisions(
        claims=pd.DataFrame(
            {
                "claim_id": np.flatnonzero(chosen),
                "outcome": _texts(claims, "outcome")[chosen],
                "claim_status_code": _texts(claims, "status_code")[chosen],
                "patient_responsibility_cents": claims["patient_responsibility_cents"].fill_null(0).to_numpy()[chosen],
            }
        ),
        lines=_of(run.services, chosen, ("charge_cents", "paid_cents")),
        adjustments=_of(run.adjustments, chosen, ("amount_cents",), ("group_code", "reason_code")),
        remarks=_of(run.remarks, chosen, (), ("remark_code",)),
        accumulators=pd.DataFrame(),
    )
    produced = run.payments["production_date"].to_pandas().astype("datetime64[s]")
    on = produced.reindex(claims["payment"].to_numpy()[chosen]).set_axis(decided.claims["claim_id"])
    found = pd.concat([broken_lines(decided), unlisted_lines(decided, listed, on)])
    found = found.sort_values(["claim_id", "line_number", "law"])
    numbers, payments = claims["claim_number"], claims["payment"]
    traces = run.payments["trace_number"]
    return tuple(
        Imbalance(law, traces[payments[claim].as_py()].as_py(), numbers[claim].as_py(), line, claim)
        for claim, line, law in found.itertuples(index=False)
    )


def _of(table: pa.Table, chosen: np.ndarray, numbers: tuple[str, ...], texts: tuple[str, ...] = ()) -> pd.DataFrame:
    """Rows of the chosen claims, their places for ids."""
    claim = table["claim"].to_numpy().astype(np.int64)
    kept = chosen[claim]
    return pd.DataFrame(
        {
            "claim_id": claim[kept],
            "line_number": table["line_number"].to_numpy().astype(np.int64)[kept],
            **{name: table[name].to_numpy()[kept] for name in numbers},
            **{name: _texts(table, name)[kept] for name in texts},
        }
    )


def _texts(table: pa.Table, name: str) -> np.ndarray:
    return np.array(table[name].to_pylist(), dtype=object)
