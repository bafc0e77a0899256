"""What can become of a claim in a world, and by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from edi.synthetic.files import UnmakeableFile

CLEAN, SUPERSEDED, BROKEN = "clean", "superseded", "rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A kind of claim, and what a plan makes of it."""

    name: str
    means: str
    status: str
    """paid, denied, pended, or rejected: by the 999 with its set, or by the 277CA alone."""
    rule: str
    """The section of docs/domain.md that says so."""
    share: float
    """Of all claims, unless the caller says otherwise."""
    group_code: str = ""
    reason_code: str = ""
    """CARC of a denial."""
    corrects: bool = False
    """Does it name an earlier claim of ours, whose number its sender must have read first?"""


OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        outcome.name: outcome
        for outcome in (
            Outcome(CLEAN, "nothing speaks against it", "paid", "8.2", 0.0),
            Outcome("late", "received after the filing limit", "denied", "5.1", 0.05, "CO", "29"),
            Outcome("before_coverage", "service before coverage begins", "denied", "7.2", 0.02, "PR", "26"),
            Outcome("terminated", "service after coverage ended", "denied", "7.2", 0.03, "PR", "27"),
            Outcome("unknown_member", "a member nobody enrolled", "rejected", "1.6", 0.03),
            Outcome("not_on_file", "a billing provider nobody registered", "denied", "8.2", 0.02, "CO", "208"),
            Outcome("out_of_contract", "the provider's contract ended before", "denied", "8.2", 0.02, "PR", "242"),
            Outcome("unpriced", "a service without a fee", "pended", "8.2", 0.02),
            Outcome("unbalanced", "CLM02 is not the sum of the lines", "rejected", "1.6", 0.01),
            Outcome("future", "service after the day of receipt", "rejected", "1.6", 0.01),
            Outcome(BROKEN, "its transaction set breaks the guide", "rejected", "1.5", 0.01),
            Outcome("duplicate", "the same bill again", "denied", "7.1", 0.02, "OA", "18"),
            Outcome("replacement", "replaces a claim and changes it", "paid", "6.4", 0.02, corrects=True),
            Outcome("void", "takes a claim back", "paid", "6.4", 0.02, corrects=True),
            Outcome(
                "dispute", "replaces a claim and changes nothing", "denied", "6.6", 0.01, "CO", "193", corrects=True
            ),
            Outcome(SUPERSEDED, "replaces a claim that was replaced", "rejected", "6.4", 0.01, corrects=True),
            Outcome("replacement_without_number", "a replacement without REF*F8", "rejected", "6.4", 0.01),
            Outcome("replacement_of_unknown", "REF*F8 is no number of ours", "rejected", "6.4", 0.01),
        )
    }
)
"""By name. What is left of all shares is clean."""


def counts(claims: int, shares: Mapping[str, float], *, weeks: int) -> dict[str, int]:
    """How many claims of each outcome: those asked for, the usual share of the others, and clean ones for the rest.

    Raises:
        UnmakeableFile: an unknown outcome, shares beyond the whole, or corrections in a world of one week.
    """
    for name, share in shares.items():
        if name not in OUTCOMES:
            raise UnmakeableFile(f"There is no outcome '{name}'; there are {', '.join(OUTCOMES)}.")
        if not 0 <= share <= 1:
            raise UnmakeableFile("A share lies between 0 and 1.")
        if OUTCOMES[name].corrects and weeks == 1 and share:
            raise UnmakeableFile("A claim can be corrected in the week after it was paid: --weeks 2 or more.")
    found: dict[str, int] = {}
    usual = {} if CLEAN in shares else {name: outcome.share for name, outcome in OUTCOMES.items()}
    for name, share in {**usual, **shares}.items():
        if name != CLEAN and not (OUTCOMES[name].corrects and weeks == 1):
            found[name] = round(claims * share)
    if sum(shares.values()) > 1 or sum(found.values()) > claims:
        raise UnmakeableFile("The shares are more than the whole.")
    if CLEAN in shares:
        found = _fill(found, claims - round(claims * shares[CLEAN]), named=set(shares))
    # one that comes too late brings the faster one along
    found[CLEAN] = claims - sum(found.values()) - found.get(SUPERSEDED, 0)
    needed = sum(number for name, number in found.items() if OUTCOMES[name].corrects or name == "duplicate")
    if needed > found[CLEAN] // 2:
        raise UnmakeableFile("Corrections and duplicates need clean claims that they are of: at least two for each.")
    return {name: number for name, number in found.items() if number}


def _fill(found: dict[str, int], wanted: int, *, named: set[str]) -> dict[str, int]:
    """Where the clean share was asked for: what nobody named fills up the rest, in its usual proportions."""
    left = wanted - sum(found.values())
    others = {name: outcome.share for name, outcome in OUTCOMES.items() if name not in named and name != CLEAN}
    whole = sum(others.values())
    return found | {name: int(left * share / whole) for name, share in others.items() if left > 0}
