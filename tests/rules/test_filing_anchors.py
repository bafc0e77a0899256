"""The anchor of each kind of claim, and what other plans do instead: a table of cases for each row of domain.md 5.2."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rules.filing_settings import FilingSettings, Limit, SecondaryRule
from tests.rules.bills import BOOK, RECORD, book_with, decide_one, line
from tests.rules.filings import BED, EMERGENCY, LATE, OUTPATIENT, PROFESSIONAL, STAY, book_of

APRIL: dict[str, Any] = {
    "received_date": "2026-06-08",
    "service_from": "2026-04-01",
    "service_through": "2026-04-30",
}
"""A claim for April, received on day 68 of its first day and day 39 of its last."""
ONE_RANGE = [line(service_from="2026-04-01", service_through="2026-04-30")]
TWO_DAYS = [line(1), line(2, service_from="2026-04-30")]
OF_STAY = [line(**BED, service_from="2026-03-10")]
OUT: dict[str, Any] = APRIL | {"kind": "I", "facility_code": "13"}
OUT_LINES = [line(1, **EMERGENCY), line(2, **EMERGENCY, service_from="2026-04-30")]


def anchors(rule: str, changes: dict[str, Any], lines: list[dict[str, Any]], **surroundings: Any) -> list[str]:  # noqa: ANN401 - as decide_one
    """The anchors that were told, by line or once."""
    return [each["anchor"] for each in decide_one(changes, lines, **surroundings).facts_of(rule)]


@pytest.mark.parametrize(
    ("settings", "lines", "expected"),
    [
        pytest.param({}, [line()], ["2026-04-01"], id="one-date"),
        pytest.param({}, [line(service_from=None)], ["2026-04-01"], id="no-date-of-its-own-has-the-claims"),
        pytest.param({}, ONE_RANGE, ["2026-04-01"], id="a-range-has-its-start"),
        pytest.param({"range_anchor": "end"}, ONE_RANGE, ["2026-04-30"], id="or-its-end"),
        pytest.param({}, TWO_DAYS, ["2026-04-01", "2026-04-30"], id="several-lines-each-its-own"),
        pytest.param({"lines": "last_of_claim"}, TWO_DAYS, ["2026-04-30"], id="or-the-last-of-the-claim-once"),
        pytest.param(
            {"end_of_care_procedures": ("99213",)},
            [line(1), line(2, procedure_code="J1000")],
            ["2026-04-30", "2026-04-01"],
            id="continuous-care-has-its-end",
        ),
        pytest.param({"anchor": "statement_through"}, TWO_DAYS, ["2026-04-30"], id="the-claims-last-day"),
    ],
)
def test_professional_and_dental_lines(
    settings: dict[str, Any], lines: list[dict[str, Any]], expected: list[str]
) -> None:
    """Rows 1 to 3 and OB global: each line by itself, from its first day, unless the plan says otherwise."""
    told = anchors("TF-60-PROFESSIONAL", APRIL, lines, book=book_of(PROFESSIONAL, **settings))
    assert sorted(told) == sorted(expected)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [({}, ["2026-04-30"]), ({"anchor": "service"}, ["2026-04-01", "2026-04-30"])],
    ids=["through-date", "line-date"],
)
def test_outpatient_bills(settings: dict[str, Any], expected: list[str]) -> None:
    """Row 4: the through date of the statement, or each line's own date."""
    assert sorted(anchors("TF-60-OUTPATIENT", OUT, OUT_LINES, book=book_of(OUTPATIENT, **settings))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, "2026-04-20", id="the-through-date"),
        pytest.param({"discharge_occurrence_date": "2026-04-18"}, "2026-04-18", id="occurrence-42"),
        pytest.param({"service_through": "2026-03-10"}, "2026-03-10", id="a-stay-of-one-day"),
        *(
            pytest.param(
                {"patient_status": str(status), "discharge_occurrence_date": "2026-04-18"}, "2026-04-20", id=f"{status}"
            )
            for status in range(30, 40)
        ),
    ],
)
def test_stays(changes: dict[str, Any], expected: str) -> None:
    """Rows 5 and 6, domain.md 4.4: discharge, where there was one; CL103 30 to 39 are still patients."""
    bill = {**STAY, "received_date": "2026-06-01", **changes}
    assert anchors("TF-60-INPATIENT", bill, OF_STAY) == [expected]


@pytest.mark.parametrize("facility", ["12", "22", "82"])
def test_disputed_bill_types_are_stays_where_the_plan_says_so(facility: str) -> None:
    """domain.md 4.3: outpatient by default, and measured from discharge when listed as inpatient."""
    bill = {**STAY, "facility_code": facility, "discharge_occurrence_date": "2026-04-18", "received_date": "2026-06-01"}
    assert anchors("TF-60-OUTPATIENT", bill, OF_STAY) == ["2026-04-20"]
    listed = book_with(inpatient_bill_types=(*BOOK.inpatient_bill_types, facility))
    assert anchors("TF-60-INPATIENT", bill, OF_STAY, book=listed) == ["2026-04-18"]


@pytest.mark.parametrize(
    ("secondary", "decided", "received", "timely"),
    [
        pytest.param(SecondaryRule(), "2026-02-01", "2026-04-02", True, id="full-limit-again"),
        pytest.param(SecondaryRule(), "2026-02-01", "2026-04-03", False, id="and-not-a-day-more"),
        pytest.param(SecondaryRule(), "2026-01-02", "2026-03-16", True, id="never-shorter-than-the-normal-limit"),
        pytest.param(SecondaryRule(), "2026-03-18", "2026-03-17", False, id="decided-after-receipt-is-no-decision"),
        pytest.param(None, "2026-02-01", "2026-03-17", False, id="clock-not-restarted"),
        pytest.param(SecondaryRule(limit=Limit(180)), "2026-02-01", "2026-07-31", True, id="a-limit-of-its-own"),
        pytest.param(SecondaryRule(limit=Limit(180)), "2026-02-01", "2026-08-01", False, id="and-its-end"),
        pytest.param(
            SecondaryRule(limit=Limit(60), cap=Limit(90)), "2026-03-10", "2026-04-15", True, id="inside-the-cap"
        ),
        pytest.param(
            SecondaryRule(limit=Limit(60), cap=Limit(90)), "2026-03-10", "2026-04-16", False, id="beyond-the-cap"
        ),
        pytest.param(SecondaryRule(limit=Limit(1, "months")), "2026-02-28", "2026-03-28", True, id="in-months"),
    ],
)
def test_secondary_claims(secondary: SecondaryRule | None, decided: str, received: str, *, timely: bool) -> None:
    """Row COB: the later of the normal deadline and the one from the prior payer's date, with its own limit and cap."""
    bill = {"received_date": received, "primary_decided_on": decided}
    found = decide_one(bill, [line(service_from="2026-01-15")], book=book_of(PROFESSIONAL, secondary=secondary))
    assert ("CO 29" not in found.codes) is timely


def test_a_cap_is_told() -> None:
    """An explanation names what kept a limit short."""
    book = book_of(PROFESSIONAL, secondary=SecondaryRule(limit=Limit(60), cap=Limit(90)))
    bill = {"received_date": "2026-04-15", "primary_decided_on": "2026-03-10"}
    (told,) = decide_one(bill, [line(service_from="2026-01-15")], book=book).facts_of("TF-60-PROFESSIONAL")
    assert told["moved"] == "no later than 90 days from 2026-01-15"
    assert (told["anchor"], told["last_day"]) == ("2026-03-10", "2026-04-15")


LATER = [RECORD | {"recorded_on": "2026-02-10"}]


@pytest.mark.parametrize(
    ("records", "received", "timely"),
    [
        pytest.param(LATER, "2026-04-11", True, id="sixty-days-from-the-record"),
        pytest.param(LATER, "2026-04-12", False, id="and-not-a-day-more"),
        pytest.param([RECORD | {"recorded_on": "2026-01-15"}], "2026-03-17", False, id="known-on-the-day-of-service"),
        pytest.param(
            [RECORD | {"recorded_on": "2025-12-01", "superseded_on": "2026-02-01"}, *LATER],
            "2026-03-17",
            False,
            id="known-then-and-corrected-later",
        ),
        pytest.param(
            [RECORD | {"recorded_on": "2025-06-01", "superseded_on": "2025-12-01"}, *LATER],
            "2026-04-11",
            True,
            id="taken-away-before-the-service-and-given-back-after",
        ),
        pytest.param([LATER[0] | {"valid_through": "2026-01-14"}], "2026-03-17", False, id="other-days"),
        pytest.param([LATER[0] | {"insurance_line": "DEN"}], "2026-03-17", False, id="other-insurance"),
        pytest.param([LATER[0] | {"member_id": 8}], "2026-03-17", False, id="another-member"),
        pytest.param([*LATER, RECORD | {"recorded_on": "2026-03-01"}], "2026-04-11", True, id="the-first-record"),
        pytest.param([*LATER, RECORD | {"recorded_on": "2026-03-01"}], "2026-04-12", False, id="and-no-other"),
        pytest.param(None, "2026-03-17", False, id="nothing-was-read"),
    ],
)
def test_retroactive_eligibility(records: list[dict[str, Any]] | None, received: str, *, timely: bool) -> None:
    """Row retro eligibility: from the day of record, where our books lacked the coverage on the day of service."""
    book = book_of(PROFESSIONAL, retroactive_eligibility=True)
    bill = {"received_date": received}
    lines = [line(service_from="2026-01-15")]
    assert ("CO 29" not in decide_one(bill, lines, records=records, book=book).codes) is timely
    assert decide_one(bill, lines, records=records).codes == ["CO 29"]


def test_the_opening_of_the_books_proves_nothing() -> None:
    """Coverage recorded through `books_opened_on` counts as always known."""
    opened = FilingSettings(books_opened_on=date(2026, 2, 10))
    book = book_of(PROFESSIONAL, opened, retroactive_eligibility=True)
    assert decide_one(LATE, [line(service_from="2026-01-15")], records=LATER, book=book).codes == ["CO 29"]


def test_each_line_has_its_own_day_of_record() -> None:
    """A line before the record counts from it, one after it from its own day."""
    book = book_of(PROFESSIONAL, retroactive_eligibility=True)
    lines = [line(1, service_from="2026-02-01"), line(2, service_from="2026-02-20")]
    bill = {"received_date": "2026-04-10", "service_from": "2026-02-01", "service_through": "2026-02-20"}
    found = decide_one(bill, lines, records=LATER, book=book).facts_of("TF-60-PROFESSIONAL")
    assert {(each["line"], each["anchor"]) for each in found} == {(1, "2026-02-10"), (2, "2026-02-20")}
