"""Services of the same member, provider and day that were paid on earlier claims, for pairs and limits of units.

Read only of procedures that the plan's tables `bundle` and `unit_limit` are about. Who decides claims of a member holds
the lock on his family's accumulators (`loaders.accumulators`), so what was paid before does not change meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from loaders.frames import read_frame
from loaders.id_lists import id_list

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("bundle", "unit_limit")

EARLIER_SERVICES = """
with code as materialized (
    select distinct procedure_code from claim_line where claim_id = any(:claim_ids)
), pair as materialized (
    select procedure_code, bundled_code from reference_bundle
    where version_id = :bundle and (
        -- arrays: of two sets no index is used
        bundled_code = any(array(select procedure_code from code))
        or procedure_code = any(array(select procedure_code from code))
    )
), coded as materialized (
    select procedure_code from pair
    union select bundled_code from pair
    union select procedure_code from reference_unit_limit
    where version_id = :unit_limit and procedure_code in (select procedure_code from code)
), mine as materialized (
    select distinct c.claim_id, c.family_id, c.member_id, c.kind, c.is_test,
        upper(regexp_replace(c.billing_tin, '[^0-9A-Za-z]', '', 'g')) as tin,
        coalesce(l.service_from, c.service_from) as service_day
    from claim c join claim_line l using (claim_id)
    where c.claim_id = any(:claim_ids) and c.member_id is not null
        and l.procedure_code in (select procedure_code from coded)
)
select m.claim_id, m.service_day, o.claim_id as other_claim_id, k.line_number as other_line_number, k.procedure_code,
    cast(round(case when k.quantity > 0 then k.quantity else 1 end * 1000) as bigint) as units_thousandths,
    concat_ws(' ', k.modifier_1, k.modifier_2, k.modifier_3, k.modifier_4) as modifiers,
    case o.kind when 'I' then left(o.facility_code, 2) end as bill_type
from mine m
join claim o on o.member_id = m.member_id and o.kind = m.kind and o.is_test = m.is_test and o.state = 'paid'
    and o.version_state = 'active' and o.family_id <> m.family_id
    and o.service_from <= m.service_day and m.service_day <= o.service_through
    and upper(regexp_replace(o.billing_tin, '[^0-9A-Za-z]', '', 'g')) = m.tin
join claim_line k on k.claim_id = o.claim_id and coalesce(k.service_from, o.service_from) = m.service_day
    and k.procedure_code in (select procedure_code from coded)
join decision d on d.claim_id = o.claim_id
    and d.sequence = (select max(sequence) from decision where claim_id = o.claim_id)
join decision_line p on p.decision_id = d.decision_id and p.line_number = k.line_number and p.allowed_cents > 0
order by m.claim_id, o.claim_id, k.line_number, m.service_day
"""


def read(conn: Connection, claim_ids: Sequence[int], versions: Mapping[str, int]) -> pd.DataFrame | None:
    """`edi.claim_facts.ClaimFacts.earlier_services`; None where the plan loaded no such tables."""
    if not set(KINDS) & set(versions):
        return None
    wanted = {"claim_ids": id_list(claim_ids), **{kind: versions.get(kind) for kind in KINDS}}
    return read_frame(conn, text(EARLIER_SERVICES), wanted)
