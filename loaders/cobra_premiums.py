"""Is continued coverage (COBRA) paid for? Between its election and its first premium, claims wait.

| INS04 | of a member with INS05 = C | the premium is |
|---|---|---|
| 09 | whose continued coverage begins with the row | elected: not paid yet |
| 10 | and of the dependants, where the member is the subscriber | paid |

Senders who never say either mean coverage that is paid for, and so do those who repeat 09 in every roster: only the
row that brings the coverage elects it. A new election after the end of another is unpaid again.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from loaders.staging import run

PAID = """
create temporary table premium_paid on commit drop as
with told as (
    select p.group_id, p.member_id, p.subscriber_number, p.is_subscriber = 'Y' as is_subscriber, p.source_start,
        p.source_stop
    from recognised_person p
    where not p.compares and p.benefit_status = 'C' and p.maintenance_reason = '10'
), meant as (
    select member_id, source_start, source_stop from told
    union all
    select d.member_id, t.source_start, t.source_stop
    from told t
    join member d on d.group_id = t.group_id and d.subscriber_number = t.subscriber_number and not d.is_subscriber
    where t.is_subscriber
)
select member_id, min(source_start) as source_start, min(source_stop) as source_stop from meant group by member_id
"""

STATES = """
create temporary table premium_change on commit drop as
with elected as (
    select p.member_id, min(p.source_start) as source_start, min(p.source_stop) as source_stop
    from recognised_person p
    where not p.compares and p.benefit_status = 'C' and p.maintenance_reason = '09' and exists (
        select from coverage_key k
        join span_new n on n.coverage_key = k.coverage_key and n.is_cobra
        where k.member_id = p.member_id and not exists (
            -- what only goes on, or is corrected, was elected before
            select from span_before b
            where b.coverage_key = n.coverage_key and b.is_cobra and b.starts_on <= n.ends_before
                and b.ends_before >= n.starts_on
        )
    )
    group by p.member_id
), wanted as (
    select member_id, 'elected' as state, source_start, source_stop from elected
    where member_id not in (select member_id from premium_paid)
    union all
    select member_id, 'paid', source_start, source_stop from premium_paid
)
select w.*, c.premium_id
from wanted w
left join cobra_premium c on c.member_id = w.member_id and c.superseded_at is null
-- who never elected has paid as it is
where c.state is distinct from w.state and (w.state = 'elected' or c.state = 'elected')
"""

SUPERSEDE = """
update cobra_premium c set superseded_at = greatest(:now, c.recorded_at), superseded_by = :file_id
from premium_change p where p.premium_id = c.premium_id
"""

RECORD = """
insert into cobra_premium (member_id, state, recorded_at, file_id, source_start, source_stop)
select member_id, state, :now, :file_id, source_start, source_stop from premium_change order by member_id
"""


def record_cobra_premiums(conn: Connection, file_id: int, now: datetime) -> None:
    """Record what the rows of `recognised_person` say of premiums; `span_before` and `span_new` tell what begins."""
    run(conn, PAID)
    run(conn, STATES)
    run(conn, SUPERSEDE, file_id=file_id, now=now)
    run(conn, RECORD, file_id=file_id, now=now)
