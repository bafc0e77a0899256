"""Rows of all tables while they are read, and what becomes of them: Arrow tables.

Everything lies in a few arrays of fixed size. When one is full, the rows that have ended become Arrow tables, and those
still open move to the front together with what may still be inherited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from edi.compiled import extraction_layout as x
from edi.compiled.kernel_cache import load
from edi.tables.arrow_columns import SLACK, build_tables
from edi.tables.program import KINDS, TableProgram
from edi.tables.schema import table_schema
from edi.tables.specification import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from edi.compiled.batch import SegmentBatch


class Room(NamedTuple):
    """Sizes of the arrays; a single segment never needs as much, except of the heap, which grows for it."""

    rows: int = 1 << 18
    values: int = 1 << 21
    heap: int = 1 << 24
    """Bytes of text."""


DEFAULT_ROOM = Room()
"""60 MB, of which only what is used costs memory."""
KERNELS = "edi.compiled.table_kernels"
NO_SETS = np.zeros((0, x.S_STOP + 1), np.int64)


def _array(kind: type[np.generic], size: int) -> NDArray[Any]:
    """Arrow's memory, which is used again; fresh memory from the system costs more than to fill it."""
    return np.frombuffer(pa.allocate_buffer(size * np.dtype(kind).itemsize), kind)


class RowStore:
    """The state of an extraction between two batches; finished rows go to `emit`, as tables by name."""

    def __init__(
        self, tables: Sequence[Table], emit: Callable[[dict[str, pa.Table]], None], *, latin: bool, room: Room
    ) -> None:
        self.tables = tables
        self.emit = emit
        self.kernels = load(KERNELS)
        self.schemas = [table_schema(table) for table in tables]
        self.kinds = [np.array([KINDS[column.kind] for column in table.columns], np.int64) for table in tables]
        self.rows = _array(np.int64, room.rows * x.ROW_FIELDS).reshape(-1, x.ROW_FIELDS)
        self.values, self.lengths = _array(np.int64, room.values), _array(np.int32, room.values)
        self.ranks, self.heap = _array(np.uint8, room.values), _array(np.uint8, room.heap)
        self.state = np.zeros(x.STATE_FIELDS, np.int64)
        self.state[x.X_SET] = -1
        self.state[x.X_LATIN] = latin
        self.open = np.full((max(len(tables), 1), x.TABLE_FIELDS), -1, np.int64)
        self.open[:, x.B_OPENED] = 0
        self.open[: len(tables), x.B_WIDTH] = [len(table.columns) for table in tables]
        self.stack = np.zeros((len(self.open), x.STACK_FIELDS), np.int64)
        self.sets = NO_SETS
        self.cell_values, self.cell_lengths = np.zeros(1, np.int64), np.full(1, x.ABSENT, np.int32)
        self.texts: list[bytes] = []
        self.text_places = np.zeros((1, 2), np.int64)

    def take(self, batch: SegmentBatch, program: TableProgram) -> None:
        """Read the segments of a batch."""
        self.sets = np.concatenate([self.sets, batch.sets])
        self.state[x.X_NEXT] = self.state[x.X_NEWS] = 0
        while self._fill(batch, program) == x.FULL:
            self.flush()
            lacking = int(self.state[x.X_HEAP] + self.state[x.X_NEEDED]) - len(self.heap)
            if lacking > 0:
                self.heap = np.concatenate([self.heap, np.empty(lacking, np.uint8)])

    def _fill(self, batch: SegmentBatch, program: TableProgram) -> int:
        return int(
            self.kernels.fill_tables(
                batch.raw,
                batch.base,
                batch.component,
                batch.repetition,
                batch.records,
                batch.element_starts,
                batch.sets,
                *program.arrays,
                self.text_places,
                self.cell_values,
                self.cell_lengths,
                self.open,
                self.stack,
                self.rows,
                self.values,
                self.lengths,
                self.ranks,
                self.heap,
                self.state,
            )
        )

    def use(self, program: TableProgram) -> None:
        """The segments that come now are of another guide, and so of another set: nothing is inherited."""
        size = max(program.cells, 1)
        self.cell_values, self.cell_lengths = np.zeros(size, np.int64), np.full(size, x.ABSENT, np.int32)
        self.texts = [text.encode("ascii") for text in program.texts]
        if int(self.state[x.X_HEAP]) + sum(map(len, self.texts)) + SLACK > len(self.heap):
            self.flush()
        else:
            self._write_texts()

    def close(self, stop: int) -> None:
        """The last set ended at byte `stop` of the file, perhaps without its trailer."""
        self.kernels.close_rows(stop, self.open, self.stack, self.rows, self.state)

    def flush(self) -> None:
        """Make tables of the rows that have ended."""
        built = build_tables(self)
        if built:
            self.emit(built)
        self._keep_open()

    def _keep_open(self) -> None:
        """Move what goes on to the front."""
        depth = int(self.state[x.X_STACK])
        rows = self.rows[self.stack[:depth, x.K_ROW]].copy()
        kept = [
            (self.values[place].copy(), self.lengths[place].copy(), self.ranks[place].copy())
            for place in (
                slice(row[x.W_VALUES], row[x.W_VALUES] + self.open[row[x.W_TABLE], x.B_WIDTH]) for row in rows
            )
        ]
        texts = [self._texts(values, lengths) for values, lengths, _ in kept]
        cells = self._texts(self.cell_values, self.cell_lengths)
        self.state[x.X_HEAP] = self.state[x.X_HIGH] = 0
        self._write_texts()
        self._put(cells, self.cell_values)
        at = 0
        for number, (values, lengths, ranks) in enumerate(kept):
            self._put(texts[number], values)
            place = slice(at, at + len(values))
            self.values[place], self.lengths[place], self.ranks[place] = values, lengths, ranks
            rows[number, x.W_VALUES] = at
            self.stack[number, x.K_ROW] = number
            self.open[rows[number, x.W_TABLE], x.B_ROW] = number
            at += len(values)
        self.rows[:depth] = rows
        self.state[x.X_ROWS], self.state[x.X_VALUES] = depth, at
        self.sets = self.sets[self.sets[:, x.S_NUMBER] >= self.state[x.X_SET]]

    def _texts(self, values: NDArray[np.int64], lengths: NDArray[np.int32]) -> dict[int, bytes]:
        """Those of the values that are text, by their number."""
        return {
            int(number): self.heap[values[number] : values[number] + lengths[number]].tobytes()
            for number in np.flatnonzero(lengths > 0)
        }

    def _put(self, texts: dict[int, bytes], values: NDArray[np.int64]) -> None:
        for number, text in texts.items():
            values[number] = self._append(text)

    def _write_texts(self) -> None:
        """The program's own texts stand in the heap like all others."""
        self.text_places = np.zeros((max(len(self.texts), 1), 2), np.int64)
        for number, text in enumerate(self.texts):
            self.text_places[number] = self._append(text), len(text)

    def _append(self, text: bytes) -> int:
        at = int(self.state[x.X_HEAP])
        self.heap[at : at + len(text)] = np.frombuffer(text, np.uint8)
        self.state[x.X_HEAP] = at + len(text)
        if not text.isascii() and not self.state[x.X_LATIN]:
            self.state[x.X_HIGH] = 1
        return at
