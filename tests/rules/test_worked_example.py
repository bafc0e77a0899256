"""The worked example of docs/adjudication.md is what the rules work out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from edi.money import to_cents
from tests.rules.test_benefits import ANN, BEN, bill, decided, plan, shares

PAGE = Path(__file__).parents[2] / "docs" / "adjudication.md"
HEAD = "| bill | member |"


def example() -> list[list[str]]:
    """The rows of the page's table."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(number for number, text in enumerate(lines) if text.startswith(HEAD))
    rows = []
    for text in lines[start + 2 :]:
        if not text.startswith("|"):
            break
        rows.append([cell.strip() for cell in text.strip("|").split("|")])
    return rows


def test_the_page_says_what_the_rules_do() -> None:
    """Every amount of the table."""
    rows = example()
    bills = []
    for number, member, charge, *_ in rows:
        its_claim, its_line = bill(int(number), {"Ann": ANN, "Ben": BEN}[member], to_cents(charge))
        bills.append((its_claim, its_line | {"quantity": Decimal(1)}))
    book = plan(deductible_cents=10000, family_deductible_cents=15000, out_of_pocket_cents=12000)
    decisions = decided(book, *bills)
    written_off = decisions.adjustments.query("reason_code == '45'")["amount_cents"].tolist()
    lines = decisions.lines
    money = zip(
        lines["charge_cents"], lines["allowed_cents"], written_off, shares(decisions, "1"), shares(decisions, "2"),
        lines["paid_cents"], strict=True,
    )  # fmt: skip
    assert [list(each) for each in money] == [[to_cents(cell) for cell in row[2:]] for row in rows]
