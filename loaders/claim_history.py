"""The history of claims: every version of a family and every correction of it, with decisions and remittances.

A set of queries for as many claims as are asked for; nothing here costs more because the warehouse is large.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, text

from loaders.payments_due_queries import STILL_DUE

Record = TypeVar("Record")

RELATED = """
with recursive related (claim_id) as (
    select unnest(cast(:claim_ids as bigint[]))
    union
    select other.claim_id
    from related r
    join claim k on k.claim_id = r.claim_id
    cross join lateral (
        select claim_id from claim where family_id = k.family_id
        union all
        select k.original_claim_id where k.original_claim_id is not null
        union all
        -- a correction that was refused has a family of its own
        select claim_id from claim where original_claim_id = k.claim_id
    ) other
)
select claim_id from related order by claim_id
"""

VERSIONS = """
select c.claim_id, c.claim_number, c.tracking_number, c.family_id, c.version, c.version_state, c.state, c.kind,
    c.frequency_code, c.patient_control_number, c.charge_cents, c.received_date, c.is_test, c.correction_problem,
    o.claim_number as original_claim_number, c.file_id, f.partner, f.remote_path, f.kind as file_kind, f.arrived_at,
    f.archive_path, c.source_start, c.source_stop, s.control_number as set_control_number, s.source_start as set_start,
    i.source_start as interchange_start, c.member_id, c.service_from
from claim c
join file f using (file_id)
left join claim o on o.claim_id = c.original_claim_id
left join transaction_set s on s.set_key = c.set_key
left join functional_group g on g.group_key = s.group_key
left join interchange i on i.interchange_id = g.interchange_id
where c.claim_id = any(:claim_ids)
order by c.family_id nulls last, c.received_date, c.claim_id
"""

LINES = """
select claim_id as key, line_number, source_start, source_stop
from claim_line where claim_id = any(:claim_ids) order by claim_id, line_number
"""

EDITS = """
select claim_id as key, line_number, edit, severity, statuses
from claim_edit where claim_id = any(:claim_ids) order by claim_id, ordinal
"""

DECISIONS = """
select d.claim_id as key, d.decision_id, d.sequence, d.outcome, d.pend_reason, d.decided_at, d.decided_on,
    d.rules_bundle, d.registry_version, d.plan_id, d.claim_status_code, d.charge_cents, d.allowed_cents, d.paid_cents,
    d.patient_responsibility_cents, d.interest_cents, d.source as decided_by, i.source_system, d.explanation
from decision d left join decision_import i using (import_id)
where d.claim_id = any(:claim_ids) order by d.claim_id, d.sequence
"""

USED = """
select e.decision_id, a.holder, a.plan_id, a.counter, a.period_from, e.before, e.taken_back, e.used
from accumulator_entry e
join accumulator a using (accumulator_id)
join decision d on d.decision_id = e.decision_id
where d.claim_id = any(:claim_ids)
order by e.decision_id, a.holder desc, a.counter, a.plan_id, a.period_from
"""

NAMES = """
select claim_id, coalesce(claim_number, patient_control_number || ' (CLM01) of file ' || file_id) as name
from claim where claim_id = any(:claim_ids)
"""

DECISION_LINES = """
select l.decision_id as key, l.line_number, l.charge_cents, l.allowed_cents, l.paid_cents
from decision_line l join decision d using (decision_id)
where d.claim_id = any(:claim_ids) order by l.decision_id, l.line_number
"""

ADJUSTMENTS = """
select a.decision_id, a.line_number, a.group_code, a.reason_code, a.amount_cents
from adjustment a join decision d using (decision_id)
where d.claim_id = any(:claim_ids) order by a.decision_id, a.line_number, a.group_code, a.reason_code
"""

REMARKS = """
select r.decision_id, r.line_number, r.remark_code
from decision_remark r join decision d using (decision_id)
where d.claim_id = any(:claim_ids) order by r.decision_id, r.line_number, r.remark_code
"""

REMITTANCES = """
select e.claim_id as key, e.entry, r.trace_number,
    -- what an earlier system paid has no run of ours
    coalesce(u.through_date, r.production_date) as through_date, u.state is distinct from 'composed' as is_released,
    r.production_date, r.payment_date, r.payee_id,
    e.claim_status_code, e.paid_cents, e.interest_cents, e.interest_rule, e.days_late
from remittance_claim e
join remittance r using (remittance_id)
left join remittance_run u using (remittance_run_id)
where e.claim_id = any(:claim_ids) order by e.claim_id, r.production_date, e.remittance_claim_id
"""

LEFT_OUT = f"""
select o.claim_id as key, u.through_date, o.line_number, o.law
from remittance_left_out o
join remittance_run u using (remittance_run_id)
join claim c using (claim_id)
join decision d using (decision_id)
where o.claim_id = any(:claim_ids) and {STILL_DUE} and o.remittance_run_id = (
    select max(l.remittance_run_id) from remittance_left_out l where l.claim_id = o.claim_id
)
order by o.claim_id, o.line_number, o.law
"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class LineSource:
    """Where a service line stands in the archived file."""

    line_number: int
    source_start: int
    source_stop: int


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit at the front found."""

    line_number: int | None
    edit: str
    severity: str
    statuses: str
    """STC composites with blanks between, each as category:status:entity."""


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """The money of a line. Amounts are cents."""

    line_number: int
    charge_cents: int
    allowed_cents: int
    paid_cents: int
    adjustments: tuple[tuple[str, str, int], ...]
    """Group, reason code (CARC) and amount."""
    remark_codes: tuple[str, ...]
    """RARC."""


@dataclass(frozen=True, slots=True)
class UsedBenefit:
    """What a decision did to an accumulator; `edi.claim_facts` says what is counted."""

    holder: str
    plan_id: str
    counter: str
    period_from: date
    before: int
    taken_back: int
    used: int


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One decision of a claim; the highest sequence holds."""

    sequence: int
    outcome: str
    pend_reason: str | None
    decided_at: datetime
    decided_on: date
    rules_bundle: str
    registry_version: int | None
    plan_id: str | None
    claim_status_code: str | None
    charge_cents: int
    allowed_cents: int
    paid_cents: int
    patient_responsibility_cents: int
    interest_cents: int
    decided_by: str
    """Rules, a person, or another system whose decision was imported."""
    source_system: str | None
    """Which one."""
    explanation: tuple[Mapping[str, Any], ...]
    """In the order in which the rules said it."""
    lines: tuple[DecidedLine, ...]
    used: tuple[UsedBenefit, ...]


@dataclass(frozen=True, slots=True)
class Remitted:
    """A claim loop of an 835."""

    entry: str
    trace_number: str
    through_date: date
    is_released: bool
    """Its run goes out; else it may still be given up."""
    production_date: date
    payment_date: date
    payee_id: str
    claim_status_code: str
    paid_cents: int
    interest_cents: int
    interest_rule: str | None
    """Which said whether interest is owed; None where no rule of ours did."""
    days_late: int | None


@dataclass(frozen=True, slots=True)
class BrokenLaw:
    """Why the last run that a decision was due in left its claim out."""

    through_date: date
    line_number: int
    """0: the claim itself."""
    law: str


@dataclass(frozen=True, slots=True)
class ClaimVersion:
    """A claim as it was received, and everything that became of it."""

    claim_id: int
    claim_number: str | None
    tracking_number: str | None
    family_id: int | None
    version: int | None
    version_state: str
    state: str
    kind: str
    frequency_code: str
    patient_control_number: str
    charge_cents: int
    received_date: date
    is_test: bool
    correction_problem: str | None
    original_claim_number: str | None
    file_id: int
    partner: str
    remote_path: str
    file_kind: str | None
    """`import` where the claim came in no X12 file: its source is rows then."""
    arrived_at: datetime
    archive_path: str
    source_start: int
    source_stop: int
    set_control_number: str | None
    set_start: int | None
    interchange_start: int | None
    """None where the claim came in no X12 file."""
    member_id: int | None
    service_from: date | None
    lines: tuple[LineSource, ...]
    edits: tuple[Edit, ...]
    decisions: tuple[DecisionRecord, ...]
    remittances: tuple[Remitted, ...]
    left_out: tuple[BrokenLaw, ...]
    """As long as nobody has decided the claim again."""


def claim_history(conn: Connection, claim_ids: Collection[int]) -> list[ClaimVersion]:
    """These claims with their families and corrections, by family and in order of receipt."""
    if not claim_ids:
        return []
    wanted = {"claim_ids": conn.execute(text(RELATED), {"claim_ids": list(claim_ids)}).scalars().all()}
    lines = _grouped(conn.execute(text(LINES), wanted), LineSource)
    edits = _grouped(conn.execute(text(EDITS), wanted), Edit)
    decisions = _decisions(conn, wanted)
    remittances = _grouped(conn.execute(text(REMITTANCES), wanted), Remitted)
    left_out = _grouped(conn.execute(text(LEFT_OUT), wanted), BrokenLaw)
    return [
        ClaimVersion(
            **row._mapping,  # noqa: SLF001 - SQLAlchemy's public name
            lines=tuple(lines[row.claim_id]),
            edits=tuple(edits[row.claim_id]),
            decisions=tuple(decisions[row.claim_id]),
            remittances=tuple(remittances[row.claim_id]),
            left_out=tuple(left_out[row.claim_id]),
        )
        for row in conn.execute(text(VERSIONS), wanted)
    ]


def claim_names(conn: Connection, claim_ids: Collection[int]) -> dict[int, str]:
    """Our numbers of claims; one that was returned has none, and is named by the provider's and its file."""
    return {row.claim_id: row.name for row in conn.execute(text(NAMES), {"claim_ids": sorted(claim_ids)})}


def _decisions(conn: Connection, wanted: Mapping[str, Collection[int]]) -> defaultdict[int, list[DecisionRecord]]:
    """By claim id, each with its lines."""
    adjustments: defaultdict[tuple[int, int], list[tuple[str, str, int]]] = defaultdict(list)
    for row in conn.execute(text(ADJUSTMENTS), wanted):
        adjustments[row.decision_id, row.line_number].append((row.group_code, row.reason_code, row.amount_cents))
    remarks: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for row in conn.execute(text(REMARKS), wanted):
        remarks[row.decision_id, row.line_number].append(row.remark_code)
    lines: defaultdict[int, list[DecidedLine]] = defaultdict(list)
    for row in conn.execute(text(DECISION_LINES), wanted):
        place = row.key, row.line_number
        lines[row.key].append(
            DecidedLine(**_values(row), adjustments=tuple(adjustments[place]), remark_codes=tuple(remarks[place]))
        )
    used: defaultdict[int, list[UsedBenefit]] = defaultdict(list)
    for row in conn.execute(text(USED), wanted):
        values = _values(row)
        used[values.pop("decision_id")].append(UsedBenefit(**values))
    found: defaultdict[int, list[DecisionRecord]] = defaultdict(list)
    for row in conn.execute(text(DECISIONS), wanted):
        values = _values(row)
        key = values.pop("decision_id")
        values["explanation"] = tuple(values["explanation"])
        found[row.key].append(DecisionRecord(**values, lines=tuple(lines[key]), used=tuple(used[key])))
    return found


def _grouped(rows: Iterable[Row[Any]], record: type[Record]) -> defaultdict[int, list[Record]]:
    """Rows as records, by their key."""
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for row in rows:
        found[row.key].append(record(**_values(row)))
    return found


def _values(row: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "key"}  # noqa: SLF001 - as above
