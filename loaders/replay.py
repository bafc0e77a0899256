"""What a replay takes over from the warehouse that it replays, and how it compares the two.

Taken over are deliveries and loaded versions of registry and reference data, under the ids that answers and decisions
name; all else is done again. Compared are answers, byte by byte, and decisions, field by field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, text

from edi.trouble import Final
from loaders.schema import metadata
from loaders.schema.intake import file, file_state_change

BATCH_ROWS = 10_000

FIRST_STATES = """
select distinct on (file_id) file_id, state, reason_code, changed_at from file_state_change order by file_id, change_id
"""

NOT_EMPTY = """
select exists (select from file) or exists (select from work_journal) or exists (select from number_series)
    or exists (select from provider_registry) or exists (select from reference_version)
"""

UNJOURNALED = """
select
    (select count(*) from file f where f.state in ('committed', 'acknowledged') and not exists (
        select from work_journal j where j.work = 'commit' and j.subject_id = f.file_id
    ))
    + (select count(*) from (
        select claim_id from decision except select unnest(claim_ids) from work_journal
    ) undone)
"""

NUMBERS = "select claim_number from claim where claim_id = any(:claim_ids) order by claim_number"
IDS = "select claim_id from claim where claim_number = any(:numbers) order by claim_id"
OF_FILE = "select claim_id from claim where file_id = :file_id order by claim_id"
THROUGH = "select through_date from remittance_run where remittance_run_id = :run"
IMPORT = "select archive_path, source_system, imported_by from decision_import where import_id = :import_id"
OPENING = "select archive_path, source_system, imported_by from opening_import where opening_import_id = :import_id"
KIND = "select kind from reference_version where version_id = :version"
NEXT_ID = "select setval(pg_get_serial_sequence(:table, :column), :value, false)"

ANSWERS = """
select partner || '/' || folder || '/' || file_name as key, sha256 as print from outbox
where cast(:file_id as bigint) is null or file_id = :file_id
order by 1
"""

DECISIONS = """
select c.claim_number || ' decision ' || d.sequence as key, jsonb_build_object(
    'outcome', d.outcome, 'pend_reason', d.pend_reason, 'decided_at', d.decided_at, 'decided_on', d.decided_on,
    'rules_bundle', d.rules_bundle, 'registry_version', d.registry_version, 'plan_id', d.plan_id,
    'claim_status_code', d.claim_status_code, 'charge_cents', d.charge_cents, 'allowed_cents', d.allowed_cents,
    'paid_cents', d.paid_cents, 'patient_responsibility_cents', d.patient_responsibility_cents,
    'explanation', d.explanation, 'reference_versions', d.reference_versions, 'source', d.source,
    'import_id', d.import_id, 'interest_cents', d.interest_cents,
    'lines', (
        select jsonb_agg(to_jsonb(l) - 'decision_id' order by l.line_number)
        from decision_line l where l.decision_id = d.decision_id
    ),
    'adjustments', (
        select jsonb_agg(to_jsonb(a) - 'decision_id' order by a.line_number, a.group_code, a.reason_code)
        from adjustment a where a.decision_id = d.decision_id
    ),
    'remarks', (
        select jsonb_agg(to_jsonb(r) - 'decision_id' order by r.line_number, r.remark_code)
        from decision_remark r where r.decision_id = d.decision_id
    )
) as content
from decision d join claim c using (claim_id)
where cast(:file_id as bigint) is null or c.file_id = :file_id
"""

PRINTS = f"select key, md5(cast(content as text)) as print from ({DECISIONS}) decided order by key"  # noqa: S608 - constants
CONTENTS = f"select key, content from ({DECISIONS}) decided where key = any(:keys)"  # noqa: S608 - constants


class NotReplayable(Final):
    """The warehouse to replay into holds something, or that to replay was filled before there was a journal."""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file of outside decisions, or of opening balances."""

    archive_path: str
    source_system: str
    imported_by: str


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer or a decision that did not come out alike."""

    kind: str
    """answer or decision."""
    key: str
    """Of an answer partner, folder and name; of a decision the claim number and which decision of the claim."""
    fields: Mapping[str, tuple[Any, Any]]
    """Recorded and replayed value, by field; where one side has nothing at all the field is `present`."""


def require_empty(conn: Connection) -> None:
    """Raise NotReplayable unless nothing was ever done in a warehouse."""
    if conn.execute(text(NOT_EMPTY)).scalar_one():
        raise NotReplayable("The warehouse to replay into is not empty; nothing was done.")


def require_whole_journal(conn: Connection) -> None:
    """Raise NotReplayable unless the journal accounts for every committed file and every decision."""
    undone = int(conn.execute(text(UNJOURNALED)).scalar_one())
    if undone:
        raise NotReplayable(f"The journal knows nothing of {undone} files and claims: they came before it was kept.")


def copy_deliveries(source: Connection, target: Connection) -> int:
    """Enter every delivery in the ledger of another warehouse, as it was when it arrived; how many there are."""
    first = {row.file_id: row for row in source.execute(text(FIRST_STATES))}
    rows = []
    for row in source.execute(select(file).order_by(file.c.file_id)).mappings():
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
    """Ids that claims of one warehouse have in another one, by our claim numbers."""
    numbers = list(source.execute(text(NUMBERS), {"claim_ids": list(claim_ids)}).scalars())
    return list(target.execute(text(IDS), {"numbers": numbers}).scalars())


def claims_of_file(conn: Connection, file_id: int) -> list[int]:
    """Ids of the claims of a file."""
    return list(conn.execute(text(OF_FILE), {"file_id": file_id}).scalars())


def settled_through(conn: Connection, run: int) -> date:
    """The last day that a remittance run settled."""
    through: date = conn.execute(text(THROUGH), {"run": run}).scalar_one()
    return through


def imported_file(conn: Connection, import_id: int) -> ImportedFile:
    """Where the file of an import is archived, and who brought it."""
    return ImportedFile(*conn.execute(text(IMPORT), {"import_id": import_id}).one())


def opening_file(conn: Connection, import_id: int) -> ImportedFile:
    """Where the file of opening balances is archived, and who brought it."""
    return ImportedFile(*conn.execute(text(OPENING), {"import_id": import_id}).one())


def compared(conn: Connection, file_id: int | None = None) -> tuple[int, int]:
    """How many answers and decisions there are to compare, of one file or of all."""
    wanted = {"file_id": file_id}
    return len(_prints(conn, ANSWERS, wanted)), len(_prints(conn, PRINTS, wanted))


def differences(source: Connection, target: Connection, file_id: int | None = None) -> list[Difference]:
    """Answers and decisions, of one file or of all, that are not alike in both warehouses."""
    wanted = {"file_id": file_id}
    answers = _unlike(_prints(source, ANSWERS, wanted), _prints(target, ANSWERS, wanted))
    found = [Difference("answer", key, {"sha256": sides}) for key, sides in answers.items()]
    decided = list(_unlike(_prints(source, PRINTS, wanted), _prints(target, PRINTS, wanted)))
    recorded, replayed = (_contents(conn, {**wanted, "keys": decided}) for conn in (source, target))
    for key in decided:
        if key in recorded and key in replayed:
            fields = _unlike(recorded[key], replayed[key])
        else:
            fields = {"present": (key in recorded, key in replayed)}
        found.append(Difference("decision", key, fields))
    return found


def _prints(conn: Connection, query: str, wanted: Mapping[str, object]) -> dict[str, Any]:
    return {row.key: row.print for row in conn.execute(text(query), wanted)}


def _contents(conn: Connection, wanted: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    return {row.key: row.content for row in conn.execute(text(CONTENTS), wanted)}


def _unlike(recorded: Mapping[str, Any], replayed: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs, by key, in order of the keys."""
    keys = sorted(recorded.keys() | replayed.keys())
    pairs = {key: (recorded.get(key), replayed.get(key)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
