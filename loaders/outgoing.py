"""What went out and what still waits: the outbox by kind and state, and what was remitted in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select, text

from loaders.left_out import count_waiting
from loaders.payment_runs import open_through
from loaders.payments_due import count_without_payee
from loaders.schema.outbound import outbox
from loaders.schema.remittance import remittance, remittance_run

# A waiting correction that took its original's place brings the original's reversal with it, if that was remitted.
WAITING = """
with waiting as (
    select c.claim_id, c.original_claim_id, c.version_state, d.paid_cents + d.interest_cents as paid_cents
    from claim c
    join lateral (select * from decision d where d.claim_id = c.claim_id order by sequence desc limit 1) d on true
    where d.outcome in ('paid', 'denied') and not c.is_test
        and (c.version_state in ('active', 'refused') or d.claim_status_code = 'void')
        and not exists (
            select from remittance_claim e where e.claim_id = c.claim_id and e.entry = 'payment' and e.stands
        )
        and not exists (
            select from remittance_claim e where e.decision_id = d.decision_id and e.entry = 'payment'
        )
), due as (
    select coalesce(sum(e.paid_cents + e.interest_cents), 0) as cents
    from waiting w
    join claim o on o.claim_id in (w.claim_id, w.original_claim_id)
        and (o.claim_id = w.claim_id or o.version_state in ('replaced', 'voided') and w.version_state = 'active')
    join remittance_claim e on e.claim_id = o.claim_id and e.entry = 'payment'
    where not exists (select from remittance_claim r where r.decision_id = e.decision_id and r.entry = 'reversal')
)
select count(*) as claims, coalesce(sum(paid_cents), 0) - (select cents from due) as cents,
    (
        select coalesce(-sum(paid_cents + interest_cents), 0) from remittance_claim where entry = 'reversal'
    ) as taken_back_cents
from waiting
"""

FORWARDED = """
select coalesce(-sum(opened.amount_cents), 0)
from remittance_provider_adjustment opened
where opened.reason_code = 'FB' and opened.amount_cents < 0
    and not exists (
        select from remittance_provider_adjustment closed
        where closed.reason_code = 'FB' and closed.amount_cents > 0 and closed.reference = opened.reference
    )
"""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Counts over the whole warehouse."""

    outbox: Mapping[str, Mapping[str, int]]
    """Files by kind (999, 835, ...) and by pending, sent or conflict."""
    remittance_runs: int
    last_through: date | None
    """Last day that was settled, None before the first run."""
    waits_for_release: date | None
    """Day of the run that is composed and not released."""
    remittances: int
    """835s, those that pay nothing among them."""
    payments: int
    """835s that pay something."""
    paid_cents: int
    """What those payments come to: claims paid, less what reversals took back, and provider adjustments."""
    taken_back_cents: int
    """Paid before, interest included, and taken back by reversals; not negative."""
    forwarded_cents: int
    """What payees owe after weeks that took back more than they paid: their next 835s take it."""
    waiting_claims: int
    """Decided claims that no remittance has carried yet."""
    waiting_cents: int
    """What those would pay, less what their reversals would take back; negative when a payee owes us."""
    without_payee: int
    """Those of them that no remittance will carry, because the provider registry names nobody who is paid for them."""
    left_out: int
    """Those that the last run left out: their decision breaks a law of the 835, and nobody has decided them again."""


def outgoing(conn: Connection) -> Outgoing:
    """Count what the outbox holds and what was paid."""
    by_kind: dict[str, dict[str, int]] = {}
    keys = (outbox.c.kind, outbox.c.state)
    for row in conn.execute(select(*keys, func.count().label("files")).group_by(*keys).order_by(*keys)):
        by_kind.setdefault(row.kind, {})[row.state] = row.files
    runs = conn.execute(select(func.count(), func.max(remittance_run.c.through_date))).one()
    paid = conn.execute(
        select(
            func.count(),
            func.count().filter(remittance.c.payment_cents > 0),
            func.coalesce(func.sum(remittance.c.payment_cents), 0),
        )
    ).one()
    waiting = conn.execute(text(WAITING)).one()
    return Outgoing(
        outbox=by_kind,
        remittance_runs=runs[0],
        last_through=runs[1],
        waits_for_release=open_through(conn),
        remittances=paid[0],
        payments=paid[1],
        paid_cents=int(paid[2]),
        taken_back_cents=int(waiting.taken_back_cents),
        forwarded_cents=int(conn.execute(text(FORWARDED)).scalar_one()),
        waiting_claims=waiting.claims,
        waiting_cents=int(waiting.cents),
        without_payee=count_without_payee(conn),
        left_out=count_waiting(conn),
    )
