"""Interest for late payment, to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from edi.payment_balance import imbalances
from rules.payments.compose import compose
from rules.payments.interest import interest_owed, repeated_interest
from rules.payments.settings import DayCount, InterestRule, PaymentSettings
from rules.pend_reasons import PEND_REASONS, WAITS_FOR_PROVIDER
from tests.rules.payments.weeks import TERMS, worked_example
from tests.writers.remittances import PAYER
from writers.reasons import NEXT_STEPS
from writers.remittance_files import Receiver, Sending, write_remittances

CONNECTICUT = InterestRule(id="CT", states=("CT",), submission="electronic", days=20, percent_a_year=Decimal(15))
ON_PAPER = InterestRule(id="PAPER", states=("CT",), submission="paper", days=60, percent_a_year=Decimal(15))
SOLD_IN_MAINE = InterestRule(id="ME", states=("ME",), states_of="situs", days=30, percent_a_year=Decimal(18))
MEDICAID = InterestRule(
    id="MEDICAID", lines_of_business=("medicaid",), effective_from=date(2026, 1, 6), days=30, percent_a_year=Decimal(5)
)
OTHERS = InterestRule(id="ALL", days=45, percent_a_year=Decimal("10.5"), least_cents=100)
POOLED = InterestRule(id="POOL", days=35, percent_a_year=Decimal(2), least_cents=100, below_least="pooled")
RULES = (SOLD_IN_MAINE, MEDICAID, CONNECTICUT, ON_PAPER, OTHERS)


def row(claim: dict[str, object], rules: tuple[InterestRule, ...]) -> pd.Series:
    """What one claim is owed."""
    known: dict[str, object] = {
        "paid_cents": 100_000,
        "repeated_cents": 0,
        "repeated_interest": 0,
        "received_date": date(2026, 1, 5),
        "waited_days": 0,
        "payment_date": date(2026, 2, 10),
        "payee_state": "CT",
        "situs": "",
        "line_of_business": "commercial",
        "submission": "electronic",
    }
    frame = pd.DataFrame([known | claim])
    for name in ("received_date", "payment_date"):
        frame[name] = frame[name].astype("datetime64[s]")
    return interest_owed(frame, rules).iloc[0]


def owed(**claim: object) -> tuple[int, int, str]:
    """Interest, days late and rule of one claim."""
    found = row(claim, RULES)
    assert found["pooled_cents"] == 0
    return int(found["interest_cents"]), int(found["days_late"]), str(found["rule"])


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        pytest.param({}, (658, 16, "CT"), id="36 days after receipt, 16 too late: 1000 x 15 % x 16 / 365 = 6.575"),
        pytest.param({"payment_date": date(2026, 1, 25)}, (0, 0, "CT"), id="the last day on time"),
        pytest.param({"payment_date": date(2026, 1, 26)}, (41, 1, "CT"), id="the first day too late"),
        pytest.param({"waited_days": 16}, (0, 0, "CT"), id="the clock stood still while the provider was asked"),
        pytest.param({"waited_days": 15}, (41, 1, "CT"), id="but for a day"),
        pytest.param({"paid_cents": 0}, (0, 16, "CT"), id="a denial bears none"),
        pytest.param({"payee_state": "MA"}, (0, 0, "ALL"), id="another state, 36 of 45 days"),
        pytest.param(
            {"payee_state": "MA", "payment_date": date(2026, 2, 22)}, (0, 3, "ALL"), id="86 cents are not owed"
        ),
        pytest.param({"payee_state": "MA", "payment_date": date(2026, 2, 23)}, (115, 4, "ALL"), id="115 cents are"),
        pytest.param({"submission": "paper"}, (0, 0, "PAPER"), id="36 of 60 days on paper"),
        pytest.param({"situs": "ME"}, (296, 6, "ME"), id="sold in Maine: 1000 x 18 % x 6 / 365 = 2.959"),
        pytest.param({"situs": "CT", "payee_state": "MA"}, (0, 0, "ALL"), id="the state is that of the payee"),
        pytest.param({"line_of_business": "medicaid"}, (658, 16, "CT"), id="received a day before the rule counts"),
        pytest.param(
            {"line_of_business": "medicaid", "received_date": date(2026, 1, 6)},
            (68, 5, "MEDICAID"),
            id="on its first day",
        ),
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


@pytest.mark.parametrize(
    ("claim", "interest", "pooled"),
    [
        pytest.param({}, 0, 5, id="1000 x 2 % x 1 / 365 is given away"),
        pytest.param({"payment_date": date(2026, 2, 27)}, 0, 99, id="99 cents still are"),
        pytest.param({"payment_date": date(2026, 2, 28)}, 104, 0, id="104 are the provider's"),
        pytest.param({"repeated_cents": 50_000, "repeated_interest": 98}, 101, 0, id="with what came before"),
    ],
)
def test_small_interest_is_pooled(claim: dict[str, object], interest: int, pooled: int) -> None:
    """Less than the least amount of a rule goes to the plan's pool, whole (domain.md 9.7)."""
    found = row(claim, (POOLED,))
    assert (found["interest_cents"], found["pooled_cents"]) == (interest, pooled)


@pytest.mark.parametrize(
    ("day_count", "expected"),
    [
        # 31 days late, from 2027-12-17 through 2028-01-16: 15 days of a usual year and 16 of a leap year
        pytest.param("365", 1274, id="1000 x 15 % x 31 / 365 = 12.740"),
        pytest.param("360", 1292, id="1000 x 15 % x 31 / 360 = 12.917"),
        pytest.param("actual", 1272, id="1000 x 15 % x (15 / 365 + 16 / 366) = 12.722"),
    ],
)
def test_a_year_has_as_many_days_as_the_rule_says(day_count: DayCount, expected: int) -> None:
    """And a claim that is on time costs nothing by any of them."""
    rule = InterestRule(id="ALL", days=20, percent_a_year=Decimal(15), day_count=day_count)
    late: dict[str, object] = {"received_date": date(2027, 11, 26), "payment_date": date(2028, 1, 16)}
    assert row(late, (rule,))["interest_cents"] == expected
    assert row({"received_date": date(2028, 1, 1), "payment_date": date(2028, 1, 5)}, (rule,))["interest_cents"] == 0


def test_without_a_rule_a_correction_keeps_what_it_repeats() -> None:
    """The reversal takes all interest back; what is paid again keeps its own."""
    assert row({"repeated_cents": 100_000, "repeated_interest": 300}, ())["interest_cents"] == 300


def test_what_is_paid_again_keeps_its_share_of_the_interest() -> None:
    """Half of what bore 3.01 keeps 1.51; what paid nothing bore none."""
    shares = repeated_interest(pd.Series([301, 0, 300]), pd.Series([1000, 0, 1000]), pd.Series([500, 0, 1000]))
    assert shares.to_list() == [151, 0, 300]


def test_a_claim_waits_for_its_provider_exactly_where_the_eop_asks_the_provider_for_something() -> None:
    """What the plan must find out itself stops no clock."""
    asking = {reason for reason in PEND_REASONS if "You need not do anything" not in NEXT_STEPS[reason]}
    assert asking == WAITS_FOR_PROVIDER


def test_interest_that_is_taken_back_in_the_same_payment_needs_no_adjustment() -> None:
    """T25: 2.50 on one claim and the reversal of 2.50 on another: two AMT*I, no PLB L6."""
    week = worked_example()
    sent = week.sent_claims.assign(interest_cents=250).astype({"interest_cents": "Int64"})
    claims = week.claims.assign(interest_cents=week.claims["interest_cents"].fillna(0))
    run = compose(replace(week, claims=claims, sent_claims=sent), TERMS).run
    (content,) = write_remittances(
        run,
        PAYER,
        {"clearhouse": Receiver("ZZ", "CLRHOUSE01", "CLRHOUSE01")},
        Sending(77, "P", datetime(2026, 6, 24, 6, 0, tzinfo=UTC)),
    )
    segments = content.decode().split("~")
    assert [each for each in segments if each.startswith("AMT*I")] == ["AMT*I*2.5", "AMT*I*-2.5"]
    assert not any(each.startswith("PLB") for each in segments)
    assert any(each.startswith("BPR*I*180*") for each in segments)
    assert imbalances(run) == ()


def test_a_correction_is_owed_interest_on_what_it_adds() -> None:
    """10.00 of 150.00 more, 16 days late: 7 cents; the reversal gives 2.50 back and the correction keeps it."""
    week = worked_example()
    rules = (InterestRule(id="CT", states=("CT",), days=0, percent_a_year=Decimal(15)),)
    terms = replace(TERMS, settings=PaymentSettings(interest_rules=rules))
    sent = week.sent_claims.assign(interest_cents=250).astype({"interest_cents": "Int64"})
    claims = compose(replace(week, sent_claims=sent), terms).run.claims.to_pylist()
    told = [(each["entry"], each["claim_number"], each["interest_cents"], each["interest_rule"]) for each in claims]
    assert told[-2:] == [("reversal", "26150000004", -250, None), ("payment", "26170000005", 257, "CT")]
    # what the decision says of interest goes before the rules
    assert told[0] == ("payment", "26170000001", 250, None)
