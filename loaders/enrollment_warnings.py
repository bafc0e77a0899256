"""What is odd about members that are loaded nevertheless, each told at its row."""

from __future__ import annotations

from sqlalchemy import Connection

from loaders.staging import run

BEGINS_NO_COVERAGE = ("01", "03", "07", "08", "14", "16", "17", "26", "31", "59")
"""INS04 of those who leave: divorce, death, end of employment, declined ..."""
ENDS_NO_COVERAGE = ("02", "05", "20", "28", "32", "41")
"""INS04 of those who come: birth, adoption, first enrolment, marriage ..."""
CHILDREN = ("05", "07", "09", "10", "15", "17", "19")
"""INS02: grandchild, nephew or niece, adopted, foster child, ward, stepchild, child."""


def _texts(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


WARN = f"""
insert into enrollment_problem
select p.set_key, w.code, w.segment_id, w.loop, p.source_start, p.source_stop
from enrolled_person p
cross join (select received_date as received from file where file_id = :file_id) f
left join member m on m.member_id = p.member_id
left join lateral (
    -- a member whom the file neither adds nor changes was told of when it was
    select p.begins and not p.compares and m.file_id = :file_id and m.recorded_at = :now as is_news
) n on true
cross join lateral (
    values
    ('ENROLLMENT_ADDRESS_MISSING', 'N3', '2100A', n.is_news and p.is_subscriber = 'Y'
        and (m.address is null or m.city is null or m.state is null and m.country is null or m.zip is null)),
    ('ENROLLMENT_SSN_MISSING', 'NM1', '2100A', n.is_news and p.ssn_state = 'missing' and m.ssn_hash is null),
    ('ENROLLMENT_SSN_INVALID', 'NM1', '2100A', p.ssn_state in ('stand_in', 'odd')),
    ('ENROLLMENT_GENDER_UNKNOWN', 'DMG', '2100A', p.gender = 'U'),
    ('ENROLLMENT_REASON_UNUSUAL', 'INS', '2000',
        p.maintenance_type in ('021', '025') and p.maintenance_reason in ({_texts(BEGINS_NO_COVERAGE)})
        or p.maintenance_type = '024' and p.maintenance_reason in ({_texts(ENDS_NO_COVERAGE)})),
    ('ENROLLMENT_CHILD_OVER_AGE', 'INS', '2000', p.maintenance_type <> '024'
        and coalesce(p.relationship_code, m.relationship_code) in ({_texts(CHILDREN)})
        and coalesce(p.handicapped, m.handicapped, '') <> 'Y'
        and p.known_birth_date + make_interval(years => p.over_age) <= f.received),
    ('ENROLLMENT_END_NOT_SENT', 'INS', '2000', p.maintenance_type <> '024'
        and (p.employment_status = 'TE' and coalesce(p.benefit_status, 'A') = 'A'
            or p.death_date is not null or p.maintenance_reason = '03')
        and not exists (select from staged_coverage c where c.parent_row = p.row and c.maintenance_type = '024')),
    ('ENROLLMENT_SUBSCRIBER_RENUMBERED', 'REF', '2000',
        p.is_subscriber = 'Y' and p.known_number <> p.subscriber_number and not p.compares)
) w (code, segment_id, loop, is_so)
where p.problem is null and w.is_so
"""  # noqa: S608 - of our own words only

PERSONS_ELSEWHERE = """
insert into enrollment_problem
select p.set_key, 'ENROLLMENT_PERSON_ELSEWHERE', 'NM1', '2100A', p.source_start, p.source_stop
from new_member n
join enrolled_person p using (row)
where exists (
    select from member o
    where o.group_id = p.group_id and o.birth_date = p.known_birth_date and o.ssn_hash = p.ssn_hash
        and o.subscriber_number <> p.subscriber_number
)
"""


def warn_of_members(conn: Connection, file_id: int, now: object) -> None:
    """Add to `enrollment_problem` what is odd about members that are on file now."""
    run(conn, WARN, file_id=file_id, now=now)
    run(conn, PERSONS_ELSEWHERE)
