"""The rulebook: everything a plan decides for itself, read from `config/` and handed in.

The rules of this package know how to measure; how long, how much and for whom stands here and only here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from rules.benefit_settings import CostShares, CoverageLimit, basis_points, require, require_percentage
from rules.family_settings import DuplicateRule, FrequencyRule, require_frequency_rules
from rules.filing_settings import (
    Anchor,
    ClaimClass,
    CorrectionRule,
    CorrectionWindow,
    FilingRule,
    FilingSettings,
    Limit,
)

__all__ = [
    "RULES_VERSION",
    "Anchor",
    "ClaimClass",
    "CorrectionRule",
    "CorrectionWindow",
    "Fee",
    "FilingRule",
    "FilingSettings",
    "Group",
    "Limit",
    "Plan",
    "Rulebook",
    "basis_points",
]

Crossing = Literal["first_day", "rebill", "reduce"]
RULES_VERSION = "1"
"""Raised whenever code of this package would decide an old claim differently."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a member pays. The same id may stand several times with different `effective_from` (day of service)."""

    id: str
    name: str
    filing_indicator: str
    """SBR09 and CLP06 of its claims: HM, 12, CI ..."""
    copay_cents: int
    coinsurance_percent: Decimal | int
    effective_from: date
    deductible_cents: int = 0
    family_deductible_cents: int | None = None
    out_of_pocket_cents: int | None = None
    family_out_of_pocket_cents: int | None = None
    deductible_after_copay: bool = False
    out_of_network: CostShares | None = None
    """What a member pays for services of providers without a contract; None: the plan does not pay for them."""
    year_begins: tuple[int, int] = (1, 1)
    """Month and day on which deductibles, maxima and limits of a year start anew."""
    limits: tuple[CoverageLimit, ...] = ()
    networks: tuple[str, ...] = ()
    """Networks whose contracts count; empty = every contract."""
    crossing: Crossing = "first_day"
    """A stay or a range of days that coverage ends in: covered by its first day, denied to be billed in parts (CO 239),
    or reduced by the days that are not covered (PR 238). The newest terms of the plan say so."""
    line_of_business: str = ""
    """What filing rules may be for instead of single plans: commercial, medicare_advantage ...; empty = none."""
    situs: str = ""
    """State in which it is sold, whose law interest for late payment may go by; empty = none."""

    def __post_init__(self) -> None:
        date(2001, *self.year_begins)
        ids = [limit.id for limit in self.limits]
        require(len(ids) == len(set(ids)), "two limits of a plan have the same id")
        self.in_network.__post_init__()

    @property
    def in_network(self) -> CostShares:
        """What a member pays for services of providers under contract."""
        return CostShares(**{each.name: getattr(self, each.name) for each in fields(CostShares)})


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedPlan:
    """What a plan code of an employer group means on some days of coverage, or in some of its divisions."""

    insurance_line: str
    """HD03."""
    plan_code: str
    """HD04, empty where none is sent."""
    plan: str
    effective_from: date | None = None
    effective_through: date | None = None
    """Inclusive; None = open."""
    divisions: tuple[str, ...] = ()
    """REF*17, REF*DX or REF*CE; empty = whoever is of no division with entries of its own."""

    def __post_init__(self) -> None:
        require(
            self.effective_from is None
            or self.effective_through is None
            or self.effective_from <= self.effective_through,
            "effective_through lies before effective_from",
        )

    def overlaps(self, other: DatedPlan) -> bool:
        """Would one coverage find two plans, by the same code on the same day and in the same division?"""
        if (self.insurance_line, self.plan_code) != (other.insurance_line, other.plan_code):
            return False
        if not (set(self.divisions) & set(other.divisions) or not (self.divisions or other.divisions)):
            return False
        begins = max(self.effective_from or date.min, other.effective_from or date.min)
        return begins <= min(self.effective_through or date.max, other.effective_through or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An employer group: how its 834 files are recognised, and which plans its coverage codes mean."""

    id: str
    name: str
    sponsor_ids: tuple[str, ...] = ()
    """N1*P5 N104."""
    master_policies: tuple[str, ...] = ()
    """REF*38."""
    group_numbers: tuple[str, ...] = ()
    """REF*1L."""
    partners: tuple[str, ...] = ()
    """Trading partners that may send for it."""
    plans: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(HD03, HD04) -> plan id, of what a code means on any day and in any division."""
    dated_plans: tuple[DatedPlan, ...] = ()
    """What codes mean on some days, or in some divisions."""
    end_date_is: Literal["last_covered", "first_uncovered"] = "last_covered"
    """What this sender's DTP*349 means."""
    mode_override: Literal["change", "verify", "replace"] | None = None
    """What its files are, whatever BGN08 says; None believes BGN08."""
    roster_is_truth: bool = False
    """Are rows that are only to be compared (030, and all of a verify roster) applied?"""
    absences_to_end: int = 0
    """Full rosters in a row without a member after which coverage ends: 1 = at once, 0 = it is only reported."""
    absent_end: Literal["month_before", "as_of"] = "month_before"
    """The end of an absent member's coverage: the month before the as-of date, or the day before it."""
    absence_warn_percent: int = 5
    absence_hold_percent: int = 10
    absence_hold_members: int = 10
    """A full roster that lacks more than this share and more than this many of the active members is held."""
    count_swing_percent: int = 20
    """How far the number of members may be from that of the last full roster."""
    max_retro_term_days: int = 60
    """How long before its receipt a file may end coverage without a person's consent."""
    max_as_of_days_ahead: int = 180
    """How far after its receipt the as-of date of a full roster may lie."""
    dependants_end_with_subscriber: bool = True
    over_age: int = 26
    """Age from which a child is reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What the plan allows for a service: an amount per unit, or a percentage of the charge.

    A fee applies where all the codes it names are on the line; the one that names more wins (procedure before
    modifier before revenue code), then one for the plan before one for all, then the one in force last.
    """

    procedure_code: str | None = None
    modifier: str | None = None
    revenue_code: str | None = None
    plans: tuple[str, ...] = ()
    """Plan ids; empty = all plans."""
    allowed_cents: int | None = None
    percent_of_charge: Decimal | int | None = None
    units: tuple[str, ...] = ("UN", "DA")
    """Units that `allowed_cents` is meant for (SV103, SV204); minutes (MJ) are not units."""
    effective_from: date
    effective_through: date | None = None

    def __post_init__(self) -> None:
        require((self.allowed_cents is None) != (self.percent_of_charge is None), "one of amount and percentage")
        require(self.allowed_cents is None or self.allowed_cents >= 0, "allowed_cents may not be negative")
        if self.percent_of_charge is not None:
            require_percentage(self.percent_of_charge)
        require(self.modifier is None or self.procedure_code is not None, "a modifier needs a procedure_code")
        require(
            self.effective_through is None or self.effective_from <= self.effective_through,
            "effective_through lies before effective_from",
        )

    @property
    def id(self) -> str:
        """Name for explanations, made of its codes: FEE-99213-25, FEE-REV-0450, FEE-ANY."""
        revenue = f"REV-{self.revenue_code}" if self.revenue_code else None
        codes = [code for code in (self.procedure_code, self.modifier, revenue) if code]
        return "-".join(["FEE", *(codes or ["ANY"])])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All rules of a plan, frozen; `digest` names this very content."""

    filing_rules: tuple[FilingRule, ...]
    correction: CorrectionRule
    plans: tuple[Plan, ...]
    groups: tuple[Group, ...]
    fees: tuple[Fee, ...]
    inpatient_bill_types: tuple[str, ...] = ("11", "18", "21", "28", "41", "65", "66", "86")
    """First two digits of the type of bill (CLM05-1) that are stays; NUBC, where 12, 22 and 82 are disputed."""
    medical_insurance_lines: tuple[str, ...] = ("HLT", "HMO", "PPO", "POS", "EPO", "MM")
    """HD03 codes that cover 837P and 837I services; on a day with several, the first of this list is used."""
    dental_insurance_lines: tuple[str, ...] = ("DEN", "DCP")
    """HD03 codes that cover 837D services, used likewise."""
    copay_places: tuple[str, ...] = ("11",)
    """Places of service (SV105, else CLM05-1) of professional claims that owe the copay: 11 is the office."""
    no_price: Literal["pend", "deny"] = "pend"
    """A service without a fee waits for a person, or is denied as not covered."""
    duplicates: DuplicateRule = field(default_factory=DuplicateRule)
    frequencies: tuple[FrequencyRule, ...] = field(default_factory=lambda: (FrequencyRule(),))
    other_payer_group: Literal["CO", "OA"] = "CO"
    """Group of CARC 22: another payer goes first."""
    payer_ids: tuple[str, ...] = ()
    """2010BB NM109 by which claims may name us; empty: any. What names another payer and was not returned is OA 109."""
    newborn_days: int = 31
    """Up to this age a dependant without coverage is a newborn."""
    attachment_days: int = 30
    """How long after its receipt a claim waits for paperwork that it announces (PWK)."""
    missing_data: Literal["denied", "unprocessable"] = "denied"
    """What a denial for missing or wrong data calls the claim; unprocessable (MA130): without appeal."""
    core_combinations: Literal["pend", "off"] = "pend"
    """Does a claim wait whose codes are no combination of CAQH CORE's list? Only where that list was loaded."""
    filing: FilingSettings = field(default_factory=FilingSettings)
    """Holidays, outages, disasters and delay reasons, for all filing rules."""

    def __post_init__(self) -> None:
        require_frequency_rules(self.frequencies)
        ids = [rule.id for rule in self.filing_rules]
        require(len(ids) == len(set(ids)), "two filing rules have the same id")
        versions = [(plan.id, plan.effective_from) for plan in self.plans]
        require(len(versions) == len(set(versions)), "two plans have the same id and effective_from")
        groups = [group.id for group in self.groups]
        require(len(groups) == len(set(groups)), "two groups have the same id")
        for rule in self.filing_rules:
            require(rule.holidays is None or rule.holidays in self.filing.holidays, "unknown calendar of holidays")
        known = {plan.id for plan in self.plans}
        named = {plan for rule in self.filing_rules for plan in rule.plans}
        named |= {plan for fee in self.fees for plan in fee.plans}
        named |= {plan for frequency in self.frequencies for plan in frequency.plans}
        named |= {plan for group in self.groups for plan in group.plans.values()}
        named |= {dated.plan for group in self.groups for dated in group.dated_plans}
        require(named <= known, f"unknown plans: {', '.join(sorted(named - known))}")

    @property
    def least_filing_days(self) -> int:
        """A claim received so many days after its first service, or sooner, is late by no rule."""
        return min((rule.limit.least_days - rule.count_anchor_day for rule in self.filing_rules), default=0)

    def digest(self) -> str:
        """The sha256 (hex) of this content and of RULES_VERSION: equal digests decide equally."""
        canonical = json.dumps([RULES_VERSION, _plain(self)], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: object) -> object:
    """JSON-able form in which equal contents are equal texts."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return sorted([_plain(key), _plain(item)] for key, item in value.items())
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else str(value.normalize())
    return value
