"""The SQL that reads what was sent of the claim versions that a run takes back, to the segment.

Where nothing is stored beside the money, because an earlier system paid or an earlier release sent it, names and dates
are those of the claim itself.
"""

from __future__ import annotations

from loaders.payments_due_names import OF_BILL

CLAIMS = """
select back.reverses as claim_id, r.decision_id, r.claim_number, r.patient_control_number, r.charge_cents, r.paid_cents,
    r.interest_cents, r.pooled_cents, coalesce(r.filing_indicator, c.filing_indicator) as filing_indicator,
    coalesce(r.facility_code, c.facility_code) as facility_code,
    coalesce(r.frequency_code, c.frequency_code) as frequency_code, r.drg_code,
    cast(trim_scale(r.drg_weight) as text) as drg_weight,
    cast(trim_scale(r.discharge_fraction) as text) as discharge_fraction, c.kind, c.billing_npi,
    c.member_id is not null as member_known, c.received_date, c.service_from, c.service_through, c.tracking_number
from taken_back back
join remittance_claim r using (remittance_claim_id)
join claim c on c.claim_id = back.reverses
order by back.reverses
"""

LINES = """
select back.reverses as claim_id, s.line_number, s.procedure_qualifier, s.procedure_code, s.submitted_qualifier,
    s.submitted_code, nullif(split_part(s.modifiers, ':', 1), '') as modifier_1,
    nullif(split_part(s.modifiers, ':', 2), '') as modifier_2,
    nullif(split_part(s.modifiers, ':', 3), '') as modifier_3,
    nullif(split_part(s.modifiers, ':', 4), '') as modifier_4,
    s.revenue_code, s.charge_cents, s.paid_cents, s.allowed_cents, cast(trim_scale(s.units) as text) as units,
    cast(trim_scale(s.billed_units) as text) as billed_units, s.service_from, s.service_through, s.line_control_number
from taken_back back join remittance_service s using (remittance_claim_id)
order by back.reverses, s.line_number
"""

ADJUSTMENTS = """
select back.reverses as claim_id, a.line_number, a.group_code, a.reason_code, a.amount_cents,
    cast(trim_scale(a.quantity) as text) as quantity
from taken_back back join remittance_adjustment a using (remittance_claim_id)
order by back.reverses, a.line_number, a.group_code, a.reason_code
"""

REMARKS = """
select each.claim_id, each.line_number, code.remark_code
from (
    select back.reverses as claim_id, 0 as line_number, r.remark_codes
    from taken_back back join remittance_claim r using (remittance_claim_id)
    union all
    select back.reverses, s.line_number, s.remark_codes
    from taken_back back join remittance_service s using (remittance_claim_id)
) each
cross join lateral string_to_table(each.remark_codes, ' ') with ordinality code (remark_code, place)
where code.remark_code <> ''
order by each.claim_id, each.line_number, code.place
"""

NAMES = f"""
with bare as (
    select back.reverses as claim_id from taken_back back
    where not exists (select from remittance_name n where n.remittance_claim_id = back.remittance_claim_id)
), named as (
    select back.reverses as claim_id, n.ordinal as place, n.entity_code, n.entity_type, n.last_name, n.first_name,
        n.middle_name, n.suffix, n.id_qualifier, n.identifier
    from taken_back back join remittance_name n using (remittance_claim_id)
    union all
    {OF_BILL.format(claims="bare")}
)
select claim_id, entity_code, entity_type, last_name, first_name, middle_name, suffix, id_qualifier, identifier
from named
order by claim_id, place
"""  # noqa: S608 - our own expressions

REFERENCES = """
select back.reverses as claim_id, d.line_number, d.qualifier, d.value
from taken_back back join remittance_detail d using (remittance_claim_id)
where d.segment = 'REF'
order by back.reverses, d.ordinal
"""

DATES = """
with bare as (
    select c.* from taken_back back join claim c on c.claim_id = back.reverses
    where not exists (
        select from remittance_detail d where d.remittance_claim_id = back.remittance_claim_id and d.segment = 'DTM'
    )
)
select claim_id, 0 as line_number, qualifier, day
from (
    select back.reverses as claim_id, d.ordinal as place, d.qualifier, d.day
    from taken_back back join remittance_detail d using (remittance_claim_id)
    where d.segment = 'DTM'
    union all
    select claim_id, 1, '232', service_from from bare where kind = 'I'
    union all
    select claim_id, 2, '233', service_through from bare where kind = 'I'
    union all
    select claim_id, 3, '050', received_date from bare
) each
where day is not null
order by claim_id, place
"""

AMOUNTS = """
select back.reverses as claim_id, d.line_number, d.qualifier, d.amount_cents as cents
from taken_back back join remittance_detail d using (remittance_claim_id)
where d.segment = 'AMT'
order by back.reverses, d.ordinal
"""

QUANTITIES = """
select back.reverses as claim_id, d.line_number, d.qualifier, cast(trim_scale(d.quantity) as text) as quantity
from taken_back back join remittance_detail d using (remittance_claim_id)
where d.segment = 'QTY'
order by back.reverses, d.ordinal
"""
