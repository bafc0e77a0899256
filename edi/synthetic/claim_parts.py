"""Segments that the three kinds of claims share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from edi.money import from_cents
from edi.synthetic.model import Address, Adjustment, Claim, Line, OtherPayer, Person, Provider, Subscriber


def segment(*elements: str) -> str:
    """A segment without its terminator; empty elements at its end are left out."""
    return "*".join(elements).rstrip("*")


def day(moment: date) -> str:
    """CCYYMMDD."""
    return f"{moment.year:04d}{moment.month:02d}{moment.day:02d}"


def days(first: date, last: date | None) -> str:
    """Format and value of a DTP for a day, or for several: `D8*20260401`, `RD8*20260401-20260403`."""
    if last is None or last == first:
        return f"D8*{day(first)}"
    return f"RD8*{day(first)}-{day(last)}"


def place(home: Address) -> list[str]:
    """N3 and N4."""
    return [segment("N3", home.street, home.second), f"N4*{home.city}*{home.state}*{home.zip_code}"]


def someone(entity: str, who: Person, qualifier: str = "", identifier: str = "") -> str:
    """NM1 of a person."""
    return segment("NM1", entity, "1", who.last, who.first, who.middle, "", "", qualifier, identifier)


def provider(entity: str, who: Provider) -> str:
    """NM1 of a provider with its NPI."""
    kind = "1" if who.first else "2"
    return f"NM1*{entity}*{kind}*{who.name}*{who.first}*{who.middle}***XX*{who.npi}"


def birth(who: Person) -> str:
    """DMG."""
    return f"DMG*D8*{day(who.born)}*{who.gender}"


def billing_level(number: int, who: Provider) -> list[str]:
    """2000A: the billing provider, its tax number, telephone and pay-to address."""
    written = [f"HL*{number}**20*1"]
    if who.taxonomy:
        written.append(f"PRV*BI*PXC*{who.taxonomy}")
    written.append(provider("85", who))
    if who.address:
        written += place(who.address)
    written.append(f"REF*EI*{who.tin}")
    if who.phone:
        written.append(f"PER*IC*BILLING OFFICE*TE*{who.phone}")
    if who.pay_to:
        written += ["NM1*87*2", *place(who.pay_to)]
    return written


def subscriber_level(number: int, parent: int, who: Subscriber, *, is_patient: bool) -> list[str]:
    """2000B: the subscriber, as patient with address and birth date, and the payer."""
    relation = "18" if is_patient else ""
    written = [
        f"HL*{number}*{parent}*22*{0 if is_patient else 1}",
        f"SBR*{who.responsibility}*{relation}*{who.group_number}******{who.filing_indicator}",
        someone("IL", who.person, "MI", who.member_id),
    ]
    if is_patient:
        written += [*place(who.person.address), birth(who.person)]
    if who.ssn:
        written.append(f"REF*SY*{who.ssn}")
    written.append(f"NM1*PR*2*{who.payer_name}*****PI*{who.payer_id}")
    if who.payer_address:
        written += place(who.payer_address)
    return written


def patient_level(number: int, parent: int, who: Person, relation: str) -> list[str]:
    """2000C: a dependant."""
    return [
        f"HL*{number}*{parent}*23*0",
        f"PAT*{relation}",
        someone("QC", who),
        *place(who.address),
        birth(who),
    ]


def claim_dates(claim: Claim) -> list[str]:
    """DTP of the claim."""
    return [f"DTP*{qualifier}*{form}*{value}" for qualifier, form, value in claim.dates]


def claim_references(claim: Claim) -> list[str]:
    """REF of the claim."""
    return [f"REF*{qualifier}*{value}" for qualifier, value in claim.references]


def attachment(claim: Claim) -> list[str]:
    """PWK: radiology films or an operative note that come by another way."""
    return [f"PWK*{claim.attachment}*BM***AC*{claim.account}"] if claim.attachment else []


def claim_provider(entity: str, who: Provider, specialty: str = "") -> list[str]:
    """A provider of 2310: NM1, PRV where the guide has one for it, N3 and N4 of a place."""
    written = [provider(entity, who)]
    if specialty and who.taxonomy:
        written.append(f"PRV*{specialty}*PXC*{who.taxonomy}")
    if who.address and entity == "77":
        written += place(who.address)
    return written


def adjustments(changes: Sequence[Adjustment]) -> list[str]:
    """CAS: a segment for each group."""
    groups: dict[str, list[Adjustment]] = {}
    for change in changes:
        groups.setdefault(change.group, []).append(change)
    return [
        f"CAS*{group}*" + "**".join(f"{each.reason}*{from_cents(each.amount)}" for each in of_group)
        for group, of_group in groups.items()
    ]


def other_payer(payer: OtherPayer, assigned: str, lines: Sequence[Line]) -> list[str]:
    """2320 and 2330: another payer, what it decided, its subscriber, itself. `assigned` is OI04 where it is used.

    The day of its decision stands here unless it stands at the lines.
    """
    written = [
        f"SBR*{payer.responsibility}*{payer.relation}*{payer.group_number}******{payer.filing_indicator}",
        *adjustments(payer.adjustments),
    ]
    if payer.decided:
        written.append(f"AMT*D*{from_cents(payer.paid)}")
    written += [
        f"OI***Y*{assigned}**Y",
        someone("IL", payer.subscriber, "MI", payer.member_id),
        *place(payer.subscriber.address),
        f"NM1*PR*2*{payer.name}*****PI*{payer.payer_id}",
    ]
    if payer.decided_on and not any(line.prior for line in lines):
        written.append(f"DTP*573*D8*{day(payer.decided_on)}")
    if payer.claim_number:
        written.append(f"REF*F8*{payer.claim_number}")
    return written


def prior_decision(line: Line, payers: Sequence[OtherPayer], procedure: str) -> list[str]:
    """2430: what the payer before us decided of a line; `procedure` is SVD03 and SVD04."""
    if line.prior is None:
        return []
    before = next(payer for payer in payers if payer.decided)
    return [
        f"SVD*{before.payer_id}*{from_cents(line.prior.paid)}*{procedure}*{line.units}",
        *adjustments(line.prior.adjustments),
        f"DTP*573*D8*{day(before.decided_on)}" if before.decided_on else "",
    ]


def line_control(line: Line) -> list[str]:
    """REF*6R."""
    return [f"REF*6R*{line.control}"] if line.control else []
