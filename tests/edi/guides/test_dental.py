"""The 837D (005010X224A2): what is right passes without a finding, each fault is found at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from edi.scan import Scan

CORPUS = Path(__file__).parents[2] / "corpus"
FileOf = Callable[..., bytes]
Scanner = Callable[..., Scan]

CLAIM = "CLM*PCN3*1025***11:B:1*Y*A*Y*Y"
ADDRESS = "N3*2 OAK STREET~N4*SPRINGFIELD*IL*62701"
PLACED = "REF*6R*LINE1"
OTHER_PAYER = "SBR*S*18*******CI~OI***Y***Y~NM1*IL*1*DOE*JANE****MI*X1~NM1*PR*2*OTHER PLAN*****PI*OTHER"

RIGHT = {
    "as it is": {},
    "predetermination": {CLAIM: CLAIM + "**********PB", "DTP*472*D8*20250214": ""},
    "several oral cavity areas": {"SV3*AD:D7140:AB*800*22*10:20**2": "SV3*AD:D7140*800**10:20:30:40:00*R*2"},
    "no count": {"SV3*AD:D7140:AB*800*22*10:20**2": "SV3*AD:D7140*800"},
    "32 teeth": {"TOO*JP*4*O": "~".join(["TOO*JP*4*O:B:D:M:L"] * 31)},
    "35 tooth statuses": {"DN2*14*M****JP": "~".join(["DN2*14*E****JP"] * 35)},
    "a range of days for all lines": {"DTP*472*D8*20250214": "DTP*472*RD8*20250214-20250215"},
    "accident": {CLAIM: CLAIM + "**AA:OA::IL", "DTP*472*D8*20250214": "DTP*439*D8*20250101~DTP*472*D8*20250214"},
    "appliance placed and replaced": {
        "DTP*472*D8*20250215": "DTP*472*D8*20250215~DTP*441*D8*20200101~DTP*452*D8*20250215"
    },
    "assistant surgeon": {"PRV*PE*PXC*1223G0001X": "NM1*DD*1*POE*ANN****XX*1234567893~PRV*AS*PXC*1223S0112X"},
    "another payer with its assistant surgeon": {
        "PRV*PE*PXC*1223G0001X": f"PRV*PE*PXC*1223G0001X~{OTHER_PAYER}~REF*G3*PRE9~NM1*DD*1~REF*G2*77"
    },
    "repriced line": {PLACED: f"{PLACED}~REF*9A*R1~REF*9C*R2"},
    "paid by another payer": {
        "PRV*PE*PXC*1223G0001X": f"PRV*PE*PXC*1223G0001X~{OTHER_PAYER}",
        PLACED: f"{PLACED}~SVD*OTHER*100*AD:D2392**1~CAS*PR*2*125~DTP*573*D8*20250220",
    },
    "no diagnosis": {"HI*ABK:K0260*ABF:K0520": ""},
}

WRONG = {
    "bill type for place of service": ({CLAIM: "CLM*PCN3*1025***11:A:1*Y*A*Y*Y"}, ("ELEMENT_CODE", "CLM", 5)),
    "assignment for laboratory services": ({CLAIM: "CLM*PCN3*1025***11:B:1*Y*B*Y*Y"}, ("ELEMENT_CODE", "CLM", 7)),
    "another service": ({"SV3*AD:D2392*225****1*****1:2": "SV1*HC:99213*225*UN*1***1"}, ("SEGMENT_UNKNOWN", "SV1", 0)),
    "another code list": (
        {"SV3*AD:D2392*225****1*****1:2": "SV3*HC:D2392*225****1*****1:2"},
        ("SEGMENT_UNEXPECTED", "SV3", 0),
    ),
    "description of the service": (
        {"SV3*AD:D2392*225****1*****1:2": "SV3*AD:D2392*225****1*RESIN"},
        ("ELEMENT_NOT_USED", "SV3", 7),
    ),
    "six areas": (
        {"SV3*AD:D7140:AB*800*22*10:20**2": "SV3*AD:D7140*800**10:20:30:40:00:01**2"},
        ("ELEMENT_COMPONENTS", "SV3", 4),
    ),
    "33 teeth": ({"TOO*JP*4*O": "~".join(["TOO*JP*4*O"] * 32)}, ("SEGMENT_TOO_MANY", "TOO", 0)),
    "no tooth": ({"TOO*JP*4*O": "TOO*JP**O"}, ("ELEMENT_MISSING", "TOO", 2)),
    "no surface of a tooth": ({"TOO*JP*4*O": "TOO*JP*4*X"}, ("ELEMENT_CODE", "TOO", 3)),
    "36 tooth statuses": ({"DN2*14*M****JP": "~".join(["DN2*14*M****JP"] * 36)}, ("SEGMENT_TOO_MANY", "DN2", 0)),
    "tooth status without code list": ({"DN2*14*M****JP": "DN2*14*M"}, ("ELEMENT_MISSING", "DN2", 6)),
    "tooth impacted": ({"DN2*14*M****JP": "DN2*14*I****JP"}, ("ELEMENT_CODE", "DN2", 2)),
    "eleven attachments": ({"REF*G3*PRE123": "~".join(["PWK*DA*EL***AC*1"] * 11)}, ("SEGMENT_TOO_MANY", "PWK", 0)),
    "attachment of other claims": (
        {"REF*G3*PRE123": "PWK*OZ*EL***AC*1~PWK*77*EL***AC*1"},
        ("SEGMENT_UNEXPECTED", "PWK", 0),
    ),
    "five diagnoses": (
        {"HI*ABK:K0260*ABF:K0520": "HI*ABK:K0260*ABF:K0520*ABF:K0521*ABF:K0522*ABF:K0523"},
        ("ELEMENT_NOT_USED", "HI", 5),
    ),
    "conditions": ({"NTE*ADD*SECOND VISIT": "CRC*ZZ*Y*AV"}, ("SEGMENT_UNKNOWN", "CRC", 0)),
    "patient of a subscriber": ({"SBR*P*18*******CI": "SBR*P*18*******CI~PAT*19"}, ("SEGMENT_UNEXPECTED", "PAT", 0)),
    "initial treatment": ({"DTP*472*D8*20250214": "DTP*454*D8*20250214"}, ("SEGMENT_UNEXPECTED", "DTP", 0)),
    "range of days of a line": (
        {"DTP*472*D8*20250215": "DTP*472*RD8*20250214-20250215"},
        ("ELEMENT_CODE", "DTP", 2),
    ),
    "line without service": ({"SV3*AD:D2392*225****1*****1:2": ""}, ("SEGMENT_MISSING", "SV3", 0)),
    "facility contact": (
        {"PRV*PE*PXC*1223G0001X": "NM1*77*2*SITE~N3*1 ROAD~N4*SPRINGFIELD*IL*627010001~PER*IC**TE*5555550100"},
        ("SEGMENT_UNEXPECTED", "PER", 0),
    ),
    "no ST03": ({"ST*837*0001*005010X224A2": "ST*837*0001"}, ("ELEMENT_MISSING", "ST", 3)),
    "51 lines": (
        {"LX*2": "~".join(f"LX*{number}~SV3*AD:D1110*1" for number in range(2, 51)) + "~LX*51"},
        ("LOOP_TOO_MANY", "LX", 0),
    ),
}


@pytest.mark.parametrize("changes", RIGHT.values(), ids=RIGHT)
def test_what_is_right_has_no_finding(scan: Scanner, file_of: FileOf, changes: dict[str, str]) -> None:
    """Every use of the dental segments that the table allows."""
    assert list(scan(file_of("837D", changes), snip=2).findings) == []


@pytest.mark.parametrize(("changes", "found"), WRONG.values(), ids=WRONG)
def test_each_fault_is_found_at_its_place(
    scan: Scanner, file_of: FileOf, changes: dict[str, str], found: tuple[str, str, int]
) -> None:
    """What a professional claim may hold and a dental one may not, and the limits of the dental segments."""
    findings = scan(file_of("837D", changes), snip=2).findings
    assert found in {(one.code, one.segment_id, one.element) for one in findings}


@pytest.mark.parametrize("guide_id", ["005010X224", "005010X224A1", "005010X224A3"])
def test_the_guides_other_ids(scan: Scanner, file_of: FileOf, guide_id: str) -> None:
    """An alias in GS08 names the guide, and ST03 has to say it in the same words."""
    data = file_of("837D")
    both = data.replace(b"005010X224A2", guide_id.encode())
    assert list(scan(both, snip=2).findings) == []
    (group,) = scan(both).interchanges[0].groups
    assert group.guide is not None
    assert group.guide.id == "005010X224A2"
    group_only = data.replace(b"X*005010X224A2", f"X*{guide_id}".encode())
    assert [one.code for one in scan(group_only, snip=2).findings] == ["SET_GUIDE_MISMATCH"]


def test_patients_of_a_subscriber_have_claims_of_the_same_form(scan: Scanner, file_of: FileOf) -> None:
    """The claim loop stands under 2000C too, with all that is in it."""
    data = file_of(
        "837D",
        {
            "HL*2*1*22*0": "HL*2*1*22*1",
            "SBR*P*18*******CI": "SBR*P********CI",
            CLAIM: f"HL*3*2*23*0~PAT*19~NM1*QC*1*DOE*JIM~{ADDRESS}~DMG*D8*20150102*M~{CLAIM}",
            PLACED: f"{PLACED}~SV5*DM:E0570*DA*1*100",
        },
    )
    assert [(one.code, one.segment_id) for one in scan(data, snip=2).findings] == [("SEGMENT_UNKNOWN", "SV5")]


def test_a_foreign_file_passes(scan: Scanner) -> None:
    """A sample of another project: a dependant's claim with one date for all lines."""
    scanned = scan((CORPUS / "moov/837d_sample.txt").read_bytes(), snip=2)
    assert list(scanned.findings) == []
    assert scanned.interchanges[0].groups[0].sets[0].segment_count == 31
