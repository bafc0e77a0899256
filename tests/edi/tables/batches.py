"""Batches as the compiled scanner makes them, made of the segments that the reference scanner reads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from edi.compiled.batch import RECORD_FIELDS, SegmentBatch
from edi.reference.records import SegmentRecord, SetRecords
from edi.reference.scanner import read_records, scan
from edi.scan import Scan
from edi.tables.table_reader import TableReader

MOST_ELEMENTS = 63
Taken = tuple[int, SetRecords, SegmentRecord]


def feed(reader: TableReader, data: bytes, size: int = 1 << 30) -> Scan:
    """Hand a file to a reader, at most so many segments a batch, each in a buffer that is spoilt afterwards."""
    scanned = scan(data)
    news = _News()
    for taken in _runs(reader, data, scanned, size):
        batch = _batch(data, taken, news)
        reader.take(batch)
        batch.raw[:] = ord("?")
    reader.finish(scanned)
    return scanned


def _runs(reader: TableReader, data: bytes, scanned: Scan, size: int) -> Iterator[list[Taken]]:
    """Wanted segments of one guide and one set of delimiters."""
    places = [
        (interchange.ordinal, group.ordinal, transaction_set.ordinal)
        for interchange in scanned.interchanges
        for group in interchange.groups
        for transaction_set in group.sets
    ]
    run: list[Taken] = []
    for records in read_records(data):
        number = places.index((records.interchange, records.functional_group, records.transaction_set))
        wanted = reader.wanted(records.guide)
        if run and (records.guide is not run[-1][1].guide or records.delimiters != run[-1][1].delimiters):
            yield run
            run = []
        for record in records.segments:
            if wanted is not None and wanted[record.node.index]:
                run.append((number, records, record))
                if len(run) == size:
                    yield run
                    run = []
    if run:
        yield run


class _News:
    """Which sets were told, and which of them as ended."""

    def __init__(self) -> None:
        self.open: tuple[int, SetRecords] | None = None

    def of(self, taken: list[Taken]) -> list[tuple[int, ...]]:
        told: dict[int, tuple[int, ...]] = {}
        if self.open:
            told[self.open[0]] = self._row(*self.open, ended=self.open[0] != taken[-1][0])
        for number, records, record in taken:
            last = record is records.segments[-1]
            told[number] = self._row(number, records, ended=last or number != taken[-1][0])
        self.open = taken[-1][:2] if told[taken[-1][0]][-1] < 0 else None
        return [told[number] for number in sorted(told)]

    @staticmethod
    def _row(number: int, records: SetRecords, *, ended: bool) -> tuple[int, ...]:
        place = (records.interchange, records.functional_group, records.transaction_set)
        return (number, *place, records.source_stop if ended else -1)


def _batch(data: bytes, taken: list[Taken], news: _News) -> SegmentBatch:
    _, records, first = taken[0]
    base = first.source_start
    raw = np.frombuffer(bytearray(data[base : taken[-1][2].source_stop]), np.uint8)
    rows: list[tuple[int, ...]] = []
    starts: list[int] = []
    for number, _, record in taken:
        elements = record.elements[:MOST_ELEMENTS]
        rows.append((record.node.index, record.source_start - base, len(starts), len(elements), number))
        at = record.source_start - base
        for element in elements:
            starts.append(at)
            at += len(element) + 1
        starts.append(at)
    stops = [record.source_stop - base for *_, record in taken]
    delimiters = records.delimiters
    return SegmentBatch(
        raw=raw,
        base=base,
        guide=records.guide,
        component=ord(delimiters.component),
        repetition=ord(delimiters.repetition) if delimiters.repetition else 0,
        records=np.array([(*row, stop) for row, stop in zip(rows, stops, strict=True)], np.int32).reshape(
            -1, RECORD_FIELDS
        ),
        element_starts=np.array(starts, np.uint32),
        sets=np.array(news.of(taken), np.int64).reshape(-1, 5),
    )
