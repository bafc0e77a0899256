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

Integers = npt.NDArray[np.int64]
MOST_PACKED = 1 << 62
NO_UNIT = -1
KIND_FIELDS = ("code", "element", "component", "repetition", "data_element")
"""What a finding says of its segment."""
SEGMENT_ID, LOOP = FIELDS.index("segment_id"), FIELDS.index("loop")


class ToldSegments(NamedTuple):
    """Findings of one set that lie side by side and share segment and business unit make a group."""

    starts: Integers
    """First row of each group; behind the last one the number of rows."""
    positions: Integers
    """Of the segment in its transaction set."""
    units: Integers
    """Place of the claim or member in its set's verdict, -1 where there is none."""
    shapes: Integers
    """Groups of one shape have equal segment ids, loops and kinds, one by one."""
    kinds: Integers
    """Of each row: findings of one kind are equal in `KIND_FIELDS`."""


class Told:
    """The findings in the order in which they are told, the sets one after the other."""

    def __init__(self, table: FindingTable, sets: Integers, units: Integers | None = None) -> None:
        """`sets` tells the rows of one set from those of the next; `units` is as `SetVerdict.unit_of`."""
        self.table = table
        self.sets = sets
        self.units = np.full(len(table), NO_UNIT, np.int64) if units is None else units

    @classmethod
    def of(cls, sets: Iterable[tuple[Sequence[Finding], Sequence[int]]]) -> Told:
        """The same from values: of each set its findings, and their units where these are known."""
        findings: list[Finding] = []
        numbers: list[int] = []
        units: list[int] = []
        for number, (found, unit_of) in enumerate(sets):
            findings += found
            numbers += [number] * len(found)
            units += unit_of or [NO_UNIT] * len(found)
        return cls(FindingTable.of(findings), np.array(numbers, np.int64), np.array(units, np.int64))

    def part(self, start: int, stop: int) -> ToldOfSet:
        """The findings of one set."""
        return ToldOfSet(self, start, stop)

    def head(self, group: int) -> tuple[str, str]:
        """Segment id and loop of a group."""
        row = self.table.numbers[self.segments.starts[group]]
        return self.table.texts[row[SEGMENT_ID]], self.table.texts[row[LOOP]]

    @cached_property
    def segments(self) -> ToldSegments:
        """The groups."""
        column = self.table.column
        segment_ids, loops, positions = column("segment_id"), column("loop"), column("segment_position")
        begins = np.ones(len(self.table), np.bool_)
        begins[1:] = False
        for one in (self.sets, positions, segment_ids, loops, self.units):
            begins[1:] |= one[1:] != one[:-1]
        starts = np.flatnonzero(begins)
        kinds = _alike([column(name) for name in KIND_FIELDS])
        firsts = _alike([segment_ids[starts], loops[starts], kinds[starts]])
        bounds = np.append(starts, len(self.table))
        return ToldSegments(bounds, positions[starts], self.units[starts], _shapes(bounds, firsts, kinds), kinds)


class ToldOfSet(FindingTable):
    """Findings of one transaction set, and where they stand among those of the file."""

    __slots__ = ("start", "stop", "told")

    def __init__(self, told: Told, start: int, stop: int) -> None:
        super().__init__(told.table.numbers[start:stop], told.table.texts)
        self.told = told
        self.start = start
        self.stop = stop

    def groups(self) -> range:
        """The groups of `Told.segments` that they make."""
        if self.start == self.stop:
            return range(0)
        first, behind = np.searchsorted(self.told.segments.starts, (self.start, self.stop)).tolist()
        return range(first, behind)


NOTHING = Told.of(()).part(0, 0)


def _alike(columns: Sequence[Integers]) -> Integers:
    """Rows get the same number where all columns are equal; the numbers count from 0 without gaps."""
    key = np.zeros(len(columns[0]), np.int64)
    span = 1
    for column in columns:
        values = int(column.max(initial=0)) + 1
        if values == 1:
            continue
        if span * values > MOST_PACKED:
            key = _numbered(key)
            span = int(key.max(initial=0)) + 1
        key = key * values + column
        span *= values
    return _numbered(key)


def _numbered(keys: Integers) -> Integers:
    return np.unique(keys, return_inverse=True)[1]


def _shapes(bounds: Integers, firsts: Integers, kinds: Integers) -> Integers:
    """Numbers of the sequences of kinds, step by step: how a sequence begins, and what comes next."""
    shapes = firsts.copy()
    lengths = np.diff(bounds)
    span = int(kinds.max(initial=0)) + 1
    given = int(firsts.max(initial=-1)) + 1
    step = 1
    while len(longer := np.flatnonzero(lengths > step)):
        after = _numbered(shapes[longer] * span + kinds[bounds[longer] + step])
        shapes[longer] = given + after
        given += int(after.max()) + 1
        step += 1
    return shapes
