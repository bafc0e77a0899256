"""Versions and states of families stay right, whoever corrects them at the same time."""

from __future__ import annotations

import random
import threading

import pytest

from loaders.warehouse import Warehouse
from tests.loaders.intake import Intake, Row, claims_tables
from tests.loaders.verdicts import decide, denied, paid, voided

FAMILIES = 4
NUMBERS = [f"26061{number:07d}" for number in range(1, FAMILIES + 1)]


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake with paid claims of one member."""
    intake = Intake(warehouse)
    intake.enroll({"maintenance_type": "021"})
    intake.claim(*({"patient_control_number": f"P{number}"} for number in range(FAMILIES)))
    decide(intake, *(paid(number) for number in range(1, FAMILIES + 1)))
    return intake


def correct_at_once(intake: Intake, dice: random.Random) -> None:
    """Two files of corrections, of random claims of ours in random order, loaded by two threads."""
    numbers = [number for (number,) in intake.rows("select claim_number from claim order by 1")]
    threads = []
    for _ in range(2):
        rows: list[Row] = [
            {"frequency_code": dice.choice("778"), "payer_claim_control_number": dice.choice(numbers)} for _ in range(5)
        ]
        arguments = (intake.deliver("837"), intake.next_verdict("837"), claims_tables(*rows))
        threads.append(threading.Thread(target=intake.commit, args=arguments))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def decide_all(intake: Intake, dice: random.Random) -> None:
    """Decide what waits: refused corrections are denied, the others denied, or take the place of their original."""
    waiting = "select claim_id, frequency_code, version_state from claim where state = 'accepted' order by 1"
    for claim_id, frequency, state in intake.rows(waiting):
        if state == "refused" or dice.random() < 1 / 3:
            decide(intake, denied(claim_id))
        else:
            decide(intake, voided(claim_id) if frequency == "8" else paid(claim_id, replaces_original=True))


@pytest.mark.parametrize("seed", range(4))
def test_families_keep_their_laws(intake: Intake, seed: int) -> None:
    """Whatever corrections meet: versions are counted without gaps, and one undecided correction holds the family.

    Of every family exactly one version is in force, or none and it is voided; whatever was refused names a problem or
    was denied.
    """
    dice = random.Random(seed)  # noqa: S311 - dice of a test
    for _ in range(3):
        correct_at_once(intake, dice)
        assert (
            intake.rows(
                "select family_id from claim where state = 'accepted' and version_state = 'active'"
                " group by family_id having count(*) > 1"
            )
            == []
        )
        decide_all(intake, dice)
        assert (
            intake.rows(
                "select f.family_id from claim_family f join claim c using (family_id) where c.version is not null"
                " group by f.family_id, f.current_version, f.state"
                " having max(c.version) <> f.current_version or count(*) <> f.current_version"
                " or count(*) filter (where c.version_state = 'active' and c.frequency_code <> '8')"
                "   <> case f.state when 'active' then 1 else 0 end"
            )
            == []
        )
        assert (
            intake.rows(
                "select claim_id from claim where version_state = 'refused' and correction_problem is null"
                " and state <> 'denied'"
            )
            == []
        )
