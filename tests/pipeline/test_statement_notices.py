"""What every statement says of deadlines is what the rules say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.configuration import load_configuration
from pipeline.statement_notices import statement_notices
from rules.filing_settings import CorrectionBasis, CorrectionWindow, FilingRule, Limit
from tests.rules.bills import BOOK, book_with

CONFIGURATION = load_configuration(Path(__file__).parents[2] / "config")
PROFESSIONAL, OUTPATIENT, INPATIENT = BOOK.filing_rules
REMITTED = date(2026, 8, 31)


def filing_notices(*rules: FilingRule) -> list[str]:
    """Without those on corrections and disputes."""
    return list(statement_notices(book_with(filing_rules=rules), CONFIGURATION.payer, REMITTED)[:-2])


def test_each_limit_is_one_sentence() -> None:
    """In its own unit, with what it counts from."""
    same = replace(PROFESSIONAL, id="OUT", claim_class="outpatient")
    assert filing_notices(PROFESSIONAL, same, replace(INPATIENT, limit=Limit(1, "years"))) == [
        "Professional and outpatient claims must reach us within 60 days of the date of service.",
        "Inpatient claims must reach us within 1 year of discharge.",
    ]


def test_a_limit_that_is_not_for_all_says_for_whom() -> None:
    """Plans, lines of business, kinds of claims and contracts."""
    special = replace(
        PROFESSIONAL, plans=("GOLD",), lines_of_business=("medicaid",), kinds=("D",), contract="not_contracted"
    )
    (sentence,) = filing_notices(special)
    assert sentence.startswith(
        "Professional claims (837D) of plans GOLD of medicaid plans of providers without contract "
    )


def test_a_limit_that_is_over_is_not_told() -> None:
    """Not even where another begins."""
    assert filing_notices(replace(PROFESSIONAL, effective_through=date(2026, 8, 30))) == []


@pytest.mark.parametrize(
    ("limit", "basis", "words"),
    [
        (Limit(90), "original_remit_date", "within 90 days of the first remittance of the original - by 2026-11-29"),
        (Limit(6, "months"), "original_remit_date", "6 months of the first remittance of the original - by 2027-02-28"),
        (Limit(1, "years"), "service_anchor", "within 1 year of the start of the original's own limit. A void"),
        (Limit(90), "either_later", "whichever is later. A void"),
    ],
)
def test_the_window_of_corrections(limit: Limit, basis: CorrectionBasis, words: str) -> None:
    """With the last day where it is known: for claims of this remittance."""
    window = replace(BOOK.correction, window=CorrectionWindow(limit=limit, basis=basis))
    notices = statement_notices(book_with(correction=window), CONFIGURATION.payer, REMITTED)
    assert words in notices[-2]


def test_the_last_day_of_a_dispute_is_told_where_it_is_known() -> None:
    """The plan sets the days; a statement without a remittance has no day to count from."""
    remitted, waiting, unset = (
        statement_notices(BOOK, CONFIGURATION.payer, day, days)[-1]
        for day, days in ((REMITTED, 180), (None, 180), (REMITTED, 0))
    )
    assert remitted.endswith("within 180 days of the remittance - by 2027-02-27 for what is remitted here.")
    assert waiting.endswith("within 180 days of the remittance.")
    assert unset.endswith("the paper review form.")
