"""Conservation after load: what came in is accounted for, set by set, measured by Great Expectations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edi.trouble import Final
from loaders.conservation import COUNTS, conservation
from pipeline.expect import measure_warehouse

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.house import House

TABLE = "warehouse_set"


class NotConserved(Final):
    """Claims or cents of the warehouse are unaccounted for: a defect of ours, or a hand in the tables."""


@dataclass(frozen=True, slots=True)
class Conservation:
    """What the sets that were looked at come to together, and what does not hold of how many of them."""

    sets: int
    totals: Mapping[str, int]
    broken: Mapping[str, int]
    """Hold expectations by id: sets that break them."""
    warnings: Mapping[str, int]
    """Warn expectations, likewise."""

    def summary(self) -> dict[str, object]:
        """Counts for people and programs."""
        return {
            "sets": self.sets,
            **self.totals,
            "holds": not self.broken,
            "broken": dict(self.broken),
            "warnings": dict(self.warnings),
        }


def conserve(house: House, since: datetime | None = None) -> Conservation:
    """Take the sets that changed from `since` on, or all, and measure them."""
    import pyarrow.compute as pc  # noqa: PLC0415 - the command line must start without Arrow

    with house.warehouse.begin() as connection:
        sets = conservation(connection, since)
    totals = {name: pc.sum(sets[name]).as_py() or 0 for name in COUNTS}
    if not sets.num_rows:
        return Conservation(0, totals, {}, {})
    outcome = measure_warehouse(house, {TABLE: sets})
    counts = {one.expectation: one.unexpected_count for one in outcome.results}
    return Conservation(
        sets.num_rows,
        totals,
        {name: counts[name] for name in outcome.broken_holds()},
        {name: counts[name] for name in outcome.broken_warnings()},
    )


def require_conservation(house: House, since: datetime | None = None) -> Conservation:
    """As `conserve`, for a run that must not go on.

    Raises:
        NotConserved: a hold expectation is broken.
    """
    found = conserve(house, since)
    if found.broken:
        told = ", ".join(f"{name} ({count} sets)" for name, count in found.broken.items())
        raise NotConserved(f"The warehouse does not balance: {told}. `edi balance` tells more.")
    return found
