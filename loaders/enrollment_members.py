"""Put the persons of an 834 on file: new members, what changed of known ones, and what they were before.

What a row does not send stays as it is. An end of coverage (024) changes neither names nor addresses, which senders
do not keep up for those who leave. A state that a file changes goes to `member_past`. Rows that would make two members
one person are refused.
"""

from __future__ import annotations

from sqlalchemy import Connection

from loaders.person_keys import NEWBORN
from loaders.schema.person_columns import FACTS, person_columns
from loaders.staging import analyze, run

NEW_MEMBERS_WORTH_COUNTING = 1000
"""From this many on, the planner is told how many members there are: it plans the rest of the file by that."""

PERSON = tuple(column.name for column in person_columns())
UNTOUCHED_BY_ENDS = frozenset(
    {
        *("last_name", "first_name", "first_name_key", "middle_name", "name_prefix", "name_suffix", "gender"),
        *("birth_date", "birth_sequence", "relationship_code", "ssn_hash", "sender_number", "group_number"),
        *("address", "address_2", "city", "state", "zip", "country", "country_subdivision"),
        *("location_qualifier", "location"),
    }
)
SENT = ("birth_date", "birth_sequence", "ssn_hash", "first_name", "first_name_key", *FACTS)
"""Columns of which the last row that says something counts."""
SENT_AS = {
    "group_number": "nullif(group_number, '')",
    "first_name_key": "case when first_name is not null then first_name_key end",
}


def _sent(name: str) -> str:
    """A column of a row, as far as the row may change it."""
    value = SENT_AS.get(name, name)
    return f"case when maintenance_type is distinct from '024' then {value} end" if name in UNTOUCHED_BY_ENDS else value


def _last(name: str) -> str:
    """The last value of several rows of a member."""
    return f"(array_agg({name} order by source_start desc) filter (where {name} is not null))[1]"


SENT_STATES = f"""
create temporary table sent_state on commit drop as
with row_of_member as (
    select member_id, is_subscriber = 'Y' as is_subscriber, maintenance_reason, eligibility_begin, eligibility_end,
        {", ".join(f"{_sent(name)} as {name}" for name in SENT)}, source_start, source_stop,
        count(*) over (partition by member_id) as rows
    from enrolled_person
    where problem is null and not compares and member_id is not null
)
select member_id, is_subscriber, maintenance_reason, eligibility_begin, eligibility_end, {", ".join(SENT)},
    source_start, source_stop
from row_of_member where rows = 1
union all
select member_id, (array_agg(is_subscriber order by source_start desc))[1], {_last("maintenance_reason")},
    {_last("eligibility_begin")}, {_last("eligibility_end")}, {", ".join(map(_last, SENT))},
    max(source_start), max(source_stop)
from row_of_member where rows > 1 group by member_id
"""  # noqa: S608 - of our own words only

NEW_MEMBERS = """
create temporary table new_member on commit drop as
with fresh as (
    select distinct on (group_id, subscriber_number, known_birth_date, first_name_key, coalesce(birth_sequence, 0))
        row, group_id, subscriber_number, known_number, known_birth_date, first_name_key, birth_sequence, is_subscriber,
        source_start
    from enrolled_person where problem is null and member_id is null and begins
    order by group_id, subscriber_number, known_birth_date, first_name_key, coalesce(birth_sequence, 0),
        source_start desc
)
select n.*, nextval(pg_get_serial_sequence('member', 'member_id')) as member_id
from (
    select f.*, coalesce(t.last_suffix, -1) + row_number() over (
        partition by group_id, subscriber_number order by is_subscriber desc, source_start
    ) as member_suffix
    from fresh f
    -- a family that gets a new number with this file still has the old one
    left join (
        select group_id, subscriber_number as known_number, max(member_suffix) as last_suffix from member group by 1, 2
    ) t using (group_id, known_number)
    -- ids in the order of the file, whatever the plan of the join
    order by source_start
) n
"""

NAME_NEW_MEMBERS = """
update enrolled_person p set member_id = n.member_id
from new_member n
where p.problem is null and p.member_id is null and n.group_id = p.group_id
    and n.subscriber_number = p.subscriber_number and n.known_birth_date = p.known_birth_date
    and n.first_name_key = p.first_name_key and coalesce(n.birth_sequence, 0) = coalesce(p.birth_sequence, 0)
"""

REFUSE_NAMELESS = """
with refused as (
    update enrolled_person set problem = 'ENROLLMENT_MEMBER_UNKNOWN' where problem is null and member_id is null
    returning set_key, problem, source_start, source_stop
)
insert into enrollment_problem select set_key, problem, 'INS', '2000', source_start, source_stop from refused
"""
"""Rows beside the one that would have made their member, which was refused."""

OWN_COLUMNS = (
    *("group_id", "subscriber_number", "member_suffix", "first_name_key", "birth_date", "is_subscriber"),
    *("relationship_code", "last_name", "first_name", "eligibility_begin", "eligibility_end"),
)

ENROL = f"""
insert into member (member_id, {", ".join(OWN_COLUMNS)}, birth_sequence, ssn_hash,
    {", ".join(name for name in FACTS if name not in OWN_COLUMNS)}, maintenance_reason, recorded_at, file_id,
    source_start, source_stop)
select n.member_id, n.group_id, n.subscriber_number, n.member_suffix, n.first_name_key, n.known_birth_date,
    n.is_subscriber = 'Y', coalesce(s.relationship_code, ''), s.last_name, coalesce(s.first_name, ''),
    s.eligibility_begin, s.eligibility_end, n.birth_sequence, s.ssn_hash,
    {", ".join(f"s.{name}" for name in FACTS if name not in OWN_COLUMNS)}, s.maintenance_reason, :now, :file_id,
    s.source_start, s.source_stop
from new_member n join sent_state s using (member_id)
order by n.member_id
"""  # noqa: S608 - of our own words only

_KEPT_NAME = f"s.first_name is null or s.first_name_key ~ '{NEWBORN}' and m.first_name_key !~ '{NEWBORN}'"
_MERGED = {
    "subscriber_number": "coalesce(r.new_number, m.subscriber_number)",
    "first_name_key": f"case when {_KEPT_NAME} then m.first_name_key else s.first_name_key end",
    "first_name": f"case when {_KEPT_NAME} then m.first_name else s.first_name end",
    "is_subscriber": "coalesce(s.is_subscriber, m.is_subscriber)",
    # both dates are of one period: the end goes when the next one begins
    "eligibility_begin": "coalesce(s.eligibility_begin, m.eligibility_begin)",
    "eligibility_end": "case when s.eligibility_begin is null then coalesce(s.eligibility_end, m.eligibility_end)"
    " else s.eligibility_end end",
    **{name: f"coalesce(s.{name}, m.{name})" for name in ("birth_date", "birth_sequence", "ssn_hash", *FACTS)},
}

CHANGED_MEMBERS = f"""
create temporary table changed_member on commit drop as
with renumbered_member as (
    select m.member_id, r.new_number
    from renumbered r join member m on m.group_id = r.group_id and m.subscriber_number = r.old_number
    where exists (
        select from enrolled_person p
        where p.group_id = r.group_id and p.subscriber_number = r.new_number and p.is_subscriber = 'Y'
            and p.problem is null and not p.compares
    )
), state as (
    select * from sent_state s where not exists (select from new_member n where n.member_id = s.member_id)
)
select m.member_id, {", ".join(f"n.{name}" for name in _MERGED)},
    coalesce(s.maintenance_reason, m.maintenance_reason) as maintenance_reason,
    coalesce(s.source_start, m.source_start) as source_start, coalesce(s.source_stop, m.source_stop) as source_stop
from member m
left join state s using (member_id)
left join renumbered_member r using (member_id)
cross join lateral (select {", ".join(f"{value} as {name}" for name, value in _MERGED.items())}) n
where (s.member_id is not null or r.member_id is not null)
    and ({", ".join(f"m.{name}" for name in _MERGED)}) is distinct from ({", ".join(f"n.{name}" for name in _MERGED)})
"""  # noqa: S608 - of our own words only

COLLIDING_MEMBERS = """
create temporary table colliding_member on commit drop as
with wanted as (
    select c.member_id, m.group_id, c.subscriber_number, c.birth_date, c.first_name_key,
        coalesce(c.birth_sequence, 0) as birth_sequence
    from changed_member c join member m using (member_id)
    where (c.subscriber_number, c.birth_date, c.first_name_key, coalesce(c.birth_sequence, 0))
        <> (m.subscriber_number, m.birth_date, m.first_name_key, coalesce(m.birth_sequence, 0))
    union all
    select member_id, group_id, subscriber_number, known_birth_date, first_name_key, coalesce(birth_sequence, 0)
    from new_member
), wanted_by as (
    select w.*, count(*) over (
        partition by group_id, subscriber_number, birth_date, first_name_key, birth_sequence
    ) as persons
    from wanted w
)
select w.member_id from wanted_by w where w.persons > 1
union
select w.member_id
from wanted w join member k on k.group_id = w.group_id and k.subscriber_number = w.subscriber_number
    and k.birth_date = w.birth_date and k.first_name_key = w.first_name_key
    and coalesce(k.birth_sequence, 0) = w.birth_sequence
where k.member_id <> w.member_id
"""

REFUSE_COLLIDING = """
with refused as (
    update enrolled_person set problem = 'ENROLLMENT_MEMBER_AMBIGUOUS', member_id = null
    where problem is null and member_id in (select member_id from colliding_member)
    returning set_key, problem, source_start, source_stop
)
insert into enrollment_problem select set_key, problem, 'INS', '2000', source_start, source_stop from refused
"""

FORGET_COLLIDING = "delete from {table} where member_id in (select member_id from colliding_member)"

REMEMBER = f"""
insert into member_past (member_id, {", ".join(PERSON)}, maintenance_reason, recorded_at, superseded_at, file_id,
    superseded_by, source_start, source_stop)
select m.member_id, {", ".join(f"m.{name}" for name in PERSON)}, m.maintenance_reason, m.recorded_at, :now, m.file_id,
    :file_id, m.source_start, m.source_stop
from member m join changed_member c using (member_id)
order by m.member_id
"""  # noqa: S608 - of our own words only

CHANGE = f"""
update member m set {", ".join(f"{name} = c.{name}" for name in _MERGED)}, maintenance_reason = c.maintenance_reason,
    recorded_at = :now, file_id = :file_id, source_start = c.source_start, source_stop = c.source_stop
from changed_member c where c.member_id = m.member_id
"""  # noqa: S608 - of our own words only


def put_members_on_file(conn: Connection, file_id: int, now: object) -> int:
    """Add and change members as `enrolled_person` says; how many were added or changed.

    Afterwards every row of `enrolled_person` without a problem has its `member_id`.
    """
    run(conn, NEW_MEMBERS)
    added = run(conn, NAME_NEW_MEMBERS)
    if added:
        analyze(conn, "enrolled_person")
        analyze(conn, "new_member")
    run(conn, REFUSE_NAMELESS)
    run(conn, SENT_STATES)
    analyze(conn, "sent_state")
    run(conn, CHANGED_MEMBERS)
    if run(conn, COLLIDING_MEMBERS):
        run(conn, REFUSE_COLLIDING)
        for table in ("changed_member", "new_member", "sent_state"):
            run(conn, FORGET_COLLIDING.format(table=table))
    run(conn, REMEMBER, file_id=file_id, now=now)
    changed = run(conn, CHANGE, file_id=file_id, now=now)
    enrolled = run(conn, ENROL, file_id=file_id, now=now)
    if enrolled > NEW_MEMBERS_WORTH_COUNTING:
        analyze(conn, "member")
    return enrolled + changed
