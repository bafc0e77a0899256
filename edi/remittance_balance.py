"""The three balances of an 835, in integer cents: service, claim, transaction. What does not balance is not sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from edi.remittance import MEMBER_UNKNOWN, REVERSAL, VOID, Remittance, RemittanceClaim, RemittanceService
from edi.trouble import Final

NO_PAYMENT = "NON"
"""BPR04 where nothing is paid."""
MOST_SERVICES = 999
"""SVC loops that a claim can hold."""


class RemittanceUnbalanced(Final):
    """A remittance breaks a law of the 835. The message holds claim numbers, line numbers and names of laws."""


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A law that does not hold, and where."""

    law: str
    claim_number: str = ""
    line_number: int = 0

    def __str__(self) -> str:
        place = f" in claim {self.claim_number}" if self.claim_number else ""
        return f"{self.law}{place}{f' line {self.line_number}' if self.line_number else ''}"


def imbalances(remittance: Remittance) -> tuple[Imbalance, ...]:
    """Every law of the 835's three balances that the remittance breaks, empty when it may be sent."""
    found = [imbalance for claim in remittance.claims for imbalance in _of_claim(claim)]
    if remittance.payment_cents != sum(claim.paid_cents for claim in remittance.claims) + remittance.interest_cents:
        found.append(Imbalance("payment = sum of claim payments and interest"))
    if remittance.payment_cents < 0:
        found.append(Imbalance("payment is not negative"))
    if (remittance.payment_method == NO_PAYMENT) != (remittance.payment_cents == 0):
        found.append(Imbalance("method NON exactly when nothing is paid"))
    found.extend(_order(remittance.claims))
    return tuple(found)


def prove(remittance: Remittance) -> None:
    """Check all balances.

    Raises:
        RemittanceUnbalanced: naming the first broken laws.
    """
    if found := imbalances(remittance):
        shown = "; ".join(str(imbalance) for imbalance in found[:5])
        raise RemittanceUnbalanced(f"Remittance {remittance.trace_number} breaks {len(found)} laws: {shown}")


def _of_claim(claim: RemittanceClaim) -> Iterator[Imbalance]:
    number = claim.details.claim_number
    for service in claim.services:
        yield from _of_service(claim, service)
    if claim.charge_cents != sum(service.charge_cents for service in claim.services):
        yield Imbalance("claim charge = sum of service charges", number)
    if claim.paid_cents != sum(service.paid_cents for service in claim.services):
        yield Imbalance("claim payment = sum of service payments", number)
    yield from _of_status(claim)
    if claim.status_code == VOID:
        if claim.charge_cents or claim.paid_cents or claim.services or claim.interest_cents:
            yield Imbalance("an accepted void has no money of its own", number)
    elif not 1 <= len(claim.services) <= MOST_SERVICES:
        yield Imbalance("a claim has 1 to 999 services", number)


def _of_status(claim: RemittanceClaim) -> Iterator[Imbalance]:
    number = claim.details.claim_number
    if (claim.status_code == REVERSAL) != (claim.entry == "reversal"):
        yield Imbalance("status 22 exactly on reversals", number)
    if claim.status_code == MEMBER_UNKNOWN and claim.details.member_known:
        yield Imbalance("status 4 only where the member is unknown", number)
    share = sum(service.patient_share_cents for service in claim.services)
    if claim.patient_responsibility_cents != (None if claim.entry == "reversal" else share):
        yield Imbalance("patient responsibility = sum of PR adjustments, absent on a reversal", number)
    taken_back = (claim.paid_cents < 0, claim.interest_cents < 0)
    if claim.entry == "payment" and any(taken_back):
        yield Imbalance("only a reversal takes money back", number)
    if claim.entry == "reversal" and claim.interest_cents > 0:
        yield Imbalance("a reversal pays no interest", number)


def _of_service(claim: RemittanceClaim, service: RemittanceService) -> Iterator[Imbalance]:
    number, line = claim.details.claim_number, service.line_number
    if service.charge_cents - sum(item.amount_cents for item in service.adjustments) != service.paid_cents:
        yield Imbalance("service charge - adjustments = service payment", number, line)
    reasons = [(item.group_code, item.reason_code) for item in service.adjustments]
    if len(set(reasons)) != len(reasons):
        yield Imbalance("a group and reason stands once on a service", number, line)
    if any(item.amount_cents == 0 for item in service.adjustments):
        yield Imbalance("no adjustment of nothing", number, line)


def _order(claims: tuple[RemittanceClaim, ...]) -> Iterator[Imbalance]:
    """A reversal stands directly before what takes the place of what it reverses.

    That is a correction or void of it, or the claim itself, decided again.
    """
    for claim, following in zip_longest(claims, claims[1:]):
        if claim.entry != "reversal":
            continue
        number = claim.details.claim_number
        corrects = None
        if following is not None and following.entry == "payment":
            corrects = {following.details.original_claim_number, following.details.claim_number}
        if corrects is None or number not in corrects:
            yield Imbalance("a reversal stands before its correction", number)
