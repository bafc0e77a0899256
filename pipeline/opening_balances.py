"""Import what members and families had used under an earlier system: the whole file or nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edi.import_problems import ImportProblem, ImportRefused
from loaders import opening_balances
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from pathlib import Path

    from loaders.opening_balances import OpeningImport
    from pipeline.house import House


@dataclass(frozen=True, slots=True)
class BalancesReport:
    """What an import did, or did before."""

    stored: OpeningImport
    is_new: bool
    in_force: int
    """The version that holds now."""

    def summary(self) -> dict[str, object]:
        """For people and programs."""
        return {
            "import": self.stored.import_id,
            "is_new": self.is_new,
            "version": self.stored.version,
            "version_in_force": self.in_force,
            "balances": self.stored.balances,
            "changed": self.stored.changed,
            "ended": self.stored.ended,
        }


def import_opening_balances(house: House, path: Path, source_system: str, by: str) -> BalancesReport:
    """Make the balances of a file in the form of docs/operations.md those of the system; it goes into the archive.

    They take the place of whatever was imported from the system before. A content that was imported before changes
    nothing, even where a later version is in force.

    Raises:
        ImportRefused: with everything that is wrong; nothing was stored.
    """
    from parsers.import_forms import read_form  # noqa: PLC0415 - pandas is slow to import
    from pipeline.import_forms import OPENING_BALANCES, content_sha256, read_bytes, suffix_of  # noqa: PLC0415 - as above
    from rules.opening_balances import check  # noqa: PLC0415 - as above

    data = read_bytes(path)
    told = read_form(data, OPENING_BALANCES)
    sha256 = content_sha256(told)
    now = house.now()
    today = house.received_date(now)
    rows = check(told, house.configuration.rulebook.plans, today)
    with house.warehouse.begin() as connection:
        before = opening_balances.versions(connection, source_system)
        for earlier in before:
            if earlier.content_sha256 == sha256:
                return BalancesReport(earlier, is_new=False, in_force=before[0].version)
        _refuse(opening_balances.resolve(connection, rows, today))
        archive_path = house.archive.keep_bytes(data, today, suffix_of(data))
        version = before[0].version + 1 if before else 1
        import_id = opening_balances.begin(connection, source_system, version, sha256, archive_path, by, now)
        _refuse(opening_balances.load(connection, import_id, source_system, before[0].import_id if before else None))
        stored = opening_balances.versions(connection, source_system)[0]
        enter(house, connection, "opening", now, import_id)
        return BalancesReport(stored, is_new=True, in_force=version)


def _refuse(problems: list[ImportProblem]) -> None:
    if problems:
        raise ImportRefused(problems)
