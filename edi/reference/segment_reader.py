"""Cut an interchange into segments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.delimiters import Delimiters
from edi.envelope import read_header
from edi.reference.findings_log import FindingsLog

LINE_ENDS = "\r\n"
BLANKS = " \t\r\n\v\f"


class RawSegment(NamedTuple):
    """A segment as it stands in the file."""

    elements: list[str]
    """The id first; composites and repetitions are not split."""
    start: int
    stop: int
    """After the terminator."""
    indented: bool
    """Did blanks other than line ends stand before it?"""


def read_segments(text: str, start: int, delimiters: Delimiters, log: FindingsLog) -> Iterator[RawSegment]:
    """Segments from `start` on, until the next ISA or the end of the text.

    Line ends around segments are nobody's; empty segments are reported and passed over. What stands after the last
    terminator is cut off, unless it is an IEA that merely lacks its own.
    """
    element, terminator = delimiters.element, delimiters.segment
    isa = "ISA" + element
    end = len(text)
    while True:
        line_start = start
        start = _next_start(text, start, terminator)
        if start >= end or text.startswith(isa, start):
            return
        stop = text.find(terminator, start)
        if stop < 0:
            if not text.startswith("IEA" + element, start):
                return
            stop = end
        content = text[start:stop]
        if isa in content and _swallows_header(text, start, content, isa):
            return
        if terminator == "\n" or stop == end:
            content = content.rstrip(BLANKS + "\x1a")
        if content:
            indented = start > line_start and not set(text[line_start:start]) <= set(LINE_ENDS)
            yield RawSegment(content.split(element), start, min(stop + 1, end), indented)
        else:
            while text.startswith(terminator, stop + 1):  # one finding for a run of them
                stop += 1
            log.note("EMPTY_SEGMENT", start, stop + 1)
        start = stop + 1


def _swallows_header(text: str, start: int, content: str, isa: str) -> bool:
    """Has an interchange been cut off, so that the next one's ISA reads as a part of its last segment?"""
    header = read_header(text, start + content.index(isa))
    return header is not None and header.exact


def _next_start(text: str, start: int, terminator: str) -> int:
    """Past blanks, but not past a terminator, unless that is a line end itself."""
    end = len(text)
    while start < end and text[start] in BLANKS and (text[start] != terminator or terminator in LINE_ENDS):
        start += 1
    return start
