"""Decisions of another system on their way into the warehouse: what they are about, and that they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import Connection, text

from loaders.claim_locks import lock_claims
from loaders.frames import read_frame
from loaders.payments_due_queries import STILL_DUE
from loaders.staging import run, stage

if TYPE_CHECKING:
    import pandas as pd

IMPORT_LOCK = 0xDEC1DE
"""Key of the advisory lock under which one import runs at a time."""

FIND = "select claim_id from claim where claim_number = any(:numbers) order by claim_id"

CLAIMS = f"""
select c.claim_number, c.claim_id, c.state, c.frequency_code, c.correction_problem, c.charge_cents, c.version_state,
    orig.state as original_state, orig.version_state as original_version_state,
    -- what another system decided before, and no remittance can say
    exists (
        select from remittance_left_out o join decision d using (decision_id)
        where o.claim_id = c.claim_id and d.source = 'imported' and {STILL_DUE}
    ) as left_out
from claim c left join claim orig on orig.claim_id = c.original_claim_id
where c.claim_id = any(:claim_ids) order by c.claim_id
"""  # noqa: S608 - our own text

LINES = """
select claim_id, line_number, charge_cents from claim_line
where claim_id = any(:claim_ids) order by claim_id, line_number
"""

EARLIER = "select import_id, claims, paid_cents, interest_cents from decision_import where content_sha256 = :sha256"

BEGIN = """
insert into decision_import (content_sha256, source_system, archive_path, imported_at, imported_by, claims, paid_cents,
    interest_cents)
values (:sha256, :source_system, '', :now, :by, 0, 0, 0) returning import_id
"""

ADD_INTEREST = """
update decision d set interest_cents = i.interest_cents, interest_said = true
from new_decision n join imported_interest i using (claim_id)
where d.decision_id = n.decision_id
"""

FINISH = """
update decision_import set archive_path = :path, claims = counted.claims, paid_cents = counted.paid_cents,
    interest_cents = counted.interest_cents
from (
    select count(*) as claims, coalesce(sum(paid_cents), 0) as paid_cents,
        coalesce(sum(interest_cents), 0) as interest_cents
    from decision where import_id = :import_id
) counted
where import_id = :import_id
returning import_id, decision_import.claims, decision_import.paid_cents, decision_import.interest_cents
"""

INTEREST = pa.schema([("claim_id", pa.int64()), ("interest_cents", pa.int64())])


@dataclass(frozen=True, slots=True)
class DecisionImport:
    """A file that was imported."""

    import_id: int
    claims: int
    paid_cents: int
    interest_cents: int


@dataclass(frozen=True, slots=True)
class ClaimsNamed:
    """The claims of a file, locked."""

    claims: pd.DataFrame
    lines: pd.DataFrame


def earlier_import(conn: Connection, sha256: str) -> DecisionImport | None:
    """The import of the same content, if there was one; no other begins until the transaction ends."""
    conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})
    row = conn.execute(text(EARLIER), {"sha256": sha256}).one_or_none()
    return None if row is None else DecisionImport(*row)


def lock_named(conn: Connection, claim_numbers: Sequence[str]) -> ClaimsNamed:
    """Lock the claims of these numbers until the transaction ends, and read what decisions are judged against."""
    found = conn.execute(text(FIND), {"numbers": list(claim_numbers)}).scalars().all()
    lock_claims(conn, found)
    wanted = {"claim_ids": list(found)}
    return ClaimsNamed(read_frame(conn, text(CLAIMS), wanted), read_frame(conn, text(LINES), wanted))


def begin(conn: Connection, sha256: str, source_system: str, by: str, now: datetime) -> int:
    """Enter a file; its id. The transaction must `finish` it."""
    values = {"sha256": sha256, "source_system": source_system, "by": by, "now": now}
    return int(conn.execute(text(BEGIN), values).scalar_one())


def finish(conn: Connection, import_id: int, interest: pd.DataFrame, archive_path: str) -> DecisionImport:
    """Add the interest of the decisions in the temporary table `new_decision`, and count what was imported."""
    stage(conn, "imported_interest", pa.Table.from_pandas(interest, schema=INTEREST, preserve_index=False))
    run(conn, ADD_INTEREST)
    return DecisionImport(*conn.execute(text(FINISH), {"import_id": import_id, "path": archive_path}).one())
