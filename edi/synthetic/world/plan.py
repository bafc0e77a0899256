"""The plan of a world: who it is, what it sells, and what it allows for a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from edi.synthetic import vocabulary as words
from edi.synthetic.files import Party
from edi.synthetic.identifiers import routing_number, tin
from edi.synthetic.model import Claim, Line, PriorDecision

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
    terms: Terms | None = None
    """None: no deductible, no maximum, no limit; every contract counts."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the narrow product asks besides; amounts in cents, a year."""

    deductible: int
    family_deductible: int
    maximum: int
    """Of what a member pays."""
    network: str
    """The only one whose contracts count."""
    limited: str
    """A procedure that is paid for on a few days a year only."""
    most_visits: int


HMO = Product("WORLD-HMO", "World HMO", "HMO", "HMO25", "HM", 2500, 0)
PPO = Product("WORLD-PPO", "World PPO", "PPO", "PPO20", "12", 0, 2000)
DENTAL = Product("WORLD-DENTAL", "World Dental", "DEN", "DEN50", "17", 0, 5000)
CORE_NETWORK, OTHER_NETWORK = "WORLD-CORE", "WORLD-OTHER"
CHIROPRACTIC = words.Service("98940", 6000)
SAVER = Product(
    "WORLD-SAVER",
    "World Saver",
    "PPO",
    "SAVER20",
    "12",
    0,
    2000,
    Terms(10_000, 16_000, 12_000, CORE_NETWORK, CHIROPRACTIC.code, 2),
)
"""Deductible, maximum, a limit and a network; it takes no interim bills, and no corrections after three days."""
PRODUCTS = (HMO, PPO, DENTAL, SAVER)

ALLOWED_SHARE = 70
"""Percent of the usual price that is allowed."""
UNPRICED = words.Service("97799", 8000)
"""A procedure that the fee schedule lacks."""
UNPRICED_REVENUE = "0990"
UNPRICED_DENTAL = words.Service("D9999", 12000)
RETIRED = words.Service("99201", 7000)
"""A procedure whose code was withdrawn before any claim of a world."""
RETIRED_AFTER = date(2020, 12, 31)
AUTHORIZED = words.Service("70551", 52000)
"""Needs an authorization."""
REFERRED = words.Service("99243", 18000)
"""Needs a referral."""
COMPREHENSIVE, COMPONENT = words.Service("97530", 5800), words.Service("97140", 4100)
"""The second is part of the first on one day."""
COUNTED, MOST_COUNTED = words.Service("97112", 4300), 2
"""So many units are paid for on a day."""
ECHO = words.Service("93306", 57000)
SPECIAL = (CHIROPRACTIC, AUTHORIZED, REFERRED, COMPREHENSIVE, COMPONENT, COUNTED, ECHO)

PROCEDURE_FEES: Mapping[tuple[str, str], int] = {
    (service.code, unit): service.price * ALLOWED_SHARE // 100
    for services, unit in (
        (words.SERVICES, "UN"),
        (words.DRUGS, "UN"),
        ((words.ANAESTHESIA,), "MJ"),
        (words.DENTAL_SERVICES, "UN"),
        (words.DENTAL_WORK, "UN"),
        (words.DENTAL_AREA_WORK, "UN"),
        (SPECIAL, "UN"),
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
    return share(line.charge, REVENUE_SHARES.get(line.revenue_code, 0))


def paid(claim: Claim, product: Product, *, is_professional: bool) -> int:
    """What the plan pays for a claim that nothing speaks against, in cents.

    After another payer decided its lines, no more than what that left to the patient.
    """
    copay = product.copay if is_professional else 0
    total = 0
    for line in claim.lines:
        rest = allowed(line)
        if (line.place or claim.facility) == COPAY_PLACE:
            taken = min(copay, rest)
            copay -= taken
            rest -= taken
        benefit = rest - share(rest, product.coinsurance)
        total += benefit if line.prior is None else min(benefit, left_to_patient(line.prior))
    return total


def left_to_patient(prior: PriorDecision) -> int:
    """What another payer says that the patient owes."""
    return sum(change.amount for change in prior.adjustments if change.group == "PR")


def share(cents: int, points: int) -> int:
    """So many basis points, rounded half up."""
    return (cents * points + WHOLE // 2) // WHOLE
