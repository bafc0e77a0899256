"""What the bank says of payments: kept beside the payment that it means, and returned ones let be made again.

A notice names our entry by its trace number; of several entries with that number (they repeat after ten million) the
last one of that amount is meant. Where the bank names another number, TRN02 and the amount tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
from sqlalchemy import Connection, text

from edi.trouble import Usage
from loaders.staging import stage

RETURNED = "returned"
LOCK = 8_340_855
"""Key of the advisory lock under which notices are stored: of two that return one payment the second is told."""

# a receipt moves no money, and neither does a change
MATCH = """
create temporary table matched_notice on commit drop as
select n.*, coalesce((
        select p.deposit_payment_id from deposit_payment p join deposit_file f using (deposit_file_id)
        where p.entry_trace = n.entry_trace and f.partner = :partner
            and (n.kind <> 'returned' or p.amount_cents = n.amount_cents)
        order by p.deposit_payment_id desc limit 1
    ), (
        select p.deposit_payment_id from deposit_payment p join deposit_file f using (deposit_file_id)
        join remittance r using (remittance_id)
        where r.trace_number = n.trace_number and f.partner = :partner and f.kind = 'DEPOSIT'
            and (n.kind <> 'returned' or p.amount_cents = n.amount_cents)
        order by p.deposit_payment_id desc limit 1
    )) as deposit_payment_id
from bank_notice n
"""
# only the first return of a payment is one
REPEATED = """
update matched_notice m set repeated = true
where kind = 'returned' and (
    exists (
        select from deposit_notice d where d.deposit_payment_id = m.deposit_payment_id and d.kind = 'returned'
    )
    or exists (
        select from matched_notice b
        where b.deposit_payment_id = m.deposit_payment_id and b.kind = 'returned' and b.record < m.record
    )
)
"""
STORE = """
insert into deposit_notice (file_id, record, deposit_payment_id, kind, reason_code, entry_trace, amount_cents,
    settled_on, correction)
select :file_id, record, case when not repeated then deposit_payment_id end, kind, reason_code, entry_trace,
    amount_cents, settled_on, correction
from matched_notice order by record
"""
UNMATCHED = """
select record, repeated from matched_notice where deposit_payment_id is null or repeated order by record
"""

REISSUE = """
insert into deposit_reissue (deposit_payment_id, asked_at, asked_by, note, to_same_account)
values (:payment, :now, :by, :note, :to_same_account)
on conflict do nothing returning deposit_payment_id
"""
LAST_OF = """
select p.deposit_payment_id, r.payee_id, p.amount_cents, n.reason_code,
    i.asked_at is not null as is_asked,
    told.payment_method as told_method, told.routing_number as told_routing, told.account_number as told_account,
    now.payment_method, now.routing_number, now.account_number
from deposit_payment p
join remittance r using (remittance_id)
left join deposit_notice n on n.deposit_payment_id = p.deposit_payment_id and n.kind = 'returned'
left join deposit_reissue i on i.deposit_payment_id = p.deposit_payment_id
join payee told on told.registry_version = p.registry_version and told.payee_id = r.payee_id
left join payee now on now.payee_id = r.payee_id
    and now.registry_version = (select max(registry_version) from provider_registry)
where r.trace_number = :trace_number
order by p.deposit_payment_id desc limit 1
for update of p
"""
OF_REISSUE = """
select r.trace_number, i.asked_by, i.note, i.to_same_account
from deposit_reissue i join deposit_payment p using (deposit_payment_id) join remittance r using (remittance_id)
where i.deposit_payment_id = :payment
"""

SCHEMA = pa.schema(
    [
        *(("record", pa.int64()), ("kind", pa.string()), ("reason_code", pa.string()), ("entry_trace", pa.string())),
        *(("trace_number", pa.string()), ("amount_cents", pa.int64()), ("settled_on", pa.date32())),
        *(("correction", pa.string()), ("repeated", pa.bool_())),
    ]
)


class ReissueRefused(Usage):
    """A payment that may not be made again."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the bank says of one entry, as `parsers.bank_returns` reads it."""

    record: int
    kind: str
    reason_code: str
    entry_trace: str
    trace_number: str
    amount_cents: int
    settled_on: date | None
    correction: str


@dataclass(frozen=True, slots=True)
class AskedReissue:
    """Who let a returned payment be made again."""

    trace_number: str
    asked_by: str
    note: str | None
    to_same_account: bool


def store(conn: Connection, file_id: int, partner: str, notices: Sequence[Notice]) -> Mapping[int, bool]:
    """Keep the notices of a bank's file.

    Returns by record those that mean no payment of ours (False), or the return of one that had come back before (True).
    """
    if not notices:
        return {}
    conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    columns = {name: [getattr(one, name) for one in notices] for name in SCHEMA.names if name != "repeated"}
    columns["repeated"] = [False] * len(notices)
    stage(conn, "bank_notice", pa.table(columns, schema=SCHEMA))
    conn.execute(text("drop table if exists pg_temp.matched_notice"))
    conn.execute(text(MATCH), {"partner": partner})
    conn.execute(text(REPEATED))
    conn.execute(text(STORE), {"file_id": file_id})
    return {row.record: row.repeated for row in conn.execute(text(UNMATCHED))}


def ask_reissue(
    conn: Connection, trace_number: str, by: str, note: str | None, now: datetime, *, to_same_account: bool
) -> tuple[int, bool]:
    """Let a returned payment be made again; its id, and whether nobody had asked before.

    Raises:
        ReissueRefused: there is no such payment, it did not come back, or its payee is still paid as when it failed.
    """
    last = conn.execute(text(LAST_OF), {"trace_number": trace_number}).one_or_none()
    if last is None:
        raise ReissueRefused("The bank was told of no payment with this trace number; `edi deposits` lists them.")
    if last.is_asked:
        return int(last.deposit_payment_id), False
    if last.reason_code is None:
        raise ReissueRefused("This payment did not come back: the bank was told of it, and it stands.")
    if last.payment_method not in {"ACH", "CHK"}:
        raise ReissueRefused("The provider registry no longer has the payee; load one that has, with its new account.")
    told = (last.told_method, last.told_routing, last.told_account)
    if told == (last.payment_method, last.routing_number, last.account_number) and not to_same_account:
        raise ReissueRefused(
            f"Payee {last.payee_id} is still paid into the account to which it could not be paid ({last.reason_code}). "
            "Correct payees.csv and load it (`edi providers load`), or ask for it with --same-account."
        )
    values = {"payment": last.deposit_payment_id, "now": now, "by": by, "note": note}
    conn.execute(text(REISSUE), values | {"to_same_account": to_same_account})
    return int(last.deposit_payment_id), True


def asked_reissue(conn: Connection, deposit_payment_id: int) -> AskedReissue:
    """What was asked of a payment that came back."""
    return AskedReissue(*conn.execute(text(OF_REISSUE), {"payment": deposit_payment_id}).one())
