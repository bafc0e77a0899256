from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from edi import scanner
from edi.compiled.batch import (
    RECORD_ELEMENT,
    RECORD_ELEMENTS,
    RECORD_NODE,
    RECORD_SET,
    RECORD_START,
    RECORD_STOP,
    SegmentBatch,
)
from edi.guides.guide import Guide
from edi.reference.scanner import read_records
from edi.scan import Scan
from tests.edi.compiled.damage import heads

FileOf = Callable[..., bytes]
Segment = tuple[int, int, tuple[str, ...], int, int]
"""Set in the file, node, elements, byte range."""


class Collector:
    """A sink that keeps everything."""

    def __init__(
        self, kinds: frozenset[str] = frozenset({"837P", "837I", "837D", "834", "835", "999", "277CA"})
    ) -> None:
        self.kinds = kinds
        self.segments: list[Segment] = []
        self.news: list[tuple[int, ...]] = []
        self.scan: Scan | None = None

    def wanted(self, guide: Guide) -> NDArray[np.uint8] | None:
        """All of the chosen kinds."""
        return np.ones(len(guide.nodes), np.uint8) if guide.kind in self.kinds else None

    def take(self, batch: SegmentBatch) -> None:
        """Keep copies."""
        raw = batch.raw.tobytes().decode("latin-1")
        assert batch.guide.kind in self.kinds
        for row in batch.records.tolist():
            starts = batch.element_starts[row[RECORD_ELEMENT] :][: row[RECORD_ELEMENTS] + 1].tolist()
            elements = tuple(raw[start : stop - 1] for start, stop in pairwise(starts))
            place = (batch.base + row[RECORD_START], batch.base + row[RECORD_STOP])
            self.segments.append((row[RECORD_SET], row[RECORD_NODE], elements, *place))
        self.news += [tuple(row) for row in batch.sets.tolist()]

    def finish(self, scan: Scan) -> None:
        """Once."""
        assert self.scan is None
        self.scan = scan


def expected_segments(data: bytes) -> list[list[Segment]]:
    """By set that has a guide."""
    return [
        [(0, one.node.index, one.elements[:63], one.source_start, one.source_stop) for one in records.segments]
        for records in read_records(data)
    ]


@pytest.mark.parametrize("chunk", [256, 1000, 1 << 20])
def test_a_sink_is_told_every_segment_that_has_a_place(chunk: int) -> None:
    """In order, with its set, node, elements and byte range, and where every set begins and ends."""
    for data in heads():
        sink = Collector()
        scan = scanner.scan_stream(io.BytesIO(data), snip=2, sink=sink, chunk=chunk)
        assert sink.scan is scan
        numbers = list(dict.fromkeys(one[0] for one in sink.segments))
        by_set = [[(0, *one[1:]) for one in sink.segments if one[0] == number] for number in numbers]
        assert by_set == expected_segments(data)
        places = [
            (interchange.ordinal, group.ordinal, one.ordinal, one.source_stop, bool(group.guide))
            for interchange in scan.interchanges
            for group in interchange.groups
            for one in group.sets
        ]
        told = {row[0]: row[1:4] for row in sink.news}
        assert told == {number: places[number][:3] for number in numbers}
        assert all(row[4] in {-1, places[row[0]][3]} for row in sink.news)
        assert len(set(sink.news)) == len(sink.news)


def test_only_wanted_guides_are_stored(file_of: FileOf) -> None:
    """A file of claims and members, for one who takes members only: sets are counted all the same."""
    data = file_of("837P") + file_of("834").replace(b"000000101", b"000000102")
    sink = Collector(frozenset({"834"}))
    scanner.scan(data, sink=sink)
    assert {one[0] for one in sink.segments} == {1}
    assert {one[2][0] for one in sink.segments} >= {"ST", "INS", "HD", "SE"}


def test_more_segments_than_a_batch_holds_are_told(file_of: FileOf) -> None:
    """Buffers are emptied when they are full."""
    data = file_of("834")
    member = data[data.index(b"INS*N") : data.index(b"SE*")]
    big = data.replace(member, member * 30_000)
    sink = Collector()
    scanner.scan(big, snip=2, sink=sink)
    assert len(sink.segments) == big.count(b"~") - 4
