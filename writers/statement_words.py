"""What the EOP's two forms, PDF and CSV, have in common: its sections, its totals, and how things are written out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from edi.remittance import ClaimDetails, Person, RemittanceClaim, RemittanceService, Statement
from edi.trouble import Final
from writers.reasons import adjustment_words, remark_words
from writers.spreadsheet import printable

VOID_FREQUENCY = "8"
METHODS = {"ACH": "Electronic funds transfer (ACH)", "CHK": "Check", "NON": "No payment"}


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
    """Claims of one kind under one title."""

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
            patient_share_cents=sum(service.patient_share_cents for service in services),
            paid_cents=sum(claim.paid_cents for claim in self.claims),
        )


def remitted_sections(statement: Statement) -> tuple[Section, ...]:
    """Paid, denied, reversed and voided claims; those without a claim are left out.

    Raises:
        StatementDisagrees: the sections do not add up to the payment.
    """
    sections = (
        Section("paid", "Paid claims", "", statement.section("paid")),
        Section("denied", "Denied claims", "", statement.section("denied")),
        Section(
            "reversed",
            "Reversed claims",
            "Each takes back an earlier decision in full, as it was sent, because a correction or void took its place.",
            statement.section("reversed"),
        ),
        Section(
            "void",
            "Accepted voids",
            "The claim that you voided is among the reversed claims. The void itself has no money.",
            statement.section("void"),
        ),
    )
    if statement.remittance:
        told = sum(section.totals.paid_cents for section in sections)
        taken = sum(adjustment.amount_cents for adjustment in statement.remittance.provider_adjustments)
        if told - taken != statement.remittance.payment_cents:
            raise StatementDisagrees(
                f"The claims of the EOP for payment {statement.remittance.trace_number} do not add up to it."
            )
    return tuple(section for section in sections if section.claims)


def money(cents: int) -> str:
    """Dollars and cents: `1,234.50`, `-0.05`."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}.{rest:02d}"


def person_name(person: Person) -> str:
    """LAST, FIRST."""
    return printable(f"{person.last_name}, {person.first_name}" if person.first_name else person.last_name)


def days(first: date | None, last: date | None) -> str:
    """A day, or from when to when; empty where unknown."""
    if first is None:
        return last.isoformat() if last else ""
    return first.isoformat() if last in {None, first} else f"{first} to {last}"


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


def reasons(service: RemittanceService) -> tuple[str, ...]:
    """Every adjustment with its amount, then every remark, in plain words."""
    adjusted = (
        f"{adjustment_words(item.group_code, item.reason_code)}: {money(item.amount_cents)}"
        for item in service.adjustments
    )
    return (*adjusted, *(remark_words(code) for code in service.remark_codes))


def corrects(details: ClaimDetails) -> str:
    """Which claim this one corrects or voids and under which tracking number, empty for an original."""
    verb = "voids" if details.frequency_code == VOID_FREQUENCY else "corrects"
    found: Sequence[str] = (
        f"{verb} claim {details.original_claim_number}" if details.original_claim_number else "",
        f"tracking number {details.tracking_number}" if details.tracking_number else "",
    )
    return ", ".join(word for word in found if word)
