"""Full rosters against our books: who is absent, what the group wants done about it, and when a person must look.

A member is absent who is covered on the roster's as-of date, as we knew before the file, and has no row in it. Nobody
is absent whose row may be one that we could not identify, or whose coverage ends with that of a subscriber whom the
file ends. A group's roster is all that the file holds of it, in however many sets, and of the latest of their as-of
dates; whoever has a row in any of them is not absent.

Absences are counted over full rosters in a row. Coverage ends after as many as the group says, and only where the file
is applied (a roster to be replaced by, or one that is truth), is the newest, is no roster of a day that lies too far
ahead, and was taken whole: a row that was
refused for its syntax, or one of a set or interchange that was, may be the absent member's.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from loaders.staging import analyze, run

SETS_LEFT_OUT = """
create temporary table set_left_out on commit drop as
select count(*) as sets
from interchange i
left join functional_group g using (interchange_id)
left join transaction_set s using (group_key)
where i.file_id = :file_id and (
    i.ta1_code = 'R' or g.functional_id = 'BE' and (s.ik501 = 'R' or g.accepted_sets < g.received_sets)
)
"""

LAST_ROSTERS = """
create temporary table last_roster on commit drop as
select g.group_id, g.latest_day, l.as_of, l.members
from (
    select k.group_id, f.received_date + k.max_as_of_days_ahead as latest_day
    from known_group k cross join file f where f.file_id = :file_id
) g
left join lateral (
    -- one that lies too far ahead would make all that come later out of date
    select r.as_of, r.members from roster r where r.group_id = g.group_id and r.as_of <= g.latest_day
    order by r.as_of desc, r.roster_id desc limit 1
) l on true
where g.group_id in (select group_id from enrolled_set)
"""

FULL_ROSTERS = """
create temporary table full_roster on commit drop as
with sent as (
    select e.*, s.refused, lag(e.as_of) over (partition by e.group_id order by s.source_start) as as_of_before
    from enrolled_set e join sent_set s using (set_key)
    where e.mode <> 'change'
)
select e.group_id, max(e.mode) as mode, max(e.as_of) as as_of, bool_and(e.is_truth) as is_truth,
    min(e.set_key) as set_key, sum(e.refused) + min(o.sets) as refused, min(e.as_of) as oldest, l.latest_day,
    max(e.as_of) > l.latest_day as is_too_far_ahead,
    greatest(l.as_of, max(e.as_of_before)) as last_as_of,
    l.members as last_members,
    coalesce(min(e.as_of) >= l.as_of, true) and coalesce(bool_and(e.as_of >= e.as_of_before), true)
        and max(e.as_of) <= l.latest_day as is_newest
from sent e
cross join set_left_out o
join last_roster l using (group_id)
group by e.group_id, l.as_of, l.members, l.latest_day
"""

ANY_FULL_ROSTER = "select exists (select from full_roster)"

ROSTER_ROWS = """
create temporary table roster_row on commit drop as
select p.group_id, p.subscriber_number, p.is_subscriber = 'Y' as is_subscriber, p.maintenance_type,
    p.problem, p.member_id, p.first_name_key, p.birth_date
from enrolled_person p
join full_roster f using (group_id)
"""

ACTIVE_MEMBERS = """
create temporary table active_member on commit drop as
select m.member_id, m.group_id, m.subscriber_number, m.is_subscriber
from full_roster f
join member m using (group_id)
where exists (
    select from coverage_span s where s.member_id = m.member_id and s.superseded_at is null and s.valid @> f.as_of
)
"""

MISSING_MEMBERS = """
create temporary table missing_member on commit drop as
select a.member_id, a.group_id
from active_member a
join known_group g using (group_id)
where not exists (select from roster_row r where r.member_id = a.member_id)
    and not exists (
        select from roster_row r
        -- a number whose leading zeros were lost identifies nobody, and may be this one
        where r.group_id = a.group_id and ltrim(r.subscriber_number, '0') = ltrim(a.subscriber_number, '0')
            and (r.member_id is null and r.problem is not null
                or g.dependants_end_with_subscriber and not a.is_subscriber and r.is_subscriber
                    and r.maintenance_type = '024')
    )
"""

ROSTER_COUNTS = """
create temporary table roster_count on commit drop as
select f.*, coalesce(r.members, 0) as members, coalesce(a.active, 0) as active, coalesce(m.absent, 0) as absent,
    coalesce(m.absent, 0) * 100.0 / nullif(a.active, 0) as absent_percent,
    abs(coalesce(r.members, 0) - f.last_members) as swing,
    abs(coalesce(r.members, 0) - f.last_members) * 100.0 / nullif(f.last_members, 0) as swing_percent
from full_roster f
left join (
    -- of several sets that have the same person one counts
    select group_id, count(distinct member_id) + count(distinct case
        when member_id is null then (subscriber_number, first_name_key, birth_date)
    end) as members
    from roster_row where maintenance_type is distinct from '024' group by group_id
) r using (group_id)
left join (select group_id, count(*) as active from active_member group by group_id) a using (group_id)
left join (select group_id, count(*) as absent from missing_member group by group_id) m using (group_id)
"""

HOLDS = """
insert into enrollment_hold
select h.code, c.group_id, h.facts
from roster_count c
join known_group g using (group_id)
cross join lateral (values
    ('ROSTER_TOO_FAR_AHEAD', c.is_too_far_ahead,
        jsonb_build_object('as_of', c.as_of, 'latest_day', c.latest_day)),
    ('ROSTER_OUT_OF_ORDER', not c.is_newest and not c.is_too_far_ahead,
        jsonb_build_object('as_of', c.oldest, 'last_as_of', c.last_as_of)),
    ('ABSENCE_THRESHOLD', c.absent_percent > g.absence_hold_percent and c.absent > g.absence_hold_members,
        jsonb_build_object('active', c.active, 'absent', c.absent)),
    ('COUNT_SWING', c.swing_percent > g.count_swing_percent and c.swing > g.absence_hold_members,
        jsonb_build_object('members', c.members, 'last_members', c.last_members))
) as h (code, is_broken, facts)
where h.is_broken
"""

WARNINGS = """
insert into enrollment_problem
select c.set_key, w.code, 'BGN', 'HEADER', s.source_start, s.source_stop
from roster_count c
join known_group g using (group_id)
join sent_set s using (set_key)
cross join lateral (values
    ('ENROLLMENT_TOO_FAR_AHEAD', c.is_too_far_ahead),
    ('ENROLLMENT_OUT_OF_ORDER', not c.is_newest and not c.is_too_far_ahead),
    ('ENROLLMENT_MEMBERS_ABSENT', c.absent > 0),
    -- one member alone is nothing unusual, however small the group
    ('ENROLLMENT_ABSENCE_HIGH', c.absent_percent > g.absence_warn_percent and c.absent > 1),
    ('ENROLLMENT_COUNT_SWING', c.swing_percent > g.count_swing_percent and c.swing > 1)
) as w (code, is_broken)
where w.is_broken
"""

OLD_CHANGES = """
insert into enrollment_problem
select distinct s.set_key, 'ENROLLMENT_OUT_OF_ORDER', 'BGN', 'HEADER', s.source_start, s.source_stop
from enrolled_set e
join sent_set s using (set_key)
join last_roster l using (group_id)
where e.mode = 'change' and e.as_of < l.as_of
"""

PRESENT_AGAIN = """
delete from absence a using full_roster f
where a.group_id = f.group_id and f.is_newest
    and not exists (select from missing_member m where m.member_id = a.member_id)
    -- whom this very roster has ended is not covered any more when it comes again, but not back either
    and (a.last_as_of < f.as_of or exists (select from roster_row r where r.member_id = a.member_id))
"""

COUNT_ABSENCES = """
insert into absence (member_id, group_id, rosters, first_as_of, last_as_of, file_id)
select m.member_id, m.group_id, 1, f.as_of, f.as_of, :file_id
from missing_member m join full_roster f using (group_id)
where f.is_newest and f.refused = 0
on conflict (member_id) do update set
    group_id = excluded.group_id, rosters = absence.rosters + 1, last_as_of = excluded.last_as_of,
    file_id = excluded.file_id
-- the same roster again is no second absence
where absence.last_as_of < excluded.last_as_of
"""

ABSENT_MEMBERS = """
create temporary table absent_member (member_id bigint, group_id text, ends_before date, set_key bigint,
    source_start bigint, source_stop bigint) on commit drop
"""

END_ABSENT_MEMBERS = """
insert into absent_member
select a.member_id, a.group_id,
    case g.absent_end when 'as_of' then f.as_of else cast(date_trunc('month', f.as_of) as date) end,
    f.set_key, s.source_start, s.source_stop
from missing_member m
join absence a using (member_id)
join full_roster f on f.group_id = m.group_id
join known_group g on g.group_id = m.group_id
join sent_set s using (set_key)
where g.absences_to_end > 0 and a.rosters >= g.absences_to_end and f.is_truth and f.is_newest and f.refused = 0
"""

RECORD_ROSTERS = """
insert into roster (file_id, group_id, mode, as_of, members, active, absent)
select :file_id, group_id, mode, as_of, members, active, absent from roster_count
"""


def stage_absences(conn: Connection, file_id: int) -> None:
    """Leave the temporary table `absent_member`: whose coverage ends because a full roster lacks them, and when.

    Absences are counted, rosters recorded, and `enrollment_hold` and `enrollment_problem` get what is odd about them.
    Needs `sent_set`, `enrolled_set`, `enrolled_person` and `known_group`, and spans as they were before the file.
    """
    run(conn, ABSENT_MEMBERS)
    run(conn, LAST_ROSTERS, file_id=file_id)
    run(conn, OLD_CHANGES)
    run(conn, SETS_LEFT_OUT, file_id=file_id)
    run(conn, FULL_ROSTERS)
    if not conn.execute(text(ANY_FULL_ROSTER)).scalar_one():
        return
    for table, statement in (
        ("roster_row", ROSTER_ROWS),
        ("active_member", ACTIVE_MEMBERS),
        ("missing_member", MISSING_MEMBERS),
        ("roster_count", ROSTER_COUNTS),
    ):
        run(conn, statement)
        analyze(conn, table)
    run(conn, HOLDS)
    run(conn, WARNINGS)
    run(conn, PRESENT_AGAIN)
    run(conn, COUNT_ABSENCES, file_id=file_id)
    run(conn, END_ABSENT_MEMBERS)
    analyze(conn, "absent_member")
    run(conn, RECORD_ROSTERS, file_id=file_id)
