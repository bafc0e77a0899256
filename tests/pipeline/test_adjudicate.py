"""Deciding: everything once, in order of receipt, a batch a transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from loaders import claim_facts
from loaders.decisions import StoredDecisions
from loaders.warehouse import open_warehouse
from pipeline import adjudicate as adjudicating
from pipeline.adjudicate import AdjudicationReport, adjudicate
from pipeline.process import process_files
from tests.pipeline.bill_pairs import OUTCOMES, load_pairs, outcomes_of
from tests.pipeline.plan import WEEK, Plan

Decisions = list[tuple[str, str, int, str]]


def load_week(plan: Plan) -> None:
    """Load the demo's first week and decide nothing."""
    plan.load_registry()
    for partner, path in WEEK:
        process_files(plan.house, plan.take_in(partner, path.read_bytes()))


def made(fresh_database: Callable[..., str], folder: Path, load: Callable[[Plan], None]) -> str:
    """The database of a new plan with what is loaded into it, to be copied."""
    plan = Plan(open_warehouse(fresh_database()), folder)
    load(plan)
    plan.house.close()
    return str(plan.house.warehouse.engine.url.database)


def copied(database: str, fresh_database: Callable[..., str], folder: Path) -> Iterator[Plan]:
    """The plan of a copy, until the test is over."""
    plan = Plan(open_warehouse(fresh_database(database)), folder)
    yield plan
    plan.house.close()


@pytest.fixture(scope="module")
def loaded(fresh_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database of a plan with its first week loaded."""
    return made(fresh_database, tmp_path_factory.mktemp("loaded"), load_week)


@pytest.fixture
def week(loaded: str, fresh_database: Callable[..., str], tmp_path: Path) -> Iterator[Plan]:
    """The plan with its first week loaded."""
    yield from copied(loaded, fresh_database, tmp_path)


def decided(plan: Plan) -> Decisions:
    """Claim number, outcome, cents paid and pend reason, in order of decision."""
    rows = plan.rows(
        "select claim_number, outcome, paid_cents, coalesce(pend_reason, '') as reason from decision"
        " join claim using (claim_id) order by decision_id"
    )
    return [(row["claim_number"], row["outcome"], row["paid_cents"], row["reason"]) for row in rows]


def test_every_claim_is_decided_once_in_order_of_receipt(week: Plan) -> None:
    """And a second run finds nothing to do; of one patient none before another that came earlier."""
    report = adjudicate(week.house)
    numbers = [number for number, *_ in decided(week)]
    in_order = week.rows(
        "select array_agg(claim_number order by decision_id) = array_agg(claim_number order by claim_number) as kept"
        " from decision join claim using (claim_id) group by subscriber_id"
    )
    assert all(row["kept"] for row in in_order)
    assert report.outcomes.total() == len(numbers) == len(set(numbers)) == week.count("claim")
    assert adjudicate(week.house).summary() == {"decided": 0, "batches": 0}


@pytest.fixture(scope="module")
def at_once(loaded: str, fresh_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Decisions:
    """The decisions of the week when all claims are decided together."""
    plan = Plan(open_warehouse(fresh_database(loaded)), tmp_path_factory.mktemp("at_once"))
    adjudicate(plan.house)
    found = decided(plan)
    plan.house.close()
    return found


@pytest.fixture(scope="module")
def paired(fresh_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database of a plan with bills of which one decides what becomes of the other."""
    return made(fresh_database, tmp_path_factory.mktemp("paired"), load_pairs)


@pytest.fixture
def pairs(paired: str, fresh_database: Callable[..., str], tmp_path: Path) -> Iterator[Plan]:
    """The plan with these bills loaded."""
    yield from copied(paired, fresh_database, tmp_path)


@pytest.mark.parametrize("claims", [1, 2, 100], ids=str)
def test_how_many_are_decided_together_changes_no_decision(pairs: Plan, claims: int) -> None:
    """limits.claims_per_batch is about memory and locks, not about money: each is decided after what decides of it."""
    pairs.change_limits(claims_per_batch=claims)
    report = adjudicate(pairs.house)
    assert (report.batches, report.summary()["decided"]) == (-(-len(OUTCOMES) // claims), len(OUTCOMES))
    assert outcomes_of(pairs) == OUTCOMES


def test_what_many_rounds_would_decide_is_left_for_the_next_transaction(
    pairs: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a batch without end of one patient each transaction decides some, before all that came later.

    Until it is at its end nothing of it is decided.
    """
    real = adjudicating.keep
    stored: list[StoredDecisions] = []

    def die_in_the_second_round(*given: Any) -> StoredDecisions:  # noqa: ANN401 - passed on
        if stored:
            raise KeyboardInterrupt
        stored.append(real(*given))
        return stored[0]

    before = pairs.count("decision"), pairs.count("work_journal")
    with monkeypatch.context() as killed:
        killed.setattr("pipeline.adjudicate.keep", die_in_the_second_round)
        with pytest.raises(KeyboardInterrupt):
            adjudicate(pairs.house)
    assert (pairs.count("decision"), pairs.count("work_journal")) == before
    monkeypatch.setattr("pipeline.adjudicate.MOST_ROUNDS", 1)
    pairs.change_limits(claims_per_batch=12)
    report = adjudicate(pairs.house)
    assert report.batches > 2
    assert outcomes_of(pairs) == OUTCOMES


def test_families_side_by_side_are_decided_as_one_after_the_other(
    week: Plan, at_once: Decisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claims of one family stay in one lane, in their order."""
    monkeypatch.setattr("pipeline.adjudicate.LEAST_CLAIMS_A_LANE", 1)
    week.change_limits(claims_per_batch=3)
    report = adjudicate(week.house)
    assert report.summary()["decided"] == 15
    assert sorted(decided(week)) == sorted(at_once)


def test_claims_that_wait_do_not_stand_in_front_of_the_others(week: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was looked at in vain is passed by, however few are looked at together."""
    real = claim_facts.claims_to_decide

    def waiting_first(connection: Connection, limit: int, **others: Any) -> list[int]:  # noqa: ANN401 - passed on
        pended = connection.execute(text("select claim_id from claim where state = 'pended'")).scalars()
        return [*pended, *real(connection, limit, **others)][:limit]

    monkeypatch.setattr(claim_facts, "claims_to_decide", waiting_first)
    week.change_limits(claims_per_batch=1)
    report = adjudicate(week.house)
    assert report.outcomes["pended"]
    assert report.outcomes.total() == week.count("claim") == week.count("decision")


def test_two_at_once_decide_every_claim_once(week: Plan) -> None:
    """A manual run beside the DAG: what one decides the other passes over, and no two wait for each other."""
    week.change_limits(claims_per_batch=2)
    reports: list[AdjudicationReport] = []
    workers = [threading.Thread(target=lambda: reports.append(adjudicate(week.house))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(reports) == 3
    assert sum(report.outcomes.total() for report in reports) == week.count("decision") == week.count("claim")
