"""The rulebook's groups, as the loaders know them."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date

import pytest

from pipeline.configuration import load_configuration
from pipeline.enrollment_groups import group_map
from rules.rulebook import DatedPlan, Group
from tests.pipeline.plan import DEMO


def test_every_group_goes_over_whole() -> None:
    """With the name of the payer beside them."""
    groups = load_configuration(DEMO / "config").rulebook.groups
    handed = group_map(groups, "HARBOR HEALTH").groups
    assert group_map(groups, "HARBOR HEALTH").payer == "HARBOR HEALTH"
    assert groups
    for group, taken in zip(groups, handed, strict=True):
        assert taken.group_id == group.id
        for name in {one.name for one in fields(Group)} - {"id", "dated_plans"}:
            assert getattr(taken, name) == getattr(group, name), name


def test_dated_plans_go_over_whole() -> None:
    """Days and divisions."""
    dated = DatedPlan(
        insurance_line="HLT",
        plan_code="G",
        plan="A",
        effective_from=date(2026, 1, 1),
        effective_through=date(2026, 12, 31),
        divisions=("NORTH",),
    )
    (taken,) = group_map([Group(id="A", name="A", dated_plans=(dated,))]).groups[0].dated_plans
    assert asdict(taken) == asdict(dated)


@pytest.mark.parametrize("end_date_is", ["last_covered", "first_uncovered"])
def test_what_an_end_date_means_is_the_groups_own(end_date_is: str) -> None:
    """A day more or less of coverage."""
    group = Group(id="A", name="A", end_date_is=end_date_is)  # type: ignore[arg-type] # one of its two values
    assert group_map([group]).groups[0].end_date_is == end_date_is


def test_no_groups() -> None:
    """A plan that takes no enrolment."""
    assert group_map([]).groups == ()
