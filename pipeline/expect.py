"""Expect: Great Expectations on translated tables. A file that breaks a *hold* expectation is parked for a person."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from edi.trouble import Retryable

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from pipeline.house import House
    from rules.expectations import ExpectationOutcome

    Tables = Mapping[str, pa.Table]

log = logging.getLogger(__name__)


class DataDocsUnwritable(Retryable):
    """The disk of the Data Docs is full, away or read-only."""


def is_worth_checking(house: House, tables: Tables) -> bool:
    """Are there rows, and an expectation to measure them by?"""
    measured = any(severity != "off" for severity in house.configuration.expectations.values())
    return measured and any(table.num_rows for table in tables.values())


def hold_together(house: House, tables_of_file: Mapping[int, Tables], as_of: date) -> bool:
    """Do files of one day keep every hold expectation? All of them together cost as much to check as one alone.

    False means that each has to be looked at for itself: one of them breaks an expectation, or cannot be measured.
    """
    from rules.expectations import join_files  # noqa: PLC0415 - Great Expectations takes seconds to import

    label = f"files-{min(tables_of_file)}-{max(tables_of_file)}"
    # what is tolerated in one file must not hide among the rows of the others
    tolerances = dict.fromkeys(house.configuration.tolerances, 0) if len(tables_of_file) > 1 else None
    try:
        return not _check(house, join_files(list(tables_of_file.values())), label, as_of, tolerances).held
    except Retryable:
        raise
    except Exception:  # noqa: BLE001 - the file to blame raises it again, for itself alone
        log.warning("%s could not be checked together; each is checked alone.", label)
        return False


def broken_holds(house: House, file_id: int, tables: Tables, as_of: date) -> dict[str, int]:
    """The hold expectations that a file breaks, each with the number of rows that break it."""
    outcome = _check(house, tables, f"file-{file_id}", as_of)
    broken = set(outcome.broken_holds())
    return {one.expectation: one.unexpected_count for one in outcome.results if one.expectation in broken}


def _check(
    house: House, tables: Tables, label: str, as_of: date, tolerances: Mapping[str, int] | None = None
) -> ExpectationOutcome:
    from rules.expectations import check  # noqa: PLC0415 - as above

    try:
        given = house.configuration
        allowed = given.tolerances if tolerances is None else tolerances
        return check(tables, given.expectations, house.var / "data_docs", label, as_of, allowed)
    except OSError as error:
        raise DataDocsUnwritable(f"The disk of the Data Docs failed: {error.strerror}.") from None
