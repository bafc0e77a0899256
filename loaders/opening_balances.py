"""Opening balances of accumulators, by source system: each import is a version, and the newest one holds.

A version replaces the one before it whole: accumulators move by the difference, so that nothing is ever counted twice,
and what our own decisions used stays counted. Imports follow each other under a lock; the families are locked like
those of claims that are decided (`loaders.accumulators`), in the order of their keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import Connection, text

from edi.import_problems import ImportProblem
from loaders.claim_members import find_members
from loaders.staging import analyze, identifier_key, name_key, run, stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

BALANCE_LOCK = 0x0BA1A9CE
"""Key of the advisory lock under which one import runs at a time."""

ROW_SCHEMA = pa.schema(
    [
        ("claim_id", pa.int64()),
        ("holder", pa.string()),
        ("subscriber_id", pa.string()),
        ("group_id", pa.string()),
        ("patient_first_name", pa.string()),
        ("patient_birth_date", pa.date32()),
        ("plan_id", pa.string()),
        ("counter", pa.string()),
        ("period_from", pa.date32()),
        ("used", pa.int64()),
        ("service_from", pa.date32()),
    ]
)

VERSIONS = """
select opening_import_id, source_system, version, balances, changed, ended, content_sha256 from opening_import
where source_system = :system order by version desc
"""

BEGIN = """
insert into opening_import (source_system, version, content_sha256, archive_path, imported_at, imported_by, balances,
    changed, ended)
values (:system, :version, :sha256, :path, :now, :by, 0, 0, 0) returning opening_import_id
"""

# The row number stands for the claim that members are found of.
HOLDERS = """
create temporary table opening_holder on commit drop as
with family as (
    select r.claim_id as row, min(m.group_id) as group_id, count(distinct m.group_id) as groups
    from opening_used r
    join member m on m.subscriber_number = r.subscriber_key and m.group_id = coalesce(r.group_id, m.group_id)
    where r.holder = 'family' group by r.claim_id
)
select r.claim_id as row, r.holder, r.plan_id, r.counter, r.period_from, r.used, f.groups,
    m.member_id, coalesce(m.group_id, f.group_id) as group_id,
    coalesce(m.subscriber_number, r.subscriber_key) as subscriber_number
from opening_used r
left join claim_member c on c.claim_id = r.claim_id and r.holder = 'member'
left join member m on m.member_id = c.member_id and m.group_id = coalesce(r.group_id, m.group_id)
left join family f on f.row = r.claim_id
"""

PROBLEMS = """
select row, 'column subscriber_id: several groups have it; say which in column group_id' as text
from opening_holder where holder = 'family' and groups > 1
union all
select row, 'column subscriber_id: nobody on file has it in such a group'
from opening_holder where holder = 'family' and groups is null
union all
select row, 'column subscriber_id: nobody on file has it with such a birth date, first name and group, or several have'
from opening_holder where holder = 'member' and member_id is null
union all
select row, 'the balance was told before' from (
    select row, row_number() over (
        partition by holder, member_id, group_id, case when holder = 'family' then subscriber_number end, plan_id,
            counter, period_from order by row
    ) as place
    from opening_holder where member_id is not null or holder = 'family' and groups = 1
) each where place > 1
order by 1, 2
"""

OLD = """
create temporary table opening_before on commit drop as
select b.accumulator_id, b.amount from opening_balance b where b.opening_import_id = cast(:before as bigint)
"""

MEET_FAMILIES = """
insert into benefit_family (group_id, subscriber_number)
select distinct o.group_id, o.subscriber_number from opening_holder o
left join benefit_family f using (group_id, subscriber_number)
where f.family_key is null order by 1, 2
on conflict do nothing
"""

LOCK_FAMILIES = """
select family_key from benefit_family
where (group_id, subscriber_number) in (
    select group_id, subscriber_number from opening_holder
    union
    select m.group_id, m.subscriber_number
    from opening_before b join accumulator a using (accumulator_id) join member m on m.member_id = a.holder_id
    where a.holder = 'member'
) or family_key in (
    select a.holder_id from opening_before b join accumulator a using (accumulator_id) where a.holder = 'family'
)
order by family_key for no key update
"""

MEET_ACCUMULATORS = """
insert into accumulator (holder, holder_id, plan_id, counter, period_from, amount)
select h.holder, coalesce(h.member_id, f.family_key), h.plan_id, h.counter, h.period_from, 0
from opening_holder h left join benefit_family f using (group_id, subscriber_number)
order by 1, 2, 3, 4, 5
on conflict (holder, holder_id, plan_id, counter, period_from) do nothing
"""

NEW = """
create temporary table opening_after on commit drop as
select a.accumulator_id, h.row, h.used as amount
from opening_holder h left join benefit_family f using (group_id, subscriber_number)
join accumulator a on a.holder = h.holder and a.holder_id = coalesce(h.member_id, f.family_key)
    and a.plan_id = h.plan_id and a.counter = h.counter and a.period_from = h.period_from
"""

OF_ANOTHER_SYSTEM = """
select n.row, 'the balance was brought from another system before' as text
from opening_after n
join opening_balance b using (accumulator_id)
join opening_import i using (opening_import_id)
where i.source_system <> :system and i.version = (
    select max(version) from opening_import other where other.source_system = i.source_system
)
order by n.row
"""

STORE = """
insert into opening_balance (opening_import_id, accumulator_id, row_number, amount)
select cast(:import_id as bigint), accumulator_id, row, amount from opening_after order by accumulator_id
"""

MOVE = """
update accumulator a set amount = a.amount + moved.amount
from (
    select accumulator_id, coalesce(n.amount, 0) - coalesce(b.amount, 0) as amount
    from opening_after n full join opening_before b using (accumulator_id)
) moved
where a.accumulator_id = moved.accumulator_id and moved.amount <> 0
"""

FINISH = """
update opening_import set balances = counted.balances, changed = counted.changed, ended = counted.ended
from (
    select count(n.accumulator_id) as balances,
        count(*) filter (where n.amount <> b.amount) as changed,
        count(*) filter (where n.accumulator_id is null) as ended
    from opening_after n full join opening_before b using (accumulator_id)
) counted
where opening_import_id = :import_id
"""

BALANCES = """
select a.holder, case when a.holder = 'member' then a.holder_id end as member_id, a.plan_id, a.counter, a.period_from,
    a.amount, coalesce(o.amount, 0) as opening, o.source_system, o.version
from accumulator a
left join lateral (
    select b.amount, i.source_system, i.version
    from opening_balance b join opening_import i using (opening_import_id)
    where b.accumulator_id = a.accumulator_id and i.version = (
        select max(version) from opening_import other where other.source_system = i.source_system
    )
) o on true
where (a.holder = 'member' and a.holder_id = any(:member_ids) or a.holder = 'family' and a.holder_id in (
    select f.family_key from benefit_family f
    join member m on m.group_id = f.group_id and m.subscriber_number = f.subscriber_number
    where m.member_id = any(:member_ids)
)) and (a.amount <> 0 or o.amount is not null)
order by a.holder desc, a.holder_id, a.plan_id, a.period_from, a.counter
"""


@dataclass(frozen=True, slots=True)
class OpeningImport:
    """A version of a system's opening balances."""

    import_id: int
    source_system: str
    version: int
    balances: int
    changed: int
    """Balances that the version before had with another amount."""
    ended: int
    """Balances that only the version before had."""
    content_sha256: str


@dataclass(frozen=True, slots=True)
class BenefitUsed:
    """How much of a benefit is used, and how much of that came with the opening of the books."""

    holder: str
    member_id: int | None
    """None of a family."""
    plan_id: str
    counter: str
    period_from: date
    amount: int
    opening: int
    source_system: str | None
    """Where the opening balance came from."""
    version: int | None


def versions(conn: Connection, source_system: str) -> list[OpeningImport]:
    """What was imported from a system, the newest first; no other import begins until the transaction ends."""
    conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": BALANCE_LOCK})
    return [OpeningImport(*row) for row in conn.execute(text(VERSIONS), {"system": source_system})]


def begin(
    conn: Connection, source_system: str, version: int, sha256: str, archive_path: str, by: str, now: datetime
) -> int:
    """Enter a version; its id. The transaction must `load` it."""
    values = {"system": source_system, "version": version, "sha256": sha256, "path": archive_path, "by": by, "now": now}
    return int(conn.execute(text(BEGIN), values).scalar_one())


def resolve(conn: Connection, rows: pd.DataFrame, today: date) -> list[ImportProblem]:
    """Find members and families of the rows, and what is wrong with these."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    # of one person in two groups, the one covered today is meant
    staged = rows.assign(claim_id=rows["row"], service_from=pd.Timestamp(today))
    table = pa.Table.from_pandas(staged[ROW_SCHEMA.names], schema=ROW_SCHEMA, preserve_index=False)
    table = table.append_column("subscriber_key", identifier_key(table["subscriber_id"]))
    stage(conn, "opening_used", table.append_column("first_name_key", name_key(table["patient_first_name"])))
    analyze(conn, "opening_used")
    find_members(conn, "opening_used")
    run(conn, HOLDERS)
    return [ImportProblem(row.row, row.text) for row in conn.execute(text(PROBLEMS))]


def load(conn: Connection, import_id: int, source_system: str, before: int | None) -> list[ImportProblem]:
    """Make the resolved rows the version in force, in place of the import `before`; or what keeps them from it."""
    run(conn, OLD, before=before)
    run(conn, MEET_FAMILIES)
    run(conn, LOCK_FAMILIES)
    run(conn, MEET_ACCUMULATORS)
    run(conn, NEW)
    elsewhere = conn.execute(text(OF_ANOTHER_SYSTEM), {"system": source_system})
    problems = [ImportProblem(row.row, row.text) for row in elsewhere]
    if not problems:
        run(conn, STORE, import_id=import_id)
        run(conn, MOVE)
        run(conn, FINISH, import_id=import_id)
    return problems


def benefits_used(conn: Connection, member_ids: Sequence[int]) -> list[BenefitUsed]:
    """What these members and their families have used of their benefits, where anything."""
    return [BenefitUsed(*row) for row in conn.execute(text(BALANCES), {"member_ids": list(member_ids)})]
