"""Scan a file: every interchange, group and set in it, every segment with a place in its guide, and every finding.

This is the plain reading of the rules. It keeps the whole file in memory and never raises, whatever the bytes are.
"""

from __future__ import annotations

from edi.encodings import Encoding
from edi.envelope import (
    ACKNOWLEDGMENT_ELEMENTS,
    BYTE_ORDER_MARK,
    InterchangeStart,
    acknowledgment_faults,
    find_header,
    header_faults,
    interchange_trailer_faults,
    read_header,
)
from edi.guides.library import GuideLibrary, default_library
from edi.limits import LONGEST_TEXT, MOST_ACKNOWLEDGMENTS, MOST_ENVELOPES
from edi.reference.findings_log import FindingsLog
from edi.reference.group_scanner import GroupScanner
from edi.reference.options import MOST_SNIP, Options
from edi.reference.records import SetRecords
from edi.reference.segment_reader import BLANKS, RawSegment, SegmentReader
from edi.scan import FunctionalGroup, Interchange, Scan

PADDING = BLANKS + "\x00\x1a"
"""What some systems put around interchanges; it is not reported, except before the first one."""


def scan(
    data: bytes, library: GuideLibrary | None = None, *, snip: int = MOST_SNIP, encoding: Encoding = "ascii"
) -> Scan:
    """Everything that a file holds and everything wrong with it; guides come from this process's library by default.

    Findings are of SNIP types up to `snip`; 1 and 2 are always checked.
    """
    options = Options(library or default_library(), snip, encoding, None)
    return _FileScanner(data.decode("latin-1"), options).scan()


def read_records(data: bytes, library: GuideLibrary | None = None) -> list[SetRecords]:
    """The segments of every transaction set that has a guide, those without a place in it left out."""
    records: list[SetRecords] = []
    _FileScanner(data.decode("latin-1"), Options(library or default_library(), 2, "ascii", records)).scan()
    return records


class _FileScanner:
    def __init__(self, text: str, options: Options) -> None:
        self.text = text
        self.options = options
        self.log = FindingsLog()
        self.segments = 0
        self.interchanges = 0
        self.envelopes = 0
        self.full_at: int | None = None
        """Where the first envelope stands that is too many; nothing is read from there on."""
        self.control_numbers: set[tuple[str, ...]] = set()

    def scan(self) -> Scan:
        interchanges: list[Interchange] = []
        header = self._next_header(self._start())
        while header:
            scanner = self._interchange(header)
            interchanges.append(scanner.scan())
            header = self._next_header(scanner.reader)
        return Scan(tuple(interchanges), self.log.table(), self.segments, len(self.text))

    def _start(self) -> int:
        """Where the search for the first ISA begins; what stands before an ISA in its place is noted."""
        text = self.text
        mark = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
        at = self._past_padding(mark)
        if text.startswith("ISA", at):
            if mark:
                self.log.note("BYTE_ORDER_MARK", 0, mark)
            if at > mark:
                self.log.note("LEADING_BLANKS", mark, at)
        return at

    def _past_padding(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in PADDING:
            at += 1
        return at

    def _next_header(self, reader: SegmentReader | int) -> InterchangeStart | None:
        """The next ISA; what stands before it, other than blanks, is reported."""
        first = isinstance(reader, int)
        if self.full_at is not None:
            self._stop_reading(self.full_at)
            return None
        at = self._past_padding(reader if isinstance(reader, int) else reader.at)
        if isinstance(reader, int) or (reader.header is None and reader.searchable):
            header = read_header(self.text, at) or find_header(self.text, at)
        else:
            header = reader.header
        skipped = header.start if header else len(self.text)
        self.log.begin_interchange(0)
        if first and at == len(self.text):
            self.log.note("EMPTY_FILE", at, at)
        elif self.text.startswith("ISA", at) and at < skipped:
            self.log.note("INTERCHANGE_HEADER_BROKEN", at, skipped, "ISA")
        elif first and header is None:
            self.log.note("NOT_X12", at, skipped)
        elif at < skipped:
            self.log.note("GARBAGE_AFTER_INTERCHANGE", at, skipped)
        if header and not self.has_room():
            self._stop_reading(header.start)
            return None
        return header

    def has_room(self) -> bool:
        """May one more interchange, group or set be read?"""
        return self.envelopes < MOST_ENVELOPES

    def _stop_reading(self, at: int) -> None:
        self.log.begin_interchange(0)
        self.log.note("FILE_TOO_MANY_ENVELOPES", at, len(self.text))

    def _interchange(self, header: InterchangeStart) -> _InterchangeScanner:
        log = self.log
        self.interchanges += 1
        self.envelopes += 1
        log.begin_interchange(self.interchanges)
        log.delimiters = header.delimiters
        for code, element in header_faults(header):
            log.note(code, header.start, header.stop, "ISA", element)
        # test and production data number their interchanges apart
        number = (*(field.strip() for field in header.fields[5:9]), header.fields[13], header.fields[15])
        if number in self.control_numbers:
            log.note("INTERCHANGE_DUPLICATE", header.start, header.stop, "ISA", 13)
        self.control_numbers.add(number)
        return _InterchangeScanner(self, header)


class _InterchangeScanner:
    """Sorts the segments of an interchange to its groups."""

    def __init__(self, file: _FileScanner, header: InterchangeStart) -> None:
        self.file = file
        self.log = file.log
        self.header = header
        self.reader = SegmentReader(file.text, header.stop, header.delimiters, file.log)
        self.groups: list[FunctionalGroup] = []
        self.group_numbers: set[tuple[str, ...]] = set()
        """GS01 to GS03 and GS06 of each."""
        self.group: GroupScanner | None = None
        self.acknowledgments: list[tuple[str, ...]] = []
        self.stop = header.stop
        self.strays = False

    def scan(self) -> Interchange:
        header = self.header
        closed = False
        self.file.segments += 1
        for segment in self.reader:
            if segment.elements[0] == "GS" or (segment.elements[0] == "ST" and self.group is not None):
                if not self.file.has_room():
                    self.file.full_at = segment.start
                    break
                self.file.envelopes += 1
            self.file.segments += 1
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
                options=self.file.options,
                numbers_seen=self.group_numbers,
            )
        elif self.group is not None:
            if segment_id == "GE":
                self.group.close(segment)
                self._end_group(segment.stop)
            else:
                self.group.take(segment)
        elif segment_id == "TA1" and len(self.acknowledgments) < MOST_ACKNOWLEDGMENTS:
            elements = segment.elements[: ACKNOWLEDGMENT_ELEMENTS + 1]
            self.acknowledgments.append(tuple(element[:LONGEST_TEXT] for element in elements))
            for code, element in acknowledgment_faults(segment.elements):
                self.log.note(code, segment.start, segment.stop, "TA1", element)
        elif not self.strays:  # one finding for a run of them
            self.strays = True
            self.log.note("CONTENT_OUTSIDE_GROUP", segment.start, segment.stop, segment_id)

    def _end_group(self, at: int) -> None:
        if self.group is not None:
            self.groups.append(self.group.end(at))
            self.group = None

    def _close(self, segment: RawSegment) -> None:
        self._end_group(segment.start)
        for code, element in interchange_trailer_faults(segment.elements, self.header, len(self.groups)):
            self.log.note(code, segment.start, segment.stop, "IEA", element)
        self.stop = segment.stop
