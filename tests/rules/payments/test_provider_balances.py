"""Provider adjustments: a payment is never negative, and what is owed is carried in one chain."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.payments.provider_balances import provider_adjustments

NO_INTEREST = pd.DataFrame({"payment": [], "claim_number": [], "interest_cents": []}).astype(
    {"payment": "int64", "interest_cents": "int64"}
)
NO_ENTRIES = pd.DataFrame(
    {"payment": [], "entry_id": [], "reason_code": [], "reference": [], "amount_cents": []}
).astype({"payment": "int64", "amount_cents": "int64"})


def one(trace: str, claims: int, owed: int = 0, since: str = "") -> pd.DataFrame:
    """A single payment."""
    return pd.DataFrame(
        {"trace_number": [trace], "claims_cents": [claims], "forwarded_cents": [owed], "forwarded_from": [since]}
    )


def said(payments: pd.DataFrame, interest: pd.DataFrame = NO_INTEREST) -> tuple[list[str], int]:
    """PLB pairs as text, and the payment."""
    rows, paid = provider_adjustments(payments, interest, NO_ENTRIES)
    texts = [f"{row.reason_code}:{row.reference} {row.amount_cents}" for row in rows.itertuples()]
    return texts, int(paid[0])


def test_the_published_chain_of_three_weeks() -> None:
    """Minus 200, then 50, then 400: the third week pays 250 (domain.md 9.5)."""
    assert said(one("A", -20000)) == (["FB:A -20000"], 0)
    assert said(one("B", 5000, 20000, "A")) == (["FB:A 20000", "FB:B -15000"], 0)
    assert said(one("C", 40000, 15000, "B")) == (["FB:B 15000"], 25000)


def test_a_week_that_moves_nothing_leaves_the_balance_where_it_is() -> None:
    """RFI 738: only denials came."""
    assert said(one("B", 0, 20000, "A")) == ([], 0)


def test_interest_is_added_once_for_all_claims() -> None:
    """With the claim's number where it is of one claim; nothing where it comes to nothing (RFI 1324)."""
    interest = pd.DataFrame({"payment": [0, 0], "claim_number": ["1", "2"], "interest_cents": [250, -100]})
    assert said(one("A", 18000), interest[:1]) == (["L6:1 -250"], 18250)
    assert said(one("A", 18000), interest) == (["L6: -150"], 18150)
    assert said(one("A", 18000), interest.assign(interest_cents=[100, -100])) == ([], 18000)


@settings(deadline=None)
@given(st.lists(st.integers(-1_000_000, 1_000_000), max_size=12))
def test_over_the_weeks_all_that_was_owed_is_taken_and_no_more(weeks: list[int]) -> None:
    """Payments = claims + what is still owed; a balance is closed under the number that opened it."""
    owed, since, paid = 0, "", 0
    for number, claims in enumerate(weeks):
        rows, cents = provider_adjustments(one(f"T{number}", claims, owed, since), NO_INTEREST, NO_ENTRIES)
        assert int(cents[0]) == claims - rows["amount_cents"].sum() >= 0
        paid += int(cents[0])
        for reference, amount in zip(rows["reference"], rows["amount_cents"].tolist(), strict=True):
            if amount > 0:
                assert (reference, amount) == (since, owed)
                owed, since = 0, ""
            else:
                assert reference == f"T{number}"
                owed, since = -amount, f"T{number}"
    assert paid == sum(weeks) + owed
