"""Finished rows as Arrow tables: their columns lie in one piece of memory, written by kernels.

One large piece of Arrow's own memory, which is used again and comes in large pages: fresh small ones would cost as
much as all the writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from edi.compiled import extraction_layout as x

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from edi.tables.row_store import RowStore

ALIGNMENT = 64
NARROW = frozenset({x.DAY, x.LAST_DAY, x.TIME, x.DAY_TIME})
"""Kinds of 32 bits."""
WIDE = frozenset({x.QUANTITY, x.DECIMAL})
"""Kinds of 128 bits."""
SET_COLUMNS = 3
LEADING_COLUMNS = 5
"""Before the declared ones; the byte range comes after them."""
UNITS = (4,) * SET_COLUMNS + (8,) * (x.N_STOP + 1 - SET_COLUMNS)
"""Bytes of a value, of the columns that every table has."""
SLACK = 8
"""Bytes behind a text that its copying may spoil."""


class _Column(NamedTuple):
    """Where the buffers of a column are, and how long."""

    valid: int
    values: int
    size: int
    """Of the values."""
    data: int
    data_size: int
    """Of text."""


class _Memory:
    """One allocation, handed out in aligned pieces."""

    def __init__(self) -> None:
        self.size = 0

    def reserve(self, size: int) -> int:
        at = self.size
        self.size += -(-size // ALIGNMENT) * ALIGNMENT
        return at


class _Part:
    """The rows of one table, measured."""

    def __init__(self, store: RowStore, number: int, order: NDArray[np.int64], memory: _Memory) -> None:
        self.store = store
        self.order = order
        self.schema = store.schemas[number]
        self.firsts = store.rows[order, x.W_VALUES]
        kinds = store.kinds[number]
        self.layout = np.zeros((len(kinds), x.LAYOUT_FIELDS), np.int64)
        self.layout[:, x.L_KIND] = kinds
        store.kernels.measure_columns(self.firsts, store.lengths, self.layout)
        self.places = [memory.reserve(len(order) * unit) for unit in UNITS]
        self.columns = [self._reserve(memory, row) for row in self.layout]

    def _reserve(self, memory: _Memory, row: NDArray[np.int64]) -> _Column | None:
        """Room for a column; none for one that holds nothing."""
        rows, kind, size = len(self.order), row[x.L_KIND], int(row[x.L_SIZE])
        if row[x.L_NULLS] == rows:
            return None
        valid = memory.reserve(-(-rows // 8)) if row[x.L_NULLS] else 0
        if kind == x.TEXT:
            width, data = 4 * (rows + 1), size + SLACK
        else:
            width, data = rows * (4 if kind in NARROW else 16 if kind in WIDE else 8), 0
        column = _Column(valid, memory.reserve(width), width, memory.reserve(data) if data else 0, size)
        row[x.L_VALID], row[x.L_DATA] = valid, column.data
        row[x.L_VALUES] = column.values // (4 if data or kind in NARROW else 8)
        return column

    def write(self, buffer: pa.Buffer) -> pa.Table:
        """The rows, in their piece of this memory."""
        store, rows = self.store, len(self.order)
        out, out_32, out_8 = (np.frombuffer(buffer, kind) for kind in (np.int64, np.int32, np.uint8))
        starts = np.array([place // unit for place, unit in zip(self.places, UNITS, strict=True)], np.int64)
        store.kernels.write_places(store.rows, self.order, store.sets, starts, out_32, out)
        store.kernels.write_columns(
            self.firsts, store.values, store.lengths, store.heap, self.layout, out_8, out_32, out
        )
        fields = list(self.schema)
        fixed = [
            pa.Array.from_buffers(field.type, rows, [None, buffer.slice(place, rows * unit)])
            for field, place, unit in zip([*fields[:LEADING_COLUMNS], *fields[-2:]], self.places, UNITS, strict=True)
        ]
        declared = [
            self._array(field.type, number, buffer) for number, field in enumerate(fields[LEADING_COLUMNS:-2])
        ]
        arrays = [*fixed[:LEADING_COLUMNS], *declared, *fixed[LEADING_COLUMNS:]]
        return pa.Table.from_arrays(arrays, schema=self.schema)

    def _array(self, kind: pa.DataType, number: int, buffer: pa.Buffer) -> pa.Array:
        column, rows, nulls = self.columns[number], len(self.order), int(self.layout[number, x.L_NULLS])
        if column is None:
            return _nulls(kind, rows)
        valid = buffer.slice(column.valid, -(-rows // 8)) if nulls else None
        values = buffer.slice(column.values, column.size)
        if self.layout[number, x.L_KIND] != x.TEXT:
            return pa.Array.from_buffers(kind, rows, [valid, values], nulls)
        data = buffer.slice(column.data, column.data_size)
        if not self.store.state[x.X_HIGH]:
            return pa.Array.from_buffers(kind, rows, [valid, values, data], nulls)
        return _repaired(pa.Array.from_buffers(pa.binary(), rows, [valid, values, data], nulls))


def build_tables(store: RowStore) -> dict[str, pa.Table]:
    """All rows that have ended, by the names of their tables; tables without any are left out."""
    count = int(store.state[x.X_ROWS])
    order, firsts = np.empty(count, np.int64), np.zeros(len(store.open) + 1, np.int64)
    store.kernels.sort_rows(store.rows, count, order, firsts)
    memory = _Memory()
    parts = {
        table.name: _Part(store, number, order[firsts[number] : firsts[number + 1]], memory)
        for number, table in enumerate(store.tables)
        if firsts[number] < firsts[number + 1]
    }
    buffer = pa.allocate_buffer(memory.size)
    return {name: part.write(buffer) for name, part in parts.items()}


def _nulls(kind: pa.DataType, rows: int) -> pa.Array:
    """A column without values; all of them share their memory."""
    size = 16 * (rows + 1)
    if _zeros[0].size < size:
        _zeros[0] = pa.py_buffer(np.zeros(size, np.uint8))
    buffers = [_zeros[0]] * (3 if kind == pa.string() else 2)
    return pa.Array.from_buffers(kind, rows, buffers, rows)


_zeros = [pa.py_buffer(np.zeros(ALIGNMENT, np.uint8))]


def _repaired(array: pa.Array) -> pa.Array:
    """Text that came as UTF-8, with a replacement character for what is none."""
    texts = (None if text is None else text.decode("utf-8", "replace") for text in array.to_pylist())
    return pa.array(texts, pa.string())
