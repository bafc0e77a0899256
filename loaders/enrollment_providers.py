"""Record which providers members chose, and for which days: spans of their own, bitemporal like coverage.

A member has providers of a kind (NM101) in a line of insurance: usually one, the primary care provider, say. Those
that a file sends replace the ones before, from the day on that it names:

- the first ones begin on PLA03, else on the first day of benefits (348), else on the day of any others;
- others begin on PLA03, else on the day from which the change holds (303 of the coverage or of the member), else on
  the day of the roster, else on the day the file was received; those before end the day before.

The same provider again changes nothing, unless something else is said of him; then his span is recorded anew. A choice
is kept as it was said; its days in force are those with coverage of the line (the view `covered_provider`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Connection

from loaders.enrollment_statements import content_columns
from loaders.member_statements import Said, providers
from loaders.staging import analyze, run, stage

TOLD_ONCE = frozenset(
    {"number", "change", "change_entity", "change_effective", "change_reason", "plan_code", "loop", "valid"}
)
"""Columns about the change itself, and about where it stood: another value is no news of the provider."""
COLUMNS = tuple(name for name in content_columns("member_provider") if name != "valid")
SAID_OF_HIM = tuple(name for name in COLUMNS if name not in TOLD_ONCE)

UNKNOWN = """
insert into enrollment_problem
select p.set_key, 'ENROLLMENT_PROVIDER_UNKNOWN', 'NM1', '2310', f.source_start, f.source_stop
from said_member_provider f
join speaking_person p on p.row = f.member_row
where f.entity_code = 'P3' and f.id_qualifier = 'XX' and exists (select from provider_registry) and not exists (
    select from provider r
    where r.npi = f.identifier and r.registry_version = (select max(registry_version) from provider_registry)
)
"""

FORGET_UNKNOWN = """
delete from said_member_provider f using enrollment_problem p
where p.code = 'ENROLLMENT_PROVIDER_UNKNOWN' and p.source_start = f.source_start
"""

KEY = (
    "cast(row({of}.insurance_line, {of}.entity_code) as text) as scope, coalesce({of}.id_qualifier || ' ' ||"
    " {of}.identifier, upper(concat({of}.last_or_organization_name, ',', {of}.first_name))) as provider_key"
)
"""What the providers of a member are compared by: the kind, as a text that can be hashed, and who it is."""

SENT = f"""
create temporary table sent_provider on commit drop as
with spoken as (
    select p.member_id, {", ".join(f"f.{name}" for name in COLUMNS)}, {KEY.format(of="f")},
        coalesce(f.change_effective, f.begins_on, f.changes_on, p.maintenance_effective, p.as_of, r.received)
            as first_day,
        coalesce(f.change_effective, f.changes_on, p.maintenance_effective, p.as_of, r.received) as change_day,
        f.source_start, f.source_stop,
        f.member_row = max(f.member_row) over (partition by p.member_id, f.insurance_line, f.entity_code) as is_last
    from said_member_provider f
    join speaking_person p on p.row = f.member_row
    cross join (select received_date as received from file where file_id = :file_id) r
)
select distinct on (member_id, scope, provider_key) *
from spoken where is_last
order by member_id, scope, provider_key, source_start desc
"""  # noqa: S608 - of our own words only

BEFORE = f"""
create temporary table provider_before on commit drop as
select t.*, {KEY.format(of="t")}, upper_inf(t.valid) as is_open
from member_provider t
where t.superseded_at is null and t.member_id in (select member_id from sent_provider)
"""  # noqa: S608 - of our own words only

SAME_SCOPE = "{a}.member_id = {b}.member_id and {a}.scope = {b}.scope"
SAME = SAME_SCOPE + " and {a}.provider_key = {b}.provider_key"

CHANGED = """
create temporary table provider_change on commit drop as
with sent as (
    select member_id, scope, min(change_day) as cut_before,
        string_agg(provider_key, ';' order by provider_key) as providers
    from sent_provider group by member_id, scope
), open as (
    select member_id, scope, string_agg(provider_key, ';' order by provider_key) as providers
    from provider_before where is_open group by member_id, scope
)
select s.member_id, s.scope, s.cut_before, o.providers is not null as is_known
from sent s left join open o using (member_id, scope)
where s.providers is distinct from o.providers
"""

FATES = f"""
create temporary table provider_fate on commit drop as
select b.*, s.provider_key is not null as is_retold, c.cut_before
from provider_before b
left join sent_provider s on b.is_open and {SAME.format(a="s", b="b")}
left join provider_change c on {SAME_SCOPE.format(a="c", b="b")}
where case when s.provider_key is null then coalesce(upper(b.valid), 'infinity') > c.cut_before
    else ({", ".join(f"s.{name}" for name in SAID_OF_HIM)})
        is distinct from ({", ".join(f"b.{name}" for name in SAID_OF_HIM)}) end
"""  # noqa: S608 - of our own words only

SUPERSEDE = """
with superseded as (
update member_provider t set superseded_at = :now, superseded_by = :file_id
from provider_fate f where f.statement_id = t.statement_id
returning t.member_id
)
insert into restated_member select distinct member_id from superseded
"""

RECORD = f"""
with recorded as (
insert into member_provider (member_id, {", ".join(COLUMNS)}, valid, recorded_at, file_id, source_start, source_stop)
select member_id, {", ".join(COLUMNS)}, daterange(lower(valid), cut_before), :now, :file_id, source_start, source_stop
from provider_fate where not is_retold and lower(valid) < cut_before
union all
select s.member_id, {", ".join(f"s.{name}" for name in COLUMNS)},
    coalesce(f.valid, daterange(case when c.is_known then s.change_day else s.first_day end, null)),
    :now, :file_id, s.source_start, s.source_stop
from sent_provider s
left join provider_fate f on f.is_retold and {SAME.format(a="f", b="s")}
left join provider_before b on b.is_open and {SAME.format(a="b", b="s")}
left join provider_change c on {SAME_SCOPE.format(a="c", b="s")}
where f.statement_id is not null or b.statement_id is null
returning member_id
)
insert into restated_member select distinct member_id from recorded
"""  # noqa: S608 - of our own words only


def record_providers(
    conn: Connection, tables: Mapping[str, pa.Table], file_id: int, now: datetime, identity_key: bytes | None
) -> None:
    """Record the providers of the rows in `speaking_person`; those whom the registry does not have become problems.

    Adds to `restated_member`. Only primary care providers named by their NPI are looked for there, and only once a
    registry is loaded.
    """
    rows = providers(Said(tables, identity_key))
    if rows is None:
        return
    stage(conn, "said_member_provider", rows)
    if run(conn, UNKNOWN):
        run(conn, FORGET_UNKNOWN)
    run(conn, SENT, file_id=file_id)
    analyze(conn, "sent_provider")
    for name, statement in (("provider_before", BEFORE), ("provider_change", CHANGED), ("provider_fate", FATES)):
        run(conn, statement)
        analyze(conn, name)
    run(conn, SUPERSEDE, file_id=file_id, now=now)
    run(conn, RECORD, file_id=file_id, now=now)
