"""The changes of coverage that the events of an 834 come to, numbered per member and line of insurance.

The changes of one member are taken in the order in which the members were sent, those of one row by their dates: two
HD of the same line mean the same in either order. When a subscriber's coverage is ended, so is that of the dependants
in the same line, at the same date, whether they are sent or not, unless the group says otherwise. Where the end names
a plan, and the subscriber goes on in another plan of the line, only dependants in the plan named are meant. COBRA
coverage of a dependant goes on when it is active coverage that ends.

What only repeats coverage that is on record is left out here, because that is what nearly all rows of a full roster
do.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from loaders.staging import analyze, run

COVERAGE_KEYS = """
insert into coverage_key (member_id, insurance_line)
select distinct member_id, insurance_line from coverage_event e
where problem is null and action in ('add', 'reinstate', 'change') and not exists (
    select from coverage_key k where k.member_id = e.member_id and k.insurance_line = e.insurance_line
)
order by member_id, insurance_line
on conflict (member_id, insurance_line) do nothing
"""

UNKNOWN_LINES = """
insert into enrollment_problem
select e.set_key, 'ENROLLMENT_COVERAGE_UNKNOWN', 'HD', '2300', e.source_start, e.source_stop
from coverage_event e
where e.problem is null and e.action in ('terminate', 'void') and e.insurance_line is not null and not exists (
    select from coverage_key k where k.member_id = e.member_id and k.insurance_line = e.insurance_line
)
"""

OWN_CHANGES = """
create temporary table wanted_change on commit drop as
select k.coverage_key, k.member_id, e.set_key, e.action, e.plan_id, e.tier, e.is_cobra, e.cobra_event, e.begins_on,
    e.ends_before, e.is_truth, e.is_absent, false as is_derived, e.renews_on,
    coalesce(e.is_renewal, false) as is_renewal, e.member_start, e.source_start, e.source_stop
from coverage_event e
join coverage_key k on k.member_id = e.member_id and k.insurance_line = coalesce(e.insurance_line, k.insurance_line)
where e.problem is null and e.action <> 'compare'
"""

LINE_ENDS = """
create temporary table line_end on commit drop as
with ended as (
    select distinct member_id, insurance_line, plan_id, ends_before from coverage_event
    where problem is null and action = 'terminate' and is_subscriber and insurance_line is not null
        and plan_id is not null
), begun as (
    select distinct member_id, insurance_line from coverage_event
    where problem is null and action in ('add', 'reinstate', 'change')
        and member_id in (select member_id from ended)
)
select e.*
from ended e
left join begun b using (member_id, insurance_line)
cross join lateral (
    select bool_or(s.plan_id = e.plan_id) as has_plan, bool_or(s.plan_id <> e.plan_id) as has_another
    from coverage_span s
    where s.member_id = e.member_id and s.insurance_line = e.insurance_line and s.superseded_at is null
        and coalesce(upper(s.valid), 'infinity') > e.ends_before
) s
where b.member_id is null and s.has_plan and not s.has_another
"""

DERIVED_CHANGES = """
insert into wanted_change (coverage_key, member_id, set_key, action, plan_id, is_cobra, begins_on, ends_before,
    is_truth, is_absent, is_derived, member_start, source_start, source_stop)
select k.coverage_key, k.member_id, e.set_key, e.action, case when w.member_id is null then e.plan_id end,
    coalesce(e.is_cobra, false), coalesce(v.begins_on, e.begins_on), e.ends_before, false,
    -- that an earlier meaning of the code ended there, does not end what came after it
    e.is_absent or coalesce(e.is_other_meaning, false), true, e.member_start, e.source_start, e.source_stop
from coverage_event e
join known_group g on g.group_id = e.group_id and g.dependants_end_with_subscriber
join member d on d.group_id = e.group_id and d.subscriber_number = e.subscriber_number and not d.is_subscriber
join coverage_key k on k.member_id = d.member_id and k.insurance_line = coalesce(e.insurance_line, k.insurance_line)
left join line_end w on e.action = 'terminate' and w.member_id = e.member_id and w.insurance_line = e.insurance_line
    and w.plan_id = e.plan_id and w.ends_before = e.ends_before
left join lateral (
    -- what began while the subscriber had what never was
    select case when o.valid @> e.begins_on then e.begins_on else lower(o.valid) end as begins_on
    from coverage_span s
    join coverage_span o on o.coverage_key = k.coverage_key and o.member_id = d.member_id and o.superseded_at is null
        and (o.valid @> e.begins_on or s.valid @> lower(o.valid)) and o.plan_id = s.plan_id
    where e.action = 'void' and s.member_id = e.member_id and s.insurance_line = e.insurance_line
        and s.superseded_at is null and s.valid @> e.begins_on and s.plan_id = coalesce(e.plan_id, s.plan_id)
) v on true
where e.problem is null and e.action in ('terminate', 'void') and e.is_subscriber
    -- a roster that lacks the subscriber and has the dependant says so of either
    and not (e.is_absent and exists (select from recognised_person p where p.member_id = d.member_id))
"""

KNOWN_SPANS = """
create temporary table known_span on commit drop as
select s.span_id, s.coverage_key, s.plan_id, s.tier, s.is_cobra, s.cobra_event, lower(s.valid) as starts_on,
    coalesce(upper(s.valid), 'infinity') as ends_before, s.source_start, s.source_stop
from coverage_span s
join (select distinct coverage_key, member_id from wanted_change) k using (coverage_key, member_id)
where s.superseded_at is null
"""

ORDERED_CHANGES = """
create temporary table ordered_change on commit drop as
with dated as (
    -- what is taken away goes first, except for an end that is asked for with its beginning
    select w.*, case
        when w.action = 'terminate' and w.ends_before > case
            when w.plan_id is null then min(w.begins_on) filter (where w.is_begin) over keys
            else min(w.begins_on) filter (where w.is_begin) over plans
        end then w.ends_before
        when w.action in ('terminate', 'void') then '-infinity'
        else w.begins_on
    end as turn, bool_or(is_derived) over keys as is_of_family
    from (select *, action in ('add', 'reinstate', 'change') as is_begin from wanted_change) w
    window keys as (partition by coverage_key), plans as (partition by coverage_key, plan_id)
), placed as (
    select d.*, row_number() over (
        partition by coverage_key
        -- a dependant's own rows and the subscriber's end go by their dates, whichever was sent first
        order by case when is_of_family then turn end, member_start, turn,
            array_position(array['void', 'terminate'], action), source_start, is_derived, plan_id
    ) as place
    from dated d
), compared as (
    select p.*, (action, plan_id, tier, is_cobra, begins_on, ends_before, is_derived) is not distinct from (
        lag(action) over before, lag(plan_id) over before, lag(tier) over before, lag(is_cobra) over before,
        lag(begins_on) over before, lag(ends_before) over before, lag(is_derived) over before
    ) as is_repeated
    from placed p
    window before as (partition by coverage_key order by place)
)
select c.*, row_number() over (partition by coverage_key order by place) as round,
    count(*) over (partition by coverage_key) = 1 and not is_absent as is_alone
from compared c where not is_repeated
"""

COVERAGE_CHANGES = """
create temporary table coverage_change on commit drop as
select c.* from ordered_change c
where not exists (
    -- the only change of the line would change nothing
    select from known_span s
    where c.is_alone and s.coverage_key = c.coverage_key and s.plan_id = coalesce(c.plan_id, s.plan_id)
        and s.ends_before = coalesce(c.ends_before, 'infinity') and case
            when c.action = 'terminate' then not exists (
                select from known_span f
                where f.coverage_key = s.coverage_key and f.plan_id = s.plan_id and f.starts_on = s.ends_before
            )
            when c.action <> 'void' then s.starts_on = c.begins_on and s.is_cobra = coalesce(c.is_cobra, s.is_cobra)
                and coalesce(c.tier, s.tier, '') = coalesce(s.tier, '')
            else false
        end
)
"""

INDEX_CHANGES = "create index on coverage_change (round)"

ROUNDS = "select coalesce(max(round), 0) from coverage_change"


def stage_coverage_changes(conn: Connection) -> int:
    """Leave the temporary table `coverage_change`; how many rounds it takes to apply it in order.

    `known_span` has the spans on file of every member and line that the file names. Whoever staged the file has locked
    its groups, so they stay as they are.
    """
    run(conn, COVERAGE_KEYS)
    run(conn, UNKNOWN_LINES)
    run(conn, OWN_CHANGES)
    run(conn, LINE_ENDS)
    analyze(conn, "line_end")
    run(conn, DERIVED_CHANGES)
    analyze(conn, "wanted_change")
    run(conn, KNOWN_SPANS)
    run(conn, "create index on known_span (coverage_key)")
    analyze(conn, "known_span")
    run(conn, ORDERED_CHANGES)
    analyze(conn, "ordered_change")
    run(conn, COVERAGE_CHANGES)
    run(conn, INDEX_CHANGES)
    analyze(conn, "coverage_change")
    return int(conn.execute(text(ROUNDS)).scalar_one())
