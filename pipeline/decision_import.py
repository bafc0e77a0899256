"""Import what another system decided: the whole file or nothing of it, and each content once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loaders import decision_imports, decisions
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from pathlib import Path

    from loaders.decision_imports import DecisionImport
    from pipeline.house import House


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or did before."""

    stored: DecisionImport
    is_new: bool

    def summary(self) -> dict[str, object]:
        """For people and programs."""
        return {
            "import": self.stored.import_id,
            "is_new": self.is_new,
            "claims": self.stored.claims,
            "paid_cents": self.stored.paid_cents,
            "interest_cents": self.stored.interest_cents,
        }


def import_decisions(house: House, path: Path, source_system: str, by: str) -> ImportReport:
    """Store the decisions of a file in the form of docs/operations.md; the file goes into the archive.

    A content that was imported before changes nothing. The claims are locked before they are looked at, so a claim that
    our own rules decide in this moment is either decided already, and the file refused, or theirs no more.

    A claim that a run of payments left out, because what was imported of it breaks a law of the 835, is decided again.

    Raises:
        ImportRefused: with everything that is wrong; nothing was stored.
    """
    import pandas as pd  # noqa: PLC0415 - pandas is slow to import

    from parsers.import_forms import read_form  # noqa: PLC0415 - as above
    from pipeline.import_forms import DECISIONS, content_sha256, read_bytes, suffix_of  # noqa: PLC0415 - as above
    from rules.imported_codes import check_codes  # noqa: PLC0415 - as above
    from rules.imported_decisions import KnownClaims, judge  # noqa: PLC0415 - as above

    data = read_bytes(path)
    rows = read_form(data, DECISIONS)
    sha256 = content_sha256(rows)
    now = house.now()
    with house.warehouse.begin() as connection:
        earlier = decision_imports.earlier_import(connection, sha256)
        if earlier is not None:
            return ImportReport(earlier, is_new=False)
        today = pd.Series(pd.Timestamp(house.received_date(now)), index=rows.index)
        check_codes(rows, house.configuration.reason_codes(), today)
        named = decision_imports.lock_named(connection, sorted(set(rows["claim_number"])))
        import_id = decision_imports.begin(connection, sha256, source_system, by, now)
        judged = judge(rows, KnownClaims(named.claims, named.lines), source_system, import_id)
        decisions.store(
            connection,
            judged.decisions,
            now=now,
            decided_on=house.received_date(now),
            rules_bundle=house.configuration.digest(),
            registry_version=None,
            import_id=import_id,
            again=True,
        )
        archived = house.archive.keep_bytes(data, house.received_date(now), suffix_of(data))
        finished = decision_imports.finish(connection, import_id, judged.interest, archived)
        enter(house, connection, "import", now, import_id, decided=True)
        return ImportReport(finished, is_new=True)
