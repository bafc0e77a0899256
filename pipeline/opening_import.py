"""Import the claims that an earlier system decided and paid: the whole file or nothing of it, and each content once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edi.import_problems import ImportProblem, ImportRefused
from loaders import decision_imports, decisions, opening_claims
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from pathlib import Path

    from loaders.decision_imports import DecisionImport
    from pipeline.house import House


@dataclass(frozen=True, slots=True)
class OpeningReport:
    """What an import did, or did before."""

    stored: DecisionImport
    unmatched: int
    """Claims of nobody who is on file."""
    is_new: bool

    def summary(self) -> dict[str, object]:
        """For people and programs."""
        return {
            "import": self.stored.import_id,
            "is_new": self.is_new,
            "claims": self.stored.claims,
            "paid_cents": self.stored.paid_cents,
            "without_member": self.unmatched,
        }


def import_opening_claims(house: House, path: Path, source_system: str, by: str) -> OpeningReport:
    """Store the prior claims of a file in the form of docs/operations.md; the file goes into the archive.

    They are claims of ours from then on: decided and remitted on their days, never to be paid again. A content that was
    imported before changes nothing.

    Raises:
        ImportRefused: with everything that is wrong; nothing was stored.
    """
    from parsers.import_forms import read_form  # noqa: PLC0415 - pandas is slow to import
    from pipeline.import_forms import OPENING_CLAIMS, content_sha256, read_bytes, suffix_of  # noqa: PLC0415 - as above
    from rules import opening_claims as rules  # noqa: PLC0415 - as above
    from rules.imported_codes import check_codes  # noqa: PLC0415 - as above
    from rules.imported_decisions import KnownClaims, judge  # noqa: PLC0415 - as above

    data = read_bytes(path)
    told = read_form(data, OPENING_CLAIMS)
    sha256 = content_sha256(told)
    now = house.now()
    today = house.received_date(now)
    rows = rules.complete(told)
    rules.check(rows, today)
    with house.warehouse.begin() as connection:
        earlier = decision_imports.earlier_import(connection, sha256)
        if earlier is not None:
            return OpeningReport(earlier, opening_claims.unmatched(connection, earlier.import_id), is_new=False)
        check_codes(rows, house.configuration.reason_codes(), rows["remitted_on"])
        numbers = sorted(set(rows["claim_number"]))
        in_use = rows["claim_number"].isin(opening_claims.numbers_in_use(connection, numbers))
        if in_use.any():
            where = rows.loc[in_use, "row"].tolist()
            raise ImportRefused([ImportProblem(int(row), "a claim of ours has this number") for row in where])
        file_id = opening_claims.begin(connection, sha256, len(data), now, today)
        import_id = decision_imports.begin(connection, sha256, source_system, by, now)
        opening_claims.load(connection, rows, file_id)
        named = decision_imports.lock_named(connection, numbers)
        # the versions and what they replaced are told, not made
        undecided = rows.assign(interest_cents=0, replaces_original=False)
        judged = judge(undecided, KnownClaims(named.claims, named.lines), source_system, import_id)
        decisions.store(
            connection,
            judged.decisions,
            now=now,
            decided_on=today,
            rules_bundle=house.configuration.digest(),
            registry_version=None,
            import_id=import_id,
        )
        opening_claims.settle(connection, import_id)
        archive_path = house.archive.keep_bytes(data, today, suffix_of(data))
        opening_claims.archived(connection, file_id, archive_path)
        stored = decision_imports.finish(connection, import_id, judged.interest, archive_path)
        enter(house, connection, "prior", now, import_id, decided=True)
        return OpeningReport(stored, opening_claims.unmatched(connection, import_id), is_new=True)
