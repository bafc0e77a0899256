"""Every fault that can be put into a file, by name: the finding code that it provokes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from edi.finding_codes import CODES
from edi.synthetic.faults.balances import BALANCE_FAULTS
from edi.synthetic.faults.elements import ELEMENT_FAULTS
from edi.synthetic.faults.envelopes import ENVELOPE_FAULTS
from edi.synthetic.faults.fault import Fault
from edi.synthetic.faults.forms import FORM_FAULTS
from edi.synthetic.faults.situations import SITUATION_FAULTS
from edi.synthetic.faults.structure import STRUCTURE_FAULTS

REMITTANCE = "is of remittances, which are ours"
LISTS_SNIP = 5

CATALOGUE: Mapping[str, Fault] = MappingProxyType(
    {
        fault.code: fault
        for fault in (
            *ENVELOPE_FAULTS,
            *STRUCTURE_FAULTS,
            *ELEMENT_FAULTS,
            *BALANCE_FAULTS,
            *SITUATION_FAULTS,
            *FORM_FAULTS,
        )
    }
)
"""Faults by finding code."""

OTHERWISE: Mapping[str, str] = MappingProxyType(
    {
        "EMPTY_FILE": "a file of no bytes needs no generator",
        "FILE_TOO_MANY_ENVELOPES": "takes hundreds of thousands of sets",
        "INTERCHANGE_TOO_MANY_FINDINGS": "takes a thousand faults",
        "SET_TOO_MANY_FINDINGS": "takes a thousand faults",
        "INTERCHANGE_DUPLICATE": "takes an earlier file",
        "USAGE_NOT_AGREED": "a right file of the other usage: --usage",
        "SEGMENT_NOT_USED": "the guides of these files have no segment that is not used",
        "CLAIM_SYNTAX": "told of a claim that has another finding",
        "ENROLLMENT_MEMBER_SYNTAX": "told of a member who has another finding",
        "CLAIM_SERVICE_DATE_MISSING": "told when claims are decided",
        "REMARK_MISSING": REMITTANCE,
        "REMARK_CODE_INVALID": REMITTANCE,
        "ADJUSTMENT_ZERO": REMITTANCE,
        "ROUTING_NUMBER_INVALID": REMITTANCE,
    }
)
"""Finding codes that no single fault in such a file provokes, and why."""
PARTNER_SNIP = 7


def why_not(code: str) -> str:
    """Why the catalogue has no fault for a finding code; empty where it has one, or should have."""
    if code in CATALOGUE:
        return ""
    if code in OTHERWISE:
        return OTHERWISE[code]
    if code.startswith("REMITTANCE_"):
        return REMITTANCE
    if code.endswith(("_UNKNOWN", "_NOT_EFFECTIVE")) and CODES[code].snip == LISTS_SNIP:
        return "takes a code list that knows better than the guide"
    return "takes the plan's members and claims" if CODES[code].snip == PARTNER_SNIP else ""
