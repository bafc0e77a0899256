"""Where the claims of an 837 and the members of an 834 begin and end, and which of them a finding lies in.

A claim is its CLM and what follows up to the next CLM or HL, loop 2300 and all under it; a member is its INS and what
follows up to the next INS, loop 2000. They are found by a look over the bytes of those sets alone that need it, so
that nobody who sends files without errors pays for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from edi.archived import ReadBytes
from edi.delimiters import Delimiters
from edi.guides.guide import Guide
from edi.guides.node import LoopNode
from edi.scan import TransactionSet

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

WINDOW = 4 << 20
"""Bytes looked at in one go."""
BLANKS = b" \t\r\n\v\f"
MOST_BLANKS = 64
"""Blanks before a segment that are stepped over one by one; more of them go in one step."""
SERVICE_DATES = (b"472", b"434")
"""DTP01 of the date of service, and of an institutional claim's statement."""
LONGEST_NAME = 40
"""Bytes after which a CLM01 or REF02 is not looked at any more: no 999 can hold it."""

CLOSES, OPENS, DATES, SERVES, NAMES = range(5)
"""What a segment is to us: end of a unit, begin of one, a DTP, a DTP with a date of service, and a unit's number."""


class UnitKind(NamedTuple):
    """What the units of a transaction are."""

    segment: str
    """That opens a unit."""
    loop: str
    closing: tuple[str, ...]
    """Other segments that end a unit."""
    name: tuple[str, ...]
    """What stands before the number that its sender knows a unit by: the segment id, and elements."""
    finding: str
    """Code of the finding that says a unit was refused."""


KINDS = {
    "837": UnitKind("CLM", "2300", ("HL", "SE"), ("CLM",), "CLAIM_SYNTAX"),
    "834": UnitKind("INS", "2000", ("SE",), ("REF", "0F"), "ENROLLMENT_MEMBER_SYNTAX"),
}
"""By ST01."""


class SetPlace(NamedTuple):
    """A set whose units are looked for."""

    transaction_set: TransactionSet
    delimiters: Delimiters
    kind: UnitKind


class UnitTable(NamedTuple):
    """The borders of units of some sets of a file, by offset; the other columns belong to the borders."""

    starts: Integers
    opens: Booleans
    """Does a unit begin at this border? It ends at the next."""
    positions: Integers
    """Of the segment in its transaction set."""
    name_starts: Integers
    name_stops: Integers
    """Byte range of the number of the unit that begins there; empty where there is none."""
    date_starts: Integers
    """Every DTP segment."""
    date_serves: Booleans
    """Is it a date of service?"""

    def containing(self, offsets: Integers, missing_before: Booleans) -> Integers:
        """The unit that each offset lies in, as the place of its border, or -1.

        What is missing from a loop is found out at the segment that comes instead. Where `missing_before` is set and
        the offset is that of a border, the unit before the border is meant.
        """
        found = np.searchsorted(self.starts, offsets, "right") - 1
        found -= (missing_before & (self.starts[found] == offsets)).astype(np.int64)
        inside = (found >= 0) & self.opens[found]
        return np.where(inside, found, -1)

    def serving(self, offsets: Integers) -> Booleans:
        """Is the DTP segment around each of these offsets a date of service?"""
        if not len(self.date_starts):
            return np.zeros(len(offsets), np.bool_)
        found = np.searchsorted(self.date_starts, offsets, "right") - 1
        return (found >= 0) & self.date_serves[found]


@lru_cache(maxsize=64)
def unit_loops(guide: Guide, loop: str) -> frozenset[str]:
    """Ids of the loop of a unit and of all loops under it."""
    ids: set[str] = set()
    for node in guide.nodes:
        if isinstance(node, LoopNode) and node.id == loop:
            ids.update(below.id for below in guide.nodes[node.index : node.stop] if isinstance(below, LoopNode))
    return frozenset(ids)


def find_units(places: Sequence[SetPlace], read: ReadBytes) -> UnitTable:
    """The units of these sets, which stand in the order of the file."""
    found = [part for alike in _alike(places) for batch in _batches(alike) for part in _look(batch, read)]
    if not found:
        return UnitTable(*(np.zeros(0, kind) for kind in (np.int64, np.bool_, *[np.int64] * 4, np.bool_)))
    events = np.concatenate(found, axis=1)
    start, mark, position, name_start, name_stop = events[:, np.argsort(events[0], kind="stable")]
    borders, dates = mark <= OPENS, (mark == DATES) | (mark == SERVES)
    name_start, name_stop = _named(start, borders, name_start, name_stop)
    return UnitTable(
        start[borders],
        mark[borders] == OPENS,
        position[borders],
        name_start,
        name_stop,
        start[dates],
        mark[dates] == SERVES,
    )


def _named(start: Integers, borders: Booleans, name_start: Integers, name_stop: Integers) -> tuple[Integers, Integers]:
    """For each border the first name that stands at it or behind it, before the next; else an empty range."""
    named = np.flatnonzero(name_stop)
    at = np.flatnonzero(borders)
    if not len(named):
        return start[at], start[at]
    first = np.searchsorted(named, at)
    beyond = np.append(at[1:], len(start))
    found = np.minimum(first, len(named) - 1)
    has_name = (first < len(named)) & (named[found] < beyond)
    place = named[found]
    return np.where(has_name, name_start[place], start[at]), np.where(has_name, name_stop[place], start[at])


def _alike(places: Sequence[SetPlace]) -> Iterator[list[SetPlace]]:
    """Sets of one kind under the same separators, which can be looked at together."""
    groups: dict[tuple[str, str, UnitKind], list[SetPlace]] = {}
    for place in places:
        key = (place.delimiters.segment, place.delimiters.element, place.kind)
        groups.setdefault(key, []).append(place)
    yield from groups.values()


def _batches(places: Sequence[SetPlace]) -> Iterator[list[SetPlace]]:
    """As many sets as make up a window, at least one."""
    batch: list[SetPlace] = []
    size = 0
    for place in places:
        length = place.transaction_set.source_stop - place.transaction_set.source_start
        if batch and size + length > WINDOW:
            yield batch
            batch, size = [], 0
        batch.append(place)
        size += length
    yield batch


def _look(batch: Sequence[SetPlace], read: ReadBytes) -> Iterator[Integers]:
    """The segments that matter, in one or more windows: offsets, marks, positions, and byte ranges of names.

    Several small sets make one window; of a set that is larger than one, each window ends behind a terminator.
    """
    kind, delimiters = batch[0].kind, batch[0].delimiters
    extents = [(one.transaction_set.source_start, one.transaction_set.source_stop) for one in batch]
    segments = _Segments(kind, delimiters)
    if len(batch) > 1 or extents[0][1] - extents[0][0] <= WINDOW:
        pieces = [read(start, stop) for start, stop in extents]
        yield segments.marked(pieces, np.array([start for start, _ in extents], np.int64))
    else:
        start, stop = extents[0]
        count, within = 0, False
        terminator = delimiters.segment.encode("latin-1")
        while start < stop and (piece := read(start, min(start + WINDOW, stop))):
            if start + len(piece) < stop:
                piece = piece[: piece.rfind(terminator) + 1] or piece
            yield segments.marked([piece], np.array([start], np.int64), count, within=within)
            count += segments.count
            start += len(piece)
            within = not piece.endswith(terminator) and (within or bool(piece.strip(BLANKS)))
    borders = np.array([border for extent in extents for border in extent], np.int64)
    columns = np.zeros((5, len(borders)), np.int64)
    columns[0], columns[1] = borders, CLOSES
    yield columns


class _Segments:
    """Tells the segments apart that matter, under given separators."""

    def __init__(self, kind: UnitKind, delimiters: Delimiters) -> None:
        self.terminator = ord(delimiters.segment)
        self.element = element = ord(delimiters.element)
        self.opening = _key(kind.segment, element)
        self.closing = [_key(segment_id, element) for segment_id in kind.closing]
        self.naming = delimiters.element.join((*kind.name, "")).encode("latin-1")
        self.date = _key("DTP", element)
        self.service = [int.from_bytes(one, "big") for one in SERVICE_DATES]
        self.blank = np.zeros(256, np.bool_)
        self.blank[list(BLANKS)] = True
        self.blank[self.terminator] = False
        self.count = 0
        """Segments in the last pieces that were marked."""

    def marked(self, pieces: Sequence[bytes], origins: Integers, counted: int = 0, *, within: bool = False) -> Integers:
        """Five rows: offsets in the file, marks, positions, and byte ranges of names.

        `counted` segments stand before the first piece, which begins `within` a segment or at the start of one.
        """
        raw = np.frombuffer(b"".join((*pieces, bytes(LONGEST_NAME))), np.uint8)
        lengths = np.array([len(piece) for piece in pieces], np.int64)
        firsts = np.cumsum(lengths) - lengths
        total = int(lengths.sum())
        begins = np.zeros(total + 1, np.bool_)
        np.equal(raw[:total], self.terminator, out=begins[1:])
        begins[firsts] = not within
        starts = self._past_blanks(raw, np.flatnonzero(begins[:total]), total)
        starts = starts[(starts < total) & (raw[starts] != self.terminator)]
        self.count = len(starts)
        marks, name_starts, name_stops = self._marks(raw, starts)
        found = np.flatnonzero(marks >= 0)
        piece_of = np.searchsorted(firsts, starts[found], "right") - 1
        ordinals = found - np.searchsorted(starts, firsts)[piece_of] + 1 + counted
        shift = (origins - firsts)[piece_of]
        named = name_stops[found] > 0
        return np.stack(
            (
                starts[found] + shift,
                marks[found],
                ordinals,
                np.where(named, name_starts[found] + shift, 0),
                np.where(named, name_stops[found] + shift, 0),
            )
        )

    def _past_blanks(self, raw: npt.NDArray[np.uint8], starts: Integers, total: int) -> Integers:
        rest = np.flatnonzero(self.blank[raw[starts]])
        for _ in range(MOST_BLANKS):
            if not len(rest):
                return starts
            starts[rest] += 1
            rest = rest[self.blank[raw[starts[rest]]]]
        solid = np.flatnonzero(~self.blank[raw])
        starts[rest] = solid[np.searchsorted(solid, starts[rest])]
        return np.minimum(starts, total)

    def _marks(self, raw: npt.NDArray[np.uint8], starts: Integers) -> tuple[Integers, Integers, Integers]:
        """Marks, -1 for segments that do not matter, and where names begin and end."""
        key = np.zeros(len(starts), np.int64)
        for place in range(4):
            key = key << 8 | raw[starts + place]
        marks = np.full(len(starts), -1, np.int64)
        names = np.flatnonzero(key == int.from_bytes(self.naming[:4], "big"))
        for place, byte in enumerate(self.naming[4:], 4):
            names = names[raw[starts[names] + place] == byte]
        marks[names] = NAMES
        marks[key == self.opening] = OPENS
        for closing in self.closing:
            marks[key >> 8 == closing] = CLOSES
        dates = np.flatnonzero(key == self.date)
        qualifier = np.zeros(len(dates), np.int64)
        for place in range(4, 7):
            qualifier = qualifier << 8 | raw[starts[dates] + place]
        marks[dates] = np.where(np.isin(qualifier, self.service), SERVES, DATES)
        name_starts, name_stops = np.zeros_like(starts), np.zeros_like(starts)
        name_starts[names] = starts[names] + len(self.naming)
        reach = raw[name_starts[names][:, None] + np.arange(LONGEST_NAME)]
        ends = (reach == self.element) | (reach == self.terminator)
        name_stops[names] = name_starts[names] + np.where(ends.any(axis=1), ends.argmax(axis=1), LONGEST_NAME)
        return marks, name_starts, name_stops


def _key(segment_id: str, element: int) -> int:
    """A segment id and the separator after it, as a number."""
    return int.from_bytes(segment_id.encode() + bytes([element]), "big")
