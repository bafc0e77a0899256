"""Settlement in the warehouse: what is due, and what was sent before.

A claim version counts as settled when `remittance_claim` has a row of entry `payment` of it that stands; of a claim
there is one at most, and a decision is paid and reversed once: nothing is paid or taken back twice. A claim
that was decided again is due again: what was sent of it is reversed first. An accepted void has such a row too, of
status `void` and without money: the 835 holds the reversal of its original only, but the void itself is done with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text

from edi.remittance import (
    VOID,
    Adjustment,
    ClaimDetails,
    DecidedClaim,
    Payee,
    PendedClaim,
    Person,
    RemittanceClaim,
    RemittanceService,
    RenderingProvider,
    WeekFacts,
)
from edi.trouble import Final
from loaders.settlement_queries import (
    ADJUSTMENTS,
    DETAILS,
    LINES,
    PAYEES,
    PREVIOUS_RUN,
    REMARKS,
    SENT_ADJUSTMENTS,
    SENT_CLAIMS,
    SENT_SERVICES,
    STORED_FILES,
    STORED_RUN,
    UNSETTLED,
)

SETTLEMENT_LOCK = 0x5E771E
"""Key of the advisory lock under which one settlement runs at a time."""
RECEIVED = "RECEIVED"
"""Reason of a claim that no decision was made about yet."""
REVENUE_CODE = "NU"
"""SVC01-1 of a line that is known by its revenue code only."""


class SettlementBroken(Final):
    """The warehouse holds something that cannot be settled; the message names the claim by its id."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A settlement that was made before."""

    remittance_run_id: int
    remittances: int
    claims: int
    """Claim versions settled: payments and accepted voids, without reversals."""
    payments: int
    """Remittances that pay something."""
    paid_cents: int
    files: tuple[str, ...]


def lock(conn: Connection) -> None:
    """Wait until no other settlement runs; held until the transaction ends."""
    conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": SETTLEMENT_LOCK})


def last_through(conn: Connection) -> date | None:
    """Last day that was settled, None before the first run."""
    day: date | None = conn.execute(text("select max(through_date) from remittance_run")).scalar_one()
    return day


def find_run(conn: Connection, through: date) -> StoredRun | None:
    """The settlement of a day, where it was made."""
    row = conn.execute(text(STORED_RUN), {"through": through}).one_or_none()
    if row is None:
        return None
    files = conn.execute(text(STORED_FILES), {"run": row.remittance_run_id}).scalars()
    return StoredRun(row.remittance_run_id, row.remittances, row.claims, row.payments, row.paid_cents, tuple(files))


def read_week(conn: Connection, through: date, *, accept_test: bool = False) -> WeekFacts:
    """Everything decided through a day and never remitted, everything pended on that day, and who is paid.

    Test claims are left out unless they are accepted here. So is a version that another one superseded before it was
    remitted: the correction is paid instead of it.
    """
    rows = conn.execute(text(UNSETTLED), {"through": through, "accept_test": accept_test}).all()
    decided = [row for row in rows if row.is_decided]
    details = _read_details(conn, {row.claim_id for row in rows} | {row.reverses for row in decided if row.reverses})
    services = _read_services(conn, [row.decision_id for row in decided])
    sent = _read_sent(conn, [row.reverses for row in decided if row.reverses], details)
    return WeekFacts(
        through=through,
        previous_through=conn.execute(text(PREVIOUS_RUN), {"through": through}).scalar_one(),
        payees=_read_payees(conn),
        decided=tuple(
            DecidedClaim(row.payee_id, _decided(row, details, services), sent.get(row.reverses)) for row in decided
        ),
        pended=tuple(_pended(row, details, through) for row in rows if not row.is_decided),
    )


def _decided(
    row: Row[Any], details: Mapping[int, ClaimDetails], services: Mapping[int, list[RemittanceService]]
) -> RemittanceClaim:
    is_void = row.claim_status_code == VOID
    if row.claim_status_code is None:
        raise SettlementBroken(f"Decision {row.decision_id} of claim {row.claim_id} has no claim status code.")
    return RemittanceClaim(
        entry="payment",
        outcome="void" if is_void else row.outcome,
        details=details[row.claim_id],
        decision_id=row.decision_id,
        status_code=row.claim_status_code,
        charge_cents=0 if is_void else row.charge_cents,
        paid_cents=0 if is_void else row.paid_cents,
        patient_responsibility_cents=0 if is_void else row.patient_responsibility_cents,
        services=() if is_void else tuple(services.get(row.decision_id, ())),
        interest_cents=0 if is_void else row.interest_cents,
    )


def _pended(row: Row[Any], details: Mapping[int, ClaimDetails], through: date) -> PendedClaim:
    since = row.pended_on or row.received_date
    return PendedClaim(
        payee_id=row.payee_id,
        details=details[row.claim_id],
        charge_cents=row.claim_charge_cents,
        reason=row.pend_reason or RECEIVED,
        days=max((through - since).days, 0),
    )


def _read_payees(conn: Connection) -> dict[str, Payee]:
    return {row.payee_id: Payee(**row._mapping) for row in conn.execute(text(PAYEES))}  # noqa: SLF001 - SQLAlchemy's public name


def _read_details(conn: Connection, claim_ids: Collection[int]) -> dict[int, ClaimDetails]:
    found = conn.execute(text(DETAILS), {"ids": list(claim_ids)})
    return {row.claim_id: _details(row) for row in found}


def _details(row: Row[Any]) -> ClaimDetails:
    subscriber = (
        Person(row.subscriber_last_name or "", row.subscriber_first_name or "") if row.has_patient_loop else None
    )
    rendering = None
    if row.rendering_npi:
        name = (row.rendering_name or "", row.rendering_first_name or "")
        rendering = RenderingProvider(row.rendering_npi, row.rendering_entity_type or "1", *name)
    return ClaimDetails(
        claim_id=row.claim_id,
        claim_number=row.claim_number,
        patient_control_number=row.patient_control_number,
        kind=row.kind,
        facility_code=row.facility_code,
        frequency_code=row.frequency_code,
        filing_indicator=row.filing_indicator or "",
        patient=Person(row.patient_last_name or "", row.patient_first_name or ""),
        member_number=row.subscriber_id or "",
        member_known=row.member_id is not None,
        received_date=row.received_date,
        service_from=row.service_from,
        service_through=row.service_through,
        plan_id=row.plan_id,
        subscriber=subscriber,
        rendering=rendering,
        original_claim_number=row.original_claim_number,
        tracking_number=row.tracking_number,
    )


def _read_services(conn: Connection, decision_ids: Collection[int]) -> dict[int, list[RemittanceService]]:
    """The lines of decisions, in their order, with what the claim said of them."""
    ids = {"ids": list(decision_ids)}
    adjustments = _by_line(conn.execute(text(ADJUSTMENTS), ids))
    remarks = defaultdict(list)
    for row in conn.execute(text(REMARKS), ids):
        remarks[row.key, row.line_number].append(row.remark_code)
    services = defaultdict(list)
    for row in conn.execute(text(LINES), ids):
        line = row.key, row.line_number
        procedure = (row.procedure_code or "").strip()
        if not (procedure or row.revenue_code):
            raise SettlementBroken(f"Line {row.line_number} of claim {row.claim_id} has no procedure or revenue code.")
        modifiers = (row.modifier_1, row.modifier_2, row.modifier_3, row.modifier_4) if procedure else ()
        services[row.key].append(
            RemittanceService(
                line_number=row.line_number,
                procedure_qualifier=(row.procedure_qualifier or "HC") if procedure else REVENUE_CODE,
                procedure_code=procedure or row.revenue_code,
                charge_cents=row.charge_cents,
                paid_cents=row.paid_cents,
                modifiers=tuple(modifier for modifier in modifiers if modifier),
                revenue_code=row.revenue_code if procedure else None,
                units=row.quantity,
                service_from=row.service_from,
                service_through=row.service_through,
                line_control_number=row.line_control_number,
                allowed_cents=row.allowed_cents,
                remark_codes=tuple(remarks[line]),
                adjustments=tuple(adjustments[line]),
            )
        )
    return services


def _read_sent(
    conn: Connection, claim_ids: Collection[int], details: Mapping[int, ClaimDetails]
) -> dict[int, RemittanceClaim]:
    """Claims as they were sent, by claim id."""
    ids = {"ids": list(claim_ids)}
    adjustments = _by_line(conn.execute(text(SENT_ADJUSTMENTS), ids))
    services = defaultdict(list)
    for row in conn.execute(text(SENT_SERVICES), ids):
        services[row.key].append(
            RemittanceService(
                line_number=row.line_number,
                procedure_qualifier=row.procedure_qualifier,
                procedure_code=row.procedure_code,
                charge_cents=row.charge_cents,
                paid_cents=row.paid_cents,
                modifiers=tuple(row.modifiers.split(":")) if row.modifiers else (),
                revenue_code=row.revenue_code,
                units=row.units,
                service_from=row.service_from,
                service_through=row.service_through,
                line_control_number=row.line_control_number,
                allowed_cents=row.allowed_cents,
                remark_codes=tuple(row.remark_codes.split()),
                adjustments=tuple(adjustments[row.key, row.line_number]),
            )
        )
    return {
        row.claim_id: RemittanceClaim(
            entry="payment",
            outcome=row.outcome,
            details=details[row.claim_id],
            decision_id=row.decision_id,
            status_code=row.claim_status_code,
            charge_cents=row.charge_cents,
            paid_cents=row.paid_cents,
            patient_responsibility_cents=row.patient_responsibility_cents,
            services=tuple(services[row.key]),
            interest_cents=row.interest_cents,
        )
        for row in conn.execute(text(SENT_CLAIMS), ids)
    }


def _by_line(rows: Iterable[Row[Any]]) -> defaultdict[tuple[int, int], list[Adjustment]]:
    found: defaultdict[tuple[int, int], list[Adjustment]] = defaultdict(list)
    for row in rows:
        found[row.key, row.line_number].append(Adjustment(row.group_code, row.reason_code, row.amount_cents))
    return found
