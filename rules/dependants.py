"""Dependants without coverage whose subscriber has it: why the plan does not cover them (domain.md 8.2 #4)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rules.eligibility import match_coverage
from rules.rulebook import Rulebook
from rules.ruling import Ruling

EMPLOYEE_ONLY = ("EMP", "IND")
"""HD05: coverage of the subscriber alone."""
NEWBORN, NO_DEPENDANTS, NOT_ELIGIBLE = "34", "33", "32"
TOLD = {
    NEWBORN: "a newborn, for whom the subscriber has no coverage",
    NO_DEPENDANTS: "the subscriber's coverage is without dependants",
    NOT_ELIGIBLE: "the subscriber is covered, this dependant is not",
}


def match_dependants(
    lines: pd.DataFrame, dependants: pd.DataFrame | None, spans: pd.DataFrame, rulebook: Rulebook
) -> pd.Series:
    """`dependant_reason` of each line whose patient was never covered though the subscriber is on that day, a CARC.

    34 for a newborn (up to `newborn_days` old), 33 where the tier of the subscriber's coverage is his alone, else 32. A
    patient who is not on file is one of them as a newborn only: anybody else is simply not recognised.
    """
    found = pd.Series(np.nan, index=lines.index).astype("str").rename("dependant_reason")
    never = lines["plan_id"].isna() & lines["coverage_ended"].isna() & lines["coverage_begins"].isna()
    if dependants is None or dependants.empty or not never.any():
        return found
    asked = lines[never][["claim_id", "kind", "service_day"]].reset_index(names="at")
    asked = asked.merge(dependants.astype({"claim_id": "int64"}), on="claim_id")
    asked = asked.rename(columns={"subscriber_member_id": "member_id"})
    covered = match_coverage(asked, spans, rulebook)
    age = (asked["service_day"] - asked["born_on"].astype("datetime64[s]")).dt.days
    newborn = age.between(0, rulebook.newborn_days)
    alone = covered["coverage_tier"].isin(EMPLOYEE_ONLY)
    reason = np.select([newborn, alone], [NEWBORN, NO_DEPENDANTS], NOT_ELIGIBLE)
    holds = covered["plan_id"].notna() & (newborn | asked["is_on_file"].astype("bool"))
    found.loc[asked.loc[holds, "at"]] = reason[holds.to_numpy()]
    return found


def eligible(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """PR 32, 33 or 34 (domain.md 8.2 #4); the patient or the subscriber is recognised, so the status is not 4."""
    for reason, told in TOLD.items():
        yield Ruling(
            lines=lines[lines["dependant_reason"] == reason],
            effect="deny",
            rule="DEPENDANT-ELIGIBLE",
            text=f"service {{service}}: {told}",
            facts={"service": lines["service_day"]},
            whole_claim=lines["claim_class"] == "inpatient",
            group_code="PR",
            reason_code=reason,
        )
