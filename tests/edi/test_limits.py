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
