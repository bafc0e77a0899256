"""What a plan's benefits consist of: the shares that members pay, until what, and the most the plan pays for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

HUNDREDTHS_OF_A_PERCENT = 100
WHOLE_PERCENT = 100

Measure = Literal["visits", "units", "amount"]
Per = Literal["year", "lifetime"]


def basis_points(percent: Decimal | int) -> int:
    """The percentage as exact hundredths of a percent; ValueError when it has more than two decimals."""
    scaled = Decimal(percent) * HUNDREDTHS_OF_A_PERCENT
    whole = int(scaled)
    if scaled != whole:
        raise ValueError("a percentage may have two decimals at most")
    return whole


def require(condition: bool, complaint: str) -> None:
    """ValueError with the complaint unless the condition holds."""
    if not condition:
        raise ValueError(complaint)


def require_percentage(percent: Decimal | int) -> None:
    """ValueError unless it lies between 0 and 100 and has two decimals at most."""
    require(0 <= percent <= WHOLE_PERCENT, "a percentage lies between 0 and 100")
    basis_points(percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostShares:
    """What a member pays of the allowed amounts in a benefit year; None where there is no such limit."""

    copay_cents: int = 0
    coinsurance_percent: Decimal | int = 0
    deductible_cents: int = 0
    """What a member pays before the plan does."""
    family_deductible_cents: int | None = None
    """What all members of a family pay together before the plan pays for each of them; None: each pays his own."""
    out_of_pocket_cents: int | None = None
    """Beyond it the plan pays all of a member's allowed amounts."""
    family_out_of_pocket_cents: int | None = None
    deductible_after_copay: bool = False
    """Do services that owe a copay owe the deductible too, of what the copay leaves?"""

    def __post_init__(self) -> None:
        require(self.copay_cents >= 0, "copay_cents may not be negative")
        require_percentage(self.coinsurance_percent)
        for name in ("deductible_cents", "family_deductible_cents", "out_of_pocket_cents"):
            require((getattr(self, name) or 0) >= 0, f"{name} may not be negative")
        family, member = self.family_out_of_pocket_cents, self.out_of_pocket_cents
        require(family is None or family >= (member or 0), "a family's out-of-pocket maximum is below a member's")
        family = self.family_deductible_cents
        require(family is None or family >= self.deductible_cents, "a family's deductible is below a member's")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLimit:
    """How much of some services a plan pays for, for a member, in a benefit year or a lifetime."""

    id: str
    measure: Measure
    """Days with such services, units of them, or cents that the plan pays for them."""
    most: int
    per: Per = "year"
    procedure_codes: tuple[tuple[str, str], ...] = ()
    """Ranges of codes, both ends included; without any codes the limit is on all services."""
    revenue_codes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        require(self.most >= 0, "a limit may not be negative")
        for first, last in (*self.procedure_codes, *self.revenue_codes):
            require(len(first) == len(last) and first <= last, "a range of codes goes from the lower to the higher")

    @property
    def reason_code(self) -> str:
        """CARC: 119 for a year, 149 for a lifetime, 35 where that is of all services (domain.md 8.2 #13)."""
        if self.per == "year":
            return "119"
        return "149" if self.procedure_codes or self.revenue_codes else "35"
