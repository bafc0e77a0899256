"""Show a segment as it stands in the file, with a caret under what is meant; values are masked unless asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from edi.quotation import SEGMENT_ID
from edi.trouble import Usage

if TYPE_CHECKING:
    from edi.delimiters import Delimiters
    from edi.findings import Finding

WIDTH = 96
"""Characters of a segment that are shown; of a longer one those around the caret."""
REACH = 4096
"""Bytes before and behind a place within which its segment is looked for."""
MASK = "x"
TASK_VARIABLE = "AIRFLOW_CTX_DAG_ID"
"""Set inside an Airflow task, whose output is kept in a log."""


class ValuesRefused(Usage):
    """Somebody asked to see values where they would be written to a log."""


class Excerpt(NamedTuple):
    """Two lines of one length at most: the segment, and the caret under it."""

    segment: str
    caret: str


def refuse_values_in_tasks(option: str = "--show-values") -> None:
    """Values may be shown to a person at a terminal, never to the log of a task.

    Raises:
        ValuesRefused: this runs inside a task.
    """
    if TASK_VARIABLE in os.environ:
        raise ValuesRefused(f"{option} is refused inside a task: its log would keep health data.")


def excerpt(stream: BinaryIO, finding: Finding, delimiters: Delimiters, *, show_values: bool) -> Excerpt:
    """The segment that a finding is about."""
    first = max(finding.source_start - REACH, 0)
    stream.seek(first)
    text = stream.read(finding.source_start - first + REACH).decode("latin-1")
    at = finding.source_start - first
    begin = text.rfind(delimiters.segment, 0, at) + 1
    is_whole = begin > 0 or first == 0
    while begin < at and text[begin] in " \t\r\n":
        begin += 1
    end = text.find(delimiters.segment, at)
    segment = text[begin : end if end >= 0 else len(text)].rstrip("\r\n")
    start = at - begin
    stop = min(start + max(finding.source_stop - finding.source_start, 1), max(len(segment), start + 1))
    if start == 0:  # the range is the whole segment: that of its id, or of an envelope's element
        start, stop = _element(segment, finding.element, delimiters.element)
    shown = segment if show_values else mask(segment, delimiters, has_id=is_whole)
    return _window(_printable(shown), start, stop)


def _element(segment: str, element: int, separator: str) -> tuple[int, int]:
    """Where the element stands in the segment; the end where it is absent; element 0 is the segment's id."""
    elements = segment.split(separator)
    if element >= len(elements):
        return len(segment), len(segment) + 1
    start = sum(map(len, elements[:element])) + element
    return start, start + max(len(elements[element]), 1)


def mask(segment: str, delimiters: Delimiters, *, has_id: bool = True) -> str:
    """The segment with every character of its values hidden: its id and its separators stay.

    What stands where an id should, and is none, may be data; so may be the beginning of a part of a segment, which has
    no id.
    """
    separators = {delimiters.element, delimiters.component, delimiters.repetition}
    head = segment.partition(delimiters.element)[0]
    if not has_id or not SEGMENT_ID.fullmatch(head):
        head = ""
    return head + "".join(one if one in separators else MASK for one in segment[len(head) :])


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text)


def _window(segment: str, start: int, stop: int) -> Excerpt:
    """The part of a long segment that holds the place."""
    left = max(0, min(start - WIDTH // 3, len(segment) - WIDTH))
    shown = segment[left : left + WIDTH]
    before, after = ("..." if left else ""), ("..." if left + WIDTH < len(segment) else "")
    width = max(1, min(stop - left, max(len(shown), start - left + 1)) - (start - left))
    return Excerpt(before + shown + after, " " * (len(before) + start - left) + "^" * width)
