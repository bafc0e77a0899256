"""The changes of coverage that the events of an 834 come to, numbered per member and line of insurance.

The changes of one member are taken in the order in which the members were sent, those of one row by their dates: two
HD of the same line mean the same in either order. When a subscriber's coverage is ended, so is that of the dependants
in the same line and plan, at the same date, whether they are sent or not, unless the group says otherwise; COBRA
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

COVERAGE_CHANGES = """
create temporary table coverage_change on commit drop as
with wanted as (
    select k.coverage_key, k.member_id, e.set_key, e.action, e.plan_id, e.tier, e.is_cobra, e.cobra_event,
        e.begins_on, e.ends_before, e.is_truth, e.is_absent, false as is_derived, e.member_start, e.source_start,
        e.source_stop
    from coverage_event e
    join coverage_key k on k.member_id = e.member_id and k.insurance_line = coalesce(e.insurance_line, k.insurance_line)
    where e.problem is null and e.action <> 'compare'
    union all
    select k.coverage_key, k.member_id, e.set_key, e.action, e.plan_id, null, coalesce(e.is_cobra, false), null,
        e.begins_on, e.ends_before, false, e.is_absent, true, e.member_start, e.source_start, e.source_stop
    from coverage_event e
    join known_group g on g.group_id = e.group_id and g.dependants_end_with_subscriber
    join member d on d.group_id = e.group_id and d.subscriber_number = e.subscriber_number and not d.is_subscriber
    join coverage_key k on k.member_id = d.member_id and k.insurance_line = coalesce(e.insurance_line, k.insurance_line)
    where e.problem is null and e.action in ('terminate', 'void') and e.is_subscriber
), dated as (
    -- what is taken away goes first, except for an end that is asked for with its beginning
    select w.*, case
        when w.action = 'terminate' and exists (
            select from wanted o
            where o.coverage_key = w.coverage_key and o.action in ('add', 'reinstate', 'change')
                and o.begins_on < w.ends_before and coalesce(o.plan_id = w.plan_id, true)
        ) then w.ends_before
        when w.action in ('terminate', 'void') then '-infinity'
        else w.begins_on
    end as turn
    from wanted w
), placed as (
    -- a dependant's own rows and the subscriber's end go by their dates, whichever was sent first
    select d.*, case when bool_or(is_derived) over (partition by coverage_key) then turn end as family_turn
    from dated d
), ordered as (
    select p.*, row_number() over (
        partition by coverage_key
        order by family_turn, member_start, turn, array_position(array['void', 'terminate'], action), source_start,
            is_derived
    ) as place
    from placed p
), compared as (
    select o.*, (action, plan_id, tier, is_cobra, begins_on, ends_before, is_derived) is not distinct from (
        lag(action) over before, lag(plan_id) over before, lag(tier) over before, lag(is_cobra) over before,
        lag(begins_on) over before, lag(ends_before) over before, lag(is_derived) over before
    ) as is_repeated
    from ordered o
    window before as (partition by coverage_key order by place)
), numbered as (
    select c.*, row_number() over (partition by coverage_key order by place) as round,
        count(*) over (partition by coverage_key) as rounds
    from compared c where not is_repeated
)
select * from numbered n
where not exists (
    -- what would change nothing
    select from coverage_span s
    where n.rounds = 1 and not n.is_absent and s.superseded_at is null
        and s.member_id = n.member_id and s.coverage_key = n.coverage_key
        and s.plan_id = coalesce(n.plan_id, s.plan_id) and s.is_cobra = coalesce(n.is_cobra, s.is_cobra)
        and case n.action
            when 'terminate' then upper(s.valid) = n.ends_before and not exists (
                select from coverage_span f
                where f.member_id = s.member_id and f.coverage_key = s.coverage_key and f.superseded_at is null
                    and f.plan_id = s.plan_id and lower(f.valid) = n.ends_before
            )
            when 'void' then false
            else lower(s.valid) = n.begins_on and upper(s.valid) is not distinct from n.ends_before
                and coalesce(n.tier, s.tier, '') = coalesce(s.tier, '')
        end
)
"""

INDEX_CHANGES = "create index on coverage_change (round)"

LOCK_KEYS = """
select coverage_key from coverage_key where coverage_key in (select coverage_key from coverage_change)
order by coverage_key for no key update
"""

ROUNDS = "select coalesce(max(round), 0) from coverage_change"


def stage_coverage_changes(conn: Connection) -> int:
    """Leave the temporary table `coverage_change`, its keys locked; how many rounds it takes to apply it in order.

    Reads `coverage_event`, as `loaders.coverage_events` left it.
    """
    run(conn, COVERAGE_KEYS)
    run(conn, UNKNOWN_LINES)
    run(conn, COVERAGE_CHANGES)
    run(conn, INDEX_CHANGES)
    analyze(conn, "coverage_change")
    run(conn, LOCK_KEYS)
    return int(conn.execute(text(ROUNDS)).scalar_one())
