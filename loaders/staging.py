"""Temporary tables that hold a file's rows for the length of its transaction, and the keys its rows are matched by."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql
from sqlalchemy import Connection, text

from loaders.copy import copy_table, driver

NUL = "\x00"
REPLACEMENT = "\ufffd"
POSITION = ("interchange", "functional_group", "transaction_set")
"""Ordinals that say which transaction set a row came from."""


def stage(conn: Connection, name: str, table: pa.Table) -> None:
    """Make the temporary table `name` of an Arrow table's columns and rows; it goes with the transaction."""
    drop_staged(conn, name)
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(_sql_type(field.type))) for field in table.schema
    ]
    statement = sql.SQL("create temporary table {} ({}) on commit drop")
    with driver(conn).cursor() as cursor:
        cursor.execute(statement.format(sql.Identifier(name), sql.SQL(", ").join(columns)))
    copy_table(conn, storable_columns(table), name)
    analyze(conn, name)


def drop_staged(conn: Connection, name: str) -> None:
    """Remove a temporary table that earlier work in the same transaction left."""
    with driver(conn).cursor() as cursor:
        cursor.execute(sql.SQL("drop table if exists {}").format(sql.Identifier("pg_temp", name)))


def analyze(conn: Connection, name: str) -> None:
    """Count a temporary table for the planner: nothing else ever does."""
    with driver(conn).cursor() as cursor:
        cursor.execute(sql.SQL("analyze {}").format(sql.Identifier(name)))


def run(conn: Connection, statement: str, **parameters: object) -> int:
    """Execute a statement of ours; how many rows it touched."""
    return conn.execute(text(statement), parameters).rowcount


def storable(value: str) -> str:
    """Text as PostgreSQL can hold it: NUL, which it cannot, becomes the replacement character."""
    return value.replace(NUL, REPLACEMENT)


def storable_columns(table: pa.Table) -> pa.Table:
    """An Arrow table with all its text as PostgreSQL can hold it."""
    for number, column in enumerate(table.columns):
        if pa.types.is_string(column.type) and pc.any(pc.match_substring(column, NUL)).as_py():
            table = table.set_column(number, table.field(number), pc.replace_substring(column, NUL, REPLACEMENT))
    return table


def identifier_key(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Ids as they are matched: without blanks around them, in capitals; nothing left is missing."""
    trimmed = pc.utf8_upper(pc.utf8_trim_whitespace(values))
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def compact_key(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers that people write with separators: letters and digits alone, in capitals; nothing left is missing."""
    return identifier_key(pc.replace_substring_regex(pc.utf8_upper(values), r"[^0-9A-Z]", ""))


def name_key(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """First names as they are matched: the letters A to Z in capitals; a missing name is empty."""
    return pc.fill_null(pc.replace_substring_regex(pc.utf8_upper(values), r"[^A-Z]", ""), "")


def _sql_type(kind: pa.DataType) -> str:
    """PostgreSQL's type for an Arrow type."""
    if pa.types.is_decimal(kind):
        return "numeric"
    names = {pa.int32(): "integer", pa.int64(): "bigint", pa.date32(): "date", pa.bool_(): "boolean"}
    names |= {pa.time32("s"): "time"}
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return "text"
    try:
        return names[kind]
    except KeyError:
        raise TypeError(f"no column type for {kind}") from None
