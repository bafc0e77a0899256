"""The state of an extraction between two batches: rows that are open, and what may still be inherited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from edi.compiled import extraction_layout as x
from edi.compiled.batch import RECORD_STOP
from edi.compiled.kernel_cache import load
from edi.tables.column_memory import NOTHING, SLACK, ColumnMemory, Room
from edi.tables.program import TableProgram
from edi.tables.specification import Table

if TYPE_CHECKING:
    from edi.compiled.batch import SegmentBatch

KERNELS = "edi.compiled.table_kernels"
LEAST_LONGEST = 16
"""Loop ids, the texts that are in no segment, are shorter."""
NO_SETS = np.zeros((0, x.S_STOP + 1), np.int64)


class RowStore:
    """Fills tables with the segments of batches; finished rows go to `emit`, as tables by name."""

    def __init__(
        self,
        tables: Sequence[Table],
        emit: Callable[[dict[str, pa.Table]], None],
        *,
        latin: bool,
        file_size: int,
        room: Room,
    ) -> None:
        self.emit = emit
        self.kernels = load(KERNELS)
        self.memory = ColumnMemory(tables, file_size, room)
        columns = len(self.memory.columns)
        self.seen = np.zeros(columns, np.int64)
        """By column: the row that was given a value last, and the value's rank."""
        self.heap = np.zeros(room.heap, np.uint8)
        self.state = np.zeros(x.STATE_FIELDS, np.int64)
        self.state[x.X_SET] = -1
        self.state[x.X_LATIN] = latin
        self.state[x.X_LONGEST] = LEAST_LONGEST
        self.state[x.X_DAY] = NOTHING
        self.stack = np.zeros((max(len(tables), 1), x.STACK_FIELDS), np.int64)
        self.sets = NO_SETS
        self.cell_values, self.cell_lengths = np.zeros(1, np.int64), np.full(1, x.ABSENT, np.int32)
        self.texts: list[bytes] = []
        self.text_places = np.zeros((1, 2), np.int64)

    def use(self, program: TableProgram) -> None:
        """The segments that come now are of another guide, and so of another set: nothing is inherited."""
        size = max(program.cells, 1)
        self.cell_values, self.cell_lengths = np.zeros(size, np.int64), np.full(size, x.ABSENT, np.int32)
        self.texts = [text.encode("ascii") for text in program.texts]
        self._tidy_heap(0)

    def take(self, batch: SegmentBatch, program: TableProgram) -> None:
        """Read the segments of a batch."""
        state = self.state
        self.sets = np.concatenate([self.sets[self.sets[:, x.S_NUMBER] >= state[x.X_SET]], batch.sets])
        state[x.X_NEXT] = state[x.X_NEWS] = 0
        self.memory.forget_needs()
        while (stopped := self._fill(batch, program)) != x.DONE:
            if stopped == x.HEAP_FULL:
                self._tidy_heap(int(state[x.X_NEEDED]))
            else:
                last = batch.records[max(state[x.X_NEXT] - 1, 0), RECORD_STOP]
                self._make_room(batch.base + int(last))

    def _fill(self, batch: SegmentBatch, program: TableProgram) -> int:
        memory = self.memory
        return int(
            self.kernels.fill_tables(
                batch.raw,
                batch.base,
                batch.component,
                batch.repetition,
                batch.records,
                batch.element_starts,
                self.sets,
                *program.arrays,
                self.text_places,
                self.cell_values,
                self.cell_lengths,
                self.stack,
                memory.tables,
                memory.columns,
                self.seen,
                self.heap,
                memory.out,
                memory.out_32,
                memory.out_64,
                self.state,
            )
        )

    def close(self, stop: int) -> None:
        """The last set ended at byte `stop` of the file, perhaps without its trailer."""
        memory = self.memory
        self.kernels.close_rows(stop, self.stack, memory.tables, memory.out_64, self.state)

    def _make_room(self, read: int) -> None:
        """Hand on the rows that have ended, and begin a new piece of memory; the file is read up to `read`."""
        memory, state = self.memory, self.state
        rows = memory.lift(self.stack[: state[x.X_STACK], x.K_TABLE].tolist())
        memory.learn(read)
        self.flush()
        needed = (state[one] for one in (x.X_NEEDED_TABLE, x.X_NEEDED_ROWS, x.X_NEEDED))
        memory.need(*map(int, needed))
        memory.lay_out(rows)

    def flush(self) -> None:
        """Hand on the rows that have ended; at the end of the file, since there is no room then."""
        taken = self.memory.take(repair=bool(self.state[x.X_HIGH]))
        if taken:
            self.emit(taken)

    def _tidy_heap(self, needed: int) -> None:
        """Drop all text that nothing refers to, and make room for so many bytes."""
        values, lengths = self.cell_values, self.cell_lengths
        texts = [
            (cell, self.heap[values[cell] : values[cell] + lengths[cell]].tobytes())
            for cell in np.flatnonzero(lengths > 0)
        ]
        size = sum(len(text) for *_, text in texts) + sum(map(len, self.texts)) + needed + SLACK
        if size > len(self.heap):
            self.heap = np.zeros(2 * size, np.uint8)
        self.state[x.X_HEAP] = 0
        for cell, text in texts:
            values[cell] = self._append(text)
        self.text_places = np.array([(self._append(text), len(text)) for text in self.texts] or [(0, 0)], np.int64)

    def _append(self, text: bytes) -> int:
        at = int(self.state[x.X_HEAP])
        self.heap[at : at + len(text)] = np.frombuffer(text, np.uint8)
        self.state[x.X_HEAP] = at + len(text)
        return at
