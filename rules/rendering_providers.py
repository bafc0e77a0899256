"""Was who rendered a service one that may, by the plan's table `rendering_provider` (domain.md 8.2 #26).

The table is about professional and dental services that name somebody as rendering (2420A, else 2310B). What names
nobody was rendered by the billing provider, whose contract is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from edi.reference_data import ReferenceFacts
from rules.provider_contracts import characters
from rules.reference_rows import in_force
from rules.rulebook import Rulebook
from rules.ruling import Ruling

UNKNOWN, NOT_THEN, GOOD = "unknown", "not_then", ""


def measure(lines: pd.DataFrame, reference: ReferenceFacts | None) -> pd.Series:
    """`rendering` of each line: UNKNOWN to the table, NOT_THEN (another day, TIN or procedure), else GOOD."""
    found = pd.Series(GOOD, index=lines.index, dtype="str", name="rendering")
    if reference is None or lines.empty or "rendering_provider" not in reference.tables:
        return found
    asked = lines[["claim_id", "line_number", "procedure_code", "service_day"]].assign(
        at=lines.index, billing_tin=characters(lines["billing_tin"])
    )
    named = reference.renderings
    if named is None or named.empty:
        return found
    key = ["claim_id", "line_number"]
    asked = asked.astype(dict.fromkeys(key, "int64")).merge(named.astype(dict.fromkeys(key, "int64")), on=key)
    known = reference.tables["rendering_provider"].rename(columns={"procedure_code": "may_render"})
    pairs = asked.merge(known.assign(tin=characters(known["tin"])), left_on="rendering_npi", right_on="npi")
    fits = in_force(pairs)
    for its, mine in (("tin", "billing_tin"), ("may_render", "procedure_code")):
        fits &= pairs[its].isna() | (pairs[its] == pairs[mine])
    found.loc[asked["at"]] = UNKNOWN
    found.loc[pairs["at"]] = NOT_THEN
    found.loc[pairs.loc[fits, "at"]] = GOOD
    return found


def may_render(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """CO 185 with N290 for a rendering NPI that the plan does not know, CO B7 with N570 for one not certified then."""
    for state, reason, remark, told in (
        (UNKNOWN, "185", "N290", "the plan does not know the rendering NPI"),
        (NOT_THEN, "B7", "N570", "the rendering NPI is not certified for the day, billing TIN or procedure"),
    ):
        yield Ruling(
            lines=lines[lines["rendering"] == state],
            effect="deny",
            rule="MAY-RENDER",
            text=f"service {{service}}: {told}",
            facts={"service": lines["service_day"]},
            group_code="CO",
            reason_code=reason,
            remark_codes=(remark,),
        )
