"""Lines of dental claims: dates of the claim, areas and teeth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from edi.reference.extract import extract
from edi.reference.scanner import read_records, scan
from edi.tables.claim_intake import CLAIM_INTAKE
from parsers.claim_lines import complete_lines

Rows = Callable[[Any], list[dict[str, object]]]

HEAD = """
ISA*00*          *00*          *ZZ*CLEARING       *ZZ*PLAN           *250301*0915*^*00501*000000101*0*T*:
GS*HC*CLEARING*PLAN*20250301*0915*7*X*005010X224A2
ST*837*0001*005010X224A2
BHT*0019*00*BATCH3*20250301*0915*CH
NM1*41*2*CLEARING HOUSE*****46*CLEARING
PER*IC*HELP DESK*TE*5555550100
NM1*40*2*HEALTH PLAN*****46*PLAN
HL*1**20*1
NM1*85*2*GREEN DENTAL*****XX*1234567893
N3*1 MAIN STREET
N4*SPRINGFIELD*IL*627010001
REF*EI*123456789
HL*2*1*22*0
SBR*P*18*******CI
NM1*IL*1*DOE*JANE****MI*M1001
N3*2 OAK STREET
N4*SPRINGFIELD*IL*62701
DMG*D8*19800102*F
NM1*PR*2*HEALTH PLAN*****PI*PLAN
"""
CLAIM_OF_A_DAY = """
CLM*PCN1*375***11:B:1*Y*A*Y*Y
DTP*472*D8*20250214
LX*1
SV3*AD:D2392*225****1
TOO*JP*3*M:O
TOO*JP*14
TOO*JP*A*B:D:F
LX*2
SV3*AD:D7140*150**10:20*R
DTP*472*D8*20250213
"""
CLAIM_OF_DAYS = """
CLM*PCN2*80***11:B:1*Y*A*Y*Y
DTP*472*RD8*20250110-20250112
LX*1
SV3*AD:D1110*50
LX*2
SV3*AD:D0120*30
"""
ESTIMATE = """
CLM*PCN3*900***11:B:1*Y*A*Y*Y**********PB
LX*1
SV3*AD:D8080*900
"""


def dental(*claims: str) -> bytes:
    """A file with these claims."""
    segments = [segment for part in (HEAD, *claims) for segment in part.strip().split("\n")]
    segments += [f"SE*{len(segments) - 1}*0001", "GE*1*7", "IEA*1*000000101"]
    return "".join(f"{segment}~" for segment in segments).encode()


@pytest.fixture(scope="module")
def lines(rows: Rows) -> list[dict[str, object]]:
    """Lines of three claims, by what is present."""
    data = dental(CLAIM_OF_A_DAY, CLAIM_OF_DAYS, ESTIMATE)
    assert list(scan(data, snip=2).findings) == []
    return rows(complete_lines(extract(read_records(data), CLAIM_INTAKE)))


def days(line: dict[str, object]) -> tuple[str, ...]:
    """First and last day, as far as there are any."""
    return tuple(str(line[name]) for name in ("service_from", "service_through") if name in line)


def test_a_line_without_a_date_has_its_claims(lines: list[dict[str, object]]) -> None:
    """One date or range for all lines; a line's own goes before it; an estimate has none."""
    assert [days(line) for line in lines] == [
        ("2025-02-14", "2025-02-14"),
        ("2025-02-13", "2025-02-13"),
        ("2025-01-10", "2025-01-12"),
        ("2025-01-10", "2025-01-12"),
        (),
    ]


def test_teeth_and_areas_stand_with_their_line(lines: list[dict[str, object]]) -> None:
    """In the order of the file, surfaces behind their tooth."""
    assert [line.get("teeth") for line in lines] == ["3:MO 14 A:BDF", None, None, None, None]
    assert [line.get("oral_cavity_areas") for line in lines] == [None, "10 20", None, None, None]
    assert [line.get("prosthesis_code") for line in lines] == [None, "R", None, None, None]


def test_services_are_read_from_sv3(lines: list[dict[str, object]]) -> None:
    """Procedure, charge and count under the names of the other claims."""
    told = [(line["procedure_qualifier"], line["procedure_code"], line["charge_cents"]) for line in lines]
    assert told[:2] == [("AD", "D2392", 22500), ("AD", "D7140", 15000)]
    assert [str(line.get("quantity")) for line in lines[:2]] == ["1.000", "None"]
    assert not any("unit" in line for line in lines)


def test_a_file_without_dental_lines_has_the_columns(rows: Rows) -> None:
    """Nothing extracted, nothing derived, the same schema."""
    some = complete_lines(extract(read_records(dental(CLAIM_OF_A_DAY)), CLAIM_INTAKE))
    none = complete_lines(extract(read_records(b""), CLAIM_INTAKE))
    assert none.schema == some.schema
    assert rows(none) == []
