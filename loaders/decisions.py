"""Store what the rules decided, and what it means for the claims and the versions they correct."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
from sqlalchemy import Connection, text

from edi.trouble import Final
from loaders import accumulators, disputes
from loaders.claim_locks import lock_claims
from loaders.staging import analyze, drop_staged, run, stage

if TYPE_CHECKING:
    import pandas as pd

KEY = [("claim_id", pa.int64())]
CLAIM_SCHEMA = pa.schema(
    [
        *KEY,
        ("outcome", pa.string()),
        ("pend_reason", pa.string()),
        ("claim_status_code", pa.string()),
        ("plan_id", pa.string()),
        ("allowed_cents", pa.int64()),
        ("paid_cents", pa.int64()),
        ("patient_responsibility_cents", pa.int64()),
        ("replaces_original", pa.bool_()),
    ]
)
LINE_KEY = [*KEY, ("line_number", pa.int64())]
LINE_SCHEMA = pa.schema([*LINE_KEY, *((name, pa.int64()) for name in ("charge_cents", "allowed_cents", "paid_cents"))])
ADJUSTMENT_SCHEMA = pa.schema(
    [*LINE_KEY, ("group_code", pa.string()), ("reason_code", pa.string()), ("amount_cents", pa.int64())]
)
REMARK_SCHEMA = pa.schema([*LINE_KEY, ("remark_code", pa.string())])

UNBALANCED = """
select coalesce(l.claim_id, a.claim_id)
from decided_line l
full join (
    select claim_id, line_number, sum(amount_cents) as amount_cents from decided_adjustment
    group by claim_id, line_number
) a using (claim_id, line_number)
where coalesce(l.charge_cents - l.paid_cents, 0) <> coalesce(a.amount_cents, 0)
order by 1 limit 1
"""

NEW_DECISIONS = """
create temporary table new_decision on commit drop as
with sequence as (
    select cast(pg_get_serial_sequence('decision', 'decision_id') as regclass) as name
), undecided as (
    select d.*, coalesce(last.sequence, 0) + 1 as sequence, c.charge_cents, c.frequency_code, c.original_claim_id,
        c.family_id, c.frequency_code in ('7', '8') as is_correction
    from decided_claim d
    join claim c using (claim_id)
    left join lateral (
        select e.sequence, e.pend_reason from decision e where e.claim_id = d.claim_id order by e.sequence desc limit 1
    ) last on true
    where c.state = 'accepted'
        -- to wait for the same reason once more is no news
        or cast(:again as boolean) and c.state in ('paid', 'denied')
        or c.state = 'pended' and (d.outcome <> 'pended' or d.pend_reason is distinct from last.pend_reason)
    order by d.claim_id
)
select nextval((select name from sequence)) as decision_id, u.* from undecided u
"""

INSERT_DECISIONS = """
insert into decision (decision_id, claim_id, sequence, outcome, pend_reason, decided_at, decided_on, rules_bundle,
    registry_version, plan_id, claim_status_code, charge_cents, allowed_cents, paid_cents,
    patient_responsibility_cents, explanation, reference_versions, source, import_id)
select decision_id, claim_id, sequence, outcome, pend_reason, :now, :decided_on, :rules_bundle,
    cast(:registry_version as bigint), plan_id, claim_status_code, charge_cents, allowed_cents, paid_cents,
    patient_responsibility_cents, cast(explanation as jsonb), cast(:reference_versions as jsonb), :source,
    cast(:import_id as bigint)
from new_decision
"""

INSERT_LINES = """
insert into decision_line (decision_id, line_number, charge_cents, allowed_cents, paid_cents)
select n.decision_id, l.line_number, l.charge_cents, l.allowed_cents, l.paid_cents
from decided_line l join new_decision n using (claim_id)
"""

INSERT_ADJUSTMENTS = """
insert into adjustment (decision_id, line_number, group_code, reason_code, amount_cents)
select n.decision_id, a.line_number, a.group_code, a.reason_code, sum(a.amount_cents)
from decided_adjustment a join new_decision n using (claim_id)
group by n.decision_id, a.line_number, a.group_code, a.reason_code
"""

INSERT_REMARKS = """
insert into decision_remark (decision_id, line_number, remark_code)
select distinct n.decision_id, r.line_number, r.remark_code
from decided_remark r join new_decision n using (claim_id)
"""

MOVE_CLAIMS = """
update claim c set state = n.outcome, version_state = case
    when n.is_correction and n.outcome <> 'pended' and not n.replaces_original then 'refused'
    else c.version_state
end
from new_decision n where n.claim_id = c.claim_id
"""

MOVE_ORIGINALS = """
update claim o set version_state = case n.frequency_code when '8' then 'voided' else 'replaced' end
from new_decision n
where o.claim_id = n.original_claim_id and o.version_state = 'active'
    and n.is_correction and n.outcome <> 'pended' and n.replaces_original
"""

VOID_FAMILIES = """
update claim_family f set state = 'voided'
from new_decision n
where f.family_id = n.family_id and n.frequency_code = '8' and n.outcome <> 'pended' and n.replaces_original
"""


NO_REFERENCE: Mapping[str, int] = MappingProxyType({})


class DecisionFrames(Protocol):
    """What `rules` decided, as frames with the columns of the schemas above; `claims` also has `explanation`."""

    @property
    def claims(self) -> pd.DataFrame:
        """One row a claim; `explanation` is a list of JSON-able facts."""

    @property
    def lines(self) -> pd.DataFrame:
        """The money of each line."""

    @property
    def adjustments(self) -> pd.DataFrame:
        """What was taken off each line, and why."""

    @property
    def remarks(self) -> pd.DataFrame:
        """Remark codes of each line."""

    @property
    def accumulators(self) -> pd.DataFrame:
        """What each claim used up of benefits, with the columns of `loaders.accumulators.ENTRY_SCHEMA`."""


class DecisionUnbalanced(Final):
    """A line whose charge is not what is paid plus the adjustments."""


@dataclass(frozen=True, slots=True)
class StoredDecisions:
    """How many decisions were stored, by outcome."""

    paid: int = 0
    denied: int = 0
    pended: int = 0


def store(
    conn: Connection,
    decisions: DecisionFrames,
    now: datetime,
    decided_on: date,
    rules_bundle: str,
    registry_version: int | None,
    reference_versions: Mapping[str, int] = NO_REFERENCE,
    source: str = "rules",
    import_id: int | None = None,
    *,
    again: bool = False,
) -> StoredDecisions:
    """Store decisions of claims that are still undecided, and move the states of claims, originals and families.

    Claims that somebody else decided meanwhile are passed over, so storing the same decisions again changes nothing;
    with `again` claims get another decision after the one that they have.
    A correction that replaces its original puts that out of force (8: and its family); one that is settled without
    replacing it becomes a refused version. `source` says who decided: rules, or a person; with `import_id` it
    was another system.

    Raises:
        DecisionUnbalanced: on some line charge and paid plus adjustments differ; nothing is stored.
    """
    _stage(conn, decisions)
    unbalanced = conn.execute(text(UNBALANCED)).scalar_one_or_none()
    if unbalanced is not None:
        raise DecisionUnbalanced(f"the decision of claim_id {unbalanced} does not balance")
    lock_claims(conn, decisions.claims["claim_id"].tolist())
    run(conn, NEW_DECISIONS, again=again)
    analyze(conn, "new_decision")
    run(
        conn,
        INSERT_DECISIONS,
        now=now,
        decided_on=decided_on,
        rules_bundle=rules_bundle,
        registry_version=registry_version,
        reference_versions=json.dumps(dict(sorted(reference_versions.items()))),
        source=source if import_id is None else "imported",
        import_id=import_id,
    )
    for statement in (INSERT_LINES, INSERT_ADJUSTMENTS, INSERT_REMARKS, MOVE_CLAIMS, MOVE_ORIGINALS, VOID_FAMILIES):
        run(conn, statement)
    accumulators.store(conn, decisions.accumulators)
    disputes.record(conn)
    outcomes = conn.execute(text("select outcome, count(*) from new_decision group by outcome"))
    return StoredDecisions(**{str(outcome): int(number) for outcome, number in outcomes})


def _stage(conn: Connection, decisions: DecisionFrames) -> None:
    """The frames as temporary tables."""
    claims = _arrow(decisions.claims, CLAIM_SCHEMA)
    told = pa.array([json.dumps(entries) for entries in decisions.claims["explanation"]], pa.string())
    for name, table in (
        ("decided_claim", claims.append_column("explanation", told)),
        ("decided_line", _arrow(decisions.lines, LINE_SCHEMA)),
        ("decided_adjustment", _arrow(decisions.adjustments, ADJUSTMENT_SCHEMA)),
        ("decided_remark", _arrow(decisions.remarks, REMARK_SCHEMA)),
    ):
        stage(conn, name, table)
    drop_staged(conn, "new_decision")


def _arrow(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """The columns of the schema, in its types; missing values of any kind are null."""
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
