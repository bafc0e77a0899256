"""Money is a whole number of cents; X12 writes it as a decimal number (type R)."""

from __future__ import annotations

import re

AMOUNT = re.compile(r"(-?)(\d*)(?:\.(\d+))?", re.ASCII)
CENTS = 2
"""Places after the point."""
MOST_DIGITS = 18
"""X12's longest number (data element 782 is R 1/18); it also keeps cents inside 64 bits."""


def to_cents(text: str) -> int:
    """Cents of an X12 amount such as `182.5` or `-7`.

    Raises:
        ValueError: not an amount, or one with fractions of a cent. The message does not hold the text.
    """
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError("not an amount")
    sign, whole, fraction = match.group(1), match.group(2), (match.group(3) or "").rstrip("0")
    if not whole and match.group(3) is None:
        raise ValueError("not an amount")
    if len(fraction) > CENTS:
        raise ValueError("an amount with fractions of a cent")
    digits = whole + fraction.ljust(CENTS, "0")
    if len(digits.lstrip("0")) > MOST_DIGITS:
        raise ValueError("an amount with too many digits")
    return -int(digits) if sign else int(digits)


def from_cents(cents: int) -> str:
    """The shortest X12 form: 18250 -> `182.5`, 500 -> `5`, -1 -> `-0.01`, 0 -> `0`."""
    whole, rest = divmod(abs(cents), 100)
    fraction = f"{rest:02d}".rstrip("0")
    sign = "-" if cents < 0 else ""
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def dollars(cents: int) -> str:
    """Money for people: 123456 -> $1,234.56."""
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
