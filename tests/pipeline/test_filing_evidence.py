"""Late claims from the warehouse to their decision: what our own records say of them excuses them, or does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loaders.claim_facts import read_facts
from loaders.warehouse import Warehouse
from rules.adjudication import decide
from tests.loaders.enrolling import JAN, gold, member
from tests.loaders.intake import Intake, Row
from tests.rules.bills import BOOK, book_with

DAY = timedelta(days=1)
SERVICE = datetime(2026, 2, 2, 12, tzinfo=UTC)
"""Day 0 of every claim here; the last good day is 2026-04-03."""
RULE = "TF-60-PROFESSIONAL"
RETRO = book_with(
    filing_rules=tuple(replace(rule, retroactive_eligibility=True) for rule in BOOK.filing_rules),
    plans=(replace(BOOK.plans[0], id="gold"),),
)
"""With the plan of the intake's groups."""
PLAIN = replace(RETRO, filing_rules=BOOK.filing_rules)


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An empty warehouse."""
    return Intake(warehouse)


def decided(intake: Intake, claim_id: int, *, retro: bool = False) -> tuple[str, dict[str, Any]]:
    """`late`, `timely` or the reason for which it waits, and what the filing rule told."""
    book = RETRO if retro else PLAIN
    with intake.warehouse.begin() as conn:
        facts = read_facts(conn, [claim_id], least_filing_days=book.least_filing_days, time_zone="America/New_York")
    decisions = decide(facts, book)
    claim = decisions.claims.iloc[0]
    (told,) = [each for each in claim["explanation"] if each["rule"] == RULE]
    late = "29" in decisions.adjustments["reason_code"].tolist()
    return claim["pend_reason"] or ("late" if late else "timely"), told


def send(intake: Intake, day: int, **values: Any) -> None:  # noqa: ANN401 - any column
    """The claim, received so many days after its service."""
    row: Row = values
    intake.claim(row, arrived_at=SERVICE + day * DAY)


def enrol(intake: Intake, day: int) -> None:
    """The member, recorded so many days after the service."""
    intake.enroll(member("021", gold(JAN)), arrived_at=SERVICE + day * DAY)


def test_t9_a_claim_that_came_in_time_before(intake: Intake) -> None:
    """T9: day 61 with CLM20 = 9, and the same bill of day 18 in our archive, which the explanation names."""
    enrol(intake, -20)
    send(intake, 18)
    send(intake, 61, delay_reason="9")
    outcome, told = decided(intake, 2)
    assert (outcome, told["evidence"]) == ("timely", "claim_id 1 received 2026-02-20")


@pytest.mark.parametrize(("delay_reason", "expected"), [(None, "late"), ("9", "timely")])
def test_t12_a_rejected_claim_sent_again_too_late(intake: Intake, delay_reason: str | None, expected: str) -> None:
    """T12: rejected by 277CA on day 58, sent again on day 63: CO 29; with CLM20 = 9 the first one excuses it."""
    enrol(intake, -20)
    send(intake, 58)
    with intake.warehouse.begin() as conn:
        conn.exec_driver_sql("update claim set state = 'rejected', claim_number = null, family_id = null")
    send(intake, 63, delay_reason=delay_reason)
    outcome, told = decided(intake, 2)
    assert outcome == expected
    assert str(told.get("evidence")).startswith("claim_id 1 received 2026-04-01") == (expected == "timely")


def test_t10_a_reason_for_a_person(intake: Intake) -> None:
    """T10: CLM20 = 11."""
    enrol(intake, -20)
    send(intake, 61, delay_reason="11")
    assert decided(intake, 1)[0] == "FILING_EVIDENCE"


def test_t8_the_prior_payer_decided_late(intake: Intake) -> None:
    """T8: the clock starts with DTP*573."""
    enrol(intake, -20)
    send(intake, 61, payer_responsibility="S")
    assert decided(intake, 1)[0] == "late"
    with intake.warehouse.begin() as conn:
        conn.exec_driver_sql(
            "insert into claim_other_coverage (claim_id, ordinal, payer_responsibility, decided_on, source_start,"
            " source_stop) values (1, 1, 'P', '2026-02-19', 0, 1)"
        )
    outcome, told = decided(intake, 1)
    assert (outcome, told["anchor"], told["day"], told["basis"]) == ("timely", "2026-02-19", 44, "prior payer decided")


@pytest.mark.parametrize(
    ("recorded", "reason", "retro", "outcome"),
    [
        pytest.param(-20, None, True, "late", id="known-in-time"),
        pytest.param(10, None, True, "timely", id="recorded-late"),
        pytest.param(10, None, False, "late", id="recorded-late-and-the-rule-does-not-care"),
        pytest.param(10, "1", False, "timely", id="recorded-late-and-said-so"),
        pytest.param(-20, "8", False, "late", id="said-so-and-not-borne-out"),
    ],
)
def test_coverage_that_was_recorded_after_the_service(
    intake: Intake, recorded: int, reason: str | None, outcome: str, *, retro: bool
) -> None:
    """By the day on which we recorded the span, as a rule or for a delay reason."""
    enrol(intake, recorded)
    send(intake, 65, delay_reason=reason)
    assert decided(intake, 1, retro=retro)[0] == outcome
