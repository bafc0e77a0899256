"""Interim bills of a stay, late charges, and the other frequencies of institutional bills (domain.md 6.1, 6.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from edi.claim_facts import OperatorActions
from rules.family_settings import FrequencyRule, InterimTreatment
from tests.rules.bills import CORRECTION, SPAN, Decided, book_with, decide_one, line
from tests.rules.conditions import plan
from tests.rules.references import reference

STAY: dict[str, Any] = {
    "kind": "I",
    "facility_code": "11",
    "service_from": "2026-04-11",
    "service_through": "2026-04-20",
    "admission_date": "2026-04-01",
    "received_date": "2026-05-02",
}
ROOM: dict[str, Any] = {"revenue_code": "0120", "procedure_code": None, "unit": "DA", "service_from": None}
STAYING = {"2": "30", "3": "30"}
"""CL103 by frequency; of others the patient went home."""
BELONGS: dict[str, Any] = {
    "claim_id": 1,
    "previous_claim_id": None,
    "previous_through": pd.NaT,
    "base_claim_id": None,
    "base_state": None,
}
FOLLOWS: dict[str, Any] = {"previous_claim_id": 50, "previous_through": pd.Timestamp("2026-04-10")}
ADDS: dict[str, Any] = {"base_claim_id": 50, "base_state": "paid"}


def decide_stay(frequency: str, rule: FrequencyRule | None = None, **facts: Any) -> Decided:  # noqa: ANN401 - of all kinds
    """A bill for the second ten days of a stay."""
    stays = pd.DataFrame([BELONGS | facts]).astype({"previous_through": "datetime64[s]"})
    book = book_with(frequencies=(rule or FrequencyRule(),))
    bill = STAY | {"frequency_code": frequency, "patient_status": STAYING.get(frequency, "01")}
    return decide_one(bill, [line(**ROOM)], stays=stays, book=book)


@pytest.mark.parametrize("frequency", ["3", "4"])
def test_an_interim_bill_that_follows_on_the_next_day_is_decided(frequency: str) -> None:
    """Its explanation names the bill that it follows."""
    decided = decide_stay(frequency, **FOLLOWS)
    assert decided.outcome == "paid"
    assert decided.facts_of("STAY-CONTINUED")[0]["previous_claim_id"] == 50


def test_the_first_interim_bill_follows_none() -> None:
    """2 opens the stay."""
    assert decide_stay("2").outcome == "paid"


@pytest.mark.parametrize("frequency", ["3", "4"])
@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({}, id="no-earlier-bill"),
        pytest.param(FOLLOWS | {"previous_through": pd.Timestamp("2026-04-09")}, id="a-gap"),
        pytest.param(FOLLOWS | {"previous_through": pd.Timestamp("2026-04-11")}, id="an-overlap"),
    ],
)
def test_a_broken_chain_is_denied(frequency: str, facts: dict[str, Any]) -> None:
    """CO 16 with N152."""
    decided = decide_stay(frequency, **facts)
    assert (decided.codes, decided.remarks) == (["CO 16"], [(1, "N152")])


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        pytest.param({"frequency_code": "2", "patient_status": "30"}, 10, id="first-bill"),
        pytest.param({"frequency_code": "3", "patient_status": "01"}, 10, id="continuing-bill-that-says-he-left"),
        pytest.param({"frequency_code": "4", "patient_status": "01"}, 9, id="last-bill"),
        pytest.param(CORRECTION | {"patient_status": "30"}, 10, id="replacement-of-an-interim-bill"),
        pytest.param({"discharge_occurrence_date": "2026-04-15", "patient_status": "01"}, 4, id="discharge-told-apart"),
        pytest.param({"service_through": "2026-04-11", "patient_status": "01"}, 1, id="there-for-a-day"),
    ],
)
def test_the_days_of_a_bill_are_those_that_begin_its_nights(changes: dict[str, Any], days: int) -> None:
    """The last day counts while the patient stays, that of discharge does not: no night is lost between two bills."""
    stays = pd.DataFrame([BELONGS | FOLLOWS]).astype({"previous_through": "datetime64[s]"})
    fee = {"revenue_code": "0120", "method": "per_diem", "amount_cents": 100}
    bill = STAY | changes
    tables = reference(fee=[fee])
    assert decide_one(bill, [line(**ROOM)], stays=stays, reference=tables).allowed_cents == days * 100
    until = [SPAN | {"valid_through": "2026-04-14"}]
    cut = decide_one(bill, [line(**ROOM)], stays=stays, reference=tables, book=plan(crossing="reduce"), spans=until)
    assert cut.allowed_cents == min(days, 4) * 100


@pytest.mark.parametrize("frequency", ["2", "3", "4"])
def test_a_plan_may_take_no_interim_bills(frequency: str) -> None:
    """CO 135 without a remark."""
    decided = decide_stay(frequency, FrequencyRule(interim="refuse"), **FOLLOWS)
    assert (decided.codes, decided.remarks) == (["CO 135"], [])


def test_a_plan_may_pay_a_stay_with_its_last_bill() -> None:
    """2 and 3 are denied CO 135, 4 is decided, and so is the bill of a whole stay."""
    rule = FrequencyRule(interim="last")
    assert [decide_stay(frequency, rule, **FOLLOWS).outcome for frequency in "2341"] == ["denied"] * 2 + ["paid"] * 2
    assert decide_stay("3", rule, **FOLLOWS).codes == ["CO 135"]


WHOLE: dict[str, Any] = {"service_from": "2026-04-01"}
CASE: dict[str, Any] = {"revenue_code": "0120", "method": "case", "amount_cents": 1000}
DAYS = CASE | {"method": "per_diem", "amount_cents": 100}


@pytest.mark.parametrize(
    ("root", "status", "changes", "interim", "fee", "expected"),
    [
        pytest.param("2", "30", WHOLE, "each", CASE, "CO 135", id="interim-bill-of-a-case"),
        pytest.param("3", "30", {}, "last", DAYS, "CO 135", id="interim-bill-before-the-paid-one"),
        pytest.param("1", "30", {}, "last", DAYS, "CO 135", id="bill-of-one-who-stays-after-all"),
        pytest.param(None, "30", {}, "refuse", DAYS, "CO 135", id="no-interim-bills"),
        pytest.param("4", "01", {}, "refuse", DAYS, "CO 135", id="no-last-bills"),
        pytest.param("3", "30", {}, "pend", DAYS, "FREQUENCY_NOT_SUPPORTED", id="interim-bills-wait"),
        pytest.param("3", "30", {}, "each", DAYS, 1000, id="interim-bill-by-the-day"),
        pytest.param("4", "01", {}, "each", DAYS, 900, id="last-bill-by-the-day"),
        pytest.param("4", "01", {}, "last", DAYS, 1900, id="last-bill-that-all-days-are-paid-with"),
        pytest.param("4", "01", {}, "each", CASE, 1000, id="last-bill-of-a-case"),
        pytest.param("2", "01", WHOLE, "refuse", CASE, 1000, id="bill-of-the-whole-stay"),
        pytest.param("1", "01", {}, "refuse", CASE, 1000, id="original"),
        pytest.param("5", "01", {}, "each", DAYS, "LATE_CHARGE_OF_STAY", id="late-charges"),
        pytest.param("1", "30", {"facility_code": "13"}, "refuse", DAYS, 1000, id="outpatient-who-comes-again"),
    ],
)
def test_a_replacement_is_what_it_replaces(
    root: str | None,
    status: str,
    changes: dict[str, Any],
    interim: InterimTreatment,
    fee: dict[str, Any],
    expected: str | int,
) -> None:
    """Of an interim bill an interim one, so that a case is paid once; of a last bill the last one, with all days."""
    bill = STAY | CORRECTION | {"patient_status": status, "family_frequency_code": root} | changes
    book = book_with(frequencies=(FrequencyRule(interim=interim),))
    stays = pd.DataFrame([BELONGS | FOLLOWS | ADDS]).astype({"previous_through": "datetime64[s]"})
    decided = decide_one(bill, [line(**ROOM)], stays=stays, reference=reference(fee=[fee]), book=book)
    assert expected in (decided.pend_reason, decided.allowed_cents, *decided.codes)


@pytest.mark.parametrize(
    ("root", "status", "facts", "expected"),
    [
        pytest.param("3", "30", {}, "CO 16", id="of-a-bill-that-followed-none"),
        pytest.param("4", "01", FOLLOWS | {"previous_through": pd.Timestamp("2026-04-09")}, "CO 16", id="a-gap"),
        pytest.param("3", "30", FOLLOWS, "paid", id="that-follows"),
        pytest.param("5", "01", {}, "CO 16", id="of-late-charges-to-no-bill"),
        pytest.param("5", "01", ADDS | {"base_state": "denied"}, "BASE_BILL_NOT_PAID", id="of-late-charges-to-unpaid"),
        pytest.param("5", "01", ADDS, "paid", id="of-late-charges"),
    ],
)
def test_a_replacement_is_chained_as_what_it_replaces(
    root: str, status: str, facts: dict[str, Any], expected: str
) -> None:
    """To correct a bill that was denied for its place in the stay does not give it one."""
    stays = pd.DataFrame([BELONGS | facts]).astype({"previous_through": "datetime64[s]"})
    bill = STAY | CORRECTION | {"patient_status": status, "family_frequency_code": root}
    decided = decide_one(bill, [line(**ROOM)], stays=stays)
    assert expected in (decided.pend_reason, decided.outcome, *decided.codes)


def test_a_replacement_waits_for_its_original_before_its_frequency_counts() -> None:
    """Nothing is taken back that was not remitted."""
    waiting = {"original_first_remitted_on": None, "family_frequency_code": "2", "patient_status": "30"}
    book = book_with(frequencies=(FrequencyRule(interim="refuse"),))
    assert decide_one(STAY | CORRECTION | waiting, [line(**ROOM)], book=book).pend_reason == "ORIGINAL_NOT_REMITTED"


def test_a_stay_that_is_paid_with_its_last_bill_is_covered_from_its_first_day() -> None:
    """Coverage that ended before the last bill began still pays for the days before, here ten of nineteen."""
    stays = pd.DataFrame([BELONGS | FOLLOWS]).astype({"previous_through": "datetime64[s]"})
    book = replace(plan(crossing="reduce"), frequencies=(FrequencyRule(interim="last"),))
    decided = decide_one(
        STAY | {"frequency_code": "4", "patient_status": "01"},
        [line(**ROOM)],
        stays=stays,
        book=book,
        reference=reference(fee=[DAYS]),
        spans=[SPAN | {"valid_through": "2026-04-10"}],
    )
    assert decided.allowed_cents == 1000
    assert (1, "PR 238", 8645) in decided.adjustments


def test_a_rule_for_the_plan_goes_before_the_one_for_all() -> None:
    """Per plan settings."""
    book = book_with(frequencies=(FrequencyRule(interim="refuse"), FrequencyRule(plans=("GOLD",), interim="each")))
    assert (
        decide_one(STAY | {"frequency_code": "2", "patient_status": "30"}, [line(**ROOM)], book=book).outcome == "paid"
    )


def test_late_charges_are_paid_on_top_of_a_paid_bill() -> None:
    """5 with its base bill."""
    decided = decide_stay("5", base_claim_id=50, base_state="paid")
    assert decided.outcome == "paid"
    assert decided.facts_of("LATE-CHARGE-HAS-BASE")[0]["base_claim_id"] == 50


@pytest.mark.parametrize("method", ["case", "per_diem"])
def test_late_charges_are_not_paid_the_stay_again(method: str) -> None:
    """A person says what they add, and that is paid."""
    stays = pd.DataFrame([BELONGS | {"base_claim_id": 50, "base_state": "paid"}])
    known: dict[str, Any] = {"stays": stays, "reference": reference(fee=[CASE | {"method": method}])}
    bill = STAY | {"frequency_code": "5", "patient_status": "01"}
    assert decide_one(bill, [line(**ROOM)], **known).pend_reason == "LATE_CHARGE_OF_STAY"
    given = pd.DataFrame({"claim_id": [1], "line_number": [1], "allowed_cents": [70]})
    nobody = pd.DataFrame({"claim_id": [], "pend_reason": []})
    said = OperatorActions(releases=nobody, prices=given)
    assert decide_one(bill, [line(**ROOM)], operator_actions=said, **known).allowed_cents == 70
    free = decide_one(bill, [line(**ROOM, charge_cents=0)], **known)
    assert (free.outcome, free.paid_cents) == ("paid", 0)


@pytest.mark.parametrize("state", ["accepted", "pended", "denied"])
def test_late_charges_to_a_bill_that_is_not_paid_wait(state: str) -> None:
    """A person looks at both."""
    decided = decide_stay("5", base_claim_id=50, base_state=state)
    assert (decided.outcome, decided.pend_reason) == ("pended", "BASE_BILL_NOT_PAID")


def test_late_charges_without_a_base_bill_are_denied() -> None:
    """CO 16 with N152."""
    decided = decide_stay("5")
    assert (decided.codes, decided.remarks) == (["CO 16"], [(1, "N152")])


def test_a_plan_may_take_no_late_charges() -> None:
    """CO 135, base bill or not."""
    assert decide_stay("5", FrequencyRule(late_charge="refuse"), base_claim_id=50).codes == ["CO 135"]


@pytest.mark.parametrize(("frequency", "field"), [("0", "zero"), ("9", "home_health_final"), ("Q", "reopening")])
def test_other_frequencies_are_what_the_plan_says(frequency: str, field: str) -> None:
    """decide, pend, or refuse: CO 16 with MA30."""
    settings: list[dict[str, Any]] = [{field: "decide"}, {field: "pend"}, {field: "refuse"}]
    decided, pended, refused = (decide_stay(frequency, FrequencyRule(**each)) for each in settings)
    assert decided.outcome == "paid"
    assert pended.pend_reason == "FREQUENCY_NOT_SUPPORTED"
    assert (refused.codes, refused.remarks) == (["CO 16"], [(1, "MA30")])


@pytest.mark.parametrize("frequency", ["A", "G", "I", "X", "Y"])
def test_notices_and_adjustments_are_not_for_providers(frequency: str) -> None:
    """Those that the 277CA did not reject are denied CO 16 with MA30 (RFI 1538)."""
    assert decide_stay(frequency).remarks == [(1, "MA30")]


@pytest.mark.parametrize("kind", ["P", "D"])
@pytest.mark.parametrize("frequency", ["0", "2", "5", "9", "Q", "X", None])
def test_professional_and_dental_claims_have_no_such_frequencies(kind: str, frequency: str | None) -> None:
    """A person decides them, however late they are."""
    decided = decide_one({"kind": kind, "frequency_code": frequency, "received_date": "2030-01-01"})
    assert (decided.outcome, decided.pend_reason) == ("pended", "FREQUENCY_NOT_SUPPORTED")
