"""What becomes of a run that was composed: it is released and closed, or given up without a trace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Connection, text

from loaders import numbers
from loaders.schema import metadata
from loaders.schema.remittance import remittance_run

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

ALTERED = """
select file_name from outbox where remittance_run_id = :run and encode(sha256(content), 'hex') <> sha256 order by 1
"""


@contextmanager
def undone(conn: Connection) -> Iterator[None]:
    """Whatever is done within is tried only: afterwards the warehouse is as it was before."""
    before = conn.begin_nested()
    try:
        yield
    finally:
        before.rollback()


def release(conn: Connection, run_id: int, now: datetime, by: str, note: str | None) -> bool:
    """Let the run's files go out; False where it was released before. The caller holds the runs' lock."""
    values = {"run": run_id, "now": now, "by": by, "note": note}
    return conn.execute(text(RELEASE), values).rowcount == 1


def close_sent(conn: Connection, now: datetime) -> list[date]:
    """Close the released runs all of whose files were sent; their days."""
    return sorted(conn.execute(text(CLOSE), {"now": now}).scalars())


def altered_files(conn: Connection, run_id: int) -> list[str]:
    """Files of a run whose bytes are not those that were written."""
    return list(conn.execute(text(ALTERED), {"run": run_id}).scalars())


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
        belongs = sorted(
            f"{key.parent.name} in (select {key.column.name} from {parent} where {mine[parent]})"  # noqa: S608
            for key in table.foreign_keys
            if (parent := key.column.table.name) in mine
        )
        if belongs:
            mine[table.name] = " or ".join(belongs)
    return [f"delete from {name} where {condition}" for name, condition in mine.items()]  # noqa: S608
