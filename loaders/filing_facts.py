"""What may excuse claims that come late: prior payers' dates, earlier submissions, and when coverage was recorded.

Read for old claims only, those received more days after their first service than the shortest limit of the plan, a set
at a time. Whatever else our records hold of a timely claim, it needs no excuse (domain.md 5.2, 5.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, text

from loaders.frames import read_frame
from loaders.id_lists import id_list
from loaders.staging import analyze, drop_staged, run

if TYPE_CHECKING:
    import pandas as pd

OLD_CLAIMS = """
create temporary table old_claim on commit drop as
select claim_id, kind, is_test, delay_reason, member_id, subscriber_id, patient_birth_date, patient_control_number,
    billing_npi, service_from, received_date, prior_authorization, referral_number,
    strpos('PSTABCDEFGH', payer_responsibility) as rank
from claim
where claim_id = any(:claim_ids) and received_date - service_from > :least_days
"""

EVIDENCE = """
with prior_decision as (
    -- of each payer before us (SBR01), or that does not say: when it decided the claim, else the last of its lines
    select o.claim_id, coalesce(c.decided_on, max(a.paid_on)) as decided_on
    from old_claim o
    join claim_other_coverage c using (claim_id)
    left join claim_line_adjudication a on a.claim_id = c.claim_id and a.other_coverage = c.ordinal
    where coalesce(strpos('PSTABCDEFGH', c.payer_responsibility), 0) < coalesce(nullif(o.rank, 0), 99)
    group by o.claim_id, c.ordinal, c.decided_on
), prior as (
    select claim_id, max(decided_on) as decided_on from prior_decision group by claim_id
), submission as (
    -- the same bill, whatever became of it: accepted, decided, or rejected with a 277CA
    select o.claim_id, e.claim_id as earlier_claim_id, e.received_date
    from old_claim o
    join claim e on e.member_id = o.member_id
        and e.patient_control_number = o.patient_control_number and e.billing_npi = o.billing_npi
        and e.service_from = o.service_from and e.kind = o.kind and e.is_test = o.is_test
    where o.delay_reason is not null and (e.received_date, e.claim_id) < (o.received_date, o.claim_id)
    union all
    -- of a patient whom we did not know then
    select o.claim_id, e.claim_id, e.received_date
    from old_claim o
    join claim e on e.member_id is null and e.patient_control_number = o.patient_control_number
        and upper(trim(e.subscriber_id)) = upper(trim(o.subscriber_id))
        and e.patient_birth_date = o.patient_birth_date and e.billing_npi = o.billing_npi
        and e.service_from = o.service_from and e.kind = o.kind and e.is_test = o.is_test
    where o.delay_reason is not null and (e.received_date, e.claim_id) < (o.received_date, o.claim_id)
), earlier as (
    select distinct on (claim_id) claim_id, earlier_claim_id, received_date
    from submission order by claim_id, received_date, earlier_claim_id
), authorized as (
    -- of the authorizations and referrals that the claim names: the last day on which one was given
    select o.claim_id, max(r.decided_on) as decided_on
    from old_claim o
    join reference_authorization r on r.number in (o.prior_authorization, o.referral_number)
        and upper(trim(r.subscriber_id)) = upper(trim(o.subscriber_id))
        and r.version_id = (select max(version_id) from reference_version where kind = 'authorization')
    where o.delay_reason is not null
    group by o.claim_id
), latest as (
    select distinct on (claim_id) claim_id, earlier_claim_id, received_date
    from submission order by claim_id, received_date desc, earlier_claim_id desc
)
select o.claim_id, o.delay_reason, prior.decided_on as primary_decided_on,
    earlier.earlier_claim_id, earlier.received_date as earlier_received_on,
    latest.earlier_claim_id as latest_claim_id, latest.received_date as latest_received_on,
    authorized.decided_on as authorization_decided_on
from old_claim o
left join prior using (claim_id)
left join earlier using (claim_id)
left join latest using (claim_id)
left join authorized using (claim_id)
order by o.claim_id
"""

RECORDS = """
select s.member_id, s.insurance_line, lower(s.valid) as valid_from, upper(s.valid) - 1 as valid_through,
    cast(s.recorded_at at time zone :time_zone as date) as recorded_on,
    cast(s.superseded_at at time zone :time_zone as date) as superseded_on
from coverage_span s
where s.member_id in (select member_id from old_claim)
order by s.span_id
"""


class FilingFacts(NamedTuple):
    """Frames of `edi.claim_facts.ClaimFacts`."""

    filing: pd.DataFrame
    coverage_records: pd.DataFrame


def read(conn: Connection, claim_ids: Sequence[int], *, least_days: int, time_zone: str) -> FilingFacts:
    """The facts of those of these claims that were received more than so many days after their first service.

    The caller has locked the claims. Days of record are days of the time zone (an IANA name), the plan's own.
    """
    drop_staged(conn, "old_claim")
    run(conn, OLD_CLAIMS, claim_ids=id_list(claim_ids), least_days=least_days)
    analyze(conn, "old_claim")
    return FilingFacts(
        filing=read_frame(conn, text(EVIDENCE)),
        coverage_records=read_frame(conn, text(RECORDS), {"time_zone": time_zone}),
    )
