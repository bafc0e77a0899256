"""Identifiers that are right by their check digits and belong to nobody."""

from __future__ import annotations

from edi.synthetic.dice import Dice

NPI_PREFIX = "80840"
"""Stands before an NPI when its check digit is counted: the card issuer's prefix of the United States."""
NPI_SERIALS = 10**8
NEVER_ISSUED_SSN_GROUPS = 49
"""Of numbers from 900 on, groups up to 49 are neither social security nor taxpayer numbers."""


def npi(serial: int) -> str:
    """An NPI with its check digit; they begin with 2, which was never handed out."""
    nine = f"2{serial % NPI_SERIALS:08d}"
    total = 0
    for place, digit in enumerate(reversed(NPI_PREFIX + nine)):
        value = int(digit) * (2 - place % 2)
        total += value // 10 + value % 10
    return f"{nine}{-total % 10}"


def random_npi(dice: Dice) -> str:
    """Some NPI."""
    return npi(dice.below(NPI_SERIALS))


def tin(serial: int) -> str:
    """A federal tax number: prefix 97 was never assigned."""
    return f"97{serial % 10**7:07d}"


def random_tin(dice: Dice) -> str:
    """Some federal tax number."""
    return tin(dice.below(10**7))


def random_ssn(dice: Dice) -> str:
    """Nine digits where a social security number stands, of a range that was never issued."""
    group = dice.between(1, NEVER_ISSUED_SSN_GROUPS)
    return f"{dice.between(900, 999)}{group:02d}{dice.between(1, 9999):04d}"


def routing_number(serial: int) -> str:
    """A bank routing number with its check digit, in a Federal Reserve range that does not exist (99)."""
    eight = f"99{serial % 10**6:06d}"
    total = sum(int(digit) * weight for digit, weight in zip(eight, (3, 7, 1) * 3, strict=False))
    return f"{eight}{-total % 10}"
