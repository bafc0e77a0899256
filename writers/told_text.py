"""IK3, CTX and IK4 as text: groups of findings that differ in nothing but position and claim are worded once.

The text of each shape (`edi.told`) is kept with marks where the position, the claim's CTX and the claim's position go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from edi.delimiters import Delimiters
from edi.finding_codes import CODES
from edi.findings import Finding
from edi.quotation import LOOP_ID, SEGMENT_ID
from edi.told import Told
from edi.writer import write_segment
from writers.quoting import Quoting
from writers.triggers import OF_UNITS, TRIGGERS

ELEMENTS_IN_ERROR = "8"
NO_SEGMENT_ID = "ZZZ"
"""IK301 must be there; what a file has in the place of a segment id may be anything, health data too."""
HIGHEST_ELEMENT, HIGHEST_REPETITION = 99, 9_999
DATA_ELEMENT = re.compile(r"\d{1,4}", re.ASCII)
SITUATIONAL_TRIGGER = "SITUATIONAL TRIGGER"
MOST_TRIGGERS_OF_SEGMENT, MOST_TRIGGERS_OF_ELEMENT = 9, 10
"""CTX under one IK3 and one IK4."""
SEGMENT_CODES = {code.id: code.ik304 or ELEMENTS_IN_ERROR for code in CODES.values()}
"""IK304 by finding code."""
ELEMENT_CODES = {code.id: code.ik403 for code in CODES.values() if code.ik403}
"""IK403 by finding code."""
NOTHING_TO_COPY = frozenset({"1", "2", "I9"})
"""IK403 of elements that are not there."""
POSITION, UNIT_POSITION, NAME = "7777777", "8888888", "9999999"
"""Marks: so many digits in a row stand nowhere else in these segments, values of the file apart."""


class Group(NamedTuple):
    """What tells a group of findings from others of its shape."""

    position: str
    """Of the segment."""
    unit_position: str
    """Of the CLM or INS of the claim or member; empty outside of them."""
    name: str
    """The CTX that names the claim or member, with its terminator; empty where it is not named."""


NOWHERE = Group("", "", "")
"""A claim or member that there is none of."""
Parts = tuple[str, ...]
"""The text of a group around its position."""


class _Kind(NamedTuple):
    """How a finding is told."""

    code: str
    """IK304."""
    note: str
    """IK4 without IK404 and terminator; empty where the finding is told of the segment."""
    copied: bool
    """Is there a value that IK404 may hold?"""
    trigger: str
    """CTX with marks; empty where no trigger is known."""


class Wording:
    """The words for the findings of one file, under one choice of delimiters."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.kinds: dict[int, _Kind] = {}
        self.variants: dict[tuple[bool, bool], dict[int, Parts]] = {
            (in_unit, named): {} for in_unit in (False, True) for named in (False, True)
        }
        """By number of the shape, as it is told where there is a claim or member, and where that is named."""
        self.copied: set[int] = set()
        """Shapes that may hold values of the file."""

    def text(self, told: Told, groups: range, unit: Group) -> str:
        """The text of groups that lie in one claim or member, or `NOWHERE`; no value at fault is copied."""
        positions = told.segments.positions[groups.start : groups.stop]
        parts = self._parts(told, groups, unit)
        text = "".join([position.join(around) for position, around in zip(positions, parts, strict=True)])
        return _marked(text, unit)

    def copying(self, told: Told, groups: range, unit: Group, quoting: Quoting) -> str:
        """The same, with the values at fault that may be copied."""
        around = self._parts(told, groups, unit)
        segments = told.segments
        return "".join(
            self._copying(told, number, unit, quoting)
            if segments.shapes[number] in self.copied
            else _marked(segments.positions[number].join(parts), unit)
            for number, parts in zip(groups, around, strict=True)
        )

    def _parts(self, told: Told, groups: range, unit: Group) -> list[Parts]:
        """Of each of these groups, with marks for what is of its claim or member."""
        known = self.variants[unit.unit_position != "", unit.name != ""]
        shapes = told.segments.shapes[groups.start : groups.stop]
        try:
            return [known[shape] for shape in shapes]
        except KeyError:
            for shape, number in zip(shapes, groups, strict=True):
                if shape not in known:
                    known[shape] = self._worded(told, number, unit)
        return [known[shape] for shape in shapes]

    def _worded(self, told: Told, number: int, unit: Group) -> Parts:
        kinds = self._kinds(told, number)
        marks = Group(POSITION, unit.unit_position and UNIT_POSITION, unit.name and NAME)
        segments = self._segments(told, number, kinds, [kind.note for kind in kinds], marks)
        if any(kind.copied for kind in kinds):
            self.copied.add(told.segments.shapes[number])
        return tuple("".join(segments).split(POSITION))

    def _copying(self, told: Told, number: int, unit: Group, quoting: Quoting) -> str:
        first, stop = told.segments.starts[number : number + 2]
        ranges = told.table.numbers[first:stop, -2:].tolist()
        kinds = self._kinds(told, number)
        copies = [
            quoting.value(start, stop, self.delimiters) if kind.copied else ""
            for kind, (start, stop) in zip(kinds, ranges, strict=True)
        ]
        notes = [
            f"{kind.note}{self.delimiters.element}{copy}" if copy else kind.note
            for kind, copy in zip(kinds, copies, strict=True)
        ]
        group = unit._replace(position=told.segments.positions[number])
        return "".join(self._segments(told, number, kinds, notes, group))

    def _kinds(self, told: Told, group: int) -> list[_Kind]:
        first, stop = told.segments.starts[group : group + 2]
        found = []
        for row, number in enumerate(told.segments.kinds[first:stop].tolist(), first):
            kind = self.kinds.get(number)
            if kind is None:
                kind = self.kinds[number] = _kind(told.table[row], self.delimiters)
            found.append(kind)
        return found

    def _segments(
        self, told: Told, number: int, kinds: Sequence[_Kind], notes: Sequence[str], group: Group
    ) -> list[str]:
        """An IK3 for each fault of a segment as such, and one more, with IK4s, for those of its elements."""
        element, terminator = self.delimiters.element, self.delimiters.segment
        segment_id, loop = told.head(number)
        place = element.join(("IK3", _segment_id(segment_id), group.position, _loop(loop), ""))
        of_notes: dict[str, list[_Kind]] = {}
        of_codes: dict[str, list[_Kind]] = {}
        for kind, note in zip(kinds, notes, strict=True):
            of_code = of_codes.setdefault(kind.code, [])
            (of_notes.setdefault(note, []) if note else of_code).append(kind)
        segments = []
        for code, of_segment in of_codes.items():
            segments.append(f"{place}{code}{terminator}")
            if group.name:
                segments.append(group.name)
            segments += _triggers(of_segment, group)[:MOST_TRIGGERS_OF_SEGMENT]
            if code == ELEMENTS_IN_ERROR:
                for note, of_element in of_notes.items():
                    segments.append(f"{note}{terminator}")
                    segments += _triggers(of_element, group)[:MOST_TRIGGERS_OF_ELEMENT]
        return segments


_WORDINGS: WeakKeyDictionary[Told, dict[Delimiters, Wording]] = WeakKeyDictionary()


def wording(told: Told, delimiters: Delimiters) -> Wording:
    """The same for all answers to a file, which may hold thousands of interchanges."""
    wordings = _WORDINGS.setdefault(told, {})
    found = wordings.get(delimiters)
    if found is None:
        found = wordings[delimiters] = Wording(delimiters)
    return found


def _kind(finding: Finding, delimiters: Delimiters) -> _Kind:
    """Where IK401 cannot say which element a finding is about, it is told of the segment."""
    code, trigger = finding.code, TRIGGERS.get(finding.code)
    element_code = ELEMENT_CODES.get(code, "") if 0 < finding.element <= HIGHEST_ELEMENT else ""
    note = ""
    if element_code:
        reference = finding.data_element if DATA_ELEMENT.fullmatch(finding.data_element) else ""
        note = write_segment(("IK4", _element_position(finding), reference, element_code), delimiters)
        note = note.removesuffix(delimiters.segment)
    context = ""
    if trigger is not None:
        element = (str(trigger.element), str(trigger.component)) if trigger.component else (str(trigger.element),)
        position = UNIT_POSITION if trigger.segment_id in OF_UNITS else POSITION
        place = (trigger.segment_id, position, _loop(trigger.loop), element, trigger.data_element)
        context = write_segment(("CTX", (SITUATIONAL_TRIGGER,), *place), delimiters)
    copied = bool(note) and element_code not in NOTHING_TO_COPY
    return _Kind(SEGMENT_CODES[code], note, copied, context)


def _marked(text: str, unit: Group) -> str:
    """The text with what is of the claim or member in the place of its marks."""
    return text.replace(UNIT_POSITION, unit.unit_position).replace(NAME, unit.name) if unit.unit_position else text


def _triggers(kinds: Iterable[_Kind], group: Group) -> list[str]:
    """CTX, situational trigger, each once; those of a claim's or member's own segment only where there is one."""
    found = dict.fromkeys([kind.trigger for kind in kinds if kind.trigger])
    return [
        trigger.replace(UNIT_POSITION, group.unit_position).replace(POSITION, group.position)
        for trigger in found
        if group.unit_position or UNIT_POSITION not in trigger
    ]


@lru_cache(maxsize=1024)
def _segment_id(segment_id: str) -> str:
    return segment_id if SEGMENT_ID.fullmatch(segment_id) else NO_SEGMENT_ID


@lru_cache(maxsize=1024)
def _loop(loop: str) -> str:
    return loop if LOOP_ID.fullmatch(loop) else ""


def _element_position(finding: Finding) -> tuple[str, ...]:
    """IK401: element, component and repetition."""
    component = str(finding.component) if 0 < finding.component <= HIGHEST_ELEMENT else ""
    if 0 < finding.repetition <= HIGHEST_REPETITION:
        return str(finding.element), component, str(finding.repetition)
    return (str(finding.element), component) if component else (str(finding.element),)
