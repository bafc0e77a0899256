"""What the sets of an 834 are (BGN01, BGN08): changes, a roster to compare, a roster to follow, or nothing to apply.

| BGN01 | the set is |
|---|---|
| 22 | an information copy: nothing is applied |
| 00 | applied, unless a set that names it (BGN06) was sent as BGN01 15: then it is superseded |
| 15 | applied; the file of the original, where it is held, is closed |

| BGN08 | mode | its rows |
|---|---|---|
| 2, or another | change | are applied |
| 4 | verify | are compared, and applied only where the group's roster is truth |
| RX | replace | are applied, and whoever is absent is no member any more, as the group says |

A group's `mode_override` goes before BGN08. A full file (verify or replace) whose control totals (QTY) are not those of
its rows is refused whole; of a change it is a warning.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from loaders.holds import stage_holds
from loaders.staging import POSITION, analyze, identifier_key, run, stage

HEADER_COLUMNS = (
    *POSITION,
    "purpose",
    "action",
    "reference",
    "original_reference",
    "maintenance_effective",
    "created",
    "source_start",
    "source_stop",
)
GROUP_LOCKS = 834
"""Family of the advisory locks of groups."""
TOTAL_COLUMNS = (*POSITION, "qualifier", "quantity", "source_start", "source_stop")

SENT_SETS = """
create temporary table sent_set on commit drop as
with sent as (
    select l.set_key, h.*,
        coalesce(h.effective, h.maintenance_effective, h.created, f.received_date) as as_of,
        (select count(*) from finding r where r.file_id = f.file_id and r.code = 'ENROLLMENT_MEMBER_SYNTAX'
            and (r.interchange, r.functional_group, r.transaction_set)
                = (h.interchange, h.functional_group, h.transaction_set)) as refused
    from staged_set h
    join loaded_set l using (interchange, functional_group, transaction_set)
    join file f on f.file_id = :file_id
)
select s.*, case
    when s.purpose = '22' then 'information'
    when exists (
        select from sent later where later.purpose = '15' and later.original_reference = s.reference
            and later.source_start > s.source_start
    ) then 'superseded'
    when (s.purpose <> '15' or s.original_reference is distinct from s.reference) and exists (
        -- some senders give all their sets one reference: what was made after the re-submission is another set
        select from resubmission r
        where r.partner = :partner and r.original_reference = s.reference and s.created <= r.created
            and r.file_id <> :file_id
    ) then 'superseded'
    when s.action = '4' then 'verify'
    when s.action = 'RX' then 'replace'
    else 'change'
end as mode, true as is_applied
from sent s
"""

NOT_APPLIED = "update sent_set set is_applied = false where mode in ('information', 'superseded') or :is_refused"

ENROLLED_SETS = """
create temporary table enrolled_set on commit drop as
with sent as (
    select distinct interchange, functional_group, transaction_set, sponsor_id, master_policy, group_number
    from staged_member
)
select distinct s.set_key, g.group_id, coalesce(k.mode_override, s.mode) as mode, s.as_of,
    k.roster_is_truth or coalesce(k.mode_override, s.mode) = 'replace' as is_truth
from sent m
join sent_set s using (interchange, functional_group, transaction_set)
join group_match g using (sponsor_id, master_policy, group_number)
join known_group k using (group_id)
where s.is_applied
"""

# files of one group are applied one after the other, whoever sent them; taken in one order by everybody
LOCK_GROUPS = """
select pg_advisory_xact_lock(:family, hashtext(group_id))
from (select distinct group_id from enrolled_set order by group_id) g
"""

TOTALS_THAT_DIFFER = """
create temporary table total_that_differs on commit drop as
with counted as (
    select s.set_key, count(m.row) as members, count(m.row) filter (where m.is_subscriber = 'Y') as subscribers,
        count(m.row) filter (where m.is_subscriber <> 'Y') as dependants,
        coalesce(
            (select bool_or(e.mode <> 'change') from enrolled_set e where e.set_key = s.set_key), s.mode <> 'change'
        ) as is_full
    from sent_set s left join staged_member m using (interchange, functional_group, transaction_set)
    where s.is_applied
    group by s.set_key, s.mode
)
select s.set_key, t.source_start, t.source_stop, c.is_full
from staged_total t
join sent_set s using (interchange, functional_group, transaction_set)
join counted c using (set_key)
-- of members refused for their syntax nobody knows whether they were subscribers
where case t.qualifier
    when 'TO' then t.quantity <> c.members + s.refused
    when 'ET' then t.quantity not between c.subscribers and c.subscribers + s.refused
    when 'DT' then t.quantity not between c.dependants and c.dependants + s.refused
end
"""

TOTAL_PROBLEMS = """
insert into enrollment_problem
select set_key, case when is_full then 'ENROLLMENT_TOTALS_REFUSED' else 'ENROLLMENT_TOTALS_DIFFER' end, 'QTY', 'HEADER',
    source_start, source_stop
from total_that_differs
"""

ANY_TOTAL_REFUSED = "select exists (select from total_that_differs where is_full)"

REFUSE = """
with forgotten as (delete from enrolled_set)
update sent_set set is_applied = false
"""

SET_PROBLEMS = """
insert into enrollment_problem
select set_key, case
        when mode = 'information' then 'ENROLLMENT_INFORMATION_COPY'
        when mode = 'superseded' then 'ENROLLMENT_SUPERSEDED'
        else 'ENROLLMENT_FILE_REFUSED'
    end, 'BGN', 'HEADER', source_start, source_stop
from sent_set s where not is_applied
    and not exists (select from total_that_differs t where t.set_key = s.set_key and t.is_full)
"""

# what is only compared is a row that says so: all that reads rows then sees to it
COMPARE_ONLY = """
update staged_member m set maintenance_type = '030'
from sent_set s, group_match g, enrolled_set e
where (s.interchange, s.functional_group, s.transaction_set) = (m.interchange, m.functional_group, m.transaction_set)
    and (g.sponsor_id, g.master_policy, g.group_number) = (m.sponsor_id, m.master_policy, m.group_number)
    and (e.set_key, e.group_id) = (s.set_key, g.group_id)
    and e.mode = 'verify' and not e.is_truth and m.maintenance_type is distinct from '030'
"""

COMPARE_ONLY_COVERAGE = """
update staged_coverage c set maintenance_type = '030'
from staged_member m, sent_set s, group_match g, enrolled_set e
where m.row = c.parent_row
    and (s.interchange, s.functional_group, s.transaction_set) = (m.interchange, m.functional_group, m.transaction_set)
    and (g.sponsor_id, g.master_policy, g.group_number) = (m.sponsor_id, m.master_policy, m.group_number)
    and (e.set_key, e.group_id) = (s.set_key, g.group_id)
    and e.mode = 'verify' and not e.is_truth and c.maintenance_type is distinct from '030'
"""

ANY_COMPARED = "select exists (select from enrolled_set where mode = 'verify' and not is_truth)"

UNKNOWN_SPONSORS = """
insert into enrollment_hold
select 'SPONSOR_UNKNOWN', null, jsonb_build_object('sets', count(distinct s.set_key), 'members', count(*))
from sent_set s
join staged_member m using (interchange, functional_group, transaction_set)
where s.is_applied and m.sponsor_id <> ''
    and not exists (select from enrolled_set e where e.set_key = s.set_key)
    and not exists (select from known_group g where m.sponsor_id = any(g.sponsor_ids))
having count(*) > 0
"""

RESUBMISSIONS = """
insert into resubmission (partner, original_reference, created, file_id)
select :partner, original_reference, max(coalesce(created, as_of)), :file_id
from sent_set where purpose = '15' and original_reference is not null and is_applied
group by original_reference
on conflict (partner, original_reference) do update set
    created = greatest(resubmission.created, excluded.created), file_id = excluded.file_id
"""


def stage_modes(
    conn: Connection, tables: Mapping[str, pa.Table], file_id: int, partner: str, *, is_refused: bool
) -> bool:
    """Leave the temporary tables `sent_set`, `enrolled_set` and `enrollment_hold`; is the whole file refused?

    `sent_set` has a row a set, `enrolled_set` one a set that is applied and group in it: what has no row there is not
    applied. `is_refused`: a person rejected the file. Needs the staged rows, `group_match`, `known_group` and
    `enrollment_problem`.
    """
    stage(conn, "staged_set", _headers(tables["enrollment_header"]))
    stage(conn, "staged_total", _totals(tables))
    stage_holds(conn)
    run(conn, SENT_SETS, file_id=file_id, partner=partner)
    run(conn, NOT_APPLIED, is_refused=is_refused)
    run(conn, ENROLLED_SETS)
    run(conn, LOCK_GROUPS, family=GROUP_LOCKS)
    run(conn, TOTALS_THAT_DIFFER)
    run(conn, TOTAL_PROBLEMS)
    if is_refused or conn.execute(text(ANY_TOTAL_REFUSED)).scalar_one():
        is_refused = True
        run(conn, REFUSE)
    run(conn, SET_PROBLEMS)
    run(conn, UNKNOWN_SPONSORS)
    for table in ("sent_set", "enrolled_set"):
        analyze(conn, table)
    if conn.execute(text(ANY_COMPARED)).scalar_one():
        run(conn, COMPARE_ONLY_COVERAGE)
        run(conn, COMPARE_ONLY)
    return is_refused


def record_resubmissions(conn: Connection, file_id: int, partner: str) -> None:
    """Remember which originals are not to be applied any more; needs `sent_set`."""
    run(conn, RESUBMISSIONS, file_id=file_id, partner=partner)


def _headers(table: pa.Table) -> pa.Table:
    """Headers with their references as they are compared."""
    staged = table.select(HEADER_COLUMNS).append_column("effective", table["as_of"])
    for name in ("reference", "original_reference"):
        place = staged.schema.get_field_index(name)
        staged = staged.set_column(place, name, identifier_key(table[name]))
    place = staged.schema.get_field_index("purpose")
    return staged.set_column(place, "purpose", pc.fill_null(identifier_key(table["purpose"]), ""))


def _totals(tables: Mapping[str, pa.Table]) -> pa.Table:
    return tables["enrollment_control_total"].select(TOTAL_COLUMNS)
