"""Deciding claims: the rules in order of application, and the decisions that come of them.

`decide` is a pure function of facts and rulebook; it knows no clock. The first rule that settles a line wins; a rule
that makes a claim wait ends its decision, whatever was said of other lines: a claim is never paid in part while a part
waits, for a pending line inside a remitted claim would force a later reversal (domain.md 8.1 #7).
"""

from __future__ import annotations

import pandas as pd

from edi.claim_facts import ClaimFacts
from rules import (
    accumulators,
    benefits,
    bill_integrity,
    coverage_limits,
    disputes,
    duplicates,
    eligibility,
    fee_schedule,
    filing_corrections,
    filing_deadline,
    filing_reductions,
    frequency_codes,
    operator_actions,
    pricing,
    provider_contracts,
)
from rules.accumulators import Account, returned
from rules.decisions import Decisions, conclude, replacing
from rules.docket import docket
from rules.proceedings import Proceedings
from rules.rulebook import Rulebook
from rules.ruling import Rule, explanations

__all__ = ["RULES", "Decisions", "decide"]

RULES: tuple[Rule, ...] = (
    Rule(bill_integrity.charges_add_up, "domain.md 4.1, 9.4"),
    Rule(bill_integrity.service_named, "domain.md 9.3"),
    Rule(bill_integrity.payment_asked, "837D, CLM19"),
    Rule(frequency_codes.supported, "domain.md 6.1"),
    Rule(frequency_codes.names_a_known_claim, "domain.md 6.2 to 6.4"),
    Rule(frequency_codes.original_remitted, "domain.md 6.2, 6.4"),
    Rule(frequency_codes.void_accepted, "domain.md 6.5"),
    Rule(disputes.changes_something, "domain.md 6.6, the plan's provider guide"),
    Rule(frequency_codes.denied_original_replaceable, "domain.md 6.4, RFI 2398"),
    Rule(filing_corrections.inside_correction_window, "domain.md 5.5"),
    Rule(filing_corrections.original_was_on_time, "domain.md 5.5"),
    Rule(duplicates.not_seen_before, "domain.md 7.1"),
    Rule(eligibility.member_known, "domain.md 8.1"),
    Rule(bill_integrity.dated, "domain.md 7.5"),
    Rule(eligibility.covered, "domain.md 7.2"),
    Rule(filing_deadline.on_time, "domain.md 5.1 to 5.7, the plan's provider guide"),
    Rule(provider_contracts.on_file, "domain.md 8.2"),
    Rule(provider_contracts.under_contract, "domain.md 8.2"),
    Rule(pricing.priced, "domain.md 8.2"),
)


def decide(facts: ClaimFacts, rulebook: Rulebook) -> Decisions:
    """Decide claims by the rulebook, from what is known of them.

    Raises:
        rules.docket.BadFacts: money or quantities that are not exact, or a line of a claim that was not handed in.
    """
    proceedings = Proceedings(
        _prepare(facts, rulebook), len(facts.claims), operator_actions.released(facts.claims, facts.operator_actions)
    )
    for rule in RULES:
        proceedings.enter(rule.judge(proceedings.open_lines, rulebook))
    account = Account(facts.accumulators)
    back = returned(facts.taken_back, facts.claims["claim_id"], replacing(facts.claims, proceedings))
    proceedings.enter(coverage_limits.within_visits(proceedings.open_lines, rulebook, account, back))
    payable = proceedings.open_lines
    money = filing_reductions.take(payable, pricing.price(payable, rulebook, account, back))
    proceedings.told.append(explanations(pricing.explain_price(payable, money)))
    proceedings.told += [explanations(each) for each in filing_reductions.explain(payable, money)]
    adjusted = filing_reductions.adjust(pricing.adjustments(money), money)
    return conclude(facts.claims, proceedings, payable, money, adjusted, account.entries())


def _prepare(facts: ClaimFacts, rulebook: Rulebook) -> pd.DataFrame:
    """The docket with everything that the rules compare: coverage, contract, filing measure, fee and benefits."""
    lines = docket(filing_deadline.with_evidence(facts), facts.lines, rulebook)
    lines = lines.join(eligibility.match_coverage(lines, facts.spans, rulebook))
    lines = lines.join(accumulators.match_families(lines, facts.families))
    lines = lines.join(provider_contracts.match_providers(lines, facts.providers))
    lines = lines.join(filing_deadline.prepare(lines, facts, rulebook))
    lines = lines.join(fee_schedule.find_fees(lines, rulebook))
    lines = lines.join(benefits.find_benefits(lines, rulebook))
    lines["allowed_cents"] = pricing.allowed_amounts(lines)
    lines = operator_actions.with_prices(lines, facts.operator_actions)
    lines["allowed_cents"] = filing_reductions.timely_allowed(lines)
    return lines
