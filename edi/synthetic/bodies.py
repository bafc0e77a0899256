"""What stands between the header of a transaction set and its SE, with the places where it may end earlier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from edi.synthetic import vocabulary as words
from edi.synthetic.claim_parts import billing_level, patient_level, subscriber_level
from edi.synthetic.claim_segments import SEGMENTS
from edi.synthetic.dice import Dice
from edi.synthetic.identifiers import random_ssn
from edi.synthetic.model import Provider
from edi.synthetic.people import address, organization
from edi.synthetic.serials import MEMBER
from edi.synthetic.varied_claims import claim, family
from edi.synthetic.varied_members import member_segments

FEWEST_SUBSCRIBERS, MOST_SUBSCRIBERS = 3, 20
SHARE_WITH_SECOND_CLAIM = 0.15


@dataclass(frozen=True, slots=True)
class Cut:
    """A place after a claim or member, up to which the body is whole."""

    offset: int
    """Characters before it."""
    segments: int
    items: int
    """Claims, or members."""
    subscribers: int = 0
    """Of the members of an 834."""


@dataclass(slots=True)
class Body:
    """Segments with their terminators; a cut after every claim or member."""

    parts: list[str] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    length: int = 0
    segments: int = 0

    def add(self, segments: list[str]) -> None:
        """Write segments."""
        text = "~".join(segments) + "~"
        self.parts.append(text)
        self.length += len(text)
        self.segments += len(segments)

    def cut(self, items: int, subscribers: int = 0) -> None:
        """Note that the body may end here."""
        self.cuts.append(Cut(self.length, self.segments, items, subscribers))


def claims_body(dice: Dice, kind: str, as_of: date, claims: int) -> Body:
    """Billing providers, their subscribers and patients, and so many claims."""
    body = Body()
    write = SEGMENTS[kind]
    level = written = 0
    while written < claims:
        level += 1
        billing_provider = level
        body.add(billing_level(level, _billing_provider(dice, kind)))
        for _ in range(dice.between(FEWEST_SUBSCRIBERS, MOST_SUBSCRIBERS)):
            subscriber, patient = family(dice, as_of, f"W{MEMBER}")
            level += 1
            head = subscriber_level(level, billing_provider, subscriber, is_patient=patient is None)
            if patient:
                level += 1
                head += patient_level(level, level - 1, patient.person, patient.relation)
            body.add(head)
            for _ in range(2 if dice.chance(SHARE_WITH_SECOND_CLAIM) else 1):
                body.add(write(claim(dice, kind, as_of, subscriber, patient)))
                written += 1
                body.cut(written)
                if written == claims:
                    return body
    return body


def _billing_provider(dice: Dice, kind: str) -> Provider:
    suffix, taxonomy = {
        "837P": ("MEDICAL GROUP", dice.one(words.TAXONOMIES)),
        "837I": ("HOSPITAL", words.HOSPITAL_TAXONOMY),
        "837D": ("DENTAL CARE", words.DENTAL_CLINIC),
    }[kind]
    return organization(dice, suffix, taxonomy if dice.chance(0.7) else "")


def members_body(dice: Dice, _kind: str, as_of: date, members: int) -> Body:
    """So many members of an employer group, dependants after their subscriber."""
    body = Body()
    subscribers = dependants_left = 0
    family_name, home = "", address(dice)
    for number in range(1, members + 1):
        is_subscriber = dependants_left == 0
        if is_subscriber:
            subscribers += 1
            dependants_left = dice.one((0, 0, 1, 1, 2, 3))
            family_name, home = "", address(dice)
        else:
            dependants_left -= 1
        segments, family_name = member_segments(
            dice, as_of, is_subscriber=is_subscriber, family_name=family_name, home=home, ssn=random_ssn(dice)
        )
        body.add(segments)
        body.cut(number, subscribers)
    return body


MAKERS: Mapping[str, Callable[[Dice, str, date, int], Body]] = {
    "837P": claims_body,
    "837I": claims_body,
    "837D": claims_body,
    "834": members_body,
}
"""Makers of bodies by kind of file."""
