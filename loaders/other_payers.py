"""Other payers of claims: where we stand among them, what those before us decided, and what enrolment knows of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from edi.claim_facts import OtherPayers
from loaders.frames import read_frame
from loaders.id_lists import id_list

POSITIONS = "select claim_id, payer_responsibility from claim where claim_id = any(:claim_ids) order by claim_id"

PAYERS = """
select claim_id, ordinal as payer, payer_responsibility, paid_cents, patient_liability_cents
from claim_other_coverage where claim_id = any(:claim_ids) order by claim_id, ordinal
"""

LINE_RESULTS = """
select claim_id, other_coverage as payer, line_number, cast(sum(paid_cents) as bigint) as paid_cents,
    cast(sum(patient_liability_cents) as bigint) as patient_liability_cents
from claim_line_adjudication
where claim_id = any(:claim_ids) and other_coverage is not null and line_number is not null
group by claim_id, other_coverage, line_number
order by claim_id, other_coverage, line_number
"""

ADJUSTMENTS = """
select claim_id, other_coverage as payer, line_number, group_code, cast(sum(amount_cents) as bigint) as amount_cents
from claim_adjustment
where claim_id = any(:claim_ids) and other_coverage is not null
group by claim_id, other_coverage, line_number, group_code
order by claim_id, other_coverage, line_number, group_code
"""

FIRST_ELSEWHERE = """
select distinct o.member_id,
    (select min(d.first_day) from member_date d where d.member_id = o.member_id and d.superseded_at is null
        and d.insurance_line is not distinct from o.insurance_line and d.plan_code is not distinct from o.plan_code
        and d.other_coverage = o.ordinal and d.qualifier = '344') as first_day,
    (select max(d.first_day) from member_date d where d.member_id = o.member_id and d.superseded_at is null
        and d.insurance_line is not distinct from o.insurance_line and d.plan_code is not distinct from o.plan_code
        and d.other_coverage = o.ordinal and d.qualifier = '345') as last_day
from member_other_coverage o
where o.superseded_at is null and o.responsibility = 'P' and o.coordination is distinct from '6'
    and o.member_id in (select member_id from claim where claim_id = any(:claim_ids))
order by 1, 2, 3
"""


def read(conn: Connection, claim_ids: Sequence[int]) -> OtherPayers:
    """What is known of other payers when these claims are decided."""
    wanted = {"claim_ids": id_list(claim_ids)}
    return OtherPayers(
        positions=read_frame(conn, text(POSITIONS), wanted),
        payers=read_frame(conn, text(PAYERS), wanted),
        line_results=read_frame(conn, text(LINE_RESULTS), wanted),
        adjustments=read_frame(conn, text(ADJUSTMENTS), wanted),
        first_elsewhere=read_frame(conn, text(FIRST_ELSEWHERE), wanted),
    )
