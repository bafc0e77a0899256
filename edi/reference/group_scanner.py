"""Scan a functional group: its header and trailer, and the transaction sets between them."""

from __future__ import annotations

from edi.envelope import SET_CONTROL_NUMBER, InterchangeStart, group_faults
from edi.reference.findings_log import FindingsLog
from edi.guides.guide import Guide
from edi.guides.library import GuideLibrary
from edi.reference.hierarchy import parse_count
from edi.scan import FunctionalGroup, TransactionSet
from edi.reference.segment_reader import RawSegment
from edi.reference.set_scanner import SetScanner

GROUP_FIELDS = 9


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
        library: GuideLibrary,
        numbers_seen: set[tuple[str, ...]],
    ) -> None:
        self.log = log
        self.ordinal = log.functional_group = ordinal
        log.transaction_set = 0
        self.delimiters = header.delimiters
        self.start = segment.start
        self.fields = (*segment.elements, *[""] * GROUP_FIELDS)[:GROUP_FIELDS]
        self.trailer: tuple[str, ...] | None = None
        self.sets: list[TransactionSet] = []
        self.set_numbers: set[str] = set()
        self.open: _OpenSet | None = None
        self.strays = False
        self.guide = self._check_header(segment, header, library, numbers_seen)

    def _check_header(
        self, segment: RawSegment, header: InterchangeStart, library: GuideLibrary, numbers_seen: set[tuple[str, ...]]
    ) -> Guide | None:
        fields, place = self.fields, (segment.start, segment.stop, "GS")
        for code, element in group_faults(fields):
            self.log.note(code, *place, element)
        number = (header.fields[6].strip(), header.fields[15], *fields[1:4], fields[6])
        if number in numbers_seen:
            self.log.note("GROUP_CONTROL_DUPLICATE", *place, 6)
        numbers_seen.add(number)
        version = header.fields[12]
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
            self.open.count += 1
            self.open.stop = segment.stop
            self._check_indent(segment, self.open.count)
            if self.open.scanner:
                self.open.scanner.take(segment.elements, self.open.count, segment.start, segment.stop)
            if segment_id == "SE":
                self._check_trailer(self.open, segment)
                self.open.closed = True
                self._end_set(segment.stop)

    def _begin_set(self, segment: RawSegment) -> None:
        log = self.log
        log.begin_set(len(self.sets) + 1)
        self.strays = False
        transaction, number, guide_id = (*segment.elements[1:4], "", "", "")[:3]
        place = (segment.start, segment.stop, "ST")
        guide = self.guide if self.guide and transaction == self.guide.transaction else None
        if not transaction:
            log.note("SET_ID_INVALID", *place, 1)
        elif self.guide and not guide:
            log.note("SET_UNSUPPORTED", *place, 1)
        if not SET_CONTROL_NUMBER.fullmatch(number):
            log.note("SET_CONTROL_INVALID", *place, 2)
        elif number in self.set_numbers:
            log.note("SET_CONTROL_DUPLICATE", *place, 2)
        self.set_numbers.add(number)
        if guide and guide_id and guide_id != self.fields[8]:
            log.note("SET_GUIDE_MISMATCH", *place, 3)
        self._check_indent(segment, 1)
        self.open = _OpenSet(transaction, number, guide_id or None, segment)
        if guide:
            self.open.scanner = SetScanner(guide, self.delimiters, log)
            self.open.scanner.begin(segment.elements, segment.start, segment.stop)

    def _check_indent(self, segment: RawSegment, position: int) -> None:
        if segment.indented:
            extent = (segment.start, segment.stop)
            self.log.note_segment("LEADING_SPACE", position, segment.elements[0], None, extent)

    def _check_trailer(self, open_set: _OpenSet, segment: RawSegment) -> None:
        count, number = (*segment.elements[1:3], "", "")[:2]
        place = (segment.start, segment.stop, "SE")
        if number != open_set.number:
            self.log.note("SET_CONTROL_MISMATCH", *place, 2)
        if parse_count(count) != open_set.count:
            self.log.note("SEGMENT_COUNT_WRONG", *place, 1)

    def _end_set(self, at: int) -> None:
        open_set = self.open
        if open_set is None:
            return
        if not open_set.closed:
            self.log.note("SET_TRAILER_MISSING", at, at, "SE")
        self.sets.append(open_set.result(len(self.sets) + 1))
        self.open = None
        self.log.transaction_set = 0

    def close(self, segment: RawSegment) -> None:
        """GE."""
        self._end_set(segment.start)
        self.trailer = tuple(segment.elements)
        count, number = (*segment.elements[1:3], "", "")[:2]
        place = (segment.start, segment.stop, "GE")
        if number != self.fields[6]:
            self.log.note("GROUP_CONTROL_MISMATCH", *place, 2)
        if parse_count(count) != len(self.sets):
            self.log.note("SET_COUNT_WRONG", *place, 1)

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
        return TransactionSet(
            ordinal=ordinal,
            transaction=self.transaction,
            control_number=self.number,
            guide_id=self.guide_id,
            segments=tuple(self.scanner.records) if self.scanner else (),
            segment_count=self.count,
            source_start=self.start,
            source_stop=self.stop,
        )
