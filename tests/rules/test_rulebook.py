"""The rulebook refuses what makes no sense, and its digest names its content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rules import rulebook
from rules.rulebook import CorrectionWindow, Fee, Group, Limit, Rulebook, basis_points
from tests.rules.bills import BOOK, SINCE, book_with

FILING, PLAN, FEE = BOOK.filing_rules[0], BOOK.plans[0], BOOK.fees[0]
ACME = Group(id="ACME", name="Acme", plans={("HLT", "G1"): "GOLD", ("DEN", "D1"): "GOLD"})


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Limit(-1), "days"),
        (lambda: replace(FILING, effective_through=date(2019, 1, 1)), "effective_through"),
        (lambda: replace(FILING, holidays="FEDERAL"), "holidays"),
        (lambda: replace(PLAN, copay_cents=-1), "copay_cents"),
        (lambda: replace(PLAN, coinsurance_percent=101), "percentage"),
        (lambda: replace(PLAN, coinsurance_percent=Decimal("0.001")), "decimals"),
        (lambda: replace(FEE, percent_of_charge=1), "one of"),
        (lambda: Fee(effective_from=SINCE), "one of"),
        (lambda: replace(FEE, allowed_cents=-1), "allowed_cents"),
        (lambda: Fee(percent_of_charge=-1, effective_from=SINCE), "percentage"),
        (lambda: Fee(modifier="25", allowed_cents=1, effective_from=SINCE), "modifier"),
        (lambda: replace(FEE, effective_through=date(2019, 1, 1)), "effective_through"),
        (lambda: book_with(filing_rules=(FILING, FILING)), "filing rules"),
        (lambda: book_with(plans=(PLAN, PLAN)), "plans"),
        (lambda: book_with(groups=(ACME, ACME)), "groups"),
        (lambda: book_with(filing_rules=(replace(FILING, plans=("COPPER",)),)), "COPPER"),
        (lambda: book_with(fees=(replace(FEE, plans=("COPPER",)),)), "COPPER"),
        (lambda: book_with(groups=(replace(ACME, plans={("HLT", "G1"): "COPPER"}),)), "COPPER"),
    ],
)
def test_nonsense_is_refused(make: Callable[[], object], complaint: str) -> None:
    """With words that name the setting."""
    with pytest.raises(ValueError, match=complaint):
        make()


def test_equal_contents_have_equal_digests() -> None:
    """However a mapping was filled and a number was written."""
    turned = replace(ACME, plans=dict(reversed(list(ACME.plans.items()))))
    percent = replace(PLAN, coinsurance_percent=Decimal("20.00"))
    assert book_with(groups=(ACME,)).digest() == book_with(groups=(turned,), plans=(percent,)).digest()
    assert len(BOOK.digest()) == 64


@pytest.mark.parametrize(
    "other",
    [
        book_with(filing_rules=(replace(FILING, limit=Limit(61)), *BOOK.filing_rules[1:])),
        book_with(filing_rules=(replace(FILING, count_anchor_day=True), *BOOK.filing_rules[1:])),
        book_with(correction=replace(BOOK.correction, window=CorrectionWindow(limit=Limit(91)))),
        book_with(plans=(replace(PLAN, copay_cents=2501),)),
        book_with(fees=BOOK.fees[1:]),
        book_with(groups=(ACME,)),
        book_with(inpatient_bill_types=("11",)),
        book_with(no_price="deny"),
    ],
)
def test_any_change_changes_the_digest(other: Rulebook) -> None:
    """A decision names the very rules it was made under."""
    assert other.digest() != BOOK.digest()


def test_the_version_of_the_code_is_part_of_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other code with the same settings is another bundle."""
    before = BOOK.digest()
    monkeypatch.setattr(rulebook, "RULES_VERSION", "another")
    assert BOOK.digest() != before


def test_percentages_are_exact() -> None:
    """Hundredths of a percent, no floats."""
    assert [basis_points(Decimal("12.5")), basis_points(100), basis_points(0)] == [1250, 10000, 0]
