"""Scan the segments of one transaction set against its guide."""

from __future__ import annotations

from collections.abc import Sequence

from edi.business.plain import BusinessChecks
from edi.delimiters import Delimiters
from edi.guides.guide import Guide
from edi.guides.matcher import Passed, Transition
from edi.guides.node import NOT_USED, SegmentNode
from edi.reference.findings_log import FindingsLog
from edi.reference.hierarchy import CHILD_CODE, Hierarchy, LevelPlace
from edi.reference.options import Options
from edi.reference.records import SegmentRecord
from edi.reference.segment_checks import ElementFault, segment_checks

LEVEL = "HL"
NUMBERED = frozenset({LEVEL, "LX", "CLM"})
CLAIM = "837"
FREE_OF_BUSINESS = 2
"""The last SNIP type of which nothing is checked between segments."""
REFERENCES = {"BHT": 3, "BGN": 2}
"""Elements that hold the sender's number of the batch."""


class SetScanner:
    """Takes the segments of a set, ST first; those that have a place in the guide are kept where somebody wants them.

    The state is the node of the last such segment and one counter a node; entering a loop clears the counters under
    it. A segment without a place is reported and changes nothing.
    """

    def __init__(self, guide: Guide, delimiters: Delimiters, log: FindingsLog, options: Options) -> None:
        self.guide = guide
        self.delimiters = delimiters
        self.log = log
        self.checks = segment_checks(guide, delimiters, options.encoding)
        self.counts = [0] * len(guide.nodes)
        self.keeps = options.records is not None
        self.records: list[SegmentRecord] = []
        self.reference: str | None = None
        self.has_reference = False
        self.hierarchy = Hierarchy(counts_lines=guide.transaction == CLAIM)
        self.node = guide.header
        self.business: BusinessChecks | None = None
        if options.snip > FREE_OF_BUSINESS:
            lists = options.library.code_lists
            self.business = BusinessChecks(guide, delimiters, options.snip, log.note_business, lists)

    def begin(self, elements: list[str], start: int, stop: int) -> None:
        """ST."""
        self.counts[self.node.index] = 1
        self._keep(self.node, elements, 1, start, stop)

    def take(self, elements: list[str], position: int, start: int, stop: int) -> None:
        """Any other segment, SE included, with its position in the set."""
        segment_id = elements[0]
        place = self.guide.qualifiers.get(segment_id)
        if place is None:
            self.log.note_segment("SEGMENT_UNKNOWN", position, segment_id, None, (start, stop))
            return
        qualifier: str | None = None
        if place.element and place.element < len(elements):
            qualifier = elements[place.element]
            if place.component:
                qualifier = qualifier.split(self.delimiters.component, 1)[0]
            if qualifier in place.refined and place.element + 1 < len(elements):
                refined = f"{qualifier}/{elements[place.element + 1]}"
                qualifier = refined if refined in place.codes else qualifier
            if qualifier not in place.codes:
                qualifier = None
        transition = self.guide.follow(self.node, segment_id, qualifier)
        if transition is None:
            self.log.note_segment("SEGMENT_UNEXPECTED", position, segment_id, self.node, (start, stop))
            if segment_id == LEVEL:  # it still counts for those that follow
                self._note_levels(self.hierarchy.check_level(elements, None)[1])
            elif segment_id in NUMBERED:
                self.hierarchy.check_line(segment_id, elements)
            return
        self._count(transition, position, start, stop)
        self.node = transition.target
        self._keep(transition.target, elements, position, start, stop)

    def _count(self, transition: Transition, position: int, start: int, stop: int) -> None:
        counts = self.counts
        target, entered, passed = transition
        if passed:
            self._report_missing(passed, position, start, stop)
        wrong = ""
        if entered is not None:
            first = entered.index + 1
            counts[first : entered.stop] = [0] * (entered.stop - first)
            counts[entered.index] += 1
            counts[target.index] = 1
            if entered.usage == NOT_USED:
                wrong = "SEGMENT_NOT_USED"
            elif counts[entered.index] > entered.maximum:
                wrong = "LOOP_TOO_MANY"
        else:
            counts[target.index] += 1
            if target.usage == NOT_USED:
                wrong = "SEGMENT_NOT_USED"
            elif counts[target.index] > target.maximum:
                wrong = "SEGMENT_TOO_MANY"
        if wrong:
            self.log.note_segment(wrong, position, target.id, target, (start, stop))

    def _report_missing(self, passed: tuple[Passed, ...], position: int, start: int, stop: int) -> None:
        for node, segment in passed:
            if not self.counts[node.index]:
                self.log.note_segment("SEGMENT_MISSING", position, segment.id, segment, (start, stop))

    def _keep(self, node: SegmentNode, elements: list[str], position: int, start: int, stop: int) -> None:
        faults: Sequence[ElementFault] = self.checks.of(node).check(elements)
        levels: Sequence[LevelPlace] = ()
        if node.id == LEVEL:
            extent = self.log.extent(ElementFault("", CHILD_CODE), elements, start)
            place = LevelPlace(node, position, "".join(elements[CHILD_CODE : CHILD_CODE + 1]), extent)
            more, levels = self.hierarchy.check_level(elements, place)
            faults = [*faults, *more]
        elif node.id in NUMBERED:
            faults = [*faults, *self.hierarchy.check_line(node.id, elements)]
        if faults:
            self.log.note_faults(faults, position, node, elements, (start, stop))
        self._note_levels(levels)
        if self.business:
            self.business.take(node, elements, position, start, stop)
        if node.id in REFERENCES and not self.has_reference:
            self.has_reference = True
            element = REFERENCES[node.id]
            self.reference = (elements[element] if element < len(elements) else "") or None
        if self.keeps:
            self.records.append(SegmentRecord(node, position, tuple(elements), start, stop))

    def _note_levels(self, levels: Sequence[LevelPlace]) -> None:
        """Levels whose HL04 turned out to be wrong."""
        for level in levels:
            self.log.note_parent("HL_CHILD", level.position, level.node, CHILD_CODE, level.extent)

    def end(self, position: int, at: int, *, closed: bool) -> None:
        """The set ends, after so many segments, at this byte; only one that SE closes has all its levels."""
        if closed:
            self._note_levels(self.hierarchy.end())
        if self.business:
            self.business.end(position, at)
