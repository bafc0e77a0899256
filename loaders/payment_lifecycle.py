"""What becomes of a run that was composed: it is released and closed, or given up without a trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from loaders import numbers
from loaders.frames import read_frame
from loaders.schema import metadata
from loaders.schema.remittance import remittance_run

if TYPE_CHECKING:
    import pandas as pd

RELEASE = """
update remittance_run set state = 'released', released_at = :now, released_by = :by, release_note = :note
where remittance_run_id = :run and state = 'composed'
"""

KEEP = """
insert into remittance_abandonment (remittance_run_id, through_date, composed_at, abandoned_at, abandoned_by, note)
select remittance_run_id, through_date, composed_at, :now, :by, :note from remittance_run
where remittance_run_id = :run and state = 'composed'
"""

CLOSE = """
update remittance_run r set state = 'closed', closed_at = :now
where state = 'released' and not exists (
    select from outbox o where o.remittance_run_id = r.remittance_run_id and o.state <> 'sent'
)
returning through_date
"""

# What a claim had before it was decided again stood no longer when the run took it back.
STANDS_AGAIN = """
update remittance_claim p set stands = true
from remittance_claim r join remittance m using (remittance_id) join decision d on d.decision_id = r.decision_id
where m.remittance_run_id = :run and r.entry = 'reversal' and p.entry = 'payment' and p.decision_id = r.decision_id
    and not exists (select from decision later where later.claim_id = p.claim_id and later.sequence > d.sequence)
"""

DRAWN = """
select min(cast(substr(trace_number, 2) as bigint)) as first, count(*) as drawn
from remittance where remittance_run_id = :run
"""

INTERCHANGES = """
select min(cast(g.interchange_control as bigint)) as first, count(distinct g.interchange_control) as drawn
from outbox o join outbox_group g using (outbox_id) where o.remittance_run_id = :run
"""

# The balances of every 835 in what is kept of it, and the bytes that wait.
BROKEN = """
with own as (
    select c.remittance_claim_id, c.claim_number, c.charge_cents, c.paid_cents, c.claim_status_code, r.trace_number
    from remittance r join remittance_claim c using (remittance_id) where r.remittance_run_id = :run
), line as (
    select s.remittance_claim_id, s.line_number, s.charge_cents, s.paid_cents,
        s.charge_cents - s.paid_cents - coalesce(sum(a.amount_cents), 0) as off
    from own join remittance_service s using (remittance_claim_id)
    left join remittance_adjustment a using (remittance_claim_id, line_number)
    group by s.remittance_claim_id, s.line_number
), of_claim as (
    select remittance_claim_id, sum(amount_cents) as cents
    from own join remittance_adjustment using (remittance_claim_id) where line_number = 0 group by 1
), of_lines as (
    select remittance_claim_id, sum(charge_cents) as charge, sum(paid_cents) as paid from line group by 1
), payment as (
    select r.trace_number, r.payment_cents,
        (select coalesce(sum(c.paid_cents), 0) from remittance_claim c where c.remittance_id = r.remittance_id)
        - (select coalesce(sum(a.amount_cents), 0) from remittance_provider_adjustment a
           where a.remittance_id = r.remittance_id) as owed
    from remittance r where r.remittance_run_id = :run
)
select * from (
    select 'service charge - adjustments = service payment' as law, trace_number, claim_number
    from line join own using (remittance_claim_id) where off <> 0
    union all
    select 'claim payment = service payments - claim adjustments', trace_number, claim_number
    from own join of_lines l using (remittance_claim_id) left join of_claim c using (remittance_claim_id)
    where own.charge_cents <> l.charge or own.paid_cents <> l.paid - coalesce(c.cents, 0)
    union all
    select 'payment = claim payments - provider adjustments', trace_number, '' from payment
    where payment_cents <> owed or payment_cents < 0
    union all
    select 'the bytes that wait are those that were written', file_name, '' from outbox
    where remittance_run_id = :run and encode(sha256(content), 'hex') <> sha256
) found order by 1, 2, 3
"""

# Of what a run pays: what it takes back is said as it was sent, whatever is listed now.
PAID = """
from remittance r join remittance_claim c using (remittance_id) join claim m on m.claim_id = c.claim_id
"""
OF_RUN = " where r.remittance_run_id = :run and c.entry = 'payment' order by 1, 2"
CLAIMS = f"select c.claim_id, c.claim_number, m.received_date {PAID} {OF_RUN}"
ADJUSTMENTS = f"""
select c.claim_id, a.line_number, a.group_code, a.reason_code
{PAID} join remittance_adjustment a using (remittance_claim_id) {OF_RUN}, 3, 4
"""
REMARKS = f"""
select c.claim_id, d.line_number, d.remark_code {PAID} join decision_remark d on d.decision_id = c.decision_id
{OF_RUN}, 3
"""


@dataclass(frozen=True, slots=True)
class SaidCodes:
    """The codes that a run says of what it pays.

    claims: claim_id, claim_number, received_date. adjustments: claim_id, line_number, group_code, reason_code.
    remarks: claim_id, line_number, remark_code.
    """

    claims: pd.DataFrame
    adjustments: pd.DataFrame
    remarks: pd.DataFrame


def release(conn: Connection, run_id: int, now: datetime, by: str, note: str | None) -> bool:
    """Let the run's files go out; False where it was released before. The caller holds the runs' lock."""
    values = {"run": run_id, "now": now, "by": by, "note": note}
    return conn.execute(text(RELEASE), values).rowcount == 1


def close_sent(conn: Connection, now: datetime) -> list[date]:
    """Close the released runs all of whose files were sent; their days."""
    return sorted(conn.execute(text(CLOSE), {"now": now}).scalars())


def broken_laws(conn: Connection, run_id: int) -> list[str]:
    """What in the record of a run, or in the bytes that wait, is not as it was proven; empty when it may be sent."""
    rows = conn.execute(text(BROKEN), {"run": run_id})
    return [
        f"{row.law} ({row.trace_number}{f', claim {row.claim_number}' if row.claim_number else ''})" for row in rows
    ]


def said_codes(conn: Connection, run_id: int) -> SaidCodes:
    """The codes of a run, without those of reversals."""
    return SaidCodes(*(read_frame(conn, text(query), {"run": run_id}) for query in (CLAIMS, ADJUSTMENTS, REMARKS)))


def abandon(conn: Connection, run_id: int, now: datetime, by: str, note: str | None, series: Sequence[str]) -> None:
    """Delete all rows of a composed run: what it paid is due again, and its numbers are drawn again.

    The caller holds the runs' lock and knows that nothing was sent. Interchange control numbers are given back unless
    somebody has drawn others since, which leaves a gap.

    Args:
        conn: in a transaction.
        run_id: the run.
        now: this instant.
        by: who gives it up.
        note: why.
        series: names of the series of its trace numbers and of its interchange control numbers.
    """
    run = {"run": run_id}
    kept = conn.execute(text(KEEP), run | {"now": now, "by": by, "note": note})
    if kept.rowcount != 1:
        raise AssertionError("who calls knows that the run is composed")
    for name, query in zip(series, (DRAWN, INTERCHANGES), strict=True):
        found = conn.execute(text(query), run).one()
        if found.drawn:
            numbers.give_back(conn, name, found.first, found.drawn)
    conn.execute(text(STANDS_AGAIN), run)
    for statement in reversed(_deletions()):
        conn.execute(text(statement), run)


def _deletions() -> list[str]:
    """A statement for each table whose rows belong to a run, those that others belong to first."""
    mine = {remittance_run.name: "remittance_run_id = :run"}
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            parent, column = key.column.table.name, key.column.name
            if parent in mine and table.name not in mine:
                mine[table.name] = f"{key.parent.name} in (select {column} from {parent} where {mine[parent]})"  # noqa: S608
    return [f"delete from {name} where {condition}" for name, condition in mine.items()]  # noqa: S608
