"""Record what an 834 says of members besides who they are: statements, each in force until a file says otherwise.

Rows that a file sends for a member replace those on file that are about the same thing (`Statement.scope`); equal ones
stay as they are, so that a file which repeats what is known leaves no trace. A set that replaces the roster takes all
statements away that it does not make. Of several rows of one member the last that speaks of a thing counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Connection, text

from loaders.member_statements import STATEMENTS, Said, Statement
from loaders.schema import metadata
from loaders.staging import analyze, run, stage

KEPT_BY_US = frozenset(
    {
        *("statement_id", "member_id", "recorded_at", "superseded_at", "file_id", "superseded_by"),
        *("source_start", "source_stop"),
    }
)

SPEAKING_PERSONS = """
create temporary table speaking_person on commit drop as
select p.row, p.set_key, p.member_id, coalesce(p.mode = 'replace', false) as is_whole, p.maintenance_effective, e.as_of
from enrolled_person p left join enrolled_set e using (set_key, group_id)
where p.problem is null and not p.compares
"""

REPEATED_MEMBERS = """
create temporary table repeated_member on commit drop as
select member_id from speaking_person group by member_id having count(*) > 1
"""

RESTATED = "create temporary table restated_member (member_id bigint) on commit drop"

SENT = """
create temporary table sent_{table} on commit drop as
with spoken as (
    select p.member_id, f.* from said_{table} f join speaking_person p on p.row = f.member_row
), of_several as (
    select s.*, max(member_row) over (partition by {member_and_scope}) as last_row
    from spoken s where member_id in (select member_id from repeated_member)
), counting as (
    select member_id, {columns}, source_start, source_stop
    from spoken where member_id not in (select member_id from repeated_member)
    union all
    select member_id, {columns}, source_start, source_stop from of_several where member_row = last_row
)
-- rows as text are equal where all columns are, empty ones too, and unlike those they can be hashed
select distinct on (member_id, said) *
from (select c.*, cast(row({scope}) as text) as scope, cast(row({columns}) as text) as said from counting c) s
order by member_id, said, source_start
"""

BEFORE = """
create temporary table {table}_before on commit drop as
select statement_id, member_id, cast(row({scope}) as text) as scope, cast(row({columns}) as text) as said
from {table}
where superseded_at is null and member_id in (select member_id from speaking_person)
"""

SUPERSEDE = """
with gone as (
    -- outer joins, for these are never taken for few: what is looked up row by row takes minutes for a large roster
    select b.statement_id
    from {table}_before b
    left join (select distinct member_id, scope, true as is_told from sent_{table}) s using (member_id, scope)
    left join (select distinct member_id, true as is_told from speaking_person where is_whole) p using (member_id)
    left join sent_{table} r on r.member_id = b.member_id and r.said = b.said
    where coalesce(s.is_told, p.is_told) and r.member_id is null
), superseded as (
    update {table} t set superseded_at = :now, superseded_by = :file_id
    from gone where gone.statement_id = t.statement_id
    returning t.member_id
)
insert into restated_member select distinct member_id from superseded
"""

RECORD = """
with recorded as (
insert into {table} (member_id, {columns}, recorded_at, file_id, source_start, source_stop)
select member_id, {columns}, :now, :file_id, source_start, source_stop
from sent_{table} s
where not exists (select from {table}_before b where b.member_id = s.member_id and b.said = s.said)
order by member_id, source_start
returning member_id
)
insert into restated_member select distinct member_id from recorded
"""


def content_columns(table: str) -> tuple[str, ...]:
    """The columns of a table of statements that hold what was said."""
    return tuple(column.name for column in metadata.tables[table].columns if column.name not in KEPT_BY_US)


def record_statements(
    conn: Connection, tables: Mapping[str, pa.Table], file_id: int, now: datetime, identity_key: bytes | None
) -> None:
    """Record what the rows of `enrolled_person` say that are applied; leaves `speaking_person`, `repeated_member`.

    Members of whom something else is said than before stand in `restated_member`. Needs `enrolled_set` and every such
    row's `member_id`. Social security numbers are hashed under `identity_key`.
    """
    run(conn, SPEAKING_PERSONS)
    analyze(conn, "speaking_person")
    run(conn, RESTATED)
    run(conn, REPEATED_MEMBERS)
    analyze(conn, "repeated_member")
    is_whole = conn.execute(text("select exists (select from speaking_person where is_whole)")).scalar_one()
    said = Said(tables, identity_key)
    for statement in STATEMENTS:
        rows = statement.read(said)
        if rows is None and is_whole:
            rows = _silence(statement.table)
        if rows is not None:
            _record(conn, statement, rows, file_id, now)


def _record(conn: Connection, statement: Statement, rows: pa.Table, file_id: int, now: datetime) -> None:
    table, columns = statement.table, content_columns(statement.table)
    words = {
        "table": table,
        "columns": ", ".join(columns),
        "scope": ", ".join(statement.scope),
        "member_and_scope": ", ".join(("member_id", *statement.scope)),
    }
    stage(conn, f"said_{table}", rows)
    run(conn, SENT.format(**words))
    analyze(conn, f"sent_{table}")
    run(conn, BEFORE.format(**words))
    analyze(conn, f"{table}_before")
    run(conn, SUPERSEDE.format(**words), file_id=file_id, now=now)
    run(conn, RECORD.format(**words), file_id=file_id, now=now)


def _silence(table: str) -> pa.Table:
    """No statements at all."""
    kinds = {"BIGINT": pa.int64(), "INTEGER": pa.int64(), "DATE": pa.date32(), "NUMERIC": pa.decimal128(15, 3)}
    described = metadata.tables[table].columns
    fields = {name: kinds.get(str(described[name].type).split("(")[0], pa.string()) for name in content_columns(table)}
    places = {name: pa.int64() for name in ("member_row", "source_start", "source_stop")}
    return pa.schema({**fields, **places}).empty_table()
