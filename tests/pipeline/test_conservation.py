"""After load and after decisions every claim and cent of every 837 set is accounted for, or somebody is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from loaders.warehouse import Warehouse
from pipeline.adjudicate import adjudicate
from pipeline.configuration import load_configuration
from pipeline.conservation import NotConserved, conserve, require_conservation
from tests.pipeline.plan import CLAIMS, DEMO, ENROLLMENT, HOSPITAL_CLAIMS, Plan


@pytest.fixture
def settled(warehouse: Warehouse, tmp_path: Path) -> Plan:
    """The demo's plan with its expectations, members, and claims of two sets, which are decided."""
    plan = Plan(warehouse, tmp_path, load_configuration(DEMO / "config"))
    plan.load_registry()
    plan.take_in("acme", ENROLLMENT)
    plan.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS)
    plan.process()
    adjudicate(plan.house)
    return plan


def test_what_was_received_is_accounted_for(settled: Plan) -> None:
    """Claims and cents, of all sets together."""
    found = conserve(settled.house)
    (counted,) = settled.rows(
        "select count(*) as received, count(*) filter (where state = 'paid') as paid,"
        " cast(sum(charge_cents) as bigint) as received_cents from claim"
    )
    totals = found.totals
    assert (found.sets, found.broken, found.warnings) == (2, {}, {})
    assert {name: totals[name] for name in counted} == counted
    assert totals["received"] == totals["accepted"] + totals["rejected"]
    assert totals["accepted"] == totals["paid"] + totals["denied"] + totals["pended"]
    assert totals["decided_cents"] == totals["paid_cents"] + totals["adjusted_cents"] > 0
    assert totals["paid"] > 0


def test_only_what_changed_since_is_looked_at(settled: Plan) -> None:
    """By the state of its file, or by a decision."""
    house = settled.house
    assert conserve(house, house.now()).sets == 2
    assert conserve(house, house.now() + timedelta(days=1)).sets == 0
    settled.execute("update file set state_changed_at = state_changed_at - interval '9 days'")
    assert conserve(house, house.now() - timedelta(days=1)).sets == 2
    settled.execute("update decision set decided_at = decided_at - interval '9 days'")
    assert conserve(house, house.now() - timedelta(days=1)).sets == 0


FAULTS = {
    "claims_answered": "update claim_batch set claims = claims + 1",
    "charges_answered": "update claim_batch set charge_cents = charge_cents + 1",
    "claims_decided": "update decision set claim_id = (select min(claim_id) from claim), sequence = 100 + decision_id"
    " where outcome = 'paid'",
    "charges_decided": "update claim set charge_cents = charge_cents + 1 where state = 'paid'",
    "lines_balance": "update decision_line l set charge_cents = l.charge_cents + 1"
    " from decision d where d.decision_id = l.decision_id and d.outcome = 'paid'",
}


@pytest.mark.parametrize("broken", FAULTS)
def test_what_is_unaccounted_for_is_told(settled: Plan, broken: str) -> None:
    """Which law it breaks and in how many sets; a run does not go on."""
    settled.execute(FAULTS[broken])
    found = conserve(settled.house)
    assert f"warehouse_set.{broken}" in found.broken
    assert not found.summary()["holds"]
    with pytest.raises(NotConserved, match=f"warehouse_set.{broken} "):
        require_conservation(settled.house)


def test_a_claim_that_waits_is_a_warning(settled: Plan) -> None:
    """It may wait for an enrolment file."""
    settled.execute("update claim set state = 'accepted' where claim_id = (select min(claim_id) from claim)")
    found = require_conservation(settled.house)
    assert found.warnings == {"warehouse_set.nothing_waits": 1}
    assert found.totals["waiting"] == 1
