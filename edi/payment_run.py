"""What a weekly run of payments sends, as tables: one 835, its claims and their lines are rows of these.

Rows that belong to a payment or a claim name it by its place: row 0 of `claims` is claim 0. Money is exact cents,
negative where it is taken back. Text is as submitted or as we know it; what an 835 cannot hold of it its writer cuts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

PAYMENT, REVERSAL = "payment", "reversal"
"""Entries: a claim version as it was decided, and the taking back of one that was sent."""
REVERSED = "22"
"""CLP02 of a reversal."""
MEMBER_UNKNOWN = "4"
"""CLP02 of a denial; legal only where the patient is not a member we know (RFI 1423)."""
VOID = "void"
"""Status of an accepted void: it has no claim loop, the reversal of its original says everything."""
ACH, CHECK, NO_PAYMENT = "ACH", "CHK", "NON"
"""BPR04; the last where nothing is paid."""
MOST_BY_ACH = 9_999_999_999
"""Cents: ten digits are what an entry of a NACHA file has room for. Payments above go by check."""
INTEREST = "I"
"""AMT01 of interest on a claim."""
WHOLE_CLAIM = 0
"""Line number of what belongs to the claim and to none of its lines."""


@dataclass(frozen=True, slots=True)
class PaymentRun:
    """All payments of one run.

    payments: payee_id, registry_version, name, npi, tin, address, city, state, zip, remittance_partner,
        statement_partner, payment_method (ACH, CHK or NON), routing_number, account_number, trace_number (TRN02),
        payment_cents (BPR02), production_date, payment_date.
    claims, in the order in which they are sent: payment, entry, outcome (paid, denied, reversed, void), claim_id,
        decision_id, claim_number (CLP07), patient_control_number (CLP01), status_code (CLP02 or `void`),
        charge_cents, paid_cents, patient_responsibility_cents (null on a reversal), filing_indicator (CLP06),
        facility_code, frequency_code, drg_code, drg_weight and discharge_fraction (text), is_inpatient, member_known,
        original_claim_number, level (number of the LX loop within the payment, from 1), interest_cents (AMT*I),
        pooled_cents (interest that is too little to be sent and owed to a pool; negative where it is taken out again),
        interest_rule and days_late (null where the interest is not by a rule of ours); and for the EOP kind,
        received_date, service_from, service_through, tracking_number.
    services, by claim and line: claim, line_number, procedure_qualifier, procedure_code, modifier_1 to modifier_4,
        charge_cents, paid_cents, revenue_code, paid_units, billed_units (text; billed only where it differs),
        submitted_qualifier, submitted_code (SVC06, only where it differs; the modifiers are its own then),
        service_from, service_through, and for the EOP line_control_number and allowed_cents.
    adjustments, by claim, line, group and reason: claim, line_number (0: of the whole claim), group_code, reason_code,
        amount_cents, quantity (text, may be null).
    remarks: claim, line_number, remark_code; those of the whole claim go into MIA or MOA.
    names, in the order of the guide: claim, entity_code, entity_type, last_name, first_name, middle_name, suffix,
        id_qualifier, identifier.
    references, dates, amounts, quantities, in the order of the guide: claim, line_number, qualifier, and value, day,
        cents or quantity (text).
    levels: the LX loops that sum a provider's institutional claims, by payment and level: TS3 (provider_number,
        facility_code, period_end, claims, charge_cents) and, of Medicare's stays alone, TS2 (discharges, covered_days
        and average_weight as text; null where there is none).
    provider_adjustments: payment, reason_code, reference, amount_cents (positive takes money away: domain.md 9.5).
    """

    payments: pa.Table
    claims: pa.Table
    services: pa.Table
    adjustments: pa.Table
    remarks: pa.Table
    names: pa.Table
    references: pa.Table
    dates: pa.Table
    amounts: pa.Table
    quantities: pa.Table
    levels: pa.Table
    provider_adjustments: pa.Table
