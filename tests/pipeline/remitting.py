"""A house with a desk at which claims are decided: what tests of remittance runs begin with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from pipeline.archive import Archive
from pipeline.configuration import load_configuration
from pipeline.house import House
from tests.loaders.desk import SUNDAY, Desk
from tests.loaders.snapshot import table_queries

if TYPE_CHECKING:
    from pipeline.configuration.schedule import Release

CONFIGURATION = Path(__file__).parents[2] / "config"
NEXT_SUNDAY = SUNDAY + timedelta(days=7)


@dataclass
class FixedClock:
    """A clock that stands still."""

    instant: datetime

    def now(self) -> datetime:
        """The instant."""
        return self.instant


def house_of(desk: Desk, folder: Path, release: Release = "automatic") -> House:
    """The example configuration's house on the Monday after the week."""
    configuration = load_configuration(CONFIGURATION)
    return House(
        configuration=replace(configuration, remittance=replace(configuration.remittance, release=release)),
        warehouse=desk.warehouse,
        clock=FixedClock(datetime.combine(SUNDAY + timedelta(days=1), time(10), UTC)),
        archive=Archive(folder / "archive"),
        var=folder,
    )


def later(house: House, days: int = 7) -> House:
    """The same house some days on."""
    return replace(house, clock=FixedClock(house.now() + timedelta(days=days)))


def outbox(house: House) -> dict[str, bytes]:
    """Content by file name."""
    with house.warehouse.begin() as conn:
        found = conn.execute(text("select file_name, content from outbox order by outbox_id")).all()
    return {name: bytes(content) for name, content in found}


def segments(content: bytes, *ids: str) -> list[str]:
    """Segments of an 835 by id."""
    return [segment for segment in content.decode("ascii").split("~") if segment.split("*")[0] in ids]


def count(house: House, table: str) -> int:
    """Rows of a table."""
    with house.warehouse.begin() as conn:
        return int(conn.execute(text(f"select count(*) from {table}")).scalar_one())


def rows(house: House, query: str) -> list[tuple[object, ...]]:
    """What the warehouse answers."""
    with house.warehouse.begin() as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def content(house: House) -> dict[str, list[str]]:
    """Every row of every table, without keys that we make up."""
    return {name: sorted(str(row[0]) for row in rows(house, query)) for name, query in table_queries().items()}
