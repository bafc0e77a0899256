"""Codes of what must, or must not, be there because of something else that is there (SNIP 4).

Those that a guide's situational rule settles beyond doubt go on the 999: IK304 I6 (a segment is missing), I9 (a
segment must not be there), IK403 I9 and I13 for elements. The rest are about a claim, a member or a payment.
"""

from __future__ import annotations

from edi.finding_codes.code import ERROR, SEGMENT, WARNING, FindingCode, business_code, element_code


def _missing(code: str, meaning: str, severity: str = ERROR) -> FindingCode:
    return FindingCode(code, SEGMENT, meaning, 4, ik304="I6", severity=severity)


def _forbidden(code: str, meaning: str, severity: str = ERROR) -> FindingCode:
    return FindingCode(code, SEGMENT, meaning, 4, ik304="I9", severity=severity)


SITUATIONS = (
    # claims, 837
    _forbidden(
        "PATIENT_IS_SUBSCRIBER", "a patient level (2000C) although SBR02 says that the subscriber is the patient"
    ),
    element_code(
        "PATIENT_RELATIONSHIP_MISSING",
        "I9",
        "SBR02 does not say that the subscriber is the patient, and there is no patient level (2000C)",
        4,
    ),
    business_code(
        "CLAIM_ORIGINAL_UNEXPECTED",
        "an original's claim number (REF F8) on a claim that corrects nothing (frequency 1)",
        WARNING,
        snip=4,
    ),
    _missing("ACCIDENT_DATE_MISSING", "an accident (CLM11 AA or OA) without its date (DTP 439)"),
    element_code("ACCIDENT_STATE_MISSING", "I9", "an automobile accident without its state or country", 4, WARNING),
    _missing("ADMISSION_DATE_MISSING", "an inpatient bill without the date of admission (DTP 435)"),
    _forbidden(
        "DISCHARGE_HOUR_UNEXPECTED", "a discharge hour (DTP 096) on an interim bill (frequency 2 or 3)", WARNING
    ),
    _missing("OTHER_PAYER_MISSING", "a claim to a payer who is not the first (SBR01) that names no other payer (2320)"),
    _missing("PRIOR_PAYMENT_DATE_MISSING", "a prior payer's payment without the day it was decided on (DTP 573)"),
    business_code("DIAGNOSIS_POINTER_INVALID", "a service line points to a diagnosis that the claim lacks", snip=4),
    business_code(
        "DIAGNOSIS_VERSION_INVALID",
        "ICD-9 codes for service since 2015-10-01, or ICD-10 codes for service before (45 CFR 162.1002)",
        snip=4,
    ),
    business_code("DATE_RANGE_REVERSED", "a range of dates that ends before it begins", snip=4),
    # enrollment, 834
    _missing("MEMBER_COVERAGE_MISSING", "a member is added without any coverage (HD, RFI 1775)", WARNING),
    _missing("COVERAGE_BEGIN_DATE_MISSING", "coverage is added (HD01 021) without its first day (DTP 348)", WARNING),
    _missing(
        "COVERAGE_END_DATE_MISSING",
        "coverage is ended (HD01 024) without its last day (DTP 349), and the member's eligibility has none (DTP 357)",
        WARNING,
    ),
    _missing("COBRA_DATE_MISSING", "continued coverage (INS05 C) without its dates (DTP 340 or 341)", WARNING),
    element_code(
        "MEMBER_RELATIONSHIP_INVALID",
        "7",
        "INS01 and INS02 disagree on whether the member is the subscriber",
        4,
        WARNING,
    ),
    business_code(
        "MEMBER_NOT_TERMINATED",
        "employment ended or the member died, but nothing is ended (INS03 024)",
        WARNING,
        snip=4,
    ),
    # remittances, 835
    business_code("REMARK_MISSING", "an adjustment reason that demands a remark, and no remark code beside it", snip=4),
    business_code(
        "REMITTANCE_METHOD_INVALID",
        "nothing is paid but the method is not NON, or NON although something is (RFI 2228, 352)",
        snip=4,
    ),
    business_code("REMITTANCE_EMPTY", "a remittance without claims and provider adjustments (RFI 1870)", snip=4),
    business_code("ADJUSTMENT_ZERO", "a provider adjustment of nothing (RFI 1324)", WARNING, snip=4),
)
