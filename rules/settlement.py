"""Settlement: which decided claims are remitted to which payee this week, and what they take back.

The rules are the plan's (an EOP a week and provider) and the 835 guide's (domain.md 9.6): what takes the place of a
remitted version is preceded by its reversal, negated from what was sent and never recomputed; an accepted void is that
reversal alone; a payee whose week would be negative is carried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from edi.remittance import (
    CORRECTION_ALERT,
    REVERSAL,
    VOID,
    Adjustment,
    DecidedClaim,
    PayeeWeek,
    RemittanceClaim,
    RemittanceService,
    Settlement,
    WeekFacts,
)

INSURANCE = frozenset({"12", "13", "14", "15", "16", "17"})
PROGRAMS = frozenset({"AM", "CH", "DS", "HM", "LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ"})
FILING_INDICATORS = INSURANCE | PROGRAMS
"""What CLP06 may hold; fewer codes than SBR09 of a claim."""
OTHER_FILING_INDICATOR = "ZZ"


def settle(facts: WeekFacts, plan_indicators: Mapping[str, str]) -> Settlement:
    """Group a week by payee; pure and the same for any order of its facts.

    Args:
        facts: decided claims never remitted, pended claims, payees.
        plan_indicators: claim filing indicator (CLP06) by plan id.
    """
    entries: dict[str, list[RemittanceClaim]] = {}
    without_payee = []
    for decided in sorted(facts.decided, key=_order):
        if decided.payee_id is None or decided.payee_id not in facts.payees:
            without_payee.append(decided.claim.details.claim_id)
            continue
        entries.setdefault(decided.payee_id, []).extend(_entries(decided, plan_indicators))
    pended: dict[str, list[int]] = {}
    for index, claim in enumerate(facts.pended):
        if claim.payee_id is not None and claim.payee_id in facts.payees:
            pended.setdefault(claim.payee_id, []).append(index)
    weeks = []
    for payee_id in sorted(entries.keys() | pended.keys()):
        waiting = [facts.pended[index] for index in pended.get(payee_id, ())]
        waiting.sort(key=lambda claim: (claim.details.received_date, claim.details.claim_number))
        weeks.append(PayeeWeek(facts.payees[payee_id], tuple(entries.get(payee_id, ())), tuple(waiting)))
    return Settlement(tuple(weeks), tuple(without_payee))


def reversal_of(sent: RemittanceClaim) -> RemittanceClaim:
    """The taking back of a claim as it was sent: every amount and unit negated, under the original's own numbers.

    Patient responsibility stays empty (it is sent only where positive); allowed amounts and remarks are not repeated.
    """
    return replace(
        sent,
        entry="reversal",
        outcome="reversed",
        status_code=REVERSAL,
        charge_cents=-sent.charge_cents,
        paid_cents=-sent.paid_cents,
        patient_responsibility_cents=None,
        services=tuple(_negated(service) for service in sent.services),
        interest_cents=-sent.interest_cents,
    )


def filing_indicator(plan_id: str | None, submitted: str, plan_indicators: Mapping[str, str]) -> str:
    """CLP06: the plan's, else the claim's own where an 835 can say it, else `ZZ`."""
    chosen = plan_indicators.get(plan_id, submitted) if plan_id else submitted
    return chosen if chosen in FILING_INDICATORS else OTHER_FILING_INDICATOR


def _order(decided: DecidedClaim) -> tuple[object, ...]:
    details = decided.claim.details
    return details.received_date, details.claim_number


def _entries(decided: DecidedClaim, plan_indicators: Mapping[str, str]) -> list[RemittanceClaim]:
    """The reversal, where one is due, then the claim itself."""
    if decided.reverses is None:
        return [_with_indicator(decided.claim, plan_indicators)]
    reversal = _with_indicator(reversal_of(decided.reverses), plan_indicators)
    return [reversal, _with_indicator(_alerted(decided.claim), plan_indicators)]


def _with_indicator(claim: RemittanceClaim, plan_indicators: Mapping[str, str]) -> RemittanceClaim:
    details = claim.details
    indicator = filing_indicator(details.plan_id, details.filing_indicator, plan_indicators)
    return replace(claim, details=replace(details, filing_indicator=indicator))


def _alerted(claim: RemittanceClaim) -> RemittanceClaim:
    """A correction says so by an alert remark on its first line."""
    if claim.status_code == VOID or not claim.services:
        return claim
    first, *others = claim.services
    if CORRECTION_ALERT in first.remark_codes:
        return claim
    return replace(claim, services=(replace(first, remark_codes=(*first.remark_codes, CORRECTION_ALERT)), *others))


def _negated(service: RemittanceService) -> RemittanceService:
    return replace(
        service,
        charge_cents=-service.charge_cents,
        paid_cents=-service.paid_cents,
        units=None if service.units is None else -service.units,
        allowed_cents=None,
        remark_codes=(),
        adjustments=tuple(
            Adjustment(item.group_code, item.reason_code, -item.amount_cents) for item in service.adjustments
        ),
    )
