"""What every test of a parser needs: the corpus, and a file read as a partner's who may send anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edi.scan import Scan
from edi.reference.scanner import scan
from edi.verdict import FileVerdict
from rules.acceptance import AcceptanceProfile, judge

CORPUS = Path(__file__).parents[1] / "corpus"
ANYBODY = AcceptanceProfile("anybody", usages=frozenset({"P", "T"}))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Folder of the corpus."""
    return CORPUS


@pytest.fixture(scope="session")
def judged() -> Callable[[bytes], tuple[Scan, FileVerdict]]:
    """Scan and verdict of a file."""

    def read(data: bytes) -> tuple[Scan, FileVerdict]:
        scanned = scan(data)
        return scanned, judge(scanned, ANYBODY)

    return read


@pytest.fixture(scope="session")
def rows() -> Callable[[Any], list[dict[str, object]]]:
    """Rows of an Arrow table as mappings of what is not null."""

    def present(table: Any) -> list[dict[str, object]]:  # noqa: ANN401 - Arrow has no types
        return [{name: value for name, value in row.items() if value is not None} for row in table.to_pylist()]

    return present
