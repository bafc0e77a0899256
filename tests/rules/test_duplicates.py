"""The same bill twice is paid once (domain.md 7.1)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from rules.family_settings import DuplicateRule
from tests.rules.bills import BOOK, CORRECTION, Decided, book_with, decide_all, decide_one, line
from tests.rules.bills import claim as bill

LIKE: dict[str, Any] = {
    "claim_id": 1,
    "line_number": 1,
    "other_claim_id": 50,
    "other_line_number": 1,
    "other_state": "paid",
    "other_void_id": None,
    "same_account": False,
    "same_charge": True,
    "same_rendering": True,
    "same_rest": True,
    "modifiers": None,
    "other_modifiers": None,
}
"""A pair of lines that are equal in everything."""
BILL: dict[str, Any] = {
    "claim_id": 1,
    "other_claim_id": 50,
    "other_state": "paid",
    "other_void_id": None,
    "other_frequency_code": "1",
    "other_bill_type": "11",
    "other_from": pd.Timestamp("2026-04-01"),
    "other_through": pd.Timestamp("2026-04-05"),
    "same_account": False,
    "same_bill": True,
    "same_days": True,
    "same_charge": True,
    "same_lines": True,
    "shared_lines": True,
}
"""A pair of institutional bills that are equal in everything."""
STAY = {
    "kind": "I",
    "facility_code": "11",
    "service_from": "2026-04-01",
    "service_through": "2026-04-05",
    "admission_date": "2026-04-01",
    "patient_status": "01",
}
ROOM: dict[str, Any] = {"revenue_code": "0120", "procedure_code": None, "unit": "DA", "service_from": None}


def pairs(*rows: dict[str, Any], like: dict[str, Any] = LIKE) -> pd.DataFrame:
    """Pairs in the types of the loader."""
    frame = pd.DataFrame([like | row for row in rows])
    texts = {name: "str" for name in ("modifiers", "other_modifiers", "other_state") if name in frame}
    return frame.astype(texts)


def decide_line(claim: dict[str, Any] | None = None, *, rule: DuplicateRule | None = None, **pair: object) -> Decided:
    """An office visit and the line that resembles it."""
    book = BOOK if rule is None else book_with(duplicates=rule)
    return decide_one(claim, like_lines=pairs(pair), book=book)


def decide_bill(claim: dict[str, Any] | None = None, **pair: object) -> Decided:
    """A stay and the bill that resembles it."""
    return decide_one(STAY | (claim or {}), [line(**ROOM)], like_bills=pairs(pair, like=BILL))


@pytest.mark.parametrize("state", ["paid", "accepted", "pended"])
def test_what_equals_an_earlier_service_is_denied(state: str) -> None:
    """OA 18, be the earlier one paid, waiting or undecided; no clerk looks."""
    decided = decide_line(other_state=state)
    assert (decided.outcome, decided.codes, decided.remarks) == ("denied", ["OA 18"], [])
    assert decided.facts_of("NOT-SEEN-BEFORE")[0]["duplicate_of"] == 50


def test_only_the_repeated_line_is_denied() -> None:
    """The other services of the claim are decided as usual."""
    claims, lines = [bill()], [line(1), line(2, procedure_code="J1000", charge_cents=400)]
    decided = Decided(decide_all(claims, lines, like_lines=pairs({})))
    assert decided.outcome == "paid"
    assert [code for number, code, _ in decided.adjustments if number == 1] == ["OA 18"]


@pytest.mark.parametrize(
    ("pair", "why"),
    [
        pytest.param({"same_charge": False}, "charge", id="another-charge"),
        pytest.param({"modifiers": "25"}, "modifiers", id="another-modifier"),
        pytest.param({"same_rendering": False}, "rendering provider", id="another-doctor-of-the-same-TIN"),
    ],
)
def test_what_differs_in_one_respect_waits(pair: dict[str, Any], why: str) -> None:
    """A suspect, with the reason named."""
    decided = decide_line(**pair)
    assert (decided.outcome, decided.pend_reason) == ("pended", "DUPLICATE_SUSPECTED")
    assert decided.facts_of("NOT-SUSPECTED")[0]["why"] == why
    assert decide_line(rule=DuplicateRule(suspects="note"), **pair).outcome == "paid"


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param({"same_charge": False, "same_rendering": False}, id="two-respects"),
        pytest.param({"same_rest": False}, id="another-place-tooth-or-quantity"),
    ],
)
def test_what_differs_more_is_another_service(pair: dict[str, Any]) -> None:
    """It is decided."""
    assert decide_line(**pair).outcome == "paid"


@pytest.mark.parametrize("modifier", ["59", "76", "77", "RT", "LT", "XE", "XP", "XS", "XU"])
def test_modifiers_tell_two_services_apart(modifier: str) -> None:
    """Where only one of the two has it; equal in everything they are a duplicate all the same."""
    assert decide_line(modifiers=modifier, same_account=True).outcome == "paid"
    assert decide_line(modifiers="LT", other_modifiers="RT").outcome == "paid"
    assert decide_line(modifiers=modifier, other_modifiers=modifier).codes == ["OA 18"]


@pytest.mark.parametrize(
    ("modifiers", "others", "outcome"),
    [
        pytest.param("26", "TC", "paid", id="the-two-parts-of-a-test"),
        pytest.param("26 59", None, "paid", id="a-part-beside-the-whole-of-another-test"),
        pytest.param("26", None, "pended", id="a-part-of-a-test-billed-whole"),
        pytest.param("26", "26", "denied", id="the-same-part-twice"),
    ],
)
def test_the_parts_of_a_test_are_two_services(modifiers: str, others: str | None, outcome: str) -> None:
    """Beside one another; the whole test holds both, so a part beside it is looked at by a person."""
    assert decide_line(modifiers=modifiers, other_modifiers=others, same_rendering=True).outcome == outcome


def test_twins_within_a_claim_wait_for_a_clerk() -> None:
    """Duplicates inside one claim are never denied without one, and never let through by a setting."""
    claims, lines = [bill()], [line(1), line(2)]
    twins = pairs({"line_number": 2, "other_claim_id": 1, "other_state": "accepted"})
    book = book_with(duplicates=DuplicateRule(suspects="note"))
    decided = Decided(decide_all(claims, lines, like_lines=twins, book=book))
    assert (decided.outcome, decided.pend_reason) == ("pended", "DUPLICATE_WITHIN_CLAIM")


def test_a_denied_original_is_not_a_duplicate() -> None:
    """It is noted; with the setting it counts."""
    decided = decide_line(other_state="denied")
    assert decided.outcome == "paid"
    assert decided.facts_of("NOT-SUSPECTED")[0]["duplicate_of"] == 50
    assert decide_line(other_state="denied", rule=DuplicateRule(denied_original="deny")).codes == ["OA 18"]


def test_a_correction_sent_as_a_new_claim_is_told_so() -> None:
    """OA 18 with N380 on every line: the paid claim has the same account number, and what differs was corrected."""
    like = pairs({"same_account": True, "same_charge": False, "same_rest": False})
    lines = [line(1), line(2, procedure_code="J1000", charge_cents=400)]
    decided = Decided(decide_all([bill()], lines, like_lines=like))
    assert decided.codes == ["OA 18"]
    assert decided.remarks == [(1, "N380"), (2, "N380")]
    assert decide_line(same_account=True, same_charge=False, other_state="pended").outcome == "pended"


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        pytest.param({}, "VOID_NOT_DECIDED", id="equal"),
        pytest.param({"other_state": "pended"}, "VOID_NOT_DECIDED", id="of-an-undecided-one"),
        pytest.param({"same_account": True, "same_charge": False}, "VOID_NOT_DECIDED", id="corrected"),
        pytest.param({"same_charge": False}, "DUPLICATE_SUSPECTED", id="suspect"),
        pytest.param({"other_state": "denied"}, "paid", id="of-a-denied-one"),
    ],
)
def test_what_equals_a_bill_whose_void_waits_waits_too(pair: dict[str, Any], expected: str) -> None:
    """Until the void is decided; but what equals another one that stands is denied."""
    pair = {"other_void_id": 60} | pair
    decided = decide_line(**pair)
    assert expected in (decided.pend_reason, decided.outcome)
    if expected == "VOID_NOT_DECIDED":
        assert decided.facts_of("NOT-SEEN-BEFORE")[0]["void_claim_id"] == 60
    both = decide_one(like_lines=pairs(pair, {"other_claim_id": 70}))
    assert both.codes == ["OA 18"]


def test_a_bill_waits_for_the_void_of_its_like() -> None:
    """Institutional bills as a whole."""
    assert decide_bill(other_void_id=60).pend_reason == "VOID_NOT_DECIDED"


def test_a_replacement_is_no_duplicate_but_may_be_suspect() -> None:
    """Its own family is not compared; a claim of another family that equals it is for a person."""
    assert decide_one(CORRECTION).outcome == "paid"
    assert decide_line(CORRECTION).pend_reason == "DUPLICATE_SUSPECTED"


def test_what_will_be_denied_anyway_is_not_kept_waiting() -> None:
    """A suspect that no coverage or filing limit lets through is denied for that."""
    assert decide_line({"received_date": "2030-01-01"}, same_charge=False).codes == ["CO 29"]


def test_the_strongest_likeness_counts() -> None:
    """Whatever the order of the pairs."""
    rows = [{"same_charge": False, "other_claim_id": 40}, {"other_claim_id": 60}, {"other_claim_id": 70}]
    for order in (rows, rows[::-1]):
        decided = decide_one(None, like_lines=pairs(*order))
        assert decided.facts_of("NOT-SEEN-BEFORE")[0]["duplicate_of"] == 60


def test_an_institutional_bill_that_equals_another_is_denied() -> None:
    """Same facility, type of bill, days, charge and lines: OA 18 on every line."""
    assert (decide_bill().outcome, decide_bill().codes) == ("denied", ["OA 18"])


@pytest.mark.parametrize(
    ("claim", "pair", "why"),
    [
        pytest.param({}, {"same_charge": False}, "charge", id="another-charge"),
        pytest.param({}, {"same_lines": False}, "lines", id="other-lines-of-the-same-charge"),
        pytest.param(
            {}, {"same_bill": False, "shared_lines": False}, "overlapping stays", id="stays-in-two-hospitals-at-once"
        ),
        pytest.param(
            {"facility_code": "13", "service_from": "2026-04-02", "service_through": "2026-04-02"},
            {"same_bill": False, "same_days": False, "shared_lines": False},
            "service during a stay",
            id="outpatient-service-during-a-stay",
        ),
    ],
)
def test_bills_that_cannot_both_be_right_wait(claim: dict[str, Any], pair: dict[str, Any], why: str) -> None:
    """Suspects among institutional bills."""
    decided = decide_bill(claim, **pair)
    assert (decided.outcome, decided.pend_reason) == ("pended", "DUPLICATE_SUSPECTED")
    assert decided.facts_of("NOT-SUSPECTED")[0]["why"] == why


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param({"other_from": "2026-03-20", "other_through": "2026-04-01"}, id="transferred-on-the-same-day"),
        pytest.param({"other_bill_type": "13", "other_through": "2026-04-01"}, id="emergency-on-the-day-of-admission"),
        pytest.param({"other_frequency_code": "5"}, id="late-charges-to-the-stay"),
    ],
)
def test_bills_that_go_together_are_decided(pair: dict[str, Any]) -> None:
    """Touching days and added charges are no duplicates."""
    days = {name: pd.Timestamp(day) for name, day in pair.items() if name in ("other_from", "other_through")}
    assert decide_bill(same_bill=False, same_days=False, shared_lines=False, **(pair | days)).outcome == "paid"


LATE: dict[str, Any] = {"frequency_code": "5"}
OF_LATE: dict[str, Any] = CORRECTION | {"family_frequency_code": "5"}
ADDED: dict[str, Any] = {"same_charge": False, "same_lines": False}
"""How late charges differ from the bill that they add to."""
ELSEWHERE: dict[str, Any] = {"same_days": False, "same_charge": False, "same_lines": None}


@pytest.mark.parametrize(
    ("claim", "pair", "expected"),
    [
        pytest.param(LATE, {}, "OA 18", id="late-charges-that-are-the-bill-again"),
        pytest.param(LATE, ADDED, "DUPLICATE_SUSPECTED", id="late-charges-that-repeat-a-line"),
        pytest.param(LATE, ADDED | {"shared_lines": False}, "paid", id="late-charges-of-their-own"),
        pytest.param(LATE, {"other_frequency_code": "5"}, "OA 18", id="late-charges-twice"),
        pytest.param(OF_LATE, {}, "DUPLICATE_SUSPECTED", id="replaced-late-charges-that-are-the-bill-again"),
        pytest.param(OF_LATE, ADDED | {"shared_lines": False}, "paid", id="replaced-late-charges-of-their-own"),
        pytest.param(
            CORRECTION, ADDED | {"other_frequency_code": "5"}, "DUPLICATE_SUSPECTED", id="bill-that-takes-them-in"
        ),
        pytest.param({}, {"other_frequency_code": "5"}, "DUPLICATE_SUSPECTED", id="bill-sent-as-late-charges-before"),
        pytest.param(
            {"facility_code": "13"}, ELSEWHERE | {"other_bill_type": "13"}, "DUPLICATE_SUSPECTED", id="outpatient-twice"
        ),
        pytest.param(
            {"facility_code": "13"},
            ELSEWHERE | {"other_bill_type": "13", "shared_lines": False},
            "paid",
            id="outpatient-of-overlapping-days",
        ),
        pytest.param(
            {},
            ELSEWHERE | {"same_bill": False, "other_bill_type": "13", "other_through": pd.Timestamp("2026-04-01")},
            "DUPLICATE_SUSPECTED",
            id="service-of-the-first-day-on-an-outpatient-bill-too",
        ),
        pytest.param(
            {"service_through": "2026-04-01"}, ELSEWHERE, "DUPLICATE_SUSPECTED", id="stay-of-the-first-day-alone"
        ),
    ],
)
def test_a_service_is_not_paid_on_two_bills(claim: dict[str, Any], pair: dict[str, Any], expected: str) -> None:
    """The exact key has no frequency; a line on both is for a person (domain.md 7.1)."""
    stays = pd.DataFrame([{"claim_id": 1, "base_claim_id": 50, "base_state": "paid"}])
    bills = pairs({"shared_lines": claim != {"service_through": "2026-04-01"}} | pair, like=BILL)
    decided = decide_one(STAY | claim, [line(**ROOM)], like_bills=bills, stays=stays)
    assert expected in (decided.pend_reason, decided.outcome, *decided.codes)


def test_an_institutional_correction_sent_as_a_new_claim_is_told_so() -> None:
    """OA 18 with N380, as for a professional one."""
    decided = decide_bill(same_account=True, same_charge=False)
    assert (decided.codes, decided.remarks) == (["OA 18"], [(1, "N380")])
