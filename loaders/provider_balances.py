"""What payees owe and are owed beside their claims: open entries, forwarded balances, the pool of small interest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

NEWEST = "(select max(registry_version) from provider_registry)"

# of one payee, or of all
ACCOUNTS = f"""
with opened as (
    select r.payee_id, r.trace_number, r.production_date, -a.amount_cents as owed_cents
    from remittance_provider_adjustment a join remittance r using (remittance_id)
    where a.reason_code = 'FB' and a.amount_cents < 0 and not exists (
        select from remittance_provider_adjustment closed
        where closed.reason_code = 'FB' and closed.amount_cents > 0 and closed.reference = a.reference
    )
), booked as (
    select e.payee_id, count(*) as entries, sum(e.amount_cents) as cents
    from provider_account_entry e
    where not exists (select from remittance_provider_adjustment a where a.entry_id = e.entry_id)
    group by e.payee_id
)
select payee_id, coalesce(b.entries, 0) as entries, cast(coalesce(b.cents, 0) as bigint) as entries_cents,
    coalesce(o.owed_cents, 0) as owed_cents, o.trace_number, o.production_date as since,
    exists (select from payee p where p.payee_id = coalesce(o.payee_id, b.payee_id) and p.registry_version = {NEWEST})
        as is_known
from opened o full join booked b using (payee_id)
where cast(:payee as text) is null or payee_id = :payee
order by payee_id
"""  # noqa: S608 - our own expression

ENTRIES = """
select e.entry_id, e.reason_code, e.reference, e.amount_cents, e.due_from, l.loaded_by, m.trace_number as left_by,
    r.trace_number as settled_by, r.production_date as settled_on
from provider_account_entry e
left join provider_account_load l using (load_id)
left join remittance_claim c on c.remittance_claim_id = e.remittance_claim_id
left join remittance m on m.remittance_id = c.remittance_id
left join remittance_provider_adjustment a on a.entry_id = e.entry_id
left join remittance r on r.remittance_id = a.remittance_id
where e.payee_id = :payee
order by e.entry_id
"""

FORWARDED = """
select r.trace_number, r.production_date, a.reference, a.amount_cents
from remittance_provider_adjustment a join remittance r using (remittance_id)
where r.payee_id = :payee and a.reason_code = 'FB'
order by r.remittance_id, a.ordinal
"""

POOL = """
select cast(extract(year from r.payment_date) as integer) as year, cast(sum(c.pooled_cents) as bigint) as cents
from remittance_claim c join remittance r using (remittance_id)
where c.pooled_cents <> 0 and (cast(:payee as text) is null or r.payee_id = :payee)
group by 1 order by 1
"""

IS_KNOWN = f"select exists (select from payee where payee_id = :payee and registry_version = {NEWEST})"  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class Account:
    """A payee with open entries or an open balance."""

    payee_id: str
    entries: int
    """Not yet settled."""
    entries_cents: int
    """Positive is taken from the payee."""
    owed_cents: int
    """Forwarded by the last 835 that moved money; positive."""
    trace_number: str | None
    """Of that 835."""
    since: date | None
    """Its production date."""
    is_known: bool
    """Has the newest registry the payee?"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking."""

    entry_id: int
    reason_code: str
    reference: str
    amount_cents: int
    due_from: date
    loaded_by: str | None
    left_by: str | None
    """Trace number of the payment that left it to a later one."""
    settled_by: str | None
    """Trace number of the payment that took it along."""
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Forwarding:
    """An FB pair: negative where a balance is opened, positive where it is closed."""

    trace_number: str
    production_date: date
    reference: str
    amount_cents: int


def accounts(conn: Connection, payee: str | None = None) -> list[Account]:
    """Payees with something open, by id."""
    found = conn.execute(text(ACCOUNTS), {"payee": payee})
    return [Account(**row) for row in found.mappings()]


def is_payee(conn: Connection, payee: str) -> bool:
    """Has the newest registry this payee?"""
    return bool(conn.execute(text(IS_KNOWN), {"payee": payee}).scalar_one())


def entries(conn: Connection, payee: str) -> list[Entry]:
    """All bookings of a payee, in order."""
    return [Entry(**row) for row in conn.execute(text(ENTRIES), {"payee": payee}).mappings()]


def forwardings(conn: Connection, payee: str) -> list[Forwarding]:
    """The chain of a payee's forwarded balances, in order."""
    return [Forwarding(**row) for row in conn.execute(text(FORWARDED), {"payee": payee}).mappings()]


def interest_pool(conn: Connection, payee: str | None = None) -> dict[int, int]:
    """Interest that was too little to be sent, in cents by year of the payment date."""
    return {row.year: row.cents for row in conn.execute(text(POOL), {"payee": payee})}
