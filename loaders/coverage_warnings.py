"""Warnings of a round of coverage changes, said before it is applied: what the spans on file make of what was sent."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from loaders.staging import run

WARN = """
insert into enrollment_problem
select e.set_key, w.code, 'HD', '2300', e.source_start, e.source_stop
from coverage_change e
cross join lateral (
    select bool_or(s.ends_before > e.ends_before) as reaches_further, bool_or(s.ends_before = e.ends_before) as is_end,
        bool_or(s.starts_on <= e.begins_on and s.ends_before > e.begins_on) as covers_day,
        max(s.ends_before) filter (where s.starts_on = e.begins_on and s.ends_before < 'infinity') as ended,
        count(*) > 0 as has_any
    from span_now s where s.coverage_key = e.coverage_key and s.plan_id = coalesce(e.plan_id, s.plan_id)
) s
cross join lateral (
    select case
        when e.action = 'reinstate' and not s.has_any then 'ENROLLMENT_NOTHING_TO_REINSTATE'
        when e.action = 'add' and e.ends_before is null and s.ended is not null
            -- it goes on in the plan that its code means from then on
            and s.ended is distinct from e.renews_on then
            case when (e.is_truth or s.ended > :received) and not exists (
                select from span_now n where n.coverage_key = e.coverage_key and n.starts_on = s.ended
            ) then 'ENROLLMENT_END_CANCELLED' else 'ENROLLMENT_COVERAGE_ENDED_ALREADY' end
        when e.action in ('terminate', 'void') and not s.has_any and not exists (
            select from coverage_span h
            where h.member_id = e.member_id and h.coverage_key = e.coverage_key
                and h.plan_id = coalesce(e.plan_id, h.plan_id)
        ) then 'ENROLLMENT_COVERAGE_UNKNOWN'
        when e.action = 'terminate' and s.has_any and not s.reaches_further and not s.is_end
            then 'ENROLLMENT_COVERAGE_ENDED_ALREADY'
        when e.action = 'change' and e.plan_id is null and not coalesce(s.covers_day, false)
            then 'ENROLLMENT_COVERAGE_UNKNOWN'
    end as code
) w
where e.round = :round and not e.is_derived and not e.is_absent and w.code is not null
"""

OVERLAPS = """
insert into enrollment_problem
select distinct f.set_key, 'ENROLLMENT_COVERAGE_OVERLAP', 'HD', '2300', f.source_start, f.source_stop
from span_effect f
join span_now s on s.coverage_key = f.coverage_key and s.starts_on < f.cut_before and s.ends_before > f.cut_from
where f.set_key is not null and s.plan_id <> f.plan_id
"""


def warn_of_round(conn: Connection, round_number: int, received: date) -> None:
    """Compare the changes of a round in `coverage_change` with the spans in `span_now`."""
    run(conn, WARN, round=round_number, received=received)


def warn_of_overlaps(conn: Connection) -> None:
    """Find the additions among the effects of a round that take days from another plan."""
    run(conn, OVERLAPS)
