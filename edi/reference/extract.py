"""Fill declared tables from a scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import pyarrow as pa

from edi.dates import DAY_DIGITS, RANGE_CHARACTERS, parse_date, parse_range
from edi.guides.guide import Guide
from edi.reference.hierarchy import parse_count
from edi.money import to_cents
from edi.scan import Scan, SegmentRecord, TransactionSet
from edi.tables.plan import Anchor, TablePlan
from edi.tables.specification import Kind, Table

Accept = Callable[[int, int, int], bool]
"""Is this set wanted? By the ordinals of interchange, functional group and transaction set."""

QUANTITY_PLACES = Decimal("0.001")
ARROW_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "money": pa.int64(),
    "count": pa.int64(),
    "quantity": pa.decimal128(15, 3),
    "day": pa.date32(),
    "last_day": pa.date32(),
}
PLACE_FIELDS = (
    ("interchange", pa.int32()),
    ("functional_group", pa.int32()),
    ("transaction_set", pa.int32()),
    ("row", pa.int64()),
    ("parent_row", pa.int64()),
)
RANGE_FIELDS = (("source_start", pa.int64()), ("source_stop", pa.int64()))
NO_PARENT = -1


def table_schema(table: Table) -> pa.Schema:
    """The schema of an extracted table.

    First the place: interchange, functional_group, transaction_set (ordinals as in the scan), row (from 0 in this
    extraction) and parent_row (-1: none); then the columns; then the row's byte range in the file.
    """
    columns = ((column.name, ARROW_TYPES[column.kind]) for column in table.columns)
    return pa.schema([pa.field(name, kind) for name, kind in (*PLACE_FIELDS, *columns, *RANGE_FIELDS)])


def extract(scan: Scan, tables: Sequence[Table], accept: Accept) -> dict[str, pa.Table]:
    """The tables of all accepted sets that have a guide, by name; a set whose guide has no anchor adds no rows.

    A parent must stand before its children in `tables`.
    """
    rows = {table.name: _Rows(table) for table in tables}
    for interchange in scan.interchanges:
        for group in interchange.groups:
            if group.guide is None:
                continue
            for transaction_set in group.sets:
                place = (interchange.ordinal, group.ordinal, transaction_set.ordinal)
                if transaction_set.segments and accept(*place):
                    component = interchange.delimiters.component
                    _SetExtraction(rows, group.guide, place, component).run(transaction_set)
    return {name: collected.to_arrow() for name, collected in rows.items()}


class _Rows:
    """Finished rows of one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
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
            if column.sources:
                texts = row.values[first : first + len(column.sources)]
                first += len(column.sources)
                text = next(filter(None, texts), None)
                values.append(convert(text, column.kind) if text else None)
            else:
                values.append(row.anchor.loop.id)
        values += (row.start, stop if row.stop is None else row.stop)
        for data, value in zip(self.data, values, strict=True):
            data.append(value)

    def to_arrow(self) -> pa.Table:
        arrays = [pa.array(data, field.type) for data, field in zip(self.data, self.schema, strict=True)]
        return pa.Table.from_arrays(arrays, schema=self.schema)


class _OpenRow(NamedTuple):
    number: int
    parent: int
    anchor: Anchor
    values: list[str | None]
    """By alternative."""
    start: int
    stop: int | None
    """None: where the row is closed."""


class _OpenRows:
    """The rows of a table that are being read (several where the anchor exploded), and what they would inherit."""

    def __init__(self, collected: _Rows, plan: TablePlan, parent: _OpenRows | None) -> None:
        self.collected = collected
        self.plan = plan
        self.parent = parent
        self.inherited: list[str | None] = [None] * len(plan.alternatives)
        self.rows: list[_OpenRow] = []

    @property
    def number(self) -> int:
        """Of the open row, as its children's parent."""
        return self.rows[-1].number if self.rows else NO_PARENT

    def take(self, record: SegmentRecord, place: tuple[int, int, int], component: str) -> None:
        """A segment: close, forget, open, read - in this order."""
        node, plan = record.node, self.plan
        if self.rows:
            loop = self.rows[0].anchor.loop
            outside = not loop.index <= node.index < loop.stop or node is loop.children[0]
            if outside or plan.anchors[node.index] is not None:
                self.close(place, record.source_start)
        for alternative in plan.forgets[node.index]:
            self.inherited[alternative] = None
        anchor = plan.anchors[node.index]
        if anchor is not None:
            self._open(anchor, record, component)
        for alternative, element, part, qualifier in plan.readings[node.index]:
            if qualifier and qualifier != read_element(
                record.elements, node.key_element, node.key_component, component
            ):
                continue
            text = read_element(record.elements, element, part, component)
            if text:
                self.inherited[alternative] = text
                for row in self.rows:
                    if alternative in row.anchor.own and row.values[alternative] is None:
                        row.values[alternative] = text

    def _open(self, anchor: Anchor, record: SegmentRecord, component: str) -> None:
        table = self.plan.table
        if table.explode is None:
            self._append(anchor, record.source_start, None, None, component)
            return
        start = record.source_start + len(record.elements[0]) + 1
        first, last = table.explode
        for place, element in enumerate(record.elements[1 : last + 1], 1):
            wanted = place >= first and element
            if wanted and (not table.qualifiers or element.split(component, 1)[0] in table.qualifiers):
                self._append(anchor, start, start + len(element), element, component)
            start += len(element) + 1

    def _append(self, anchor: Anchor, start: int, stop: int | None, exploded: str | None, component: str) -> None:
        values = [None if number in anchor.own else text for number, text in enumerate(self.inherited)]
        if exploded is not None:
            for number, source in enumerate(self.plan.alternatives):
                if not source.element:
                    values[number] = read_element(("", exploded), 1, source.component, component)
        parent = self.parent.number if self.parent else NO_PARENT
        self.rows.append(_OpenRow(self.collected.opened, parent, anchor, values, start, stop))
        self.collected.opened += 1

    def close(self, place: tuple[int, int, int], stop: int) -> None:
        for row in self.rows:
            self.collected.add(row, place, stop)
        self.rows = []


class _SetExtraction:
    """Reads one transaction set into all tables."""

    def __init__(self, rows: dict[str, _Rows], guide: Guide, place: tuple[int, int, int], component: str) -> None:
        self.place = place
        self.component = component
        self.tables: dict[str, _OpenRows] = {}
        for name, collected in rows.items():
            plan = collected.plan(guide)
            if any(plan.anchors):
                parent = self.tables.get(collected.table.parent or "")
                self.tables[name] = _OpenRows(collected, plan, parent)

    def run(self, transaction_set: TransactionSet) -> None:
        tables: Iterable[_OpenRows] = tuple(self.tables.values())
        for record in transaction_set.segments:
            for table in tables:
                table.take(record, self.place, self.component)
        for table in tables:
            table.close(self.place, transaction_set.source_stop)


def read_element(elements: Sequence[str], element: int, component: int, separator: str) -> str:
    """An element or one of its components, empty where absent."""
    if element >= len(elements):
        return ""
    text = elements[element]
    if not component:
        return text
    parts = text.split(separator)
    return parts[component - 1] if component <= len(parts) else ""


def convert(text: str, kind: Kind) -> object:
    """The value that a text of this kind stands for, or None where it is none."""
    match kind:
        case "money":
            try:
                return to_cents(text)
            except ValueError:
                return None
        case "count":
            return parse_count(text)
        case "quantity":
            return _quantity(text)
        case "day" | "last_day":
            return _day(text, last=kind == "last_day")
        case _:
            return text


def _day(text: str, *, last: bool) -> date | None:
    """The day of D8 or of a date with time; of a range its first or last."""
    if len(text) != RANGE_CHARACTERS:
        return parse_date(text[:DAY_DIGITS])
    days = parse_range(text)
    return days[last] if days else None


def _quantity(text: str) -> Decimal | None:
    """Exactly as written, with at most three places after the point."""
    try:
        exact = Decimal(text)
        rounded = exact.quantize(QUANTITY_PLACES)
    except InvalidOperation:
        return None
    return rounded if rounded == exact and abs(rounded) < 10**12 else None
