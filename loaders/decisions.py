"""Store what the rules decided, and what it means for the claims and the versions they correct."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from edi.trouble import Final
from loaders import accumulators, disputes
from loaders.claim_locks import lock_claims
from loaders.copy import copy_table
from loaders.id_lists import id_list
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
        *((name, pa.string()) for name in ("drg_code", "drg_weight", "discharge_fraction")),
    ]
)
LINE_KEY = [*KEY, ("line_number", pa.int64())]
LINE_SCHEMA = pa.schema(
    [
        *LINE_KEY,
        *((name, pa.int64()) for name in ("charge_cents", "allowed_cents", "paid_cents")),
        *((name, pa.string()) for name in ("procedure_qualifier", "procedure_code", "paid_units", "policy_number")),
    ]
)
ADJUSTMENT_KEY = ["claim_id", "line_number", "group_code", "reason_code"]
ADJUSTMENT_SCHEMA = pa.schema(
    [
        *LINE_KEY,
        *((name, pa.string()) for name in ("group_code", "reason_code")),
        ("amount_cents", pa.int64()),
        ("quantity", pa.string()),
    ]
)
WHOLE_CLAIM = 0
"""Line number of an adjustment of the claim beside its lines."""
REMARK_SCHEMA = pa.schema([*LINE_KEY, ("remark_code", pa.string())])

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

# What a transaction stores is named together in the journal, and may be stored a round at a time.
DECIDED_NOW = "create temporary table if not exists decided_now (claim_id bigint not null) on commit drop"
NAME_DECIDED = "insert into decided_now select claim_id from new_decision"

STORED = "select claim_id, decision_id, sequence, charge_cents from new_decision order by claim_id"

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
    """What `rules` decided, as frames with the columns of the schemas above; `claims` also has `explanation`.

    Columns that only an outside system fills may be absent.
    """

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

    def __add__(self, other: StoredDecisions) -> StoredDecisions:
        """Both together."""
        return StoredDecisions(self.paid + other.paid, self.denied + other.denied, self.pended + other.pended)


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

    The temporary table `new_decision` then has what was stored, and `decided_now` all claims of which anything was
    stored in this transaction.

    Claims that somebody else decided meanwhile are passed over, so storing the same decisions again changes nothing;
    with `again` claims get another decision after the one that they have.
    A correction that replaces its original puts that out of force (8: and its family); one that is settled without
    replacing it becomes a refused version. `source` says who decided: rules, or a person; with `import_id` it
    was another system.

    Raises:
        DecisionUnbalanced: on some line charge and paid plus adjustments differ; nothing is stored.
    """
    _require_balance(decisions)
    lock_claims(conn, id_list(decisions.claims["claim_id"].tolist()))
    stage(conn, "decided_claim", _arrow(decisions.claims, CLAIM_SCHEMA))
    drop_staged(conn, "new_decision")
    run(conn, NEW_DECISIONS, again=again)
    analyze(conn, "new_decision")
    same: dict[str, object] = {
        "decided_at": now.isoformat(),
        "decided_on": decided_on,
        "rules_bundle": rules_bundle,
        "registry_version": registry_version,
        "reference_versions": json.dumps(dict(sorted(reference_versions.items()))),
        "source": source if import_id is None else "imported",
        "import_id": import_id,
    }
    _store_rows(conn, decisions, same)
    for statement in (MOVE_CLAIMS, MOVE_ORIGINALS, VOID_FAMILIES):
        run(conn, statement)
    accumulators.store(conn, decisions.accumulators)
    disputes.record(conn)
    for statement in (DECIDED_NOW, NAME_DECIDED):
        run(conn, statement)
    outcomes = conn.execute(text("select outcome, count(*) from new_decision group by outcome"))
    return StoredDecisions(**{str(outcome): int(number) for outcome, number in outcomes})


def _require_balance(decisions: DecisionFrames) -> None:
    """On every line the charge is what is paid and adjusted; the claim is paid what is left of its lines.

    Raises:
        DecisionUnbalanced: with the first claim of which that is not so.
    """
    key = ["claim_id", "line_number"]
    rest = (decisions.lines["charge_cents"] - decisions.lines["paid_cents"]).groupby(
        [decisions.lines[name].astype("int64") for name in key]
    )
    adjusted = decisions.adjustments["amount_cents"].groupby(
        [decisions.adjustments[name].astype("int64") for name in key]
    )
    left = rest.sum().sub(adjusted.sum(), fill_value=0)
    is_whole = left.index.get_level_values("line_number") == WHOLE_CLAIM
    paid = decisions.claims.set_index("claim_id")["paid_cents"].sub(
        decisions.lines.groupby("claim_id")["paid_cents"].sum(), fill_value=0
    )
    apart = paid.sub(left[is_whole].groupby(level="claim_id").sum(), fill_value=0)
    unbalanced = {*left[~is_whole & (left != 0)].index.get_level_values("claim_id"), *apart.index[apart != 0]}
    if unbalanced:
        claim_id = int(min(unbalanced))
        raise DecisionUnbalanced(f"the decision of claim_id {claim_id} does not balance")


def _store_rows(conn: Connection, decisions: DecisionFrames, same: Mapping[str, object]) -> None:
    """The rows of `new_decision`, `same` columns and all, with their lines, adjustments and remarks."""
    rows = conn.execute(text(STORED)).all()
    if not rows:
        return
    names = ("claim_id", "decision_id", "sequence", "charge_cents")
    columns = zip(*rows, strict=True)
    stored = pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})
    claims = _of_stored(_arrow(decisions.claims, CLAIM_SCHEMA), stored)
    place = pc.index_in(claims["claim_id"], pa.array(decisions.claims["claim_id"].to_numpy(dtype="int64")))
    told = decisions.claims["explanation"].to_numpy()[place.to_numpy()]
    claims = claims.append_column("explanation", pa.array(map(_written, told), pa.string()))
    for name in ("sequence", "charge_cents"):
        claims = claims.append_column(name, pc.take(stored[name], pc.index_in(claims["claim_id"], stored["claim_id"])))
    for name, value in same.items():
        claims = claims.append_column(name, pa.repeat(pa.scalar(value), claims.num_rows))
    copy_table(conn, claims.drop_columns(["replaces_original"]), "decision")
    each = decisions.adjustments
    quantity = each.get("quantity")
    adjusted = (
        each.assign(quantity=quantity)
        .groupby(ADJUSTMENT_KEY, as_index=False)
        .agg(amount_cents=("amount_cents", "sum"), quantity=("quantity", "first"))
    )
    for name, frame, schema in (
        ("decision_line", decisions.lines, LINE_SCHEMA),
        ("adjustment", adjusted, ADJUSTMENT_SCHEMA),
        ("decision_remark", decisions.remarks.drop_duplicates(), REMARK_SCHEMA),
    ):
        details = _of_stored(_arrow(frame, schema), stored).drop_columns(["claim_id"])
        copy_table(conn, details, name)


def _of_stored(rows: pa.Table, stored: pa.Table) -> pa.Table:
    """Those of claims that are decided now, with `decision_id`."""
    place = pc.index_in(rows["claim_id"], stored["claim_id"])
    return rows.append_column("decision_id", pc.take(stored["decision_id"], place)).filter(pc.is_valid(place))


def _written(told: object) -> str:
    return json.dumps(told, separators=(",", ":"))


def _arrow(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """The columns of the schema, in its types; missing values of any kind are null, and so are missing columns."""
    whole = frame.assign(**{name: None for name in schema.names if name not in frame})
    return pa.Table.from_pandas(whole[schema.names], schema=schema, preserve_index=False)
