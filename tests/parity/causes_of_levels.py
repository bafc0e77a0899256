"""Causes of differences in HL, LX and other numbers."""

from __future__ import annotations

from tests.parity.comparison import Difference
from tests.parity.rows import Row

ABOVE = {"22": "20", "23": "22", "21": "20", "19": "21", "PT": "19"}
"""HL03 -> HL03 of the level that it lies in, in the guides that have levels."""
NUMBERS = {"HL1": 1, "HL2": 2, "LX": 1, "ST4": 1, "ST3": 2, "GS5": 1, "GS4": 2, "ISA021": 1, "ISA001": 2}
"""Code -> element that holds the number in question."""


def _levels(difference: Difference) -> list[tuple[int, str, str]]:
    """Row, HL02 and HL03 of every HL of the set, in order: its number is its place here, from 1."""
    own = difference.case.our_sets.get(difference.place.row)
    rows = (difference.case.rows.of(number) for number, one in difference.case.our_sets.items() if one is own)
    return [(row.number, row.element(2), row.element(3)) for row in rows if row and row.id == "HL"]


def _parents(levels: list[tuple[int, str, str]]) -> list[int]:
    """For each level the number of the open one that it names, or 0: a level closes those that it does not lie in."""
    above: list[int] = []
    stack: list[int] = []
    for number, (_, named, _) in enumerate(levels, 1):
        parent = int(named) if named.isdigit() else 0
        if parent in stack:
            del stack[stack.index(parent) + 1 :]
        else:
            stack, parent = [], 0
        above.append(parent)
        stack.append(number)
    return above


def wrong_child_code(difference: Difference) -> bool:
    """HL04 says otherwise than the levels that follow."""
    row, levels = difference.row, _levels(difference)
    if difference.code != "HL_CHILD" or row is None:
        return False
    own = next(number for number, level in enumerate(levels, 1) if level[0] == row.number)
    return row.element(4) == ("0" if own in _parents(levels) else "1")


def closed_parent(difference: Difference) -> bool:
    """HL02 names an earlier level, but none that is open, or one of the wrong kind."""
    if difference.code != "HL2" or not difference.is_ours or difference.row is None:
        return False
    levels = _levels(difference)
    own = next(number for number, level in enumerate(levels, 1) if level[0] == difference.row.number)
    named, kind = difference.row.element(2), difference.row.element(3)
    if not named.isdigit() or not 0 < int(named) < own:
        return False
    return _parents(levels)[own - 1] == 0 or levels[int(named) - 1][2] != ABOVE.get(kind)


def line_number(difference: Difference) -> bool:
    """Only one of the two counts the lines since the claim."""
    row, lines = difference.row, 0
    if difference.code != "LX" or row is None:
        return False
    for number in range(row.number, 0, -1):
        before = difference.case.rows.of(number)
        if before is None or before.id in {"CLM", "ST"}:
            break
        lines += before.id == "LX"
    return difference.is_ours == (row.element(1) != str(lines))


def plain_number(difference: Difference) -> bool:
    """A number with something around it that pyx12 drops."""
    row, code = difference.row, difference.code
    if row and code == "ST23" and not difference.is_ours:
        return _becomes_equal(difference, row)
    if row is None or code not in NUMBERS:
        return False
    value = row.element(NUMBERS[code])
    stripped = value.rstrip(difference.case.rows.component).strip()
    return difference.is_ours and value != stripped


def _becomes_equal(difference: Difference, row: Row) -> bool:
    """Is ST02 that of an earlier set only without the component separators at their ends?"""
    number, separator = row.element(2), difference.case.rows.component
    before = [one.element(2) for one in difference.case.rows.rows[: row.number - 1] if one.id == "ST"]
    return number not in before and any(one.rstrip(separator) == number.rstrip(separator) for one in before)


def leading_zero(difference: Difference) -> bool:
    """LX01 is the right number, with zeros before it."""
    row = difference.row
    if difference.code != "LX" or difference.is_ours or row is None or not row.element(1).isdigit():
        return False
    return row.element(1) != row.element(1).lstrip("0")
