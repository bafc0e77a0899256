"""What a plan decides of its payments: interest for late ones, and when overpayments are taken back (settings.yaml)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Literal

StatesOf = Literal["payee", "situs"]
Submission = Literal["any", "electronic", "paper"]
DayCount = Literal["365", "360", "actual"]
BelowLeast = Literal["pooled", "not_owed"]
CorrectionAccount = Literal["own", "original"]
CoverageAmount = Literal["none", "institutional", "all"]

BALANCE_WEEKS = 13
"""A quarter of a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestRule:
    """Prompt payment of one kind of claims, by state law or contract (domain.md 9.7)."""

    id: str
    states: tuple[str, ...] = ()
    """Empty: every state."""
    states_of: StatesOf = "payee"
    """Whose: that of the payee's address, or that in which the plan is sold (its situs)."""
    lines_of_business: tuple[str, ...] = ()
    """Of the plan; empty: all."""
    submission: Submission = "any"
    """How the claim came."""
    effective_from: date = date.min
    effective_through: date | None = None
    """Days of receipt for which it counts, both inclusive."""
    days: int
    """Paid on this day after the receipt of the clean claim, it is still on time."""
    percent_a_year: Decimal
    day_count: DayCount = "365"
    """Days of a year: 365, 360, or as many as the year of each day has."""
    least_cents: int = 0
    """A claim whose interest is less gets none."""
    below_least: BelowLeast = "not_owed"
    """What becomes of such interest: nothing, or it is owed to a pool that the plan gives away."""
    source: str = ""
    """The law or contract, for people."""

    def __post_init__(self) -> None:
        if self.effective_through is not None and self.effective_through < self.effective_from:
            raise ValueError("effective_through lies before effective_from")

    def covers(self, other: InterestRule) -> bool:
        """Does it fit every claim that `other` fits?"""
        scopes = ((self.lines_of_business, other.lines_of_business), (self.states, other.states))
        return (
            all(not mine or (theirs and set(theirs) <= set(mine)) for mine, theirs in scopes)
            and (not self.states or self.states_of == other.states_of)
            and self.submission in ("any", other.submission)
            and self.effective_from <= other.effective_from
            and (self.effective_through or date.max) >= (other.effective_through or date.max)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceContent:
    """What a plan chooses to say in its 835s."""

    correction_account: CorrectionAccount = "own"
    """CLP01 of what takes the place of a remitted claim: its own (RFI 2150), or that of the first one (RFI 1945)."""
    provider_summaries: bool = False
    """Are institutional claims grouped by provider, facility type and fiscal year, each group with its sums (TS3)?"""
    coverage_amount: CoverageAmount = "institutional"
    """Of which claims AMT*AU is said: the charges of the services that the plan covers."""
    inpatient_bill_types: frozenset[str] = frozenset({"11", "18", "21", "28", "41", "65", "66", "86"})
    """First two digits of the types of bill that are stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSettings:
    """What a run of payments goes by, beside decisions."""

    interest_rules: tuple[InterestRule, ...] = ()
    """The first that fits a claim counts."""
    recovery_after_days: int | None = None
    """An overpayment that a reversal shows is left with the payee for so many days; None: taken back at once."""
    balance_weeks: int = BALANCE_WEEKS
    """A forwarded balance that is open for longer is something for a person."""
    situs: Mapping[str, str] = field(default_factory=dict)
    """State in which a plan is sold, by plan id; plans without one are in none."""
    paper_partners: Collection[str] = frozenset()
    """Trading partners whose 837s are claims that came to them on paper."""
    remittance: RemittanceContent = field(default_factory=RemittanceContent)

    def content(self) -> dict[str, object]:
        """Whatever changes what is paid, as plain values for a digest."""
        return {
            "interest": [
                {each.name: str(getattr(rule, each.name)) for each in fields(rule)} for rule in self.interest_rules
            ],
            "recovery_after_days": self.recovery_after_days,
            "situs": sorted(self.situs.items()),
            "paper_partners": sorted(self.paper_partners),
            "remittance": {
                "correction_account": self.remittance.correction_account,
                "provider_summaries": self.remittance.provider_summaries,
                "coverage_amount": self.remittance.coverage_amount,
            },
        }
