"""Why a claim waits: every reason that a rule may give, with its meaning for people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NO_LINES = "NO_LINES"
CHARGES_DISAGREE = "CHARGES_DISAGREE"
IMPLAUSIBLE_CHARGE = "IMPLAUSIBLE_CHARGE"
FREQUENCY_NOT_SUPPORTED = "FREQUENCY_NOT_SUPPORTED"
BASE_BILL_NOT_PAID = "BASE_BILL_NOT_PAID"
DUPLICATE_SUSPECTED = "DUPLICATE_SUSPECTED"
DUPLICATE_WITHIN_CLAIM = "DUPLICATE_WITHIN_CLAIM"
ORIGINAL_NOT_REMITTED = "ORIGINAL_NOT_REMITTED"
NO_SERVICE_CODE = "NO_SERVICE_CODE"
NO_SERVICE_DATE = "NO_SERVICE_DATE"
SERVICE_AFTER_RECEIPT = "SERVICE_AFTER_RECEIPT"
NO_FILING_RULE = "NO_FILING_RULE"
FILING_EVIDENCE = "FILING_EVIDENCE"
NO_PLAN = "NO_PLAN"
NO_PRICE = "NO_PRICE"
PREDETERMINATION = "PREDETERMINATION"
ENCOUNTER = "ENCOUNTER"
SUBROGATION = "SUBROGATION"
DECISION_BREAKS_LAW = "DECISION_BREAKS_LAW"
COBRA_UNPAID = "COBRA_UNPAID"
ATTACHMENT_AWAITED = "ATTACHMENT_AWAITED"
PART_PAID_EARLIER = "PART_PAID_EARLIER"
STAY_BEYOND_BILL = "STAY_BEYOND_BILL"
LATE_CHARGE_OF_STAY = "LATE_CHARGE_OF_STAY"
LATE_CHARGE_STANDS = "LATE_CHARGE_STANDS"
STAY_PAID_EARLIER = "STAY_PAID_EARLIER"
VOID_NOT_DECIDED = "VOID_NOT_DECIDED"

WAITS_FOR_PROVIDER = frozenset(
    {
        NO_LINES,
        CHARGES_DISAGREE,
        IMPLAUSIBLE_CHARGE,
        NO_SERVICE_CODE,
        NO_SERVICE_DATE,
        SERVICE_AFTER_RECEIPT,
        FILING_EVIDENCE,
        ATTACHMENT_AWAITED,
        ENCOUNTER,
        LATE_CHARGE_STANDS,
    }
)
"""What is missing only the provider can bring: such a claim is not clean, and the clock of prompt payment stands still
as long as it waits (domain.md 9.7). All other reasons are doubts or gaps of the plan's own, during which it runs."""

PEND_REASONS: Mapping[str, str] = MappingProxyType(
    {
        NO_LINES: "The claim has no service line.",
        CHARGES_DISAGREE: "The charges of the lines do not add up to the charge of the claim.",
        IMPLAUSIBLE_CHARGE: "A charge is negative or too large to be meant.",
        FREQUENCY_NOT_SUPPORTED: "Claims of this frequency code are decided by a person.",
        BASE_BILL_NOT_PAID: "The bill to which late charges (5) add is not paid.",
        DUPLICATE_SUSPECTED: "The claim resembles another one in all but one respect.",
        DUPLICATE_WITHIN_CLAIM: "Two lines of the claim are alike in everything.",
        ORIGINAL_NOT_REMITTED: "The claim to be corrected has not been remitted yet; this one follows it.",
        NO_SERVICE_CODE: "A line names neither a procedure nor a revenue code.",
        NO_SERVICE_DATE: "A line has no date of service, nor has its claim.",
        SERVICE_AFTER_RECEIPT: "A date of service lies after the day on which the claim was received.",
        NO_FILING_RULE: "No filing rule of the configuration covers the plan, kind of claim and date of service.",
        FILING_EVIDENCE: "The claim is late and gives a delay reason (CLM20) whose evidence a person must weigh.",
        NO_PLAN: "The configuration knows no benefits of the member's plan on the date of service.",
        NO_PRICE: "The fee schedule has no price for a service.",
        DECISION_BREAKS_LAW: "Its decision would break a law of the 835; the rules or the reference data are at fault.",
        COBRA_UNPAID: "Continued coverage (COBRA) was elected, and its premium is not reported paid yet.",
        ATTACHMENT_AWAITED: "Paperwork that a service needs was announced (PWK) and has not come yet.",
        PART_PAID_EARLIER: "A service that is part of one billed now was paid on an earlier claim.",
        STAY_BEYOND_BILL: "A stay that is paid with its last bill is worth more than the charges of that bill.",
        LATE_CHARGE_OF_STAY: "Late charges (5) add to a bill that was paid by the day or case, which may hold them.",
        LATE_CHARGE_STANDS: "Late charges (5) to a bill that is voided, or now of other days, are paid, and stand.",
        STAY_PAID_EARLIER: "Other bills of the stay were paid, and a case, or its days, are paid once.",
        VOID_NOT_DECIDED: "The claim equals one whose void (8) waits; it goes on when that is decided.",
        ENCOUNTER: "The sender reports what was done and asks for no payment (BHT06 = RP).",
        SUBROGATION: "Another payer asks back what it paid (BHT06 = 31); a person answers it.",
        PREDETERMINATION: "An estimate is asked for, not payment; a person answers it.",
    }
)
