from __future__ import annotations

from pathlib import Path

from loaders.describe import describe
from loaders.schema import metadata

PAGE = Path(__file__).parents[2] / "docs" / "tables.md"


def test_the_committed_page_is_current() -> None:
    """When it fails: `python -m loaders.describe docs/tables.md`."""
    assert PAGE.read_text(encoding="utf-8") == describe()


def test_every_table_and_column_is_on_the_page() -> None:
    """And every table says what it is for."""
    page = describe()
    for table in metadata.tables.values():
        assert f"### {table.name}\n\n{table.comment}.\n" in page
        for column in table.columns:
            assert f"| {column.name} |" in page
