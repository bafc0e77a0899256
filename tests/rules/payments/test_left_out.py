"""Claims that break a law of their own are left out of a run, with what they would take back; all others go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from edi.payment_balance import imbalances
from edi.payment_run import PaymentRun
from edi.payments_due import PaymentsDue
from rules.payments.compose import compose
from rules.payments.faults import faults
from rules.payments.left_out import compose_sound, decided_at
from tests.rules.payments.weeks import (
    D1,
    D2,
    RIVER,
    TERMS,
    A,
    B,
    C,
    Row,
    adjusted,
    claim,
    due,
    line,
    patient,
    worked_example,
)
from tests.writers.remittances import PAYER
from writers.remittance_files import NO_SEPARATOR, Receiver, RemittanceUnwritable, Sending, write_remittances

BAD, GOOD = 26180000001, 26180000002
DAY = "2026-06-01"
SENDING = Sending(77, "P", datetime(2026, 6, 24, 6, 0, tzinfo=UTC))


def week(*adjustments: Row, code: str | None = "99213", **other: object) -> PaymentsDue:
    """A claim of 100.00, adjusted so and changed, beside one that nothing is wrong with."""
    taken = sum(each["amount_cents"] for each in adjustments)
    return due(
        [
            claim(BAD, "A", DAY, 10_000, 10_000 - taken, 0) | other,
            claim(GOOD, "B", DAY, 5_000, 5_000, 0),
        ],
        [
            line(BAD, code, DAY, 10_000, 10_000 - taken, None, "L1"),  # type: ignore[arg-type] # none is what is wrong
            line(GOOD, "99213", DAY, 5_000, 5_000, None, "L1"),
        ],
        adjustments,
        names=[patient(BAD, "ROE", "ANN", "M1"), patient(GOOD, "POE", "BEN", "M2")],
    )


def told(left_out: pd.DataFrame) -> list[tuple[str, int, str]]:
    """Claim numbers, lines and laws."""
    return list(left_out[["claim_number", "line_number", "law"]].itertuples(index=False, name=None))


def numbers(run: PaymentRun) -> list[str]:
    """The claims of a run."""
    found: list[str] = run.claims["claim_number"].to_pylist()
    return found


def written(run: PaymentRun) -> list[bytes]:
    """Its 835s."""
    return list(write_remittances(run, PAYER, {"clearhouse": Receiver("ZZ", "CLRHOUSE01", "CLRHOUSE01")}, SENDING))


@pytest.mark.parametrize(
    ("wrong", "law", "place"),
    [
        (week(adjusted(BAD, 1, "CO 45", 10_000)), "reason 45 never takes the whole charge", 1),
        (week(adjusted(BAD, 1, "PI 18", 100)), "reason 18 goes with group OA", 1),
        (week(charge_cents=9_999), "claim charge = sum of service charges", 0),
        (week(paid_cents=9_999), "claim payment = service payments - claim adjustments", 0),
        (week(patient_responsibility_cents=1), "patient responsibility = sum of PR", 0),
        (week(status_code=None), "the status is one that a decision may have", 0),
        (week(status_code="22"), "status 22 exactly on reversals", 0),
        (week(interest_cents=-1), "only a reversal takes money back", 0),
        (week(code=None), "a service names what was done", 1),
    ],
)
def test_a_claim_that_breaks_a_law_of_its_own_is_left_out_alone(wrong: PaymentsDue, law: str, place: int) -> None:
    """Whatever is wrong with it, the other is paid; every broken law is named, by claim number and line."""
    composed = compose_sound(wrong, TERMS)
    assert (str(BAD), place, law) in told(composed.left_out)
    assert set(composed.left_out["claim_id"]) == {BAD}
    assert numbers(composed.run) == [str(GOOD)]
    assert composed.run.payments["payment_cents"].to_pylist() == [5_000]
    assert faults(composed.run) == ()
    assert len(written(composed.run)) == 1


def test_combinations_that_core_lacks_are_left_out_where_its_list_counts() -> None:
    """domain.md 8.3: without a list every combination goes."""
    listed = pd.DataFrame({"group_code": ["CO"], "reason_code": ["16"], "remark_code": ["N56"]})
    for name, day in (("effective_from", "2026-01-01"), ("effective_through", None)):
        listed[name] = pd.Series([day]).astype("datetime64[s]")
    odd = week(adjusted(BAD, 1, "CO 16", 100))
    odd = replace(odd, remarks=pd.DataFrame({"claim_id": [BAD], "line_number": [1], "remark_code": ["M76"]}))
    assert compose_sound(odd, TERMS).left_out.empty
    law = "the combination of group, reason and remark is one that CORE lists"
    assert told(compose_sound(odd, TERMS, listed).left_out) == [(str(BAD), 1, law)]


def test_a_week_in_order_leaves_nothing_out() -> None:
    """And is what it would be anyway."""
    composed = compose_sound(worked_example(), TERMS)
    assert composed.left_out.empty
    assert composed.run.claims.equals(compose(worked_example(), TERMS).run.claims)


def test_a_correction_that_is_left_out_takes_nothing_back() -> None:
    """All money of a claim is in one 835: what was sent of the original stands until the correction can go."""
    whole = worked_example()
    wrong = replace(whole, claims=whole.claims.assign(paid_cents=whole.claims["paid_cents"].mask(_is(whole, D2), 1)))
    composed = compose_sound(wrong, TERMS)
    assert numbers(composed.run) == [str(A), str(B), str(C)]
    assert set(composed.left_out["claim_number"]) == {str(D2)}
    assert composed.run.payments["payment_cents"].to_pylist() == [17_250]


def test_what_was_sent_wrongly_keeps_its_correction_out() -> None:
    """A reversal repeats what was sent; where that does not add up, the claim that wants to take it back waits."""
    whole = worked_example()
    wrong = replace(whole, sent_lines=whole.sent_lines.assign(paid_cents=whole.sent_lines["paid_cents"] + 1))
    composed = compose_sound(wrong, TERMS)
    assert {(number, law) for number, _, law in told(composed.left_out)} == {
        (str(D2), "service charge - adjustments = service payment"),
        (str(D2), "claim payment = service payments - claim adjustments"),
    }
    assert str(D1) not in numbers(composed.run)


def test_a_payee_without_another_claim_gets_no_835_and_its_balance_stays() -> None:
    """The forward balance waits under its number for the next week that moves money; other payees are paid."""
    lake = RIVER | {"payee_id": "LAKE", "npi": "1000000004"}
    owes = [{"payee_id": "RIVER", "trace_number": "R000000900", "owed_cents": 4_000}]
    bad = week(adjusted(BAD, 1, "CO 45", 10_000))
    both = replace(
        bad,
        claims=bad.claims.assign(payee_id=bad.claims["payee_id"].mask(_is(bad, GOOD), "LAKE")),
        payees=due([], [], [], payees=(RIVER, lake)).payees,
        balances=due([], [], [], balances=owes).balances,
    )
    without = compose_sound(both, TERMS)
    assert without.run.payments["payee_id"].to_pylist() == ["LAKE"]
    assert without.run.payments["trace_number"].to_pylist() == ["R000001042"]
    assert without.run.provider_adjustments.num_rows == 0
    mended = replace(week(), balances=both.balances)
    after = compose_sound(mended, TERMS).run
    assert after.provider_adjustments.to_pylist() == [
        {"payment": 0, "reason_code": "FB", "reference": "R000000900", "amount_cents": 4_000}
    ]
    assert after.payments["payment_cents"].to_pylist() == [11_000]


def test_a_week_of_nothing_else_is_an_empty_run() -> None:
    """Nobody is paid, nothing is written, and all of it is told."""
    wrong = week(adjusted(BAD, 1, "CO 45", 10_000))
    composed = compose_sound(replace(wrong, claims=wrong.claims[_is(wrong, BAD)]), TERMS)
    assert (composed.run.payments.num_rows, composed.run.claims.num_rows) == (0, 0)
    assert imbalances(composed.run) == ()
    assert len(composed.left_out) == 1


def unwritable(wrong: PaymentsDue) -> RemittanceUnwritable:
    """Why its 835s cannot be written."""
    with pytest.raises(RemittanceUnwritable) as refused:
        written(compose_sound(wrong, TERMS).run)
    return refused.value


@pytest.mark.parametrize(
    ("wrong", "laws"),
    [
        (replace(week(code="\x01"), remarks=week().remarks), {"ELEMENT_MISSING at SVC"}),
        (replace(week(), names=week().names.iloc[1:]), {"SEGMENT_MISSING at NM1"}),
        (week(claim_number=""), {"ELEMENT_MISSING at CLP"}),
        (week(patient_control_number="*:^~|>!;<\\`{}[]"), {NO_SEPARATOR}),
    ],
)
def test_what_our_scanner_refuses_is_one_claims_fault(wrong: PaymentsDue, laws: set[str]) -> None:
    """It is found in the bytes, behind the last claim or between two; without that claim the 835 is written."""
    composed = compose_sound(wrong, TERMS)
    refused = unwritable(wrong)
    rows = decided_at(wrong, composed.run, refused.refusals)
    assert {law.rpartition("no error: ")[2] for law in rows["law"]} == laws
    assert set(rows["claim_id"]) == {BAD}
    again = compose_sound(wrong, TERMS, None, rows)
    assert numbers(again.run) == [str(GOOD)]
    assert len(written(again.run)) == 1
    assert told(again.left_out) == told(rows)


def test_what_is_no_claims_fault_is_refused_as_ever() -> None:
    """A payee without a bank account is no reason to leave its claims out."""
    wrong = replace(week(), payees=week().payees.assign(account_number=None))
    assert unwritable(wrong).refusals == ()


def _is(week_of: PaymentsDue, claim_id: int) -> pd.Series[bool]:
    return week_of.claims["claim_id"].isin([claim_id])
