"""What can become of a claim in a world, and by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from edi.synthetic.files import UnmakeableFile

CLEAN, SUPERSEDED, BROKEN, ORIGINAL = "clean", "superseded", "rejected", "original"
ALL_KINDS = ("837P", "837I", "837D")
MEDICAL, PROFESSIONAL, INSTITUTIONAL = ("837P", "837I"), ("837P",), ("837I",)
RARE = 0.004


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
    """Of all claims, unless the caller says otherwise; 0 for those that others bring along."""
    group_code: str = ""
    reason_code: str = ""
    """CARC of a denial, or of an adjustment that the claim is about."""
    corrects: bool = False
    """Does it name an earlier claim of ours, whose number its sender must have read first?"""
    takes: bool = False
    """Is it about one of the clean claims, which is about nothing else then?"""
    follows: bool = False
    """Does it need a week before or after it?"""
    brings: int = 0
    """How many other claims come along with each."""
    kinds: tuple[str, ...] = ALL_KINDS

    def is_possible(self, weeks: int, kinds: Iterable[str]) -> bool:
        """In a world of so many weeks with these kinds of claims."""
        return (weeks > 1 or not (self.corrects or self.follows)) and bool(set(self.kinds) & set(kinds))


_FIRST = (
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
    Outcome("trial", "it comes in a test file", "paid", "1.3", RARE),
)
_ABOUT_CLEAN = (
    Outcome("duplicate", "the same bill again", "denied", "7.1", 0.02, "OA", "18", takes=True),
    Outcome("suspected", "the same bill again with another charge", "pended", "7.1", RARE, takes=True),
    Outcome("replacement", "replaces a claim and changes it", "paid", "6.4", 0.02, corrects=True, takes=True),
    Outcome("void", "takes a claim back", "paid", "6.4", 0.02, corrects=True, takes=True),
    Outcome(
        "dispute",
        "replaces a claim and changes nothing",
        "denied",
        "6.6",
        0.01,
        "CO",
        "193",
        corrects=True,
        takes=True,
    ),
    Outcome(
        SUPERSEDED,
        "replaces a claim that was replaced",
        "rejected",
        "6.4",
        0.01,
        corrects=True,
        takes=True,
        brings=1,
    ),
)
_CORRECTIONS = (
    Outcome("replacement_without_number", "a replacement without REF*F8", "rejected", "6.4", 0.01),
    Outcome("replacement_of_unknown", "REF*F8 is no number of ours", "rejected", "6.4", 0.01),
    Outcome(ORIGINAL, "another claim is about it", "paid", "8.2", 0.0),
    Outcome(
        "late_replacement",
        "replaces a claim too late, which stays",
        "denied",
        "5.5",
        RARE,
        "CO",
        "29",
        corrects=True,
        brings=1,
    ),
    Outcome(
        "corrected_denial",
        "replaces a denied claim and names a code that is valid",
        "paid",
        "6.4",
        RARE,
        corrects=True,
        brings=1,
        kinds=PROFESSIONAL,
    ),
    Outcome("void_again", "voids a claim that was voided", "denied", "6.4", RARE, "CO", "16", corrects=True, brings=2),
)
_OTHER_PAYERS = (
    Outcome("secondary", "another payer decided before us", "paid", "7.3", RARE, "OA", "23"),
    Outcome("secondary_old", "old, but that payer decided lately", "paid", "5.2", RARE, "OA", "23"),
    Outcome(
        "third_party_delay",
        "likewise in a plan whose limit that does not move: delay reason 7",
        "paid",
        "5.7",
        RARE,
        "OA",
        "23",
        kinds=MEDICAL,
    ),
    Outcome(
        "other_payer_first", "enrolment knows an insurer before us", "denied", "7.3", RARE, "CO", "22", kinds=MEDICAL
    ),
    Outcome("primary_silent", "the payer before us said nothing", "denied", "8.2", RARE, "CO", "16"),
)
_ELIGIBILITY = (
    Outcome("not_yet_enrolled", "its member is enrolled a week later", "rejected", "1.6", 0.0),
    Outcome("enrolled_since", "sent again then", "paid", "7.2", RARE, follows=True, brings=1),
    Outcome("enrolled_late", "late, and so was the enrolment: delay reason 1 or 8", "paid", "5.7", RARE, follows=True),
    Outcome("terminated_since", "paid before its coverage was ended", "paid", "3.6", RARE, follows=True),
    Outcome("unproved_delay", "late, with a delay reason that nothing bears out", "denied", "5.7", RARE, "CO", "29"),
    Outcome("delay_to_weigh", "late, with a delay reason for a person", "pended", "5.7", RARE),
)
_SERVICES = (
    Outcome("other_tin", "the NPI is on file with another TIN", "denied", "8.2", RARE, "CO", "16"),
    Outcome("other_network", "a contract of another network", "denied", "8.2", RARE, "PR", "279", kinds=MEDICAL),
    Outcome("retired_code", "a code that was withdrawn", "denied", "8.2", RARE, "CO", "181", kinds=PROFESSIONAL),
    Outcome("bundled", "a service is part of another one", "paid", "8.2", RARE, "CO", "97", kinds=PROFESSIONAL),
    Outcome("too_many_units", "more than a day's units", "denied", "8.2", RARE, "CO", "151", kinds=PROFESSIONAL),
    Outcome("unauthorized", "without its authorization", "denied", "8.2", RARE, "CO", "197", kinds=PROFESSIONAL),
    Outcome("authorized", "with its authorization", "paid", "8.2", RARE, kinds=PROFESSIONAL),
    Outcome("unreferred", "without its referral", "denied", "8.2", RARE, "CO", "288", kinds=PROFESSIONAL),
    Outcome("referred", "with its referral", "paid", "8.2", RARE, kinds=PROFESSIONAL),
)
_BENEFITS = (
    Outcome("within_limit", "a visit that a coverage limit allows", "paid", "8.2", 0.0, kinds=PROFESSIONAL),
    Outcome("beyond_limit", "one visit too many", "denied", "8.2", RARE, "PR", "119", brings=2, kinds=PROFESSIONAL),
    Outcome("deductible", "a family's first claims of a year", "paid", "8.2", 0.0, "PR", "1", kinds=PROFESSIONAL),
    Outcome("deductible_met", "after its deductible", "paid", "8.2", 0.0, "PR", "2", kinds=PROFESSIONAL),
    Outcome(
        "maximum_reached", "up to the member's maximum", "paid", "8.2", RARE, "PR", "2", brings=4, kinds=PROFESSIONAL
    ),
)
_STAYS = (
    Outcome("interim", "a stay's first bills", "paid", "6.4", 0.0, kinds=INSTITUTIONAL),
    Outcome("interim_last", "a stay's last bill", "paid", "6.4", RARE, brings=2, kinds=INSTITUTIONAL),
    Outcome(
        "interim_gap", "a last bill that leaves a gap", "denied", "6.4", RARE, "CO", "16", brings=1, kinds=INSTITUTIONAL
    ),
    Outcome(
        "interim_refused", "the plan takes no interim bills", "denied", "6.4", RARE, "CO", "135", kinds=INSTITUTIONAL
    ),
    Outcome(
        "late_charge", "late charges to a paid bill", "paid", "6.4", RARE, follows=True, brings=1, kinds=INSTITUTIONAL
    ),
    Outcome("late_charge_alone", "late charges to no bill of ours", "rejected", "6.4", RARE, kinds=INSTITUTIONAL),
)
OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        outcome.name: outcome
        for outcomes in (
            *(_FIRST, _ABOUT_CLEAN, _CORRECTIONS, _OTHER_PAYERS, _ELIGIBILITY, _SERVICES, _BENEFITS, _STAYS),
        )
        for outcome in outcomes
    }
)
"""By name. What is left of all shares is clean."""


def counts(claims: int, shares: Mapping[str, float], *, weeks: int, kinds: Iterable[str] = ALL_KINDS) -> dict[str, int]:
    """How many claims of each outcome: those asked for, the usual share of the others, and clean ones for the rest.

    Raises:
        UnmakeableFile: an unknown outcome, shares beyond the whole, or outcomes that such a world cannot have.
    """
    _check(shares, weeks, kinds)
    possible = {name for name, outcome in OUTCOMES.items() if outcome.is_possible(weeks, kinds)}
    found: dict[str, int] = {}
    usual = {} if CLEAN in shares else {name: outcome.share for name, outcome in OUTCOMES.items()}
    for name, share in {**usual, **shares}.items():
        if name != CLEAN and name in possible:
            found[name] = round(claims * share)
    if sum(shares.values()) > 1 or _with_others(found) > claims:
        raise UnmakeableFile("The shares are more than the whole.")
    if CLEAN in shares:
        found = _fill(found, claims - round(claims * shares[CLEAN]), possible - set(shares))
    found[CLEAN] = claims - _with_others(found)
    needed = sum(number for name, number in found.items() if OUTCOMES[name].takes)
    if needed > found[CLEAN] // 2:
        raise UnmakeableFile("Corrections and duplicates need clean claims that they are of: at least two for each.")
    return {name: number for name, number in found.items() if number}


def _check(shares: Mapping[str, float], weeks: int, kinds: Iterable[str]) -> None:
    for name, share in shares.items():
        if name not in OUTCOMES:
            raise UnmakeableFile(f"There is no outcome '{name}'; there are {', '.join(OUTCOMES)}.")
        outcome = OUTCOMES[name]
        if not 0 <= share <= 1:
            raise UnmakeableFile("A share lies between 0 and 1.")
        if share and name != CLEAN and not outcome.share:
            raise UnmakeableFile(f"Claims that are '{name}' come with others only.")
        if share and not outcome.is_possible(weeks, kinds):
            raise UnmakeableFile(f"'{name}' takes --weeks 2 or more, or another kind of claims.")


def _with_others(found: Mapping[str, int]) -> int:
    """Claims together with those that they bring along."""
    return sum(number * (1 + OUTCOMES[name].brings) for name, number in found.items())


def _fill(found: dict[str, int], wanted: int, others: set[str]) -> dict[str, int]:
    """Where the clean share was asked for: what nobody named fills up the rest, in its usual proportions."""
    left = wanted - _with_others(found)
    usual = {name: outcome for name, outcome in OUTCOMES.items() if name in others and name != CLEAN}
    whole = sum(outcome.share * (1 + outcome.brings) for outcome in usual.values())
    return found | {name: int(left * outcome.share / whole) for name, outcome in usual.items() if left > 0}
