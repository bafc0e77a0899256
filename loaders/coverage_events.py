"""What each row of an 834 asks of coverage: one event a row, with what stands in its way.

| INS03 | HD01 | event |
|---|---|---|
| any | 002 | void: this coverage never was |
| 030 | any other | compare; an addition where the group's roster is the truth |
| 024 | any other, or no HD | terminate; without an HD all lines of the member |
| 001, 021, 025 | 021 | add |
| 001, 021, 025 | 024 | terminate |
| 001, 021, 025 | 025 | reinstate |
| 001, 021, 025 | 001, 026 | change of plan or tier |
| 001, 021, 025 | 030 | compare, as above |
| 001, 021, 025 | 032 | none |
| 025 | no HD | none: the person is reinstated, but no benefit is named |

Coverage begins on 348, else the row's 303, the member's 356 or 303. It ends on 349; an end that is asked for without
one on the member's 357, else on 303. COBRA coverage (INS05 = C) begins no earlier than 340, without that than 303,
and ends on 341 where 349 is not sent.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from loaders.coverage_divisions import find_divisions
from loaders.coverage_renewals import renew_events
from loaders.staging import analyze, run

RECOGNISED_PERSONS = """
create temporary table recognised_person on commit drop as
select * from enrolled_person where problem is null
"""

COVERAGE_EVENTS = """
create temporary table coverage_event on commit drop as
with sent as (
    select p.set_key, p.row, p.group_id, p.member_id, p.subscriber_number, p.is_subscriber = 'Y' as is_subscriber,
        p.benefit_status = 'C' as is_cobra, p.cobra_event, p.source_start as member_start, p.end_date_is,
        c.insurance_line, c.plan_code, coalesce(d.division, '') as division, c.tier, c.source_start, c.source_stop,
        m.is_truth,
        case
            when c.maintenance_type = '002' then 'void'
            when p.maintenance_type = '030' then 'audit'
            when p.maintenance_type = '024' or c.maintenance_type = '024' then 'terminate'
            when c.maintenance_type = '021' then 'add'
            when c.maintenance_type = '025' then 'reinstate'
            when c.maintenance_type in ('001', '026') then 'change'
            when c.maintenance_type = '030' then 'audit'
            when c.maintenance_type = '032' then 'none'
        end as asked,
        coalesce(c.begins_on, c.maintenance_effective, p.eligibility_begin, p.maintenance_effective) as begins_on,
        case when p.benefit_status = 'C'
            then coalesce(p.cobra_begin, c.maintenance_effective, p.maintenance_effective)
        end as cobra_begins_on,
        case when p.maintenance_type = '024' or c.maintenance_type = '024'
            then coalesce(c.ends_on, p.eligibility_end, nullif(c.maintenance_effective, :no_end),
                nullif(p.maintenance_effective, :no_end))
            else coalesce(c.ends_on, case when p.benefit_status = 'C' then p.cobra_end end)
        end + cast(p.end_date_is = 'last_covered' as integer) as ends_before
    from recognised_person p
    join staged_coverage c on c.parent_row = p.row
    join enrolled_set m on m.set_key = p.set_key and m.group_id = p.group_id
    left join coverage_division d on d.coverage_row = c.row
), event as (
    select set_key, row, group_id, member_id, subscriber_number, is_subscriber, is_cobra, cobra_event, member_start,
        insurance_line, plan_code, division, tier, source_start, source_stop, is_truth, false as is_absent,
        case when asked is distinct from 'audit' then asked when is_truth then 'add' else 'compare' end as action,
        -- null where it is not COBRA, and then it does not count
        greatest(begins_on, cobra_begins_on) as begins_on, ends_before
    from sent
)
select e.*, k.plan_id, cast(null as date) as renews_on, false as is_renewal, false as is_other_meaning, case
    when e.action is null then 'ENROLLMENT_MAINTENANCE_UNSUPPORTED'
    when e.insurance_line is null then 'ENROLLMENT_UNKNOWN_PLAN'
    -- an end or a change without a plan code means the plan that the member has
    when k.plan_id is null and (e.plan_code <> '' or e.action in ('add', 'reinstate')) then 'ENROLLMENT_UNKNOWN_PLAN'
    when e.action = 'terminate' and e.ends_before is null then 'ENROLLMENT_COVERAGE_END_MISSING'
    when e.action not in ('terminate', 'compare') and e.begins_on is null then 'ENROLLMENT_COVERAGE_BEGIN_MISSING'
    when e.action in ('add', 'reinstate', 'change', 'compare') and e.ends_before <= e.begins_on
        then 'ENROLLMENT_COVERAGE_ENDS_FIRST'
end as problem
from event e
left join known_plan k on k.group_id = e.group_id and k.insurance_line = e.insurance_line
    and k.plan_code = e.plan_code and k.division = e.division
    -- without any day, the plan that the code means when the file arrives
    and coalesce(case when e.action = 'terminate' then e.ends_before - 1 else e.begins_on end, cast(:received as date))
        between k.begins_on and k.ends_before - 1
where e.action is distinct from 'none'
"""

MEMBER_TERMINATIONS = """
insert into coverage_event (set_key, row, group_id, member_id, subscriber_number, is_subscriber, is_cobra,
    member_start, source_start, source_stop, is_truth, is_absent, action, ends_before, problem)
select set_key, row, group_id, member_id, subscriber_number, is_subscriber = 'Y', benefit_status = 'C',
    source_start, source_start, source_stop, false, false, 'terminate',
    coalesce(eligibility_end, nullif(maintenance_effective, :no_end)) + cast(end_date_is = 'last_covered' as integer),
    case when coalesce(eligibility_end, nullif(maintenance_effective, :no_end)) is null
        then 'ENROLLMENT_COVERAGE_END_MISSING' end
from recognised_person where maintenance_type = '024' and not has_coverage
"""

ABSENT_TERMINATIONS = """
insert into coverage_event (set_key, group_id, member_id, subscriber_number, is_subscriber, member_start,
    source_start, source_stop, is_truth, is_absent, action, ends_before)
select a.set_key, a.group_id, a.member_id, m.subscriber_number, m.is_subscriber, a.source_start, a.source_start,
    a.source_stop, false, true, 'terminate', a.ends_before
from absent_member a join member m using (member_id)
"""

EVENT_PROBLEMS = """
insert into enrollment_problem
select set_key, problem, case when insurance_line is null then 'INS' else 'HD' end,
    case when insurance_line is null then '2000' else '2300' end, source_start, source_stop
from coverage_event where problem not in ('ENROLLMENT_UNKNOWN_PLAN', 'ENROLLMENT_PLAN_NOT_IN_FORCE')
"""

PLANS_NOT_IN_FORCE = """
update coverage_event e set problem = 'ENROLLMENT_PLAN_NOT_IN_FORCE'
where problem = 'ENROLLMENT_UNKNOWN_PLAN' and exists (
    select from known_plan k
    where k.group_id = e.group_id and k.insurance_line = e.insurance_line and k.plan_code = e.plan_code
)
"""

UNKNOWN_PLANS = """
with unknown as (
    insert into unknown_plan (file_id, set_key, group_id, insurance_line, plan_code, members, is_known_otherwise,
        places, source_start, source_stop)
    select :file_id, set_key, group_id, coalesce(insurance_line, ''), plan_code, count(distinct row),
        problem = 'ENROLLMENT_PLAN_NOT_IN_FORCE', array_agg(source_start order by source_start),
        min(source_start), min(source_stop)
    from coverage_event where problem in ('ENROLLMENT_UNKNOWN_PLAN', 'ENROLLMENT_PLAN_NOT_IN_FORCE')
    group by set_key, group_id, coalesce(insurance_line, ''), plan_code, problem
    returning set_key, is_known_otherwise, source_start, source_stop
)
insert into enrollment_problem
select set_key, case when is_known_otherwise then 'ENROLLMENT_PLAN_NOT_IN_FORCE' else 'ENROLLMENT_UNKNOWN_PLAN' end,
    'HD', '2300', source_start, source_stop
from unknown
"""

EMPTY_REINSTATEMENTS = """
insert into enrollment_problem
select set_key, 'ENROLLMENT_NOTHING_TO_REINSTATE', 'INS', '2000', source_start, source_stop
from recognised_person where maintenance_type = '025' and not has_coverage
"""

DIFFERENCES = """
insert into enrollment_problem
select e.set_key, 'ENROLLMENT_COVERAGE_DIFFERS', 'HD', '2300', e.source_start, e.source_stop
from coverage_event e
where e.problem is null and e.action = 'compare' and not exists (
    select from coverage_span s
    where s.member_id = e.member_id and s.insurance_line = e.insurance_line and s.superseded_at is null
        and s.plan_id = coalesce(e.plan_id, s.plan_id) and coalesce(e.tier, s.tier, '') = coalesce(s.tier, '')
        and lower(s.valid) <= coalesce(e.begins_on, cast(:received as date))
        and coalesce(upper(s.valid), 'infinity') > coalesce(e.begins_on, cast(:received as date))
        and (upper(s.valid) is not distinct from e.ends_before or upper(s.valid) = e.renews_on)
)
"""

MISSING_LINES = """
insert into enrollment_problem
select e.set_key, 'ENROLLMENT_COVERAGE_DIFFERS', 'INS', '2000', p.source_start, p.source_stop
from (select distinct set_key, row, member_id from coverage_event where action = 'compare') e
join recognised_person p on p.row = e.row and p.maintenance_type = '030'
where exists (
    select from coverage_span s
    where s.member_id = e.member_id and s.superseded_at is null and lower(s.valid) <= cast(:received as date)
        and coalesce(upper(s.valid), 'infinity') > cast(:received as date) and not exists (
            select from coverage_event o
            where o.row = e.row and o.insurance_line = s.insurance_line
        )
)
"""


def stage_coverage_events(conn: Connection, file_id: int, received: date) -> None:
    """Leave the temporary tables `recognised_person` and `coverage_event`; problems go to `enrollment_problem`.

    `received` is the day on which the file arrived; rows that are only to be compared are compared with it. Needs
    `enrolled_person`, `enrolled_set` and `absent_member`.
    """
    run(conn, RECOGNISED_PERSONS)
    analyze(conn, "recognised_person")
    # what senders write for "no end" is none where it is asked for either
    find_divisions(conn)
    run(conn, COVERAGE_EVENTS, no_end=date.max, received=received)
    renew_events(conn, received)
    run(conn, PLANS_NOT_IN_FORCE)
    run(conn, MEMBER_TERMINATIONS, no_end=date.max)
    run(conn, ABSENT_TERMINATIONS)
    run(conn, "create index on coverage_event (row)")
    analyze(conn, "coverage_event")
    run(conn, EVENT_PROBLEMS)
    run(conn, UNKNOWN_PLANS, file_id=file_id)
    run(conn, EMPTY_REINSTATEMENTS)
    run(conn, DIFFERENCES, received=received)
    run(conn, MISSING_LINES, received=received)
