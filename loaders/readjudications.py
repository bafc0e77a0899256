"""Claims that are decided again by other rules: which may be, that somebody asked for it, and what is to be taken back.

A decision is never changed: the claim gets another one. What was remitted of the earlier one stands no longer, and the
next remittance reverses it before it carries the new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, text

from loaders import payment_runs
from loaders.claim_locks import lock_claims
from loaders.schema.replay import readjudication
from loaders.staging import run

REFUSALS = """
select c.claim_id, case
    when c.state not in ('paid', 'denied') then 'UNDECIDED'
    when d.sequence <> shown.sequence then 'DECIDED_MEANWHILE'
    when d.source <> 'rules' then 'NOT_BY_RULES'
    when d.claim_status_code = 'void' then 'VOID'
    when c.version_state in ('replaced', 'voided') then 'SUPERSEDED'
    -- whether it takes its original's place was settled with its first decision
    when c.frequency_code in ('7', '8') then 'CORRECTION'
    when exists (
        select from claim other
        where other.family_id = c.family_id and other.claim_id <> c.claim_id and other.state in ('accepted', 'pended')
    ) then 'CORRECTION_WAITS'
end as refusal
from claim c
join unnest(cast(:claim_ids as bigint[]), cast(:sequences as integer[])) shown (claim_id, sequence) using (claim_id)
left join lateral (
    select sequence, source, claim_status_code from decision
    where claim_id = c.claim_id order by sequence desc limit 1
) d on true
order by c.claim_id
"""

LOCK_FAMILIES = """
select f.family_id from claim_family f
where f.family_id in (select family_id from claim where claim_id = any(:claim_ids))
order by f.family_id for no key update
"""

FALL = """
update remittance_claim r set stands = false
from new_decision n where r.claim_id = n.claim_id and r.entry = 'payment' and r.stands
"""


@dataclass(frozen=True, slots=True)
class Readjudication:
    """That somebody asked for it."""

    file_id: int
    asked_by: str
    note: str | None


def lock_and_refuse(conn: Connection, shown: Mapping[int, int]) -> dict[int, str]:
    """Lock claims, and say of those that cannot be decided again why; `shown` is the decision seen of each, by claim.

    UNDECIDED: it waits, so that it is decided anyway. DECIDED_MEANWHILE: not the decision that was seen. NOT_BY_RULES:
    a person or another system decided. VOID, SUPERSEDED: it is none that is in force by itself. CORRECTION: it
    corrects another, whose standing hangs on its decision. CORRECTION_WAITS: a version not decided yet corrects it.

    Runs of payments are locked before: one that is being composed stores what it read, and it could not fall.
    """
    claim_ids = sorted(shown)
    payment_runs.lock(conn)
    conn.execute(text(LOCK_FAMILIES), {"claim_ids": claim_ids})
    lock_claims(conn, claim_ids)
    wanted = {"claim_ids": claim_ids, "sequences": [shown[claim_id] for claim_id in claim_ids]}
    return {row.claim_id: row.refusal for row in conn.execute(text(REFUSALS), wanted) if row.refusal is not None}


def begin(conn: Connection, asked: Readjudication, bundle: str, now: datetime) -> int:
    """Enter that somebody asked; its id."""
    values = {
        "file_id": asked.file_id,
        "rules_bundle": bundle,
        "asked_at": now,
        "asked_by": asked.asked_by,
        "note": asked.note,
    }
    added = insert(readjudication).values(values).returning(readjudication.c.readjudication_id)
    return int(conn.execute(added).scalar_one())


def read(conn: Connection, readjudication_id: int) -> Readjudication:
    """Who asked for what."""
    columns = (readjudication.c.file_id, readjudication.c.asked_by, readjudication.c.note)
    query = select(*columns).where(readjudication.c.readjudication_id == readjudication_id)
    return Readjudication(*conn.execute(query).one())


def let_payments_fall(conn: Connection) -> int:
    """What was remitted of the claims in the temporary table `new_decision` stands no longer; how many payments."""
    return run(conn, FALL)
