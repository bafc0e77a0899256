from __future__ import annotations

from collections.abc import Callable

import pytest

from edi.limits import MOST_IN_SET, MOST_OUTSIDE_SETS
from edi.reference import findings_log, scanner
from edi.scan import Scan

FileOf = Callable[..., bytes]
Scanner = Callable[..., Scan]
STREET = b"N3*1 MAIN STREET~"


def with_rubbish(data: bytes, number: int) -> bytes:
    """The file with so many unknown segments in its set."""
    count = int(data.split(b"~SE*")[1].split(b"*")[0])
    rubbish = data.replace(STREET, STREET + b"QQ*1~" * number)
    return rubbish.replace(b"~SE*%d*" % count, b"~SE*%d*" % (count + number))


@pytest.mark.parametrize("number", [MOST_IN_SET - 1, MOST_IN_SET, MOST_IN_SET + 1, 3 * MOST_IN_SET])
def test_a_set_keeps_its_first_findings(scan: Scanner, file_of: FileOf, number: int) -> None:
    """The last one kept says that there were more, at the place of the one that it stands for."""
    data = with_rubbish(file_of("837P"), number)
    findings = scan(data, snip=2).findings
    told = [one for one in findings if one.code == "SET_TOO_MANY_FINDINGS"]
    assert len(findings) == min(number, MOST_IN_SET)
    assert len(told) == (number >= MOST_IN_SET)
    if told:
        assert told[0].source_start == data.index(b"QQ*1") + 5 * (MOST_IN_SET - 1)
        assert (told[0].segment_position, told[0].segment_id, told[0].loop) == (0, "", "")


def test_each_set_has_its_own_room(scan: Scanner, file_of: FileOf) -> None:
    """Rubbish in one set hides nothing of another, nor of the frames around them."""
    first = with_rubbish(file_of("837P"), 2 * MOST_IN_SET)
    start, stop = first.index(b"ST*"), first.index(b"GE*")
    second = first[start:stop].replace(b"*0001*", b"*0002*").replace(b"*0001~", b"*0002~")
    scanned = scan(first[:stop] + second + b"GE*3*7~IEA*1*000000101~", snip=2)
    for ordinal in (1, 2):
        assert sum(one.transaction_set == ordinal for one in scanned.findings) == MOST_IN_SET
    assert [one.code for one in scanned.findings if not one.transaction_set] == ["SET_COUNT_WRONG"]


def strays(number: int) -> bytes:
    """Groups without sets, each with a stray segment behind it."""
    group = b"GS*HC*CLEARING*PLAN*20250301*0915*%d*X*005010X222A1~GE*0*%d~REF*1~"
    return b"".join(group % (one, one) for one in range(1, number + 1))


@pytest.mark.parametrize("number", [MOST_OUTSIDE_SETS - 1, MOST_OUTSIDE_SETS, MOST_OUTSIDE_SETS + 1])
def test_an_interchange_keeps_its_first_findings_outside_sets(scan: Scanner, file_of: FileOf, number: int) -> None:
    """The last one kept rejects the interchange; the next interchange begins anew."""
    header = file_of("837P")[:106]
    data = header + strays(number) + b"IEA*%d*000000101~" % number
    findings = scan(data + file_of("834").replace(b"GE*1*7", b"GE*2*7").replace(b"0101", b"0102"), snip=2).findings
    first = [one.code for one in findings if one.interchange == 1]
    assert len(first) == min(number, MOST_OUTSIDE_SETS)
    assert first.count("INTERCHANGE_TOO_MANY_FINDINGS") == (number >= MOST_OUTSIDE_SETS)
    assert [one.code for one in findings if one.interchange == 2] == ["SET_COUNT_WRONG"]


def test_a_full_file_keeps_one_finding_of_each_set(monkeypatch: pytest.MonkeyPatch, file_of: FileOf) -> None:
    """Behind the limit of the file, sets and interchanges with findings are still told from those without."""
    monkeypatch.setattr(findings_log, "MOST_IN_FILE", 50)
    dirty = with_rubbish(file_of("837P"), 30)
    frames = strays(3)
    data = b"".join(
        dirty.replace(b"IEA*1*", frames + b"IEA*4*").replace(b"000000101", b"%09d" % number).replace(b"*7*X*", control)
        for number, control in ((1, b"*7*X*"), (2, b"*8*X*"), (3, b"*9*X*"))
    )
    findings = scanner.scan(data + b"GARBAGE", snip=2).findings
    by_set = [[one.code for one in findings if (one.interchange, one.transaction_set) == (n, 1)] for n in (1, 2, 3)]
    assert [len(codes) for codes in by_set] == [30, 18, 1]
    assert [codes[-1] for codes in by_set[1:]] == ["SET_TOO_MANY_FINDINGS"] * 2
    outside = [[one.code for one in findings if (one.interchange, one.transaction_set) == (n, 0)] for n in (2, 3)]
    assert outside == [["INTERCHANGE_TOO_MANY_FINDINGS"]] * 2
    assert [one for one in findings if not one.interchange] == []


ENVELOPES = 7
"""Read of a file in these tests."""
SETS = (b"ST*1*0001~SE*2*0001~", b"ST*1*0002~N3*X~SE*3*0002~", b"ST*1*0003~SE*2*0003~")


def frame(number: int, *sets: bytes) -> bytes:
    """An interchange with a group of such sets."""
    group = b"GS*XX*CLEARING*PLAN*20250301*0915*7*X*005010X999~%sGE*%d*7~" % (b"".join(sets), len(sets))
    isa = b"ISA*00*          *00*          *ZZ*CLEARING       *ZZ*PLAN           *250301*0915*^*00501*%09d*0*T*:~"
    return (isa + group + b"IEA*1*%09d~") % (number, number)


@pytest.mark.parametrize(
    ("data", "begin", "sets", "is_cut"),
    [
        (frame(1, *SETS[:2]) + frame(2, *SETS), SETS[1], [2, 1], True),
        (frame(1, *SETS) + frame(2, *SETS), SETS[0], [3, 0], True),
        (frame(1, *SETS, *SETS[:1]) + frame(2), b"GS*", [4], True),
        (frame(1, *SETS) + frame(2) + frame(3) + b"GARBAGE", b"ISA*", [3, 0], False),
    ],
)
def test_a_file_of_too_many_envelopes_is_read_up_to_there(
    monkeypatch: pytest.MonkeyPatch, data: bytes, begin: bytes, sets: list[int], is_cut: bool
) -> None:
    """What would hold one more ends as if the file did; the rest is named, and read by nobody."""
    monkeypatch.setattr(scanner, "MOST_ENVELOPES", ENVELOPES)
    scanned = scanner.scan(data)
    (told,) = [one for one in scanned.findings if one.code == "FILE_TOO_MANY_ENVELOPES"]
    assert (told.interchange, told.source_start, told.source_stop) == (0, data.rindex(begin), len(data))
    assert [len(group.sets) for one in scanned.interchanges for group in one.groups] == sets
    assert scanned.interchanges[-1].closed != is_cut
    assert scanned.interchanges[-1].source_stop == told.source_start
    assert ("INTERCHANGE_TRAILER_MISSING" in scanned.findings.codes()) == is_cut


def test_as_many_envelopes_as_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left unread."""
    monkeypatch.setattr(scanner, "MOST_ENVELOPES", ENVELOPES)
    assert "FILE_TOO_MANY_ENVELOPES" not in scanner.scan(frame(1, *SETS) + frame(2)).findings.codes()
    assert [one.closed for one in scanner.scan(frame(1, *SETS) + frame(2)).interchanges] == [True, True]


def test_a_full_file_says_that_it_is_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many findings there are."""
    monkeypatch.setattr(scanner, "MOST_ENVELOPES", ENVELOPES)
    monkeypatch.setattr(findings_log, "MOST_IN_FILE", 3)
    scanned = scanner.scan(frame(1, *SETS, *SETS) + frame(2) + frame(3))
    assert "FILE_TOO_MANY_ENVELOPES" in scanned.findings.codes()
