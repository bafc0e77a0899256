"""The memory of finished rows: Arrow's buffers of all columns of all tables, in one piece.

The kernel writes each row where it will stay. When a column is full, all rows so far become Arrow tables without a
copy, and another piece is laid out in the proportions that the last one showed. It grows from piece to piece, so that
a small file needs little and a large one is not cut into many parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import finalize

import numpy as np
import pyarrow as pa

from edi.compiled import extraction_layout as x
from edi.tables.program import KINDS
from edi.tables.schema import table_schema
from edi.tables.specification import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALIGNMENT = 64
SET_COLUMNS = 3
LEADING_COLUMNS = 5
"""Before the declared ones: those of the set, the row and its parent. The byte range comes after them."""
PLACE_WIDTH = 4 * SET_COLUMNS + 3 * 8
"""Bytes of a row besides its columns."""
MOST_SPARE, LARGEST_SPARE = 3, 1 << 26
"""Pieces of memory that are kept to be used again, and bytes of one."""
WASTE = 4
"""Times larger than needed that such a piece may be."""
SLACK = 8
"""Bytes behind a text that its copying may spoil."""
NOTHING = -(2**63)
"""As the kernels say that a text is no number or day."""


class Room(NamedTuple):
    """How much room there is at first, and how much more there may be."""

    rows: int = 0
    """Of each table in the first piece of memory; 0: by the size of the file."""
    text: int = 0
    """Bytes of each column of text in the first piece; 0: by the rows."""
    largest: int = 1 << 25
    """Bytes that a piece should come to hold."""
    heap: int = 1 << 20
    """Bytes of text that lasts longer than its segment; more where one segment needs it."""


DEFAULT_ROOM = Room()


class Sizes:
    """How much room the next piece of memory has."""

    LEAST_ROWS, MOST_ROWS, LATER_ROWS = 64, 4096, 512
    """Room for rows of a table: in the first piece at least and at most, in later ones at least."""
    BYTES_A_ROW = 2000
    """Of a file, for a row of the most frequent table: a guess that makes the first piece neither tiny nor huge."""
    TEXT_A_ROW, SPARE_TEXT = 8, 256
    SPARE = 1.3
    """More than was foreseen: counters, for one, grow by a digit now and then."""
    GROWTH = 4
    """From piece to piece, where the size of the file is not known."""

    def __init__(self, tables: int, columns: int, file_size: int, room: Room) -> None:
        first_rows = room.rows or min(max(file_size // self.BYTES_A_ROW, self.LEAST_ROWS), self.MOST_ROWS)
        self.rows = np.full(tables, first_rows, np.int64)
        self.texts = np.full(columns, room.text or first_rows * self.TEXT_A_ROW + self.SPARE_TEXT, np.int64)
        self.least_rows = min(first_rows, self.LATER_ROWS)
        self.least_text = room.text or self.least_rows * self.TEXT_A_ROW + self.SPARE_TEXT
        self.largest = room.largest
        self.file_size = file_size
        self.read = 0
        """Bytes of the file that the pieces before this one took in."""

    def learn(self, rows: NDArray[np.int64], texts: NDArray[np.int64], held: int, read: int) -> None:
        """A full piece held so many bytes, rows of each table and bytes of text of each column.

        The file is read up to `read`; what is left of it is taken to be like this piece's part of it.
        """
        part, rest = read - self.read, self.file_size - read
        self.read = read
        growth = self.SPARE * rest / part if min(part, rest) > 0 else self.GROWTH
        growth = min(growth, max(self.largest / max(held, 1), 1))
        self.rows = np.maximum((rows * growth).astype(np.int64), self.least_rows)
        self.texts = np.maximum((texts * growth).astype(np.int64), self.least_text)


class OpenRow(NamedTuple):
    """A row between two pieces of memory."""

    table: int
    place: list[bytes]
    """Its set, parent and start."""
    values: dict[int, bytes]
    """By column."""


class ColumnMemory:
    """The piece in use; `tables` and `columns` tell the kernel where everything is."""

    def __init__(self, declared: Sequence[Table], file_size: int, room: Room) -> None:
        self.declared = declared
        self.schemas = [table_schema(table) for table in declared]
        self.place_types = [[*schema.types[:LEADING_COLUMNS], *schema.types[-2:]] for schema in self.schemas]
        widths = np.array([len(table.columns) for table in declared] or [0], np.int64)
        self.tables = np.zeros((len(widths), x.TABLE_FIELDS), np.int64)
        self.tables[:, x.B_WIDTH] = widths
        self.tables[:, x.B_FIRST] = np.cumsum(widths) - widths
        self.tables[:, x.B_NUMBER] = self.tables[:, x.B_AT] = -1
        kinds = [KINDS[column.kind] for table in declared for column in table.columns]
        self.columns = np.zeros((max(len(kinds), 1), x.LAYOUT_FIELDS), np.int64)
        self.columns[: len(kinds), x.L_KIND] = kinds
        of_text = self.columns[:, x.L_KIND] == x.TEXT
        narrow = self.columns[:, x.L_KIND] >= x.FIRST_NARROW
        wide = (self.columns[:, x.L_KIND] >= x.FIRST_WIDE) & ~narrow
        self.of_text = of_text
        self.units = np.where(of_text | narrow, 4, 8)
        self.widths = np.where(wide, 16, self.units)
        self.table_of = np.zeros(len(self.columns), np.int64)
        self.table_of[: len(kinds)] = np.repeat(np.arange(len(declared)), widths[: len(declared)])
        self.emitted = np.zeros(len(widths), np.int64)
        """Rows of each table that were taken out."""
        self.sizes = Sizes(len(widths), len(self.columns), file_size, room)
        self.needed_rows, self.needed_text = np.zeros(len(widths), np.int64), np.zeros(len(widths), np.int64)
        self.zeros = pa.py_buffer(np.zeros(ALIGNMENT, np.uint8))
        self.lay_out()

    def need(self, table: int, rows: int, text: int) -> None:
        """A segment needs so many rows of a table, and bytes of text in each of its columns, whatever was foreseen.

        It may need room in several tables: all that is asked for is kept in mind until `forget_needs`.
        """
        self.needed_rows[table] = max(self.needed_rows[table], rows)
        self.needed_text[table] = max(self.needed_text[table], text)

    def forget_needs(self) -> None:
        """Other segments come."""
        self.needed_rows[:] = self.needed_text[:] = 0

    def lay_out(self, rows_to_keep: Sequence[OpenRow] = ()) -> None:
        """Begin a new piece, with these open rows; what is in this one must have been taken."""
        tables, columns, sizes = self.tables, self.columns, self.sizes
        first = np.argsort(columns[:, x.L_FILLED] == 0, kind="stable")  # what is not used stays together, untouched
        tables[:, x.B_ROWS] = tables[:, x.B_FREE] = 0
        tables[:, x.B_ROOM] = rows = sizes.rows + self.needed_rows + 1
        columns[:, (x.L_SIZE, x.L_FILLED)], columns[:, x.L_WRITTEN] = 0, -1
        texts = sizes.texts + self.needed_text[self.table_of]
        for row in rows_to_keep:
            for column, value in row.values.items():
                texts[column] += len(value)
        columns[:, x.L_ROOM] = self.of_text * texts
        rows_of = rows[self.table_of]
        pieces = (
            (rows_of + 7) // 8,
            ((rows_of + 1) * self.widths)[first],
            (columns[:, x.L_ROOM] + self.of_text * SLACK)[first],
            rows * 4 * SET_COLUMNS,
            rows * 8,
            rows * 8,
            rows * 8,
        )
        starts, size = _places(pieces)
        bits = int(starts[1][0])
        columns[:, x.L_VALID], columns[first, x.L_DATA] = starts[0], starts[2]
        columns[first, x.L_VALUES] = starts[1] // self.units[first]
        tables[:, x.B_SETS], tables[:, x.B_PARENTS] = starts[3] // 4, starts[4] // 8
        tables[:, x.B_STARTS], tables[:, x.B_STOPS] = starts[5] // 8, starts[6] // 8
        self.buffer = pa.py_buffer(_borrow(size))
        self.out = self._seen_as(np.uint8)
        self.out_32, self.out_64 = self._seen_as(np.int32), self._seen_as(np.int64)
        self.out[:bits] = 0  # no value is there yet
        for row in rows_to_keep:
            self._put_back(row)

    def lift(self, tables: Sequence[int]) -> list[OpenRow]:
        """Take the open rows of these tables out of the piece, to go on with them in the next one."""
        return [self._lift(table) for table in tables]

    def _lift(self, table: int) -> OpenRow:
        row = int(self.tables[table, x.B_AT])
        first, width = self.tables[table, x.B_FIRST], self.tables[table, x.B_WIDTH]
        values = {}
        for column in range(first, first + width):
            layout = self.columns[column]
            if not self.out[layout[x.L_VALID] + row // 8] >> row % 8 & 1:
                continue
            if self.of_text[column]:
                start, stop = self.out_32[layout[x.L_VALUES] + row], layout[x.L_SIZE]
                values[column] = self.out[layout[x.L_DATA] + start : layout[x.L_DATA] + stop].tobytes()
                layout[x.L_SIZE], layout[x.L_WRITTEN] = start, row
            else:
                start = layout[x.L_VALUES] * self.units[column] + row * self.widths[column]
                values[column] = self.out[start : start + self.widths[column]].tobytes()
            layout[x.L_FILLED] -= 1
        return OpenRow(table, [self._read(*place) for place in self._places_of(table, row)], values)

    def _put_back(self, row: OpenRow) -> None:
        """As the first row of its table."""
        self.tables[row.table, x.B_AT] = 0
        for place, value in zip(self._places_of(row.table, 0), row.place, strict=True):
            self._write(place[0], value)
        for column, value in row.values.items():
            layout = self.columns[column]
            self.out[layout[x.L_VALID]] |= 1
            layout[x.L_FILLED] = 1
            if self.of_text[column]:
                self._write(int(layout[x.L_DATA]), value)
                self.out_32[layout[x.L_VALUES]], self.out_32[layout[x.L_VALUES] + 1] = 0, len(value)
                layout[x.L_SIZE], layout[x.L_WRITTEN] = len(value), 1
            else:
                self._write(int(layout[x.L_VALUES] * self.units[column]), value)

    def _places_of(self, table: int, row: int) -> list[tuple[int, int]]:
        """Start and width in the memory of what says where an open row stands."""
        told = self.tables[table].tolist()
        sets = [((told[x.B_SETS] + number * told[x.B_ROOM] + row) * 4, 4) for number in range(SET_COLUMNS)]
        return [*sets, *(((told[one] + row) * 8, 8) for one in (x.B_PARENTS, x.B_STARTS))]

    def _read(self, start: int, size: int) -> bytes:
        return self.out[start : start + size].tobytes()

    def _write(self, start: int, value: bytes) -> None:
        self.out[start : start + len(value)] = np.frombuffer(value, np.uint8)

    def _seen_as(self, kind: type[np.generic]) -> NDArray[Any]:
        return np.frombuffer(self.buffer, kind)

    def take(self, *, repair: bool) -> dict[str, pa.Table]:
        """The rows so far, by the names of their tables; those without any are left out.

        Text is looked at where it may not be UTF-8.
        """
        taken = {
            table.name: self._table(number, rows, repair=repair)
            for number, table in enumerate(self.declared)
            if (rows := int(self.tables[number, x.B_ROWS]))
        }
        self.emitted += self.tables[:, x.B_ROWS]
        return taken

    def learn(self, read: int) -> None:
        """The piece is full, and the file read up to that place."""
        rows, texts = self.tables[:, x.B_ROWS], self.columns[:, x.L_SIZE]
        filled = self.columns[:, x.L_FILLED] > 0
        held = texts.sum() + PLACE_WIDTH * rows.sum() + (rows[self.table_of] * self.widths * filled).sum()
        self.sizes.learn(rows, texts, int(held), read)

    def _table(self, number: int, rows: int, *, repair: bool) -> pa.Table:
        table, schema = self.tables[number].tolist(), self.schemas[number]
        room, sets = table[x.B_ROOM] * 4, table[x.B_SETS] * 4
        places = [
            sets,
            sets + room,
            sets + 2 * room,
            -1,
            *(table[one] * 8 for one in (x.B_PARENTS, x.B_STARTS, x.B_STOPS)),
        ]
        fixed = [
            pa.Array.from_buffers(kind, rows, [None, self.buffer.slice(place, rows * kind.bit_width // 8)])
            if place >= 0
            else pa.array(np.arange(self.emitted[number], self.emitted[number] + rows))
            for kind, place in zip(self.place_types[number], places, strict=True)
        ]
        first = table[x.B_FIRST]
        layout = self.columns[first : first + table[x.B_WIDTH]].tolist()
        units = self.units[first : first + table[x.B_WIDTH]].tolist()
        declared = [
            self._array(kind, rows, row, unit, repair=repair)
            for kind, row, unit in zip(schema.types[LEADING_COLUMNS:-2], layout, units, strict=True)
        ]
        arrays = [*fixed[:LEADING_COLUMNS], *declared, *fixed[LEADING_COLUMNS:]]
        return pa.Table.from_arrays(arrays, schema=schema)

    def _array(self, kind: pa.DataType, rows: int, row: list[int], unit: int, *, repair: bool) -> pa.Array:
        if not row[x.L_FILLED]:
            return self._nulls(kind, rows)
        nulls = rows - row[x.L_FILLED]
        valid = self.buffer.slice(row[x.L_VALID], (rows + 7) // 8) if nulls else None
        start = row[x.L_VALUES] * unit
        if row[x.L_KIND] != x.TEXT:
            values = self.buffer.slice(start, rows * kind.bit_width // 8)
            return pa.Array.from_buffers(kind, rows, [valid, values], nulls)
        place = row[x.L_VALUES]
        self.out_32[place + row[x.L_WRITTEN] + 1 : place + rows + 1] = row[x.L_SIZE]
        data = self.buffer.slice(row[x.L_DATA], row[x.L_SIZE])
        buffers = [valid, self.buffer.slice(start, 4 * (rows + 1)), data]
        if repair:
            return _repaired(pa.Array.from_buffers(pa.binary(), rows, buffers, nulls))
        return pa.Array.from_buffers(kind, rows, buffers, nulls)

    def _nulls(self, kind: pa.DataType, rows: int) -> pa.Array:
        """A column without values; all of them share their memory."""
        size = 16 * (rows + 1)
        if self.zeros.size < size:
            self.zeros = pa.py_buffer(np.zeros(size, np.uint8))
        return pa.Array.from_buffers(kind, rows, [self.zeros] * (3 if kind == pa.string() else 2), rows)


def _borrow(size: int) -> NDArray[np.uint8]:
    """Memory that comes back when nothing refers to it any more, to be lent again.

    The system clears every page before it hands it out, which costs as much as a third of all the work here.
    """
    fitting = (block for block in _spare if size <= len(block) <= WASTE * size)
    block = min(fitting, key=len, default=None)
    if block is None:
        block = np.empty(size, np.uint8)
    _spare[:] = [one for one in _spare if one is not block]
    lent: NDArray[np.uint8] = block[:size]
    finalize(lent, _give_back, block)
    return lent


def _give_back(block: NDArray[np.uint8]) -> None:
    if len(block) <= LARGEST_SPARE:
        _spare.append(block)
        del _spare[:-MOST_SPARE]


_spare: list[NDArray[np.uint8]] = []


def _places(pieces: Sequence[NDArray[np.int64]]) -> tuple[list[NDArray[np.int64]], int]:
    """Where each of these sizes begins when they lie one behind the other, and what they come to."""
    sizes = np.concatenate(pieces)
    sizes = -(-sizes // ALIGNMENT) * ALIGNMENT
    stops = np.cumsum(sizes)
    starts = stops - sizes
    return np.split(starts, np.cumsum([len(piece) for piece in pieces])[:-1]), int(stops[-1])


def _repaired(array: pa.Array) -> pa.Array:
    """Text that came as UTF-8, with a replacement character for what is none."""
    texts = (None if text is None else text.decode("utf-8", "replace") for text in array.to_pylist())
    return pa.array(texts, pa.string())
