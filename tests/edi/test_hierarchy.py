from __future__ import annotations

from collections.abc import Callable

import pytest

from edi.limits import MOST_LEVELS
from edi.scan import Scan

FileOf = Callable[..., bytes]
Scanner = Callable[..., Scan]
SUBSCRIBER = (
    "SBR*P*18*******CI~NM1*IL*1*DOE*JANE****MI*M1001~N3*2 OAK STREET~N4*SPRINGFIELD*IL*62701~DMG*D8*19800102*F~"
    "NM1*PR*2*HEALTH PLAN*****PI*PLAN~"
)
PATIENT = "PAT*19~NM1*QC*1*DOE*KID~N3*2 OAK STREET~N4*SPRINGFIELD*IL*62701~DMG*D8*20150102*F~"
PROVIDER = "NM1*85*2*GREEN CLINIC*****XX*1234567893~N3*1 MAIN STREET~N4*SPRINGFIELD*IL*627010001~REF*EI*123456789~"
CLAIM = "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y~HI*ABK:J45909~LX*1~SV1*HC:99213*150.5*UN*1***1~DTP*472*D8*20250215~"
BEHIND = {"20": PROVIDER, "22": SUBSCRIBER, "23": PATIENT}
"""What follows an HL of a kind."""


def with_levels(file_of: FileOf, levels: str) -> bytes:
    """A professional file with these HL segments, `HL01 HL02 HL03 HL04` each, a claim behind those without children."""
    data = file_of("837P").decode()
    start, stop = data.index("HL*1"), data.index("SE*29")
    body = ""
    for level in levels.split("; "):
        elements = level.replace("-", "").split(" ")
        body += f"HL*{'*'.join(elements)}~{BEHIND[elements[2]]}{CLAIM if elements[3:4] != ['1'] else ''}"
    changed = data[:start] + body + data[stop:]
    return changed.replace("SE*29", f"SE*{changed.count('~') - 4}").encode()


LEVELS = [
    # levels, findings (code, HL01 of the level)
    ("1 - 20 1; 2 1 22 0", []),
    ("1 - 20 1; 2 1 22 1; 3 2 23 0; 4 2 23 0", []),
    ("1 - 20 1; 2 1 22 1; 3 2 23 0; 4 1 22 0; 5 - 20 1; 6 5 22 0", []),
    ("1 - 20 1; 2 1 22 0; 3 2 23 0; 4 2 23 0", [("HL_CHILD", "2")]),
    ("1 - 20 1; 2 1 22 1; 3 1 22 0", [("HL_CHILD", "2")]),
    ("1 - 20 1; 2 1 22 1", [("HL_CHILD", "2")]),
    ("1 - 20 1; 2 1 22 1; 3 - 20 1; 4 3 22 0", [("HL_CHILD", "2")]),
    ("1 - 20 1; 2 1 22 0; 4 1 22 0", [("HL_SEQUENCE", "4")]),
    ("1 - 20 1; 2 1 22 0; 3 1 22 0; 3 1 22 0", [("HL_SEQUENCE", "3")]),
    ("1 - 20 1; 2 1 22 0; 3 9 22 0", [("HL_PARENT", "3")]),
    ("1 - 20 1; 2 1 22 0; 3 - 20 1; 4 1 22 0", [("HL_PARENT", "4")]),
    ("1 - 20 1; 2 1 22 1; 3 1 23 0", [("HL_CHILD", "2"), ("HL_PARENT", "3")]),
    ("1 - 20 1; 2 1 22 1; 3 2 23 0; 4 3 22 0", [("HL_CHILD", "3"), ("HL_PARENT", "4")]),
]


@pytest.mark.parametrize(("levels", "expected"), LEVELS, ids=[levels for levels, _ in LEVELS])
def test_levels_agree_with_one_another(
    scan: Scanner, file_of: FileOf, levels: str, expected: list[tuple[str, str]]
) -> None:
    """HL01 counts, HL02 names an open level of the right kind, HL04 tells whether others follow; each at its HL."""
    data = with_levels(file_of, levels)
    found = []
    for one in scan(data, snip=2).findings:
        line = data[: one.source_start].rpartition(b"~")[2]
        elements = (line + data[one.source_start :].partition(b"~")[0]).decode().split("*")
        assert (one.segment_id, elements[0]) == ("HL", "HL")
        assert line.count(b"*") == one.element
        found.append((one.code, elements[1]))
    assert found == expected


def test_a_cut_set_says_nothing_of_children(scan: Scanner, file_of: FileOf) -> None:
    """What would have followed cannot be known."""
    data = file_of("837P")
    cut = data[: data.index(b"HL*2*")] + data[data.index(b"SE*29") :]
    without_trailer = cut.replace(b"SE*29*0001~", b"")
    assert "HL_CHILD" in {one.code for one in scan(cut, snip=2).findings}
    assert "HL_CHILD" not in {one.code for one in scan(without_trailer, snip=2).findings}


def test_any_depth_is_read(scan: Scanner, file_of: FileOf) -> None:
    """Levels below the last one that is followed are compared with it."""
    levels = ["1 - 20 1", "2 1 22 1", *(f"{number} {number - 1} 23 1" for number in range(3, 3 * MOST_LEVELS))]
    findings = scan(with_levels(file_of, "; ".join(levels)), snip=2).findings
    # a patient has no patients: every one from the second on names the wrong kind, says 1, and has no claim
    assert {one.code for one in findings} == {"HL_PARENT", "HL_CHILD", "ELEMENT_CODE", "SEGMENT_MISSING"}
    assert sum(one.code == "HL_PARENT" for one in findings) == 3 * MOST_LEVELS - 4


def test_lines_count_in_each_claim(scan: Scanner, file_of: FileOf) -> None:
    """LX01 begins anew with each CLM."""
    data = with_levels(file_of, "1 - 20 1; 2 1 22 0; 3 1 22 0")
    assert scan(data, snip=2).findings == []
    second = data.rindex(b"LX*1~")
    (found,) = scan(data[:second] + b"LX*2~" + data[second + 5 :], snip=2).findings
    assert (found.code, found.source_start) == ("LX_SEQUENCE", second + 3)
