"""What became of each member of an 834: `enrollment_outcome`.

| outcome | when |
|---|---|
| refused | the member was not recognised, or nothing of the row was applied for a problem |
| compared | the row was sent to be compared only |
| ended | days of coverage were lost and none gained |
| reinstated | days were gained, and that was asked for |
| added | days were gained and none lost, or the member is new |
| changed | plan, tier or days are others, or the person's data are |
| unchanged | the row repeats what is on record |

A member who is sent more than once in a file has the same outcome in every row, unless a row was refused. Who was not
sent but lost coverage, with the subscriber or by absence, or got the subscriber's new number, has a row without a
number.
"""

from __future__ import annotations

from sqlalchemy import Connection

from loaders.staging import analyze, run

MEMBER_EFFECTS = """
create temporary table member_effect on commit drop as
select member_id, bool_or(not isempty(gained)) as has_gained, bool_or(not isempty(lost)) as has_lost
from key_effect group by member_id
"""

ROW_EVENTS = """
create temporary table row_event on commit drop as
select row, bool_or(problem is not null) as has_problem, bool_and(problem is not null) as is_refused,
    bool_and(action = 'compare') as is_compared, bool_or(action = 'reinstate') as is_reinstated
from coverage_event where row is not null group by row
"""

OUTCOMES = """
insert into enrollment_outcome (file_id, set_key, member_id, row, group_id, outcome, source_start, source_stop)
select :file_id, p.set_key, r.member_id, p.row, p.group_id,
    case
        when p.problem is not null or e.is_refused then 'refused'
        when coalesce(e.is_compared, p.maintenance_type = '030') then 'compared'
        when c.has_lost and not c.has_gained then 'ended'
        when c.has_gained and e.is_reinstated then 'reinstated'
        when c.has_gained and not c.has_lost then 'added'
        when c.member_id is not null then 'changed'
        when m.file_id = :file_id and m.recorded_now then 'added'
        when m.file_id = :file_id or s.member_id is not null then 'changed'
        when e.has_problem then 'refused'
        else 'unchanged'
    end, p.source_start, p.source_stop
from enrolled_person p
left join recognised_person r on r.row = p.row
left join row_event e on e.row = p.row
left join member_effect c on c.member_id = r.member_id
left join (
    select m.member_id, m.file_id, m.member_id > :last_member_id as recorded_now from member m
    where m.file_id = :file_id
) m on m.member_id = r.member_id
left join (select distinct member_id from restated_member) s on s.member_id = r.member_id
order by p.row
"""

NOT_SENT = """
insert into enrollment_outcome (file_id, set_key, member_id, row, group_id, outcome, source_start, source_stop)
select :file_id, d.set_key, d.member_id, null, m.group_id, 'ended', d.source_start, d.source_stop
from ended_dependant d
join member m using (member_id)
where not exists (select from recognised_person r where r.member_id = d.member_id)
order by d.member_id
"""

RENUMBERED = """
insert into enrollment_outcome (file_id, set_key, member_id, row, group_id, outcome, source_start, source_stop)
select :file_id, p.set_key, m.member_id, null, m.group_id, 'changed', p.source_start, p.source_stop
from renumbered n
join member m on m.group_id = n.group_id and m.subscriber_number = n.new_number
join changed_member c on c.member_id = m.member_id and c.subscriber_number = n.new_number
join lateral (
    select r.set_key, r.source_start, r.source_stop from recognised_person r
    where r.group_id = n.group_id and r.subscriber_number = n.new_number and r.is_subscriber = 'Y' and not r.compares
    order by r.source_start limit 1
) p on true
where not exists (select from recognised_person r where r.member_id = m.member_id)
    and not exists (select from ended_dependant d where d.member_id = m.member_id)
order by m.member_id
"""


def record_outcomes(conn: Connection, file_id: int, last_member_id: int) -> None:
    """Write one row a sent member, and one for everybody else who was ended or renumbered; needs `restated_member`.

    `last_member_id` is the highest that there was before the file's members were stored.
    """
    run(conn, MEMBER_EFFECTS)
    run(conn, ROW_EVENTS)
    analyze(conn, "restated_member")
    analyze(conn, "member_effect")
    analyze(conn, "row_event")
    parameters = {"file_id": file_id}
    run(conn, OUTCOMES, **parameters, last_member_id=last_member_id)
    run(conn, NOT_SENT, **parameters)
    run(conn, RENUMBERED, **parameters)
