"""The SQL that finds what a run of payments is made from: claims that are due, and what belongs to them.

`DUE`, `TAKEN_BACK` and `PAYEES_OF` are the tables `due_claim`, `taken_back` and `due_payee`, each made from the others.
"""

from __future__ import annotations

STILL_DUE = """
    (c.version_state in ('active', 'refused') or d.claim_status_code = 'void')
    and not exists (select from decision later where later.claim_id = c.claim_id and later.sequence > d.sequence)
    and not exists (select from remittance_claim r where r.decision_id = d.decision_id and r.entry = 'payment')
"""
"""Is d what was decided of the claim c at last, and not remitted yet?"""

DUE = f"""
select c.claim_id, c.original_claim_id, c.version_state, d.decision_id, d.claim_status_code,
    upper(regexp_replace(c.billing_tin, '[^0-9]', '', 'g')) as billing_tin, c.billing_npi, c.service_from
from claim c
join decision d on d.claim_id = c.claim_id
where c.state in ('paid', 'denied')
    and (not c.is_test or :accept_test)
    and d.outcome in ('paid', 'denied') and d.decided_on <= :through
    and {STILL_DUE}
    and not exists (
        select from remittance_claim r where r.claim_id = c.claim_id and r.entry = 'payment' and r.stands
    )
"""  # noqa: S608 - our own expressions

TAKEN_BACK = """
-- the version whose place a correction or void took, where it was remitted with a claim loop of its own, or else what
-- that version had corrected itself; or, of a claim that was decided again, what was remitted of itself
with recursive before as (
    select c.claim_id, o.claim_id as reverses, o.original_claim_id
    from due_claim c join claim o on o.claim_id = c.original_claim_id
    where o.version_state in ('replaced', 'voided') and c.version_state <> 'refused'
    union all
    select b.claim_id, o.claim_id, o.original_claim_id
    from before b join claim o on o.claim_id = b.original_claim_id
    where o.version_state in ('replaced', 'voided')
), candidate as (
    select claim_id, reverses from before
    union all
    select claim_id, claim_id from due_claim
)
select c.claim_id, c.reverses, sent.remittance_claim_id, paid.payee_id, paid.registry_version
from candidate c
join remittance_claim sent on sent.claim_id = c.reverses and sent.entry = 'payment'
    and sent.claim_status_code <> 'void'
join remittance paid on paid.remittance_id = sent.remittance_id
where not exists (
    select from remittance_claim back where back.decision_id = sent.decision_id and back.entry = 'reversal'
)
"""

PAYEES_OF = """
with newest as (
    select max(registry_version) as registry_version from provider_registry
), billing as (
    -- the contract of the day of service names the payee; without one, the newest contract
    select distinct on (c.claim_id) c.claim_id, p.payee_id
    from due_claim c
    join provider p on p.npi = c.billing_npi and p.tin = c.billing_tin
        and p.registry_version = (select registry_version from newest)
    order by c.claim_id,
        coalesce(c.service_from between p.contract_from and coalesce(p.contract_through, 'infinity'), false) desc,
        p.contract_from desc, p.payee_id
)
-- what was paid is taken back from whom it was paid to, and the correction goes the same way (RFI 2202); one who left
-- the registry is followed by the payee of the same taxpayer, or by nobody
select c.claim_id,
    case when back.claim_id is null then billing.payee_id else coalesce(same.payee_id, follower.payee_id) end
        as payee_id
from due_claim c
left join billing using (claim_id)
left join taken_back back using (claim_id)
left join payee same on same.registry_version = (select registry_version from newest)
    and same.payee_id = back.payee_id
left join payee former on former.registry_version = back.registry_version and former.payee_id = back.payee_id
left join payee follower on follower.registry_version = (select registry_version from newest)
    and follower.payee_id = billing.payee_id and follower.tin = former.tin
"""

WITHOUT_PAYEE = f"""
with due_claim as materialized ({DUE}), taken_back as materialized ({TAKEN_BACK}), due_payee as ({PAYEES_OF})
select count(*) from due_payee where payee_id is null
"""  # noqa: S608 - our own expressions

CLAIM_COLUMNS = """
    c.kind, c.billing_npi, c.member_id is not null as member_known, c.received_date, c.service_from, c.service_through,
    c.tracking_number
"""

CLAIMS = f"""
select c.claim_id, due.decision_id, p.payee_id, d.outcome, d.claim_status_code as status_code,
    case when is_void then 0 else d.charge_cents end as charge_cents,
    case when is_void then 0 else d.paid_cents end as paid_cents,
    case when is_void then 0 else d.patient_responsibility_cents end as patient_responsibility_cents,
    c.claim_number, c.patient_control_number, c.facility_code, c.frequency_code, c.filing_indicator,
    coalesce(d.drg_code, c.drg_code) as drg_code, cast(trim_scale(d.drg_weight) as text) as drg_weight,
    cast(trim_scale(d.discharge_fraction) as text) as discharge_fraction, {CLAIM_COLUMNS}, d.plan_id,
    coalesce(taken.claim_number, original.claim_number) as original_claim_number, c.partner,
    coalesce(waited.days, 0) as waited_days,
    case when is_void then 0 when d.interest_said then d.interest_cents end as interest_cents,
    back.reverses
from due_claim due
join claim c on c.claim_id = due.claim_id
join decision d on d.decision_id = due.decision_id
cross join lateral (select d.claim_status_code = 'void' as is_void) v
left join due_payee p on p.claim_id = c.claim_id
left join taken_back back on back.claim_id = c.claim_id
left join claim original on original.claim_id = c.original_claim_id
left join claim taken on taken.claim_id = back.reverses and taken.claim_id <> c.claim_id
left join (
    -- pended for something that the provider has to bring: the clock of prompt payment stands still (domain.md 9.7);
    -- an outside system may tell of a day before that
    select w.claim_id, cast(sum(greatest(w.until - w.since, 0)) as bigint) as days
    from (
        select e.claim_id, e.pend_reason, e.decided_on as since,
            lead(e.decided_on) over (partition by e.claim_id order by e.sequence) as until
        from decision e join due_claim using (claim_id)
    ) w
    where w.pend_reason = any(:waits_for_provider) and w.until is not null
    group by w.claim_id
) waited on waited.claim_id = c.claim_id
order by c.claim_id
"""  # noqa: S608 - our own expressions

# What a service was bundled into stands in the explanation of the rule that says so: of a denial alone, with CARC 97.
LINES = """
with denied as materialized (
    select d.claim_id, d.decision_id, a.line_number, e.explanation
    from due_claim d
    join adjustment a on a.decision_id = d.decision_id and a.reason_code = '97'
    join decision e on e.decision_id = d.decision_id
), bundled as (
    select distinct on (d.decision_id, d.line_number) d.decision_id, d.line_number,
        coalesce(whole.procedure_qualifier, 'HC') as procedure_qualifier, btrim(whole.procedure_code) as procedure_code
    from denied d
    cross join lateral jsonb_array_elements(d.explanation) told
    join claim_line whole on whole.claim_id = d.claim_id and whole.line_number = cast(told ->> 'into' as integer)
    where told ->> 'rule' = 'PAID-SEPARATELY' and told ->> 'into_claim_id' is null
        and cast(told ->> 'line' as integer) = d.line_number and btrim(whole.procedure_code) <> ''
    order by d.decision_id, d.line_number, whole.line_number
), service as (
    select d.claim_id, l.line_number, case when has.procedure then coalesce(s.procedure_qualifier, 'HC') else 'NU' end
            as billed_qualifier,
        case when has.procedure then btrim(s.procedure_code) else s.revenue_code end as billed_code,
        case when has.procedure then s.revenue_code end as revenue_code,
        coalesce(l.procedure_qualifier, b.procedure_qualifier) as qualifier,
        coalesce(l.procedure_code, b.procedure_code) as code,
        s.modifier_1, s.modifier_2, s.modifier_3, s.modifier_4, l.charge_cents, l.paid_cents, l.allowed_cents,
        cast(trim_scale(s.quantity) as text) as units, cast(trim_scale(l.paid_units) as text) as paid_units,
        s.service_from, s.service_through, s.line_control_number
    from due_claim d
    join decision_line l on l.decision_id = d.decision_id
    join claim_line s on s.claim_id = d.claim_id and s.line_number = l.line_number
    cross join lateral (select coalesce(btrim(s.procedure_code) <> '', false) as procedure) has
    left join bundled b on b.decision_id = d.decision_id and b.line_number = l.line_number
    where d.claim_status_code <> 'void'
)
select claim_id, line_number, coalesce(qualifier, billed_qualifier) as procedure_qualifier,
    coalesce(code, billed_code) as procedure_code, case when code <> billed_code then billed_qualifier end
        as submitted_qualifier,
    case when code <> billed_code then billed_code end as submitted_code, modifier_1, modifier_2, modifier_3,
    modifier_4, revenue_code, charge_cents, paid_cents, allowed_cents, units, paid_units, service_from,
    service_through, line_control_number
from service
order by claim_id, line_number
"""

ADJUSTMENTS = """
select d.claim_id, a.line_number, a.group_code, a.reason_code, a.amount_cents,
    cast(trim_scale(a.quantity) as text) as quantity
from due_claim d join adjustment a on a.decision_id = d.decision_id
where a.amount_cents <> 0 and d.claim_status_code <> 'void'
order by d.claim_id, a.line_number, a.group_code, a.reason_code
"""

REMARKS = """
select d.claim_id, r.line_number, r.remark_code
from due_claim d join decision_remark r on r.decision_id = d.decision_id
where d.claim_status_code <> 'void'
order by d.claim_id, r.line_number, r.remark_code
"""

PAYEES = """
select payee_id, registry_version, name, npi, tin, address, city, state, zip, remittance_partner, statement_partner,
    payment_method, routing_number, account_number
from payee
where registry_version = (select max(registry_version) from provider_registry)
order by payee_id
"""

BALANCES = """
select r.payee_id, opened.reference as trace_number, -opened.amount_cents as owed_cents
from remittance_provider_adjustment opened
join remittance r using (remittance_id)
where opened.reason_code = 'FB' and opened.amount_cents < 0
    and not exists (
        select from remittance_provider_adjustment closed join remittance later using (remittance_id)
        where closed.reason_code = 'FB' and closed.amount_cents > 0 and closed.reference = opened.reference
    )
order by r.payee_id
"""

# A refund that was received (72) and the recovery that it pays (WO) are settled together: each waits for the other.
ENTRIES = """
with waiting as (
    select e.* from provider_account_entry e
    where not exists (select from remittance_provider_adjustment a where a.entry_id = e.entry_id)
        and exists (
            select from payee p where p.payee_id = e.payee_id
                and p.registry_version = (select max(registry_version) from provider_registry)
        )
), refund as (
    select refund.entry_id, refund.due_from, paid.entry_id as pays
    from waiting refund
    cross join lateral (
        select w.entry_id from waiting w
        where w.payee_id = refund.payee_id and w.reason_code = 'WO' and w.reference = refund.reference
            and w.amount_cents = -refund.amount_cents
        order by w.entry_id limit 1
    ) paid
    where refund.reason_code = '72'
)
select w.payee_id, w.entry_id, w.reason_code, w.reference, w.amount_cents
from waiting w
left join refund of on of.pays = w.entry_id
left join refund own on own.entry_id = w.entry_id
where coalesce(of.due_from, w.due_from) <= :due_by and (w.reason_code <> '72' or own.entry_id is not null)
order by w.entry_id
"""

PENDED = """
with newest as (
    select max(registry_version) as registry_version from provider_registry
), waiting as (
    -- not decided by the end of that day, or not for good
    select c.claim_id, d.pend_reason
    from claim c
    left join lateral (
        select e.decision_id, e.outcome, e.pend_reason, e.sequence from decision e
        where e.claim_id = c.claim_id and e.decided_on <= :through order by e.sequence desc limit 1
    ) d on true
    where c.state <> 'rejected' and (not c.is_test or :accept_test) and c.version_state in ('active', 'refused')
        and (d.outcome is not null or c.received_date <= :through)
        and (c.state in ('accepted', 'pended')
            or exists (select from decision l where l.claim_id = c.claim_id and l.decided_on > :through))
        and (d.outcome is null or d.outcome = 'pended'
            or exists (select from decision l where l.claim_id = c.claim_id and l.sequence > d.sequence))
        and not exists (
            select from remittance_claim r
            where r.entry = 'payment' and (r.claim_id = c.claim_id and r.stands or r.decision_id = d.decision_id)
        )
    union
    -- decided, but the run of that day had to leave it out
    select o.claim_id, 'DECISION_BREAKS_LAW'
    from remittance_left_out o
    join remittance_run run using (remittance_run_id)
    join decision d using (decision_id)
    where run.through_date = :through
        and not exists (select from decision l where l.claim_id = o.claim_id and l.sequence > d.sequence)
), billing as (
    select distinct on (c.claim_id) c.claim_id, p.payee_id
    from waiting w join claim c using (claim_id)
    join provider p on p.npi = c.billing_npi and p.tin = regexp_replace(c.billing_tin, '[^0-9]', '', 'g')
        and p.registry_version = (select registry_version from newest)
    order by c.claim_id,
        coalesce(c.service_from between p.contract_from and coalesce(p.contract_through, 'infinity'), false) desc,
        p.contract_from desc, p.payee_id
)
select c.claim_id, b.payee_id, c.claim_number, c.patient_control_number, c.kind, c.facility_code, c.frequency_code,
    c.filing_indicator, c.member_id is not null as member_known, c.received_date, c.service_from, c.service_through,
    c.patient_last_name as last_name, c.patient_first_name as first_name, c.subscriber_id as identifier,
    original.claim_number as original_claim_number, c.tracking_number, c.charge_cents,
    coalesce(w.pend_reason, 'RECEIVED') as reason,
    greatest(cast(:through as date) - coalesce((
        select min(e.decided_on) from decision e where e.claim_id = c.claim_id and e.outcome = 'pended'
    ), c.received_date), 0) as days
from waiting w
join claim c using (claim_id)
join billing b using (claim_id)
left join claim original on original.claim_id = c.original_claim_id
order by b.payee_id, c.received_date, c.claim_number
"""
