from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from edi.guides.library import default_library
from edi.reference.extract import extract
from edi.reference.scanner import read_records, scan
from edi.tables.keep import keep_sets
from edi.tables.plan import unknown_sources
from edi.tables.schema import table_schema
from edi.tables.specification import Column, Kind, Source, Table, parse_source

FileOf = Callable[..., bytes]

CLAIM = Table(
    "claim",
    ("2300", "CLM"),
    (
        Column("batch", "HEADER/BHT03"),
        Column("billing_npi", "2010AA/NM109"),
        Column("subscriber_id", "2010BA/NM109"),
        Column("birth_date", "2010CA/DMG02|2010BA/DMG02", "day"),
        Column("number", "2300/CLM01"),
        Column("charge", "2300/CLM02", "money"),
        Column("frequency", "2300/CLM05-3"),
        Column("original", "2300/REF[F8]02"),
        Column("rendering_npi", "2310B/NM109"),
        Column("patient_status", "2300/CL103"),
        Column("from", "2300/DTP[434]03", "day"),
        Column("through", "2300/DTP[434]03", "last_day"),
    ),
)
LINE = Table(
    "line",
    ("2400", "LX"),
    (
        Column("claim_number", "2300/CLM01"),
        Column("number", "2400/LX01", "count"),
        Column("procedure", "2400/SV101-2"),
        Column("charge", "2400/SV102|2400/SV203", "money"),
        Column("quantity", "2400/SV104|2400/SV205", "quantity"),
        Column("from", "2400/DTP[472]03", "day"),
        Column("through", "2400/DTP[472]03", "last_day"),
        Column("reference", "2400/REF[6R]02"),
    ),
    parent="claim",
)
DIAGNOSIS = Table(
    "diagnosis",
    ("2300", "HI"),
    (Column("qualifier", "anchor/HI00-1"), Column("code", "anchor/HI00-2"), Column("present", "anchor/HI00-9")),
    parent="claim",
    explode=(1, 12),
    qualifiers=frozenset({"ABK", "ABF", "ABJ"}),
)
OCCURRENCE = Table(
    "occurrence",
    ("2300", "HI"),
    (Column("code", "anchor/HI00-2"), Column("day", "anchor/HI00-4", "day")),
    parent="claim",
    explode=(1, 12),
    qualifiers=frozenset({"BH"}),
)
PARTY = Table(
    "party",
    ("1000A|2010AA|2310B|2420A", "NM1"),
    (
        Column("loop", "anchor"),
        Column("entity", "anchor/NM101"),
        Column("name", "anchor/NM103"),
        Column("line", "2400/LX01", "count"),
    ),
    parent="claim",
)
TABLES = (CLAIM, LINE, DIAGNOSIS, OCCURRENCE, PARTY)
PLACE = ["interchange", "functional_group", "transaction_set", "row", "parent_row"]


def tables_of(data: bytes, tables: tuple[Table, ...] = TABLES) -> dict[str, list[dict[str, Any]]]:
    """The rows of all tables, of a file without findings."""
    assert scan(data, snip=2).findings == []
    return {name: table.to_pylist() for name, table in extract(read_records(data), tables).items()}


def values(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """These columns of the rows."""
    return [tuple(row[name] for name in names) for row in rows]


def test_rows_hold_what_the_segments_say(file_of: FileOf) -> None:
    """Own and inherited columns, money in cents, dates as dates, absent values as null."""
    data = file_of("837P")
    found = tables_of(data)
    assert values(found["claim"], *(column.name for column in CLAIM.columns)) == [
        (
            "BATCH1",
            "1234567893",
            "M1001",
            date(1980, 1, 2),
            "PCN1",
            15050,
            "7",
            "250600000012",
            "1234567802",
            None,
            None,
            None,
        )
    ]
    assert values(found["line"], *(column.name for column in LINE.columns)) == [
        ("PCN1", 1, "99213", 10050, Decimal("1.000"), date(2025, 2, 15), date(2025, 2, 15), None),
        ("PCN1", 2, "94010", 5000, Decimal("1.000"), date(2025, 2, 15), date(2025, 2, 16), "LINE2"),
    ]
    assert values(found["diagnosis"], "qualifier", "code") == [("ABK", "J45909"), ("ABF", "E119")]


def test_one_declaration_serves_several_guides(file_of: FileOf) -> None:
    """A source that a guide does not have is null there; alternatives take what is present."""
    second = file_of("837I").replace(b"*7*X*", b"*8*X*").replace(b"GE*1*7", b"GE*1*8")
    found = tables_of(file_of("837P")[: -len("IEA*1*000000101~")] + second[106:].replace(b"IEA*1*", b"IEA*2*"))
    assert values(found["claim"], "functional_group", "number", "charge", "patient_status", "from", "through") == [
        (1, "PCN1", 15050, None, None, None),
        (2, "PCN2", 90000, "01", date(2025, 2, 1), date(2025, 2, 4)),
    ]
    assert values(found["line"], "row", "parent_row", "charge", "quantity") == [
        (0, 0, 10050, Decimal("1.000")),
        (1, 0, 5000, Decimal("1.000")),
        (2, 1, 90000, Decimal("3.000")),
    ]
    assert values(found["diagnosis"], "parent_row", "qualifier", "present") == [
        (0, "ABK", None),
        (0, "ABF", None),
        (1, "ABK", "Y"),
        (1, "ABJ", None),
    ]
    assert values(found["occurrence"], "parent_row", "code", "day") == [
        (1, "42", date(2025, 2, 4)),
        (1, "A1", date(2025, 1, 1)),
    ]


def test_anchors_in_several_loops_name_their_loop(file_of: FileOf) -> None:
    """Each party knows its loop, its claim if it stands in one, and its line if it stands in one."""
    data = file_of("837P", {"REF*6R*LINE2": "REF*6R*LINE2~NM1*82*1*POE*ANN****XX*1234567810"})
    assert values(tables_of(data)["party"], "loop", "entity", "name", "parent_row", "line") == [
        ("1000A", "41", "CLEARING HOUSE", -1, None),
        ("2010AA", "85", "GREEN CLINIC", -1, None),
        ("2310B", "82", "ROE", 0, None),
        ("2420A", "82", "POE", 0, 2),
    ]


def test_a_row_covers_its_loop(file_of: FileOf) -> None:
    """The byte range of a row runs from its anchor to the end of its loop, that of an exploded one is its element."""
    data = file_of("837P")
    found = tables_of(data)
    texts = {name: [data[row["source_start"] : row["source_stop"]] for row in rows] for name, rows in found.items()}
    assert texts["claim"][0].startswith(b"CLM*PCN1*")
    assert texts["claim"][0].endswith(b"REF*6R*LINE2~")
    assert [text[:5] for text in texts["line"]] == [b"LX*1~", b"LX*2~"]
    assert texts["line"][0].endswith(b"DTP*472*D8*20250215~")
    assert texts["diagnosis"] == [b"ABK:J45909", b"ABF:E119"]
    assert texts["party"][1] == data[data.index(b"NM1*85") : data.index(b"HL*2")]


def test_what_is_inherited_ends_with_its_loop(file_of: FileOf) -> None:
    """A value of one subscriber's claim is not the next one's: neither the patient's birth date nor the original."""
    first = file_of("837P")
    dependant = (
        "HL*3*1*22*1~SBR*P********CI~NM1*IL*1*POE*ANN****MI*M2002~NM1*PR*2*HEALTH PLAN*****PI*PLAN~"
        "HL*4*3*23*0~PAT*19~NM1*QC*1*POE*TIM~N3*3 ELM STREET~N4*SPRINGFIELD*IL*62701~DMG*D8*20150607*M~"
        "CLM*PCN3*10***11:B:1*Y*A*Y*Y~HI*ABK:J45909~LX*1~SV1*HC:94010*10*UN*1***1~DTP*472*D8*20250215~"
        "HL*5*1*22*0~SBR*P*18*******CI~NM1*IL*1*FOE*SUE****MI*M3003~N3*4 ASH STREET~N4*SPRINGFIELD*IL*62701~"
        "DMG*D8*19700809*F~NM1*PR*2*HEALTH PLAN*****PI*PLAN~"
        "CLM*PCN4*10***11:B:1*Y*A*Y*Y~HI*ABK:J45909~LX*1~SV1*HC:94010*10*UN*1***1~DTP*472*D8*20250215"
    )
    data = first.replace(b"REF*6R*LINE2~SE*29*", f"REF*6R*LINE2~{dependant}~SE*56*".encode())
    found = tables_of(data)
    assert values(found["claim"], "number", "subscriber_id", "birth_date", "original", "rendering_npi") == [
        ("PCN1", "M1001", date(1980, 1, 2), "250600000012", "1234567802"),
        ("PCN3", "M2002", date(2015, 6, 7), None, None),
        ("PCN4", "M3003", date(1970, 8, 9), None, None),
    ]
    assert values(found["line"], "claim_number", "parent_row", "number") == [
        ("PCN1", 0, 1),
        ("PCN1", 0, 2),
        ("PCN3", 1, 1),
        ("PCN4", 2, 1),
    ]


MEMBER = Table(
    "member",
    ("2000", "INS"),
    (
        Column("policy", "HEADER/REF[38]02"),
        Column("sponsor", "1000A/N104"),
        Column("subscriber", "2000/REF[0F]02"),
        Column("begin", "2000/DTP[356]03", "day"),
        Column("last_name", "2100A/NM103"),
        Column("first_name", "2100A/NM104"),
        Column("birth_date", "2100A/DMG02", "day"),
    ),
)
COVERAGE = Table(
    "coverage", ("2300", "HD"), (Column("line", "2300/HD03"), Column("begin", "2300/DTP[348]03", "day")), "member"
)


def test_members_and_their_coverages(file_of: FileOf) -> None:
    """Header values are every member's; a member without coverages has none; another's values do not leak."""
    found = tables_of(file_of("834"), (MEMBER, COVERAGE))
    assert values(found["member"], *(column.name for column in MEMBER.columns)) == [
        ("POLICY1", "987654321", "S1001", date(2025, 3, 1), "DOE", "JANE", date(1980, 1, 2)),
        ("POLICY1", "987654321", "S1001", None, "DOE", "JACK", None),
    ]
    assert values(found["coverage"], "parent_row", "line", "begin") == [
        (0, "HLT", date(2025, 3, 1)),
        (0, "DEN", date(2025, 4, 1)),
    ]


def test_only_accepted_sets_are_read(file_of: FileOf) -> None:
    """Rows of refused sets do not exist; row numbers have no gaps."""
    data = file_of("834")
    start, stop = data.index(b"ST*"), data.index(b"GE*")
    second = data[start:stop].replace(b"0001", b"0002").replace(b"JACK", b"JILL")
    both = data[:stop] + second + b"GE*2*7~" + data[stop + len("GE*1*7~") :]
    assert scan(both, snip=2).findings == []
    found = extract(read_records(both), (MEMBER, COVERAGE))
    kept = keep_sets(found, (MEMBER, COVERAGE), lambda _interchange, _group, number: number == 2)
    table = kept["member"]
    assert table.select(["transaction_set", "row", "first_name"]).to_pylist() == [
        {"transaction_set": 2, "row": 0, "first_name": "JANE"},
        {"transaction_set": 2, "row": 1, "first_name": "JILL"},
    ]
    assert kept["coverage"]["parent_row"].to_pylist() == [0, 0]
    assert keep_sets(found, (MEMBER,), lambda *_: False)["member"].num_rows == 0
    assert keep_sets(found, (MEMBER, COVERAGE), lambda *_: True) == found


def test_a_damaged_file_still_gives_its_rows(file_of: FileOf) -> None:
    """Whether to use them is decided elsewhere; a value that is not of its kind is null, a cut row ends at the cut."""
    data = file_of("837P").replace(b"*150.5*", b"*15O.5*").replace(b"*D8*20250215~", b"*D8*20250230~")
    cut = data[: data.index(b"LX*2")]
    found = extract(read_records(cut), (CLAIM, LINE))
    assert found["claim"].select(["number", "charge"]).to_pylist() == [{"number": "PCN1", "charge": None}]
    assert found["line"].select(["number", "from", "source_stop"]).to_pylist() == [
        {"number": 1, "from": None, "source_stop": len(cut)}
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_schema_is_the_same_without_rows(table: Table) -> None:
    """An empty file has tables too."""
    empty = extract([], (table,))[table.name]
    assert empty.schema == table_schema(table)
    assert empty.schema.names == [*PLACE, *(column.name for column in table.columns), "source_start", "source_stop"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text", pa.string()),
        ("money", pa.int64()),
        ("count", pa.int64()),
        ("quantity", pa.decimal128(15, 3)),
        ("day", pa.date32()),
        ("last_day", pa.date32()),
    ],
)
def test_each_kind_has_its_arrow_type(kind: Kind, expected: pa.DataType) -> None:
    """Money is whole cents, quantities are exact, days are days."""
    table = Table("one", ("2300", "CLM"), (Column("value", "2300/CLM01", kind),))
    assert table_schema(table).field("value").type == expected


def test_sources_are_read_as_written() -> None:
    """Loop, segment, qualifier, element and component; alternatives in order."""
    assert parse_source("2300/REF[F8]02|2010AA/SV101-2") == (
        Source("2300", "REF", "F8", 2, 0),
        Source("2010AA", "SV1", None, 1, 2),
    )
    assert parse_source("anchor/HI00-2") == (Source("anchor", "HI", None, 0, 2),)


@pytest.mark.parametrize("source", ["", "CLM01", "2300/CLM", "2300/CLM1", "2300/clm01", "2300/CLM01-", "2300/CLM01|"])
def test_a_source_that_does_not_read_is_refused(source: str) -> None:
    """A mistake in a declaration shows when the module is imported."""
    with pytest.raises(ValueError, match="form"):
        Column("value", source)


def test_a_source_that_no_guide_has_is_found() -> None:
    """The check that a test of declarations makes."""
    library = default_library()
    guides = [library.find("00501", "HC", guide_id) for guide_id in ("005010X222A1", "005010X223A2")]
    known = [guide for guide in guides if guide]
    wrong = Table(
        "wrong", ("2300", "CLM"), (Column("good", "2300/CLM01"), Column("bad", "2300/REF[??]02".replace("??", "QQ")))
    )
    assert unknown_sources(TABLES, known) == []
    assert unknown_sources((wrong, Table("none", ("9999", "CLM"), ())), known) == ["wrong.bad", "none"]
