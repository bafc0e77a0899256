"""Identifiers and codes of the wrong form, or of no list (SNIP 5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from edi.synthetic.faults.fault import CLAIM_KINDS, Draft, Edit, Fault, Spot


def _wrong(beginning: str, element: int, value: str, component: int = 0) -> Edit:
    """Overwrite an element of some segment that begins so."""
    return lambda draft: draft.put(draft.any(beginning), element, value, component)


def _first(beginnings: tuple[str, ...], value: str, component: int) -> Callable[[Draft], Spot]:
    """Overwrite a component of the first code of an HI or the procedure of a line."""
    return lambda draft: draft.put(draft.any(*beginnings), 1, value, component)


def _check_digit(draft: Draft) -> Spot:
    place = draft.any("NM1*85*")
    npi = draft.get(place, 9)
    return draft.put(place, 9, f"{npi[:9]}{(int(npi[9]) + 1) % 10}")


def _postal_code(draft: Draft) -> Spot:
    level = draft.any("HL*", where=lambda each: each[3:] == ["22", "0"])
    return draft.put(draft.next(level, "N4*"), 3, "0610")


def _member_postal_code(draft: Draft) -> Spot:
    return draft.put(draft.next(draft.any("NM1*IL*"), "N4*"), 3, "0610")


def _procedure(draft: Draft) -> Spot:
    place = draft.any("SV1*", "SV2*", "SV3*", where=lambda each: ":" in each[1] + each[2])
    element = 2 if draft.get(place, 0) == "SV2" else 1
    return draft.put(place, element, "9X-13", 2)


def _modifier(draft: Draft) -> Spot:
    place = draft.any("SV1*HC:", where=lambda each: each[1].count(":") > 1)
    return draft.put(place, 1, "2-", 3)


def _reason(draft: Draft) -> Spot:
    return draft.put(draft.any("CAS*"), 2, "4X5")


def _language(draft: Draft) -> Spot:
    place = draft.any("DMG*") + 1
    if draft.segments[place].startswith("AMT*"):  # what the member earns or pays stands before the language
        place += 1
    draft.insert(place, "LUI*LE*E1**7")
    return Spot(place, 2)


_of_set = partial(Fault, part="SET")
_of_claims = partial(Fault, part="SET", kinds=CLAIM_KINDS)
_of_stays = partial(Fault, part="SET", kinds=("837I",))
_of_teeth = partial(Fault, part="SET", kinds=("837D",))

FORM_FAULTS = (
    _of_claims("NPI_INVALID", edit=_check_digit, does="the check digit of a billing NPI is wrong"),
    _of_claims("TAX_ID_INVALID", edit=_wrong("REF*EI*", 2, "000000000"), does="a billing tax number is all zeros"),
    Fault(
        "SOCIAL_SECURITY_NUMBER_INVALID",
        "SET",
        _wrong("NM1*IL*", 9, "999999999"),
        "a member's number is all nines",
        kinds=("834",),
    ),
    _of_claims("TAXONOMY_INVALID", edit=_wrong("PRV*", 3, "207Q00000"), does="PRV03 has nine characters"),
    _of_claims("POSTAL_CODE_INVALID", edit=_postal_code, does="a subscriber's postal code has four digits"),
    _of_claims(
        "DIAGNOSIS_INVALID",
        edit=_first(("HI*ABK:",), "5E11", 2),
        does="the first diagnosis does not begin with a letter",
    ),
    _of_claims("PROCEDURE_INVALID", edit=_procedure, does="a procedure code holds a hyphen"),
    _of_claims("MODIFIER_INVALID", edit=_modifier, does="a modifier holds a hyphen", kinds=("837P",)),
    _of_claims(
        "NDC_INVALID", edit=_wrong("LIN*", 3, "0040937960"), does="a drug code has ten digits", kinds=("837P", "837I")
    ),
    _of_claims("ADJUSTMENT_REASON_INVALID", edit=_reason, does="CAS02 is of no reason's form"),
    _of_stays("BILL_TYPE_INVALID", edit=lambda draft: draft.put(draft.any("CLM*"), 5, "1X", 1), does="CLM05-1 is 1X"),
    _of_stays("REVENUE_CODE_INVALID", edit=_wrong("SV2*", 1, "03A0"), does="a revenue code holds a letter"),
    _of_stays("PATIENT_STATUS_INVALID", edit=_wrong("CL1*", 3, "0A"), does="CL103 holds a letter"),
    _of_stays(
        "INPATIENT_PROCEDURE_INVALID", edit=_first(("HI*BBR:",), "0DTJ4Z", 2), does="a procedure has six characters"
    ),
    _of_stays("DRG_INVALID", edit=_first(("HI*DR:",), "47", 2), does="a diagnosis related group has two digits"),
    _of_stays("CLAIM_CODE_INVALID", edit=_first(("HI*BH:",), "4", 2), does="an occurrence code has one digit"),
    _of_teeth("TOOTH_INVALID", edit=_wrong("TOO*", 2, "99"), does="TOO02 is no tooth"),
    _of_teeth(
        "ORAL_CAVITY_INVALID",
        edit=lambda draft: draft.put(draft.any("SV3*", where=lambda each: "".join(each[4:5])), 4, "ZZ", 1),
        does="SV304 is no area of the mouth",
    ),
    Fault("LANGUAGE_INVALID", "SET", _language, "LUI02 is no language code", kinds=("834",)),
)
