"""Coverage beyond one row: COBRA, families, rosters that are the truth, absences, and what is told of it."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from loaders.coverage_events import stage_coverage_events
from loaders.group_map import EnrollmentGroup, GroupMap
from loaders.warehouse import Warehouse
from tests.loaders.enrolling import (
    APR,
    FEB,
    FEB_28,
    JAN,
    JUN_30,
    MAR,
    MAR_31,
    MAY,
    OPEN,
    SEP,
    child,
    dental,
    gold,
    last_findings,
    member,
    outcomes,
    silver,
    spans,
)
from tests.loaders.intake import GROUPS, Intake, Row

COBRA: Row = {"benefit_status": "C", "cobra_event": "1"}


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def group_with(**settings: object) -> GroupMap:
    """Acme with other settings."""
    acme = GROUPS.groups[0]
    values: dict[str, Any] = {name: getattr(acme, name) for name in EnrollmentGroup.__slots__} | settings
    return GroupMap((EnrollmentGroup(**values),))


def cobra_spans(intake: Intake) -> list[tuple[Any, ...]]:
    """Coverage now: is it COBRA, its event, first day, last day, and the last day of the span that it continues."""
    return intake.rows(
        "select s.is_cobra, s.cobra_event, lower(s.valid), upper(s.valid) - 1, upper(a.valid) - 1"
        " from coverage_span s left join coverage_span a on a.span_id = s.continues_span_id"
        " where s.superseded_at is null order by s.member_id, s.valid"
    )


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(member("021", gold(APR), **COBRA), id="348"),
        pytest.param(member("021", gold(JAN), cobra_begin=APR, **COBRA), id="340"),
        pytest.param(member("025", gold(APR), **COBRA), id="reinstated-as-cobra"),
        pytest.param(member("001", gold(APR), **COBRA), id="changed-to-cobra"),
    ],
)
@pytest.mark.parametrize("has_ended", [True, False])
def test_cobra_is_a_span_of_its_own_that_continues_the_active_one(intake: Intake, row: Row, has_ended: bool) -> None:
    """With the same member and plan, from 340 on; what was active ends the day before."""
    intake.enroll(member("021", gold(JAN, MAR_31 if has_ended else None)))
    for _ in range(2):
        intake.enroll(row)
        assert cobra_spans(intake) == [(False, None, JAN, MAR_31, None), (True, "1", APR, OPEN, MAR_31)]


def test_cobra_ends_on_341(intake: Intake) -> None:
    """Where no 349 is sent."""
    intake.enroll(member("021", gold(JAN, MAR_31)))
    intake.enroll(member("021", gold(APR), cobra_begin=APR, cobra_end=JUN_30, **COBRA))
    assert cobra_spans(intake)[1:] == [(True, "1", APR, JUN_30, MAR_31)]


def test_an_end_of_active_coverage_spares_the_cobra_coverage_of_a_dependant(intake: Intake) -> None:
    """Whichever of the two comes first."""
    intake.enroll(member("021", gold(JAN)), member("021", gold(JAN), **child()))
    intake.enroll(member("001", gold(APR), **child(), **COBRA))
    intake.enroll(member("024", gold(end=MAR_31)))
    assert cobra_spans(intake) == [
        (False, None, JAN, MAR_31, None),
        (False, None, JAN, MAR_31, None),
        (True, "1", APR, OPEN, MAR_31),
    ]


def test_dependants_may_go_on_where_the_group_says_so(warehouse: Warehouse) -> None:
    """And then the check of the family finds them."""
    intake = Intake(warehouse, group_with(dependants_end_with_subscriber=False))
    intake.enroll(member("021", gold(JAN)), member("021", gold(JAN), **child()))
    intake.enroll(member("024", gold(end=JUN_30)))
    assert spans(intake) == [("gold", JAN, JUN_30), ("gold", JAN, OPEN)]
    assert last_findings(intake) == ["ENROLLMENT_DEPENDANT_BEYOND_SUBSCRIBER"]


def test_each_dependant_who_ends_with_the_subscriber_is_told(intake: Intake) -> None:
    """Once a dependant, none for those who were sent; a repeated file tells nothing."""
    intake.enroll(
        member("021", gold(JAN), dental(JAN)),
        *(member("021", gold(JAN), dental(JAN), **child(name)) for name in ("BEN", "CLEO", "DAN")),
    )
    end = [member("024", eligibility_end=JUN_30), member("024", gold(end=JUN_30), dental(end=JUN_30), **child("DAN"))]
    intake.enroll(*end)
    assert last_findings(intake) == ["ENROLLMENT_DEPENDANT_ENDED"] * 2
    assert outcomes(intake) == [(0, "ended"), (1, "ended"), (None, "ended"), (None, "ended")]
    intake.enroll(*end)
    assert last_findings(intake) == []
    assert outcomes(intake) == [(0, "unchanged"), (1, "unchanged")]


def test_a_subscribers_void_voids_the_dependants(intake: Intake) -> None:
    """Coverage that never was covered nobody."""
    intake.enroll(member("021", gold(JAN)), member("021", gold(JAN), **child()))
    intake.enroll(member("001", gold(JAN, maintenance_type="002")))
    assert spans(intake) == []
    assert last_findings(intake) == ["ENROLLMENT_DEPENDANT_ENDED"]


def test_a_dependant_covered_before_the_subscriber_is_found(intake: Intake) -> None:
    """At the dependant's own row; both are loaded."""
    intake.enroll(member("021", gold(MAR)), member("021", gold(JAN), **child()))
    assert intake.rows("select code, severity, segment_id from finding") == [
        ("ENROLLMENT_DEPENDANT_BEYOND_SUBSCRIBER", "warning", "INS")
    ]
    assert intake.value("select f.source_start = m.source_start from finding f, member m where not m.is_subscriber")
    assert len(spans(intake)) == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_coverages_of_a_line_mean_the_same_in_either_order(intake: Intake, order: tuple[int, ...]) -> None:
    """They are taken by their dates; and the same again changes nothing."""
    two = [silver(JAN), gold(MAR)]
    for _ in range(2):
        intake.enroll(member("021", *(two[number] for number in order)))
        assert spans(intake) == [("silver", JAN, FEB_28), ("gold", MAR, OPEN)]
    intake.enroll(member("001", *([silver(SEP), gold(end=JUN_30, maintenance_type="024")][n] for n in order)))
    assert spans(intake) == [("silver", JAN, FEB_28), ("gold", MAR, JUN_30), ("silver", SEP, OPEN)]


def test_an_unknown_plan_code_is_told_once(intake: Intake) -> None:
    """With the count of the members that have it; the code is no secret, so the table has it."""
    several = [member("021", gold(JAN, plan_code="BRONZE"), subscriber_number=f"S{n}") for n in range(5)]
    intake.enroll(*several, member("021", gold(JAN), subscriber_number="S9"), member("021", dental(JAN, plan_code="X")))
    assert last_findings(intake) == ["ENROLLMENT_UNKNOWN_PLAN"] * 2
    assert intake.rows(
        "select u.group_id, insurance_line, plan_code, members, f.code from unknown_plan u"
        " join finding f using (file_id, source_start) order by members"
    ) == [
        ("acme", "DEN", "X", 1, "ENROLLMENT_UNKNOWN_PLAN"),
        ("acme", "HLT", "BRONZE", 5, "ENROLLMENT_UNKNOWN_PLAN"),
    ]
    assert [outcome for _, outcome in outcomes(intake)] == ["refused"] * 5 + ["added", "refused"]


def test_a_roster_that_is_the_truth_is_applied(warehouse: Warehouse) -> None:
    """Rows sent to be compared are additions then, and reopen what has ended."""
    intake = Intake(warehouse, group_with(roster_is_truth=True))
    intake.enroll(member("021", gold(JAN, FEB_28)), member("021", gold(JAN), **child()))
    intake.enroll(member("030", gold(JAN)), member("030", silver(MAR), **child()))
    assert spans(intake) == [("gold", JAN, OPEN), ("gold", JAN, FEB_28), ("silver", MAR, OPEN)]
    assert last_findings(intake) == ["ENROLLMENT_END_CANCELLED", "ENROLLMENT_COVERAGE_OVERLAP"]
    assert outcomes(intake) == [(0, "added"), (1, "changed")]


def test_touching_spans_that_say_the_same_become_one(intake: Intake) -> None:
    """Unless the file ends the first of them there, and does not begin the other."""
    intake.enroll(member("021", gold(JAN, FEB_28)))
    intake.enroll(member("021", gold(MAR)))
    assert spans(intake) == [("gold", JAN, OPEN)]
    intake.enroll(member("021", gold(JAN, FEB_28), gold(MAR), subscriber_number="S2"))
    assert spans(intake, "S2") == [("gold", JAN, OPEN)]
    for _ in range(2):
        changed = intake.enroll(member("024", gold(end=FEB_28)), member("021", gold(MAR)))
        assert (changed.spans_recorded, changed.spans_superseded) == (0, 0)
    intake.enroll(member("021", gold(MAR), subscriber_number="S3"))
    intake.enroll(member("021", gold(JAN, FEB_28), subscriber_number="S3"))
    assert spans(intake, "S3") == [("gold", JAN, FEB_28), ("gold", MAR, OPEN)]


@pytest.mark.parametrize("last", [OPEN, JUN_30])
def test_the_first_day_of_a_plan_may_come_with_the_tier_of_now(intake: Intake, last: date | None) -> None:
    """Many senders keep the first 348: nothing is changed back then, and an end to come is taken back."""
    intake.enroll(member("021", gold(JAN, tier="EMP")))
    intake.enroll(member("001", gold(MAR, last, tier="FAM")))
    for _ in range(2):
        intake.enroll(member("021", gold(JAN, tier="FAM")))
        assert spans(intake) == [("gold EMP", JAN, FEB_28), ("gold FAM", MAR, OPEN)]


def test_an_old_row_leaves_what_came_later(intake: Intake) -> None:
    """Its first day lies inside a span that has ended since by a change of tier."""
    intake.enroll(member("021", gold(JAN, tier="EMP")))
    intake.enroll(member("001", gold(MAR, tier="FAM")))
    intake.enroll(member("021", gold(FEB, tier="EMP")))
    assert spans(intake) == [("gold EMP", JAN, FEB_28), ("gold FAM", MAR, OPEN)]


OUTCOMES: list[Any] = [
    pytest.param([], member("021", gold(JAN)), "added", id="new"),
    pytest.param([], member("021"), "added", id="new-without-coverage"),
    pytest.param([gold(JAN)], member("021", gold(JAN)), "unchanged", id="repeated"),
    pytest.param([gold(JAN)], member("021", gold(JAN), dental(JAN)), "added", id="another-line"),
    pytest.param([gold(MAR)], member("021", gold(JAN)), "added", id="extended-back"),
    pytest.param([gold(JAN)], member("001", silver(APR)), "changed", id="plan"),
    pytest.param([gold(JAN)], member("001", city="AVON"), "changed", id="person"),
    pytest.param([gold(JAN)], member("024", gold(end=JUN_30)), "ended", id="ended"),
    pytest.param([gold(JAN)], member("001", gold(JAN, maintenance_type="002")), "ended", id="void"),
    pytest.param([gold(JAN, FEB_28)], member("025", gold(APR)), "reinstated", id="reinstated"),
    pytest.param([gold(JAN)], member("030", silver(JAN)), "compared", id="compared"),
    pytest.param([gold(JAN)], member("030"), "compared", id="compared-without-coverage"),
    pytest.param([], member("024", gold(end=JUN_30)), "refused", id="unknown-member"),
    pytest.param([gold(JAN)], member("024", gold()), "refused", id="no-end"),
    pytest.param([gold(JAN)], member("021", gold(JAN), dental(plan_code="X")), "refused", id="half-repeated"),
    pytest.param([gold(JAN)], member("021", silver(APR), dental(plan_code="X")), "changed", id="half-changed"),
]


@pytest.mark.parametrize(("before", "row", "outcome"), OUTCOMES)
def test_every_row_has_an_outcome(intake: Intake, before: list[Row], row: Row, outcome: str) -> None:
    """What became of it, with its place in the file."""
    for coverage in before:
        intake.enroll(member("021", coverage))
    intake.enroll(row)
    assert outcomes(intake) == [(0, outcome)]
    assert intake.rows(
        "select group_id, source_start, source_stop, member_id is null from enrollment_outcome"
        " order by outcome_id desc limit 1"
    ) == [("acme", 1010, 1019, not before and outcome == "refused")]


def test_absent_members_end(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reconciled the roster names them; all their coverage ends, also where a plan ended on that very day."""
    intake.enroll(member("021", gold(JAN), silver(APR), dental(JAN)), member("021", gold(JAN), dental(JAN), **child()))

    def absent(conn: Connection, file_id: int, received: date) -> None:
        conn.execute(
            text(
                "insert into absent_member select member_id, group_id, cast('2026-04-01' as date),"
                " (select max(set_key) from loaded_set), 0, 9 from member where is_subscriber"
            )
        )
        stage_coverage_events(conn, file_id, received)

    monkeypatch.setattr("loaders.enrollment.stage_coverage_events", absent)
    for outcome in (["added", "ended", "ended"], ["unchanged"]):
        intake.enroll(member("021", gold(JAN), subscriber_number="S2"))
        assert {last for _, _, last in spans(intake)} == {MAR_31}
        assert [one for _, one in outcomes(intake)] == outcome


def held(intake: Intake, monkeypatch: pytest.MonkeyPatch, *rows: Row, arrived: date) -> list[Any]:
    """What would hold the file."""
    found: list[Any] = []

    def read(conn: Connection, _file_id: int) -> None:
        found.extend(tuple(row) for row in conn.execute(text("select code, group_id, facts from enrollment_hold")))

    monkeypatch.setattr("loaders.enrollment.stop_if_held", read)
    intake.enroll(*rows, arrived_at=datetime(arrived.year, arrived.month, arrived.day, 12, tzinfo=UTC))
    return found


@pytest.mark.parametrize(
    ("row", "is_held"),
    [
        pytest.param(member("024", gold(end=JUN_30)), True, id="an-end-one-day-too-late"),
        pytest.param(member("024", gold(end=date(2026, 7, 1))), False, id="an-end-in-time"),
        pytest.param(member("021", gold(JAN, MAR_31)), True, id="an-addition-with-an-earlier-end"),
        pytest.param(member("001", gold(JAN, maintenance_type="002")), True, id="never-was"),
        pytest.param(member("001", silver(FEB)), False, id="another-plan-covers-the-days"),
    ],
)
def test_coverage_lost_further_back_than_the_group_allows_holds_the_file(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, row: Row, is_held: bool
) -> None:
    """The facts are counts, dates and ids of groups; a repeated end loses nothing."""
    intake = Intake(warehouse, group_with(max_retro_term_days=60))
    intake.enroll(member("021", gold(JAN)), member("021", gold(JAN), **child()))
    arrived = JUN_30 + timedelta(61)
    reasons = held(intake, monkeypatch, row, arrived=arrived)
    assert [(code, group) for code, group, _ in reasons] == ([("RETRO_TERMINATION", "acme")] if is_held else [])
    for _, _, facts in reasons:
        assert facts.keys() == {"members", "earliest_end", "received", "max_retro_term_days"}
        assert (facts["received"], facts["max_retro_term_days"]) == (arrived.isoformat(), 60)
    assert held(intake, monkeypatch, row, arrived=arrived) == []


def test_a_group_without_a_limit_holds_nothing(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """No limit is no number, not a great one."""
    intake = Intake(warehouse, group_with(max_retro_term_days=None))
    intake.enroll(member("021", gold(date(2010, 1, 1))))
    assert held(intake, monkeypatch, member("024", gold(end=date(2010, 1, 1))), arrived=MAY) == []


def any_row(chance: random.Random, subscriber: str, **person: object) -> Row:
    """A change of any kind of one plan, or an end of one plan and an addition of the other."""
    begin, end = (date(2026, chance.randint(1, 6), 1) for _ in range(2))
    status = chance.choice([{}, {"benefit_status": "A"}, COBRA])
    values = {"subscriber_number": subscriber, **person, **status}
    tier = chance.choice(["EMP", "FAM"])
    first, second = chance.sample([gold, silver], 2)
    if chance.random() < 1 / 4:
        old = first(end=end - timedelta(1), tier=tier, maintenance_type="024")
        pair = [old, second(end, tier=tier, maintenance_type="021")]
        return member("001", *chance.sample(pair, 2), **values)
    kind = chance.choice(["021", "021", "024", "025", "001", "030"])
    last = end - timedelta(1) if kind == "024" or chance.random() < 1 / 4 else None
    return member(kind, first(begin, last, tier=tier), **values)


@pytest.mark.parametrize("is_truth", [False, True])
@pytest.mark.parametrize("moves_together", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_any_families_twice_are_once(warehouse: Warehouse, seed: int, moves_together: bool, is_truth: bool) -> None:
    """Any file twice changes nothing more, and members of other families may stand in any order."""
    chance = random.Random(seed)  # noqa: S311 - a sequence that repeats is what is wanted
    intake = Intake(warehouse, group_with(roster_is_truth=is_truth, dependants_end_with_subscriber=moves_together))
    for _ in range(8):
        families = []
        for number in range(25):
            subscriber = any_row(chance, f"S{number:02}")
            other = any_row(chance, f"S{number:02}", **child())
            families.append([subscriber, {**subscriber, **child()} if moves_together else other])
        intake.enroll(*itertools.chain(*families))
        before = intake.spans()
        chance.shuffle(families)
        again = intake.enroll(*itertools.chain(*families))
        assert intake.spans() == before
        assert (again.spans_recorded, again.spans_superseded) == (0, 0)
