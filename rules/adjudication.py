"""Deciding claims: the rules in order of application, and the decisions that come of them.

`decide` is a pure function of facts and rulebook; it knows no clock. The first rule that settles a line wins; a rule
that makes a claim wait ends its decision, whatever was said of other lines: a claim is never paid in part while a part
waits, for a pending line inside a remitted claim would force a later reversal (domain.md 8.1 #7).
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from edi.claim_facts import ClaimFacts
from rules import (
    accumulators,
    attachments,
    authorizations,
    benefits,
    bill_integrity,
    bundling,
    cob,
    common_remainder,
    core_combinations,
    coverage_crossing,
    coverage_limits,
    dependants,
    disputes,
    duplicates,
    eligibility,
    exclusions,
    fee_schedule,
    filing_corrections,
    filing_deadline,
    filing_reductions,
    frequency_codes,
    interim_bills,
    medical_necessity,
    operator_actions,
    pricing,
    provider_contracts,
    rendering_providers,
    service_rules,
    statement_periods,
    stay_payments,
)
from rules.accumulators import Account, returned
from rules.decision_laws import broken_laws
from rules.decisions import Decisions, conclude, replacing
from rules.docket import docket
from rules.pend_reasons import DECISION_BREAKS_LAW
from rules.proceedings import Proceedings
from rules.rulebook import Rulebook
from rules.ruling import Limit, Rule, Ruling, explanations

__all__ = ["LIMITS", "RULES", "Decisions", "decide", "laws_broken"]

RULES: tuple[Rule, ...] = (
    Rule(bill_integrity.charges_add_up, "domain.md 4.1, 9.4"),
    Rule(bill_integrity.service_named, "domain.md 9.3"),
    Rule(bill_integrity.payment_asked, "837D, CLM19; domain.md 4.1"),
    Rule(exclusions.sent_to_us, "domain.md 1.6, 8.2"),
    Rule(interim_bills.frequency_taken, "domain.md 6.1, 6.4"),
    Rule(frequency_codes.names_a_known_claim, "domain.md 6.2 to 6.4"),
    Rule(frequency_codes.original_remitted, "domain.md 6.2, 6.4"),
    Rule(stay_payments.late_charges_go_first, "domain.md 6.4"),
    Rule(frequency_codes.void_accepted, "domain.md 6.5"),
    Rule(disputes.changes_something, "domain.md 6.6, the plan's provider guide"),
    Rule(disputes.no_appeal_spoken_of, "domain.md 6.6"),
    Rule(frequency_codes.denied_original_replaceable, "domain.md 6.4, RFI 2398"),
    Rule(filing_corrections.inside_correction_window, "domain.md 5.5"),
    Rule(stay_payments.late_charges_keep_their_bill, "domain.md 6.4"),
    Rule(filing_corrections.original_was_on_time, "domain.md 5.5"),
    Rule(interim_bills.replaced_frequency_taken, "domain.md 4.4, 6.4"),
    Rule(interim_bills.stay_continued, "domain.md 6.4"),
    Rule(interim_bills.late_charge_has_base, "domain.md 6.4"),
    Rule(duplicates.not_seen_before, "domain.md 7.1, 8.2"),
    Rule(duplicates.not_instead_of_correction, "domain.md 6.4, 8.2"),
    Rule(dependants.eligible, "domain.md 8.2"),
    Rule(eligibility.member_known, "domain.md 8.1"),
    Rule(bill_integrity.dated, "domain.md 7.5"),
    Rule(eligibility.covered, "domain.md 7.2"),
    Rule(filing_deadline.on_time, "domain.md 5.1 to 5.7, the plan's provider guide"),
    Rule(statement_periods.period_sound, "domain.md 4.4, 8.2"),
    Rule(statement_periods.lines_inside, "domain.md 8.2"),
    Rule(coverage_crossing.days_covered, "domain.md 7.2, 8.2"),
    Rule(exclusions.answered_for, "domain.md 8.2"),
    Rule(cob.order_of_payers, "domain.md 7.3, 8.2"),
    Rule(cob.results_complete, "domain.md 2, 8.2"),
    Rule(provider_contracts.on_file, "domain.md 8.2"),
    Rule(provider_contracts.under_contract, "domain.md 8.2"),
    Rule(rendering_providers.may_render, "domain.md 8.2"),
    Rule(service_rules.codes_valid, "domain.md 8.2"),
    Rule(service_rules.codes_fit, "domain.md 8.2"),
    Rule(medical_necessity.necessary, "domain.md 8.2"),
    Rule(authorizations.given, "domain.md 8.2"),
    Rule(attachments.supplied, "domain.md 4.1, 8.2"),
    Rule(bundling.units_within_limit, "domain.md 8.2"),
    Rule(bundling.paid_separately, "domain.md 8.2"),
    Rule(duplicates.not_suspected, "domain.md 7.1"),
    Rule(stay_payments.stay_paid_once, "domain.md 6.4"),
    Rule(interim_bills.stay_within_bill, "domain.md 6.4"),
    Rule(interim_bills.late_charge_priced_apart, "domain.md 6.4"),
    Rule(pricing.priced, "domain.md 8.2"),
)
"""Line by line, each by what earlier rules left open."""

LIMITS: tuple[Limit, ...] = (Limit(coverage_limits.within_visits_and_units, "domain.md 8.2 #13 to #15"),)
"""Claim after claim, for what one uses up the next one lacks."""


def decide(facts: ClaimFacts, rulebook: Rulebook) -> Decisions:
    """Decide claims by the rulebook, from what is known of them.

    They share accumulators, which they move in their order, and nothing else: what one is to another, such as a bill
    that is like it or a service of its day, is a fact, known when the other was decided (`loaders.claim_rounds`).
    A claim whose decision would break a law of `rules.decision_laws` waits instead, and the others are decided as if it
    had not been there; nor is a service part of one that is denied after all.

    Raises:
        rules.docket.BadFacts: money or quantities that are not exact, or a line of a claim that was not handed in.
    """
    lines = _prepare(facts, rulebook)
    waiting: tuple[Ruling, ...] = ()
    while True:
        decisions, denials = _decide(facts, rulebook, lines, waiting)
        parts = bundling.of_denied_wholes(lines, denials)
        if parts is not None:
            lines["part_of"] = parts
            continue
        broken = laws_broken(decisions, facts, rulebook)
        if broken.empty:
            return decisions
        # without them others may have used up less, and so break a law that they did not
        waiting += tuple(_waiting(lines, broken))


def laws_broken(decisions: Decisions, facts: ClaimFacts, rulebook: Rulebook) -> pd.DataFrame:
    """The laws that decisions on these facts break (`claim_id` and `law`), CORE's combinations among them."""
    broken = broken_laws(decisions)
    if rulebook.core_combinations != "pend":
        return broken
    received = facts.claims.set_index("claim_id")["received_date"]
    return pd.concat([broken, core_combinations.unlisted(decisions, facts.reference, received)])


def _decide(
    facts: ClaimFacts, rulebook: Rulebook, lines: pd.DataFrame, before: tuple[Ruling, ...]
) -> tuple[Decisions, list[Ruling]]:
    """The decisions when these rulings go `before` all rules, and the denials among what was said."""
    proceedings = Proceedings(lines, len(facts.claims))
    proceedings.enter(before)
    # from a law nobody is released
    proceedings.released = operator_actions.released(facts.claims, facts.operator_actions)
    for rule in RULES:
        proceedings.enter(rule.judge(rule.in_force(proceedings.open_lines), rulebook))
    account = Account(facts.accumulators)
    gives_back = ~proceedings.pended_claims if facts.decided_before else replacing(facts.claims, proceedings)
    back = returned(facts.taken_back, facts.claims["claim_id"], gives_back)
    for limit in LIMITS:
        proceedings.enter(limit.judge(limit.in_force(proceedings.open_lines), rulebook, account, back))
    payable = _with_whole_stays(proceedings.open_lines, facts)
    money = filing_reductions.take(payable, pricing.price(payable, rulebook, account, back))
    money = coverage_crossing.take(payable, money)
    proceedings.told.append(explanations(pricing.explain_price(payable, money)))
    proceedings.told.append(explanations(stay_payments.tell_stays(payable)))
    proceedings.told += [explanations(each) for each in filing_reductions.explain(payable, money)]
    proceedings.told += [explanations(each) for each in coverage_crossing.explain(payable, money)]
    adjusted = filing_reductions.adjust(pricing.adjustments(money), money)
    adjusted = coverage_crossing.adjust(adjusted, money)
    decisions = conclude(facts.claims, proceedings, payable, money, adjusted, account.entries())
    return decisions, proceedings.denials


def _with_whole_stays(payable: pd.DataFrame, facts: ClaimFacts) -> pd.DataFrame:
    """The payable lines, over which the amounts of stays and cases are divided: those denied take none of it along.

    What other payers left of a stay, or told for a whole claim, is divided as the price is.
    """
    whole = payable["stay_fee_id"].notna()
    if whole.any():
        shares = _allow(payable[whole], facts)["allowed_cents"]
        allowed = shares.reindex(payable.index).fillna(payable["allowed_cents"]).astype("int64")
        payable = payable.assign(allowed_cents=allowed)
    elif not payable["left_of_claim"].any():
        return payable
    return payable.assign(remaining_cents=common_remainder.shared_by_price(payable))


def _waiting(lines: pd.DataFrame, broken: pd.DataFrame) -> Iterator[Ruling]:
    """Rulings that make claims wait for the laws that they would break."""
    for law, claims in broken.groupby("law")["claim_id"]:
        yield Ruling(
            lines=lines[lines["claim_id"].isin(claims)],
            effect="pend",
            rule="DECISION-KEEPS-LAWS",
            text="the decision breaks the law: {law}",
            facts={"law": str(law)},
            whole_claim=True,
            pend_reason=DECISION_BREAKS_LAW,
        )


def _prepare(facts: ClaimFacts, rulebook: Rulebook) -> pd.DataFrame:
    """The docket with everything that the rules compare: coverage, contract, filing measure, fee and benefits."""
    lines = docket(filing_deadline.with_evidence(facts), facts.lines, rulebook, facts.as_of)
    lines = lines.join(eligibility.match_coverage(lines, facts.spans, rulebook))
    lines = lines.join(dependants.match_dependants(lines, facts.dependants, facts.spans, rulebook))
    lines = lines.join(accumulators.match_families(lines, facts.families))
    lines = lines.join(interim_bills.match_stays(lines, facts.stays))
    lines = lines.join(duplicates.match_duplicates(lines, facts, rulebook))
    lines = lines.join(provider_contracts.match_providers(lines, facts.providers, rulebook))
    lines = lines.join(cob.measure(lines, facts.other_payers))
    lines = lines.join(filing_deadline.prepare(lines, facts, rulebook))
    for subject in (
        exclusions,
        rendering_providers,
        service_rules,
        medical_necessity,
        authorizations,
        attachments,
    ):
        lines = lines.join(subject.measure(lines, facts.reference))
    lines = lines.join(bundling.measure(lines, facts.reference, facts.earlier_services, rulebook))
    lines = lines.join(fee_schedule.find_fees(lines, rulebook, facts.reference))
    lines = lines.join(interim_bills.stay_begins(lines, rulebook))
    lines = lines.join(coverage_crossing.measure(lines, rulebook))
    lines = lines.join(benefits.find_benefits(lines, rulebook))
    lines["stay_fee_id"] = pricing.stay_fees(lines)
    return _allow(lines, facts)


def _allow(lines: pd.DataFrame, facts: ClaimFacts) -> pd.DataFrame:
    """The lines with what is allowed of their charges."""
    lines = lines.assign(allowed_cents=pricing.allowed_amounts(lines))
    lines = operator_actions.with_prices(lines, facts.operator_actions)
    lines["allowed_cents"] = filing_reductions.timely_allowed(lines)
    lines["allowed_cents"] = coverage_crossing.covered_allowed(lines)
    return lines
