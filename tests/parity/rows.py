"""A file as numbered segments, so that two readers can be compared place by place."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

BLANKS = " \t\r\n\v\f"
ENVELOPE = frozenset({"ISA", "GS", "GE", "IEA"})
OLDER_VERSION = "00401"


class Place(NamedTuple):
    """What one reader says, and where: comparable between readers."""

    row: int
    """Number of the segment in the file, from 1; one more than there are at the end of the file."""
    code: str
    """pyx12's code; ISA, GS and ST before those of envelopes, our own name where pyx12 has none."""
    element: int = 0
    component: int = 0
    loop: str = ""
    segment: str = ""
    """Loop and segment: of what is missing or too many."""


class Row(NamedTuple):
    """One segment."""

    number: int
    start: int
    """Byte offset of the text between two terminators."""
    text: str
    """Without the line breaks before it."""
    elements: tuple[str, ...]
    """Its id first."""
    after_empty: bool
    """Does an empty segment stand before it, anywhere in the file?"""

    @property
    def id(self) -> str:
        """Without the blanks before it."""
        return self.elements[0].lstrip(BLANKS)

    def element(self, place: int) -> str:
        """Empty where there is none."""
        return self.elements[place] if place < len(self.elements) else ""


class Rows:
    """Every segment of a file, cut by the separators of its first ISA; empty ones do not count."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("latin-1")
        self.text = text
        self.element, self.component, self.terminator = text[3:4] or "*", text[104:105], text[105:106] or "~"
        self.repetition = "" if text[84:89] == OLDER_VERSION else text[82:83]
        self.rows: list[Row] = []
        start, empty = 0, False
        pieces = text.split(self.terminator)
        for piece in pieces:
            stripped = piece.lstrip("\r\n")
            if stripped.strip(BLANKS):
                elements = tuple(stripped.split(self.element))
                self.rows.append(Row(len(self.rows) + 1, start, stripped, elements, empty))
            else:
                empty = True
            start += len(piece) + 1
        self.first_after_empty = next((row.number for row in self.rows if row.after_empty), 0)
        self.starts = [row.start for row in self.rows]
        self.end = len(self.rows) + 1
        self.terminated = not pieces[-1].strip(BLANKS)

    def without_empty(self) -> bytes:
        """The file without its empty segments: every other one keeps its number."""
        text = "".join(row.text + self.terminator for row in self.rows)
        return (text if self.terminated else text.removesuffix(self.terminator)).encode("latin-1")

    def number_at(self, offset: int) -> int:
        """Number of the segment that holds this byte."""
        if offset >= len(self.text.rstrip(BLANKS)):
            return self.end
        return max(bisect_right(self.starts, offset), 1)

    def of(self, number: int) -> Row | None:
        """A segment by its number; None at the end of the file."""
        return self.rows[number - 1] if 0 < number <= len(self.rows) else None

    def sets(self) -> list[range]:
        """From each ST to what comes before the next ST, GE or envelope."""
        found: list[range] = []
        start = 0
        for row in self.rows:
            if start and row.id in {"ST", *ENVELOPE}:
                found.append(range(start, row.number))
                start = 0
            if row.id == "ST":
                start = row.number
        return [*found, range(start, self.end)] if start else found
