"""The members of a world: families of employer groups, and the days on which they are covered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from edi.synthetic.claim_parts import day, place
from edi.synthetic.dice import Dice
from edi.synthetic.files import Party
from edi.synthetic.identifiers import random_ssn, tin
from edi.synthetic.model import Patient, Person, Subscriber
from edi.synthetic.people import ADULT_YEARS, CHILD_YEARS, LAST_NAMES, address, person
from edi.synthetic.world.plan import DENTAL, HMO, PAYER_ID, PLAN, PLAN_TIN, PPO, Product

MEMBERS_A_GROUP = 100
MOST_GROUPS = 20
SHARE_TERMINATED, SHARE_BEGINNING_LATER = 0.08, 0.06
LEAST_FAMILIES_OF_A_STATE = 2


@dataclass(frozen=True, slots=True)
class Group:
    """An employer, which is a trading partner too."""

    number: int
    product: Product
    """Its medical product; everybody has the dental one besides."""

    @property
    def id(self) -> str:
        """In groups.yaml."""
        return f"GROUP-{self.number:02d}"

    @property
    def partner(self) -> str:
        """In partners.yaml."""
        return f"employer_{self.number:02d}"

    @property
    def party(self) -> Party:
        """On the envelope."""
        return Party(f"EMPLOYER{self.number:02d}", f"EXAMPLE EMPLOYER {self.number}")

    @property
    def sponsor_id(self) -> str:
        """N1*P5."""
        return tin(8_000_000 + self.number)

    @property
    def policy(self) -> str:
        """REF*38."""
        return f"POLICY{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Family:
    """A subscriber and the dependants, covered on the same days."""

    group: Group
    number: str
    """The subscriber's number (REF*0F), which is the member id of all of them on claims."""
    subscriber: Person
    ssn: str
    dependants: tuple[Patient, ...]
    begins: date
    ends: date | None
    """The last day of coverage; None while it is open."""

    def insured(self, product: Product) -> Subscriber:
        """The subscriber as claims name it."""
        return Subscriber(
            person=self.subscriber,
            member_id=self.number,
            group_number=self.group.policy,
            filing_indicator=product.filing_indicator,
            payer_name=PLAN.name,
            payer_id=PAYER_ID,
        )


@dataclass(frozen=True, slots=True)
class Membership:
    """All families, by how they are covered on the days of the world's claims."""

    groups: tuple[Group, ...]
    covered: tuple[Family, ...]
    terminated: tuple[Family, ...]
    beginning_later: tuple[Family, ...]

    @property
    def families(self) -> tuple[Family, ...]:
        """All of them."""
        return (*self.covered, *self.terminated, *self.beginning_later)


def enroll(dice: Dice, as_of: date, members: int, year_begin: date, ended: date, begins_later: date) -> Membership:
    """Families of so many members in all.

    `ended` is the last day of those whose coverage has ended, `begins_later` the first of those who join afterwards.
    """
    groups = tuple(
        Group(number, HMO if number % 2 else PPO)
        for number in range(1, min(MOST_GROUPS, members // MEMBERS_A_GROUP) + 2)
    )
    by_state: tuple[list[Family], list[Family], list[Family]] = ([], [], [])
    enrolled = number = 0
    while enrolled < members:
        number += 1
        state = _state(dice, number)
        begins, ends = ((year_begin, None), (year_begin, ended), (begins_later, None))[state]
        family = _family(dice, as_of, groups[number % len(groups)], number, members - enrolled, begins, ends)
        by_state[state].append(family)
        enrolled += 1 + len(family.dependants)
    covered, terminated, later = map(tuple, by_state)
    return Membership(groups, covered, terminated, later)


def _state(dice: Dice, number: int) -> int:
    """0 covered, 1 terminated, 2 beginning later; the first few families are one of each."""
    if number <= 2 * LEAST_FAMILIES_OF_A_STATE + 1:
        return number % 3
    fate = dice.below(1000) / 1000
    return 1 if fate < SHARE_TERMINATED else 2 if fate < SHARE_TERMINATED + SHARE_BEGINNING_LATER else 0


def _family(dice: Dice, as_of: date, group: Group, number: int, most: int, begins: date, ends: date | None) -> Family:
    home = address(dice)
    last = dice.one(LAST_NAMES)
    head = person(dice, as_of, last=last, home=home, years=ADULT_YEARS)
    relations = ("01", "19", "19", "19")[: min(dice.one((0, 0, 1, 2, 3, 4)), most - 1)]
    dependants = tuple(
        Patient(
            person(dice, as_of, last=last, home=home, years=CHILD_YEARS if relation == "19" else ADULT_YEARS), relation
        )
        for relation in relations
    )
    return Family(group, f"W{number:08d}", head, random_ssn(dice), dependants, begins, ends)


def header(group: Group, as_of: date, reference: str, members: int, subscribers: int) -> list[str]:
    """BGN to N1*IN of a group's 834: changes only (BGN08 = 2)."""
    return [
        f"BGN*00*{reference}*{day(as_of)}*0800****2",
        f"REF*38*{group.policy}",
        f"DTP*007*D8*{day(as_of)}",
        f"QTY*TO*{members}",
        f"QTY*ET*{subscribers}",
        f"QTY*DT*{members - subscribers}",
        f"N1*P5*{group.party.name}*FI*{group.sponsor_id}",
        f"N1*IN*{PLAN.name}*FI*{PLAN_TIN}",
    ]


def additions(family: Family) -> list[str]:
    """INS of the whole family: everybody is added."""
    written: list[str] = []
    for who, relation in _everybody(family):
        is_subscriber = relation == "18"
        written += _member(family, who, relation, "021", "28")
        for product in (family.group.product, DENTAL):
            tier = ("FAM" if family.dependants else "EMP") if is_subscriber else "DEP"
            written += [
                f"HD*021**{product.insurance_line}*{product.plan_code}*{tier}",
                f"DTP*348*D8*{day(family.begins)}",
            ]
    return written


def terminations(family: Family) -> list[str]:
    """INS of the subscriber, whose coverage and with it the family's ends."""
    if family.ends is None:
        return []
    written = _member(family, family.subscriber, "18", "024", "08")
    for product in (family.group.product, DENTAL):
        written += [
            f"HD*024**{product.insurance_line}*{product.plan_code}*{'FAM' if family.dependants else 'EMP'}",
            f"DTP*348*D8*{day(family.begins)}",
            f"DTP*349*D8*{day(family.ends)}",
        ]
    return written


def _everybody(family: Family) -> list[tuple[Person, str]]:
    return [(family.subscriber, "18"), *((patient.person, patient.relation) for patient in family.dependants)]


def _member(family: Family, who: Person, relation: str, maintenance: str, reason: str) -> list[str]:
    is_subscriber = relation == "18"
    employment = ("TE" if maintenance == "024" else "FT") if is_subscriber else ""
    name = f"NM1*IL*1*{who.last}*{who.first}*{who.middle}"
    return [
        f"INS*{'Y' if is_subscriber else 'N'}*{relation}*{maintenance}*{reason}*A***{employment}".rstrip("*"),
        f"REF*0F*{family.number}",
        f"REF*1L*{family.group.policy}",
        *([f"DTP*357*D8*{day(family.ends)}"] if family.ends and maintenance == "024" else []),
        f"{name}***34*{family.ssn}" if is_subscriber else name.rstrip("*"),
        *place(who.address),
        f"DMG*D8*{day(who.born)}*{who.gender}",
    ]
