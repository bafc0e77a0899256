"""The Arrow schema of a declared table."""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa

from edi.tables.specification import Kind, Table

ARROW_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "money": pa.int64(),
    "count": pa.int64(),
    "quantity": pa.decimal128(15, 3),
    "decimal": pa.decimal128(18, 6),
    "day": pa.date32(),
    "last_day": pa.date32(),
    "time": pa.time32("s"),
    "day_time": pa.time32("s"),
    "row": pa.int64(),
}
SET_FIELDS = (("interchange", pa.int32()), ("functional_group", pa.int32()), ("transaction_set", pa.int32()))
PLACE_FIELDS = (*SET_FIELDS, ("row", pa.int64()), ("parent_row", pa.int64()))
RANGE_FIELDS = (("source_start", pa.int64()), ("source_stop", pa.int64()))
NO_PARENT = -1
KEPT = 1024
"""Tables whose schemas are kept: each takes longer to make than a row to read."""


@lru_cache(maxsize=KEPT)
def table_schema(table: Table) -> pa.Schema:
    """The schema of an extracted table.

    First the place: interchange, functional_group, transaction_set (ordinals as in the scan), row (from 0 in this
    extraction) and parent_row (-1: none); then the columns; then the row's byte range in the file.
    """
    columns = ((column.name, ARROW_TYPES[column.kind]) for column in table.columns)
    return pa.schema([pa.field(name, kind) for name, kind in (*PLACE_FIELDS, *columns, *RANGE_FIELDS)])


@lru_cache(maxsize=KEPT)
def table_without_rows(table: Table) -> pa.Table:
    """The columns of a table, and nothing in them."""
    return table_schema(table).empty_table()
