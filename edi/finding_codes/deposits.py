"""Findings about what the plan's bank says of payments."""

from __future__ import annotations

from edi.finding_codes.code import REJECT, business_code

DEPOSITS = (
    business_code(
        "BANK_FILE_UNREADABLE",
        "a bank's file that is cut off, or whose totals are not those of its entries; nothing of it is taken",
        severity=REJECT,
    ),
    business_code("DEPOSIT_UNKNOWN", "the bank speaks of a payment that it was never told, or of another amount"),
    business_code("DEPOSIT_RETURNED_TWICE", "the bank returns a payment that it had returned before"),
)
