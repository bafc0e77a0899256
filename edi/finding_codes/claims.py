"""Codes of claims and service lines, 837."""

from __future__ import annotations

from edi.finding_codes.code import WARNING, business_code

CLAIMS = (
    business_code("CLAIM_SYNTAX", "the claim is refused for the errors told in the 999", snip=2),
    business_code("CLAIM_CHARGE_IMBALANCE", "CLM02 is not the sum of the lines' charges", snip=3),
    business_code("CLAIM_MEMBER_UNKNOWN", "no member of ours has this subscriber id"),
    business_code("CLAIM_PROVIDER_UNKNOWN", "the billing provider is not on file", WARNING),
    business_code("CLAIM_SERVICE_DATE_MISSING", "no date of service", snip=4),
    business_code("CLAIM_SERVICE_DATE_FUTURE", "a date of service after receipt"),
    business_code("CLAIM_ORIGINAL_MISSING", "a correction without the original's claim number (REF F8)", snip=4),
    business_code("CLAIM_ORIGINAL_UNKNOWN", "a correction of a claim that is not on file"),
    business_code("CLAIM_ORIGINAL_SUPERSEDED", "a correction of a claim that was replaced already"),
    business_code("CLAIM_ORIGINAL_VOIDED", "a correction of a claim that was voided"),
    business_code("CLAIM_FREQUENCY_UNSUPPORTED", "a frequency code that is not taken"),
    business_code("CLAIM_DUPLICATE", "the same claim is on file already"),
    business_code("CLAIM_BATCH_REPEATED", "BHT03 was used before by this submitter", WARNING),
)
