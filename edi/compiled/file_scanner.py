"""Scan a file through a window that moves along it: find the interchanges, let the kernel read what is in them."""

from __future__ import annotations

import re
from typing import NamedTuple

from edi.compiled import layout as at
from edi.compiled.batch import SegmentSink
from edi.compiled.headers import Headers, KnownHeader
from edi.compiled.interchange import Ending, InterchangeScanner
from edi.compiled.machine import Machine
from edi.compiled.window import Read, Window
from edi.encodings import Encoding
from edi.envelope import BYTE_ORDER_MARK, LONGEST_HEADER, Fault, InterchangeStart
from edi.guides.library import GuideLibrary
from edi.limits import MOST_ENVELOPES
from edi.scan import Interchange, Scan

SOLID = re.compile(rb"[^ \t\r\n\v\f\x00\x1a]")
"""What is no padding; some systems put such bytes around interchanges."""
ISA = b"ISA"
MARK = BYTE_ORDER_MARK.encode("latin-1")


class Options(NamedTuple):
    """One scan's choices."""

    library: GuideLibrary
    snip: int
    encoding: Encoding
    sink: SegmentSink | None


def scan_file(read: Read, capacity: int, options: Options) -> Scan:
    """Scan what `read` gives, with so much of it in memory at a time, more only where a segment is longer."""
    return FileScanner(read, capacity, options).scan()


class FileScanner:
    """Goes from interchange to interchange."""

    def __init__(self, read: Read, capacity: int, options: Options) -> None:
        self.window = Window(read, capacity)
        self.options = options
        self.machine = Machine(self.window, options.snip, options.library.code_lists, options.encoding, options.sink)
        self.headers = Headers(options.library)
        self.interchanges: list[Interchange] = []
        self.control_numbers: dict[tuple[str, ...], set[str]] = {}
        """By the parties and the usage of an interchange."""

    def scan(self) -> Scan:
        """All of it."""
        machine = self.machine
        self.machine.move()
        self._begin()
        header = self._next_header(Ending(None, searchable=True), first=True)
        while header:
            ending = self._interchange(*header)
            header = self._next_header(ending, first=False)
        machine.flush()
        machine.drain()
        scan = Scan(
            tuple(self.interchanges),
            machine.store.table(machine.guides),
            machine.state[at.SEGMENTS],
            self.window.base + self.window.size,
        )
        if self.options.sink:
            self.options.sink.finish(scan)
        return scan

    def _has(self, count: int) -> bool:
        """Are there so many bytes from here on?"""
        while self.window.size - self.machine.state[at.AT] < count:
            if not self.machine.move():
                return False
        return True

    def _begin(self) -> None:
        """Past what may stand before the first ISA; it is noted where an ISA follows."""
        machine, window = self.machine, self.window
        mark = len(MARK) if self._has(len(MARK)) and window.buffer.startswith(MARK) else 0
        machine.state[at.AT] = mark
        start = self._past_padding()
        if self._at_header():
            if mark:
                machine.note("BYTE_ORDER_MARK", 0, mark)
            if start > mark:
                machine.note("LEADING_BLANKS", mark, start)

    def _past_padding(self) -> int:
        """The place in the file of the next byte that is no padding, or of its end."""
        state, window = self.machine.state, self.window
        while True:
            match = SOLID.search(window.buffer, state[at.AT], window.size)
            state[at.AT] = match.start() if match else window.size
            if match or not self.machine.move():
                return window.base + state[at.AT]

    def _at_header(self) -> bool:
        """Do the next three bytes look like an ISA?"""
        self._has(len(ISA))
        return self.window.buffer.startswith(ISA, self.machine.state[at.AT], self.window.size)

    def _next_header(self, ending: Ending, *, first: bool) -> KnownHeader | None:
        """The next ISA; what stands before it, other than padding, is reported."""
        machine, state, window = self.machine, self.machine.state, self.window
        state[at.INTERCHANGE] = state[at.GROUP] = state[at.SET] = 0
        if ending.full_at is not None:
            self._stop_reading(ending.full_at)
            return None
        if ending.garbage:
            start, looks_like_header = ending.garbage
        else:
            start = self._past_padding()
            looks_like_header = self._at_header()
        header = self._find(ending)
        skipped = header.header.start if header else window.base + window.size
        if first and start == skipped and header is None:
            machine.note("EMPTY_FILE", start, start)
        elif looks_like_header and start < skipped:
            machine.note("INTERCHANGE_HEADER_BROKEN", start, skipped, "ISA")
        elif first and header is None:
            machine.note("NOT_X12", start, skipped)
        elif start < skipped:
            machine.note("GARBAGE_AFTER_INTERCHANGE", start, skipped)
        if header and state[at.ENVELOPES] >= MOST_ENVELOPES:
            self._stop_reading(header.header.start)
            return None
        return header

    def _stop_reading(self, place: int) -> None:
        """What stands from that place in the file on is passed over."""
        self._pass_rest()
        self.machine.note("FILE_TOO_MANY_ENVELOPES", place, self.window.base + self.window.size)

    def _pass_rest(self) -> None:
        state, window = self.machine.state, self.window
        state[at.AT] = window.size
        while self.machine.move():
            state[at.AT] = window.size

    def _find(self, ending: Ending) -> KnownHeader | None:
        """The next ISA that can be read; None at the end of the file, which is then at hand."""
        state, window = self.machine.state, self.window
        if ending.header is not None:
            state[at.AT] = ending.header - window.base
            return self._read_header()
        if ending.searchable:
            while True:
                place = window.buffer.find(ISA, state[at.AT], window.size)
                if place >= 0:
                    state[at.AT] = place
                    header = self._read_header()
                    if header:
                        return header
                    state[at.AT] += 1
                else:
                    state[at.AT] = max(window.size - len(ISA) + 1, state[at.AT])
                    if not self.machine.move():
                        break
        self._pass_rest()
        return None

    def _read_header(self) -> KnownHeader | None:
        """The ISA that begins here, if it can be read."""
        self._has(LONGEST_HEADER)
        start = self.machine.state[at.AT]
        text = self.window.text(start, min(start + LONGEST_HEADER, self.window.size))
        return self.headers.read(text, self.window.base + start)

    def _interchange(self, header: InterchangeStart, faults: tuple[Fault, ...]) -> Ending:
        machine, state = self.machine, self.machine.state
        state[at.INTERCHANGE] = len(self.interchanges) + 1
        state[at.ENVELOPES] += 1
        state[at.STRAY_FINDINGS] = 0
        for code, element in faults:
            machine.note(code, header.start, header.stop, "ISA", element)
        # test and production data number their interchanges apart
        numbers = self.control_numbers.setdefault((*map(str.strip, header.fields[5:9]), header.fields[15]), set())
        if header.fields[13] in numbers:
            machine.note("INTERCHANGE_DUPLICATE", header.start, header.stop, "ISA", 13)
        numbers.add(header.fields[13])
        state[at.AT] = header.stop - self.window.base
        machine.use_delimiters(header.delimiters)
        scanner = InterchangeScanner(machine, header, self.headers)
        ending = scanner.scan()
        self.interchanges.append(scanner.result(len(self.interchanges) + 1))
        return ending
