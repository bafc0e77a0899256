"""What each segment of a guide means to a table: does it open a row, which values does it hold, which does it end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from edi.guides.guide import Guide
from edi.guides.node import NOT_USED, LoopNode, SegmentNode
from edi.tables.specification import ANCHOR, Source, Table


class Reading(NamedTuple):
    """An element to read when a segment arrives, and the alternative (by number) that it is."""

    alternative: int
    element: int
    component: int
    qualifier: str | None
    """Only where the segment's key element holds this; None where the place in the guide says so already."""
    loop: LoopNode | None
    """Only for rows whose anchor stands in this very loop; None: for any row that is open."""


class Anchor(NamedTuple):
    """A segment that opens rows."""

    node: SegmentNode
    own: frozenset[int]
    """Alternatives that belong to the row; the others are inherited."""

    @property
    def loop(self) -> LoopNode:
        """The loop in which the anchor stands."""
        return self.node.parent


class TablePlan:
    """A table as one guide sees it. Alternatives of all columns are numbered through."""

    def __init__(self, table: Table, guide: Guide) -> None:
        self.table = table
        self.lasts = table.extent == "loop" and not table.explode
        """Do rows last as long as their loop? Else a row is its anchor, or a part of it."""
        self.alternatives = [source for column in table.columns for source in column.sources]
        size = len(guide.nodes)
        self.anchors: list[Anchor | None] = [None] * size
        self.readings: list[tuple[Reading, ...]] = [()] * size
        self.forgets: list[tuple[int, ...]] = [()] * size
        """Inherited alternatives whose value ends where a segment opens a loop around them."""
        anchors = anchors_of(table, guide)
        places = [_places(source, guide, anchors) for source in self.alternatives]
        for node in anchors:
            own = (
                number
                for number, (source, nodes) in enumerate(zip(self.alternatives, places, strict=True))
                if source.loop == ANCHOR or any(self._holds(node, one) for one in nodes)
            )
            self.anchors[node.index] = Anchor(node, frozenset(own))
        for number, (source, nodes) in enumerate(zip(self.alternatives, places, strict=True)):
            for node in nodes:
                if source.element:
                    self._read(node, number, source)
                if source.loop != ANCHOR:
                    self._forget(node, number)

    def _holds(self, anchor: SegmentNode, node: SegmentNode) -> bool:
        """Does the segment belong to a row that this anchor opens?"""
        return anchor.parent.index <= node.index < anchor.parent.stop if self.lasts else node is anchor

    def _read(self, node: SegmentNode, alternative: int, source: Source) -> None:
        qualifier = source.qualifier if len(node.key_codes) > 1 else None
        loop = node.parent if source.loop == ANCHOR else None
        reading = Reading(alternative, source.element, source.component, qualifier, loop)
        self.readings[node.index] = (*self.readings[node.index], reading)

    def _forget(self, node: SegmentNode, alternative: int) -> None:
        for opening in _openings(node):
            if alternative not in self.forgets[opening.index]:
                self.forgets[opening.index] = (*self.forgets[opening.index], alternative)


def anchors_of(table: Table, guide: Guide) -> list[SegmentNode]:
    """The segments that open rows: none in a guide of a kind that the table is not read from."""
    if table.kinds and guide.kind not in table.kinds:
        return []
    return [node for loop in table.loops for node in guide.segments(loop, table.anchor[1])]


def _places(source: Source, guide: Guide, anchors: list[SegmentNode]) -> list[SegmentNode]:
    """The segments that a source names."""
    if source.loop != ANCHOR:
        return list(guide.segments(source.loop, source.segment, source.qualifier))
    loops = {id(node.parent) for node in anchors}
    return [
        node
        for node in guide.nodes
        if isinstance(node, SegmentNode)
        and node.id == source.segment
        and id(node.parent) in loops
        and (source.qualifier is None or source.qualifier in node.key_codes)
    ]


def unknown_sources(tables: Iterable[Table], guides: Iterable[Guide]) -> list[str]:
    """Anchors and columns that none of these guides knows, as `table` or `table.column`: mistakes in a declaration.

    An alternative names a segment that a guide has there, and an element that this guide uses.
    """
    known = list(guides)
    unknown = []
    for table in tables:
        if not any(anchors_of(table, guide) for guide in known):
            unknown.append(table.name)
        unknown += [
            f"{table.name}.{column.name}"
            for column in table.columns
            if not all(any(_knows(guide, table, source) for guide in known) for source in column.sources)
        ]
    return unknown


def _knows(guide: Guide, table: Table, source: Source) -> bool:
    loops = table.loops if source.loop == ANCHOR else (source.loop,)
    places = elements_of(table, source)
    return any(
        uses(node, element, source.component)
        for loop in loops
        for node in guide.segments(loop, source.segment, source.qualifier)
        for element in places
    )


def elements_of(table: Table, source: Source) -> range:
    """The elements, from 1, that a source reads: several where element 00 stands for each of those that explode."""
    if source.element or not table.explode:
        return range(source.element, source.element + 1)
    first, last = table.explode[:2]
    return range(first + source.offset, last + 1, table.step)


def uses(node: SegmentNode, element: int, component: int) -> bool:
    """Does the guide use the element, or the component of it (0: the whole), at this place?"""
    if element > len(node.elements) or node.elements[element - 1].usage == NOT_USED:
        return False
    components = node.elements[element - 1].components
    if not component:
        return True
    return component <= len(components) and components[component - 1].usage != NOT_USED


def repetitions(node: SegmentNode, place: int) -> int:
    """How often the guide lets an element of this segment stand."""
    return node.elements[place - 1].repeat if place <= len(node.elements) else 1


def _openings(node: SegmentNode) -> Iterable[SegmentNode]:
    """The segments that open the loops around a node; of a loop that only wraps others there is none."""
    loop: LoopNode | None = node.parent
    while loop is not None:
        first = loop.children[0]
        if isinstance(first, SegmentNode):
            yield first
        loop = loop.parent
