"""Rows of an 834 that contradict each other about a person or a family: refused, so that a file twice is a file once.

Whatever such a file said last would be found otherwise when it comes again. So nobody guesses:

- Rows of one member that differ in first name, birth date, order of birth (INS17), gender or INS01 are all refused.
- A row without INS17 is refused beside, or for, persons of its name and birth date who have two.
- A number has one subscriber. Where two persons are sent as that (INS01 = Y, no end), whoever is not so on file is
  refused; and so is a stranger where another subscriber on file is covered today or later, and the file neither ends
  that nor makes a dependant of them. New dependants under such a number are refused with them: nobody can tell whose
  they are.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from loaders.staging import run

SEVERAL_CLAIM_ONE = """
update person_match x set fits_several = true
from (
    select x.member_id from person_match x join sent_person s using (row) where x.rung in (4, 5, 7)
    group by x.member_id
    having min(s.first_name_key) <> max(s.first_name_key) or min(s.birth_date) <> max(s.birth_date)
        or min(s.birth_sequence) <> max(s.birth_sequence)
) c
where x.member_id = c.member_id and x.rung in (4, 5, 7)
"""
NAME_IS_ANOTHERS = """
update person_match x set fits_several = true
from sent_person s
join member k on k.group_id = s.group_id and k.subscriber_number = s.known_number and k.birth_date = s.birth_date
    and k.first_name_key = s.first_name_key
where s.row = x.row and (x.rung <> 2 or s.has_old) and k.member_id <> x.member_id
    and coalesce(k.birth_sequence = s.birth_sequence, true) and not s.compares
"""
CONTRADICTORY_ROWS = """
update person_match x set fits_several = true
from (
    select x.member_id from person_match x join sent_person s using (row) where not s.compares
    group by x.member_id
    having count(*) > 1 and (
        min(nullif(s.first_name_key, '')) <> max(nullif(s.first_name_key, ''))
        or min(s.birth_date) <> max(s.birth_date) or min(s.birth_sequence) <> max(s.birth_sequence)
        or min(s.gender) <> max(s.gender) or min(s.is_subscriber) <> max(s.is_subscriber)
    )
) c
where x.member_id = c.member_id
"""

UNTOLD_ORDERS = """
create temporary table untold_order on commit drop as
with told as (
    select group_id, known_number, first_name_key, birth_date, birth_sequence from sent_person
    where birth_sequence is not null and birth_date is not null and not compares
), ordered as (
    select * from told
    union all
    select k.group_id, k.subscriber_number, k.first_name_key, k.birth_date, k.birth_sequence from member k
    where (k.group_id, k.subscriber_number, k.first_name_key, k.birth_date) in (
        select group_id, known_number, first_name_key, birth_date from told
    )
), of_several as (
    select group_id, known_number, first_name_key, birth_date from ordered
    group by group_id, known_number, first_name_key, birth_date having min(birth_sequence) <> max(birth_sequence)
)
select s.row from sent_person s join of_several using (group_id, known_number, first_name_key, birth_date)
where s.birth_sequence is null
"""
REFUSE_UNTOLD = (
    "update person_match set fits_several = true where row in (select row from untold_order)",
    "update stranger set is_ambiguous = true where row in (select row from untold_order)",
)

RIVALS = """
create temporary table rival on commit drop as
with crowded as (
    select group_id, known_number from sent_person
    where is_subscriber = 'Y' and not compares and maintenance_type is distinct from '024'
    group by group_id, known_number
    having count(*) > 1 and (min(first_name_key) <> max(first_name_key) or min(birth_date) <> max(birth_date)
        or min(birth_sequence) <> max(birth_sequence))
), claimant as (
    select s.row, s.group_id, s.known_number, coalesce(o.is_subscriber, false) as is_known, coalesce(
        cast(x.member_id as text),
        concat_ws(' ', s.first_name_key, cast(s.birth_date as text), cast(s.birth_sequence as text))
    ) as person
    from sent_person s
    join crowded using (group_id, known_number)
    left join person_match x using (row)
    left join member o on o.member_id = x.member_id
    where s.is_subscriber = 'Y' and not s.compares and s.maintenance_type is distinct from '024'
), of_several as (
    select group_id, known_number from claimant group by group_id, known_number having min(person) <> max(person)
)
select row, group_id, known_number from claimant join of_several using (group_id, known_number) where not is_known
union
select t.row, t.group_id, t.known_number
from stranger t
join sent_person s using (row)
join member k on k.group_id = t.group_id and k.subscriber_number = t.known_number and k.is_subscriber
where s.is_subscriber = 'Y' and not s.compares and s.maintenance_type is distinct from '024' and exists (
    select from coverage_span v
    where v.member_id = k.member_id and v.superseded_at is null
        and coalesce(upper(v.valid), 'infinity') > cast(:received as date)
) and not exists (
    select from person_match x join sent_person e using (row)
    where x.member_id = k.member_id and not x.fits_several and not e.compares
            and (e.maintenance_type = '024' or e.is_subscriber = 'N')
)
"""
RIVALS_DEPENDANTS = """
insert into rival
select t.row, t.group_id, t.known_number from stranger t
where (t.group_id, t.known_number) in (select group_id, known_number from rival)
    and t.row not in (select row from rival)
"""


def refuse_conflicts(conn: Connection) -> None:
    """Mark in `person_match` the rows that contradict others of the same member."""
    run(conn, SEVERAL_CLAIM_ONE)
    run(conn, NAME_IS_ANOTHERS)
    run(conn, CONTRADICTORY_ROWS)


def refuse_rivals(conn: Connection, received: date) -> None:
    """Mark rows whose order of birth cannot be told, and leave the temporary table `rival`.

    It has the rows of those who are sent as the subscriber of somebody else's number, and of new dependants under it.
    Needs `stranger`; `received` is the day on which the file arrived.
    """
    if run(conn, UNTOLD_ORDERS):
        for statement in REFUSE_UNTOLD:
            run(conn, statement)
    if run(conn, RIVALS, received=received):
        run(conn, RIVALS_DEPENDANTS)
