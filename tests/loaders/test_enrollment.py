"""An 834 becomes members and bitemporal coverage."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from loaders.group_map import EnrollmentGroup, GroupMap
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
    SEP,
    Span,
    gold,
    member,
    silver,
    spans,
)
from tests.loaders.intake import BIRCH, Intake, Row


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


def any_change(chance: random.Random, subscriber: str) -> Row:
    """A member with one coverage, of any kind and dates."""
    maintenance, of_coverage = chance.choice(
        [("021", "021"), ("021", "021"), ("024", "024"), ("025", "025"), ("001", "001"), ("001", "002"), ("001", "021")]
    )
    begin, end = (date(2026, chance.randint(1, 6), 1) for _ in range(2))
    coverage = {
        "maintenance_type": of_coverage,
        "plan_code": chance.choice(["GOLD", "SILVER"]),
        "tier": chance.choice([None, "EMP", "FAM"]),
        "begin": None if of_coverage == "024" else begin,
        "end": end - timedelta(days=1) if of_coverage == "024" or chance.random() < 1 / 4 else None,
    }
    return member(maintenance, {"insurance_line": "HLT", **coverage}, subscriber_number=subscriber)


@pytest.mark.parametrize("seed", range(3))
def test_any_change_twice_is_once(intake: Intake, seed: int) -> None:
    """Whatever is on file, and however odd the change: spans never overlap, and the same again changes nothing."""
    chance = random.Random(seed)  # noqa: S311 - a sequence that repeats is what is wanted
    for _ in range(15):
        members = [any_change(chance, f"S{number:02}") for number in range(40)]
        intake.enroll(*members)
        again = intake.enroll(*members)
        assert (again.members, again.spans_recorded, again.spans_superseded) == (0, 0, 0)
    assert intake.value("select count(*) from coverage_span where superseded_at is not null") != 0
    assert intake.value("select count(*) from coverage_span where isempty(valid) or superseded_at < recorded_at") == 0


def test_nothing_is_changed_in_place(intake: Intake) -> None:
    """What was believed at any moment stays on record, with the files that recorded and superseded it."""
    first, second = (datetime(2026, month, 1, 8, tzinfo=UTC) for month in (3, 4))
    intake.enroll(member("021", gold(JAN)), arrived_at=first)
    intake.enroll(member("024", gold(end=JUN_30)), arrived_at=second)
    history = intake.rows(
        "select cast(valid as text), recorded_at < :moment, superseded_at > :moment, superseded_by - file_id"
        " from coverage_span order by span_id",
        moment=second,
    )
    assert history == [("[2026-01-01,)", True, True, 1), ("[2026-01-01,2026-07-01)", False, None, None)]


def test_a_row_points_to_its_place_in_the_file(intake: Intake) -> None:
    """Members and spans carry the byte range that they came from."""
    intake.enroll(member("021", gold(JAN)))
    assert intake.rows("select source_start, source_stop from member") == [(1010, 1019)]
    assert intake.rows("select source_start, source_stop from coverage_span") == [(1020, 1029)]
    intake.enroll(member("021", gold(JAN, plan_code="BRONZE")))
    assert intake.rows("select source_start, source_stop, segment_id, loop from finding") == [
        (1020, 1029, "HD", "2300")
    ]


def test_a_subscribers_end_ends_the_dependants(intake: Intake) -> None:
    """At the same date, in the same plan, sent or not; what began later never was."""
    child: Row = {"is_subscriber": "N", "relationship_code": "19", "birth_date": date(2010, 5, 5)}
    intake.enroll(
        member("021", gold(JAN)),
        member("021", gold(JAN), {"insurance_line": "DEN", "plan_code": "D1", "begin": JAN}, first_name="BEN", **child),
        member("021", gold(SEP), first_name="CLEO", **child),
        member("021", gold(JAN), subscriber_number="S2", first_name="DAN"),
    )
    intake.enroll(member("024", gold(end=JUN_30)))
    assert intake.spans() == [
        ("ANN", "gold", None, "2026-01-01", "2026-06-30"),
        ("BEN", "dental", None, "2026-01-01", None),
        ("BEN", "gold", None, "2026-01-01", "2026-06-30"),
        ("DAN", "gold", None, "2026-01-01", None),
    ]
    intake.enroll(member("024", eligibility_end=JUN_30))
    assert ("BEN", "dental", None, "2026-01-01", "2026-06-30") in intake.spans()


def test_a_family_that_changes_plan_by_end_and_addition_keeps_the_new_plan(intake: Intake) -> None:
    """The subscriber's end of the old plan does not touch the dependant's new one, also when the file is repeated."""
    child: Row = {"is_subscriber": "N", "first_name": "BEN", "birth_date": date(2010, 5, 5)}
    intake.enroll(member("021", gold(JAN)), member("021", gold(JAN), **child))
    moved = [
        changed
        for who in ({}, child)
        for changed in (member("024", gold(end=MAR_31), **who), member("021", silver(APR), **who))
    ]
    for _ in range(2):
        intake.enroll(*moved)
        assert intake.spans() == [
            (name, plan, None, first, last)
            for name in ("ANN", "BEN")
            for plan, first, last in (("gold", "2026-01-01", "2026-03-31"), ("silver", "2026-04-01", None))
        ]


def test_an_end_date_may_be_the_first_day_without_coverage(intake: Intake) -> None:
    """As the group says (end_date_is)."""
    intake.enroll(member("021", gold(JAN)), header=BIRCH)
    intake.enroll(member("024", gold(end=JUN)), header=BIRCH)
    assert intake.spans() == [("ANN", "gold", None, "2026-01-01", "2026-05-31")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param(
            member("021", gold(JAN), subscriber_number=None), "ENROLLMENT_SUBSCRIBER_NUMBER_MISSING", id="no-0F"
        ),
        pytest.param(member("021", gold(JAN), birth_date=None), "ENROLLMENT_BIRTH_DATE_MISSING", id="no-birth-date"),
        pytest.param(member("021", gold(JAN), last_name=None), "ENROLLMENT_NAME_MISSING", id="no-name"),
        pytest.param(member("024", gold(end=JUN_30)), "ENROLLMENT_MEMBER_UNKNOWN", id="end-of-nobody"),
        pytest.param(member("001", gold(JAN)), "ENROLLMENT_MEMBER_UNKNOWN", id="change-of-nobody"),
        pytest.param(member("030", gold(JAN)), "ENROLLMENT_MEMBER_UNKNOWN", id="audit-of-nobody"),
    ],
)
def test_a_row_that_cannot_be_applied_is_a_finding(intake: Intake, row: Row, code: str) -> None:
    """And it neither makes a member nor stops the others."""
    intake.enroll(row, member("021", gold(JAN), subscriber_number="S2", first_name="BEN"))
    assert intake.findings() == [code]
    assert intake.rows("select first_name from member") == [("BEN",)]
    assert [span[0] for span in intake.spans()] == ["BEN"]


def test_order_in_the_file_counts(intake: Intake) -> None:
    """An end before the addition is of a member not yet known; after it, it holds."""
    intake.enroll(
        member("024", gold(end=MAR_31)),
        member("021", gold(JAN)),
        member("024", gold(end=JUN_30)),
    )
    assert intake.findings() == ["ENROLLMENT_MEMBER_UNKNOWN"]
    assert spans(intake) == [("gold", JAN, JUN_30)]


def test_half_way_states_of_a_file_leave_no_history(intake: Intake) -> None:
    """Changes that cancel out inside a file leave what was on record untouched."""
    intake.enroll(member("021", gold(JAN)))
    result = intake.enroll(member("024", gold(end=MAR_31)), member("025", gold(APR)))
    assert (result.spans_recorded, result.spans_superseded) == (0, 0)
    assert intake.value("select count(*) from coverage_span") == 1


def test_twins_are_two_members(intake: Intake) -> None:
    """Same subscriber, same birth date: the first name tells them apart, however it is written."""
    child: Row = {"is_subscriber": "N", "relationship_code": "19", "birth_date": date(2010, 5, 5)}
    children = (member("021", gold(JAN), first_name=name, **child) for name in ("BEN", "CLEO", "Ben.", "cl-eo"))
    intake.enroll(member("021", gold(JAN)), *children)
    assert intake.rows("select first_name_key from member order by 1") == [("ANN",), ("BEN",), ("CLEO",)]
    assert len(intake.spans()) == 3


@pytest.mark.parametrize("other", [{"gender": "M"}, {"relationship_code": "15"}], ids=["sex", "relationship"])
def test_persons_who_cannot_be_told_apart_are_not_made_one(intake: Intake, other: Row) -> None:
    """Twins without names that differ otherwise: neither is loaded, both are found; the rest of the file is."""
    child: Row = {"is_subscriber": "N", "relationship_code": "19", "birth_date": date(2026, 1, 5), "first_name": None}
    unlike = [member("021", gold(JAN), **{**child, "gender": "F", **more}) for more in ({}, other)]
    intake.enroll(member("021", gold(JAN)), *unlike)
    assert intake.findings() == ["ENROLLMENT_MEMBER_AMBIGUOUS"] * 2
    assert intake.value("select count(*) from member") == 1


def test_an_end_without_a_birth_date_finds_the_only_one_of_that_name(intake: Intake) -> None:
    """Two of the name are not guessed between."""
    intake.enroll(member("021", gold(JAN)))
    intake.enroll(member("024", gold(end=JUN_30), birth_date=None))
    assert spans(intake) == [("gold", JAN, JUN_30)]
    namesake: Row = {"is_subscriber": "N", "relationship_code": "19", "birth_date": date(2005, 5, 5)}
    intake.enroll(member("021", gold(JAN, JUN_30), **namesake))
    intake.enroll(member("024", gold(end=MAR_31), birth_date=None))
    assert intake.findings() == ["ENROLLMENT_BIRTH_DATE_MISSING"]


def test_a_change_updates_the_person_and_keeps_what_is_not_sent(intake: Intake) -> None:
    """Nulls of a later row do not erase; an equal row does not count as a change."""
    intake.enroll(member("021", gold(JAN), city="HARTFORD", zip="06103"))
    assert intake.enroll(member("001", city="AVON")).members == 1
    assert intake.enroll(member("001", city="AVON")).members == 0
    assert intake.rows("select city, zip from member") == [("AVON", "06103")]


def test_an_information_copy_is_not_applied(intake: Intake) -> None:
    """BGN01 = 22."""
    intake.enroll(member("021", gold(JAN)), purpose="22")
    assert intake.findings() == ["ENROLLMENT_INFORMATION_COPY"]
    assert intake.value("select count(*) from member") == 0


BY_SPONSOR = EnrollmentGroup("sponsor", sponsor_ids=("06-1",))
BY_POLICY = EnrollmentGroup("policy", sponsor_ids=("06-1",), master_policies=("P1", "P2"))
BY_NUMBER = EnrollmentGroup("number", sponsor_ids=("06-1",), group_numbers=("77",))
BY_PARTNER = EnrollmentGroup("partner", sponsor_ids=("06-1",), partners=("north",))
OF_OTHER_PARTNER = EnrollmentGroup("other", sponsor_ids=("06-1",), master_policies=("P1",), partners=("south",))


@pytest.mark.parametrize(
    ("groups", "sent", "found"),
    [
        pytest.param((BY_SPONSOR,), {"sponsor_id": "06-1 "}, "sponsor", id="by-sponsor"),
        pytest.param((BY_SPONSOR,), {"sponsor_id": "06-2"}, None, id="unknown-sponsor"),
        pytest.param(
            (BY_SPONSOR, BY_POLICY), {"sponsor_id": "06-1", "master_policy": "p2"}, "policy", id="most-agreeing"
        ),
        pytest.param(
            (BY_SPONSOR, BY_POLICY), {"sponsor_id": "06-1", "master_policy": "P9"}, "sponsor", id="contradicted"
        ),
        pytest.param((BY_POLICY,), {"sponsor_id": "06-1"}, "policy", id="not-sent-contradicts-nothing"),
        pytest.param((BY_POLICY, BY_NUMBER), {"sponsor_id": "06-1"}, None, id="a-tie-is-nobody"),
        pytest.param((BY_POLICY, BY_NUMBER), {"sponsor_id": "06-1", "group_number": "77"}, "number", id="by-number"),
        pytest.param((BY_SPONSOR, BY_PARTNER), {"sponsor_id": "06-1"}, "partner", id="of-the-partner"),
        pytest.param(
            (BY_SPONSOR, OF_OTHER_PARTNER), {"sponsor_id": "06-1", "master_policy": "P1"}, "sponsor", id="not-its"
        ),
        pytest.param((EnrollmentGroup("all"),), {"sponsor_id": "06-1"}, "all", id="asks-nothing"),
        pytest.param((BY_SPONSOR,), {}, None, id="nothing-sent"),
    ],
)
def test_the_group_is_the_one_that_agrees_in_most(
    warehouse: Warehouse, groups: tuple[EnrollmentGroup, ...], sent: Row, found: str | None
) -> None:
    """Sponsor, master policy, group number and partner lead to the group; a sponsor of no group holds the file."""
    intake = Intake(warehouse, GroupMap(groups))
    nothing = {"sponsor_id": None, "master_policy": None}
    intake.enroll(member("021", **{**nothing, **sent}))
    assert [group_id for (group_id,) in intake.rows("select group_id from member")] == ([found] if found else [])
    held = [code for (code,) in intake.rows("select code from hold")]
    assert held == (["SPONSOR_UNKNOWN"] if sent.get("sponsor_id") == "06-2" else [])
    assert intake.findings() == ([] if found or held else ["ENROLLMENT_UNKNOWN_GROUP"])
