"""All tables as one guide sees them, compiled to the arrays that the extraction kernel reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from edi.compiled import extraction_layout as x
from edi.guides.guide import Guide
from edi.guides.node import LoopNode, SegmentNode
from edi.tables.plan import Anchor, Reading, TablePlan, repetitions
from edi.tables.specification import ANCHOR, Column, Kind, Source, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS: dict[Kind, int] = {
    "text": x.TEXT,
    "money": x.MONEY,
    "count": x.COUNT,
    "quantity": x.QUANTITY,
    "decimal": x.DECIMAL,
    "day": x.DAY,
    "last_day": x.LAST_DAY,
    "time": x.TIME,
    "day_time": x.DAY_TIME,
    "row": x.ROW,
}
LONGEST_QUALIFIER = 7


class ProgramArrays(NamedTuple):
    """What the kernel reads, in the order of its arguments; small numbers, to stay in the processor's cache."""

    places: NDArray[np.int16]
    groups: NDArray[np.int16]
    readings: NDArray[np.int16]
    anchors: NDArray[np.int16]
    copies: NDArray[np.int16]
    fixed: NDArray[np.int16]
    forgets: NDArray[np.int32]
    repeats: NDArray[np.int32]
    qualifiers: NDArray[np.uint64]


@lru_cache(maxsize=64)
def program_of(tables: tuple[Table, ...], guide: Guide) -> TableProgram:
    """The program of these tables for a guide, kept: it takes longer to make than a small file to read."""
    return TableProgram(tables, guide)


class _Alternative(NamedTuple):
    """One source of one column."""

    column: int
    rank: int
    kind: int
    source: Source


class TableProgram:
    """The arrays for one guide; tables that it has no anchor of take no part."""

    def __init__(self, tables: Sequence[Table], guide: Guide) -> None:
        parts = [_Part(number, TablePlan(table, guide)) for number, table in enumerate(tables)]
        self.guide = guide
        self.parts = [part for part in parts if any(part.plan.anchors)]
        self.numbers = {tables[part.number].name: part.number for part in self.parts}
        self.texts: list[str] = []
        """Ids of loops."""
        self._cells: dict[tuple[Source, int], int] = {}
        self._groups: list[tuple[int, ...]] = []
        self._readings: list[tuple[int, ...]] = []
        self._anchors: list[tuple[int, ...]] = []
        self._copies: list[tuple[int, int, int]] = []
        self._fixed: list[tuple[int, int, int]] = []
        self._forgets: list[int] = []
        self._repeats: list[int] = []
        self._qualifiers: list[int] = []
        places = np.zeros((len(guide.nodes), x.PLACE_FIELDS), np.int16)
        for node in guide.nodes:
            if isinstance(node, SegmentNode):
                places[node.index] = self._place(node)
        self.arrays = ProgramArrays(
            places,
            _table(self._groups, x.GROUP_FIELDS),
            _table(self._readings, x.READING_FIELDS),
            _table(self._anchors, x.ANCHOR_FIELDS),
            _table(self._copies, x.COPY_FIELDS),
            _table(self._fixed, x.FIXED_FIELDS),
            np.array(self._forgets or [0], np.int32),
            np.array(self._repeats or [0], np.int32),
            np.array(self._qualifiers or [0], np.uint64),
        )
        self.cells = len(self._cells)
        self.wanted = self._wanted(places)

    def _wanted(self, places: NDArray[np.int16]) -> NDArray[np.uint8] | None:
        """By node: does it do something, or may a row end with it?"""
        if not self.parts:
            return None
        ranges = (x.P_FORGETS, x.P_ANCHORS, x.P_CELLS, x.P_GROUPS)
        wanted = np.any([places[:, one + 1] > places[:, one] for one in ranges], axis=0)
        for part in self.parts:
            if part.plan.lasts:
                for node in _endings(filter(None, part.plan.anchors)):
                    wanted[node.index] = True
        marks: NDArray[np.uint8] = wanted.astype(np.uint8)
        return marks

    def _place(self, node: SegmentNode) -> tuple[int, ...]:
        """The row of a node."""
        forgets = len(self._forgets)
        self._forgets += dict.fromkeys(
            self._cell(part.alternatives[number])
            for part in self.parts
            for number in part.plan.forgets[node.index]
            if number in part.inherited
        )
        anchors = len(self._anchors)
        self._anchors += [
            self._anchor(part, anchor) for part in self.parts if (anchor := part.plan.anchors[node.index])
        ]
        cells = len(self._readings)
        self._readings += dict.fromkeys(
            self._reading(part, reading, node, self._cell(part.alternatives[reading.alternative]))
            for part in self.parts
            for reading in part.plan.readings[node.index]
            if reading.alternative in part.inherited
        )
        groups, cells_stop = len(self._groups), len(self._readings)
        for part in self.parts:
            self._group(part, node)
        ranges = (forgets, len(self._forgets), anchors, len(self._anchors), cells, cells_stop)
        return (*ranges, groups, len(self._groups))

    def _group(self, part: _Part, node: SegmentNode) -> None:
        """What a node says of the rows of a table; those that explode read it themselves."""
        if part.plan.table.explode:
            return
        readings = [one for one in part.plan.readings[node.index] if one.alternative in part.own_at(node)]
        by_loop: dict[int, list[Reading]] = {}
        for reading in readings:
            loop = reading.loop.index if reading.loop and part.plan.lasts else -1
            by_loop.setdefault(loop, []).append(reading)
        for loop, those in by_loop.items():
            first = len(self._readings)
            self._readings += _in_order(self._reading(part, reading, node) for reading in those)
            self._groups.append((part.number, loop, first, len(self._readings)))

    def _anchor(self, part: _Part, anchor: Anchor) -> tuple[int, ...]:
        """The row of an anchor."""
        table, plan = part.plan.table, part.plan
        own = len(self._readings)
        if table.explode:
            self._readings += _in_order(
                self._reading(part, reading, anchor.node)
                for reading in plan.readings[anchor.node.index]
                if reading.alternative in anchor.own
            )
            self._readings += _in_order(
                self._part_reading(alternative) for alternative in part.alternatives if not alternative.source.element
            )
        copies = len(self._copies)
        self._copies += [
            (alternative.column, self._cell(alternative), alternative.rank)
            for number, alternative in enumerate(part.alternatives)
            if number not in anchor.own and number in part.read
        ]
        fixed = len(self._fixed)
        self._fixed += [
            one for number, column in enumerate(table.columns) if (one := self._fixed_value(number, column, anchor))
        ]
        qualifiers = len(self._qualifiers)
        self._qualifiers += [_key(text) for text in sorted(table.qualifiers)]
        first, last = table.explode[:2] if table.explode else (0, 0)
        parts = len(range(first, last + 1, table.step)) if table.explode else 1
        repeats = -1
        if table.repetitions:
            repeats = len(self._repeats)
            times = [repetitions(anchor.node, place) for place in range(first, last + 1)]
            self._repeats += times
            parts = sum(times)
        loop, opening = anchor.loop, anchor.loop.children[0]
        return (
            part.number,
            plan.lasts,
            loop.index,
            loop.stop,
            opening.index,
            self.numbers.get(table.parent or "", -1),
            own,
            len(self._readings),
            copies,
            len(self._copies),
            fixed,
            len(self._fixed),
            first,
            last,
            table.step,
            repeats,
            qualifiers,
            len(self._qualifiers),
            parts,
        )

    def _fixed_value(self, number: int, column: Column, anchor: Anchor) -> tuple[int, int, int] | None:
        if column.link:
            other = self.numbers.get(column.link)
            return None if other is None else (number, -1, other)
        if column.source != ANCHOR:
            return None
        if anchor.loop.id not in self.texts:
            self.texts.append(anchor.loop.id)
        return number, self.texts.index(anchor.loop.id), -1

    def _cell(self, alternative: _Alternative) -> int:
        """The cell of a source; tables share it."""
        return self._cells.setdefault((alternative.source, alternative.kind), len(self._cells))

    def _reading(self, part: _Part, reading: Reading, node: SegmentNode, cell: int | None = None) -> tuple[int, ...]:
        alternative = part.alternatives[reading.alternative]
        qualifier = -1
        if reading.qualifier:
            key = _key(reading.qualifier)
            if key not in self._qualifiers:
                self._qualifiers.append(key)
            qualifier = self._qualifiers.index(key)
        return (
            alternative.column if cell is None else cell,
            alternative.rank if cell is None else 0,
            reading.element,
            0,
            reading.component,
            alternative.kind,
            node.key_element if reading.qualifier else 0,
            node.key_component,
            qualifier,
        )

    @staticmethod
    def _part_reading(alternative: _Alternative) -> tuple[int, ...]:
        source = alternative.source
        return (
            alternative.column,
            alternative.rank,
            0,
            source.offset,
            source.component,
            alternative.kind,
            0,
            0,
            -1,
        )


@dataclass
class _Part:
    """A table's share in the program."""

    number: int
    """Of the table among all."""
    plan: TablePlan
    alternatives: list[_Alternative] = field(init=False)
    own: frozenset[int] = field(init=False)
    """Alternatives that belong to the rows of some anchor."""
    inherited: frozenset[int] = field(init=False)
    """Alternatives that rows of some anchor inherit."""
    read: frozenset[int] = field(init=False)
    """Alternatives that this guide has a place for."""

    def __post_init__(self) -> None:
        self.alternatives = [
            _Alternative(number, rank, KINDS[column.kind], source)
            for number, column in enumerate(self.plan.table.columns)
            for rank, source in enumerate(column.sources)
        ]
        anchors = [anchor for anchor in self.plan.anchors if anchor]
        everything = frozenset(number for number, one in enumerate(self.alternatives) if one.source.element)
        self.own = frozenset().union(*(anchor.own for anchor in anchors))
        self.inherited = everything - (frozenset.intersection(*(one.own for one in anchors)) if anchors else everything)
        self.read = frozenset(one.alternative for readings in self.plan.readings for one in readings)

    def own_at(self, node: SegmentNode) -> frozenset[int]:
        """Alternatives that belong to the rows that are open at a node, or that it opens."""
        if self.plan.lasts:
            return self.own
        anchor = self.plan.anchors[node.index]
        return anchor.own if anchor else frozenset()


def _in_order(readings: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """By element and component, as the kernel wants them."""
    return sorted(readings, key=itemgetter(x.R_ELEMENT, x.R_OFFSET, x.R_COMPONENT))


def _endings(anchors: Iterable[Anchor]) -> Iterable[SegmentNode]:
    """The segments that may be the first after the loops of these anchors."""
    for anchor in anchors:
        root: LoopNode = anchor.loop
        while root.parent is not None:
            yield from (child for child in root.parent.children if isinstance(child, SegmentNode))
            root = root.parent
        yield from _openings(root)


def _openings(loop: LoopNode) -> Iterable[SegmentNode]:
    for child in loop.children:
        if isinstance(child, LoopNode) and child.children:
            first = child.children[0]
            if isinstance(first, SegmentNode):
                yield first
            yield from _openings(child)


def _key(text: str) -> int:
    """As the kernel packs it."""
    if len(text) > LONGEST_QUALIFIER:
        raise ValueError("a qualifier of more than seven characters")
    return int.from_bytes(text.encode("ascii"), "big")


def _table(rows: Sequence[tuple[int, ...]], width: int) -> NDArray[np.int16]:
    """The rows, filled up; at least one, since the kernel wants no empty arrays."""
    table = np.zeros((max(len(rows), 1), width), np.int16)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table
