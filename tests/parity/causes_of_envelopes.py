"""Causes of differences in sets, groups, interchanges and files."""

from __future__ import annotations

from tests.parity.comparison import CRASH, STOPS, Difference
from tests.parity.rows import ENVELOPE, Place, Row

OPENED_BY = {"SE": "ST", "GE": "GS", "IEA": "ISA"}
COUNTS = {("GE", 1): "GS5", ("GE", 2): "GS4", ("IEA", 1): "ISA021", ("IEA", 2): "ISA001"}
"""What is said of an element of a trailer that differs from what it must repeat."""
STACK_CODES = frozenset({"GS3", "GS4", "ISA001", "ISA023", "ISA024", "ST2", "ST3"})
BUFFER = 8 * 1024
"""Characters that pyx12 reads at once; a segment must end in two of them."""
OUTSIDE = frozenset({"CONTENT_OUTSIDE_SET", "CONTENT_OUTSIDE_GROUP"})
GARBAGE = "GARBAGE_AFTER_INTERCHANGE"
OTHER_SETS = frozenset({"SET_UNSUPPORTED", "SET_ID_INVALID"})
UNKNOWN = frozenset({"GROUP_UNSUPPORTED", "GUIDE_UNSUPPORTED"})


def _in_step(difference: Difference, row: Row) -> bool:
    """Does pyx12 compare this trailer with its own header?

    It keeps a stack of what is open; a trailer takes off one or two, whatever they are.
    """
    stack = _stack_before(difference)
    header = _header_before(difference, OPENED_BY[row.id])
    return header is not None and stack[-1:] == [header]


def _stack_before(difference: Difference) -> list[Row]:
    """What pyx12 holds for open at a segment."""
    stack: list[Row] = []
    for one in difference.case.rows.rows[: difference.place.row - 1]:
        segment_id = one.elements[0].lstrip(" ")
        if segment_id in OPENED_BY.values():
            stack.append(one)
        elif segment_id in OPENED_BY and stack:
            if segment_id != "SE" and stack[-1].id != OPENED_BY[segment_id]:
                stack.pop()
            stack = stack[:-1]
    return stack


def _header_before(difference: Difference, segment_id: str) -> Row | None:
    """The last segment of this id at or before the place."""
    rows = difference.case.rows.rows[: difference.place.row]
    return next((row for row in reversed(rows) if row.id == segment_id), None)


def trailer_missing(difference: Difference) -> bool:
    """A trailer is missing here, or was before, so that pyx12's stack is out of step."""
    place, row, case = difference.place, difference.row, difference.case
    if place.code == "3" and difference.is_ours:
        return place.segment in OPENED_BY and case.is_cut_off(place.row)
    if place.code == "3":
        return Place(place.row, "3", 0, 0, "ST_LOOP", "SE") in case.ours.places
    if place.code not in STACK_CODES:
        return False
    if row is None:
        # pyx12 has lost an envelope that is open, or keeps one that is closed
        is_kept = any(place.code.startswith(one.id) for one in _stack_before(difference))
        return is_kept != difference.is_ours
    return row.id in OPENED_BY and not _in_step(difference, row)


def outside_sets(difference: Difference) -> bool:
    """The segment stands in no set of ours, in a run that we report at its first segment."""
    case, row, number = difference.case, difference.row, difference.place.row
    if row is None or number in case.our_sets:
        return False
    if difference.is_ours:
        return row.id == "SE" and not OUTSIDE.isdisjoint(case.our_codes(number))
    while number > 1 and number not in case.our_sets:
        codes = case.our_codes(number)
        if GARBAGE in codes or (OUTSIDE & codes and row.id not in ENVELOPE):
            return True
        if "CONTENT_OUTSIDE_GROUP" in codes and row.id == "GE":
            return True
        number -= 1
    return False


def another_kind(difference: Difference) -> bool:
    """The set is none of the group's kind."""
    case, row, place = difference.case, difference.row, difference.place
    if row and row.id in {"GE", "IEA"} and place.code == "3" and place.segment == "ST":
        header = _header_before(difference, "GS")
        first = header.number if header else row.number
        return any(OTHER_SETS & case.our_codes(number) for number in range(first, row.number))
    own = case.our_sets.get(place.row)
    if own is None:
        return False
    first = case.rows.number_at(own.source_start)
    if OTHER_SETS.isdisjoint(case.our_codes(first)):
        return False
    # how its ST02 is wrong is said; pyx12 has no place for such an ST
    return place == (first, "SET_CONTROL_INVALID", 2, 0, "", "") if difference.is_ours else place.row > first


def guide_differs(difference: Difference) -> bool:
    """ST03 is not GS08."""
    row, header = difference.row, _header_before(difference, "GS")
    if not difference.is_ours or row is None or header is None or row.id != "ST":
        return False
    return difference.place[1:3] == ("7", 3) and row.element(3) != header.element(8)


def control_number(difference: Difference) -> bool:
    """A control number was used before, for one of the two readers, or has a sign."""
    row, code = difference.row, difference.code
    if row is None:
        return False
    if (code, row.id, difference.place.element) in {("element", "GS", 6), ("element", "ISA", 13)}:
        return difference.is_ours and not difference.value.isdigit()
    before = [one for one in difference.case.rows.rows[: row.number - 1] if one.id == row.id]
    if code == "GS6" and not difference.is_ours:
        return all(one.elements[1:4] != row.elements[1:4] for one in before if one.element(6) == row.element(6))
    if code == "ISA025" and not difference.is_ours:
        return all(one.elements[5:9] != row.elements[5:9] for one in before if one.element(13) == row.element(13))
    return code == "ST23" and not difference.is_ours and "SET_CONTROL_INVALID" in difference.case.our_codes(row.number)


def noted_only(difference: Difference) -> bool:
    """Our finding at the same element is a warning."""
    row, noted = difference.row, difference.case.ours.noted
    if difference.is_ours or row is None or row.id not in ENVELOPE:
        return False
    if difference.code == "SEG1":
        return any(place.row == row.number and place.element == len(row.elements) - 1 for place in noted)
    return difference.code == "element" and difference.place in noted


def separator_in_party(difference: Difference) -> bool:
    """GS02 or GS03 holds the component separator."""
    row = difference.row
    return (
        difference.place[1:3] in {("element", 2), ("element", 3)}
        and row is not None
        and row.id == "GS"
        and difference.case.rows.component in difference.value
    )


def said_as_mismatch(difference: Difference) -> bool:
    """We say of the same element that it does not repeat what it must."""
    row, element = difference.row, difference.place.element
    if difference.is_ours or row is None:
        return False
    if difference.code == "SEG1":
        element = len(row.elements) - 1
    elif difference.code != "element":
        return False
    return difference.case.has_ours(row.number, COUNTS.get((row.id, element), ""))


def empty_group(difference: Difference) -> bool:
    """No ST stands between the GS and its end, or no GS between the ISA and its."""
    row, missing = difference.row, difference.place.segment
    if difference.is_ours or row is None or missing not in {"ST", "GS"}:
        return False
    header = _header_before(difference, "GS" if missing == "ST" else "ISA")
    return header is not None and all(
        one.id != missing for one in difference.case.rows.rows[header.number : row.number]
    )


def guide_unknown(difference: Difference) -> bool:
    """The group's guide is none of ours."""
    header = _header_before(difference, "GS")
    return header is not None and not UNKNOWN.isdisjoint(difference.case.our_codes(header.number))


def stops_early(difference: Difference) -> bool:
    """An empty segment stands before, or the segment does not fit into pyx12's buffer."""
    row, case = difference.row, difference.case
    if difference.code != STOPS or row is None or not case.theirs.read:
        return False
    if row.number == case.rows.first_after_empty:
        return any(one.code == "EMPTY_SEGMENT" for one in case.scan.findings)
    return len(row.text) > BUFFER


def header_unread(difference: Difference) -> bool:
    """The file does not begin with an ISA of 106 characters, version 00401 or 00501."""
    text = difference.case.rows.text
    exact = text.startswith("ISA") and all(text[place : place + 1] == text[3] for place in (6, 17, 34, 53, 81, 101))
    return not difference.case.theirs.read and not (exact and text[84:89] in {"00401", "00501"})


def unusable_separator(difference: Difference) -> bool:
    """ISA16 is a letter or digit."""
    row = difference.row
    return difference.case.rows.component.isalnum() and row is not None and row.id in ENVELOPE


def crash(difference: Difference) -> bool:
    """pyx12 ended at a place that is known to end it."""
    row, case, codes = difference.row, difference.case, difference.case.our_codes(difference.place.row)
    if difference.code != CRASH or row is None:
        return False
    starts = {case.rows.number_at(one.source_start) for one in case.our_sets.values()}
    placed = any(OTHER_SETS.isdisjoint(case.our_codes(number)) for number in starts if number < row.number)
    if row.id in OPENED_BY:
        return not (placed and row.element(1).isdigit() and _in_step(difference, row))
    if row.id == "GS" and (UNKNOWN & codes or "005010X224" in row.element(8)):
        return True
    return "ELEMENT_COMPONENTS" in codes or not placed
