"""Decisions are stored once, balanced, and move claims, originals and families."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pandas as pd
import pytest

from loaders.decisions import DecisionUnbalanced, StoredDecisions, store
from loaders.warehouse import Warehouse
from tests.loaders.intake import NOON, Intake
from tests.loaders.verdicts import Frames, decide, denied, paid, pended, together, voided


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake with one claim on file."""
    intake = Intake(warehouse)
    intake.claim({})
    return intake


def states(intake: Intake) -> list[tuple[str, str]]:
    """State and version state of all claims."""
    return intake.rows("select state, version_state from claim order by claim_id")


def test_a_decision_with_its_money(intake: Intake) -> None:
    """Claim, lines, adjustments and remarks as decided, with when, under which rules and from which facts."""
    assert decide(intake, paid(1)) == StoredDecisions(paid=1)
    assert states(intake) == [("paid", "active")]
    assert intake.rows(
        "select claim_id, sequence, outcome, pend_reason, decided_at, decided_on, rules_bundle, plan_id,"
        " claim_status_code, charge_cents, allowed_cents, paid_cents, explanation from decision"
    ) == [
        (1, 1, "paid", None, NOON, date(2026, 3, 2), "bundle", "gold", "1", 12000, 9000, 9000,
         [{"rule": "BY-HAND", "text": "decided by the test"}])
    ]  # fmt: skip
    assert intake.rows("select line_number, charge_cents, allowed_cents, paid_cents from decision_line") == [
        (1, 12000, 9000, 9000)
    ]
    assert intake.rows("select line_number, group_code, reason_code, amount_cents from adjustment") == [
        (1, "CO", "45", 3000)
    ]
    assert intake.rows("select line_number, remark_code from decision_remark") == [(1, "N130")]


def test_storing_again_changes_nothing(intake: Intake) -> None:
    """A decided claim is passed over, the others of the batch are stored."""
    intake.claim({})
    decide(intake, paid(1))
    assert decide(intake, denied(1), denied(2)) == StoredDecisions(denied=1)
    assert states(intake) == [("paid", "active"), ("denied", "active")]


def test_a_pended_claim_is_decided_again(intake: Intake) -> None:
    """Each time with the next sequence; to wait for the same reason once more is not stored."""
    assert decide(intake, pended(1, "NO_PRICE")) == StoredDecisions(pended=1)
    assert decide(intake, pended(1, "NO_PRICE")) == StoredDecisions()
    assert decide(intake, pended(1, "NO_LINES")) == StoredDecisions(pended=1)
    assert decide(intake, paid(1)) == StoredDecisions(paid=1)
    assert intake.rows("select sequence, outcome, pend_reason from decision order by 1") == [
        (1, "pended", "NO_PRICE"),
        (2, "pended", "NO_LINES"),
        (3, "paid", None),
    ]


def test_several_batches_fit_in_one_transaction(intake: Intake) -> None:
    """Nothing of the first is in the way of the second."""
    intake.claim({})
    with intake.warehouse.begin() as conn:
        for frames in (paid(1), denied(2)):
            store(conn, frames, NOON, NOON.date(), "bundle", None)
    assert states(intake) == [("paid", "active"), ("denied", "active")]


@pytest.mark.parametrize(
    ("frequency", "frames", "original", "correction", "family"),
    [
        pytest.param("7", paid(2, replaces_original=True), "replaced", "active", "active", id="7-paid"),
        pytest.param("7", denied(2, "27", replaces_original=True), "replaced", "active", "active", id="7-denied-27"),
        pytest.param("7", denied(2, "29"), "active", "refused", "active", id="7-late"),
        pytest.param("7", pended(2, "ORIGINAL_NOT_REMITTED"), "active", "active", "active", id="7-pended"),
        pytest.param("8", voided(2), "voided", "active", "voided", id="8-accepted"),
        pytest.param("8", denied(2), "active", "refused", "active", id="8-refused"),
    ],
)
def test_what_a_correction_does_to_its_original(
    intake: Intake, frequency: str, frames: Frames, original: str, correction: str, family: str
) -> None:
    """It is out of force only when the correction replaces it; otherwise the correction is refused."""
    decide(intake, paid(1))
    intake.claim({"frequency_code": frequency, "payer_claim_control_number": "260610000001"})
    decide(intake, frames)
    assert states(intake) == [("paid", original), (frames.claims["outcome"][0], correction)]
    assert intake.value("select state from claim_family where family_id = 1") == family


def test_a_line_that_does_not_balance_stores_nothing(intake: Intake) -> None:
    """Charge = paid + adjustments, or it is our own fault, which names the claim and no amount."""
    intake.claim({})
    wrong = paid(2)
    wrong.adjustments.loc[0, "amount_cents"] = 2999
    with pytest.raises(DecisionUnbalanced, match="claim_id 2"):
        decide(intake, paid(1), wrong)
    with pytest.raises(DecisionUnbalanced):
        decide(intake, Frames(wrong.claims, wrong.lines.iloc[:0], wrong.adjustments, wrong.remarks))
    assert states(intake) == [("accepted", "active")] * 2


def test_equal_adjustments_of_a_line_are_added_up(intake: Intake) -> None:
    """Two amounts of one group and reason are one CAS."""
    frames = paid(1)
    half = frames.adjustments.assign(amount_cents=1500)
    decide(intake, Frames(frames.claims, frames.lines, pd.concat([half, half]), frames.remarks))
    assert intake.rows("select amount_cents from adjustment") == [(3000,)]


def test_two_workers_with_the_same_claims_decide_each_once(intake: Intake) -> None:
    """In whatever order they hold them, and without waiting for each other for ever."""
    intake.claim(*({"patient_control_number": f"P{number}"} for number in range(30)))
    ids = [claim_id for (claim_id,) in intake.rows("select claim_id from claim order by 1")]
    stored: list[StoredDecisions] = []

    def work(order: list[int]) -> None:
        batch = together([paid(claim_id) for claim_id in order])
        stored.append(decide(intake, batch, now=NOON + timedelta(minutes=1)))

    threads = [threading.Thread(target=work, args=(order,)) for order in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each.paid for each in stored) == len(ids)
    assert intake.value("select count(*) from decision") == len(ids)


def test_an_empty_batch_is_no_work(intake: Intake) -> None:
    """Frames without rows have no types of their own."""
    frames = paid(1)
    empty = Frames(*(frame.iloc[:0] for frame in (frames.claims, frames.lines, frames.adjustments, frames.remarks)))
    assert decide(intake, empty) == StoredDecisions()
