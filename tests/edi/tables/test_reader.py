from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.encodings import Encoding
from edi.guides.library import CATALOGUE, VERSION, default_library
from edi.reference.extract import extract
from edi.reference.scanner import read_records
from edi.scanner import scan, scan_stream
from edi.synthetic.files import Request, generate
from edi.tables.catalogue import tables_of
from edi.tables.claim_intake import CLAIM_INTAKE
from edi.tables.column_memory import Room
from edi.tables.reader import TableReader, Tables, read_tables, stream_tables
from edi.tables.specification import Column, Table
from tests.edi.tables.batches import feed
from tests.edi.tables.fullest_file import fullest_file

FileOf = Callable[..., bytes]

CORPUS = Path(__file__).parents[2] / "corpus"
FILES = sorted(
    path
    for path in CORPUS.glob("*/**/*")
    if path.is_file() and not path.name.startswith("LICENSE") and path.stat().st_size < 60_000
)
KINDS = ("834", "835", "837P", "277CA", "999")
ALL = tuple({table.name: table for kind in KINDS for table in tables_of(kind)}.values())
NARROW = Room(rows=8, text=300, largest=0, heap=1000)
"""So little that rows are handed on many times."""
ORIGINALS = [
    (CORPUS / name).read_bytes()
    for name in (
        "pyx12/834_deident_family.txt",
        "linuxforhealth/demo.example1.837",
        "linuxforhealth/two-claims-single-provider.837i",
        "imsweb/x12_multiple_gs.txt",
        "imsweb/x12_999_rejected.txt",
        "pyx12/functional/mult_isa.x12",
    )
]
NOISE = st.binary(max_size=6) | st.text("*:~^<>\n AZ09GSTEIA-.", max_size=6).map(str.encode)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), NOISE), max_size=6)


def expected(data: bytes, tables: tuple[Table, ...] = ALL, encoding: Encoding = "ascii") -> Tables:
    """By the reference."""
    return extract(read_records(data), tables, encoding)


def streamed(data: bytes, chunk: int, room: Room, encoding: Encoding = "ascii") -> Tables:
    """By the compiled scanner, so many bytes at a time."""
    reader = TableReader(ALL, encoding=encoding, room=room)
    scan_stream(BytesIO(data), encoding=encoding, sink=reader, chunk=chunk)
    return reader.tables


def assert_same(found: Tables, right: Tables) -> None:
    """The same tables: names, schemas, rows."""
    assert found.keys() == right.keys()
    for name, table in right.items():
        assert found[name].schema == table.schema
        assert found[name].to_pylist() == table.to_pylist(), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_every_file_of_the_corpus_gives_the_rows_of_the_reference(path: Path) -> None:
    """Whole, and in pieces that end anywhere."""
    data = path.read_bytes()
    right = expected(data)
    found = read_tables(data, ALL)[1]
    assert {name: table.validate(full=True) for name, table in found.items()} == dict.fromkeys(right)
    assert_same(found, right)
    assert_same(streamed(data, 300, NARROW), right)


@pytest.mark.parametrize("guide_id", CATALOGUE)
def test_a_file_with_every_segment_gives_the_rows_of_the_reference(guide_id: str) -> None:
    """Of every guide, every column that can hold something."""
    guide = default_library().find(VERSION, CATALOGUE[guide_id].functional_id, guide_id)
    assert guide
    data = fullest_file(guide)
    right = expected(data)
    assert sum(table.num_rows for table in right.values())
    assert_same(read_tables(data, ALL)[1], right)
    assert_same(streamed(data, 1000, NARROW), right)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(ORIGINALS), EDITS, st.integers(256, 5000), st.integers(1, 40))
def test_damaged_files_give_the_rows_of_the_reference(
    original: bytes, edits: list[tuple[float, int, bytes]], chunk: int, size: int
) -> None:
    """Whatever the damage, in chunks of any size, and in batches of any size."""
    data = original
    for place, gone, come in edits:
        at = int(place * len(data))
        data = data[:at] + come + data[at + gone :]
    right = expected(data)
    assert_same(streamed(data, chunk, NARROW), right)
    reader = TableReader(ALL)
    feed(reader, data, size)
    assert_same(reader.tables, right)


numbers = st.one_of(
    st.from_regex(r"-?[0-9]{0,20}(\.[0-9]{0,8})?", fullmatch=True),
    st.from_regex(r"[0-9]{1,16}", fullmatch=True),
    st.text("0123456789.-+E_ ", min_size=1, max_size=6),
)
moments = st.one_of(
    st.dates().map("{:%Y%m%d}".format),
    st.tuples(st.dates(), st.dates()).map(lambda days: f"{days[0]:%Y%m%d}-{days[1]:%Y%m%d}"),
    st.datetimes().map("{:%Y%m%d%H%M}".format),
    st.from_regex(r"[0-9]{3,17}", fullmatch=True),
    st.from_regex(r"[0-2][0-9][0-6][0-9]([0-6][0-9]([0-9]{0,2}))?", fullmatch=True),
    st.from_regex(r"20[0-9]{2}[01][0-9][0-3][0-9]([0-2][0-9][0-6][0-9])?", fullmatch=True),
)
VALUES = Table(
    "value",
    ("2300", "NTE"),
    (
        Column("text", "anchor/NTE02"),
        Column("money", "anchor/NTE02", "money"),
        Column("count", "anchor/NTE02", "count"),
        Column("quantity", "anchor/NTE02", "quantity"),
        Column("decimal", "anchor/NTE02", "decimal"),
        Column("day", "anchor/NTE02", "day"),
        Column("last_day", "anchor/NTE02", "last_day"),
        Column("time", "anchor/NTE02", "time"),
        Column("day_time", "anchor/NTE02", "day_time"),
    ),
    extent="segment",
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(numbers | moments, min_size=1, max_size=20))
def test_every_kind_reads_a_text_as_the_reference_does(file_of: FileOf, texts: list[str]) -> None:
    """Numbers and days at all borders: exact, or null."""
    notes = "".join(f"NTE*ADD*{text}~" for text in texts)
    data = file_of("837P").replace(b"HI*ABK", notes.encode() + b"HI*ABK")
    assert read_tables(data, (VALUES,))[1]["value"].to_pylist() == expected(data, (VALUES,))["value"].to_pylist()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_text_beyond_ascii_is_text(file_of: FileOf, encoding: Encoding) -> None:
    """By the encoding that the sender uses; what is no UTF-8 shows as replaced, and never breaks a table."""
    for name in ("MÜLLER".encode("latin-1"), "MÜLLER".encode(), b"M\xff\xfeLLER\xc3", b"\x80" * 300):
        data = file_of("837P").replace(b"DOE", name)
        right = expected(data, ALL, encoding)
        found = read_tables(data, ALL, encoding=encoding)[1]
        assert_same(found, right)
        assert_same(streamed(data, 256, NARROW, encoding), right)
        assert found["claim"].validate(full=True) is None
    text = {"ascii": "MÜLLER", "latin-1": "MÜLLER", "utf-8": "M\ufffdLLER"}[encoding]
    data = file_of("837P").replace(b"DOE", "MÜLLER".encode("latin-1"))
    assert read_tables(data, CLAIM_INTAKE, encoding=encoding)[1]["claim"]["subscriber_last_name"].to_pylist() == [text]


def test_what_is_streamed_is_what_is_read_at_once(tmp_path: Path, file_of: FileOf) -> None:
    """Rows come in pieces, those of a table in their order; nothing is kept."""
    data = file_of("837P")
    start, stop = data.index(b"ST*"), data.index(b"GE*")
    one = data[start:stop]
    many = b"".join(one.replace(b"*0001", b"*%04d" % number) for number in range(1, 400))
    path = tmp_path / "many.x12"
    path.write_bytes(data[:start] + many + b"GE*399*7~" + data[data.index(b"IEA") :])
    pieces: dict[str, list[pa.Table]] = {}

    def take(tables: Tables) -> None:
        for name, table in tables.items():
            pieces.setdefault(name, []).append(table)

    scanned = stream_tables(path, CLAIM_INTAKE, take, chunk=2000)
    whole_scan, whole = read_tables(path.read_bytes(), CLAIM_INTAKE)
    assert scanned == whole_scan == scan(path.read_bytes())
    for name, table in whole.items():
        rows = pa.concat_tables(pieces[name]).to_pylist() if table.num_rows else []
        assert rows == table.to_pylist()
    assert whole["claim"]["transaction_set"].to_pylist() == list(range(1, 400))


@pytest.mark.parametrize("kind", ["834", "837P", "837I", "837D"])
def test_a_file_fills_few_pieces_of_memory(kind: str) -> None:
    """However rare a table's rows are, and however many of them a segment may open."""
    _, tables = read_tables(generate(Request(kind=kind, size=2_000_000)), tables_of(kind))
    assert max(table.column("row").num_chunks for table in tables.values()) <= 5


@pytest.mark.parametrize("room", [NARROW, Room(rows=1, text=1, largest=0, heap=1)])
def test_a_better_value_that_comes_later_replaces_one_of_an_open_row(file_of: FileOf, room: Room) -> None:
    """Whatever its kind, whether it can be read or not, and although the row may have moved meanwhile."""
    table = Table(
        "member",
        ("2000", "INS"),
        (
            Column("text", "2100A/N401|2100A/NM103|2000/INS01"),
            Column("day", "2100A/DMG02|2000/INS12|2000/DTP[356]03", "day"),
            Column("amount", "2100A/DMG02|2000/DTP[356]03", "count"),
            Column("number", "2100A/N403|2100A/NM109", "quantity"),
        ),
    )
    data = file_of("834")
    for changed in (data, data.replace(b"DMG*D8*19", b"DMG*D8*1X"), data.replace(b"DMG*D8*", b"DMG*D8**")):
        reader = TableReader((table,), room=room)
        feed(reader, changed, 1)
        assert_same(reader.tables, expected(changed, (table,)))


def test_an_element_longer_than_the_heap_is_read(file_of: FileOf) -> None:
    """The room for text grows where a single segment needs more."""
    data = file_of("837P").replace(b"DOE", b"D" * 50_000)
    found = streamed(data, 1000, NARROW)
    assert found["claim"]["subscriber_last_name"].to_pylist() == ["D" * 50_000]
    assert_same(found, expected(data))


def test_nothing_is_wanted_of_a_guide_without_anchors(file_of: FileOf) -> None:
    """Neither its segments nor its rows."""
    scanned, tables = read_tables(file_of("834"), CLAIM_INTAKE)
    assert scanned.interchanges[0].groups[0].guide
    assert TableReader(CLAIM_INTAKE).wanted(scanned.interchanges[0].groups[0].guide) is None
    assert not any(table.num_rows for table in tables.values())
