"""How long a claim may be corrected, by basis, unit and rule: domain.md 5.5."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from rules.filing_settings import (
    CorrectionBasis,
    CorrectionWindow,
    FilingSettings,
    LateReduction,
    Limit,
    Outage,
)
from rules.rulebook import Rulebook
from tests.rules.bills import BOOK, CORRECTION, book_with, decide_one, line
from tests.rules.filings import EMERGENCY, OUTPATIENT, PROFESSIONAL, book_of

REMITTED = CORRECTION["original_first_remitted_on"]
"""2026-04-10; the services are of 2026-04-01."""


def window(basis: CorrectionBasis, limit: Limit) -> Rulebook:
    """A rulebook with this window for all corrections."""
    return book_with(correction=replace(BOOK.correction, window=CorrectionWindow(limit=limit, basis=basis)))


@pytest.mark.parametrize(
    ("basis", "limit", "last_day", "anchor"),
    [
        ("original_remit_date", Limit(90), "2026-07-09", REMITTED),
        ("original_remit_date", Limit(6, "months"), "2026-10-10", REMITTED),
        ("original_remit_date", Limit(1, "years"), "2027-04-10", REMITTED),
        ("service_anchor", Limit(365), "2027-04-01", "2026-04-01"),
        ("service_anchor", Limit(90), "2026-06-30", "2026-04-01"),
        ("either_later", Limit(90), "2026-07-09", REMITTED),
    ],
)
def test_a_correction_is_measured_by_its_basis(
    basis: CorrectionBasis, limit: Limit, last_day: str, anchor: str
) -> None:
    """The last day passes, the next one is CO 29 and leaves the original alone."""
    book = window(basis, limit)
    timely = decide_one({**CORRECTION, "received_date": last_day}, book=book)
    (told,) = timely.facts_of("CORRECTION-WINDOW")
    assert (told["anchor"], told["limit"], told["last_day"]) == (anchor, limit.told, last_day)
    assert timely.outcome == "paid"
    next_day = str(date.fromisoformat(last_day) + timedelta(1))
    late = decide_one({**CORRECTION, "received_date": next_day}, book=book)
    assert late.codes == ["CO 29"]
    assert not late.replaces_original


def test_either_basis_gives_the_later_day() -> None:
    """Services after the remittance of the original: their anchor is the later one."""
    book = window("either_later", Limit(90))
    bill = {**CORRECTION, "received_date": "2026-07-19", "service_from": "2026-04-20", "service_through": "2026-04-20"}
    decided = decide_one(bill, [line(service_from="2026-04-20")], book=book)
    (told,) = decided.facts_of("CORRECTION-WINDOW")
    assert (told["anchor"], told["last_day"]) == ("2026-04-20", "2026-07-19")


def test_the_services_of_a_claim_have_one_window() -> None:
    """By the latest anchor among the lines, so that a correction is never timely in part."""
    book = window("service_anchor", Limit(90))
    lines = [line(1, service_from="2026-01-05"), line(2, service_from="2026-04-01")]
    decided = decide_one({**CORRECTION, "received_date": "2026-06-30", "service_from": "2026-01-05"}, lines, book=book)
    assert [each["anchor"] for each in decided.facts_of("CORRECTION-WINDOW")] == ["2026-04-01"]
    assert decided.outcome == "paid"


@pytest.mark.parametrize(("received", "timely"), [("2026-10-10", True), ("2026-10-11", False)])
def test_a_filing_rule_may_have_a_window_of_its_own(received: str, *, timely: bool) -> None:
    """It goes before that of the rulebook."""
    book = book_of(PROFESSIONAL, correction=CorrectionWindow(limit=Limit(6, "months")))
    assert (decide_one({**CORRECTION, "received_date": received}, book=book).outcome == "paid") is timely


@pytest.mark.parametrize(
    ("frequency", "facts", "told"),
    [
        pytest.param("7", {}, ["CORRECTION-WINDOW"], id="replacement"),
        pytest.param("1", {"original_claim_id": None}, ["TF-60-PROFESSIONAL"], id="resubmission-has-the-normal-clock"),
    ],
)
def test_corrections_and_resubmissions_have_different_clocks(
    frequency: str, facts: dict[str, Any], told: list[str]
) -> None:
    """A frequency 1 after a rejection is measured as any first claim."""
    decided = decide_one({**CORRECTION, "frequency_code": frequency, **facts, "received_date": "2026-05-01"})
    assert [each["rule"] for each in decided.explanation if "limit" in each] == told


def test_outages_lengthen_the_window_too() -> None:
    """Days without intake after the remittance."""
    settings = FilingSettings(outages=(Outage(id="A", first=date(2026, 7, 1), last=date(2026, 7, 2)),))
    book = book_of(PROFESSIONAL, settings)
    assert decide_one({**CORRECTION, "received_date": "2026-07-11"}, book=book).outcome == "paid"
    assert decide_one({**CORRECTION, "received_date": "2026-07-12"}, book=book).codes == ["CO 29"]


SPLIT = book_of(PROFESSIONAL, range_anchor="split")
APRIL: dict[str, Any] = {"service_from": "2026-04-01", "service_through": "2026-04-30"}


@pytest.mark.parametrize(
    ("late_through", "codes", "late"),
    [
        pytest.param("2026-04-08", ["CO 29", "CO 45", "PR 3", "PR 2"], 8000, id="late-in-part"),
        pytest.param("2026-04-30", ["CO 29"], 30000, id="late-altogether"),
        pytest.param("2026-03-31", ["CO 45", "PR 3", "PR 2"], 0, id="timely"),
        pytest.param(None, ["CO 45", "PR 3", "PR 2"], 0, id="nothing-late"),
    ],
)
def test_what_was_late_in_part_stays_late_in_part(late_through: str | None, codes: list[str], late: int) -> None:
    """A replacement of a range that was split is split at the same day, whenever it comes."""
    bill = {**CORRECTION, **APRIL, "original_late_through": late_through, "received_date": "2026-06-30"}
    decided = decide_one(bill, [line(**APRIL, charge_cents=30000)], book=SPLIT)
    assert decided.codes == codes
    assert sum(cents for _, code, cents in decided.adjustments if code == "CO 29") == late


@pytest.mark.parametrize(("through", "reduction"), [("2026-04-01", 760), ("2026-03-31", 0), (None, 0)])
def test_what_was_paid_less_is_paid_less_when_it_is_replaced(through: str | None, reduction: int) -> None:
    """By the rule's percentage, for the services that were late; the replacement's own receipt changes nothing."""
    book = book_of(PROFESSIONAL, late_reduction=LateReduction(percent=10, within=Limit(30)))
    bill = {**CORRECTION, "original_reduced_through": through, "received_date": "2026-06-15"}
    decided = decide_one(bill, book=book)
    assert sum(cents for _, code, cents in decided.adjustments if code == "CO B4") == reduction
    assert decided.paid_lines == [7600 - reduction]


BY_END = book_of(PROFESSIONAL, range_anchor="end", late_reduction=LateReduction(percent=10, within=Limit(30)))


@pytest.mark.parametrize(
    ("last", "late"),
    [
        pytest.param("2026-04-30", [1], id="a-timely-range-around-a-late-day"),
        pytest.param("2026-04-08", [1, 2], id="a-late-range"),
    ],
)
def test_a_range_that_is_measured_by_its_end_stays_what_it_was(last: str, late: list[int]) -> None:
    """A late single day inside of a timely range makes no day of it late, and takes nothing off its payment."""
    lines = [line(1, service_from="2026-04-08"), line(2, service_from="2026-04-01", service_through=last)]
    for was, code in (("late", "CO 29"), ("reduced", "CO B4")):
        before = {f"original_{was}_through": "2026-04-08", f"original_{was}_end": "2026-04-08"}
        decided = decide_one({**CORRECTION, **APRIL, **before, "received_date": "2026-06-30"}, lines, book=BY_END)
        assert [number for number, each, _ in decided.adjustments if each == code] == late


def test_a_replacement_is_never_split_by_its_own_receipt() -> None:
    """It is measured by its window; the 60 days of the services are over for the first of them, and do not count."""
    decided = decide_one({**CORRECTION, **APRIL, "received_date": "2026-06-08"}, [line(**APRIL)], book=SPLIT)
    assert decided.codes == ["CO 45", "PR 3", "PR 2"]


TWO_DAYS: dict[str, Any] = {
    "kind": "I",
    "facility_code": "13",
    "service_from": "2026-02-10",
    "service_through": "2026-04-01",
}
BY_LINE = book_of(OUTPATIENT, anchor="service")
IN_TIME, TOO_LATE = {"received_date": "2026-04-20"}, {"received_date": "2026-07-10"}


@pytest.mark.parametrize(
    ("book", "claim", "late"),
    [
        pytest.param(BY_LINE, IN_TIME, [1], id="first-filing-by-line"),
        pytest.param(BY_LINE, CORRECTION | {"original_late_through": "2026-02-10"}, [1], id="replacement-by-line"),
        pytest.param(BY_LINE, CORRECTION, [], id="nothing-was-late"),
        pytest.param(BY_LINE, CORRECTION | TOO_LATE, [1, 2], id="replacement-outside-its-window"),
        pytest.param(BOOK, CORRECTION | {"original_late_through": "2026-02-10"}, [1, 2], id="replacement-as-a-whole"),
        pytest.param(
            book_of(PROFESSIONAL, lines="last_of_claim"),
            CORRECTION | {"original_late_through": "2026-02-10", "kind": "P", "facility_code": "11"},
            [1, 2],
            id="professional-as-a-whole",
        ),
        pytest.param(
            book_of(OUTPATIENT, effective_from=date(2027, 1, 1)),
            CORRECTION | {"original_late_through": "2026-02-10"},
            [1, 2],
            id="institutional-without-a-rule",
        ),
    ],
)
def test_a_claim_is_late_as_its_rule_measures_it(book: Rulebook, claim: dict[str, Any], late: list[int]) -> None:
    """Services of 10 February and 1 April: judged line by line only the first was late, and stays so when replaced."""
    bill = TWO_DAYS | {"received_date": "2026-06-30"} | claim
    lines = [line(each, **EMERGENCY, service_from=day) for each, day in ((1, "2026-02-10"), (2, "2026-04-01"))]
    if bill["kind"] == "P":
        lines = [line(each["line_number"], service_from=each["service_from"]) for each in lines]
    decided = decide_one(bill, lines, book=book)
    assert [number for number, code, _ in decided.adjustments if code == "CO 29"] == late


@pytest.mark.parametrize(("book", "reduced"), [(BY_LINE, [1]), (BOOK, [1, 2])], ids=["by-line", "as-a-whole"])
def test_a_claim_is_reduced_as_its_rule_measures_it(book: Rulebook, reduced: list[int]) -> None:
    """Of an original that was paid less for its first service."""
    less = LateReduction(percent=10, within=Limit(30))
    rules = tuple(replace(each, late_reduction=less) for each in book.filing_rules)
    bill = TWO_DAYS | CORRECTION | {"original_reduced_through": "2026-02-10", "received_date": "2026-06-30"}
    lines = [line(each, **EMERGENCY, service_from=day) for each, day in ((1, "2026-02-10"), (2, "2026-04-01"))]
    decided = decide_one(bill, lines, book=replace(book, filing_rules=rules))
    assert [number for number, code, _ in decided.adjustments if code == "CO B4"] == reduced
