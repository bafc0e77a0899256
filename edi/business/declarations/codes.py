"""Forms and code lists: of identifiers wherever they stand, of the codes of claims and of remittances."""

from __future__ import annotations

from typing import NamedTuple

from edi.business.declarations.claims import CLAIM_KINDS, CODES_IN_HI
from edi.business.declarations.remittances import ADJUSTED
from edi.business.language import Condition, Declaration, Element, Form, Listed, Observation, formed, has

DOMESTIC = ("", "US", "USA")
"""N404; absent means the United States."""
NORTH_AMERICA = (*DOMESTIC, "CA")
"""Countries whose states or provinces N402 names."""
REMARKS = (("MOA", range(3, 8)), ("MIA", (5, 20, 21, 22, 23)))


class _Coded(NamedTuple):
    """How the codes that a qualifier announces are checked."""

    qualifiers: tuple[str, ...]
    code: str
    form: str
    listed: str = ""
    """Name of the finding codes of the list, and of the list after a colon."""


DIAGNOSES_AND_THE_LIKE = (
    _Coded(("ABK", "ABF", "ABJ", "APR", "ABN"), "DIAGNOSIS_INVALID", "ICD-10-CM", "DIAGNOSIS:icd10cm"),
    _Coded(("BK", "BF", "BJ", "PR", "BN"), "DIAGNOSIS_INVALID", "ICD-9-CM", "DIAGNOSIS:icd9cm"),
    _Coded(("BBR", "BBQ"), "INPATIENT_PROCEDURE_INVALID", "ICD-10-PCS", "INPATIENT_PROCEDURE:icd10pcs"),
    _Coded(("BR", "BQ"), "INPATIENT_PROCEDURE_INVALID", "ICD-9 procedure", "INPATIENT_PROCEDURE:icd9procedure"),
    _Coded(("BP", "BO"), "PROCEDURE_INVALID", "HCPCS"),
    _Coded(("BG",), "CLAIM_CODE_INVALID", "two", "CLAIM_CODE:condition"),
    _Coded(("BH",), "CLAIM_CODE_INVALID", "two", "CLAIM_CODE:occurrence"),
    _Coded(("BI",), "CLAIM_CODE_INVALID", "two", "CLAIM_CODE:occurrence_span"),
    _Coded(("BE",), "CLAIM_CODE_INVALID", "two", "CLAIM_CODE:value"),
    _Coded(("DR",), "DRG_INVALID", "DRG", "DRG:drg"),
)
"""The code in component 2 of an HI composite, by the qualifier in component 1."""

PROCEDURES = (
    _Coded(("HC",), "PROCEDURE_INVALID", "HCPCS"),
    _Coded(("AD",), "PROCEDURE_INVALID", "CDT", "PROCEDURE:cdt"),
    _Coded(("HP",), "PROCEDURE_INVALID", "HIPPS", "PROCEDURE:hipps"),
    _Coded(("N4",), "NDC_INVALID", "NDC", "NDC:ndc"),
    _Coded(("NU",), "REVENUE_CODE_INVALID", "revenue code", "REVENUE_CODE:revenue_code"),
)
"""The code in component 2 of a procedure composite (C003), by the qualifier in component 1."""


def _checked(
    code: str, place: str, element: Element, form: str, listed: str = "", when: tuple[Condition, ...] = ()
) -> tuple[Observation, ...]:
    """A form and, of what has the form, the list."""
    check = Form(code, place, element, form, when)
    if not listed:
        return (check,)
    name, _, code_list = listed.partition(":")
    return check, Listed(name, place, element, code_list, (*when, formed(element, form)))


def _coded(place: str, element: int, kinds: tuple[_Coded, ...]) -> tuple[Observation, ...]:
    """The code of a composite, by its qualifier."""
    return tuple(
        check
        for kind in kinds
        for check in _checked(
            kind.code, place, (element, 2), kind.form, kind.listed, (has((element, 1), *kind.qualifiers),)
        )
    )


def _procedure(place: str, element: int) -> tuple[Observation, ...]:
    """A medical procedure (C003): its code, HCPCS in two lists by its level, and its modifiers."""
    medical = has((element, 1), "HC")
    return (
        *_coded(place, element, PROCEDURES),
        Listed("PROCEDURE", place, (element, 2), "cpt", (medical, formed((element, 2), "CPT"))),
        Listed("PROCEDURE", place, (element, 2), "hcpcs", (medical, formed((element, 2), "HCPCS level II"))),
        *(
            check
            for modifier in range(3, 7)
            for check in _checked(
                "MODIFIER_INVALID", place, (element, modifier), "two", "MODIFIER:modifier", (medical,)
            )
        ),
    )


def _adjustment(place: str) -> tuple[Observation, ...]:
    return tuple(
        check
        for reason in ADJUSTED
        for check in _checked(
            "ADJUSTMENT_REASON_INVALID", place, reason, "adjustment reason", "ADJUSTMENT_REASON:adjustment_reason"
        )
    )


EVERYWHERE = Declaration(
    kinds=frozenset({"834", "835", "277CA"}) | CLAIM_KINDS,
    scopes=(),
    observations=(
        Form("NPI_INVALID", "* NM1", 9, "npi", (has(8, "XX"),)),
        Form("NPI_INVALID", "* N1", 4, "npi", (has(3, "XX"),)),
        Form("NPI_INVALID", "* REF[HPI]", 2, "npi"),
        Form("TAX_ID_INVALID", "* NM1", 9, "tax id", (has(8, "FI"),)),
        Form("TAX_ID_INVALID", "* N1", 4, "tax id", (has(3, "FI"),)),
        Form("TAX_ID_INVALID", "* REF[EI,TJ]", 2, "tax id"),
        Form("SOCIAL_SECURITY_NUMBER_INVALID", "* REF[SY]", 2, "tax id"),
        Form("SOCIAL_SECURITY_NUMBER_INVALID", "* NM1", 9, "tax id", (has(8, "34"),)),
        *_checked("TAXONOMY_INVALID", "* PRV", 3, "taxonomy", "TAXONOMY:taxonomy", (has(2, "PXC"),)),
        Form("POSTAL_CODE_INVALID", "* N4", 3, "postal code", (has(4, *DOMESTIC),)),
        Listed("STATE", "* N4", 2, "state", (has(4, *NORTH_AMERICA),)),
        Listed("COUNTRY", "* N4", 4, "country"),
        Form("LANGUAGE_INVALID", "* LUI", 2, "language", (has(1, "LD", "LE"),)),
        Form("DATE_RANGE_REVERSED", "* DTP", 3, "forward range", (has(2, "RD8"),)),
    ),
    judgments=(),
)

CLAIM_CODES = Declaration(
    kinds=CLAIM_KINDS,
    scopes=(),
    observations=(
        *(check for place in CODES_IN_HI for check in _coded("2300 HI", place, DIAGNOSES_AND_THE_LIKE)),
        *(
            Form("DATE_RANGE_REVERSED", "2300 HI", (place, 4), "forward range", (has((place, 3), "RD8"),))
            for place in CODES_IN_HI
        ),
        Listed("PLACE_OF_SERVICE", "2300 CLM", (5, 1), "place_of_service", (has((5, 2), "B"),)),
        Listed("PLACE_OF_SERVICE", "2400 SV1", 5, "place_of_service"),
        Listed("PLACE_OF_SERVICE", "2400 SV3", 3, "place_of_service"),
        Form("BILL_TYPE_INVALID", "2300 CLM", (5, 1), "two digits", (has((5, 2), "A"),)),
        Form("BILL_TYPE_INVALID", "2300 CLM", (5, 3), "one"),
        *_checked("PATIENT_STATUS_INVALID", "2300 CL1", 3, "two digits", "PATIENT_STATUS:patient_status"),
        *_procedure("2400 SV1", 1),
        *_procedure("2400 SV2", 2),
        *_procedure("2400 SV3", 1),
        *_procedure("2400 SV5", 1),
        *_procedure("2430 SVD", 3),
        *_checked("REVENUE_CODE_INVALID", "2400 SV2", 1, "revenue code", "REVENUE_CODE:revenue_code"),
        *(Form("ORAL_CAVITY_INVALID", "2400 SV3", (4, area), "oral cavity") for area in range(1, 6)),
        Form("TOOTH_INVALID", "2400 TOO", 2, "tooth", (has(1, "JP"),)),
        Form("TOOTH_INVALID", "2300 DN2", 1, "tooth", (has(6, "JP"),)),
        *_checked("NDC_INVALID", "2410 LIN", 3, "NDC", "NDC:ndc", (has(2, "N4"),)),
        *_adjustment("2320 CAS"),
        *_adjustment("2430 CAS"),
        *(
            Listed("REMARK_CODE", f"2320 {segment}", remark, "remark")
            for segment, remarks in REMARKS
            for remark in remarks
        ),
    ),
    judgments=(),
)

REMITTANCE_CODES = Declaration(
    kinds=frozenset({"835"}),
    scopes=(),
    observations=(
        Form("ROUTING_NUMBER_INVALID", "HEADER BPR", 7, "routing number", (has(6, "01"),)),
        Form("ROUTING_NUMBER_INVALID", "HEADER BPR", 13, "routing number", (has(12, "01"),)),
        Form("BILL_TYPE_INVALID", "2100 CLP", 8, "two digits"),
        Form("BILL_TYPE_INVALID", "2100 CLP", 9, "one"),
        *_checked("DRG_INVALID", "2100 CLP", 11, "DRG", "DRG:drg"),
        *_procedure("2110 SVC", 1),
        *_procedure("2110 SVC", 6),
        *_checked("REVENUE_CODE_INVALID", "2110 SVC", 4, "revenue code", "REVENUE_CODE:revenue_code"),
        *_adjustment("2100 CAS"),
        *_adjustment("2110 CAS"),
        *_checked("REMARK_CODE_INVALID", "2110 LQ[HE]", 2, "remark", "REMARK_CODE:remark"),
        *(
            Listed("REMARK_CODE", f"2100 {segment}", remark, "remark")
            for segment, remarks in REMARKS
            for remark in remarks
        ),
    ),
    judgments=(),
)
