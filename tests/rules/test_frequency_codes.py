"""Frequency codes 1, 7 and 8, and what a correction must name (test vectors T13, T15, T16 and T18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.rules.bills import BOOK, CORRECTION, book_with, decide_one, line

NO_ORIGINAL = {"frequency_code": "7", "original_claim_id": None}


@pytest.mark.parametrize(
    ("changes", "remarks"),
    [
        pytest.param(NO_ORIGINAL | {"correction_problem": "F8_MISSING"}, ["M47"], id="T13-7-without-F8"),
        pytest.param(
            NO_ORIGINAL | {"correction_problem": "F8_MISSING", "frequency_code": "8"}, ["M47"], id="8-without-F8"
        ),
        pytest.param(NO_ORIGINAL | {"correction_problem": "F8_UNKNOWN"}, ["M47"], id="F8-names-no-claim"),
        pytest.param(
            CORRECTION | {"correction_problem": "F8_SUPERSEDED"}, ["N152"], id="T15-original-already-replaced"
        ),
        pytest.param(
            CORRECTION | {"correction_problem": "F8_VOIDED", "frequency_code": "8"},
            ["N547"],
            id="T16-second-void",
        ),
        pytest.param(CORRECTION | {"correction_problem": "F8_VOIDED"}, ["N142"], id="7-on-a-voided-claim"),
        *(
            pytest.param(CORRECTION | {"correction_problem": f"F8_OTHER_{what}"}, ["N152"], id=f"F8-of-other-{what}")
            for what in ("MEMBER", "CLASS", "PROVIDER", "DATES")
        ),
        pytest.param(
            CORRECTION | {"original_version_state": "refused"}, ["N152"], id="original-refused-in-the-meantime"
        ),
    ],
)
def test_a_correction_that_names_no_version_in_force_is_denied(changes: dict[str, Any], remarks: list[str]) -> None:
    """CO 16 on every line with the remark of domain.md 6.4; the claim it names stays as it is."""
    decided = decide_one(changes, [line(1), line(2)])
    assert decided.outcome == "denied"
    assert decided.claim_status_code == "1"
    assert decided.adjustments == [(1, "CO 16", 18250), (2, "CO 16", 18250)]
    assert decided.remarks == [(number, remark) for number in (1, 2) for remark in remarks]
    assert not decided.replaces_original


def test_the_reference_of_an_original_claim_is_ignored() -> None:
    """T18: a frequency 1 with REF*F8 is decided like any other."""
    with_reference = decide_one({"payer_claim_control_number": "261590000009"})
    assert with_reference.codes == decide_one().codes
    assert with_reference.outcome == "paid"


@pytest.mark.parametrize("frequency", ["7", "8"])
@pytest.mark.parametrize("state", ["accepted", "pended", "paid", "denied"])
def test_a_correction_waits_until_its_original_is_remitted(frequency: str, state: str) -> None:
    """Only what was remitted can be taken back."""
    changes = {"frequency_code": frequency, "original_state": state, "original_first_remitted_on": None}
    decided = decide_one(CORRECTION | changes)
    assert (decided.outcome, decided.pend_reason) == ("pended", "ORIGINAL_NOT_REMITTED")
    assert decided.claim_status_code is None
    assert not decided.replaces_original


def test_waiting_goes_before_looking_for_a_dispute() -> None:
    """A 7 equal to an original that is still on its way waits first."""
    changes = {"original_first_remitted_on": None, "original_fingerprint": "new"}
    assert decide_one(CORRECTION | changes).pend_reason == "ORIGINAL_NOT_REMITTED"


def test_an_accepted_void_has_no_money_of_its_own() -> None:
    """Outcome paid, status void, no lines and no adjustments: the remittance carries the reversal alone."""
    decided = decide_one(CORRECTION | {"frequency_code": "8", "member_id": None, "original_fingerprint": "new"})
    assert (decided.outcome, decided.claim_status_code, decided.paid_cents, decided.allowed_cents) == (
        "paid",
        "void",
        0,
        0,
    )
    assert decided.replaces_original
    assert decided.is_without_money
    assert decided.explanation == [
        {
            "rule": "VOID-ACCEPTED",
            "original_claim_id": 99,
            "remitted": "2026-04-10",
            "text": "original claim_id 99, remitted 2026-04-10, is voided, rule VOID-ACCEPTED",
        }
    ]


@pytest.mark.parametrize("original", ["paid", "denied"])
def test_a_valid_replacement_is_priced_afresh(original: str) -> None:
    """It takes the place of a paid or denied original."""
    decided = decide_one(CORRECTION | {"original_state": original})
    assert decided.codes == ["CO 45", "PR 3", "PR 2"]
    assert decided.replaces_original


def test_a_replacement_denied_on_its_merits_takes_the_place_of_its_original() -> None:
    """Priced content whose lines are all denied for eligibility was adjudicated, so the original is reversed."""
    decided = decide_one(CORRECTION, spans=[])
    assert (decided.outcome, decided.codes) == ("denied", ["PR 177"])
    assert decided.replaces_original


def test_a_plan_may_want_a_new_claim_after_a_denial() -> None:
    """With `denied_original: new_claim` a replacement of a denied claim is refused: CO 16 with N142."""
    book = book_with(correction=replace(BOOK.correction, denied_original="new_claim"))
    refused = decide_one(CORRECTION | {"original_state": "denied"}, book=book)
    assert (refused.codes, refused.remarks) == (["CO 16"], [(1, "N142")])
    assert not refused.replaces_original
    assert decide_one(CORRECTION | {"original_state": "paid"}, book=book).outcome == "paid"


@pytest.mark.parametrize(("as_of", "outcome"), [("2026-05-20", "pended"), ("2026-05-21", "denied")])
def test_a_correction_waits_no_longer_than_the_plan_says(as_of: str, outcome: str) -> None:
    """Received 2026-04-20 with `wait_max_days` 30: day 31 is one too many; CO 16 with N152, original untouched."""
    book = book_with(correction=replace(BOOK.correction, wait_max_days=30))
    waiting = CORRECTION | {"correction_problem": "F8_PENDING", "original_first_remitted_on": None}
    decided = decide_one(waiting, book=book, as_of=date.fromisoformat(as_of))
    assert decided.outcome == outcome
    assert not decided.replaces_original
    if outcome == "denied":
        assert (decided.codes, decided.remarks) == (["CO 16"], [(1, "N152")])
