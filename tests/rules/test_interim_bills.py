"""Interim bills of a stay, late charges, and the other frequencies of institutional bills (domain.md 6.1, 6.4)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from rules.family_settings import FrequencyRule
from tests.rules.bills import Decided, book_with, decide_one, line

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
