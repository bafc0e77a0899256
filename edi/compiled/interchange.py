"""Scan one interchange: run the kernel from envelope segment to envelope segment, and read these here."""

from __future__ import annotations

import re
from typing import NamedTuple

from edi.compiled import layout as at
from edi.compiled.group import Group, Place
from edi.compiled.headers import Headers
from edi.compiled.machine import Machine
from edi.envelope import (
    ACKNOWLEDGMENT_ELEMENTS,
    EXACT_HEADER,
    InterchangeStart,
    acknowledgment_faults,
    find_exact_header,
    interchange_trailer_faults,
)
from edi.limits import LONGEST_TEXT, MOST_ENVELOPES
from edi.scan import FunctionalGroup, Interchange

BLANKS = " \t\r\n\v\f\x1a"
"""Not a part of a segment's text where they stand before a line feed that ends it, or before the end of the file."""
SOLID = re.compile(rb"[^ \t\r\n\v\f\x00\x1a]")
LINE_ENDS = b"\r\n"


class Ending(NamedTuple):
    """How an interchange ended: where the next ISA is to be looked for."""

    header: int | None
    """The place in the file of an ISA that began within a segment."""
    searchable: bool
    """May an ISA still stand in what was not read?"""
    garbage: tuple[int, bool] | None = None
    """What stands before the next ISA, where it has left the window: its place in the file, and does it begin `ISA`?"""
    full_at: int | None = None
    """The place in the file of an envelope that is too many."""


class InterchangeScanner:
    """Goes through an interchange, whose ISA has been read."""

    def __init__(self, machine: Machine, header: InterchangeStart, headers: Headers) -> None:
        self.machine = machine
        self.header = header
        self.headers = headers
        self.numbers_seen: set[tuple[str, ...]] = set()
        """GS01 to GS03 and GS06 of its groups."""
        self.groups: list[FunctionalGroup] = []
        self.group: Group | None = None
        self.acknowledgments: list[tuple[str, ...]] = []
        self.closed = False
        state = machine.state
        state[at.MODE] = at.OUTSIDE_GROUP
        state[at.GROUP_STRAYS] = state[at.IN_GAP] = state[at.INDENTED] = 0
        state[at.ACKNOWLEDGMENTS] = 0
        state[at.PROVEN] = -1
        state[at.LAST_STOP] = header.stop
        state[at.SEGMENTS] += 1
        self.heads = tuple(f"{name}{header.delimiters.element}".encode("latin-1") for name in ("GS", "GE", "IEA"))
        self.terminator = header.delimiters.segment.encode("latin-1")

    def result(self, ordinal: int) -> Interchange:
        """The interchange, when it has ended."""
        return Interchange(
            ordinal=ordinal,
            delimiters=self.header.delimiters,
            fields=self.header.fields,
            groups=tuple(self.groups),
            acknowledgments=tuple(self.acknowledgments),
            source_start=self.header.start,
            source_stop=self.machine.state[at.LAST_STOP],
            closed=self.closed,
        )

    def scan(self) -> Ending:
        """All of it."""
        machine, state = self.machine, self.machine.state
        ending: Ending | None = None
        self._take_envelopes()
        while not self.closed and ending is None:
            reason = machine.run()
            if reason == at.ENVELOPE:
                ending = self._envelope()
            elif reason == at.CHUNK_END:
                ending = None if self._move() else self._end_of_file()
            elif reason == at.SWALLOWED:
                ending = self._look_for_header()
            elif reason == at.TOO_LONG:
                ending = self._pass_too_long()
            elif reason == at.FILE_FULL:
                ending = Ending(None, searchable=False, full_at=machine.window.base + state[at.SEGMENT_START])
            else:
                self._make_room(reason)
        if not self.closed:
            stop = machine.state[at.LAST_STOP]
            self._end_group(stop)
            machine.note("INTERCHANGE_TRAILER_MISSING", stop, stop)
        return ending or Ending(None, searchable=True)

    def _envelope(self) -> Ending | None:
        """The kernel stopped at a segment of an envelope."""
        state = self.machine.state
        if state[at.SPECIAL] == at.ISA:
            return Ending(None, searchable=True)
        self._take(state[at.SPECIAL], state[at.SEGMENT_START], state[at.SEGMENT_STOP])
        self._take_envelopes()
        return None

    def _make_room(self, reason: int) -> None:
        """A buffer is full."""
        if reason == at.FINDINGS_FULL:
            self.machine.drain()
        elif reason == at.NUMBERS_FULL:
            self.machine.grow_numbers()
        elif reason == at.RECORDS_FULL:
            self.machine.flush()
        elif self.group:
            self.group.take_sets()

    def _move(self) -> bool:
        """Read on; what belongs to the bytes that leave the window is taken out first."""
        if self.group and not self.machine.window.is_last:
            self.group.leave_window()
        return self.machine.move()

    def _take_envelopes(self) -> None:
        """Envelope segments that follow one another, each begun in its line: quicker than by the kernel."""
        state, window = self.machine.state, self.machine.window
        buffer, terminator = window.buffer, self.terminator
        if terminator in LINE_ENDS:
            return
        while not self.closed:
            start = state[at.AT]
            while start < window.size and buffer[start] in LINE_ENDS:
                start += 1
            if not buffer.startswith(self.heads, start, window.size):
                return
            end = buffer.find(terminator, start, window.size)
            if end < 0 or end - start + 1 >= EXACT_HEADER:
                return
            kind = {71: at.GS if buffer[start + 1] == 83 else at.GE, 73: at.IEA}[buffer[start]]  # noqa: PLR2004 - G, S, I
            if state[at.MODE] > at.OUTSIDE_SET or (kind == at.GE and self.group is None):
                return
            if kind == at.GS and state[at.ENVELOPES] >= MOST_ENVELOPES:
                return
            self._take(kind, start, end + 1)

    def _take(self, special: int, start: int, stop: int, end: int | None = None) -> None:
        """An envelope segment at these places of the window, its text ending before its terminator."""
        machine, state, window = self.machine, self.machine.state, self.machine.window
        delimiters = self.header.delimiters
        text = window.text(start, stop - 1 if end is None else end)
        if delimiters.segment == "\n" or end is not None:
            text = text.rstrip(BLANKS)
        elements = text.split(delimiters.element)
        place = (window.base + start, window.base + stop)
        state[at.AT] = stop
        state[at.SEGMENTS] += 1
        state[at.IN_GAP] = state[at.INDENTED] = 0
        if special == at.GS:
            self._end_group(place[0])
            state[at.ENVELOPES] += 1
            ordinal = len(self.groups) + 1
            self.group = Group(
                elements, place, ordinal, self.header, machine, headers=self.headers, numbers_seen=self.numbers_seen
            )
        elif special == at.GE and self.group:
            self.group.close(elements, place)
            self._end_group(place[1])
        elif special == at.IEA:
            self._end_group(place[0])
            for code, element in interchange_trailer_faults(elements, self.header, len(self.groups)):
                machine.note(code, *place, "IEA", element)
            self.closed = True
        else:
            self._acknowledge(elements, place)
        state[at.LAST_STOP] = place[1]

    def _acknowledge(self, elements: list[str], place: Place) -> None:
        """TA1; of the first of them alone the kernel lets us know."""
        self.machine.state[at.ACKNOWLEDGMENTS] += 1
        self.acknowledgments.append(tuple(text[:LONGEST_TEXT] for text in elements[: ACKNOWLEDGMENT_ELEMENTS + 1]))
        for code, element in acknowledgment_faults(elements):
            self.machine.note(code, *place, "TA1", element)

    def _end_group(self, place: int) -> None:
        if self.group is not None:
            self.groups.append(self.group.end(place))
            self.group = None

    def _look_for_header(self) -> Ending | None:
        """Does the segment that the kernel stopped at hold an ISA?"""
        state, window = self.machine.state, self.machine.window
        start, stop = state[at.SEGMENT_START], state[at.SEGMENT_STOP]
        header = find_exact_header(window.text(start, stop), 0, stop - start)
        if header:
            return Ending(window.base + start + header.start, searchable=True)
        state[at.PROVEN] = window.base + start
        return None

    def _end_of_file(self) -> Ending | None:
        """What stands after the last terminator: an IEA that lacks its own, or nothing of this interchange."""
        state, window = self.machine.state, self.machine.window
        start = state[at.AT]
        header = find_exact_header(window.text(start, window.size), 0, window.size - start)
        if header:
            return Ending(window.base + start + header.start, searchable=True)
        if window.buffer.startswith(self.heads[2], start, window.size):
            if state[at.MODE] > at.OUTSIDE_SET:
                self.machine.end_set(window.base + start)
            self._take(at.IEA, start, window.size, window.size)
            return None
        return Ending(None, searchable=True)

    def _pass_too_long(self) -> Ending | None:
        """A segment that is too long to be read: look for its end, or for an ISA in it."""
        state, window = self.machine.state, self.machine.window
        begin = looked = window.base + state[at.AT]
        garbage: tuple[int, bool] | None = None
        while True:
            start = state[at.AT]
            if garbage is None:
                garbage = self._first_solid(start)
            end = window.buffer.find(self.terminator, max(looked - window.base, start), window.size)
            stop = window.size if end < 0 else end + 1
            header = find_exact_header(window.text(start, stop), 0, stop - start)
            if header:
                place = window.base + start + header.start
                return Ending(place, searchable=True, garbage=garbage or (place, False))
            if end >= 0:
                self.machine.pass_too_long(begin, window.base + stop)
                state[at.AT] = stop
                return None
            looked = window.base + window.size
            state[at.AT] = max(window.size - EXACT_HEADER + 1, start)
            if not self._move():
                end_of_file = window.base + window.size
                return Ending(None, searchable=False, garbage=garbage or (end_of_file, False))

    def _first_solid(self, start: int) -> tuple[int, bool] | None:
        """The place in the file of the first byte that is no padding, and whether an ISA seems to begin there."""
        window = self.machine.window
        match = SOLID.search(window.buffer, start, window.size)
        if match is None or (match.start() + 3 > window.size and not window.is_last):
            return None
        return window.base + match.start(), window.buffer.startswith(b"ISA", match.start(), window.size)
