"""Adjudicate: decide claims in order of receipt, a batch a transaction, until none is left that can be decided."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from loaders import claim_facts, claim_rounds, decisions
from loaders.decisions import StoredDecisions
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from edi.claim_facts import ClaimFacts
    from pipeline.house import House
    from rules.decisions import Decisions


LANES = 2
"""Batches that are decided side by side: while one waits for PostgreSQL another applies the rules."""
LEAST_CLAIMS_A_LANE = 5_000
CLAIMS_AHEAD = 200_000
"""Claims that are looked for at once: to find what can be decided takes the longer the more claims wait.

However many come in a batch: a claim that went on when another one was decided is found when these are done with.
"""
MOST_ROUNDS = 20
"""In a transaction, for its locks are held as long. An ordinary batch has a handful, however large it is."""


@dataclass(slots=True)
class AdjudicationReport:
    """How many claims were decided, by outcome."""

    outcomes: Counter[str] = field(default_factory=Counter)
    batches: int = 0

    def summary(self) -> dict[str, int]:
        """Counts for people and programs."""
        outcomes = {outcome: number for outcome, number in sorted(self.outcomes.items()) if number}
        return {"decided": self.outcomes.total(), "batches": self.batches, **outcomes}


def adjudicate(house: House) -> AdjudicationReport:
    """Decide every claim that can be decided now.

    Each batch of `limits.claims_per_batch` reads its facts, applies the rules and stores the
    decisions in one transaction, which passes over what a second run beside this one decided
    meanwhile. A pended claim is looked at once a run, and only when the fact it waits for may have
    changed. Where adjudication is outside, claims wait until decisions are imported.
    """
    report = AdjudicationReport()
    configuration = house.configuration
    if configuration.adjudication == "outside":
        return report
    most = configuration.limits.claims_per_batch
    waiting: set[int] = set()
    while claim_ids := _queue(house, CLAIMS_AHEAD, waiting):
        lanes = _lanes(house, claim_ids)
        for decided, waits in _side_by_side(house, lanes, most):
            report.batches += decided.batches
            report.outcomes.update(decided.outcomes)
            waiting.update(waits)
    return report


def _lanes(house: House, claim_ids: Sequence[int]) -> list[list[int]]:
    """Claims dealt out to be decided side by side: what they compare and use up is that of their own families only."""
    if len(claim_ids) < LANES * LEAST_CLAIMS_A_LANE:
        return [list(claim_ids)]
    with house.warehouse.begin() as connection:
        return [lane for lane in claim_facts.deal_by_family(connection, claim_ids, LANES) if lane]


def _side_by_side(
    house: House, lanes: Sequence[Sequence[int]], most: int
) -> list[tuple[AdjudicationReport, list[int]]]:
    """What came of each lane; one that is in trouble does not keep the others from their end."""
    if len(lanes) == 1:
        return [_decide_lane(house, lanes[0], most)]
    with ThreadPoolExecutor(len(lanes)) as pool:
        return list(pool.map(lambda lane: _decide_lane(house, lane, most), lanes))


def _decide_lane(house: House, claim_ids: Sequence[int], most: int) -> tuple[AdjudicationReport, list[int]]:
    """Decide claims in their order, so many a transaction; what came of it, and which of them wait."""
    report, waiting, to_come = AdjudicationReport(), [], list(claim_ids)
    while to_come:
        with house.warehouse.begin() as connection:
            batch = decide_claims(house, connection, to_come[:most], house.now(), most_rounds=MOST_ROUNDS)
        # before all others, for these may be of their households
        to_come = batch.left + to_come[most:]
        waiting += batch.waiting
        report.batches += 1
        report.outcomes.update(paid=batch.stored.paid, denied=batch.stored.denied, pended=batch.stored.pended)
    return report, waiting


def _queue(house: House, most: int, waiting: Collection[int]) -> list[int]:
    """Claims that can be decided now, in order, but those that were looked at in vain; these may stand before them."""
    today = house.today()
    wait = house.configuration.rulebook.correction.wait_max_days
    overdue = None if wait is None else today - timedelta(days=wait)
    with house.warehouse.begin() as connection:
        found = claim_facts.claims_to_decide(
            connection,
            most + len(waiting),
            accept_test=house.accepts_test,
            overdue=overdue,
            attachments_overdue=today - timedelta(days=house.configuration.rulebook.attachment_days),
        )
    return [claim_id for claim_id in found if claim_id not in waiting][:most]


def facts_of(
    house: House, connection: Connection, claim_ids: Sequence[int], today: date, *, again: bool = False
) -> ClaimFacts:
    """What the rules need to know of these claims on a day, whoever asks them to be decided; they are locked.

    `again`: they were decided before.
    """
    return _facts(house, connection, claim_facts.lock(connection, claim_ids, again=again), today, again=again)


def _facts(house: House, connection: Connection, locked: Sequence[int], today: date, *, again: bool) -> ClaimFacts:
    configuration = house.configuration
    return claim_facts.read_locked(
        connection,
        locked,
        today,
        least_filing_days=configuration.rulebook.least_filing_days,
        time_zone=configuration.plan.time_zone.key,
        again=again,
    )


def locked_rounds(connection: Connection, claim_ids: Sequence[int], *, again: bool = False) -> list[list[int]]:
    """These claims, locked, in the rounds in which they are to be decided (`loaders.claim_rounds`)."""
    return claim_rounds.deal(connection, claim_facts.lock(connection, claim_ids, again=again))


def facts_in_rounds(
    house: House, connection: Connection, rounds: Sequence[Sequence[int]], today: date, *, again: bool = False
) -> Iterator[ClaimFacts]:
    """What the rules need to know, a round at a time: each is read when the round before it was stored."""
    for of_round in rounds:
        yield _facts(house, connection, of_round, today, again=again)


def keep(
    house: House,
    connection: Connection,
    facts: ClaimFacts,
    decided: Decisions,
    now: datetime,
    *,
    source: str = "rules",
    again: bool = False,
) -> StoredDecisions:
    """Store what was decided of these facts, with the versions of everything that it was decided by."""
    return decisions.store(
        connection,
        decided,
        now=now,
        decided_on=house.received_date(now),
        rules_bundle=house.configuration.digest(),
        registry_version=facts.registry_version,
        source=source,
        reference_versions={} if facts.reference is None else facts.reference.versions,
        again=again,
    )


class Batch(NamedTuple):
    """What came of claims that were decided in a transaction."""

    stored: StoredDecisions
    waiting: list[int]
    """Those that are pended."""
    left: list[int]
    """Those of rounds that were too many, in their order: nothing happened to them."""


def decide_claims(
    house: House, connection: Connection, claim_ids: Sequence[int], now: datetime, *, most_rounds: int | None = None
) -> Batch:
    """Decide these claims as of an instant, and store and journal what came of it.

    They are decided in rounds (`loaders.claim_rounds`), so that it is of no consequence how many come together. After
    `most_rounds` of them the others are left: those of a household that come after all its claims that were decided.
    """
    from rules.adjudication import decide  # noqa: PLC0415 - pandas is slow to import

    stored, waiting = StoredDecisions(), []
    rounds = locked_rounds(connection, claim_ids)
    for facts in facts_in_rounds(house, connection, rounds[:most_rounds], house.received_date(now)):
        decided = decide(facts, house.configuration.rulebook)
        stored += keep(house, connection, facts, decided, now)
        waiting += decided.claims.loc[decided.claims["outcome"] == "pended", "claim_id"].tolist()
    enter(house, connection, "decide", now, decided=True)
    left = set() if most_rounds is None else {claim_id for each in rounds[most_rounds:] for claim_id in each}
    return Batch(stored, waiting, [claim_id for claim_id in claim_ids if claim_id in left])
