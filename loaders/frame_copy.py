"""Results of queries as Arrow tables, by COPY: no value of them becomes an object of its own on the way.

The types of a query's columns are asked for once. Queries with other types than those of ARROW_TYPES are not for this.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
import pyarrow as pa
from pyarrow import csv
from sqlalchemy import Connection, TextClause

from loaders.copy import driver

ARROW_TYPES: Mapping[int, pa.DataType] = {
    **dict.fromkeys((18, 19, 25, 1042, 1043), pa.string()),
    **dict.fromkeys((20, 21, 23), pa.int64()),
    16: pa.bool_(),
    1082: pa.date32(),
    1700: pa.string(),
}
"""By the OID of PostgreSQL's type; numeric stays text, for only the caller knows what is exact."""
NOTHING: Mapping[str, object] = {}

Columns = tuple[tuple[str, int], ...]
"""Name and OID of each column."""
_KNOWN: dict[str, Columns] = {}
"""By query. The queries are those of this program, which has a few dozen."""


def copied(conn: Connection, query: TextClause, parameters: Mapping[str, object]) -> tuple[pa.Table, Columns] | None:
    """The rows of a query, and what its columns are called; None where a type has no place in ARROW_TYPES.

    Columns of the table are named by their number.
    """
    words = str(query.compile(dialect=conn.dialect))
    raw = driver(conn)
    columns = _KNOWN.get(words)
    with psycopg.ClientCursor(raw) as cursor:
        statement = cursor.mogrify(words, parameters)
        if columns is None:
            cursor.execute(f"select * from ({statement}) described limit 0".encode())  # noqa: S608 - bound already
            columns = tuple((column.name, column.type_code) for column in cursor.description or ())
            _KNOWN[words] = columns
        if any(oid not in ARROW_TYPES for _, oid in columns):
            return None
        cursor.execute("")  # the driver begins its transaction
    content = _received(raw, f"copy ({statement}) to stdout (format csv)".encode())
    names = [str(number) for number in range(len(columns))]
    types = {name: ARROW_TYPES[oid] for name, (_, oid) in zip(names, columns, strict=True)}
    return _table(content, types), columns


def _received(raw: psycopg.Connection[tuple[object, ...]], statement: bytes) -> bytes:
    """Everything that a COPY sends; the driver's own way costs as much for each row as the database does."""
    connection = raw.pgconn
    begun = connection.exec_(statement)
    parts = []
    if begun.status == psycopg.pq.ExecStatus.COPY_OUT:
        while (received := connection.get_copy_data(0))[0] > 0:
            parts.append(bytes(received[1]))
        begun = connection.get_result() or begun
        while connection.get_result() is not None:
            pass
    if begun.status != psycopg.pq.ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(begun)
    return b"".join(parts)


def _table(content: bytes, types: Mapping[str, pa.DataType]) -> pa.Table:
    """CSV as PostgreSQL writes it: nothing is missing, and "" is empty."""
    if not content:
        return pa.schema(types).empty_table()
    return csv.read_csv(
        pa.BufferReader(content),
        csv.ReadOptions(column_names=list(types)),
        csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types=dict(types),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )
