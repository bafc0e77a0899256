from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from edi.finding_codes import CODES
from edi.reference import scanner
from edi.reference.scanner import read_records
from edi.scan import Scan

scan = partial(scanner.scan, snip=2)

FileOf = Callable[..., bytes]
GROUP = b"GS*HC*CLEARING*PLAN*20250301*0915*7*X*005010X222A1~"


def codes(scanned: Scan) -> list[str]:
    """Codes of all findings."""
    return [one.code for one in scanned.findings]


FAULTS = [
    # what, by what, codes
    (b"IEA*1*000000101~", b"IEA*1*000000102~", ["INTERCHANGE_CONTROL_MISMATCH"]),
    (b"IEA*1*000000101~", b"IEA*2*000000101~", ["GROUP_COUNT_WRONG"]),
    (b"IEA*1*000000101~", b"IEA*x*000000101~", ["GROUP_COUNT_WRONG"]),
    (b"IEA*1*000000101~", b"IEA~", ["INTERCHANGE_CONTROL_MISMATCH", "GROUP_COUNT_WRONG"]),
    (b"IEA*1*000000101~", b"", ["INTERCHANGE_TRAILER_MISSING"]),
    (b"GE*1*7~", b"", ["GROUP_TRAILER_MISSING"]),
    (b"GE*1*7~", b"GE*1*8~", ["GROUP_CONTROL_MISMATCH"]),
    (b"GE*1*7~", b"GE*3*7~", ["SET_COUNT_WRONG"]),
    (b"GE*1*7~", b"GE*one*7~", ["SET_COUNT_WRONG"]),
    (b"GE*1*7~", b"GE*1*7~REF*1*2~REF*1*2~", ["CONTENT_OUTSIDE_GROUP"]),
    (b"GE*1*7~", b"REF*1*2~REF*1*2~GE*1*7~", ["CONTENT_OUTSIDE_SET"]),
    (b"SE*29*0001~", b"", ["SET_TRAILER_MISSING"]),
    (b"SE*29*0001~", b"SE*30*0001~", ["SEGMENT_COUNT_WRONG"]),
    (b"SE*29*0001~", b"SE*29*0002~", ["SET_CONTROL_MISMATCH"]),
    (
        b"SE*29*0001~GE*1*7~IEA*1*000000101~",
        b"",
        ["INTERCHANGE_TRAILER_MISSING", "GROUP_TRAILER_MISSING", "SET_TRAILER_MISSING"],
    ),
    (b"ST*837*0001*005010X222A1~", b"ST*837*0001*005010X222A2~", ["SET_GUIDE_MISMATCH"]),
    (b"ST*837*0001*005010X222A1~", b"ST*834*0001*005010X222A1~", ["SET_UNSUPPORTED"]),
    (GROUP, GROUP.replace(b"005010X222A1", b"005010X999"), ["GUIDE_UNSUPPORTED"]),
    (GROUP, GROUP.replace(b"005010X222A1", b"004010X098A1"), ["GUIDE_UNSUPPORTED"]),
    (GROUP, GROUP.replace(b"GS*HC", b"GS*BE"), ["GROUP_UNSUPPORTED"]),
    (GROUP, GROUP.replace(b"20250301", b"20250399"), ["GROUP_HEADER_INVALID"]),
    (GROUP, GROUP.replace(b"*PLAN*", b"*PLAN *"), ["GROUP_HEADER_INVALID"]),
    (b"*T*:~", b"*X*:~", ["USAGE_INVALID"]),
    (b"*00501*", b"*00200*", ["INTERCHANGE_VERSION_UNSUPPORTED", "GUIDE_UNSUPPORTED"]),
    (b"*00501*", b"*00401*", ["GUIDE_UNSUPPORTED"]),
    (b"*250301*0915*", b"*251301*0915*", ["INTERCHANGE_DATE_INVALID"]),
    (b"*250301*0915*", b"*250301*2515*", ["INTERCHANGE_TIME_INVALID"]),
    (b"ISA*00*          *00*", b"ISA*99*          *99*", ["AUTHORIZATION_INVALID", "SECURITY_INVALID"]),
    (b"*ZZ*CLEARING       *", b"*QQ*CLEARING       *", ["SENDER_QUALIFIER_INVALID"]),
    (b"*ZZ*PLAN           *", b"*QQ*PLAN           *", ["RECEIVER_QUALIFIER_INVALID"]),
    (b"*ZZ*PLAN           *", b"*ZZ*PLAN*", ["INTERCHANGE_HEADER_BROKEN"]),
    (b"*0*T*", b"*2*T*", ["ACKNOWLEDGMENT_REQUEST_INVALID"]),
    (b"*^*00501*", b"*U*00501*", ["REPETITION_SEPARATOR_INVALID"]),
]


@pytest.mark.parametrize(
    ("old", "new", "expected"), FAULTS, ids=[f"{'+'.join(row[2])}-{number}" for number, row in enumerate(FAULTS)]
)
def test_a_wrong_envelope_gives_its_code(file_of: FileOf, old: bytes, new: bytes, expected: list[str]) -> None:
    """One fault of an envelope gives the findings of that fault and no others, and the interchange is still there."""
    data = file_of("837P")
    assert data.count(old) == 1
    scanned = scan(data.replace(old, new))
    assert codes(scanned) == expected
    assert [one.fields[13] for one in scanned.interchanges] == ["000000101"]


@pytest.mark.parametrize("number", ["", "1", "1234567890"])
def test_a_wrong_set_control_number(file_of: FileOf, number: str) -> None:
    """ST02 has 4 to 9 characters."""
    data = (
        file_of("837P")
        .replace(b"*0001*", b"*%s*" % number.encode())
        .replace(b"*29*0001~", b"*29*%s~" % number.encode())
    )
    assert "SET_CONTROL_INVALID" in codes(scan(data))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b" \r\n\t\x00\x1a", "EMPTY_FILE"),
        (b"\xef\xbb\xbf", "EMPTY_FILE"),
        (b"HELLO", "NOT_X12"),
        (b"%PDF-1.7 ISA", "NOT_X12"),
        (b"ISA", "INTERCHANGE_HEADER_BROKEN"),
        (b"ISA*00*TOO SHORT~", "INTERCHANGE_HEADER_BROKEN"),
    ],
)
def test_what_is_no_x12_says_so(data: bytes, code: str) -> None:
    """Without a readable ISA there is one finding and no interchange."""
    scanned = scan(data)
    assert (codes(scanned), scanned.interchanges) == ([code], ())


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (b"", []),
        (b"\xef\xbb\xbf", ["BYTE_ORDER_MARK"]),
        (b"\n", ["LEADING_BLANKS"]),
        (b" \t\r\n\x00", ["LEADING_BLANKS"]),
        (b"\xef\xbb\xbf\r\n", ["BYTE_ORDER_MARK", "LEADING_BLANKS"]),
    ],
)
@pytest.mark.parametrize("after", [b"", b"\n", b"\r\n", b"\x1a", b"\x00\x00", b"  \n\x1a"])
def test_padding_around_interchanges_is_at_most_noted(
    file_of: FileOf, before: bytes, expected: list[str], after: bytes
) -> None:
    """Byte-order mark and blank lines before, end-of-file marks behind: nothing is lost, byte offsets count them."""
    scanned = scan(before + file_of("837P") + after)
    assert codes(scanned) == expected
    assert {CODES[one.code].severity for one in scanned.findings} <= {"note"}
    assert scanned.interchanges[0].source_start == len(before)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_after_terminators_are_nobodys(file_of: FileOf, line_end: bytes) -> None:
    """A segment a line is the same file."""
    assert scan(file_of("837P").replace(b"~", b"~" + line_end)).findings == []


def test_rubbish_between_interchanges_is_noted_and_passed(file_of: FileOf) -> None:
    """What stands between two interchanges belongs to neither."""
    first = file_of("837P")
    second = first.replace(b"000000101", b"000000102").replace(b"*0915*7*", b"*0915*8*").replace(b"GE*1*7", b"GE*1*8")
    scanned = scan(first + b"REPORT FOLLOWS~" + second + b"END OF DATA")
    assert codes(scanned) == ["GARBAGE_AFTER_INTERCHANGE", "GARBAGE_AFTER_INTERCHANGE"]
    assert [one.fields[13] for one in scanned.interchanges] == ["000000101", "000000102"]
    assert {one.interchange for one in scanned.findings} == {0}


def test_a_cut_interchange_does_not_swallow_the_next(file_of: FileOf) -> None:
    """An ISA in the middle of a segment begins the next interchange."""
    first = file_of("837P")
    second = file_of("834").replace(b"000000101", b"000000102")
    scanned = scan(first[:400] + second)
    assert [one.closed for one in scanned.interchanges] == [False, True]
    assert "INTERCHANGE_TRAILER_MISSING" in codes(scanned)


def test_an_unreadable_interchange_is_an_error_of_the_file(file_of: FileOf) -> None:
    """Its sender cannot be read, so that nobody can be answered: the others still are."""
    scanned = scan(b"ISA*00*BROKEN~GS*HC~" + file_of("837P"))
    assert [(one.code, one.interchange) for one in scanned.findings] == [("INTERCHANGE_HEADER_BROKEN", 0)]
    assert len(scanned.interchanges) == 1


def test_an_iea_may_lack_its_terminator(file_of: FileOf) -> None:
    """The last byte of a file lost on the way costs nothing."""
    scanned = scan(file_of("837P")[:-1])
    assert (codes(scanned), scanned.interchanges[0].closed) == ([], True)


def test_each_interchange_has_its_own_delimiters_and_sender(file_of: FileOf) -> None:
    """One file may hold several senders' interchanges."""
    first = file_of("837P")
    second = first.replace(b"CLEARING ", b"OTHER    ").translate(bytes.maketrans(b"*:~^", b"|>\n!"))
    scanned = scan(first + second)
    assert codes(scanned) == []
    assert [one.fields[6].strip() for one in scanned.interchanges] == ["CLEARING", "OTHER"]
    assert [one.delimiters.element for one in scanned.interchanges] == ["*", "|"]


def test_an_interchange_number_is_used_once(file_of: FileOf) -> None:
    """The same interchange twice: its ISA13 is a repeat, its GS06 is not, for it is in another interchange."""
    assert codes(scan(file_of("837P") * 2)) == ["INTERCHANGE_DUPLICATE"]


def test_a_group_number_is_used_once_in_an_interchange(file_of: FileOf) -> None:
    """By groups of the same kind and parties: X12 RFI 362."""
    data = file_of("837P")
    start, stop = data.index(b"GS*"), data.index(b"IEA*")
    group, end = data[start:stop], b"IEA*2*000000101~"
    assert codes(scan(data[:stop] + group + end)) == ["GROUP_CONTROL_DUPLICATE"]
    assert codes(scan(data[:stop] + group.replace(b"*PLAN*", b"*OTHER*") + end)) == []


def test_test_and_production_number_apart(file_of: FileOf) -> None:
    """ISA13 and GS06 may be the same in test and in production data."""
    data = file_of("837P")
    assert codes(scan(data + data.replace(b"*T*:~", b"*P*:~"))) == []


def test_set_control_numbers_are_unique_in_their_group(file_of: FileOf) -> None:
    """ST02 may repeat in another group, not in its own."""
    data = file_of("834")
    start, stop = data.index(b"ST*"), data.index(b"GE*")
    body = data[start:stop]
    twice = data[:stop] + body + b"GE*2*7~" + data[stop + 7 :]
    assert codes(scan(twice)) == ["SET_CONTROL_DUPLICATE"]
    other_group = (
        data[:stop] + b"GE*1*7~" + data[106:start].replace(b"*7*X", b"*8*X") + body + b"GE*1*8~IEA*2*000000101~"
    )
    assert codes(scan(other_group)) == []


def test_sets_of_an_unknown_guide_can_still_be_answered(file_of: FileOf) -> None:
    """Their control numbers, counts and places are there, their segments are not checked."""
    data = file_of("837P").replace(b"005010X222A1", b"004010X098A1").replace(b"SE*29*", b"SE*28*")
    scanned = scan(data)
    group = scanned.interchanges[0].groups[0]
    assert codes(scanned) == ["GUIDE_UNSUPPORTED", "SEGMENT_COUNT_WRONG"]
    assert group.guide is None
    assert [(one.transaction, one.control_number, one.segment_count) for one in group.sets] == [("837", "0001", 29)]
    assert read_records(data) == []
    assert data[group.sets[0].source_start : group.sets[0].source_stop].startswith(b"ST*837*")
    assert data[: group.sets[0].source_stop].endswith(b"SE*28*0001~")


def test_a_ta1_before_the_groups_is_kept(file_of: FileOf) -> None:
    """An interchange may answer an earlier one."""
    data = file_of("834").replace(b"GS*BE", b"TA1*000000009*250228*1200*A*000~GS*BE")
    scanned = scan(data)
    assert codes(scanned) == []
    assert scanned.interchanges[0].acknowledgments == (("TA1", "000000009", "250228", "1200", "A", "000"),)


def test_absent_st03_is_no_mismatch(file_of: FileOf) -> None:
    """Older senders leave ST03 out; the group names the guide."""
    scanned = scan(file_of("837P").replace(b"ST*837*0001*005010X222A1~", b"ST*837*0001~"))
    assert "SET_GUIDE_MISMATCH" not in codes(scanned)
    assert scanned.interchanges[0].groups[0].sets[0].guide_id is None


@pytest.mark.parametrize(
    ("alias", "own"),
    [
        ("005010X222", "005010X222A1"),
        ("005010X222A2", "005010X222A1"),
        ("005010X223A3", "005010X223A2"),
        ("005010X223A1", "005010X223A2"),
        ("005010X220", "005010X220A1"),
    ],
)
def test_other_errata_of_a_guide_are_the_same_guide(file_of: FileOf, alias: str, own: str) -> None:
    """GS08 and ST03 may name any of the published errata."""
    kind = {"2": "837P", "3": "837I", "0": "834"}[own[9]]
    scanned = scan(file_of(kind).replace(own.encode(), alias.encode()))
    guide = scanned.interchanges[0].groups[0].guide
    assert codes(scanned) == []
    assert guide
    assert guide.id == own
