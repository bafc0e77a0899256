from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from edi.finding_codes import CODES
from edi.findings import Finding
from edi.reference import scanner
from edi.reference.scanner import read_records

scan = partial(scanner.scan, snip=2)

FileOf = Callable[..., bytes]
LONG = "9" * 40

ELEMENT_FAULTS = [
    # kind, segment, damaged, code, position, loop, element, component
    (
        "837P",
        "BHT*0019*00*BATCH1*20250301*0915*CH",
        "BHT*0019*00**20250301*0915*CH",
        "ELEMENT_MISSING",
        2,
        "HEADER",
        3,
        0,
    ),
    (
        "837P",
        "BHT*0019*00*BATCH1*20250301*0915*CH",
        "BHT*0019*00*BATCH1*20250301*0915",
        "ELEMENT_MISSING",
        2,
        "HEADER",
        6,
        0,
    ),
    (
        "837P",
        "BHT*0019*00*BATCH1*20250301*0915*CH",
        "BHT*0019*00*BATCH1*20250230*0915*CH",
        "ELEMENT_DATE",
        2,
        "HEADER",
        4,
        0,
    ),
    (
        "837P",
        "BHT*0019*00*BATCH1*20250301*0915*CH",
        "BHT*0019*00*BATCH1*20250301*2515*CH",
        "ELEMENT_TIME",
        2,
        "HEADER",
        5,
        0,
    ),
    (
        "837P",
        "BHT*0019*00*BATCH1*20250301*0915*CH",
        "BHT*0019*99*BATCH1*20250301*0915*CH",
        "ELEMENT_CODE",
        2,
        "HEADER",
        2,
        0,
    ),
    (
        "837P",
        "BHT*0019*00*BATCH1*20250301*0915*CH",
        "BHT*0019*00*BATCH1*20250301*0915*CH*X",
        "ELEMENT_TOO_MANY",
        2,
        "HEADER",
        7,
        0,
    ),
    ("837P", "N3*1 MAIN STREET", "N3*1 MAIN\tSTREET", "ELEMENT_CHARACTER", 8, "2010AA", 1, 0),
    ("837P", "N3*1 MAIN STREET", "N3*1 MAIN STREET ", "ELEMENT_CHARACTER", 8, "2010AA", 1, 0),
    ("837P", "N3*1 MAIN STREET", "N3*1 MAIN:STREET", "ELEMENT_CHARACTER", 8, "2010AA", 1, 0),
    ("837P", "N3*1 MAIN STREET", "N3*1 MAIN^STREET", "ELEMENT_REPETITIONS", 8, "2010AA", 1, 0),
    ("837P", "N3*1 MAIN STREET", f"N3*{LONG}{LONG}", "ELEMENT_LONG", 8, "2010AA", 1, 0),
    ("837P", "N4*SPRINGFIELD*IL*627010001", "N4*X*IL*627010001", "ELEMENT_SHORT", 9, "2010AA", 1, 0),
    ("837P", "N4*SPRINGFIELD*IL*627010001", "N4*SPRINGFIELD*IL*627010001**CY", "ELEMENT_NOT_USED", 9, "2010AA", 5, 0),
    (
        "837P",
        "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y",
        "CLM*PCN1*15O.5***11:B:7*Y*A*Y*Y",
        "ELEMENT_CHARACTER",
        18,
        "2300",
        2,
        0,
    ),
    (
        "837P",
        "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y",
        "CLM*PCN1*150.505***11:B:7*Y*A*Y*Y",
        "ELEMENT_CHARACTER",
        18,
        "2300",
        2,
        0,
    ),
    (
        "837P",
        "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y",
        "CLM*PCN1*99999999999999999***11:B:7*Y*A*Y*Y",
        "ELEMENT_LONG",
        18,
        "2300",
        2,
        0,
    ),
    ("837P", "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y", "CLM*PCN1*150.5***11::7*Y*A*Y*Y", "ELEMENT_MISSING", 18, "2300", 5, 2),
    ("837P", "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y", "CLM*PCN1*150.5***11:A:7*Y*A*Y*Y", "ELEMENT_CODE", 18, "2300", 5, 2),
    (
        "837P",
        "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y",
        "CLM*PCN1*150.5***11:B:7:1*Y*A*Y*Y",
        "ELEMENT_COMPONENTS",
        18,
        "2300",
        5,
        4,
    ),
    (
        "837P",
        "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y",
        "CLM*PCN1*150.5***11:B:7^11*Y*A*Y*Y",
        "ELEMENT_REPETITIONS",
        18,
        "2300",
        5,
        0,
    ),
    ("837P", "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y", "CLM*PCN1*150.5****Y*A*Y*Y", "ELEMENT_MISSING", 18, "2300", 5, 0),
    ("837P", "DMG*D8*19800102*F", "DMG*D8*1980010*F", "ELEMENT_DATE", 16, "2010BA", 2, 0),
    ("837P", "DTP*472*D8*20250215", "DTP*472*D8*20250215-20250216", "ELEMENT_DATE", 24, "2400", 3, 0),
    ("837P", "DTP*472*RD8*20250215-20250216", "DTP*472*RD8*20250215", "ELEMENT_DATE", 27, "2400", 3, 0),
    ("837P", "LX*2", "LX*3", "LX_SEQUENCE", 25, "2400", 1, 0),
    ("837I", "LX*1", "LX*2", "LX_SEQUENCE", 22, "2400", 1, 0),
    ("837P", "HL*2*1*22*0", "HL*3*1*22*0", "HL_SEQUENCE", 11, "2000B", 1, 0),
    ("837P", "HL*2*1*22*0", "HL*2*9*22*0", "HL_PARENT", 11, "2000B", 2, 0),
    ("837I", "DTP*435*DT*202502011030", "DTP*435*DT*202502012530", "ELEMENT_DATE", 17, "2300", 3, 0),
    (
        "837I",
        "HI*BH:42:D8:20250204*BH:A1:D8:20250101",
        "HI*BH:42:D8:20250204*BH:A1:D8:20250132",
        "ELEMENT_DATE",
        21,
        "2300",
        2,
        4,
    ),
    (
        "834",
        "NM1*IL*1*DOE*JANE****34*123456789",
        "NM1*IL*1*DOE*JANE****34",
        "ELEMENT_CONDITIONAL_MISSING",
        11,
        "2100A",
        9,
        0,
    ),
    ("834", "HD*021**DEN*SMILE*EMP", "HD*021**XXX*SMILE*EMP", "ELEMENT_CODE", 17, "2300", 3, 0),
]


def only_error(data: bytes) -> Finding:
    """The one error of the file."""
    errors = [one for one in scan(data).findings if CODES[one.code].severity == "error"]
    assert [one.code for one in errors] == [one.code for one in errors[:1]]
    return errors[0]


@pytest.mark.parametrize(
    ("kind", "segment", "damaged", "expected"),
    [(kind, segment, damaged, tuple(expected)) for kind, segment, damaged, *expected in ELEMENT_FAULTS],
    ids=[f"{row[0]}-{row[3]}-{row[1].partition('*')[0]}{row[6]:02d}" for row in ELEMENT_FAULTS],
)
def test_a_wrong_element_is_named_by_its_place(
    file_of: FileOf, kind: str, segment: str, damaged: str, expected: tuple[str, int, str, int, int]
) -> None:
    """One fault gives one finding, with segment position, loop, element and component."""
    found = only_error(file_of(kind, {segment: damaged}))
    assert (found.code, found.segment_position, found.loop, found.element, found.component) == expected
    assert found.segment_id == segment.partition("*")[0]
    assert (found.interchange, found.functional_group, found.transaction_set) == (1, 1, 1)


SEGMENT_FAULTS = [
    # kind, replacements, code, position, segment id, loop
    ("837P", {"N3*1 MAIN STREET": "N3*1 MAIN STREET~QQ*1"}, "SEGMENT_UNKNOWN", 9, "QQ", ""),
    ("837P", {"N3*1 MAIN STREET": "N3*1 MAIN STREET~john doe*1"}, "SEGMENT_UNKNOWN", 9, "", ""),
    ("837P", {"N3*1 MAIN STREET": "N3*1 MAIN STREET~CLM*1*1"}, "SEGMENT_UNEXPECTED", 9, "CLM", "2010AA"),
    ("837P", {"REF*F8*250600000012": "REF*ZZ*1"}, "SEGMENT_UNEXPECTED", 19, "REF", "2300"),
    ("837P", {"N3*1 MAIN STREET": ""}, "SEGMENT_MISSING", 8, "N3", "2010AA"),
    ("837P", {"REF*EI*123456789": ""}, "SEGMENT_MISSING", 10, "REF", "2010AA"),
    ("837P", {"NM1*40*2*HEALTH PLAN*****46*PLAN": ""}, "SEGMENT_MISSING", 5, "NM1", "1000B"),
    ("837P", {"NM1*PR*2*HEALTH PLAN*****PI*PLAN": ""}, "SEGMENT_MISSING", 17, "NM1", "2010BB"),
    ("837P", {"REF*F8*250600000012": "REF*F8*250600000012~REF*F8*250600000013"}, "SEGMENT_TOO_MANY", 20, "REF", "2300"),
    (
        "837P",
        {"NM1*82*1*ROE*RICHARD****XX*1234567802": "NM1*82*1*ROE*R~NM1*82*1*ROE*S"},
        "LOOP_TOO_MANY",
        22,
        "NM1",
        "2310B",
    ),
    ("834", {"NM1*IL*1*DOE*JACK": ""}, "SEGMENT_MISSING", 22, "NM1", "2100A"),
    ("834", {"N1*P5*SMALL BAKERY*FI*987654321": ""}, "SEGMENT_MISSING", 6, "N1", "1000A"),
]


@pytest.mark.parametrize(
    ("kind", "replacements", "expected"),
    [(kind, replacements, tuple(expected)) for kind, replacements, *expected in SEGMENT_FAULTS],
    ids=[f"{row[0]}-{row[2]}-{row[5] or 'nowhere'}-{row[4] or 'data'}" for row in SEGMENT_FAULTS],
)
def test_a_wrong_segment_is_named_by_its_place(
    file_of: FileOf, kind: str, replacements: dict[str, str], expected: tuple[str, int, str, str]
) -> None:
    """One fault gives one finding; what is missing is reported where that shows, with the loop it belongs to."""
    found = only_error(file_of(kind, replacements))
    assert (found.code, found.segment_position, found.segment_id, found.loop) == expected


@pytest.mark.parametrize("missing", ["2010BA", "2010BB"])
def test_siblings_at_one_position_come_in_any_order(file_of: FileOf, missing: str) -> None:
    """Payer before subscriber is right; without one of them that one is missing, once."""
    subscriber = b"NM1*IL*1*DOE*JANE****MI*M1001~N3*2 OAK STREET~N4*SPRINGFIELD*IL*62701~DMG*D8*19800102*F~"
    payer = b"NM1*PR*2*HEALTH PLAN*****PI*PLAN~"
    data = file_of("837P")
    assert scan(data.replace(subscriber + payer, payer + subscriber)).findings == []
    gone, segments = (subscriber, 4) if missing == "2010BA" else (payer, 1)
    found = only_error(data.replace(gone, b"").replace(b"SE*29*", b"SE*%d*" % (29 - segments)))
    assert (found.code, found.loop) == ("SEGMENT_MISSING", missing)


def test_a_fault_points_at_its_bytes(file_of: FileOf) -> None:
    """The byte range of a finding is the element, the component, or the place where a missing one would stand."""
    data = file_of("837P", {"CLM*PCN1*150.5***11:B:7*Y*A*Y*Y": "CLM*PCN1*15O.5***11:A:7*Y*A*Y"})
    found = {one.code: data[one.source_start : one.source_stop] for one in scan(data).findings}
    assert found == {"ELEMENT_CHARACTER": b"15O.5", "ELEMENT_CODE": b"A", "ELEMENT_MISSING": b""}


@pytest.mark.parametrize(
    ("damaged", "code", "severity"),
    [
        ("N3*1 MAIN STREET*", "TRAILING_SEPARATOR", "error"),
        ("  N3*1 MAIN STREET", "LEADING_SPACE", "note"),
        ("N3*1 MAIN STREET~~", "EMPTY_SEGMENT", "warning"),
        ("N3*1 MAIN STREET~~~~", "EMPTY_SEGMENT", "warning"),
        ("N3*1 MAIN STREET~\n~ ~\r\n~", "EMPTY_SEGMENT", "warning"),
    ],
)
def test_untidiness_is_told_once_and_loses_nothing(file_of: FileOf, damaged: str, code: str, severity: str) -> None:
    """Empty tails, indents and runs of empty segments are one finding each; every segment is still read."""
    data = file_of("837P").replace(b"N3*1 MAIN STREET", damaged.encode())
    assert [one.code for one in scan(data).findings] == [code]
    assert CODES[code].severity == severity
    assert [len(one.segments) for one in read_records(data)] == [29]


def test_a_billing_provider_has_a_postal_code_of_nine_digits(file_of: FileOf) -> None:
    """The guide asks for them in the United States (N403 of 2010AA), and for no form abroad."""
    domestic = file_of("837I", {"N4*SPRINGFIELD*IL*627010001": "N4*SPRINGFIELD*IL*62701"})
    foreign = file_of("837I", {"N4*SPRINGFIELD*IL*627010001": "N4*TORONTO**M5V 2T6*CA"})
    assert [(one.code, CODES[one.code].severity) for one in scan(domestic).findings] == [("ELEMENT_PATTERN", "error")]
    assert scan(foreign).findings == []


@pytest.mark.parametrize(("method", "node_elements"), [("AD", "certificate"), ("BM", "supplement")])
def test_both_paperwork_segments_of_a_line_are_told_apart(file_of: FileOf, method: str, node_elements: str) -> None:
    """PWK*CT is the certificate of medical necessity with its own PWK02, otherwise the line's supplement."""
    control = "***AC*X1" if node_elements == "supplement" else ""
    data = file_of("837P", {"SV1*HC:94010*50*UN*1***1": f"SV1*HC:94010*50*UN*1***1~PWK*CT*{method}{control}"})
    assert scan(data).findings == []


def test_rubbish_in_a_set_is_cut_short(file_of: FileOf) -> None:
    """No more findings are kept of one set than anybody would read, and the set is in error."""
    data = file_of("837P", {"N3*1 MAIN STREET": "N3*1 MAIN STREET~" + "~".join(["QQ*1"] * 2_000)})
    findings = scan(data).findings
    assert len(findings) == 1_000
    assert findings[-1].code == "SET_TOO_MANY_FINDINGS"
