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
        drg_code, member_known, original_claim_number, tracking_number, received_date, service_from, service_through,
        partner (that the claim came from), waited_days (for the provider), interest_cents (said by who decided;
        missing: ours to reckon), reverses (claim_id of the version that was sent and has to be taken back; missing:
        none).
    lines: claim_id, line_number, procedure_qualifier, procedure_code, modifier_1 to modifier_4, revenue_code,
        charge_cents, paid_cents, allowed_cents, units (text), service_from, service_through, line_control_number.
    adjustments: claim_id, line_number, group_code, reason_code, amount_cents.
    remarks: claim_id, line_number, remark_code.
    sent_claims: the versions that `claims.reverses` names, as they were sent: claim_id, decision_id, claim_number,
        patient_control_number, charge_cents, paid_cents, interest_cents, pooled_cents, filing_indicator, facility_code,
        frequency_code, drg_code, kind, member_known, received_date, service_from, service_through.
    sent_lines, sent_adjustments: as `lines` and `adjustments`, as they were sent.
    names: claim_id, entity_code (QC, IL, 74, 82), entity_type, last_name, first_name, middle_name, suffix,
        id_qualifier, identifier; of `claims` and `sent_claims`, in the order of the guide.
    payees: payee_id, registry_version, name, npi, tin, address, city, state, zip, remittance_partner,
        statement_partner, payment_method, routing_number, account_number.
    balances: payee_id, trace_number, owed_cents (positive): forwarded balances that are open, one a payee at most.
    entries: payee_id, entry_id, reason_code, reference, amount_cents of provider accounts' entries that are due.
    """

    claims: pd.DataFrame
    lines: pd.DataFrame
    adjustments: pd.DataFrame
    remarks: pd.DataFrame
    sent_claims: pd.DataFrame
    sent_lines: pd.DataFrame
    sent_adjustments: pd.DataFrame
    names: pd.DataFrame
    payees: pd.DataFrame
    balances: pd.DataFrame
    entries: pd.DataFrame
