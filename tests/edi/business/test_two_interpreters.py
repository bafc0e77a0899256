"""The kernel and the plain interpreter tell the same, of right, damaged and repeated transaction sets."""

from __future__ import annotations

from io import BytesIO
from random import Random

import pytest

from edi import scanner
from edi.codes.lists import ALWAYS, CodeLists, shipped_lists
from edi.findings import Finding
from edi.guides.library import GuideLibrary
from edi.reference import scanner as reference
from tests.edi.business.samples import SAMPLES, file_of

BOUNDED = ((20200101, 20250214), (20250301, 20301231))
LISTS = CodeLists(
    {
        **shipped_lists(),
        "icd10cm": {"J45909": (ALWAYS,), "E119": BOUNDED},
        "cpt": {"99213": BOUNDED, "94010": (ALWAYS,)},
        "hcpcs": {"J1885": ((0, 20240101),), "S9999": (ALWAYS,)},
        "modifier": {"25": BOUNDED},
        "revenue_code": {"0120": ((20300101, 99_999_999),)},
        "occurrence": {"42": BOUNDED},
        "adjustment_reason": {"45": BOUNDED, "1": (ALWAYS,), "16": ((20250301, 20250401),)},
        "remark": {"N130": BOUNDED},
        "cdt": {"D2150": BOUNDED},
        "drg": {"470": BOUNDED},
        "taxonomy": {"207Q00000X": BOUNDED},
    }
)
LIBRARY = GuideLibrary(LISTS)
VALUES = (
    "", "0", "1", "-1", "2", "3", "18", "-0.01", "50.005", "1.5", ".5", "5.", "-", "999999999999999",
    "00000000000000000005", "99999999999.99", "ABC", "AA", "XX", "34", "FI", "1234567893", "1234567890", "123456780",
    "000000000", "11:B:7", "11:A:2", "HC:99213:25:25", "HC:J1885", "AD:D2150", "N4:00093005801", "ABK:E119",
    "BK:4019", "ABF:J45909:::::::Y", "BH:42:D8:20250204", "D8", "RD8", "20250215", "20250101-20250131",
    "20250131-20250101", "202502151200", "20250228x", "FIRST", "PR", "L6:X", "62701", "CA", "US", "IL", "021", "024",
    "Y", "N", "AA:::IL", "1:2:3:4", "::", ":", "^", "A^B", "\x00AB", "é", "N130", "45", "16", "22",
)  # fmt: skip


PAYER = "SBR*T*18*******CI~CAS*PR*1*1~AMT*D*1~OI***Y***Y~NM1*IL*1*DOE*JANE****MI*X1~"


def assert_same(data: bytes, library: GuideLibrary = LIBRARY) -> list[Finding]:
    """The same findings with every field."""
    plain = reference.scan(data, library).findings
    assert scanner.scan(data, library).findings == plain
    return list(plain)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_right_sample(sample: str) -> None:
    """With the lists of a plan: only what these know is told."""
    assert all(one.code.endswith(("_UNKNOWN", "_NOT_EFFECTIVE")) for one in assert_same(file_of(sample)))


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_damaged_sample(sample: str, seed: int) -> None:
    """Values put in place of others, segments left out, repeated and moved."""
    random = Random(f"{sample} {seed}")  # noqa: S311 - a test
    segments = file_of(sample).decode("latin-1").split("~")
    for _ in range(random.randint(1, 12)):
        at = random.randrange(2, len(segments) - 3)
        match random.randrange(8):
            case 0:
                del segments[at]
            case 1:
                segments.insert(at, segments[at])
            case 2:
                other = random.randrange(2, len(segments) - 3)
                segments[at], segments[other] = segments[other], segments[at]
            case _:
                elements = segments[at].split("*")
                if len(elements) > 1:
                    elements[random.randrange(1, len(elements))] = random.choice(VALUES)
                    segments[at] = "*".join(elements)
    assert_same("~".join(segments).encode("latin-1"))


def test_more_codes_wait_than_are_kept() -> None:
    """The five hundred and thirteenth and later are taken as valid, by both."""
    lines = "".join("SV1*HC:99213*1*UN*1*02**1~DTP*472*D8*20160101~LX*9~" for _ in range(40))
    diagnoses = "HI*ABK:E119*" + "*".join(["ABF:E119"] * 11) + "~"
    claim = "CLM*A*40***02:B:1*Y*A*Y*Y~" + diagnoses * 60 + f"LX*1~{lines}"
    data = file_of("837P").decode("latin-1").replace("~SE*", f"~{claim}SE*").encode("latin-1")
    found = assert_same(data)
    assert sum(one.code == "DIAGNOSIS_NOT_EFFECTIVE" for one in found) > 400


def test_more_payers_than_a_ledger_holds() -> None:
    """Seventeen other payers: none is judged; sixteen are."""
    payer = PAYER + "NM1*PR*2*NEXT*****PI*{}~DTP*573*D8*20250101~"
    right = file_of("837P secondary").decode("latin-1")
    for others, judged in ((15, 15), (16, 0)):
        more = "".join(payer.format(f"P{number}") for number in range(others))
        found = assert_same(right.replace("LX*1~", f"{more}LX*1~", 1).encode("latin-1"))
        assert sum(one.code == "CLAIM_PAYER_IMBALANCE" for one in found) == judged


def test_payers_of_one_name_are_not_judged() -> None:
    """What was paid by which cannot be told."""
    again = PAYER + "NM1*PR*2*NEXT*****PI*FIRST~"
    data = file_of("837P secondary").decode("latin-1").replace("LX*1~", f"{again}LX*1~", 1)
    assert "CLAIM_PAYER_IMBALANCE" not in {one.code for one in assert_same(data.encode("latin-1"))}


@pytest.mark.parametrize("component", [":", ">", "<", "\\"])
def test_any_component_separator(component: str) -> None:
    """The parts of composites are found by the separator of the interchange."""
    data = file_of("837P", {"REF*F8*250600000012": ""}).replace(b":", component.encode())
    codes = {one.code for one in assert_same(data)}
    assert "CLAIM_ORIGINAL_MISSING" in codes


def test_in_small_chunks() -> None:
    """A claim whose parts come in different reads."""
    data = b"".join(file_of("837P secondary", {"AMT*D*80": "AMT*D*81"}) for _ in range(20))
    whole = scanner.scan(data, LIBRARY).findings
    assert scanner.scan_stream(BytesIO(data), LIBRARY, chunk=300).findings == whole
    assert sum(one.code == "CLAIM_PAYER_IMBALANCE" for one in whole) == 20
