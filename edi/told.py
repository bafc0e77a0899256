"""The findings that the 999s of a file tell: of all its sets together, in columns, each set's handed out as a part.

A file may have half a million of them. What does not depend on the answer that tells them is worked out here once for
the whole file: which of them stand together, because they are about one segment, and which such groups are alike but
for their position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from edi.findings import FIELDS, Finding, FindingTable
from edi.row_order import MOST_PACKED

Integers = npt.NDArray[np.int64]
MOST_LISTED = 1 << 12
"""Numbers that are looked up in a list however few findings there are; a list of many more costs more than sorting."""
NO_UNIT = -1
HIGHEST_POSITION = 999_999
"""IK302 has six digits."""
KIND_FIELDS = ("code", "element", "component", "repetition", "data_element")
"""What a finding says of its segment."""
SEGMENT_ID, LOOP = FIELDS.index("segment_id"), FIELDS.index("loop")


class ToldSegments(NamedTuple):
    """Findings of one set that lie side by side and share segment and business unit make a group."""

    starts: list[int]
    """First row of each group; behind the last one the number of rows."""
    positions: list[str]
    """Of the segment in its transaction set, as IK302 holds it."""
    units: list[int]
    """Place of the claim or member in its set's verdict, -1 where there is none."""
    shapes: list[int]
    """Groups of one shape have equal segment ids, loops and kinds, one by one."""
    kinds: Integers
    """Of each row: findings of one kind are equal in `KIND_FIELDS`."""
    borders: list[int]
    """First group of each set; behind the last one the number of groups."""


class Told:
    """The findings in the order in which they are told, the sets one after the other."""

    def __init__(self, table: FindingTable, borders: Sequence[int], units: Integers | None = None) -> None:
        """`borders` are the first row of each set and the number of rows; `units` is as `SetVerdict.unit_of`."""
        self.table = table
        self.borders = borders
        self.units = units

    @classmethod
    def of(cls, sets: Iterable[tuple[Sequence[Finding], Sequence[int]]]) -> Told:
        """The same from values: of each set its findings, and their units where these are known."""
        findings: list[Finding] = []
        units: list[int] = []
        borders = [0]
        for found, unit_of in sets:
            findings += found
            units += unit_of or [NO_UNIT] * len(found)
            borders.append(len(findings))
        return cls(FindingTable.of(findings), borders, np.array(units, np.int64))

    def parts(self) -> list[ToldOfSet]:
        """The findings of each set."""
        return [ToldOfSet(self, number) for number in range(len(self.borders) - 1)]

    def head(self, group: int) -> tuple[str, str]:
        """Segment id and loop of a group."""
        row = self.table.numbers[self.segments.starts[group]]
        return self.table.texts[row[SEGMENT_ID]], self.table.texts[row[LOOP]]

    @cached_property
    def segments(self) -> ToldSegments:
        """The groups."""
        column, count = self.table.column, len(self.table)
        segment_ids, loops, positions = column("segment_id"), column("loop"), column("segment_position")
        units = np.full(count, NO_UNIT, np.int64) if self.units is None else self.units
        begins = np.zeros(count + 1, np.bool_)
        begins[self.borders] = True
        for one in (positions, segment_ids, loops, units):
            begins[1:-1] |= one[1:] != one[:-1]
        begins[-1:] = True
        bounds = np.flatnonzero(begins)
        starts = bounds[:-1]
        kinds = _alike([column(name) for name in KIND_FIELDS])
        shapes = _shapes(bounds, _alike([segment_ids[starts], loops[starts], kinds[starts]]), kinds)
        borders = np.searchsorted(bounds, self.borders)
        return ToldSegments(
            bounds.tolist(), _spelt(positions[starts]), units[starts].tolist(), shapes.tolist(), kinds, borders.tolist()
        )


class ToldOfSet(FindingTable):
    """Findings of one transaction set, among those of the file."""

    __slots__ = ("number", "told")

    def __init__(self, told: Told, number: int) -> None:
        super().__init__(told.table.numbers[told.borders[number] : told.borders[number + 1]], told.table.texts)
        self.told = told
        self.number = number

    def groups(self) -> range:
        """The groups of `Told.segments` that they make."""
        borders = self.told.segments.borders
        return range(borders[self.number], borders[self.number + 1])


(NOTHING,) = Told.of([((), ())]).parts()


def _spelt(positions: Integers) -> list[str]:
    """Each number as one text for all its places, where that saves work."""
    capped = np.minimum(positions, HIGHEST_POSITION)
    highest = int(capped.max(initial=0))
    if highest > len(capped):
        return list(map(str, capped.tolist()))
    texts: list[str] = np.array(list(map(str, range(highest + 1))), object)[capped].tolist()
    return texts


def _alike(columns: Sequence[Integers]) -> Integers:
    """Rows get the same number where all columns are equal."""
    key = np.zeros(len(columns[0]), np.int64)
    span = 1
    for column in columns:
        values = int(column.max(initial=0)) + 1
        if values > 1:
            if span * values > MOST_PACKED:
                key, span = _numbered(key, span)
            key = key * values + column
            span *= values
    return _numbered(key, span)[0]


def _numbered(keys: Integers, span: int) -> tuple[Integers, int]:
    """Keys from 0 to below `span` numbered from 0 on without gaps; and how many numbers that takes."""
    if span > MOST_LISTED + 4 * len(keys):
        distinct, numbers = np.unique(keys, return_inverse=True)
        return numbers, len(distinct)
    occurs = np.zeros(span, np.int64)
    occurs[keys] = 1
    behind = np.cumsum(occurs)
    return behind[keys] - 1, int(behind[-1])


def _shapes(bounds: Integers, firsts: Integers, kinds: Integers) -> Integers:
    """Numbers of the sequences of kinds, step by step: how a sequence begins, and what comes next."""
    shapes = firsts.copy()
    lengths = np.diff(bounds)
    span = int(kinds.max(initial=0)) + 1
    given = int(firsts.max(initial=-1)) + 1
    step = 1
    longer = np.flatnonzero(lengths > step)
    while len(longer):
        after, count = _numbered(shapes[longer] * span + kinds[bounds[longer] + step], given * span)
        shapes[longer] = given + after
        given += count
        step += 1
        longer = longer[lengths[longer] > step]
    return shapes
