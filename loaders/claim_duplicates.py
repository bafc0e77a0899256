"""Find the bills that are alike, among all that were ever looked at.

The table `bill_key` has a hash for each line of professional and dental claims (member, billing TIN, code, days), and
one for each institutional claim (member). A claim gets its keys when it is first looked at, and is compared with those
that had theirs before: so of two alike one is the first. That order is the same for everybody, because whoever looks at
claims of a member holds the lock on his family's accumulators (`loaders.accumulators`). Voids, estimates (CLM19),
encounters (BHT06) and claims of nobody we know have no keys. A version that was replaced counts as long as the version
in force states the service too, and as what became of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, text

from loaders.frames import read_frame
from loaders.id_lists import id_list
from loaders.staging import analyze, drop_staged

if TYPE_CHECKING:
    import pandas as pd

LINE_KEY = """hashtextextended(concat_ws('|', 'line', cast(c.is_test as text), c.member_id,
    upper(translate(c.billing_tin, '- ', '')), l.procedure_code,
    coalesce(l.service_from, c.service_from) - date '2000-01-01',
    coalesce(l.service_through, c.service_through) - date '2000-01-01'), 0)"""
BILL_KEY = "hashtextextended(concat_ws('|', 'bill', cast(c.is_test as text), c.member_id), 0)"

REGISTER = f"""
insert into bill_key (claim_id, line_number, key)
select claim_id, line_number, key from (
    select c.received_date, c.claim_number, c.claim_id, l.line_number, {LINE_KEY} as key
    from claim c join claim_line l using (claim_id) left join claim_set s on s.set_key = c.set_key
    where c.claim_id = any(:claim_ids) and c.kind in ('P', 'D') and l.procedure_code is not null
        and c.member_id is not null and c.frequency_code <> '8' and c.submission_reason is null
        and c.state <> 'rejected' and s.kind is distinct from 'RP'
    union all
    select c.received_date, c.claim_number, c.claim_id, 0, {BILL_KEY}
    from claim c left join claim_set s on s.set_key = c.set_key
    where c.claim_id = any(:claim_ids) and c.kind = 'I'
        and c.member_id is not null and c.frequency_code <> '8' and c.state <> 'rejected'
        and s.kind is distinct from 'RP'
) looked_at
where not exists (select from bill_key k where k.claim_id = looked_at.claim_id)
order by received_date, claim_number, line_number
"""  # noqa: S608 - our own expressions

PAIRS = """
create temporary table bill_pair on commit drop as
select mine.claim_id, mine.line_number, other.claim_id as other_claim_id, other.line_number as other_line_number,
    mine.key
from bill_key mine
cross join lateral (
    -- offset 0: one probe of the index a key, however large the registry is
    select o.claim_id, o.line_number from bill_key o where o.key = mine.key and o.ordinal < mine.ordinal offset 0
) other
where mine.claim_id = any(:claim_ids)
"""

COMPARABLE = """(o.claim_id = c.claim_id
    or o.family_id <> c.family_id and f.state <> 'voided'
        and (o.version_state = 'active' or o.version_state = 'replaced' and successor.state is not null))"""

SUCCESSOR = """left join lateral (
    -- what a replaced version stated, the version in force may state no more: then it is nobody's service
    select a.state from bill_key k join claim a using (claim_id)
    where k.key = p.key and a.family_id = o.family_id and a.version_state = 'active'
        and a.service_from <= c.service_through and c.service_from <= a.service_through
    order by a.claim_id limit 1
) successor on o.version_state = 'replaced'"""

OTHER_STATE = "case o.version_state when 'replaced' then successor.state else o.state end as other_state"

WAITING_VOID = """(
    select min(v.claim_id) from claim v
    where v.family_id = o.family_id and v.frequency_code = '8' and v.state = 'pended' and (
        select d.pend_reason from decision d where d.claim_id = v.claim_id order by d.sequence desc limit 1
    ) in ('ORIGINAL_NOT_REMITTED', 'LATE_CHARGE_STANDS')
) as other_void_id"""
"""The void of o that goes on by itself, when what it waits for has happened."""

SORTED_MODIFIERS = """(
    select string_agg(m, ' ' order by m)
    from unnest(array[{0}.modifier_1, {0}.modifier_2, {0}.modifier_3, {0}.modifier_4]) m
)"""

LIKE_LINES = f"""
select p.claim_id, p.line_number, p.other_claim_id, p.other_line_number, {OTHER_STATE}, {WAITING_VOID},
    c.patient_control_number = o.patient_control_number as same_account,
    l.charge_cents = k.charge_cents as same_charge,
    coalesce(l.rendering_npi, c.rendering_npi) is not distinct from coalesce(k.rendering_npi, o.rendering_npi)
        as same_rendering,
    coalesce(l.place_of_service, c.facility_code) is not distinct from coalesce(k.place_of_service, o.facility_code)
        and l.unit is not distinct from k.unit and l.quantity is not distinct from k.quantity
        and l.teeth is not distinct from k.teeth and l.oral_cavity_areas is not distinct from k.oral_cavity_areas
        as same_rest,
    {SORTED_MODIFIERS.format("l")} as modifiers, {SORTED_MODIFIERS.format("k")} as other_modifiers
from bill_pair p
join claim c on c.claim_id = p.claim_id
join claim o on o.claim_id = p.other_claim_id and o.member_id = c.member_id and o.kind = c.kind
join claim_family f on f.family_id = o.family_id
join claim_line l on l.claim_id = p.claim_id and l.line_number = p.line_number
join claim_line k on k.claim_id = p.other_claim_id and k.line_number = p.other_line_number
{SUCCESSOR}
where p.line_number > 0 and {COMPARABLE}
order by p.claim_id, p.line_number, p.other_claim_id, p.other_line_number
"""  # noqa: S608 - our own expressions

CONTENT = """(
    select array_agg(content order by content) from (
        select concat_ws('|', coalesce(procedure_code, '-'), coalesce(modifier_1, '-'), coalesce(modifier_2, '-'),
            coalesce(modifier_3, '-'), coalesce(modifier_4, '-'), coalesce(revenue_code, '-'), charge_cents,
            coalesce(trim_scale(quantity), 0), service_from - date '2000-01-01') as content
        from claim_line where claim_id = {0}.claim_id and charge_cents >= {1}
    ) each
)"""
"""The lines of {0} that charge {1} cents or more."""

LIKE_BILLS = f"""
select b.*, case when b.same_bill and b.same_days
    then {CONTENT.format("b", 0)} is not distinct from {CONTENT.format("other", 0)} end as same_lines,
    coalesce(b.same_facility and {CONTENT.format("b", 1)} && {CONTENT.format("other", 1)}, false) as shared_lines
from (
    select c.claim_id, o.claim_id as other_claim_id, {OTHER_STATE}, {WAITING_VOID},
        case when o.frequency_code = '7' then (
            select r.frequency_code from claim r where r.family_id = o.family_id order by r.version limit 1
        ) else o.frequency_code end as other_frequency_code,
        left(o.facility_code, 2) as other_bill_type, o.service_from as other_from, o.service_through as other_through,
        c.patient_control_number = o.patient_control_number as same_account,
        c.billing_npi is not distinct from o.billing_npi and left(c.facility_code, 2) = left(o.facility_code, 2)
            as same_bill,
        c.billing_npi is not distinct from o.billing_npi as same_facility,
        c.service_from = o.service_from and c.service_through = o.service_through as same_days,
        c.charge_cents = o.charge_cents as same_charge
    from bill_pair p
    join claim c on c.claim_id = p.claim_id
    join claim o on o.claim_id = p.other_claim_id and o.member_id = c.member_id and o.kind = c.kind
    join claim_family f on f.family_id = o.family_id
    {SUCCESSOR}
    where p.line_number = 0 and {COMPARABLE}
        and o.service_from <= c.service_through and c.service_from <= o.service_through
) b
join claim other on other.claim_id = b.other_claim_id
order by b.claim_id, b.other_claim_id
"""  # noqa: S608 - our own expressions


class Alike(NamedTuple):
    """Bills that are alike, as `edi.claim_facts.ClaimFacts` says."""

    lines: pd.DataFrame
    bills: pd.DataFrame


def register(conn: Connection, claim_ids: Sequence[int]) -> None:
    """Give these claims their keys, in the order in which they are decided; those that have them keep them.

    Adjudication does so itself; claims that are imported as decided need it. The caller has locked their families.
    """
    conn.execute(text(REGISTER), {"claim_ids": id_list(claim_ids)})


def find(conn: Connection, claim_ids: Sequence[int]) -> Alike:
    """Register these claims, and compare them with all that were registered before."""
    register(conn, claim_ids)
    drop_staged(conn, "bill_pair")
    conn.execute(text(PAIRS), {"claim_ids": id_list(claim_ids)})
    analyze(conn, "bill_pair")
    return Alike(read_frame(conn, text(LIKE_LINES)), read_frame(conn, text(LIKE_BILLS)))
