"""Faults of interchanges, functional groups, and of the headers and trailers of transaction sets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from edi.synthetic.faults.fault import Draft, Edit, Fault, Spot

FIELD_STARTS = (0, 4, 7, 18, 21, 32, 35, 51, 54, 70, 77, 82, 84, 90, 100, 102, 104)
"""Where the elements of an ISA begin."""


def _field(element: int, value: str) -> Edit:
    """Overwrite an element of the ISA, which has fixed places."""

    def edit(draft: Draft) -> Spot:
        start = FIELD_STARTS[element]
        text = draft.segments[0]
        draft.segments[0] = text[:start] + value + text[start + len(value) :]
        return Spot(0, element)

    return edit


def _element(element: int, value: str, place: int = 0) -> Edit:
    """Overwrite an element of a segment."""
    return lambda draft: draft.put(place, element, value)


def _more(element: int, place: int = 0, width: int = 0) -> Edit:
    """Add one to a count or a number."""

    def edit(draft: Draft) -> Spot:
        place_here = place % len(draft.segments)
        number = int(draft.get(place_here, element)) + 1
        return draft.put(place_here, element, f"{number:0{width or len(draft.get(place_here, element))}d}")

    return edit


def _without(draft: Draft) -> Spot:
    draft.segments.clear()
    return Spot()


def _instead(*segments: str) -> Edit:
    def edit(draft: Draft) -> Spot:
        draft.segments[:] = segments
        return Spot()

    return edit


def _around(before: str = "", after: str = "") -> Edit:
    """Write bytes that belong to no segment before or behind the first one."""

    def edit(draft: Draft) -> Spot:
        draft.segments[0] = before + draft.segments[0]
        if after:
            draft.segments.append(after)
        return Spot()

    return edit


def _behind(segment: str) -> Edit:
    """Write a segment behind the part."""

    def edit(draft: Draft) -> Spot:
        draft.segments.append(segment)
        return Spot(segment_id=segment.split("*", maxsplit=1)[0])

    return edit


def _shorter_sender(draft: Draft) -> Spot:
    start = FIELD_STARTS[6]
    text = draft.segments[0]
    draft.segments[0] = text[: start + 14] + text[start + 15 :]
    return Spot()


def _short_number(draft: Draft) -> Spot:
    draft.put(len(draft.segments) - 1, 2, "1")
    return draft.put(0, 2, "1")


def _repeated_group(draft: Draft) -> Spot:
    """Behind GE the same group again: GS, the last set, GE."""
    header, *content = draft.first
    draft.segments += [header, *content, "GE*1*" + draft.get(0, 2)]
    draft.extra_groups += 1
    return Spot(segment_id="GS", element=6, later=1)


def _repeated_set(draft: Draft) -> Spot:
    draft.segments += list(draft.segments)
    draft.extra_sets += 1
    return Spot(element=2, segment_id="ST", later=1)


def _broken_group_number(draft: Draft) -> Spot:
    return draft.put(0, 6, f"{draft.get(0, 6)}A")


def _last(edit: Callable[..., Edit], *arguments: object) -> Edit:
    return edit(*arguments, place=-1)


def _dropped_end(draft: Draft) -> Spot:
    draft.segments.pop()
    return Spot()


_interchange = partial(Fault, part="ISA")
_end = partial(Fault, part="IEA")
_group = partial(Fault, part="GS")
_group_end = partial(Fault, part="GE")
_set = partial(Fault, part="SET", counted=False)

ENVELOPE_FAULTS = (
    _interchange("NOT_X12", edit=_instead("THIS IS NO INTERCHANGE"), does="text stands in place of the ISA"),
    _interchange("INTERCHANGE_HEADER_BROKEN", edit=_shorter_sender, does="ISA06 is a character too short"),
    _interchange("BYTE_ORDER_MARK", edit=_around("\xef\xbb\xbf"), does="a byte order mark stands before the ISA"),
    _interchange("LEADING_BLANKS", edit=_around("  \r\n"), does="blanks and a line break stand before the ISA"),
    _interchange("AUTHORIZATION_INVALID", edit=_field(1, "99"), does="ISA01 is 99"),
    _interchange("SECURITY_INVALID", edit=_field(3, "99"), does="ISA03 is 99"),
    _interchange("SENDER_QUALIFIER_INVALID", edit=_field(5, "Q9"), does="ISA05 is Q9"),
    _interchange("SENDER_UNKNOWN", edit=_field(6, f"{'NOBODY':15}"), does="ISA06 is nobody's id", stage="agreement"),
    _interchange("RECEIVER_QUALIFIER_INVALID", edit=_field(7, "Q9"), does="ISA07 is Q9"),
    _interchange("RECEIVER_UNKNOWN", edit=_field(8, f"{'NOBODY':15}"), does="ISA08 is nobody's id", stage="agreement"),
    _interchange("INTERCHANGE_DATE_INVALID", edit=_field(9, "260230"), does="ISA09 is 30 February"),
    _interchange("INTERCHANGE_TIME_INVALID", edit=_field(10, "2460"), does="ISA10 is 24:60"),
    _interchange("REPETITION_SEPARATOR_INVALID", edit=_field(11, "U"), does="ISA11 is a letter"),
    _interchange(
        "INTERCHANGE_VERSION_UNSUPPORTED",
        edit=_field(12, "00999"),
        does="ISA12 is 00999",
        also=("GUIDE_UNSUPPORTED",),
    ),
    _interchange(
        "INTERCHANGE_CONTROL_INVALID",
        edit=_field(13, "00000000A"),
        does="ISA13 ends with a letter",
        also=("INTERCHANGE_CONTROL_MISMATCH",),
    ),
    _interchange("ACKNOWLEDGMENT_REQUEST_INVALID", edit=_field(14, "2"), does="ISA14 is 2"),
    _interchange("USAGE_INVALID", edit=_field(15, "X"), does="ISA15 is X"),
    _interchange("COMPONENT_SEPARATOR_INVALID", edit=_field(16, "A"), does="ISA16 is a letter", also=("*",)),
    _interchange(
        "ACKNOWLEDGMENT_INVALID",
        edit=_behind("TA1*000000001*260601*1200*X*000"),
        does="a TA1 with an unknown TA104 stands behind the ISA",
    ),
    _interchange("CONTENT_OUTSIDE_GROUP", edit=_behind("REF*ZZ*1"), does="a REF stands between ISA and GS"),
    _end("INTERCHANGE_CONTROL_MISMATCH", edit=_more(2), does="IEA02 is one more than ISA13"),
    _end("GROUP_COUNT_WRONG", edit=_more(1), does="IEA01 is one more than there are groups"),
    _end("INTERCHANGE_TRAILER_INVALID", edit=_element(3, "1"), does="IEA has a third element"),
    _end("INTERCHANGE_TRAILER_MISSING", edit=_without, does="IEA is left out"),
    _end("GARBAGE_AFTER_INTERCHANGE", edit=_around(after="GARBAGE"), does="text stands behind the IEA"),
    _group("GROUP_UNSUPPORTED", edit=_element(1, "FA"), does="GS01 is that of acknowledgments"),
    _group("GUIDE_UNSUPPORTED", edit=_element(8, "005010X999"), does="GS08 names no guide"),
    _group("GROUP_HEADER_INVALID", edit=_element(7, "Z"), does="GS07 is Z"),
    _group(
        "GROUP_CONTROL_INVALID",
        edit=_broken_group_number,
        does="GS06 ends with a letter",
        also=("GROUP_CONTROL_MISMATCH",),
    ),
    _group("CONTENT_OUTSIDE_SET", edit=_behind("REF*ZZ*1"), does="a REF stands between GS and ST"),
    _group_end("GROUP_TRAILER_INVALID", edit=_element(3, "1"), does="GE has a third element"),
    _group_end("GROUP_TRAILER_MISSING", edit=_without, does="GE is left out"),
    _group_end("GROUP_CONTROL_MISMATCH", edit=_more(2), does="GE02 is one more than GS06"),
    _group_end("SET_COUNT_WRONG", edit=_more(1), does="GE01 is one more than there are sets"),
    _group_end("GROUP_CONTROL_DUPLICATE", edit=_repeated_group, does="the group comes again under the same GS06"),
    _set("SET_ID_INVALID", edit=_element(1, ""), does="ST01 is left out"),
    _set("SET_UNSUPPORTED", edit=_element(1, "270"), does="ST01 is 270"),
    _set(
        "SET_CONTROL_INVALID",
        edit=_short_number,
        does="ST02 and SE02 have one digit",
        also=("ELEMENT_SHORT",),
    ),
    _set("SET_CONTROL_MISMATCH", edit=_last(_more, 2), does="SE02 is one more than ST02"),
    _set("SEGMENT_COUNT_WRONG", edit=_last(_more, 1), does="SE01 is one more than there are segments"),
    _set("SET_TRAILER_MISSING", edit=_dropped_end, does="SE is left out"),
    _set("SET_CONTROL_DUPLICATE", edit=_repeated_set, does="the set comes again under the same ST02"),
    _set("SET_GUIDE_MISMATCH", edit=_element(3, "005010X221A1"), does="ST03 is another guide than GS08"),
)
