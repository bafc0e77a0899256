"""Write the tables of a file as Parquet, CSV or JSON lines, in bounded memory."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Literal, Protocol, Self

from pipeline.inspection.access import reading, writing

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    import pyarrow as pa

    from edi.scan import Scan

Format = Literal["parquet", "csv", "jsonl"]
UNFINISHED = ".part"


class _Writer(Protocol):
    def write_table(self, rows: pa.Table) -> None:
        """Append rows."""

    def close(self) -> None:
        """All is written."""


class _JsonLines:
    """One JSON object a row; dates as YYYY-MM-DD, quantities as written."""

    def __init__(self, path: Path) -> None:
        self.stream = path.open("w", encoding="utf-8")

    def write_table(self, rows: pa.Table) -> None:
        for batch in rows.to_batches():
            self.stream.writelines(json.dumps(row, default=str) + "\n" for row in batch.to_pylist())

    def close(self) -> None:
        self.stream.close()


class TableFiles:
    """The files of all tables: they get their names when all is written; a half one is never taken for whole."""

    def __init__(self, folder: Path, form: Format) -> None:
        self.folder = folder
        self.form = form
        self.rows: dict[str, int] = {}
        self._open: dict[str, tuple[_Writer, Path, Path]] = {}

    def add(self, batch: dict[str, pa.Table]) -> None:
        """Append finished rows."""
        with writing(self.folder):
            for name, rows in batch.items():
                if name not in self._open and rows.num_rows:
                    self._open[name] = self._create(name, rows.schema)
                if rows.num_rows:
                    self._open[name][0].write_table(rows)
                    self.rows[name] = self.rows.get(name, 0) + rows.num_rows

    def _create(self, name: str, schema: pa.Schema) -> tuple[_Writer, Path, Path]:
        path = self.folder / f"{name}.{self.form}"
        unfinished = path.with_name(path.name + UNFINISHED)
        return _writer(unfinished, schema, self.form), unfinished, path

    def __enter__(self) -> Self:
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with writing(self.folder), ExitStack() as closing:
            for writer, _, _ in self._open.values():
                closing.callback(writer.close)
        for _, unfinished, path in self._open.values():
            if error is None:
                unfinished.replace(path)
            else:
                unfinished.unlink(missing_ok=True)


def _writer(path: Path, schema: pa.Schema, form: Format) -> _Writer:
    match form:
        case "parquet":
            from pyarrow import parquet  # noqa: PLC0415 - only the form that is asked for

            parquet_writer: _Writer = parquet.ParquetWriter(path, schema)
            return parquet_writer
        case "csv":
            from pyarrow import csv  # noqa: PLC0415 - as above

            csv_writer: _Writer = csv.CSVWriter(path, schema)
            return csv_writer
        case "jsonl":
            return _JsonLines(path)


def write_tables(path: Path, folder: Path, form: Format) -> tuple[Scan, dict[str, int]]:
    """Every table of every transaction set that has a guide, one file a table; returns the rows of each.

    Sets are read whether we would accept them or not: `edi validate` says that. A file of a table that the input has
    no rows for is not written.

    Raises:
        FileUnreadable: there is no such file, or it may not be read.
        FolderUnwritable: nothing can be written there.
    """
    from edi.tables.catalogue import ALL_TABLES  # noqa: PLC0415 - declarations cost a little, Arrow more
    from edi.tables.reader import stream_tables  # noqa: PLC0415 - as above

    with reading(path), TableFiles(folder, form) as files:
        scanned = stream_tables(path, ALL_TABLES, files.add)
    return scanned, dict(sorted(files.rows.items()))
