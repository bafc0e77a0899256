"""What translation leaves on disk for the next steps: verdict, findings and tables, by file and rules bundle."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from edi.findings import Finding
from edi.trouble import Final
from edi.verdict import FileVerdict

if TYPE_CHECKING:
    import pyarrow as pa
    from pydantic import TypeAdapter


class TranslationMissing(Final):
    """A step found no translation where the ledger says there is one."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The pure result of reading one file under one rules bundle."""

    verdict: FileVerdict
    findings: tuple[Finding, ...]
    tables: Mapping[str, pa.Table]
    """Business tables by name: enrollment_header, enrollment_member, enrollment_coverage, claim, claim_line, ..."""


class RunFolders:
    """Translations under one folder: `<file id>/<bundle>/`, each written whole by a rename."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def of(self, file_id: int, bundle: str) -> Path:
        """Where the translation of a file under a bundle is."""
        return self.root / str(file_id) / bundle[:16]

    def write(self, file_id: int, bundle: str, translation: Translation) -> Path:
        """Keep a translation; one that is there already is replaced, since it holds the same."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - the command line must start without Arrow

        final = self.of(file_id, bundle)
        building = final.with_name(f".{final.name}.{os.getpid()}")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        (building / "verdict.json").write_bytes(_verdicts().dump_json(translation.verdict))
        (building / "findings.json").write_bytes(_finding_lists().dump_json(list(translation.findings)))
        for name, table in translation.tables.items():
            pq.write_table(table, building / f"{name}.parquet")
        shutil.rmtree(final, ignore_errors=True)
        building.rename(final)
        return final

    def read(self, file_id: int, bundle: str) -> Translation:
        """The translation of a file.

        Raises:
            TranslationMissing: when translation did not run under this bundle; running it again mends that.
        """
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        folder = self.of(file_id, bundle)
        if not (folder / "verdict.json").exists():
            raise TranslationMissing(
                f"File {file_id} has no translation under rules bundle {bundle[:16]}; translate it again."
            )
        return Translation(
            _verdicts().validate_json((folder / "verdict.json").read_bytes()),
            tuple(_finding_lists().validate_json((folder / "findings.json").read_bytes())),
            {path.stem: pq.read_table(path) for path in sorted(folder.glob("*.parquet"))},
        )


def _verdicts() -> TypeAdapter[FileVerdict]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - as above

    return TypeAdapter(FileVerdict)


def _finding_lists() -> TypeAdapter[list[Finding]]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - as above

    return TypeAdapter(list[Finding])
