"""A file twice is a file once: every row must find again whom it found, once the file is applied.

Rows that say the same as what is on file do. Others may not: of two rows one renames a person, and the other means
whoever has the name then. So the families with a row that was recognised by less than birth date and name, or not at
all, are looked at again on the members as the file leaves them. Where a row would then be about somebody else, or is
refused now and would not be then, all rows of the family are refused, and the family stays as it is.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, text

from loaders.enrollment_identity import DOUBTED, identify_again
from loaders.enrollment_members import put_members_on_file
from loaders.staging import analyze, run

DOUBTFUL_FAMILIES = f"""
create temporary table doubtful_family on commit drop as
select distinct p.group_id, p.subscriber_number
from enrolled_person p
left join person_match x using (row)
where p.group_id is not null and p.subscriber_number is not null and not p.compares and ({DOUBTED})
"""  # noqa: S608 - of our own words only

PERSONS_IN_DOUBT = """
create temporary table enrolled_person on commit drop as
select p.* from person_of_file p join doubtful_family d using (group_id, subscriber_number)
"""

UNSTABLE_FAMILIES = """
select distinct n.group_id, n.subscriber_number
from found_person f
join enrolled_person n using (row)
left join person_match x using (row)
where not f.compares and case
    -- an end that stands before the addition of somebody new is nobody's: what is added counts
    when f.problem = 'ENROLLMENT_MEMBER_UNKNOWN' then n.problem is null and (
        f.maintenance_type is distinct from '024' or x.rung <> 2
        or f.row in (select row from staged_old_person)
    )
    when f.problem is null then n.problem is not null or n.member_id is distinct from f.member_id
    else n.problem is null
end
order by 1, 2
"""

REFUSE_FAMILIES = """
with family as (
    select * from jsonb_to_recordset(cast(:families as jsonb)) as f(group_id text, subscriber_number text)
), refused as (
    update enrolled_person p set problem = 'ENROLLMENT_MEMBER_AMBIGUOUS', member_id = null
    from family f
    where f.group_id = p.group_id and f.subscriber_number = p.subscriber_number and p.problem is null
        and not p.compares
    returning p.set_key, p.problem, p.source_start, p.source_stop
)
insert into enrollment_problem select set_key, problem, 'INS', '2000', source_start, source_stop from refused
"""


def put_stable_members_on_file(conn: Connection, file_id: int, now: object) -> int:
    """Add and change members as `enrolled_person` says, but for families that would be read otherwise a second time.

    Returns how many were added or changed. Afterwards every row without a problem has its `member_id`.
    """
    if not run(conn, DOUBTFUL_FAMILIES):
        return put_members_on_file(conn, file_id, now)
    analyze(conn, "doubtful_family")
    families = _unstable_families(conn, file_id, now)
    if families:
        run(conn, REFUSE_FAMILIES, families=json.dumps(families))
    return put_members_on_file(conn, file_id, now)


def _unstable_families(conn: Connection, file_id: int, now: object) -> list[dict[str, str]]:
    """Those of `doubtful_family` that would be read otherwise a second time; everything is as it was afterwards.

    They alone are put on file for that: families do not touch each other, and the file may be large.
    """
    before = conn.begin_nested()
    run(conn, "alter table enrolled_person rename to person_of_file")
    run(conn, PERSONS_IN_DOUBT)
    analyze(conn, "enrolled_person")
    put_members_on_file(conn, file_id, now)
    identify_again(conn, file_id)
    families = [dict(row) for row in conn.execute(text(UNSTABLE_FAMILIES)).mappings()]
    before.rollback()
    return families
