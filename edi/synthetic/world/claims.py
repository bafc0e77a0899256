"""The claims of a world: each made so that one thing, and one only, decides what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from edi.synthetic.dice import Dice
from edi.synthetic.files import UnmakeableFile
from edi.synthetic.model import Claim, Line, Patient, Subscriber
from edi.synthetic.serials import CONTROL, TRACE
from edi.synthetic.varied_claims import MAKERS
from edi.synthetic.world.members import Family, Membership
from edi.synthetic.world.outcomes import BROKEN, CLEAN, OUTCOMES, Outcome
from edi.synthetic.world.plan import (
    DENTAL,
    FILING_LIMIT_DAYS,
    UNPRICED,
    UNPRICED_DENTAL,
    UNPRICED_REVENUE,
    paid,
)
from edi.synthetic.world.providers import CONTRACTED, NOT_ON_FILE, OTHER_TIN, OUT_OF_CONTRACT, Biller
from edi.synthetic.world.resemblance import BillsOfPeople

DAYS_A_WEEK = 7
LATE_DAYS = FILING_LIMIT_DAYS + 10
"""How much older a late claim's service is than that of one on time."""
FUTURE_DAYS = 60
"""Its service is given after the file came: a maker's services lie up to 45 days, and stays nine more, before a day."""
UNKNOWN_NUMBER = "990010000001"
"""A claim number that no plan drew: there was no such day."""
FIRST_REFERENCES = ("9F", "G1")
"""REF that stand before F8."""
MOST_ATTEMPTS = 200
"""To make a bill that resembles none of the same person, before there are too few people for so many."""
STANDINGS = {"not_on_file": NOT_ON_FILE, "out_of_contract": OUT_OF_CONTRACT, "other_tin": OTHER_TIN}
SENT_IN = {BROKEN: "claims_broken", "trial": "claims_trial"}


@dataclass(frozen=True, slots=True)
class WorldClaim:
    """A claim, who sends it when, and what must become of it."""

    kind: str
    week: int
    """From 1."""
    outcome: Outcome
    biller: Biller
    subscriber: Subscriber
    patient: Patient | None
    claim: Claim
    paid: int
    """What the plan must pay, in cents."""
    excess: int = 0
    """What CLM02 is more than its lines."""
    sent_in: str = "claims"
    """The name of its file without the kind."""

    @property
    def account(self) -> str:
        """CLM01."""
        return self.claim.account

    @property
    def reason(self) -> str:
        """Group and CARC of its outcome, empty where it has none."""
        return f"{self.outcome.group_code} {self.outcome.reason_code}".strip()


class SpecialClaims(Protocol):
    """Makes claims that are about each other, by the name of an outcome (`edi.synthetic.world.scenarios`)."""

    def __contains__(self, name: str) -> bool: ...

    def make(self, name: str, week: int) -> list[WorldClaim]:
        """The claim of this name and those that it brings along, the first of them in this week."""


class ClaimMaker:
    """Makes claims of a world one by one."""

    def __init__(
        self, dice: Dice, membership: Membership, billers: Sequence[Biller], kinds: Sequence[str], first_day: date
    ) -> None:
        self.dice = dice
        self.membership = membership
        self.billers = billers
        self.kinds = kinds
        self.first_day = first_day
        self.number = 0
        self.bills = BillsOfPeople()

    def received(self, week: int) -> date:
        """The day on which the claims of a week are received."""
        return self.first_day + timedelta(days=DAYS_A_WEEK * (week - 1))

    def account(self) -> str:
        """The next CLM01."""
        self.number += 1
        return f"S{self.number:07d}"

    def biller(self, kind: str, standing: str) -> Biller:
        """Somebody who bills such claims."""
        return self.dice.one([each for each in self.billers if (each.kind, each.standing) == (kind, standing)])

    def first(self, name: str, week: int) -> WorldClaim:
        """A claim that corrects none, and resembles none."""
        self.account()
        for _ in range(MOST_ATTEMPTS):
            made = self._attempt(name, week)
            if self.bills.take(made.kind, made.subscriber, made.patient, made.claim):
                return made
        raise UnmakeableFile("There are too few members for so many claims.")

    def _attempt(self, name: str, week: int) -> WorldClaim:
        outcome = OUTCOMES[name]
        kind = self.dice.one(self.kinds)
        family = self._family(name)
        people = (None, *family.dependants)
        patient = people[self.dice.below(len(people))]
        product = DENTAL if kind == "837D" else family.group.product
        subscriber = family.insured(product)
        if name == "unknown_member":
            subscriber = replace(subscriber, member_id=f"X{self.dice.digits(8)}")
        standing = STANDINGS.get(name, CONTRACTED)
        biller = self.biller(kind, standing)
        claim = self._claim(kind, name, week)
        whole = paid(claim, product, is_professional=kind != "837I")
        return WorldClaim(
            kind=kind,
            week=week,
            outcome=outcome,
            biller=biller,
            subscriber=subscriber,
            patient=patient,
            claim=claim,
            paid=whole if outcome.status == "paid" else 0,
            excess=100 if name == "unbalanced" else 0,
            sent_in=SENT_IN.get(name, "claims"),
        )

    def _family(self, name: str) -> Family:
        membership = self.membership
        families = {"terminated": membership.terminated, "before_coverage": membership.beginning_later}
        return self.dice.one(families.get(name, membership.covered))

    def _claim(self, kind: str, name: str, week: int) -> Claim:
        received = self.received(week)
        if name == "late":
            received -= timedelta(days=LATE_DAYS)
        elif name == "future":
            received += timedelta(days=FUTURE_DAYS)
        made = named(MAKERS[kind](self.dice, received), f"S{self.number:07d}", self.dice)
        if name == "unpriced":
            made = _unpriced(made, kind)
        if name == "replacement_without_number":
            return replace(made, frequency="7")
        if name == "replacement_of_unknown":
            return correcting(made, "7", UNKNOWN_NUMBER)
        return made

    def again(self, name: str, original: WorldClaim) -> WorldClaim:
        """The same bill, sent a second time in the same week; one that is to be suspected only is dearer."""
        claim = replace(original.claim, account=f"{original.account}-{name[0].upper()}")
        if name == "suspected":
            claim = dearer(claim)
        return replace(original, outcome=OUTCOMES[name], claim=claim, paid=0, sent_in="claims_again")

    def correction(self, name: str, original: WorldClaim, week: int) -> list[WorldClaim]:
        """A correction of a claim of an earlier week; REF*F8 is a marker: its number is not known yet.

        One that comes too late comes with the one that was faster.
        """
        if name == "superseded":
            faster = self.correction("replacement", original, week)
            slower = self.correction("dispute", original, week)[0]
            claim = replace(dearer(slower.claim), account=f"{original.account}-X")
            return [*faster, replace(slower, outcome=OUTCOMES[name], claim=claim)]
        frequency = "8" if name == "void" else "7"
        claim = correcting(original.claim, frequency, marker(original.account))
        claim = replace(claim, account=f"{original.account}-{name[0].upper()}")
        if name == "replacement":
            claim = dearer(claim)
        product = DENTAL if original.kind == "837D" else self.membership.product_of(original.subscriber.group_number)
        pays = paid(claim, product, is_professional=original.kind != "837I") if name == "replacement" else 0
        outcome = OUTCOMES[name]
        return [replace(original, week=week, outcome=outcome, claim=claim, paid=pays, sent_in="corrections")]


def marker(account: str) -> str:
    """Stands for our number of the claim that its sender calls so, until it was read in an 835."""
    return f"@{account}@"


def named(claim: Claim, account: str, dice: Dice) -> Claim:
    """The claim with numbers of its own in place of running ones."""
    lines = tuple(
        replace(line, control=f"{account}.{number}" if line.control == CONTROL else line.control)
        for number, line in enumerate(claim.lines, 1)
    )
    trace = dice.digits(len(TRACE))
    references = tuple((name, trace if value == TRACE else value) for name, value in claim.references)
    return replace(claim, account=account, lines=lines, references=references)


def correcting(claim: Claim, frequency: str, number: str) -> Claim:
    """The claim as a correction of the one with this number of ours."""
    first = tuple(each for each in claim.references if each[0] in FIRST_REFERENCES)
    rest = tuple(each for each in claim.references if each[0] not in FIRST_REFERENCES)
    return replace(claim, frequency=frequency, references=(*first, ("F8", number), *rest))


def dearer(claim: Claim) -> Claim:
    """With a higher charge of its first line."""
    first, *others = claim.lines
    return replace(claim, lines=(replace(first, charge=first.charge + 1500), *others))


def _unpriced(claim: Claim, kind: str) -> Claim:
    """The first service is one that the fee schedule lacks."""
    first, *others = claim.lines
    line: Line
    if kind == "837I":
        line = replace(first, revenue_code=UNPRICED_REVENUE, code="", modifiers=(), drug=None, units="1", unit="UN")
    else:
        service = UNPRICED_DENTAL if kind == "837D" else UNPRICED
        line = replace(
            first, code=service.code, modifiers=(), drug=None, units="1", unit="UN", areas=(), teeth=(), through=None
        )
    return replace(claim, lines=(line, *others))


def make_claims(maker: ClaimMaker, scenarios: SpecialClaims, counts: dict[str, int], weeks: int) -> list[WorldClaim]:
    """So many claims of each outcome, dealt over the weeks; corrections come in weeks after their originals."""
    found: list[WorldClaim] = []
    week = 0
    for name, number in counts.items():
        if name in scenarios or OUTCOMES[name].takes:
            continue
        for _ in range(number):
            week = week % weeks + 1
            found.append(maker.first(name, week))
    originals = maker.dice.shuffled([each for each in found if each.outcome.name == CLEAN])
    for name, number in counts.items():
        outcome = OUTCOMES[name]
        for _ in range(number):
            if outcome.takes:
                original = _take(originals, weeks - 1 if outcome.corrects else weeks)
                is_correction = outcome.corrects
                found += (
                    maker.correction(name, original, original.week + 1)
                    if is_correction
                    else [maker.again(name, original)]
                )
            elif name in scenarios:
                last = max(weeks - 1, 1) if outcome.corrects or outcome.follows else weeks
                week = week % last + 1
                found += scenarios.make(name, week)
    return found


def _take(originals: list[WorldClaim], last_week: int) -> WorldClaim:
    """A clean claim that nothing else is about."""
    for place, each in enumerate(originals):
        if each.week <= last_week:
            return originals.pop(place)
    raise UnmakeableFile("There are too few clean claims for so many corrections and duplicates.")
