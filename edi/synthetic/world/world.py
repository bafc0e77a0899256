"""What a world is asked to be, and what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from edi.synthetic.files import DAY_AS_OF, UnmakeableFile
from edi.synthetic.world.claims import WorldClaim
from edi.synthetic.world.members import Membership
from edi.synthetic.world.outcomes import OUTCOMES

CLAIM_KINDS = ("837P", "837I", "837D")
MOST_WEEKS = 26
LEAST_MEMBERS = 10
TEMPLATE = ".template"
"""Ends the name of a file that quotes claim numbers which are not known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldRequest:
    """What world to make."""

    seed: int = 1
    members: int = 200
    claims: int = 300
    weeks: int = 2
    shares: Mapping[str, float] = field(default_factory=dict)
    """Shares of outcomes; the usual ones for those that are not named."""
    kinds: tuple[str, ...] = CLAIM_KINDS
    first_day: date = DAY_AS_OF
    """The Monday on which the first files are received."""
    usage: str = "P"
    """ISA15."""

    def __post_init__(self) -> None:
        if self.members < LEAST_MEMBERS or self.claims < 1 or not 1 <= self.weeks <= MOST_WEEKS:
            raise UnmakeableFile(
                f"A world has {LEAST_MEMBERS} members or more, a claim or more, and 1 to {MOST_WEEKS} weeks."
            )
        if not self.kinds or set(self.kinds) - set(CLAIM_KINDS):
            raise UnmakeableFile(f"Kinds of claims are {', '.join(CLAIM_KINDS)}.")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file that a partner sends."""

    week: int
    partner: str
    path: str
    """Below the world's folder; a template ends with `.template`."""
    received_at: str
    """Plan-local, such as 2026-06-01T09:00."""
    content: bytes


@dataclass(slots=True)
class World:
    """A world in memory."""

    configuration: Mapping[str, str]
    """By file name."""
    reference: Mapping[str, str]
    """Reference data by kind."""
    deliveries: list[Delivery]
    """In order of arrival."""
    claims: list[tuple[str, WorldClaim]]
    """Every claim with the path of its file."""
    membership: Membership

    def summary(self) -> dict[str, object]:
        """Counts for people and programs."""
        outcomes = Counter(claim.outcome.name for _, claim in self.claims)
        return {
            "groups": len(self.membership.employers),
            "members": sum(1 + len(family.dependants) for family in self.membership.families),
            "claims": len(self.claims),
            "files": len(self.deliveries),
            "outcomes": {name: outcomes[name] for name in OUTCOMES if outcomes[name]},
        }
