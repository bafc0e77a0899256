"""One performance of the demo for all tests here: it takes a minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.demo.play import Performance, play
from pipeline.demo.world import forget

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Played:
    """The demo's folder, and what it came to."""

    var: Path
    performance: Performance
    told: list[str]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The demo, played from the beginning in a folder of its own."""
    var = tmp_path_factory.mktemp("demo") / "var"
    told: list[str] = []
    yield Played(var, play(REPOSITORY, var, told.append), told)
    forget(var)
