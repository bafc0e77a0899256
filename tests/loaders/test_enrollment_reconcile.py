"""A full roster is compared with our books: who is absent, for how long, and when a person must look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sqlalchemy import Connection, text

from loaders import coverage_changes, holds
from loaders import enrollment as loading
from loaders.warehouse import Warehouse
from tests.loaders.intake import ACME, NOON, Intake, Row, accepted, enrollment
from tests.loaders.rosters import JAN, person, sent, with_policy

MAY_15, JUNE, JULY, AUGUST = date(2026, 5, 15), date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
TOLERANT = {"absence_hold_percent": 100, "absence_warn_percent": 100, "count_swing_percent": 100}

Ended = list[tuple[str, date]]
"""Numbers of the members whom a file ends for their absence, with the first day without coverage."""


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse, with groups that no threshold holds."""
    return with_policy(Intake(warehouse), **TOLERANT)


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Ended:
    """What the steps on coverage are told of absent members by the last file."""
    found: Ended = []
    stage = coverage_changes.stage_coverage_changes

    def look(conn: Connection) -> int:
        query = "select subscriber_number, ends_before from absent_member join member using (member_id) order by 1"
        found[:] = [(row[0], row[1]) for row in conn.execute(text(query))]
        return stage(conn)

    monkeypatch.setattr(loading, "stage_coverage_changes", look)
    return found


def roster(numbers: Iterable[int], *others: Row) -> list[Row]:
    """Rows of subscribers, and others."""
    return [*(person(number) for number in numbers), *others]


def enrol(intake: Intake, numbers: Iterable[int], **policy: object) -> None:
    """Put members on file by a change, and give the group a policy."""
    with_policy(intake, **policy).enroll(*roster(numbers), header=sent())


def absences(intake: Intake) -> list[tuple[str, int, date, date]]:
    """Who is absent: number, rosters in a row, as-of dates of the first and the last."""
    query = "select subscriber_number, rosters, first_as_of, last_as_of from absence join member using (member_id)"
    return [(row[0], row[1], row[2], row[3]) for row in intake.rows(f"{query} order by 1")]


def open_holds(intake: Intake) -> list[tuple[str, dict[str, Any]]]:
    """Open holds: code and facts."""
    return [
        (row[0], row[1]) for row in intake.rows("select code, facts from hold where decision is null order by code")
    ]


@pytest.mark.parametrize(
    ("policy", "first", "second"),
    [
        pytest.param({}, [], [], id="by-default-it-is-reported"),
        pytest.param({"absences_to_end": 1}, [("S3", JUNE)], [], id="now"),
        pytest.param({"absences_to_end": 2}, [], [("S3", JULY)], id="after-two"),
        pytest.param({"absences_to_end": 1, "absent_end": "as_of"}, [("S3", MAY_15)], [], id="as-of-day"),
    ],
)
def test_the_group_decides_when_absence_ends_coverage(
    intake: Intake, ended: Ended, policy: dict[str, object], first: Ended, second: Ended
) -> None:
    """Over full rosters in a row; the last covered day is that of the month before, or the day before.

    Who is not covered any more cannot be absent again.
    """
    days = (MAY_15, date(2026, 7, 9)) if "absent_end" in policy else (date(2026, 6, 30), date(2026, 7, 9))
    enrol(intake, (1, 2, 3), **policy)
    intake.enroll(*roster((1, 2)), header=sent("RX", days[0]))
    assert ended == first
    intake.enroll(*roster((1, 2)), header=sent("RX", days[1]))
    assert ended == second
    assert [row[:2] for row in absences(intake)] == ([] if first else [("S3", 2)])
    last_day = (first + second)[0][1] - timedelta(days=1) if first + second else None
    assert intake.spans("S3") == [("ANN", "gold", None, "2026-01-01", last_day and last_day.isoformat())]


def test_who_is_back_is_absent_no_more(intake: Intake, ended: Ended) -> None:
    """The count begins anew."""
    enrol(intake, (1, 2), absences_to_end=2)
    intake.enroll(*roster((1,)), header=sent("RX", JUNE))
    assert absences(intake) == [("S2", 1, JUNE, JUNE)]
    intake.enroll(*roster((1, 2)), header=sent("RX", JULY))
    assert absences(intake) == []
    intake.enroll(*roster((1,)), header=sent("RX", AUGUST))
    assert (absences(intake), ended) == ([("S2", 1, AUGUST, AUGUST)], [])


def test_the_same_roster_again_is_no_second_absence(intake: Intake, ended: Ended) -> None:
    """Twice is once."""
    enrol(intake, (1, 2), absences_to_end=2)
    for _ in range(2):
        intake.enroll(*roster((1,)), header=sent("RX", JUNE))
    assert (absences(intake), ended) == ([("S2", 1, JUNE, JUNE)], [])


def test_only_who_is_covered_on_the_day_can_be_absent(intake: Intake) -> None:
    """Not who left before, nor who joins later, nor another group's."""
    enrol(intake, (1,))
    left = person(2)
    left["coverages"][0]["end"] = date(2026, 5, 31)
    later = person(3)
    later["coverages"][0]["begin"] = JULY
    intake.enroll(left, later, header=sent())
    intake.enroll(person(1), header=sent("RX", JUNE))
    assert (absences(intake), intake.findings()) == ([], [])


def test_a_change_says_nothing_of_the_others(intake: Intake) -> None:
    """Nor is it a roster."""
    enrol(intake, (1, 2))
    intake.enroll(*roster((1,)), header=sent("2", JUNE))
    assert (absences(intake), intake.value("select count(*) from roster")) == ([], 0)


@pytest.mark.parametrize(("is_truth", "ends"), [(False, []), (True, [("S2", JUNE)])])
def test_a_roster_to_verify_reports_and_acts_only_as_truth(
    intake: Intake, ended: Ended, *, is_truth: bool, ends: Ended
) -> None:
    """Absences are counted either way."""
    enrol(intake, (1, 2), absences_to_end=1, roster_is_truth=is_truth)
    intake.enroll(*roster((1,)), header=sent("4", JUNE))
    assert (ended, [row[0] for row in absences(intake)]) == (ends, ["S2"])
    assert intake.findings() == ["ENROLLMENT_MEMBERS_ABSENT"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"first_name": None, "birth_date": None, "subscriber_number": "S2"}, id="no-birth-date"),
        pytest.param({"first_name": "BEN", "birth_date": None, "subscriber_number": "00S2"}, id="another-writing"),
    ],
)
def test_a_row_that_was_not_identified_may_be_the_absent_one(intake: Intake, row: Row) -> None:
    """So nobody of its subscriber number is absent."""
    enrol(intake, (1, 2))
    intake.enroll(person(1), person(2, **row), header=sent("RX", JUNE))
    assert absences(intake) == []


@pytest.mark.parametrize("dependants_end", [True, False])
def test_dependants_end_with_a_subscriber_and_are_not_absent(intake: Intake, *, dependants_end: bool) -> None:
    """Where the group says so; else the file lacks them."""
    with_policy(intake, dependants_end_with_subscriber=dependants_end)
    child = person(1, is_subscriber="N", relationship_code="19", first_name="KID", birth_date=date(2010, 1, 1))
    intake.enroll(person(1), child, header=sent())
    end = person(1, "024")
    end["coverages"][0]["end"] = date(2026, 5, 31)
    intake.enroll(end, header=sent("RX", MAY_15))
    assert [row[:2] for row in absences(intake)] == ([] if dependants_end else [("S1", 1)])


def test_a_group_in_several_sets_is_one_roster(intake: Intake) -> None:
    """Who is in one of them is not absent."""
    enrol(intake, (1, 2))
    first, second = (enrollment(person(number), header=sent("RX", JUNE), interchange=number) for number in (1, 2))
    tables = {name: pa.concat_tables([first[name], _after(second[name])]) for name in first}
    file = intake.deliver("834")
    intake.commit(file, accepted("834", control_number="000000900", interchanges=2), tables)
    assert (absences(intake), intake.rows("select members, active, absent from roster")) == ([], [(2, 2, 0)])


def _after(table: pa.Table) -> pa.Table:
    """Rows of a second set: one row of each table stands before them, and they come later in the file."""
    moves = {"row": 1, "parent_row": 1, "source_start": 10_000, "source_stop": 10_000}
    for name, by in moves.items():
        table = table.set_column(table.schema.get_field_index(name), name, pc.add(table[name], pa.scalar(by)))
    return table


class TestThresholds:
    """What is unusual is warned of, and beyond a limit held for a person."""

    @pytest.fixture
    def intake(self, warehouse: Warehouse) -> Intake:
        """A group of a hundred, under the default policy but for the number that makes a hold."""
        intake = with_policy(Intake(warehouse), absence_hold_members=5)
        intake.enroll(*roster(range(100)), header=sent())
        return intake

    @pytest.mark.parametrize(
        ("present", "codes"),
        [
            pytest.param(100, [], id="all-there"),
            pytest.param(95, ["ENROLLMENT_MEMBERS_ABSENT"], id="a-few"),
            pytest.param(94, ["ENROLLMENT_ABSENCE_HIGH", "ENROLLMENT_MEMBERS_ABSENT"], id="more-than-usual"),
            pytest.param(90, ["ENROLLMENT_ABSENCE_HIGH", "ENROLLMENT_MEMBERS_ABSENT"], id="at-the-limit"),
        ],
    )
    def test_below_the_limit_it_is_warned_of(self, intake: Intake, present: int, codes: list[str]) -> None:
        """And applied."""
        assert not intake.enroll(*roster(range(present)), header=sent("RX", JUNE)).holds
        assert intake.findings() == codes

    def test_beyond_it_the_file_is_held(self, intake: Intake) -> None:
        """Nothing of it stays, not even the count of absences; the facts are counts and the group's id."""
        before = intake.spans()
        intake.enroll(*roster(range(89)), person(200), header=sent("RX", JUNE))
        assert open_holds(intake) == [("ABSENCE_THRESHOLD", {"group": "acme", "active": 100, "absent": 11})]
        assert (intake.spans(), absences(intake), intake.findings()) == (before, [], [])
        assert intake.value("select count(*) from roster") == 0

    def test_a_roster_to_verify_that_lacks_twelve_percent_is_held(self, intake: Intake) -> None:
        """Vector T22: BGN08 = 4 with 12 % of the active members absent: the file is held, and nobody is terminated."""
        with_policy(intake, absences_to_end=1)
        before = intake.spans()
        intake.enroll(*roster(range(88)), header=sent("4", JUNE))
        assert open_holds(intake) == [("ABSENCE_THRESHOLD", {"group": "acme", "active": 100, "absent": 12})]
        assert (intake.spans(), absences(intake)) == (before, [])

    def test_a_large_share_of_few_is_not_held(self, intake: Intake) -> None:
        """Only where it is more than so many as well."""
        with_policy(intake, absence_hold_members=11)
        assert not intake.enroll(*roster(range(89)), header=sent("RX", JUNE)).holds

    @pytest.mark.parametrize(("count", "held"), [(80, False), (120, False), (79, True), (121, True)])
    def test_a_swing_of_counts_is_held(self, intake: Intake, count: int, *, held: bool) -> None:
        """Measured by the last full roster, and warned of where few members make it."""
        with_policy(intake, absence_hold_percent=100, absence_warn_percent=100, absence_hold_members=5)
        intake.enroll(*roster(range(100)), header=sent("RX", JUNE))
        intake.enroll(*roster(range(count)), header=sent("RX", JULY))
        facts = {"group": "acme", "members": count, "last_members": 100}
        assert open_holds(intake) == ([("COUNT_SWING", facts)] if held else [])
        if held:
            with_policy(intake, absence_hold_percent=100, absence_warn_percent=100, absence_hold_members=21)
            assert not intake.enroll(*roster(range(count)), header=sent("RX", JULY)).holds
            assert "ENROLLMENT_COUNT_SWING" in intake.findings()

    def test_an_older_roster_is_held(self, intake: Intake) -> None:
        """Released, it is applied, and neither counts absences nor ends anything."""
        with_policy(intake, absences_to_end=1)
        intake.enroll(*roster(range(100)), header=sent("RX", JULY))
        file = intake.deliver("834")
        tables = enrollment(*roster(range(99)), header=sent("RX", JUNE))
        intake.commit(file, intake.next_verdict("834"), tables)
        facts = {"group": "acme", "as_of": "2026-06-01", "last_as_of": "2026-07-01"}
        assert open_holds(intake) == [("ROSTER_OUT_OF_ORDER", facts)]
        with intake.warehouse.begin() as conn:
            holds.decide(conn, file.file_id, "released", "ann", None, NOON)
        assert not intake.commit(file, intake.next_verdict("834"), tables).holds
        assert absences(intake) == []
        assert intake.findings() == ["ENROLLMENT_MEMBERS_ABSENT", "ENROLLMENT_OUT_OF_ORDER"]

    def test_a_roster_far_ahead_does_not_stand_in_the_way_of_later_ones(self, intake: Intake) -> None:
        """Held; released, it ends nobody, and the next one is not older than it."""
        with_policy(intake, absences_to_end=1)
        before = intake.spans()
        file = intake.deliver("834")
        far = {**sent("RX", JUNE), "as_of": date.max}
        tables = enrollment(*roster(range(98)), header=far)
        intake.commit(file, intake.next_verdict("834"), tables)
        facts = {"group": "acme", "as_of": "9999-12-31", "latest_day": "2026-08-29"}
        assert open_holds(intake) == [("ROSTER_TOO_FAR_AHEAD", facts)]
        with intake.warehouse.begin() as conn:
            holds.decide(conn, file.file_id, "released", "ann", None, NOON)
        assert not intake.commit(file, intake.next_verdict("834"), tables).holds
        assert (absences(intake), intake.spans()) == ([], before)
        assert intake.findings() == ["ENROLLMENT_MEMBERS_ABSENT", "ENROLLMENT_TOO_FAR_AHEAD"]
        assert not intake.enroll(*roster(range(99)), header=sent("RX", JUNE)).holds
        assert [row[0] for row in absences(intake)] == ["S99"]

    def test_an_older_change_is_warned_of(self, intake: Intake) -> None:
        """It is applied all the same."""
        intake.enroll(*roster(range(100)), header=sent("RX", JULY))
        intake.enroll(person(200), header=sent("2", JUNE))
        assert intake.findings() == ["ENROLLMENT_OUT_OF_ORDER"]
        assert intake.spans("S200")

    def test_every_reason_is_told_at_once(self, intake: Intake) -> None:
        """So that a person decides once."""
        intake.enroll(*roster(range(100)), header=sent("RX", JULY))
        intake.enroll(*roster(range(50)), header=sent("RX", JUNE))
        assert [code for code, _ in open_holds(intake)] == ["ABSENCE_THRESHOLD", "COUNT_SWING", "ROSTER_OUT_OF_ORDER"]


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        pytest.param({"as_of": JUNE, "maintenance_effective": MAY_15, "created": JAN}, JUNE, id="007"),
        pytest.param({"maintenance_effective": MAY_15, "created": JAN}, MAY_15, id="303"),
        pytest.param({"created": JAN}, JAN, id="BGN03"),
        pytest.param({}, NOON.date(), id="the-day-of-receipt"),
    ],
)
def test_the_as_of_date_is_the_first_that_is_sent(intake: Intake, dates: Row, day: date) -> None:
    """DTP 007, 303 of the header, BGN03."""
    intake.enroll(person(1), header={**ACME, "action": "RX", **dates})
    assert intake.value("select as_of from roster") == day
