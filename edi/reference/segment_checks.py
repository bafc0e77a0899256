"""Check the elements of a segment: which are present, and what each holds."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from edi.delimiters import Delimiters
from edi.encodings import Encoding
from edi.guides.guide import Guide
from edi.guides.node import REQUIRED, SegmentNode, SyntaxNote
from edi.limits import MOST_ELEMENTS
from edi.reference.element_checks import FORMAT_QUALIFIER, FORMATTED, ElementCheck, make_check

REMEMBERED = 1024
"""Patterns of presence that a check remembers before it begins anew."""
DOMESTIC = frozenset({"", "US", "USA"})


class ElementFault(NamedTuple):
    """What is wrong in a segment, and where; element 0 is the segment itself."""

    code: str
    element: int
    component: int = 0
    repetition: int = 0


class SegmentCheck:
    """Checks the segments at one node, under some delimiters."""

    def __init__(self, node: SegmentNode, delimiters: Delimiters, encoding: Encoding) -> None:
        self.node = node
        self.by_presence: dict[tuple[bool, ...], tuple[ElementFault, ...]] = {}
        self.checks: list[ElementCheck] = []
        self.formats: list[tuple[int, int]] = []
        """Places of formatted dates and times, with the place of the qualifier."""
        qualifier = 0
        for place, element in enumerate(node.elements, 1):
            proven = place == node.key_element and not node.key_component
            self.checks.append(make_check(element, delimiters, encoding, proven=proven))
            if element.data_element == FORMAT_QUALIFIER:
                qualifier = place
            elif element.data_element == FORMATTED and qualifier:
                self.formats.append((place, qualifier))
        self.accepts = [check.accepts for check in self.checks]
        for place, _ in self.formats:
            self.accepts[place - 1] = bool  # looked at below, with its qualifier
        self.has_postal_code = node.id == "N4" and any(element.pattern for element in node.elements)

    def check(self, elements: list[str]) -> list[ElementFault] | tuple[ElementFault, ...]:
        """The faults of a segment given as its id and elements."""
        presence = tuple(map(bool, elements[: MOST_ELEMENTS + 1]))
        if len(elements) > len(presence):  # those beyond are counted, not looked at
            presence = (*presence, True, bool(elements[-1]))
        known = self.by_presence.get(presence)
        if known is None:
            known = self._check_presence(presence)
        faults: list[ElementFault] | None = None
        for accepts, value in zip(self.accepts, elements[1:], strict=False):
            if value and not accepts(value):
                faults = self._explain(elements)
                break
        for place, qualifier in self.formats:
            if place < len(elements) and elements[place]:
                found = self.checks[place - 1].explain(elements[place], elements[qualifier])
                faults = [
                    *(faults or ()),
                    *(ElementFault(one.code, place, one.component, one.repetition) for one in found),
                ]
        return [*known, *faults] if faults else known

    def _explain(self, elements: list[str]) -> list[ElementFault]:
        faults = []
        for place, (accepts, value) in enumerate(zip(self.accepts, elements[1:], strict=False), 1):
            if value and not accepts(value):
                found = self.checks[place - 1].explain(value, "")
                faults += [ElementFault(one.code, place, one.component, one.repetition) for one in found]
        if self.has_postal_code and len(elements) > 4 and elements[4] not in DOMESTIC:  # noqa: PLR2004 - N404, country
            return [fault for fault in faults if fault.code != "ELEMENT_PATTERN"]
        return faults

    def _check_presence(self, presence: tuple[bool, ...]) -> tuple[ElementFault, ...]:
        """What depends only on which elements there are; remembered."""
        node = self.node
        present = {place for place, there in enumerate(presence) if there and place}
        faults = []
        for place, element in enumerate(node.elements, 1):
            if element.usage == REQUIRED and place not in present:
                faults.append(ElementFault("ELEMENT_MISSING", place))
        if len(presence) > 1 and not presence[-1]:
            faults.append(ElementFault("TRAILING_SEPARATOR", 0))
        if any(place > len(node.elements) for place in present):
            faults.append(ElementFault("ELEMENT_TOO_MANY", len(node.elements) + 1))
        if not present and not faults:
            faults.append(ElementFault("SEGMENT_ELEMENTS", 0))
        missing = {fault.element for fault in faults}
        for note in node.syntax:
            faults += [fault for fault in _check_note(note, present) if fault.element not in missing]
        if len(self.by_presence) >= REMEMBERED:
            self.by_presence.clear()
        self.by_presence[presence] = tuple(dict.fromkeys(faults))
        return self.by_presence[presence]


def _check_note(note: SyntaxNote, present: set[int]) -> list[ElementFault]:
    """A broken syntax note, reported at the elements that would mend it."""
    there = [place for place in note.places if place in present]
    absent = [place for place in note.places if place not in present]
    lead = note.places[0]
    match note.kind:
        case "P" if there and absent:
            wanted = absent
        case "R" if not there:
            wanted = [lead]
        case "C" if lead in present and absent:
            wanted = absent
        case "L" if there == [lead]:
            wanted = absent[:1]
        case "E":
            return [ElementFault("ELEMENT_EXCLUSION", place) for place in there[1:]]
        case _:
            return []
    return [ElementFault("ELEMENT_CONDITIONAL_MISSING", place) for place in wanted]


class SegmentChecks:
    """The checks of a guide under some delimiters, made when first needed."""

    def __init__(self, guide: Guide, delimiters: Delimiters, encoding: Encoding) -> None:
        self.delimiters = delimiters
        self.encoding: Encoding = encoding
        self.by_node: list[SegmentCheck | None] = [None] * len(guide.nodes)

    def of(self, node: SegmentNode) -> SegmentCheck:
        """The check of the segments at a node."""
        check = self.by_node[node.index]
        if check is None:
            check = self.by_node[node.index] = SegmentCheck(node, self.delimiters, self.encoding)
        return check


@lru_cache(maxsize=16)
def segment_checks(guide: Guide, delimiters: Delimiters, encoding: Encoding = "ascii") -> SegmentChecks:
    """The checks of a guide under some delimiters, kept for the next file."""
    return SegmentChecks(guide, delimiters, encoding)
