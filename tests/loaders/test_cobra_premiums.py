"""Continued coverage that was elected waits for its premium, and so do its claims."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from loaders.claim_facts import claims_to_decide
from loaders.coverage_reads import Question, coverage_on_days
from loaders.warehouse import Warehouse
from tests.loaders.enrolling import APR, JAN, MAR_31, MAY_31, OPEN, child, gold, member, spans
from tests.loaders.intake import Intake, Row
from tests.loaders.verdicts import decide, pended

FIRST, SECOND, THIRD = (datetime(2026, month, 10, 8, tzinfo=UTC) for month in (4, 5, 6))
MINUTES = timedelta(minutes=10)
ELECTED = {"benefit_status": "C", "maintenance_reason": "09", "cobra_begin": APR}
PAID = {"benefit_status": "C", "maintenance_reason": "10"}


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """A subscriber with a child, whose active coverage has ended."""
    intake = Intake(warehouse)
    for kind, day in (("021", gold(JAN)), ("024", gold(end=MAR_31))):
        intake.enroll(member(kind, day), member(kind, day, **child()), arrived_at=FIRST - timedelta(days=9))
    return intake


def elect(intake: Intake, arrived_at: datetime = FIRST, **more: object) -> None:
    """Both elect to go on."""
    rows: list[Row] = [member("021", gold(APR), **ELECTED, **more), member("021", gold(APR), **child(), **ELECTED)]
    intake.enroll(*rows, arrived_at=arrived_at)


def unpaid(intake: Intake, day: date = APR, as_known: datetime = THIRD + MINUTES) -> list[tuple[int, bool]]:
    """Who is covered on the day, and for whom the premium is not paid."""
    with intake.warehouse.begin() as conn:
        frame = coverage_on_days(conn, [Question(who, day, as_known) for who in (1, 2)])
    return [(int(who), bool(state)) for who, state in zip(frame["question"], frame["is_unpaid"], strict=True)]


def test_an_election_is_unpaid_until_the_premium_is_told(intake: Intake) -> None:
    """Of the subscriber for the family; and what was known in between stays so."""
    elect(intake)
    assert unpaid(intake) == [(0, True), (1, True)]
    intake.enroll(member("001", **PAID), arrived_at=SECOND)
    assert unpaid(intake) == [(0, False), (1, False)]
    assert unpaid(intake, as_known=FIRST + MINUTES) == [(0, True), (1, True)]
    assert unpaid(intake, day=JAN, as_known=FIRST + MINUTES) == [(0, False), (1, False)]


def test_a_dependants_premium_is_the_dependants(intake: Intake) -> None:
    """The subscriber's is still to come."""
    elect(intake)
    intake.enroll(member("001", **child(), **PAID), arrived_at=SECOND)
    assert unpaid(intake) == [(0, True), (1, False)]


def test_an_election_that_is_repeated_is_none(intake: Intake) -> None:
    """Rosters that say 09 every month do not take back that it is paid."""
    elect(intake)
    intake.enroll(member("001", **PAID), arrived_at=SECOND)
    elect(intake, THIRD)
    assert unpaid(intake) == [(0, False), (1, False)]
    assert intake.value("select count(*) from cobra_premium") == 4


def test_a_new_election_is_unpaid_again(intake: Intake) -> None:
    """After the end of the one before."""
    elect(intake)
    intake.enroll(member("001", **PAID), arrived_at=SECOND)
    intake.enroll(member("024", gold(end=MAY_31), benefit_status="C"), arrived_at=SECOND)
    july = date(2026, 7, 1)
    intake.enroll(member("021", gold(july), **{**ELECTED, "cobra_begin": july}), arrived_at=THIRD)
    assert unpaid(intake, day=july)[0] == (0, True)


def test_who_says_neither_is_paid_for(intake: Intake) -> None:
    """As every active coverage is."""
    intake.enroll(member("021", gold(APR), **{**ELECTED, "maintenance_reason": "28"}), arrived_at=FIRST)
    assert unpaid(intake) == [(0, False)]
    assert intake.value("select count(*) from cobra_premium") == 0


def test_claims_wait_for_the_premium_and_no_longer(intake: Intake) -> None:
    """They are decided when it is paid."""
    elect(intake)
    intake.claim({"service_from": APR, "service_through": APR}, arrived_at=FIRST + MINUTES)
    decide(intake, pended(1, "COBRA_UNPAID"))
    assert to_decide(intake) == []
    intake.enroll(member("001", **PAID), arrived_at=SECOND)
    assert to_decide(intake) == [1]


def test_claims_are_decided_when_the_coverage_is_taken_away(intake: Intake) -> None:
    """Nobody will pay any more."""
    elect(intake)
    intake.claim({"service_from": APR, "service_through": APR}, arrived_at=FIRST + MINUTES)
    decide(intake, pended(1, "COBRA_UNPAID"))
    end = member("024", gold(end=MAR_31), benefit_status="C", maintenance_reason="59")
    intake.enroll(end, arrived_at=SECOND)
    assert spans(intake)[-1] != ("gold", APR, OPEN)
    assert to_decide(intake) == [1]


def to_decide(intake: Intake) -> list[int]:
    """Ids of the claims that wait for a decision."""
    with intake.warehouse.begin() as conn:
        return claims_to_decide(conn, 10)
