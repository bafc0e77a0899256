"""The registry: every rule of every stage, in the order of application, as one list.

A stage keeps its own list, from which it runs (`rules.front_end.screen.EDITS`, `rules.adjudication.RULES` and `LIMITS`,
`rules.decision_laws`); here they are told alike. `content` is part of a rules bundle's hash, so that a rule that is
added, moved or given other days makes another bundle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from rules.adjudication import LIMITS, RULES
from rules.core_combinations import LAW
from rules.decision_laws import laws
from rules.front_end.screen import EDITS
from rules.front_end.syntax import RETURNED, SYNTAX

if TYPE_CHECKING:
    from datetime import date

Stage = Literal["front_end", "adjudication", "limits", "laws"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""front_end: when a file is loaded. adjudication, limits, laws: when a claim is decided."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A rule as the registry tells it."""

    stage: Stage
    id: str
    says: str
    """In one line."""
    source: str
    effective_from: date | None = None
    """First day of receipt of the claims that it is about; None: since ever."""
    effective_through: date | None = None
    """Last day; None: until further notice."""

    def in_force(self, received: date) -> bool:
        """Is it about claims received on a day?"""
        begun = self.effective_from is None or self.effective_from <= received
        return begun and (self.effective_through is None or received <= self.effective_through)

    def summary(self) -> dict[str, object]:
        """For people and programs."""
        return {
            "stage": self.stage,
            "id": self.id,
            "effective_from": self.effective_from.isoformat() if self.effective_from else None,
            "effective_through": self.effective_through.isoformat() if self.effective_through else None,
            "source": self.source,
            "says": self.says,
        }


def registered() -> tuple[Registered, ...]:
    """Every rule: stage by stage, in the order of application."""
    return tuple(_registered())


def content() -> list[list[str | None]]:
    """What tells one set of rules from another, as plain values for a digest; words may change."""
    told = [rule.summary() for rule in registered()]
    names = ("stage", "id", "effective_from", "effective_through")
    return [[None if rule[name] is None else str(rule[name]) for name in names] for rule in told]


def _registered() -> Iterator[Registered]:
    for edit in EDITS:
        told = f"{edit.meaning} ({edit.statuses.replace(' ', ', ')}; {edit.severity})"
        yield Registered("front_end", edit.id, told, edit.source, edit.effective_from, edit.effective_through)
    yield Registered(
        "front_end", SYNTAX, f"left out of a set that the 999 accepts with errors ({RETURNED})", "RFI 1575"
    )
    for rule in RULES:
        yield Registered("adjudication", rule.id, rule.says, rule.source, rule.effective_from, rule.effective_through)
    for limit in LIMITS:
        yield Registered("limits", limit.id, limit.says, limit.source, limit.effective_from, limit.effective_through)
    for law in laws():
        yield Registered("laws", law.id, law.says, "domain.md 8.1")
    yield Registered("laws", "CORE-COMBINATION", LAW, "domain.md 8.3")
