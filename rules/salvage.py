"""Which claims or members of a faulty set are refused, so that the others can be taken.

A set with errors is accepted without the claims at fault where every error lies in a claim that can be answered by
itself (RFI 1575): its account number, charge and date of service must be there for the claim acknowledgment that
refuses it. Patient and subscriber stand above the claim, so an error in them is none of a single claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from edi.archived import ReadBytes
from edi.guides.guide import Guide
from edi.verdict import BusinessUnit
from rules.business_units import Booleans, Integers, SetPlace, UnitTable, find_units, unit_loops
from rules.set_findings import SetFindings

MISPLACED = ("SEGMENT_UNKNOWN", "SEGMENT_UNEXPECTED")
MISSING = "SEGMENT_MISSING"
"""It is found out at the segment that comes instead, which may stand behind the claim."""
STRUCTURE = ("CLM", "INS", "HL", "ST", "SE")
"""Segments that make up the frame: where one of them has no place, nobody can say what belongs to which claim."""
CLAIM, DATE = "CLM", "DTP"
SERVICE_DATE_LOOPS = ("2300", "2400")
UNDATED = ("CLAIM_SERVICE_DATE_MISSING",)
"""Findings that refuse no set, but leave an answer to their claim without a date of service."""
ANSWERED_WITH = (1, 2)
"""CLM01 and CLM02: a claim acknowledgment repeats both (2200D TRN02 and STC04)."""


class Units(NamedTuple):
    """The units of some sets, and which of them findings lie in."""

    table: UnitTable
    place_of: dict[int, SetPlace]
    """By number of the set in the findings."""
    unit_of: Integers
    """For each row of the findings: its unit in the table, -1 where it lies in none or none was looked for."""

    def values(self, numbers: Integers, refused: Booleans) -> Iterator[BusinessUnit]:
        """Some of the units; `refused` says of each in the table whether it is."""
        table = self.table
        columns = (
            table.positions[numbers],
            table.starts[numbers],
            table.starts[numbers + 1],
            table.name_starts[numbers],
            table.name_stops[numbers],
            refused[numbers],
        )
        return map(BusinessUnit, *(column.tolist() for column in columns))


def locate(
    findings: SetFindings, wanted: Booleans, places: Sequence[tuple[int, SetPlace, Guide]], read: ReadBytes
) -> Units:
    """The units that the wanted rows lie in; `places` are the sets that can have any, in the order of the file."""
    table = find_units([place for _, place, _ in places], read)
    unit_of = np.full(len(findings.codes), -1, np.int64)
    loops: dict[tuple[Guide, str], Booleans] = {}
    of_set: dict[tuple[Guide, str], list[int]] = {}
    for number, place, guide in places:
        key = (guide, place.kind.segment)
        of_set.setdefault(key, []).append(number)
        if key not in loops:
            ids = unit_loops(guide, place.kind.loop)
            loops[key] = np.array([text in ids for text in findings.texts], np.bool_)
    for key, numbers in of_set.items():
        member = np.zeros(len(findings.places), np.bool_)
        member[numbers] = True
        rows = np.flatnonzero(wanted & member[findings.set_of])
        below = loops[key][findings.loops[rows]]
        found = table.containing(findings.starts[rows], below & findings.is_code(rows, (MISSING,)))
        above = ~below & ~findings.is_text(findings.loops[rows], ("",))
        lost = above | (findings.is_code(rows, MISPLACED) & findings.is_text(findings.segments[rows], STRUCTURE))
        unit_of[rows] = np.where(lost, -1, found)
    return Units(table, {number: place for number, place, _ in places}, unit_of)


def unanswerable(findings: SetFindings, rows: Integers, units: Units) -> Booleans:
    """Does the error take from its claim what an answer to the claim needs?

    True too for an error that lies in no unit, or that a 999 cannot spell: its sender would not hear of it.
    """
    codes, segments = findings.codes[rows], findings.segments[rows]
    claims = np.zeros(len(findings.places), np.bool_)
    claims[[number for number, place in units.place_of.items() if place.kind.segment == CLAIM]] = True
    header = findings.is_text(segments, (CLAIM,)) & np.isin(findings.elements[rows], ANSWERED_WITH)
    absent = findings.is_code(rows, (MISSING,)) & findings.is_text(findings.loops[rows], SERVICE_DATE_LOOPS)
    spoilt = units.table.serving(findings.starts[rows]) & ~findings.facts.absent[codes]
    undated = findings.is_text(segments, (DATE,)) & (absent | spoilt)
    undated |= np.isin(units.unit_of[rows], units.unit_of[is_undated(findings)])
    lost = (units.unit_of[rows] < 0) | ~findings.facts.spelt[codes]
    beyond: Booleans = lost | ((header | undated) & claims[findings.set_of[rows]])
    return beyond


def is_undated(findings: SetFindings) -> Booleans:
    """Which findings say that their claim has no date of service?"""
    return findings.is_code(np.arange(len(findings.codes)), UNDATED)
