"""The bills that a bill of a stay follows or adds to, and those that were paid (domain.md 6.4).

A replacement (7) is what its chain of versions began with, as `rules.interim_bills.match_stays` has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from loaders.frames import read_frame
from loaders.id_lists import id_list
from loaders.staging import drop_staged, run

if TYPE_CHECKING:
    import pandas as pd

ROOT = """case when {0}.frequency_code = '7' then (
    select r.frequency_code from claim r where r.family_id = {0}.family_id order by r.version limit 1
) else {0}.frequency_code end"""
"""The frequency that a claim began with."""

IN_FORCE = "{0}.version_state = 'active' and {0}.state <> 'rejected'"

ADDED_TO = """{0}.kind = 'I' and {0}.is_test = {1}.is_test and {0}.billing_npi = {1}.billing_npi
    and left({0}.facility_code, 2) = left({1}.facility_code, 2)
    and {0}.frequency_code in ('1', '2', '3', '4', '7', '9')
    and {0}.service_from <= {1}.service_through and {1}.service_from <= {0}.service_through"""
"""May {0}, of the same member, be the base of the late charges {1}? Its ROOT must not be late charges too."""

BASE_IS_PAID = f"""exists (
    select from claim b
    where b.member_id = c.member_id and b.version_state = 'active' and b.state = 'paid' and b.family_id <> c.family_id
        and {ADDED_TO.format("b", "c")} and {ROOT.format("b")} <> '5'
)"""
"""Is a bill paid that the late charges c add to?"""

OF_STAY = """o.member_id = c.member_id and o.kind = 'I' and o.is_test = c.is_test and o.billing_npi = c.billing_npi
    and o.admission_date = c.admission_date and o.family_id <> c.family_id"""

INTERIM = f"""(o.frequency_code in ('2', '3')
    -- a replacement has taken the place of the interim bill that it corrects; its patient is still in the house
    or o.frequency_code = '7' and o.patient_status between '30' and '39' and {ROOT.format("o")} <> '5')"""

PAID_BY_CASE = """d.explanation @> '[{"rule": "STAY-PRICED", "stay_method": "case"}]'"""

DECISION = """(
    -- other systems may pay without a word of what they allow
    select greatest(allowed_cents, paid_cents) as allowed_cents, explanation from decision where claim_id = {0}.claim_id
    order by sequence desc limit 1
)"""

STAYS = f"""
select c.claim_id, previous.claim_id as previous_claim_id, previous.service_through as previous_through,
    cast(coalesce(unpaid.charge_cents, 0) as bigint) as earlier_charge_cents,
    cast(coalesce(paid.allowed_cents, 0) as bigint) as stay_allowed_cents, paid.claim_id as stay_paid_claim_id,
    coalesce(paid.by_case, false) or coalesce(base.by_case, false) as stay_paid_by_case,
    base.claim_id as base_claim_id, base.state as base_state, base.drg_code as base_drg_code,
    late.claim_id as late_charge_claim_id
from (
    select b.*, {ROOT.format("b")} as root from claim b
    where b.claim_id = any(:claim_ids) and b.kind = 'I'
) c
left join lateral (
    select o.claim_id, o.service_through from claim o
    where {OF_STAY} and {IN_FORCE.format("o")} and o.service_from < c.service_from and {INTERIM}
    order by o.service_through desc, o.claim_id desc limit 1
) previous on c.frequency_code in ('3', '4', '7')
left join lateral (
    -- the interim bills of the stay that were decided and not paid
    select sum(o.charge_cents) as charge_cents from claim o
    where {OF_STAY} and o.version_state = 'active' and o.state = 'denied' and o.service_from < c.service_from
        and {INTERIM}
) unpaid on c.frequency_code in ('4', '7')
left join lateral (
    -- its bills that were paid, whichever days they are for
    select max(o.claim_id) as claim_id, sum(d.allowed_cents) as allowed_cents, bool_or({PAID_BY_CASE}) as by_case
    from claim o cross join lateral {DECISION.format("o")} d
    where {OF_STAY} and o.version_state = 'active' and o.state = 'paid' and d.allowed_cents > 0
        and left(o.facility_code, 2) = left(c.facility_code, 2)
) paid on c.frequency_code <> '8'
left join lateral (
    select o.claim_id, o.state, o.drg_code, {PAID_BY_CASE} as by_case
    from claim o left join lateral {DECISION.format("o")} d on true
    where o.member_id = c.member_id and {IN_FORCE.format("o")} and o.family_id <> c.family_id
        and {ADDED_TO.format("o", "c")} and {ROOT.format("o")} <> '5'
    order by o.state = 'paid' desc, o.claim_id desc limit 1
) base on c.root = '5'
left join lateral (
    -- late charges that would stand paid without the bill that they add to; a replacement may hold them still
    select l.claim_id from claim o
    join claim l on l.member_id = o.member_id and {ADDED_TO.format("o", "l")}
    where o.claim_id = c.original_claim_id and {ROOT.format("o")} <> '5'
        and l.version_state = 'active' and l.state = 'paid' and l.frequency_code in ('5', '7')
        and {ROOT.format("l")} = '5' and ({ADDED_TO.format("c", "l")}) is not true and not exists (
            select from claim b
            where b.member_id = l.member_id and b.version_state = 'active' and b.state = 'paid'
                and b.family_id <> o.family_id and {ADDED_TO.format("b", "l")} and {ROOT.format("b")} <> '5'
        )
    order by l.claim_id limit 1
) late on c.frequency_code = '8' or c.frequency_code = '7' and c.root <> '5'
order by c.claim_id
"""  # noqa: S608 - our own conditions

BASE_MISSING = f"""
create temporary table base_missing on commit drop as
select c.claim_id
from new_claim c join claim_member m using (claim_id)
where c.kind = 'I' and c.frequency_code = '5' and not exists (
    select from claim o
    where o.member_id = m.member_id and {IN_FORCE.format("o")} and {ADDED_TO.format("o", "c")}
        and {ROOT.format("o")} <> '5'
) and not exists (
    select from new_claim o join claim_member p using (claim_id)
    where p.member_id = m.member_id and {ADDED_TO.format("o", "c")}
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
