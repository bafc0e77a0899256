"""A bill that does not add up, or is not dated, is for a person."""

from __future__ import annotations

from typing import Any

import pytest

from rules.bill_integrity import LARGEST_CHARGE_CENTS
from tests.rules.bills import CORRECTION, decide_one, line


@pytest.mark.parametrize(
    ("changes", "lines", "reason"),
    [
        pytest.param({"charge_cents": 18251}, [line()], "CHARGES_DISAGREE", id="claim-and-line-disagree"),
        pytest.param(
            {"charge_cents": 18250}, [line(1), line(2)], "CHARGES_DISAGREE", id="claim-bills-one-of-two-lines"
        ),
        pytest.param({}, [line(1), line(2, charge_cents=-1)], "IMPLAUSIBLE_CHARGE", id="negative-charge"),
        pytest.param({}, [line(charge_cents=LARGEST_CHARGE_CENTS + 1)], "IMPLAUSIBLE_CHARGE", id="beyond-exactness"),
        pytest.param({"service_from": None}, [line(service_from=None)], "NO_SERVICE_DATE", id="no-date-anywhere"),
        pytest.param({}, [line(service_from="2026-04-21")], "SERVICE_AFTER_RECEIPT", id="service-after-receipt"),
        pytest.param({}, [line(procedure_code=None)], "NO_SERVICE_CODE", id="no-code"),
        pytest.param({}, [line(1), line(2, procedure_code=" ", revenue_code="    ")], "NO_SERVICE_CODE", id="blanks"),
        pytest.param({"member_id": None}, [line(procedure_code=" ")], "NO_SERVICE_CODE", id="no-code-to-deny"),
        pytest.param({"charge_cents": 100}, [], "NO_LINES", id="no-lines"),
        pytest.param({"set_kind": "RP"}, [line()], "ENCOUNTER", id="reported-not-charged"),
        pytest.param({"set_kind": "31", "member_id": None}, [line()], "SUBROGATION", id="asked-back-by-another-payer"),
        pytest.param(
            {"charge_cents": 1, "member_id": None}, [line()], "CHARGES_DISAGREE", id="even-if-it-will-be-denied"
        ),
        pytest.param(
            CORRECTION | {"correction_problem": "F8_MISSING", "charge_cents": 1},
            [line()],
            "CHARGES_DISAGREE",
            id="even-a-correction-that-names-nothing",
        ),
    ],
)
def test_what_cannot_be_decided_waits(changes: dict[str, Any], lines: list[dict[str, Any]], reason: str) -> None:
    """No money, no adjustments: a remittance of it could not balance."""
    decided = decide_one(changes, lines)
    assert (decided.outcome, decided.pend_reason) == ("pended", reason)
    assert decided.is_without_money
    assert decided.claim_status_code is None
    assert len(decided.explanation) >= 1


def test_an_unknown_member_needs_no_date() -> None:
    """Rules that settle the claim without a date go first."""
    assert decide_one({"member_id": None, "service_from": None}, [line(service_from=None)]).codes == ["PR 31"]


def test_service_on_the_day_of_receipt() -> None:
    """Same-day claims are fine."""
    assert decide_one({"received_date": "2026-04-01"}).outcome == "paid"
