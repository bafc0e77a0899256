"""What a replay came to: how much was done again, and what came out otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loaders.replay_comparison import Difference

MOST_TOLD = 100
"""Differences that a report lists; all are counted."""


@dataclass(slots=True)
class ReplayReport:
    """What was done again, and what came out otherwise."""

    entries: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    """Recorded ones, compared byte by byte."""
    decisions: int = 0
    """Recorded ones, compared field by field."""
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_alike(self) -> bool:
        """Did everything come out as it was recorded?"""
        return not self.differences

    def summary(self) -> dict[str, Any]:
        """For people and programs."""
        by_kind = Counter(one.kind for one in self.differences)
        return {
            "entries": dict(sorted(self.entries.items())),
            "answers": self.answers,
            "decisions": self.decisions,
            "is_alike": self.is_alike,
            "different_answers": by_kind["answer"],
            "different_decisions": by_kind["decision"],
            "refused_work": by_kind["work"],
            "differences": [
                {
                    "kind": one.kind,
                    "key": one.key,
                    "fields": {name: {"recorded": was, "replayed": now} for name, (was, now) in one.fields.items()},
                }
                for one in self.differences[:MOST_TOLD]
            ],
        }


def beside_the_bundle(differences: Iterable[Difference]) -> Iterator[Difference]:
    """Differences that are more than the name of the bundle, which another one has of course."""
    for one in differences:
        fields = {name: sides for name, sides in one.fields.items() if name != "rules_bundle"}
        if fields:
            yield replace(one, fields=fields)
