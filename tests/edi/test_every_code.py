from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import NamedTuple

import pytest

from edi.finding_codes import BUSINESS, CODES
from edi.findings import Finding
from edi.guides.guide import Guide
from edi.guides.library import GuideLibrary, default_library
from edi.limits import LONGEST_SEGMENT, MOST_IN_SET, MOST_OUTSIDE_SETS
from edi.scan import Scan

FileOf = Callable[..., bytes]
Scanner = Callable[..., Scan]
SYNTAX = {code.id for code in CODES.values() if code.level != BUSINESS and code.snip <= 2}
"""What can be told from the file and its guide alone."""

ISA = "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*PLAN           *250301*0915*^*00501*000000101*0*T*:"
GS = "GS*HC*CLEARING*PLAN*20250301*0915*7*X*005010X222A1"
ST = "ST*837*0001*005010X222A1"
BHT = "BHT*0019*00*BATCH1*20250301*0915*CH"
CLM = "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y"
STREET = "N3*1 MAIN STREET"
PATIENT = "~HL*3*2*23*0~PAT*19~NM1*QC*1*DOE*KID~N3*2 OAK STREET~N4*SPRINGFIELD*IL*62701~DMG*D8*20150102*F"
MEMBER = "N4*SPRINGFIELD*IL*62701"
LONG = "9" * 40


class Place(NamedTuple):
    """Where a finding is, and the bytes that it points at."""

    ordinals: tuple[int, int, int]
    """Interchange, functional group, transaction set."""
    segment: str
    element: int
    content: str
    position: int = 0
    loop: str = ""
    component: int = 0
    repetition: int = 0
    data_element: str = ""


def in_interchange(segment: str, element: int, content: str) -> Place:
    """A place outside groups."""
    return Place((1, 0, 0), segment, element, content)


def in_group(segment: str, element: int, content: str) -> Place:
    """A place outside sets."""
    return Place((1, 1, 0), segment, element, content)


def in_set(segment: str, element: int, content: str) -> Place:
    """A place in the frame of a set."""
    return Place((1, 1, 1), segment, element, content)


def at(
    where: str,
    position: int,
    content: str,
    data_element: str = "",
    *,
    element: int = 0,
    component: int = 0,
    repetition: int = 0,
) -> Place:
    """A place in a set: `2010AA/N3` is a segment of a loop."""
    loop, _, segment = where.rpartition("/")
    return Place((1, 1, 1), segment, element, content, position, loop, component, repetition, data_element)


class Case(NamedTuple):
    """One fault of a right file."""

    code: str
    kind: str
    old: str
    new: str
    place: Place
    also: tuple[str, ...] = ()
    """What else cannot but be found."""


FRAMES = [
    # frames of interchanges
    Case("INTERCHANGE_HEADER_BROKEN", "837P", "*ZZ*PLAN           *", "*ZZ*PLAN*", in_interchange("ISA", 0, "ISA*")),
    Case("AUTHORIZATION_INVALID", "837P", "ISA*00*", "ISA*99*", in_interchange("ISA", 1, "ISA*99*")),
    Case("SECURITY_INVALID", "837P", "*00*          *ZZ*CL", "*01*          *ZZ*CL", in_interchange("ISA", 4, "ISA*")),
    Case("SENDER_QUALIFIER_INVALID", "837P", "*ZZ*CLEARING   ", "*QQ*CLEARING   ", in_interchange("ISA", 5, "ISA*")),
    Case("RECEIVER_QUALIFIER_INVALID", "837P", "*ZZ*PLAN       ", "*QQ*PLAN       ", in_interchange("ISA", 7, "ISA*")),
    Case("INTERCHANGE_DATE_INVALID", "837P", "*250301*0915*", "*250229*0915*", in_interchange("ISA", 9, "ISA*")),
    Case("INTERCHANGE_TIME_INVALID", "837P", "*250301*0915*", "*250301*2415*", in_interchange("ISA", 10, "ISA*")),
    Case("REPETITION_SEPARATOR_INVALID", "837P", "*^*00501*", "*U*00501*", in_interchange("ISA", 11, "ISA*")),
    Case(
        "INTERCHANGE_VERSION_UNSUPPORTED",
        "837P",
        "*00501*",
        "*00200*",
        in_interchange("ISA", 12, "ISA*"),
        ("GUIDE_UNSUPPORTED",),
    ),
    Case(
        "INTERCHANGE_CONTROL_INVALID",
        "837P",
        "*000000101*",
        "*00000010A*",
        in_interchange("ISA", 13, "ISA*"),
        ("INTERCHANGE_CONTROL_MISMATCH",),
    ),
    Case("ACKNOWLEDGMENT_REQUEST_INVALID", "837P", "*0*T*", "*2*T*", in_interchange("ISA", 14, "ISA*")),
    Case("USAGE_INVALID", "837P", "*0*T*", "*0*X*", in_interchange("ISA", 15, "ISA*")),
    Case(
        "COMPONENT_SEPARATOR_INVALID",
        "835",
        "*T*:~",
        "*T*Q~",
        in_interchange("ISA", 16, "ISA*"),
    ),
    Case("CONTENT_OUTSIDE_GROUP", "837P", "GE*1*7~", "GE*1*7~REF*1*2~", in_interchange("REF", 0, "REF*1*2~")),
    Case("INTERCHANGE_CONTROL_MISMATCH", "837P", "IEA*1*000000101", "IEA*1*000000102", in_interchange("IEA", 2, "IEA")),
    Case("GROUP_COUNT_WRONG", "837P", "IEA*1*", "IEA*2*", in_interchange("IEA", 1, "IEA*2*")),
    Case(
        "INTERCHANGE_TRAILER_INVALID", "837P", "IEA*1*000000101", "IEA*1*000000101*X", in_interchange("IEA", 3, "IEA")
    ),
    Case("INTERCHANGE_TRAILER_MISSING", "837P", "IEA*1*000000101~", "", in_interchange("", 0, "")),
    Case(
        "GARBAGE_AFTER_INTERCHANGE", "837P", "*000000101~", "*000000101~END OF DATA", Place((0, 0, 0), "", 0, "END OF")
    ),
    Case("BYTE_ORDER_MARK", "837P", "ISA*", "\xef\xbb\xbfISA*", Place((0, 0, 0), "", 0, "\xef\xbb\xbf")),
    Case("LEADING_BLANKS", "837P", "ISA*", "\r\n ISA*", Place((0, 0, 0), "", 0, "\r\n ")),
    Case(
        "ACKNOWLEDGMENT_INVALID",
        "837P",
        GS,
        f"TA1*000000009*250228*1200*X*000~{GS}",
        in_interchange("TA1", 4, "TA1*"),
    ),
    # frames of functional groups
    Case("GROUP_UNSUPPORTED", "837P", "GS*HC*", "GS*BE*", in_group("GS", 1, "GS*BE*")),
    Case("GUIDE_UNSUPPORTED", "837P", GS, GS.replace("X222A1", "X999"), in_group("GS", 8, "GS*HC*")),
    Case("GROUP_HEADER_INVALID", "837P", GS, GS.replace("*0915*", "*9915*"), in_group("GS", 5, "GS*HC*")),
    Case("GROUP_CONTROL_INVALID", "837P", "*7*X*", "*7A*X*", in_group("GS", 6, "GS*HC*"), ("GROUP_CONTROL_MISMATCH",)),
    Case("GROUP_TRAILER_MISSING", "837P", "GE*1*7~", "", in_group("GE", 0, "")),
    Case("GROUP_CONTROL_MISMATCH", "837P", "GE*1*7~", "GE*1*8~", in_group("GE", 2, "GE*1*8~")),
    Case("SET_COUNT_WRONG", "837P", "GE*1*7~", "GE*2*7~", in_group("GE", 1, "GE*2*7~")),
    Case("GROUP_TRAILER_INVALID", "837P", "GE*1*7~", "GE*1*7*X~", in_group("GE", 3, "GE*1*7*X~")),
    Case("CONTENT_OUTSIDE_SET", "837P", "GE*1*7~", "REF*1*2~GE*1*7~", in_group("REF", 0, "REF*1*2~")),
    # frames of transaction sets
    Case("SET_ID_INVALID", "837P", "ST*837*", "ST**", in_set("ST", 1, "ST**")),
    Case("SET_UNSUPPORTED", "837P", "ST*837*", "ST*835*", in_set("ST", 1, "ST*835*")),
    Case(
        "SET_CONTROL_INVALID",
        "835",
        "ST*835*0001~",
        "ST*835*~",
        in_set("ST", 2, "ST*835*~"),
        ("ELEMENT_MISSING", "SET_CONTROL_MISMATCH", "TRAILING_SEPARATOR"),
    ),
    Case("SET_GUIDE_MISMATCH", "837P", ST, f"{ST[:-2]}A2", in_set("ST", 3, "ST*837*")),
    Case("SET_TRAILER_MISSING", "837P", "SE*29*0001~", "", in_set("SE", 0, "")),
    Case("SET_CONTROL_MISMATCH", "837P", "SE*29*0001", "SE*29*0002", in_set("SE", 2, "SE*29*")),
    Case("SEGMENT_COUNT_WRONG", "837P", "SE*29*", "SE*30*", in_set("SE", 1, "SE*30*")),
    Case(
        "SEGMENT_TOO_LONG",
        "837P",
        f"{STREET}~",
        f"{STREET}~NTE*ADD*{'X' * LONGEST_SEGMENT}~",
        at("/", 9, "NTE*ADD*XXX"),
        ("SEGMENT_COUNT_WRONG",),
    ),
]

SEGMENTS = [
    Case("SEGMENT_UNKNOWN", "837P", STREET, f"{STREET}~QQ*1", at("/QQ", 9, "QQ*1~")),
    Case("SEGMENT_UNEXPECTED", "837P", STREET, f"{STREET}~HI*ABK:E119", at("2010AA/HI", 9, "HI*ABK")),
    Case("SEGMENT_MISSING", "837P", f"{STREET}~", "", at("2010AA/N3", 8, "N4*SPRINGFIELD*IL*627010001~")),
    Case("SEGMENT_TOO_MANY", "837P", STREET, f"{STREET}~{STREET}", at("2010AA/N3", 9, f"{STREET}~")),
    Case(
        "LOOP_TOO_MANY",
        "837P",
        "NM1*82*1*ROE*RICHARD****XX*1234567802",
        "NM1*82*1*ROE*R****XX*1234567893~NM1*82*1*ROE*S****XX*1234567802",
        at("2310B/NM1", 22, "NM1*82*1*ROE*S"),
    ),
    Case("SEGMENT_ELEMENTS", "837P", "SBR*P*18*******CI", "SBR*P*18*******CI~PAT", at("2000B/PAT", 13, "PAT~")),
    Case("TRAILING_SEPARATOR", "837P", STREET, f"{STREET}*", at("2010AA/N3", 8, f"{STREET}*~")),
    Case("LEADING_SPACE", "837P", STREET, f" {STREET}", at("/N3", 8, f"{STREET}~")),
    Case("EMPTY_SEGMENT", "837P", f"{STREET}~", f"{STREET}~~", Place((1, 1, 1), "", 0, "~")),
]

ELEMENTS = [
    Case("HL_SEQUENCE", "837P", "HL*2*1*", "HL*3*1*", at("2000B/HL", 11, "3", "628", element=1)),
    Case("HL_PARENT", "837P", "HL*2*1*", "HL*2*2*", at("2000B/HL", 11, "2", "734", element=2)),
    Case("HL_CHILD", "837P", "~CLM*", f"{PATIENT}~CLM*", at("2000B/HL", 11, "0", "736", element=4)),
    Case("HL_CHILD", "837P", "HL*2*1*22*0", "HL*2*1*22*1", at("2000B/HL", 11, "1", "736", element=4)),
    Case("LX_SEQUENCE", "837P", "LX*2", "LX*3", at("2400/LX", 25, "3", "554", element=1)),
    Case("ELEMENT_MISSING", "837P", BHT, "BHT*0019*00**20250301*0915*CH", at("HEADER/BHT", 2, "", "127", element=3)),
    Case(
        "ELEMENT_MISSING", "837P", CLM, CLM.replace(":B:", "::"), at("2300/CLM", 18, "", "1332", element=5, component=2)
    ),
    Case(
        "ELEMENT_CONDITIONAL_MISSING",  # P0809
        "834",
        "NM1*IL*1*DOE*JANE****34*123456789",
        "NM1*IL*1*DOE*JANE****34",
        at("2100A/NM1", 11, "", "67", element=9),
    ),
    Case(
        "ELEMENT_CONDITIONAL_MISSING",  # R02030405
        "837P",
        "REF*6R*LINE2",
        "REF*6R*LINE2~LQ*UT*04.04C~FRM*1A",
        at("2440/FRM", 30, "", "1073", element=2),
    ),
    Case(
        "ELEMENT_CONDITIONAL_MISSING",  # L040203
        "834",
        "DMG*D8*19800102*F",
        "DMG*D8*19800102*F~LUI****7",
        at("2100A/LUI", 15, "", "67", element=2),
    ),
    Case(
        "ELEMENT_CONDITIONAL_MISSING",  # C0704
        "837P",
        f"{MEMBER}~DMG",
        "N4*SPRINGFIELD**62701****ON~DMG",
        at("2010BA/N4", 15, "", "26", element=4),
    ),
    Case("ELEMENT_TOO_MANY", "837P", BHT, f"{BHT}*X", at("HEADER/BHT", 2, "X", element=7)),
    Case("ELEMENT_SHORT", "837P", f"{MEMBER}~DMG", "N4*S*IL*62701~DMG", at("2010BA/N4", 15, "S", "19", element=1)),
    Case("ELEMENT_LONG", "837P", BHT, BHT.replace("BATCH1", LONG * 2), at("HEADER/BHT", 2, LONG * 2, "127", element=3)),
    Case("ELEMENT_CHARACTER", "837P", "*150.5*", "*15O.5*", at("2300/CLM", 18, "15O.5", "782", element=2)),
    Case(
        "ELEMENT_CHARACTER", "837P", STREET, f"{STREET}\xe9", at("2010AA/N3", 8, "1 MAIN STREET\xe9", "166", element=1)
    ),
    Case("ELEMENT_CODE", "837P", BHT, BHT.replace("*00*", "*99*"), at("HEADER/BHT", 2, "99", "353", element=2)),
    Case(
        "ELEMENT_CODE", "837P", CLM, CLM.replace(":B:", ":A:"), at("2300/CLM", 18, "A", "1332", element=5, component=2)
    ),
    Case("ELEMENT_DATE", "837P", BHT, BHT.replace("0301", "0230"), at("HEADER/BHT", 2, "20250230", "373", element=4)),
    Case("ELEMENT_DATE", "837P", "*D8*20250215", "*D8*20250229", at("2400/DTP", 24, "20250229", "1251", element=3)),
    Case("ELEMENT_DATE", "837P", "*D8*20250215", "*RD8*20250215", at("2400/DTP", 24, "20250215", "1251", element=3)),
    Case(
        "ELEMENT_DATE",
        "837P",
        "20250215-20250216",
        "20250215-20250231",
        at("2400/DTP", 27, "20250215-20250231", "1251", element=3),
    ),
    Case(
        "ELEMENT_DATE",
        "837I",
        "*DT*202502011030",
        "*DT*202502011060",
        at("2300/DTP", 17, "202502011060", "1251", element=3),
    ),
    Case(
        "ELEMENT_DATE",
        "837I",
        ":20250204*",
        ":20250200*",
        at("2300/HI", 21, "20250200", "1251", element=1, component=4),
    ),
    Case("ELEMENT_TIME", "837P", BHT, BHT.replace("*0915*", "*2515*"), at("HEADER/BHT", 2, "2515", "337", element=5)),
    Case(
        "ELEMENT_TIME",
        "837I",
        "DTP*435*",
        "DTP*096*TM*2460~DTP*435*",
        at("2300/DTP", 17, "2460", "1251", element=3),
    ),
    Case(
        "ELEMENT_EXCLUSION",  # E0207
        "837P",
        f"{MEMBER}~DMG",
        f"{MEMBER}*CA***ON~DMG",
        at("2010BA/N4", 15, "ON", "1715", element=7),
    ),
    Case(
        "ELEMENT_NOT_USED",
        "837P",
        "NM1*PR*2*HEALTH PLAN**",
        "NM1*PR*2*HEALTH PLAN*A*",
        at("2010BB/NM1", 17, "A", "1036", element=4),
    ),
    Case(
        "ELEMENT_NOT_USED",  # a component
        "837P",
        "*HC:94010*",
        "*HC:94010:::::PLAIN:X*",
        at("2400/SV1", 26, "X", "234", element=1, component=8),
    ),
    Case(
        "ELEMENT_REPETITIONS",
        "837P",
        STREET,
        f"{STREET}^2ND FLOOR",
        at("2010AA/N3", 8, "2ND FLOOR", "166", element=1, repetition=2),
    ),
    Case(
        "ELEMENT_REPETITIONS",
        "834",
        "DMG*D8*19800102*F",
        f"DMG*D8*19800102*F**{'^'.join([':RET:2135-2'] * 11)}",
        at("2100A/DMG", 14, ":RET:2135-2", "C056", element=5, repetition=11),
    ),
    Case(
        "ELEMENT_COMPONENTS",
        "837P",
        CLM,
        CLM.replace("11:B:7", "11:B:7:1"),
        at("2300/CLM", 18, "1", element=5, component=4),
    ),
    Case(
        "ELEMENT_PATTERN",
        "837I",
        "*627010001",
        "*62701-0001",
        at("2010AA/N4", 9, "62701-0001", "116", element=3),
    ),
]
CASES = [*FRAMES, *SEGMENTS, *ELEMENTS]
REMITTANCE = (
    "ST*835*0001~BPR*H*0*C*NON************20250301~TRN*1*R1*1123456789~N1*PR*PLAN~N3*1 PLAN STREET~"
    "N4*SPRINGFIELD*IL*62701~PER*BL*HELP DESK*TE*5555550100~N1*PE*GREEN CLINIC*XX*1234567893~SE*9*0001~"
)
"""A payment without claims: nothing in it is a composite."""


def right_file(kind: str, file_of: FileOf) -> bytes:
    """A file without findings."""
    if kind != "835":
        return file_of(kind)
    group = GS.replace("HC", "HP").replace("X222A1", "X221A1")
    return f"{ISA}~{group}~{REMITTANCE}GE*1*7~IEA*1*000000101~".encode()


def damaged(case: Case, file_of: FileOf) -> bytes:
    """The file with the fault; SE01 follows where a segment comes or goes in the set."""
    data = right_file(case.kind, file_of).decode("latin-1")
    assert data.count(case.old) >= 1
    changed = data.replace(case.old, case.new, 1)
    segments = case.new.count("~") - case.old.count("~")
    if segments and case in (*SEGMENTS, *ELEMENTS) and case.code != "EMPTY_SEGMENT":
        number = data.split("~SE*")[1].split("*")[0]
        changed = changed.replace(f"~SE*{number}*", f"~SE*{int(number) + segments}*")
    return changed.encode("latin-1")


def check(found: Finding, case: Case, data: bytes) -> None:
    """Hold a finding against its place."""
    place = case.place
    assert (found.interchange, found.functional_group, found.transaction_set) == place.ordinals
    assert (found.segment_position, found.segment_id, found.loop) == (place.position, place.segment, place.loop)
    assert (found.element, found.component, found.repetition) == (place.element, place.component, place.repetition)
    assert found.data_element == place.data_element
    content = data[found.source_start : found.source_stop].decode("latin-1")
    assert content == place.content if found.element and place.position else content.startswith(place.content)


@pytest.mark.parametrize("kind", ["837P", "837I", "834", "835"])
def test_the_files_are_right(scan: Scanner, kind: str, file_of: FileOf) -> None:
    """Each fault below is the only one of its file."""
    assert scan(right_file(kind, file_of), snip=2).findings == []


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case.code}" for number, case in enumerate(CASES)])
def test_one_fault_is_one_finding_at_its_place(scan: Scanner, case: Case, file_of: FileOf) -> None:
    """Level, ordinals, segment, loop, element, component, repetition, data element and bytes are those of the fault."""
    data = damaged(case, file_of)
    findings = list(scan(data, snip=2).findings)
    assert sorted(one.code for one in findings) == sorted((case.code, *case.also))
    check(next(one for one in findings if one.code == case.code), case, data)


WHOLE_FILES = {
    "EMPTY_FILE": (b" \r\n", Place((0, 0, 0), "", 0, "")),
    "NOT_X12": (b"HELLO", Place((0, 0, 0), "", 0, "HELLO")),
}


@pytest.mark.parametrize("code", WHOLE_FILES)
def test_a_file_that_is_none_has_one_finding(scan: Scanner, code: str) -> None:
    """Of no interchange at all."""
    data, place = WHOLE_FILES[code]
    (found,) = scan(data, snip=2).findings
    assert found.code == code
    check(found, Case(code, "", "", "", place), data)


def repeated(code: str, file_of: FileOf) -> tuple[bytes, Place]:
    """A file in which something is used, or goes wrong, too often."""
    data = file_of("837P").decode("latin-1")
    start, stop = data.index("ST*"), data.index("GE*")
    body = data[start:stop]
    match code:
        case "INTERCHANGE_DUPLICATE":
            again = data.replace("*7*X*", "*8*X*").replace("GE*1*7", "GE*1*8")
            return (data + again).encode(), Place((2, 0, 0), "ISA", 13, "ISA*")
        case "GROUP_CONTROL_DUPLICATE":
            twice = data[:-16].removesuffix("IEA*1") + data[data.index("GS*") : data.index("IEA*")]
            return f"{twice}IEA*2*000000101~".encode(), Place((1, 2, 0), "GS", 6, "GS*HC*")
        case "SET_CONTROL_DUPLICATE":
            return f"{data[:stop]}{body}GE*2*7~{data[stop + 7 :]}".encode(), Place((1, 1, 2), "ST", 2, "ST*837*0001")
        case "SET_TOO_MANY_FINDINGS":
            rubbish = data.replace(f"{STREET}~", f"{STREET}~{'QQ*1~' * MOST_IN_SET}")
            return rubbish.encode(), Place((1, 1, 1), "", 0, "QQ*1~")
        case _:
            # a stray segment after each of many groups without sets
            group = "GS*HC*CLEARING*PLAN*20250301*0915*{0}*X*005010X222A1~GE*0*{0}~REF*1~"
            groups = "".join(group.format(number) for number in range(1, MOST_OUTSIDE_SETS + 2))
            return f"{ISA}~{groups}IEA*1001*000000101~".encode(), Place((1, 0, 0), "", 0, "REF*1~")


REPEATED = (
    "INTERCHANGE_DUPLICATE",
    "GROUP_CONTROL_DUPLICATE",
    "SET_CONTROL_DUPLICATE",
    "SET_TOO_MANY_FINDINGS",
    "INTERCHANGE_TOO_MANY_FINDINGS",
)


@pytest.mark.parametrize("code", REPEATED)
def test_what_comes_too_often_is_found(scan: Scanner, code: str, file_of: FileOf) -> None:
    """Control numbers used twice, and more findings than are kept, which the last one kept tells."""
    data, place = repeated(code, file_of)
    findings = [one for one in scan(data, snip=2).findings if one.code == code]
    assert len(findings) == 1
    check(findings[0], Case(code, "", "", "", place), data)


class ForbiddingLibrary(GuideLibrary):
    """The guides, of which the professional claim forbids contract information (CN1); none of our guides does such."""

    def __init__(self) -> None:
        super().__init__()
        guide = default_library().find("00501", "HC", "005010X222A1")
        assert guide
        self.forbidding = deepcopy(guide)
        self.forbidding.id = "FORBIDDING"
        for node in self.forbidding.segments("2300", "CN1"):
            node.usage = "N"

    def find(self, version: str, functional_id: str, guide_id: str) -> Guide | None:
        """Always the one."""
        assert version + functional_id + guide_id
        return self.forbidding


def test_a_forbidden_segment_is_found(scan: Scanner, file_of: FileOf) -> None:
    """Usage N of a segment."""
    data = file_of("837P", {"REF*F8*250600000012": "CN1*09~REF*F8*250600000012"})
    (found,) = scan(data, ForbiddingLibrary(), snip=2).findings
    assert found.code == "SEGMENT_NOT_USED"
    place = at("2300/CN1", 19, "CN1*09~")
    check(found, Case(found.code, "", "", "", place), data)


def test_every_code_is_provoked() -> None:
    """Every code of SNIP types 1 and 2 has its fault here: a new code cannot come without one."""
    provoked = {case.code for case in CASES} | {*WHOLE_FILES, *REPEATED, "SEGMENT_NOT_USED", "FILE_TOO_MANY_ENVELOPES"}
    assert provoked == SYNTAX
