"""What a plan decides for itself about bills that belong to other bills: duplicates, interim bills, late charges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rules.benefit_settings import require

Treatment = Literal["decide", "refuse", "pend"]
"""decide: like an original claim. refuse: denied. pend: a person decides."""
InterimTreatment = Literal["each", "last", "refuse", "pend"]
"""each: every bill of the stay is decided. last: only the last (4) is, for the whole stay. refuse: CO 135."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRule:
    """What counts as the same bill twice (domain.md 7.1)."""

    denied_original: Literal["note", "deny"] = "note"
    """A bill equal to a denied one is decided, which is noted; or it is a duplicate like any other."""
    suspects: Literal["pend", "note"] = "pend"
    """A bill that resembles another one waits for a person; or it is decided, which is noted."""
    distinct_modifiers: tuple[str, ...] = ("59", "76", "77", "RT", "LT", "XE", "XP", "XS", "XU", "26", "TC")
    """Where only one of two services has such a modifier, they are two services.

    XE, XP, XS and XU say more closely what 59 does. 26 and TC, a test's professional and technical component, are two
    services beside one another only: the whole test, which has neither, holds both.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyRule:
    """What becomes of institutional bills that are neither original (1) nor correction (7, 8) (domain.md 6.1, 6.4)."""

    plans: tuple[str, ...] = ()
    """Plan ids; empty = all plans."""
    interim: InterimTreatment = "each"
    """2, 3 and 4: the first, a continuing and the last bill of one stay."""
    late_charge: Treatment = "decide"
    """5: services added to a bill that was paid."""
    zero: Treatment = "pend"
    """0: no payment is asked for."""
    home_health_final: Treatment = "decide"
    """9."""
    reopening: Treatment = "pend"
    """Q: asks to decide again after the filing limit."""


def require_frequency_rules(rules: tuple[FrequencyRule, ...]) -> None:
    """One rule for all plans, and none twice for the same plan.

    Raises:
        ValueError: otherwise.
    """
    require(len([rule for rule in rules if not rule.plans]) == 1, "frequencies need one rule for all plans")
    named = [plan for rule in rules for plan in rule.plans]
    require(len(named) == len(set(named)), "two rules of frequencies name the same plan")
