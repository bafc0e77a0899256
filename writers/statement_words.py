"""What the EOP's forms have in common: its sections, its totals, and how things are written out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from edi.remittance import (
    VOID,
    ClaimDetails,
    Person,
    ProviderAdjustment,
    RefusedClaim,
    Remittance,
    RemittanceClaim,
    RemittanceService,
    Statement,
)
from edi.trouble import Final
from writers.reasons import adjustment_words, provider_adjustment_words, remark_words
from writers.spreadsheet import printable

VOID_FREQUENCY = "8"
INTEREST, FORWARD = "L6", "FB"
"""PLB03-1 of interest, and of a balance that is forwarded or taken."""
METHODS = {"ACH": "Electronic funds transfer (ACH)", "CHK": "Check", "NON": "No payment"}

NOT_DECIDED = "Not decided yet. They are on no remittance until they are."
RETURNED = (
    "Our 277CA returned these claims before anything was decided, so they are on no remittance."
    " Correct what is wrong and send them again within the filing limit."
)


class StatementDisagrees(Final):
    """The sections of a statement do not add up to its payment."""


@dataclass(frozen=True, slots=True)
class SectionTotals:
    """Sums over the claims of a section."""

    claims: int
    charge_cents: int
    allowed_cents: int
    patient_share_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True)
class Section:
    """Claims of one kind under one title, in the order of the 835."""

    name: str
    title: str
    explanation: str
    claims: tuple[RemittanceClaim, ...]

    @property
    def totals(self) -> SectionTotals:
        """Sums over the claims."""
        services = [service for claim in self.claims for service in claim.services]
        return SectionTotals(
            claims=len(self.claims),
            charge_cents=sum(claim.charge_cents for claim in self.claims),
            allowed_cents=sum(service.allowed_cents or 0 for service in services),
            patient_share_cents=sum(patient_share(claim) for claim in self.claims),
            paid_cents=sum(claim.paid_cents for claim in self.claims),
        )


PAID, DENIED, CORRECTED = "paid", "denied", "corrected"


@dataclass(frozen=True, slots=True)
class Balance:
    """What the payee owes us from negative weeks (domain.md 9.5), in exact cents, never negative."""

    before_cents: int
    taken_cents: int
    """Of what was owed before, by this payment."""
    forwarded_cents: int
    """What this payment could not take, and a later one will."""
    before_from: str
    """Trace number of the remittance that forwarded what was owed before; empty where nothing was."""

    @property
    def after_cents(self) -> int:
        """What is owed now."""
        return self.before_cents - self.taken_cents + self.forwarded_cents


def remitted_sections(statement: Statement) -> tuple[Section, ...]:
    """Paid, denied, and reversed and corrected claims; a section without a claim is left out.

    A claim that takes the place of one that is reversed stands with it.

    Raises:
        StatementDisagrees: claims and provider adjustments do not add up to the payment.
    """
    remittance = statement.remittance
    if remittance is None:
        return ()
    of: dict[str, list[RemittanceClaim]] = {PAID: [], DENIED: [], CORRECTED: []}
    follows_reversal = False
    for claim in remittance.claims:
        is_reversal = claim.entry == "reversal"
        corrects_one = is_reversal or follows_reversal or claim.status_code == VOID
        of[CORRECTED if corrects_one else DENIED if claim.outcome == DENIED else PAID].append(claim)
        follows_reversal = is_reversal
    told = sum(claim.paid_cents for claims in of.values() for claim in claims)
    if told - adjusted_cents(remittance.adjustments) != remittance.payment_cents:
        raise StatementDisagrees(f"The EOP for payment {remittance.trace_number} does not add up to its amount.")
    sections = (
        Section(PAID, "Paid claims", "", tuple(of[PAID])),
        Section(DENIED, "Denied claims", "", tuple(of[DENIED])),
        Section(
            CORRECTED,
            "Reversed and corrected claims",
            "A reversal takes back an earlier decision in full, as it was sent; what takes its place stands behind it.",
            tuple(of[CORRECTED]),
        ),
    )
    return tuple(section for section in sections if section.claims)


def adjusted_cents(adjustments: Iterable[ProviderAdjustment]) -> int:
    """What they take from a payment; negative where they add."""
    return sum(each.amount_cents for each in adjustments)


def adjustment_rows(remittance: Remittance) -> Iterator[tuple[str, str, int]]:
    """Each provider adjustment in plain words, what it refers to, and what it adds to the payment in cents."""
    for each in remittance.adjustments:
        words = provider_adjustment_words(each.reason_code, each.amount_cents)
        yield words, reference_words(each.reason_code, each.reference, each.amount_cents), -each.amount_cents


def reference_words(reason_code: str, reference: str, amount_cents: int) -> str:
    """What an adjustment refers to; empty where it names nothing."""
    if not reference:
        return ""
    if reason_code == FORWARD:
        return f"from payment {reference}" if amount_cents > 0 else f"as balance of payment {reference}"
    return f"claim {reference}" if reason_code == INTEREST else reference


def balance_of(statement: Statement) -> Balance | None:
    """What the payee owed before and owes now; None where that is nothing and was nothing."""
    forwards = [
        each
        for each in (statement.remittance.adjustments if statement.remittance else ())
        if each.reason_code == FORWARD
    ]
    if not forwards:
        left = statement.balance
        return Balance(left.owed_cents, 0, 0, left.trace_number) if left else None
    taken = sum(each.amount_cents for each in forwards if each.amount_cents > 0)
    forwarded = -sum(each.amount_cents for each in forwards if each.amount_cents < 0)
    return Balance(taken, taken, forwarded, next((each.reference for each in forwards if each.amount_cents > 0), ""))


def balance_rows(balance: Balance) -> tuple[tuple[str, int], ...]:
    """The balance in words, from before to now, in cents; what did not happen is left out."""
    since = f" (payment {balance.before_from})" if balance.before_from else ""
    moved = (
        (f"You owed us before this week{since}", balance.before_cents),
        ("Taken from this payment", -balance.taken_cents),
        ("Forwarded from this payment, which could not take it", balance.forwarded_cents),
    )
    now = f"You owe us now{'; we take it from your next payment' if balance.after_cents else ''}"
    return (*(row for row in moved if row[1]), (now, balance.after_cents))


def patient_share(claim: RemittanceClaim) -> int:
    """What the patient owes of a claim."""
    own = sum(item.amount_cents for item in claim.adjustments if item.group_code == "PR")
    return own + sum(service.patient_share_cents for service in claim.services)


def allowed(claim: RemittanceClaim) -> int | None:
    """What is allowed of a claim; None where no line says it."""
    known = [service.allowed_cents for service in claim.services if service.allowed_cents is not None]
    return sum(known) if known else None


def interest_words(claim: RemittanceClaim) -> str:
    """Interest of a claim with the days and the rule that it is reckoned by; empty for none."""
    if not claim.interest_cents:
        return ""
    if claim.interest_cents < 0:
        return f"interest taken back {money(claim.interest_cents)}"
    late = f", {claim.days_late} day{'s' if claim.days_late != 1 else ''} late" if claim.days_late else ""
    rule = f", rule {claim.interest_rule}" if claim.interest_rule else ""
    return f"interest {money(claim.interest_cents)}{late}{rule}"


def heading_words(claim: RemittanceClaim) -> str:
    """What a claim of a section is."""
    number = claim.details.claim_number
    if claim.entry == "reversal":
        return f"Reversal of claim {number}"
    return f"Void {number}, accepted" if claim.status_code == VOID else f"Claim {number}"


def money(cents: int) -> str:
    """Dollars and cents: `1,234.50`, `-0.05`."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}.{rest:02d}"


def zip_words(code: str) -> str:
    """`061030001` as 06103-0001."""
    return f"{code[:5]}-{code[5:]}" if code[5:] else code


def phone_words(number: str) -> str:
    """`8005550100` as 800-555-0100."""
    return f"{number[:3]}-{number[3:6]}-{number[6:]}"


def person_name(person: Person) -> str:
    """LAST, FIRST."""
    return printable(f"{person.last_name}, {person.first_name}" if person.first_name else person.last_name)


def days(first: date | None, last: date | None) -> str:
    """A day, or from when to when; empty where unknown."""
    if first is None:
        return last.isoformat() if last else ""
    return first.isoformat() if last in {None, first} else f"{first} to {last}"


def days_billed(details: ClaimDetails) -> str:
    """From when to when an institutional bill of more than a day goes, whose lines may tell its first day alone."""
    first, last = details.service_from, details.service_through
    is_span = details.kind == "I" and first is not None and last is not None and last > first
    return days(first, last) if is_span else ""


def procedure(service: RemittanceService) -> str:
    """`99213-25`, or `Rev 0450` for a line without a procedure."""
    if service.procedure_qualifier == "NU":
        return f"Rev {service.procedure_code}"
    return "-".join((service.procedure_code, *service.modifiers))


def units(quantity: Decimal | None) -> str:
    """The shortest plain form."""
    if quantity is None:
        return ""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def reasons(told: RemittanceService | RemittanceClaim) -> tuple[str, ...]:
    """Every adjustment of a line, or of a claim as a whole, with its amount, then every remark, in plain words."""
    adjusted = (
        f"{adjustment_words(item.group_code, item.reason_code)}: {money(item.amount_cents)}"
        for item in told.adjustments
    )
    return (*adjusted, *(remark_words(code) for code in told.remark_codes))


def refusal_words(claim: RefusedClaim) -> tuple[str, ...]:
    """Why a claim was returned, and under which tracking number a correction was."""
    tracking = (f"Tracking number {claim.tracking_number}.",) if claim.tracking_number else ()
    return (*claim.reasons, *tracking)


def corrects(details: ClaimDetails) -> str:
    """Which claim this one corrects or voids and under which tracking number, empty for an original."""
    verb = "voids" if details.frequency_code == VOID_FREQUENCY else "corrects"
    found: Sequence[str] = (
        f"{verb} claim {details.original_claim_number}" if details.original_claim_number else "",
        f"tracking number {details.tracking_number}" if details.tracking_number else "",
    )
    return ", ".join(word for word in found if word)
