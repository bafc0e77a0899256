"""Read ISA and GS segments, quickly where one is like the last: senders repeat all but the control numbers."""

from __future__ import annotations

from typing import NamedTuple

from edi.envelope import (
    EXACT_HEADER,
    GROUP_CONTROL_NUMBER,
    GROUP_ELEMENTS,
    Fault,
    InterchangeStart,
    group_faults,
    header_faults,
    read_header,
)
from edi.guides.guide import Guide
from edi.guides.library import GuideLibrary
from edi.limits import LONGEST_TEXT

CONTROL = 13
NUMBER = slice(90, 99)
"""ISA13 in an ISA of fixed lengths."""
GROUP_NUMBER = 6


class KnownHeader(NamedTuple):
    """An ISA whose places are still counted from its own start, and what is wrong in it."""

    header: InterchangeStart
    faults: tuple[Fault, ...]


class KnownGroup(NamedTuple):
    """What a GS says but for its control number."""

    guide: Guide | None
    faults: tuple[Fault, ...]
    known_elsewhere: bool
    """Is GS08 a guide that goes with another GS01?"""


class Headers:
    """Remembers the last ISA and the last GS of a file."""

    def __init__(self, library: GuideLibrary) -> None:
        self._library = library
        self._isa = ""
        self._header: KnownHeader | None = None
        self._gs: list[str] = []
        self._group: KnownGroup | None = None
        self._kept: tuple[str, ...] = ("",) * (GROUP_ELEMENTS + 1)

    def read(self, text: str, place: int) -> KnownHeader | None:
        """The ISA that a text begins with, which stands at that place in the file, or None if it cannot be read."""
        number = text[NUMBER]
        regular = len(number) == NUMBER.stop - NUMBER.start and number.isascii() and number.isdigit()
        frame = text[: NUMBER.start] + text[NUMBER.stop : EXACT_HEADER] if regular else ""
        known = self._header if frame and frame == self._isa else None
        if known is None:
            header = read_header(text, 0)
            if header is None:
                return None
            known = KnownHeader(header, tuple(header_faults(header)))
            if header.exact and regular:
                self._isa, self._header = frame, known
        header, faults = known
        fields = header.fields
        if fields[CONTROL] != number and known is self._header:
            fields = (*fields[:CONTROL], number, *fields[CONTROL + 1 :])
        start, stop = header.start + place, header.stop + place
        return KnownHeader(InterchangeStart(fields, header.delimiters, start, stop, header.exact), faults)

    def kept(self, elements: list[str]) -> tuple[str, ...]:
        """`GS` and GS01 to GS08 as they are kept: cut, and the very texts of the last GS where they are the same."""
        fields = (*elements, *[""] * GROUP_ELEMENTS)
        self._kept = tuple(
            [old if old == new else new[:LONGEST_TEXT] for old, new in zip(self._kept, fields, strict=False)]
        )
        return self._kept

    def group(self, elements: list[str], version: str) -> KnownGroup:
        """What a GS says, given as its id and elements."""
        number = elements[GROUP_NUMBER] if len(elements) > GROUP_NUMBER else ""
        regular = GROUP_CONTROL_NUMBER.fullmatch(number)
        frame = [version, *elements]
        frame[GROUP_NUMBER + 1 : GROUP_NUMBER + 2] = []
        if self._group is not None and regular and frame == self._gs:
            return self._group
        fields = (*elements, *[""] * GROUP_ELEMENTS)
        guide = self._library.find(version, fields[1], fields[8])
        elsewhere = guide is None and self._library.knows(version, fields[8])
        known = KnownGroup(guide, tuple(group_faults(elements)), elsewhere)
        if regular:
            self._gs, self._group = frame, known
        return known
