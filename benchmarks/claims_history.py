"""A long history out of a short one: every row that processing left is copied, set-based, into earlier days.

Copy k of a claim lies k times some days before it, is for a member of another family, and has numbers of its own;
keys, indexes, duplicate registry and accumulators are those that processing it would have left. The planner's
statistics are gathered afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Date, DateTime, Table, text

from loaders.claim_duplicates import LINE_KEY
from loaders.schema import metadata
from loaders.schema.claim_details import CLAIM_DETAILS
from loaders.warehouse import Warehouse

KEYS = ("file_id", "interchange_id", "group_key", "set_key", "claim_id", "family_id", "decision_id")
KEYS += ("remittance_run_id", "remittance_id", "remittance_claim_id", "change_id", "finding_id")
"""Columns that number rows: the copies have the numbers after the last."""
SAME_AS = {"original_claim_id": "claim_id", "duplicate_of": "file_id"}
TABLES = (
    *("file", "file_state_change", "interchange", "interchange_registry", "functional_group", "transaction_set"),
    *("finding", "claim_set", "claim_set_contact", "claim_batch", "claim_family", "claim", "claim_line"),
    *("claim_diagnosis", "claim_party", *(table.name for table in CLAIM_DETAILS), "claim_edit", "claim_dispute"),
    *("decision", "decision_line", "adjustment", "decision_remark"),
    *("remittance_run", "remittance", "remittance_claim", "remittance_service", "remittance_adjustment"),
)
CLAIMS_FILES = "(select file_id from file where kind = '837')"
INTERCHANGES = f"(select interchange_id from interchange where file_id in {CLAIMS_FILES})"  # noqa: S608 - our own
CHOSEN = dict.fromkeys(("file", "file_state_change", "interchange", "finding"), f"t.file_id in {CLAIMS_FILES}")
CHOSEN |= dict.fromkeys(("interchange_registry", "functional_group"), f"t.interchange_id in {INTERCHANGES}")
CHOSEN["transaction_set"] = "t.transaction = '837'"
"""Rows that are copied, where not all are."""
NUMBERED = "to_char(t.received_date - {days} * k, 'YYDDD') || substr(t.claim_number, 6)"
VALUES: Mapping[tuple[str, str], str] = {
    ("file", "remote_path"): "t.remote_path || '.' || k",
    ("file", "sha256"): "md5(t.sha256 || k) || md5(k || t.sha256)",
    ("file", "content_sha256"): "md5(t.content_sha256 || k) || md5(k || t.content_sha256)",
    ("interchange", "control_number"): "t.control_number || '.' || k",
    ("interchange_registry", "control_number"): "t.control_number || '.' || k",
    ("claim_batch", "reference"): "t.reference || '.' || k",
    ("claim_set", "reference"): "t.reference || '.' || k",
    ("claim", "claim_number"): NUMBERED,
    ("claim", "tracking_number"): "t.tracking_number || '.' || k",
    ("claim", "patient_control_number"): "t.patient_control_number || '.' || k",
    ("claim", "member_id"): "p.member_id",
    ("claim", "subscriber_id"): "coalesce(p.subscriber_number, t.subscriber_id)",
    ("claim", "patient_birth_date"): "coalesce(p.birth_date, t.patient_birth_date)",
    ("claim", "patient_first_name"): "coalesce(p.first_name, t.patient_first_name)",
    ("remittance", "trace_number"): "t.trace_number || '.' || k",
    ("remittance_claim", "claim_number"): "to_char(c.received_date - {days} * k, 'YYDDD') || substr(t.claim_number, 6)",
    ("remittance_claim", "patient_control_number"): "t.patient_control_number || '.' || k",
}
"""What the copy of a row says in a column, where it is not the row's own with numbers and days moved."""
JOINS = {
    "claim": """
left join person_place q on q.member_id = t.member_id
left join person_place p on p.place = (q.place + k * :step) % :places""",
    "remittance_claim": " join claim c on c.claim_id = t.claim_id",
}
TIMELESS = ("patient_birth_date", "birth_date", "patient_death_date")

PLACES = """
create temporary table person_place as
select m.member_id, m.subscriber_number, m.birth_date, m.first_name,
    row_number() over (order by m.subscriber_number, array_position(array['18', '01', '19'], m.relationship_code)) - 1
        as place
from member m
"""
FAMILY_STEP = 3_333
"""Families between the patients of a claim and those of its next copy."""

FAMILIES = """
insert into benefit_family (group_id, subscriber_number)
select distinct group_id, subscriber_number from member order by 1, 2 on conflict do nothing
"""
MOVED = """
create temporary table moved_entry as
select e.decision_id + k * :decisions as decision_id, e.before, e.taken_back, e.used, a.holder, a.plan_id, a.counter,
    cast(date_trunc('year', d.service_from) as date) as period_from,
    case a.holder when 'member' then d.member_id else f.family_key end as holder_id
from accumulator_entry e
cross join generate_series(1, :copies) k
join accumulator a using (accumulator_id)
join decision o on o.decision_id = e.decision_id + k * :decisions
join claim d on d.claim_id = o.claim_id
join member m on m.member_id = d.member_id
join benefit_family f on f.group_id = m.group_id and f.subscriber_number = m.subscriber_number
"""
ACCUMULATORS = """
insert into accumulator (holder, holder_id, plan_id, counter, period_from, amount)
select holder, holder_id, plan_id, counter, period_from, sum(used - taken_back)
from moved_entry group by holder, holder_id, plan_id, counter, period_from
on conflict (holder, holder_id, plan_id, counter, period_from)
do update set amount = accumulator.amount + excluded.amount
"""
ENTRIES = """
insert into accumulator_entry (decision_id, accumulator_id, before, taken_back, used)
select e.decision_id, a.accumulator_id, e.before, e.taken_back, e.used
from moved_entry e join accumulator a using (holder, holder_id, plan_id, counter, period_from)
"""
BILLS = f"""
insert into bill_key (claim_id, line_number, key)
select c.claim_id, l.line_number, {LINE_KEY}
from bill_key b
cross join generate_series(1, :copies) k
join claim c on c.claim_id = b.claim_id + k * :claims
join claim_line l on l.claim_id = c.claim_id and l.line_number = b.line_number
order by c.received_date, c.claim_number, l.line_number
"""  # noqa: S608 - our own expression
DECIDED = """
insert into work_journal (work, done_at, rules_bundle, claim_ids)
select w.work, w.done_at, w.rules_bundle, array(select id + k * :claims from unnest(w.claim_ids) id)
from work_journal w cross join generate_series(1, :copies) k where w.claim_ids is not null
"""


def inflate(warehouse: Warehouse, times: int, places: int, days: int) -> None:
    """Make the claims of a warehouse `times` as many, with so many days between two copies.

    `places`: members among whom the claims are spread, whole families.
    """
    with warehouse.begin() as connection:
        # every copy is as consistent as what it is a copy of
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(text("set local maintenance_work_mem = '512MB'"))
        connection.execute(text("set local work_mem = '256MB'"))
        connection.execute(text(PLACES))
        connection.execute(text("analyze person_place"))
        given = {"copies": times - 1, "step": 3 * FAMILY_STEP, "places": places}
        last = {key: _last(connection, key) for key in KEYS}
        for name in TABLES:
            _copy(connection, metadata.tables[name], last, days, given)
        for name in ("claim", "claim_line", "decision"):
            connection.execute(text(f"analyze {name}"))
        counts = {"copies": times - 1, "claims": last["claim_id"], "decisions": last["decision_id"]}
        for statement in (FAMILIES, MOVED, ACCUMULATORS, ENTRIES, BILLS, DECIDED):
            used = {name: value for name, value in counts.items() if f":{name}" in statement}
            connection.execute(text(statement), used)


def settle_down(warehouse: Warehouse) -> None:
    """Statistics and visibility for the planner, as autovacuum would leave them, and nothing unwritten."""
    with warehouse.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
        connection.execute(text("checkpoint"))


def _last(connection: Connection, key: str) -> int:
    """The highest number of a key."""
    table = next(
        table for table in metadata.tables.values() if key in table.primary_key and len(table.primary_key) == 1
    )
    return int(connection.execute(text(f"select coalesce(max({key}), 0) from {table.name}")).scalar_one())  # noqa: S608


def _copy(connection: Connection, table: Table, last: Mapping[str, int], days: int, given: Mapping[str, int]) -> None:
    """All copies of a table's rows."""
    columns = [column for column in table.columns if column.computed is None]
    values = []
    for column in columns:
        key = SAME_AS.get(column.name, column.name)
        value = VALUES.get((table.name, column.name))
        if value is not None:
            values.append(value.format(days=days))
        elif key in last:
            values.append(f"t.{column.name} + k * {last[key]}")
        elif isinstance(column.type, Date) and column.name not in TIMELESS:
            values.append(f"t.{column.name} - {days} * k")
        elif isinstance(column.type, DateTime):
            values.append(f"t.{column.name} - {days} * k * interval '1 day'")
        else:
            values.append(f"t.{column.name}")
    names = ", ".join(column.name for column in columns)
    statement = (
        f"insert into {table.name} ({names}) overriding system value select {', '.join(values)}"  # noqa: S608 - ours
        f" from {table.name} t cross join generate_series(1, :copies) k {JOINS.get(table.name, '')}"
        f" where {CHOSEN.get(table.name, 'true')}"
    )
    connection.execute(text(statement), {name: value for name, value in given.items() if f":{name}" in statement})
    for column in columns:
        if column.identity is not None:
            connection.execute(
                text(
                    f"select setval(pg_get_serial_sequence('{table.name}', '{column.name}'),"  # noqa: S608 - ours
                    f" (select coalesce(max({column.name}), 1) from {table.name}))"
                )
            )
