"""What the settings of the rules ask of themselves: a `ValueError` says what is wrong with one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

HUNDREDTHS_OF_A_PERCENT = 100


def require(condition: bool, complaint: str) -> None:
    """Raise ValueError with the complaint unless the condition holds."""
    if not condition:
        raise ValueError(complaint)


def require_percentage(percent: Decimal | int) -> None:
    """Between 0 and 100, with two decimals at most."""
    require(0 <= percent <= 100, "a percentage lies between 0 and 100")  # noqa: PLR2004 - what percent means
    basis_points(percent)


def require_order(first: date, last: date | None, complaint: str) -> None:
    """The last day, where there is one, is not before the first."""
    require(last is None or first <= last, complaint)


def basis_points(percent: Decimal | int) -> int:
    """The percentage as exact hundredths of a percent; ValueError when it has more than two decimals."""
    scaled = Decimal(percent) * HUNDREDTHS_OF_A_PERCENT
    whole = int(scaled)
    if scaled != whole:
        raise ValueError("a percentage may have two decimals at most")
    return whole
