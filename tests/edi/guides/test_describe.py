from __future__ import annotations

from pathlib import Path

from edi.guides.describe import describe
from edi.guides.library import ALIASES, CATALOGUE
from edi.guides.overlays import OVERLAYS

PAGE = Path(__file__).parents[3] / "docs" / "guides.md"


def test_the_committed_page_is_current() -> None:
    """When it fails: `python -m edi.guides.describe docs/guides.md`."""
    assert PAGE.read_text(encoding="utf-8") == describe()


def test_every_guide_alias_and_repair_is_on_the_page() -> None:
    """A row each, and no cell that breaks its table."""
    page = describe()
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(rows) == len(CATALOGUE) + len(OVERLAYS) + 2
    assert all(row.count("|") in {6, 5} for row in rows)
    assert all(f" {name}" in page for name in (*CATALOGUE, *ALIASES))
