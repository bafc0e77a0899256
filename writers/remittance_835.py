"""Write the 835 (005010X221A1): one payment to one payee, or the notice that nothing is paid.

Nothing leaves unless the three balances hold (`edi.remittance_balance`) and our own scanner finds no error in the
written bytes. Where each segment belongs follows the guide; domain.md 9 says what stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from edi.dates import format_date
from edi.delimiters import DEFAULT, Delimiters
from edi.finding_codes import CODES, ERROR, REJECT
from edi.money import from_cents
from edi.remittance import Adjustment, ClaimDetails, Payee, Person, Remittance, RemittanceClaim, RemittanceService
from edi.remittance_balance import NO_PAYMENT, prove
from edi.scanner import scan
from edi.trouble import Final
from edi.writer import GroupContent, InterchangeHeader, Segment, SetContent, values, write_interchange
from writers.settings import Payer

GUIDE = "005010X221A1"
BALANCES = 3
"""SNIP type of the balances."""
REFUSING = frozenset({ERROR, REJECT})
FUNCTIONAL_ID = "HP"
SET_CONTROL_NUMBER = "0001"
"""ST02: each 835 of ours is alone in its functional group."""

REASONS_IN_A_CAS = 6
INTEREST_OWED = "L6"
"""PLB03-1."""
LATE_FILING = "B4"
"""CARC of what a contract takes off a payment for late filing; AMT*KH of the line says it once more (domain.md 5.6)."""
PERSON, ORGANISATION = "1", "2"
NAME_LENGTH, FIRST_NAME_LENGTH, CLAIM_ID_LENGTH, LINE_ID_LENGTH, CODE_LENGTH = 60, 35, 38, 50, 48
"""Longest values that the guide's elements hold (NM103, NM104, CLP01, REF02, SVC01-2)."""
ID_LENGTHS, FACILITY_LENGTHS, FREQUENCY_LENGTHS, MODIFIER_LENGTHS = (2, 80), (1, 2), (1, 1), (2, 2)
"""Shortest and longest NM109, CLP08, CLP09 and SVC01-3."""
NO_ACCOUNT = "0"
"""CLP01 of a claim that came without one."""
PROCEDURE_QUALIFIERS = frozenset({"AD", "ER", "HC", "HP", "IV", "N4", "N6", "NU", "UI", "WK"})

SPARE_SEPARATORS = "|>!;<\\`{}[]"
"""Tried in this order where a value holds one of the usual ones: a claim may have come with other separators."""


class RemittanceUnwritable(Final):
    """An 835 that a receiver would reject. The message holds finding codes and positions."""


@dataclass(frozen=True, slots=True)
class RemittanceEnvelope:
    """What the interchange around the 835 says."""

    receiver_qualifier: str
    receiver_id: str
    """ISA07 and ISA08."""
    receiver_group_id: str
    """GS03."""
    control_number: int
    """ISA13, and GS06 of the only functional group."""
    usage: str
    """ISA15: P or T."""
    prepared_at: datetime
    """In the plan's time zone."""


def write_835(remittance: Remittance, payer: Payer, envelope: RemittanceEnvelope) -> bytes:
    """The interchange with this one 835.

    Raises:
        RemittanceUnbalanced: a balance does not hold.
        RemittanceUnwritable: the scanner finds an error in what was written, or an ACH payment lacks a bank account.
        UnwritableValue: a value does not fit an X12 element.
    """
    segments = transaction_set(remittance, payer, envelope.receiver_id)
    header = InterchangeHeader(
        sender_qualifier=payer.isa_qualifier,
        sender_id=payer.isa_id,
        receiver_qualifier=envelope.receiver_qualifier,
        receiver_id=envelope.receiver_id,
        prepared_at=envelope.prepared_at,
        control_number=envelope.control_number,
        usage=envelope.usage,
        delimiters=free_delimiters(segments),
    )
    group = GroupContent(
        functional_id=FUNCTIONAL_ID,
        sender=payer.gs_id,
        receiver=envelope.receiver_group_id,
        control_number=envelope.control_number,
        guide=GUIDE,
        sets=(SetContent("835", SET_CONTROL_NUMBER, None, segments),),
    )
    content = write_interchange(header, (group,))
    _refuse_faulty(content, remittance.trace_number)
    return content


def transaction_set(remittance: Remittance, payer: Payer, receiver_id: str) -> tuple[Segment, ...]:
    """The segments between ST and SE of a remittance whose balances hold.

    Raises:
        RemittanceUnbalanced: a balance does not hold.
        RemittanceUnwritable: an ACH payment lacks a bank account.
    """
    prove(remittance)
    segments = [*_header(remittance, payer, receiver_id), *_payer(payer), *_payee(remittance.payee)]
    claims = [claim for claim in remittance.claims if claim.in_transaction_set]
    if claims:
        segments.append(("LX", "1"))
    for claim in claims:
        segments.extend(_claim(claim, remittance.payee))
    segments.extend(_interest(remittance))
    return tuple(segments)


def free_delimiters(segments: Iterable[Segment]) -> Delimiters:
    """The usual separators, each replaced by a spare one where some value holds it.

    Raises:
        RemittanceUnwritable: the values use up the spare ones.
    """
    used: set[str] = set()
    for segment in segments:
        for element in segment:
            used.update("".join(values(element)))
    spare = (character for character in SPARE_SEPARATORS if character not in used)
    wanted = (DEFAULT.element, DEFAULT.component, DEFAULT.repetition, DEFAULT.segment)
    chosen = [next(spare, "") if character in used else character for character in wanted]
    if "" in chosen:
        raise RemittanceUnwritable("The values of this remittance use every character that could separate them.")
    element, component, repetition, terminator = chosen
    return Delimiters(element=element, component=component, repetition=repetition, segment=terminator)


def _refuse_faulty(content: bytes, trace_number: str) -> None:
    """Guide and balances must be right; which codes stand in it was decided when the claims came in (SNIP 4 and 5)."""
    scanned = scan(content, snip=BALANCES)
    errors = [finding for finding in scanned.findings if CODES[finding.code].severity in REFUSING]
    if errors:
        shown = "; ".join(
            f"{error.code} at {error.segment_id} segment {error.segment_position}" for error in errors[:5]
        )
        raise RemittanceUnwritable(f"835 {trace_number} has {len(errors)} errors: {shown}")


def _header(remittance: Remittance, payer: Payer, receiver_id: str) -> Iterator[Segment]:
    payment_date = format_date(remittance.payment_date)
    originator = f"1{payer.tin}"
    yield (*_payment(remittance, payer, originator), payment_date)
    yield ("TRN", "1", remittance.trace_number, originator)
    yield ("REF", "EV", receiver_id)
    yield ("DTM", "405", format_date(remittance.production_date))


def _payment(remittance: Remittance, payer: Payer, originator: str) -> tuple[str, ...]:
    """BPR up to BPR15. Money moves apart from the 835, hence I; H is the notice that none does."""
    amount, method = from_cents(remittance.payment_cents), remittance.payment_method
    if method == NO_PAYMENT:
        return ("BPR", "H", amount, "C", method, *[""] * 11)
    if method != "ACH":
        return ("BPR", "I", amount, "C", method, *[""] * 11)
    payee = remittance.payee
    if not payee.routing_number or not payee.account_number:
        raise RemittanceUnwritable(f"Payee {payee.payee_id} is paid by ACH but has no bank account in the registry.")
    ours = ("01", payer.routing_number, "DA", payer.account_number)
    theirs = ("01", payee.routing_number, "DA", payee.account_number)
    return ("BPR", "I", amount, "C", "ACH", "CCP", *ours, originator, "", *theirs)


def _payer(payer: Payer) -> Iterator[Segment]:
    yield ("N1", "PR", _text(payer.name, NAME_LENGTH))
    yield ("N3", payer.address)
    yield ("N4", payer.city, payer.state, payer.zip_code)
    yield ("REF", "2U", payer.payer_id)
    yield ("PER", "CX", payer.business_contact_name, "TE", payer.business_contact_phone)
    yield ("PER", "BL", payer.technical_contact_name, "TE", payer.technical_contact_phone)
    yield ("PER", "IC", "", "UR", payer.web_url.removeprefix("https://"))


def _payee(payee: Payee) -> Iterator[Segment]:
    yield ("N1", "PE", _text(payee.name, NAME_LENGTH), "XX", payee.npi)
    yield ("N3", _text(payee.address, 55))
    yield ("N4", _text(payee.city, 30), payee.state, payee.zip)
    yield ("REF", "TJ", payee.tin)


def _claim(claim: RemittanceClaim, payee: Payee) -> Iterator[Segment]:
    details = claim.details
    share = claim.patient_responsibility_cents
    yield (
        "CLP",
        _text(details.patient_control_number, CLAIM_ID_LENGTH) or NO_ACCOUNT,
        claim.status_code,
        from_cents(claim.charge_cents),
        from_cents(claim.paid_cents),
        from_cents(share) if share else "",
        details.filing_indicator,
        details.claim_number,
        _fitting(details.facility_code, FACILITY_LENGTHS),
        _fitting(details.frequency_code, FREQUENCY_LENGTHS),
    )
    yield from _names(details, payee)
    if details.original_claim_number:
        yield ("REF", "F8", details.original_claim_number)
    if details.kind == "I" or any(service.service_from is None for service in claim.services):
        yield from _day("232", details.service_from)
        yield from _day("233", details.service_through)
    yield from _day("050", details.received_date)
    if claim.interest_cents:
        yield ("AMT", "I", from_cents(claim.interest_cents))
    for service in claim.services:
        yield from _service(service)


def _interest(remittance: Remittance) -> Iterator[Segment]:
    """PLB*L6: the interest of all claims, which is owed and so negative; nothing where it cancels out (RFI 2123, 1324).

    It names the claim where one alone bears interest.
    """
    if not remittance.interest_cents:
        return
    bearing = [claim.details.claim_number for claim in remittance.claims if claim.interest_cents]
    reason = (INTEREST_OWED, *(bearing if len(bearing) == 1 else ()))
    year_end = date(remittance.production_date.year, 12, 31)
    yield ("PLB", remittance.payee.npi, format_date(year_end), reason, from_cents(-remittance.interest_cents))


def _names(details: ClaimDetails, payee: Payee) -> Iterator[Segment]:
    """Patient; subscriber, who then has the member number; rendering provider where not the payee."""
    number = _fitting(details.member_number, ID_LENGTHS)
    yield ("NM1", "QC", PERSON, *_name(details.patient), *(("MI", number) if number else ()))
    if details.subscriber and number:
        yield ("NM1", "IL", PERSON, *_name(details.subscriber), "MI", number)
    rendering = details.rendering
    if rendering and rendering.npi != payee.npi and _fitting(rendering.npi, ID_LENGTHS):
        entity_type = ORGANISATION if rendering.entity_type == ORGANISATION else PERSON
        name = Person(rendering.last_or_organization_name, rendering.first_name if entity_type == PERSON else "")
        yield ("NM1", "82", entity_type, *_name(name), "XX", _fitting(rendering.npi, ID_LENGTHS))


def _name(person: Person) -> tuple[str, ...]:
    """NM103 to NM107."""
    return (_text(person.last_name, NAME_LENGTH), _text(person.first_name, FIRST_NAME_LENGTH), "", "", "")


def _service(service: RemittanceService) -> Iterator[Segment]:
    yield (
        "SVC",
        _procedure(service),
        from_cents(service.charge_cents),
        from_cents(service.paid_cents),
        _text(service.revenue_code or "", CODE_LENGTH),
        "" if service.units is None else _quantity(service.units),
    )
    if service.service_from == service.service_through or service.service_through is None:
        yield from _day("472", service.service_from)
    else:
        yield from _day("150", service.service_from)
        yield from _day("151", service.service_through)
    yield from _adjustments(service.adjustments)
    yield ("REF", "6R", _text(service.line_control_number or "", LINE_ID_LENGTH) or str(service.line_number))
    if service.allowed_cents:
        yield ("AMT", "B6", from_cents(service.allowed_cents))
    reduction = sum(item.amount_cents for item in service.adjustments if item.reason_code == LATE_FILING)
    if reduction > 0:
        yield ("AMT", "KH", from_cents(reduction))
    for code in service.remark_codes:
        yield ("LQ", "HE", code)


def _procedure(service: RemittanceService) -> tuple[str, ...]:
    """SVC01; modifiers that are none are left out."""
    qualifier = service.procedure_qualifier if service.procedure_qualifier in PROCEDURE_QUALIFIERS else "HC"
    modifiers = (_fitting(modifier, MODIFIER_LENGTHS) for modifier in service.modifiers)
    return (qualifier, _text(service.procedure_code, CODE_LENGTH), *(modifier for modifier in modifiers if modifier))


def _adjustments(adjustments: Iterable[Adjustment]) -> Iterator[Segment]:
    """One CAS a group, as long as its six places last; in order of the codes."""
    ordered = sorted(adjustments, key=lambda item: (item.group_code, item.reason_code))
    for group_code, items in groupby(ordered, key=lambda item: item.group_code):
        group = list(items)
        for start in range(0, len(group), REASONS_IN_A_CAS):
            segment = ["CAS", group_code]
            for item in group[start : start + REASONS_IN_A_CAS]:
                segment += [item.reason_code, from_cents(item.amount_cents), ""]
            yield tuple(segment)


def _day(qualifier: str, day: date | None) -> Iterator[Segment]:
    if day is not None:
        yield ("DTM", qualifier, format_date(day))


def _quantity(units: Decimal) -> str:
    """The shortest plain form: no exponent, no zeros at the end."""
    text = f"{units:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(value: str, longest: int) -> str:
    """A value in characters that can be written, cut where the guide's element ends; accents are dropped."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[\x00-\x1f\x7f]", " ", plain)[:longest].strip()


def _fitting(value: str, lengths: tuple[int, int]) -> str:
    """A code or id as it is, or nothing where an 835 cannot hold it: a claim accepted with errors may have any."""
    plain = _text(value, len(value))
    return plain if lengths[0] <= len(plain) <= lengths[1] else ""
