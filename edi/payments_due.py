"""What a weekly run of payments is made from, as it stands in the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class PaymentsDue:
    """Decided claim versions that were never remitted, the versions they take the place of, and who is paid.

    Money is exact cents, days are datetime64[s], text that is missing is NaN, numbers that are missing are NA.

    claims: claim_id, decision_id, payee_id (missing: the registry knows none), outcome (paid or denied), status_code
        (CLP02, or `void`), charge_cents, paid_cents, patient_responsibility_cents, claim_number,
        patient_control_number, kind (P, I, D), facility_code, frequency_code, filing_indicator (as submitted), plan_id,
        drg_code, drg_weight and discharge_fraction (text), billing_npi, member_known, original_claim_number,
        tracking_number, received_date, service_from, service_through, partner (that the claim came from), waited_days
        (for the provider), interest_cents (said by who decided; missing: ours to reckon), reverses (claim_id of the
        version that was sent and has to be taken back; missing: none).
    lines: claim_id, line_number, procedure_qualifier, procedure_code (that was decided on), submitted_qualifier and
        submitted_code (only where they differ; the modifiers are theirs then), modifier_1 to modifier_4, revenue_code,
        charge_cents, paid_cents, allowed_cents, units (text, as billed), paid_units (text; missing: those billed),
        service_from, service_through, line_control_number.
    adjustments: claim_id, line_number (0: of the whole claim), group_code, reason_code, amount_cents, quantity (text).
    remarks: claim_id, line_number (0: of the whole claim), remark_code.
    names: claim_id, entity_code (QC, IL, 74, 82, TT, PR, GB), entity_type, last_name, first_name, middle_name, suffix,
        id_qualifier, identifier, in the order of the guide.
    references, dates, amounts, quantities: what belongs to claims besides: claim_id, line_number, qualifier, and
        value, day, cents or quantity (text).
    sent_claims: the versions that `claims.reverses` names, as they were sent: claim_id, decision_id, claim_number,
        patient_control_number, charge_cents, paid_cents, interest_cents, pooled_cents, filing_indicator, facility_code,
        frequency_code, drg_code, drg_weight, discharge_fraction, billing_npi, kind, member_known, received_date,
        service_from, service_through.
    sent_lines: as `lines`, as they were sent, with billed_units (only where they differ) beside `units`, which were
        paid for. sent_adjustments, sent_remarks, sent_names, sent_references, sent_dates, sent_amounts and
        sent_quantities: as their likes, as they were sent; without what `sent_claims` and `sent_lines` have columns
        for.
    payees: payee_id, registry_version, name, npi, tin, address, city, state, zip, remittance_partner,
        statement_partner, payment_method, routing_number, account_number.
    balances: payee_id, trace_number, owed_cents (positive): forwarded balances that are open, one a payee at most.
    entries: payee_id, entry_id, reason_code, reference, amount_cents of provider accounts' entries that are due.
    """

    claims: pd.DataFrame
    lines: pd.DataFrame
    adjustments: pd.DataFrame
    remarks: pd.DataFrame
    names: pd.DataFrame
    references: pd.DataFrame
    dates: pd.DataFrame
    amounts: pd.DataFrame
    quantities: pd.DataFrame
    sent_claims: pd.DataFrame
    sent_lines: pd.DataFrame
    sent_adjustments: pd.DataFrame
    sent_remarks: pd.DataFrame
    sent_names: pd.DataFrame
    sent_references: pd.DataFrame
    sent_dates: pd.DataFrame
    sent_amounts: pd.DataFrame
    sent_quantities: pd.DataFrame
    payees: pd.DataFrame
    balances: pd.DataFrame
    entries: pd.DataFrame
