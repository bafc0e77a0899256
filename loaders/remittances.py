"""The record of a remittance run: what is sent, row by row as it is sent. Later reversals are made from these rows."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, insert, update

from edi.remittance import Adjustment, Remittance, RemittanceClaim, RemittanceService
from loaders.schema.remittance import (
    remittance,
    remittance_adjustment,
    remittance_claim,
    remittance_run,
    remittance_service,
)


def store_run(conn: Connection, through: date, now: datetime) -> int:
    """Record that a day is settled; its unique key refuses a second time. Returns the run's id."""
    new = insert(remittance_run).values(through_date=through, composed_at=now)
    return int(conn.execute(new.returning(remittance_run.c.remittance_run_id)).scalar_one())


def store_remittance(conn: Connection, run_id: int, sent: Remittance) -> None:
    """Record an 835 as it is sent: claims in its order, services, adjustments."""
    new = insert(remittance).values(
        remittance_run_id=run_id,
        payee_id=sent.payee.payee_id,
        registry_version=sent.payee.registry_version,
        trace_number=sent.trace_number,
        payment_method=sent.payment_method,
        payment_cents=sent.payment_cents,
        production_date=sent.production_date,
        payment_date=sent.payment_date,
    )
    remittance_id = conn.execute(new.returning(remittance.c.remittance_id)).scalar_one()
    taken_back = [claim.decision_id for claim in sent.claims if claim.entry == "reversal"]
    conn.execute(update(remittance_claim).where(remittance_claim.c.decision_id.in_(taken_back)).values(stands=False))
    claims = [_claim_row(remittance_id, ordinal, claim) for ordinal, claim in enumerate(sent.claims, 1)]
    keys = remittance_claim.c.remittance_claim_id
    inserted = conn.execute(insert(remittance_claim).returning(keys, sort_by_parameter_order=True), claims).scalars()
    keyed = [(key, service) for key, claim in zip(inserted, sent.claims, strict=True) for service in claim.services]
    if keyed:
        conn.execute(insert(remittance_service), [_service_row(key, service) for key, service in keyed])
    adjustments = [_adjustment_row(key, service, item) for key, service in keyed for item in service.adjustments]
    if adjustments:
        conn.execute(insert(remittance_adjustment), adjustments)


def _claim_row(remittance_id: int, ordinal: int, claim: RemittanceClaim) -> dict[str, object]:
    return {
        "remittance_id": remittance_id,
        "ordinal": ordinal,
        "entry": claim.entry,
        "claim_id": claim.details.claim_id,
        "decision_id": claim.decision_id,
        "claim_number": claim.details.claim_number,
        "patient_control_number": claim.details.patient_control_number,
        "claim_status_code": claim.status_code,
        "charge_cents": claim.charge_cents,
        "paid_cents": claim.paid_cents,
        "patient_responsibility_cents": claim.patient_responsibility_cents,
        "interest_cents": claim.interest_cents,
    }


def _service_row(key: int, service: RemittanceService) -> dict[str, object]:
    return {
        "remittance_claim_id": key,
        "line_number": service.line_number,
        "procedure_qualifier": service.procedure_qualifier,
        "procedure_code": service.procedure_code,
        "modifiers": ":".join(service.modifiers),
        "revenue_code": service.revenue_code,
        "charge_cents": service.charge_cents,
        "paid_cents": service.paid_cents,
        "units": service.units,
        "service_from": service.service_from,
        "service_through": service.service_through,
        "line_control_number": service.line_control_number,
        "allowed_cents": service.allowed_cents,
        "remark_codes": " ".join(service.remark_codes),
    }


def _adjustment_row(key: int, service: RemittanceService, item: Adjustment) -> dict[str, object]:
    return {
        "remittance_claim_id": key,
        "line_number": service.line_number,
        "group_code": item.group_code,
        "reason_code": item.reason_code,
        "amount_cents": item.amount_cents,
    }
