"""Dental claims are decided like professional ones: by line date, by the fee of the procedure, by dental coverage."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rules.rulebook import Fee
from tests.rules.bills import BOOK, SINCE, SPAN, book_with, decide_one, line

TEETH = replace(BOOK.plans[0], id="TEETH", copay_cents=0, coinsurance_percent=50)
BOOK_WITH_TEETH = book_with(
    plans=(*BOOK.plans, TEETH),
    fees=(*BOOK.fees, Fee(procedure_code="D2392", allowed_cents=15000, effective_from=SINCE)),
)
DENTAL_SPAN = SPAN | {"insurance_line": "DEN", "plan_id": "TEETH"}
FILLING: dict[str, Any] = {"procedure_code": "D2392", "unit": None, "place_of_service": None, "quantity": None}


def decide_dental(changes: dict[str, Any] | None = None, *lines: dict[str, Any], **others: Any) -> Any:  # noqa: ANN401 - as decide_one
    """A filling at the dentist's."""
    some = [FILLING | each for each in lines or ({},)]
    bill = [line(number, **each) for number, each in enumerate(some, start=1)]
    given = {"spans": [DENTAL_SPAN, SPAN], "book": BOOK_WITH_TEETH} | others
    return decide_one({"kind": "D"} | (changes or {}), bill, **given)


def test_a_filling_is_paid_by_the_dental_plan() -> None:
    """One procedure where none is counted, the fee of its code, half of it the member's."""
    decided = decide_dental()
    assert (decided.outcome, decided.plan_id) == ("paid", "TEETH")
    assert decided.adjustments == [(1, "CO 45", 3250), (1, "PR 2", 7500)]


def test_procedures_that_are_counted_are_paid_each() -> None:
    """SV306 counts them."""
    decided = decide_dental({}, {"quantity": 2, "charge_cents": 40000})
    assert decided.adjustments == [(1, "CO 45", 10000), (1, "PR 2", 15000)]


@pytest.mark.parametrize(
    ("spans", "codes"),
    [
        pytest.param([SPAN], ["PR 177"], id="medical-coverage-is-not-dental"),
        pytest.param([DENTAL_SPAN | {"insurance_line": "DCP"}], ["CO 45", "PR 2"], id="dental-capitation"),
        pytest.param([DENTAL_SPAN | {"valid_through": "2026-03-31"}, SPAN], ["PR 27"], id="dental-ended"),
        pytest.param([DENTAL_SPAN | {"valid_from": "2026-04-02"}, SPAN], ["PR 26"], id="dental-begins"),
    ],
)
def test_dental_services_need_dental_coverage(spans: list[dict[str, Any]], codes: list[str]) -> None:
    """And what medical coverage there is says nothing of it."""
    assert decide_dental(spans=spans).codes == codes


def test_late_lines_are_late_by_their_own_day() -> None:
    """As on a professional claim: 61 days after the service is late, and only that line."""
    decided = decide_dental(
        {"received_date": "2026-06-01", "facility_code": "21"},
        {"service_from": "2026-04-01"},
        {"service_from": "2026-04-02"},
    )
    assert decided.codes == ["CO 29", "CO 45", "PR 2"]
    assert decided.adjustments[0] == (1, "CO 29", 18250)


def test_an_estimate_waits_for_a_person() -> None:
    """A predetermination has no date of service and is neither paid nor denied."""
    decided = decide_dental({"predetermination": True, "service_from": None}, {"service_from": None})
    assert (decided.outcome, decided.pend_reason) == ("pended", "PREDETERMINATION")
    assert decided.is_without_money
    assert decide_dental({"predetermination": False}).outcome == "paid"
