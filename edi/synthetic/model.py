"""What claims are made of, before they are written as segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Address:
    """Street, second line (may be empty), city, state, ZIP of five or nine digits."""

    street: str
    second: str
    city: str
    state: str
    zip_code: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    last: str
    first: str
    middle: str
    born: date
    gender: str
    address: Address


@dataclass(frozen=True, slots=True)
class Provider:
    """An organisation, or a person where `first` is not empty."""

    npi: str
    name: str
    """Of the organisation, or the person's last name."""
    first: str = ""
    middle: str = ""
    tin: str = ""
    taxonomy: str = ""
    address: Address | None = None
    phone: str = ""
    """Ten digits, empty for none."""
    pay_to: Address | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A CAS triplet; amounts in cents."""

    group: str
    reason: str
    amount: int


@dataclass(frozen=True, slots=True)
class PriorDecision:
    """What another payer decided of a line (2430)."""

    paid: int
    adjustments: tuple[Adjustment, ...]


@dataclass(frozen=True, slots=True)
class OtherPayer:
    """Another payer (2320, 2330): its decision is claim-level, or that of the lines' `prior`, never both."""

    responsibility: str
    """SBR01: P where it comes before us, S where after."""
    name: str
    payer_id: str
    relation: str
    """SBR02: 18 where the patient is its subscriber."""
    subscriber: Person
    member_id: str
    group_number: str
    filing_indicator: str
    decided: bool
    """Did it decide already? Then it paid and adjusted, here or in the lines."""
    decided_on: date | None = None
    paid: int = 0
    adjustments: tuple[Adjustment, ...] = ()
    claim_number: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A service line; amounts in cents. Which fields count depends on the kind of claim."""

    charge: int
    units: str
    code: str = ""
    modifiers: tuple[str, ...] = ()
    unit: str = "UN"
    revenue_code: str = ""
    day: date | None = None
    through: date | None = None
    place: str = ""
    pointers: tuple[int, ...] = ()
    control: str = ""
    drug: tuple[str, str, str] | None = None
    """NDC, quantity, unit (2410)."""
    rendering: Provider | None = None
    note: str = ""
    areas: tuple[str, ...] = ()
    """Oral cavity areas (SV304)."""
    teeth: tuple[tuple[str, str], ...] = ()
    """Tooth and surfaces (TOO)."""
    prior: PriorDecision | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """What only an institutional bill says."""

    statement_from: date
    statement_through: date
    admitted_at: str = ""
    """DTP*435: CCYYMMDDHHMM or CCYYMMDD, empty for none."""
    discharge_hour: str = ""
    """DTP*096, HHMM."""
    admission_type: str = "3"
    admission_source: str = "1"
    patient_status: str = "01"
    admitting_diagnosis: str = ""
    visit_reasons: tuple[str, ...] = ()
    drg: str = ""
    procedures: tuple[tuple[str, date], ...] = ()
    occurrences: tuple[tuple[str, date], ...] = ()
    spans: tuple[tuple[str, date, date], ...] = ()
    values: tuple[tuple[str, int], ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of any kind; amounts in cents."""

    account: str
    """CLM01."""
    lines: tuple[Line, ...]
    facility: str
    """CLM05-1: place of service, or the first two digits of the type of bill."""
    frequency: str = "1"
    diagnoses: tuple[str, ...] = ()
    present_on_admission: tuple[str, ...] = ()
    """By diagnosis (I); empty for an outpatient bill."""
    dates: tuple[tuple[str, str, str], ...] = ()
    """DTP of the claim: qualifier, format, value."""
    references: tuple[tuple[str, str], ...] = ()
    """REF of the claim in the order of the guide: qualifier, value."""
    accident_state: str = ""
    """Where not empty, an automobile accident (CLM11), which needs its date 439."""
    signature_source: str = ""
    delay_reason: str = ""
    patient_paid: int = 0
    attachment: str = ""
    note: str = ""
    providers: Mapping[str, Provider] = field(default_factory=dict)
    """By NM101 of 2310: DN, 82, 77, DQ, DD, 71, 72, ZZ."""
    other_payers: tuple[OtherPayer, ...] = ()
    stay: Stay | None = None
    teeth: tuple[str, ...] = ()
    """Missing teeth (DN2)."""
    orthodontic_months: int = 0

    @property
    def charge(self) -> int:
        """CLM02."""
        return sum(line.charge for line in self.lines)


@dataclass(frozen=True, slots=True)
class Patient:
    """A dependant (2000C)."""

    person: Person
    relation: str
    """PAT01."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who is insured (2000B), and by whom (2010BB)."""

    person: Person
    member_id: str
    group_number: str
    filing_indicator: str
    payer_name: str
    payer_id: str
    responsibility: str = "P"
    ssn: str = ""
    payer_address: Address | None = None
