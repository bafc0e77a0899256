from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

from edi.scan import Scan
from edi.tables.enrollment import ENROLLMENT_INTAKE
from edi.tables.schema import table_schema
from edi.verdict import FileVerdict
from parsers.enrollment_834 import read

Judged = Callable[[bytes], tuple[Scan, FileVerdict, dict[str, Any]]]
Rows = Callable[[Any], list[dict[str, object]]]
FIRST_SET = {"interchange": 1, "functional_group": 1, "transaction_set": 1}


def cut(data: bytes, row: dict[str, object]) -> bytes:
    """The bytes a row says it came from."""
    start, stop = row.pop("source_start"), row.pop("source_stop")
    assert isinstance(start, int)
    assert isinstance(stop, int)
    return data[start:stop]


def test_two_terminations(corpus: Path, judged: Judged, rows: Rows) -> None:
    """Read by hand from the file: header, members with both their dates, and the coverage of each."""
    data = (corpus / "pyx12/834_deident_term.txt").read_bytes()
    tables = read(*judged(data))
    (header,) = rows(tables["enrollment_header"])
    assert cut(data, header).startswith(b"BGN*00*20260401-003*")
    assert header == {
        **FIRST_SET,
        "row": 0,
        "parent_row": -1,
        "purpose": "00",
        "reference": "20260401-003",
        "action": "2",
        "sponsor_qualifier": "FI",
        "sponsor_id": "345678902",
        "payer_id": "765432108",
        "control_number": "0001",
        "guide": "005010X220A1",
        "created": date(2026, 4, 1),
        "created_at": time(15, 0),
    }
    first, second = rows(tables["enrollment_member"])
    assert cut(data, first).startswith(b"INS*Y*18*024*XN*T*C**FT~\nREF*0F*M000010~")
    assert first == {
        **FIRST_SET,
        "row": 0,
        "parent_row": -1,
        "sponsor_id": "345678902",
        "is_subscriber": "Y",
        "relationship_code": "18",
        "maintenance_type": "024",
        "maintenance_reason": "XN",
        "benefit_status": "T",
        "subscriber_number": "M000010",
        "group_number": "GRP003",
        "last_name": "JONES",
        "first_name": "PATRICIA",
        "identifier_qualifier": "34",
        "identifier": "000000010",
        "birth_date": date(1968, 9, 24),
        "gender": "F",
        "address": "300 PINE RD",
        "city": "LAKEWOOD",
        "state": "OH",
        "zip": "44107",
        "eligibility_begin": date(2021, 1, 1),
        "eligibility_end": date(2026, 3, 31),
        "medicare_plan": "C",
        "employment_status": "FT",
        "name_entity": "IL",
    }
    assert (second["row"], second["last_name"], second["middle_name"]) == (1, "BROWN", "R")
    coverages = rows(tables["enrollment_coverage"])
    assert [cut(data, one) for one in coverages] == [b"HD*024**PPO**EMP~\nDTP*349*D8*20260331~\n"] * 2
    assert coverages[1] == {
        **FIRST_SET,
        "row": 1,
        "parent_row": 1,
        "maintenance_type": "024",
        "insurance_line": "PPO",
        "tier": "EMP",
        "end": date(2026, 3, 31),
    }


def test_members_know_what_the_header_says(corpus: Path, judged: Judged, rows: Rows) -> None:
    """Master policy and sponsor are repeated on every member, since groups are found by them."""
    (member,) = rows(read(*judged((corpus / "pyx12/834_deident_new_enroll.txt").read_bytes()))["enrollment_member"])
    assert (member["master_policy"], member["sponsor_id"], member["middle_name"]) == ("GRP001", "123456780", "M")


def test_a_dependant_has_no_coverage_unless_it_is_sent(corpus: Path, judged: Judged, rows: Rows) -> None:
    """Coverage belongs to the INS it follows: three members, one coverage, that of the subscriber."""
    tables = read(*judged((corpus / "pyx12/834_deident_family.txt").read_bytes()))
    members = rows(tables["enrollment_member"])
    assert [(one["is_subscriber"], one["relationship_code"], one["first_name"]) for one in members] == [
        ("Y", "18", "ROBERT"),
        ("N", "01", "MARY"),
        ("N", "19", "MICHAEL"),
    ]
    assert "address" not in members[1]
    assert [one["parent_row"] for one in rows(tables["enrollment_coverage"])] == [0]


def test_only_accepted_sets_are_read(corpus: Path, judged: Judged, rows: Rows) -> None:
    """The member of a rejected set does not exist for us."""
    data = (corpus / "pyx12/834_deident_new_enroll.txt").read_bytes()
    start, stop = data.index(b"ST*"), data.index(b"GE*")
    second = data[start:stop].replace(b"*0001", b"*0002").replace(b"*JANE*", b"*JOAN*").replace(b"REF*0F", b"REF*??")
    third = data[start:stop].replace(b"*0001", b"*0003").replace(b"*JANE*", b"*JUNE*")
    three = data[:stop] + second + third + data[stop:].replace(b"GE*1*", b"GE*3*")
    members = rows(read(*judged(three))["enrollment_member"])
    assert [(one["transaction_set"], one["first_name"], one["row"]) for one in members] == [
        (1, "JANE", 0),
        (3, "JUNE", 1),
    ]


def test_tables_without_rows_keep_their_schema(corpus: Path, judged: Judged) -> None:
    """A file of claims has the same columns and no members."""
    tables = read(*judged((corpus / "linuxforhealth/demo.example1.837").read_bytes()))
    assert {name: table.schema for name, table in tables.items()} == {
        table.name: table_schema(table) for table in ENROLLMENT_INTAKE
    }
    assert {table.num_rows for table in tables.values()} == {0}
