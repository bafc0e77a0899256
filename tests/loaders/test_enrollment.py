"""An 834 becomes members and bitemporal coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from loaders.warehouse import Warehouse, open_warehouse
from tests.loaders.enrolling import (
    APR,
    FEB,
    FEB_28,
    JAN,
    JUN,
    JUN_30,
    MAR,
    MAR_31,
    MAY_31,
    OPEN,
    Span,
    gold,
    member,
    silver,
    spans,
)
from tests.loaders.intake import Intake, Row


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


CHANGES: list[Any] = []


def law(name: str, before: list[Row], change: Row, after: list[Span], *findings: str) -> None:
    """A case: what is on file, what comes, what is on file then, and the findings."""
    CHANGES.append(pytest.param(before, change, after, list(findings), id=name))


law("an-addition-opens-a-span", [], member("021", gold(JAN)), [("gold", JAN, OPEN)])
law("an-addition-with-an-end-opens-a-closed-span", [], member("021", gold(JAN, JUN_30)), [("gold", JAN, JUN_30)])
law("a-repeated-addition-changes-nothing", [gold(JAN)], member("021", gold(JAN)), [("gold", JAN, OPEN)])
law("an-earlier-addition-extends-back", [gold(MAR)], member("021", gold(JAN)), [("gold", JAN, OPEN)])
law(
    "extending-back-keeps-a-past-end",
    [gold(FEB, FEB_28)],
    member("021", gold(JAN)),
    [("gold", JAN, FEB_28)],
)
law(
    "extending-back-takes-back-an-end-to-come",
    [gold(MAR, JUN_30)],
    member("021", gold(JAN)),
    [("gold", JAN, OPEN)],
)
law(
    "an-addition-with-an-end-leaves-what-follows",
    [gold(MAR)],
    member("021", gold(JAN, MAR_31)),
    [("gold", JAN, MAR_31), ("gold", APR, OPEN)],
)
law(
    "an-addition-up-to-a-span-stands-beside-it",
    [gold(APR)],
    member("021", gold(JAN, MAR_31)),
    [("gold", JAN, MAR_31), ("gold", APR, OPEN)],
)
law("a-later-addition-is-covered-already", [gold(JAN)], member("021", gold(MAR)), [("gold", JAN, OPEN)])
law(
    "an-addition-to-an-ended-span-goes-on-from-there",
    [gold(JAN, JUN_30)],
    member("021", gold(MAR)),
    [("gold", JAN, OPEN)],
)
law(
    "an-addition-after-a-gap-is-a-span-of-its-own",
    [gold(JAN, MAR_31)],
    member("021", gold(JUN)),
    [("gold", JAN, MAR_31), ("gold", JUN, OPEN)],
)
law(
    "the-same-first-day-of-ended-coverage-does-not-reopen-it",
    [gold(JAN, FEB_28)],
    member("021", gold(JAN)),
    [("gold", JAN, FEB_28)],
    "ENROLLMENT_COVERAGE_ENDED_ALREADY",
)
law(
    "an-end-to-come-is-cancelled-by-sending-the-member-again",
    [gold(JAN, MAR_31)],
    member("021", gold(JAN)),
    [("gold", JAN, OPEN)],
    "ENROLLMENT_END_CANCELLED",
)
law(
    "an-end-to-come-before-another-plan-is-not-cancelled",
    [gold(JAN, MAR_31), silver(APR)],
    member("021", gold(JAN)),
    [("gold", JAN, MAR_31), ("silver", APR, OPEN)],
    "ENROLLMENT_COVERAGE_ENDED_ALREADY",
)
law(
    "an-end-to-come-is-cancelled-up-to-later-coverage",
    [gold(JAN, MAR_31), silver(JUN)],
    member("021", gold(JAN)),
    [("gold", JAN, MAY_31), ("silver", JUN, OPEN)],
    "ENROLLMENT_END_CANCELLED",
)
law(
    "the-same-first-day-with-an-end-sets-that-end",
    [gold(JAN)],
    member("021", gold(JAN, MAR_31)),
    [("gold", JAN, MAR_31)],
)
law(
    "another-plan-ends-the-old-one-the-day-before",
    [gold(JAN)],
    member("021", silver(APR)),
    [("gold", JAN, MAR_31), ("silver", APR, OPEN)],
    "ENROLLMENT_COVERAGE_OVERLAP",
)
law(
    "another-plan-from-the-same-day-takes-its-place",
    [gold(JAN)],
    member("021", silver(JAN)),
    [("silver", JAN, OPEN)],
    "ENROLLMENT_COVERAGE_OVERLAP",
)
law(
    "another-plan-with-an-end-leaves-what-began-later",
    [gold(MAR)],
    member("021", silver(JAN, MAY_31)),
    [("silver", JAN, MAY_31), ("gold", JUN, OPEN)],
    "ENROLLMENT_COVERAGE_OVERLAP",
)
law(
    "another-line-of-insurance-is-independent",
    [gold(JAN)],
    member("021", {"insurance_line": "DEN", "plan_code": "D1", "begin": MAR}),
    [("gold", JAN, OPEN), ("dental", MAR, OPEN)],
)
law(
    "a-tier-from-the-same-day-corrects-the-span",
    [gold(JAN, tier="EMP")],
    member("021", gold(JAN, tier="IND")),
    [("gold IND", JAN, OPEN)],
)
law(
    "a-termination-ends-on-the-last-covered-day",
    [gold(JAN)],
    member("024", gold(end=JUN_30)),
    [("gold", JAN, JUN_30)],
)
law(
    "a-termination-without-349-takes-357",
    [gold(JAN)],
    member("024", gold(), eligibility_end=JUN_30),
    [("gold", JAN, JUN_30)],
)
law(
    "a-termination-without-349-and-357-takes-303",
    [gold(JAN)],
    member("024", gold(maintenance_effective=JUN_30)),
    [("gold", JAN, JUN_30)],
)
law(
    "a-termination-without-any-day-is-a-finding",
    [gold(JAN)],
    member("024", gold()),
    [("gold", JAN, OPEN)],
    "ENROLLMENT_COVERAGE_END_MISSING",
)
law(
    "9999-12-31-is-no-end",
    [gold(JAN)],
    member("024", gold(end=date.max)),
    [("gold", JAN, OPEN)],
    "ENROLLMENT_COVERAGE_END_MISSING",
)
law("a-termination-before-the-first-day-voids", [gold(MAR)], member("024", gold(end=JAN)), [])
law(
    "a-termination-of-one-plan-leaves-the-next",
    [gold(JAN), silver(JUN)],
    member("024", gold(end=MAY_31)),
    [("gold", JAN, MAY_31), ("silver", JUN, OPEN)],
)
law(
    "a-repeated-termination-leaves-later-coverage",
    [gold(JAN, MAR_31), gold(JUN)],
    member("024", gold(end=MAR_31)),
    [("gold", JAN, MAR_31), ("gold", JUN, OPEN)],
)
law(
    "a-termination-without-a-plan-code-means-the-plan-there-is",
    [gold(JAN)],
    member("024", gold(end=JUN_30, plan_code=None)),
    [("gold", JAN, JUN_30)],
)
law(
    "a-termination-without-coverage-ends-all-lines",
    [gold(JAN), {"insurance_line": "DEN", "plan_code": "D1", "begin": JAN}],
    member("024", eligibility_end=JUN_30),
    [("dental", JAN, JUN_30), ("gold", JAN, JUN_30)],
)
law(
    "a-later-end-than-the-one-recorded-does-not-reopen",
    [gold(JAN, MAR_31)],
    member("024", gold(end=JUN_30)),
    [("gold", JAN, MAR_31)],
    "ENROLLMENT_COVERAGE_ENDED_ALREADY",
)
law(
    "a-termination-of-a-line-never-held-is-a-finding",
    [{"insurance_line": "DEN", "plan_code": "D1", "begin": JAN}],
    member("024", gold(end=JUN_30)),
    [("dental", JAN, OPEN)],
    "ENROLLMENT_COVERAGE_UNKNOWN",
)
law("002-voids-the-span-it-names", [gold(JAN)], member("001", gold(JAN, maintenance_type="002")), [])
law(
    "002-leaves-other-spans",
    [gold(JAN, MAR_31), gold(JUN)],
    member("001", gold(JUN, maintenance_type="002")),
    [("gold", JAN, MAR_31)],
)
law(
    "an-adjacent-reinstatement-merges",
    [gold(JAN, MAR_31)],
    member("025", gold(APR)),
    [("gold", JAN, OPEN)],
)
law(
    "a-reinstatement-from-the-original-day-reopens",
    [gold(JAN, MAR_31)],
    member("025", gold(JAN)),
    [("gold", JAN, OPEN)],
)
law(
    "a-reinstatement-after-a-gap-is-a-new-span",
    [gold(JAN, MAR_31)],
    member("025", gold(JUN)),
    [("gold", JAN, MAR_31), ("gold", JUN, OPEN)],
)
law(
    "a-reinstatement-in-another-tier-begins-a-new-span",
    [gold(JAN, MAR_31, tier="EMP")],
    member("025", gold(APR, tier="IND")),
    [("gold EMP", JAN, MAR_31), ("gold IND", APR, OPEN)],
)
law(
    "a-reinstatement-of-nothing-is-taken-as-new",
    [],
    member("025", gold(JUN)),
    [("gold", JUN, OPEN)],
    "ENROLLMENT_NOTHING_TO_REINSTATE",
)
law("a-reinstatement-of-open-coverage-changes-nothing", [gold(JAN)], member("025", gold(MAR)), [("gold", JAN, OPEN)])
law(
    "a-reinstatement-without-coverage-loads-none",
    [gold(JAN, MAR_31)],
    member("025"),
    [("gold", JAN, MAR_31)],
    "ENROLLMENT_NOTHING_TO_REINSTATE",
)
law(
    "a-change-of-tier-begins-a-new-span",
    [gold(JAN, tier="EMP")],
    member("001", gold(APR, tier="IND")),
    [("gold EMP", JAN, MAR_31), ("gold IND", APR, OPEN)],
)
law(
    "a-change-of-plan-begins-a-new-span",
    [gold(JAN, tier="EMP")],
    member("001", silver(APR)),
    [("gold EMP", JAN, MAR_31), ("silver EMP", APR, OPEN)],
)
law(
    "a-change-keeps-the-end-on-record",
    [gold(JAN, JUN_30)],
    member("001", silver(APR)),
    [("gold", JAN, MAR_31), ("silver", APR, JUN_30)],
)
law(
    "026-is-a-change-too",
    [gold(JAN)],
    member("001", silver(JAN, maintenance_type="026")),
    [("silver", JAN, OPEN)],
)
law(
    "a-change-without-plan-or-tier-changes-nothing",
    [gold(JAN, tier="EMP")],
    member("001", gold(APR)),
    [("gold EMP", JAN, OPEN)],
)
law("a-change-of-what-is-not-covered-adds-it", [gold(MAR)], member("001", gold(JAN)), [("gold", JAN, OPEN)])
law(
    "a-change-without-a-plan-code-keeps-the-plan",
    [gold(JAN, tier="EMP")],
    member("001", gold(APR, plan_code=None, tier="IND")),
    [("gold EMP", JAN, MAR_31), ("gold IND", APR, OPEN)],
)
law(
    "a-change-of-no-plan-on-a-day-not-covered-is-a-finding",
    [gold(APR)],
    member("001", gold(JAN, plan_code=None)),
    [("gold", APR, OPEN)],
    "ENROLLMENT_COVERAGE_UNKNOWN",
)
law(
    "an-unknown-maintenance-type-is-a-finding",
    [gold(JAN)],
    member("001", gold(APR, maintenance_type="099")),
    [("gold", JAN, OPEN)],
    "ENROLLMENT_MAINTENANCE_UNSUPPORTED",
)
law(
    "a-changed-member-may-get-a-line-added",
    [gold(JAN)],
    member("001", {"insurance_line": "DEN", "plan_code": "D1", "begin": MAR, "maintenance_type": "021"}),
    [("gold", JAN, OPEN), ("dental", MAR, OPEN)],
)
law(
    "a-changed-member-may-get-a-line-ended",
    [gold(JAN)],
    member("001", gold(end=JUN_30, maintenance_type="024")),
    [("gold", JAN, JUN_30)],
)
law("an-audit-row-that-agrees-is-silent", [gold(JAN)], member("030", gold(JAN)), [("gold", JAN, OPEN)])
law(
    "an-audit-row-is-compared-only",
    [gold(JAN)],
    member("030", silver(MAR)),
    [("gold", JAN, OPEN)],
    "ENROLLMENT_COVERAGE_DIFFERS",
)
law(
    "an-audit-row-with-another-end-differs",
    [gold(JAN)],
    member("030", gold(JAN, JUN_30)),
    [("gold", JAN, OPEN)],
    "ENROLLMENT_COVERAGE_DIFFERS",
)
law(
    "an-audit-row-with-another-tier-differs",
    [gold(JAN, tier="EMP")],
    member("030", gold(JAN, tier="IND")),
    [("gold EMP", JAN, OPEN)],
    "ENROLLMENT_COVERAGE_DIFFERS",
)
law(
    "an-audit-row-that-lacks-a-line-differs",
    [gold(JAN), {"insurance_line": "DEN", "plan_code": "D1", "begin": JAN}],
    member("030", gold(JAN)),
    [("dental", JAN, OPEN), ("gold", JAN, OPEN)],
    "ENROLLMENT_COVERAGE_DIFFERS",
)
law(
    "an-audited-coverage-acts-on-nothing",
    [gold(JAN)],
    member("001", gold(maintenance_type="030")),
    [("gold", JAN, OPEN)],
)
law(
    "an-end-before-the-beginning-is-a-finding",
    [],
    member("021", gold(MAR, JAN)),
    [],
    "ENROLLMENT_COVERAGE_ENDS_FIRST",
)
law(
    "coverage-without-a-first-day-is-a-finding",
    [],
    member("021", gold()),
    [],
    "ENROLLMENT_COVERAGE_BEGIN_MISSING",
)
law(
    "an-unknown-plan-is-a-finding",
    [],
    member("021", gold(JAN, plan_code="BRONZE")),
    [],
    "ENROLLMENT_UNKNOWN_PLAN",
)
law(
    "a-bad-row-does-not-stop-a-good-one",
    [],
    member("021", gold(JAN, plan_code="BRONZE"), gold(MAR)),
    [("gold", MAR, OPEN)],
    "ENROLLMENT_UNKNOWN_PLAN",
)
law(
    "two-changes-in-one-file-apply-in-order",
    [gold(JAN)],
    member("001", gold(end=MAR_31, maintenance_type="024"), silver(APR, maintenance_type="021")),
    [("gold", JAN, MAR_31), ("silver", APR, OPEN)],
)


@pytest.fixture(scope="module")
def cases(fresh_database: Callable[[], str]) -> Iterator[Intake]:
    """One intake for all cases of a change: each has a subscriber of its own, and making a database takes time."""
    opened = open_warehouse(fresh_database())
    yield Intake(opened)
    opened.close()


@pytest.mark.parametrize(("before", "change", "after", "findings"), CHANGES)
def test_coverage(
    cases: Intake,
    request: pytest.FixtureRequest,
    before: list[Row],
    change: Row,
    after: list[Span],
    findings: list[str],
) -> None:
    """What a change does to the coverage on file; and the same again changes nothing more."""
    subscriber = request.node.name.upper()
    change = {**change, "subscriber_number": subscriber}
    for coverage in before:
        cases.enroll(member("021", coverage, subscriber_number=subscriber))
    known = cases.findings()
    cases.enroll(change)
    assert spans(cases, subscriber) == after
    assert cases.findings()[len(known) :] == findings
    history = cases.rows("select span_id, superseded_at from coverage_span order by 1")
    again = cases.enroll(change)
    assert (again.members, again.spans_recorded, again.spans_superseded) == (0, 0, 0)
    assert cases.rows("select span_id, superseded_at from coverage_span order by 1") == history
