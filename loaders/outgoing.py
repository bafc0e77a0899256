"""What went out and what still waits: the outbox by kind and state, and what was remitted in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from loaders.schema.outbound import outbox
from loaders.schema.remittance import remittance, remittance_run


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Counts over the whole warehouse."""

    outbox: Mapping[str, Mapping[str, int]]
    """Files by kind (999, 835, ...) and by pending, sent or conflict."""
    remittance_runs: int
    last_through: date | None
    """Last day that was settled, None before the first run."""
    remittances: int
    """835s, those that pay nothing among them."""
    payments: int
    """835s that pay something."""
    paid_cents: int


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
    return Outgoing(
        outbox=by_kind,
        remittance_runs=runs[0],
        last_through=runs[1],
        remittances=paid[0],
        payments=paid[1],
        paid_cents=int(paid[2]),
    )
