"""What an 834 asks of coverage: one change a row, numbered per member and line of insurance in the order sent.

| INS03 | HD01 | change |
|---|---|---|
| 030 | any | none: the row is only to be compared |
| any | 002 | void: this coverage never was |
| 024 | any other, or no HD | terminate; without an HD all lines of the member |
| 001, 021, 025 | 021 | add |
| 001, 021, 025 | 024 | terminate |
| 001, 021, 025 | 025 | reinstate |
| 001, 021, 025 | 001, 026 | change of plan or tier |
| 001, 021, 025 | 030, 032 | none |
| 025 | no HD | none: the person is reinstated, but no benefit is named |

When a subscriber's coverage is terminated, so is that of the dependants in the same line and plan, at the same date,
whether they are sent or not.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from loaders.staging import analyze, run

COVERAGE_EVENTS = """
create temporary table coverage_event on commit drop as
with event as (
    select p.set_key, p.group_id, p.member_id, p.subscriber_number, p.is_subscriber = 'Y' as is_subscriber,
        c.insurance_line, c.plan_code, k.plan_id, c.tier, c.source_start, c.source_stop,
        case
            when p.maintenance_type = '030' then 'none'
            when c.maintenance_type = '002' then 'void'
            when p.maintenance_type = '024' or c.maintenance_type = '024' then 'terminate'
            when c.maintenance_type = '021' then 'add'
            when c.maintenance_type = '025' then 'reinstate'
            when c.maintenance_type in ('001', '026') then 'change'
            when c.maintenance_type in ('030', '032') then 'none'
        end as action,
        coalesce(c.begins_on, c.maintenance_effective, p.eligibility_begin, p.maintenance_effective) as begins_on,
        case when p.maintenance_type = '024' or c.maintenance_type = '024'
            then coalesce(c.ends_on, p.eligibility_end, c.maintenance_effective, p.maintenance_effective)
            else c.ends_on
        end + cast(p.end_date_is = 'last_covered' as integer) as ends_before
    from recognised_person p
    join staged_coverage c on c.parent_row = p.row
    left join known_plan k on k.group_id = p.group_id and k.insurance_line = c.insurance_line
        and k.plan_code = c.plan_code
)
select e.*, case
    when action is null then 'ENROLLMENT_MAINTENANCE_UNSUPPORTED'
    when insurance_line is null then 'ENROLLMENT_UNKNOWN_PLAN'
    -- an end or a change without a plan code means the plan that the member has
    when plan_id is null and (plan_code <> '' or action in ('add', 'reinstate')) then 'ENROLLMENT_UNKNOWN_PLAN'
    when action = 'terminate' and ends_before is null then 'ENROLLMENT_COVERAGE_END_MISSING'
    when action <> 'terminate' and begins_on is null then 'ENROLLMENT_COVERAGE_BEGIN_MISSING'
    when action in ('add', 'reinstate', 'change') and ends_before <= begins_on then 'ENROLLMENT_COVERAGE_ENDS_FIRST'
end as problem
from event e where action is distinct from 'none'
"""

RECOGNISED_PERSONS = """
create temporary table recognised_person on commit drop as
select * from enrolled_person where problem is null
"""

MEMBER_TERMINATIONS = """
insert into coverage_event (set_key, group_id, member_id, subscriber_number, is_subscriber, source_start, source_stop,
    action, ends_before, problem)
select set_key, group_id, member_id, subscriber_number, is_subscriber = 'Y', source_start, source_stop, 'terminate',
    coalesce(eligibility_end, maintenance_effective) + cast(end_date_is = 'last_covered' as integer),
    case when coalesce(eligibility_end, maintenance_effective) is null then 'ENROLLMENT_COVERAGE_END_MISSING' end
from recognised_person where maintenance_type = '024' and not has_coverage
"""

EVENT_PROBLEMS = """
insert into enrollment_problem
select set_key, problem, case when insurance_line is null then 'INS' else 'HD' end,
    case when insurance_line is null then '2000' else '2300' end, source_start, source_stop
from coverage_event where problem is not null
"""

EMPTY_REINSTATEMENTS = """
insert into enrollment_problem
select set_key, 'ENROLLMENT_NOTHING_TO_REINSTATE', 'INS', '2000', source_start, source_stop
from recognised_person where maintenance_type = '025' and not has_coverage
"""

COVERAGE_KEYS = """
insert into coverage_key (member_id, insurance_line)
select distinct member_id, insurance_line from coverage_event
where problem is null and action in ('add', 'reinstate', 'change')
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
    select k.coverage_key, k.member_id, e.set_key, e.action, e.plan_id, e.tier, e.begins_on, e.ends_before,
        e.source_start, e.source_stop, false as is_derived
    from coverage_event e
    join coverage_key k on k.member_id = e.member_id and k.insurance_line = coalesce(e.insurance_line, k.insurance_line)
    where e.problem is null
    union all
    select k.coverage_key, k.member_id, e.set_key, e.action, e.plan_id, null, null, e.ends_before,
        e.source_start, e.source_stop, true
    from coverage_event e
    join member d on d.group_id = e.group_id and d.subscriber_number = e.subscriber_number and not d.is_subscriber
    join coverage_key k on k.member_id = d.member_id and k.insurance_line = coalesce(e.insurance_line, k.insurance_line)
    where e.problem is null and e.action = 'terminate' and e.is_subscriber
), compared as (
    select w.*, (action, plan_id, tier, begins_on, ends_before) is not distinct from (
        lag(action) over before, lag(plan_id) over before, lag(tier) over before, lag(begins_on) over before,
        lag(ends_before) over before
    ) as is_repeated
    from wanted w
    window before as (partition by coverage_key order by source_start, is_derived)
)
select c.*, row_number() over (partition by coverage_key order by source_start, is_derived) as round
from compared c where not is_repeated
"""

INDEX_CHANGES = "create index on coverage_change (round)"

LOCK_KEYS = """
select coverage_key from coverage_key where coverage_key in (select coverage_key from coverage_change)
order by coverage_key for no key update
"""

ROUNDS = "select coalesce(max(round), 0) from coverage_change"


def stage_coverage_changes(conn: Connection) -> int:
    """Leave the temporary table `coverage_change`, its keys locked; how many rounds it takes to apply it in order."""
    run(conn, RECOGNISED_PERSONS)
    analyze(conn, "recognised_person")
    run(conn, COVERAGE_EVENTS)
    run(conn, MEMBER_TERMINATIONS)
    analyze(conn, "coverage_event")
    run(conn, EVENT_PROBLEMS)
    run(conn, EMPTY_REINSTATEMENTS)
    run(conn, COVERAGE_KEYS)
    run(conn, UNKNOWN_LINES)
    run(conn, COVERAGE_CHANGES)
    run(conn, INDEX_CHANGES)
    analyze(conn, "coverage_change")
    run(conn, LOCK_KEYS)
    return int(conn.execute(text(ROUNDS)).scalar_one())
