"""Accumulators: locked before claims are decided, read as facts, and moved with the decisions.

Whoever decides claims locks the families of their members in the order of their keys, after the claims themselves
(`loaders.claim_locks`), so that two batches with claims of one family follow each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
from sqlalchemy import Connection, text

from loaders.frames import read_frame
from loaders.id_lists import id_list
from loaders.staging import run, stage

if TYPE_CHECKING:
    import pandas as pd

ENTRY_SCHEMA = pa.schema(
    [
        ("claim_id", pa.int64()),
        ("holder", pa.string()),
        ("holder_id", pa.int64()),
        ("plan_id", pa.string()),
        ("counter", pa.string()),
        ("period_from", pa.date32()),
        ("before", pa.int64()),
        ("taken_back", pa.int64()),
        ("used", pa.int64()),
    ]
)

MEET_FAMILIES = """
insert into benefit_family (group_id, subscriber_number)
select distinct m.group_id, m.subscriber_number
from claim c join member m using (member_id)
left join benefit_family f on f.group_id = m.group_id and f.subscriber_number = m.subscriber_number
where c.claim_id = any(:claim_ids) and f.family_key is null
order by 1, 2
on conflict do nothing
"""

LOCK_FAMILIES = """
select family_key from benefit_family
where (group_id, subscriber_number) in (
    select m.group_id, m.subscriber_number from claim c join member m using (member_id)
    where c.claim_id = any(:claim_ids)
)
order by family_key for no key update
"""

FAMILIES = """
select m.member_id, f.family_key
from member m
join benefit_family f on f.group_id = m.group_id and f.subscriber_number = m.subscriber_number
where m.member_id in (select member_id from claim where claim_id = any(:claim_ids))
order by m.member_id
"""

AMOUNTS = """
select a.holder, a.holder_id, a.plan_id, a.counter, a.period_from, a.amount
from accumulator a
where a.holder = 'member' and a.holder_id in (select member_id from claim where claim_id = any(:claim_ids))
    or a.holder = 'family' and a.holder_id = any(:family_keys)
order by a.accumulator_id
"""

TAKEN_BACK = """
select c.claim_id, a.holder, a.holder_id, a.plan_id, a.counter, a.period_from, e.used as amount
from claim c
join decision d on d.claim_id = c.{owner}
join accumulator_entry e on e.decision_id = d.decision_id and e.used <> 0
join accumulator a using (accumulator_id)
where c.claim_id = any(:claim_ids)
    and d.sequence = (select max(sequence) from decision where claim_id = c.{owner})
order by c.claim_id, a.accumulator_id
"""

MOVE = """
insert into accumulator (holder, holder_id, plan_id, counter, period_from, amount)
select e.holder, e.holder_id, e.plan_id, e.counter, e.period_from, cast(sum(e.used - e.taken_back) as bigint)
from decided_accumulator e join new_decision n using (claim_id)
group by e.holder, e.holder_id, e.plan_id, e.counter, e.period_from
order by 1, 2, 3, 4, 5
on conflict (holder, holder_id, plan_id, counter, period_from)
do update set amount = accumulator.amount + excluded.amount
"""

INSERT_ENTRIES = """
insert into accumulator_entry (decision_id, accumulator_id, before, taken_back, used)
select n.decision_id, a.accumulator_id, e.before, e.taken_back, e.used
from decided_accumulator e
join new_decision n using (claim_id)
join accumulator a on a.holder = e.holder and a.holder_id = e.holder_id and a.plan_id = e.plan_id
    and a.counter = e.counter and a.period_from = e.period_from
"""


class Accumulators(NamedTuple):
    """What is known of the benefits of some claims' members, as `edi.claim_facts.ClaimFacts` says."""

    families: pd.DataFrame
    amounts: pd.DataFrame
    taken_back: pd.DataFrame


def lock(conn: Connection, claim_ids: Sequence[int]) -> None:
    """Lock the families of these claims' members until the transaction ends.

    The caller has locked the claims.
    """
    wanted = {"claim_ids": id_list(claim_ids)}
    conn.execute(text(MEET_FAMILIES), wanted)
    conn.execute(text(LOCK_FAMILIES), wanted)


def read(conn: Connection, claim_ids: Sequence[int], *, again: bool = False) -> Accumulators:
    """What the members of these claims and their families have used; the caller has locked them.

    Taken back is what the originals of corrections had used, or, of claims that are decided `again`, they themselves.
    """
    wanted: dict[str, object] = {"claim_ids": id_list(claim_ids)}
    families = read_frame(conn, text(FAMILIES), wanted)
    keys = sorted(set(families["family_key"].tolist()))
    amounts = read_frame(conn, text(AMOUNTS), {**wanted, "family_keys": keys})
    taken_back = text(TAKEN_BACK.format(owner="claim_id" if again else "original_claim_id"))
    return Accumulators(families, amounts, read_frame(conn, taken_back, wanted))


def store(conn: Connection, entries: pd.DataFrame) -> None:
    """Move the accumulators by what the decisions of the temporary table `new_decision` used and took back."""
    if entries.empty:
        return
    table = pa.Table.from_pandas(entries[ENTRY_SCHEMA.names], schema=ENTRY_SCHEMA, preserve_index=False)
    stage(conn, "decided_accumulator", table)
    run(conn, MOVE)
    run(conn, INSERT_ENTRIES)
