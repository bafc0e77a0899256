"""Claims one by one with what was decided of them, and how many members there are: what accounts are made of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

# The decision that holds for a claim is the one with the highest sequence.
CLAIMS = """
with holding as (
    select distinct on (claim_id) * from decision order by claim_id, sequence desc
), reasons as (
    select decision_id, string_agg(distinct group_code || ' ' || reason_code, ', ') as reasons
    from adjustment group by decision_id
), remarks as (
    select decision_id, string_agg(distinct remark_code, ', ') as remarks from decision_remark group by decision_id
), statuses as (
    select claim_id, string_agg(statuses, ', ' order by ordinal) as statuses
    from claim_edit where severity = 'reject' group by claim_id
)
select coalesce(c.claim_number, '') as claim_number, c.received_date::text as received, c.kind,
       c.frequency_code as frequency, c.state,
       c.version_state, coalesce(c.tracking_number, '') as tracking_number, c.charge_cents,
       coalesce(h.paid_cents, 0) as paid_cents,
       coalesce(h.patient_responsibility_cents, 0) as patient_cents,
       concat_ws(', ', h.pend_reason, r.reasons, m.remarks, s.statuses) as reasons
from claim c
left join holding h using (claim_id)
left join reasons r using (decision_id)
left join remarks m using (decision_id)
left join statuses s on s.claim_id = c.claim_id
order by c.received_date, c.claim_number, c.claim_id
"""

MEMBERS = """
select (select count(*) from member) as members,
       (select count(*) from coverage_span where superseded_at is null) as spans
"""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim as one line of a list. Amounts are cents."""

    claim_number: str
    """Empty where the claim was rejected."""
    received: str
    kind: str
    frequency: str
    state: str
    version_state: str
    tracking_number: str
    charge_cents: int
    paid_cents: int
    patient_cents: int
    reasons: str
    """Pend reason, group and reason codes (CARC), remark codes (RARC); statuses of the 277CA of a rejected claim."""


def list_claims(conn: Connection) -> list[ClaimLine]:
    """Every claim version received, in order of receipt."""
    return [ClaimLine(**row) for row in conn.execute(text(CLAIMS)).mappings()]


def count_members(conn: Connection) -> tuple[int, int]:
    """Members, and coverage spans in force."""
    row = conn.execute(text(MEMBERS)).one()
    return row.members, row.spans
