"""Rows of an 834 and the persons they are about: who is found, what changes, and what is refused."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from loaders.group_map import EnrollmentGroup, GroupMap
from loaders.warehouse import Warehouse
from tests.loaders.enrolling import (
    APR,
    JAN,
    JUN,
    JUN_30,
    MAR_31,
    SEP,
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
