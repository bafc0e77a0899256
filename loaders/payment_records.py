"""Read a run, or one remittance of it, as it was stored: the frames that `edi.payment_run.PaymentRun` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from loaders.frames import read_frame

if TYPE_CHECKING:
    import pandas as pd

PAID = """
with paid as (
    select r.*, row_number() over (order by r.remittance_id) - 1 as payment
    from remittance r
    where case when :trace_number = '' then r.remittance_run_id = :run else r.trace_number = :trace_number end
), sent as (
    select c.*, p.payment, row_number() over (order by p.payment, c.ordinal) - 1 as claim,
        -- a reversal stands directly before what takes the place of its claim
        case when lag(c.entry) over of_payment = 'reversal' then lag(c.claim_id) over of_payment end as takes_back
    from paid p join remittance_claim c using (remittance_id)
    window of_payment as (partition by p.payment order by c.ordinal)
)
"""

PAYMENTS = f"""{PAID}
select p.payee_id, p.registry_version, y.name, y.npi, y.tin, y.address, y.city, y.state, y.zip, y.remittance_partner,
    y.statement_partner, p.payment_method, y.routing_number, y.account_number, p.trace_number, p.payment_cents,
    p.production_date, p.payment_date
from paid p
left join payee y on y.registry_version = p.registry_version and y.payee_id = p.payee_id
order by p.payment
"""  # noqa: S608 - our own text, as below

CLAIMS = f"""{PAID}
select s.payment, s.entry, s.claim_id, s.decision_id, s.claim_number, s.patient_control_number,
    case when s.entry = 'reversal' then 'reversed' when s.claim_status_code = 'void' then 'void' else d.outcome end
        as outcome,
    s.claim_status_code as status_code, s.charge_cents, s.paid_cents, s.patient_responsibility_cents,
    s.interest_cents, s.pooled_cents, s.interest_rule, cast(s.days_late as bigint) as days_late, s.filing_indicator,
    s.facility_code, s.frequency_code, s.drg_code, cast(trim_scale(s.drg_weight) as text) as drg_weight,
    cast(trim_scale(s.discharge_fraction) as text) as discharge_fraction, c.member_id is not null as member_known,
    original.claim_number as original_claim_number, cast(1 as bigint) as level, c.kind, c.received_date, c.service_from,
    c.service_through, c.tracking_number
from sent s
join claim c on c.claim_id = s.claim_id
join decision d on d.decision_id = s.decision_id
left join claim original on s.entry = 'payment'
    and original.claim_id = coalesce(nullif(s.takes_back, s.claim_id), c.original_claim_id)
order by s.claim
"""  # noqa: S608

SERVICES = f"""{PAID}
select s.claim, l.line_number, l.procedure_qualifier, l.procedure_code, l.charge_cents, l.paid_cents, l.revenue_code,
    nullif(split_part(l.modifiers, ':', 1), '') as modifier_1,
    nullif(split_part(l.modifiers, ':', 2), '') as modifier_2,
    nullif(split_part(l.modifiers, ':', 3), '') as modifier_3,
    nullif(split_part(l.modifiers, ':', 4), '') as modifier_4,
    cast(trim_scale(l.units) as text) as paid_units, cast(trim_scale(l.billed_units) as text) as billed_units,
    l.submitted_qualifier, l.submitted_code, l.service_from, l.service_through, l.line_control_number, l.allowed_cents
from sent s join remittance_service l using (remittance_claim_id)
order by s.claim, l.line_number
"""  # noqa: S608

ADJUSTMENTS = f"""{PAID}
select s.claim, a.line_number, a.group_code, a.reason_code, a.amount_cents,
    cast(trim_scale(a.quantity) as text) as quantity
from sent s join remittance_adjustment a using (remittance_claim_id)
order by s.claim, a.line_number, a.group_code, a.reason_code
"""  # noqa: S608

REMARKS = f"""{PAID}, coded as (
    select claim, 0 as line_number, remark_codes from sent
    union all
    select s.claim, l.line_number, l.remark_codes from sent s join remittance_service l using (remittance_claim_id)
)
select o.claim, o.line_number, code.remark_code
from coded o cross join lateral string_to_table(o.remark_codes, ' ') with ordinality code (remark_code, place)
where code.remark_code <> ''
order by o.claim, o.line_number, code.place
"""  # noqa: S608

NAMES = f"""{PAID}
select s.claim, n.entity_code, n.entity_type, n.last_name, n.first_name, n.middle_name, n.suffix, n.id_qualifier,
    n.identifier
from sent s join remittance_name n using (remittance_claim_id)
order by s.claim, n.ordinal
"""  # noqa: S608

DETAILS = f"""{PAID}, said as (
    select s.claim, d.ordinal, d.line_number, d.segment, d.qualifier, d.value, d.day, d.amount_cents as cents,
        cast(trim_scale(d.quantity) as text) as quantity
    from sent s join remittance_detail d using (remittance_claim_id)
    union all
    select claim, 0, 0, 'AMT', 'I', null, null, interest_cents, null from sent where interest_cents <> 0
)
select * from said order by claim, line_number, ordinal
"""  # noqa: S608

PROVIDER_ADJUSTMENTS = f"""{PAID}
select p.payment, a.reason_code, a.reference, a.amount_cents
from paid p join remittance_provider_adjustment a using (remittance_id)
order by p.payment, a.ordinal
"""  # noqa: S608

SEGMENTS = {"REF": "references", "DTM": "dates", "AMT": "amounts", "QTY": "quantities"}


def read_run(conn: Connection, run_id: int) -> dict[str, pd.DataFrame]:
    """All that is stored of a run. Sums of institutional claims (TS3, TS2) are not: they are made from the rest."""
    return _read(conn, run_id, "")


def read_remittance(conn: Connection, trace_number: str) -> dict[str, pd.DataFrame]:
    """One remittance, ours or that of an earlier system, by its TRN02; no rows where there is none."""
    return _read(conn, 0, trace_number)


def _read(conn: Connection, run_id: int, trace_number: str) -> dict[str, pd.DataFrame]:
    import pandas as pd  # noqa: PLC0415 - half a second that commands without frames need not pay

    def read(query: str) -> pd.DataFrame:
        return read_frame(conn, text(query), {"run": run_id, "trace_number": trace_number})

    details = read(DETAILS)
    return {
        "payments": read(PAYMENTS),
        "claims": read(CLAIMS),
        "services": read(SERVICES),
        "adjustments": read(ADJUSTMENTS),
        "remarks": read(REMARKS),
        "names": read(NAMES),
        **{name: details[details["segment"] == segment] for segment, name in SEGMENTS.items()},
        "levels": pd.DataFrame(),
        "provider_adjustments": read(PROVIDER_ADJUSTMENTS),
    }
