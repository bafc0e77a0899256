"""Expect: Great Expectations on translated tables. A file that breaks a *hold* expectation is parked for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from pipeline.house import House


def broken_holds(
    house: House, tables_of_file: Mapping[int, Mapping[str, pa.Table]], as_of: date
) -> dict[int, list[str]]:
    """Ids of the hold expectations that each file breaks; files that break none are absent.

    All files are checked together first, since that costs as much as one alone; only when the
    whole breaks a hold expectation is each file looked at for itself.
    """
    from rules.expectations import check, join_files  # noqa: PLC0415 - Great Expectations takes seconds to import

    if not tables_of_file:
        return {}
    severities = house.configuration.expectations
    data_docs = house.var / "data_docs"
    label = f"files-{min(tables_of_file)}-{max(tables_of_file)}"
    together = join_files(list(tables_of_file.values()))
    if not check(together, severities, data_docs, label, as_of).held:
        return {}
    each = {
        file_id: check(tables, severities, data_docs, f"file-{file_id}", as_of)
        for file_id, tables in tables_of_file.items()
    }
    return {file_id: outcome.broken_holds() for file_id, outcome in each.items() if outcome.held}


def has_rows(tables: Mapping[str, pa.Table]) -> bool:
    """Is there anything to check?"""
    return any(table.num_rows for table in tables.values())
