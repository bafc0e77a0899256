"""What every test of a parser needs: the corpus, and a file read as a partner's who may send anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edi.archived import bytes_reader
from edi.reference.extract import extract
from edi.reference.scanner import read_records, scan
from edi.scan import Scan
from edi.tables.claim_intake import CLAIM_INTAKE
from edi.tables.enrollment import ENROLLMENT_INTAKE
from edi.verdict import FileVerdict
from rules.acceptance import AcceptanceProfile, judge

CORPUS = Path(__file__).parents[1] / "corpus"
ANYBODY = AcceptanceProfile("anybody", usages=frozenset({"P", "T"}))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Folder of the corpus."""
    return CORPUS


@pytest.fixture(scope="session")
def judged() -> Callable[[bytes], tuple[Scan, FileVerdict, dict[str, Any]]]:
    """Scan and verdict of a file, and its tables before any of its sets or claims are left out."""

    def read(data: bytes) -> tuple[Scan, FileVerdict, dict[str, Any]]:
        scanned = scan(data)
        verdict = judge(scanned, ANYBODY, bytes_reader(data))
        return scanned, verdict, extract(read_records(data), (*ENROLLMENT_INTAKE, *CLAIM_INTAKE))

    return read


@pytest.fixture(scope="session")
def rows() -> Callable[[Any], list[dict[str, object]]]:
    """Rows of an Arrow table as mappings of what is not null."""

    def present(table: Any) -> list[dict[str, object]]:  # noqa: ANN401 - Arrow has no types
        return [{name: value for name, value in row.items() if value is not None} for row in table.to_pylist()]

    return present
