"""The plan of a world: who it is, what it sells, and what it allows for a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from edi.synthetic import vocabulary as words
from edi.synthetic.files import Party
from edi.synthetic.identifiers import routing_number, tin
from edi.synthetic.model import Claim, Line

PLAN = Party("WORLDPLAN", "WORLD HEALTH PLAN")
PAYER_ID = "WHP01"
PLAN_TIN = tin(9_000_001)
BANK = (routing_number(1), "000000001")
CLEARINGHOUSE_ID = "clearinghouse"
CLEARINGHOUSE = Party("WORLDCLEARING", "WORLD CLEARINGHOUSE")
FIRST_DAY = date(2024, 1, 1)
"""Fees, contracts and benefits are in force from then on."""
WHOLE = 10_000
"""Basis points of a whole."""
THOUSANDTHS = 1000
FILING_LIMIT_DAYS = 60
COPAY_PLACE = "11"


@dataclass(frozen=True, slots=True)
class Product:
    """What the plan sells."""

    id: str
    name: str
    insurance_line: str
    """HD03."""
    plan_code: str
    """HD04."""
    filing_indicator: str
    copay: int
    """Cents, once a professional claim at a copay place."""
    coinsurance: int
    """Basis points of what is left of the allowed amount."""


HMO = Product("WORLD-HMO", "World HMO", "HMO", "HMO25", "HM", 2500, 0)
PPO = Product("WORLD-PPO", "World PPO", "PPO", "PPO20", "12", 0, 2000)
DENTAL = Product("WORLD-DENTAL", "World Dental", "DEN", "DEN50", "17", 0, 5000)
PRODUCTS = (HMO, PPO, DENTAL)

ALLOWED_SHARE = 70
"""Percent of the usual price that is allowed."""
UNPRICED = words.Service("97799", 8000)
"""A procedure that the fee schedule lacks."""
UNPRICED_REVENUE = "0990"
UNPRICED_DENTAL = words.Service("D9999", 12000)

PROCEDURE_FEES: Mapping[tuple[str, str], int] = {
    (service.code, unit): service.price * ALLOWED_SHARE // 100
    for services, unit in (
        (words.SERVICES, "UN"),
        (words.DRUGS, "UN"),
        ((words.ANAESTHESIA,), "MJ"),
        (words.DENTAL_SERVICES, "UN"),
        (words.DENTAL_WORK, "UN"),
        (words.DENTAL_AREA_WORK, "UN"),
    )
    for service in services
}
"""Allowed cents a unit, by procedure and unit."""
ROOM_FEE = 90_000
REVENUE_SHARES: Mapping[str, int] = {code: 6000 for code, _ in words.REVENUE if code != words.ROOM}
"""Allowed basis points of the charge, by revenue code."""


def allowed(line: Line) -> int:
    """What the plan allows for a line: by its procedure, else by its revenue code; 0 where nothing is agreed."""
    fee = PROCEDURE_FEES.get((line.code, line.unit))
    if fee is None and line.revenue_code == words.ROOM:
        fee = ROOM_FEE
    if fee is not None:
        return min(line.charge, fee * int(line.units))
    return _share(line.charge, REVENUE_SHARES.get(line.revenue_code, 0))


def paid(claim: Claim, product: Product, *, is_professional: bool) -> int:
    """What the plan pays for a claim that nothing speaks against, in cents."""
    copay = product.copay if is_professional else 0
    total = 0
    for line in claim.lines:
        rest = allowed(line)
        if (line.place or claim.facility) == COPAY_PLACE:
            taken = min(copay, rest)
            copay -= taken
            rest -= taken
        total += rest - _share(rest, product.coinsurance)
    return total


def _share(cents: int, points: int) -> int:
    """So many basis points, rounded half up."""
    return (cents * points + WHOLE // 2) // WHOLE
