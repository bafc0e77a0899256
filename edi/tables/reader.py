"""Read the declared tables of a file while it is scanned: in memory, or batch by batch for files of any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from edi.encodings import Encoding
from edi.scanner import CHUNK, MOST_SNIP, scan, scan_file
from edi.tables.column_memory import Room
from edi.tables.specification import Table
from edi.tables.table_reader import TableReader, Tables

if TYPE_CHECKING:
    from edi.guides.library import GuideLibrary
    from edi.scan import Scan

ROOM_OF_A_STREAM = Room(largest=1 << 24)
"""What is handed on need not be large; three pieces of it may be in memory at a time."""

__all__ = ["TableReader", "Tables", "read_tables", "stream_tables"]


def read_tables(
    data: bytes | bytearray | memoryview,
    tables: Sequence[Table],
    library: GuideLibrary | None = None,
    *,
    snip: int = MOST_SNIP,
    encoding: Encoding = "ascii",
) -> tuple[Scan, Tables]:
    """Scan a file in memory and read the tables of all its sets that have a guide, whatever is wrong with them.

    In `tables` a parent stands before its children.
    """
    reader = TableReader(tables, encoding=encoding, file_size=memoryview(data).nbytes)
    scanned = scan(data, library, snip=snip, encoding=encoding, sink=reader)
    return scanned, reader.tables


def stream_tables(
    path: Path,
    tables: Sequence[Table],
    on_batch: Callable[[Tables], None],
    library: GuideLibrary | None = None,
    *,
    snip: int = MOST_SNIP,
    encoding: Encoding = "ascii",
    chunk: int = CHUNK,
) -> Scan:
    """Scan a file of any size in bounded memory; rows go to `on_batch` as `TableReader` tells."""
    size = path.stat().st_size
    reader = TableReader(tables, on_batch=on_batch, encoding=encoding, file_size=size, room=ROOM_OF_A_STREAM)
    return scan_file(path, library, snip=snip, encoding=encoding, sink=reader, chunk=chunk)
