"""The SQL of settlement, by what each query answers.

A decision holds when it has the highest sequence of its claim; `:through` is the last plan-local day that counts.
"""

from __future__ import annotations

UNSETTLED = """
select c.claim_id, c.received_date, c.charge_cents as claim_charge_cents,
       d.decision_id, d.outcome, d.pend_reason, d.claim_status_code, d.charge_cents, d.paid_cents,
       d.patient_responsibility_cents, d.interest_cents,
       coalesce(d.outcome in ('paid', 'denied') and not exists (
           select from decision later where later.claim_id = c.claim_id and later.sequence > d.sequence
       ), false) as is_decided,
       (select min(first.decided_on) from decision first where first.claim_id = c.claim_id and first.outcome = 'pended')
           as pended_on,
       original.claim_id as reverses,
       case when original.claim_id is null then billing.payee_id else coalesce(
           -- what was paid is taken back from whom it was paid to, and the correction goes the same way (RFI 2202);
           -- one who left the registry is followed by the payee of the same taxpayer, or by nobody
           (select same.payee_id from payee same
            where same.registry_version = newest.registry_version and same.payee_id = original.payee_id),
           (select follower.payee_id
            from payee follower
            join payee former on former.registry_version = original.registry_version
                and former.payee_id = original.payee_id and former.tin = follower.tin
            where follower.registry_version = newest.registry_version and follower.payee_id = billing.payee_id)
       ) end as payee_id
from claim c
left join lateral (
    select * from decision where decision.claim_id = c.claim_id and decision.decided_on <= :through
    order by sequence desc limit 1
) d on true
left join lateral (
    -- what is to be taken back: the version that this one has taken the place of, where it was remitted with a claim
    -- loop of its own, or, of a claim that was decided again, what was remitted of itself
    select o.claim_id, paid.payee_id, paid.registry_version
    from claim o
    join remittance_claim sent on sent.claim_id = o.claim_id and sent.entry = 'payment' and not exists (
        select from remittance_claim back where back.decision_id = sent.decision_id and back.entry = 'reversal'
    )
    join remittance paid on paid.remittance_id = sent.remittance_id
    where o.claim_id in (c.claim_id, c.original_claim_id)
      and (o.claim_id = c.claim_id or o.version_state in ('replaced', 'voided') and c.version_state <> 'refused')
      and sent.claim_status_code <> 'void'
      and d.outcome in ('paid', 'denied')
) original on true
cross join (select max(registry_version) as registry_version from provider_registry) newest
left join lateral (
    -- the contract of the day of service names the payee; without one, the newest contract
    select p.payee_id
    from provider p
    where p.registry_version = newest.registry_version
      and p.npi = c.billing_npi
      and p.tin = regexp_replace(c.billing_tin, '[^0-9]', '', 'g')
    order by coalesce(c.service_from between p.contract_from and coalesce(p.contract_through, 'infinity'), false) desc,
             p.contract_from desc
    limit 1
) billing on true
where (not c.is_test or :accept_test)
  and c.state <> 'rejected'
  and not exists (select from remittance_claim r where r.claim_id = c.claim_id and r.entry = 'payment' and r.stands)
  and not exists (select from remittance_claim r where r.decision_id = d.decision_id and r.entry = 'payment')
  and (c.version_state in ('active', 'refused') or d.claim_status_code = 'void')
  and (d.decision_id is not null or c.received_date <= :through)
order by c.received_date, c.claim_number
"""

DETAILS = """
select c.claim_id, c.claim_number, c.patient_control_number, c.kind, c.facility_code, c.frequency_code,
       c.filing_indicator, c.patient_last_name, c.patient_first_name, c.subscriber_id, c.member_id, c.received_date,
       c.service_from, c.service_through, c.rendering_npi, c.tracking_number,
       original.claim_number as original_claim_number,
       (select d.plan_id from decision d where d.claim_id = c.claim_id order by d.sequence desc limit 1) as plan_id,
       exists (select from claim_party p where p.claim_id = c.claim_id and p.entity_code = 'QC') as has_patient_loop,
       subscriber.last_or_organization_name as subscriber_last_name, subscriber.first_name as subscriber_first_name,
       rendering.last_or_organization_name as rendering_name, rendering.first_name as rendering_first_name,
       rendering.entity_type as rendering_entity_type
from claim c
left join claim original on original.claim_id = c.original_claim_id
left join lateral (
    select * from claim_party p where p.claim_id = c.claim_id and p.entity_code = 'IL' order by p.ordinal limit 1
) subscriber on true
left join lateral (
    select * from claim_party p
    where p.claim_id = c.claim_id and p.entity_code = '82' and p.line_number is null and p.identifier = c.rendering_npi
    order by p.ordinal limit 1
) rendering on true
where c.claim_id = any(cast(:ids as bigint[]))
"""

LINES = """
select l.decision_id as key, d.claim_id, l.line_number, l.charge_cents, l.allowed_cents, l.paid_cents,
       s.procedure_qualifier, s.procedure_code, s.modifier_1, s.modifier_2, s.modifier_3, s.modifier_4, s.revenue_code,
       s.quantity, s.service_from, s.service_through, s.line_control_number
from decision_line l
join decision d on d.decision_id = l.decision_id
join claim_line s on s.claim_id = d.claim_id and s.line_number = l.line_number
where l.decision_id = any(cast(:ids as bigint[]))
order by l.decision_id, l.line_number
"""

ADJUSTMENTS = """
select decision_id as key, line_number, group_code, reason_code, amount_cents
from adjustment
where decision_id = any(cast(:ids as bigint[])) and amount_cents <> 0
order by decision_id, line_number, group_code, reason_code
"""

REMARKS = """
select decision_id as key, line_number, remark_code
from decision_remark
where decision_id = any(cast(:ids as bigint[]))
order by decision_id, line_number, remark_code
"""

SENT_CLAIMS = """
select r.remittance_claim_id as key, r.claim_id, r.decision_id, r.claim_status_code, r.charge_cents, r.paid_cents,
       r.patient_responsibility_cents, r.interest_cents, d.outcome
from remittance_claim r
join decision d on d.decision_id = r.decision_id
where r.claim_id = any(cast(:ids as bigint[])) and r.entry = 'payment' and not exists (
    select from remittance_claim back where back.decision_id = r.decision_id and back.entry = 'reversal'
)
"""

SENT_SERVICES = """
select s.remittance_claim_id as key, s.line_number, s.procedure_qualifier, s.procedure_code, s.modifiers,
       s.revenue_code, s.charge_cents, s.paid_cents, s.units, s.service_from, s.service_through, s.line_control_number,
       s.allowed_cents, s.remark_codes
from remittance_claim r
join remittance_service s on s.remittance_claim_id = r.remittance_claim_id
where r.claim_id = any(cast(:ids as bigint[])) and r.entry = 'payment' and not exists (
    select from remittance_claim back where back.decision_id = r.decision_id and back.entry = 'reversal'
)
order by s.remittance_claim_id, s.line_number
"""

SENT_ADJUSTMENTS = """
select a.remittance_claim_id as key, a.line_number, a.group_code, a.reason_code, a.amount_cents
from remittance_claim r
join remittance_adjustment a on a.remittance_claim_id = r.remittance_claim_id
where r.claim_id = any(cast(:ids as bigint[])) and r.entry = 'payment' and not exists (
    select from remittance_claim back where back.decision_id = r.decision_id and back.entry = 'reversal'
)
order by a.remittance_claim_id, a.line_number, a.group_code, a.reason_code
"""

PAYEES = """
select payee_id, registry_version, name, npi, tin, address, city, state, zip, remittance_partner, statement_partner,
       payment_method, routing_number, account_number
from payee
where registry_version = (select max(registry_version) from provider_registry)
"""

PREVIOUS_RUN = "select max(through_date) from remittance_run where through_date < :through"

STORED_RUN = """
select run.remittance_run_id,
       count(r.remittance_id) as remittances,
       count(r.remittance_id) filter (where r.payment_cents > 0) as payments,
       cast(coalesce(sum(r.payment_cents), 0) as bigint) as paid_cents,
       cast(coalesce(sum(settled.claims), 0) as bigint) as claims
from remittance_run run
left join remittance r on r.remittance_run_id = run.remittance_run_id
left join lateral (
    select count(*) as claims from remittance_claim c where c.remittance_id = r.remittance_id and c.entry = 'payment'
) settled on true
where run.through_date = :through
group by run.remittance_run_id
"""

STORED_FILES = """
select file_name from outbox where remittance_run_id = :run order by outbox_id
"""
