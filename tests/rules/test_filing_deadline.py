"""Received within the limit: the plan's own 60 days, as the test vectors of domain.md T1 to T8 and T11 state them."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules import adjudication
from rules.docket import docket
from rules.filing_anchors import discharge_day, normal_anchors
from rules.rulebook import FilingRule, Limit, Plan, Rulebook
from tests.rules.bills import BOOK, CLAIM, CORRECTION, LINE, SINCE, SPAN, book_with, claim, decide_one, frame, line

BED: dict[str, Any] = {"procedure_code": None, "revenue_code": "0120", "unit": "DA", "place_of_service": None}
EMERGENCY: dict[str, Any] = BED | {"revenue_code": "0450", "unit": "UN"}
JANUARY_15 = [line(service_from="2026-01-15")]
STAY: dict[str, Any] = {
    "kind": "I",
    "facility_code": "11",
    "admission_date": "2026-03-10",
    "service_from": "2026-03-10",
}


@pytest.mark.parametrize(
    ("changes", "lines", "day", "timely"),
    [
        pytest.param({"received_date": "2026-03-16"}, JANUARY_15, 60, True, id="T1-day-60-is-timely"),
        pytest.param({"received_date": "2026-03-17"}, JANUARY_15, 61, False, id="T2-day-61-is-late"),
        pytest.param({"received_date": "2027-03-01"}, [line(service_from="2026-12-31")], 60, True, id="across-a-year"),
        pytest.param({"received_date": "2026-05-31"}, [line()], 60, True, id="over-months-of-30-and-31-days"),
        pytest.param(
            {"received_date": "2026-06-08"},
            [line(service_from="2026-04-01", service_through="2026-04-30")],
            68,
            False,
            id="T4-a-range-counts-from-its-start",
        ),
        pytest.param(
            {
                **STAY,
                "service_through": "2026-04-20",
                "patient_status": "01",
                "received_date": "2026-06-08",
            },
            [line(**BED, service_from="2026-03-10")],
            49,
            True,
            id="T5-a-stay-counts-from-discharge",
        ),
        pytest.param(
            {
                **STAY,
                "service_through": "2026-04-20",
                "discharge_occurrence_date": "2026-04-18",
                "patient_status": "01",
                "received_date": "2026-06-08",
            },
            [line(**BED, service_from="2026-03-10")],
            51,
            True,
            id="occurrence-42-states-the-discharge",
        ),
        pytest.param(
            {
                **STAY,
                "service_through": "2026-03-31",
                "discharge_occurrence_date": "2026-04-20",
                "patient_status": "30",
                "received_date": "2026-05-31",
            },
            [line(**BED, service_from="2026-03-10")],
            61,
            False,
            id="T6-still-a-patient-counts-from-the-through-date",
        ),
        pytest.param(
            {"kind": "I", "facility_code": "13", "received_date": "2026-06-08"},
            [line(**EMERGENCY)],
            68,
            False,
            id="T7-outpatient-is-late",
        ),
        pytest.param(
            {"kind": "I", "facility_code": "13", "service_through": "2026-04-20", "received_date": "2026-06-08"},
            [line(**EMERGENCY)],
            49,
            True,
            id="outpatient-counts-from-the-through-date-of-the-statement",
        ),
        pytest.param(
            {"received_date": "2026-03-17", "primary_decided_on": "2026-02-01"},
            JANUARY_15,
            44,
            True,
            id="T8-the-first-payer-decided-later",
        ),
        pytest.param(
            {"received_date": "2026-03-17", "primary_decided_on": "2026-01-02"},
            JANUARY_15,
            61,
            False,
            id="the-first-payer-decided-before-the-service",
        ),
        pytest.param(
            {"received_date": "2026-05-31", "service_from": "2026-04-01"},
            [line(service_from=None)],
            60,
            True,
            id="a-line-without-a-date-has-that-of-its-claim",
        ),
    ],
)
def test_days_from_anchor_to_receipt(
    changes: dict[str, Any], lines: list[dict[str, Any]], day: int, *, timely: bool
) -> None:
    """Timely iff received - anchor <= 60; late lines are denied CO 29 and nothing else."""
    decided = decide_one(changes, lines)
    measured = [each for each in decided.explanation if "day" in each]
    assert [(each["day"], each["limit"]) for each in measured] == [(day, 60)]
    assert ("CO 29" in decided.codes) is not timely
    assert decided.outcome == ("paid" if timely else "denied")
    assert decided.claim_status_code == "1"


def test_only_late_lines_are_denied() -> None:
    """T3: line 1 on day 68 is denied, line 2 on day 49 is paid, and the explanation stores the facts of both."""
    decided = decide_one({"received_date": "2026-06-08"}, [line(1), line(2, service_from="2026-04-20")])
    assert decided.outcome == "paid"
    assert decided.claim_status_code == "1"
    assert decided.adjustments[0] == (1, "CO 29", 18250)
    assert decided.paid_lines == [0, 7600]
    assert decided.facts_of("TF-60-PROFESSIONAL") == [
        {
            "rule": "TF-60-PROFESSIONAL",
            "line": 1,
            "anchor": "2026-04-01",
            "received": "2026-06-08",
            "day": 68,
            "limit": 60,
            "text": "anchor 2026-04-01, received 2026-06-08, day 68, limit 60, rule TF-60-PROFESSIONAL",
        },
        {
            "rule": "TF-60-PROFESSIONAL",
            "line": 2,
            "anchor": "2026-04-20",
            "received": "2026-06-08",
            "day": 49,
            "limit": 60,
            "text": "anchor 2026-04-20, received 2026-06-08, day 49, limit 60, rule TF-60-PROFESSIONAL",
        },
    ]


def test_a_stay_is_measured_once() -> None:
    """What is measured by the claim is told once, not once a line."""
    changes = {**STAY, "service_through": "2026-04-20", "patient_status": "01", "received_date": "2026-06-08"}
    decided = decide_one(changes, [line(1, **BED), line(2, **BED), line(3, **BED)])
    (told,) = decided.facts_of("TF-60-INPATIENT")
    assert "line" not in told


@pytest.mark.parametrize("frequency", ["2", "3"])
def test_an_interim_bill_has_no_discharge(frequency: str) -> None:
    """T6: frequency 2 and 3 count from the through date, whatever the patient status says."""
    interim = claim(
        **STAY,
        frequency_code=frequency,
        patient_status="01",
        discharge_occurrence_date="2026-04-20",
        service_through="2026-03-31",
        charge_cents=18250,
    )
    lines = docket(frame([interim], CLAIM), frame([line(**BED)], LINE), BOOK)
    assert discharge_day(lines).isna().all()
    assert normal_anchors(lines, BOOK.filing_rules[2]).dt.date.tolist() == [date(2026, 3, 31)]


def test_received_is_the_day_of_arrival() -> None:
    """T11: the decision knows the day of receipt and no other clock, so the day of processing cannot matter."""
    parameters = inspect.signature(adjudication.decide).parameters
    assert list(parameters) == ["facts", "rulebook"]


def _rules(*rules: FilingRule) -> Rulebook:
    silver = replace(BOOK.plans[0], id="SILVER")
    return book_with(filing_rules=rules, plans=(*BOOK.plans, silver))


PROFESSIONAL = BOOK.filing_rules[0]


@pytest.mark.parametrize(
    ("rules", "chosen"),
    [
        pytest.param((PROFESSIONAL, replace(PROFESSIONAL, id="OWN", plans=("GOLD",))), "OWN", id="own-plan-first"),
        pytest.param(
            (replace(PROFESSIONAL, id="OTHER", plans=("SILVER",)), PROFESSIONAL),
            "TF-60-PROFESSIONAL",
            id="another-plan-never",
        ),
        pytest.param(
            (PROFESSIONAL, replace(PROFESSIONAL, id="LATER", effective_from=date(2026, 4, 1))),
            "LATER",
            id="the-later-one-by-day-of-service",
        ),
        pytest.param(
            (PROFESSIONAL, replace(PROFESSIONAL, id="LATER", effective_from=date(2026, 4, 2))),
            "TF-60-PROFESSIONAL",
            id="not-yet-in-force",
        ),
        pytest.param(
            (PROFESSIONAL, replace(PROFESSIONAL, id="OVER", plans=("GOLD",), effective_through=date(2026, 3, 31))),
            "TF-60-PROFESSIONAL",
            id="no-longer-in-force",
        ),
        pytest.param(
            (
                replace(PROFESSIONAL, id="OWN", plans=("GOLD",)),
                replace(PROFESSIONAL, id="LATER", effective_from=date(2026, 1, 1)),
            ),
            "OWN",
            id="own-plan-before-later",
        ),
        pytest.param((PROFESSIONAL, replace(PROFESSIONAL, id="SECOND")), "TF-60-PROFESSIONAL", id="first-listed"),
    ],
)
def test_the_most_specific_rule_in_force_is_chosen(rules: tuple[FilingRule, ...], chosen: str) -> None:
    """By plan, class and day of service."""
    decided = decide_one({}, book=_rules(*rules))
    assert [each["rule"] for each in decided.explanation if "limit" in each] == [chosen]


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param((), id="no-rules"),
        pytest.param(BOOK.filing_rules[1:], id="other-classes"),
        pytest.param((replace(PROFESSIONAL, effective_from=date(2027, 1, 1)),), id="none-in-force"),
    ],
)
def test_without_a_rule_the_claim_waits(rules: tuple[FilingRule, ...]) -> None:
    """A limit that is not in the configuration is never guessed."""
    decided = decide_one({"received_date": "2030-01-01"}, book=_rules(*rules))
    assert (decided.outcome, decided.pend_reason) == ("pended", "NO_FILING_RULE")


@pytest.mark.parametrize(
    ("change", "changes", "lines", "timely"),
    [
        pytest.param({"limit": Limit(59)}, {"received_date": "2026-03-16"}, JANUARY_15, False, id="limit"),
        pytest.param({"limit": Limit(0)}, {"received_date": "2026-01-15"}, JANUARY_15, True, id="same-day"),
        pytest.param(
            {"count_anchor_day": True}, {"received_date": "2026-03-16"}, JANUARY_15, False, id="anchor-is-day-1"
        ),
        pytest.param(
            {"range_anchor": "end"},
            {"received_date": "2026-06-08"},
            [line(service_from="2026-04-01", service_through="2026-04-30")],
            True,
            id="T4-range-anchor-end",
        ),
        pytest.param(
            {"anchor": "statement_through"},
            {"received_date": "2026-06-08", "service_through": "2026-04-30"},
            [line()],
            True,
            id="claim-wide-anchor",
        ),
    ],
)
def test_limits_come_from_the_rulebook(
    change: dict[str, Any], changes: dict[str, Any], lines: list[dict[str, Any]], *, timely: bool
) -> None:
    """Each setting of a filing rule changes the outcome, and no code has to."""
    decided = decide_one(changes, lines, book=_rules(replace(PROFESSIONAL, **change)))
    assert ("CO 29" in decided.codes) is not timely


@pytest.mark.parametrize(
    ("received", "timely"),
    [("2026-07-09", True), ("2026-07-10", False), ("2026-04-01", True)],
    ids=["day-90", "day-91", "received-before-the-original-was-remitted"],
)
def test_a_replacement_is_measured_by_its_window_alone(received: str, *, timely: bool) -> None:
    """90 days from the first remittance of the original, never 60 days from the service."""
    decided = decide_one({**CORRECTION, "received_date": received}, [line(service_from="2025-06-01")])
    assert decided.codes == (["CO 45", "PR 3", "PR 2"] if timely else ["CO 29"])
    assert bool(decided.replaces_original) is timely
    (told,) = decided.facts_of("CORRECTION-WINDOW")
    assert (told["anchor"], told["received"], told["limit"]) == ("2026-04-10", received, 90)


def test_a_void_is_never_late() -> None:
    """An 8 years after the service and the remittance is accepted."""
    decided = decide_one({**CORRECTION, "frequency_code": "8", "received_date": "2031-01-01"})
    assert (decided.outcome, decided.claim_status_code) == ("paid", "void")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        pytest.param({"original_late_through": "2026-04-05"}, ["CO 29", "CO 45", "PR 3", "PR 2"], id="late-line-stays"),
        pytest.param({"original_late_through": "2026-03-31"}, ["CO 45", "PR 3", "PR 2"], id="timely-lines-are-priced"),
        pytest.param(
            {"original_late_through": "2026-01-01", "kind": "I", "facility_code": "13"},
            ["CO 29"],
            id="institutional-as-a-whole",
        ),
    ],
)
def test_replacing_what_was_late_does_not_make_it_timely(changes: dict[str, Any], codes: list[str]) -> None:
    """Lines up to the latest late service of the original stay CO 29, and the decision takes its place."""
    decided = decide_one(CORRECTION | changes, [line(1), line(2, service_from="2026-04-10")])
    assert decided.codes == codes
    assert decided.replaces_original


def test_coverage_goes_before_filing() -> None:
    """A line that is not covered is not measured: the rule that applies first is the one that is told."""
    span = SPAN | {"valid_from": "2026-05-01"}
    decided = decide_one({"received_date": "2026-09-01"}, spans=[span])
    assert decided.codes == ["PR 26"]
    assert not decided.facts_of("TF-60-PROFESSIONAL")


def test_plan_of_the_member_chooses_the_rule() -> None:
    """Two plans, two limits: the member's own counts."""
    rules = (PROFESSIONAL, replace(PROFESSIONAL, id="TF-90-SILVER", plans=("SILVER",), limit=Limit(90)))
    silver = Plan(
        id="SILVER", name="Silver", filing_indicator="HM", copay_cents=0, coinsurance_percent=0, effective_from=SINCE
    )
    book = book_with(filing_rules=rules, plans=(*BOOK.plans, silver))
    late = {"received_date": "2026-06-20"}
    assert decide_one(late, book=book).codes == ["CO 29"]
    assert decide_one(late, book=book, spans=[SPAN | {"plan_id": "SILVER"}]).codes == ["CO 45"]
