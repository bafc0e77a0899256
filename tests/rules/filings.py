"""Filings to measure: rules, settings and bills for the tests of the filing deadline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rules.filing_settings import FilingRule, FilingSettings
from rules.rulebook import Rulebook
from tests.rules.bills import BOOK, book_with, line

PROFESSIONAL, OUTPATIENT, INPATIENT = BOOK.filing_rules
BED: dict[str, Any] = {"procedure_code": None, "revenue_code": "0120", "unit": "DA", "place_of_service": None}
EMERGENCY: dict[str, Any] = BED | {"revenue_code": "0450", "unit": "UN"}
JANUARY_15 = [line(service_from="2026-01-15")]
LATE: dict[str, Any] = {"received_date": "2026-03-17"}
"""A claim for 15 January on day 61."""
STAY: dict[str, Any] = {
    "kind": "I",
    "facility_code": "11",
    "patient_status": "01",
    "admission_date": "2026-03-10",
    "service_from": "2026-03-10",
    "service_through": "2026-04-20",
}


def book_of(rule: FilingRule, settings: FilingSettings | None = None, **changes: Any) -> Rulebook:  # noqa: ANN401 - any setting
    """The rulebook of the tests with one rule changed, and these settings for all."""
    changed = replace(rule, **changes)
    rules = tuple(changed if each.id == rule.id else each for each in BOOK.filing_rules)
    return book_with(filing_rules=rules, filing=settings or FilingSettings())
