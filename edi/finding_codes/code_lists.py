"""Codes of identifiers and codes that have the wrong form, are not in their list, or not on the day (SNIP 5).

All are about a claim, a member or a payment: they are told there, not on the 999.
"""

from __future__ import annotations

from edi.finding_codes.code import ERROR, WARNING, FindingCode, business_code


def _form(code: str, meaning: str, severity: str = ERROR) -> FindingCode:
    return business_code(code, meaning, severity, snip=5)


def _listed(name: str, what: str, severity: str = ERROR) -> tuple[FindingCode, FindingCode]:
    return (
        business_code(f"{name}_UNKNOWN", f"not in the list of {what}", severity, snip=5),
        business_code(f"{name}_NOT_EFFECTIVE", f"not valid on its day, by the list of {what}", severity, snip=5),
    )


FORMS = (
    _form("NPI_INVALID", "no National Provider Identifier: ten digits, the first 1 or 2, check digit over 80840"),
    _form("TAX_ID_INVALID", "no tax identification number: nine digits, not all the same"),
    _form("SOCIAL_SECURITY_NUMBER_INVALID", "no social security number: nine digits, not all the same", WARNING),
    _form("TAXONOMY_INVALID", "no provider taxonomy code: nine digits or letters after three digits' start, then X"),
    _form("POSTAL_CODE_INVALID", "no postal code of five or nine digits in a domestic address", WARNING),
    _form("DIAGNOSIS_INVALID", "not of the form of the ICD revision that its qualifier names"),
    _form("INPATIENT_PROCEDURE_INVALID", "not of the form of an ICD procedure code"),
    _form("PROCEDURE_INVALID", "not of the form of the code set that its qualifier names"),
    _form("MODIFIER_INVALID", "no procedure modifier: two letters or digits"),
    _form("REVENUE_CODE_INVALID", "no revenue code: four digits"),
    _form("BILL_TYPE_INVALID", "no type of bill: two digits, then a frequency of one letter or digit"),
    _form("DRG_INVALID", "no diagnosis related group: three digits, or four with a severity", WARNING),
    _form("NDC_INVALID", "no national drug code: eleven digits"),
    _form("CLAIM_CODE_INVALID", "no condition, occurrence or value code: two letters or digits"),
    _form("PATIENT_STATUS_INVALID", "no patient status: two digits"),
    _form("ADJUSTMENT_REASON_INVALID", "not of the form of a claim adjustment reason code"),
    _form("REMARK_CODE_INVALID", "not of the form of a remittance advice remark code"),
    _form("TOOTH_INVALID", "no tooth number of the universal system", WARNING),
    _form("ORAL_CAVITY_INVALID", "no area of the oral cavity", WARNING),
    _form("LANGUAGE_INVALID", "no language code: two or three letters", WARNING),
    _form("ROUTING_NUMBER_INVALID", "no bank routing number: nine digits with a check digit"),
)

LISTED = (
    *_listed("PLACE_OF_SERVICE", "places of service"),
    *_listed("STATE", "states and provinces", WARNING),
    *_listed("COUNTRY", "countries", WARNING),
    *_listed("DIAGNOSIS", "diagnoses"),
    *_listed("INPATIENT_PROCEDURE", "inpatient procedures"),
    *_listed("PROCEDURE", "procedures"),
    *_listed("MODIFIER", "procedure modifiers"),
    *_listed("REVENUE_CODE", "revenue codes"),
    *_listed("CLAIM_CODE", "condition, occurrence and value codes"),
    *_listed("PATIENT_STATUS", "patient statuses"),
    *_listed("TAXONOMY", "provider taxonomy codes"),
    *_listed("NDC", "national drug codes"),
    *_listed("DRG", "diagnosis related groups"),
    *_listed("ADJUSTMENT_REASON", "claim adjustment reasons"),
    *_listed("REMARK_CODE", "remittance advice remarks"),
)

CODE_LISTS = (*FORMS, *LISTED)
