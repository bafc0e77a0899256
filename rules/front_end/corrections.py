"""Replacements (7) and voids (8) whose original cannot be corrected, as the loader's screening found (domain.md 6.4).

Those that are accepted instead are denied by adjudication (`rules.frequency_codes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rules.front_end.edit import Edit

VOID_REPEATED = "VOID_REPEATED"
VOIDED, VOID = "F8_VOIDED", "8"
DENIED = "F8_DENIED"
"""A replacement of a denied claim: a problem only where the plan wants a new claim instead."""

ORIGINAL_EDITS: Mapping[str, Edit] = MappingProxyType(
    {
        "F8_MISSING": Edit(
            "ORIGINAL_MISSING", "names no original (REF*F8)", "A6:464 A6:535", 4, "domain.md 1.6, 6.4, RFI 2110"
        ),
        "F8_UNKNOWN": Edit("ORIGINAL_UNKNOWN", "REF*F8 is no claim of ours", "A7:464 A7:35", 7, "domain.md 1.6, 6.4"),
        "F8_OTHER_MEMBER": Edit(
            "ORIGINAL_OF_ANOTHER_MEMBER", "REF*F8 is another member's claim", "A8:464 A8:30", 7, "domain.md 6.4"
        ),
        "F8_OTHER_PROVIDER": Edit(
            "ORIGINAL_OF_ANOTHER_PROVIDER", "REF*F8 is another provider's claim", "A8:464 A8:562:85", 7, "domain.md 6.4"
        ),
        "F8_OTHER_CLASS": Edit(
            "ORIGINAL_OF_ANOTHER_CLASS", "REF*F8 is a claim of another class (P, I, D)", "A8:464", 7, "domain.md 6.3"
        ),
        "F8_OTHER_DATES": Edit(
            "ORIGINAL_OF_OTHER_DATES",
            "has no day of service in common with the claim of REF*F8",
            "A8:464 A8:187",
            7,
            "domain.md 6.3",
        ),
        "NO_BASE_BILL": Edit(
            "BASE_BILL_MISSING", "late charges (5) to a bill that is not on file", "A7:535 A7:464", 7, "domain.md 6.4"
        ),
        "F8_SUPERSEDED": Edit(
            "ORIGINAL_SUPERSEDED", "REF*F8 is no longer the newest version", "A7:495", 7, "domain.md 1.6, 6.4"
        ),
        "F8_DISPUTED": Edit(
            "ORIGINAL_DISPUTED",
            "REF*F8 is a claim whose dispute, by portal or on paper, is open; nothing corrects it meanwhile",
            "A3:464 A3:46",
            7,
            "domain.md 6.2, 6.6",
        ),
        VOIDED: Edit("ORIGINAL_VOIDED", "REF*F8 is a claim that was voided", "A7:464", 7, "domain.md 6.4"),
        DENIED: Edit(
            "ORIGINAL_DENIED",
            "replaces (7) a denied claim, and `correction.denied_original` in filing.yaml is `new_claim`",
            "A7:787",
            7,
            "domain.md 6.4, RFI 2398",
        ),
        "F8_PENDING": Edit(
            "ORIGINAL_PENDING", "REF*F8 is a claim not decided yet", "A3:464 A3:78", 7, "domain.md 6.4", "accept"
        ),
    }
)
"""By the problem that the loader found."""
REPEATED = Edit(
    VOID_REPEATED, "voids a claim that was voided", "A7:464", 7, "domain.md 6.4, 8.2 #36: accepted and answered N547",
    "accept",
)  # fmt: skip
EDITS = (*ORIGINAL_EDITS.values(), REPEATED)


def edit_of(problem: str, frequency: str) -> Edit | None:
    """The edit for a correction's problem; None for one that the front end knows nothing of."""
    return REPEATED if (problem, frequency) == (VOIDED, VOID) else ORIGINAL_EDITS.get(problem)
