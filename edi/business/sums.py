"""Amounts as the plain interpreter adds them up, and ledgers that keep them apart by a key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from edi.business.limits import MOST_DIGITS, MOST_ENTRIES
from edi.money import to_cents

Place = TypeVar("Place")


def cents_of(value: str) -> int | None:
    """Cents, or None for what is no amount that can be added up."""
    try:
        cents = to_cents(value)
    except ValueError:
        return None
    return cents if abs(cents) < 10**MOST_DIGITS else None


@dataclass(slots=True)
class LedgerEntry(Generic[Place]):
    """One entry of a ledger."""

    place: Place
    key: str
    """Empty: not known yet."""
    columns: dict[int, int] = field(default_factory=dict)
    """Number of a column -> cents; what is not here was never entered."""
    spoilt: bool = False


@dataclass(slots=True)
class Ledger(Generic[Place]):
    """Entries in the order in which they began."""

    entries: list[LedgerEntry[Place]] = field(default_factory=list)
    current: LedgerEntry[Place] | None = None
    overflown: bool = False

    def begin(self, place: Place, key: str) -> None:
        """Begin an entry and make it the current one."""
        if len(self.entries) >= MOST_ENTRIES:
            self.overflown = True
            self.current = None
            return
        self.current = LedgerEntry(place, key)
        self.entries.append(self.current)

    def name(self, key: str) -> None:
        """Give the current entry its key; two entries of one key cannot be told apart."""
        entry = self.current
        if entry is None:
            return
        for other in self.entries:
            if other is not entry and other.key == key:
                entry.spoilt = other.spoilt = True
        entry.key = key

    def choose(self, key: str) -> bool:
        """Make the entry with this key the current one, or none; was there one?"""
        self.current = next((entry for entry in self.entries if entry.key == key), None)
        return self.current is not None

    def enter(self, column: int, value: str) -> None:
        """Add an amount to a column of the current entry."""
        entry = self.current
        if entry is None:
            return
        cents = cents_of(value)
        if cents is None:
            entry.spoilt = True
        else:
            entry.columns[column] = entry.columns.get(column, 0) + cents
