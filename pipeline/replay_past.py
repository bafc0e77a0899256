"""The house as it was at an entry of the journal, over the warehouse into which everything is done again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loaders import replay as replays
from pipeline.house import House
from pipeline.replay_archive import ArchiveBeside
from pipeline.rules_bundle import load_bundle

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from loaders.warehouse import Warehouse
    from pipeline.configuration import Configuration


@dataclass(frozen=True, slots=True)
class StoppedClock:
    """A clock that stands at a recorded instant."""

    instant: datetime

    def now(self) -> datetime:
        """That instant."""
        return self.instant


@dataclass(frozen=True, slots=True)
class ReplayHouse(House):
    """The house as it was at an entry, over another warehouse; it hashes identities as the house that is replayed."""

    original: House | None = None

    def identity_key(self) -> bytes:
        """The key of the house that is replayed."""
        return (self.original or self).identity_key()


@dataclass(frozen=True, slots=True)
class Past:
    """Houses of other days; each bundle is read once."""

    original: House
    """The house that is replayed: it is read only."""
    target: Warehouse
    var: Path
    """A folder of the replay's own."""
    other: Configuration | None = None
    """Under which a file is judged and decided, where that is wanted."""
    bundles: dict[str, Configuration] = field(default_factory=dict)

    def house(self, instant: datetime, digest: str | None, *, other: bool = False) -> House:
        """The house as it was under a bundle, or, where that is wanted, under the other configuration."""
        if other and self.other is not None:
            configuration = self.other
        elif digest is None:
            configuration = self.original.configuration
        else:
            if digest not in self.bundles:
                self.bundles[digest] = load_bundle(self.original, digest, self.var / "bundles")
            configuration = self.bundles[digest]
        return ReplayHouse(
            configuration=configuration,
            warehouse=self.target,
            clock=StoppedClock(instant),
            archive=ArchiveBeside(self.original.archive, self.var / "archive"),
            var=self.var,
            original=self.original,
        )

    def number(self, table: str, column: str, value: int) -> None:
        """Have the next row of a table numbered as it was."""
        with self.target.begin() as connection:
            replays.set_next_id(connection, table, column, value)
