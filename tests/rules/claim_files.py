"""Small 837P and 834 files in which every claim or member can be damaged by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ISA = "ISA*00*          *00*          *ZZ*CLEARHOUSE     *ZZ*HEALTHPLAN     *260401*1200*^*00501*000000011*0*P*:"
GS_CLAIMS = "GS*HC*CLEARHOUSE*HEALTHPLAN*20260401*1200*11*X*005010X222A1"
GS_MEMBERS = "GS*BE*CLEARHOUSE*HEALTHPLAN*20260401*1200*11*X*005010X220A1"

BATCH = (
    "BHT*0019*00*BATCH1*20260401*1200*CH",
    "NM1*41*2*CLEAR HOUSE*****46*CLEARHOUSE",
    "PER*IC*EDI DESK*TE*5550100200",
    "NM1*40*2*HEALTH PLAN*****46*HEALTHPLAN",
    "HL*1**20*1",
    "NM1*85*2*EXAMPLE CLINIC*****XX*1999999984",
    "N3*1 MAIN STREET",
    "N4*HARTFORD*CT*061030000",
    "REF*EI*900000001",
)
SUBSCRIBER = (
    "HL*{level}*1*22*0",
    "SBR*P*18*******CI",
    "NM1*IL*1*DOE*PAT****MI*W00000{level}",
    "N3*2 OAK AVENUE",
    "N4*HARTFORD*CT*06103",
    "DMG*D8*19800101*F",
    "NM1*PR*2*HEALTH PLAN*****PI*12345",
)
CLAIM = (
    "CLM*ACCOUNT{number}*150***11:B:1*Y*A*Y*Y",
    "DTP*431*D8*20260301",
    "HI*ABK:J020",
    "LX*1",
    "SV1*HC:99213*100*UN*1***1",
    "DTP*472*D8*20260302",
    "LX*2",
    "SV1*HC:87880*50*UN*1***1",
    "DTP*472*D8*20260302",
)
ENROLLMENT = (
    "BGN*00*ENROLLMENT1*20260401*1200****2",
    "N1*P5*EXAMPLE EMPLOYER*FI*900000002",
    "N1*IN*HEALTH PLAN*FI*900000003",
)
MEMBER = (
    "INS*Y*18*021*XN*A***FT",
    "REF*0F*SUB00{number}",
    "REF*1L*GROUP1",
    "NM1*IL*1*DOE*PAT",
    "N3*2 OAK AVENUE",
    "N4*HARTFORD*CT*06103",
    "DMG*D8*19800101*F",
    "HD*021**HMO**EMP",
    "DTP*348*D8*20260401",
)
Damage = Mapping[str, str | None]
"""A segment of a claim or member as it stands above, and what stands in its place: a tilde between segments, None for
nothing. A segment without content stays one, and is not counted."""
CLEAN: Damage = {}


def claim(number: int, damage: Damage = CLEAN) -> list[str]:
    """The segments of one claim."""
    return _damaged(CLAIM, damage, number=number)


def patient(number: int, damage: Damage = CLEAN) -> list[str]:
    """A subscriber and a claim, both with this damage."""
    return [*_damaged(SUBSCRIBER, damage, level=number + 1), *claim(number, damage)]


def member(number: int, damage: Damage = CLEAN) -> list[str]:
    """The segments of one member."""
    return _damaged(MEMBER, damage, number=number)


def _damaged(segments: Sequence[str], damage: Damage, **numbers: int) -> list[str]:
    changed = [damage.get(segment, segment) for segment in segments]
    return [one for segment in changed if segment for one in segment.format(**numbers).split("~")]


def claim_set(*patients: Sequence[str], control: str = "0001") -> list[str]:
    """A transaction set of claims."""
    return _set("837", control, "005010X222A1", [*BATCH, *(one for segments in patients for one in segments)])


def member_set(*members: Sequence[str], control: str = "0001") -> list[str]:
    """A transaction set of members."""
    return _set("834", control, "005010X220A1", [*ENROLLMENT, *(one for segments in members for one in segments)])


def _set(transaction: str, control: str, guide: str, body: Sequence[str]) -> list[str]:
    count = sum(map(bool, body)) + 2
    return [f"ST*{transaction}*{control}*{guide}", *body, f"SE*{count}*{control}"]


def file_of(*sets: Sequence[str], line_end: str = "\n") -> bytes:
    """One interchange with one group of these sets, which are all of one kind."""
    header = GS_CLAIMS if sets[0][0].startswith("ST*837") else GS_MEMBERS
    segments = [ISA, header, *(one for part in sets for one in part), f"GE*{len(sets)}*11", "IEA*1*000000011"]
    return "".join(f"{segment}~{line_end}" for segment in segments).encode()


def damaged_claims(*damages: Damage) -> bytes:
    """One set with a patient and a claim for each damage."""
    return file_of(claim_set(*(patient(number, damage) for number, damage in enumerate(damages, 1))))


def damaged_members(*damages: Damage) -> bytes:
    """One set with a member for each damage."""
    return file_of(member_set(*(member(number, damage) for number, damage in enumerate(damages, 1))))
