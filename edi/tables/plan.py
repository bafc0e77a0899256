"""What each segment of a guide means to a table: does it open a row, which values does it hold, which does it end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from edi.guides.guide import Guide
from edi.guides.node import LoopNode, SegmentNode
from edi.tables.specification import ANCHOR, Source, Table


class Reading(NamedTuple):
    """An element to read when a segment arrives, and the alternative (by number) that it is."""

    alternative: int
    element: int
    component: int
    qualifier: str | None
    """Only where the segment's key element holds this; None where the place in the guide says so already."""


class Anchor(NamedTuple):
    """A segment that opens rows."""

    loop: LoopNode
    own: frozenset[int]
    """Alternatives that belong to the row; the others are inherited."""


class TablePlan:
    """A table as one guide sees it. Alternatives of all columns are numbered through."""

    def __init__(self, table: Table, guide: Guide) -> None:
        self.table = table
        self.alternatives = [source for column in table.columns for source in column.sources]
        size = len(guide.nodes)
        self.anchors: list[Anchor | None] = [None] * size
        self.readings: list[tuple[Reading, ...]] = [()] * size
        self.forgets: list[tuple[int, ...]] = [()] * size
        """Inherited alternatives whose value ends where a segment opens a loop around them."""
        anchors = [node for loop in table.loops for node in guide.segments(loop, table.anchor[1])]
        places = [self._places(source, guide, anchors) for source in self.alternatives]
        for node in anchors:
            own = (number for number, nodes in enumerate(places) if any(_under(node.parent, one) for one in nodes))
            self.anchors[node.index] = Anchor(node.parent, frozenset(own))
        for number, (source, nodes) in enumerate(zip(self.alternatives, places, strict=True)):
            for node in nodes:
                if source.element:
                    qualifier = source.qualifier if len(node.key_codes) > 1 else None
                    reading = Reading(number, source.element, source.component, qualifier)
                    self.readings[node.index] = (*self.readings[node.index], reading)
                for opening in _openings(node):
                    if number not in self.forgets[opening.index]:
                        self.forgets[opening.index] = (*self.forgets[opening.index], number)

    @staticmethod
    def _places(source: Source, guide: Guide, anchors: list[SegmentNode]) -> list[SegmentNode]:
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
    """Anchors and columns that none of these guides knows, as `table` or `table.column`: mistakes in a declaration."""
    known = list(guides)
    unknown = []
    for table in tables:
        anchored = [guide for guide in known if any(guide.segments(loop, table.anchor[1]) for loop in table.loops)]
        if not anchored:
            unknown.append(table.name)
        for column in table.columns:
            for source in column.sources:
                loops = table.loops if source.loop == ANCHOR else (source.loop,)
                if not any(
                    guide.segments(loop, source.segment, source.qualifier) for guide in anchored for loop in loops
                ):
                    unknown.append(f"{table.name}.{column.name}")
    return unknown


def _under(loop: LoopNode, node: SegmentNode) -> bool:
    return loop.index <= node.index < loop.stop


def _openings(node: SegmentNode) -> Iterable[SegmentNode]:
    """The segments that open the loops around a node; of a loop that only wraps others there is none."""
    loop: LoopNode | None = node.parent
    while loop is not None:
        first = loop.children[0]
        if isinstance(first, SegmentNode):
            yield first
        loop = loop.parent
