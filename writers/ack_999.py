"""The 999 (005010X231A1): one transaction set answers one functional group.

AK1, then for each set AK2, its IK3 and IK4, and IK5; AK9 at the end. IK404, the copy of a bad value, is never
written: it would be health data, and the position finds it in the sender's own file. CTX is not written yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from edi.finding_codes import CODES
from edi.findings import Finding
from edi.quotation import LOOP_ID, SEGMENT_ID, SET_GUIDE_LENGTHS, quotable, set_quotable
from edi.verdict import GroupVerdict, SetVerdict
from edi.writer import Segment, SetContent

TRANSACTION = "999"
GUIDE = "005010X231A1"
ELEMENTS_IN_ERROR = "8"
NO_SEGMENT_ID = "ZZZ"
"""IK301 must be there; what a file has in the place of a segment id may be anything, health data too."""
HIGHEST_POSITION, HIGHEST_COUNT = 999_999, 999_999
HIGHEST_ELEMENT, HIGHEST_REPETITION = 99, 9_999
DATA_ELEMENT = re.compile(r"\d{1,4}", re.ASCII)


def acknowledgment_set(verdict: GroupVerdict, control_number: str) -> SetContent:
    """The 999 for a functional group, with our own ST02."""
    return SetContent(TRANSACTION, control_number, GUIDE, tuple(_segments(verdict)))


def _segments(verdict: GroupVerdict) -> Iterator[Segment]:
    yield ("AK1", verdict.functional_id, verdict.control_number, verdict.guide)
    for transaction_set in verdict.sets:
        if set_quotable(transaction_set.transaction, transaction_set.control_number):
            yield from _transaction_set(transaction_set)
    yield (
        "AK9",
        verdict.code,
        str(verdict.included_sets),
        str(min(verdict.received_sets, HIGHEST_COUNT)),
        str(min(verdict.accepted_sets, HIGHEST_COUNT)),
        *verdict.error_codes,
    )


def _transaction_set(verdict: SetVerdict) -> Iterator[Segment]:
    guide = verdict.guide if verdict.guide and quotable(verdict.guide, SET_GUIDE_LENGTHS) else ""
    yield ("AK2", verdict.transaction, verdict.control_number, guide)
    for _, findings in groupby(verdict.findings, key=lambda one: (one.segment_position, one.segment_id, one.loop)):
        yield from _segment(tuple(findings))
    yield ("IK5", verdict.code, *verdict.error_codes)


def _segment(findings: tuple[Finding, ...]) -> Iterator[Segment]:
    """An IK3 for each fault of a segment as such, and one more, with IK4s, for those of its elements."""
    first = findings[0]
    place = (
        "IK3",
        first.segment_id if SEGMENT_ID.fullmatch(first.segment_id) else NO_SEGMENT_ID,
        str(min(first.segment_position, HIGHEST_POSITION)),
        first.loop if LOOP_ID.fullmatch(first.loop) else "",
    )
    elements = tuple(dict.fromkeys(note for one in findings if (note := _element(one)) is not None))
    codes = dict.fromkeys(CODES[one.code].ik304 or ELEMENTS_IN_ERROR for one in findings)
    for code in codes:
        yield (*place, code)
        if code == ELEMENTS_IN_ERROR:
            yield from elements


def _element(finding: Finding) -> Segment | None:
    """IK4, or None for a fault of the segment as such."""
    code = CODES[finding.code].ik403
    if code is None or not 0 < finding.element <= HIGHEST_ELEMENT:
        return None
    position = (
        str(finding.element),
        str(finding.component) if 0 < finding.component <= HIGHEST_ELEMENT else "",
        str(finding.repetition) if 0 < finding.repetition <= HIGHEST_REPETITION else "",
    )
    reference = finding.data_element if DATA_ELEMENT.fullmatch(finding.data_element) else ""
    return ("IK4", position, reference, code)
