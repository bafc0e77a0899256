"""Synthetic remittances: the worked example of the domain brief, and random ones that balance."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pyx12.params
import pyx12.x12n_document
from hypothesis import strategies as st

from edi.remittance import (
    Adjustment,
    ClaimDetails,
    Payee,
    PendedClaim,
    Person,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceService,
    RenderingProvider,
    Statement,
)
from writers.settings import Payer

PAYER = Payer(
    name="EXAMPLE HEALTH PLAN",
    tin="123456789",
    address="1 PLAN WAY",
    city="HARTFORD",
    state="CT",
    zip_code="061030000",
    isa_qualifier="ZZ",
    isa_id="EXAMPLEPLAN",
    gs_id="EXAMPLEPLAN",
    payer_id="99999",
    technical_contact_name="EDI SUPPORT",
    technical_contact_phone="8005550100",
    business_contact_name="PROVIDER SERVICES",
    business_contact_phone="8005550101",
    web_url="https://providers.example.org/portal",
    routing_number="011000015",
    account_number="5550001",
)
PAYEE = Payee(
    payee_id="RIVER",
    registry_version=1,
    name="RIVER CLINIC LLC",
    npi="1234567893",
    tin="222334444",
    address="20 WATER STREET",
    city="HARTFORD",
    state="CT",
    zip="06103",
    remittance_partner="clearhouse",
    statement_partner="river",
    payment_method="ACH",
    routing_number="011000028",
    account_number="7770002",
)


def details(number: str, account: str, patient: Person, received: date, **other: object) -> ClaimDetails:
    """A professional office claim of a known member."""
    known = ClaimDetails(
        claim_id=int(number),
        claim_number=number,
        patient_control_number=account,
        kind="P",
        facility_code="11",
        frequency_code="1",
        filing_indicator="HM",
        patient=patient,
        member_number=f"M-{patient.last_name[:20]}",
        member_known=True,
        received_date=received,
        service_from=None,
        service_through=None,
    )
    return replace(known, **other)  # type: ignore[arg-type] # any of the other fields


def payment(claim_details: ClaimDetails, *services: RemittanceService, outcome: str = "paid") -> RemittanceClaim:
    """A decided claim with the sums of its lines."""
    return RemittanceClaim(
        entry="payment",
        outcome=outcome,  # type: ignore[arg-type] # one of the two words
        details=claim_details,
        decision_id=claim_details.claim_id,
        status_code="1" if claim_details.member_known else "4",
        charge_cents=sum(service.charge_cents for service in services),
        paid_cents=sum(service.paid_cents for service in services),
        patient_responsibility_cents=sum(service.patient_share_cents for service in services),
        services=services,
    )


def service(
    code: str, day: date, charge: int, paid: int, line: str, *adjustments: Adjustment, **other: object
) -> RemittanceService:
    """One line of one unit on one day."""
    known = RemittanceService(
        line_number=int(line[1:]),
        procedure_qualifier="HC",
        procedure_code=code,
        charge_cents=charge,
        paid_cents=paid,
        units=Decimal(1),
        service_from=day,
        service_through=day,
        line_control_number=line,
        adjustments=adjustments,
    )
    return replace(known, **other)  # type: ignore[arg-type] # any of the other fields


def worked_example() -> Remittance:
    """Claims A to D of the domain brief's section 9.9, without the interest of claim A."""
    a = payment(
        details("26170000001", "PCN-A", Person("ROE", "ANN"), date(2026, 5, 20), member_number="M0000001"),
        service(
            "99213",
            date(2026, 5, 4),
            15000,
            8000,
            "A1",
            Adjustment("CO", "45", 5000),
            Adjustment("PR", "3", 2000),
            allowed_cents=10000,
        ),
    )
    b = payment(
        details("26170000002", "PCN-B", Person("POE", "BEN"), date(2026, 6, 1), member_number="M0000002"),
        service(
            "99214",
            date(2026, 5, 18),
            20000,
            9000,
            "B1",
            Adjustment("CO", "45", 8000),
            Adjustment("PR", "1", 3000),
            allowed_cents=12000,
        ),
        service("S9999", date(2026, 5, 18), 6000, 0, "B2", Adjustment("PR", "96", 6000), remark_codes=("N130",)),
    )
    c = payment(
        details("26170000003", "PCN-C", Person("COE", "CAL"), date(2026, 6, 8), member_number="M0000003"),
        service("99213", date(2026, 4, 1), 17500, 0, "C1", Adjustment("CO", "29", 17500), remark_codes=("N211",)),
        outcome="denied",
    )
    old = payment(
        details("26150000004", "PCN-D", Person("DOE", "DEE"), date(2026, 5, 5), member_number="M0000004"),
        service(
            "97110",
            date(2026, 4, 20),
            30000,
            15000,
            "D1",
            Adjustment("CO", "45", 10000),
            Adjustment("PR", "2", 5000),
            units=Decimal(4),
            allowed_cents=20000,
        ),
    )
    new = payment(
        details(
            "26170000005",
            "PCN-D",
            Person("DOE", "DEE"),
            date(2026, 6, 10),
            member_number="M0000004",
            frequency_code="7",
            original_claim_number="26150000004",
            tracking_number="T0000001",
        ),
        service(
            "97110",
            date(2026, 4, 20),
            28000,
            16000,
            "D1",
            Adjustment("CO", "45", 8000),
            Adjustment("PR", "2", 4000),
            units=Decimal(4),
            allowed_cents=20000,
            remark_codes=("MA67",),
        ),
    )
    return remittance(a, b, c, reversal_of(old), new, trace_number="EFT0001042")


def remittance(*claims: RemittanceClaim, payee: Payee = PAYEE, trace_number: str = "R000000001") -> Remittance:
    """The remittance of these claims, whatever they come to."""
    bearing = [claim for claim in claims if claim.interest_cents]
    interest = sum(claim.interest_cents for claim in bearing)
    reference = bearing[0].details.claim_number if len(bearing) == 1 else ""
    net = sum(claim.paid_cents for claim in claims) + interest
    return Remittance(
        payee=payee,
        trace_number=trace_number,
        payment_method=payee.payment_method if net else "NON",
        payment_cents=net,
        production_date=date(2026, 6, 24),
        payment_date=date(2026, 6, 26),
        claims=claims,
        adjustments=(ProviderAdjustment("L6", reference, -interest),) if interest else (),
    )


def reversal_of(sent: RemittanceClaim) -> RemittanceClaim:
    """The taking back of a claim as it was sent: every amount and unit negated, under its own numbers."""
    return replace(
        sent,
        entry="reversal",
        outcome="reversed",
        status_code="22",
        charge_cents=-sent.charge_cents,
        paid_cents=-sent.paid_cents,
        patient_responsibility_cents=None,
        services=tuple(_negated(service) for service in sent.services),
        interest_cents=-sent.interest_cents,
    )


def _negated(service: RemittanceService) -> RemittanceService:
    return replace(
        service,
        charge_cents=-service.charge_cents,
        paid_cents=-service.paid_cents,
        units=None if service.units is None else -service.units,
        allowed_cents=None if service.allowed_cents is None else -service.allowed_cents,
        remark_codes=(),
        adjustments=tuple(replace(item, amount_cents=-item.amount_cents) for item in service.adjustments),
    )


def statement(sent: Remittance | None, *pended: PendedClaim, payee: Payee = PAYEE) -> Statement:
    """The statement of the week to 21 June 2026."""
    return Statement(
        payee=sent.payee if sent else payee,
        week_from=date(2026, 6, 15),
        week_through=date(2026, 6, 21),
        remittance=sent,
        pended=pended,
        notices=("Professional claims must reach us within 60 days of the date of service.",),
    )


def pended_claim(number: str = "26172000009", reason: str = "NO_PRICE", days: int = 4, **other: object) -> PendedClaim:
    """A claim that waits."""
    known = details(
        number,
        "PCN-P",
        Person("ZOE", "PIA"),
        date(2026, 6, 17),
        member_number="M0000009",
        service_from=date(2026, 6, 12),
    )
    return PendedClaim("RIVER", replace(known, **other), 12345, reason, days)  # type: ignore[arg-type] # as in details


def accepted_by_pyx12(content: bytes) -> bool:
    """Does pyx12 find nothing wrong with it?"""
    document = io.StringIO(content.decode("ascii"))
    return bool(pyx12.x12n_document.x12n_document(pyx12.params.params(), document, fd_997=None, fd_html=None))


CODES = st.sampled_from(("1", "2", "", "X"))
CENTS = st.integers(0, 5_000_000)
NAMES = st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ '-.é*:~^"), min_size=1, max_size=70)
ACCOUNTS = st.text(st.sampled_from("ABCDEFGHIJ0123456789-:>*"), min_size=1, max_size=38)
REASONS = ("1", "2", "3", "16", "22", "29", "45", "96", "97", "119", "197", "242")
DAYS = st.dates(date(2026, 1, 1), date(2026, 6, 20))


@st.composite
def services(draw: st.DrawFn, number: int, kind: str) -> RemittanceService:
    """A line whose charge is paid or adjusted with up to nine reasons of a group."""
    reasons = draw(
        st.lists(
            st.tuples(st.sampled_from(("CO", "PR", "OA", "PI")), st.sampled_from(REASONS)), unique=True, max_size=14
        )
    )
    adjustments = tuple(Adjustment(*codes, draw(st.integers(1, 99_999))) for codes in reasons)
    paid = draw(CENTS)
    revenue = kind == "I" and draw(st.booleans())
    first = draw(DAYS)
    return RemittanceService(
        line_number=number,
        procedure_qualifier="NU" if revenue else draw(st.sampled_from(("HC", "ER", "XX"))),
        procedure_code="0450" if revenue else "99213",
        charge_cents=paid + sum(item.amount_cents for item in adjustments),
        paid_cents=paid,
        modifiers=()
        if revenue
        else tuple(draw(st.lists(st.sampled_from(("25", "59", "LT", "", "X", "XYZ")), unique=True, max_size=3))),
        revenue_code="0450" if kind == "I" and not revenue else None,
        units=draw(st.none() | st.decimals("0.001", "9999", places=3)),
        service_from=first,
        service_through=first + timedelta(days=draw(st.integers(0, 3))),
        line_control_number=draw(st.none() | st.just(f"L{number}")),
        allowed_cents=draw(st.none() | CENTS),
        remark_codes=tuple(draw(st.lists(st.sampled_from(("N130", "N211", "M47")), unique=True, max_size=2))),
        adjustments=adjustments,
    )


@st.composite
def claims(draw: st.DrawFn, number: int) -> RemittanceClaim:
    """A decided claim of a member known or not."""
    kind = draw(st.sampled_from("PI"))
    first = draw(DAYS)
    known = details(
        f"26170{number:07d}",
        draw(ACCOUNTS),
        Person(draw(NAMES), draw(st.just("") | NAMES)),
        date(2026, 6, 20),
        member_number=draw(st.sampled_from(("M0000001", "", "1", "M" * 81))),
        kind=kind,
        facility_code=draw(st.sampled_from(("11", "22", "", "NONE"))),
        frequency_code=draw(st.sampled_from(("1", "7", "", "77"))),
        member_known=draw(st.booleans()),
        service_from=first,
        service_through=first,
        subscriber=draw(st.none() | st.builds(Person, NAMES)),
        rendering=draw(st.none() | st.builds(RenderingProvider, st.sampled_from(("1245319599", "1")), CODES, NAMES)),
    )
    lines = [draw(services(line, kind)) for line in range(1, draw(st.integers(1, 4)) + 1)]
    return payment(known, *lines)


@st.composite
def remittances(draw: st.DrawFn) -> Remittance:
    """Claims, some of them corrections that take back more or less than they pay, to one payee; never negative."""
    entries: list[RemittanceClaim] = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        new = draw(claims(number))
        if draw(st.booleans()):
            old = draw(claims(number + 100))
            new = replace(new, details=replace(new.details, original_claim_number=old.details.claim_number))
            if sum(entry.paid_cents for entry in entries) + new.paid_cents >= old.paid_cents:
                entries.append(reversal_of(old))
        entries.append(new)
    payee = replace(
        PAYEE,
        name=draw(NAMES.filter(lambda name: name.strip("'-.*:~^ ") != "")),
        payment_method=draw(st.sampled_from(("ACH", "CHK"))),
    )
    return remittance(*entries, payee=payee)
