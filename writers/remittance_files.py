"""Write a run's 835s (005010X221A1), each in an interchange of its own: one payment to one payee, or none.

Nothing leaves unless every law holds (`edi.payment_balance`) and our own scanner finds no error in the written bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow.compute as pc

from edi.dates import format_date
from edi.delimiters import DEFAULT, Delimiters
from edi.finding_codes import CODES, ERROR, REJECT
from edi.money import from_cents
from edi.payment_balance import prove
from edi.payment_run import NO_PAYMENT, VOID, WHOLE_CLAIM
from edi.scanner import scan
from edi.trouble import Final
from edi.writer import GroupContent, InterchangeHeader, Segment, SetContent, Written, values, write_interchange
from writers.remittance_body import Bodies, write_bodies
from writers.remittance_columns import COMPONENT, ELEMENT, TERMINATOR, claim_and_line, told_value
from writers.settings import Payer

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from edi.findings import Finding
    from edi.payment_run import PaymentRun

    Integers = npt.NDArray[np.int64]

GUIDE = "005010X221A1"
FUNCTIONAL_ID = "HP"
SET_CONTROL_NUMBER = "0001"
"""ST02: each 835 of ours is alone in its functional group."""
BALANCES = 3
"""SNIP type of the balances; which codes stand in it was decided when the claims came in."""
REFUSING = frozenset({ERROR, REJECT})
ACH = "ACH"
ADJUSTMENTS_IN_A_PLB = 6
MISSING = "SEGMENT_MISSING"
SPARE_SEPARATORS = "|>!;<\\`{}[]"
"""Tried in this order where a value holds one of the usual ones: a claim may have come with other separators."""
MOST_SHOWN = 5
NAME_LENGTH, ADDRESS_LENGTH, CITY_LENGTH = 60, 55, 30
"""Longest N102, N301, N401."""

Payment = Mapping[str, Any]
"""A row of `PaymentRun.payments`."""


NO_SEPARATOR = "the values of a remittance leave characters to separate them"


class Refusal(NamedTuple):
    """Why a claim cannot be written."""

    claim: int
    """Its place in the run."""
    line_number: int
    """0: the claim itself."""
    law: str


class RemittanceUnwritable(Final):
    """An 835 that a receiver would reject. The message holds finding codes and positions."""

    def __init__(self, message: str, refusals: Iterable[Refusal] = ()) -> None:
        super().__init__(message)
        self.refusals = tuple(refusals)
        """The claims without which the run could be written; none where something else is wrong."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """To whom interchanges are addressed: a trading partner."""

    qualifier: str
    receiver_id: str
    """ISA07 and ISA08."""
    group_id: str
    """GS03."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What the envelopes of a run have in common."""

    first_control_number: int
    """ISA13 of the first interchange; the others follow."""
    usage: str
    """ISA15: P or T."""
    prepared_at: datetime
    """In the plan's time zone."""


def have_835(run: PaymentRun) -> list[bool]:
    """Of each payment: has an 835 anything to say? Not where nothing but voids of unremitted claims was accepted."""
    loops = run.claims.filter(pc.not_equal(run.claims["status_code"], VOID))
    said = {*loops["payment"].to_pylist(), *run.provider_adjustments["payment"].to_pylist()}
    return [number in said for number in range(run.payments.num_rows)]


def write_remittances(
    run: PaymentRun, payer: Payer, receivers: Mapping[str, Receiver], sending: Sending
) -> Iterator[bytes]:
    """The interchange of each payment for which there is something to say (`have_835`), in their order.

    Args:
        run: what is paid, taken back and said.
        payer: who we are.
        receivers: by the `remittance_partner` of the payments.
        sending: numbers and date of the envelopes.

    Raises:
        PaymentsUnbalanced: a law of the 835 is broken; nothing was written then.
        RemittanceUnwritable: the scanner finds an error in what was written, or an ACH payment lacks a bank account.
            Where claims are at fault all others were looked at too, and it names each of them.
        UnwritableValue: a value of payer or payee does not fit an X12 element.
    """
    prove(run)
    bodies = write_bodies(run)
    provider_adjustments: dict[int, list[tuple[str, str, int]]] = {}
    for row in run.provider_adjustments.to_pylist():
        entry = (row["reason_code"], row["reference"], row["amount_cents"])
        provider_adjustments.setdefault(row["payment"], []).append(entry)
    faults: list[RemittanceUnwritable] = []
    payments = run.payments.to_pylist()
    written = (number for number, has_835 in enumerate(have_835(run)) if has_835)
    for control_number, number in enumerate(written, sending.first_control_number):
        payment = payments[number]
        receiver = receivers[payment["remittance_partner"]]
        head = [*_header(payment, payer, receiver), *_payer(payer), *_payee(payment)]
        foot = list(_provider_adjustments(payment, provider_adjustments.get(number, ())))
        try:
            yield _interchange(head, bodies, number, foot, payment, payer, receiver, sending, control_number)
        except RemittanceUnwritable as fault:
            if not fault.refusals:
                raise
            faults.append(fault)  # who calls may leave those claims out: all of them are worth knowing
    if faults:
        refusals = [each for fault in faults for each in fault.refusals]
        raise RemittanceUnwritable("; ".join(str(fault) for fault in faults[:MOST_SHOWN]), refusals)


def _interchange(
    head: Sequence[Segment],
    bodies: Bodies,
    number: int,
    foot: Sequence[Segment],
    payment: Payment,
    payer: Payer,
    receiver: Receiver,
    sending: Sending,
    control_number: int,
) -> bytes:
    body = bodies.of(number)
    places = bodies.places_of(number)
    delimiters = free_delimiters((*head, *foot), body, places)
    table = bytes.maketrans(
        (ELEMENT + COMPONENT + TERMINATOR).encode(),
        (delimiters.element + delimiters.component + delimiters.segment).encode(),
    )
    written = Written(body.translate(table).decode("ascii"), int(bodies.segments[number]))
    header = InterchangeHeader(
        sender_qualifier=payer.isa_qualifier,
        sender_id=payer.isa_id,
        receiver_qualifier=receiver.qualifier,
        receiver_id=receiver.receiver_id,
        prepared_at=sending.prepared_at,
        control_number=control_number,
        usage=sending.usage,
        delimiters=delimiters,
    )
    group = GroupContent(
        functional_id=FUNCTIONAL_ID,
        sender=payer.gs_id,
        receiver=receiver.group_id,
        control_number=control_number,
        guide=GUIDE,
        sets=(SetContent("835", SET_CONTROL_NUMBER, None, (*head, written, *foot)),),
    )
    content = write_interchange(header, (group,))
    _refuse_faulty(content, payment["trace_number"], places, len(head) + 2)
    return content


def free_delimiters(segments: Sequence[Segment], body: bytes, places: Integers) -> Delimiters:
    """The usual separators, each replaced by a spare one where some value holds it.

    `places` are those of the body's segments.

    Raises:
        RemittanceUnwritable: the values use up the spare ones.
    """
    used = {
        character for segment in segments for element in segment for value in values(element) for character in value
    }
    wanted = (DEFAULT.element, DEFAULT.component, DEFAULT.repetition, DEFAULT.segment)
    head = used.copy()
    used |= {one for one in (*wanted, *SPARE_SEPARATORS) if one.encode() in body}
    spare = (character for character in SPARE_SEPARATORS if character not in used)
    chosen = [next(spare, "") if character in used else character for character in wanted]
    if "" in chosen:
        raise RemittanceUnwritable(
            "The values of this remittance use every character that could separate them.",
            _using_up(head, body, places, len(wanted)),
        )
    element, component, repetition, terminator = chosen
    return Delimiters(element=element, component=component, repetition=repetition, segment=terminator)


def _using_up(head: AbstractSet[str], body: bytes, places: Integers, needed: int) -> list[Refusal]:
    """The claims that hold most of what could separate, without which enough of it is left."""
    could = {*SPARE_SEPARATORS, DEFAULT.element, DEFAULT.component, DEFAULT.repetition, DEFAULT.segment} - head
    held: dict[int, set[str]] = {}
    for text, at in zip(body.decode("ascii").split(TERMINATOR), places.tolist(), strict=False):
        if (found := could & set(text)) and (whose := claim_and_line(at)):
            held.setdefault(whose[0], set()).update(found)
    out = sorted(held, key=lambda claim: (-len(held[claim]), claim))
    for count in range(len(out)):
        if len(could.difference(*(held[claim] for claim in out[count:]))) >= needed:
            return [Refusal(claim, WHOLE_CLAIM, NO_SEPARATOR) for claim in out[:count]]
    return [Refusal(claim, WHOLE_CLAIM, NO_SEPARATOR) for claim in out] if len(could) >= needed else []


def _refuse_faulty(content: bytes, trace_number: str, places: Integers, first: int) -> None:
    """Refuse what our own scanner does; `first` is the position of the body's first segment."""
    scanned = scan(content, snip=BALANCES)
    errors = [finding for finding in scanned.findings if CODES[finding.code].severity in REFUSING]
    if errors:
        shown = "; ".join(
            f"{error.code} at {error.segment_id} segment {error.segment_position}" for error in errors[:MOST_SHOWN]
        )
        whose = [_whose(error, places, first) for error in errors]
        raise RemittanceUnwritable(
            f"835 {trace_number} has {len(errors)} errors: {shown}",
            dict.fromkeys(each for each in whose if each) if all(whose) else (),
        )


def _whose(error: Finding, places: Integers, first: int) -> Refusal | None:
    """The claim that an error is in; what is missing is told at the segment behind it."""
    at = error.segment_position - first - (error.code == MISSING)
    whose = claim_and_line(int(places[at])) if 0 <= at < len(places) else None
    return Refusal(*whose, f"our own scanner finds no error: {error.code} at {error.segment_id}") if whose else None


def _header(payment: Payment, payer: Payer, receiver: Receiver) -> Iterator[Segment]:
    originator = f"1{payer.tin}"
    yield (*_money(payment, payer, originator), format_date(payment["payment_date"]))
    yield ("TRN", "1", payment["trace_number"], originator)
    yield ("REF", "EV", receiver.receiver_id)
    yield ("DTM", "405", format_date(payment["production_date"]))


def _money(payment: Payment, payer: Payer, originator: str) -> tuple[str, ...]:
    """BPR up to BPR15. Money moves apart from the 835, hence I; H is the notice that none does (RFI 2228)."""
    amount, method = from_cents(payment["payment_cents"]), payment["payment_method"]
    if method == NO_PAYMENT:
        return ("BPR", "H", amount, "C", method, *[""] * 11)
    if method != ACH:
        return ("BPR", "I", amount, "C", method, *[""] * 11)
    if not payment["routing_number"] or not payment["account_number"]:
        raise RemittanceUnwritable(
            f"Payee {payment['payee_id']} is paid by ACH but has no bank account in the registry."
        )
    ours = ("01", payer.routing_number, "DA", payer.account_number)
    theirs = ("01", payment["routing_number"], "DA", payment["account_number"])
    return ("BPR", "I", amount, "C", ACH, "CCP", *ours, originator, "", *theirs)


def _payer(payer: Payer) -> Iterator[Segment]:
    yield ("N1", "PR", told_value(payer.name, NAME_LENGTH))
    yield ("N3", payer.address)
    yield ("N4", payer.city, payer.state, payer.zip_code)
    yield ("REF", "2U", payer.payer_id)
    yield ("PER", "CX", payer.business_contact_name, "TE", payer.business_contact_phone)
    yield ("PER", "BL", payer.technical_contact_name, "TE", payer.technical_contact_phone)
    yield ("PER", "IC", "", "UR", payer.web_url.removeprefix("https://"))


def _payee(payment: Payment) -> Iterator[Segment]:
    """By NPI, with the tax id in REF*TJ; one who has no NPI by the tax id."""
    identifier = ("XX", payment["npi"]) if payment["npi"] else ("FI", payment["tin"])
    yield ("N1", "PE", told_value(payment["name"], NAME_LENGTH), *identifier)
    yield ("N3", told_value(payment["address"], ADDRESS_LENGTH))
    yield ("N4", told_value(payment["city"], CITY_LENGTH), payment["state"], payment["zip"])
    if payment["npi"]:
        yield ("REF", "TJ", payment["tin"])


def _provider_adjustments(payment: Payment, entries: Sequence[tuple[str, str, int]]) -> Iterator[Segment]:
    """PLB: six pairs of reason and amount a segment, for the fiscal year that ends in December (domain.md 9.5)."""
    for start in range(0, len(entries), ADJUSTMENTS_IN_A_PLB):
        elements: list[str | tuple[str, ...]] = [
            "PLB",
            payment["npi"] or payment["tin"],
            f"{payment['production_date'].year}1231",
        ]
        for reason, reference, amount in entries[start : start + ADJUSTMENTS_IN_A_PLB]:
            elements += [(reason, reference) if reference else (reason,), from_cents(amount)]
        yield tuple(elements)
