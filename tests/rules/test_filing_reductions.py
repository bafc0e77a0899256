"""Late in part: ranges of which only the first days are late, and contracts that pay less instead of nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.filing_settings import LateReduction, Limit
from tests.rules.bills import claim, decide_all, decide_one, line
from tests.rules.filings import JANUARY_15, PROFESSIONAL, book_of
from tests.rules.test_cob import paid_before

APRIL: dict[str, Any] = {"service_from": "2026-04-01", "service_through": "2026-04-30"}
SPLIT = book_of(PROFESSIONAL, range_anchor="split")
ONE_TENTH = book_of(PROFESSIONAL, late_reduction=LateReduction(percent=10, within=Limit(30)))


def test_a_range_late_in_part_is_denied_in_part() -> None:
    """domain.md 5.2, Medicare: `from` is late and `to` is timely; the late days alone are CO 29.

    Received on 8 June, 60 days after 9 April: 8 of 30 days are late, so 8/30 of the charge is, and the allowed amount
    is that of 22 days.
    """
    lines = [line(**APRIL, charge_cents=30000)]
    decided = decide_one({**APRIL, "received_date": "2026-06-08"}, lines, book=SPLIT)
    assert decided.outcome == "paid"
    told, taken = decided.facts_of("TF-60-PROFESSIONAL")
    assert (told["late_days"], told["range_days"], told["late_through"]) == (8, 30, "2026-04-08")
    assert (taken["cents"], taken["late_days"], taken["range_days"]) == (8000, 8, 30)
    assert taken["late_through"] == "2026-04-08"
    allowed = 12000 * 22 // 30
    coinsurance = (allowed - 2500) // 5
    assert decided.adjustments == [
        (1, "CO 29", 8000),
        (1, "CO 45", 22000 - allowed),
        (1, "PR 3", 2500),
        (1, "PR 2", coinsurance),
    ]
    assert decided.paid_lines == [allowed - 2500 - coinsurance]


@pytest.mark.parametrize(
    ("left", "late"),
    [
        pytest.param(4000, 0, id="the-other-payer-took-all-that-is-written-off"),
        pytest.param(12000, 3200, id="the-other-payer-took-a-part"),
        pytest.param(30000, 8000, id="the-other-payer-took-nothing"),
    ],
)
def test_the_late_days_take_no_more_than_is_written_off(left: int, late: int) -> None:
    """After another payer its effect, OA 23, goes first; 8 of 30 days are late, and the plan allows 88.00 for 22."""
    known = paid_before(30000 - left, (1, "PR", left))
    lines = [line(**APRIL, charge_cents=30000)]
    decided = decide_one({**APRIL, "received_date": "2026-06-08"}, lines, book=SPLIT, other_payers=known)
    assert decided.outcome == "paid"
    assert sum(cents for _, code, cents in decided.adjustments if code == "CO 29") == late
    assert all(cents > 0 for _, _, cents in decided.adjustments)
    assert sum(cents for _, _, cents in decided.adjustments) + sum(decided.paid_lines) == 30000


@pytest.mark.parametrize(
    ("received", "outcome", "late_days"),
    [
        pytest.param("2026-05-31", "paid", None, id="all-timely"),
        pytest.param("2026-06-01", "paid", 1, id="the-first-day-is-late"),
        pytest.param("2026-06-29", "paid", 29, id="the-last-day-alone-is-timely"),
        pytest.param("2026-06-30", "denied", None, id="all-late"),
    ],
)
def test_how_many_days_are_late(received: str, outcome: str, late_days: int | None) -> None:
    """Each day of the range is measured by itself."""
    decided = decide_one({**APRIL, "received_date": received}, [line(**APRIL)], book=SPLIT)
    told = decided.facts_of("TF-60-PROFESSIONAL")[0]
    assert (decided.outcome, told.get("late_days")) == (outcome, late_days)
    assert ("CO 29" in decided.codes) is (outcome == "denied" or late_days is not None)


def test_a_single_day_is_not_split() -> None:
    """It is late or it is not."""
    assert decide_one({"received_date": "2026-06-01"}, book=SPLIT).codes == ["CO 29"]


@pytest.mark.parametrize(
    ("received", "codes"),
    [
        pytest.param("2026-03-16", ["CO 45", "PR 3", "PR 2"], id="timely"),
        pytest.param("2026-03-17", ["CO 45", "PR 3", "PR 2", "CO B4"], id="late"),
        pytest.param("2026-04-15", ["CO 45", "PR 3", "PR 2", "CO B4"], id="the-last-day-of-grace"),
        pytest.param("2026-04-16", ["CO 29"], id="too-late-for-that"),
    ],
)
def test_a_contract_may_pay_less_for_what_is_late(received: str, codes: list[str]) -> None:
    """domain.md 8.2 #42: a percentage of the payment, for so long after the last day, and then nothing."""
    decided = decide_one({"received_date": received}, JANUARY_15, book=ONE_TENTH)
    assert decided.codes == codes
    assert decided.patient_responsibility_cents == (0 if codes == ["CO 29"] else 2500 + 1900)
    if "CO B4" in codes:
        assert decided.paid_lines == [7600 - 760]
        assert (1, "CO B4", 760) in decided.adjustments


def test_an_excuse_goes_before_a_reduction() -> None:
    """What is excused is paid in full."""
    excused = {"received_date": "2026-03-17", "delay_reason": "7", "primary_decided_on": "2026-02-01"}
    decided = decide_one(excused, JANUARY_15, book=ONE_TENTH)
    assert decided.paid_lines == [7600]


BILLS = st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 40), st.integers(50, 120)), min_size=1, max_size=20)


@settings(deadline=None, max_examples=25)
@given(bills=BILLS, percent=st.integers(0, 10000))
def test_lines_balance_to_the_cent(bills: list[tuple[int, int, int]], percent: int) -> None:
    """Whatever part is late, the charge is what is paid plus the adjustments, and nothing is negative."""
    rule: dict[str, Any] = {
        "range_anchor": "split",
        "late_reduction": LateReduction(percent=Decimal(percent) / 100, within=Limit(9)),
    }
    first = date(2026, 4, 1)
    claims, lines = [], []
    for number, (charge, long, received) in enumerate(bills, start=1):
        days: dict[str, Any] = {"service_from": f"{first}", "service_through": f"{first + timedelta(long)}"}
        claims.append(claim(claim_id=number, **days, received_date=f"{first + timedelta(received)}"))
        lines.append(line(claim_id=number, **days, charge_cents=charge))
    decided = decide_all(claims, lines, book=book_of(PROFESSIONAL, **rule))
    adjusted = decided.adjustments.groupby("claim_id")["amount_cents"].sum()
    money = decided.lines.set_index("claim_id")
    taken = adjusted.reindex(money.index, fill_value=0)
    assert (money["charge_cents"] == money["paid_cents"] + taken).all()
    assert (decided.adjustments["amount_cents"] > 0).all()
    assert (money["paid_cents"] >= 0).all()
