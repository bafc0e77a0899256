"""Read a file with pyx12 and with a scanner of ours, and tell where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from edi.guides.guide import Guide
from edi.guides.library import GuideLibrary
from edi.guides.node import ElementSpecification, SegmentNode
from edi.reference.scanner import read_records, scan
from edi.scan import Scan, TransactionSet
from tests.parity.our_reading import in_terms_of_pyx12
from tests.parity.pyx12_reading import Reading, read_with_pyx12
from tests.parity.rows import ENVELOPE, Place, Row, Rows

STOPS = "STOPS"
"""pyx12 reads no further, and says nothing."""
CRASH = "CRASH"
"""pyx12 ends with an exception."""
Scanner = Callable[..., Scan]


@dataclass
class Case:
    """One file under both readers."""

    name: str
    data: bytes
    rows: Rows
    theirs: Reading
    ours: Reading
    scan: Scan
    library: GuideLibrary
    _under: dict[int, Reading] = field(default_factory=dict)

    @property
    def compared(self) -> int:
        """Number of the first segment that is not compared: where pyx12 ended, and all after it."""
        if not self.theirs.read:
            return 2
        return self.theirs.read if self.theirs.crash else self.theirs.stops or self.rows.end + 1

    def differences(self) -> Iterator[Difference]:
        """Every place that only one of the two reports, in order; the last may be that pyx12 crashed."""
        theirs = {place for place in self.theirs.places if place.row < self.compared or place.code in {CRASH, STOPS}}
        ours = {place for place in self.ours.places if place.row < self.compared}
        for place in sorted(theirs ^ ours):
            yield Difference(self, place, is_ours=place in ours)

    @cached_property
    def nodes(self) -> dict[int, SegmentNode]:
        """By number of the segment: where the guide has it."""
        found = {}
        for one in read_records(self.data, self.library):
            for record in one.segments:
                found[self.rows.number_at(record.source_start)] = record.node
        return found

    @property
    def guides(self) -> set[Guide]:
        """Those of the groups."""
        return {group.guide for interchange in self.scan.interchanges for group in interchange.groups if group.guide}

    def has_ours(self, number: int, *codes: str) -> bool:
        """Do we report one of these at the segment?"""
        return any(place.row == number and place.code in codes for place in self.ours.places)

    @cached_property
    def suffixed(self) -> bytes:
        """The file without component separators at the end of elements 1 and 3, which may be qualifiers; or nothing."""
        rows, changed = self.rows, False
        segments = []
        for row in rows.rows:
            elements = list(row.elements)
            for place in (1, 3):
                if row.id not in ENVELOPE and place < len(elements) and elements[place].endswith(rows.component):
                    elements[place] = elements[place].rstrip(rows.component)
                    changed = True
            segments.append(rows.element.join(elements) + rows.terminator)
        return "".join(segments).encode("latin-1") if changed else b""

    @cached_property
    def without_suffixes(self) -> Reading:
        """Our reading of that."""
        rows = Rows(self.suffixed)
        return in_terms_of_pyx12(scan(self.suffixed, self.library, snip=2), rows)

    @cached_property
    def our_sets(self) -> dict[int, TransactionSet]:
        """By number of the segment: the set that our scan gives it to."""
        found = {}
        for interchange in self.scan.interchanges:
            for group in interchange.groups:
                for one in group.sets:
                    first, after = self.rows.number_at(one.source_start), self.rows.number_at(one.source_stop)
                    found.update(dict.fromkeys(range(first, max(after, first + 1)), one))
        return found

    def under(self, library: GuideLibrary) -> Reading:
        """Our reading, had our maps been those."""
        if id(library) not in self._under:
            self._under[id(library)] = in_terms_of_pyx12(scan(self.data, library, snip=2), self.rows)
        return self._under[id(library)]

    def has(self, number: int, *codes: str, element: int | None = None) -> bool:
        """Do both readers report one of these codes at the segment?"""
        both = self.theirs.places & self.ours.places
        return any(place.row == number and place.code in codes and element in {None, place.element} for place in both)

    def is_cut_off(self, number: int) -> bool:
        """Is a trailer missing before this segment?"""
        codes = {"SET_TRAILER_MISSING", "GROUP_TRAILER_MISSING", "INTERCHANGE_TRAILER_MISSING"}
        return not codes.isdisjoint(self.our_codes(number))

    def our_codes(self, number: int) -> set[str]:
        """Codes of our findings at a segment, by their own names."""
        return {one.code for one in self.scan.findings if self.rows.number_at(one.source_start) == number}


class Difference(NamedTuple):
    """A place that only one of the two readers reports."""

    case: Case
    place: Place
    is_ours: bool

    @property
    def code(self) -> str:
        """That of the place."""
        return self.place.code

    @property
    def row(self) -> Row | None:
        """None at the end of the file."""
        return self.case.rows.of(self.place.row)

    @property
    def value(self) -> str:
        """The element in question."""
        return self.row.element(self.place.element) if self.row and self.place.element else ""

    @property
    def node(self) -> SegmentNode | None:
        """Where we place the segment in the guide."""
        return self.case.nodes.get(self.place.row)

    @property
    def specification(self) -> ElementSpecification | None:
        """What the guide says of the element in question."""
        node, place = self.node, self.place.element
        return node.elements[place - 1] if node and 0 < place <= len(node.elements) else None

    def beside(self, code: str) -> bool:
        """Do both readers report this at the same element?"""
        return self.case.has(self.place.row, code, element=self.place.element)

    @property
    def others(self) -> set[str]:
        """What the reader who does not report this says of the same element."""
        other = self.case.theirs if self.is_ours else self.case.ours
        return {place.code for place in other.places if place[0] == self.place.row and place[2:4] == self.place[2:4]}


def compare(name: str, data: bytes, scanner: Scanner, library: GuideLibrary, theirs: Reading | None = None) -> Case:
    """Both readings of a file; pyx12's may be given where it is known."""
    rows = Rows(data)
    found = scanner(data, library, snip=2)
    return Case(name, data, rows, theirs or pyx12_reading(data), in_terms_of_pyx12(found, rows), found, library)


def pyx12_reading(data: bytes) -> Reading:
    """What pyx12 says, of what follows an empty segment too, where it stops."""
    rows = Rows(data)
    empty = rows.first_after_empty
    reading = read_with_pyx12(rows.without_empty() if empty else data)
    if empty and reading.read:
        reading.places.add(Place(empty, STOPS))
        reading.accepted = False
    if reading.crash:
        reading.places.add(Place(reading.read, CRASH))
    elif reading.read < len(rows.rows) - (not rows.terminated):
        reading.stops = reading.read + 1
        reading.places = {place for place in reading.places if place.row < reading.stops}
        reading.places.add(Place(reading.stops, STOPS))
    return reading
