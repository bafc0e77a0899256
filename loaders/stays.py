"""Which bill of its stay an interim bill follows, and which bill a late charge adds to (domain.md 6.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from loaders.frames import read_frame
from loaders.id_lists import id_list
from loaders.staging import drop_staged, run

if TYPE_CHECKING:
    import pandas as pd

BASE = """o.kind = 'I' and o.is_test = c.is_test and o.billing_npi = c.billing_npi
    and left(o.facility_code, 2) = left(c.facility_code, 2) and o.frequency_code in ('1', '2', '3', '4', '7', '9')
    and o.service_from <= c.service_through and c.service_from <= o.service_through"""
"""What makes the bill `o` of the same member the base of the late charge `c`."""

STAYS = f"""
select c.claim_id, previous.claim_id as previous_claim_id, previous.service_through as previous_through,
    cast(coalesce(stay.charge_cents, 0) as bigint) as earlier_charge_cents,
    base.claim_id as base_claim_id, base.state as base_state
from claim c
left join lateral (
    select o.claim_id, o.service_through from claim o
    where o.member_id = c.member_id and o.kind = 'I' and o.is_test = c.is_test and o.billing_npi = c.billing_npi
        and o.admission_date = c.admission_date and o.version_state = 'active' and o.state <> 'rejected'
        and o.claim_id <> c.claim_id and o.service_from < c.service_from
        -- a replacement has taken the place of the interim bill that it corrects
        and o.frequency_code in ('2', '3', '7')
    order by o.service_through desc, o.claim_id desc limit 1
) previous on c.frequency_code in ('3', '4')
left join lateral (
    -- the interim bills of the stay that were decided and not paid
    select sum(o.charge_cents) as charge_cents from claim o
    where o.member_id = c.member_id and o.kind = 'I' and o.is_test = c.is_test and o.billing_npi = c.billing_npi
        and o.admission_date = c.admission_date and o.version_state = 'active' and o.state = 'denied'
        and o.family_id <> c.family_id and o.service_from < c.service_from
        -- or a replacement of one, of a patient who is still in the house
        and (o.frequency_code in ('2', '3') or o.frequency_code = '7' and o.patient_status between '30' and '39')
) stay on c.frequency_code in ('4', '7')
left join lateral (
    select o.claim_id, o.state from claim o
    where o.member_id = c.member_id and o.version_state = 'active' and o.state <> 'rejected' and {BASE}
    order by o.state = 'paid' desc, o.claim_id desc limit 1
) base on c.frequency_code = '5'
where c.claim_id = any(:claim_ids) and c.kind = 'I' and c.frequency_code in ('3', '4', '5', '7')
order by c.claim_id
"""  # noqa: S608 - our own conditions

BASE_MISSING = f"""
create temporary table base_missing on commit drop as
select c.claim_id
from new_claim c join claim_member m using (claim_id)
where c.kind = 'I' and c.frequency_code = '5' and not exists (
    select from claim o
    where o.member_id = m.member_id and o.version_state = 'active' and o.state <> 'rejected' and {BASE}
) and not exists (
    select from new_claim o join claim_member p using (claim_id) where p.member_id = m.member_id and {BASE}
)
"""  # noqa: S608 - our own conditions


def read_stays(conn: Connection, claim_ids: Sequence[int]) -> pd.DataFrame:
    """The bills to which these claims belong, of `edi.claim_facts.ClaimFacts.stays`."""
    return read_frame(conn, text(STAYS), {"claim_ids": id_list(claim_ids)})


def find_missing_bases(conn: Connection) -> None:
    """Leave the temporary table `base_missing`: the late charges of `new_claim` to no bill that we know.

    Needs `claim_member`; those of unknown members are left out.
    """
    drop_staged(conn, "base_missing")
    run(conn, BASE_MISSING)
