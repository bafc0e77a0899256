"""What a person may do with a claim that waits, by the reason it waits for.

A release sets one reason aside: the rules decide the claim as if it had not been found, and every other reason still
counts. It is of no use where the reason is that something is missing which the decision itself needs.
"""

from __future__ import annotations

from rules.pend_reasons import (
    CHARGES_DISAGREE,
    IMPLAUSIBLE_CHARGE,
    NO_LINES,
    NO_PLAN,
    NO_PRICE,
    NO_SERVICE_CODE,
    NO_SERVICE_DATE,
    ORIGINAL_NOT_REMITTED,
    VOID_NOT_DECIDED,
)

UNREMITTABLE = frozenset({NO_LINES, CHARGES_DISAGREE, IMPLAUSIBLE_CHARGE, NO_SERVICE_CODE})
"""A remittance could not be written of these, whatever was decided: the provider has to send another claim."""
NEED_MORE = UNREMITTABLE | {
    NO_SERVICE_DATE,
    NO_PLAN,
    NO_PRICE,
    ORIGINAL_NOT_REMITTED,
    VOID_NOT_DECIDED,
    "DECISION_BREAKS_LAW",
}
"""The rules cannot go on without what is missing."""


def may_be_released(reason: str) -> bool:
    """Can the claim be decided as if the reason had not been found?"""
    return reason not in NEED_MORE


def may_be_denied(reason: str) -> bool:
    """Can a person deny it?"""
    return reason not in UNREMITTABLE
