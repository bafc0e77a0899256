"""From a status, reason or remark to the segment of the claim itself, never to one of its neighbours."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from pipeline.claim_places import OF_STATUSES, PLACELESS, of_statuses
from pipeline.claim_source import ClaimSource
from rules.front_end import finding_statuses, syntax
from rules.front_end.screen import EDITS

if TYPE_CHECKING:
    from loaders.claim_history import ClaimVersion

SET = (
    "ST*837*0001*005010X222A1",
    "NM1*41*2*HOUSE*****46*SENDER",
    "HL*1**20*1",
    "PRV*BI*PXC*207Q00000X",
    "NM1*85*2*CLINIC*****XX*1234567893",
    "REF*EI*911111111",
    "HL*2*1*22*1",
    "NM1*IL*1*DOE*PAT****MI*ONE",
    "DMG*D8*19800101*F",
    "NM1*PR*2*OURS*****PI*HHP01",
    "HL*3*2*23*0",
    "NM1*QC*1*DOE*KID",
    "DMG*D8*20100101*F",
    "CLM*FIRST*10***11:B:7",
    "REF*F8*OTHER",
    "HI*ABK:J020*ABF:J029",
    "SBR*P*18",
    "NM1*IL*1*ROE*ANN****MI*ELSE",
    "NM1*PR*2*THEIRS*****PI*OTHER",
    "NM1*85*2",
    "LX*1",
    "SV1*HC:99213*10*UN*1***1",
    "DTP*573*D8*20260101",
    "HL*4*1*22*0",
    "NM1*IL*1*POE*SAM****MI*TWO",
    "DMG*D8*19700101*M",
    "NM1*PR*2*OURS*****PI*HHP01",
    "CLM*SECOND*30***11:B:7",
    "HI*ABK:J020",
    "HI*BG:01",
    "SBR*S*18",
    "NM1*IL*1*ROE*ANN****MI*ELSE",
    "NM1*PR*2*THEIRS*****PI*OTHER",
    "LX*1",
    "SV1*HC:99213*10*UN*1***1",
    "LX*2",
    "SV1*HC:99214*20*UN*1***1",
)


def source(name: str, line_end: str) -> ClaimSource:
    """The source of a claim of the set, as far as it goes."""
    starts, text = [], ""
    for segment in SET:
        starts.append(len(text))
        text += f"{segment}~{line_end}"
    first = next(place for place, segment in enumerate(SET) if segment.startswith(f"CLM*{name}*"))
    last = next((place for place in range(first + 1, len(SET)) if SET[place].startswith("HL*")), len(SET))
    stop = [*starts, len(text)]
    lines = [place for place in range(first, last) if SET[place].startswith("LX*")]
    version = SimpleNamespace(
        source_start=stop[first] + 1000,
        source_stop=stop[last] + 1000,
        set_start=1000,
        lines=[
            SimpleNamespace(line_number=number, source_start=stop[place] + 1000, source_stop=stop[until] + 1000)
            for number, (place, until) in enumerate(zip(lines, [*lines[1:], last], strict=True), 1)
        ],
    )
    return ClaimSource(cast("ClaimVersion", version), text[: stop[last]].encode(), b"*", b":", b"~")


@pytest.mark.parametrize("line_end", ["", "\r\n"])
@pytest.mark.parametrize(
    ("claim", "statuses", "segment"),
    [
        ("SECOND", "A6:464 A6:535", "CLM*SECOND*30***11:B:7"),
        ("FIRST", "A7:464 A7:35", "REF*F8*OTHER"),
        ("SECOND", "A3:33", "NM1*IL*1*POE*SAM****MI*TWO"),
        ("FIRST", "A3:33", "NM1*IL*1*DOE*PAT****MI*ONE"),
        ("SECOND", "A7:158:QC A8:30", "DMG*D8*19700101*M"),
        ("FIRST", "A7:158:QC A8:30", "DMG*D8*20100101*F"),
        ("SECOND", "A8:30", "NM1*IL*1*POE*SAM****MI*TWO"),
        ("FIRST", "A8:30", "NM1*QC*1*DOE*KID"),
        ("SECOND", "A3:116", "NM1*PR*2*OURS*****PI*HHP01"),
        ("SECOND", "A7:562:85", "NM1*85*2*CLINIC*****XX*1234567893"),
        ("SECOND", "A8:128:85", "REF*EI*911111111"),
        ("SECOND", "A6:145:85", "PRV*BI*PXC*207Q00000X"),
        ("SECOND", "A3:24:41", "NM1*41*2*HOUSE*****46*SENDER"),
        ("SECOND", "A6:516:GB", "SBR*S*18"),
        ("SECOND", "A7:460", "HI*BG:01"),
        ("FIRST", "A7:254", "HI*ABK:J020*ABF:J029"),
        ("SECOND", "A7:400 A7:178", "CLM*SECOND*30***11:B:7"),
        ("SECOND", "A3:684 A7:555", "CLM*SECOND*30***11:B:7"),
    ],
)
def test_a_status_of_a_claim_is_about_its_own_segment(claim: str, statuses: str, segment: str, line_end: str) -> None:
    """Its patient's, subscriber's and payer's; not the prior payer's, and not those of the claim before."""
    found = source(claim, line_end).find(of_statuses(statuses))
    assert found is not None
    assert found.text == segment
    assert SET[found.position - 1] == segment


def test_a_status_of_a_line_is_about_that_line() -> None:
    """The second one, not the first."""
    found = source("SECOND", "\n").find(of_statuses("A3:684 A7:454"), 2)
    assert found is not None
    assert (found.text, found.element) == ("SV1*HC:99214*20*UN*1***1", 1)


def test_every_edit_has_its_place() -> None:
    """Whatever a 277CA of ours may say of a claim: one of its statuses leads to a segment."""
    told = [edit.statuses for edit in EDITS]
    told += [f"A3:684 A7:{status}" for status in (*syntax.STATUSES.values(), *syntax.OF_FINDINGS.values())]
    told += [*finding_statuses.OF_DIAGNOSES.values(), *finding_statuses.OF_CLAIM_CODES.values()]
    for statuses in told:
        codes = [status.split(":")[1] for status in statuses.split()]
        assert set(codes) <= OF_STATUSES.keys() | PLACELESS, statuses
        assert not set(codes) <= PLACELESS, statuses
