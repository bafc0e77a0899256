"""Great Expectations on the translated members and claims.

It receives tables, never an engine, and of them only the columns that an expectation is about. Results and Data Docs
hold counts: no value of a row, no key of a failing row, not even a hash of the data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from edi.trouble import Final
from rules.expectations.catalogue import EXPECTATIONS, Severities, Tolerances
from rules.expectations.outcome import ExpectationOutcome, ExpectationResult

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["EXPECTATIONS", "ExpectationOutcome", "ExpectationResult", "Severities", "Tolerances", "check", "join_files"]

RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.ASCII)


class BadRunName(Final):
    """A run name becomes a folder of the Data Docs: letters, digits, hyphens and underscores."""


def check(
    tables: Mapping[str, pa.Table],
    severities: Severities,
    data_docs: Path,
    run_name: str,
    as_of: date,
    tolerances: Tolerances = MappingProxyType({}),
) -> ExpectationOutcome:
    """Check translated tables against every expectation that is not off, and add a page of each table to the Data Docs.

    Args:
        tables: of one file, or of several put together by `join_files`; a table without expectations is not looked at.
        severities: by expectation id; one that is not named has its suggested severity.
        data_docs: folder of the site (`index.html`); runs gather in it, the same run again replaces its pages.
        run_name: names the pages, so it must not hold anything of the data.
        as_of: the day the file was received.
        tolerances: by expectation id; one that is not named has its suggested tolerance.

    Raises:
        BadRunName: the run name cannot be a folder.
        rules.expectations.measures.UnjoinedTables: tables of several files were not put together by `join_files`.
        rules.expectations.measuring.ExpectationNotMeasured: an expectation could not be evaluated.
    """
    from rules.expectations.measures import measured  # noqa: PLC0415 - pandas and Arrow cost a second
    from rules.expectations.measuring import evaluate  # noqa: PLC0415 - Great Expectations costs three to five

    if not RUN_NAME.fullmatch(run_name):
        raise BadRunName("a run name has letters, digits, hyphens and underscores")
    wanted = {each.id: severities.get(each.id, each.suggested) for each in EXPECTATIONS.values()}
    allowed = {each.id: tolerances.get(each.id, each.tolerated) for each in EXPECTATIONS.values()}
    results = evaluate(measured(tables), wanted, data_docs, run_name, as_of, allowed)
    order = list(EXPECTATIONS)
    return ExpectationOutcome(tuple(sorted(results, key=lambda each: order.index(each.expectation))))


def join_files(files: Sequence[Mapping[str, pa.Table]]) -> dict[str, pa.Table]:
    """The tables of several files as one set, so that they are checked in one go; lines still find their claims."""
    from rules.expectations.measures import together  # noqa: PLC0415 - as in check

    return together(files)
