"""Collect findings while a scan goes through a file: where it is now is added to each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edi.business.plain import BusinessFinding
from edi.delimiters import DEFAULT, Delimiters
from edi.findings import Finding, FindingTable
from edi.guides.node import SegmentNode
from edi.limits import MOST_IN_FILE, MOST_IN_SET, MOST_OUTSIDE_SETS
from edi.reference.segment_checks import ElementFault

SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}", re.ASCII)
"""What is longer may be data that lost its segment, and data has no place in a finding."""

ALWAYS_KEPT = frozenset({"FILE_TOO_MANY_ENVELOPES"})
"""Found once, however full the log is: no bytes go unread without a word."""


class FindingsLog:
    """Findings of one file, and the ordinals of what is being read.

    Rubbish must not fill the memory: the last finding kept of a set, or of an interchange outside its sets, says that
    there were more.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.interchange = 0
        self.functional_group = 0
        self.transaction_set = 0
        self.in_set = 0
        self.outside_sets = 0
        self.delimiters: Delimiters = DEFAULT

    def begin_interchange(self, ordinal: int) -> None:
        """What follows is of this interchange, or of none (0)."""
        self.interchange = ordinal
        self.functional_group = self.transaction_set = 0
        self.outside_sets = 0

    def begin_set(self, ordinal: int) -> None:
        """What follows is of this transaction set."""
        self.transaction_set = ordinal
        self.in_set = 0

    def table(self) -> FindingTable:
        """All of them, in the order of the file."""
        return FindingTable.of(self.findings).ordered()

    def note(self, code: str, start: int, stop: int, segment_id: str = "", element: int = 0) -> None:
        """A finding of an envelope."""
        self._add(ElementFault(code, element), (start, stop), segment_id=segment_id)

    def note_segment(
        self, code: str, position: int, segment_id: str, node: SegmentNode | None, extent: tuple[int, int]
    ) -> None:
        """A finding of a whole segment, with its byte range."""
        loop = node.loop if node else ""
        self._add(ElementFault(code, 0), extent, position=position, segment_id=segment_id, loop=loop)

    def note_parent(self, code: str, position: int, node: SegmentNode, element: int, extent: tuple[int, int]) -> None:
        """A finding of an element of an earlier segment, with the element's byte range."""
        fault = ElementFault(code, element)
        self._add(
            fault,
            extent,
            position=position,
            segment_id=node.id,
            loop=node.loop,
            data_element=_data_element(node, fault),
        )

    def note_faults(
        self,
        faults: Sequence[ElementFault],
        position: int,
        node: SegmentNode,
        elements: list[str],
        extent: tuple[int, int],
    ) -> None:
        """Findings of the elements of a segment, in their order."""
        for fault in sorted(faults, key=lambda one: (one.element, one.repetition, one.component)):
            self._add(
                fault,
                self.extent(fault, elements, extent[0]) if fault.element else extent,
                position=position,
                segment_id=node.id,
                loop=node.loop,
                data_element=_data_element(node, fault),
            )

    def note_business(self, found: BusinessFinding) -> None:
        """A finding of the checks between segments."""
        self._add(
            ElementFault(found.code, found.element, found.component, found.repetition),
            (found.source_start, found.source_stop),
            position=found.position,
            segment_id=found.segment_id,
            loop=found.loop,
            data_element=found.data_element,
        )

    def extent(self, fault: ElementFault, elements: Sequence[str], start: int) -> tuple[int, int]:
        """Byte range of the element, repetition or component; empty at the place where an absent one would stand."""
        before = elements[: fault.element]
        start += sum(map(len, before)) + len(before)
        if fault.element >= len(elements):
            return start - 1, start - 1
        value = elements[fault.element]
        for number, separator in (
            (fault.repetition, self.delimiters.repetition),
            (fault.component, self.delimiters.component),
        ):
            if number and separator:
                parts = value.split(separator)
                start += sum(map(len, parts[: number - 1])) + min(number - 1, len(parts) - 1)
                value = parts[number - 1] if number <= len(parts) else ""
        return start, start + len(value)

    def _add(
        self,
        fault: ElementFault,
        extent: tuple[int, int],
        *,
        position: int = 0,
        segment_id: str = "",
        loop: str = "",
        data_element: str = "",
    ) -> None:
        group = self.functional_group
        last = "" if fault.code in ALWAYS_KEPT else self._last_kept()
        if last is None:
            return
        if last:
            fault, position, segment_id, loop, data_element = ElementFault(last, 0), 0, "", "", ""
            group = group if self.transaction_set else 0
        self.findings.append(
            Finding(
                code=fault.code,
                interchange=self.interchange,
                functional_group=group,
                transaction_set=self.transaction_set,
                segment_position=position,
                segment_id=segment_id if SEGMENT_ID.fullmatch(segment_id) else "",
                loop=loop,
                element=fault.element,
                component=fault.component,
                repetition=fault.repetition,
                data_element=data_element,
                source_start=extent[0],
                source_stop=extent[1],
            )
        )

    def _last_kept(self) -> str | None:
        """Empty where there is room for one more finding, the code that takes its place, or None: it is dropped."""
        full = len(self.findings) >= MOST_IN_FILE
        if self.transaction_set:
            self.in_set = _count(self.in_set, MOST_IN_SET, full=full)
            return _verdict(self.in_set, MOST_IN_SET, "SET_TOO_MANY_FINDINGS")
        if self.interchange:
            self.outside_sets = _count(self.outside_sets, MOST_OUTSIDE_SETS, full=full)
            return _verdict(self.outside_sets, MOST_OUTSIDE_SETS, "INTERCHANGE_TOO_MANY_FINDINGS")
        return None if full else ""


def _count(number: int, most: int, *, full: bool) -> int:
    """One more; in a full file the next one is the last."""
    return max(number + 1, most) if full else number + 1


def _verdict(number: int, most: int, code: str) -> str | None:
    if number > most:
        return None
    return code if number == most else ""


def _data_element(node: SegmentNode, fault: ElementFault) -> str:
    if not 0 < fault.element <= len(node.elements):
        return ""
    specification = node.elements[fault.element - 1]
    if fault.component:
        components = specification.components
        return components[fault.component - 1].data_element if fault.component <= len(components) else ""
    return specification.data_element
