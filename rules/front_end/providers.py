"""Does the billing provider exist, and may it bill?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.front_end.edit import Edit

if TYPE_CHECKING:
    import pandas as pd

NPI_DIGITS, TIN_DIGITS = 10, 9
TAXONOMY = r"[0-9]{3}[0-9A-Z]{6}X"
"""domain.md 7.4."""
NPI_FIRST = ("1", "2")
NPI_CONSTANT = 24
"""What the prefix 80840 adds to the check sum (domain.md 7.4)."""


def is_npi(text: str) -> bool:
    """Ten digits, the first 1 or 2, Luhn over 80840 and them."""
    if len(text) != NPI_DIGITS or not (text.isascii() and text.isdigit()) or not text.startswith(NPI_FIRST):
        return False
    digits = [int(digit) for digit in text]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (NPI_CONSTANT + sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def is_tin(text: str) -> bool:
    """Nine digits, not all the same."""
    return len(text) == TIN_DIGITS and text.isascii() and text.isdigit() and len(set(text)) > 1


def npi_invalid(claims: pd.DataFrame) -> pd.Series:
    """The billing NPI, where there is one."""
    return claims["billing_npi"].isin([npi for npi in claims["billing_npi"].dropna().unique() if not is_npi(npi)])


def tin_invalid(claims: pd.DataFrame) -> pd.Series:
    """The billing TIN without separators, where there is one."""
    return claims["tin_key"].isin([tin for tin in claims["tin_key"].dropna().unique() if not is_tin(tin)])


def not_on_file(claims: pd.DataFrame) -> pd.Series:
    """A valid NPI that the newest registry does not have."""
    return ~claims["provider_known"] & ~npi_invalid(claims)


def tin_of_another(claims: pd.DataFrame) -> pd.Series:
    """The NPI is on file, but not with this TIN."""
    return claims["provider_known"] & ~claims["tin_known"]


def taxonomy_missing(claims: pd.DataFrame) -> pd.Series:
    """A plan may need the billing provider's specialty (2000A PRV); the guides do not demand it."""
    return claims["billing_taxonomy"].isna()


def taxonomy_invalid(claims: pd.DataFrame) -> pd.Series:
    """The billing provider's taxonomy, where there is one."""
    return claims["billing_taxonomy"].notna() & ~claims["billing_taxonomy"].str.fullmatch(TAXONOMY).astype("bool")


EDITS = (
    Edit("BILLING_NPI_INVALID", "no NPI: ten digits with a check digit", "A7:562:85", 5, "domain.md 1.6, 7.4",
         judge=npi_invalid),
    Edit("BILLING_TIN_INVALID", "no tax id: nine digits, not all the same", "A7:128:85", 5, "domain.md 1.6, 7.4",
         judge=tin_invalid),
    Edit("BILLING_TAXONOMY_MISSING", "no taxonomy of the billing provider (2000A PRV)", "A6:145:85", 7, "domain.md 1.6",
         "accept", judge=taxonomy_missing),
    Edit("BILLING_TAXONOMY_INVALID", "no taxonomy: three digits, six letters or digits, X", "A7:145:85", 5,
         "domain.md 1.6, 7.4", judge=taxonomy_invalid),
    Edit("PROVIDER_UNKNOWN", "the billing provider is not on file", "A3:26:85", 7, "domain.md 1.6, 8.2 #25", "accept",
         judge=not_on_file),
    Edit("PROVIDER_TIN_MISMATCHED", "the billing provider is on file with another tax id", "A8:128:85", 7,
         "domain.md 1.6, 8.2 #27", "accept", judge=tin_of_another),
)  # fmt: skip
