"""Adjudicate: decide claims in order of receipt, a batch a transaction, until none is left that can be decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
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
        return {"decided": self.outcomes.total(), "batches": self.batches, **dict(sorted(self.outcomes.items()))}


def adjudicate(house: House) -> AdjudicationReport:
    """Decide every claim that can be decided now.

    Each batch reads its facts, applies the rules and stores the decisions in one transaction that
    holds the claims' rows, so a second run beside this one waits and then finds them decided. A
    pended claim is looked at once a run and only when the fact it waits for may have changed.
    """
    from rules.adjudication import decide  # noqa: PLC0415 - pandas is slow to import

    report = AdjudicationReport()
    rulebook = house.configuration.rulebook
    seen: set[int] = set()
    while True:
        now = house.now()
        with house.warehouse.begin() as connection:
            claim_ids = [
                claim_id
                for claim_id in claim_facts.claims_to_decide(connection, BATCH_CLAIMS, accept_test=house.accepts_test)
                if claim_id not in seen
            ]
            if not claim_ids:
                return report
            facts = claim_facts.read_facts(connection, claim_ids)
            decided = decide(facts.claims, facts.lines, facts.spans, facts.providers, rulebook)
            decisions.store(
                connection,
                decided,
                now=now,
                decided_on=house.received_date(now),
                rules_bundle=house.configuration.digest(),
                registry_version=facts.registry_version,
            )
        seen.update(claim_ids)
        report.batches += 1
        report.outcomes.update(decided.claims["outcome"].tolist())
