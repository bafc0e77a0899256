"""Fill declared tables from the segments of a file, one plain row after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from edi.encodings import Encoding
from edi.guides.guide import Guide
from edi.guides.node import SegmentNode
from edi.reference.columns import convert
from edi.reference.records import SegmentRecord, SetRecords
from edi.tables.plan import Anchor, Reading, TablePlan, repetitions
from edi.tables.schema import NO_PARENT, table_schema
from edi.tables.specification import Column, Table

MOST_ELEMENTS = 63
"""Those that a scanner looks at, and the segment id."""


def extract(sets: Iterable[SetRecords], tables: Sequence[Table], encoding: Encoding = "ascii") -> dict[str, pa.Table]:
    """The tables of all these sets, by name; a set whose guide has no anchor of a table adds no rows to it.

    A table must stand after its parent and after those that it links to.
    """
    rows = {table.name: _Rows(table, encoding) for table in tables}
    for records in sets:
        _SetExtraction(rows, records).run(records)
    return {name: collected.to_arrow() for name, collected in rows.items()}


class _Rows:
    """Finished rows of one table."""

    def __init__(self, table: Table, encoding: Encoding) -> None:
        self.table = table
        self.encoding = encoding
        self.plans: dict[str, TablePlan] = {}
        self.schema = table_schema(table)
        self.data: list[list[object]] = [[] for _ in self.schema]
        self.opened = 0

    def plan(self, guide: Guide) -> TablePlan:
        if guide.id not in self.plans:
            self.plans[guide.id] = TablePlan(self.table, guide)
        return self.plans[guide.id]

    def add(self, row: _OpenRow, place: tuple[int, int, int], stop: int) -> None:
        """Choose among the alternatives of each column and turn the text into its kind."""
        values: list[object] = [*place, row.number, row.parent]
        first = 0
        for column in self.table.columns:
            values.append(self._value(column, row, row.values[first : first + len(column.sources)]))
            first += len(column.sources)
        values += (row.start, stop)
        for data, value in zip(self.data, values, strict=True):
            data.append(value)

    def _value(self, column: Column, row: _OpenRow, texts: Sequence[str | None]) -> object:
        if column.link:
            return row.links[column.link]
        if not column.sources:
            return row.anchor.loop.id
        text = next(filter(None, texts), None)
        if text is None:
            return None
        if column.kind == "text" and self.encoding == "utf-8":
            return text.encode("latin-1").decode("utf-8", "replace")
        return convert(text, column.kind)

    def to_arrow(self) -> pa.Table:
        arrays = [pa.array(data, field.type) for data, field in zip(self.data, self.schema, strict=True)]
        return pa.Table.from_arrays(arrays, schema=self.schema)


class _OpenRow(NamedTuple):
    number: int
    parent: int
    links: dict[str, int | None]
    anchor: Anchor
    values: list[str | None]
    """By alternative."""
    start: int


class _Part(NamedTuple):
    """What of an anchor makes a row: all of it, or a group of elements, or a repetition of one."""

    elements: tuple[str, ...]
    """Element 00 and those that follow in its group; empty where the anchor is not exploded."""
    start: int
    stop: int


class _OpenRows:
    """The row of a table that is being read, and what the next one would inherit."""

    def __init__(self, collected: _Rows, plan: TablePlan, others: dict[str, _OpenRows]) -> None:
        self.collected = collected
        self.plan = plan
        self.parent = others.get(plan.table.parent or "")
        self.links = {column.link: others.get(column.link) for column in plan.table.columns if column.link}
        self.inherited: list[str | None] = [None] * len(plan.alternatives)
        self.row: _OpenRow | None = None

    def take(self, record: SegmentRecord, records: SetRecords) -> None:
        """A segment: close, forget, open, read - in this order."""
        record = record._replace(elements=record.elements[:MOST_ELEMENTS])
        node, plan = record.node, self.plan
        anchor = plan.anchors[node.index]
        if self.row and (anchor or self._ends(self.row, node)):
            self.close(records, record.source_start)
        for alternative in plan.forgets[node.index]:
            self.inherited[alternative] = None
        rows = [self.row] if self.row else []
        stops: list[int] = []
        if anchor:
            parts = [*self._parts(record, records)]
            rows = [self._open(anchor, part, records) for part in parts]
            stops = [part.stop for part in parts]
            if plan.lasts:
                self.row = rows[0]
        self._read(record, rows, records.delimiters.component)
        if anchor and not plan.lasts:
            for row, stop in zip(rows, stops, strict=True):
                self._add(row, records, stop)

    @staticmethod
    def _ends(row: _OpenRow, node: SegmentNode) -> bool:
        loop = row.anchor.loop
        return not loop.index <= node.index < loop.stop or node is loop.children[0]

    def _read(self, record: SegmentRecord, rows: Sequence[_OpenRow], component: str) -> None:
        for reading in self.plan.readings[record.node.index]:
            text = _read_source(record, reading, component)
            if not text:
                continue
            self.inherited[reading.alternative] = text
            for row in rows:
                if (
                    reading.alternative in row.anchor.own
                    and reading.loop in {None, row.anchor.loop}
                    and row.values[reading.alternative] is None
                ):
                    row.values[reading.alternative] = text

    def _parts(self, record: SegmentRecord, records: SetRecords) -> Iterator[_Part]:
        table, elements = self.plan.table, record.elements
        separators = records.delimiters
        if table.explode is None:
            yield _Part((), record.source_start, record.source_start + sum(map(len, elements)) + len(elements) - 1)
            return
        first, last = table.explode[:2]
        starts = _starts(record)
        for place in range(first, min(last, len(elements) - 1) + 1, table.step):
            group = elements[place : min(place + table.step, last + 1)]
            stop = starts[place + len(group) - 1] + len(group[-1])
            most = repetitions(record.node, place) if table.repetitions else 0
            for part in (
                _repeated(group, starts[place], most, separators.repetition)
                if most
                else [_Part(group, starts[place], stop)]
            ):
                wanted = not table.qualifiers or part.elements[0].split(separators.component, 1)[0] in table.qualifiers
                if wanted and any(part.elements):
                    yield part

    def _open(self, anchor: Anchor, part: _Part, records: SetRecords) -> _OpenRow:
        values = [None if number in anchor.own else text for number, text in enumerate(self.inherited)]
        if part.elements:
            for number, source in enumerate(self.plan.alternatives):
                if not source.element:
                    text = read_element(part.elements, source.offset, source.component, records.delimiters.component)
                    values[number] = text
        parent = self.parent.row.number if self.parent and self.parent.row else NO_PARENT
        links = {name: rows.row.number if rows and rows.row else None for name, rows in self.links.items()}
        row = _OpenRow(self.collected.opened, parent, links, anchor, values, part.start)
        self.collected.opened += 1
        return row

    def _add(self, row: _OpenRow, records: SetRecords, stop: int) -> None:
        place = (records.interchange, records.functional_group, records.transaction_set)
        self.collected.add(row, place, stop)

    def close(self, records: SetRecords, stop: int) -> None:
        """The open row, if there is one, ends."""
        if self.row:
            self._add(self.row, records, stop)
        self.row = None


class _SetExtraction:
    """Reads one transaction set into all tables."""

    def __init__(self, rows: dict[str, _Rows], records: SetRecords) -> None:
        self.tables: dict[str, _OpenRows] = {}
        for name, collected in rows.items():
            plan = collected.plan(records.guide)
            if any(plan.anchors):
                self.tables[name] = _OpenRows(collected, plan, self.tables)

    def run(self, records: SetRecords) -> None:
        tables = tuple(self.tables.values())
        for record in records.segments:
            for table in tables:
                table.take(record, records)
        for table in tables:
            table.close(records, records.source_stop)


def _starts(record: SegmentRecord) -> list[int]:
    """Where each element starts in the file."""
    starts = [record.source_start]
    for element in record.elements:
        starts.append(starts[-1] + len(element) + 1)
    return starts


def _repeated(group: tuple[str, ...], start: int, most: int, separator: str) -> Iterator[_Part]:
    """The repetitions of an element, at most as many as the guide allows."""
    for text in (group[0].split(separator) if separator else [group[0]])[:most]:
        yield _Part((text,), start, start + len(text))
        start += len(text) + 1


def _read_source(record: SegmentRecord, reading: Reading, component: str) -> str:
    node, elements = record.node, record.elements
    if reading.qualifier and reading.qualifier != read_element(
        elements, node.key_element, node.key_component, component
    ):
        return ""
    return read_element(elements, reading.element, reading.component, component)


def read_element(elements: Sequence[str], element: int, component: int, separator: str) -> str:
    """An element or one of its components, empty where absent."""
    if element >= len(elements):
        return ""
    text = elements[element]
    if not component:
        return text
    parts = text.split(separator)
    return parts[component - 1] if component <= len(parts) else ""
