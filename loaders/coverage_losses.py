"""What a file takes away: days that were covered and no longer are, in whatever way it said so.

Days that another plan or tier of the same line covers are not lost. Three things follow from a loss: a person decides
on one that reaches back too far, claims paid for the lost days are listed, and a dependant who lost them with the
subscriber is reported.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from loaders.staging import analyze, run

KEY_EFFECTS = """
create temporary table key_effect on commit drop as
with touched as (
    select coverage_key from span_gone union select coverage_key from span_new
), was as (
    select coverage_key, range_agg(daterange(starts_on, nullif(ends_before, 'infinity'))) as days
    from span_before join touched using (coverage_key) group by coverage_key
), now as (
    select coverage_key, range_agg(daterange(starts_on, nullif(ends_before, 'infinity'))) as days
    from span_now join touched using (coverage_key) group by coverage_key
)
select coverage_key, k.member_id, k.insurance_line, coalesce(now.days - was.days, now.days, '{}') as gained,
    coalesce(was.days - now.days, was.days, '{}') as lost
from touched
join coverage_key k using (coverage_key)
left join was using (coverage_key)
left join now using (coverage_key)
"""

RETRO_TERMINATIONS = """
insert into enrollment_hold
select 'RETRO_TERMINATION', m.group_id, jsonb_build_object('members', count(distinct e.member_id),
    'earliest_end', min(lower(e.lost) - 1), 'received', cast(:received as date),
    'max_retro_term_days', g.max_retro_term_days)
from key_effect e
join member m using (member_id)
join known_group g on g.group_id = m.group_id
-- the last day that is still covered
where not isempty(e.lost) and lower(e.lost) - 1 < cast(:received as date) - g.max_retro_term_days
group by m.group_id, g.max_retro_term_days
"""

RECOVERIES = """
insert into recovery_candidate (claim_id, span_id, file_id, lost_from, listed_at)
select distinct c.claim_id, b.span_id, :file_id, min(lower(l.lost)), :now
from key_effect e
cross join lateral unnest(e.lost) as l(lost)
join span_before b on b.coverage_key = e.coverage_key
    and daterange(b.starts_on, nullif(b.ends_before, 'infinity')) && l.lost
join claim c on c.member_id = e.member_id and c.state = 'paid' and c.version_state = 'active'
join lateral (
    select d.decision_id, d.plan_id from decision d where d.claim_id = c.claim_id order by d.sequence desc limit 1
) d on d.plan_id = b.plan_id
join decision_line p on p.decision_id = d.decision_id and p.paid_cents > 0
left join claim_line s on s.claim_id = c.claim_id and s.line_number = p.line_number
where not isempty(e.lost) and coalesce(s.service_from, c.service_from) <@ l.lost
    and coalesce(s.service_from, c.service_from) >= b.starts_on
    and coalesce(s.service_from, c.service_from) < b.ends_before
group by c.claim_id, b.span_id
order by c.claim_id, b.span_id
"""

ENDED_DEPENDANTS = """
create temporary table ended_dependant on commit drop as
select c.member_id, min(c.set_key) as set_key, min(c.source_start) as source_start, min(c.source_stop) as source_stop,
    bool_or(c.is_derived and not c.is_absent) as is_derived
from coverage_change c
join key_effect e using (coverage_key)
where not isempty(e.lost) and (c.is_derived or c.is_absent) and not exists (
    select from coverage_change o
    where o.coverage_key = c.coverage_key and o.action in ('terminate', 'void') and not o.is_derived
        and not o.is_absent
)
group by c.member_id
"""

REPORT_DEPENDANTS = """
insert into enrollment_problem
select set_key, 'ENROLLMENT_DEPENDANT_ENDED', 'INS', '2000', source_start, source_stop
from ended_dependant where is_derived
"""

FAMILIES = """
create temporary table touched_family on commit drop as
select m.group_id, m.subscriber_number, e.insurance_line, min(c.set_key) as set_key,
    min(c.source_start) as source_start, min(c.source_stop) as source_stop
from key_effect e
join member m using (member_id)
join coverage_change c using (coverage_key)
group by m.group_id, m.subscriber_number, e.insurance_line
having bool_or(e.lost <> '{}') or not bool_and(m.is_subscriber)
"""

FAMILY_MEMBERS = """
create temporary table family_member on commit drop as
select m.member_id, m.is_subscriber, t.*
from touched_family t
join member m on m.group_id = t.group_id and m.subscriber_number = t.subscriber_number
"""

FAMILY_DAYS = """
create temporary table family_day on commit drop as
select f.group_id, f.subscriber_number, f.insurance_line, case when not f.is_subscriber then f.member_id end as
    dependant, min(f.set_key) as set_key, min(f.source_start) as source_start, min(f.source_stop) as source_stop,
    range_agg(s.valid) as covered
from family_member f
join coverage_span s on s.member_id = f.member_id and s.insurance_line = f.insurance_line
    and s.superseded_at is null and (f.is_subscriber or not s.is_cobra)
group by f.group_id, f.subscriber_number, f.insurance_line, case when not f.is_subscriber then f.member_id end
"""

BEYOND_SUBSCRIBER = """
insert into enrollment_problem
with beyond as (
    select d.* from family_day d
    left join family_day s on s.group_id = d.group_id and s.subscriber_number = d.subscriber_number
        and s.insurance_line = d.insurance_line and s.dependant is null
    where d.dependant is not null and not d.covered <@ coalesce(s.covered, '{}')
), own as (
    select distinct on (p.member_id) p.member_id, p.set_key, p.source_start, p.source_stop
    from recognised_person p where p.member_id in (select dependant from beyond)
    order by p.member_id, p.source_start
)
select coalesce(o.set_key, b.set_key), 'ENROLLMENT_DEPENDANT_BEYOND_SUBSCRIBER', 'INS', '2000',
    coalesce(o.source_start, b.source_start), coalesce(o.source_stop, b.source_stop)
from beyond b
left join own o on o.member_id = b.dependant
"""


def stage_losses(conn: Connection, received: date) -> None:
    """Leave the temporary tables `key_effect` and `ended_dependant`.

    `enrollment_hold` gets one row a group that would lose coverage further back than it allows, counted from
    `received`: whoever holds files reads it before anything is recorded.
    """
    run(conn, KEY_EFFECTS)
    analyze(conn, "key_effect")
    run(conn, RETRO_TERMINATIONS, received=received)
    run(conn, ENDED_DEPENDANTS)
    run(conn, REPORT_DEPENDANTS)


def follow_up_losses(conn: Connection, file_id: int, now: datetime) -> None:
    """List the claims paid for days that are lost, and find dependants covered where their subscriber is not.

    The new spans are on record already.
    """
    run(conn, RECOVERIES, file_id=file_id, now=now)
    for name, statement in (
        ("touched_family", FAMILIES),
        ("family_member", FAMILY_MEMBERS),
        ("family_day", FAMILY_DAYS),
    ):
        run(conn, statement)
        analyze(conn, name)
    run(conn, BEYOND_SUBSCRIBER)
