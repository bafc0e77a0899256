"""What a plan decides about filing: limits and what they count from, calendars, and what excuses a late claim.

domain.md 5: no limit stands in the code. A limit belongs to a rule, and a rule to plans, lines of business, classes
and kinds of claims, the provider's contract, and days of service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from rules.benefit_settings import require, require_percentage

ClaimClass = Literal["professional", "outpatient", "inpatient"]
ClaimKind = Literal["P", "I", "D"]
Anchor = Literal["service", "discharge", "statement_through"]
RangeAnchor = Literal["start", "end", "split"]
MeasuredLines = Literal["each", "last_of_claim"]
Contract = Literal["any", "contracted", "not_contracted"]
LimitUnit = Literal["days", "months", "years"]
Appeal = Literal["unmentioned", "offered", "none"]
CorrectionBasis = Literal["original_remit_date", "service_anchor", "either_later"]
Evidence = Literal[
    "eligibility_recorded",
    "prior_payer_date",
    "earlier_submission",
    "authorization_decided",
    "disaster",
    "person",
    "none",
]
WithoutEvidence = Literal["deny", "pend"]

SHORTEST: Mapping[LimitUnit, int] = MappingProxyType({"days": 1, "months": 28, "years": 365})
"""Days that a unit has at least."""
ONE = 1


def require_order(first: date, last: date | None, complaint: str) -> None:
    """The last day, where there is one, is not before the first."""
    require(last is None or first <= last, complaint)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days, calendar months or calendar years."""

    number: int
    unit: LimitUnit = "days"

    def __post_init__(self) -> None:
        require(self.number >= 0, f"a limit of {self.unit} may not be negative")

    @property
    def least_days(self) -> int:
        """Days that it lasts at least, whenever it begins."""
        return self.number * SHORTEST[self.unit]

    @property
    def told(self) -> int | str:
        """As explanations give it: 60 for days, `12 months` for others."""
        return self.number if self.unit == "days" else str(self)

    def __str__(self) -> str:
        """Words for people: 60 days, 1 year."""
        return f"{self.number} {self.unit if self.number != ONE else self.unit.removesuffix('s')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondaryRule:
    """How the date on which another payer decided first moves the deadline; it never shortens the normal one."""

    limit: Limit | None = None
    """From that date; None is the limit of the rule again."""
    cap: Limit | None = None
    """From the normal anchor: later than that it never gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReduction:
    """A contract that pays less for what comes late, instead of nothing (CO B4, 835 AMT*KH)."""

    percent: Decimal | int
    within: Limit
    """After the last day; what comes later still is denied."""

    def __post_init__(self) -> None:
        require_percentage(self.percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionWindow:
    """How long a claim may be corrected (domain.md 5.5)."""

    limit: Limit
    basis: CorrectionBasis = "original_remit_date"
    """What it counts from: the first remittance of the original, the anchor of the services, or the later of both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRule:
    """Corrections of claims for which the filing rule says nothing of its own."""

    window: CorrectionWindow
    id: str = "CORRECTION-WINDOW"
    denied_original: Literal["correct", "new_claim"] = "correct"
    """May a denied claim be replaced, or does the plan want a new claim instead?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRule:
    """How long after its anchor a claim may reach us.

    The most specific rule wins: one that names the member's plan, then one that names its line of business, then one
    that names the kind of claim, then one for this state of contract, then the one that came into force last, then
    the one listed first. `effective_from` and `effective_through` (inclusive, None = open) are days of service.
    """

    id: str
    claim_class: ClaimClass
    anchor: Anchor
    limit: Limit
    effective_from: date
    effective_through: date | None = None
    plans: tuple[str, ...] = ()
    """Plan ids; empty = all plans."""
    lines_of_business: tuple[str, ...] = ()
    """Of the plans (`Plan.line_of_business`); empty = all."""
    kinds: tuple[ClaimKind, ...] = ()
    """P professional, I institutional, D dental; empty = all of the class."""
    contract: Contract = "any"
    """Had the billing provider a contract on the day of service?"""
    range_anchor: RangeAnchor = "start"
    """Which end of a range of service dates counts (anchor `service`). `split` counts each day by itself: where the
    first days are late and the last are not, only the late days' share of the charge is denied."""
    lines: MeasuredLines = "each"
    """Is each line measured from its own date (anchor `service`), or all of them from the last date of the claim?"""
    end_of_care_procedures: tuple[str, ...] = ()
    """Services billed once for a long care (such as a pregnancy): their lines count from the last day of the claim."""
    count_anchor_day: bool = False
    """Is the anchor day itself day 1 instead of day 0?"""
    roll_to_business_day: bool = False
    """Does a last day on a weekend or holiday move to the next working day?"""
    holidays: str | None = None
    """Calendar of `FilingSettings.holidays` to roll by; None knows weekends only."""
    secondary: SecondaryRule | None = field(default_factory=SecondaryRule)
    """None: what another payer decided moves nothing."""
    retroactive_eligibility: bool = False
    """Does the clock start when we recorded the coverage, where our books lacked it on the day of service?"""
    appeal: Appeal = "unmentioned"
    """What a denial says of an appeal: nothing, that there is one (N210), or that there is none (N211)."""
    late_reduction: LateReduction | None = None
    correction: CorrectionWindow | None = None
    """None: that of the rulebook."""

    def __post_init__(self) -> None:
        require_order(self.effective_from, self.effective_through, "effective_through lies before effective_from")
        require(
            self.holidays is None or self.roll_to_business_day, "holidays are of use only with roll_to_business_day"
        )

    @property
    def measures_claim(self) -> bool:
        """Is the claim measured as a whole, instead of each line by itself?"""
        return self.anchor != "service" or self.lines == "last_of_claim"

    @property
    def specificity(self) -> tuple[bool, bool, bool, bool, date]:
        """The greater, the sooner the rule is chosen."""
        return (
            bool(self.plans),
            bool(self.lines_of_business),
            bool(self.kinds),
            self.contract != "any",
            self.effective_from,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Days on which claims could not reach us through our own fault; they lengthen every limit that they fall into."""

    id: str
    first: date
    last: date

    def __post_init__(self) -> None:
        require_order(self.first, self.last, "through lies before from")

    @property
    def days(self) -> tuple[date, ...]:
        """Each of them."""
        return tuple(self.first + timedelta(number) for number in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Disaster:
    """A natural disaster that excuses late claims with delay reason 15."""

    id: str
    first: date
    last: date
    tins: tuple[str, ...] = ()
    """Billing providers that it struck; empty = all."""

    def __post_init__(self) -> None:
        require_order(self.first, self.last, "through lies before from")


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayRule:
    """What a delay reason (CLM20) must be proved by, and how long a claim may follow the proof.

    A reason alone never excuses anything (domain.md 5.7).
    """

    evidence: Evidence
    limit: Limit | None = None
    """From the day that the evidence gives; None is the limit of the filing rule again."""
    without_evidence: WithoutEvidence = "deny"
    """What becomes of a claim whose reason our records do not bear out."""


PROOF: Mapping[str, DelayRule] = MappingProxyType(
    {
        "1": DelayRule(evidence="eligibility_recorded"),
        "2": DelayRule(evidence="person"),
        "3": DelayRule(evidence="authorization_decided", without_evidence="pend"),
        "4": DelayRule(evidence="person"),
        "5": DelayRule(evidence="person"),
        "6": DelayRule(evidence="person"),
        "7": DelayRule(evidence="prior_payer_date"),
        "8": DelayRule(evidence="eligibility_recorded"),
        "9": DelayRule(evidence="earlier_submission"),
        "10": DelayRule(evidence="authorization_decided", without_evidence="pend"),
        "11": DelayRule(evidence="person"),
        "15": DelayRule(evidence="disaster"),
    }
)
"""All twelve delay reasons that an 837 may give, where the plan says nothing else (domain.md 5.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingSettings:
    """What all filing rules share."""

    holidays: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    """Calendars by name: days off beside Saturdays and Sundays."""
    outages: tuple[Outage, ...] = ()
    disasters: tuple[Disaster, ...] = ()
    delay_reasons: Mapping[str, DelayRule] = field(default_factory=lambda: PROOF)
    """By CLM20."""
    books_opened_on: date | None = None
    """Coverage recorded through this day came with the opening of the books: it counts as always known."""
