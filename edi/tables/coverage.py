"""Which columns hold which elements of a guide, and why a few elements are in none.

An element counts as held only where nothing of a valid file can be lost: by a row that the segment always has, whole,
and in a kind that keeps its value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from edi.guides.guide import Guide
from edi.guides.node import NOT_USED, ElementSpecification, LoopNode, SegmentNode
from edi.tables.plan import anchors_of, elements_of
from edi.tables.specification import ANCHOR, Column, Kind, Source, Table

FORMAT, PERIOD = "1250", "1251"
"""Data elements: the format of a date, and the date."""
LEVEL_NUMBERS = frozenset({"628", "734"})
"""Data elements: number of a hierarchical level, and of its parent; text to X12, but the scanner has them counted."""


class Place(NamedTuple):
    """An element, or a component of it, of a segment in a guide."""

    node: int
    """Index of the segment in the guide."""
    element: int
    component: int
    """0 where the element has no components."""


class Holder(NamedTuple):
    """A column that holds an element, and for which values of the segment's qualifier (none: for all)."""

    table: str
    column: str
    kind: Kind
    qualifier: str | None


def places(guide: Guide) -> Iterator[tuple[Place, SegmentNode, ElementSpecification]]:
    """Every element and component that the guide uses."""
    for node in guide.nodes:
        if isinstance(node, SegmentNode):
            for number, element in enumerate(node.elements, 1):
                if element.usage == NOT_USED:
                    continue
                if not element.components:
                    yield Place(node.index, number, 0), node, element
                for part, component in enumerate(element.components, 1):
                    if component.usage != NOT_USED:
                        yield Place(node.index, number, part), node, component


def holders(tables: Iterable[Table], guide: Guide) -> dict[Place, list[Holder]]:
    """By place: the columns that hold it."""
    found: dict[Place, list[Holder]] = {}
    for table in tables:
        if table.qualifiers:
            continue
        for column in table.columns:
            for place, qualifier in _held(table, column, guide):
                found.setdefault(place, []).append(Holder(table.name, column.name, column.kind, qualifier))
    return found


def _held(table: Table, column: Column, guide: Guide) -> Iterator[tuple[Place, str | None]]:
    """Of alternatives the first one that the guide has: the others would be hidden where both are sent."""
    anchors = anchors_of(table, guide)
    for source in column.sources:
        held = [
            (Place(node.index, number, component), source.qualifier if len(node.key_codes) > 1 else None)
            for node in _nodes(table, source, anchors, guide)
            for number in elements_of(table, source)
            if number <= len(node.elements)
            for component in _components(table, source, node.elements[number - 1])
        ]
        if held:
            yield from held
            return


def _components(table: Table, source: Source, element: ElementSpecification) -> Sequence[int]:
    """The components that the source reads of an element, 0 for one that has none; nothing of one that repeats."""
    if element.repeat > 1 and not table.repetitions:
        return ()
    if not element.components:
        return (0,)
    return (source.component,) if source.component else range(1, len(element.components) + 1)


def _nodes(table: Table, source: Source, anchors: list[SegmentNode], guide: Guide) -> Iterator[SegmentNode]:
    """The segments that such a source reads into a row of their own, at most one for each row."""
    if source.loop == "ST_LOOP":
        yield from guide.segments(source.loop, source.segment)
        return
    loops = table.loops if source.loop == ANCHOR else (source.loop,)
    for loop in loops:
        for node in guide.segments(loop, source.segment, source.qualifier):
            if node in anchors or (table.extent == "loop" and any(_once(node, anchor.parent) for anchor in anchors)):
                yield node


def _once(node: SegmentNode, loop: LoopNode) -> bool:
    """Does the segment stand in the loop, or in one under it, and at most once?"""
    if node.maximum > 1:
        return False
    around: LoopNode | None = node.parent
    while around is not None and around is not loop:
        if around.maximum > 1:
            return False
        around = around.parent
    return around is not None


def is_kept(element: ElementSpecification, kinds: set[Kind], formats: frozenset[str]) -> bool:
    """Do columns of these kinds keep every value of the element? `formats`: those that a date there may have."""
    if "text" in kinds:
        return True
    if element.data_element == PERIOD:
        needed: dict[str, set[Kind]] = {"D8": {"day"}, "RD8": {"day", "last_day"}, "TM": {"time"}}
        return bool(formats) and all(one in needed and needed[one] <= kinds for one in formats)
    if element.data_element in LEVEL_NUMBERS:
        return "count" in kinds
    match element.data_type:
        case "DT":
            return "day" in kinds
        case "TM":
            return "time" in kinds
        case data_type:
            return data_type[0] in "NR" and bool(kinds & {"money", "count", "quantity", "decimal"})


def formats_of(node: SegmentNode, place: Place) -> frozenset[str]:
    """The formats that the guide allows for a date: codes of the format qualifier just before it."""
    if place.component:
        parts = node.elements[place.element - 1].components
        return parts[place.component - 2].codes if place.component > 1 else frozenset()
    return node.elements[place.element - 2].codes if place.element > 1 else frozenset()


def unheld(tables: Iterable[Table], guide: Guide) -> Iterator[tuple[Place, SegmentNode, ElementSpecification]]:
    """The elements that no column holds for every value of the segment's qualifier."""
    held = holders(tables, guide)
    for place, node, element in places(guide):
        columns = held.get(place, [])
        for qualifier in node.key_codes or {""}:
            kinds = {one.kind for one in columns if one.qualifier in {None, qualifier}}
            if not is_kept(element, kinds, formats_of(node, place)):
                yield place, node, element
                break


REASONS = {
    "SE": "the number of segments and the control number again: the scanner checks them, the writer makes them",
    "LS": "opens the reporting categories of a member and says nothing",
    "LE": "closes the reporting categories of a member and says nothing",
    "one value": "the guide allows one value only, which says nothing that its loop and segment do not",
    "date format": "D8 or RD8: the date is held as first and last day",
}
"""Why an element is in no table."""


def reason(node: SegmentNode, element: ElementSpecification) -> str | None:
    """Which of the reasons lets this element be in no table; None where none does."""
    if node.id in REASONS:
        return node.id
    if element.data_element == FORMAT and element.codes <= {"D8", "RD8"}:
        return "date format"
    return "one value" if len(element.inline_codes) == 1 == len(element.codes) else None
