"""Prior claims on their way into the warehouse: as claims of ours that were decided and remitted before.

Their file is one of the ledger, of kind `import`, and an import of decisions (`loaders.decision_imports`).
What the earlier system paid is kept as remittances without a run of ours, so that settlement passes the claims over and
takes back, from whom they were paid to, exactly what was paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import Connection, text

from loaders import accumulators, claim_duplicates
from loaders.claim_members import find_members
from loaders.staging import analyze, identifier_key, name_key, run, stage

if TYPE_CHECKING:
    import pandas as pd

TEXTS = (
    *("claim_number", "first_claim_number", "version_state", "kind", "patient_control_number", "facility_code"),
    *("frequency_code", "subscriber_id", "patient_last_name", "patient_first_name", "billing_npi", "billing_tin"),
    *("rendering_npi", "procedure_qualifier", "procedure_code", "modifier_1", "modifier_2", "modifier_3", "modifier_4"),
    *("revenue_code", "unit", "quantity", "place_of_service", "teeth"),
)
NUMBERS = ("row", "version", "line_number", "charge_cents")
DAYS = (
    *("patient_birth_date", "admission_date", "received_on", "decided_on", "remitted_on", "service_from"),
    "service_through",
)
ROW_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in TEXTS),
        *((name, pa.int64()) for name in NUMBERS),
        *((name, pa.date32()) for name in DAYS),
    ]
)

KNOWN = "select claim_number from claim where claim_number = any(:numbers) order by 1"

LEDGER = """
insert into file (partner, remote_path, remote_size, remote_mtime, sha256, content_sha256, size_bytes, arrived_at,
    received_date, archive_path, kind, usage, state, state_changed_at)
values ('unknown', :path, :size, :now, :sha256, :sha256, :size, :now, :today, '', 'import', 'P', 'acknowledged', :now)
returning file_id
"""

LEDGER_CHANGE = """
insert into file_state_change (file_id, changed_at, state) values (:file_id, :now, 'acknowledged')
"""

ARCHIVED = "update file set archive_path = :path where file_id = :file_id"

CLAIMS = """
create temporary table opening_claim on commit drop as
with each as (
    select distinct on (claim_number) * from opening_row order by claim_number, row
), total as (
    select claim_number, cast(sum(charge_cents) as bigint) as claim_charge_cents, min(service_from) as first_day,
        max(service_through) as last_day, max(row) as last_row
    from opening_row group by claim_number
), family as (
    select first_claim_number, nextval(cast(pg_get_serial_sequence('claim_family', 'family_id') as regclass))
        as family_id
    from (select distinct first_claim_number from each order by 1) first
)
select nextval(cast(pg_get_serial_sequence('claim', 'claim_id') as regclass)) as claim_id, f.family_id,
    e.claim_number, e.version, e.version_state, e.kind, e.patient_control_number, e.facility_code, e.frequency_code,
    e.subscriber_id, e.patient_last_name, e.patient_first_name, e.patient_birth_date, e.billing_npi, e.billing_tin,
    e.rendering_npi, e.admission_date, e.received_on, e.decided_on, e.remitted_on, e.subscriber_key, e.first_name_key,
    e.row as first_row, t.last_row, t.claim_charge_cents as charge_cents, t.first_day as service_from,
    t.last_day as service_through
from each e join total t using (claim_number) join family f using (first_claim_number)
order by e.received_on, e.claim_number
"""

INSERT_FAMILIES = """
insert into claim_family (family_id, current_version, state)
select family_id, max(version), case when bool_or(version_state = 'voided') then 'voided' else 'active' end
from opening_claim group by family_id order by family_id
"""

INSERT_CLAIMS = """
insert into claim (claim_id, claim_number, family_id, version, version_state, state, file_id, partner, is_test, kind,
    patient_control_number, charge_cents, facility_code, frequency_code, member_id, subscriber_id, patient_last_name,
    patient_first_name, patient_birth_date, billing_npi, billing_tin, rendering_npi, service_from, service_through,
    admission_date, received_date, source_start, source_stop)
select o.claim_id, o.claim_number, o.family_id, o.version, 'active', 'accepted', :file_id, 'unknown', false, o.kind,
    o.patient_control_number, o.charge_cents, o.facility_code, o.frequency_code, m.member_id, o.subscriber_id,
    o.patient_last_name, o.patient_first_name, o.patient_birth_date, o.billing_npi, o.billing_tin, o.rendering_npi,
    o.service_from, o.service_through, o.admission_date, o.received_on, o.first_row, o.last_row + 1
from opening_claim o left join claim_member m using (claim_id)
order by o.claim_id
"""

INSERT_LINES = """
insert into claim_line (claim_id, line_number, procedure_qualifier, procedure_code, modifier_1, modifier_2, modifier_3,
    modifier_4, revenue_code, charge_cents, unit, quantity, place_of_service, service_from, service_through, teeth,
    source_start, source_stop)
select o.claim_id, r.line_number, case when r.procedure_code is not null then coalesce(r.procedure_qualifier, 'HC') end,
    r.procedure_code, r.modifier_1, r.modifier_2, r.modifier_3, r.modifier_4, r.revenue_code,
    coalesce(r.charge_cents, 0), r.unit, cast(r.quantity as numeric), r.place_of_service, r.service_from,
    r.service_through, r.teeth, r.row, r.row + 1
from opening_row r join opening_claim o using (claim_number)
order by o.claim_id, r.line_number
"""

DECIDED_THEN = """
update decision d set decided_on = o.decided_on
from new_decision n join opening_claim o using (claim_id) where d.decision_id = n.decision_id
"""

VERSIONS = """
update claim c set version_state = o.version_state, original_claim_id = p.claim_id
from opening_claim o
left join lateral (
    select before.claim_id from opening_claim before
    where before.family_id = o.family_id and before.version < o.version order by before.version desc limit 1
) p on true
where c.claim_id = o.claim_id
"""

# We number claims by day of receipt and then from 1: what an earlier installation gave is never given again.
NUMBERS_TAKEN = """
insert into number_series (name, next_number)
select 'claim:' || left(claim_number, 5), max(cast(right(claim_number, 7) as bigint)) + 1
from opening_claim where claim_number ~ '^[0-9]{12}$' group by 1 order by 1
on conflict (name) do update set next_number = greatest(number_series.next_number, excluded.next_number)
"""

PAYEES = """
create temporary table opening_paid on commit drop as
select o.claim_id, o.remitted_on, coalesce(p.payee_id, '') as payee_id,
    coalesce(newest.registry_version, 0) as registry_version, d.decision_id, d.claim_status_code, o.claim_number,
    o.patient_control_number, d.charge_cents, d.paid_cents, d.patient_responsibility_cents, o.version_state
from opening_claim o
join new_decision n using (claim_id)
join decision d on d.decision_id = n.decision_id
cross join (select max(registry_version) as registry_version from provider_registry) newest
left join lateral (
    select p.payee_id from provider p
    where p.registry_version = newest.registry_version and p.npi = o.billing_npi and p.tin = o.billing_tin
    order by coalesce(o.service_from between p.contract_from and coalesce(p.contract_through, 'infinity'), false) desc,
        p.contract_from desc
    limit 1
) p on true
"""

# What was replaced or voided was taken back: it is in the sum twice, with both signs.
REMITTANCES = """
insert into remittance (payee_id, registry_version, trace_number, payment_method, payment_cents, production_date,
    payment_date, import_id)
select payee_id, registry_version, concat_ws('-', 'PRIOR', cast(cast(:import_id as bigint) as text),
        row_number() over (order by remitted_on, payee_id)),
    'NON', coalesce(sum(paid_cents) filter (where version_state = 'active'), 0), remitted_on, remitted_on,
    cast(:import_id as bigint)
from opening_paid group by payee_id, registry_version, remitted_on
order by remitted_on, payee_id
"""

REMITTED = """
insert into remittance_claim (remittance_id, ordinal, entry, claim_id, decision_id, claim_number,
    patient_control_number, claim_status_code, charge_cents, paid_cents, patient_responsibility_cents, stands)
select r.remittance_id, row_number() over (partition by r.remittance_id order by o.claim_id, e.sign desc), e.entry,
    o.claim_id, o.decision_id, o.claim_number, o.patient_control_number, coalesce(e.status, o.claim_status_code),
    e.sign * o.charge_cents, e.sign * o.paid_cents, e.sign * o.patient_responsibility_cents,
    e.sign = -1 or o.version_state = 'active'
from opening_paid o
join remittance r on r.import_id = :import_id and r.payee_id = o.payee_id and r.production_date = o.remitted_on
join (values ('payment', 1, null), ('reversal', -1, '22')) e (entry, sign, status)
    on e.sign = 1 or o.version_state <> 'active'
order by r.remittance_id, o.claim_id, e.sign desc
"""

SERVICES = """
insert into remittance_service (remittance_claim_id, line_number, procedure_qualifier, procedure_code, modifiers,
    revenue_code, charge_cents, paid_cents, units, service_from, service_through, allowed_cents, remark_codes)
select e.remittance_claim_id, l.line_number, coalesce(s.procedure_qualifier, 'NU'),
    coalesce(s.procedure_code, s.revenue_code),
    case when s.procedure_code is null then ''
        else concat_ws(':', s.modifier_1, s.modifier_2, s.modifier_3, s.modifier_4) end,
    case when s.procedure_code is not null then s.revenue_code end, signed.sign * l.charge_cents,
    signed.sign * l.paid_cents, s.quantity, s.service_from, s.service_through, signed.sign * l.allowed_cents,
    coalesce((
        select string_agg(m.remark_code, ' ' order by m.remark_code) from decision_remark m
        where m.decision_id = l.decision_id and m.line_number = l.line_number
    ), '')
from remittance r
join remittance_claim e using (remittance_id)
cross join lateral (select case e.entry when 'payment' then 1 else -1 end as sign) signed
join decision_line l on l.decision_id = e.decision_id
join claim_line s on s.claim_id = e.claim_id and s.line_number = l.line_number
where r.import_id = :import_id
"""

ADJUSTMENTS = """
insert into remittance_adjustment (remittance_claim_id, line_number, group_code, reason_code, amount_cents)
select e.remittance_claim_id, a.line_number, a.group_code, a.reason_code,
    case e.entry when 'payment' then a.amount_cents else -a.amount_cents end
from remittance r join remittance_claim e using (remittance_id) join adjustment a on a.decision_id = e.decision_id
where r.import_id = :import_id and a.amount_cents <> 0
"""

UNMATCHED = """
select count(*) from claim c join decision d using (claim_id)
where d.import_id = :import_id and c.member_id is null
"""


def numbers_in_use(conn: Connection, numbers: Sequence[str]) -> list[str]:
    """Which of these claim numbers are claims of ours."""
    return list(conn.execute(text(KNOWN), {"numbers": list(numbers)}).scalars())


def begin(conn: Connection, sha256: str, size: int, now: datetime, today: date) -> int:
    """Enter the file into the ledger, with nothing left to do; its id. `archived` must say where it is."""
    values = {"path": f"import/{sha256}", "sha256": sha256, "size": size, "now": now, "today": today}
    file_id = int(conn.execute(text(LEDGER), values).scalar_one())
    conn.execute(text(LEDGER_CHANGE), {"file_id": file_id, "now": now})
    return file_id


def load(conn: Connection, rows: pd.DataFrame, file_id: int) -> None:
    """Insert the claims as accepted ones, to be decided and then given to `settle`.

    Those of members who are on file are theirs; the families of these stay locked until the transaction ends.
    """
    table = pa.Table.from_pandas(rows[ROW_SCHEMA.names], schema=ROW_SCHEMA, preserve_index=False)
    table = table.append_column("subscriber_key", identifier_key(table["subscriber_id"]))
    stage(conn, "opening_row", table.append_column("first_name_key", name_key(table["patient_first_name"])))
    run(conn, CLAIMS)
    analyze(conn, "opening_claim")
    find_members(conn, "opening_claim")
    run(conn, INSERT_FAMILIES)
    run(conn, INSERT_CLAIMS, file_id=file_id)
    run(conn, INSERT_LINES)
    claim_ids = conn.execute(text("select claim_id from opening_claim order by claim_id")).scalars().all()
    accumulators.lock(conn, claim_ids)
    claim_duplicates.register(conn, claim_ids)


def settle(conn: Connection, import_id: int) -> None:
    """Make the decisions of the temporary table `new_decision` remitted ones of their day, and the versions a chain."""
    run(conn, DECIDED_THEN)
    run(conn, VERSIONS)
    run(conn, PAYEES)
    for statement in (REMITTANCES, REMITTED, SERVICES, ADJUSTMENTS):
        run(conn, statement, import_id=import_id)
    run(conn, NUMBERS_TAKEN)


def archived(conn: Connection, file_id: int, path: str) -> None:
    """Say where the file is, relative to the archive folder."""
    run(conn, ARCHIVED, file_id=file_id, path=path)


def unmatched(conn: Connection, import_id: int) -> int:
    """How many claims of an import are those of nobody on file."""
    return int(conn.execute(text(UNMATCHED), {"import_id": import_id}).scalar_one())
