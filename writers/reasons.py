"""Plain words for the codes on a statement. The wording is our own; the code lists belong to others and are not copied.

A code without words here is shown as a code with a pointer to its public list, never left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "CO": "provider write-off, not owed by the patient",
        "PR": "owed by the patient",
        "OA": "no one owes this amount here",
        "PI": "reduced by the plan, not owed by the patient",
    }
)
"""Who bears an adjustment, by CAS01."""

ADJUSTMENTS: Mapping[str, str] = MappingProxyType(
    {
        "1": "Deductible",
        "2": "Coinsurance",
        "3": "Copay",
        "4": "The modifier is missing or does not suit the procedure",
        "5": "The type of bill or procedure does not suit the place of service",
        "6": "The procedure does not suit the patient's age",
        "7": "The procedure does not suit the patient's sex",
        "9": "The diagnosis does not suit the patient's age",
        "10": "The diagnosis does not suit the patient's sex",
        "11": "The diagnosis does not suit the procedure",
        "16": "The claim lacks information or has an error that keeps us from deciding it",
        "18": "The same claim was decided before",
        "22": "Another payer comes first",
        "23": "Paid or adjusted by an earlier payer",
        "24": "A provider whom the plan pays by the head answers for this service",
        "26": "The service was given before coverage began",
        "27": "The service was given after coverage ended",
        "29": "Received after the filing limit",
        "31": "We could not identify the patient as a member",
        "32": "The dependent is not covered",
        "33": "The subscriber has no coverage for dependents",
        "34": "The subscriber has no coverage for newborns",
        "35": "The benefit for a lifetime is used up",
        "45": "Charge above the contracted amount",
        "50": "The plan does not find the service necessary for the diagnoses billed",
        "58": "The place of service was not valid on the day of service",
        "96": "The plan does not cover this service",
        "97": "Included in the payment of another service",
        "109": "Another plan or contractor must decide this claim",
        "119": "The benefit for this period is used up",
        "135": "Interim bills and late charges cannot be processed",
        "146": "The diagnosis was not valid on the day of service",
        "149": "The benefit of a lifetime for this kind of service is used up",
        "151": "The information does not support so many services",
        "177": "The patient did not meet the eligibility requirements",
        "181": "The procedure code was not valid on the day of service",
        "182": "The modifier was not valid on the day of service",
        "185": "The rendering provider may not perform this service for the plan",
        "193": "The earlier decision stands",
        "197": "The required authorization is missing",
        "198": "More services than were authorized",
        "199": "The revenue code and the procedure code do not belong together",
        "204": "The patient's plan does not include this service",
        "206": "The billing provider's NPI is missing",
        "207": "The billing provider's NPI is not a valid number",
        "208": "The billing provider's NPI is not on file with us under this tax number",
        "222": "More services than the contract allows",
        "226": "Paperwork that was announced did not come in time",
        "236": "The combination of procedures cannot be paid on the same day",
        "238": "Reduced by days that are not covered",
        "239": "The claim is for covered days and others; bill the covered days alone",
        "242": "The provider is not in the network",
        "252": "An attachment is needed to decide the claim",
        "270": "The dental plan must decide this service",
        "279": "The provider is not in the network of the patient's plan",
        "280": "The pharmacy plan must decide this service",
        "282": "The procedure and the type of bill do not belong together",
        "284": "The authorization is for other services",
        "287": "More services than the referral was for",
        "288": "The required referral is missing",
        "B7": "The provider was not eligible to be paid for this service on this day",
    }
)
"""Claim adjustment reason codes (CARC)."""

REMARKS: Mapping[str, str] = MappingProxyType(
    {
        "M15": "It is part of another service of that day.",
        "M47": "The number of the original claim (REF*F8) is missing or names no claim of this member and provider.",
        "M50": "The revenue code is missing or not valid.",
        "M51": "The procedure code is missing or not valid.",
        "M76": "A diagnosis is missing or not valid.",
        "M77": "The place of service is missing or not valid.",
        "MA30": "The type of bill is missing or not valid.",
        "MA31": "The first and last day of the period billed are missing or not valid.",
        "MA40": "The date of admission is missing or not valid.",
        "MA43": "The patient status is missing or not valid.",
        "MA67": "This corrects an earlier claim.",
        "MA83": "The claim does not tell whether we pay first or after another payer.",
        "MA92": "The claim does not name all payers who come before us.",
        "MA130": "The claim could not be processed; send a new, complete claim.",
        "N1": "You may appeal this decision; see the provider guide.",
        "N4": "The statement of the earlier payer is missing.",
        "N29": "A note, summary, report or chart is missing.",
        "N30": "The patient was not eligible for this service.",
        "N34": "The claim form or its version is not the right one for this service.",
        "N48": "The claim does not agree with what the earlier payer says.",
        "N50": "The information on the discharge is missing or not valid.",
        "N56": "The procedure code is not valid for this service or day.",
        "N115": "By a local policy on what is covered.",
        "N129": "The service is not for patients of this age.",
        "N130": "See the plan's benefit documents for what is covered.",
        "N142": "The original claim was denied; send a new claim instead of a correction.",
        "N152": "The replacement claim's information is missing or not valid.",
        "N185": "Nothing needs to be sent again.",
        "N202": "More information comes apart from this statement.",
        "N210": "You may appeal this decision.",
        "N211": "This decision cannot be appealed.",
        "N216": "The patient's package of benefits does not include this service.",
        "N257": "The billing provider's identifier is missing or not valid.",
        "N290": "The rendering provider's identifier is missing or not valid.",
        "N318": "The date of discharge or end of care is missing or not valid.",
        "N362": "More days or units than we accept.",
        "N368": "A correction must change something. Dispute a decision by the provider portal or the paper form.",
        "N379": "The claim and its lines do not say the same.",
        "N380": "The original was decided before; send a corrected claim (frequency code 7) instead.",
        "N382": "The patient's identifier is missing or not valid.",
        "N418": "The claim was sent to the wrong payer.",
        "N479": "The statement of an earlier payer is missing.",
        "N516": "The NPI and the tax number do not belong together.",
        "N519": "The modifiers are not valid together with this code.",
        "N522": "The same claim was decided before.",
        "N547": "The original was voided before.",
        "N570": "The provider's credentials are missing or not valid.",
    }
)
"""Remittance advice remark codes (RARC)."""

PROVIDER_ADJUSTMENTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "50": ("Charge for late filing", "Charge for late filing given back"),
        "51": ("Penalty for interest", "Penalty for interest given back"),
        "72": ("A refund that we took back", "A refund that you sent us"),
        "90": ("Discount for early payment", "Allowance for early payment"),
        "AH": ("Fee for origination", "Fee for origination given back"),
        "AM": ("Applied to an amount that somebody else is owed", "No longer applied to what somebody else is owed"),
        "AP": ("Payment in advance taken back", "Payment in advance"),
        "B2": ("Rebate taken back", "Rebate"),
        "B3": ("Recovery allowance taken back", "Recovery allowance"),
        "BD": ("Bad debt adjustment taken back", "Bad debt adjustment"),
        "BN": ("Bonus taken back", "Bonus"),
        "C5": ("Temporary allowance taken back", "Temporary allowance"),
        "CR": ("Capitation interest taken back", "Capitation interest"),
        "CS": ("Adjustment of your account", "Adjustment of your account"),
        "CT": ("Payment by the head taken back", "Payment by the head (capitation)"),
        "CV": ("Capital passed through taken back", "Capital passed through"),
        "CW": ("Anesthetist's cost passed through taken back", "Anesthetist's cost passed through"),
        "DM": ("Direct medical education passed through taken back", "Direct medical education passed through"),
        "E3": ("Withheld under your contract", "Withheld under your contract, paid out"),
        "FB": ("Balance that you owed from an earlier remittance", "Balance forwarded to your next remittance"),
        "FC": ("Money from a fund taken back", "Money from a fund"),
        "GO": ("Graduate medical education passed through taken back", "Graduate medical education passed through"),
        "HM": ("Hemophilia factor supplement taken back", "Hemophilia factor supplement"),
        "IP": ("Incentive payment taken back", "Incentive payment"),
        "IR": ("Withheld for the Internal Revenue Service", "No longer withheld for the Internal Revenue Service"),
        "IS": ("Interim settlement taken back", "Interim settlement"),
        "J1": ("Not reimbursable", "Not reimbursable, given back"),
        "L3": ("Penalty", "Penalty given back"),
        "L6": ("Interest taken back", "Interest, because we paid late"),
        "LE": ("Withheld under a levy", "No longer withheld under a levy"),
        "LS": ("Lump sum taken back", "Lump sum"),
        "OA": ("Organ acquisition passed through taken back", "Organ acquisition passed through"),
        "OB": ("Offset for affiliated providers", "Offset for affiliated providers given back"),
        "PI": ("Periodic payment taken back", "Periodic payment"),
        "PL": ("Last payment taken back", "Last payment"),
        "RA": ("Retroactive adjustment", "Retroactive adjustment"),
        "RE": ("Return on equity taken back", "Return on equity"),
        "SL": ("Student loan repayment", "Student loan repayment given back"),
        "TL": ("Liability to a third party", "Liability to a third party given back"),
        "WO": ("Overpayment that we recover", "Overpayment, to be recovered later"),
        "WU": ("Recovery that is not specified", "Recovery given back"),
    }
)
"""What takes from a payment, and what adds to it, beside the claims (PLB03-1)."""

NOTHING_TO_DO = "You need not do anything."
NEXT_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "RECEIVED": "Received and waiting for its first review. You need not do anything.",
        "NO_LINES": "The claim has no service line. Please send a complete claim.",
        "CHARGES_DISAGREE": "The line charges do not add up to the claim's charge. Please check it and call us.",
        "IMPLAUSIBLE_CHARGE": "A charge cannot be right. Please check it and call us.",
        "FREQUENCY_NOT_SUPPORTED": "Claims of this frequency code are reviewed by hand. You need not do anything.",
        "BASE_BILL_NOT_PAID": "We are reviewing the bill that this one adds to. You need not do anything.",
        "DUPLICATE_SUSPECTED": "We are comparing this claim with one that resembles it. You need not do anything.",
        "DUPLICATE_WITHIN_CLAIM": "We are comparing two lines that are alike. You need not do anything.",
        "ORIGINAL_NOT_REMITTED": "Waits until the claim that it corrects is on a remittance. You need not do anything.",
        "NO_SERVICE_CODE": "A line does not say which service it is for. Please check it and call us.",
        "NO_SERVICE_DATE": "A date of service is missing. Please check it and call us.",
        "SERVICE_AFTER_RECEIPT": "A date of service lies after our receipt of the claim. Please check it and call us.",
        "FILING_EVIDENCE": "It came after the filing limit with a reason. Please send us what proves the reason.",
        "NO_FILING_RULE": "We are reviewing the filing limit of this claim. You need not do anything.",
        "NO_PLAN": "We are reviewing the member's benefits on the day of service. You need not do anything.",
        "DECISION_BREAKS_LAW": "We are completing the codes of our decision. You need not do anything.",
        "ATTACHMENT_AWAITED": "We wait for the paperwork that the claim announces. Please send it to us.",
        "PART_PAID_EARLIER": "We are comparing a service with one that we paid for that day. You need not do anything.",
        "STAY_BEYOND_BILL": "We are working out the price of the whole stay. You need not do anything.",
        "LATE_CHARGE_OF_STAY": "We are checking what this adds to a stay that we paid for. You need not do anything.",
        "LATE_CHARGE_STANDS": "Late charges to this bill are paid. Please void them too, if they are no longer due.",
        "STAY_PAID_EARLIER": "We are comparing this with what we paid for the stay. You need not do anything.",
        "VOID_NOT_DECIDED": "Waits until the void of a claim that it equals is decided. You need not do anything.",
        "COBRA_UNPAID": "We are reviewing the member's coverage on the day of service. You need not do anything.",
        "ENCOUNTER": "It was sent as a report of services. Send it as a claim (BHT06 CH) if payment is due.",
        "SUBROGATION": "We are reviewing what is asked back. You need not do anything.",
        "PREDETERMINATION": "We are working out the estimate that you asked for. You need not do anything.",
        "NO_PRICE": "We are setting the price of a service. You need not do anything.",
    }
)
"""Why a claim is pended, and what its provider has to do, by the rules' pend reason: a sentence each."""


@cache
def adjustment_words(group_code: str, reason_code: str) -> str:
    """Why an amount is not paid and who bears it, with the codes: `Copay - owed by the patient (PR 3)`."""
    reason = ADJUSTMENTS.get(reason_code, "See the public list of claim adjustment reason codes")
    bearer = GROUPS.get(group_code, "")
    return f"{reason}{f' - {bearer}' if bearer else ''} ({group_code} {reason_code})"


@cache
def remark_words(remark_code: str) -> str:
    """What a remark says, with its code."""
    return f"{REMARKS.get(remark_code, 'See the public list of remittance advice remark codes.')} ({remark_code})"


def provider_adjustment_words(reason_code: str, amount_cents: int) -> str:
    """Why a payment is not the sum of its claims' payments; a positive amount takes money away (PLB04)."""
    takes, adds = PROVIDER_ADJUSTMENTS.get(reason_code, ("Taken from this payment", "Added to this payment"))
    return f"{takes if amount_cents > 0 else adds} ({reason_code})"


def pend_words(pend_reason: str) -> tuple[str, str]:
    """Why a claim waits, and what its provider has to do: `Nothing` where it waits for us."""
    why, _, to_do = NEXT_STEPS.get(pend_reason, f"We are reviewing this claim by hand. {NOTHING_TO_DO}").partition(". ")
    return f"{why}.", "Nothing." if to_do == NOTHING_TO_DO else to_do
