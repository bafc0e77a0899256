"""Runs of payments that were made: one open at a time, a day once, and the figures of each.

A claim version counts as settled when `remittance_claim` has a row of entry `payment` of it that stands; of a claim
there is one at most, and a decision is paid and reversed once: nothing is paid or taken back twice. A claim
that was decided again is due again: what was sent of it is reversed first. An accepted void has such a row too, of
status `void` and without money: the 835 holds the reversal of its original only, but the void itself is done with.
These rows are there from the moment a run is composed, so what it pays is locked for it until it is abandoned: a
correction that comes meanwhile is settled by the next run, which takes back what this one pays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from edi.payment_run import MOST_BY_ACH

SETTLEMENT_LOCK = 0x5E771E
"""Key of the advisory lock under which one run at a time is composed, released or abandoned."""
COMPOSED, RELEASED, CLOSED = "composed", "released", "closed"

STORED_RUN = """
select run.remittance_run_id, run.through_date, run.state, run.composed_at, run.released_at, run.released_by,
       run.release_note, run.closed_at,
       coalesce(max(r.payment_date), (
           select max(f.effective_on) from deposit_file f where f.remittance_run_id = run.remittance_run_id
       )) as payment_date,
       count(r.remittance_id) as remittances,
       count(r.remittance_id) filter (where r.payment_cents > 0) as payments,
       cast(coalesce(sum(r.payment_cents), 0) as bigint) as paid_cents,
       (select count(*) from remittance_claim c join remittance m using (remittance_id)
        where m.remittance_run_id = run.remittance_run_id and c.entry = 'payment') as claims
from remittance_run run
left join remittance r on r.remittance_run_id = run.remittance_run_id
where run.through_date = :through
group by run.remittance_run_id
"""

FORWARDED = """
select distinct r.payee_id
from remittance r join remittance_provider_adjustment a using (remittance_id)
where r.remittance_run_id = :run and a.reason_code = 'FB' and a.amount_cents < 0
order by r.payee_id
"""

TOO_LARGE = """
select trace_number from remittance where remittance_run_id = :run and payment_cents > :most order by trace_number
"""

STORED_FILES = "select file_name from outbox where remittance_run_id = :run order by outbox_id"
OPEN = "select through_date from remittance_run where state = 'composed'"


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run that was composed."""

    remittance_run_id: int
    through: date
    state: str
    """composed, released or closed."""
    composed_at: datetime
    released_at: datetime | None
    released_by: str | None
    release_note: str | None
    closed_at: datetime | None
    payment_date: date | None
    """BPR16 of its 835s; without one, the day of payments that it only makes again; None where it pays nothing."""
    remittances: int
    payments: int
    """Remittances that pay something."""
    paid_cents: int
    claims: int
    """Claim versions settled: payments and accepted voids, without reversals."""
    forwarded: tuple[str, ...]
    """Payees who owe a balance that is forwarded to their next 835."""
    too_large_for_ach: tuple[str, ...]
    """Trace numbers of payments that go by check, however their payees are paid: no ACH entry can hold so much."""
    files: tuple[str, ...]


def lock(conn: Connection) -> None:
    """Wait until nobody else works on a run; held until the transaction ends."""
    conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": SETTLEMENT_LOCK})


def last_through(conn: Connection, before: date = date.max) -> date | None:
    """Last day before another that was settled, None before the first run."""
    query = "select max(through_date) from remittance_run where through_date < :before"
    day: date | None = conn.execute(text(query), {"before": before}).scalar_one()
    return day


def open_through(conn: Connection) -> date | None:
    """The day of the run that is composed and not released, where there is one."""
    return conn.execute(text(OPEN)).scalar_one_or_none()


def find_run(conn: Connection, through: date) -> StoredRun | None:
    """The run of a day, where it was composed."""
    row = conn.execute(text(STORED_RUN), {"through": through}).mappings().one_or_none()
    if row is None:
        return None
    values = dict(row)
    run = {"run": row["remittance_run_id"]}
    return StoredRun(
        through=values.pop("through_date"),
        **values,
        forwarded=tuple(conn.execute(text(FORWARDED), run).scalars()),
        too_large_for_ach=tuple(conn.execute(text(TOO_LARGE), run | {"most": MOST_BY_ACH}).scalars()),
        files=tuple(conn.execute(text(STORED_FILES), run).scalars()),
    )
