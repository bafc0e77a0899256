"""Work out what the changes of coverage make of the spans on file: in rounds, one change a member and line each.

The spans of all keys that a file touches are copied to a temporary table, the rounds work there, and at the end only
the difference is recorded: spans that are no longer so are superseded, new ones inserted. A file that repeats what is
known therefore leaves no trace, and the history holds no half-way states.

In a round every change becomes at most one *effect*: a stretch of days that is cut out of the spans in its way, and
a span that is put there instead (none for an end of coverage). A span of active coverage and one of COBRA coverage
are never one, nor are two tiers.

- **add**: from the first day on, until the end sent or without end. Inside a span of the same plan it prolongs that
  where it asks for more, up to what begins later; before one, and without an end, it extends that back. The first day
  of a plan with the tier that it has by now means the span of that tier. The first day of a span on file
  changes nothing, but an end sent with it is that span's end. Where none is sent, an end that is still to come is
  taken back (also a past one, where the roster is the truth). Spans of other plans end the day before.
- **change**: the span that covers the day ends the day before, and one of the new plan or tier takes over until that
  span's own end. Where none covers the day, it is an addition.
- **reinstate**: the spans of the plan that touch the day go on without an end; after a gap a new span begins.
- **terminate**: no day of the plan after the end is left. An end that is recorded already changes nothing, even when
  later coverage has begun since, but not of the plan on the next day: senders repeat themselves. A member who is
  absent from a roster has no such end.
- **void**: the span of the plan that covers the day never was.

Spans that touch and say the same become one, unless the file ends the first of them there and does not begin the other.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from loaders.coverage_warnings import warn_of_overlaps, warn_of_round
from loaders.staging import analyze, run

SPANS_BEFORE = """
create temporary table span_before on commit drop as
select * from known_span where coverage_key in (select coverage_key from coverage_change)
"""

SPANS_NOW = """
create temporary table span_now on commit drop as
select coverage_key, plan_id, tier, is_cobra, cobra_event, starts_on, ends_before, source_start, source_stop
from span_before
"""

INDEX_SPANS = "create index on span_now (coverage_key)"

SPAN_EFFECTS = """
create temporary table span_effect (coverage_key bigint, cut_from date, cut_before date, only_plan text,
    spares_cobra boolean, plan_id text, tier text, is_cobra boolean, cobra_event text, keeps_rest boolean,
    set_key bigint, source_start bigint, source_stop bigint) on commit drop
"""

FORGET_EFFECTS = "truncate span_effect"

REPEATED_BEGINS = """
update coverage_change e set begins_on = s.starts_on
from span_now s
join span_now c on c.coverage_key = s.coverage_key and c.plan_id = s.plan_id and c.is_cobra = s.is_cobra
    and c.starts_on < s.starts_on and c.tier is distinct from s.tier
where e.round = :round and e.action = 'add' and e.coverage_key = s.coverage_key and e.plan_id = s.plan_id
    and e.begins_on = c.starts_on and e.tier = s.tier and coalesce(e.is_cobra, c.is_cobra) = c.is_cobra
    and coalesce(e.ends_before, 'infinity') > s.starts_on
    -- no day between the two without the plan, and none of it on the next day
    and s.starts_on - c.starts_on = (
        select sum(b.ends_before - b.starts_on) from span_now b
        where b.coverage_key = s.coverage_key and b.plan_id = s.plan_id and b.starts_on >= c.starts_on
            and b.starts_on < s.starts_on
    ) and not exists (
        select from span_now n
        where n.coverage_key = s.coverage_key and n.plan_id = s.plan_id and n.starts_on = s.ends_before
    )
"""

ADD = """
insert into span_effect
select e.coverage_key, t.starts_on, t.ends_before, null, false, e.plan_id, t.tier, t.is_cobra,
    case when t.is_cobra then coalesce(e.cobra_event, c.cobra_event) end, true,
    case when not e.is_renewal then e.set_key end, e.source_start, e.source_stop
from coverage_change e
left join span_now c on c.coverage_key = e.coverage_key and c.starts_on <= e.begins_on and c.ends_before > e.begins_on
left join lateral (
    select s.tier, s.is_cobra, s.ends_before from span_now s
    where e.ends_before is null and s.coverage_key = e.coverage_key and s.plan_id = e.plan_id
        and s.is_cobra = coalesce(e.is_cobra, s.is_cobra) and s.starts_on > e.begins_on
    order by s.starts_on limit 1
) later on true
cross join lateral (
    select c.plan_id = e.plan_id and c.is_cobra = coalesce(e.is_cobra, c.is_cobra) as is_same_plan
) plan
left join lateral (
    -- an end that is taken back leaves what begins after it
    select coalesce(min(s.starts_on), 'infinity') as starts_on from span_now s
    where s.coverage_key = e.coverage_key
        and s.starts_on >= case when plan.is_same_plan then c.ends_before else later.ends_before end
) following on true
cross join lateral (
    select plan.is_same_plan and coalesce(e.tier, c.tier) is not distinct from c.tier as is_same
) covered
cross join lateral (
    select
        case when covered.is_same then c.starts_on else e.begins_on end as starts_on,
        case
            when plan.is_same_plan and c.starts_on = e.begins_on then coalesce(
                e.ends_before,
                case when e.is_truth or c.ends_before > :received then following.starts_on end,
                c.ends_before
            )
            when covered.is_same and e.ends_before is null then following.starts_on
            when covered.is_same then greatest(e.ends_before, c.ends_before)
            when plan.is_same_plan then coalesce(e.ends_before, 'infinity')
            else coalesce(
                e.ends_before,
                case when e.is_truth or later.ends_before > :received then following.starts_on end,
                later.ends_before,
                'infinity'
            )
        end as ends_before,
        coalesce(e.tier, case when plan.is_same_plan then c.tier else later.tier end) as tier,
        coalesce(e.is_cobra, case when plan.is_same_plan then c.is_cobra else later.is_cobra end, false) as is_cobra
) t
where e.round = :round
    and (e.action = 'add' or e.action = 'change' and c.coverage_key is null and e.plan_id is not null)
"""

CHANGE = """
insert into span_effect
select e.coverage_key, case when t.is_same then c.starts_on else e.begins_on end,
    coalesce(e.ends_before, c.ends_before), null, false, t.plan_id, t.tier, t.is_cobra,
    case when t.is_cobra then coalesce(e.cobra_event, c.cobra_event) end, false, null, e.source_start, e.source_stop
from coverage_change e
join span_now c on c.coverage_key = e.coverage_key and c.starts_on <= e.begins_on and c.ends_before > e.begins_on
cross join lateral (
    select coalesce(e.plan_id, c.plan_id) as plan_id, coalesce(e.tier, c.tier) as tier,
        coalesce(e.is_cobra, c.is_cobra) as is_cobra,
        (coalesce(e.plan_id, c.plan_id), coalesce(e.tier, c.tier), coalesce(e.is_cobra, c.is_cobra))
            is not distinct from (c.plan_id, c.tier, c.is_cobra) as is_same
) t
where e.round = :round and e.action = 'change'
"""

REINSTATE = """
insert into span_effect
select e.coverage_key,
    case when coalesce(e.tier, touching.tier) is not distinct from touching.tier
        then least(e.begins_on, touching.starts_on) else e.begins_on end,
    greatest(coalesce(e.ends_before, 'infinity'), touching.last_end),
    null, false, e.plan_id, coalesce(e.tier, touching.tier), t.is_cobra,
    case when t.is_cobra then coalesce(e.cobra_event, touching.cobra_event) end, true, e.set_key, e.source_start,
    e.source_stop
from coverage_change e
left join lateral (
    select s.starts_on, s.tier, s.is_cobra, s.cobra_event, max(s.ends_before) over () as last_end
    from span_now s
    where s.coverage_key = e.coverage_key and s.plan_id = e.plan_id and s.ends_before >= e.begins_on
        and s.is_cobra = coalesce(e.is_cobra, s.is_cobra) and s.starts_on <= coalesce(e.ends_before, 'infinity')
    -- the span of the day itself, else the one that ended the day before, else the next one
    order by s.starts_on <= e.begins_on desc, abs(s.starts_on - e.begins_on) limit 1
) touching on true
cross join lateral (
    select coalesce(e.is_cobra, touching.is_cobra, false) as is_cobra
) t
where e.round = :round and e.action = 'reinstate'
"""

TERMINATE = """
insert into span_effect
select e.coverage_key, e.ends_before, 'infinity', e.plan_id, e.is_derived and not e.is_cobra, null, null, null, null,
    false, null, e.source_start, e.source_stop
from coverage_change e
where e.round = :round and e.action = 'terminate' and (e.is_absent or not exists (
    select from span_now s
    where s.coverage_key = e.coverage_key and s.plan_id = coalesce(e.plan_id, s.plan_id)
        and s.ends_before = e.ends_before and not exists (
            -- the same plan in another tier, or as COBRA
            select from span_now f
            where f.coverage_key = s.coverage_key and f.plan_id = s.plan_id and f.starts_on = s.ends_before
        )
))
"""

VOID = """
insert into span_effect
select e.coverage_key, s.starts_on, s.ends_before, null, false, null, null, null, null, false, null, e.source_start,
    e.source_stop
from coverage_change e
join span_now s on s.coverage_key = e.coverage_key and s.plan_id = coalesce(e.plan_id, s.plan_id)
    and s.starts_on <= e.begins_on and s.ends_before > e.begins_on
where e.round = :round and e.action = 'void' and not (e.is_derived and not e.is_cobra and s.is_cobra)
"""

APPLY = """
with in_the_way as (
    delete from span_now s using span_effect f
    where s.coverage_key = f.coverage_key and s.starts_on < f.cut_before and s.ends_before > f.cut_from
        and s.plan_id = coalesce(f.only_plan, s.plan_id) and not (f.spares_cobra and s.is_cobra)
    returning s.coverage_key, s.plan_id, s.tier, s.is_cobra, s.cobra_event, s.starts_on, s.ends_before, f.cut_from,
        f.cut_before, f.plan_id as new_plan, f.keeps_rest, s.source_start, s.source_stop,
        f.source_start as cut_start, f.source_stop as cut_stop
)
insert into span_now (coverage_key, plan_id, tier, is_cobra, cobra_event, starts_on, ends_before, source_start,
    source_stop)
select coverage_key, plan_id, tier, is_cobra, cobra_event, starts_on, cut_from, cut_start, cut_stop
from in_the_way where starts_on < cut_from
union all
-- what begins inside the new span and outlasts it; of the same plan from the same day, the new end holds
select coverage_key, plan_id, tier, is_cobra, cobra_event, cut_before, ends_before, cut_start, cut_stop
from in_the_way
where keeps_rest and ends_before > cut_before
    and (starts_on > cut_from or starts_on = cut_from and plan_id <> new_plan)
union all
select coverage_key, plan_id, tier, is_cobra, cobra_event, cut_from, cut_before, source_start, source_stop
from span_effect where plan_id is not null
"""

MERGE = """
with marked as (
    select s.*, s.ctid as place, exists (
        select from span_before b
        where b.coverage_key = s.coverage_key and b.starts_on = s.starts_on and b.ends_before = s.ends_before
            and (b.plan_id, b.tier, b.is_cobra) is not distinct from (s.plan_id, s.tier, s.is_cobra)
    ) as is_on_file, lag(s.ends_before) over spans as last_end, lag(s.plan_id) over spans as last_plan,
        lag(s.tier) over spans as last_tier, lag(s.is_cobra) over spans as was_cobra
    from span_now s
    where s.coverage_key in (select coverage_key from span_now group by coverage_key having count(*) > 1)
    window spans as (partition by s.coverage_key order by s.starts_on)
), linked as (
    select m.*, last_end = starts_on and (last_plan, last_tier, was_cobra) is not distinct from
        (plan_id, tier, is_cobra) and not (is_on_file and lag(is_on_file) over spans) and (
            not exists (
                select from coverage_change e where e.coverage_key = m.coverage_key and e.ends_before = m.starts_on
            ) or exists (
                select from coverage_change e where e.coverage_key = m.coverage_key and e.begins_on = m.starts_on
                    and e.action in ('add', 'reinstate', 'change')
            )
        ) as goes_on
    from marked m
    window spans as (partition by coverage_key order by starts_on)
), island as (
    select l.*, count(*) filter (where goes_on is not true) over spans as number
    from linked l
    window spans as (partition by coverage_key order by starts_on)
), merged as (
    select coverage_key, plan_id, tier, is_cobra, max(cobra_event) as cobra_event, min(starts_on) as starts_on,
        max(ends_before) as ends_before, max(source_start) as source_start, max(source_stop) as source_stop,
        array_agg(place) as places
    from island i group by coverage_key, number, plan_id, tier, is_cobra
    having count(*) > 1 and (
        max(ends_before) = 'infinity'
        -- which, sent again, would take back the end of the whole
        or not exists (
            select from coverage_change e
            where e.coverage_key = i.coverage_key and e.action in ('add', 'change') and e.ends_before is null
        )
    )
), gone as (
    delete from span_now where ctid = any(array(select unnest(places) from merged))
)
insert into span_now (coverage_key, plan_id, tier, is_cobra, cobra_event, starts_on, ends_before, source_start,
    source_stop)
select coverage_key, plan_id, tier, is_cobra, cobra_event, starts_on, ends_before, source_start, source_stop
from merged
"""

SPANS_GONE = """
create temporary table span_gone on commit drop as
select b.* from span_before b
where not exists (
    select from span_now n
    where n.coverage_key = b.coverage_key and n.starts_on = b.starts_on and n.ends_before = b.ends_before
        and (n.plan_id, n.tier, n.is_cobra) is not distinct from (b.plan_id, b.tier, b.is_cobra)
)
"""

SPANS_NEW = """
create temporary table span_new on commit drop as
select n.* from span_now n
where not exists (
    select from span_before b
    where b.coverage_key = n.coverage_key and b.starts_on = n.starts_on and b.ends_before = n.ends_before
        and (b.plan_id, b.tier, b.is_cobra) is not distinct from (n.plan_id, n.tier, n.is_cobra)
)
"""


def work_out_spans(conn: Connection, rounds: int, received: date) -> None:
    """Leave the temporary tables `span_before` and `span_now`, and their difference in `span_gone` and `span_new`.

    Applies `coverage_change`, as `loaders.coverage_changes` left it, to copies of the spans on file: nothing is
    recorded yet. `received` is the day on which the file arrived. Warnings go to `enrollment_problem`.
    """
    run(conn, SPANS_BEFORE)
    run(conn, "create index on span_before (coverage_key)")
    analyze(conn, "span_before")
    run(conn, SPANS_NOW)
    run(conn, INDEX_SPANS)
    run(conn, SPAN_EFFECTS)
    for round_number in range(1, rounds + 1):
        run(conn, FORGET_EFFECTS)
        run(conn, REPEATED_BEGINS, round=round_number)
        warn_of_round(conn, round_number, received)
        run(conn, ADD, round=round_number, received=received)
        for statement in (CHANGE, REINSTATE, TERMINATE, VOID):
            run(conn, statement, round=round_number)
        warn_of_overlaps(conn)
        run(conn, APPLY)
        analyze(conn, "span_now")
    run(conn, MERGE)
    run(conn, SPANS_GONE)
    run(conn, SPANS_NEW)
    analyze(conn, "span_gone")
    analyze(conn, "span_new")
