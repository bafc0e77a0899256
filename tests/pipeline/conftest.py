"""What tests of the whole pipeline share."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.warehouse import Warehouse
from tests.pipeline.plan import Plan


@pytest.fixture
def plan(warehouse: Warehouse, tmp_path: Path) -> Plan:
    """The demo's plan on its first day, without expectations and edits; nothing has arrived yet."""
    return Plan(warehouse, tmp_path)
