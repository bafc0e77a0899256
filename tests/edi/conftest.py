"""Small files, written for these tests, that are right in every respect; a test damages them in one place."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest

from edi.scan import Scan

SCANNERS = ("edi.reference.scanner", "edi.scanner")

ISA = "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*PLAN           *250301*0915*^*00501*000000101*0*T*:"

PROFESSIONAL = """
ST*837*0001*005010X222A1
BHT*0019*00*BATCH1*20250301*0915*CH
NM1*41*2*CLEARING HOUSE*****46*CLEARING
PER*IC*HELP DESK*TE*5555550100
NM1*40*2*HEALTH PLAN*****46*PLAN
HL*1**20*1
NM1*85*2*GREEN CLINIC*****XX*1234567893
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
CLM*PCN1*150.5***11:B:7*Y*A*Y*Y
REF*F8*250600000012
HI*ABK:J45909*ABF:E119
NM1*82*1*ROE*RICHARD****XX*1234567802
LX*1
SV1*HC:99213:25*100.5*UN*1***1
DTP*472*D8*20250215
LX*2
SV1*HC:94010*50*UN*1***1
DTP*472*RD8*20250215-20250216
REF*6R*LINE2
SE*29*0001
"""

INSTITUTIONAL = """
ST*837*0001*005010X223A2
BHT*0019*00*BATCH2*20250301*0915*CH
NM1*41*2*CLEARING HOUSE*****46*CLEARING
PER*IC*HELP DESK*TE*5555550100
NM1*40*2*HEALTH PLAN*****46*PLAN
HL*1**20*1
NM1*85*2*GREEN HOSPITAL*****XX*1234567893
N3*1 MAIN STREET
N4*SPRINGFIELD*IL*627010001
REF*EI*123456789
HL*2*1*22*0
SBR*P*18*******CI
NM1*IL*1*DOE*JANE****MI*M1001
NM1*PR*2*HEALTH PLAN*****PI*PLAN
CLM*PCN2*900***11:A:1**A*Y*Y
DTP*434*RD8*20250201-20250204
DTP*435*DT*202502011030
CL1*1*1*01
HI*ABK:J45909:::::::Y
HI*ABJ:J45909
HI*BH:42:D8:20250204*BH:A1:D8:20250101
LX*1
SV2*0120**900*DA*3
SE*24*0001
"""

DENTAL = """
ST*837*0001*005010X224A2
BHT*0019*00*BATCH3*20250301*0915*CH
NM1*41*2*CLEARING HOUSE*****46*CLEARING
PER*IC*HELP DESK*TE*5555550100
NM1*40*2*HEALTH PLAN*****46*PLAN
HL*1**20*1
PRV*BI*PXC*1223G0001X
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
CLM*PCN3*1025***11:B:1*Y*A*Y*Y
DTP*472*D8*20250214
DN1*24*18
DN2*14*M****JP
REF*G3*PRE123
NTE*ADD*SECOND VISIT
HI*ABK:K0260*ABF:K0520
NM1*82*1*ROE*RICHARD****XX*1234567802
PRV*PE*PXC*1223G0001X
LX*1
SV3*AD:D2392*225****1*****1:2
TOO*JP*3*M:O
TOO*JP*4*O
REF*6R*LINE1
LX*2
SV3*AD:D7140:AB*800*22*10:20**2
DTP*472*D8*20250215
SE*36*0001
"""

ENROLLMENT = """
ST*834*0001*005010X220A1
BGN*00*ROSTER1*20250301*0915****2
REF*38*POLICY1
DTP*007*D8*20250301
N1*P5*SMALL BAKERY*FI*987654321
N1*IN*HEALTH PLAN*FI*123456789
INS*Y*18*021*20*A***FT
REF*0F*S1001
REF*1L*GROUP1
DTP*356*D8*20250301
NM1*IL*1*DOE*JANE****34*123456789
N3*2 OAK STREET
N4*SPRINGFIELD*IL*62701
DMG*D8*19800102*F
HD*021**HLT*GOLD*EMP
DTP*348*D8*20250301
HD*021**DEN*SMILE*EMP
DTP*348*D8*20250401
INS*N*19*021*20*A
REF*0F*S1001
REF*1L*GROUP1
NM1*IL*1*DOE*JACK
SE*23*0001
"""

GROUP_STARTS = {
    "837P": "GS*HC*CLEARING*PLAN*20250301*0915*7*X*005010X222A1",
    "837I": "GS*HC*CLEARING*PLAN*20250301*0915*7*X*005010X223A2",
    "837D": "GS*HC*CLEARING*PLAN*20250301*0915*7*X*005010X224A2",
    "834": "GS*BE*CLEARING*PLAN*20250301*0915*7*X*005010X220A1",
}
SETS = {"837P": PROFESSIONAL, "837I": INSTITUTIONAL, "837D": DENTAL, "834": ENROLLMENT}


def _segments(kind: str) -> list[str]:
    return [ISA, GROUP_STARTS[kind], *SETS[kind].strip().split("\n"), "GE*1*7", "IEA*1*000000101"]


@pytest.fixture(scope="session")
def segments_of() -> Callable[[str], list[str]]:
    """The segments of a right file of a kind: 837P, 837I, 837D or 834."""
    return _segments


@pytest.fixture(scope="session")
def file_of() -> Callable[..., bytes]:
    """Such a file with replacements `{old segment: new segments}`, each old one found exactly once; SE01 is mended."""

    def make(kind: str, replacements: dict[str, str] | None = None) -> bytes:
        segments = _segments(kind)
        for old, new in (replacements or {}).items():
            assert segments.count(old) == 1
            at = segments.index(old)
            segments[at : at + 1] = new.split("~") if new else []
        mended = []
        position = 0
        for segment in segments:
            position = 1 if segment.startswith("ST*") else position + 1
            elements = segment.split("*")
            if elements[0] == "SE" and old_count(kind) == elements[1]:
                elements[1] = str(position)
            mended.append("*".join(elements))
        return "".join(f"{segment}~" for segment in mended).encode("latin-1")

    def old_count(kind: str) -> str:
        return str(len(SETS[kind].strip().split("\n")))

    return make


@pytest.fixture(params=SCANNERS)
def scan(request: pytest.FixtureRequest) -> Callable[..., Scan]:
    """Each of the scanners: what is asked of one is asked of both."""
    scanner: Callable[..., Scan] = import_module(request.param).scan
    return scanner
