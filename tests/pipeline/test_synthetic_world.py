"""A synthetic world through the whole pipeline: every claim comes to what its maker says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from edi.synthetic.world.corrections import claim_numbers, fill
from edi.synthetic.world.outcomes import OUTCOMES
from edi.synthetic.world.world import TEMPLATE, World, WorldRequest
from edi.synthetic.world.write import write_world
from loaders.reference_data import load_reference
from loaders.warehouse import Warehouse
from pipeline.configuration import load_configuration
from pipeline.remit import remit
from pipeline.run_local_files import run_files
from tests.pipeline.plan import Plan, unmeasured

DECISIONS = """
select c.patient_control_number as account, d.outcome, d.paid_cents, coalesce((
    select string_agg(distinct a.group_code || ' ' || a.reason_code, ',') from adjustment a
    where a.decision_id = d.decision_id
), '') as reasons
from claim c join decision d using (claim_id) order by d.sequence
"""

REMITTED = "select claim.patient_control_number as account from claim join remittance_claim using (claim_id)"
IN_FORCE = "select patient_control_number as account from claim where version_state = 'active'"
TO_RECOVER = "select patient_control_number as account from claim join recovery_candidate using (claim_id)"


def voided(accounts: Mapping[str, set[str]]) -> set[str]:
    """Originals of claims that were voided twice."""
    return {account.removesuffix("-W") for account in accounts["void_again"]}


def live_through(plan: Plan, folder: Path, world: World) -> None:
    """Every delivery at its time; a remittance through Sunday after every week."""
    zone = plan.house.configuration.plan.time_zone
    for week in sorted({delivery.week for delivery in world.deliveries}):
        numbers = claim_numbers(row.content for row in plan.outbox() if row.kind == "835")
        for delivery in world.deliveries:
            if delivery.week != week:
                continue
            path = folder / delivery.path
            if delivery.path.endswith(TEMPLATE):
                path = path.with_suffix("")
                path.write_bytes(fill(delivery.content, numbers))
            received_at = datetime.fromisoformat(delivery.received_at).replace(tzinfo=zone).astimezone(UTC)
            plan.clock.instant = received_at
            report = run_files(plan.house, [path], delivery.partner, received_at)
            assert report.states == {"committed": 1}, delivery.path
        plan.clock.instant += timedelta(days=6, hours=20)
        remit(plan.house, plan.house.today() - timedelta(days=1))


def as_told(row: Mapping[str, Any], reason: str) -> tuple[str, int, bool]:
    """What is compared: outcome, money, and whether the reason is among the adjustments."""
    return row["outcome"], row["paid_cents"], reason in row["reasons"].split(",")


def test_every_claim_comes_to_what_its_maker_says(warehouse: Warehouse, tmp_path: Path) -> None:
    """Outcome, money and reason."""
    folder = tmp_path / "world"
    world = write_world(folder, WorldRequest(members=200, claims=300, weeks=2))
    plan = Plan(warehouse, tmp_path / "var", unmeasured(load_configuration(folder / "config")))
    plan.load_registry()
    for kind in world.reference:
        with plan.house.warehouse.begin() as connection:
            load_reference(connection, kind, folder / "reference" / f"{kind}.csv", plan.clock.now())
    live_through(plan, folder, world)
    decided = {row["account"]: row for row in reversed(plan.rows(DECISIONS))}
    assert Counter(claim.outcome.name for _, claim in world.claims).keys() == OUTCOMES.keys()
    wrong = []
    for _, claim in world.claims:
        outcome = claim.outcome
        if outcome.status == "rejected":
            told: object = decided.get(claim.account, "rejected")
            expected: object = "rejected"
        else:
            row = decided[claim.account]
            told = as_told(row, claim.reason) if claim.reason else (row["outcome"], row["paid_cents"], True)
            expected = (outcome.status, claim.paid, True)
        if told != expected:
            wrong.append((outcome.name, claim.kind, claim.account, told, expected))
    assert wrong == []
    by_outcome: dict[str, set[str]] = {}
    for _, claim in world.claims:
        by_outcome.setdefault(claim.outcome.name, set()).add(claim.account)
    remitted = {row["account"] for row in plan.rows(REMITTED)}
    assert {row["account"] for row in plan.rows(TO_RECOVER)} == by_outcome["terminated_since"] <= remitted
    assert not by_outcome["trial"] & remitted
    assert {row["account"] for row in plan.rows(IN_FORCE)} >= by_outcome["original"] - voided(by_outcome)
    assert len(decided) == sum(claim.outcome.status != "rejected" for _, claim in world.claims)
