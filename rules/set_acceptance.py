"""The verdicts of the transaction sets of a file: IK5, the findings that IK3 and IK4 report, and what is refused alone.

All sets are judged together, in columns: a file may hold fifty thousand findings, or as many sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from edi.archived import ReadBytes
from edi.findings import FindingTable
from edi.guides.guide import Guide
from edi.row_order import ordered
from edi.scan import FunctionalGroup, Interchange, Scan, TransactionSet
from edi.told import NO_UNIT, NOTHING, Told, ToldOfSet
from edi.verdict import BusinessUnit, SetVerdict
from rules.agreement import AcceptanceProfile
from rules.business_units import KINDS, SetPlace
from rules.code_facts import ERRORS, REFUSES, SPOILS, TELLS, WARNINGS, WARNS, code_facts, told_codes
from rules.salvage import Units, is_undated, locate, unanswerable
from rules.set_findings import Booleans, Integers, SetFindings

ACCEPTED, WITH_ERRORS, REJECTED = "A", "E", "R"


@dataclass(slots=True)
class _Told:
    """What the 999 says of one set."""

    code: str
    error_codes: tuple[str, ...]
    findings: ToldOfSet = field(default_factory=lambda: NOTHING)
    units: tuple[BusinessUnit, ...] = ()
    unit_of: tuple[int, ...] = ()


CLEAN = _Told(ACCEPTED, ())


class SetJudge:
    """Judges every transaction set of a scan."""

    def __init__(self, scan: Scan, profile: AcceptanceProfile, read: ReadBytes | None) -> None:
        self.profile = profile
        self.read = read
        self.lenient = profile.claim_syntax == "accept_with_errors"
        self.findings = SetFindings(scan.findings, code_facts(profile.severities))
        self.told = self._judge(scan) if len(self.findings.codes) else {}

    def verdict(self, interchange: Interchange, group: FunctionalGroup, transaction_set: TransactionSet) -> SetVerdict:
        """The answer to one set of the scan."""
        number = self.findings.places.get((interchange.ordinal, group.ordinal, transaction_set.ordinal))
        told = CLEAN if number is None else self.told.get(number, CLEAN)
        return SetVerdict(
            ordinal=transaction_set.ordinal,
            transaction=transaction_set.transaction.strip(),
            control_number=transaction_set.control_number.strip(),
            guide=(transaction_set.guide_id or "").strip() or None,
            code=told.code,
            error_codes=told.error_codes,
            findings=told.findings,
            segments=transaction_set.segment_count,
            source_start=transaction_set.source_start,
            source_stop=transaction_set.source_stop,
            reference=transaction_set.reference,
            units=told.units,
            unit_of=told.unit_of,
        )

    def _judge(self, scan: Scan) -> dict[int, _Told]:
        """What is told of the sets that anything is told of, by their number in the findings."""
        findings, facts = self.findings, np.array(self.findings.of_set, np.int64)
        salvageable = (facts & SPOILS > 0) & (facts & REFUSES == 0) & (self.lenient and self.read is not None)
        rejected = (facts & (SPOILS | REFUSES) > 0) & ~salvageable
        with_warnings = rejected | self.lenient
        anything = rejected | (facts & (SPOILS | TELLS) > 0) | (with_warnings & (facts & WARNS > 0))
        ranks = findings.facts.ranks[findings.codes]
        candidates = (
            anything[findings.set_of]
            & findings.facts.spelt[findings.codes]
            & ((ranks >= ERRORS) | ((ranks == WARNINGS) & with_warnings[findings.set_of]))
        )
        spoiling = findings.facts.spoils[findings.codes] & salvageable[findings.set_of]
        units = self._locate(scan, candidates, spoiling)
        if spoiling.any():
            rows = np.flatnonzero(spoiling)
            beyond = rows if units is None else rows[unanswerable(findings, rows, units)]
            rejected[findings.set_of[beyond]] = True
            spoiling &= ~rejected[findings.set_of]
        selected = self._select(candidates, spoiling, ranks, units)
        told = {
            number: _Told(
                REJECTED if rejected[number] else WITH_ERRORS,
                told_codes(findings.of_set[number], warnings=bool(with_warnings[number])),
            )
            for number in np.flatnonzero(anything).tolist()
        }
        self._tell(told, selected, spoiling, units)
        return told

    def _locate(self, scan: Scan, candidates: Booleans, spoiling: Booleans) -> Units | None:
        """The claims and members, where anything depends on them."""
        if self.read is None:
            return None
        wanted = spoiling | (candidates if self.profile.claim_numbers_in_answers else np.False_)
        if spoiling.any():
            wanted |= is_undated(self.findings)
        numbers = set(np.flatnonzero(np.bincount(self.findings.set_of[wanted])).tolist())
        places = []
        for number, interchange, group, one in self._sets_with_findings(scan):
            guide = group.guide
            if number in numbers and guide is not None and has_units(guide, one):
                places.append((number, SetPlace(one, interchange.delimiters, KINDS[guide.transaction]), guide))
        return locate(self.findings, wanted, places, self.read) if places else None

    def _sets_with_findings(self, scan: Scan) -> Iterator[tuple[int, Interchange, FunctionalGroup, TransactionSet]]:
        """Number in the findings, and place in the scan; ordinals count from 1 and have no gaps."""
        for (interchange_ordinal, group_ordinal, ordinal), number in self.findings.places.items():
            interchange = scan.interchanges[interchange_ordinal - 1]
            group = interchange.groups[group_ordinal - 1]
            yield number, interchange, group, group.sets[ordinal - 1]

    def _select(self, candidates: Booleans, spoiling: Booleans, ranks: Integers, units: Units | None) -> Integers:
        """Rows that are told: of a set with too many, one of each refused claim, then errors, then warnings."""
        findings = self.findings
        rows = np.flatnonzero(candidates)
        sets = findings.set_of[rows]
        counts = np.bincount(sets, minlength=len(findings.places))
        if len(rows) and counts.max() > self.profile.most_told:
            urgency = 3 - np.minimum(ranks[rows], ERRORS)
            if units is not None:
                owed = np.flatnonzero(spoiling[rows])
                _, first = np.unique(units.unit_of[rows[owed]], return_index=True)
                urgency[owed[first]] = 0
            order = ordered((sets, urgency))
            begins = np.cumsum(counts) - counts
            rank = np.empty(len(rows), np.int64)
            rank[order] = np.arange(len(rows)) - begins[sets[order]]
            rows = rows[(rank < self.profile.most_told) | (urgency == 0)]
        elements = findings.elements[rows]
        keys = (
            findings.set_of[rows],
            findings.found.column("segment_position")[rows],
            np.where(elements > 0, 0, findings.starts[rows]),
            elements,
            findings.found.column("component")[rows],
            findings.found.column("repetition")[rows],
        )
        return rows[ordered(keys)]

    def _tell(self, told: dict[int, _Told], rows: Integers, spoiling: Booleans, units: Units | None) -> None:
        """Hand the findings out to their sets, and the units that these lie in."""
        sets = self.findings.set_of[rows]
        borders = np.flatnonzero(np.diff(sets, prepend=-1, append=-1)).tolist() if len(rows) else [0]
        owners = sets[borders[:-1]].tolist()
        table = FindingTable(self.findings.table[rows], self.findings.texts)
        if units is None:
            found = Told(table, borders)
        else:
            refused = np.zeros(len(units.table.starts), np.bool_)
            refused[units.unit_of[spoiling]] = True
            numbers, places, first = _numbered(units.unit_of[rows], sets, len(self.findings.places))
            values = list(units.values(numbers, refused))
            found = Told(table, borders, places)
            place_of = places.tolist()
            for number, (start, stop) in zip(owners, pairwise(borders), strict=True):
                if number in units.place_of:
                    told[number].units = tuple(values[first[number] : first[number + 1]])
                    told[number].unit_of = tuple(place_of[start:stop])
        for number, part in zip(owners, found.parts(), strict=True):
            told[number].findings = part


def _numbered(unit_of: Integers, sets: Integers, count: int) -> tuple[Integers, Integers, list[int]]:
    """Which units occur, in the order of the file, and where.

    Returns:
        the units; for each row the place of its unit among those of its set; for each set, and behind the last one,
        the first of its units.
    """
    inside = np.flatnonzero(unit_of >= 0)
    numbers, found, inverse = np.unique(unit_of[inside], return_index=True, return_inverse=True)
    first = np.searchsorted(sets[inside][found], np.arange(count + 1))
    places = np.full(len(unit_of), NO_UNIT, np.int64)
    places[inside] = inverse - first[sets[inside]]
    return numbers, places, first.tolist()


def has_units(guide: Guide, transaction_set: TransactionSet) -> bool:
    """Was the set read by a guide whose claims or members can be told apart?"""
    return guide.transaction in KINDS and transaction_set.transaction == guide.transaction
