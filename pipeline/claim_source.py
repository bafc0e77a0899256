"""Segments of an archived file: from what was decided of a claim back to what the provider sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edi.archived import file_reader
from edi.envelope import LONGEST_HEADER, read_header

if TYPE_CHECKING:
    from loaders.claim_history import ClaimVersion
    from pipeline.archive import Archive
    from pipeline.claim_places import Place

BLANKS = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class SourceSegment:
    """A segment as it was sent; its text is health data and is asked for."""

    position: int
    """In its transaction set; ST is 1."""
    segment_id: str
    element: int
    """What is meant of it; 0 is the whole segment."""
    start: int
    """First byte in the archived file."""
    stop: int
    text: str


class ClaimSource:
    """The bytes of a claim's transaction set up to the end of the claim."""

    def __init__(self, version: ClaimVersion, data: bytes, element: bytes, segment: bytes) -> None:
        self.version = version
        self.data = data
        """From the first byte of the set."""
        self.base = version.set_start or 0
        self.element = element
        self.segment = segment

    def find(self, places: Iterable[Place], line_number: int | None = None) -> SourceSegment | None:
        """The first of the places that the claim has: in the line, else in the claim, else in what stands above it."""
        line = next((one for one in self.version.lines if one.line_number == line_number), None)
        first_line = min((one.source_start for one in self.version.lines), default=self.version.source_stop)
        ranges = [(self.version.source_start, first_line)]
        if line is not None:
            ranges.insert(0, (line.source_start, line.source_stop))
        for place in places:
            for start, stop in ranges:
                for at, content in self._segments(start - self.base, stop - self.base):
                    if self._is(content, place):
                        return self._told(at, content, place)
            above = self._above(place)
            if above is not None:
                return above
        return None

    def _segments(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """Segments that begin in a range, by offset."""
        at = start
        for piece in self.data[start:stop].split(self.segment):
            content = piece.lstrip(BLANKS)
            if content:
                yield at + len(piece) - len(content), content
            at += len(piece) + 1

    def _is(self, content: bytes, place: Place) -> bool:
        elements = content.split(self.element, 2)
        named = elements[0] == place.segment.encode()
        return named and (not place.qualifier or elements[1:2] == [place.qualifier.encode()])

    def _above(self, place: Place) -> SourceSegment | None:
        """The last such segment before the claim: that of its billing provider, subscriber, patient or payer."""
        wanted = self.element.join(part.encode() for part in (place.segment, place.qualifier) if part) + self.element
        at = self.data.rfind(wanted, 0, self.version.source_start - self.base)
        while at >= 0:
            before = self.data[max(at - 64, 0) : at]
            bare = before.rstrip(BLANKS)
            if bare.endswith(self.segment) or self.segment in before[len(bare) :]:
                return self._told(at, self.data[at : self.data.find(self.segment, at)], place)
            at = self.data.rfind(wanted, 0, at)
        return None

    def _told(self, at: int, content: bytes, place: Place) -> SourceSegment:
        return SourceSegment(
            position=self.data.count(self.segment, 0, at) + 1,
            segment_id=place.segment,
            element=place.element,
            start=self.base + at,
            stop=self.base + at + len(content),
            text="".join(one if one.isprintable() else "?" for one in content.decode("latin-1")),
        )


def open_source(archive: Archive, version: ClaimVersion) -> ClaimSource | None:
    """The source of a claim, None where its file is no X12 or no longer in the archive."""
    if version.set_start is None or version.interchange_start is None or not archive.holds(version.archive_path):
        return None
    with file_reader(archive.path(version.archive_path)) as read:
        start = version.interchange_start
        header = read_header(read(start, start + LONGEST_HEADER).decode("latin-1"), 0)
        if header is None:
            return None
        data = read(version.set_start, version.source_stop)
    return ClaimSource(
        version, data, header.delimiters.element.encode("latin-1"), header.delimiters.segment.encode("latin-1")
    )
