"""What the plan's bank is told to pay: numbered, stored with the run, and taken back when the run is abandoned.

A payment is told once; again only as the reissue of one that came back, each once. Entries are numbered over all files,
so that a bank's return names one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from sqlalchemy import Connection, text

from loaders.staging import stage

ENTRY, REGISTER = "DEPOSIT", "CHECK_REGISTER"

FILES_OF_DAY = """
select count(*) from deposit_file where partner = :partner and kind = :kind and created_on = :day
"""
LAST_SEQUENCE = "select coalesce(max(last_sequence), 0) from deposit_file"

# the payee as it is known now: whoever lets a payment be made again has put bank and account right before
REISSUES = """
select p.deposit_payment_id, r.trace_number, p.amount_cents, e.payee_id, e.name as payee_name, e.payment_method,
    e.routing_number, e.account_number, e.registry_version
from deposit_reissue i
join deposit_payment p using (deposit_payment_id)
join remittance r using (remittance_id)
join payee e on e.payee_id = r.payee_id
    and e.registry_version = (select max(registry_version) from provider_registry)
where not exists (select from deposit_payment again where again.reissue_of = p.deposit_payment_id)
order by r.trace_number, p.deposit_payment_id
"""

STORE_FILE = """
insert into deposit_file (remittance_run_id, outbox_id, kind, partner, created_on, file_of_the_day, effective_on,
    total_cents, last_sequence)
values (:run, :outbox_id, :kind, :partner, :created_on, :file_of_the_day, :effective_on, :total_cents, :last_sequence)
returning deposit_file_id
"""
STORE_PAYMENTS = """
insert into deposit_payment (deposit_file_id, remittance_id, registry_version, reissue_of, entry_sequence, entry_trace,
    amount_cents)
select :deposit_file_id, r.remittance_id, t.registry_version, t.reissue_of, t.entry_sequence, t.entry_trace,
    t.amount_cents
from told_payment t join remittance r using (trace_number)
order by t.place
"""

SCHEMA = pa.schema(
    [
        *(("place", pa.int64()), ("trace_number", pa.string()), ("amount_cents", pa.int64())),
        *(("registry_version", pa.int64()), ("reissue_of", pa.int64())),
        *(("entry_sequence", pa.int64()), ("entry_trace", pa.string())),
    ]
)


@dataclass(frozen=True, slots=True)
class Reissue:
    """A returned payment that is to be made again, and how its payee is paid by now."""

    deposit_payment_id: int
    trace_number: str
    amount_cents: int
    payee_id: str
    payee_name: str
    payment_method: str
    routing_number: str | None
    account_number: str | None
    registry_version: int


@dataclass(frozen=True, slots=True)
class ToldPayment:
    """One payment as a file tells it to the bank."""

    trace_number: str
    amount_cents: int
    registry_version: int
    reissue_of: int | None = None
    """The payment that came back."""
    entry_sequence: int | None = None
    entry_trace: str | None = None


@dataclass(frozen=True, slots=True)
class ToldFile:
    """A file of payments."""

    kind: str
    partner: str
    created_on: date
    file_of_the_day: int
    effective_on: date
    total_cents: int
    payments: Sequence[ToldPayment]
    last_sequence: int | None = None


def files_of_day(conn: Connection, partner: str, kind: str, day: date) -> int:
    """How many files of a kind a bank gets on a day already."""
    return int(conn.execute(text(FILES_OF_DAY), {"partner": partner, "kind": kind, "day": day}).scalar_one())


def last_sequence(conn: Connection) -> int:
    """Sequence of the last entry of any deposit file, 0 before the first."""
    return int(conn.execute(text(LAST_SEQUENCE)).scalar_one())


def reissues(conn: Connection) -> list[Reissue]:
    """Payments to make again, by trace number; without those whose payee the registry no longer has."""
    return [Reissue(**row) for row in conn.execute(text(REISSUES)).mappings()]


def store(conn: Connection, run: int, outbox_id: int, told: ToldFile) -> None:
    """Keep what a file of a run tells the bank. The run's remittances are stored.

    The unique keys of the table refuse a payment that was told before.
    """
    values = {
        "run": run,
        "outbox_id": outbox_id,
        "kind": told.kind,
        "partner": told.partner,
        "created_on": told.created_on,
        "file_of_the_day": told.file_of_the_day,
        "effective_on": told.effective_on,
        "total_cents": told.total_cents,
        "last_sequence": told.last_sequence,
    }
    deposit_file_id = conn.execute(text(STORE_FILE), values).scalar_one()
    rows = [
        (
            *(place, one.trace_number, one.amount_cents, one.registry_version, one.reissue_of),
            *(one.entry_sequence, one.entry_trace),
        )
        for place, one in enumerate(told.payments)
    ]
    columns = [
        pa.array(list(values), field.type) for values, field in zip(zip(*rows, strict=True), SCHEMA, strict=True)
    ]
    stage(conn, "told_payment", pa.Table.from_arrays(columns, schema=SCHEMA))
    conn.execute(text(STORE_PAYMENTS), {"deposit_file_id": deposit_file_id})
