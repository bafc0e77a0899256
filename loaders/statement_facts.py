"""What a statement tells beside payments and waiting claims: claims that the front returned, and balances left open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, text

from loaders import payments_due_queries as queries

RETURNED = """
with returned as (
    select c.claim_id, c.billing_npi, regexp_replace(c.billing_tin, '[^0-9]', '', 'g') as tin, c.service_from
    from claim c
    where c.state = 'rejected' and c.received_date between :week_from and :week_through
        and (not c.is_test or :accept_test)
), billing as (
    select distinct on (c.claim_id) c.claim_id, p.payee_id
    from returned c
    join provider p on p.npi = c.billing_npi and p.tin = c.tin
        and p.registry_version = (select max(registry_version) from provider_registry)
    order by c.claim_id,
        coalesce(c.service_from between p.contract_from and coalesce(p.contract_through, 'infinity'), false) desc,
        p.contract_from desc, p.payee_id
)
select b.payee_id, c.patient_control_number, c.patient_last_name as last_name, c.patient_first_name as first_name,
    c.subscriber_id as identifier, c.received_date, c.service_from, c.service_through, c.charge_cents,
    c.frequency_code, c.tracking_number, found.edits, found.statuses
from billing b
join claim c using (claim_id)
left join lateral (
    select array_agg(e.edit order by e.ordinal) as edits, array_agg(e.statuses order by e.ordinal) as statuses
    from claim_edit e where e.claim_id = c.claim_id and e.severity = 'reject'
) found on true
order by b.payee_id, c.received_date, c.claim_id
"""


def read_returned(
    conn: Connection, week_from: date, week_through: date, *, accept_test: bool = False
) -> Sequence[RowMapping]:
    """The claims of known payees that were received in a week and returned by a 277CA.

    `edits` are the ids of the edits that returned them, `statuses` what the 277CA says, edit by edit; both are null
    where nothing but the claim's place in a refused set is known.
    """
    parameters = {"week_from": week_from, "week_through": week_through, "accept_test": accept_test}
    return conn.execute(text(RETURNED), parameters).mappings().all()


def read_open_balances(conn: Connection) -> Sequence[RowMapping]:
    """Forwarded balances that no remittance has taken yet: payee_id, trace_number, owed_cents; one a payee at most."""
    return conn.execute(text(queries.BALANCES)).mappings().all()
