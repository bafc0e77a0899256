"""Work out one transition: which node a segment stands at, after another node.

The walk is the one that X12 guides imply: what may follow is what comes at the same place or later in the same
loop, else in the loop around it. Which node a segment matches never depends on counts, so a transition can be
remembered; counts only decide which of the required nodes passed over are missing.
"""

from __future__ import annotations

from typing import NamedTuple

from edi.guides.node import REQUIRED, LoopNode, SegmentNode


class Passed(NamedTuple):
    """A required node that is missing unless its counter says otherwise, and the segment to name."""

    node: LoopNode | SegmentNode
    segment: SegmentNode


class Transition(NamedTuple):
    """Where a segment leads."""

    target: SegmentNode
    entered: LoopNode | None
    """The loop that it opens."""
    passed: tuple[Passed, ...]


def resolve(start: SegmentNode, segment_id: str, qualifier: str | None) -> Transition | None:
    """The transition from `start`, or None where the segment has no place after it."""
    passed: list[Passed] = []
    loop, position = start.parent, start.position
    while True:
        for child in loop.children:
            if child.position < position:
                continue
            if isinstance(child, LoopNode):
                opened = _open(child, segment_id, qualifier, passed)
                if opened:
                    return Transition(opened, opened.parent, _due(passed, child))
            elif child.accepts(segment_id, qualifier):
                repeats = loop.parent is not None and child is loop.children[0]
                return Transition(child, loop if repeats else None, _due(passed, child))
            elif child.usage == REQUIRED:
                passed.append(Passed(child, child))
        if loop.parent is None:
            return None
        loop, position = loop.parent, loop.position


def _open(loop: LoopNode, segment_id: str, qualifier: str | None, passed: list[Passed]) -> SegmentNode | None:
    """The first segment of the loop, or of any loop in it where it only wraps others, if that is what stands here."""
    if not loop.children:
        return None
    first = loop.children[0]
    if isinstance(first, SegmentNode):
        if first.accepts(segment_id, qualifier):
            return first
        if loop.usage == REQUIRED:
            passed.append(Passed(loop, first))
        return None
    for child in loop.children:
        if isinstance(child, LoopNode):
            opened = _open(child, segment_id, qualifier, passed)
            if opened:
                return opened
    return None


def _due(passed: list[Passed], reached: LoopNode | SegmentNode) -> tuple[Passed, ...]:
    """Without those that may still follow: siblings at one position come in any order."""
    return tuple(
        one
        for one in dict.fromkeys(passed)
        if one.node.parent is not reached.parent or one.node.position != reached.position
    )
