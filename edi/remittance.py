"""What a payee's week consists of: the values that the 835 carries and the EOP prints.

Money is exact cents. A claim's amounts are those that go out: those of a reversal are negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Entry = Literal["payment", "reversal"]
Outcome = Literal["paid", "denied", "reversed", "void"]

REVERSAL = "22"
"""CLP02 of a claim that takes back an earlier one."""
MEMBER_UNKNOWN = "4"
"""CLP02 of a denial; legal only where the patient is not a member we know."""
VOID = "void"
"""Status of an accepted void: it has no CLP of its own, the reversal of its original says everything."""
CORRECTION_ALERT = "MA67"
"""Remark code: a correction to a prior claim."""


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid: a row of the provider registry."""

    payee_id: str
    registry_version: int
    name: str
    npi: str
    tin: str
    address: str
    city: str
    state: str
    zip: str
    remittance_partner: str
    """Trading partner that receives the 835."""
    statement_partner: str
    """Trading partner that receives the EOP."""
    payment_method: str
    """ACH or CHK."""
    routing_number: str | None = None
    account_number: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A name as submitted."""

    last_name: str
    first_name: str = ""


@dataclass(frozen=True, slots=True)
class RenderingProvider:
    """Who gave the service, where that is not the payee (NM1*82)."""

    npi: str
    entity_type: str
    """1 person, 2 organisation."""
    last_or_organization_name: str
    first_name: str = ""


@dataclass(frozen=True, slots=True)
class ClaimDetails:
    """What identifies a claim to its provider; the same on its payment and on its reversal."""

    claim_id: int
    claim_number: str
    """Ours (CLP07)."""
    patient_control_number: str
    """The provider's (CLP01)."""
    kind: str
    """P professional, I institutional."""
    facility_code: str
    frequency_code: str
    filing_indicator: str
    """CLP06."""
    patient: Person
    member_number: str
    """Subscriber's number as submitted."""
    member_known: bool
    received_date: date
    service_from: date | None
    service_through: date | None
    plan_id: str | None = None
    subscriber: Person | None = None
    """Where the patient is not the subscriber."""
    rendering: RenderingProvider | None = None
    original_claim_number: str | None = None
    """Of the version that this one corrects (REF*F8)."""
    tracking_number: str | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Part of a charge that is not paid, and why."""

    group_code: str
    """CO, OA, PI or PR."""
    reason_code: str
    """CARC."""
    amount_cents: int


@dataclass(frozen=True, slots=True)
class RemittanceService:
    """A service line and its money (SVC loop)."""

    line_number: int
    procedure_qualifier: str
    procedure_code: str
    """As billed, whatever procedure was decided on."""
    charge_cents: int
    paid_cents: int
    modifiers: tuple[str, ...] = ()
    revenue_code: str | None = None
    """SVC04: only beside a procedure; a line without one has it as its procedure code, qualifier NU."""
    units: Decimal | None = None
    service_from: date | None = None
    service_through: date | None = None
    line_control_number: str | None = None
    allowed_cents: int | None = None
    remark_codes: tuple[str, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def patient_share_cents(self) -> int:
        """What the patient owes of this line."""
        return sum(item.amount_cents for item in self.adjustments if item.group_code == "PR")


@dataclass(frozen=True, slots=True)
class RemittanceClaim:
    """A claim version as it goes out: its decision, or the taking back of what went out before."""

    entry: Entry
    outcome: Outcome
    details: ClaimDetails
    decision_id: int
    status_code: str
    """CLP02, or `void`."""
    charge_cents: int
    paid_cents: int
    patient_responsibility_cents: int | None
    """CLP05; None on a reversal."""
    services: tuple[RemittanceService, ...]
    interest_cents: int = 0
    """Owed beside the payment (AMT*I); what a reversal takes back is negative."""
    interest_rule: str = ""
    """Id of the rule that the interest is reckoned by; empty where none fits or the decision says it."""
    days_late: int | None = None
    """Days of interest; None where the decision says the interest."""
    adjustments: tuple[Adjustment, ...] = ()
    """Of the whole claim and none of its lines."""
    remark_codes: tuple[str, ...] = ()
    """As above."""

    @property
    def in_transaction_set(self) -> bool:
        """Has it a CLP of its own? An accepted void has none."""
        return self.status_code != VOID


@dataclass(frozen=True, slots=True)
class PendedClaim:
    """A claim that is not decided yet."""

    payee_id: str | None
    details: ClaimDetails
    charge_cents: int
    reason: str
    """Why it waits: an id of the rules, or RECEIVED while nothing looked at it."""
    days: int
    """How long it has waited, on the last day of the week."""


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """What a payment takes or adds beside its claims (PLB)."""

    reason_code: str
    """PLB03-1."""
    reference: str
    """PLB03-2; may be empty."""
    amount_cents: int
    """Positive takes money away (domain.md 9.5)."""


@dataclass(frozen=True, slots=True)
class ForwardedBalance:
    """What a payee owes us from an earlier remittance."""

    trace_number: str
    """TRN02 of the remittance that said so."""
    owed_cents: int
    """Positive."""


@dataclass(frozen=True, slots=True)
class RefusedClaim:
    """A claim that the edits at the front rejected: it was answered by a 277CA and has no number of ours."""

    payee_id: str
    patient_control_number: str
    patient: Person
    member_number: str
    received_date: date
    service_from: date | None
    service_through: date | None
    charge_cents: int
    frequency_code: str
    tracking_number: str | None
    reasons: tuple[str, ...]
    """What the edits found, in plain words, each with the statuses of the 277CA."""


@dataclass(frozen=True, slots=True)
class Remittance:
    """One 835 transaction set: one payment to one payee."""

    payee: Payee
    trace_number: str
    """TRN02."""
    payment_method: str
    """BPR04: ACH, CHK, or NON when nothing is paid."""
    payment_cents: int
    production_date: date
    payment_date: date
    claims: tuple[RemittanceClaim, ...]
    adjustments: tuple[ProviderAdjustment, ...] = ()
    """In the order of the 835; the claims' payments less these are the payment."""

    @property
    def interest_cents(self) -> int:
        """Interest of all claims: PLB*L6 with the sign turned, where it is not nothing (domain.md 9.5)."""
        return sum(claim.interest_cents for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Statement:
    """One EOP: everything of a payee's week, paid or not."""

    payee: Payee
    week_from: date
    week_through: date
    remittance: Remittance | None
    """None where nothing was decided and no account was settled."""
    pended: tuple[PendedClaim, ...]
    notices: tuple[str, ...]
    """Sentences on deadlines and on where to turn to, in the plan's words."""
    refused: tuple[RefusedClaim, ...] = ()
    """Claims of the week that the edits at the front rejected."""
    balance: ForwardedBalance | None = None
    """What the payee owes; a remittance with a forwarded balance says it itself."""

    def section(self, outcome: Outcome) -> tuple[RemittanceClaim, ...]:
        """The remitted claims of one kind, in the order of the 835."""
        claims = self.remittance.claims if self.remittance else ()
        return tuple(claim for claim in claims if claim.outcome == outcome)
