"""What the rules need to know of claims: which are to be decided, and their facts as frames."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, text

from edi.claim_facts import ClaimFacts
from loaders import (
    accumulators,
    claim_actions,
    claim_duplicates,
    dependants,
    earlier_services,
    filing_facts,
    other_payers,
    providers,
    reference_data,
)
from loaders.claim_locks import lock_claims
from loaders.claim_members import match_again
from loaders.coverage_reads import spans_of_claims
from loaders.frames import read_frame
from loaders.id_lists import id_list
from loaders.staging import drop_staged
from loaders.stays import BASE_IS_PAID, read_stays

CLAIMS_TO_DECIDE = f"""
select c.claim_id
from claim c
join file f using (file_id)
where (not c.is_test or :accept_test)
    -- whoever was enrolled by a file that arrived before the claim must be known first
    and f.arrived_at < coalesce((
        select min(e.arrived_at) from file e
        where e.kind = '834' and e.state in ('received', 'translated', 'checked')
    ), 'infinity')
    and (c.state = 'accepted' or c.state = 'pended' and (
        -- most wait for a person, and need not be looked at
        c.frequency_code in ('5', '7', '8') or c.member_id in (select member_id from cobra_premium)
        or c.member_id in (select member_id from claim where frequency_code = '8' and original_claim_id is not null)
        or exists (select from reference_version where kind = 'attachment_rule')
    ) and case (
        select d.pend_reason from decision d where d.claim_id = c.claim_id order by d.sequence desc limit 1
    )
        when 'ORIGINAL_NOT_REMITTED' then exists (
            -- which is there now
            select from remittance_claim r
            where r.claim_id = c.original_claim_id and r.entry = 'payment'
        ) or c.received_date < cast(:overdue as date)
        when 'COBRA_UNPAID' then not exists (
            -- paid by now, or over
            select from cobra_premium p
            join coverage_span s on s.member_id = p.member_id and s.is_cobra and s.superseded_at is null
                and lower(s.valid) <= c.service_through and c.service_from < coalesce(upper(s.valid), 'infinity')
            where p.member_id = c.member_id and p.state = 'elected' and p.superseded_at is null
        )
        when 'LATE_CHARGE_STANDS' then not exists (
            -- they were taken back, by a replacement or a void
            select from decision d
            cross join lateral jsonb_array_elements(d.explanation) told
            join claim l on l.claim_id = cast(told ->> 'late_charge_claim_id' as bigint)
            where d.claim_id = c.claim_id and l.version_state = 'active' and l.state = 'paid'
        )
        when 'VOID_NOT_DECIDED' then not exists (
            -- the claim that it equals is voided now, or stands
            select from decision d
            cross join lateral jsonb_array_elements(d.explanation) told
            join claim v on v.claim_id = cast(told ->> 'void_claim_id' as bigint)
            where d.claim_id = c.claim_id and v.state = 'pended'
        )
        when 'BASE_BILL_NOT_PAID' then {BASE_IS_PAID}
        when 'ATTACHMENT_AWAITED' then exists (
            -- some of it came
            select from claim_attachment a join reference_attachment r using (control_number)
            where a.claim_id = c.claim_id
                and r.version_id = (select max(version_id) from reference_version where kind = 'attachment')
        ) or c.received_date < cast(:attachments_overdue as date)
        else false
    end)
order by c.received_date, c.claim_number
limit :limit
"""  # noqa: S608 - our own conditions

FINGERPRINTS = """
create temporary table claim_fingerprint on commit drop as
with wanted as (
    -- nothing else is ever compared
    select claim_id from claim where claim_id = any(:claim_ids) and original_claim_id is not null
    union
    select original_claim_id from claim where claim_id = any(:claim_ids) and original_claim_id is not null
), line as (
    select claim_id, jsonb_agg(content order by content) as content from (
        select l.claim_id, jsonb_build_array(procedure_qualifier, procedure_code, modifier_1, modifier_2, modifier_3,
            modifier_4, revenue_code, charge_cents, unit, trim_scale(quantity), place_of_service, service_from,
            service_through, rendering_npi, oral_cavity_areas, teeth, prosthesis_code) as content
        from claim_line l join wanted using (claim_id)
    ) each group by claim_id
), diagnosis as (
    select claim_id, jsonb_agg(content order by content) as content from (
        select d.claim_id, jsonb_build_array(qualifier, code, present_on_admission) as content
        from claim_diagnosis d join wanted using (claim_id)
    ) each group by claim_id
), provider as (
    select claim_id, jsonb_agg(content order by content) as content from (
        select p.claim_id, jsonb_build_array(loop, entity_code, identifier) as content
        from claim_party p join wanted using (claim_id)
        where loop like '2310%' or loop like '2420%'
    ) each group by claim_id
)
select c.claim_id, md5(cast(jsonb_build_array(c.kind, c.submission_reason, c.charge_cents, c.facility_code,
    c.payer_responsibility, c.billing_npi, regexp_replace(c.billing_tin, '[^0-9A-Za-z]', '', 'g'), c.rendering_npi,
    c.service_from, c.service_through, c.admission_date, c.patient_status, c.discharge_occurrence_date,
    line.content, diagnosis.content, provider.content) as text)) as fingerprint
from wanted
join claim c using (claim_id)
left join line using (claim_id)
left join diagnosis using (claim_id)
left join provider using (claim_id)
"""

CLAIMS = """
select c.claim_id, c.claim_number, c.family_id, c.version, c.version_state, c.kind, c.facility_code, c.frequency_code,
    c.received_date, c.service_from, c.service_through, c.admission_date, c.patient_status,
    c.discharge_occurrence_date, c.charge_cents, c.member_id, c.subscriber_id, c.billing_npi, c.billing_tin,
    c.payer_id, c.is_test,
    coalesce(c.submission_reason = 'PB', false) as predetermination, h.kind as set_kind, c.correction_problem,
    c.original_claim_id,
    root.frequency_code as family_frequency_code,
    -- what a decided correction did to its original is nothing that it is judged by when it is decided again
    o.state as original_state, case when c.state in ('paid', 'denied') and c.version_state <> 'refused' then 'active'
        else o.version_state end as original_version_state,
    remitted.first_on as original_first_remitted_on, late.late_through as original_late_through,
    late.late_end as original_late_end, late.reduced_through as original_reduced_through,
    late.reduced_end as original_reduced_end, f.fingerprint, original.fingerprint as original_fingerprint,
    exists (
        select from claim_dispute d where d.claim_id = c.claim_id and d.sign <> 'unchanged'
    ) as speaks_of_appeal
from claim c
left join claim_set h on h.set_key = c.set_key
left join claim o on o.claim_id = c.original_claim_id
left join lateral (
    -- what a chain of replacements began with
    select r.frequency_code from claim r where r.family_id = c.family_id order by r.version limit 1
) root on c.frequency_code = '7' and c.kind = 'I'
left join claim_fingerprint f on f.claim_id = c.claim_id
left join claim_fingerprint original on original.claim_id = c.original_claim_id
left join lateral (
    select min(r.production_date) as first_on
    from remittance_claim e join remittance r using (remittance_id)
    where e.claim_id = c.original_claim_id and e.entry = 'payment'
) remitted on true
left join lateral (
    -- among the lines of the original that its decision in force denied as late, or paid less for it: the latest
    -- first day, and of a range that was late in part the last late day
    select max(coalesce(told.late_through, l.service_from, o.service_from)) filter (where a.reason_code = '29')
            as late_through,
        max(coalesce(l.service_from, o.service_from)) filter (where a.reason_code = 'B4') as reduced_through,
        -- and, for limits that count from the end of a range, the latest last days
        max(coalesce(l.service_through, l.service_from, o.service_through)) filter (where a.reason_code = '29')
            as late_end,
        max(coalesce(l.service_through, l.service_from, o.service_through)) filter (where a.reason_code = 'B4')
            as reduced_end
    from decision d
    join adjustment a on a.decision_id = d.decision_id and a.group_code = 'CO' and a.reason_code in ('29', 'B4')
    left join claim_line l on l.claim_id = d.claim_id and l.line_number = a.line_number
    left join lateral (
        select max(cast(entry ->> 'late_through' as date)) as late_through
        from jsonb_array_elements(d.explanation) entry
        where cast(entry ->> 'line' as integer) = a.line_number
    ) told on true
    where d.claim_id = c.original_claim_id
        and d.sequence = (select max(sequence) from decision where claim_id = c.original_claim_id)
) late on true
where c.claim_id = any(:claim_ids)
order by c.received_date, c.claim_number
"""

LINES = """
select claim_id, line_number, procedure_code, modifier_1, modifier_2, modifier_3, modifier_4, revenue_code,
    charge_cents, unit, quantity, place_of_service, service_from, service_through
from claim_line
where claim_id = any(:claim_ids)
order by claim_id, line_number
"""

PROVIDERS = """
select npi, tin, contract_from, contract_through, payee_id, network, fee_schedule
from provider
where registry_version = :registry_version
    and npi in (select billing_npi from claim where claim_id = any(:claim_ids))
order by npi, tin, contract_from
"""

IN_STATES = """
select claim_id from claim where claim_id = any(:claim_ids) and state = any(:states)
order by received_date, claim_number
"""
UNDECIDED, DECIDED = ["accepted", "pended"], ["paid", "denied"]

DEALT = """
select c.claim_id, cast(
    (hashtext(upper(trim(coalesce(m.subscriber_number, c.subscriber_id, '')))) & 2147483647) % :hands as integer
) as hand
from claim c left join member m using (member_id)
where c.claim_id = any(:claim_ids)
"""

# A version that is loaded while claims are decided would stand before their decisions in the journal.
HOLD_VERSIONS = "select pg_advisory_xact_lock_shared(:registry), pg_advisory_xact_lock_shared(:reference)"
NEWEST_REGISTRY = "select max(registry_version) from provider_registry"


def claims_to_decide(
    conn: Connection,
    limit: int,
    *,
    accept_test: bool = False,
    overdue: date | None = None,
    attachments_overdue: date | None = None,
) -> list[int]:
    """Claims that wait for a decision, in the order in which they are to be decided.

    Those not decided yet, corrections that pended until their original was remitted, or that were received before the
    day `overdue` and have waited long enough, claims that pended until the premium of continued coverage was paid, late
    charges that pended until the bill that they add to was, and it until they were taken back, what equals a bill whose
    void waited, and those that pended until their paperwork came, or that were received before the day
    `attachments_overdue`.
    Claims of a file that did not arrive before every unfinished 834 wait for that. Test claims only with `accept_test`.
    """
    parameters = {
        "limit": limit,
        "accept_test": accept_test,
        "overdue": overdue,
        "attachments_overdue": attachments_overdue,
    }
    return list(conn.execute(text(CLAIMS_TO_DECIDE), parameters).scalars())


def deal_by_family(conn: Connection, claim_ids: Sequence[int], hands: int) -> list[list[int]]:
    """Claims dealt into so many hands, all of a subscriber's family into one, each hand in the order given."""
    rows = conn.execute(text(DEALT), {"claim_ids": id_list(claim_ids), "hands": hands})
    hand_of = {row.claim_id: row.hand for row in rows}
    return [[claim_id for claim_id in claim_ids if hand_of[claim_id] == hand] for hand in range(hands)]


def read_facts(
    conn: Connection,
    claim_ids: Sequence[int],
    as_of: date | None = None,
    *,
    least_filing_days: int = 0,
    time_zone: str = "UTC",
    again: bool = False,
) -> ClaimFacts:
    """The facts on which these claims are decided, on the day `as_of`; or decided `again`.

    They are locked first (`lock`). What may excuse late filing is read of claims received more than
    `least_filing_days` after their first service; its days are days of the time zone.
    """
    locked = lock(conn, claim_ids, again=again)
    return read_locked(conn, locked, as_of, least_filing_days=least_filing_days, time_zone=time_zone, again=again)


def lock(conn: Connection, claim_ids: Sequence[int], *, again: bool = False) -> Sequence[int]:
    """Lock claims that are to be decided, or decided `again`; which of them are, in their order.

    The claims, their originals, the families of corrections and the accumulators of the members are locked, so nobody
    decides them until the transaction ends; those that somebody decided meanwhile are left out, for what they used is
    counted already. Claims whose member was not known when they were loaded are matched once more.
    """
    claim_ids = id_list(claim_ids)
    conn.execute(text(HOLD_VERSIONS), {"registry": providers.LOCK, "reference": reference_data.LOCK})
    lock_claims(conn, claim_ids)
    states = DECIDED if again else UNDECIDED
    claim_ids = id_list(conn.execute(text(IN_STATES), {"claim_ids": claim_ids, "states": states}).scalars())
    match_again(conn, claim_ids)
    accumulators.lock(conn, claim_ids)
    return claim_ids


def read_locked(
    conn: Connection,
    claim_ids: Sequence[int],
    as_of: date | None = None,
    *,
    least_filing_days: int = 0,
    time_zone: str = "UTC",
    again: bool = False,
) -> ClaimFacts:
    """What `read_facts` reads, of claims that are locked."""
    claim_ids = id_list(claim_ids)
    filed = filing_facts.read(conn, claim_ids, least_days=least_filing_days, time_zone=time_zone)
    used = accumulators.read(conn, claim_ids, again=again)
    alike = claim_duplicates.find(conn, claim_ids)
    wanted = {"claim_ids": claim_ids}
    drop_staged(conn, "claim_fingerprint")
    conn.execute(text(FINGERPRINTS), wanted)
    registry_version = conn.execute(text(NEWEST_REGISTRY)).scalar_one()
    uncovered = dependants.read(conn, claim_ids)
    reference = reference_data.read(conn, claim_ids)
    return ClaimFacts(
        claims=read_frame(conn, text(CLAIMS), wanted),
        lines=read_frame(conn, text(LINES), wanted),
        spans=spans_of_claims(conn, claim_ids, uncovered["subscriber_member_id"].tolist()),
        providers=read_frame(conn, text(PROVIDERS), {**wanted, "registry_version": registry_version}),
        families=used.families,
        accumulators=used.amounts,
        taken_back=used.taken_back,
        decided_before=again,
        stays=read_stays(conn, claim_ids),
        like_lines=alike.lines,
        like_bills=alike.bills,
        as_of=as_of,
        operator_actions=claim_actions.read(conn, claim_ids),
        other_payers=other_payers.read(conn, claim_ids),
        reference=reference,
        dependants=uncovered,
        earlier_services=None if reference is None else earlier_services.read(conn, claim_ids, reference.versions),
        filing=filed.filing,
        coverage_records=filed.coverage_records,
        registry_version=registry_version,
    )
