"""Adjudicate: decide claims in order of receipt, a batch a transaction, until none is left that can be decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from loaders import claim_facts, decisions

if TYPE_CHECKING:
    from pipeline.house import House


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
    from rules.adjudication import decide  # noqa: PLC0415 - pandas is slow to import

    report = AdjudicationReport()
    configuration = house.configuration
    if configuration.adjudication == "outside":
        return report
    most = configuration.limits.claims_per_batch
    waiting: set[int] = set()
    while True:
        now = house.now()
        today = house.received_date(now)
        wait = configuration.rulebook.correction.wait_max_days
        overdue = None if wait is None else today - timedelta(days=wait)
        with house.warehouse.begin() as connection:
            # those that were looked at in vain may stand in front of the others still
            found = claim_facts.claims_to_decide(
                connection, most + len(waiting), accept_test=house.accepts_test, overdue=overdue
            )
            claim_ids = [claim_id for claim_id in found if claim_id not in waiting][:most]
            if not claim_ids:
                return report
            facts = claim_facts.read_facts(
                connection,
                claim_ids,
                today,
                least_filing_days=configuration.rulebook.least_filing_days,
                time_zone=configuration.plan.time_zone.key,
            )
            decided = decide(facts, configuration.rulebook)
            stored = decisions.store(
                connection,
                decided,
                now=now,
                decided_on=today,
                rules_bundle=configuration.digest(),
                registry_version=facts.registry_version,
                reference_versions={} if facts.reference is None else facts.reference.versions,
            )
        waiting.update(decided.claims.loc[decided.claims["outcome"] == "pended", "claim_id"].tolist())
        report.batches += 1
        report.outcomes.update(paid=stored.paid, denied=stored.denied, pended=stored.pended)
