"""Every declared rule is broken by a case, at an exact place, and kept by the right samples."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from edi.business.language import Form, Pointer, Wrong
from edi.business.plain import BusinessChecks, BusinessFinding
from edi.business.program import program_of
from edi.codes.lists import LIST_NAMES, CodeLists
from edi.finding_codes import CODES
from edi.findings import Finding
from edi.guides.library import default_library
from edi.reference.scanner import read_records, scan
from tests.edi.business.samples import GROUPS, SAMPLES, file_of

FIRST_BUSINESS_SNIP = 3


class Told(NamedTuple):
    """A finding, and the segment that it is at as it stands in the damaged file."""

    code: str
    at: str
    element: int = 0
    component: int = 0
    missing: str = ""
    """The segment that should be there: the finding bears its id and the position of `at`."""


class Case(NamedTuple):
    """A right sample damaged with `{old: new}`, and all that is told of it."""

    sample: str
    damage: dict[str, str]
    told: tuple[Told, ...]


def case(sample: str, damage: dict[str, str], *told: Told) -> Case:
    """A case of any damage."""
    return Case(sample, damage, told)


def element(code: str, sample: str, segment: str, place: int | tuple[int, int], value: str) -> Case:
    """One element or component of a segment is changed, and told."""
    number, component = place if isinstance(place, tuple) else (place, 0)
    elements = segment.partition("#")[0].split("*")
    elements += [""] * (number + 1 - len(elements))
    if component:
        parts = elements[number].split(":")
        parts += [""] * (component - len(parts))
        parts[component - 1] = value
        value = ":".join(parts)
    elements[number] = value
    changed = "*".join(elements)
    return Case(sample, {segment: changed}, (Told(code, changed, number, component),))


CLM = "CLM*PCN1*150.5***10:B:7*Y*A*Y*Y**AA:::IL"
ICLM = "CLM*PCN2*900***11:A:1**A*Y*Y"
DCLM = "CLM*PCN3*150***11:B:1*Y*A*Y*Y"
SV1, SV2, SV3 = "SV1*HC:99213:25*100.5*UN*1*11**1:2", "SV2*0120**900*DA*3", "SV3*AD:D2150*150*11*10**1*****1"
SVD = "SVD*FIRST*40*HC:99213:25**1"
LINE_DAYS = "DTP*472*RD8*20250214-20250215"
INS, ENDED = "INS*Y*18*021*20*C***FT", "INS*N*19*024*20*A***TE"
BPR = "BPR*I*182.5*C*ACH*CCP*01*011000015*DA*5550001*1123456789**01*011000028*DA*7770002*20250626"
SVC, SECOND_SVC = "SVC*HC:99213:25*150*80**1", "SVC*HC:99214*200*100*0450*1**1"
CLP = "CLP*PCN-A*1*150*80*20*HM*26170000001*11*1"
SECOND_CLP = "CLP*PCN-B*1*260*90*90*HM*26170000002*11*1"
NEW_CLP = "CLP*PCN-D*1*280*160*40*HM*26170000005*11*7"
PLB = "PLB*1234567893*20251231*L6:26170000001*-2.5"
COVERAGE = "HD*021**DEN*SMILE*EMP"
OTHER_SBR = "SBR*P*18*******CI"
PRIOR_DATES = {"DTP*573*D8*20250220#2": "", "DTP*573*D8*20250220": ""}

BALANCES = [
    element("CLAIM_CHARGE_IMBALANCE", "837P", CLM, 2, "150.51"),
    case("837P", {SV1: SV1.replace("100.5", "100.49")}, Told("CLAIM_CHARGE_IMBALANCE", CLM, 2)),
    element("CLAIM_CHARGE_IMBALANCE", "837I", ICLM, 2, "900.01"),
    case("837I", {SV2: SV2.replace("900", "899.99")}, Told("CLAIM_CHARGE_IMBALANCE", ICLM, 2)),
    case("837D", {SV3: SV3.replace("*150*", "*150.1*")}, Told("CLAIM_CHARGE_IMBALANCE", DCLM, 2)),
    case("837P secondary", {"AMT*D*80": "AMT*D*81"}, Told("CLAIM_PAYER_IMBALANCE", OTHER_SBR)),
    case("837P secondary", {"CAS*PR*1*20": "CAS*PR*1*20.01"}, Told("CLAIM_PAYER_IMBALANCE", OTHER_SBR)),
    case(
        "837P secondary",
        {"CAS*CO*45*50*1*2*10": "CAS*CO*45*50*1*2*11"},
        Told("LINE_PAYER_IMBALANCE", SVD),
        Told("CLAIM_PAYER_IMBALANCE", OTHER_SBR),
    ),
    case("837P secondary", {SVD: SVD.replace("40", "41")}, Told("LINE_PAYER_IMBALANCE", SVD.replace("40", "41"))),
    element("MEMBER_TOTAL_IMBALANCE", "834", "QTY*TO*3", 2, "4"),
    element("MEMBER_TOTAL_IMBALANCE", "834", "QTY*ET*1", 2, "2"),
    element("MEMBER_TOTAL_IMBALANCE", "834", "QTY*DT*2", 2, "1"),
    element("REMITTANCE_PAYMENT_IMBALANCE", "835", BPR, 2, "182.51"),
    case(
        "835",
        {"CAS*CO*45*50": "CAS*CO*45*49.99"},
        Told("REMITTANCE_SERVICE_IMBALANCE", SVC, 3),
        Told("REMITTANCE_CLAIM_IMBALANCE", CLP, 4),
    ),
    case(
        "835",
        {"CAS*OA*16*10": "CAS*OA*16*11"},
        Told("REMITTANCE_CLAIM_IMBALANCE", SECOND_CLP, 4),
        Told("REMITTANCE_LINES_IMBALANCE", SECOND_CLP, 4),
    ),
    case(
        "835",
        {SVC: "SVC*HC:99213:25*151*81**1"},
        Told("REMITTANCE_LINES_IMBALANCE", CLP, 3),
        Told("REMITTANCE_LINES_IMBALANCE", CLP, 4),
    ),
    element("REMITTANCE_PATIENT_IMBALANCE", "835", CLP, 5, "21"),
    element("REMITTANCE_PATIENT_IMBALANCE", "835", NEW_CLP, 5, ""),
    case("835", {"AMT*I*2.5": "AMT*I*2.6"}, Told("REMITTANCE_INTEREST_IMBALANCE", BPR, 2)),
]

SITUATIONS = [
    case(
        "837P",
        {"SBR*P********CI": "SBR*P*18*******CI"},
        Told("PATIENT_IS_SUBSCRIBER", "HL*3*2*23*0"),
    ),
    case(
        "837I",
        {"SBR*P*18*******CI": "SBR*P********CI"},
        Told("PATIENT_RELATIONSHIP_MISSING", "SBR*P********CI", 2),
    ),
    case("837P", {"REF*F8*250600000012": ""}, Told("CLAIM_ORIGINAL_MISSING", CLM, missing="REF")),
    case(
        "837P",
        {CLM: CLM.replace("B:7", "B:1")},
        Told("CLAIM_ORIGINAL_UNEXPECTED", "REF*F8*250600000012", 2),
    ),
    case("837P", {"DTP*439*D8*20250101": ""}, Told("ACCIDENT_DATE_MISSING", CLM, missing="DTP")),
    case("837P", {CLM: CLM.replace(":::IL", "")}, Told("ACCIDENT_STATE_MISSING", CLM.replace(":::IL", ""), 11, 4)),
    case("837I", {"DTP*435*DT*202502011030": ""}, Told("ADMISSION_DATE_MISSING", ICLM, missing="DTP")),
    case(
        "837I",
        {ICLM: ICLM.replace("A:1", "A:2")},
        Told("DISCHARGE_HOUR_UNEXPECTED", "DTP*096*TM*1130"),
    ),
    case("837I", {"SBR*P*18*******CI": "SBR*S*18*******CI"}, Told("OTHER_PAYER_MISSING", ICLM, missing="SBR")),
    case(
        "837P secondary",
        PRIOR_DATES,
        Told("PRIOR_PAYMENT_DATE_MISSING", "CLM*PCN1*150***11:B:1*Y*A*Y*Y", missing="DTP"),
    ),
    element("DIAGNOSIS_POINTER_INVALID", "837P", SV1, (7, 2), "3"),
    element("DIAGNOSIS_POINTER_INVALID", "837P", SV1, (7, 1), "0"),
    element("DIAGNOSIS_POINTER_INVALID", "837D", SV3, (11, 1), "2"),
    case("837P secondary", {"HI*ABK:J45909": "HI*BK:49390"}, Told("DIAGNOSIS_VERSION_INVALID", "HI*BK:49390", 1, 1)),
    case(
        "837I",
        {
            "DTP*434*RD8*20250201-20250204": "DTP*434*RD8*20150901-20150930",
            "HI*BI:70:RD8:20250201-20250202": "",
        },
        Told("DIAGNOSIS_VERSION_INVALID", "HI*ABK:J45909:::::::Y", 1, 1),
    ),
    element("DATE_RANGE_REVERSED", "837I", "DTP*434*RD8*20250201-20250204", 3, "20250201-20250131"),
    element("DATE_RANGE_REVERSED", "837I", "HI*BI:70:RD8:20250201-20250202", (1, 4), "20250201-20250101"),
    case(
        "837I",
        {SV2: SV2.replace("900", "-900"), ICLM: ICLM.replace("900", "-900")},
        Told("CHARGE_NEGATIVE", SV2.replace("900", "-900"), 3),
        Told("CHARGE_NEGATIVE", ICLM.replace("900", "-900"), 2),
    ),
    case(
        "837P",
        {SV1: SV1.replace("100.5", "-100.5"), CLM: CLM.replace("150.5", "-50.5")},
        Told("CHARGE_NEGATIVE", SV1.replace("100.5", "-100.5"), 2),
        Told("CHARGE_NEGATIVE", CLM.replace("150.5", "-50.5"), 2),
    ),
    case(
        "837D",
        {SV3: SV3.replace("*150*", "*-150*"), DCLM: DCLM.replace("*150*", "*-150*")},
        Told("CHARGE_NEGATIVE", SV3.replace("*150*", "*-150*"), 2),
        Told("CHARGE_NEGATIVE", DCLM.replace("*150*", "*-150*"), 2),
    ),
    case(
        "834",
        {COVERAGE: "", "DTP*348*D8*20250401": ""},
        Told("MEMBER_COVERAGE_MISSING", "INS*N*19*021*20*A", missing="HD"),
    ),
    case("834", {"DTP*340*D8*20250301": ""}, Told("COBRA_DATE_MISSING", INS, missing="DTP")),
    case("834", {"DTP*348*D8*20250401": ""}, Told("COVERAGE_BEGIN_DATE_MISSING", COVERAGE, missing="DTP")),
    case(
        "834",
        {"DTP*349*D8*20250401": ""},
        Told("COVERAGE_END_DATE_MISSING", "HD*024**DEN*SMILE*EMP", missing="DTP"),
    ),
    element("MEMBER_RELATIONSHIP_INVALID", "834", INS, 2, "19"),
    element("MEMBER_RELATIONSHIP_INVALID", "834", "INS*N*19*021*20*A", 2, "18"),
    element("MEMBER_NOT_TERMINATED", "834", ENDED, 3, "030"),
    case(
        "834",
        {"INS*N*19*021*20*A": "INS*N*19*021*20*A******D8*20250201"},
        Told("MEMBER_NOT_TERMINATED", "INS*N*19*021*20*A******D8*20250201", 3),
    ),
    case(
        "835",
        {"LQ*HE*N130": "", "MOA***MA01": ""},
        Told("REMARK_MISSING", "SVC*HC:S9999*60*0**1"),
        Told("REMARK_MISSING", SECOND_CLP),
    ),
    element("REMITTANCE_METHOD_INVALID", "835", BPR, 4, "NON"),
    case("835", {PLB: f"{PLB}*CS*0"}, Told("ADJUSTMENT_ZERO", f"{PLB}*CS*0", 6)),
]

FORMS = [
    element("NPI_INVALID", "837P", "NM1*85*2*GREEN CLINIC*****XX*1234567893", 9, "1234567890"),
    element("NPI_INVALID", "837I", "NM1*71*1*ROE*RICHARD****XX*1234567893", 9, "123456789"),
    element("NPI_INVALID", "837D", "NM1*85*2*GREEN DENTISTS*****XX*1234567893", 9, "12345678930"),
    element("NPI_INVALID", "835", "N1*PE*RIVER CLINIC LLC*XX*1234567893", 4, "3234567899"),
    element("NPI_INVALID", "277CA", "NM1*85*2*GREEN CLINIC*****XX*1234567893", 9, "12345678A3"),
    case("835", {"CAS*PR*3*20": "CAS*PR*3*20~REF*HPI*1"}, Told("NPI_INVALID", "REF*HPI*1", 2)),
    element("TAX_ID_INVALID", "837P", "REF*EI*123456780", 2, "12-3456780"),
    element("TAX_ID_INVALID", "835", "REF*TJ*222334444", 2, "222222222"),
    element("TAX_ID_INVALID", "834", "N1*P5*SMALL BAKERY*FI*987654321", 4, "98765432"),
    case(
        "277CA",
        {"NM1*85*2*GREEN CLINIC*****XX*1234567893": "NM1*85*2*GREEN CLINIC*****FI*1"},
        Told("TAX_ID_INVALID", "NM1*85*2*GREEN CLINIC*****FI*1", 9),
    ),
    element("SOCIAL_SECURITY_NUMBER_INVALID", "834", "NM1*IL*1*DOE*JANE****34*123456780", 9, "999999999"),
    element("TAXONOMY_INVALID", "837P", "PRV*BI*PXC*207Q00000X", 3, "207Q"),
    element("POSTAL_CODE_INVALID", "834", "N4*SPRINGFIELD*IL*62701", 3, "6270"),
    element("POSTAL_CODE_INVALID", "835", "N4*HARTFORD*CT*061030000", 3, "06103-0000"),
    element("LANGUAGE_INVALID", "834", "LUI*LE*ES**7", 2, "ES-MX"),
    element("DIAGNOSIS_INVALID", "837P", "HI*ABK:J45909*ABF:E119", (2, 2), "E11.9"),
    element("DIAGNOSIS_INVALID", "837I", "HI*ABK:J45909:::::::Y", (1, 2), "4019"),
    element("INPATIENT_PROCEDURE_INVALID", "837I", "HI*BBR:0DTJ4ZZ:D8:20250202", (1, 2), "0DTJ4ZO"),
    element("PROCEDURE_INVALID", "837P", SV1, (1, 2), "9921"),
    element("PROCEDURE_INVALID", "837P", "HI*BP:00100", (1, 2), "0010"),
    element("PROCEDURE_INVALID", "837D", SV3, (1, 2), "02150"),
    element("PROCEDURE_INVALID", "837P secondary", SVD, (3, 2), "992134"),
    element("PROCEDURE_INVALID", "835", SVC, (1, 2), "99-13"),
    case(
        "835",
        {SVC: "SVC*HC:99213:25*150*80**1*HC:1"},
        Told("PROCEDURE_INVALID", "SVC*HC:99213:25*150*80**1*HC:1", 6, 2),
    ),
    case(
        "835",
        {SVC: SVC.replace("HC:99213:25", "NU:120")},
        Told("REVENUE_CODE_INVALID", SVC.replace("HC:99213:25", "NU:120"), 1, 2),
    ),
    case(
        "835",
        {SVC: SVC.replace("HC:99213:25", "N4:120")},
        Told("NDC_INVALID", SVC.replace("HC:99213:25", "N4:120"), 1, 2),
    ),
    case(
        "837I", {SV2: SV2.replace("**", "*HP:AAA0*")}, Told("PROCEDURE_INVALID", SV2.replace("**", "*HP:AAA0*"), 2, 2)
    ),
    case(
        "837P",
        {LINE_DAYS: f"SV5*HC:E01*DA*30*50*500*4~{LINE_DAYS}"},
        Told("PROCEDURE_INVALID", "SV5*HC:E01*DA*30*50*500*4", 1, 2),
    ),
    element("MODIFIER_INVALID", "837P", SV1, (1, 3), "2-"),
    element("MODIFIER_INVALID", "837P secondary", SVD, (3, 3), "2-"),
    element("MODIFIER_INVALID", "835", SVC, (1, 3), "a1"),
    case(
        "837I",
        {SV2: SV2.replace("**", "*HC:99213:1*")},
        Told("MODIFIER_INVALID", SV2.replace("**", "*HC:99213:1*"), 2, 3),
    ),
    case(
        "837I",
        {"NM1*PR*2*HEALTH PLAN*****PI*PLAN": "REF*SY*12345~NM1*PR*2*HEALTH PLAN*****PI*PLAN"},
        Told("SOCIAL_SECURITY_NUMBER_INVALID", "REF*SY*12345", 2),
    ),
    element("REVENUE_CODE_INVALID", "837I", SV2, 1, "120"),
    element("REVENUE_CODE_INVALID", "835", SECOND_SVC, 4, "45"),
    case("837I", {ICLM: ICLM.replace("11:A", "1A:A")}, Told("BILL_TYPE_INVALID", ICLM.replace("11:A", "1A:A"), 5, 1)),
    element("BILL_TYPE_INVALID", "837I", ICLM, (5, 3), "?"),
    element("BILL_TYPE_INVALID", "835", CLP, 8, "1A"),
    element("BILL_TYPE_INVALID", "835", CLP, 9, "-"),
    element("DRG_INVALID", "837I", "HI*DR:470", (1, 2), "47"),
    element("DRG_INVALID", "835", CLP, 11, "47A"),
    element("NDC_INVALID", "837P", "LIN**N4*00093005801", 3, "0009-3005801"),
    element("CLAIM_CODE_INVALID", "837P", "HI*BG:AA", (1, 2), "A"),
    element("CLAIM_CODE_INVALID", "837I", "HI*BH:42:D8:20250204*BH:A1:D8:20250101", (2, 2), "A-"),
    element("CLAIM_CODE_INVALID", "837I", "HI*BI:70:RD8:20250201-20250202", (1, 2), "7"),
    element("CLAIM_CODE_INVALID", "837I", "HI*BE:01:::450", (1, 2), "1"),
    element("PATIENT_STATUS_INVALID", "837I", "CL1*1*1*01", 3, "1"),
    element("ADJUSTMENT_REASON_INVALID", "837P secondary", "CAS*PR*1*20", 2, "PR1"),
    element("ADJUSTMENT_REASON_INVALID", "837P secondary", "CAS*CO*45*50*1*2*10", 5, "1234"),
    element("ADJUSTMENT_REASON_INVALID", "835", "CAS*CO*45*50", 2, "CO45"),
    element("ADJUSTMENT_REASON_INVALID", "835", "CAS*OA*16*10", 2, "OA"),
    element("REMARK_CODE_INVALID", "835", "LQ*HE*N130", 2, "X130"),
    element("TOOTH_INVALID", "837D", "TOO*JP*12*L:O", 2, "33"),
    element("TOOTH_INVALID", "837D", "DN2*3*E****JP", 1, "U"),
    element("ORAL_CAVITY_INVALID", "837D", SV3, (4, 1), "X"),
    element("ROUTING_NUMBER_INVALID", "835", BPR, 7, "011000016"),
    element("ROUTING_NUMBER_INVALID", "835", BPR, 13, "01100002"),
]

SHIPPED = [
    element("STATE_UNKNOWN", "837P", "N4*SPRINGFIELD*IL*627010001", 2, "XX"),
    case(
        "837P",
        {LINE_DAYS: "DTP*472*D8*20211231", "DTP*472*D8*20250215": "DTP*472*D8*20211231"},
        Told("PLACE_OF_SERVICE_NOT_EFFECTIVE", CLM, 5, 1),
    ),
    case(
        "837P",
        {SV1: SV1.replace("*11*", "*27*"), LINE_DAYS: "DTP*472*D8*20230930"},
        Told("PLACE_OF_SERVICE_NOT_EFFECTIVE", SV1.replace("*11*", "*27*"), 5),
    ),
    case(
        "837D",
        {SV3: SV3.replace("*11*", "*27*"), "DTP*472*D8*20250215": "DTP*472*D8*20230930"},
        Told("PLACE_OF_SERVICE_NOT_EFFECTIVE", SV3.replace("*11*", "*27*"), 3),
    ),
    element("COUNTRY_NOT_EFFECTIVE", "835", "N4*HARTFORD*CT*061030000", 4, "TP"),
]
CASES = [*BALANCES, *SITUATIONS, *FORMS, *SHIPPED]


IN_CLAIMS = {"LX", "SVC", "CAS", "AMT", "LQ", "MOA", "DTM", "NM1"}


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_right_sample_has_no_finding(sample: str) -> None:
    """Of no SNIP type: what every case damages is whole before."""
    assert list(scan(file_of(sample)).findings) == []


def _name(one: Case) -> str:
    return "-".join((one.sample, *(told.code for told in one.told)))


@pytest.mark.parametrize("one", CASES, ids=map(_name, CASES))
def test_a_damaged_sample_has_the_finding_and_no_other(one: Case) -> None:
    """At its segment, element and component, with the bytes of just that; a missing segment under its own id."""
    data = file_of(one.sample, one.damage)
    assert set(_told(data)) == {_expected(data, told) for told in one.told}
    assert len(_told(data)) == len(one.told)


def test_findings_of_higher_types_are_left_out() -> None:
    """A reading up to SNIP 3 tells balances alone; one up to SNIP 2 nothing of these."""
    data = file_of("835", {CLP: "CLP*PCN-A*1*150*80*21*HM*26170000001*1A*1", "LQ*HE*N130": "", "MOA***MA01": ""})
    assert {finding.code for finding in scan(data, snip=3).findings} == {"REMITTANCE_PATIENT_IMBALANCE"}
    assert {CODES[finding.code].snip for finding in scan(data, snip=4).findings} == {3, 4}
    assert {CODES[finding.code].snip for finding in scan(data, snip=5).findings} == {3, 4, 5}
    assert list(scan(data, snip=2).findings) == []


def test_a_remittance_of_nothing_is_told() -> None:
    """BPR01 I with neither claims nor provider adjustments (RFI 1870)."""
    lines = file_of("835").decode().split("~")
    kept = [line for line in lines if line.partition("*")[0] not in {"CLP", "PLB"} | IN_CLAIMS]
    data = "~".join(kept).replace(BPR, BPR.replace("182.5", "0").replace("ACH", "NON")).encode()
    assert [finding.code for finding in scan(data).findings if CODES[finding.code].snip >= FIRST_BUSINESS_SNIP] == [
        "REMITTANCE_EMPTY"
    ]


LICENSED = [
    # list, code of the sample, sample, segment, place
    ("icd10cm", "J45909", "837P", "HI*ABK:J45909*ABF:E119", (1, 2), "DIAGNOSIS"),
    ("icd9cm", "49390", "837P secondary", "HI*BK:49390", (1, 2), "DIAGNOSIS"),
    ("icd10pcs", "0DTJ4ZZ", "837I", "HI*BBR:0DTJ4ZZ:D8:20250202", (1, 2), "INPATIENT_PROCEDURE"),
    ("icd9procedure", "4709", "837I", "HI*BR:4709:D8:20250202", (1, 2), "INPATIENT_PROCEDURE"),
    ("cpt", "99213", "837P", SV1, (1, 2), "PROCEDURE"),
    ("hcpcs", "J1885", "837P", "SV1*HC:J1885*50*UN*1***2", (1, 2), "PROCEDURE"),
    ("cdt", "D2150", "837D", SV3, (1, 2), "PROCEDURE"),
    ("hipps", "AAA00", "837I", SV2.replace("**", "*HP:AAA00*"), (2, 2), "PROCEDURE"),
    ("modifier", "25", "837P", SV1, (1, 3), "MODIFIER"),
    ("revenue_code", "0120", "837I", SV2, 1, "REVENUE_CODE"),
    ("condition", "09", "837I", "HI*BG:09", (1, 2), "CLAIM_CODE"),
    ("occurrence", "42", "837I", "HI*BH:42:D8:20250204*BH:A1:D8:20250101", (1, 2), "CLAIM_CODE"),
    ("occurrence_span", "70", "837I", "HI*BI:70:RD8:20250201-20250202", (1, 2), "CLAIM_CODE"),
    ("value", "01", "837I", "HI*BE:01:::450", (1, 2), "CLAIM_CODE"),
    ("patient_status", "01", "837I", "CL1*1*1*01", 3, "PATIENT_STATUS"),
    ("taxonomy", "207Q00000X", "837P", "PRV*BI*PXC*207Q00000X", 3, "TAXONOMY"),
    ("ndc", "00093005801", "837P", "LIN**N4*00093005801", 3, "NDC"),
    ("drg", "470", "837I", "HI*DR:470", (1, 2), "DRG"),
    ("adjustment_reason", "1", "837P secondary", "CAS*PR*1*20", 2, "ADJUSTMENT_REASON"),
    ("remark", "N130", "835", "LQ*HE*N130", 2, "REMARK_CODE"),
]
ORIGINAL = {
    "HI*BK:49390": "HI*ABK:J45909",
    "HI*BR:4709:D8:20250202": "HI*BBR:0DTJ4ZZ:D8:20250202",
    SV2.replace("**", "*HP:AAA00*"): SV2,
}
"""Segments that a sample does not have -> those that they take the place of."""


@pytest.mark.parametrize(
    ("name", "code", "sample", "segment", "place", "family"), LICENSED, ids=[x[0] for x in LICENSED]
)
def test_a_loaded_list_says_what_is_known_and_when(
    name: str, code: str, sample: str, segment: str, place: int | tuple[int, int], family: str
) -> None:
    """Without the list nothing is told; with it a code that it lacks, and one whose days are over or yet to come."""
    number, component = place if isinstance(place, tuple) else (place, 0)
    data = file_of(sample, {ORIGINAL.get(segment, segment): segment})

    (records,) = read_records(data)

    def told(periods: dict[str, tuple[tuple[int, int], ...]] | None) -> set[tuple[str, int, int, bytes]]:
        found: list[BusinessFinding] = []
        lists = CodeLists({name: periods}) if periods is not None else None
        checks = BusinessChecks(records.guide, records.delimiters, 5, found.append, lists)
        for record in records.segments:
            checks.take(record.node, record.elements, record.position, record.source_start, record.source_stop)
        checks.end(0, 0)
        return {
            (one.code, one.element, one.component, data[one.source_start : one.source_stop])
            for one in found
            if one.code.startswith(f"{family}_")
            and data[one.source_start : one.source_stop] == code.encode()
            and one.position == _position(data, segment)
        }

    assert told(None) == set()
    assert told({code: ((0, 99_999_999),)}) == set()
    assert told({"ZZ": ((0, 99_999_999),)}) == {(f"{family}_UNKNOWN", number, component, code.encode())}
    for wrong in ((0, 20100101), (20300101, 99_999_999)):
        assert told({code: (wrong,)}) == {(f"{family}_NOT_EFFECTIVE", number, component, code.encode())}
    assert told({code: ((0, 20100101), (20200101, 20281231))}) == set()


def test_every_declared_rule_has_a_case() -> None:
    """By its code and the segment it looks at, of a judgment by its code and where its finding is placed."""
    tested = {(told.code, told.at.partition("*")[0]) for one in CASES for told in one.told}
    tested |= {("REMITTANCE_EMPTY", "BPR")}
    listed = {name for name, *_ in LICENSED}
    untested = set()
    for functional_id, guide_id in GROUPS.values():
        guide = default_library().find("00501", functional_id, guide_id)
        assert guide is not None
        program = program_of(guide, 5)
        for node, plan in zip(guide.nodes, program.plans, strict=True):
            for step in plan.steps if plan else ():
                if isinstance(step.observation, Form | Wrong | Pointer):
                    untested.add((step.observation.code, node.id))
        for rules in program.rules:
            untested |= {(rule.judgment.code, "") for rule in rules}
    untested -= tested | {(code, "") for code, _ in tested}
    assert untested == set()
    assert listed | {"place_of_service", "state", "country"} == set(LIST_NAMES)


def _told(data: bytes) -> list[Finding]:
    return [one for one in scan(data).findings if CODES[one.code].snip >= FIRST_BUSINESS_SNIP]


def _position(data: bytes, segment: str) -> int:
    """In the set: ISA and GS stand before it."""
    return data.decode("latin-1").split("~").index(segment) - 1


def _expected(data: bytes, told: Told) -> Finding:
    """The finding as it must be; loop and data element are those of whatever was told of this place."""
    text = data.decode("latin-1")
    start = text.index(f"~{told.at}~") + 1
    stop = start + len(told.at) + 1
    elements = told.at.split("*")
    if told.element:
        before = elements[: told.element]
        start += sum(map(len, before)) + len(before)
        if told.element >= len(elements):
            start, stop = start - 1, start - 1
        else:
            stop = start + len(elements[told.element])
            if told.component:
                parts = elements[told.element].split(":")
                start += sum(map(len, parts[: told.component - 1])) + min(told.component - 1, len(parts) - 1)
                stop = start + (len(parts[told.component - 1]) if told.component <= len(parts) else 0)
    position = _position(data, told.at)
    found = next(one for one in _told(data) if one.code == told.code and one.segment_position == position)
    return Finding(
        told.code,
        1,
        1,
        1,
        position,
        told.missing or elements[0],
        found.loop,
        told.element,
        told.component,
        0,
        found.data_element,
        start,
        stop,
    )
