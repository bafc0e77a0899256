"""Counting that X12 leaves to the sender: hierarchical levels (HL) and the lines of a claim (LX)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from edi.guides.node import LoopNode, SegmentNode
from edi.limits import MOST_LEVELS
from edi.reference.segment_checks import ElementFault
from edi.values import parse_count

CHILD_CODE = 4
"""HL04: 1 where lower levels follow, 0 where none does; it may be absent."""


class LevelPlace(NamedTuple):
    """Where an HL stands."""

    node: SegmentNode
    position: int
    child_code: str
    """HL04."""
    extent: tuple[int, int]
    """Byte range of HL04."""


@dataclass(slots=True)
class Level:
    """A hierarchical level that is open."""

    number: int
    place: LevelPlace | None
    """None where the HL has no place in the guide: what it says of its children does not count."""
    has_child: bool = False

    def says(self, child_code: str) -> bool:
        """Is this its HL04?"""
        return self.place is not None and self.place.child_code == child_code


def enclosing_level(node: SegmentNode) -> LoopNode | None:
    """The loop around the loop of this HL, where that begins with an HL too."""
    above = node.parent.parent
    return above if above and above.children and above.children[0].id == node.id else None


class Hierarchy:
    """Follows HL and LX through one transaction set."""

    def __init__(self, *, counts_lines: bool) -> None:
        self.counts_lines = counts_lines
        self.levels = 0
        self.open: list[Level] = []
        self.lines = 0

    def check_line(self, segment_id: str, elements: list[str]) -> list[ElementFault]:
        """What is wrong with the number of an LX; a CLM begins the count anew."""
        if segment_id == "CLM":
            self.lines = 0
        elif segment_id == "LX" and self.counts_lines:
            self.lines += 1
            if parse_count(elements[1] if len(elements) > 1 else "") != self.lines:
                return [ElementFault("LX_SEQUENCE", 1)]
        return []

    def check_level(self, elements: list[str], place: LevelPlace | None) -> tuple[list[ElementFault], list[LevelPlace]]:
        """What is wrong with the numbers of an HL, and the earlier ones whose HL04 turns out wrong by it.

        HL01 counts from 1; HL02 names a level that is still open: the last one, or one that the last one lies in; and
        it is of the kind that the guide puts this one under.
        """
        self.levels += 1
        number, parent = (*elements[1:3], "", "")[:2]
        faults = [] if parse_count(number) == self.levels else [ElementFault("HL_SEQUENCE", 1)]
        wanted = parse_count(parent) if parent else None
        if parent and not any(level.number == wanted for level in self.open):
            faults.append(ElementFault("HL_PARENT", 2))
            self.open.clear()  # whose child this is nobody knows
        wrong = self._close(wanted)
        if self.open:
            above = self.open[-1]
            if place and above.place and enclosing_level(place.node) not in {None, above.place.node.parent}:
                faults.append(ElementFault("HL_PARENT", 2))
            if above.says("0") and not above.has_child and above.place:
                wrong.append(above.place)
            above.has_child = True
        if len(self.open) == MOST_LEVELS:
            self.open.pop()
        self.open.append(Level(self.levels, place))
        return faults, wrong

    def end(self) -> list[LevelPlace]:
        """The set ends: levels that say that others follow, where none did."""
        return self._close(None)

    def _close(self, wanted: int | None) -> list[LevelPlace]:
        """Close levels, the innermost first, down to the one of this number, or all."""
        wrong = []
        while self.open and self.open[-1].number != wanted:
            level = self.open.pop()
            if level.says("1") and not level.has_child and level.place:
                wrong.append(level.place)
        return wrong
