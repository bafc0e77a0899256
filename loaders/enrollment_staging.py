"""The rows of an 834, staged: to which group each belongs, which member it is, and what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from loaders.enrollment_modes import stage_modes
from loaders.group_map import GroupMap
from loaders.staging import POSITION, analyze, identifier_key, name_key, run, stage

MEMBER_COLUMNS = (
    *POSITION,
    "row",
    "is_subscriber",
    "relationship_code",
    "maintenance_type",
    "benefit_status",
    "cobra_event",
    "last_name",
    "first_name",
    "middle_name",
    "birth_date",
    "gender",
    "address",
    "city",
    "state",
    "zip",
    "eligibility_begin",
    "maintenance_effective",
    "cobra_begin",
    "source_start",
    "source_stop",
)
COVERAGE_COLUMNS = (
    "row",
    "parent_row",
    "maintenance_type",
    "tier",
    "maintenance_effective",
    "source_start",
    "source_stop",
)

KNOWN_GROUPS = """
create temporary table known_group on commit drop as
select * from jsonb_to_recordset(cast(:groups as jsonb)) as g(group_id text, sponsor_ids text[],
    master_policies text[], group_numbers text[], partners text[], end_date_is text, mode_override text,
    roster_is_truth boolean, absences_to_end integer, absent_end text, absence_warn_percent integer,
    absence_hold_percent integer, absence_hold_members integer, count_swing_percent integer,
    max_retro_term_days integer, dependants_end_with_subscriber boolean, over_age integer)
"""

KNOWN_PLANS = """
create temporary table known_plan on commit drop as
select * from jsonb_to_recordset(cast(:plans as jsonb)) as p(group_id text, insurance_line text, plan_code text,
    plan_id text)
"""

MATCH_GROUPS = """
create temporary table group_match on commit drop as
with sent as (
    select distinct sponsor_id, master_policy, group_number from staged_member
), candidate as (
    select s.*, g.group_id, g.end_date_is,
        cast(s.sponsor_id = any(g.sponsor_ids) as integer)
            + cast(s.master_policy = any(g.master_policies) as integer)
            + cast(s.group_number = any(g.group_numbers) as integer) as agreeing,
        cast(cardinality(g.partners) > 0 as integer) as of_partner,
        cardinality(g.sponsor_ids) + cardinality(g.master_policies) + cardinality(g.group_numbers) as asked
    from sent s cross join known_group g
    -- what is not sent is the empty text here, and contradicts nothing
    where (cardinality(g.partners) = 0 or :partner = any(g.partners))
        and (cardinality(g.sponsor_ids) = 0 or s.sponsor_id = any(g.sponsor_ids || ''::text))
        and (cardinality(g.master_policies) = 0 or s.master_policy = any(g.master_policies || ''::text))
        and (cardinality(g.group_numbers) = 0 or s.group_number = any(g.group_numbers || ''::text))
), ranked as (
    select *, rank() over (
        partition by sponsor_id, master_policy, group_number order by agreeing desc, of_partner desc
    ) as place
    from candidate where agreeing > 0 or asked = 0
)
select sponsor_id, master_policy, group_number, min(group_id) as group_id, min(end_date_is) as end_date_is
from ranked where place = 1
group by sponsor_id, master_policy, group_number
having count(*) = 1
"""

PERSONS = """
create temporary table enrolled_person on commit drop as
with coverage as (
    select parent_row, bool_or(maintenance_type in ('021', '025')) as begins from staged_coverage group by parent_row
), person as (
    select m.*, l.set_key, g.group_id, g.end_date_is, c.parent_row is not null as has_coverage,
        m.maintenance_type in ('021', '025') or coalesce(c.begins, false) as begins,
        coalesce(m.birth_date, only_one.birth_date) as known_birth_date
    from staged_member m
    join sent_set l using (interchange, functional_group, transaction_set)
    left join group_match g using (sponsor_id, master_policy, group_number)
    left join coverage c on c.parent_row = m.row
    -- ends of coverage often come without a birth date; then the name must be the only such one of the subscriber
    left join lateral (
        select min(k.birth_date) as birth_date from member k
        where m.birth_date is null and k.group_id = g.group_id and k.subscriber_number = m.subscriber_number
            and k.first_name_key = m.first_name_key
        having count(*) = 1
    ) only_one on true
    where l.is_applied
), recognised as (
    select p.*, k.member_id is not null or coalesce(bool_or(p.begins) over (same order by p.source_start), false)
            as is_known,
        -- twins that were sent without their names: they would become one member
        p.begins and coalesce(
            min(p.gender) filter (where p.begins) over same <> max(p.gender) filter (where p.begins) over same
            or min(p.is_subscriber) filter (where p.begins) over same
                <> max(p.is_subscriber) filter (where p.begins) over same, false
        ) as is_ambiguous
    from person p
    left join member k on k.group_id = p.group_id and k.subscriber_number = p.subscriber_number
        and k.birth_date = p.known_birth_date and k.first_name_key = p.first_name_key
    window same as (partition by p.group_id, p.subscriber_number, p.known_birth_date, p.first_name_key)
)
select r.*, case
    when group_id is null then 'ENROLLMENT_UNKNOWN_GROUP'
    when subscriber_number is null then 'ENROLLMENT_SUBSCRIBER_NUMBER_MISSING'
    when known_birth_date is null then 'ENROLLMENT_BIRTH_DATE_MISSING'
    when begins and last_name is null then 'ENROLLMENT_NAME_MISSING'
    when is_ambiguous then 'ENROLLMENT_MEMBER_AMBIGUOUS'
    when not is_known then 'ENROLLMENT_MEMBER_UNKNOWN'
end as problem
from recognised r
"""

PROBLEMS = """
create temporary table enrollment_problem (set_key bigint, code text, segment_id text, loop text, source_start bigint,
    source_stop bigint) on commit drop
"""

PERSON_PROBLEMS = """
insert into enrollment_problem
select set_key, problem, 'INS', '2000', source_start, source_stop from enrolled_person where problem is not null
"""

STORE_PROBLEMS = """
insert into finding (file_id, code, severity, interchange, functional_group, transaction_set, segment_position,
    segment_id, loop, element, component, repetition, data_element, source_start, source_stop)
select :file_id, p.code, s.value, l.interchange, l.functional_group, l.transaction_set, 0,
    p.segment_id, p.loop, 0, 0, 0, '', p.source_start, p.source_stop
from enrollment_problem p
join loaded_set l using (set_key)
join jsonb_each_text(cast(:severities as jsonb)) s on s.key = p.code
order by p.source_start, p.code
"""


def stage_enrollment(
    conn: Connection,
    tables: Mapping[str, pa.Table],
    groups: GroupMap,
    file_id: int,
    partner: str,
    *,
    is_refused: bool,
) -> bool:
    """Leave the temporary tables `enrolled_person`, `staged_coverage`, `known_plan` and `enrollment_problem`.

    And those of `loaders.enrollment_modes`. Needs `loaded_set`. Rows of sets that are not to be applied are left out;
    all of them where the file is refused: `is_refused` when a person did so. Returns whether it is.
    """
    stage(conn, "staged_member", _members(tables["enrollment_member"]))
    stage(conn, "staged_coverage", _coverages(tables["enrollment_coverage"]))
    run(conn, KNOWN_GROUPS, groups=groups.groups_as_json())
    run(conn, KNOWN_PLANS, plans=groups.plans_as_json())
    run(conn, MATCH_GROUPS, partner=partner)
    analyze(conn, "group_match")
    run(conn, PROBLEMS)
    is_refused = stage_modes(conn, tables, file_id, partner, is_refused=is_refused)
    run(conn, PERSONS)
    analyze(conn, "enrolled_person")
    run(conn, PERSON_PROBLEMS)
    return is_refused


def _members(table: pa.Table) -> pa.Table:
    """Members with their keys for matching."""
    staged = table.select(MEMBER_COLUMNS)
    for name in ("sponsor_id", "master_policy", "group_number"):
        # equality joins hash, and find nothing in nulls
        staged = staged.append_column(name, pc.fill_null(identifier_key(table[name]), ""))
    staged = staged.append_column("subscriber_number", identifier_key(table["subscriber_number"]))
    for name in ("eligibility_end", "cobra_end"):
        staged = staged.append_column(name, _real_end(table[name]))
    return staged.append_column("first_name_key", name_key(table["first_name"]))


def _coverages(table: pa.Table) -> pa.Table:
    """Coverages under names that are no words of SQL, plan and line as they are compared."""
    staged = table.select(COVERAGE_COLUMNS)
    staged = staged.append_column("insurance_line", identifier_key(table["insurance_line"]))
    staged = staged.append_column("plan_code", pc.fill_null(identifier_key(table["plan_code"]), ""))
    staged = staged.append_column("begins_on", table["begin"])
    return staged.append_column("ends_on", _real_end(table["end"]))


def _real_end(days: pa.ChunkedArray) -> pa.ChunkedArray:
    """End dates without the one that senders write for "no end", 9999-12-31."""
    return pc.if_else(pc.equal(days, pa.scalar(date.max, pa.date32())), pa.scalar(None, pa.date32()), days)
