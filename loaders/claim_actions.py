"""Claims that wait, and what people did with them: added to and never changed.

Whoever acts on a claim locks it first (`lock_pended`), in the order of `loaders.claim_locks`, and decides it in the
same transaction; so of two people, or of a person and adjudication, one acts and the other finds that the claim waits
no longer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, insert, text

from edi.claim_facts import OperatorActions
from edi.pend_queues import PendQueues
from edi.trouble import Usage
from loaders.claim_locks import lock_claims
from loaders.frames import read_frame
from loaders.id_lists import id_list
from loaders.schema.claim_operations import claim_action, claim_action_price

Action = Literal["assign", "release", "deny", "price"]

WAITING = """
select c.claim_id, c.claim_number, c.kind, c.frequency_code, c.charge_cents, c.received_date, c.partner,
    last.pend_reason, first.decided_on as pended_on, last.decided_on as reason_since, assigned.owner as assigned_to,
    coalesce(assigned.owner, cast(:queues as jsonb) ->> last.pend_reason, :default_queue) as owner
from claim c
cross join lateral (
    select pend_reason, decided_on from decision where claim_id = c.claim_id order by sequence desc limit 1
) last
cross join lateral (
    select min(decided_on) as decided_on from decision where claim_id = c.claim_id and outcome = 'pended'
) first
left join lateral (
    select owner from claim_action where claim_id = c.claim_id and action = 'assign' order by action_id desc limit 1
) assigned on true
where c.state = 'pended'
"""

PENDED = f"""
select * from ({WAITING}) waiting
where (cast(:reason as text) is null or pend_reason = :reason)
    and (cast(:owned_by as text) is null or owner = :owned_by)
    and pended_on <= :latest and pended_on >= :earliest
order by pended_on, claim_number
limit :most
"""  # noqa: S608 - put together from constants

COUNTS = f"""
select pend_reason, owner, pended_on, cast(count(*) as bigint) as claims,
    cast(sum(charge_cents) as bigint) as charge_cents
from ({WAITING}) waiting group by pend_reason, owner, pended_on order by pend_reason, owner, pended_on
"""  # noqa: S608 - as above

FIND = "select claim_id from claim where claim_number = :number"

LAST_PEND = """
select c.claim_id, c.claim_number, c.state, d.pend_reason, d.sequence
from claim c left join decision d on d.claim_id = c.claim_id
where c.claim_id = :claim_id order by d.sequence desc limit 1
"""

TIE = """
update claim_action set decision_id = (
    select decision_id from decision where claim_id = :claim_id order by sequence desc limit 1
)
where action_id = :action_id
"""

RELEASES = """
select distinct claim_id, pend_reason from claim_action
where claim_id = any(:claim_ids) and action = 'release' order by claim_id, pend_reason
"""

PRICES = """
select distinct on (a.claim_id, p.line_number) a.claim_id, p.line_number, p.allowed_cents
from claim_action a join claim_action_price p using (action_id)
where a.claim_id = any(:claim_ids)
order by a.claim_id, p.line_number, a.action_id desc
"""

ACTIONS = """
select a.action_id, a.claim_id, c.claim_number, a.action, a.pend_reason, a.acted_at, a.acted_by, a.note, a.owner,
    a.group_code, a.reason_code, a.remark_codes, d.sequence,
    (select jsonb_object_agg(p.line_number, p.allowed_cents order by p.line_number)
     from claim_action_price p where p.action_id = a.action_id) as prices
from claim_action a
join claim c using (claim_id)
left join decision d using (decision_id)
where cast(:claim_ids as bigint[]) is null or a.claim_id = any(:claim_ids)
order by a.action_id
"""


class NotPended(Usage):
    """A claim that waits for nobody, or for something else than was said."""


@dataclass(frozen=True, slots=True)
class Pended:
    """A claim that waits."""

    claim_id: int
    claim_number: str
    kind: str
    frequency_code: str
    charge_cents: int
    received_date: date
    partner: str
    pend_reason: str
    pended_on: date
    """First day on which it waited, for this reason or another."""
    reason_since: date
    assigned_to: str | None
    owner: str
    """Whom it was assigned to, else the queue of its reason."""


@dataclass(frozen=True, slots=True)
class PendCount:
    """Claims that wait for one reason, with one owner, since one day."""

    pend_reason: str
    owner: str
    pended_on: date
    claims: int
    charge_cents: int


@dataclass(frozen=True, slots=True)
class RecordedAction:
    """What somebody did."""

    action_id: int
    claim_id: int
    claim_number: str
    action: str
    pend_reason: str
    acted_at: datetime
    acted_by: str
    note: str | None
    owner: str | None
    group_code: str | None
    reason_code: str | None
    remark_codes: str | None
    sequence: int | None
    """Of the decision that came of it."""
    prices: Mapping[str, int] | None
    """Cents allowed, by line number."""


def list_pended(
    conn: Connection,
    queues: PendQueues,
    *,
    reason: str | None = None,
    owner: str | None = None,
    since: tuple[date, date] = (date.min, date.max),
    most: int = 100,
) -> list[Pended]:
    """Claims that wait, the longest first; `since` are the first and last day on which they may have begun to."""
    parameters = {
        **_queues(queues),
        "reason": reason,
        "owned_by": owner,
        "earliest": since[0],
        "latest": since[1],
        "most": most,
    }
    return [Pended(**row) for row in conn.execute(text(PENDED), parameters).mappings()]


def count_pended(conn: Connection, queues: PendQueues) -> list[PendCount]:
    """All claims that wait, counted."""
    return [PendCount(**row) for row in conn.execute(text(COUNTS), _queues(queues)).mappings()]


def _queues(queues: PendQueues) -> dict[str, object]:
    return {"queues": json.dumps(dict(queues.by_reason)), "default_queue": queues.default}


def find(conn: Connection, claim_number: str) -> int:
    """The id of a claim by our number; raises NotPended where none has it."""
    claim_id = conn.execute(text(FIND), {"number": claim_number}).scalar_one_or_none()
    if claim_id is None:
        raise NotPended("No claim of ours has that number.")
    return int(claim_id)


def lock_pended(conn: Connection, claim_number: str, reason: str | None = None) -> tuple[int, str]:
    """Lock a claim that waits until the transaction ends; its id, and the reason it waits for.

    Raises:
        NotPended: there is no such claim, it waits no longer, or not for `reason`.
    """
    claim_id = find(conn, claim_number)
    lock_claims(conn, [claim_id])
    # a statement after the lock sees what its last owner committed
    row = conn.execute(text(LAST_PEND), {"claim_id": claim_id}).one()
    if row.state != "pended":
        raise NotPended(f"Claim {row.claim_number} does not wait: it is {row.state}.")
    if reason is not None and row.pend_reason != reason:
        raise NotPended(f"Claim {row.claim_number} waits for {row.pend_reason}, not for {reason}.")
    return claim_id, str(row.pend_reason)


def record(
    conn: Connection,
    claim_id: int,
    action: Action,
    pend_reason: str,
    by: str,
    now: datetime,
    *,
    note: str | None = None,
    owner: str | None = None,
    denial: tuple[str, str, Sequence[str]] | None = None,
    prices: Mapping[int, int] | None = None,
) -> int:
    """Add an action on a locked claim; its id. `denial` is group, reason and remarks, `prices` cents by line."""
    group, reason, remarks = denial or (None, None, ())
    values = {
        "claim_id": claim_id,
        "action": action,
        "pend_reason": pend_reason,
        "acted_at": now,
        "acted_by": by,
        "note": note,
        "owner": owner,
        "group_code": group,
        "reason_code": reason,
        "remark_codes": " ".join(remarks) or None,
    }
    added = insert(claim_action).values(**values).returning(claim_action.c.action_id)
    action_id = int(conn.execute(added).scalar_one())
    rows = [
        {"action_id": action_id, "line_number": line, "allowed_cents": cents}
        for line, cents in sorted((prices or {}).items())
    ]
    if rows:
        conn.execute(insert(claim_action_price), rows)
    return action_id


def tie_to_decision(conn: Connection, action_id: int, claim_id: int) -> None:
    """Say which decision came of an action: the last one of its claim."""
    conn.execute(text(TIE), {"claim_id": claim_id, "action_id": action_id})


def read(conn: Connection, claim_ids: Sequence[int]) -> OperatorActions:
    """What the rules need to know of people's actions on claims."""
    wanted = {"claim_ids": id_list(claim_ids)}
    return OperatorActions(
        releases=read_frame(conn, text(RELEASES), wanted), prices=read_frame(conn, text(PRICES), wanted)
    )


def actions(conn: Connection, claim_ids: Sequence[int] | None = None) -> list[RecordedAction]:
    """What people did with some claims, or with all of them, in order."""
    wanted = {"claim_ids": list(claim_ids) if claim_ids is not None else None}
    return [RecordedAction(**row) for row in conn.execute(text(ACTIONS), wanted).mappings()]
