"""Findings as Arrow columns, with codes and other texts spelt out, so that every program can read what one stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from edi.findings import CODE_NAMES, CODE_NUMBERS, FIELDS, TEXT_FIELDS, FindingTable
from edi.trouble import Final

if TYPE_CHECKING:
    import pyarrow as pa

CODE = "code"


class CodeUnknown(Final):
    """A finding code that this program does not have: the findings were written by another one."""


def to_arrow(findings: FindingTable) -> pa.Table:
    """A column for each field of `Finding`, texts as strings and numbers as int64."""
    import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow

    columns = {}
    for name in FIELDS:
        numbers = findings.column(name)
        if name == CODE or name in TEXT_FIELDS:
            names = pa.array(CODE_NAMES if name == CODE else findings.texts, pa.string())
            columns[name] = names.take(pa.array(np.ascontiguousarray(numbers)))
        else:
            columns[name] = pa.array(np.ascontiguousarray(numbers), pa.int64())
    return pa.table(columns)


def from_arrow(table: pa.Table) -> FindingTable:
    """The same findings again.

    Raises:
        CodeUnknown: one of them has a code that is not in `edi.finding_codes`.
    """
    texts: dict[str, int] = {"": 0}
    numbers = np.zeros((table.num_rows, len(FIELDS)), np.int64)
    for place, name in enumerate(FIELDS):
        column = table[name].combine_chunks()
        if name == CODE or name in TEXT_FIELDS:
            encoded = column.dictionary_encode()
            values = encoded.dictionary.to_pylist()
            unknown = [value for value in values if name == CODE and value not in CODE_NUMBERS]
            if unknown:
                raise CodeUnknown(f"There is no finding code {unknown[0]}.")
            found = [CODE_NUMBERS[one] if name == CODE else texts.setdefault(one, len(texts)) for one in values]
            numbers[:, place] = np.array(found, np.int64)[encoded.indices.to_numpy()]
        else:
            numbers[:, place] = column.to_numpy()
    return FindingTable(numbers, tuple(texts))
