"""Apply changes of coverage to the spans on file: in rounds, one change a member and line of insurance each.

The spans of all keys that a file touches are copied to a temporary table, the rounds work there, and at the end only
the difference is recorded: spans that are no longer so are superseded, new ones inserted. A file that repeats what is
known therefore leaves no trace, and the history holds no half-way states.

In a round every change becomes at most one *effect*: a stretch of days that is cut out of the spans in its way, and
a span that is put there instead (none for an end of coverage).

- **add**: from the first day on, until the end sent or without end. Inside a span of the same plan it prolongs that
  where it asks for more; before one, and without an end, it extends that back. The first day of a span on file
  changes nothing, but an end sent with it is that span's end. Spans of other plans end the day before.
- **change**: the span that covers the day ends the day before, and one of the new plan or tier takes over until that
  span's own end. Where none covers the day, it is an addition.
- **reinstate**: the spans of the plan that touch the day go on without an end; after a gap a new span begins.
- **terminate**: no day of the plan after the end is left. An end that is recorded already changes nothing, even when
  later coverage has begun since: senders repeat themselves.
- **void**: the span of the plan that covers the day never was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from loaders.staging import analyze, run

SPANS_BEFORE = """
create temporary table span_before on commit drop as
select s.span_id, s.coverage_key, s.plan_id, s.tier, lower(s.valid) as starts_on,
    coalesce(upper(s.valid), 'infinity') as ends_before, s.source_start, s.source_stop
from coverage_span s
join (select distinct coverage_key, member_id from coverage_change) k using (coverage_key, member_id)
where s.superseded_at is null
"""

SPANS_NOW = """
create temporary table span_now on commit drop as
select coverage_key, plan_id, tier, starts_on, ends_before, source_start, source_stop from span_before
"""

INDEX_SPANS = "create index on span_now (coverage_key)"

SPAN_EFFECTS = """
create temporary table span_effect (coverage_key bigint, cut_from date, cut_before date, only_plan text, plan_id text,
    tier text, keeps_rest boolean, source_start bigint, source_stop bigint) on commit drop
"""

FORGET_EFFECTS = "truncate span_effect"

ADD = """
insert into span_effect
select e.coverage_key, t.starts_on, t.ends_before, null, e.plan_id, t.tier, true, e.source_start, e.source_stop
from coverage_change e
left join span_now c on c.coverage_key = e.coverage_key and c.starts_on <= e.begins_on and c.ends_before > e.begins_on
left join lateral (
    select s.tier, s.ends_before from span_now s
    where e.ends_before is null and s.coverage_key = e.coverage_key and s.plan_id = e.plan_id
        and s.starts_on > e.begins_on
    order by s.starts_on limit 1
) later on true
cross join lateral (
    select c.plan_id = e.plan_id as is_same_plan,
        c.plan_id = e.plan_id and coalesce(e.tier, c.tier) is not distinct from c.tier as is_same
) covered
cross join lateral (
    select
        case when covered.is_same then c.starts_on else e.begins_on end as starts_on,
        case
            when covered.is_same_plan and c.starts_on = e.begins_on then coalesce(e.ends_before, c.ends_before)
            when covered.is_same then greatest(coalesce(e.ends_before, 'infinity'), c.ends_before)
            when covered.is_same_plan then coalesce(e.ends_before, 'infinity')
            else coalesce(e.ends_before, later.ends_before, 'infinity')
        end as ends_before,
        coalesce(e.tier, case when covered.is_same_plan then c.tier else later.tier end) as tier
) t
where e.round = :round
    and (e.action = 'add' or e.action = 'change' and c.coverage_key is null and e.plan_id is not null)
"""

CHANGE = """
insert into span_effect
select e.coverage_key, case when t.is_same then c.starts_on else e.begins_on end,
    coalesce(e.ends_before, c.ends_before), null, t.plan_id, t.tier, false, e.source_start, e.source_stop
from coverage_change e
join span_now c on c.coverage_key = e.coverage_key and c.starts_on <= e.begins_on and c.ends_before > e.begins_on
cross join lateral (
    select coalesce(e.plan_id, c.plan_id) as plan_id, coalesce(e.tier, c.tier) as tier,
        (coalesce(e.plan_id, c.plan_id), coalesce(e.tier, c.tier)) is not distinct from (c.plan_id, c.tier) as is_same
) t
where e.round = :round and e.action = 'change'
"""

REINSTATE = """
insert into span_effect
select e.coverage_key,
    case when coalesce(e.tier, touching.tier) is not distinct from touching.tier
        then least(e.begins_on, touching.starts_on) else e.begins_on end,
    greatest(coalesce(e.ends_before, 'infinity'), touching.last_end),
    null, e.plan_id, coalesce(e.tier, touching.tier), true, e.source_start, e.source_stop
from coverage_change e
left join lateral (
    select s.starts_on, s.tier, max(s.ends_before) over () as last_end
    from span_now s
    where s.coverage_key = e.coverage_key and s.plan_id = e.plan_id and s.ends_before >= e.begins_on
        and s.starts_on <= coalesce(e.ends_before, 'infinity')
    -- the span of the day itself, else the one that ended the day before, else the next one
    order by s.starts_on <= e.begins_on desc, abs(s.starts_on - e.begins_on) limit 1
) touching on true
where e.round = :round and e.action = 'reinstate'
"""

TERMINATE = """
insert into span_effect
select e.coverage_key, e.ends_before, 'infinity', e.plan_id, null, null, false, e.source_start, e.source_stop
from coverage_change e
where e.round = :round and e.action = 'terminate' and not exists (
    select from span_now s
    where s.coverage_key = e.coverage_key and s.plan_id = coalesce(e.plan_id, s.plan_id)
        and s.ends_before = e.ends_before
)
"""

VOID = """
insert into span_effect
select e.coverage_key, s.starts_on, s.ends_before, null, null, null, false, e.source_start, e.source_stop
from coverage_change e
join span_now s on s.coverage_key = e.coverage_key and s.plan_id = coalesce(e.plan_id, s.plan_id)
    and s.starts_on <= e.begins_on and s.ends_before > e.begins_on
where e.round = :round and e.action = 'void'
"""

WARN = """
insert into enrollment_problem
select e.set_key, w.code, 'HD', '2300', e.source_start, e.source_stop
from coverage_change e
cross join lateral (
    select bool_or(s.ends_before > e.ends_before) as reaches_further, bool_or(s.ends_before = e.ends_before) as is_end,
        bool_or(s.starts_on <= e.begins_on and s.ends_before > e.begins_on) as covers_day,
        bool_or(s.starts_on = e.begins_on and s.ends_before < 'infinity') as has_ended,
        count(*) > 0 as has_any
    from span_now s where s.coverage_key = e.coverage_key and s.plan_id = coalesce(e.plan_id, s.plan_id)
) s
cross join lateral (
    select case
        when e.action = 'reinstate' and not s.has_any then 'ENROLLMENT_NOTHING_TO_REINSTATE'
        when e.action = 'add' and e.ends_before is null and s.has_ended then 'ENROLLMENT_COVERAGE_ENDED_ALREADY'
        when e.action = 'terminate' and not s.has_any and not exists (
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
where e.round = :round and not e.is_derived and w.code is not null
"""

APPLY = """
with in_the_way as (
    delete from span_now s using span_effect f
    where s.coverage_key = f.coverage_key and s.starts_on < f.cut_before and s.ends_before > f.cut_from
        and s.plan_id = coalesce(f.only_plan, s.plan_id)
    returning s.coverage_key, s.plan_id, s.tier, s.starts_on, s.ends_before, f.cut_from, f.cut_before,
        f.plan_id as new_plan, f.keeps_rest, f.source_start, f.source_stop
)
insert into span_now (coverage_key, plan_id, tier, starts_on, ends_before, source_start, source_stop)
select coverage_key, plan_id, tier, starts_on, cut_from, source_start, source_stop
from in_the_way where starts_on < cut_from
union all
-- what begins inside the new span and outlasts it; of the same plan from the same day, the new end holds
select coverage_key, plan_id, tier, cut_before, ends_before, source_start, source_stop
from in_the_way
where keeps_rest and ends_before > cut_before
    and (starts_on > cut_from or starts_on = cut_from and plan_id <> new_plan)
union all
select coverage_key, plan_id, tier, cut_from, cut_before, source_start, source_stop
from span_effect where plan_id is not null
"""

SUPERSEDE = """
update coverage_span s set superseded_at = :now, superseded_by = :file_id
from span_before b
where b.span_id = s.span_id and not exists (
    select from span_now n
    where n.coverage_key = b.coverage_key and n.plan_id = b.plan_id and n.tier is not distinct from b.tier
        and n.starts_on = b.starts_on and n.ends_before = b.ends_before
)
"""

RECORD = """
insert into coverage_span (coverage_key, member_id, insurance_line, plan_id, tier, valid, recorded_at, file_id,
    source_start, source_stop)
select k.coverage_key, k.member_id, k.insurance_line, n.plan_id, n.tier,
    daterange(n.starts_on, nullif(n.ends_before, 'infinity')), :now, :file_id, n.source_start, n.source_stop
from span_now n
join coverage_key k using (coverage_key)
where not exists (
    select from span_before b
    where b.coverage_key = n.coverage_key and b.plan_id = n.plan_id and b.tier is not distinct from n.tier
        and b.starts_on = n.starts_on and b.ends_before = n.ends_before
)
order by n.coverage_key, n.starts_on
"""


@dataclass(frozen=True, slots=True)
class SpanChanges:
    """How a file changed what is on record of coverage."""

    recorded: int
    superseded: int


def apply_coverage_changes(conn: Connection, rounds: int, file_id: int, now: datetime) -> SpanChanges:
    """Apply `coverage_change`, as `loaders.coverage_changes` left it; problems go to `enrollment_problem`."""
    run(conn, SPANS_BEFORE)
    analyze(conn, "span_before")
    run(conn, SPANS_NOW)
    run(conn, INDEX_SPANS)
    run(conn, SPAN_EFFECTS)
    for round_number in range(1, rounds + 1):
        run(conn, FORGET_EFFECTS)
        for statement in (WARN, ADD, CHANGE, REINSTATE, TERMINATE, VOID):
            run(conn, statement, round=round_number)
        run(conn, APPLY)
        analyze(conn, "span_now")
    superseded = run(conn, SUPERSEDE, file_id=file_id, now=now)
    return SpanChanges(run(conn, RECORD, file_id=file_id, now=now), superseded)
