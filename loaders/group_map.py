"""Which employer group and which plan a row of an 834 belongs to, as the plan configured it.

The frozen form of `config/`'s groups that the enrolment load needs: `pipeline` builds it, SQL looks it up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

EndDateIs = Literal["last_covered", "first_uncovered"]

POLICIES = (
    "mode_override",
    "roster_is_truth",
    "absences_to_end",
    "absent_end",
    "absence_warn_percent",
    "absence_hold_percent",
    "absence_hold_members",
    "count_swing_percent",
    "max_retro_term_days",
    "max_as_of_days_ahead",
    "dependants_end_with_subscriber",
    "over_age",
)
"""Settings of a group that go to SQL as they are, under the same names."""


@dataclass(frozen=True, slots=True)
class EnrollmentGroup:
    """One employer group: by what a file names it, and what its plan codes mean.

    A list that is empty asks nothing. A value that a file does not send contradicts nothing either, but at least one
    of sponsor, master policy and group number must agree, unless the group lists none of the three. Where several
    groups fit, the one that agrees in most wins; where two agree in equally many, none does.
    """

    group_id: str
    name: str = ""
    """For people."""
    sponsor_ids: tuple[str, ...] = ()
    """1000A N104."""
    master_policies: tuple[str, ...] = ()
    """REF*38."""
    group_numbers: tuple[str, ...] = ()
    """REF*1L of the member."""
    partners: tuple[str, ...] = ()
    """Ids of the trading partners that may send it; empty = any."""
    plans: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(insurance line HD03, plan code HD04 or "" where none is sent) -> plan id."""
    end_date_is: EndDateIs = "last_covered"
    """What the sender's end dates (349, 357, 303) mean."""
    mode_override: Literal["change", "verify", "replace"] | None = None
    """What its files are, whatever BGN08 says."""
    roster_is_truth: bool = False
    """Are rows that are only to be compared applied?"""
    absences_to_end: int = 0
    """Full rosters in a row without a member after which its coverage ends; 0 = never."""
    absent_end: Literal["month_before", "as_of"] = "month_before"
    """The end of an absent member's coverage: that of the month before the as-of date, or the day before it."""
    absence_warn_percent: int = 5
    absence_hold_percent: int = 10
    absence_hold_members: int = 10
    count_swing_percent: int = 20
    max_retro_term_days: int = 60
    """How long before its receipt a file may end coverage without a person's consent."""
    max_as_of_days_ahead: int = 180
    """How far after its receipt the as-of date of a full roster may lie without a person's consent."""
    dependants_end_with_subscriber: bool = True
    over_age: int = 26


@dataclass(frozen=True, slots=True)
class GroupMap:
    """All groups of the plan."""

    groups: tuple[EnrollmentGroup, ...] = ()
    payer: str = ""
    """Who insures them: the plan's own name."""

    def groups_as_json(self) -> str:
        """The groups as a JSON array of records, ids trimmed and in capitals as the staged rows have them."""
        return json.dumps(
            [
                {
                    "group_id": group.group_id,
                    "name": group.name,
                    "sponsor_ids": _keys(group.sponsor_ids),
                    "master_policies": _keys(group.master_policies),
                    "group_numbers": _keys(group.group_numbers),
                    "partners": list(group.partners),
                    "end_date_is": group.end_date_is,
                    **{name: getattr(group, name) for name in POLICIES},
                }
                for group in self.groups
            ]
        )

    def plans_as_json(self) -> str:
        """The plan codes of all groups as a JSON array of records."""
        return json.dumps(
            [
                {
                    "group_id": group.group_id,
                    "insurance_line": insurance_line.strip().upper(),
                    "plan_code": plan_code.strip().upper(),
                    "plan_id": plan_id,
                }
                for group in self.groups
                for (insurance_line, plan_code), plan_id in group.plans.items()
            ]
        )


def _keys(values: tuple[str, ...]) -> list[str]:
    """Ids as they are compared."""
    return [value.strip().upper() for value in values]
