"""What must, or must not, be there because of something else that is there (SNIP 4)."""

from __future__ import annotations

from functools import partial

from edi.synthetic.faults.fault import CLAIM_KINDS, Draft, Edit, Fault, Spot


def _says(*beginnings: str) -> partial[bool]:
    """Has a claim or member a segment that begins so?"""
    return partial(_has_all, beginnings)


def _has_all(beginnings: tuple[str, ...], segments: list[str]) -> bool:
    return all(any(each.startswith(beginning) for each in segments) for beginning in beginnings)


def _inside(draft: Draft, unit: int, *beginnings: str) -> list[int]:
    """Places of segments of a claim or member that begin so."""
    return [place for place in draft.unit(unit) if draft.segments[place].startswith(beginnings)]


def _without(beginning: str, *also: str) -> Edit:
    """Leave such segments out of a claim or member that has one."""

    def edit(draft: Draft) -> Spot:
        unit = draft.choose(draft.units(_says(beginning)))
        for place in reversed(_inside(draft, unit, beginning, *also)):
            draft.segments.pop(place)
        return Spot()

    return edit


def _both(draft: Draft) -> Spot:
    level = draft.any("HL*", where=lambda each: each[3:] == ["22", "1"])
    draft.put(level + 1, 2, "18")
    return Spot()


def _neither(draft: Draft) -> Spot:
    level = draft.any("HL*", where=lambda each: each[3:] == ["22", "0"])
    return draft.put(level + 1, 2, "")


def _corrects_nothing(draft: Draft) -> Spot:
    draft.insert(draft.any("REF*D9*"), "REF*F8*260010000001")
    return Spot()


def _corrects_unknown(draft: Draft) -> Spot:
    draft.put(draft.any("CLM*"), 5, "7", 3)
    return Spot()


def _nowhere(draft: Draft) -> Spot:
    place = draft.any("CLM*", where=lambda each: each[11:12] and each[11].startswith("AA:"))
    return draft.put(place, 11, "", 4)


def _interim(draft: Draft) -> Spot:
    draft.put(draft.choose(draft.units(_says("DTP*096*"))), 5, "2", 3)
    return Spot()


def _first_payer_unnamed(draft: Draft) -> Spot:
    draft.put(draft.choose([place for place in draft.all("SBR*P*") if draft.get(place - 1, 0) == "HL"]), 1, "S")
    return Spot()


def _undecided(draft: Draft) -> Spot:
    """Of a claim decided as a whole: at a line the guides demand the day anyway."""
    unit = draft.choose(
        draft.units(lambda segments: _says("DTP*573*")(segments) and not _says("SVD*")(segments)),
    )
    draft.segments.pop(_inside(draft, unit, "DTP*573*")[0])
    return Spot()


def _pointer(draft: Draft) -> Spot:
    few = draft.units(lambda segments: not any(each.count("ABF:") > 1 for each in segments))
    place = draft.next(draft.choose(few), "SV1*")
    draft.put(place, 7, "12")
    return Spot(place, 7, 1)


def _old_diagnosis(draft: Draft) -> Spot:
    place = draft.any("HI*ABK:")
    draft.put(place, 1, "BK:25000")
    return Spot(place, 1, 1)


def _reversed(draft: Draft) -> Spot:
    place = draft.any("DTP*472*RD8*")
    first, _, last = draft.get(place, 3).partition("-")
    return draft.put(place, 3, f"{last}-{first}")


def _uncovered(draft: Draft) -> Spot:
    unit = draft.choose(draft.units(lambda segments: segments[0].split("*")[3] == "021"))
    first = _inside(draft, unit, "HD*")[0]
    del draft.segments[first : draft.unit(unit).stop]
    return Spot()


def _undated_coverage(draft: Draft) -> Spot:
    place = draft.any("HD*021*")
    draft.put(draft.next(place, "DTP*348*"), 1, "303")
    return Spot()


def _unended(draft: Draft) -> Spot:
    unit = draft.choose(draft.units(lambda segments: segments[0].split("*")[3] == "024"))
    for place in reversed(_inside(draft, unit, "DTP*357*", "DTP*349*")):
        draft.segments.pop(place)
    return Spot()


def _relation(draft: Draft) -> Spot:
    place = draft.any("INS*Y*18*")
    return Spot(draft.put(place, 2, "19").segment)


def _employed(draft: Draft) -> Spot:
    place = draft.any("INS*Y*18*030*", "INS*Y*18*001*")
    draft.put(place, 5, "A")
    draft.put(place, 7, "")
    draft.put(place, 8, "TE")
    return Spot()


_of_claims = partial(Fault, part="SET", kinds=CLAIM_KINDS)
_of_visits = partial(Fault, part="SET", kinds=("837P",))
_of_stays = partial(Fault, part="SET", kinds=("837I",))
_of_members = partial(Fault, part="SET", kinds=("834",))

SITUATION_FAULTS = (
    _of_claims("PATIENT_IS_SUBSCRIBER", edit=_both, does="SBR02 is 18 although a patient level follows"),
    _of_claims("PATIENT_RELATIONSHIP_MISSING", edit=_neither, does="SBR02 is empty and there is no patient level"),
    _of_claims("CLAIM_ORIGINAL_UNEXPECTED", edit=_corrects_nothing, does="REF*F8 stands on a claim of frequency 1"),
    _of_claims("CLAIM_ORIGINAL_MISSING", edit=_corrects_unknown, does="a claim of frequency 7 has no REF*F8"),
    _of_visits("ACCIDENT_DATE_MISSING", edit=_without("DTP*439*"), does="an accident has no DTP*439"),
    _of_visits("ACCIDENT_STATE_MISSING", edit=_nowhere, does="an automobile accident has no state"),
    _of_claims(
        "OTHER_PAYER_MISSING",
        edit=_first_payer_unnamed,
        does="SBR01 is S and no other payer is named",
        also=("OTHER_PAYER_MISSING",),
    ),
    _of_claims("PRIOR_PAYMENT_DATE_MISSING", edit=_undecided, does="a prior payer's decision has no DTP*573"),
    _of_visits("DIAGNOSIS_POINTER_INVALID", edit=_pointer, does="a line points to the twelfth diagnosis of fewer"),
    _of_visits("DIAGNOSIS_VERSION_INVALID", edit=_old_diagnosis, does="the first diagnosis is of ICD-9"),
    _of_visits("DATE_RANGE_REVERSED", edit=_reversed, does="the days of a line end before they begin"),
    _of_stays("ADMISSION_DATE_MISSING", edit=_without("DTP*435*"), does="a stay has no DTP*435"),
    _of_stays("DISCHARGE_HOUR_UNEXPECTED", edit=_interim, does="an interim bill has a DTP*096"),
    _of_members("MEMBER_COVERAGE_MISSING", edit=_uncovered, does="a member is added without HD"),
    _of_members("COVERAGE_BEGIN_DATE_MISSING", edit=_undated_coverage, does="coverage is added without DTP*348"),
    _of_members("COVERAGE_END_DATE_MISSING", edit=_unended, does="coverage is ended without DTP*349 and DTP*357"),
    _of_members(
        "COBRA_DATE_MISSING", edit=_without("DTP*340*", "DTP*341*"), does="continued coverage has no DTP*340, 341"
    ),
    _of_members("MEMBER_RELATIONSHIP_INVALID", edit=_relation, does="a subscriber's INS02 is 19"),
    _of_members("MEMBER_NOT_TERMINATED", edit=_employed, does="INS08 is TE and INS03 is not 024"),
)
