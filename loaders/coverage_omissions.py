"""Lines of insurance that a full roster leaves out for a member whom it has: our roster becomes exactly what it says.

A line is left out that the roster names as coverage of somebody else in the group (who sends one roster a line says
nothing of the others), where the member is covered in it on the as-of date, as we knew before the file. Nothing is
left out of a row without coverage, nor where anything of the member was refused.

Coverage ends as that of absent members does, but only in groups whose absent members end at once: absences are counted
by member, not by line. In other groups it is reported. So many members that a person has to decide hold the file.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from loaders.staging import analyze, run

ANY_ROSTER_THAT_REPLACES = "select exists (select from full_roster where is_truth)"

NAMED_COVERAGES = """
create temporary table named_coverage on commit drop as
select distinct p.group_id, p.subscriber_number, p.member_id, c.insurance_line
from full_roster f
join recognised_person p using (group_id)
join staged_coverage c on c.parent_row = p.row
where f.is_truth
"""

OMITTED_LINES = """
create temporary table omitted_line on commit drop as
with named as (
    select distinct group_id, insurance_line from coverage_event
    where problem is null and action in ('add', 'reinstate', 'change')
), refused as (
    select p.group_id, p.subscriber_number, p.member_id from enrolled_person p where p.problem is not null
    union
    select group_id, subscriber_number, member_id from coverage_event where problem is not null and row is not null
), present as (
    select distinct n.group_id, n.member_id from named_coverage n
    where not exists (select from refused r where r.member_id = n.member_id)
        and not exists (
            -- who could not be identified may be the same member
            select from refused r
            where r.group_id = n.group_id and r.subscriber_number = n.subscriber_number and r.member_id is null
        )
)
select f.group_id, p.member_id, l.insurance_line, f.set_key, s.source_start, s.source_stop,
    g.absences_to_end = 1 and f.is_newest and f.refused = 0 as ends,
    case g.absent_end when 'as_of' then f.as_of else cast(date_trunc('month', f.as_of) as date) end as ends_before
from present p
join full_roster f using (group_id)
join known_group g using (group_id)
join sent_set s using (set_key)
join named l using (group_id)
where exists (
    select from coverage_span c
    where c.member_id = p.member_id and c.insurance_line = l.insurance_line and c.superseded_at is null
        and c.valid @> f.as_of
) and not exists (
    select from named_coverage n where n.member_id = p.member_id and n.insurance_line = l.insurance_line
)
"""

REPORT = """
insert into enrollment_problem
select set_key, 'ENROLLMENT_LINES_LEFT_OUT', 'BGN', 'HEADER', source_start, source_stop
from omitted_line group by set_key, source_start, source_stop, group_id
"""

HOLD = """
insert into enrollment_hold
select 'LINES_THRESHOLD', c.group_id, jsonb_build_object('active', c.active, 'members', o.members)
from roster_count c
join known_group g using (group_id)
join (
    select group_id, count(distinct member_id) as members from omitted_line where ends group by group_id
) o using (group_id)
where o.members * 100.0 / nullif(c.active, 0) > g.absence_hold_percent and o.members > g.absence_hold_members
"""

END = """
insert into coverage_event (set_key, group_id, member_id, subscriber_number, is_subscriber, member_start,
    insurance_line, source_start, source_stop, is_truth, is_absent, action, ends_before)
-- dependants have rows of their own in the roster, which say what they have
select o.set_key, o.group_id, o.member_id, m.subscriber_number, false, o.source_start, o.insurance_line,
    o.source_start, o.source_stop, false, true, 'terminate', o.ends_before
from omitted_line o join member m using (member_id)
where o.ends
"""


def end_omitted_lines(conn: Connection) -> None:
    """Add to `coverage_event` an end of each line that a roster leaves out, and say so in `enrollment_problem`.

    `enrollment_hold` gets the groups in which too many members would lose a line. Needs what
    `loaders.enrollment_reconcile` and `loaders.coverage_events` leave.
    """
    if not conn.execute(text(ANY_ROSTER_THAT_REPLACES)).scalar_one():
        return
    run(conn, NAMED_COVERAGES)
    analyze(conn, "named_coverage")
    run(conn, OMITTED_LINES)
    analyze(conn, "omitted_line")
    run(conn, REPORT)
    run(conn, HOLD)
    run(conn, END)
