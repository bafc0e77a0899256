"""Faults of segments and loops: unknown, misplaced, missing, repeated, miscounted."""

from __future__ import annotations

from functools import partial

from edi.synthetic.faults.fault import CLAIM_KINDS, Draft, Fault, Spot

LONGEST_SEGMENT = 1 << 20
"""Bytes; a longer segment is not read."""
UNIT = ("CLM*", "INS*")


def _unknown(draft: Draft) -> Spot:
    return draft.insert(draft.any(*UNIT) + 1, "ZZZ*1")


def _unexpected(draft: Draft) -> Spot:
    return draft.insert(draft.any(*UNIT) + 1, "BHT*0019*00*1*20260601*1200*CH" if draft.all("CLM*") else "BGN*00*1")


def _without_required(draft: Draft) -> Spot:
    if draft.all("INS*"):
        return draft.remove(draft.any("N1*IN*"))
    return draft.remove(draft.next(draft.any("NM1*85*"), "N4*"))


def _repeated_provider(draft: Draft) -> Spot:
    place = draft.choose(
        [first for claim in draft.all("CLM*") for first in draft.unit(claim) if _is_claim_provider(draft, claim, first)]
    )
    return draft.insert(place, draft.segments[place]) and Spot(place + 1)


def _is_claim_provider(draft: Draft, claim: int, place: int) -> bool:
    """Is it the rendering or attending provider of the claim, and not of a line, and has no segment behind it?"""
    if not draft.segments[place].startswith(("NM1*82*", "NM1*71*")):
        return False
    return not any(draft.segments[other].startswith("LX*") for other in range(claim, place))


def _repeated_reference(draft: Draft) -> Spot:
    place = draft.any("REF*EA*", "REF*D9*") if draft.all("CLM*") else draft.any("REF*0F*")
    return draft.insert(place, draft.segments[place]) and Spot(place + 1)


def _trailing(draft: Draft) -> Spot:
    place = draft.any("LX*", "DMG*", "N3*")
    draft.segments[place] += "*"
    return Spot(place)


def _bare(draft: Draft) -> Spot:
    return draft.insert(draft.any("OI*") + 1, "MOA")


def _indented(draft: Draft) -> Spot:
    place = draft.any("N3*")
    draft.segments[place] = " " + draft.segments[place]
    return Spot(place)


def _empty(draft: Draft) -> Spot:
    draft.segments.insert(draft.any("N3*"), "")
    return Spot()


def _endless(draft: Draft) -> Spot:
    place = draft.any("N3*")
    draft.segments.insert(place, "N3*" + "A" * LONGEST_SEGMENT)
    return Spot(place, unnamed=True)


def _level_number(draft: Draft) -> Spot:
    childless = draft.any("HL*", where=lambda each: each[4] == "0")
    return draft.put(childless, 1, str(int(draft.get(childless, 1)) + 1000))


def _level_parent(draft: Draft) -> Spot:
    # of the last level, so that none after it loses its parent too
    return draft.put(draft.all("HL*")[-1], 2, "99999")


def _level_child(draft: Draft) -> Spot:
    return draft.put(draft.any("HL*", where=lambda each: each[3:] == ["22", "0"]), 4, "1")


def _line_number(draft: Draft) -> Spot:
    last = [
        place
        for claim in draft.all("CLM*")
        for place in [max(each for each in draft.unit(claim) if draft.segments[each].startswith("LX*"))]
    ]
    place = draft.choose(last)
    return draft.put(place, 1, str(int(draft.get(place, 1)) + 1))


_of_set = partial(Fault, part="SET")
_of_claims = partial(Fault, part="SET", kinds=CLAIM_KINDS)

STRUCTURE_FAULTS = (
    _of_set("SEGMENT_UNKNOWN", edit=_unknown, does="a segment ZZZ stands behind a CLM or INS"),
    _of_set("SEGMENT_UNEXPECTED", edit=_unexpected, does="a BHT or BGN stands behind a CLM or INS"),
    _of_set(
        "SEGMENT_MISSING",
        edit=_without_required,
        does="a billing provider's N4, or the payer's N1, is left out",
    ),
    _of_claims(
        "LOOP_TOO_MANY", edit=_repeated_provider, does="a provider of a claim comes twice", kinds=("837P", "837I")
    ),
    _of_set("SEGMENT_TOO_MANY", edit=_repeated_reference, does="a REF that may stand once comes twice"),
    _of_set("SEGMENT_TOO_LONG", edit=_endless, does="a segment is longer than 1 MiB"),
    _of_claims("SEGMENT_ELEMENTS", edit=_bare, does="a MOA has no element"),
    _of_set("TRAILING_SEPARATOR", edit=_trailing, does="an element separator ends a segment"),
    _of_set("LEADING_SPACE", edit=_indented, does="a blank stands before a segment id"),
    _of_set("EMPTY_SEGMENT", edit=_empty, does="a terminator follows another", counted=False),
    _of_claims("HL_SEQUENCE", edit=_level_number, does="HL01 jumps"),
    _of_claims("HL_PARENT", edit=_level_parent, does="HL02 of the last level names none"),
    _of_claims("HL_CHILD", edit=_level_child, does="HL04 is 1 where no level follows"),
    _of_claims("LX_SEQUENCE", edit=_line_number, does="LX01 jumps"),
)
