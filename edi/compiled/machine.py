"""The kernels with their state and buffers: what Python and machine code hand to and fro during a scan."""

from __future__ import annotations

from array import array
from secrets import randbits

import numpy as np
from numpy.typing import NDArray

from edi.business.compile import BusinessTables
from edi.codes.lists import CodeLists
from edi.compiled import layout as at
from edi.compiled.batch import RECORD_FIELDS, SegmentBatch, SegmentSink
from edi.compiled.business_tables import business_tables
from edi.compiled.byte_classes import ENCODINGS, byte_classes
from edi.compiled.findings_store import FindingsStore
from edi.compiled.guide_store import guide_tables
from edi.compiled.guide_tables import CLAIM, GuideTables
from edi.compiled.kernel_cache import load
from edi.compiled.keys import text_key
from edi.compiled.set_news import SetNews
from edi.compiled.window import Window
from edi.delimiters import DEFAULT, Delimiters
from edi.encodings import Encoding
from edi.findings import CODE_NUMBERS
from edi.guides.guide import Guide
from edi.limits import MOST_ELEMENTS, MOST_LEVELS, MOST_OUTSIDE_SETS

ROOM_FOR_FINDINGS = 4 * at.SEGMENT_FINDINGS
ROOM_FOR_SETS = 1024
ROOM_FOR_NUMBERS = 256
ROOM_FOR_RECORDS = 1 << 15
STARTS_A_RECORD = 8
SPARE_FINDINGS = 16
"""Rows that envelope segments may need between two calls of the kernel."""


class GuideInUse:
    """A guide during a scan, with what is counted of it."""

    def __init__(self, guide: Guide | None, tables: GuideTables, marks: NDArray[np.uint8], base: int) -> None:
        self.guide = guide
        self.tables = tables
        self.marks = marks
        self.base = base
        """Added to its nodes in findings."""
        self.counts = np.zeros(len(tables.nodes), np.int32)
        self.shapes = np.zeros(at.SHAPE_WAYS * len(tables.nodes), np.uint64)
        self.known = np.zeros((at.KNOWN_VALUES, at.KNOWN_FIELDS), np.uint64)
        self.taken = np.zeros((at.TAKEN_WAYS * len(tables.nodes), at.TAKEN_FIELDS), np.int64)
        self.transaction = text_key(guide.transaction) if guide else 0
        self.header = guide.header.index if guide else 0
        self.counts_lines = guide is not None and guide.transaction == CLAIM
        self.business: BusinessTables = business_tables(None, 0, None)
        self.memory = self.business.memory


class Machine:
    """Runs the scan kernel over a window."""

    def __init__(
        self, window: Window, snip: int, code_lists: CodeLists | None, encoding: Encoding, sink: SegmentSink | None
    ) -> None:
        load()
        from edi.compiled import emit_kernel, scan_kernel, sets_kernel  # noqa: PLC0415 - loaded with their machine code

        self._scan, self._pass_too_long = scan_kernel.scan, scan_kernel.pass_too_long
        self._emit = emit_kernel.emit_at
        self._end_set, self._remember = sets_kernel.end_set, sets_kernel.remember_number
        self.window = window
        self.snip = snip
        self.code_lists = code_lists
        self.encoding: Encoding = encoding
        self.sink = sink
        self.state = array("q", bytes(8 * at.STATE_FIELDS))
        """As the layout says; numpy's own way to single numbers is slower."""
        self._cells = np.frombuffer(self.state, np.int64)
        self.state[at.ENCODING] = ENCODINGS[encoding]
        self.state[at.SALT] = randbits(63) | 1
        self.findings = np.empty((ROOM_FOR_FINDINGS, at.FINDING_FIELDS), np.int64)
        self.sets = np.empty((ROOM_FOR_SETS, at.SET_FIELDS), np.int64)
        self.numbers = np.zeros(ROOM_FOR_NUMBERS, np.uint64)
        self.levels = np.zeros((MOST_LEVELS, at.LEVEL_FIELDS), np.int64)
        rooms = ROOM_FOR_RECORDS if sink else 0
        self.records = np.empty((rooms, RECORD_FIELDS), np.int32)
        self.element_starts = np.empty(STARTS_A_RECORD * rooms, np.uint32)
        self._scratch = tuple(np.zeros(MOST_ELEMENTS + 2, np.int64) for _ in range(2))
        self.store = FindingsStore()
        self._news = SetNews()
        self.guides: list[tuple[Guide, GuideTables]] = []
        """In the order in which their nodes are numbered."""
        self._in_use: dict[Guide | None, GuideInUse] = {}
        self._arguments: tuple[object, ...] = ()
        self.delimiters = Delimiters("", "", "", "")
        self.used = self._in_use[None] = self._prepare(None)
        self.guide_id = ""
        self.use_delimiters(DEFAULT)

    def use_delimiters(self, delimiters: Delimiters) -> None:
        """Those of the interchange that begins."""
        state = self.state
        if delimiters == self.delimiters:
            return
        self.flush()
        self.delimiters = delimiters
        self._arguments = ()
        self._classes = byte_classes(delimiters, self.encoding)
        for used in self._in_use.values():
            used.known.fill(0)
        state[at.ELEMENT_BYTE] = ord(delimiters.element)
        state[at.COMPONENT_BYTE] = ord(delimiters.component)
        state[at.REPETITION_BYTE] = ord(delimiters.repetition) if delimiters.repetition else -1
        state[at.TERMINATOR_BYTE] = ord(delimiters.segment)

    def use_guide(self, guide: Guide | None, guide_id: str) -> None:
        """That of the group that begins, which names it so in GS08."""
        if guide is self.used.guide and guide_id == self.guide_id:
            return
        self.flush()
        state = self.state
        used = self._in_use.get(guide)
        if used is None:
            used = self._in_use[guide] = self._prepare(guide)
        self.used = used
        self.guide_id = guide_id
        self._arguments = ()
        state[at.NODE_BASE] = used.base
        state[at.TRANSACTION] = used.transaction
        state[at.HEADER_NODE] = used.header
        state[at.COUNTS_LINES] = used.counts_lines
        state[at.GUIDE_KEY] = _signed(text_key(guide_id))

    def _prepare(self, guide: Guide | None) -> GuideInUse:
        tables = guide_tables(guide)
        wanted = self.sink.wanted(guide) if self.sink and guide else None
        marks = np.zeros(len(tables.nodes), np.uint8)
        if wanted is not None:
            marks[wanted != 0] |= at.STORED
        used = GuideInUse(guide, tables, marks, sum(len(other.nodes) for other, _ in self.guides))
        if guide:
            self.guides.append((guide, tables))
            used.business = business_tables(guide, self.snip, self.code_lists)
            used.memory = used.business.memory.copy()
            marks[used.business.roles != 0] |= at.CHECKED_BY_BUSINESS
        return used

    def move(self) -> bool:
        """Let go of what is scanned and read on; False at the end of the file."""
        self.flush()
        if not self.window.move(self.state[at.AT]):
            return False
        self.state[at.AT] = 0
        self.state[at.BASE] = self.window.base
        return True

    def run(self) -> int:
        """Scan on until something is to be done; returns what, as the layout numbers it."""
        if not self._arguments:
            used = self.used
            self._arguments = (
                self._classes,
                *used.tables,
                self._cells,
                used.counts,
                self.levels,
                self.numbers,
                self.findings,
                self.sets,
                used.marks,
                self.records,
                self.element_starts,
                used.business.rules,
                used.business.lists,
                used.memory,
                *self._scratch,
                used.shapes,
                used.known,
                used.taken,
            )
        reason: int = self._scan(self.window.raw, self.window.size, *self._arguments)
        return reason

    def note(self, code: str, start: int, stop: int, segment_id: str = "", element: int = 0) -> None:
        """A finding of an envelope; places are in the file."""
        if self.state[at.INTERCHANGE] and not self.state[at.SET] and self.state[at.STRAY_FINDINGS] >= MOST_OUTSIDE_SETS:
            return  # the last one said that there are more
        if self.state[at.FINDINGS] + SPARE_FINDINGS > ROOM_FOR_FINDINGS:
            self.drain()
        segment = text_key(segment_id)
        self._emit(self.findings, self._cells, CODE_NUMBERS[code], 0, segment, -1, element, 0, 0, start, stop)

    def end_set(self, place: int) -> None:
        """The open set ends without SE at that place in the file."""
        used, business = self.used, self.used.business
        if self.state[at.FINDINGS] + at.SEGMENT_FINDINGS > ROOM_FOR_FINDINGS:
            self.drain()
        self._end_set(
            self.findings,
            self._cells,
            self.sets,
            used.tables.nodes,
            self.levels,
            business.rules,
            business.lists,
            used.memory,
            place,
            False,  # noqa: FBT003 - a kernel takes no names
        )

    def pass_too_long(self, start: int, stop: int) -> None:
        """A segment between these places in the file was not read."""
        self._pass_too_long(start, stop, self.findings, self._cells)

    def drain(self) -> None:
        """Empty the buffer of findings."""
        self.store.take(self.findings[: self.state[at.FINDINGS]])
        self.state[at.FINDINGS] = 0

    def forget_numbers(self) -> None:
        """A group begins: no set control number was seen in it."""
        if len(self.numbers) > ROOM_FOR_NUMBERS:
            self._arguments = ()
            self.numbers = np.zeros(ROOM_FOR_NUMBERS, np.uint64)
        elif self.state[at.NUMBERS]:
            self.numbers.fill(0)
        self.state[at.NUMBERS] = 0

    def grow_numbers(self) -> None:
        """Room for four times as many set control numbers."""
        self._arguments = ()
        seen, self.numbers = self.numbers, np.zeros(4 * len(self.numbers), np.uint64)
        self.state[at.NUMBERS] = 0
        for number in seen[seen != 0]:
            self._remember(self.numbers, self._cells, number)

    def keep_news(self, count: int) -> None:
        """So many closed sets are about to leave their buffer."""
        if self.sink:
            self._news.keep(self.sets[:count])

    def flush(self) -> None:
        """Hand the segments stored so far to the sink."""
        state, used = self.state, self.used
        count = state[at.RECORDS]
        if count and self.sink and used.guide:
            self.sink.take(
                SegmentBatch(
                    raw=self.window.raw[: self.window.size],
                    base=self.window.base,
                    guide=used.guide,
                    component=state[at.COMPONENT_BYTE],
                    repetition=max(state[at.REPETITION_BYTE], 0),
                    records=self.records[:count],
                    element_starts=self.element_starts[: state[at.RECORD_STARTS]],
                    sets=self._news.tell(self.sets, state[at.SETS], is_open=state[at.MODE] == at.GUIDED_SET),
                )
            )
        state[at.RECORDS] = state[at.RECORD_STARTS] = 0


def _signed(key: int) -> int:
    """The same 64 bits as a signed number."""
    return key - (1 << 64) if key >> 63 else key
