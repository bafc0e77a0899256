"""Segments of an archived file: from what was decided of a claim back to what the provider sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from edi.archived import file_reader
from edi.envelope import LONGEST_HEADER, read_header
from pipeline.claim_places import Place

if TYPE_CHECKING:
    from loaders.claim_history import ClaimVersion
    from pipeline.archive import Archive

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
        """The nearest such segment above the claim: of its patient, subscriber, payer or billing provider."""
        for start, stop in self._levels():
            found = [(at, content) for at, content in self._segments(start, stop) if self._is(content, place)]
            if found:
                return self._told(*found[-1], place)
        return None

    @cached_property
    def _spaced(self) -> bytes:
        """Pattern of what stands between two segments."""
        return re.escape(self.segment) + rb"[ \t\r\n]*"

    def _levels(self) -> Iterator[tuple[int, int]]:
        """From where to where the claim's own levels (HL) stand, the nearest first, then what stands above all of them.

        Claims of a level come after what is said of it, and those before ours are others.
        """
        claim = self.version.source_start - self.base
        begins = re.compile(self._spaced + b"(?:HL|CLM)" + re.escape(self.element))
        at = max((found.end() for found in self._hierarchy(claim)), default=0)
        while at > 0:
            start = self.data.rfind(b"HL", 0, at)
            following = begins.search(self.data, at, claim)
            yield start, following.start() + 1 if following else claim
            parent = self.data[at : self.data.find(self.segment, at)].split(self.element)[1:2]
            at = self._level(parent[0].strip(BLANKS), start) if parent and parent[0] else 0
        first = next(self._hierarchy(claim), None)
        yield 0, first.start() + 1 if first else claim

    def _hierarchy(self, stop: int) -> Iterator[re.Match[bytes]]:
        return re.compile(self._spaced + b"HL" + re.escape(self.element)).finditer(self.data, 0, stop)

    def _level(self, number: bytes, stop: int) -> int:
        """Where the content of the last level of this number begins, before `stop`; 0 where there is none."""
        named = self._spaced + b"HL" + re.escape(self.element) + b"(?=" + re.escape(number + self.element) + b")"
        return max((found.end() for found in re.compile(named).finditer(self.data, 0, stop)), default=0)

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
