"""Who is meant by each member of an 834: whom the ladder finds, who is new, and what stands in a row's way.

How a row finds its person is in `loaders.enrollment_ladder`. Rows that contradict each other are refused:
`loaders.enrollment_conflicts`.

A subscriber with a new number, but the social security number and birth date of one on file, takes the family along.
Nobody else is looked for under another number: a person under two subscribers stays two members.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from loaders.enrollment_conflicts import refuse_conflicts, refuse_rivals
from loaders.enrollment_ladder import match_persons
from loaders.person_keys import NEWBORN
from loaders.staging import analyze, run

SENT_PERSONS = """
create temporary table sent_person on commit drop as
with coverage as (
    select parent_row, bool_or(maintenance_type in ('021', '025')) as begins from staged_coverage group by parent_row
), applied as (
    select m.row, l.set_key, l.is_applied, g.group_id, e.mode,
        coalesce(k.roster_is_truth, false) or coalesce(e.mode = 'replace', false) as is_truth
    from staged_member m
    join sent_set l using (interchange, functional_group, transaction_set)
    left join group_match g using (sponsor_id, master_policy, group_number)
    left join known_group k on k.group_id = g.group_id
    left join enrolled_set e on e.set_key = l.set_key and e.group_id = g.group_id
), compared as (
    select a.*, not a.is_truth and (m.maintenance_type = '030' or coalesce(a.mode = 'verify', false)) as compares
    from applied a join staged_member m using (row)
    where a.mode is not null or a.group_id is null and a.is_applied
)
select m.row, a.set_key, a.group_id, a.mode, a.compares, m.is_subscriber, m.relationship_code, m.maintenance_type,
    m.maintenance_reason, m.subscriber_number, m.subscriber_number as known_number, m.birth_date, m.birth_sequence,
    m.first_name_key, nullif(m.gender, 'U') as gender, m.ssn_hash, m.sender_number, o.row is not null as has_old,
    coalesce(o.old_first_name_key, m.first_name_key) as old_first_name_key,
    coalesce(o.old_birth_date, m.birth_date) as old_birth_date,
    nullif(coalesce(o.old_gender, m.gender), 'U') as old_gender,
    coalesce(o.old_ssn_hash, m.ssn_hash) as old_ssn_hash,
    c.parent_row is not null as has_coverage,
    not a.compares and m.maintenance_type is distinct from '024' and (
        m.maintenance_type in ('021', '025') or coalesce(c.begins, false) or a.is_truth and m.maintenance_type = '030'
    ) as begins,
    m.source_start
from compared a
join staged_member m using (row)
left join staged_old_person o using (row)
left join coverage c on c.parent_row = m.row
"""

RENUMBERED = """
create temporary table renumbered on commit drop as
with fresh as (
    select s.group_id, s.subscriber_number, s.ssn_hash, s.birth_date from sent_person s
    where s.is_subscriber = 'Y' and s.ssn_hash is not null and not exists (
        select from member o where o.group_id = s.group_id and o.subscriber_number = s.subscriber_number
    )
), fitting as (
    select f.group_id, f.subscriber_number as new_number, min(k.subscriber_number) as old_number
    from fresh f join member k on k.group_id = f.group_id and k.ssn_hash = f.ssn_hash
        and k.birth_date = f.birth_date and k.is_subscriber
    group by f.group_id, f.subscriber_number having count(distinct k.subscriber_number) = 1
)
select group_id, min(new_number) as new_number, old_number from fitting f
-- with lost zeros it is a mistake, and an old number that is sent too is somebody's
where ltrim(new_number, '0') <> ltrim(old_number, '0') and not exists (
    select from sent_person s where s.group_id = f.group_id and s.subscriber_number = f.old_number
)
group by group_id, old_number having count(*) = 1
"""

FOLLOW_NUMBERS = """
update sent_person s set known_number = r.old_number
from renumbered r where r.group_id = s.group_id and r.new_number = s.subscriber_number
"""

ASKED_PERSONS = "create temporary view asked_person as select * from sent_person"
ASKED_AGAIN = """
create or replace temporary view asked_person as
select * from sent_person s
where exists (
    select from doubtful_family d where d.group_id = s.group_id and d.subscriber_number = s.subscriber_number
)
"""
FORGET_OLD_NUMBERS = "update sent_person set known_number = subscriber_number where known_number <> subscriber_number"
LADDERS_TABLES = (
    *("person_match", "unmatched_person", "shared_number", "completed_person", "untold_order", "rival"),
    *("stranger", "lost_zeros", "swapped_number"),
)
DOUBTED = f"""
    x.rung <> 2 or x.fits_several or p.problem is not null or p.birth_date is null or x.rung is null and (
        not p.begins or p.first_name_key ~ '{NEWBORN}' or p.birth_sequence is not null
    ) or exists (select from staged_old_person o where o.row = p.row)
"""
"""Of a row `p` of `enrolled_person` with its match `x`: was it found by less than birth date and name?"""

NEW_PERSONS_IN_FULL = """
create temporary table completed_person on commit drop as
with begun as (
    select group_id, known_number, first_name_key, min(birth_date) as birth_date,
        case when count(distinct birth_sequence) = 1 then min(birth_sequence) end as birth_sequence
    from unmatched_person s
    where not exists (select from person_match x where x.row = s.row)
    group by group_id, known_number, first_name_key
    having min(birth_date) = max(birth_date) and bool_or(begins and birth_date is not null)
)
select s.row, b.birth_date, coalesce(s.birth_sequence, b.birth_sequence) as birth_sequence
from unmatched_person s join begun b using (group_id, known_number, first_name_key)
where not exists (select from person_match x where x.row = s.row) and (
    s.birth_date is null
    or s.birth_date = b.birth_date and s.birth_sequence is null and b.birth_sequence is not null
)
"""
COMPLETE = """
update {rows} s set birth_date = c.birth_date, birth_sequence = c.birth_sequence
from completed_person c where c.row = s.row
"""

STRANGERS = f"""
create temporary table stranger on commit drop as
select s.row, s.group_id, s.subscriber_number, s.known_number, s.birth_date, s.birth_sequence, s.first_name_key,
    s.ssn_hash, coalesce(bool_or(s.begins) over (same order by s.source_start), false) as is_begun,
    -- twins that were sent without their names, or with one number: they would become one member
    coalesce(
        min(s.gender) over same <> max(s.gender) over same
        or min(s.is_subscriber) over same <> max(s.is_subscriber) over same
        or min(s.ssn_hash) filter (where s.begins) over same <> max(s.ssn_hash) filter (where s.begins) over same
        or s.first_name_key ~ '{NEWBORN}' and s.is_subscriber = 'N'
            and count(*) filter (where s.begins) over same > 1,
        false
    ) as is_ambiguous
from unmatched_person s
where not exists (select from person_match x where x.row = s.row)
window same as (
    partition by s.group_id, s.known_number, s.birth_date, s.first_name_key, coalesce(s.birth_sequence, 0)
)
"""  # noqa: S608 - of our own words only

TAKEN_NAMES = """
update stranger s set is_ambiguous = true
from member k
where k.group_id = s.group_id and k.subscriber_number = s.known_number and k.birth_date = s.birth_date
    and k.first_name_key = s.first_name_key and k.birth_sequence is not distinct from s.birth_sequence
"""

LOST_ZEROS = """
create temporary table lost_zeros on commit drop as
select s.row, bool_or(
    k.birth_date = s.birth_date and k.first_name_key = s.first_name_key or coalesce(k.ssn_hash = s.ssn_hash, false)
) as is_same_person
from stranger s join member k on k.group_id = s.group_id
    and ltrim(k.subscriber_number, '0') = ltrim(s.known_number, '0')
where not exists (
    select from member o where o.group_id = s.group_id and o.subscriber_number = s.known_number
)
group by s.row
"""

SWAPPED = """
create temporary table swapped_number on commit drop as
select s.row from sent_person s join staged_member m using (row)
-- where the social security number belongs there is something else, and nine digits are the subscriber's number
where m.ssn_state = 'odd' and s.subscriber_number ~ '^[0-9]{9}$'
union
-- nobody has the number, which is somebody's social security number
select s.row from stranger s
join staged_member m using (row)
join member k on k.group_id = s.group_id and k.ssn_hash = m.number_hash
where m.ssn_state <> 'missing' and m.ssn_hash is distinct from m.number_hash
"""

PERSONS = """
create temporary table enrolled_person on commit drop as
with person as (
    select m.*, s.set_key, s.group_id, s.mode, s.compares, s.begins, s.has_coverage, s.known_number,
        k.end_date_is, k.over_age, case when not x.fits_several then x.member_id end as member_id,
        coalesce(m.birth_date, o.birth_date) as known_birth_date, coalesce(t.is_begun, false) as is_begun,
        coalesce(x.fits_several, t.is_ambiguous, false) as is_ambiguous,
        z.is_same_person as lost_zeros, w.row is not null as is_swapped, r.row is not null as is_rival
    from asked_person s
    join staged_member m using (row)
    left join person_match x using (row)
    left join member o on o.member_id = x.member_id
    left join stranger t using (row)
    left join lost_zeros z using (row)
    left join swapped_number w using (row)
    left join rival r using (row)
    left join known_group k on k.group_id = s.group_id
), judged as (
    select p.*, case
        when group_id is null then 'ENROLLMENT_UNKNOWN_GROUP'
        when subscriber_number is null then 'ENROLLMENT_SUBSCRIBER_NUMBER_MISSING'
        when is_swapped then 'ENROLLMENT_NUMBERS_SWAPPED'
        when member_id is null and known_birth_date is null then 'ENROLLMENT_BIRTH_DATE_MISSING'
        when begins and birth_date > :received then 'ENROLLMENT_BIRTH_DATE_INVALID'
        when begins and last_name is null then 'ENROLLMENT_NAME_MISSING'
        when is_ambiguous then 'ENROLLMENT_MEMBER_AMBIGUOUS'
        when is_rival and (is_begun or member_id is not null) then 'ENROLLMENT_SUBSCRIBER_CONTESTED'
        when lost_zeros then 'ENROLLMENT_SUBSCRIBER_NUMBER_ZEROS'
        when member_id is null and not is_begun then
            case when lost_zeros is null then 'ENROLLMENT_MEMBER_UNKNOWN' else 'ENROLLMENT_SUBSCRIBER_NUMBER_ZEROS' end
    end as own_problem
    from person p
), subscriber as (
    select distinct group_id, subscriber_number from judged where is_subscriber = 'Y' and own_problem is null
)
select j.*, case
    when own_problem is not null then own_problem
    when member_id is null and is_subscriber is distinct from 'Y' and s.group_id is null
        and not exists (
            select from member o
            where o.group_id = j.group_id and o.subscriber_number = j.known_number and o.is_subscriber
        )
        then case when lost_zeros is null then 'ENROLLMENT_SUBSCRIBER_UNKNOWN'
            else 'ENROLLMENT_SUBSCRIBER_NUMBER_ZEROS' end
end as problem
from judged j left join subscriber s using (group_id, subscriber_number)
"""

PERSON_PROBLEMS = """
insert into enrollment_problem
select set_key, problem, 'INS', '2000', source_start, source_stop from enrolled_person where problem is not null
"""


def identify_persons(conn: Connection, file_id: int) -> None:
    """Leave the temporary table `enrolled_person`, a row a sent member of the sets that are applied or compared.

    It has all columns of `staged_member`, what `enrolled_set` and the group say of it, and

    - `member_id`: the member on file; empty for one that is not (yet) on file and for a row that is refused;
    - `begins`: may the row make a member? `compares`: does it change nothing?
    - `known_number`: the subscriber number on file, where that changes now;
    - `problem`: code of the finding that refuses the row.
    """
    run(conn, SENT_PERSONS)
    analyze(conn, "sent_person")
    run(conn, RENUMBERED)
    run(conn, FOLLOW_NUMBERS)
    run(conn, ASKED_PERSONS)
    _climb(conn, file_id)
    run(conn, PERSON_PROBLEMS)


def identify_again(conn: Connection, file_id: int) -> None:
    """Do the same for the rows of `doubtful_family` on the members as they are by now; no problem is told.

    `found_person` has what was found before.
    """
    run(conn, "alter table enrolled_person rename to found_person")
    for table in LADDERS_TABLES:
        run(conn, f"drop table {table}")
    run(conn, FORGET_OLD_NUMBERS)
    run(conn, ASKED_AGAIN)
    _climb(conn, file_id)


def _climb(conn: Connection, file_id: int) -> None:
    """Find the persons of `asked_person`, and leave `enrolled_person`."""
    match_persons(conn)
    refuse_conflicts(conn)
    # rows of a person who is new say one more than the other
    if run(conn, NEW_PERSONS_IN_FULL):
        for rows in ("unmatched_person", "staged_member"):
            run(conn, COMPLETE.format(rows=rows))
    run(conn, STRANGERS)
    analyze(conn, "stranger")
    run(conn, TAKEN_NAMES)
    run(conn, LOST_ZEROS)
    run(conn, SWAPPED)
    received = conn.execute(text("select received_date from file where file_id = :id"), {"id": file_id}).scalar_one()
    refuse_rivals(conn, received)
    run(conn, PERSONS, received=received)
    analyze(conn, "enrolled_person")
