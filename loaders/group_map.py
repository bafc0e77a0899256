"""Which employer group and which plan a row of an 834 belongs to, as the plan configured it.

The frozen form of `config/`'s groups that the enrolment load needs: `pipeline` builds it, SQL looks it up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
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
class DatedPlan:
    """What a plan code means on some days of coverage (inclusive, None = open), or in some divisions of the group."""

    insurance_line: str
    plan_code: str
    plan: str
    effective_from: date | None = None
    effective_through: date | None = None
    divisions: tuple[str, ...] = ()


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
    """(insurance line HD03, plan code HD04 or "" where none is sent) -> plan id, of what a code means always."""
    dated_plans: tuple[DatedPlan, ...] = ()
    """What codes mean on some days, or in some divisions."""
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
        """What plan codes mean, as a JSON array of records: one a stretch of days of a code in a division.

        The division is empty for whoever is of none that has entries of its own for the code. The stretches of a
        division are its own entries and, between them, the general ones. Days are half-open; `is_dated` is false
        where the code means one plan on all days.
        """
        return json.dumps([record for group in self.groups for record in _stretches(group)])

    def has_divisions(self) -> bool:
        """Does any code mean something else in some division?"""
        return any(dated.divisions for group in self.groups for dated in group.dated_plans)

    def has_several_meanings(self) -> bool:
        """Does any code mean several plans, or none on some days?"""
        return any(group.dated_plans for group in self.groups)


Stretch = tuple[date, date, str]
"""First day, first day no more, plan."""


def _stretches(group: EnrollmentGroup) -> list[dict[str, object]]:
    general: dict[tuple[str, str], list[Stretch]] = {}
    own: dict[tuple[str, str, str], list[Stretch]] = {}
    always = [DatedPlan(line, code, plan) for (line, code), plan in group.plans.items()]
    for dated in (*always, *group.dated_plans):
        key = (_key(dated.insurance_line), _key(dated.plan_code))
        through = dated.effective_through
        # both ends of the calendar stand for no end
        before = date.max if through is None or through == date.max else through + timedelta(days=1)
        stretch = (dated.effective_from or date.min, before, dated.plan)
        for division in dated.divisions:
            own.setdefault((*key, _key(division)), []).append(stretch)
        if not dated.divisions:
            general.setdefault(key, []).append(stretch)
    found = {(*key, ""): sorted(stretches) for key, stretches in general.items()}
    for (line, code, division), stretches in own.items():
        found[line, code, division] = _filled(sorted(stretches), general.get((line, code), []))
    return [
        {
            "group_id": group.group_id,
            "insurance_line": line,
            "plan_code": code,
            "division": division,
            "plan_id": plan,
            "begins_on": "-infinity" if begins == date.min else begins.isoformat(),
            "ends_before": "infinity" if before == date.max else before.isoformat(),
            "is_dated": (begins, before) != (date.min, date.max),
        }
        for (line, code, division), stretches in found.items()
        for begins, before, plan in _joined(stretches)
    ]


def _filled(own: list[Stretch], general: list[Stretch]) -> list[Stretch]:
    """A division's own stretches, and the general ones on the days between."""
    edges = [date.min, *(edge for begins, before, _ in own for edge in (begins, before)), date.max]
    gaps = list(zip(edges[::2], edges[1::2], strict=True))
    between = [
        (max(begins, gap_begins), min(before, gap_before), plan)
        for begins, before, plan in general
        for gap_begins, gap_before in gaps
        if max(begins, gap_begins) < min(before, gap_before)
    ]
    return sorted([*own, *between])


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Stretches with those as one that touch and mean the same plan."""
    joined: list[Stretch] = []
    for begins, before, plan in stretches:
        if joined and joined[-1][1:] == (begins, plan):
            joined[-1] = (joined[-1][0], before, plan)
        else:
            joined.append((begins, before, plan))
    return joined


def _key(value: str) -> str:
    """An id as it is compared."""
    return value.strip().upper()


def _keys(values: tuple[str, ...]) -> list[str]:
    """Ids as they are compared."""
    return [_key(value) for value in values]
