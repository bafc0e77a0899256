"""The 999 (005010X231A1): one transaction set answers one functional group.

AK1, then for each set AK2, its IK3, CTX and IK4, and IK5; AK9 at the end. Segments are told in the order in which they
stand. Under IK3 a first CTX names the claim or member at fault, others what makes a situational segment due. Both kinds
have one position in the guide, so either may come first; pyx12, by which partners may read us, counts them together and
takes one kind only once.

IK303 holds four characters. A longer loop id (2010AA) is left out, not cut: 2010 would be another loop or none, and
IK302 finds the segment without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from edi.delimiters import DEFAULT, Delimiters
from edi.finding_codes import CODES
from edi.findings import Finding
from edi.quotation import LOOP_ID, SEGMENT_ID, SET_GUIDE_LENGTHS, quotable, set_quotable
from edi.verdict import BusinessUnit, GroupVerdict, SetVerdict
from edi.writer import Segment, SetContent, Written, write_segment
from writers.quoting import Quoting
from writers.triggers import OF_UNITS, TRIGGERS

TRANSACTION = "999"
GUIDE = "005010X231A1"
ELEMENTS_IN_ERROR = "8"
NO_SEGMENT_ID = "ZZZ"
"""IK301 must be there; what a file has in the place of a segment id may be anything, health data too."""
HIGHEST_POSITION, HIGHEST_COUNT = 999_999, 999_999
HIGHEST_ELEMENT, HIGHEST_REPETITION = 99, 9_999
DATA_ELEMENT = re.compile(r"\d{1,4}", re.ASCII)
SITUATIONAL_TRIGGER = "SITUATIONAL TRIGGER"
MOST_TRIGGERS_OF_SEGMENT, MOST_TRIGGERS_OF_ELEMENT = 9, 10
"""CTX under one IK3 and one IK4."""
SEGMENT_CODES = {code.id: code.ik304 or ELEMENTS_IN_ERROR for code in CODES.values()}
"""IK304 by finding code."""
ELEMENT_CODES = {code.id: code.ik403 for code in CODES.values() if code.ik403}
"""IK403 by finding code."""
UNIT_NAMES = {"837": "CLM01", "834": "SUBSCRIBER NUMBER REF02"}
"""CTX01-1 by ST01."""
NOTHING_TO_COPY = frozenset({"1", "2", "I9"})
"""IK403 of elements that are not there."""


class _Told(NamedTuple):
    finding: Finding
    unit: BusinessUnit | None

    def stands_with(self, other: _Told) -> bool:
        """Are both about one segment of the same place, so that they share its IK3?"""
        one, two = self.finding, other.finding
        return (
            one.segment_position == two.segment_position
            and one.segment_id == two.segment_id
            and one.loop == two.loop
            and self.unit == other.unit
        )


class _Pattern(NamedTuple):
    """The text that tells a finding, around the two things that tell it from others of its kind."""

    before: str
    """The position."""
    after: str
    """CTX."""
    last: str
    segments: int
    """How many, without CTX."""


def acknowledgment_set(
    verdict: GroupVerdict, control_number: str, quoting: Quoting | None = None, delimiters: Delimiters = DEFAULT
) -> SetContent:
    """The 999 for a functional group, with our own ST02.

    Args:
        verdict: what was decided.
        control_number: our ST02.
        quoting: what it may repeat of the file; nothing but envelopes without it.
        delimiters: those that it will be written with; what holds one of them is not repeated.
    """
    return SetContent(TRANSACTION, control_number, GUIDE, tuple(_Writer(quoting, delimiters).segments(verdict)))


class _Writer:
    def __init__(self, quoting: Quoting | None, delimiters: Delimiters) -> None:
        self.quoting = quoting
        self.delimiters = delimiters
        self.patterns: dict[tuple[object, ...], _Pattern] = {}
        self.numbers: dict[int, str] = {}
        """Of claims and members, by the place of the number in the file."""

    def segments(self, verdict: GroupVerdict) -> Iterator[Segment | Written]:
        yield ("AK1", verdict.functional_id, verdict.control_number, verdict.guide)
        for transaction_set in verdict.sets:
            if set_quotable(transaction_set.transaction, transaction_set.control_number):
                yield from self._transaction_set(transaction_set)
        yield (
            "AK9",
            verdict.code,
            str(verdict.included_sets),
            str(min(verdict.received_sets, HIGHEST_COUNT)),
            str(min(verdict.accepted_sets, HIGHEST_COUNT)),
            *verdict.error_codes,
        )

    def _transaction_set(self, verdict: SetVerdict) -> Iterator[Segment | Written]:
        guide = verdict.guide if verdict.guide and quotable(verdict.guide, SET_GUIDE_LENGTHS) else ""
        yield ("AK2", verdict.transaction, verdict.control_number, guide)
        unit_name = UNIT_NAMES.get(verdict.transaction, "")
        units = (verdict.units[place] if place >= 0 else None for place in verdict.unit_of)
        told = list(map(_Told, verdict.findings, units if verdict.unit_of else repeat(None)))
        begin = 0
        for end in range(1, len(told) + 1):
            if end < len(told) and told[begin].stands_with(told[end]):
                continue
            if end - begin == 1 and self._is_plain(told[begin].finding):
                yield self._single(told[begin], unit_name)
            else:
                yield from self._segment(told[begin:end], unit_name)
            begin = end
        yield ("IK5", verdict.code, *verdict.error_codes)

    def _is_plain(self, finding: Finding) -> bool:
        """Will nothing of it be told but what all findings of its kind have in common, position and CTX apart?"""
        return finding.code not in TRIGGERS and (self.quoting is None or not self.quoting.bad_data)

    def _single(self, told: _Told, unit_name: str) -> Written:
        """The only finding of its segment, quickly: many files have one fault many times."""
        finding = told.finding
        code, segment_id, loop, element = finding.code, finding.segment_id, finding.loop, finding.element
        kind = (code, segment_id, loop, element, finding.component, finding.repetition, finding.data_element)
        pattern = self.patterns.get(kind)
        if pattern is None:
            pattern = self.patterns[kind] = self._pattern(finding)
        position = _position(finding.segment_position)
        number = self._number(unit_name, told.unit)
        if not number:
            return Written(f"{pattern.before}{position}{pattern.after}{pattern.last}", pattern.segments)
        name = f"CTX{self.delimiters.element}{unit_name}{self.delimiters.component}{number}{self.delimiters.segment}"
        return Written(f"{pattern.before}{position}{pattern.after}{name}{pattern.last}", pattern.segments + 1)

    def _pattern(self, finding: Finding) -> _Pattern:
        head, *rest = self._segment([_Told(replace(finding, segment_position=0), None)], "")
        before = write_segment(head[:2], self.delimiters).removesuffix(self.delimiters.segment)
        after = write_segment(head, self.delimiters).removeprefix(f"{before}{self.delimiters.element}0")
        last = "".join(write_segment(segment, self.delimiters) for segment in rest)
        return _Pattern(before + self.delimiters.element, after, last, 1 + len(rest))

    def _segment(self, told: Sequence[_Told], unit_name: str) -> Iterator[Segment]:
        """An IK3 for each fault of a segment as such, and one more, with IK4s, for those of its elements."""
        first = told[0].finding
        place = ("IK3", _segment_id(first.segment_id), _position(first.segment_position), _loop(first.loop))
        number = self._number(unit_name, told[0].unit)
        elements = [one for one in told if _is_of_element(one.finding)]
        of_segments = [one for one in told if not _is_of_element(one.finding)] if len(elements) < len(told) else []
        for code in dict.fromkeys([SEGMENT_CODES[one.finding.code] for one in told]):
            yield (*place, code)
            if number:
                yield ("CTX", (unit_name, number))
            alike = [one for one in of_segments if SEGMENT_CODES[one.finding.code] == code]
            yield from _triggers(alike)[:MOST_TRIGGERS_OF_SEGMENT]
            if code == ELEMENTS_IN_ERROR:
                for note, of_element in self._notes(elements).items():
                    yield note
                    yield from _triggers(of_element)[:MOST_TRIGGERS_OF_ELEMENT]

    def _number(self, unit_name: str, unit: BusinessUnit | None) -> str:
        """What the sender knows the claim or member by, if it may be told."""
        if self.quoting is None or unit is None or not unit_name:
            return ""
        number = self.numbers.get(unit.name_start)
        if number is None:
            number = self.quoting.business_unit(unit.name_start, unit.name_stop, self.delimiters)
            self.numbers[unit.name_start] = number
        return number

    def _notes(self, told: Iterable[_Told]) -> dict[Segment, list[_Told]]:
        """The IK4s, each with the findings that it tells."""
        notes: dict[Segment, list[_Told]] = {}
        for one in told:
            notes.setdefault(self._element(one.finding), []).append(one)
        return notes

    def _element(self, finding: Finding) -> Segment:
        """IK4."""
        code = ELEMENT_CODES[finding.code]
        reference = finding.data_element if DATA_ELEMENT.fullmatch(finding.data_element) else ""
        copy = ""
        if self.quoting is not None and code not in NOTHING_TO_COPY:
            copy = self.quoting.value(finding.source_start, finding.source_stop, self.delimiters)
        return ("IK4", _element_position(finding), reference, code, copy)


def _is_of_element(finding: Finding) -> bool:
    """Is it told by an IK4? Where IK401 cannot say which element it is about, it is told of the segment."""
    return finding.code in ELEMENT_CODES and 0 < finding.element <= HIGHEST_ELEMENT


def _triggers(told: Iterable[_Told]) -> list[Segment]:
    """CTX, situational trigger, each once."""
    found: dict[Segment, None] = {}
    for one in told:
        trigger = TRIGGERS.get(one.finding.code)
        if trigger is None:
            continue
        position = one.finding.segment_position
        if trigger.segment_id in OF_UNITS:
            if one.unit is None:
                continue
            position = one.unit.segment_position
        element = (str(trigger.element), str(trigger.component)) if trigger.component else (str(trigger.element),)
        place = (trigger.segment_id, _position(position), _loop(trigger.loop), element, trigger.data_element)
        found["CTX", (SITUATIONAL_TRIGGER,), *place] = None
    return list(found)


def _position(position: int) -> str:
    return str(min(position, HIGHEST_POSITION))


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
