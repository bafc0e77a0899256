"""Claims that are about each other, or about something rare: each with a family of its own.

A scenario makes the claim that has its name, and those that it brings along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from edi.synthetic.model import Claim, Patient
from edi.synthetic.varied_claims import MAKERS
from edi.synthetic.vocabulary import SERVICES, Service
from edi.synthetic.world import bills
from edi.synthetic.world.claims import LATE_DAYS, ClaimMaker, WorldClaim, correcting, dearer, marker, named
from edi.synthetic.world.members import Family
from edi.synthetic.world.outcomes import ORIGINAL, OUTCOMES
from edi.synthetic.world.plan import (
    AUTHORIZED,
    CHIROPRACTIC,
    COMPONENT,
    COMPREHENSIVE,
    COUNTED,
    DENTAL,
    ECHO,
    HMO,
    MOST_COUNTED,
    REFERRED,
    RETIRED,
    SAVER,
    Product,
    paid,
)
from edi.synthetic.world.providers import CONTRACTED, OUT_OF_NETWORK, Biller
from edi.synthetic.world.reference import AUTHORIZATION, NEEDED, QUALIFIERS, REFERRAL
from edi.synthetic.world.shares import FamilyYear

WEEK = timedelta(days=7)
PROVED, UNPROVED, TO_WEIGH = ("1", "8"), ("1", "7", "8"), ("2", "11")
"""Delay reasons (CLM20): whose evidence the plan has, for which it has none, and which a person weighs."""
THIRD_PARTY = "7"
OFFICE = {service.code: service for service in SERVICES}
STAY_DAYS = 20
"""From admission to the last bill, which is sent some days later."""


@dataclass(slots=True)
class Case:
    """What a scenario begins with."""

    name: str
    week: int
    kind: str
    family: Family
    biller: Biller
    received: date


@dataclass(slots=True)
class Scenarios:
    """Makes claims by the name of their outcome."""

    maker: ClaimMaker
    begins: date
    """The first day of everybody's coverage."""
    given: list[tuple[str, str, str]] = field(default_factory=list)
    """Authorizations and referrals: kind, number and subscriber."""

    def __contains__(self, name: str) -> bool:
        return name in _SCENARIOS

    def make(self, name: str, week: int) -> list[WorldClaim]:
        """The claim of this name and those that it brings along, the first of them in this week."""
        product, write = _SCENARIOS[name]
        kinds = [kind for kind in self.maker.kinds if kind in OUTCOMES[name].kinds]
        relations = ("01",) if name == "maximum_reached" else ()
        received = self.maker.received(week)
        family = self.maker.membership.add(self.maker.dice, received, product, self.begins, *relations)
        kind = self.maker.dice.one(kinds)
        return write(self, Case(name, week, kind, family, self.maker.biller(kind, CONTRACTED), received))

    def claim(self, case: Case, claim: Claim, name: str = "", *, pays: int | None = None) -> WorldClaim:
        """A claim of the case; what is paid for it follows from the product, unless it is said."""
        outcome = OUTCOMES[name or case.name]
        product = DENTAL if case.kind == "837D" else case.family.group.product
        if pays is None:
            pays = _paid(claim, product, case.kind) if outcome.status == "paid" else 0
        return WorldClaim(case.kind, case.week, outcome, case.biller, case.family.insured(product), None, claim, pays)

    def change(self, case: Case, **changes: object) -> None:
        """Say more of the case's family."""
        changed = replace(case.family, **changes)  # type: ignore[arg-type] # fields by name
        case.family = self.maker.membership.change(case.family, changed)

    def varied(self, case: Case, *, older: int = 0) -> Claim:
        """A claim as they come, so many days older."""
        made = MAKERS[case.kind](self.maker.dice, case.received - timedelta(days=older))
        return named(made, self.maker.account(), self.maker.dice)

    def professional(self, case: Case, *services: Service, days: int = 10, units: int = 1) -> Claim:
        """A plain bill of services so many days before it is received."""
        return bills.professional_bill(
            self.maker.account(), case.received - timedelta(days=days), *services, units=units
        )


def _paid(claim: Claim, product: Product, kind: str) -> int:
    if product.terms is not None:
        return FamilyYear(product).pays(claim, None)
    return paid(claim, product, is_professional=kind != "837I")


def _later(each: WorldClaim, frequency: str, name: str, suffix: str, *, pays: int = 0) -> WorldClaim:
    """A correction of a claim, a week after it."""
    claim = replace(correcting(each.claim, frequency, marker(each.account)), account=f"{each.account}-{suffix}")
    return replace(each, week=each.week + 1, outcome=OUTCOMES[name], claim=claim, paid=pays, sent_in="corrections")


def _secondary(world: Scenarios, case: Case, *, older: int = 0, delay_reason: str = "") -> list[WorldClaim]:
    claim = replace(world.varied(case, older=older), delay_reason=delay_reason)
    insured = case.family.insured(case.family.group.product)
    decided_on = world.maker.dice.day_before(case.received, 1, 3)
    made = world.claim(case, bills.after_another_payer(world.maker.dice, claim, insured, decided_on))
    return [replace(made, subscriber=replace(made.subscriber, responsibility="S"))]


def _secondary_old(world: Scenarios, case: Case) -> list[WorldClaim]:
    return _secondary(world, case, older=LATE_DAYS)


def _third_party_delay(world: Scenarios, case: Case) -> list[WorldClaim]:
    return _secondary(world, case, older=LATE_DAYS, delay_reason=THIRD_PARTY)


def _primary_silent(world: Scenarios, case: Case) -> list[WorldClaim]:
    insured = case.family.insured(case.family.group.product)
    made = world.claim(case, bills.beside_a_silent_payer(world.maker.dice, world.varied(case), insured))
    return [replace(made, subscriber=replace(made.subscriber, responsibility="S"))]


def _other_payer_first(world: Scenarios, case: Case) -> list[WorldClaim]:
    world.change(case, elsewhere=True)
    return [world.claim(case, world.varied(case))]


def _enrolled_since(world: Scenarios, case: Case) -> list[WorldClaim]:
    world.change(case, enrolled=case.week + 1)
    early = world.claim(case, world.varied(case), "not_yet_enrolled")
    again = world.claim(case, replace(early.claim, account=f"{early.account}-A"))
    return [early, replace(again, week=case.week + 1)]


def _enrolled_late(world: Scenarios, case: Case) -> list[WorldClaim]:
    case.week, case.received = case.week + 1, case.received + WEEK
    world.change(case, enrolled=case.week)
    claim = replace(world.varied(case, older=LATE_DAYS), delay_reason=world.maker.dice.one(PROVED))
    return [world.claim(case, claim)]


def _terminated_since(world: Scenarios, case: Case) -> list[WorldClaim]:
    made = world.claim(case, world.varied(case))
    world.change(case, ends=world.begins + timedelta(days=40), told=case.week + 1)
    return [made]


def _delayed(reasons: tuple[str, ...]) -> Callable[[Scenarios, Case], list[WorldClaim]]:
    def write(world: Scenarios, case: Case) -> list[WorldClaim]:
        claim = replace(world.varied(case, older=LATE_DAYS), delay_reason=world.maker.dice.one(reasons))
        return [world.claim(case, claim)]

    return write


def _other_network(world: Scenarios, case: Case) -> list[WorldClaim]:
    case.biller = world.maker.biller(case.kind, OUT_OF_NETWORK)
    return [world.claim(case, world.varied(case))]


def _services(*services: Service, units: int = 1) -> Callable[[Scenarios, Case], list[WorldClaim]]:
    def write(world: Scenarios, case: Case) -> list[WorldClaim]:
        return [world.claim(case, world.professional(case, *services, units=units))]

    return write


def _bundled(world: Scenarios, case: Case) -> list[WorldClaim]:
    claim = world.professional(case, COMPREHENSIVE, COMPONENT)
    alone = replace(claim, lines=claim.lines[:1])
    return [world.claim(case, claim, pays=_paid(alone, case.family.group.product, case.kind))]


def _given(kind: str) -> Callable[[Scenarios, Case], list[WorldClaim]]:
    def write(world: Scenarios, case: Case) -> list[WorldClaim]:
        claim = world.professional(case, NEEDED[kind])
        number = f"OK{claim.account}"
        world.given.append((kind, number, case.family.number))
        return [world.claim(case, replace(claim, references=((QUALIFIERS[kind], number),)))]

    return write


def _corrected_denial(world: Scenarios, case: Case) -> list[WorldClaim]:
    denied = world.claim(case, world.professional(case, RETIRED), "retired_code")
    [line] = denied.claim.lines
    right = replace(denied, claim=replace(denied.claim, lines=(replace(line, code=OFFICE["99213"].code),)))
    pays = _paid(right.claim, case.family.group.product, case.kind)
    return [denied, _later(right, "7", case.name, "C", pays=pays)]


def _late_replacement(world: Scenarios, case: Case) -> list[WorldClaim]:
    original = world.claim(case, world.varied(case), ORIGINAL)
    late = _later(original, "7", case.name, "L")
    return [original, replace(late, claim=dearer(late.claim))]


def _void_again(world: Scenarios, case: Case) -> list[WorldClaim]:
    original = world.claim(case, world.varied(case), ORIGINAL)
    again = replace(_later(original, "8", case.name, "W"), sent_in="corrections_again")
    return [original, _later(original, "8", "void", "V"), again]


def _beyond_limit(world: Scenarios, case: Case) -> list[WorldClaim]:
    year, made = FamilyYear(case.family.group.product), []
    for days in (16, 13):
        claim = world.professional(case, CHIROPRACTIC, days=days)
        made.append(world.claim(case, claim, "within_limit", pays=year.pays(claim, None)))
    return [*made, world.claim(case, world.professional(case, CHIROPRACTIC, days=10))]


def _maximum_reached(world: Scenarios, case: Case) -> list[WorldClaim]:
    """Two of a family, in turns: their deductibles, the family's, coinsurance alone, and the maximum of one."""
    year, made = FamilyYear(case.family.group.product), []
    [spouse] = case.family.dependants
    visits: tuple[tuple[str, Patient | None, Service], ...] = (
        ("deductible", None, OFFICE["99213"]),
        ("deductible", spouse, OFFICE["99214"]),
        ("deductible", None, OFFICE["99203"]),
        ("deductible_met", spouse, OFFICE["G0439"]),
        ("maximum_reached", None, ECHO),
    )
    for place, (name, patient, service) in enumerate(visits):
        claim = world.professional(case, service, days=30 - place)
        made.append(replace(world.claim(case, claim, name, pays=year.pays(claim, patient)), patient=patient))
    return made


def _stay(world: Scenarios, case: Case, first: int, last: int, frequency: str, name: str = "") -> WorldClaim:
    """A bill of the stay that ended five days before it is received, from one of its days through another."""
    admitted = case.received - timedelta(days=STAY_DAYS + 5)
    days = (admitted + timedelta(days=first), admitted + timedelta(days=last))
    claim = bills.bill_of_stay(world.maker.dice, world.maker.account(), admitted, *days, frequency)
    return world.claim(case, claim, name)


def _interim_last(world: Scenarios, case: Case) -> list[WorldClaim]:
    return [
        _stay(world, case, 0, 6, "2", "interim"),
        _stay(world, case, 7, 13, "3", "interim"),
        _stay(world, case, 14, STAY_DAYS, "4"),
    ]


def _interim_gap(world: Scenarios, case: Case) -> list[WorldClaim]:
    return [_stay(world, case, 0, 6, "2", "interim"), _stay(world, case, 9, STAY_DAYS, "4")]


def _interim_refused(world: Scenarios, case: Case) -> list[WorldClaim]:
    return [_stay(world, case, 0, 6, "2")]


def _late_charge(world: Scenarios, case: Case) -> list[WorldClaim]:
    visited = case.received - timedelta(days=10)
    base = bills.bill_of_visit(world.maker.dice, world.maker.account(), visited, 31_000)
    more = bills.bill_of_visit(world.maker.dice, world.maker.account(), visited, 4_000, "5")
    return [world.claim(case, base, ORIGINAL), replace(world.claim(case, more), week=case.week + 1)]


def _late_charge_alone(world: Scenarios, case: Case) -> list[WorldClaim]:
    visited = case.received - timedelta(days=10)
    return [world.claim(case, bills.bill_of_visit(world.maker.dice, world.maker.account(), visited, 4_000, "5"))]


Scenario = Callable[[Scenarios, Case], list[WorldClaim]]
_SCENARIOS: Mapping[str, tuple[Product, Scenario]] = {
    "secondary": (HMO, _secondary),
    "secondary_old": (HMO, _secondary_old),
    "third_party_delay": (SAVER, _third_party_delay),
    "primary_silent": (HMO, _primary_silent),
    "other_payer_first": (HMO, _other_payer_first),
    "enrolled_since": (HMO, _enrolled_since),
    "enrolled_late": (HMO, _enrolled_late),
    "terminated_since": (HMO, _terminated_since),
    "unproved_delay": (HMO, _delayed(UNPROVED)),
    "delay_to_weigh": (HMO, _delayed(TO_WEIGH)),
    "other_network": (SAVER, _other_network),
    "retired_code": (HMO, _services(RETIRED)),
    "bundled": (HMO, _bundled),
    "too_many_units": (HMO, _services(COUNTED, units=MOST_COUNTED + 1)),
    "unauthorized": (HMO, _services(AUTHORIZED)),
    "authorized": (HMO, _given(AUTHORIZATION)),
    "unreferred": (HMO, _services(REFERRED)),
    "referred": (HMO, _given(REFERRAL)),
    "corrected_denial": (HMO, _corrected_denial),
    "late_replacement": (SAVER, _late_replacement),
    "void_again": (HMO, _void_again),
    "beyond_limit": (SAVER, _beyond_limit),
    "maximum_reached": (SAVER, _maximum_reached),
    "interim_last": (HMO, _interim_last),
    "interim_gap": (HMO, _interim_gap),
    "interim_refused": (SAVER, _interim_refused),
    "late_charge": (HMO, _late_charge),
    "late_charge_alone": (HMO, _late_charge_alone),
}
