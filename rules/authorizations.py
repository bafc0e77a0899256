"""Services that need an authorization or a referral have one that fits (domain.md 8.2 #14, #15).

Which services need one, and which were given, are the plan's tables `authorization_rule` and `authorization`; the claim
names the number in REF*G1 or REF*9F.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from edi.reference_data import ReferenceFacts
from rules.reference_rows import about, in_force
from rules.rulebook import Rulebook
from rules.ruling import Ruling

KINDS = {"authorization": "prior_authorization", "referral": "referral_number"}
"""By kind the column of the claim that names it."""
ABSENT, MISFIT, GIVEN, NOT_NEEDED = "absent", "misfit", "given", ""
REASONS = {
    ("authorization", ABSENT): "197",
    ("authorization", MISFIT): "284",
    ("referral", ABSENT): "288",
    ("referral", MISFIT): "288",
}


def measure(lines: pd.DataFrame, reference: ReferenceFacts | None) -> pd.DataFrame:
    """By line and kind: `authorization` and `referral` are absent, misfit, given or empty where none is needed.

    Of one that is given, its `authorization_units` or `referral_units` (missing: any number), and the name of its row
    in `authorization_counter` or `referral_counter`: the number, with what else tells it from others of that number.
    """
    found = pd.DataFrame(index=lines.index)
    for kind in KINDS:
        found[kind] = NOT_NEEDED
        found[f"{kind}_units"] = pd.Series(pd.NA, index=lines.index, dtype="Int64")
        found[f"{kind}_counter"] = pd.Series(np.nan, index=lines.index).astype("str")
    if reference is None or lines.empty or "authorization_rule" not in reference.tables:
        return found
    rules = reference.tables["authorization_rule"]
    given = reference.tables.get("authorization")
    claims = reference.claims.set_index("claim_id")
    for kind, column in KINDS.items():
        needed = lines.index.isin(about(lines, rules[rules["kind"] == kind].drop(columns="kind"))["at"])
        number = lines["claim_id"].map(claims[column]).astype("str")
        found[kind] = np.where(needed, ABSENT, NOT_NEEDED)
        if given is None:
            continue
        asked = lines.assign(number=number, subscriber=lines["claim_id"].map(claims["subscriber_id"]))[needed]
        pairs = asked.assign(at=asked.index).merge(given[given["kind"] == kind], on="number", suffixes=("", "_given"))
        fits = pairs[_fits(pairs)].sort_values("row_id").drop_duplicates("at").set_index("at")
        found.loc[found.index.isin(pairs["at"]), kind] = MISFIT
        found.loc[fits.index, kind] = GIVEN
        found[f"{kind}_units"] = fits["units"].astype("Int64").reindex(lines.index)
        found[f"{kind}_counter"] = _counters(fits).reindex(lines.index)
    return found


def _counters(rows: pd.DataFrame) -> pd.Series:
    """Names of rows, which stay the same when the table is loaded again with other units or another last day."""
    named = rows["number"].astype("str")
    for name in ("procedure_code_given", "provider_npi"):
        named += (" " + rows[name]).fillna("")
    return named + " of " + rows["effective_from"].astype("datetime64[s]").dt.strftime("%Y-%m-%d")


def _fits(pairs: pd.DataFrame) -> pd.Series:
    """Is it for this member, provider, procedure and day?"""
    fits = in_force(pairs) & (pairs["subscriber_id"].str.upper().str.strip() == pairs["subscriber"])
    for mine, theirs in (("billing_npi", "provider_npi"), ("procedure_code", "procedure_code_given")):
        fits &= pairs[theirs].isna() | (pairs[theirs] == pairs[mine])
    return fits


def given(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """An authorization or referral is there where one is needed: none CO 197 or 288, one for others CO 284 or 288."""
    for (kind, state), reason in REASONS.items():
        told = "is missing, or is none that we gave" if state == ABSENT else "is not for this service"
        yield Ruling(
            lines=lines[lines[kind] == state],
            effect="deny",
            rule=f"{kind.upper()}-GIVEN",
            text=f"service {{service}}: the {kind} that it needs {told}",
            facts={"service": lines["service_day"]},
            group_code="CO",
            reason_code=reason,
        )
