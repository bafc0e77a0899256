"""People, addresses and providers who do not exist."""

from __future__ import annotations

from datetime import date, timedelta

from edi.synthetic.dice import Dice
from edi.synthetic.identifiers import random_npi, random_tin
from edi.synthetic.model import Address, Person, Provider

LAST_NAMES = (
    "ADAMS",
    "ALLEN",
    "ANDERSON",
    "BAKER",
    "BROWN",
    "CAMPBELL",
    "CARTER",
    "CLARK",
    "DAVIS",
    "FLORES",
    "GARCIA",
    "GONZALEZ",
    "GREEN",
    "HALL",
    "HARRIS",
    "HERNANDEZ",
    "HILL",
    "JACKSON",
    "JOHNSON",
    "JONES",
    "KING",
    "LEE",
    "LEWIS",
    "LOPEZ",
    "MARTIN",
    "MARTINEZ",
    "MILLER",
    "MITCHELL",
    "MOORE",
    "NELSON",
    "NGUYEN",
    "OBRIEN",
    "PEREZ",
    "RAMIREZ",
    "RIVERA",
    "ROBERTS",
    "ROBINSON",
    "RODRIGUEZ",
    "SANCHEZ",
    "SCOTT",
    "SMITH",
    "TAYLOR",
    "THOMAS",
    "THOMPSON",
    "TORRES",
    "WALKER",
    "WHITE",
    "WILLIAMS",
    "WILSON",
    "WRIGHT",
    "YOUNG",
)
FIRST_NAMES = {
    "F": (
        "ASHLEY",
        "BARBARA",
        "BETTY",
        "CAROL",
        "DEBORAH",
        "DONNA",
        "ELIZABETH",
        "EMILY",
        "JENNIFER",
        "JESSICA",
        "KAREN",
        "KIMBERLY",
        "LINDA",
        "LISA",
        "MARGARET",
        "MARY",
        "MELISSA",
        "MICHELLE",
        "NANCY",
        "PATRICIA",
        "SANDRA",
        "SARAH",
        "STEPHANIE",
        "SUSAN",
    ),
    "M": (
        "ANDREW",
        "ANTHONY",
        "CHARLES",
        "CHRISTOPHER",
        "DANIEL",
        "DAVID",
        "DONALD",
        "EDWARD",
        "GEORGE",
        "JAMES",
        "JOHN",
        "JOSEPH",
        "JOSHUA",
        "KENNETH",
        "KEVIN",
        "MARK",
        "MATTHEW",
        "MICHAEL",
        "PAUL",
        "RICHARD",
        "ROBERT",
        "STEVEN",
        "THOMAS",
        "WILLIAM",
    ),
}
INITIALS = "ABCDEFGHJKLMNPRSTW"
STREETS = (
    "MAIN ST",
    "OAK AVE",
    "MAPLE DR",
    "CEDAR LN",
    "PINE ST",
    "ELM ST",
    "WASHINGTON BLVD",
    "LAKE RD",
    "HILL ST",
    "PARK AVE",
    "RIVER RD",
    "SUNSET BLVD",
    "2ND AVE",
    "BROADWAY",
)
PLACES = (
    ("COLUMBUS", "OH", "43215"),
    ("AUSTIN", "TX", "78701"),
    ("DENVER", "CO", "80202"),
    ("TAMPA", "FL", "33602"),
    ("BOISE", "ID", "83702"),
    ("MADISON", "WI", "53703"),
    ("ALBANY", "NY", "12207"),
    ("SALEM", "OR", "97301"),
    ("RALEIGH", "NC", "27601"),
    ("PHOENIX", "AZ", "85003"),
    ("HARTFORD", "CT", "06103"),
    ("TOLEDO", "OH", "43604"),
)
AREA_CODES = ("203", "303", "512", "614", "813", "860", "919")
DAYS_A_YEAR = 365.25
ADULT_YEARS = (19, 88)
CHILD_YEARS = (0, 18)


def address(dice: Dice, *, nine_digits: bool = False) -> Address:
    """Some address; providers' ZIP codes have nine digits."""
    city, state, zip_code = dice.one(PLACES)
    if nine_digits or dice.chance(0.4):
        zip_code += f"{dice.between(1, 9998):04d}"
    second = f"STE {dice.between(100, 899)}" if dice.chance(0.15) else ""
    return Address(f"{dice.between(1, 9999)} {dice.one(STREETS)}", second, city, state, zip_code)


def person(
    dice: Dice, as_of: date, *, last: str = "", home: Address | None = None, years: tuple[int, int] = ADULT_YEARS
) -> Person:
    """Somebody of an age, in whole years on a day."""
    gender = "F" if dice.chance(0.5) else "M"
    least, most = (int(each * DAYS_A_YEAR) for each in (years[0], years[1] + 1))
    return Person(
        last=last or dice.one(LAST_NAMES),
        first=dice.one(FIRST_NAMES[gender]),
        middle=dice.one(INITIALS) if dice.chance(0.6) else "",
        born=as_of - timedelta(days=dice.between(least + 1, most - 1)),
        gender=gender,
        address=home or address(dice),
    )


def phone(dice: Dice) -> str:
    """Ten digits of the numbers that are kept for films."""
    return f"{dice.one(AREA_CODES)}55501{dice.below(100):02d}"


def clinician(dice: Dice, taxonomy: str = "") -> Provider:
    """A person who treats."""
    gender = "F" if dice.chance(0.5) else "M"
    return Provider(
        npi=random_npi(dice),
        name=dice.one(LAST_NAMES),
        first=dice.one(FIRST_NAMES[gender]),
        middle=dice.one(INITIALS) if dice.chance(0.5) else "",
        taxonomy=taxonomy,
    )


def organization(dice: Dice, suffix: str, taxonomy: str) -> Provider:
    """A practice or house that bills."""
    return Provider(
        npi=random_npi(dice),
        name=f"{dice.one(LAST_NAMES)} {suffix}",
        tin=random_tin(dice),
        taxonomy=taxonomy,
        address=address(dice, nine_digits=True),
        phone=phone(dice) if dice.chance(0.4) else "",
        pay_to=address(dice, nine_digits=True) if dice.chance(0.15) else None,
    )
