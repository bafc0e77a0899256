"""Entries of provider accounts: what people bring, and what runs leave to be taken later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import Connection, text

from loaders.frames import read_frame
from loaders.staging import run, stage

if TYPE_CHECKING:
    import pandas as pd

ENTRY = pa.schema(
    [
        ("payee_id", pa.string()),
        ("reason_code", pa.string()),
        ("reference", pa.string()),
        ("amount_cents", pa.int64()),
        ("due_from", pa.date32()),
    ]
)
LEFT = pa.schema(
    [("decision_id", pa.int64()), ("payee_id", pa.string()), ("reference", pa.string()), ("cents", pa.int64())]
)

STORED = """
select e.payee_id, e.reason_code, e.reference, e.amount_cents, e.due_from, r.trace_number,
    e.remittance_claim_id is not null as by_run, coalesce(made.state = 'composed', false) as is_unreleased
from provider_account_entry e
left join remittance_provider_adjustment a using (entry_id)
left join remittance r on r.remittance_id = a.remittance_id
left join remittance_claim c on c.remittance_claim_id = e.remittance_claim_id
left join remittance m on m.remittance_id = c.remittance_id
left join remittance_run made on made.remittance_run_id = m.remittance_run_id
where e.payee_id = any(:payees)
order by e.entry_id
"""

PAYEES = """
select payee_id from payee
where registry_version = (select max(registry_version) from provider_registry) and payee_id = any(:payees)
"""

BEGIN = """
insert into provider_account_load (archive_path, loaded_at, loaded_by, added, changed)
values (:path, :now, :by, :added, :changed) returning load_id
"""

LOADED = "select archive_path, loaded_by, loaded_at from provider_account_load where load_id = :load"

ADD = """
insert into provider_account_entry (payee_id, reason_code, reference, amount_cents, due_from, recorded_at, load_id)
select payee_id, reason_code, reference, amount_cents, due_from, :now, :load from entry_added order by 1, 2, 3
"""

CHANGE = """
update provider_account_entry e set amount_cents = c.amount_cents, due_from = c.due_from, load_id = :load
from entry_changed c
where e.payee_id = c.payee_id and e.reason_code = c.reason_code and e.reference = c.reference and e.load_id is not null
"""

BOOK = """
insert into provider_account_entry (payee_id, reason_code, reference, amount_cents, due_from, recorded_at,
    remittance_claim_id)
select l.payee_id, 'WO', l.reference, l.cents, :due_from, :now, c.remittance_claim_id
from recovery_left l join remittance_claim c on c.decision_id = l.decision_id and c.entry = 'reversal'
order by c.remittance_claim_id
"""


@dataclass(frozen=True, slots=True)
class Load:
    """A file of entries that is archived."""

    archive_path: str
    by: str
    now: datetime


def stored_entries(conn: Connection, payees: list[str]) -> pd.DataFrame:
    """Everything booked of these payees: which payment settled it, and whether a run that may be given up made it."""
    return read_frame(conn, text(STORED), {"payees": payees})


def known_payees(conn: Connection, payees: list[str]) -> set[str]:
    """Those of them that the newest registry has."""
    return set(conn.execute(text(PAYEES), {"payees": payees}).scalars())


def loaded_file(conn: Connection, load_id: int) -> Load:
    """Where the file of a load is archived, and who brought it."""
    return Load(*conn.execute(text(LOADED), {"load": load_id}).one())


def store(conn: Connection, load: Load, added: pd.DataFrame, changed: pd.DataFrame) -> int:
    """Book new entries and tell open ones anew; the load's id. The caller holds the settlement's lock."""
    values = {"path": load.archive_path, "now": load.now, "by": load.by, "added": len(added), "changed": len(changed)}
    load_id = int(conn.execute(text(BEGIN), values).scalar_one())
    stage(conn, "entry_added", pa.Table.from_pandas(added, schema=ENTRY, preserve_index=False))
    stage(conn, "entry_changed", pa.Table.from_pandas(changed, schema=ENTRY, preserve_index=False))
    run(conn, ADD, now=load.now, load=load_id)
    run(conn, CHANGE, load=load_id)
    return load_id


def book_recoveries(conn: Connection, left: pd.DataFrame, due_from: object, now: datetime) -> None:
    """Book what a run that was just stored left with payees, to be taken from `due_from` on.

    `left`: decision_id (of the reversal), payee_id, reference, cents.
    """
    if len(left):
        stage(conn, "recovery_left", pa.Table.from_pandas(left, schema=LEFT, preserve_index=False))
        run(conn, BOOK, due_from=due_from, now=now)
