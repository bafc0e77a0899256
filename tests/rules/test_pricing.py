"""Exact cents: what is allowed, owed by the member, and paid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.bill_integrity import LARGEST_CHARGE_CENTS
from rules.rulebook import Fee, Plan
from tests.rules.bills import BOOK, SINCE, SPAN, book_with, claim, decide_all, decide_one, line


@pytest.mark.parametrize(
    ("lines", "adjustments", "paid"),
    [
        pytest.param([line()], [(1, "CO 45", 6250), (1, "PR 3", 2500), (1, "PR 2", 1900)], [7600], id="office-visit"),
        pytest.param(
            [line(charge_cents=12000)], [(1, "PR 3", 2500), (1, "PR 2", 1900)], [7600], id="charge-is-the-fee"
        ),
        pytest.param(
            [line(charge_cents=5000)], [(1, "PR 3", 2500), (1, "PR 2", 500)], [2000], id="charge-below-the-fee"
        ),
        pytest.param([line(charge_cents=2000)], [(1, "PR 3", 2000)], [0], id="copay-never-above-the-allowed-amount"),
        pytest.param([line(charge_cents=0)], [], [0], id="no-charge-needs-no-fee-and-no-adjustment"),
        pytest.param([line(charge_cents=0, procedure_code="X9999")], [], [0], id="no-charge-and-no-fee"),
        pytest.param(
            [line(1, charge_cents=2000), line(2, charge_cents=2000), line(3, charge_cents=2000)],
            [(1, "PR 3", 2000), (2, "PR 3", 500), (2, "PR 2", 300), (3, "PR 2", 400)],
            [0, 1200, 1600],
            id="copay-once-a-claim-in-the-order-of-the-lines",
        ),
        pytest.param(
            [line(1, place_of_service="21"), line(2)],
            [
                (1, "CO 45", 6250),
                (1, "PR 2", 2400),
                (2, "CO 45", 6250),
                (2, "PR 3", 2500),
                (2, "PR 2", 1900),
            ],
            [9600, 7600],
            id="copay-for-office-services-alone",
        ),
        pytest.param(
            [line(1, service_from="2024-01-01"), line(2)],
            [(1, "PR 26", 18250), (2, "CO 45", 6250), (2, "PR 3", 2500), (2, "PR 2", 1900)],
            [0, 7600],
            id="copay-from-the-first-payable-line",
        ),
        pytest.param(
            [line(procedure_code="J1000", quantity=Decimal("1.5"), charge_cents=1000, place_of_service="12")],
            [(1, "CO 45", 500), (1, "PR 2", 100)],
            [400],
            id="half-a-cent-is-rounded-up",
        ),
        pytest.param(
            [line(place_of_service=None)],
            [(1, "CO 45", 6250), (1, "PR 3", 2500), (1, "PR 2", 1900)],
            [7600],
            id="place-of-the-claim-where-the-line-has-none",
        ),
    ],
)
def test_the_money_of_a_claim(
    lines: list[dict[str, Any]], adjustments: list[tuple[int, str, int]], paid: list[int]
) -> None:
    """Write-off, then the copay of the claim, then coinsurance on the rest."""
    decided = decide_one(lines=lines)
    assert decided.outcome == "paid"
    assert decided.adjustments == adjustments
    assert decided.paid_lines == paid
    assert decided.paid_cents == sum(paid)
    assert decided.patient_responsibility_cents == sum(cents for _, code, cents in adjustments if code[:2] == "PR")


def test_an_institutional_claim_owes_no_copay() -> None:
    """62.5 % of 200.01 is 125.00625, 125.01 allowed; 20 % of it is 25.002."""
    emergency = line(procedure_code=None, revenue_code="0450", charge_cents=20001, place_of_service=None)
    decided = decide_one({"kind": "I", "facility_code": "13"}, [emergency])
    assert decided.adjustments == [(1, "CO 45", 7500), (1, "PR 2", 2500)]
    assert decided.paid_cents == 10001


def test_benefits_are_those_of_the_day_of_service() -> None:
    """A plan may stand in the rulebook with several dates; without one for the day the claim waits."""
    from_april = replace(BOOK.plans[0], copay_cents=100, effective_from=pd.Timestamp("2026-04-02").date())
    book = book_with(plans=(from_april, *BOOK.plans))
    assert decide_one(book=book).adjustments[1] == (1, "PR 3", 2500)
    later = [line(service_from="2026-04-02")]
    assert decide_one(lines=later, book=book).adjustments[1] == (1, "PR 3", 100)
    waiting = decide_one(book=book_with(plans=(from_april,)))
    assert (waiting.outcome, waiting.pend_reason) == ("pended", "NO_PLAN")
    unknown = decide_one(spans=[SPAN | {"plan_id": "COPPER"}])
    assert unknown.pend_reason == "NO_PLAN"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"procedure_code": "X9999"}, id="no-fee"),
        pytest.param({"quantity": Decimal(0)}, id="no-units"),
        pytest.param({"quantity": None}, id="units-missing"),
        pytest.param({"quantity": Decimal(-1)}, id="negative-units"),
        pytest.param({"procedure_code": "J1000", "quantity": Decimal("0.001")}, id="less-than-half-a-cent"),
    ],
)
def test_nothing_allowed_is_no_price(changes: dict[str, Any]) -> None:
    """CO 45 may never take the whole charge: the claim waits, or the line is denied PR 96 with N130."""
    lines = [line(1), line(2, **changes)]
    waiting = decide_one(lines=lines)
    assert (waiting.outcome, waiting.pend_reason) == ("pended", "NO_PRICE")
    assert waiting.is_without_money
    missing = "no fee in the schedule" if "quantity" not in changes else "comes to nothing"
    assert missing in waiting.explanation[-1]["text"]
    denied = decide_one(lines=lines, book=book_with(no_price="deny"))
    assert denied.outcome == "paid"
    assert denied.adjustments[-1] == (2, "PR 96", 18250)
    assert denied.remarks == [(2, "N130")]


LINES = st.lists(
    st.fixed_dictionaries(
        {
            "charge_cents": st.one_of(st.integers(0, 50_000), st.integers(0, LARGEST_CHARGE_CENTS)),
            "quantity": st.decimals(0, 999_999_999_999, places=3),
            "place_of_service": st.sampled_from(["11", "22"]),
            "procedure_code": st.sampled_from(["99213", "J1000", "A0001"]),
        }
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    bills=st.lists(LINES, min_size=1, max_size=6),
    copay=st.integers(0, 30_000),
    coinsurance=st.decimals(0, 100, places=2),
    fee=st.integers(0, 10**12),
    percent=st.decimals(0, 100, places=2),
)
def test_exact_for_any_money(
    bills: list[list[dict[str, Any]]], copay: int, coinsurance: Decimal, fee: int, percent: Decimal
) -> None:
    """Whole cents, none negative, equal to arithmetic with fractions, and every line in balance.

    Each bill is of another member: to decide several costs hardly more than one.
    """
    plan = Plan(
        id="GOLD",
        name="Gold",
        filing_indicator="HM",
        copay_cents=copay,
        coinsurance_percent=coinsurance,
        effective_from=SINCE,
    )
    fees = (
        Fee(procedure_code="99213", allowed_cents=fee, effective_from=SINCE),
        Fee(procedure_code="J1000", allowed_cents=333, effective_from=SINCE),
        Fee(procedure_code="A0001", percent_of_charge=percent, effective_from=SINCE),
    )
    book = book_with(plans=(plan,), fees=fees, no_price="deny")
    members = range(1, len(bills) + 1)
    decisions = decide_all(
        [claim(claim_id=member, member_id=member) for member in members],
        [
            line(number, claim_id=member, **each)
            for member, lines in zip(members, bills, strict=True)
            for number, each in enumerate(lines, 1)
        ],
        spans=[SPAN | {"member_id": member} for member in members],
        book=book,
    )

    expected = []
    for lines in bills:
        copay_left = copay
        for each in lines:
            allowed = _allowed(each, fee, percent)
            owed = min(copay_left, allowed) if each["place_of_service"] == "11" else 0
            copay_left -= owed
            rest = allowed - owed
            share = _half_up(rest * Fraction(coinsurance) / 100)
            expected.append((allowed, rest - share))
    money, adjustments = decisions.lines, decisions.adjustments
    assert list(zip(money["allowed_cents"], money["paid_cents"], strict=True)) == expected
    assert {str(dtype) for dtype in money.dtypes} == {"int64"}
    assert str(adjustments["amount_cents"].dtype) == "int64"
    assert (money[["charge_cents", "allowed_cents", "paid_cents"]] >= 0).all().all()
    assert (adjustments["amount_cents"] > 0).all()
    taken: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for row in adjustments.to_dict("records"):
        told = (f"{row['group_code']} {row['reason_code']}", row["amount_cents"])
        taken.setdefault((row["claim_id"], row["line_number"]), []).append(told)
    for row in money.to_dict("records"):
        adjusted = taken.get((row["claim_id"], row["line_number"]), [])
        assert row["charge_cents"] == row["paid_cents"] + sum(cents for _, cents in adjusted)
        assert ("CO 45", row["charge_cents"]) not in adjusted
        assert len({code for code, _ in adjusted}) == len(adjusted)
    for member in members:
        copays = [cents for at, some in taken.items() if at[0] == member for code, cents in some if code == "PR 3"]
        assert sum(copays) <= copay


def _allowed(each: dict[str, Any], fee: int, percent: Decimal) -> int:
    if each["procedure_code"] == "A0001":
        return _half_up(each["charge_cents"] * Fraction(percent) / 100)
    unit_price = fee if each["procedure_code"] == "99213" else 333
    charge: int = each["charge_cents"]
    return min(charge, _half_up(unit_price * Fraction(each["quantity"])))


def _half_up(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))
