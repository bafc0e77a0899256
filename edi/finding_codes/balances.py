"""Codes of amounts and counts that do not add up (SNIP 3)."""

from __future__ import annotations

from edi.finding_codes.code import WARNING, business_code

BALANCES = (
    # claims, 837; CLAIM_CHARGE_IMBALANCE stands with the other codes of claims
    business_code(
        "LINE_PAYER_IMBALANCE",
        "a prior payer's payment (SVD02) and adjustments (CAS) of a line do not make up its charge",
        snip=3,
    ),
    business_code(
        "CLAIM_PAYER_IMBALANCE",
        "a prior payer's payment (AMT D) and adjustments (CAS of 2320 and 2430) do not make up the claim's charge",
        snip=3,
    ),
    business_code("CHARGE_NEGATIVE", "a charge below zero, which corrects nothing (RFI 2499)", snip=3),
    # enrollment, 834
    business_code(
        "MEMBER_TOTAL_IMBALANCE", "a control total (QTY) is not the number of members of its kind in the set", snip=3
    ),
    # remittances, 835
    business_code(
        "REMITTANCE_SERVICE_IMBALANCE", "the charge of a service less its adjustments is not what was paid", snip=3
    ),
    business_code(
        "REMITTANCE_CLAIM_IMBALANCE", "the charge of a claim less all its adjustments is not what was paid", snip=3
    ),
    business_code(
        "REMITTANCE_LINES_IMBALANCE", "charge or payment of a claim is not that of its services together", snip=3
    ),
    business_code(
        "REMITTANCE_PAYMENT_IMBALANCE",
        "BPR02 is not the sum of the claims' payments less the provider's adjustments",
        snip=3,
    ),
    business_code(
        "REMITTANCE_PATIENT_IMBALANCE", "CLP05 is not the sum of the adjustments that the patient owes (PR)", snip=3
    ),
    business_code(
        "REMITTANCE_INTEREST_IMBALANCE",
        "the interest of the claims (AMT I) is not what the provider's adjustments pay as interest (PLB L6, RFI 2123)",
        WARNING,
        snip=3,
    ),
)
