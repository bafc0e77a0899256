"""Findings: what is wrong with a file, as values, singly or in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from typing import overload

import numpy as np
import numpy.typing as npt

from edi.finding_codes import CODES
from edi.row_order import ordered


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a file, by position; it never holds an element's content.

    Ordinals count from 1; 0 means that the finding is not inside such a thing. `code` is a key of
    `edi.finding_codes.CODES`, which gives severity, SNIP type and acknowledgment codes.
    """

    code: str
    interchange: int = 0
    functional_group: int = 0
    transaction_set: int = 0
    segment_position: int = 0
    """Position in the transaction set, ST = 1 (IK302)."""
    segment_id: str = ""
    loop: str = ""
    """Guide loop id such as 2300 (IK303 and for people)."""
    element: int = 0
    component: int = 0
    repetition: int = 0
    data_element: str = ""
    """X12 data element number (IK402)."""
    source_start: int = 0
    source_stop: int = 0
    """Byte range in the file: of the element where there is one, else of the segment."""


FIELDS = tuple(field.name for field in fields(Finding))

TEXT_FIELDS = ("segment_id", "loop", "data_element")
"""Besides `code`."""

CODE_NAMES = tuple(CODES)
CODE_NUMBERS = {code: number for number, code in enumerate(CODE_NAMES)}


BLOCK = 1 << 15
"""Findings that become objects together: of a million not all numbers at once."""


class FindingTable(Sequence[Finding]):
    """Findings of a file in columns, so that a hundred thousand of them cost little; each is made when asked for.

    `numbers` is int64 with a row a finding and a column a field of `Finding`. Codes are places in `CODE_NAMES`, the
    other texts places in `texts`.
    """

    __slots__ = ("numbers", "texts")

    def __init__(self, numbers: npt.NDArray[np.int64], texts: tuple[str, ...]) -> None:
        self.numbers = numbers
        self.texts = texts

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> FindingTable:
        """The same findings in columns."""
        texts: dict[str, int] = {"": 0}
        rows = [
            [
                CODE_NUMBERS[one.code],
                one.interchange,
                one.functional_group,
                one.transaction_set,
                one.segment_position,
                texts.setdefault(one.segment_id, len(texts)),
                texts.setdefault(one.loop, len(texts)),
                one.element,
                one.component,
                one.repetition,
                texts.setdefault(one.data_element, len(texts)),
                one.source_start,
                one.source_stop,
            ]
            for one in findings
        ]
        return cls(np.array(rows, np.int64).reshape(-1, len(FIELDS)), tuple(texts))

    def joined(self, other: FindingTable) -> FindingTable:
        """These findings, then the others."""
        texts = {text: place for place, text in enumerate(self.texts)}
        renamed = np.array([texts.setdefault(text, len(texts)) for text in other.texts], np.int64)
        numbers = other.numbers.copy()
        for name in TEXT_FIELDS:
            place = FIELDS.index(name)
            numbers[:, place] = renamed[numbers[:, place]]
        return FindingTable(np.concatenate((self.numbers, numbers)), tuple(texts))

    def column(self, name: str) -> npt.NDArray[np.int64]:
        """The numbers of one field of `Finding`."""
        return self.numbers[:, FIELDS.index(name)]

    def codes(self) -> frozenset[str]:
        """The codes that occur."""
        return frozenset(CODE_NAMES[number] for number in np.unique(self.numbers[:, 0]).tolist())

    def ordered(self) -> FindingTable:
        """In the order of the file: by byte range, then code, so that two scanners can be compared."""
        return FindingTable(self.numbers[self.order()], self.texts)

    def order(self) -> npt.NDArray[np.intp]:
        """The places of the findings in the order of the file."""
        start, stop, *others = map(
            self.column, ("source_start", "source_stop", "code", "element", "component", "repetition")
        )
        return ordered([start, stop - start, *others])

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> FindingTable: ...
    def __getitem__(self, place: int | slice) -> Finding | FindingTable:
        if isinstance(place, slice):
            return FindingTable(self.numbers[place], self.texts)
        return self._finding(self.numbers[place].tolist())

    def __iter__(self) -> Iterator[Finding]:
        return chain.from_iterable(_made(self[first : first + BLOCK]) for first in range(0, len(self), BLOCK))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(Finding.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def _finding(self, row: list[int]) -> Finding:
        texts = self.texts
        return Finding(
            CODE_NAMES[row[0]],
            row[1],
            row[2],
            row[3],
            row[4],
            texts[row[5]],
            texts[row[6]],
            row[7],
            row[8],
            row[9],
            texts[row[10]],
            row[11],
            row[12],
        )


def _made(table: FindingTable) -> Iterator[Finding]:
    columns = dict(zip(FIELDS, table.numbers.T.tolist(), strict=True))
    columns["code"] = [CODE_NAMES[number] for number in columns["code"]]
    for name in TEXT_FIELDS:
        columns[name] = [table.texts[place] for place in columns[name]]
    return map(Finding, *columns.values())
