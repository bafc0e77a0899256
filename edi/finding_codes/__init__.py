"""The one table of finding codes: level, SNIP type, default severity, and how each acknowledgment spells it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from edi.finding_codes.balances import BALANCES
from edi.finding_codes.claims import CLAIMS
from edi.finding_codes.code import (
    BUSINESS,
    ELEMENT,
    ERROR,
    GROUP,
    INTERCHANGE,
    NOTE,
    REJECT,
    SEGMENT,
    SET,
    WARNING,
    FindingCode,
)
from edi.finding_codes.code_lists import CODE_LISTS
from edi.finding_codes.deposits import DEPOSITS
from edi.finding_codes.enrollment import ENROLLMENT
from edi.finding_codes.envelopes import ENVELOPES
from edi.finding_codes.segments import SEGMENTS
from edi.finding_codes.situations import SITUATIONS

__all__ = [
    "BUSINESS",
    "CODES",
    "ELEMENT",
    "ERROR",
    "GROUP",
    "INTERCHANGE",
    "NOTE",
    "REJECT",
    "SEGMENT",
    "SET",
    "WARNING",
    "FindingCode",
]

CODES: Mapping[str, FindingCode] = MappingProxyType(
    {
        code.id: code
        for code in (*ENVELOPES, *SEGMENTS, *ENROLLMENT, *CLAIMS, *BALANCES, *SITUATIONS, *DEPOSITS, *CODE_LISTS)
    }
)
