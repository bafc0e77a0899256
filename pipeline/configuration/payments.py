"""What a plan decides of its payments: interest, recoveries, forwarded balances (settings.yaml, `remittance`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, get_args

from pipeline.configuration.filing import note_unknown
from pipeline.configuration.shapes import IDENTIFIER, PERCENTAGE, STATE, TEXT
from rules.payments.settings import (
    BALANCE_WEEKS,
    BelowLeast,
    CorrectionAccount,
    CoverageAmount,
    DayCount,
    InterestRule,
    PaymentSettings,
    RemittanceContent,
    StatesOf,
    Submission,
)

if TYPE_CHECKING:
    from pipeline.configuration.document import Section
    from pipeline.configuration.partners import Partner
    from rules.rulebook import Plan

STATES_OF: tuple[StatesOf, ...] = get_args(StatesOf)
SUBMISSIONS: tuple[Submission, ...] = get_args(Submission)
DAY_COUNTS: tuple[DayCount, ...] = get_args(DayCount)
CORRECTION_ACCOUNTS: tuple[CorrectionAccount, ...] = get_args(CorrectionAccount)
COVERAGE_AMOUNTS: tuple[CoverageAmount, ...] = get_args(CoverageAmount)
BELOW_LEAST: tuple[BelowLeast, ...] = get_args(BelowLeast)
MOST_DAYS = 365
MOST_WEEKS = 520
AT_ONCE = ("at_once",)
"""Beside this word, {after_days: n}."""


def read_payment_settings(
    section: Section, plans: Sequence[Plan], partners: Mapping[str, Partner], inpatient_bill_types: Collection[str] = ()
) -> PaymentSettings:
    """The keys of `remittance` that say what is paid and told of it, each of which may be left out."""
    situs = {plan.id: plan.situs for plan in plans if plan.situs}
    businesses = {plan.line_of_business for plan in plans}
    return PaymentSettings(
        interest_rules=_read_rules(section.section("interest"), situs, businesses) if section.has("interest") else (),
        recovery_after_days=_read_recovery(section),
        balance_weeks=section.whole_number("balance_weeks", 1, MOST_WEEKS, BALANCE_WEEKS),
        situs=MappingProxyType(situs),
        paper_partners=frozenset(partner.id for partner in partners.values() if partner.claims_on_paper),
        remittance=RemittanceContent(
            correction_account=section.choice("correction_account", CORRECTION_ACCOUNTS, "own"),
            provider_summaries=section.flag("provider_summaries", default=False),
            coverage_amount=section.choice("coverage_amount", COVERAGE_AMOUNTS, "institutional"),
            inpatient_bill_types=frozenset(inpatient_bill_types),
        ),
    )


def _read_recovery(section: Section) -> int | None:
    if section.is_section("recovery"):
        return section.section("recovery").whole_number("after_days", 1, MOST_DAYS)
    section.choice("recovery", AT_ONCE, AT_ONCE[0])
    return None


def _read_rules(section: Section, situs: Mapping[str, str], businesses: Collection[str]) -> tuple[InterestRule, ...]:
    """The rules in the order in which they are asked."""
    rules: list[InterestRule] = []
    for rule_id, each in section.entries("rules"):
        rule = _read_rule(rule_id, each)
        if rule is None:
            continue
        note_unknown(each, "lines_of_business", "line of business", rule.lines_of_business, businesses)
        if rule.states_of == "situs" and not set(rule.states) & set(situs.values()):
            each.note("states", "no plan of groups.yaml has its situs in one of these states")
        if rule.below_least == "pooled" and not rule.least_cents:
            each.note("below_least", "without a least amount nothing is below it")
        for earlier in rules:
            if earlier.covers(rule):
                each.note("effective_from", f"rule '{earlier.id}' stands before it and fits all of its claims")
        rules.append(rule)
    return tuple(rules)


def _read_rule(rule_id: str, section: Section) -> InterestRule | None:
    return section.make(
        lambda: InterestRule(
            id=rule_id,
            states=section.texts("states", STATE, required=False),
            states_of=section.choice("states_of", STATES_OF, "payee"),
            lines_of_business=section.texts("lines_of_business", IDENTIFIER, required=False),
            submission=section.choice("submission", SUBMISSIONS, "any"),
            effective_from=section.day("effective_from"),
            effective_through=section.optional_day("effective_through"),
            days=section.whole_number("days", 0, MOST_DAYS),
            percent_a_year=Decimal(section.text("percent_a_year", PERCENTAGE) or 0),
            day_count=section.choice("day_count", DAY_COUNTS, "365"),
            least_cents=section.optional_cents("least") or 0,
            below_least=section.choice("below_least", BELOW_LEAST, "not_owed"),
            source=section.text("source", TEXT),
        )
    )
