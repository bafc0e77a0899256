"""Fills tables from the segments that a scan hands on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from edi.compiled import extraction_layout as x
from edi.encodings import Encoding
from edi.tables.column_memory import DEFAULT_ROOM, Room
from edi.tables.program import TableProgram, program_of
from edi.tables.row_store import RowStore
from edi.tables.schema import table_without_rows
from edi.tables.specification import Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from edi.compiled.batch import SegmentBatch
    from edi.guides.guide import Guide
    from edi.scan import Scan

Tables = dict[str, pa.Table]


class TableReader:
    """Fills tables from the segments that a scan hands it (a `SegmentSink`).

    Without `on_batch`, `tables` holds all rows once the scan is finished. With it, finished rows are handed on as they
    pile up, by the name of their table, and not kept: rows of a table come in the order of their numbers, but a parent
    may come after its children.
    """

    def __init__(
        self,
        tables: Sequence[Table],
        *,
        on_batch: Callable[[Tables], None] | None = None,
        encoding: Encoding = "ascii",
        file_size: int = 0,
        room: Room = DEFAULT_ROOM,
    ) -> None:
        self.declared = tuple(tables)
        self._parts = _Parts({table.name: [] for table in tables})
        self._programs: dict[str, TableProgram] = {}
        self._program: TableProgram | None = None
        latin = encoding != "utf-8"
        self._store = RowStore(tables, on_batch or self._parts.keep, latin=latin, file_size=file_size, room=room)

    def wanted(self, guide: Guide) -> NDArray[np.uint8] | None:
        """The segments of a guide that have to do with the tables."""
        return self._of(guide).wanted

    def take(self, batch: SegmentBatch) -> None:
        """Read segments of one guide."""
        program = self._of(batch.guide)
        if program is not self._program:
            self._program = program
            self._store.use(program)
        self._store.take(batch, program)

    def finish(self, scan: Scan) -> None:
        """Rows still open end where their set ends."""
        if self._store.state[x.X_STACK]:
            self._store.close(_set_stop(scan, int(self._store.state[x.X_SET])))
        self._store.flush()

    @property
    def tables(self) -> Tables:
        """All rows; of a table without rows, its columns."""
        return {
            table.name: pa.concat_tables(self._parts[table.name])
            if self._parts[table.name]
            else table_without_rows(table)
            for table in self.declared
        }

    def _of(self, guide: Guide) -> TableProgram:
        if guide.id not in self._programs:
            self._programs[guide.id] = program_of(self.declared, guide)
        return self._programs[guide.id]


class _Parts(dict[str, list[pa.Table]]):
    """The pieces of each table.

    The store knows these and not the reader, which knows the store: so all memory is free as soon as nobody wants it.
    """

    def keep(self, tables: Tables) -> None:
        """Add a piece of some."""
        for name, table in tables.items():
            self[name].append(table)


def _set_stop(scan: Scan, number: int) -> int:
    """Where the set of this number in the file ends."""
    for interchange in scan.interchanges:
        for group in interchange.groups:
            if number < len(group.sets):
                return group.sets[number].source_stop
            number -= len(group.sets)
    raise IndexError("no such set")
