"""Provider adjustments: a payment is never negative, and what is owed is carried in one chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.payment_run import PaymentRun
from edi.payments_due import PaymentsDue
from rules.payments.compose import compose
from rules.payments.provider_balances import provider_adjustments
from rules.payments.settings import PaymentSettings
from rules.payments.told import payments_told
from tests.rules.payments.weeks import TERMS, Row, adjusted, claim, due, line, patient
from tests.writers.remittances import PAYER
from writers.remittance_files import Receiver, Sending, write_remittances

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


def test_a_week_that_moves_nothing_leaves_the_balance_where_it_is() -> None:
    """RFI 738: only denials came."""
    assert said(one("B", 0, 20000, "A")) == ([], 0)


def test_interest_is_added_once_for_all_claims() -> None:
    """With the claim's number where it is of one claim; nothing where it comes to nothing (RFI 1324)."""
    interest = pd.DataFrame({"payment": [0, 0], "claim_number": ["1", "2"], "interest_cents": [250, -100]})
    assert said(one("A", 18000), interest[:1]) == (["L6:1 -250"], 18250)
    assert said(one("A", 18000), interest) == (["L6: -150"], 18150)
    assert said(one("A", 18000), interest.assign(interest_cents=[100, -100])) == ([], 18000)


@pytest.mark.parametrize(("cents", "method"), [(1, "ACH"), (2, "CHK")])
def test_what_an_ach_entry_cannot_hold_goes_by_check(cents: int, method: str) -> None:
    """The amount of a NACHA entry has ten digits; the run goes on, and tells it."""
    large = paying(3, 9_999_999_998)
    run = week([large, paying(4, cents)], [], 1)
    assert told(run) == (9_999_999_998 + cents, method, [])
    (payment,) = payments_told(run)
    assert payment["too_large_for_ach"] is (method == "CHK")


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


def one_line(of: Row) -> tuple[list[Row], list[Row]]:
    """The line of a claim, and its write-off."""
    charge, paid = of["charge_cents"], of["paid_cents"]
    lines = [line(of["claim_id"], "99213", "2026-05-04", charge, paid, paid, "L1")] if charge else []
    return lines, [adjusted(of["claim_id"], 1, "CO 45", charge - paid)] if charge > paid else []


def decided(claims: Sequence[Row], **other: Sequence[Row]) -> PaymentsDue:
    """A week of claims of one line each, and the version that corrections and voids take back."""
    lines, adjustments = zip(*map(one_line, claims), strict=True)
    sent = ((SENT,), *one_line(SENT))
    own, before = ([patient(each["claim_id"], "ROE", "ANN", "M0000001") for each in them] for them in (claims, (SENT,)))
    return due(claims, [*chain(*lines)], [*chain(*adjustments)], sent=sent, names=own, sent_names=before, **other)


def week(claims: Sequence[Row], balances: Sequence[Row], first_trace: int) -> PaymentRun:
    """The 835s of a week."""
    return compose(decided(claims, balances=balances), replace(TERMS, first_trace_number=first_trace)).run


def told(run: PaymentRun) -> tuple[int, str, list[str]]:
    """BPR02, BPR04 and the PLB pairs of the one payment."""
    (payment,) = run.payments.to_pylist()
    pairs = run.provider_adjustments.to_pylist()
    texts = [f"{each['reason_code']}:{each['reference']} {each['amount_cents']}" for each in pairs]
    return payment["payment_cents"], payment["payment_method"], texts


SENT = claim(1, "PCN-1", "2026-05-05", 20000, 20000, 0)
VOID = claim(2, "PCN-1", "2026-06-01", 0, 0, 0, status_code="void", reverses=1, original_claim_number="1")
"""It takes 200.00 back."""


def paying(number: int, cents: int) -> Row:
    """A claim that pays in full."""
    return claim(number, f"PCN-{number}", "2026-06-08", cents, cents, 0)


def test_a_chain_of_three_weeks() -> None:
    """T24: -200, +50, +400: nothing, nothing, 250; one open balance at most, under the trace that opened it."""
    assert told(week([VOID], [], 1)) == (0, "NON", ["FB:R000000001 -20000"])
    second = week([paying(3, 5000)], [{"payee_id": "RIVER", "trace_number": "R000000001", "owed_cents": 20000}], 2)
    assert told(second) == (0, "NON", ["FB:R000000001 20000", "FB:R000000002 -15000"])
    third = week([paying(4, 40000)], [{"payee_id": "RIVER", "trace_number": "R000000002", "owed_cents": 15000}], 3)
    assert told(third) == (25000, "ACH", ["FB:R000000002 15000"])
    codes = [
        content.decode().split("~")[3][:5]
        for run in (week([VOID], [], 1), second, third)
        for content in write_remittances(
            run,
            PAYER,
            {"clearhouse": Receiver("ZZ", "CLRHOUSE01", "CLRHOUSE01")},
            Sending(1, "P", datetime(2026, 6, 24, 6, tzinfo=UTC)),
        )
    ]
    assert codes == ["BPR*H", "BPR*H", "BPR*I"]


def test_an_overpayment_may_stay_with_its_payee_for_a_while() -> None:
    """The reversal says it, WO gives it back now, and it is booked for later by the claim's number (domain.md 9.5)."""
    after = PaymentSettings(recovery_after_days=30)
    terms = replace(TERMS, settings=after)
    composed = compose(decided([VOID, paying(3, 5000)]), terms)
    assert told(composed.run) == (5000, "ACH", ["WO:1 -20000"])
    assert composed.left.to_dict("records") == [
        {"decision_id": 1, "payee_id": "RIVER", "reference": "1", "cents": 20000}
    ]
    assert composed.left_until == date(2026, 7, 24)
    later = [{"payee_id": "RIVER", "entry_id": 9, "reason_code": "WO", "reference": "1", "amount_cents": 20000}]
    taken = compose(decided([paying(4, 30000)], entries=later), terms)
    assert told(taken.run) == (10000, "ACH", ["WO:1 20000"])
    assert taken.left.empty
    # at once, where nothing is said
    assert told(week([VOID, paying(3, 30000)], [], 1)) == (10000, "ACH", [])


@pytest.mark.parametrize(
    ("corrected", "interest", "left"),
    [
        pytest.param(12000, 0, 8000, id="what the correction does not pay again"),
        pytest.param(20000, 0, None, id="nothing of a correction that pays the same"),
        pytest.param(25000, 0, None, id="nor of one that pays more"),
        pytest.param(19900, 100, None, id="interest counts"),
        pytest.param(19900, 99, 1, id="to the cent"),
    ],
)
def test_only_what_is_paid_too_much_is_left(corrected: int, interest: int, left: int | None) -> None:
    """Net of what takes the place of the reversed version, in the same payment."""
    correction = claim(
        2, "PCN-1", "2026-06-01", 30000, corrected, 0, reverses=1, original_claim_number="1", interest_cents=interest
    )
    settings_ = PaymentSettings(recovery_after_days=30)
    composed = compose(decided([correction]), replace(TERMS, settings=settings_))
    assert composed.left["cents"].tolist() == ([] if left is None else [left])
    assert composed.run.payments["payment_cents"].to_pylist() == [max(corrected + interest - 20000, 0)]
