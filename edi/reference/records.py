"""Segments as the reference scanner hands them on."""

from __future__ import annotations

from typing import NamedTuple

from edi.delimiters import Delimiters
from edi.guides.guide import Guide
from edi.guides.node import SegmentNode


class SegmentRecord(NamedTuple):
    """A segment that has a place in the guide."""

    node: SegmentNode
    position: int
    """In the transaction set, ST = 1."""
    elements: tuple[str, ...]
    """As sent, the segment id first, so that CLM01 is `elements[1]`; composites and repetitions are not split."""
    source_start: int
    source_stop: int
    """Byte range, with the terminator."""


class SetRecords(NamedTuple):
    """The segments of a transaction set that has a guide."""

    interchange: int
    functional_group: int
    transaction_set: int
    """Ordinals as in the scan."""
    guide: Guide
    delimiters: Delimiters
    segments: tuple[SegmentRecord, ...]
    source_stop: int
    """Where the set ends."""
