"""What a replay takes over from the warehouse that it replays.

Taken over are deliveries and loaded versions of registry and reference data, under the ids that answers and decisions
name; all else is done again. What came of it is compared by `loaders.replay_comparison`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select, text

from edi.trouble import Final, Usage
from loaders.schema import metadata
from loaders.schema.intake import file, file_state_change

BATCH_ROWS = 10_000
IMPORT_KIND = "import"

FIRST_STATES = """
select distinct on (file_id) file_id, state, reason_code, changed_at from file_state_change order by file_id, change_id
"""

NOT_EMPTY = """
select exists (select from file) or exists (select from work_journal) or exists (select from number_series)
    or exists (select from provider_registry) or exists (select from reference_version)
"""

UNJOURNALED = """
select
    (select count(*) from file f where f.state in ('committed', 'acknowledged') and f.kind <> 'import' and not exists (
        select from work_journal j where j.work in ('commit', 'bank') and j.subject_id = f.file_id
    ))
    + (select count(*) from (
        select claim_id from decision except select unnest(claim_ids) from work_journal
    ) undone)
"""

PLACES = "select file_id, source_start from claim where claim_id = any(:claim_ids) order by 1, 2"
IDS = """
select c.claim_id from claim c
join unnest(cast(:files as bigint[]), cast(:starts as bigint[])) place (file_id, source_start)
    using (file_id, source_start)
order by c.claim_id
"""
FILE_OF_IMPORT = (
    "select distinct c.file_id from claim c join decision d using (claim_id) where d.import_id = :import_id"
)
NUMBER_AT = "select claim_number from claim where file_id = :file_id and source_start = :start"
PLACE_OF = "select file_id, source_start from claim where claim_id = :claim_id"
OF_FILE = "select claim_id from claim where file_id = :file_id order by claim_id"
THROUGH = """
select through_date from remittance_run where remittance_run_id = :run
union all select through_date from remittance_abandonment where remittance_run_id = :run
"""
RELEASED = "select through_date, released_by, release_note from remittance_run where remittance_run_id = :run"
ABANDONED = "select through_date, abandoned_by, note from remittance_abandonment where remittance_run_id = :run"
# A run of a release of the program that knew no release of runs.
RELEASED_UNTOLD = """
select exists (
    select from remittance_run where remittance_run_id = :run and state <> 'composed'
) and not exists (select from work_journal where work = 'release' and subject_id = :run)
"""
IMPORT = "select archive_path, source_system, imported_by from decision_import where import_id = :import_id"
OPENING = "select archive_path, source_system, imported_by from opening_import where opening_import_id = :import_id"
KIND = "select kind from reference_version where version_id = :version"
NEXT_ID = "select setval(pg_get_serial_sequence(:table, :column), :value, false)"


class NotReplayable(Final):
    """The warehouse to replay into holds something, or that to replay was filled before there was a journal."""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file of outside decisions, or of opening balances."""

    archive_path: str
    source_system: str
    imported_by: str


class WarehouseNotEmpty(NotReplayable, Usage):
    """The warehouse to replay into holds something."""


def require_empty(conn: Connection) -> None:
    """Raise WarehouseNotEmpty unless nothing was ever done in a warehouse."""
    if conn.execute(text(NOT_EMPTY)).scalar_one():
        raise WarehouseNotEmpty("The warehouse to replay into is not empty; nothing was done.")


def require_whole_journal(conn: Connection) -> None:
    """Raise NotReplayable unless the journal accounts for every committed file and every decision."""
    undone = int(conn.execute(text(UNJOURNALED)).scalar_one())
    if undone:
        raise NotReplayable(f"The journal knows nothing of {undone} files and claims: they came before it was kept.")


def copy_deliveries(source: Connection, target: Connection) -> int:
    """Enter every delivery in the ledger of another warehouse, as it was when it arrived; how many there are."""
    first = {row.file_id: row for row in source.execute(text(FIRST_STATES))}
    rows = []
    # an import is no delivery; it enters its file itself
    for row in source.execute(select(file).where(file.c.kind != IMPORT_KIND).order_by(file.c.file_id)).mappings():
        began = first[row["file_id"]]
        rows.append(
            {
                **row,
                "state": began.state,
                "state_changed_at": began.changed_at,
                "reason_code": began.reason_code,
                "reason": row["reason"] if row["reason_code"] == began.reason_code else None,
                "duplicate_of": row["duplicate_of"] if began.state == "duplicate" else None,
                "lease_owner": None,
                "lease_until": None,
                "attempts": 0,
                "rules_bundle": None,
            }
        )
    changes = [
        {key: row[key] for key in ("file_id", "state", "reason_code")} | {"changed_at": row["state_changed_at"]}
        for row in rows
    ]
    if rows:
        target.execute(insert(file), rows)
        target.execute(insert(file_state_change), changes)
    return len(rows)


def copy_registry(source: Connection, target: Connection, version: int) -> None:
    """Take over a version of the provider registry."""
    for name in ("provider_registry", "payee", "provider"):
        _copy(source, target, name, "registry_version", version)


def copy_reference(source: Connection, target: Connection, version: int) -> None:
    """Take over a version of reference data."""
    kind = source.execute(text(KIND), {"version": version}).scalar_one()
    for name in ("reference_version", f"reference_{kind}"):
        _copy(source, target, name, "version_id", version)


def _copy(source: Connection, target: Connection, name: str, column: str, version: int) -> None:
    table = metadata.tables[name]
    found = source.execute(select(table).where(table.c[column] == version)).mappings()
    for rows in found.partitions(BATCH_ROWS):
        target.execute(insert(table), [dict(row) for row in rows])


def set_next_id(conn: Connection, table: str, column: str, value: int) -> None:
    """Make a row that is added next have this id: decisions tell of actions and imports by their ids."""
    conn.execute(text(NEXT_ID), {"table": table, "column": column, "value": value})


def same_claims(source: Connection, target: Connection, claim_ids: Sequence[int]) -> list[int]:
    """Ids that claims of one warehouse have in another one, by where they stand in their files.

    Under other rules some may be rejected there, and the others have other numbers of ours.
    """
    places = source.execute(text(PLACES), {"claim_ids": list(claim_ids)}).all()
    wanted = {"files": [row.file_id for row in places], "starts": [row.source_start for row in places]}
    return list(target.execute(text(IDS), wanted).scalars())


def same_number(source: Connection, target: Connection, claim_id: int) -> str | None:
    """The number that a claim of one warehouse has in another one; None where it was never taken in."""
    place = source.execute(text(PLACE_OF), {"claim_id": claim_id}).one()
    number: str | None = target.execute(
        text(NUMBER_AT), {"file_id": place.file_id, "start": place.source_start}
    ).scalar_one_or_none()
    return number


def claims_of_file(conn: Connection, file_id: int) -> list[int]:
    """Ids of the claims of a file."""
    return list(conn.execute(text(OF_FILE), {"file_id": file_id}).scalars())


def settled_through(conn: Connection, run: int) -> date:
    """The last day that a remittance run settled."""
    through: date = conn.execute(text(THROUGH), {"run": run}).scalar_one()
    return through


def released_run(conn: Connection, run: int) -> tuple[date, str, str | None]:
    """A remittance run that was released: its day, by whom, and why."""
    found = conn.execute(text(RELEASED), {"run": run}).one()
    return found.through_date, found.released_by, found.release_note


def is_released_untold(conn: Connection, run: int) -> bool:
    """Did a remittance run go out of which the journal tells no release, because there was none then?"""
    return bool(conn.execute(text(RELEASED_UNTOLD), {"run": run}).scalar_one())


def abandoned_run(conn: Connection, run: int) -> tuple[date, str, str | None]:
    """A remittance run that was given up: its day, by whom, and why."""
    found = conn.execute(text(ABANDONED), {"run": run}).one()
    return found.through_date, found.abandoned_by, found.note


def imported_file(conn: Connection, import_id: int) -> ImportedFile:
    """Where the file of an import is archived, and who brought it."""
    return ImportedFile(*conn.execute(text(IMPORT), {"import_id": import_id}).one())


def file_of_import(conn: Connection, import_id: int) -> int:
    """The file of the ledger that an import of prior claims is."""
    return int(conn.execute(text(FILE_OF_IMPORT), {"import_id": import_id}).scalar_one())


def opening_file(conn: Connection, import_id: int) -> ImportedFile:
    """Where the file of opening balances is archived, and who brought it."""
    return ImportedFile(*conn.execute(text(OPENING), {"import_id": import_id}).one())
