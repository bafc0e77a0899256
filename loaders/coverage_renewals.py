"""Plan codes that mean one plan until a day and another after it: what rows with such a code ask of coverage.

A row that asks for coverage asks for it in pieces: for each stretch of days in which its code means one plan, in that
plan, until the next. A piece is *known* where the coverage on file has it: its plan on its first day, with the tier
sent (or, on the plan's own first day, with a tier that the member has by now). Leading pieces that are known say
nothing new and are left out, so a row that still names the first day of long ago is about the plan that its code
means by now:

- Who is in the plan before on the first day of the next piece, or already in the next, goes over to it on that day.
  Nothing is told of it: it is the plan's own renewal.
- Who is in a plan of another code there has moved since: the row repeats what is long past, and changes nothing.
- Whose coverage ended before, stays ended; an end still to come is taken back, as it is without renewals.
- Who is not covered yet gets all pieces.

A code of which the first piece begins after the first day sent, is a code that was new at renewal and came with the
old first day: for who is covered on the day before, it means the plan from its first day on. For others there is no
plan on the day that was asked for.

Rows that are only compared are compared with the piece that is in force when the file arrives.

An end, or a coverage that never was, is about every plan that the code ever means, as far as the member has days of
it to lose: nobody stays covered because the end came under the meaning of another year.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from loaders.staging import analyze, run

ANY_DATED_PLAN = "select exists (select from known_plan where is_dated or division <> '')"

PIECES = """
create temporary table event_piece on commit drop as
with piece as (
    select e.source_start as event, e.group_id, e.member_id, e.insurance_line, e.action, coalesce(e.tier, '') as tier,
        e.is_cobra, e.is_truth, e.begins_on as asked_from, e.ends_before as asked_until, e.problem, k.plan_id,
        greatest(e.begins_on, k.begins_on) as begins_on,
        row_number() over stretches as number, count(*) over (partition by e.source_start) as pieces,
        lead(k.begins_on) over stretches as next_on, lag(k.plan_id) over stretches as last_plan,
        array_agg(k.plan_id) over (partition by e.source_start) as plans
    from coverage_event e
    join known_plan k on k.group_id = e.group_id and k.insurance_line = e.insurance_line
        and k.plan_code = e.plan_code and k.division = e.division
        and k.ends_before > e.begins_on and k.begins_on < coalesce(e.ends_before, 'infinity')
    where k.is_dated and e.action in ('add', 'reinstate', 'change', 'compare')
        and (e.problem is null or e.problem = 'ENROLLMENT_UNKNOWN_PLAN')
    window stretches as (partition by e.source_start order by k.begins_on)
)
select * from piece where pieces > 1 or begins_on > asked_from
"""

HELD = """
create temporary table held_piece on commit drop as
select p.event, p.number,
    max(s.plan_id) filter (where lower(s.valid) <= p.begins_on and s.ends_before > p.begins_on) as held,
    coalesce(bool_or(lower(s.valid) < p.begins_on and s.ends_before >= p.begins_on), false) as was_covered,
    max(s.ends_before) filter (where s.plan_id = p.plan_id) as last_end,
    coalesce(bool_or(
        s.plan_id = p.plan_id and s.is_cobra = coalesce(p.is_cobra, s.is_cobra)
        and lower(s.valid) <= p.begins_on and s.ends_before > p.begins_on
        and (p.tier in ('', coalesce(s.tier, '')) or lower(s.valid) = p.begins_on and s.has_tier)
    ), false) as is_known
from event_piece p
left join (
    select e.event, c.plan_id, c.tier, c.is_cobra, c.valid, coalesce(upper(c.valid), 'infinity') as ends_before,
        bool_or(c.plan_id = any(e.plans) and coalesce(c.tier, '') = e.tier) over (partition by e.event) as has_tier
    from event_piece e
    join coverage_span c on c.member_id = e.member_id and c.insurance_line = e.insurance_line
        and c.superseded_at is null
    where e.number = 1
) s using (event)
group by p.event, p.number
"""

CHOSEN = """
create temporary table chosen_piece on commit drop as
with judged as (
    select p.*, h.held, h.was_covered, h.last_end, h.is_known,
        -- leading pieces that are known
        bool_and(h.is_known) over (partition by p.event order by p.number) as is_repeated
    from event_piece p join held_piece h using (event, number)
), counted as (
    select j.*, count(*) filter (where is_repeated) over (partition by event) as repeated,
        max(number) filter (where begins_on <= greatest(asked_from, cast(:received as date)))
            over (partition by event) as in_force,
        lag(last_end) over (partition by event order by number) as last_end_before
    from judged j
), turned as (
    select c.*, max(
        case
            when number <> repeated + 1 or repeated = 0 then null
            when held in (plan_id, last_plan) or held is not null and not exists (
                select from known_plan o
                where o.group_id = c.group_id and o.insurance_line = c.insurance_line and o.plan_id = c.held
            ) then 'goes over'
            when held is null and (is_truth or last_end_before > :received) then 'taken back'
            else 'stays'
        end
    ) over (partition by event) as turn,
    bool_or(number = 1 and begins_on > asked_from and not is_known and not was_covered and held is null)
        over (partition by event) as is_too_early
    from counted c
)
select event, number, plan_id, begins_on, is_known,
    case
        when action = 'compare' then asked_until
        when turn = 'stays' or number = pieces then asked_until
        when last_end > begins_on then asked_until
        else next_on
    end as asked_before,
    -- the end of what is left out or taken over is told of nobody
    case when turn is null or turn = 'goes over' or action = 'compare' then next_on end as renews_on
from turned
where not is_too_early and case
    when action = 'compare' then number = coalesce(in_force, 1)
    when turn = 'stays' then number = repeated
    when turn = 'taken back' then number >= repeated
    else number >= least(repeated + 1, pieces)
end
"""

REPLACE = """
with renewed as (
    delete from coverage_event e using (select distinct event from chosen_piece) c
    where e.source_start = c.event and e.row is not null
    returning e.*
)
insert into coverage_event (set_key, row, group_id, member_id, subscriber_number, is_subscriber, is_cobra, cobra_event,
    member_start, insurance_line, plan_code, division, plan_id, tier, source_start, source_stop, is_truth, is_absent,
    action, begins_on, ends_before, renews_on, is_renewal)
select e.set_key, e.row, e.group_id, e.member_id, e.subscriber_number, e.is_subscriber, e.is_cobra, e.cobra_event,
    e.member_start, e.insurance_line, e.plan_code, e.division, c.plan_id, e.tier, e.source_start, e.source_stop,
    e.is_truth, e.is_absent,
    case when e.action = 'reinstate' and c.number > 1 and not c.is_known then 'add' else e.action end,
    c.begins_on, c.asked_before, c.renews_on, c.number > 1
from renewed e join chosen_piece c on c.event = e.source_start
"""

ENDS_OF_OTHER_MEANINGS = """
insert into coverage_event (set_key, row, group_id, member_id, subscriber_number, is_subscriber, is_cobra, cobra_event,
    member_start, insurance_line, plan_code, division, plan_id, tier, source_start, source_stop, is_truth, is_absent,
    action, begins_on, ends_before, is_other_meaning)
select e.set_key, e.row, e.group_id, e.member_id, e.subscriber_number, e.is_subscriber, e.is_cobra, e.cobra_event,
    e.member_start, e.insurance_line, e.plan_code, e.division, k.plan_id, e.tier, e.source_start, e.source_stop,
    e.is_truth, e.is_absent, e.action, e.begins_on, e.ends_before, true
from coverage_event e
join (select distinct group_id, insurance_line, plan_code, plan_id from known_plan) k
    on k.group_id = e.group_id and k.insurance_line = e.insurance_line and k.plan_code = e.plan_code
    and k.plan_id is distinct from e.plan_id
where e.action in ('terminate', 'void') and e.row is not null
    and (e.problem is null or e.problem = 'ENROLLMENT_UNKNOWN_PLAN')
    and exists (
        select from coverage_span s
        where s.member_id = e.member_id and s.insurance_line = e.insurance_line and s.plan_id = k.plan_id
            and s.superseded_at is null and coalesce(upper(s.valid), 'infinity') >= case e.action
                when 'terminate' then e.ends_before else e.begins_on + 1 end
            and (e.action = 'terminate' or lower(s.valid) <= e.begins_on)
    )
    and not exists (
        -- the file itself says what becomes of the code
        select from coverage_event o
        where o.member_id = e.member_id and o.insurance_line = e.insurance_line and o.plan_code = e.plan_code
            and o.action in ('add', 'reinstate', 'change') and o.problem is null
    )
"""

FORGET_MEANINGS_NOT_HELD = """
delete from coverage_event e
where e.action in ('terminate', 'void') and e.row is not null and not e.is_other_meaning
    and exists (
        select from coverage_event o where o.source_start = e.source_start and o.is_other_meaning
    )
    and not exists (
        select from coverage_span s
        where s.member_id = e.member_id and s.insurance_line = e.insurance_line and s.plan_id = e.plan_id
            and s.superseded_at is null
    )
"""


def renew_events(conn: Connection, received: date) -> None:
    """Replace in `coverage_event` whatever its plan code means several plans for by what is asked of each.

    `received` is the day on which the file arrived. Needs `known_plan`; does nothing where every code means one plan
    always.
    """
    if not conn.execute(text(ANY_DATED_PLAN)).scalar_one():
        return
    analyze(conn, "coverage_event")
    run(conn, PIECES)
    analyze(conn, "event_piece")
    run(conn, HELD)
    analyze(conn, "held_piece")
    run(conn, CHOSEN, received=received)
    analyze(conn, "chosen_piece")
    run(conn, REPLACE)
    run(conn, ENDS_OF_OTHER_MEANINGS)
    run(conn, FORGET_MEANINGS_NOT_HELD)
