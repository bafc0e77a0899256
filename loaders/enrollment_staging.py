"""The rows of an 834, staged: to which group each belongs, and by which keys its person is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from loaders.coverage_divisions import stage_division_references
from loaders.enrollment_modes import stage_modes
from loaders.group_map import GroupMap
from loaders.person_keys import SOCIAL_SECURITY, sender_numbers, ssn_columns
from loaders.schema.person_columns import WORDS
from loaders.staging import POSITION, analyze, identifier_key, name_key, run, stage

MEMBER_COLUMNS = (
    *POSITION,
    "row",
    "is_subscriber",
    "relationship_code",
    "maintenance_type",
    "maintenance_reason",
    "last_name",
    "first_name",
    "middle_name",
    "name_prefix",
    "name_suffix",
    "birth_date",
    "birth_sequence",
    "gender",
    *(name for name in WORDS if name != "group_number"),
    "death_date",
    "income_cents",
    "work_hours",
    "height",
    "weight",
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

OLD_PERSONS = pa.schema(
    {
        "row": pa.int64(),
        "old_first_name_key": pa.string(),
        "old_birth_date": pa.date32(),
        "old_gender": pa.string(),
        "old_ssn_hash": pa.string(),
    }
)

KNOWN_GROUPS = """
create temporary table known_group on commit drop as
select * from jsonb_to_recordset(cast(:groups as jsonb)) as g(group_id text, name text, sponsor_ids text[],
    master_policies text[], group_numbers text[], partners text[], end_date_is text, mode_override text,
    roster_is_truth boolean, absences_to_end integer, absent_end text, absence_warn_percent integer,
    absence_hold_percent integer, absence_hold_members integer, count_swing_percent integer,
    max_retro_term_days integer, max_as_of_days_ahead integer, dependants_end_with_subscriber boolean, over_age integer)
"""

KNOWN_PLANS = """
create temporary table known_plan on commit drop as
select * from jsonb_to_recordset(cast(:plans as jsonb)) as p(group_id text, insurance_line text, plan_code text,
    division text, plan_id text, begins_on date, ends_before date, is_dated boolean)
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

PROBLEMS = """
create temporary table enrollment_problem (set_key bigint, code text, segment_id text, loop text, source_start bigint,
    source_stop bigint) on commit drop
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
    identity_key: bytes | None,
    *,
    is_refused: bool,
) -> bool:
    """Leave what the file says in temporary tables, and those of `loaders.enrollment_modes`: how each set is applied.

    Needs `loaded_set`. Social security numbers are staged as their hashes under `identity_key`, without it not at all.
    `is_refused`: a person refused the whole file. Returns whether it is refused, by a person or for its totals.
    """
    stage(conn, "staged_member", _members(tables["enrollment_member"], identity_key))
    stage(conn, "staged_coverage", _coverages(tables["enrollment_coverage"]))
    stage(conn, "staged_old_person", _old_persons(tables.get("enrollment_party"), identity_key))
    run(conn, KNOWN_GROUPS, groups=groups.groups_as_json())
    run(conn, KNOWN_PLANS, plans=groups.plans_as_json())
    analyze(conn, "known_plan")
    stage_division_references(conn, tables.get("enrollment_reference"), is_asked=groups.has_divisions())
    run(conn, MATCH_GROUPS, partner=partner)
    analyze(conn, "group_match")
    run(conn, PROBLEMS)
    return stage_modes(conn, tables, file_id, partner, is_refused=is_refused)


def _members(table: pa.Table, identity_key: bytes | None) -> pa.Table:
    """Members with their keys for matching, and without social security numbers."""
    staged = table.select(MEMBER_COLUMNS)
    for name in ("sponsor_id", "master_policy", "group_number"):
        # equality joins hash, and find nothing in nulls
        staged = staged.append_column(name, pc.fill_null(identifier_key(table[name]), ""))
    staged = staged.append_column("subscriber_number", identifier_key(table["subscriber_number"]))
    for name in ("eligibility_end", "cobra_end"):
        staged = staged.append_column(name, _real_end(table[name]))
    hashes, states = ssn_columns(table["identifier_qualifier"], table["identifier"], identity_key)
    numbers = sender_numbers(table["identifier_qualifier"], table["identifier"])
    staged = staged.append_column("ssn_hash", hashes).append_column("ssn_state", states)
    staged = staged.append_column("sender_number", numbers)
    as_if = pa.chunked_array([pa.repeat(pa.scalar(SOCIAL_SECURITY), table.num_rows)])
    # a sender may have swapped the two
    number_hashes, _ = ssn_columns(as_if, staged["subscriber_number"], identity_key)
    staged = staged.append_column("number_hash", number_hashes)
    return staged.append_column("first_name_key", name_key(table["first_name"]))


def _old_persons(parties: pa.Table | None, identity_key: bytes | None) -> pa.Table:
    """What corrected members were called before (2100B), by the row of the member; missing where it is as it was."""
    if parties is None:
        return OLD_PERSONS.empty_table()
    old = parties.filter(pc.equal(parties["loop"], "2100B"))
    if not old.num_rows:
        return OLD_PERSONS.empty_table()
    hashes, _ = ssn_columns(old["id_qualifier"], old["identifier"], identity_key)
    return pa.table(
        {
            "row": old["parent_row"],
            "old_first_name_key": identifier_key(name_key(old["first_name"])),
            "old_birth_date": old["birth_date"],
            "old_gender": old["gender"],
            "old_ssn_hash": hashes,
        },
        schema=OLD_PERSONS,
    )


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
