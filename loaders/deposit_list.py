"""Payments and how they stand: told to the bank, confirmed, returned, made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

PAYMENTS = """
select r.trace_number, r.payee_id, p.amount_cents, f.kind, o.file_name, u.through_date, f.effective_on, p.entry_trace,
    p.reissue_of is not null as is_reissue, o.sent_at,
    case
        when exists (select from deposit_payment a where a.reissue_of = p.deposit_payment_id) then 'reissued'
        when i.deposit_payment_id is not null then 'reissue_asked'
        when back.deposit_payment_id is not null then 'returned'
        when exists (
            select from deposit_notice c where c.deposit_payment_id = p.deposit_payment_id and c.kind = 'confirmed'
        ) then 'confirmed'
        when o.state = 'sent' then 'sent'
        else 'waiting'
    end as state,
    back.reason_code as return_code, back.settled_on as returned_on,
    change.reason_code as change_code, change.correction, i.asked_by, i.asked_at, i.note
from deposit_payment p
join deposit_file f using (deposit_file_id)
join outbox o using (outbox_id)
join remittance r using (remittance_id)
join remittance_run u on u.remittance_run_id = f.remittance_run_id
left join deposit_reissue i using (deposit_payment_id)
left join deposit_notice back on back.deposit_payment_id = p.deposit_payment_id and back.kind = 'returned'
left join lateral (
    select c.reason_code, c.correction from deposit_notice c
    where c.deposit_payment_id = p.deposit_payment_id and c.kind = 'changed'
    order by c.deposit_notice_id desc limit 1
) change on true
"""
OF_RUN = "where u.through_date = :through order by p.deposit_payment_id limit :most"
OF_TRACE = "where r.trace_number = :trace_number order by p.deposit_payment_id"
WORK = """
where back.deposit_payment_id is not null and i.deposit_payment_id is null
    or change.reason_code is not null and e.routing_number is not distinct from t.routing_number
        and e.account_number is not distinct from t.account_number
order by p.deposit_payment_id limit :most
"""
ACCOUNTS = """
join payee t on t.registry_version = p.registry_version and t.payee_id = r.payee_id
left join payee e on e.payee_id = r.payee_id
    and e.registry_version = (select max(registry_version) from provider_registry)
"""

FILES = """
select u.through_date, f.kind, f.partner, o.file_name, o.state, f.effective_on, f.total_cents,
    (select count(*) from deposit_payment p where p.deposit_file_id = f.deposit_file_id) as payments,
    (select count(*) from deposit_payment p join deposit_notice n using (deposit_payment_id)
        where p.deposit_file_id = f.deposit_file_id and n.kind = 'returned') as returned
from deposit_file f
join outbox o using (outbox_id)
join remittance_run u on u.remittance_run_id = f.remittance_run_id
order by f.deposit_file_id desc limit :most
"""
UNKNOWN = """
select n.file_id, n.record, n.kind, n.reason_code, n.amount_cents, n.settled_on
from deposit_notice n where n.deposit_payment_id is null order by n.deposit_notice_id desc limit :most
"""
COUNTS = """
select (select count(*) from deposit_payment) as told,
    (select count(*) from deposit_notice n left join deposit_reissue i using (deposit_payment_id)
        where n.kind = 'returned' and n.deposit_payment_id is not null and i.deposit_payment_id is null) as returned,
    (select count(*) from deposit_reissue i where not exists (
        select from deposit_payment a where a.reissue_of = i.deposit_payment_id
    )) as reissues_waiting,
    (select count(*) from deposit_notice where deposit_payment_id is null) as unknown
"""


@dataclass(frozen=True, slots=True)
class DepositPayment:
    """A payment as the bank was told it."""

    trace_number: str
    payee_id: str
    amount_cents: int
    kind: str
    """DEPOSIT or CHECK_REGISTER."""
    file_name: str
    through_date: date
    effective_on: date
    entry_trace: str | None
    is_reissue: bool
    sent_at: datetime | None
    state: str
    """waiting, sent, confirmed, returned, reissue_asked or reissued."""
    return_code: str | None
    returned_on: date | None
    change_code: str | None
    """The money arrived, and the bank says that bank or account are to be another."""
    correction: str | None
    asked_by: str | None
    asked_at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True)
class DepositFile:
    """A file that tells the bank of a run's payments."""

    through_date: date
    kind: str
    partner: str
    file_name: str
    state: str
    """Of the outbox: pending, sent or conflict."""
    effective_on: date
    total_cents: int
    payments: int
    returned: int


@dataclass(frozen=True, slots=True)
class UnknownNotice:
    """Something that the bank says of no payment of ours."""

    file_id: int
    record: int
    kind: str
    reason_code: str
    amount_cents: int
    settled_on: date | None


def of_run(conn: Connection, through: date, most: int) -> list[DepositPayment]:
    """The payments that a run told the bank, in the order of its files."""
    return _payments(conn, PAYMENTS + OF_RUN, {"through": through, "most": most})


def of_trace(conn: Connection, trace_number: str) -> list[DepositPayment]:
    """A payment, and after it each time that it was made again."""
    return _payments(conn, PAYMENTS + OF_TRACE, {"trace_number": trace_number})


def work(conn: Connection, most: int) -> list[DepositPayment]:
    """Payments that somebody has to look after, the oldest first.

    They came back and nobody said what becomes of them, or arrived by an account that the registry has wrong still.
    """
    return _payments(conn, PAYMENTS + ACCOUNTS + WORK, {"most": most})


def files(conn: Connection, most: int) -> list[DepositFile]:
    """The last files, the newest first."""
    return [DepositFile(**row) for row in conn.execute(text(FILES), {"most": most}).mappings()]


def unknown(conn: Connection, most: int) -> list[UnknownNotice]:
    """What the bank said last of nothing that we know, the newest first."""
    return [UnknownNotice(**row) for row in conn.execute(text(UNKNOWN), {"most": most}).mappings()]


def counts(conn: Connection) -> Mapping[str, int]:
    """Payments told; returned ones that nobody decided about; those to make again; notices of nothing that we know."""
    return dict(conn.execute(text(COUNTS)).mappings().one())


def _payments(conn: Connection, query: str, values: Mapping[str, object]) -> list[DepositPayment]:
    return [DepositPayment(**row) for row in conn.execute(text(query), values).mappings()]
