"""Members are covered on the day of service, or the denial says why not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.bills import BOOK, SPAN, book_with, decide_one, line

ENDED = SPAN | {"valid_through": "2026-03-31"}
BEGINS = SPAN | {"valid_from": "2026-04-02"}


@pytest.mark.parametrize(
    ("spans", "codes"),
    [
        pytest.param([SPAN], ["CO 45", "PR 3", "PR 2"], id="open-span"),
        pytest.param([SPAN | {"valid_from": "2026-04-01"}], ["CO 45", "PR 3", "PR 2"], id="first-day"),
        pytest.param([SPAN | {"valid_through": "2026-04-01"}], ["CO 45", "PR 3", "PR 2"], id="last-day"),
        pytest.param([BEGINS], ["PR 26"], id="before-coverage"),
        pytest.param([ENDED], ["PR 27"], id="after-coverage"),
        pytest.param([ENDED, BEGINS], ["PR 27"], id="in-a-gap"),
        pytest.param([], ["PR 177"], id="never-covered"),
        pytest.param([SPAN | {"insurance_line": "DEN"}], ["PR 177"], id="dental-coverage-is-not-medical"),
        pytest.param([SPAN | {"member_id": 8}], ["PR 177"], id="coverage-of-somebody-else"),
    ],
)
def test_coverage_on_the_day_of_service(spans: list[dict[str, Any]], codes: list[str]) -> None:
    """Both ends of a span are covered days."""
    decided = decide_one(spans=spans)
    assert decided.codes == codes
    assert decided.claim_status_code == "1"


def test_unpaid_continued_coverage_pends_the_claim() -> None:
    """It is neither paid nor denied; days before it and other members' claims are decided."""
    cobra = SPAN | {"valid_from": "2026-04-01", "is_unpaid": True}
    decided = decide_one(spans=[SPAN | {"valid_through": "2026-03-31"}, cobra])
    assert (decided.outcome, decided.pend_reason, decided.adjustments) == ("pended", "COBRA_UNPAID", [])
    (told,) = decided.facts_of("COVERED-ON-SERVICE-DAY")
    assert (told["service"], told["from"]) == ("2026-04-01", "2026-04-01")
    assert decide_one(spans=[SPAN, cobra | {"member_id": 8}]).outcome == "paid"
    earlier = line(service_from="2026-03-31")
    assert decide_one(lines=[earlier], spans=[SPAN | {"valid_through": "2026-03-31"}, cobra]).outcome == "paid"


def test_each_line_has_its_own_day() -> None:
    """A claim across the end of coverage is paid up to it."""
    span = SPAN | {"valid_through": "2026-04-01"}
    decided = decide_one(lines=[line(1), line(2, service_from="2026-04-02")], spans=[span])
    assert decided.outcome == "paid"
    assert decided.adjustments[-1] == (2, "PR 27", 18250)
    told = decided.facts_of("COVERED-ON-SERVICE-DAY")
    assert [(each["line"], each["service"]) for each in told] == [(2, "2026-04-02"), (1, "2026-04-01")]
    assert told[0]["ended"] == "2026-04-01"


def test_a_stay_is_covered_by_the_day_of_admission() -> None:
    """A member who leaves the plan during a stay has the stay paid; one who joins during it has not."""
    stay = {
        "kind": "I",
        "facility_code": "11",
        "admission_date": "2026-03-30",
        "patient_status": "01",
        "service_from": "2026-03-30",
        "service_through": "2026-04-05",
    }
    days = [line(number, revenue_code="0120", procedure_code=None, unit="DA") for number in (1, 2)]
    assert decide_one(stay, days, spans=[ENDED]).outcome == "paid"
    assert decide_one(stay, days, spans=[BEGINS]).codes == ["PR 26"]


def test_a_member_not_known_is_claim_status_4() -> None:
    """PR 31 with N382, the only denial that is not status 1."""
    decided = decide_one({"member_id": None, "received_date": "2030-01-01"})
    assert (decided.outcome, decided.claim_status_code) == ("denied", "4")
    assert (decided.codes, decided.remarks) == (["PR 31"], [(1, "N382")])
    assert decided.patient_responsibility_cents == 18250
    assert decided.plan_id is None


def test_of_two_lines_of_insurance_the_first_listed_is_used() -> None:
    """A day with two medical lines of insurance has one plan, by the order of the rulebook."""
    book = book_with(plans=(*BOOK.plans, replace(BOOK.plans[0], id="SILVER")))
    both = [SPAN | {"insurance_line": "PPO", "plan_id": "SILVER"}, SPAN | {"insurance_line": "HLT"}]
    assert decide_one(spans=both, book=book).plan_id == "GOLD"
    swapped = book_with(plans=book.plans, medical_insurance_lines=("PPO", "HLT"))
    assert decide_one(spans=both, book=swapped).plan_id == "SILVER"
