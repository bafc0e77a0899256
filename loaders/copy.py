"""Bulk load: an Arrow table goes into a warehouse table by COPY, inside the caller's transaction.

Arrow writes CSV in which a missing value is an empty field and empty text is `""`, which is just how PostgreSQL reads
it. It is some nine times as fast as inserts.
"""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow import csv
from sqlalchemy import Connection

BATCH_ROWS = 50_000
OPTIONS = csv.WriteOptions(include_header=False, quoting_style="needed")


def copy_table(conn: Connection, table: pa.Table, name: str, columns: Sequence[str] | None = None) -> int:
    """Append rows to the warehouse (or temporary) table `name`; how many.

    `columns` are the columns to take, called the same on both sides; without it all of the Arrow table. What is not
    named gets its default. Errors of the database come out of `Warehouse.begin`.
    """
    chosen = list(columns) if columns is not None else list(table.column_names)
    rows = table.select(chosen)
    statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, chosen))
    )
    with driver(conn).cursor() as cursor, cursor.copy(statement) as copy:
        for batch in rows.to_batches(max_chunksize=BATCH_ROWS):
            sink = pa.BufferOutputStream()
            csv.write_csv(batch, sink, OPTIONS)
            copy.write(memoryview(sink.getvalue()))
    return int(rows.num_rows)


def driver(conn: Connection) -> psycopg.Connection[tuple[object, ...]]:
    """The psycopg connection under an SQLAlchemy one, in the same transaction."""
    raw = conn.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError("the warehouse is not reached through psycopg")
    return raw
