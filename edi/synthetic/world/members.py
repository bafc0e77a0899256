"""The members of a world: families of employer groups, and the days on which they are covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from edi.synthetic.claim_parts import day, place
from edi.synthetic.dice import Dice
from edi.synthetic.files import Party
from edi.synthetic.identifiers import random_ssn, tin
from edi.synthetic.model import Patient, Person, Subscriber
from edi.synthetic.people import ADULT_YEARS, LAST_NAMES, address, person
from edi.synthetic.world.plan import DENTAL, HMO, PAYER_ID, PLAN, PLAN_TIN, PPO, SAVER, Product

CHILD_YEARS = (1, 18)
"""Nobody is born after the service that is billed for him."""
MEMBERS_A_GROUP = 100
MOST_GROUPS = 20
SHARE_TERMINATED, SHARE_BEGINNING_LATER = 0.08, 0.06
LEAST_FAMILIES_OF_A_STATE = 2
RELATIONS = ("01", "19", "19", "19")
"""Of dependants, as far as a family has them."""
INSURED_ELSEWHERE = ("COB*P*POL000001*1", "NM1*IN*2*GRANITE STATE HEALTH")
"""2320 of somebody whom another insurer covers before us."""


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
    enrolled: int = 1
    """The week in which we are told of it."""
    told: int = 1
    """The week in which we are told that it ended."""
    elsewhere: bool = False
    """Does another insurer cover them first?"""

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
    special: list[Family] = field(default_factory=list)
    """Each for a few claims that are about each other, and for nothing else."""

    @property
    def families(self) -> tuple[Family, ...]:
        """All of them."""
        return (*self.covered, *self.terminated, *self.beginning_later, *self.special)

    def group_of(self, product: Product) -> Group:
        """The first employer that offers it."""
        return next(group for group in self.groups if group.product == product)

    @property
    def employers(self) -> list[Group]:
        """Those that employ somebody."""
        return [group for group in self.groups if any(family.group == group for family in self.families)]

    def product_of(self, group_number: str) -> Product:
        """What the employer with this policy offers."""
        return next(group.product for group in self.groups if group.policy == group_number)

    def add(self, dice: Dice, as_of: date, product: Product, begins: date, *relations: str) -> Family:
        """Another family, of a subscriber and these dependants."""
        number = len(self.families) + 1
        family = _family(dice, as_of, self.group_of(product), number, relations, begins, None)
        self.special.append(family)
        return family

    def change(self, family: Family, changed: Family) -> Family:
        """Say more of a family that was added."""
        self.special[self.special.index(family)] = changed
        return changed


def enroll(dice: Dice, as_of: date, members: int, year_begin: date, ended: date, begins_later: date) -> Membership:
    """Families of so many members in all.

    `ended` is the last day of those whose coverage has ended, `begins_later` the first of those who join afterwards.
    """
    groups = tuple(
        Group(number, HMO if number % 2 else PPO)
        for number in range(1, min(MOST_GROUPS, members // MEMBERS_A_GROUP) + 2)
    )
    narrow = Group(len(groups) + 1, SAVER)
    by_state: tuple[list[Family], list[Family], list[Family]] = ([], [], [])
    enrolled = number = 0
    while enrolled < members:
        number += 1
        state = _state(dice, number)
        begins, ends = ((year_begin, None), (year_begin, ended), (begins_later, None))[state]
        relations = RELATIONS[: min(dice.one((0, 0, 1, 2, 3, 4)), members - enrolled - 1)]
        family = _family(dice, as_of, groups[number % len(groups)], number, relations, begins, ends)
        by_state[state].append(family)
        enrolled += 1 + len(family.dependants)
    covered, terminated, later = map(tuple, by_state)
    return Membership((*groups, narrow), covered, terminated, later)


def _state(dice: Dice, number: int) -> int:
    """0 covered, 1 terminated, 2 beginning later; the first few families are one of each."""
    if number <= 2 * LEAST_FAMILIES_OF_A_STATE + 1:
        return number % 3
    fate = dice.below(1000) / 1000
    return 1 if fate < SHARE_TERMINATED else 2 if fate < SHARE_TERMINATED + SHARE_BEGINNING_LATER else 0


def _family(
    dice: Dice, as_of: date, group: Group, number: int, relations: Sequence[str], begins: date, ends: date | None
) -> Family:
    home = address(dice)
    last = dice.one(LAST_NAMES)
    head = person(dice, as_of, last=last, home=home, years=ADULT_YEARS)
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
    for who, relation in everybody(family):
        is_subscriber = relation == "18"
        written += _member(family, who, relation, "021", "28")
        for product in (family.group.product, DENTAL):
            tier = ("FAM" if family.dependants else "EMP") if is_subscriber else "DEP"
            written += [
                f"HD*021**{product.insurance_line}*{product.plan_code}*{tier}",
                f"DTP*348*D8*{day(family.begins)}",
            ]
            if family.elsewhere and product is not DENTAL:
                written += INSURED_ELSEWHERE
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


def everybody(family: Family) -> list[tuple[Person, str]]:
    """The members of a family with their relation to the subscriber (INS02)."""
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
