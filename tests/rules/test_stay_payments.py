"""A stay or case is paid once, whichever of its bills were paid before (domain.md 6.4)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from edi.claim_facts import OperatorActions
from rules.family_settings import FrequencyRule, InterimTreatment
from tests.rules.bills import CORRECTION, Decided, book_with, decide_one, line
from tests.rules.references import reference
from tests.rules.test_interim_bills import BELONGS, CASE, DAYS, FOLLOWS, ROOM, STAY, STAYING

PAID: dict[str, Any] = {"stay_allowed_cents": 580000, "stay_paid_claim_id": 50}
BY_DAY, BY_CASE = PAID | {"stay_paid_by_case": False}, PAID | {"stay_paid_by_case": True}
BY_UNIT: dict[str, Any] = {"revenue_code": "0120", "method": "unit", "amount_cents": 100}
VOID: dict[str, Any] = CORRECTION | {"frequency_code": "8"}
NOBODY = pd.DataFrame({"claim_id": [], "pend_reason": []})
NOTHING = pd.DataFrame({"claim_id": [], "line_number": [], "allowed_cents": []})


def decide_bill(
    bill: dict[str, Any],
    before: dict[str, Any],
    fee: dict[str, Any] = CASE,
    interim: InterimTreatment = "each",
    **known: Any,  # noqa: ANN401 - further facts
) -> Decided:
    """A bill for the second ten days of a stay, after what is known of its other bills."""
    stays = pd.DataFrame([BELONGS | FOLLOWS | before]).astype({"previous_through": "datetime64[s]"})
    book = book_with(frequencies=(FrequencyRule(interim=interim),))
    tables = reference(fee=[fee])
    return decide_one(
        STAY | {"patient_status": "01"} | bill, [line(**ROOM)], stays=stays, reference=tables, book=book, **known
    )


@pytest.mark.parametrize(
    ("frequency", "before", "fee", "interim", "expected"),
    [
        pytest.param("1", BY_CASE, CASE, "each", "STAY_PAID_EARLIER", id="two-bills-of-a-case"),
        pytest.param("4", BY_CASE, CASE, "each", "STAY_PAID_EARLIER", id="last-bill-after-a-bill-of-the-case"),
        pytest.param("4", BY_DAY, CASE, "each", "STAY_PAID_EARLIER", id="case-after-days"),
        pytest.param("4", BY_CASE, DAYS, "each", "STAY_PAID_EARLIER", id="days-after-the-case"),
        pytest.param("1", BY_CASE, BY_UNIT, "each", "STAY_PAID_EARLIER", id="services-after-the-case"),
        pytest.param("4", BY_DAY, DAYS, "last", "STAY_PAID_EARLIER", id="all-days-after-some"),
        pytest.param("7", BY_DAY, CASE, "each", "STAY_PAID_EARLIER", id="replacement-of-an-original"),
        pytest.param("3", BY_DAY, DAYS, "each", 1000, id="days-after-other-days"),
        pytest.param("4", {}, CASE, "each", 1000, id="nothing-was-paid"),
        pytest.param("4", {}, DAYS, "last", 1900, id="all-days-after-none"),
    ],
)
def test_what_other_bills_of_the_stay_were_paid_counts(
    frequency: str, before: dict[str, Any], fee: dict[str, Any], interim: InterimTreatment, expected: str | int
) -> None:
    """A price for the case or since admission, and any price after the case, is for a person then."""
    bill = CORRECTION | {"family_frequency_code": "1"} if frequency == "7" else {"frequency_code": frequency}
    bill["patient_status"] = STAYING.get(frequency, "01")
    decided = decide_bill(bill, before, fee, interim)
    assert expected in (decided.pend_reason, decided.allowed_cents)
    told = decided.facts_of("STAY-PAID-ONCE")
    assert [each["stay_allowed_cents"] for each in told] == [580000] * (expected == "STAY_PAID_EARLIER")


def test_a_person_says_what_is_left_of_the_stay() -> None:
    """By a price, or by setting the reason aside."""
    priced = NOTHING.astype("int64").reindex([0]).assign(claim_id=1, line_number=1, allowed_cents=42)
    released = pd.DataFrame({"claim_id": [1], "pend_reason": ["STAY_PAID_EARLIER"]})
    last = {"frequency_code": "4"}
    left = OperatorActions(releases=NOBODY, prices=priced)
    assert decide_bill(last, BY_DAY, operator_actions=left).allowed_cents == 42
    whole = OperatorActions(releases=released, prices=NOTHING)
    assert decide_bill(last, BY_DAY, operator_actions=whole).allowed_cents == 1000


@pytest.mark.parametrize(
    ("fee", "methods"),
    [
        pytest.param(CASE, ["case"], id="case"),
        pytest.param(DAYS, ["per_diem"], id="days"),
        pytest.param(BY_UNIT, [], id="services"),
    ],
)
def test_a_bill_tells_that_it_is_paid_for_a_stay(fee: dict[str, Any], methods: list[str]) -> None:
    """The other bills of the stay are judged by it (`loaders.stays`)."""
    decided = decide_bill({"frequency_code": "1"}, {}, fee)
    assert [each["stay_method"] for each in decided.facts_of("STAY-PRICED")] == methods


@pytest.mark.parametrize(
    ("before", "drg", "expected"),
    [
        pytest.param({}, None, 100, id="paid-by-services"),
        pytest.param({"stay_paid_by_case": True}, None, "LATE_CHARGE_OF_STAY", id="paid-by-the-case"),
        pytest.param({"base_drg_code": "470"}, "470", "LATE_CHARGE_OF_STAY", id="a-DRG-that-only-the-bill-states"),
    ],
)
def test_late_charges_of_a_case_wait(before: dict[str, Any], drg: str | None, expected: str | int) -> None:
    """Whatever price they have themselves: they are in the case."""
    base = {"base_claim_id": 50, "base_state": "paid"}
    fee: dict[str, Any] = {"method": "per_diem", "amount_cents": 9, "drg_code": drg} if drg else BY_UNIT
    decided = decide_bill({"frequency_code": "5"}, base | before, fee)
    assert expected in (decided.pend_reason, decided.allowed_cents)


@pytest.mark.parametrize(("bill", "status"), [(VOID, "void"), (CORRECTION, "1")], ids=["void", "replacement"])
def test_a_correction_waits_for_the_late_charges_to_its_bill(bill: dict[str, Any], status: str) -> None:
    """Until a person says otherwise: without the bill they would not be paid."""
    standing = {"late_charge_claim_id": 60}
    waiting = decide_bill(bill, standing)
    assert (waiting.pend_reason, waiting.replaces_original) == ("LATE_CHARGE_STANDS", False)
    assert waiting.facts_of("LATE-CHARGES-GO-FIRST")[0]["late_charge_claim_id"] == 60
    released = pd.DataFrame({"claim_id": [1], "pend_reason": ["LATE_CHARGE_STANDS"]})
    said = OperatorActions(releases=released, prices=NOTHING)
    for decided in (decide_bill(bill, standing, operator_actions=said), decide_bill(bill, {})):
        assert (decided.claim_status_code, decided.replaces_original) == (status, True)


def test_a_replacement_that_leaves_the_original_alone_is_not_kept_waiting() -> None:
    """The late charges still have their bill."""
    late = decide_bill(CORRECTION | {"received_date": "2027-07-10"}, {"late_charge_claim_id": 60})
    assert (late.codes, late.replaces_original) == (["CO 29"], False)
