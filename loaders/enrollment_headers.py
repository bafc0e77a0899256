"""Record the headers of 834 sets: what each was for, who sent it about whom, and the totals that it claims."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from loaders.staging import POSITION, run, stage

HEADER_COLUMNS = (
    *("purpose", "reference", "created", "time_zone", "original_reference", "action", "master_policy", "as_of"),
    *("source_start", "source_stop"),
)
DETAILS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "organization": (
        "organization",
        {
            "loop": "loop",
            "qualifier": "entity_code",
            "name": "name",
            "id_qualifier": "id_qualifier",
            "value": "identifier",
            "account_number": "account_number",
            "account_number_2": "account_number_2",
        },
    ),
    "total": ("control_total", {"qualifier": "qualifier", "quantity": "quantity"}),
    "reference": ("reference", {"loop": "loop", "qualifier": "qualifier", "value": "value"}),
    "date": (
        "date",
        {
            "loop": "loop",
            "qualifier": "qualifier",
            "format": "format",
            "value": "value",
            "first_day": "first_day",
            "last_day": "last_day",
        },
    ),
}
"""By kind: the table of the 834 that it is read from, and which of its columns becomes which of ours."""
DETAIL_TYPES = {
    **dict.fromkeys(("loop", "qualifier", "name", "id_qualifier", "value"), pa.string()),
    **dict.fromkeys(("account_number", "account_number_2", "format"), pa.string()),
    "quantity": pa.decimal128(15, 3),
    **dict.fromkeys(("first_day", "last_day"), pa.date32()),
}

RECORD_SETS = f"""
insert into enrollment_set (set_key, created_at, {", ".join(HEADER_COLUMNS)})
select l.set_key, h.created_at, {", ".join(f"h.{name}" for name in HEADER_COLUMNS)}
from said_set h join loaded_set l using ({", ".join(POSITION)})
order by l.set_key
"""  # noqa: S608 - of our own words only

RECORD_DETAILS = f"""
insert into enrollment_set_detail (set_key, kind, {", ".join(DETAIL_TYPES)}, source_start, source_stop)
select l.set_key, d.kind, {", ".join(f"d.{name}" for name in DETAIL_TYPES)}, d.source_start, d.source_stop
from said_set_detail d join loaded_set l using ({", ".join(POSITION)})
order by d.source_start, d.kind
"""  # noqa: S608 - as above


RECORD_GROUPS = """
insert into enrollment_group (group_id, name, payer)
select group_id, name, :payer from known_group where group_id in (select group_id from enrolled_set)
order by group_id
on conflict (group_id) do update set name = excluded.name, payer = excluded.payer
where (enrollment_group.name, enrollment_group.payer) is distinct from (excluded.name, excluded.payer)
"""


def record_headers(conn: Connection, tables: Mapping[str, pa.Table], payer: str) -> None:
    """Record the headers of the sets in `loaded_set`, and the names of the groups for which they are applied."""
    run(conn, RECORD_GROUPS, payer=payer)
    headers = tables["enrollment_header"]
    times = headers["created_at"].cast(pa.string())
    stage(conn, "said_set", headers.select((*POSITION, *HEADER_COLUMNS)).append_column("created_at", times))
    run(conn, RECORD_SETS)
    details = [_details(kind, tables) for kind in DETAILS]
    stage(conn, "said_set_detail", pa.concat_tables([rows for rows in details if rows is not None] or [_none()]))
    run(conn, RECORD_DETAILS)


def _details(kind: str, tables: Mapping[str, pa.Table]) -> pa.Table | None:
    """What stands above the members, of one kind."""
    name, columns = DETAILS[kind]
    table = tables.get(f"enrollment_{name}")
    if table is None:
        return None
    table = table.filter(pc.less(table["parent_row"], 0))
    values = {
        ours: table[columns[ours]] if ours in columns else pa.chunked_array([pa.nulls(table.num_rows, type_)])
        for ours, type_ in DETAIL_TYPES.items()
    }
    places = {place: table[place] for place in (*POSITION, "source_start", "source_stop")}
    return pa.table({**places, "kind": pa.chunked_array([pa.repeat(pa.scalar(kind), table.num_rows)]), **values})


def _none() -> pa.Table:
    places = dict.fromkeys(POSITION, pa.int32()) | dict.fromkeys(("source_start", "source_stop"), pa.int64())
    return pa.schema({**places, "kind": pa.string(), **DETAIL_TYPES}).empty_table()
