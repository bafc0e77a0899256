"""The findings inside the transaction sets of a file, set by set, in columns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from edi.findings import CODE_NUMBERS, FindingTable
from edi.row_order import ordered
from rules.code_facts import CodeFacts

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
Place = tuple[int, int, int]
"""Ordinals of interchange, functional group and transaction set."""
SET_FIELDS = ("interchange", "functional_group", "transaction_set")


class SetFindings:
    """Sorted by set; inside a set in the order of the file."""

    def __init__(self, table: FindingTable, facts: CodeFacts) -> None:
        self.facts = facts
        self.texts = table.texts
        inside = table.column("transaction_set") > 0
        numbers = table.numbers if inside.all() else table.numbers[inside]
        found = FindingTable(numbers, table.texts)
        order = ordered([found.column(name) for name in SET_FIELDS])
        self.table = numbers if (order[1:] > order[:-1]).all() else numbers[order]
        """All columns of these findings, as `FindingTable.numbers`."""
        found = FindingTable(self.table, table.texts)
        self.found = found
        self.codes = found.column("code")
        self.segments, self.loops = found.column("segment_id"), found.column("loop")
        self.elements, self.starts = found.column("element"), found.column("source_start")
        ordinals = self.table[:, 1:4]
        new = np.zeros(len(ordinals), np.bool_)
        new[:1] = True
        for column in map(found.column, SET_FIELDS):
            new[1:] |= column[1:] != column[:-1]
        self.first = np.flatnonzero(new)
        """Row that each set begins at."""
        self.set_of = np.cumsum(new) - 1
        """Number of the set of each row."""
        self.places: dict[Place, int] = {
            (interchange, group, transaction_set): number
            for number, (interchange, group, transaction_set) in enumerate(ordinals[self.first].tolist())
        }
        self.of_set: list[int] = (
            np.bitwise_or.reduceat(facts.facts[self.codes], self.first).tolist() if len(self.first) else []
        )
        """The facts of each set's findings together."""

    def is_text(self, column: Integers, texts: Iterable[str]) -> Booleans:
        """Where a column of texts holds one of these."""
        wanted = [place for place, text in enumerate(self.texts) if text in texts]
        return np.isin(column, wanted)

    def is_code(self, rows: Integers, codes: Iterable[str]) -> Booleans:
        """Which of these rows have one of these codes."""
        return np.isin(self.codes[rows], [CODE_NUMBERS[code] for code in codes])
