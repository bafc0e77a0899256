"""Families before claims: whoever decides claims takes its locks in one order, so nobody waits in a circle."""

from __future__ import annotations

import threading

import pytest

from loaders.claim_facts import read_facts
from loaders.decisions import StoredDecisions, store
from loaders.warehouse import Warehouse
from tests.loaders.intake import NOON, Intake
from tests.loaders.verdicts import decide, paid

FIRST = "260610000001"


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake with a decided claim and its replacement, both of nobody that is known."""
    intake = Intake(warehouse)
    intake.claim({})
    intake.claim({"frequency_code": "7", "payer_claim_control_number": FIRST})
    decide(intake, paid(1))
    return intake


def test_two_that_decide_one_correction_do_not_lock_each_other_out(intake: Intake) -> None:
    """One has read the facts, for which it matched the member again; the other stores its decision meanwhile."""
    stored: list[StoredDecisions] = []

    def decide_meanwhile() -> None:
        stored.append(decide(intake, paid(2, replaces_original=True)))

    other = threading.Thread(target=decide_meanwhile)
    with intake.warehouse.begin() as conn:
        read_facts(conn, [2])
        other.start()
        other.join(0.5)
        assert other.is_alive()
        stored.append(store(conn, paid(2, replaces_original=True), NOON, NOON.date(), "bundle", None))
    other.join()
    assert stored == [StoredDecisions(paid=1), StoredDecisions()]


def test_facts_hold_until_they_are_decided_on(intake: Intake) -> None:
    """Nobody else reads them, to decide by them, before the first has decided; and then they are decided."""
    read: list[list[int]] = []

    def read_meanwhile() -> None:
        with intake.warehouse.begin() as conn:
            read.append(read_facts(conn, [2]).claims["claim_id"].tolist())

    other = threading.Thread(target=read_meanwhile)
    with intake.warehouse.begin() as conn:
        read_facts(conn, [2])
        other.start()
        other.join(0.5)
        assert not read
        store(conn, paid(2, replaces_original=True), NOON, NOON.date(), "bundle", None)
    other.join()
    assert read == [[]]
