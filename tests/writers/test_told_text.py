"""What a 999 says of findings told in columns is what a plain reading of them, one after the other, says."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest

from edi.archived import bytes_reader
from edi.delimiters import DEFAULT, Delimiters
from edi.finding_codes import CODES
from edi.findings import Finding, FindingTable
from edi.quotation import LOOP_ID, SEGMENT_ID
from edi.told import Told
from edi.verdict import BusinessUnit, GroupVerdict, SetVerdict
from edi.writer import Segment, Written, write_segment
from writers.ack_999 import acknowledgment_set
from writers.quoting import Quoting
from writers.told_text import wording
from writers.triggers import OF_UNITS, TRIGGERS

SPELT = [code.id for code in CODES.values() if code.ik304]
FILE = b"ACCOUNT1*77777778888888*9999999*A B*x*" + b"Z" * 120
OTHER = Delimiters(element="|", component=">", repetition="!", segment="\x1d")
NUMBERS = {"837": "CLM01", "834": "SUBSCRIBER NUMBER REF02"}
Place = tuple[Finding, BusinessUnit | None]


def plain(verdict: SetVerdict, quoting: Quoting, delimiters: Delimiters) -> list[Segment]:
    """IK3, CTX and IK4 of a set: one IK3 for each fault of a segment, one more with IK4s for its elements."""
    units = [verdict.units[place] if place >= 0 else None for place in verdict.unit_of]
    told: list[Place] = list(zip(verdict.findings, units or [None] * len(verdict.findings), strict=True))
    written: list[Segment] = []
    for (position, segment_id, loop, unit), found in groupby(
        told, lambda one: (one[0].segment_position, one[0].segment_id, one[0].loop, one[1])
    ):
        group = list(found)
        name = quoting.business_unit(unit.name_start, unit.name_stop, delimiters) if unit else ""
        segment_id = segment_id if SEGMENT_ID.fullmatch(segment_id) else "ZZZ"  # noqa: PLW2901 - as it is told
        loop = loop if LOOP_ID.fullmatch(loop) else ""  # noqa: PLW2901 - as it is told
        for code in dict.fromkeys(CODES[one.code].ik304 for one, _ in group):
            written.append(("IK3", segment_id, str(min(position, 999_999)), loop, code or ""))
            if name and verdict.transaction in NUMBERS:
                written.append(("CTX", (NUMBERS[verdict.transaction], name)))
            alike = [one for one in group if not of_element(one[0]) and CODES[one[0].code].ik304 == code]
            written += list(dict.fromkeys(triggers(alike)))[:9]
            if code == "8":
                notes: dict[Segment, list[Place]] = {}
                for one in group:
                    if of_element(one[0]):
                        notes.setdefault(note(one[0], quoting, delimiters), []).append(one)
                for text, same in notes.items():
                    written += [text, *list(dict.fromkeys(triggers(same)))[:10]]
    return written


def of_element(finding: Finding) -> bool:
    """Is it told by an IK4?"""
    return CODES[finding.code].ik403 is not None and 0 < finding.element <= 99


def note(finding: Finding, quoting: Quoting, delimiters: Delimiters) -> Segment:
    """IK4."""
    code = CODES[finding.code].ik403 or ""
    place = [str(finding.element), str(finding.component) if 0 < finding.component <= 99 else ""]
    place += [str(finding.repetition)] if 0 < finding.repetition <= 9_999 else []
    reference = finding.data_element if finding.data_element.isdigit() and len(finding.data_element) <= 4 else ""
    absent = code in {"1", "2", "I9"}
    copy = "" if absent else quoting.value(finding.source_start, finding.source_stop, delimiters)
    return ("IK4", tuple(place), reference, code, copy)


def triggers(told: Sequence[Place]) -> Iterator[Segment]:
    """CTX, situational trigger."""
    for finding, unit in told:
        trigger = TRIGGERS.get(finding.code)
        position: int | None = finding.segment_position
        if trigger is not None and trigger.segment_id in OF_UNITS:
            position = unit.segment_position if unit else None
        if trigger is not None and position is not None:
            element = (str(trigger.element), *([str(trigger.component)] if trigger.component else []))
            place = (trigger.segment_id, str(min(position, 999_999)), trigger.loop, element, trigger.data_element)
            yield ("CTX", ("SITUATIONAL TRIGGER",), *place)


def some_finding(chance: random.Random) -> Finding:
    """Any, of few segments, so that many share one."""
    start = chance.choice((0, 9, 24, 32, 36, 38))
    return Finding(
        chance.choice(SPELT) if chance.random() < 0.8 else chance.choice(list(TRIGGERS)),
        segment_position=chance.choice((0, 2, 2, 2, 3, 1_000_000)),
        segment_id=chance.choice(("CLM", "CLM", "HD", "x~", "")),
        loop=chance.choice(("2300", "2010AA", "")),
        element=chance.choice((0, 1, 1, 2, 5, 100)),
        component=chance.choice((0, 0, 3, 100)),
        repetition=chance.choice((0, 0, 2, 10_000)),
        data_element=chance.choice(("1251", "", "C022")),
        source_start=start,
        source_stop=start + chance.choice((0, 1, 3, 7, 8, 14, 100)),
    )


def some_set(chance: random.Random) -> SetVerdict:
    """Of a claim file or another, with claims or without."""
    findings = sorted(
        (some_finding(chance) for _ in range(chance.choice((0, 1, 3, 30)))),
        key=lambda one: (one.segment_position, chance.random() < 0.2, one.segment_id, one.loop),
    )
    units = tuple(
        BusinessUnit(place * 600_000, place, 90, start, start + 8) for place, start in ((1, 0), (2, 9), (3, 8))
    )
    unit_of = tuple(chance.choice((-1, 0, 0, 0, 1, 2)) for _ in findings)
    located = bool(findings) and chance.random() < 0.6
    return SetVerdict(
        ordinal=1,
        transaction=chance.choice(("837", "834", "835")),
        control_number="0001",
        guide=None,
        code="R",
        error_codes=("5",),
        findings=tuple(findings),
        segments=10,
        source_start=0,
        source_stop=100,
        units=units if located else (),
        unit_of=unit_of if located else (),
    )


def in_columns(sets: Sequence[SetVerdict]) -> tuple[SetVerdict, ...]:
    """The same with their findings as `rules.acceptance` leaves them."""
    told = Told.of((one.findings, one.unit_of) for one in sets)
    return tuple(replace(one, findings=part) for one, part in zip(sets, told.parts(), strict=True))


def group(sets: Sequence[SetVerdict]) -> GroupVerdict:
    """The verdict of a group of these sets."""
    return GroupVerdict(1, "HC", "SENDER", "PLAN", "17", "005010X222A1", "R", (), len(sets), tuple(sets), 0, 100)


def told_of(sets: Sequence[SetVerdict], quoting: Quoting | None, delimiters: Delimiters) -> tuple[str, int]:
    """The text between AK1 and AK9 without AK2 and IK5, and how many segments it counts."""
    content = acknowledgment_set(group(sets), "0001", quoting, delimiters)
    told = [one for one in content.segments if isinstance(one, Written)]
    return "".join(one.text for one in told), sum(one.segments for one in told)


@pytest.mark.parametrize("seed", range(40))
def test_columns_say_what_a_plain_reading_says(seed: int) -> None:
    """Whatever may be quoted, under usual and unusual delimiters, from values and from columns."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    sets = [some_set(chance) for _ in range(6)]
    read = bytes_reader(FILE)
    for delimiters in (DEFAULT, OTHER):
        for bad_data, claim_numbers in ((False, True), (True, True), (True, False), (False, False)):
            quoting = Quoting(read, claim_numbers=claim_numbers, bad_data=bad_data)
            segments = [segment for one in sets for segment in plain(one, quoting, delimiters)]
            expected = "".join(write_segment(segment, delimiters) for segment in segments), len(segments)
            assert told_of(sets, quoting, delimiters) == expected
            assert told_of(in_columns(sets), quoting, delimiters) == expected


def test_a_fault_is_worded_once_however_often_it_occurs() -> None:
    """So a file full of errors costs little more than its errors' kinds: 500 sets take the words of one."""
    chance = random.Random(1)  # noqa: S311 - no secret
    one = replace(some_set(chance), findings=tuple(some_finding(chance) for _ in range(30)), units=(), unit_of=())
    moved = [
        replace(one, findings=tuple(replace(found, segment_position=2 + number) for found in one.findings))
        for number in range(500)
    ]
    known = []
    for sets in ([moved[0]], moved):
        judged = in_columns(sets)
        told_of(judged, None, DEFAULT)
        (told,) = {part.findings.told for part in judged}  # type: ignore[attr-defined] # they are in columns
        known.append(len(wording(told, DEFAULT).variants[False, False]))
    assert known[0] == known[1] > 0


def test_words_are_forgotten_with_their_findings() -> None:
    """A worker that reads files for weeks must not keep what it said of each."""
    told = Told(FindingTable.of([Finding("SEGMENT_MISSING")]), [0, 1])
    words = weakref.ref(wording(told, DEFAULT))
    assert words() is wording(told, DEFAULT)
    del told
    gc.collect()
    assert words() is None


def test_findings_alike_in_more_than_a_number_can_hold_are_told_apart() -> None:
    """Places of hundreds of millions in three columns do not fit one number together."""
    far = 1 << 40
    found = [Finding("ELEMENT_CODE", element=1, component=far + one, repetition=far + other) for one, other in PAIRS]
    told = Told(FindingTable.of(found), [0, len(found)])
    assert len(np.unique(told.segments.kinds)) == len(set(PAIRS))


PAIRS = [(0, 0), (0, 1), (1, 0), (1, 1), (0, 1)]
