"""Remittances as values, put into the tables that an 835 is written from: laws are easier told of values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from edi.payment_run import PaymentRun
from edi.remittance import ClaimDetails, Payee, Remittance, RemittanceClaim, RemittanceService
from rules.payments.tables import SCHEMAS, payment_run
from tests.writers.remittances import PAYER
from writers.remittance_files import Receiver, Sending, write_remittances

Row = dict[str, Any]
RECEIVER = Receiver("ZZ", "CLRHOUSE01", "CLRHOUSE01")
SENDING = Sending(77, "P", datetime(2026, 6, 24, 6, 0, tzinfo=UTC))


def write_835(sent: Remittance) -> bytes:
    """The interchange of one remittance."""
    (content,) = write_remittances(run_of(sent), PAYER, {sent.payee.remittance_partner: RECEIVER}, SENDING)
    return content


def run_of(*sent: Remittance) -> PaymentRun:
    """A run of these payments."""
    rows: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    for payment, each in enumerate(sent):
        rows["payments"].append(_payment(each))
        for claim in each.claims:
            _claim(rows, payment, claim, each.payee)
        for booked in each.adjustments:
            row = {name: getattr(booked, name) for name in ("reason_code", "reference", "amount_cents")}
            rows["provider_adjustments"].append(row | {"payment": payment})
    return payment_run(**{name: pd.DataFrame(rows[name], columns=SCHEMAS[name].names) for name in SCHEMAS})


def _payment(sent: Remittance) -> Row:
    payee = {name: getattr(sent.payee, name) for name in Payee.__dataclass_fields__}
    made = ("trace_number", "payment_method", "payment_cents", "production_date", "payment_date")
    return payee | {name: getattr(sent, name) for name in made}


def _claim(rows: dict[str, list[Row]], payment: int, claim: RemittanceClaim, payee: Payee) -> None:
    details, place = claim.details, len(rows["claims"])
    own = {name: getattr(claim, name) for name in SCHEMAS["claims"].names if hasattr(claim, name)}
    told = {name: getattr(details, name) for name in SCHEMAS["claims"].names if hasattr(details, name)}
    rows["claims"].append(told | own | {"payment": payment, "level": 1})
    rows["names"] += [{"claim": place, **name} for name in _names(details, payee)]
    whole = {"claim": place, "line_number": 0}
    if details.original_claim_number:
        rows["references"].append(whole | {"qualifier": "F8", "value": details.original_claim_number})
    if details.kind == "I" or any(service.service_from is None for service in claim.services):
        rows["dates"].append(whole | {"qualifier": "232", "day": details.service_from})
        rows["dates"].append(whole | {"qualifier": "233", "day": details.service_through})
    rows["dates"].append(whole | {"qualifier": "050", "day": details.received_date})
    if claim.interest_cents:
        rows["amounts"].append(whole | {"qualifier": "I", "cents": claim.interest_cents})
    for service in claim.services:
        _service(rows, place, service)


def _names(details: ClaimDetails, payee: Payee) -> Iterator[Row]:
    """Patient; subscriber, who then has the member number; rendering provider where not the payee."""
    member = {"id_qualifier": "MI", "identifier": details.member_number}
    people: Sequence[tuple[str, Any]] = (("QC", details.patient), ("IL", details.subscriber))
    for code, person in people:
        if person:
            name = {"last_name": person.last_name, "first_name": person.first_name}
            yield {"entity_code": code, "entity_type": "1", **name, **member}
    rendering = details.rendering
    if rendering and rendering.npi != payee.npi:
        yield {
            "entity_code": "82",
            "entity_type": "2" if rendering.entity_type == "2" else "1",
            "last_name": rendering.last_or_organization_name,
            "first_name": rendering.first_name,
            "id_qualifier": "XX",
            "identifier": rendering.npi,
        }


def _service(rows: dict[str, list[Row]], claim: int, service: RemittanceService) -> None:
    line = {"claim": claim, "line_number": service.line_number}
    known = {name: getattr(service, name) for name in SCHEMAS["services"].names if hasattr(service, name)}
    modifiers = {f"modifier_{number}": modifier for number, modifier in enumerate(service.modifiers, 1)}
    units = None if service.units is None else f"{service.units.normalize():f}"
    rows["services"].append(known | modifiers | line | {"paid_units": units})
    for item in sorted(service.adjustments, key=lambda item: (item.group_code, item.reason_code)):
        amount = {name: getattr(item, name) for name in ("group_code", "reason_code", "amount_cents")}
        rows["adjustments"].append(line | amount)
    rows["remarks"] += [line | {"remark_code": code} for code in service.remark_codes]
    control = (service.line_control_number or "").strip() or str(service.line_number)
    rows["references"].append(line | {"qualifier": "6R", "value": control})
    if service.allowed_cents and service.allowed_cents > 0:
        rows["amounts"].append(line | {"qualifier": "B6", "cents": service.allowed_cents})
    late = sum(item.amount_cents for item in service.adjustments if item.reason_code == "B4")
    if late > 0:
        rows["amounts"].append(line | {"qualifier": "KH", "cents": late})
