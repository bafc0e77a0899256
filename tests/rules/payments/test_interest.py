"""Interest for late payment, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from rules.payments.interest import InterestRule, interest_owed, repeated_interest

CONNECTICUT = InterestRule(id="CT", state="CT", days=20, percent_a_year=Decimal(15))
OTHERS = InterestRule(id="ALL", days=45, percent_a_year=Decimal("10.5"), least_cents=100)


def owed(**claim: object) -> tuple[int, int, str]:
    """Interest, days late and rule of one claim."""
    known: dict[str, object] = {
        "paid_cents": 100_000,
        "repeated_cents": 0,
        "repeated_interest": 0,
        "received_date": date(2026, 1, 5),
        "waited_days": 0,
        "payment_date": date(2026, 2, 10),
        "state": "CT",
        "line_of_business": "HMO",
    }
    frame = pd.DataFrame([known | claim])
    for name in ("received_date", "payment_date"):
        frame[name] = frame[name].astype("datetime64[s]")
    row = interest_owed(frame, (CONNECTICUT, OTHERS)).iloc[0]
    return int(row["interest_cents"]), int(row["days_late"]), str(row["rule"])


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        pytest.param({}, (658, 16, "CT"), id="36 days after receipt, 16 too late: 1000 x 15 % x 16 / 365 = 6.575"),
        pytest.param({"payment_date": date(2026, 1, 25)}, (0, 0, "CT"), id="the last day on time"),
        pytest.param({"payment_date": date(2026, 1, 26)}, (41, 1, "CT"), id="the first day too late"),
        pytest.param({"waited_days": 16}, (0, 0, "CT"), id="the clock stood still while the provider was asked"),
        pytest.param({"waited_days": 15}, (41, 1, "CT"), id="but for a day"),
        pytest.param({"paid_cents": 0}, (0, 16, "CT"), id="a denial bears none"),
        pytest.param({"state": "MA"}, (0, 0, "ALL"), id="another state, 36 of 45 days"),
        pytest.param({"state": "MA", "payment_date": date(2026, 2, 22)}, (0, 3, "ALL"), id="86 cents are not owed"),
        pytest.param({"state": "MA", "payment_date": date(2026, 2, 23)}, (115, 4, "ALL"), id="115 cents are"),
        pytest.param(
            {"repeated_cents": 100_000, "repeated_interest": 300}, (300, 16, "CT"), id="a correction that pays the same"
        ),
        pytest.param(
            {"repeated_cents": 60_000, "repeated_interest": 300}, (563, 16, "CT"), id="a correction that pays 400 more"
        ),
    ],
)
def test_what_is_owed(claim: dict[str, object], expected: tuple[int, int, str]) -> None:
    """Principal x rate x days late / 365, half cents up."""
    assert owed(**claim) == expected


def test_what_is_paid_again_keeps_its_share_of_the_interest() -> None:
    """Half of what bore 3.01 keeps 1.51; what paid nothing bore none."""
    shares = repeated_interest(pd.Series([301, 0, 300]), pd.Series([1000, 0, 1000]), pd.Series([500, 0, 1000]))
    assert shares.to_list() == [151, 0, 300]
