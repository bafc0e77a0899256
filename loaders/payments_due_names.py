"""The SQL that finds what an 835 says of due claims besides their money: names, numbers, dates, amounts, days.

Everybody and everything as billed, except where the plan knows better: NM1*74 what we correct of a name or member id,
NM1*PR who should have paid before us, and the last day of a coverage that was over.
"""

from __future__ import annotations

OF_BILL = """
    select c.claim_id, 1 as place, 'QC' as entity_code, '1' as entity_type, c.patient_last_name as last_name,
        c.patient_first_name as first_name, cast(null as text) as middle_name, cast(null as text) as suffix,
        'MI' as id_qualifier, c.subscriber_id as identifier
    from {claims} join claim c using (claim_id)
    union all
    -- the subscriber, where somebody else is the patient
    select c.claim_id, 2, 'IL', '1', s.last_or_organization_name, s.first_name, null, null, 'MI', c.subscriber_id
    from {claims} join claim c using (claim_id)
    join (
        select distinct on (p.claim_id) p.* from claim_party p join {claims} using (claim_id)
        where p.entity_code = 'IL' and p.other_coverage is null order by p.claim_id, p.ordinal
    ) s using (claim_id)
    where exists (select from claim_party q where q.claim_id = c.claim_id and q.entity_code = 'QC')
        and btrim(c.subscriber_id) <> ''
    union all
    -- who gave the service, where that is not who bills
    select c.claim_id, 4, '82', coalesce(r.entity_type, '1'), r.last_or_organization_name,
        case when r.entity_type = '2' then null else r.first_name end, null, null, 'XX', c.rendering_npi
    from {claims} join claim c using (claim_id)
    left join (
        select distinct on (p.claim_id) p.* from claim_party p join {claims} using (claim_id)
        where p.entity_code = '82' and p.line_number is null and p.other_coverage is null
        order by p.claim_id, p.ordinal
    ) r on r.claim_id = c.claim_id and r.identifier = c.rendering_npi
    where c.rendering_npi is distinct from c.billing_npi and btrim(c.rendering_npi) <> ''
"""
"""Those whom a bill names; `claims` is the table whose claims are asked for."""

RANK = "position({0} in 'PSTABCDEFGH')"
"""SBR01 in the order of payment."""
LETTERS = "regexp_replace(upper(normalize({0}, NFKD)), '[^A-Z]', '', 'g')"
"""A name as it is compared."""

NAMES = f"""
with corrected as (
    select c.claim_id, m.last_name, m.first_name, m.middle_name, m.name_suffix,
        (c.patient_last_name <> m.last_name or c.patient_first_name <> m.first_name)
            and ({LETTERS.format("c.patient_last_name")} <> {LETTERS.format("m.last_name")}
            or {LETTERS.format("c.patient_first_name")} <> {LETTERS.format("m.first_name")}) as other_name,
        case when upper(btrim(c.subscriber_id)) <> upper(btrim(m.subscriber_number)) then m.subscriber_number end
            as other_number
    from due_claim join claim c using (claim_id) join member m using (member_id)
), payer as (
    select o.claim_id, o.ordinal, o.payer_name, 'PI' as id_qualifier, o.payer_id,
        {RANK.format("o.payer_responsibility")} - {RANK.format("coalesce(c.payer_responsibility, 'P')")} as after
    from due_claim join claim c using (claim_id) join claim_other_coverage o using (claim_id)
    where btrim(o.payer_name) <> '' and length(btrim(o.payer_id)) > 1 and o.payer_responsibility ~ '^[PSTA-H]$'
), forwarded as (
    -- the next payer, to whom we sent it on
    select distinct on (p.claim_id) p.* from payer p join due_claim d using (claim_id)
    where d.claim_status_code in ('19', '20', '21') and p.after > 0
    order by p.claim_id, p.after, p.ordinal
), prior as (
    -- the payer before us, where that is why nothing is paid
    select distinct on (p.claim_id) p.* from payer p join due_claim d using (claim_id)
    where exists (select from adjustment a where a.decision_id = d.decision_id and a.reason_code = '22')
        and p.after <> 0 and d.claim_status_code not in ('19', '20', '21')
    order by p.claim_id, p.after, p.ordinal
), enrolled as (
    -- or the insurer whom enrolment knows to come first, where the claim names none
    select distinct on (d.claim_id) d.claim_id, i.last_or_organization_name as payer_name, i.id_qualifier,
        i.identifier as payer_id
    from due_claim d
    join claim c using (claim_id)
    join member_other_coverage o on o.member_id = c.member_id and o.superseded_at is null and o.responsibility = 'P'
        and o.coordination is distinct from '6'
    join member_party i on i.member_id = o.member_id and i.superseded_at is null and i.entity_code = 'IN'
        and i.other_coverage = o.ordinal and i.insurance_line is not distinct from o.insurance_line
        and i.plan_code is not distinct from o.plan_code
    where exists (select from adjustment a where a.decision_id = d.decision_id and a.reason_code = '22')
        and not exists (select from prior p where p.claim_id = d.claim_id)
        and d.claim_status_code not in ('19', '20', '21')
        and btrim(i.last_or_organization_name) <> '' and i.id_qualifier in ('FI', 'NI', 'XV')
        and length(btrim(i.identifier)) > 1
    order by d.claim_id, o.statement_id, i.statement_id
), named as (
    {OF_BILL.format(claims="due_claim")}
    union all
    select claim_id, 3, '74', '1', case when other_name then last_name end, case when other_name then first_name end,
        case when other_name then middle_name end, case when other_name then name_suffix end,
        case when other_number is not null then 'C' end, other_number
    from corrected where other_name or other_number is not null
    union all
    select claim_id, 5, 'TT', '2', payer_name, null, null, null, id_qualifier, payer_id from forwarded
    union all
    select claim_id, 6, 'PR', '2', payer_name, null, null, null, id_qualifier, payer_id from prior
    union all
    select claim_id, 6, 'PR', '2', payer_name, null, null, null, id_qualifier, payer_id from enrolled
    union all
    select p.claim_id, 7, 'GB', coalesce(s.entity_type, '1'), s.last_or_organization_name,
        case when s.entity_type = '2' then null else s.first_name end,
        case when s.entity_type = '2' then null else s.middle_name end, null,
        case when btrim(s.identifier) <> '' then 'MI' end, nullif(btrim(s.identifier), '')
    from prior p
    join (
        select distinct on (i.claim_id, i.other_coverage) i.* from claim_party i join due_claim using (claim_id)
        where i.entity_code = 'IL' and i.other_coverage is not null order by i.claim_id, i.other_coverage, i.ordinal
    ) s on s.claim_id = p.claim_id and s.other_coverage = p.ordinal
    where btrim(s.last_or_organization_name) <> ''
)
select claim_id, entity_code, entity_type, last_name, first_name, middle_name, suffix, id_qualifier, identifier
from named
order by claim_id, place
"""  # noqa: S608 - our own expressions

REFERENCES = """
select claim_id, line_number, qualifier, value
from (
    select c.claim_id, 0 as line_number, '1L' as qualifier, coalesce(m.group_number, c.group_number) as value
    from due_claim join claim c using (claim_id) join member m using (member_id)
    union all
    select c.claim_id, 0, 'G1', c.prior_authorization from due_claim join claim c using (claim_id)
    union all
    select r.claim_id, coalesce(r.line_number, 0), r.qualifier, r.value
    from due_claim join claim_reference r using (claim_id)
    where r.payer_id is null and r.other_coverage is null and r.party is null
        and (r.line_number is null and r.qualifier in ('EA', '9A', '9C') or r.line_number > 0 and r.qualifier = 'G1')
    union all
    select l.claim_id, l.line_number, 'HPI', l.rendering_npi
    from due_claim join claim c using (claim_id) join claim_line l using (claim_id)
    where l.rendering_npi <> '' and l.rendering_npi <> coalesce(nullif(c.rendering_npi, ''), c.billing_npi, '')
    union all
    select d.claim_id, l.line_number, '0K', l.policy_number
    from due_claim d join decision_line l using (decision_id) where l.policy_number is not null
) each
where btrim(value) <> ''
order by claim_id, line_number, qualifier, value
"""

DATES = """
-- what is not paid because coverage was over says when it ended: as our rules found it, else as enrolment knows
with uncovered as materialized (
    select d.claim_id, c.member_id, c.service_through, e.explanation
    from due_claim d
    join claim c using (claim_id)
    join decision e on e.decision_id = d.decision_id
    where exists (select from adjustment a where a.decision_id = d.decision_id and a.reason_code = '27')
), ended as (
    select o.claim_id, coalesce(
        (
            select max(cast(told ->> 'ended' as date)) from jsonb_array_elements(o.explanation) told
            where told ->> 'rule' = 'COVERED-ON-SERVICE-DAY'
        ),
        (
            select max(upper(s.valid)) - 1 from coverage_span s
            where s.member_id = o.member_id and s.superseded_at is null and upper(s.valid) <= o.service_through
        )
    ) as day
    from uncovered o
)
select claim_id, 0 as line_number, '036' as qualifier, day from ended where day is not null order by claim_id
"""

AMOUNTS = """
select claim_id, 0 as line_number, 'F5' as qualifier, c.patient_paid_cents as cents
from due_claim join claim c using (claim_id) where c.patient_paid_cents > 0 order by claim_id
"""

QUANTITIES = """
-- days by value codes, in whole days where an amount would be dollars; else days of rooms that the plan allows
with stay as (
    select d.claim_id, d.decision_id from due_claim d join claim c using (claim_id)
    join decision e on e.decision_id = d.decision_id
    where c.kind = 'I' and e.outcome = 'paid' and d.claim_status_code <> 'void'
), told as (
    select i.claim_id, case i.code when '80' then 'CA' when '82' then 'CD' when '83' then 'LA' else 'NE' end
            as qualifier,
        cast(sum(i.amount_cents) as numeric) / 100 as days
    from stay join claim_information i using (claim_id)
    where i.qualifier = 'BE' and i.code in ('80', '81', '82', '83') and i.amount_cents > 0
    group by i.claim_id, i.code
)
select claim_id, 0 as line_number, qualifier, cast(trim_scale(days) as text) as quantity from told
union all
select s.claim_id, 0, 'CA', cast(trim_scale(sum(l.quantity)) as text)
from stay s
join decision_line e on e.decision_id = s.decision_id and e.allowed_cents > 0
join claim_line l on l.claim_id = s.claim_id and l.line_number = e.line_number
where l.unit = 'DA' and l.quantity > 0 and ltrim(l.revenue_code, '0') ~ '^(1[0-9]|20|21)[0-9]$'
    and not exists (select from told t where t.claim_id = s.claim_id and t.qualifier = 'CA')
group by s.claim_id
order by claim_id, qualifier
"""
