"""The ladder by which a row of an 834 finds its person among the members on file.

Inside one group, the first rung that fits decides; one that fits two persons refuses the row.

| rung | what must agree |
|---|---|
| 1 | our own member number: subscriber number and member suffix, sent in NM109 under ZZ; and birth date or first name |
| 2 | subscriber number, birth date, first name, gender; as 2100B says it was before, then as it is now |
| 3 | for a row without birth date: subscriber number and first name, where there is one such person |
| 4 | subscriber number, social security number, birth date |
| 5 | for a row that corrects the identity (INS04 = 25): subscriber number, relationship, first name |
| 6 | another row of the file that says the same of itself |
| 7 | subscriber number, relationship, birth date |

A member found by another row is not found again by rungs 4, 5 and 7. On the last of these, an addition is taken for
somebody on file only where there cannot be two, or where a newborn gets a name: else the second twin would become the
first. Nor does it find whoever has another first name and another social security number, unless the row says that it
corrects them. A number that several persons have is no evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from loaders.person_keys import NEWBORN
from loaders.staging import analyze, run

if TYPE_CHECKING:
    from sqlalchemy import Connection

MATCHES = """
create temporary table person_match (row bigint, member_id bigint, rung integer, fits_several boolean) on commit drop
"""

RUNG = """
insert into person_match
select s.row, min(k.member_id), {rung}, min(k.member_id) <> max(k.member_id)
from {rows} s join member k on k.group_id = s.group_id and k.subscriber_number = s.known_number and {fits}
where not exists (select from person_match x where x.row = s.row) {condition}
group by s.row
"""
NOT_TAKEN = "and not exists (select from person_match x where x.member_id = k.member_id)"
SAME_GENDER = "coalesce(nullif(k.gender, 'U') = s.{gender}, true)"
SAME_SEQUENCE = "coalesce(k.birth_sequence = s.birth_sequence, true)"

BY_MEMBER_NUMBER = RUNG.format(
    rung=1,
    rows="asked_person",
    fits="s.sender_number in (k.subscriber_number || lpad(cast(k.member_suffix as text), 2, '0'),"
    " k.subscriber_number || '-' || lpad(cast(k.member_suffix as text), 2, '0'))"
    " and (k.birth_date = s.birth_date or k.first_name_key = s.first_name_key)",
    condition="and s.sender_number is not null",
)
BY_OLD_NAME = RUNG.format(
    rung=2,
    rows="asked_person",
    fits="k.birth_date = s.old_birth_date and k.first_name_key = s.old_first_name_key"
    f" and {SAME_GENDER.format(gender='old_gender')} and {SAME_SEQUENCE}",
    condition="and s.has_old",
)
BY_NAME = RUNG.format(
    rung=2,
    rows="asked_person",
    fits="k.birth_date = s.birth_date and k.first_name_key = s.first_name_key"
    f" and {SAME_GENDER.format(gender='gender')} and {SAME_SEQUENCE}",
    condition="",
)

UNMATCHED = """
create temporary table unmatched_person on commit drop as
select * from asked_person s
where group_id is not null and subscriber_number is not null
    and not exists (select from person_match x where x.row = s.row)
"""

SHARED_NUMBERS = """
create temporary table shared_number on commit drop as
select group_id, ssn_hash
from (
    select group_id, ssn_hash, known_number, birth_date, first_name_key from sent_person
    where (group_id, ssn_hash) in (select group_id, ssn_hash from unmatched_person)
) s
group by group_id, ssn_hash having count(distinct row(known_number, birth_date, first_name_key)) > 1
union
select group_id, ssn_hash from member
where (group_id, ssn_hash) in (select group_id, old_ssn_hash from unmatched_person)
group by group_id, ssn_hash, subscriber_number having count(*) > 1
"""

BY_SSN = RUNG.format(
    rung=4,
    rows="unmatched_person",
    fits="(k.ssn_hash = s.ssn_hash and k.birth_date = s.birth_date"
    " or k.ssn_hash = s.old_ssn_hash and k.birth_date = s.old_birth_date)",
    condition=f"""{NOT_TAKEN} and not exists (
        select from shared_number h where h.group_id = s.group_id and h.ssn_hash in (s.ssn_hash, s.old_ssn_hash)
    )""",
)
BY_CORRECTED_BIRTH = RUNG.format(
    rung=5,
    rows="unmatched_person",
    fits="k.relationship_code = s.relationship_code"
    " and k.first_name_key = s.first_name_key and k.first_name_key <> ''"
    f" and {SAME_GENDER.format(gender='gender')}",
    condition=f"{NOT_TAKEN} and s.maintenance_reason = '25'",
)
BY_OTHER_ROW = """
insert into person_match
select s.row, min(x.member_id), 6, min(x.member_id) <> max(x.member_id) or bool_or(x.fits_several)
from unmatched_person s
join sent_person o on o.group_id = s.group_id and o.known_number = s.known_number
    and coalesce(o.birth_date = s.birth_date, s.birth_date is null and s.first_name_key <> '')
    and o.first_name_key = s.first_name_key and coalesce(o.birth_sequence = s.birth_sequence, true)
    and coalesce(o.gender = s.gender, true)
join person_match x on x.row = o.row
join member k on k.member_id = x.member_id and coalesce(k.birth_sequence = s.birth_sequence, true)
where not exists (select from person_match y where y.row = s.row)
group by s.row
"""
BY_RELATIONSHIP = RUNG.format(
    rung=7,
    rows="unmatched_person",
    fits="k.relationship_code = s.relationship_code and k.birth_date = s.old_birth_date"
    f" and ({SAME_GENDER.format(gender='gender')} or k.first_name_key = s.first_name_key)"
    f" and {SAME_SEQUENCE}",
    condition=f"""{NOT_TAKEN} and (
        not s.begins or s.relationship_code in ('18', '01', '53') or s.maintenance_reason = '25' or s.has_old
        or k.first_name_key = s.first_name_key or k.birth_sequence = s.birth_sequence
        or s.first_name_key ~ '{NEWBORN}' or k.first_name_key ~ '{NEWBORN}'
    ) and (
        -- it is about somebody whom another row adds
        s.begins or not exists (
            select from unmatched_person o
            where o.group_id = s.group_id and o.known_number = s.known_number and o.birth_date = s.birth_date
                and o.first_name_key = s.first_name_key and o.begins
        )
    ) and (
        -- another name and another number are another person, unless the row says that it corrects them
        coalesce(k.ssn_hash = s.ssn_hash, true) or k.first_name_key = s.first_name_key
        or s.maintenance_reason = '25' or s.has_old
    )""",
)
WITHOUT_BIRTH_DATE = """
insert into person_match
select s.row, min(k.member_id), 3, false
from unmatched_person s join member k on k.group_id = s.group_id and k.subscriber_number = s.known_number
    and k.first_name_key = s.first_name_key
where s.birth_date is null and not exists (select from person_match x where x.row = s.row)
group by s.row having count(*) = 1
"""


def match_persons(conn: Connection) -> None:
    """Find the members that the rows of `asked_person` mean.

    Leaves the temporary tables `person_match` (row, member_id, rung, fits_several) and `unmatched_person`: the rows
    that neither number nor name and birth date found, whatever found them then.
    """
    run(conn, MATCHES)
    for rung in (BY_MEMBER_NUMBER, BY_OLD_NAME, BY_NAME):
        run(conn, rung)
    analyze(conn, "person_match")
    run(conn, UNMATCHED)
    analyze(conn, "unmatched_person")
    run(conn, SHARED_NUMBERS)
    for rung in (WITHOUT_BIRTH_DATE, BY_SSN, BY_CORRECTED_BIRTH, BY_OTHER_ROW, BY_RELATIONSHIP, BY_OTHER_ROW):
        run(conn, rung)
    analyze(conn, "person_match")
