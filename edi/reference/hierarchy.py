"""Counting that X12 leaves to the sender: hierarchical levels (HL) and the lines of a claim (LX)."""

from __future__ import annotations

from edi.reference.segment_checks import ElementFault

LONGEST_COUNT = 15


def parse_count(text: str) -> int | None:
    """A whole number without sign, or None."""
    if not text or len(text) > LONGEST_COUNT or not (text.isascii() and text.isdigit()):
        return None
    return int(text)


class Hierarchy:
    """Follows HL and LX through one transaction set."""

    def __init__(self, *, counts_lines: bool) -> None:
        self.counts_lines = counts_lines
        self.levels = 0
        self.open: list[int] = []
        self.lines = 0

    def check(self, segment_id: str, elements: list[str]) -> list[ElementFault]:
        """What is wrong with the numbers of an HL, LX or CLM segment."""
        if segment_id == "HL":
            return self._level(elements)
        if segment_id == "CLM":
            self.lines = 0
        elif segment_id == "LX" and self.counts_lines:
            self.lines += 1
            if parse_count(elements[1] if len(elements) > 1 else "") != self.lines:
                return [ElementFault("LX_SEQUENCE", 1)]
        return []

    def _level(self, elements: list[str]) -> list[ElementFault]:
        """HL01 counts from 1; HL02 names a level that is still open: itself a parent, or an ancestor of the last."""
        self.levels += 1
        number, parent = (*elements[1:3], "", "")[:2]
        faults = [] if parse_count(number) == self.levels else [ElementFault("HL_SEQUENCE", 1)]
        if not parent:
            self.open = []
        else:
            wanted = parse_count(parent)
            while self.open and self.open[-1] != wanted:
                self.open.pop()
            if not self.open:
                faults.append(ElementFault("HL_PARENT", 2))
        self.open.append(self.levels)
        return faults
