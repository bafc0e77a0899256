"""Faults of single elements: missing, forbidden, too long, no code of the list, no date."""

from __future__ import annotations

from functools import partial

from edi.synthetic.faults.fault import CLAIM_KINDS, Draft, Fault, Spot

HOUR_PAST_MIDNIGHT, NO_DAY = "2460", "20260230"
LONG_STREET = "A" * 60
"""N301 has 55 characters at most."""


def _street(value: str) -> partial[Spot]:
    return partial(_put, beginning="N3*", element=1, value=value)


def _put(draft: Draft, *, beginning: str, element: int, value: str, component: int = 0) -> Spot:
    return draft.put(draft.any(beginning), element, value, component)


def _contact_without_number(draft: Draft) -> Spot:
    place = draft.any("PER*", where=lambda each: "".join(each[5:6]))
    at = next(element for element in (4, 6, 8) if not draft.get(place, element + 1))
    draft.segments[place] = "*".join([*draft.segments[place].split("*")[:at]])
    return Spot(place, at)


def _state_and_subdivision(draft: Draft) -> Spot:
    place = draft.any("N4*")
    draft.put(place, 4, "CA")
    return draft.put(place, 7, "ON")


def _repeated(draft: Draft) -> Spot:
    place = draft.any("N3*")
    draft.put(place, 1, "1 FIRST ST^2 SECOND ST")
    return Spot(place, 1, repetition=2)


def _fourth_component(draft: Draft) -> Spot:
    place = draft.any("CLM*")
    draft.put(place, 5, draft.get(place, 5) + ":1")
    return Spot(place, 5, 4)


def _short_postal_code(draft: Draft) -> Spot:
    place = draft.next(draft.any("NM1*85*"), "N4*")
    return draft.put(place, 3, draft.get(place, 3)[:5])


_of_set = partial(Fault, part="SET")
_of_claims = partial(Fault, part="SET", kinds=CLAIM_KINDS)

ELEMENT_FAULTS = (
    _of_set(
        "ELEMENT_MISSING",
        edit=partial(_put, beginning="NM1*IL*", element=3, value=""),
        does="a subscriber or member has no last name",
    ),
    _of_set("ELEMENT_CONDITIONAL_MISSING", edit=_contact_without_number, does="PER names a number and has none"),
    _of_claims(
        "ELEMENT_TOO_MANY", edit=partial(_put, beginning="LX*", element=2, value="1"), does="LX has two elements"
    ),
    _of_set("ELEMENT_SHORT", edit=partial(_put, beginning="N4*", element=1, value="A"), does="N401 has one character"),
    _of_set("ELEMENT_LONG", edit=_street(LONG_STREET), does="N301 has 60 characters"),
    _of_set("ELEMENT_CHARACTER", edit=_street("1 MAIN\x07ST"), does="N301 holds a control character"),
    _of_set(
        "ELEMENT_CODE",
        edit=partial(_put, beginning="DMG*", element=3, value="X"),
        does="DMG03 is no gender code",
    ),
    _of_set("ELEMENT_DATE", edit=partial(_put, beginning="DMG*", element=2, value=NO_DAY), does="DMG02 is 30 February"),
    _of_claims(
        "ELEMENT_TIME", edit=partial(_put, beginning="BHT*", element=5, value=HOUR_PAST_MIDNIGHT), does="BHT05 is 24:60"
    ),
    _of_set("ELEMENT_EXCLUSION", edit=_state_and_subdivision, does="N4 names a state and a subdivision", also=("*",)),
    _of_claims("ELEMENT_NOT_USED", edit=partial(_put, beginning="CLM*", element=3, value="1"), does="CLM03 is there"),
    _of_set("ELEMENT_REPETITIONS", edit=_repeated, does="N301 is repeated"),
    _of_claims("ELEMENT_COMPONENTS", edit=_fourth_component, does="CLM05 has four components"),
    Fault(
        "ELEMENT_PATTERN",
        "SET",
        _short_postal_code,
        "the billing provider's postal code has five digits",
        kinds=("837I",),
    ),
)
