"""The fee of a line is the most specific one in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules.rulebook import Fee
from tests.rules.bills import BOOK, SINCE, book_with, decide_one, line

PLAIN = Fee(procedure_code="99213", allowed_cents=10000, effective_from=SINCE)
MODIFIED = Fee(procedure_code="99213", modifier="25", allowed_cents=11000, effective_from=SINCE)
ROOM = Fee(revenue_code="0450", allowed_cents=9000, effective_from=SINCE)
BOTH = Fee(procedure_code="99213", revenue_code="0450", allowed_cents=12000, effective_from=SINCE)
ANYTHING = Fee(percent_of_charge=50, effective_from=SINCE)
GOLD = replace(PLAIN, plans=("GOLD",), allowed_cents=8000)
SILVER = replace(PLAIN, plans=("SILVER",), allowed_cents=7000)
LATER = replace(PLAIN, effective_from=date(2026, 4, 1), allowed_cents=6000)
NEXT = replace(PLAIN, effective_from=date(2026, 4, 2), allowed_cents=5000)
OVER = replace(PLAIN, effective_from=date(2026, 3, 1), effective_through=date(2026, 3, 31), allowed_cents=4000)
MINUTES = replace(PLAIN, units=("MJ",), allowed_cents=100)
WITH_25 = {"modifier_3": "25"}
IN_ROOM = {"revenue_code": "0450"}


@pytest.mark.parametrize(
    ("fees", "changes", "allowed"),
    [
        pytest.param((PLAIN,), {}, 10000, id="procedure"),
        pytest.param((PLAIN, MODIFIED), {}, 10000, id="modifier-not-on-the-line"),
        pytest.param((PLAIN, MODIFIED), WITH_25, 11000, id="modifier-in-any-place"),
        pytest.param((MODIFIED,), {}, None, id="modifier-missing"),
        pytest.param((ROOM, PLAIN), IN_ROOM, 10000, id="procedure-before-revenue-code"),
        pytest.param((BOTH, PLAIN, ROOM), IN_ROOM, 12000, id="both-codes"),
        pytest.param((BOTH, MODIFIED), IN_ROOM | WITH_25, 11000, id="modifier-before-revenue-code"),
        pytest.param((ROOM, ANYTHING), IN_ROOM | {"procedure_code": None}, 9000, id="revenue-code"),
        pytest.param((ANYTHING,), {}, 9125, id="anything"),
        pytest.param((ANYTHING, PLAIN), {}, 10000, id="named-before-anything"),
        pytest.param((PLAIN, GOLD, SILVER), {}, 8000, id="own-plan-first"),
        pytest.param((SILVER,), {}, None, id="another-plan-never"),
        pytest.param((PLAIN, LATER, NEXT, OVER), {}, 6000, id="last-in-force"),
        pytest.param((GOLD, LATER), {}, 8000, id="own-plan-before-later"),
        pytest.param((PLAIN, replace(PLAIN, allowed_cents=1)), {}, 10000, id="first-listed"),
        pytest.param((PLAIN,), {"unit": "MJ"}, None, id="minutes-are-not-units"),
        pytest.param((MINUTES,), {"unit": "MJ", "quantity": Decimal(15)}, 1500, id="fee-for-minutes"),
        pytest.param((ANYTHING,), {"unit": "MJ"}, 9125, id="a-percentage-needs-no-unit"),
        pytest.param((PLAIN,), IN_ROOM | {"procedure_code": None}, None, id="no-procedure-matches-no-procedures-fee"),
        pytest.param((), {}, None, id="no-fees"),
    ],
)
def test_which_fee_applies(fees: tuple[Fee, ...], changes: dict[str, Any], allowed: int | None) -> None:
    """More codes before fewer, own plan before all plans, later before earlier, first listed before second."""
    silver = replace(BOOK.plans[0], id="SILVER")
    decided = decide_one(lines=[line(**changes)], book=book_with(fees=fees, plans=(*BOOK.plans, silver)))
    if allowed is None:
        assert (decided.outcome, decided.pend_reason) == ("pended", "NO_PRICE")
    else:
        assert (decided.outcome, decided.allowed_cents) == ("paid", allowed)


def test_each_line_finds_its_own_fee() -> None:
    """Lines of one claim are priced apart."""
    lines = [line(1), line(2, procedure_code="J1000", quantity=Decimal("2.5")), line(3)]
    decided = decide_one(lines=lines)
    assert list(decided.decisions.lines["allowed_cents"]) == [12000, 833, 12000]
    assert [each["rule"] for each in decided.explanation if "allowed_cents" in each] == [
        "FEE-99213",
        "FEE-J1000",
        "FEE-99213",
    ]


@pytest.mark.parametrize(
    ("fee", "name"),
    [(PLAIN, "FEE-99213"), (MODIFIED, "FEE-99213-25"), (ROOM, "FEE-REV-0450"), (ANYTHING, "FEE-ANY")],
)
def test_a_fee_is_named_by_its_codes(fee: Fee, name: str) -> None:
    """Explanations can quote it."""
    assert fee.id == name
