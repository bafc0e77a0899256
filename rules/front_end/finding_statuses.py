"""Which statuses of the 277CA a finding of the scanner has: by its code, and by what stands where it was found."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "CLAIM_CHARGE_IMBALANCE": "A7:400 A7:178",
        "CHARGE_NEGATIVE": "A7:178",
        "LINE_PAYER_IMBALANCE": "A7:672",
        "CLAIM_PAYER_IMBALANCE": "A7:672",
        "DIAGNOSIS_POINTER_INVALID": "A7:477",
        "DIAGNOSIS_VERSION_INVALID": "A7:700 A7:255",
        "DATE_RANGE_REVERSED": "A7:187",
        "NPI_INVALID": "A7:562",
        "TAX_ID_INVALID": "A7:128",
        "TAXONOMY_INVALID": "A7:145",
        "TAXONOMY_UNKNOWN": "A7:145",
        "TAXONOMY_NOT_EFFECTIVE": "A7:145",
        "DIAGNOSIS_INVALID": "A7:255",
        "INPATIENT_PROCEDURE_INVALID": "A7:454",
        "PROCEDURE_INVALID": "A7:454",
        "MODIFIER_INVALID": "A7:453",
        "REVENUE_CODE_INVALID": "A7:455",
        "BILL_TYPE_INVALID": "A7:228",
        "PATIENT_STATUS_INVALID": "A7:234",
        "NDC_INVALID": "A7:218",
        "DRG_INVALID": "A7:256",
        "CLAIM_CODE_INVALID": "A7:460",
        "TOOTH_INVALID": "A7:244",
        "ORAL_CAVITY_INVALID": "A7:245",
        "ADJUSTMENT_REASON_INVALID": "A7:286",
        "REMARK_CODE_INVALID": "A7:286",
        "DIAGNOSIS_UNKNOWN": "A7:255",
        "DIAGNOSIS_NOT_EFFECTIVE": "A7:255",
        "INPATIENT_PROCEDURE_UNKNOWN": "A7:454",
        "INPATIENT_PROCEDURE_NOT_EFFECTIVE": "A7:454",
        "PROCEDURE_UNKNOWN": "A7:454",
        "PROCEDURE_NOT_EFFECTIVE": "A7:454",
        "MODIFIER_UNKNOWN": "A7:453",
        "MODIFIER_NOT_EFFECTIVE": "A7:453",
        "REVENUE_CODE_UNKNOWN": "A7:455",
        "REVENUE_CODE_NOT_EFFECTIVE": "A7:455",
        "PLACE_OF_SERVICE_UNKNOWN": "A7:249",
        "PLACE_OF_SERVICE_NOT_EFFECTIVE": "A7:249",
        "PATIENT_STATUS_UNKNOWN": "A7:234",
        "PATIENT_STATUS_NOT_EFFECTIVE": "A7:234",
        "NDC_UNKNOWN": "A7:218",
        "NDC_NOT_EFFECTIVE": "A7:218",
        "DRG_UNKNOWN": "A7:256",
        "DRG_NOT_EFFECTIVE": "A7:256",
        "CLAIM_CODE_UNKNOWN": "A7:460",
        "CLAIM_CODE_NOT_EFFECTIVE": "A7:460",
        "ADJUSTMENT_REASON_UNKNOWN": "A7:286",
        "ADJUSTMENT_REASON_NOT_EFFECTIVE": "A7:286",
        "REMARK_CODE_UNKNOWN": "A7:286",
        "REMARK_CODE_NOT_EFFECTIVE": "A7:286",
    }
)
"""By finding code."""
OF_DIAGNOSES: Mapping[str, str] = MappingProxyType(
    {**dict.fromkeys(("ABK", "BK"), "A7:254"), **dict.fromkeys(("ABJ", "BJ"), "A7:232")}
)
"""Principal and admitting diagnoses have statuses of their own, by the qualifier of the HI's first code."""
OF_CLAIM_CODES: Mapping[str, str] = MappingProxyType({"BH": "A7:461", "BI": "A7:462", "BE": "A7:463"})
"""Occurrences, spans and values, by the qualifier of the HI; the others are conditions."""
OF_STATEMENT = "A7:188"
"""Of a hospital's own range of dates (DTP 434), instead of 187."""

WITH_ENTITY = frozenset({code for code in STATUSES if code.startswith(("NPI_", "TAX_ID_", "TAXONOMY_"))})
"""Their statuses name whose number it is: NM101, where the 277CA knows it."""
ENTITIES = frozenset({"71", "72", "73", "77", "82", "DK", "DN", "DQ", "FA"})
ANY_PROVIDER = "1P"
FIRST = 1
INSTITUTIONAL, CLAIM_LOOP = "I", "2300"


class Place(NamedTuple):
    """Where a finding was found."""

    entity: str
    """NM101 of the party in whose segments it lies, empty outside of parties."""
    qualifier: str
    """That of the first code of the HI that it lies in, empty elsewhere."""
    element: int
    loop: str
    kind: str
    """P, I or D."""


def statuses_of(code: str, place: Place) -> str:
    """Up to three with blanks between, as those of an edit."""
    plain = STATUSES[code]
    if code in WITH_ENTITY:
        return f"{plain}:{place.entity if place.entity in ENTITIES else ANY_PROVIDER}"
    if code.startswith("DIAGNOSIS_") and plain == STATUSES["DIAGNOSIS_INVALID"] and place.element == FIRST:
        return OF_DIAGNOSES.get(place.qualifier, plain)
    if code.startswith("CLAIM_CODE_"):
        return OF_CLAIM_CODES.get(place.qualifier, plain)
    if code == "DATE_RANGE_REVERSED" and (place.kind, place.loop) == (INSTITUTIONAL, CLAIM_LOOP):
        return OF_STATEMENT
    return plain
