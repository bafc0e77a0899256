"""The filing rules of filing.yaml, and what they share: holidays, outages, disasters, delay reasons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from pipeline.configuration.document import Section
from pipeline.configuration.shapes import IDENTIFIER, PERCENTAGE, PROCEDURE, TIN, one_of
from rules.filing_settings import (
    PROOF,
    Anchor,
    Appeal,
    ClaimClass,
    ClaimKind,
    Contract,
    CorrectionBasis,
    CorrectionRule,
    CorrectionWindow,
    DelayRule,
    Disaster,
    Evidence,
    FilingRule,
    FilingSettings,
    LateReduction,
    Limit,
    LimitUnit,
    MeasuredLines,
    Outage,
    RangeAnchor,
    SecondaryRule,
    WithoutEvidence,
)

MOST: Mapping[LimitUnit, int] = MappingProxyType({"days": 3650, "months": 120, "years": 10})
CLAIM_CLASSES: tuple[ClaimClass, ...] = get_args(ClaimClass)
CLAIM_KINDS: tuple[ClaimKind, ...] = get_args(ClaimKind)
ANCHORS: tuple[Anchor, ...] = get_args(Anchor)
RANGE_ANCHORS: tuple[RangeAnchor, ...] = get_args(RangeAnchor)
MEASURED_LINES: tuple[MeasuredLines, ...] = get_args(MeasuredLines)
CONTRACTS: tuple[Contract, ...] = get_args(Contract)
APPEALS: tuple[Appeal, ...] = get_args(Appeal)
BASES: tuple[CorrectionBasis, ...] = get_args(CorrectionBasis)
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
WITHOUT_EVIDENCE: tuple[WithoutEvidence, ...] = get_args(WithoutEvidence)
DENIED_ORIGINALS: tuple[Literal["correct", "new_claim"], ...] = ("correct", "new_claim")
DELAY_REASON = one_of(tuple(PROOF))
Period = TypeVar("Period", Outage, Disaster)


def read_filing_rules(root: Section, plans: Collection[str], businesses: Collection[str]) -> list[FilingRule]:
    """The rules; every class of claims needs one that is for all of them."""
    rules: list[FilingRule] = []
    faulty = False
    for rule_id, section in root.entries("rules"):
        rule = _read_rule(rule_id, section)
        if rule is None:
            faulty = True
            continue
        note_unknown(section, "plans", "plan", rule.plans, plans)
        note_unknown(section, "lines_of_business", "line of business", rule.lines_of_business, businesses)
        for earlier in rules:
            if _rival(earlier, rule):
                section.note("effective_from", f"rule '{earlier.id}' starts on the same day for the same claims")
        rules.append(rule)
    covered = {rule.claim_class for rule in rules if not any(rule.specificity[:-1])}
    for claim_class in CLAIM_CLASSES:
        if claim_class not in covered and not faulty:
            root.note("rules", f"no rule covers {claim_class} claims of all plans")
    return rules


def _rival(one: FilingRule, other: FilingRule) -> bool:
    """Could both rules be chosen for the same claim with equal right?"""
    scopes = (
        (one.plans, other.plans),
        (one.lines_of_business, other.lines_of_business),
        (one.kinds, other.kinds),
    )
    same = (one.claim_class, one.contract, one.effective_from) == (
        other.claim_class,
        other.contract,
        other.effective_from,
    )
    return same and all(same_scope(mine, theirs) for mine, theirs in scopes)


def _read_rule(rule_id: str, section: Section) -> FilingRule | None:
    return section.make(
        lambda: FilingRule(
            id=rule_id,
            claim_class=section.choice("claim_class", CLAIM_CLASSES),
            anchor=section.choice("anchor", ANCHORS),
            limit=read_limit(section, "limit") or Limit(0),
            effective_from=section.day("effective_from"),
            effective_through=section.optional_day("effective_through"),
            plans=section.texts("plans", IDENTIFIER, required=False),
            lines_of_business=section.texts("lines_of_business", IDENTIFIER, required=False),
            kinds=_read_kinds(section),
            contract=section.choice("contract", CONTRACTS, "any"),
            range_anchor=section.choice("range_anchor", RANGE_ANCHORS, "start"),
            lines=section.choice("lines", MEASURED_LINES, "each"),
            end_of_care_procedures=section.texts("end_of_care_procedures", PROCEDURE, required=False),
            count_anchor_day=section.flag("count_anchor_day", default=False),
            roll_to_business_day=section.flag("roll_to_business_day", default=False),
            holidays=section.optional_text("holidays", IDENTIFIER),
            secondary=_read_secondary(section),
            retroactive_eligibility=section.flag("retroactive_eligibility", default=False),
            appeal=section.choice("appeal", APPEALS, "unmentioned"),
            late_reduction=_read_late_reduction(section),
            correction=_read_window(section.section("correction")) if section.has("correction") else None,
        )
    )


def _read_kinds(section: Section) -> tuple[ClaimKind, ...]:
    named = section.texts("kinds", one_of(CLAIM_KINDS), required=False)
    return tuple(kind for kind in CLAIM_KINDS if kind in named)


def read_limit(section: Section, name: str, *, required: bool = True) -> Limit | None:
    """One of `name`_days, `name`_months and `name`_years."""
    units: tuple[LimitUnit, ...] = get_args(LimitUnit)
    given = [unit for unit in units if section.has(f"{name}_{unit}")]
    if len(given) > 1:
        section.note(f"{name}_{given[1]}", f"there is {name}_{given[0]} already")
    if not given:
        if required and not section.silent:
            section.note(f"{name}_days", "missing")
        return None
    unit = given[0]
    return Limit(section.whole_number(f"{name}_{unit}", 0, MOST[unit]), unit)


def _read_secondary(section: Section) -> SecondaryRule | None:
    if not section.is_section("secondary"):
        word = section.choice("secondary", ("restarts", "unaffected"), "restarts")
        return SecondaryRule() if word == "restarts" else None
    secondary = section.section("secondary")
    return SecondaryRule(
        limit=read_limit(secondary, "limit", required=False), cap=read_limit(secondary, "cap", required=False)
    )


def _read_late_reduction(section: Section) -> LateReduction | None:
    if not section.has("late_reduction"):
        return None
    reduction = section.section("late_reduction")
    return LateReduction(
        percent=Decimal(reduction.text("percent", PERCENTAGE) or 0), within=read_limit(reduction, "within") or Limit(0)
    )


def read_correction(root: Section) -> CorrectionRule | None:
    """`correction`: the window of corrections whose filing rule has none, and what becomes of a denied original."""
    correction = root.section("correction")
    return correction.make(
        lambda: CorrectionRule(
            window=_read_window(correction),
            denied_original=correction.choice("denied_original", DENIED_ORIGINALS, "correct"),
        )
    )


def _read_window(section: Section) -> CorrectionWindow:
    return CorrectionWindow(
        limit=read_limit(section, "window") or Limit(0),
        basis=section.choice("basis", BASES, "original_remit_date"),
    )


def read_filing_settings(root: Section, rules: Collection[FilingRule]) -> FilingSettings:
    """What the rules share; all of it may be left out."""
    holidays = dict(root.entries("holidays")) if root.has("holidays") else {}
    for rule in rules:
        if rule.holidays is not None and rule.holidays not in holidays:
            root.note("rules", f"rule '{rule.id}' names an unknown calendar of holidays")
    return FilingSettings(
        holidays={name: section.days("days") for name, section in holidays.items()},
        outages=_read_periods(root, "outages", _read_outage),
        disasters=_read_periods(root, "disasters", _read_disaster),
        delay_reasons=MappingProxyType({**PROOF, **_read_delay_reasons(root)}),
        books_opened_on=root.optional_day("books_opened_on"),
    )


def _read_periods(root: Section, key: str, read: Callable[[str, Section], Period]) -> tuple[Period, ...]:
    found = [section.make(partial(read, name, section)) for name, section in root.entries(key)] if root.has(key) else []
    return tuple(made for made in found if made is not None)


def _read_outage(name: str, section: Section) -> Outage:
    first, last = _read_days(section)
    return Outage(id=name, first=first, last=last)


def _read_disaster(name: str, section: Section) -> Disaster:
    first, last = _read_days(section)
    return Disaster(id=name, first=first, last=last, tins=section.texts("tins", TIN, required=False))


def _read_days(section: Section) -> tuple[date, date]:
    """`from` and `through`, which is the same day where it is left out."""
    first = section.day("from")
    return first, section.optional_day("through") or first


def _read_delay_reasons(root: Section) -> dict[str, DelayRule]:
    """Delay reasons that the plan has proved in its own way."""
    found = {}
    for reason, section in root.entries("delay_reasons", DELAY_REASON) if root.has("delay_reasons") else ():
        usual = PROOF.get(reason, PROOF["11"])
        found[reason] = DelayRule(
            evidence=section.choice("evidence", EVIDENCE, usual.evidence),
            limit=read_limit(section, "limit", required=False),
            without_evidence=section.choice("without_evidence", WITHOUT_EVIDENCE, usual.without_evidence),
        )
    return found


def same_scope(one: Collection[str], other: Collection[str]) -> bool:
    """Do two lists share an entry, or are both empty? An empty list asks nothing, so it is less specific."""
    return bool(set(one) & set(other)) or not (one or other)


def note_unknown(section: Section, key: str, what: str, named: Collection[str], known: Collection[str]) -> None:
    """Remember names that nothing in the configuration has."""
    for name in named:
        if name not in known:
            section.note(key, f"unknown {what} '{name}'")
