"""Members of an 834 as they come: additions, changes, terminations and audits, subscribers and dependants."""

from __future__ import annotations

from datetime import date, timedelta

from edi.money import from_cents
from edi.synthetic.claim_parts import day, place, segment
from edi.synthetic.dice import Dice
from edi.synthetic.identifiers import random_npi, random_tin
from edi.synthetic.model import Address
from edi.synthetic.people import ADULT_YEARS, CHILD_YEARS, LAST_NAMES, clinician, person, phone
from edi.synthetic.serials import MEMBER, MEMBER_AGAIN
from edi.synthetic.vocabulary import OTHER_PAYERS

MAINTENANCE = ("021", "021", "021", "001", "024", "030", "030", "030")
"""INS03: addition, change, termination, audit."""
REASONS = {"021": ("28", "20", "02"), "001": ("AI", "43", "25"), "024": ("08", "07", "14"), "030": ("XN",)}
"""INS04 by INS03."""
TIERS_OF_SUBSCRIBERS = ("EMP", "FAM", "ESP", "ECH", "IND")
TIERS_OF_DEPENDANTS = ("DEP", "CHD", "SPO")
LINES = ("HLT", "DEN", "VIS", "PDG")
SPOUSE, CHILD = "01", "19"


def member_segments(
    dice: Dice, as_of: date, *, is_subscriber: bool, family_name: str, home: Address, ssn: str
) -> tuple[list[str], str]:
    """2000 of one member, and the family's last name; without one the family begins here."""
    relation = "18" if is_subscriber else dice.one((SPOUSE, CHILD, CHILD))
    maintenance = dice.one(MAINTENANCE)
    is_cobra = is_subscriber and dice.chance(0.03)
    who = person(
        dice,
        as_of,
        last=family_name or dice.one(LAST_NAMES),
        home=home,
        years=CHILD_YEARS if relation == CHILD else ADULT_YEARS,
    )
    hired = dice.day_before(as_of, 200, 5000)
    begins = dice.day_before(as_of, 60, 190).replace(day=1)
    written = [
        segment(
            "INS",
            "Y" if is_subscriber else "N",
            relation,
            maintenance,
            dice.one(REASONS[maintenance]),
            "C" if is_cobra else "A",
            "",
            "2" if is_cobra else "",
            ("PT" if is_cobra else dice.one(("FT", "FT", "PT", "RT"))) if is_subscriber else "",
            "F" if relation == CHILD and dice.chance(0.1) else "",
        ),
        f"REF*0F*{MEMBER if is_subscriber else MEMBER_AGAIN}",
        f"REF*1L*GRP{dice.digits(5)}",
    ]
    if dice.chance(0.3):
        written.append(f"REF*17*DIV{dice.digits(3)}")
    if dice.chance(0.2):
        written.append(f"REF*DX*DEPT{dice.digits(2)}")
    if is_subscriber:
        written.append(f"DTP*336*D8*{day(hired)}")
    if is_cobra:
        written += [f"DTP*340*D8*{day(begins)}", f"DTP*341*D8*{day(begins + timedelta(days=500))}"]
    written.append(f"DTP*356*D8*{day(begins)}")
    if maintenance == "024":
        written.append(f"DTP*357*D8*{day(_month_end(as_of))}")
    written.append(segment("NM1", "IL", "1", who.last, who.first, who.middle, "", "", "34", ssn))
    if dice.chance(0.5):
        mail = f"*EM*{who.first}.{who.last}@EXAMPLE.COM" if dice.chance(0.5) else ""
        written.append(f"PER*IP**HP*{phone(dice)}{mail}")
    written += [*place(who.address), f"DMG*D8*{day(who.born)}*{who.gender}*{dice.one('MIS')}"]
    if is_subscriber and dice.chance(0.1):
        written.append(f"AMT*P3*{from_cents(dice.between(500, 5000))}")
    for line in dice.some(LINES, dice.between(1, 3)):
        written += _coverage(dice, as_of, line, maintenance, begins, is_subscriber=is_subscriber)
    return written, who.last


def _coverage(dice: Dice, as_of: date, line: str, maintenance: str, begins: date, *, is_subscriber: bool) -> list[str]:
    """2300: a line of coverage, with a primary care provider or another insurer in a share of cases."""
    tier = dice.one(TIERS_OF_SUBSCRIBERS if is_subscriber else TIERS_OF_DEPENDANTS)
    written = [f"HD*{maintenance}**{line}*PLAN{dice.digits(3)}*{tier}", f"DTP*348*D8*{day(begins)}"]
    if maintenance == "024":
        written.append(f"DTP*349*D8*{day(_month_end(as_of))}")
    if is_subscriber and dice.chance(0.3):
        written.append(f"AMT*P3*{from_cents(dice.between(1000, 90000))}")
    if dice.chance(0.3):
        written.append(f"REF*1L*COV{dice.digits(6)}")
    if line == "HLT" and dice.chance(0.2):
        doctor = clinician(dice)
        written += ["LX*1", f"NM1*P3*1*{doctor.name}*{doctor.first}****XX*{random_npi(dice)}*25"]
    if line == "HLT" and dice.chance(0.05):
        name, _ = dice.one(OTHER_PAYERS)
        written += [
            f"COB*P*POL{dice.digits(6)}*1",
            f"DTP*344*D8*{day(begins)}",
            f"NM1*IN*2*{name}*****FI*{random_tin(dice)}",
        ]
    return written


def _month_end(moment: date) -> date:
    """The last day of the month before."""
    return moment.replace(day=1) - timedelta(days=1)
