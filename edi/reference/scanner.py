"""Scan a file: every interchange, group and set in it, every segment with a place in its guide, and every finding.

This is the plain reading of the rules. It keeps the whole file in memory and never raises, whatever the bytes are.
"""

from __future__ import annotations

from edi.envelope import BYTE_ORDER_MARK, InterchangeStart, find_header, header_faults, read_header
from edi.reference.findings_log import FindingsLog
from edi.reference.group_scanner import GroupScanner
from edi.guides.library import GuideLibrary, default_library
from edi.reference.hierarchy import parse_count
from edi.scan import FunctionalGroup, Interchange, Scan
from edi.reference.segment_reader import BLANKS, RawSegment, read_segments

PADDING = BLANKS + "\x00\x1a"
"""What some systems put after the last interchange; it is not reported."""


def scan(data: bytes, library: GuideLibrary | None = None) -> Scan:
    """Everything that a file holds and everything wrong with it; guides come from this process's library by default."""
    return _FileScanner(data.decode("latin-1"), library or default_library()).scan()


class _FileScanner:
    def __init__(self, text: str, library: GuideLibrary) -> None:
        self.text = text
        self.library = library
        self.log = FindingsLog()
        self.interchanges = 0
        self.control_numbers: set[tuple[str, ...]] = set()
        self.group_numbers: set[tuple[str, ...]] = set()

    def scan(self) -> Scan:
        interchanges: list[Interchange] = []
        at = len(BYTE_ORDER_MARK) if self.text.startswith(BYTE_ORDER_MARK) else 0
        while header := self._next_header(at, first=not interchanges):
            interchanges.append(self._interchange(header))
            at = interchanges[-1].source_stop
        return Scan(tuple(interchanges), tuple(self.log.findings))

    def _next_header(self, at: int, *, first: bool) -> InterchangeStart | None:
        """The next ISA; what stands before it, other than blanks, is reported."""
        while at < len(self.text) and self.text[at] in PADDING:
            at += 1
        header = read_header(self.text, at) or find_header(self.text, at)
        skipped = header.start if header else len(self.text)
        self.log.interchange = self.log.functional_group = self.log.transaction_set = 0
        if first and at == len(self.text):
            self.log.note("EMPTY_FILE", at, at)
        elif self.text.startswith("ISA", at) and at < skipped:
            self.log.note("INTERCHANGE_HEADER_BROKEN", at, skipped, "ISA")
        elif first and header is None:
            self.log.note("NOT_X12", at, skipped)
        elif at < skipped:
            self.log.note("GARBAGE_AFTER_INTERCHANGE", at, skipped)
        return header

    def _interchange(self, header: InterchangeStart) -> Interchange:
        log = self.log
        self.interchanges += 1
        log.interchange = self.interchanges
        log.delimiters = header.delimiters
        for code, element in header_faults(header):
            log.note(code, header.start, header.stop, "ISA", element)
        # test and production data number their interchanges apart
        number = (*(field.strip() for field in header.fields[5:9]), header.fields[13], header.fields[15])
        if number in self.control_numbers:
            log.note("INTERCHANGE_DUPLICATE", header.start, header.stop, "ISA", 13)
        self.control_numbers.add(number)
        return _InterchangeScanner(self, header).scan()


class _InterchangeScanner:
    """Sorts the segments of an interchange to its groups."""

    def __init__(self, file: _FileScanner, header: InterchangeStart) -> None:
        self.file = file
        self.log = file.log
        self.header = header
        self.groups: list[FunctionalGroup] = []
        self.group: GroupScanner | None = None
        self.acknowledgments: list[tuple[str, ...]] = []
        self.stop = header.stop
        self.strays = False

    def scan(self) -> Interchange:
        header = self.header
        closed = False
        for segment in read_segments(self.file.text, header.stop, header.delimiters, self.log):
            if segment.elements[0] == "IEA":
                self._close(segment)
                closed = True
                break
            self._take(segment)
            self.stop = segment.stop
        if not closed:
            self._end_group(self.stop)
            self.log.note("INTERCHANGE_TRAILER_MISSING", self.stop, self.stop)
        return Interchange(
            ordinal=self.log.interchange,
            delimiters=header.delimiters,
            fields=header.fields,
            groups=tuple(self.groups),
            acknowledgments=tuple(self.acknowledgments),
            source_start=header.start,
            source_stop=self.stop,
            closed=closed,
        )

    def _take(self, segment: RawSegment) -> None:
        segment_id = segment.elements[0]
        if segment_id == "GS":
            self._end_group(segment.start)
            self.strays = False
            self.group = GroupScanner(
                segment,
                len(self.groups) + 1,
                self.header,
                self.log,
                library=self.file.library,
                numbers_seen=self.file.group_numbers,
            )
        elif self.group is not None:
            if segment_id == "GE":
                self.group.close(segment)
                self._end_group(segment.stop)
            else:
                self.group.take(segment)
        elif segment_id == "TA1":
            self.acknowledgments.append(tuple(segment.elements))
        elif not self.strays:  # one finding for a run of them
            self.strays = True
            self.log.note("CONTENT_OUTSIDE_GROUP", segment.start, segment.stop, segment_id)

    def _end_group(self, at: int) -> None:
        if self.group is not None:
            self.groups.append(self.group.end(at))
            self.group = None

    def _close(self, segment: RawSegment) -> None:
        self._end_group(segment.start)
        count, number = (*segment.elements[1:3], "", "")[:2]
        place = (segment.start, segment.stop, "IEA")
        if number != self.header.fields[13]:
            self.log.note("INTERCHANGE_CONTROL_MISMATCH", *place, 2)
        if parse_count(count) != len(self.groups):
            self.log.note("GROUP_COUNT_WRONG", *place, 1)
        self.stop = segment.stop
