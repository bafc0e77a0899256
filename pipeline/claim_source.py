"""Segments of an archived file: from what was decided of a claim back to what the provider sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edi.archived import file_reader
from edi.envelope import LONGEST_HEADER, read_header
from pipeline.claim_places import Place

if TYPE_CHECKING:
    from loaders.claim_history import ClaimVersion
    from pipeline.archive import Archive

BLANKS = b" \t\r\n"
DEPENDANT, PATIENT_LEVEL = "QC", b"23"


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

    def __init__(self, version: ClaimVersion, data: bytes, element: bytes, component: bytes, segment: bytes) -> None:
        self.version = version
        self.data = data
        """From the first byte of the set."""
        self.base = version.set_start or 0
        self.element = element
        self.component = component
        self.segment = segment

    def find(self, places: Iterable[Place], line_number: int | None = None) -> SourceSegment | None:
        """The first of the places that the claim has: in the line, else in the claim; or in what stands above it."""
        line = next((one for one in self.version.lines if one.line_number == line_number), None)
        first_line = min((one.source_start for one in self.version.lines), default=self.version.source_stop)
        ranges = [(self.version.source_start, first_line)]
        if line is not None:
            ranges.insert(0, (line.source_start, line.source_stop))
        for place in places:
            for start, stop in () if place.is_above else ranges:
                for at, content in self._segments(start - self.base, stop - self.base):
                    if self._is(content, place):
                        return self._told(at, content, place)
            above = self._above(place) if place.is_above else None
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
        if elements[0] != place.segment.encode() or not place.qualifier:
            return elements[0] == place.segment.encode()
        return len(elements) > 1 and elements[1].split(self.component)[0] == place.qualifier.encode()

    def _above(self, place: Place) -> SourceSegment | None:
        """The last such segment above the claim: that of its billing provider, subscriber, patient or payer."""
        claim = self.version.source_start - self.base
        level = self._last(claim, "HL")
        if place.qualifier == DEPENDANT and self._elements(level)[3:4] != [PATIENT_LEVEL]:
            return None
        at = self._last(claim, place.segment, place.qualifier)
        while at >= 0 and self._last(at, "CLM") > self._last(at, "HL"):
            # inside of another claim
            at = self._last(at, place.segment, place.qualifier)
        return None if at < 0 else self._told(at, self._content(at), place)

    def _last(self, before: int, *beginning: str) -> int:
        """Where the last segment before a place opens that begins with these elements; -1 where there is none."""
        wanted = self.element.join(part.encode() for part in beginning if part) + self.element
        at = self.data.rfind(wanted, 0, before)
        while at >= 0:
            text = self.data[max(at - 64, 0) : at]
            bare = text.rstrip(BLANKS)
            if not text or bare.endswith(self.segment) or self.segment in text[len(bare) :]:
                return at
            at = self.data.rfind(wanted, 0, at)
        return -1

    def _content(self, at: int) -> bytes:
        return self.data[at : self.data.find(self.segment, at)]

    def _elements(self, at: int) -> list[bytes]:
        return self._content(at).split(self.element) if at >= 0 else []

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
    separators = (header.delimiters.element, header.delimiters.component, header.delimiters.segment)
    return ClaimSource(version, data, *(separator.encode("latin-1") for separator in separators))
