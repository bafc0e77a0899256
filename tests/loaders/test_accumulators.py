"""Accumulators move with the decisions that are stored, once, and are read under a lock."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from loaders import accumulators
from loaders.accumulators import ENTRY_SCHEMA
from loaders.claim_facts import read_facts
from loaders.warehouse import Warehouse
from tests.loaders.intake import Intake
from tests.loaders.verdicts import Frames, decide, denied, paid, voided

YEAR = date(2026, 1, 1)


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """Two claims of one member."""
    intake = Intake(warehouse)
    intake.enroll({"maintenance_type": "021", "coverages": ()})
    intake.claim({}, {})
    return intake


def using(frames: Frames, used: int, *, before: int = 0, taken_back: int = 0) -> Frames:
    """A decision that also moves the deductible of member 1 and of family 1."""
    rows = [
        (frames.claims["claim_id"][0], holder, 1, "gold", "deductible", YEAR, before, taken_back, used)
        for holder in ("member", "family")
    ]
    return replace(frames, accumulators=pd.DataFrame(rows, columns=ENTRY_SCHEMA.names))


def amounts(intake: Intake) -> list[tuple[str, int]]:
    """Amount by holder."""
    return intake.rows("select holder, amount from accumulator order by holder")


def test_amounts_add_up_and_every_decision_keeps_its_part(intake: Intake) -> None:
    """Before, taken back and used stand with the decision; storing it again moves nothing."""
    decide(intake, using(paid(1), 5000), using(paid(2), 3000, before=5000))
    assert amounts(intake) == [("family", 8000), ("member", 8000)]
    decide(intake, using(paid(2), 3000, before=5000))
    assert amounts(intake) == [("family", 8000), ("member", 8000)]
    assert intake.rows(
        "select d.claim_id, a.holder, e.before, e.taken_back, e.used from accumulator_entry e"
        " join decision d using (decision_id) join accumulator a using (accumulator_id) order by 1, 2"
    ) == [(1, "family", 0, 0, 5000), (1, "member", 0, 0, 5000), (2, "family", 5000, 0, 3000),
          (2, "member", 5000, 0, 3000)]  # fmt: skip


def test_the_facts_of_a_claim(intake: Intake) -> None:
    """The family of its member, and what both have used; a claim without a member has neither."""
    decide(intake, using(paid(1), 5000))
    with intake.warehouse.begin() as conn:
        facts = read_facts(conn, [2])
    assert facts.families is not None
    assert facts.accumulators is not None
    assert facts.families.to_numpy().tolist() == [[1, 1]]
    assert facts.accumulators.sort_values("holder")[
        ["holder", "holder_id", "counter", "amount"]
    ].to_numpy().tolist() == [
        ["family", 1, "deductible", 5000],
        ["member", 1, "deductible", 5000],
    ]


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_correction_knows_what_its_original_used(intake: Intake, frequency: str) -> None:
    """That is what its decision takes back; another claim's use stays."""
    decide(intake, using(paid(1), 5000), using(paid(2), 3000, before=5000))
    intake.claim({"frequency_code": frequency, "payer_claim_control_number": "260610000001"})
    with intake.warehouse.begin() as conn:
        back = accumulators.read(conn, [3]).taken_back
    assert back[["claim_id", "amount"]].to_numpy().tolist() == [[3, 5000], [3, 5000]]
    frames = voided(3) if frequency == "8" else paid(3, replaces_original=True)
    decide(intake, using(frames, 1000 if frequency == "7" else 0, before=8000, taken_back=5000))
    left = 4000 if frequency == "7" else 3000
    assert amounts(intake) == [("family", left), ("member", left)]


def test_claims_decided_meanwhile_are_left_out(intake: Intake) -> None:
    """What they used is counted already, and would count twice for the claims after them."""
    decide(intake, using(paid(1), 5000))
    with intake.warehouse.begin() as conn:
        facts = read_facts(conn, [1, 2])
    assert facts.claims["claim_id"].tolist() == [2]


def test_two_batches_of_one_family_follow_each_other(intake: Intake) -> None:
    """The second waits at the family's lock and then reads what the first used."""
    seen: list[list[int]] = []

    def second() -> None:
        with intake.warehouse.begin() as conn:
            accumulators.lock(conn, [2])
            seen.append(accumulators.read(conn, [2]).amounts["amount"].tolist())

    decide(intake, using(denied(1), 0))
    with intake.warehouse.begin() as conn:
        accumulators.lock(conn, [1])
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(timeout=0.5)
        assert waiting.is_alive()
    waiting.join()
    assert len(seen) == 1
