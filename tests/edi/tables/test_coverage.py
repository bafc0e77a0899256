from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from edi.finding_codes import CODES
from edi.guides.guide import Guide
from edi.guides.library import CATALOGUE, VERSION, default_library
from edi.reference.columns import convert
from edi.reference.extract import extract, read_element
from edi.reference.records import SegmentRecord, SetRecords
from edi.reference.scanner import read_records, scan
from edi.tables.catalogue import ALL_TABLES, tables_of
from edi.tables.claim_intake import CLAIM_INTAKE
from edi.tables.coverage import REASONS, Holder, Place, formats_of, holders, is_kept, places, reason, unheld
from edi.tables.enrollment import ENROLLMENT_INTAKE
from edi.tables.plan import unknown_sources
from edi.tables.schema import NO_PARENT
from edi.tables.specification import ANCHOR, Column, Table
from tests.edi.tables.fullest_file import fullest_file

GUIDES = tuple(CATALOGUE)
CORPUS = Path(__file__).parents[2] / "corpus"
VALID = (CORPUS / "valid_by_pyx12.txt").read_text().split()


def guide_of(guide_id: str) -> Guide:
    """A supported guide."""
    guide = default_library().find(VERSION, CATALOGUE[guide_id].functional_id, guide_id)
    assert guide
    return guide


def guides_of(*kinds: str) -> list[Guide]:
    """All guides of these kinds."""
    return [guide_of(guide_id) for guide_id, entry in CATALOGUE.items() if entry.kind in kinds]


CLAIM_KINDS = ("837P", "837I", "837D")


@pytest.mark.parametrize("guide_id", GUIDES)
def test_every_element_of_a_guide_is_in_a_column(guide_id: str) -> None:
    """Or has a declared reason to be in none."""
    guide = guide_of(guide_id)
    dropped = [
        (node.path, place.element, place.component)
        for place, node, element in unheld(tables_of(guide.kind), guide)
        if reason(node, element) is None
    ]
    assert dropped == []


@pytest.mark.parametrize("guide_id", GUIDES)
def test_every_segment_of_a_guide_is_in_a_table(guide_id: str) -> None:
    """Except the trailer of the set, and what only brackets others."""
    guide = guide_of(guide_id)
    held = {place.node for place in holders(tables_of(guide.kind), guide)}
    assert {node.id for place, node, _ in places(guide) if place.node not in held} <= {"SE", "LS", "LE"}


def test_every_reason_is_needed() -> None:
    """And no other one is left over from a guide that changed."""
    needed = {
        reason(node, element)
        for guide_id in GUIDES
        for _, node, element in unheld(tables_of(CATALOGUE[guide_id].kind), guide_of(guide_id))
    }
    assert needed == set(REASONS)


@pytest.mark.parametrize("guide_id", GUIDES)
def test_a_file_with_everything_is_valid(guide_id: str) -> None:
    """What the next tests are made with: no finding, and every segment of the guide."""
    guide = guide_of(guide_id)
    data = fullest_file(guide)
    assert [*scan(data, snip=2).findings] == []
    [records] = read_records(data)
    assert {record.node.index for record in records.segments} == {place.node for place, _, _ in places(guide)}


@pytest.mark.parametrize("guide_id", GUIDES)
def test_no_value_of_a_full_file_is_dropped(guide_id: str) -> None:
    """Each value of each segment stands in a column, as often as it was sent."""
    assert_nothing_dropped(fullest_file(guide_of(guide_id)))


@pytest.mark.parametrize("name", VALID)
def test_no_value_of_a_valid_file_is_dropped(name: str) -> None:
    """So too of files that others wrote."""
    assert_nothing_dropped((CORPUS / name).read_bytes())


def assert_nothing_dropped(data: bytes) -> None:
    """Compare the values in the segments with those in the tables, for each set by itself."""
    scanned = scan(data, snip=2)
    assert [one for one in scanned.findings if CODES[one.code].severity in {"error", "reject"}] == []
    for records in read_records(data):
        tables = tables_of(records.guide.kind)
        expected = sent(records, holders(tables, records.guide))
        extracted = extract([records], tables)
        for (table, column), values in expected.items():
            found = Counter(extracted[table][column].to_pylist())
            assert values <= found, (table, column)


def sent(records: SetRecords, held: dict[Place, list[Holder]]) -> dict[tuple[str, str], Counter[object]]:
    """By table and column, what must be there; every value is in some column that keeps it, or has a reason not to."""
    expected: dict[tuple[str, str], Counter[object]] = {}
    by_node: dict[int, list[tuple[Place, object]]] = {}
    elements = {}
    for place, _, element in places(records.guide):
        by_node.setdefault(place.node, []).append((place, element))
        elements[place] = element
    for record in records.segments:
        qualifier = qualifier_of(record, records)
        for place, _ in by_node.get(record.node.index, []):
            columns = [one for one in held.get(place, []) if one.qualifier in {None, qualifier}]
            for text in texts_at(record, place, records):
                for one in columns:
                    value = convert(text, one.kind)
                    if value is not None:
                        expected.setdefault((one.table, one.column), Counter())[value] += 1
                kinds = {one.kind for one in columns if convert(text, one.kind) is not None}
                is_held = is_kept(elements[place], kinds, formats_of(record.node, place))
                assert is_held or reason(record.node, elements[place]), (record.node, place)
    return expected


def texts_at(record: SegmentRecord, place: Place, records: SetRecords) -> list[str]:
    """What was sent there: nothing, a value, or one for each repetition."""
    if place.element >= len(record.elements):
        return []
    separator = records.delimiters.repetition
    repeats = separator and record.node.elements[place.element - 1].repeat > 1
    whole = record.elements[place.element]
    repetitions = whole.split(separator) if repeats else [whole]
    texts = [read_element((one,), 0, place.component, records.delimiters.component) for one in repetitions]
    return [text for text in texts if text]


def qualifier_of(record: SegmentRecord, records: SetRecords) -> str:
    """The value that tells segments of its id apart."""
    node = record.node
    return read_element(record.elements, node.key_element, node.key_component, records.delimiters.component)


@pytest.mark.parametrize("guide_id", GUIDES)
def test_a_row_lies_inside_its_parent(guide_id: str) -> None:
    """The byte range of the parent, and of every row that a row links to, holds the start of the row's own."""
    guide = guide_of(guide_id)
    tables = tables_of(guide.kind)
    extracted = extract(read_records(fullest_file(guide)), tables)
    ranges = {
        name: list(zip(rows["source_start"].to_pylist(), rows["source_stop"].to_pylist(), strict=True))
        for name, rows in extracted.items()
    }
    for table in tables:
        others = {"parent_row": table.parent, **{column.name: column.link for column in table.columns if column.link}}
        for column, other in others.items():
            for start, number in zip(
                extracted[table.name]["source_start"].to_pylist(),
                extracted[table.name][column].to_pylist(),
                strict=True,
            ):
                if other and number not in {None, NO_PARENT}:
                    first, stop = ranges[other][number]
                    assert first <= start < stop, (table.name, column)


ABOVE = {
    "claim_hierarchy_party": {"1000A", "1000B"},
    "claim_hierarchy_contact": {"1000A"},
    "enrollment_reference": {"HEADER"},
    "enrollment_date": {"HEADER"},
    "remittance_reference": {"HEADER", "1000A", "1000B"},
    "remittance_contact": {"1000A"},
}
"""Rows that stand above the table that is their parent elsewhere: they belong to the transaction set."""


@pytest.mark.parametrize("guide_id", GUIDES)
def test_only_what_stands_above_its_parents_has_none(guide_id: str) -> None:
    """No claim, line, date or number is left hanging."""
    guide = guide_of(guide_id)
    tables = tables_of(guide.kind)
    extracted = extract(read_records(fullest_file(guide)), tables)
    for table in tables:
        rows = extracted[table.name].to_pylist()
        orphans = [row for row in rows if row["parent_row"] == NO_PARENT]
        if table.parent:
            assert {row["loop"] for row in orphans} == ABOVE.get(table.name, set()), table.name
        else:
            assert orphans == rows


def test_every_source_stands_in_a_guide() -> None:
    """A mistyped loop, segment, qualifier, element or component would only ever be empty."""
    for table in ALL_TABLES:
        assert unknown_sources([table], guides_of(*table.kinds)) == []


def test_every_source_of_the_intake_stands_in_a_guide() -> None:
    """Of what the pipeline loads as of what is offered to read."""
    assert unknown_sources(CLAIM_INTAKE, guides_of(*CLAIM_KINDS)) == []
    assert unknown_sources(ENROLLMENT_INTAKE, guides_of("834")) == []


def test_a_table_is_read_from_its_own_kinds_only() -> None:
    """Other kinds use the same loop ids: 2000A is a level of an 837 and of a 277CA."""
    files = {
        kind: read_records(fullest_file(guides_of(kind)[0])) for kind in ("834", *CLAIM_KINDS, "835", "277CA", "999")
    }
    for kind, records in files.items():
        rows = {name for name, table in extract(records, ALL_TABLES).items() if table.num_rows}
        assert rows <= {table.name for table in tables_of(kind)}
    assert {table.name for table in ALL_TABLES} == {
        name for records in files.values() for name, table in extract(records, ALL_TABLES).items() if table.num_rows
    }


def test_names_are_unique_and_parents_come_first() -> None:
    """In every list: tables, the columns of a table, and what a table refers to."""
    for tables in (ALL_TABLES, CLAIM_INTAKE, ENROLLMENT_INTAKE):
        before: set[str] = set()
        for table in tables:
            names = [column.name for column in table.columns]
            assert len(names) == len(set(names)), table.name
            assert table.name not in before
            assert {table.parent or table.name, *(column.link for column in table.columns if column.link)} <= {
                table.name,
                *before,
            }, table.name
            before.add(table.name)


def test_the_complete_tables_have_all_columns_of_the_intake() -> None:
    """Of the same name, source and kind."""
    complete = {table.name: table for table in ALL_TABLES}
    for table in (*CLAIM_INTAKE, *ENROLLMENT_INTAKE):
        theirs = {column.name: column for column in complete[table.name].columns}
        for column in table.columns:
            assert (theirs[column.name].source, theirs[column.name].kind) == (column.source, column.kind), table.name


def test_everything_says_what_it_is() -> None:
    """Each table and each column has a description of one line."""
    for table in (*ALL_TABLES, *CLAIM_INTAKE, *ENROLLMENT_INTAKE):
        assert table.description.endswith("."), table.name
        for column in table.columns:
            assert column.description.strip() == column.description != "", (table.name, column.name)


SOURCED = ("2300", "CLM")


def test_what_is_not_held_is_seen() -> None:
    """The proof fails where a column is missing, reads half of a range, or sees the first of several segments only."""
    guide = guide_of("005010X222A1")
    tables = (
        Table("claim", SOURCED, (Column("number", "2300/CLM01"), Column("day", "2300/DTP[435]03", "day"))),
        Table("line", ("2400", "LX"), (Column("line", "2400/LX01", "count"), Column("note", "2400/K301"))),
        Table("service", ("2400", "DTP"), (Column("loop", ANCHOR), Column("day", "anchor/DTP03", "day"))),
    )
    missing = {
        (node.parent.id, node.id, place.element, min(node.key_codes, default=""))
        for place, node, _ in unheld(tables, guide)
    }
    assert ("2300", "CLM", 1, "") not in missing
    assert ("2300", "CLM", 2, "") in missing
    assert ("2300", "DTP", 3, "435") not in missing
    assert ("2400", "LX", 1, "") not in missing
    assert ("2400", "K3", 1, "") in missing
    assert ("2400", "DTP", 3, "607") not in missing
    assert ("2400", "DTP", 3, "472") in missing
