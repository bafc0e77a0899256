"""Coverage as it was known at an instant."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from loaders.coverage_reads import Question, coverage_on_days, member_histories
from loaders.warehouse import Warehouse
from tests.loaders.enrolling import APR, JAN, JUN, JUN_30, MAR, MAR_31, child, dental, gold, member, silver
from tests.loaders.intake import Intake, Row

FIRST, SECOND, THIRD = (datetime(2026, month, 10, 8, tzinfo=UTC) for month in (1, 4, 7))
MINUTES = timedelta(minutes=10)


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def answers(intake: Intake, *questions: Question) -> list[tuple[object, ...]]:
    """Question, line, plan, first and last day of what covers."""
    with intake.warehouse.begin() as conn:
        frame = coverage_on_days(conn, questions)
    return [
        (row.question, row.insurance_line, row.plan_id, f"{row.valid_from:%F}", str(row.valid_through)[:10])
        for row in frame.itertuples()
    ]


def test_the_same_day_is_answered_as_it_was_known(intake: Intake) -> None:
    """Before the first file nothing, then open coverage, then its end, then another plan in its place."""
    intake.enroll(member("021", gold(JAN), dental(JAN)), arrived_at=FIRST)
    intake.enroll(member("024", gold(end=MAR_31)), arrived_at=SECOND)
    intake.enroll(member("021", silver(APR)), arrived_at=THIRD)
    before, first, second, third = (
        Question(1, JUN, moment) for moment in (FIRST, FIRST + MINUTES, SECOND + MINUTES, THIRD + MINUTES)
    )
    assert answers(
        intake, before, first, second, third, Question(1, MAR, THIRD + MINUTES), Question(2, JUN, THIRD)
    ) == [
        (1, "DEN", "dental", "2026-01-01", "NaT"),
        (1, "HLT", "gold", "2026-01-01", "NaT"),
        (2, "DEN", "dental", "2026-01-01", "NaT"),
        (3, "DEN", "dental", "2026-01-01", "NaT"),
        (3, "HLT", "silver", "2026-04-01", "NaT"),
        (4, "DEN", "dental", "2026-01-01", "NaT"),
        (4, "HLT", "gold", "2026-01-01", "2026-03-31"),
    ]


def test_no_question_has_no_answer(intake: Intake) -> None:
    """An empty batch is one too."""
    assert answers(intake) == []


def any_row(chance: random.Random, number: int) -> Row:
    """An addition, a change or an end."""
    day = date(2026, chance.randint(1, 9), 1)
    kind = chance.choice(["021", "001", "024", "025"])
    plan = chance.choice([gold, silver])
    return member(kind, plan(None, day) if kind == "024" else plan(day), subscriber_number=f"S{number}")


def test_what_was_known_does_not_change_when_later_files_arrive(intake: Intake) -> None:
    """Nor does the history that was on record then."""
    chance = random.Random(7)  # noqa: S311 - a sequence that repeats is what is wanted
    seen = []
    for month in range(1, 10):
        arrived = datetime(2026, month, 3, tzinfo=UTC)
        intake.enroll(*(any_row(chance, number) for number in range(12)), arrived_at=arrived)
        asked = [
            Question(who, date(2026, 1, 15) + timedelta(30 * n), arrived + MINUTES)
            for who in range(1, 13)
            for n in range(9)
        ]
        with intake.warehouse.begin() as conn:
            history = [member_histories(conn, f"S{number}", arrived + MINUTES) for number in range(12)]
        seen.append((asked, answers(intake, *asked), arrived + MINUTES, history))
    assert any(known for _, known, _, _ in seen)
    for asked, known, moment, history in seen:
        assert answers(intake, *asked) == known
        with intake.warehouse.begin() as conn:
            assert [member_histories(conn, f"S{number}", moment) for number in range(12)] == history


def test_a_history_has_the_family_with_everything_on_record(intake: Intake) -> None:
    """Subscriber first; a superseded span tells until when and by which file; the number is matched as it is stored."""
    intake.enroll(member("021", gold(JAN), **child()), member("021", gold(JAN)), arrived_at=FIRST)
    intake.enroll(member("024", gold(end=JUN_30), **child()), arrived_at=SECOND)
    with intake.warehouse.begin() as conn:
        subscriber, dependant = member_histories(conn, " s1 ", THIRD)
        (_, earlier) = member_histories(conn, "S1", FIRST + MINUTES)
        nobody = member_histories(conn, "S2", THIRD)
    assert (subscriber.first_name, subscriber.is_subscriber, len(subscriber.spans)) == ("ANN", True, 1)
    assert [(span.last_day, span.is_believed, span.superseded_by) for span in dependant.spans] == [
        (None, False, 2),
        (JUN_30, True, None),
    ]
    assert [(span.last_day, span.is_believed, span.superseded_at) for span in earlier.spans] == [(None, True, None)]
    assert nobody == []


def test_a_number_that_was_replaced_finds_the_family(intake: Intake) -> None:
    """After those who have it by now; as known before, they are under the old one."""
    own: Row = {"identifier_qualifier": "34", "identifier": "571230001"}
    intake.enroll(member("021", gold(JAN), **own), member("021", gold(JAN), **child()), arrived_at=FIRST)
    intake.enroll(member("001", subscriber_number="S9", **own), arrived_at=SECOND)
    intake.enroll(member("021", gold(JAN), first_name="ZOE", birth_date=MAR_31.replace(year=1990)), arrived_at=THIRD)
    with intake.warehouse.begin() as conn:
        found = {
            (number, known): [(one.first_name, one.subscriber_number, len(one.spans)) for one in histories]
            for number in ("S1", "S9")
            for known in (FIRST + MINUTES, THIRD + MINUTES)
            for histories in [member_histories(conn, number, known)]
        }
    before, family = [("ANN", "S1", 1), ("BEN", "S1", 1)], [("ANN", "S9", 1), ("BEN", "S9", 1)]
    assert found == {
        ("S1", FIRST + MINUTES): before,
        ("S9", FIRST + MINUTES): before,
        ("S1", THIRD + MINUTES): [("ZOE", "S1", 1), *family],
        ("S9", THIRD + MINUTES): family,
    }
