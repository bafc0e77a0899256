"""Scan a functional group: its header and trailer, and the transaction sets between them."""

from __future__ import annotations

from edi.envelope import (
    GROUP_ELEMENTS,
    TRAILER_ELEMENTS,
    InterchangeStart,
    group_faults,
    group_trailer_faults,
    set_faults,
    set_trailer_faults,
)
from edi.guides.guide import Guide
from edi.limits import LONGEST_TEXT
from edi.reference.findings_log import FindingsLog
from edi.reference.options import Options
from edi.reference.records import SetRecords
from edi.reference.segment_reader import RawSegment
from edi.reference.set_scanner import SetScanner
from edi.scan import FunctionalGroup, TransactionSet


class GroupScanner:
    """Sorts the segments of a group to its transaction sets.

    Sets are counted and their control numbers compared even where there is no guide to check them against, so that
    a 999 can answer them.
    """

    def __init__(
        self,
        segment: RawSegment,
        ordinal: int,
        header: InterchangeStart,
        log: FindingsLog,
        *,
        options: Options,
        numbers_seen: set[tuple[str, ...]],
    ) -> None:
        self.log = log
        self.options = options
        self.ordinal = log.functional_group = ordinal
        log.transaction_set = 0
        self.delimiters = header.delimiters
        self.start = segment.start
        fields = (*segment.elements, *[""] * GROUP_ELEMENTS)[: GROUP_ELEMENTS + 1]
        self.fields = tuple(field[:LONGEST_TEXT] for field in fields)
        self.trailer: tuple[str, ...] | None = None
        self.sets: list[TransactionSet] = []
        self.set_numbers: set[str] = set()
        self.open: _OpenSet | None = None
        self.strays = False
        self.guide = self._check_header(segment, header, numbers_seen)

    def _check_header(
        self, segment: RawSegment, header: InterchangeStart, numbers_seen: set[tuple[str, ...]]
    ) -> Guide | None:
        fields, place = self.fields, (segment.start, segment.stop, "GS")
        for code, element in group_faults(segment.elements):
            self.log.note(code, *place, element)
        number = (*fields[1:4], fields[6])
        if number in numbers_seen:
            self.log.note("GROUP_CONTROL_DUPLICATE", *place, 6)
        numbers_seen.add(number)
        version, library = header.fields[12], self.options.library
        guide = library.find(version, fields[1], fields[8])
        if guide is None and library.knows(version, fields[8]):
            self.log.note("GROUP_UNSUPPORTED", *place, 1)
        elif guide is None:
            self.log.note("GUIDE_UNSUPPORTED", *place, 8)
        return guide

    def take(self, segment: RawSegment) -> None:
        """Any segment of the group but GS and GE."""
        segment_id = segment.elements[0]
        if segment_id == "ST":
            self._end_set(segment.start)
            self._begin_set(segment)
        elif self.open is None:
            if not self.strays:  # one finding for a run of them
                self.strays = True
                self.log.note("CONTENT_OUTSIDE_SET", segment.start, segment.stop, segment_id)
        else:
            self._take_inside(self.open, segment)

    def _take_inside(self, open_set: _OpenSet, segment: RawSegment) -> None:
        open_set.count += 1
        open_set.stop = segment.stop
        if segment.too_long:
            self.log.note_segment("SEGMENT_TOO_LONG", open_set.count, "", None, (segment.start, segment.stop))
            return
        self._check_indent(segment, open_set.count)
        if open_set.scanner:
            open_set.scanner.take(segment.elements, open_set.count, segment.start, segment.stop)
        if segment.elements[0] == "SE":
            for code, element in set_trailer_faults(segment.elements, open_set.number, open_set.count):
                self.log.note(code, segment.start, segment.stop, "SE", element)
            open_set.closed = True
            self._end_set(segment.stop)

    def _begin_set(self, segment: RawSegment) -> None:
        log = self.log
        log.begin_set(len(self.sets) + 1)
        self.strays = False
        transaction, number, guide_id = (*segment.elements[1:4], "", "", "")[:3]
        agreed = self.guide.transaction if self.guide else None
        known = number in self.set_numbers
        for code, element in set_faults(segment.elements, self.fields[8], agreed, number_known=known):
            log.note(code, segment.start, segment.stop, "ST", element)
        self.set_numbers.add(number)
        self._check_indent(segment, 1)
        self.open = _OpenSet(transaction, number, guide_id or None, segment)
        if self.guide and transaction == agreed:
            self.open.scanner = SetScanner(self.guide, self.delimiters, log, self.options)
            self.open.scanner.begin(segment.elements, segment.start, segment.stop)

    def _check_indent(self, segment: RawSegment, position: int) -> None:
        if segment.indented:
            extent = (segment.start, segment.stop)
            self.log.note_segment("LEADING_SPACE", position, segment.elements[0], None, extent)

    def _end_set(self, at: int) -> None:
        open_set = self.open
        if open_set is None:
            return
        if open_set.scanner:
            open_set.scanner.end(open_set.count, at, closed=open_set.closed)
        if not open_set.closed:
            self.log.note("SET_TRAILER_MISSING", at, at, "SE")
        self.sets.append(open_set.result(len(self.sets) + 1))
        if open_set.scanner and self.options.records is not None:
            scanner, place = open_set.scanner, (self.log.interchange, self.ordinal, len(self.sets))
            segments = tuple(scanner.records)
            self.options.records.append(SetRecords(*place, scanner.guide, self.delimiters, segments, open_set.stop))
        self.open = None
        self.log.transaction_set = 0

    def close(self, segment: RawSegment) -> None:
        """GE."""
        self._end_set(segment.start)
        self.trailer = tuple(element[:LONGEST_TEXT] for element in segment.elements[: TRAILER_ELEMENTS + 1])
        for code, element in group_trailer_faults(segment.elements, self.fields[6], len(self.sets)):
            self.log.note(code, segment.start, segment.stop, "GE", element)

    def end(self, at: int) -> FunctionalGroup:
        """The group, which ends at byte `at`, with or without GE."""
        self._end_set(at)
        if self.trailer is None:
            self.log.note("GROUP_TRAILER_MISSING", at, at, "GE")
        self.log.functional_group = 0
        return FunctionalGroup(
            ordinal=self.ordinal,
            fields=self.fields,
            guide=self.guide,
            trailer=self.trailer,
            sets=tuple(self.sets),
            source_start=self.start,
            source_stop=at,
        )


class _OpenSet:
    """A transaction set that is being read."""

    def __init__(self, transaction: str, number: str, guide_id: str | None, segment: RawSegment) -> None:
        self.transaction = transaction
        self.number = number
        self.guide_id = guide_id
        self.start, self.stop = segment.start, segment.stop
        self.count = 1
        self.closed = False
        self.scanner: SetScanner | None = None

    def result(self, ordinal: int) -> TransactionSet:
        reference = self.scanner.reference if self.scanner else None
        return TransactionSet(
            ordinal=ordinal,
            transaction=self.transaction[:LONGEST_TEXT],
            control_number=self.number[:LONGEST_TEXT],
            guide_id=self.guide_id and self.guide_id[:LONGEST_TEXT],
            segment_count=self.count,
            source_start=self.start,
            source_stop=self.stop,
            reference=reference and reference[:LONGEST_TEXT],
        )
