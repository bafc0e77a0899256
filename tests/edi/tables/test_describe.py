from __future__ import annotations

from pathlib import Path

from edi.tables.catalogue import ALL_TABLES, tables_of
from edi.tables.describe import TITLES, describe

PAGE = Path(__file__).parents[3] / "docs" / "columns.md"


def test_the_committed_page_is_current() -> None:
    """When it fails: `python -m edi.tables.describe docs/columns.md`."""
    assert PAGE.read_text(encoding="utf-8") == describe()


def test_every_table_and_column_is_on_the_page() -> None:
    """Of every kind of transaction set."""
    page = describe()
    assert {table for kind in TITLES for table in tables_of(kind)} == set(ALL_TABLES)
    for table in ALL_TABLES:
        chapter = page.partition(f"### {table.name}\n")[2].partition("\n### ")[0]
        assert table.description in chapter
        for column in table.columns:
            assert f"| {column.name} | {column.kind} |" in chapter
