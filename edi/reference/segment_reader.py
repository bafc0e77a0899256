"""Cut an interchange into segments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi.delimiters import Delimiters
from edi.envelope import InterchangeStart, find_exact_header
from edi.limits import LONGEST_SEGMENT
from edi.reference.findings_log import FindingsLog

LINE_ENDS = "\r\n"
BLANKS = " \t\r\n\v\f"


class RawSegment(NamedTuple):
    """A segment as it stands in the file."""

    elements: list[str]
    """The id first; composites and repetitions are not split. Of a segment that is too long only an empty id."""
    start: int
    stop: int
    """After the terminator."""
    indented: bool
    """Did blanks other than line ends stand before it?"""
    too_long: bool = False


class SegmentReader:
    """The segments after an ISA.

    Blanks around segments are nobody's; empty segments are reported, once a run, and passed over. An interchange ends
    at the end of the file, where the next one begins, and before a segment that holds a whole ISA: one that was cut
    off does not swallow the next. What stands after the last terminator is cut off, unless it is an IEA that merely
    lacks its own.
    """

    def __init__(self, text: str, start: int, delimiters: Delimiters, log: FindingsLog) -> None:
        self.text = text
        self.delimiters = delimiters
        self.log = log
        self.at = start
        """Where reading goes on: after the last segment read."""
        self.header: InterchangeStart | None = None
        """The ISA that ended this interchange from within a segment."""
        self.searchable = True
        """May an ISA still stand in what was not read?"""

    def __iter__(self) -> Iterator[RawSegment]:
        text, terminator, end = self.text, self.delimiters.segment, len(self.text)
        in_gap = False
        while (start := self._next_start(self.at)) < end:
            line_start, self.at = self.at, start
            stop = self._segment_end(start)
            if stop < 0:
                return
            self.at = min(stop + 1, end)
            if stop - start > LONGEST_SEGMENT:
                yield RawSegment([""], start, self.at, indented=False, too_long=True)
                in_gap = False
                continue
            content = text[start:stop]
            if terminator == "\n" or stop == end:
                content = content.rstrip(BLANKS + "\x1a")
            if content:
                indented = not set(text[line_start:start]) <= set(LINE_ENDS)
                yield RawSegment(content.split(self.delimiters.element), start, self.at, indented)
            elif not in_gap:
                self.log.note("EMPTY_SEGMENT", start, self.at)
            in_gap = not content
        self.at = end

    def _segment_end(self, start: int) -> int:
        """The place of the terminator, or of the end of the file after an IEA; negative where the interchange ends."""
        text, delimiters, end = self.text, self.delimiters, len(self.text)
        if text.startswith("ISA" + delimiters.element, start):
            return -1
        stop = text.find(delimiters.segment, start)
        self.header = find_exact_header(text, start, end if stop < 0 else stop + 1)
        if self.header:
            return -1
        if stop >= 0:
            return stop
        self.searchable = end - start <= LONGEST_SEGMENT
        return end if self.searchable and text.startswith("IEA" + delimiters.element, start) else -1

    def _next_start(self, start: int) -> int:
        """Past blanks, but not past a terminator, unless that is a line end itself."""
        text, end, terminator = self.text, len(self.text), self.delimiters.segment
        while start < end and text[start] in BLANKS and (text[start] != terminator or terminator in LINE_ENDS):
            start += 1
        return start
