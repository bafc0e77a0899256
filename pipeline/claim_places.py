"""Which segment of a claim a decision is about: for each code that says why, the places to look, the likeliest first.

The codes are facts of the 835 and 277CA (domain.md 8.2, 6.4); the places are loops and elements of the 837 guides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple


class Place(NamedTuple):
    """An element of a claim."""

    segment: str
    qualifier: str = ""
    """What its first element must be; empty: anything."""
    element: int = 0
    """0 is the whole segment."""
    is_above: bool = False
    """Does it stand above the claim? Such segments may occur inside of it too, and are then somebody else's."""


def _all(segment: str, element: int, *qualifiers: str) -> tuple[Place, ...]:
    return tuple(Place(segment, qualifier, element) for qualifier in qualifiers)


SERVICE = (Place("SV1", "", 1), Place("SV2", "", 2), Place("SV3", "", 1), Place("CLM"))
CHARGE = (Place("SV1", "", 2), Place("SV2", "", 3), Place("SV3", "", 2), Place("CLM", "", 2))
PLACE_OF_SERVICE = (Place("SV1", "", 5), Place("SV3", "", 3), Place("CLM", "", 5))
SERVICE_DAY = (*_all("DTP", 3, "472", "434"), *SERVICE)
FREQUENCY = (Place("CLM", "", 5),)
ORIGINAL = (Place("REF", "F8", 2), *FREQUENCY)
PATIENT = (Place("NM1", "QC", 3, is_above=True),)
SUBSCRIBER = (Place("NM1", "IL", 9, is_above=True), Place("CLM"))
MEMBER = (*PATIENT, *SUBSCRIBER)
BIRTH_DATE = (Place("DMG", "D8", 2, is_above=True), *MEMBER)
PAYER = (Place("NM1", "PR", 9, is_above=True), Place("CLM"))
SUBMITTER = (Place("NM1", "41", 9, is_above=True), Place("CLM"))
BILLING_PROVIDER = (Place("NM1", "85", 9, is_above=True), Place("CLM"))
RENDERING_PROVIDER = (Place("NM1", "82", 9), *BILLING_PROVIDER)
TAXONOMY = (Place("PRV", "BI", 3, is_above=True), *BILLING_PROVIDER)
TAXPAYER = (
    Place("REF", "EI", 2, is_above=True),
    Place("REF", "SY", 2, is_above=True),
    *BILLING_PROVIDER,
)
OTHER_PAYER = (Place("DTP", "573", 3), Place("SBR", "", 1), Place("SBR", "", 1, is_above=True), Place("CLM"))
DIAGNOSIS = (Place("HI", "", 1), Place("CLM"))

OF_REMARKS: Mapping[str, Sequence[Place]] = MappingProxyType(
    {
        **dict.fromkeys(("M47", "N152", "N142", "N547", "N368", "N380"), ORIGINAL),
        **dict.fromkeys(("N257",), BILLING_PROVIDER),
        **dict.fromkeys(("N290", "N570"), RENDERING_PROVIDER),
        **dict.fromkeys(("N516",), TAXPAYER),
        **dict.fromkeys(("N4", "N48", "N479", "MA04", "MA83", "MA92"), OTHER_PAYER),
        **dict.fromkeys(("N318", "MA40", "MA31", "N50", "MA43"), (*_all("DTP", 3, "096", "435", "434"), Place("CL1"))),
        **dict.fromkeys(("M77",), PLACE_OF_SERVICE),
        **dict.fromkeys(("M76",), DIAGNOSIS),
        **dict.fromkeys(("MA30",), FREQUENCY),
        "N379": CHARGE,
        "N382": MEMBER,
    }
)
OF_REASONS: Mapping[str, Sequence[Place]] = MappingProxyType(
    {
        **dict.fromkeys(("26", "27", "29", "177", "238", "239", "B4"), SERVICE_DAY),
        **dict.fromkeys(("31",), MEMBER),
        **dict.fromkeys(("32", "33", "34"), PATIENT),
        **dict.fromkeys(("6", "7", "9", "10"), SERVICE),
        **dict.fromkeys(("5", "58"), PLACE_OF_SERVICE),
        **dict.fromkeys(("11", "146"), DIAGNOSIS),
        **dict.fromkeys(("22", "23"), OTHER_PAYER),
        **dict.fromkeys(("135", "193", "282"), FREQUENCY),
        **dict.fromkeys(("45", "1", "2", "3", "119", "35", "149"), CHARGE),
        **dict.fromkeys(("208", "206", "207", "242", "279"), BILLING_PROVIDER),
        **dict.fromkeys(("185", "B7"), RENDERING_PROVIDER),
        **dict.fromkeys(("197", "198", "284"), (Place("REF", "G1", 2), *SERVICE)),
        **dict.fromkeys(("287", "288"), (Place("REF", "9F", 2), *SERVICE)),
        **dict.fromkeys(("252", "226", "164"), (Place("PWK", "", 1), *SERVICE)),
        "109": PAYER,
    }
)
OF_PEND_REASONS: Mapping[str, Sequence[Place]] = MappingProxyType(
    {
        "CHARGES_DISAGREE": (Place("CLM", "", 2),),
        "IMPLAUSIBLE_CHARGE": CHARGE,
        "FREQUENCY_NOT_SUPPORTED": FREQUENCY,
        "ORIGINAL_NOT_REMITTED": ORIGINAL,
        "NO_SERVICE_CODE": SERVICE,
        "NO_SERVICE_DATE": SERVICE_DAY,
        "SERVICE_AFTER_RECEIPT": SERVICE_DAY,
        "NO_FILING_RULE": SERVICE_DAY,
        "NO_PLAN": SERVICE_DAY,
        "NO_PRICE": SERVICE,
        "PREDETERMINATION": (Place("CLM", "", 19),),
    }
)
OF_STATUSES: Mapping[str, Sequence[Place]] = MappingProxyType(
    {
        **dict.fromkeys(("464", "495", "35", "46"), ORIGINAL),
        **dict.fromkeys(("535", "787", "228"), FREQUENCY),
        **dict.fromkeys(("54", "78"), (Place("CLM", "", 1),)),
        **dict.fromkeys(("30", "97", "164"), MEMBER),
        **dict.fromkeys(("26", "562", "132", "153", "496"), BILLING_PROVIDER),
        **dict.fromkeys(("88", "187", "188", "718"), SERVICE_DAY),
        **dict.fromkeys(("189", "190"), _all("DTP", 3, "435", "434", "096")),
        **dict.fromkeys(("178", "400", "402", "583"), CHARGE),
        **dict.fromkeys(("255", "477", "700"), DIAGNOSIS),
        **dict.fromkeys(("453", "454", "455", "507"), SERVICE),
        **dict.fromkeys(("286", "672"), (Place("CAS"), Place("SVD"), *OTHER_PAYER)),
        "24": SUBMITTER,
        "33": SUBSCRIBER,
        "116": PAYER,
        "128": TAXPAYER,
        "145": TAXONOMY,
        "158": BIRTH_DATE,
        "218": (Place("LIN", "", 3), *SERVICE),
        "232": (Place("HI", "ABJ", 1), Place("HI", "BJ", 1), *DIAGNOSIS),
        "233": (*_all("DTP", 3, "096", "434"), Place("CLM")),
        "234": (Place("CL1", "", 3), Place("CLM")),
        "244": (Place("TOO", "", 2), Place("DN2", "", 1), *SERVICE),
        "245": (Place("SV3", "", 4), Place("CLM")),
        "248": (Place("DTP", "439", 3), Place("CLM", "", 11)),
        "249": PLACE_OF_SERVICE,
        "254": (Place("HI", "ABK", 1), Place("HI", "BK", 1), *DIAGNOSIS),
        "256": (Place("HI", "DR", 1), Place("CLM")),
        "460": (Place("HI", "BG", 1), *DIAGNOSIS),
        "461": (Place("HI", "BH", 1), *DIAGNOSIS),
        "462": (Place("HI", "BI", 1), *DIAGNOSIS),
        "463": (Place("HI", "BE", 1), *DIAGNOSIS),
        "476": (Place("SV1", "", 4), Place("SV2", "", 5), Place("SV3", "", 6), *SERVICE),
        "516": OTHER_PAYER,
        "555": (Place("CLM", "", 20),),
    }
)
"""By claim status code of the 277CA."""
PLACELESS = frozenset({"21", "510", "684"})
"""Statuses that say what is wrong and leave it to the one beside them, where: anything, a day to come, an error."""
LINE = SERVICE
"""Where nothing says better."""


def of_adjustment(reason_code: str, remark_codes: Sequence[str]) -> Iterator[Place]:
    """Places of an adjustment: its remark codes say it more exactly than its reason."""
    for code in remark_codes:
        yield from OF_REMARKS.get(code, ())
    yield from OF_REASONS.get(reason_code, ())
    yield from LINE


def of_pend_reason(reason: str) -> Iterator[Place]:
    """Places of what makes a claim wait."""
    yield from OF_PEND_REASONS.get(reason, ())
    yield Place("CLM")


def of_statuses(statuses: str) -> Iterator[Place]:
    """Places of the statuses of an edit, each category:status:entity."""
    for composite in statuses.split():
        yield from OF_STATUSES.get((*composite.split(":"), "")[1], ())
    yield from LINE
