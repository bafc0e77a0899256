"""What translation leaves on disk for the next steps: verdict, findings and tables, by file and rules bundle."""

from __future__ import annotations

import filecmp
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from edi.finding_columns import CodeUnknown, from_arrow, to_arrow
from edi.findings import FindingTable
from edi.trouble import Final, Retryable
from edi.verdict import FileVerdict

if TYPE_CHECKING:
    import pyarrow as pa
    from pydantic import TypeAdapter

VERDICT, FINDINGS = "verdict.json", "findings.parquet"
LARGE = 1 << 20
"""Bytes of a table from which on it is read by several threads."""


class TranslationMissing(Final):
    """A step found no translation where the ledger says there is one."""


class RunFolderUnwritable(Retryable):
    """The disk of the run folders is full, away or read-only."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The pure result of reading one file under one rules bundle."""

    verdict: FileVerdict
    findings: FindingTable
    """Of the agreement, of the scan, and of claims and members that are refused in accepted sets."""
    tables: Mapping[str, pa.Table]
    """Business tables by name: enrollment_header, enrollment_member, enrollment_coverage, claim, claim_line, ..."""


class RunFolders:
    """Translations under one folder: `<file id>/<bundle>/`, each written whole by a rename.

    Equal translations are equal bytes, so that one which is there already need not be touched: somebody may be
    reading it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def of(self, file_id: int, bundle: str) -> Path:
        """Where the translation of a file under a bundle is."""
        return self.root / str(file_id) / bundle[:16]

    def write(self, file_id: int, bundle: str, translation: Translation) -> Path:
        """Keep a translation; a different one under the same bundle, left by an older program, is replaced.

        Raises:
            RunFolderUnwritable: when the disk does not take it.
        """
        final = self.of(file_id, bundle)
        building = final.with_name(f".{final.name}.{socket.gethostname()}.{os.getpid()}")
        with _disk():
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir(parents=True)
            try:
                _write(building, translation)
                _put_in_place(building, final)
            finally:
                shutil.rmtree(building, ignore_errors=True)
        return final

    def read(self, file_id: int, bundle: str) -> Translation:
        """The translation of a file.

        Raises:
            TranslationMissing: when there is none under this bundle, or only that of an older program; translating it
                again mends that.
        """
        folder = self.of(file_id, bundle)
        missing = TranslationMissing(f"File {file_id} has no translation under rules bundle {bundle[:16] or '(none)'}.")
        if not (folder / VERDICT).exists() or not (folder / FINDINGS).exists():
            raise missing
        try:
            findings = from_arrow(_table(folder / FINDINGS))
        except CodeUnknown:
            raise missing from None
        return Translation(
            _verdicts().validate_json((folder / VERDICT).read_bytes()),
            findings,
            {
                path.stem: _in_seconds(_table(path))
                for path in sorted(folder.glob("*.parquet"))
                if path.name != FINDINGS
            },
        )


def _table(path: Path) -> pa.Table:
    """A table of a translation. Most have few rows or none: what a data set of many files needs costs more than these.

    A large one is decoded by all processors, which for a small one are not worth waking.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - the command line must start without Arrow

    is_large = path.stat().st_size > LARGE
    with pq.ParquetFile(path, pre_buffer=is_large) as file:
        return file.read(use_threads=is_large)


def _in_seconds(table: pa.Table) -> pa.Table:
    """Times of day as they were written: Parquet knows no seconds, and gives milliseconds back."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    for place, field in enumerate(table.schema):
        if field.type == pa.time32("ms"):
            table = table.set_column(place, field.with_type(pa.time32("s")), table[field.name].cast(pa.time32("s")))
    return table


def _write(folder: Path, translation: Translation) -> None:
    """Write all parts of a translation, down to the disk."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    verdict = _verdicts().dump_json(translation.verdict, fallback=list)  # findings in columns, one by one
    (folder / VERDICT).write_bytes(verdict)
    pq.write_table(to_arrow(translation.findings), folder / FINDINGS)
    for name, table in translation.tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    for path in folder.iterdir():
        with path.open("rb") as part:
            os.fsync(part.fileno())


def _put_in_place(building: Path, final: Path) -> None:
    if final.exists():
        if _equal(building, final):
            return
        final.rename(building / ".replaced")
    building.rename(final)
    shutil.rmtree(final / ".replaced", ignore_errors=True)


def _equal(one: Path, other: Path) -> bool:
    names = sorted(path.name for path in one.iterdir())
    if names != sorted(path.name for path in other.iterdir()):
        return False
    _, different, unreadable = filecmp.cmpfiles(one, other, names, shallow=False)
    return not different and not unreadable


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RunFolderUnwritable(f"The disk of the run folders failed: {error.strerror}.") from None


@cache
def _verdicts() -> TypeAdapter[FileVerdict]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - as above

    return TypeAdapter(FileVerdict)
