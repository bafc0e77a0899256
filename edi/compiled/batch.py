"""What the compiled scanner hands on to whoever wants the segments of a file: positions, never copies of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from edi.guides.guide import Guide
    from edi.scan import Scan

RECORD_NODE, RECORD_START, RECORD_ELEMENT, RECORD_ELEMENTS, RECORD_SET, RECORD_STOP = range(6)
"""Columns of `SegmentBatch.records`."""
RECORD_FIELDS = 6


class SegmentBatch(NamedTuple):
    """Segments of one guide under one set of delimiters, in the order of the file; maybe of many sets.

    Element e of record r, the segment id being element 0, is `raw[s[e] : s[e + 1] - 1]` with
    `s = element_starts[r[RECORD_ELEMENT] :]`. Elements beyond the 62nd are not told.
    """

    raw: NDArray[np.uint8]
    """The buffer, of which nothing may be kept: it is filled anew after the call."""
    base: int
    """The place in the file of `raw[0]`."""
    guide: Guide
    component: int
    """The component separator as a byte value."""
    repetition: int
    """The repetition separator as a byte value, 0 where the interchange has none."""
    records: NDArray[np.int32]
    """A row a segment: node, start in `raw`, its first entry in `element_starts`, number of elements with the id (63 at
    most), the number of its transaction set in the file (from 0, sets without a guide counted too), and the byte
    after its terminator."""
    element_starts: NDArray[np.uint32]
    """For each record the start of each of its elements in `raw`, then one entry more: the byte after the separator or
    terminator that ends the last one (after its text, where line ends stand before a terminator that is one too)."""
    sets: NDArray[np.int64]
    """A row for every set with a guide that began or ended since the last batch, in their order: its number in the
    file, the ordinals of interchange, functional group and set, and where it ends in the file (-1 while it is open)."""


class SegmentSink(Protocol):
    """Takes the segments of a file while it is scanned."""

    def wanted(self, guide: Guide) -> NDArray[np.uint8] | None:
        """Which nodes' segments are wanted: not 0 at their index; None when nothing of this guide is."""

    def take(self, batch: SegmentBatch) -> None:
        """Segments, all of which must be read before this returns."""

    def finish(self, scan: Scan) -> None:
        """The file is at its end; called once."""
