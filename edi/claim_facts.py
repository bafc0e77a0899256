"""What the warehouse knows of some claims when they are decided: read by `loaders`, judged by `rules`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from edi.reference_data import ReferenceFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPayers:
    """Where we stand among the payers of claims, and what the others said."""

    positions: pd.DataFrame
    """claim_id, payer_responsibility (SBR01: P primary, S secondary, T tertiary ...)."""
    payers: pd.DataFrame
    """Other payers of a claim (2320): claim_id, payer (their ordinal), payer_responsibility, paid_cents (AMT*D),
    patient_liability_cents (AMT*EAF)."""
    line_results: pd.DataFrame
    """What they decided on lines (2430): claim_id, payer, line_number, paid_cents (SVD02), patient_liability_cents."""
    adjustments: pd.DataFrame
    """Their adjustments (CAS), added up: claim_id, payer, line_number (missing: of the claim), group_code,
    amount_cents."""
    first_elsewhere: pd.DataFrame
    """Members whom enrolment knows to be insured elsewhere first: member_id, first_day, last_day (NaT = open)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorActions:
    """What people said of claims that waited."""

    releases: pd.DataFrame
    """claim_id, pend_reason: reasons that were set aside."""
    prices: pd.DataFrame
    """claim_id, line_number, allowed_cents: amounts allowed in place of those of the fee schedule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """Facts of some claims, in the types of `loaders.frames`."""

    claims: pd.DataFrame
    """One row a claim, with what is known of the original it corrects; in order of receipt and claim number. Of an
    institutional replacement `family_frequency_code` is the frequency of the first version of its claim."""
    lines: pd.DataFrame
    """Their service lines."""
    spans: pd.DataFrame
    """Coverage of the claims' members, and of the subscribers of `dependants`, as it is believed now; days inclusive,
    NaT = open."""
    providers: pd.DataFrame
    """Contracts of the claims' billing providers, of the newest registry."""
    families: pd.DataFrame | None = None
    """member_id and family_key of the claims' members; None: each is a family of his own."""
    accumulators: pd.DataFrame | None = None
    """What these members and families have used of their benefits: holder (member, family), holder_id, plan_id,
    counter, period_from, amount; None: nothing."""
    taken_back: pd.DataFrame | None = None
    """What the originals of corrections had used, with the same columns and claim_id, that of the correction."""
    decided_before: bool = False
    """Are the claims decided again? Then `taken_back` is what they themselves had used."""
    stays: pd.DataFrame | None = None
    """Of institutional bills: claim_id, previous_claim_id and previous_through (of an interim bill the last one of the
    stay before), earlier_charge_cents (of a last bill, or what may replace one: those of the stay's interim bills that
    were denied), stay_allowed_cents and stay_paid_claim_id (what was allowed to other bills of the stay that stand, and
    the last of them), stay_paid_by_case (was any of them, or the base, paid for the whole case?), base_claim_id,
    base_state and base_drg_code (what late charges add to), late_charge_claim_id (of a void, or of a replacement of
    other days: late charges that would stand paid without the bill)."""
    like_lines: pd.DataFrame | None = None
    """Pairs of professional or dental lines of one member, TIN, code and days, the other being the earlier: claim_id,
    line_number, other_claim_id, other_line_number, other_state, other_void_id (of the other: a void that waits and
    will go on by itself), same_account, same_charge, same_rendering, same_rest (place, units, teeth), modifiers and
    other_modifiers (sorted, with blanks between)."""
    like_bills: pd.DataFrame | None = None
    """Pairs of institutional bills of one member, the other being the earlier: claim_id, other_claim_id, other_state,
    other_void_id, other_frequency_code (of a replacement that of the first version), other_bill_type (two digits),
    other_from, other_through, same_account, same_bill (NPI and type), same_days, same_charge, same_lines, shared_lines
    (of the same NPI: is a charged line on both?)."""
    as_of: date | None = None
    """Day on which they are decided, in the plan's time zone; None: that of their receipt."""
    operator_actions: OperatorActions | None = None
    """None: nobody said anything."""
    other_payers: OtherPayers | None = None
    """None: there are no others, and we are the first."""
    reference: ReferenceFacts | None = None
    """Tables that the plan loaded; None: none."""
    filing: pd.DataFrame | None = None
    """What may excuse old claims, one row each: claim_id, delay_reason (CLM20), primary_decided_on (DTP*573 of the
    payers before us), earlier_claim_id and earlier_received_on of the first submission of the same bill,
    latest_claim_id and latest_received_on of the last one before this; None: nothing was read."""
    coverage_records: pd.DataFrame | None = None
    """Coverage of the members of old claims in valid and recorded time, superseded spans too: member_id,
    insurance_line, valid_from, valid_through (inclusive, NaT = open), recorded_on, superseded_on (NaT = in force)."""
    dependants: pd.DataFrame | None = None
    """Patients who are no subscribers and have no coverage of their own, with the subscriber whose number they have:
    claim_id, is_on_file, born_on, subscriber_member_id; None: there are none."""
    earlier_services: pd.DataFrame | None = None
    """What was paid on earlier claims of the member by the same TIN, on a day of the claim: claim_id, service_day,
    other_claim_id, other_line_number, procedure_code, units_thousandths, modifiers (with blanks between), bill_type
    (two digits, of a hospital's); None: nothing was read."""
    registry_version: int | None = None
    """Of the providers; None when no registry was ever loaded."""
