"""Which employer group and which plan a row of an 834 belongs to, as the plan configured it.

The frozen form of `config/`'s groups that the enrolment load needs: `pipeline` builds it, SQL looks it up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

EndDateIs = Literal["last_covered", "first_uncovered"]


@dataclass(frozen=True, slots=True)
class EnrollmentGroup:
    """One employer group: by what a file names it, and what its plan codes mean.

    A list that is empty asks nothing. A value that a file does not send contradicts nothing either, but at least one
    of sponsor, master policy and group number must agree, unless the group lists none of the three. Where several
    groups fit, the one that agrees in most wins; where two agree in equally many, none does.
    """

    group_id: str
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
    roster_is_truth: bool = False
    """Are rows that only compare (INS03 = 030, and sets that verify) applied?"""
    over_age: int = 26
    """Age in years from which a child is too old to be covered."""


@dataclass(frozen=True, slots=True)
class GroupMap:
    """All groups of the plan."""

    groups: tuple[EnrollmentGroup, ...] = ()

    def groups_as_json(self) -> str:
        """The groups as a JSON array of records, ids trimmed and in capitals as the staged rows have them."""
        return json.dumps(
            [
                {
                    "group_id": group.group_id,
                    "sponsor_ids": _keys(group.sponsor_ids),
                    "master_policies": _keys(group.master_policies),
                    "group_numbers": _keys(group.group_numbers),
                    "partners": list(group.partners),
                    "end_date_is": group.end_date_is,
                    "roster_is_truth": group.roster_is_truth,
                    "over_age": group.over_age,
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
