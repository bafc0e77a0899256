"""Every transition of a guide, worked out ahead: from each node by each symbol."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from edi.compiled import layout as at
from edi.guides.guide import Guide
from edi.guides.matcher import Transition, resolve
from edi.guides.node import NOT_USED, SegmentNode


class Routes(NamedTuple):
    """The transitions of a guide."""

    links: NDArray[np.int32]
    """By node and symbol: a row of `rows`, or NOT_FOUND."""
    rows: NDArray[np.int32]
    missing: NDArray[np.int32]
    """Required nodes passed over: the one whose counter must not be 0, and the segment to name."""


def build_routes(guide: Guide, meanings: tuple[tuple[str, str | None], ...]) -> Routes:
    """Resolve every pair of a segment and a symbol."""
    links = np.full((len(guide.nodes), len(meanings)), at.NOT_FOUND, np.int32)
    rows: dict[tuple[int, ...], int] = {}
    missing: list[tuple[int, int]] = []
    slices: dict[tuple[tuple[int, int], ...], int] = {}
    same: dict[tuple[int, int], int] = {}
    """Segments at one place of one loop lead to the same nodes: the first of them."""
    for node in guide.nodes:
        if not isinstance(node, SegmentNode):
            continue
        twin = same.setdefault((node.parent.index, node.position), node.index)
        if twin != node.index:
            links[node.index] = links[twin]
            continue
        for symbol, (segment_id, qualifier) in enumerate(meanings):
            transition = resolve(node, segment_id, qualifier)
            if transition is None:
                continue
            passed = tuple((one.node.index, one.segment.index) for one in transition.passed)
            if passed not in slices:
                slices[passed] = len(missing)
                missing.extend(passed)
            row = (*_row(transition), slices[passed], len(passed))
            links[node.index, symbol] = rows.setdefault(row, len(rows))
    return Routes(links, _table(list(rows)), np.array(missing or [(0, 0)], np.int32))


def _row(transition: Transition) -> tuple[int, ...]:
    """Target, its most times, the loop it opens with the end of its nodes and its most times, and is it forbidden?"""
    target, entered, _ = transition
    if entered is None:
        return target.index, target.maximum, -1, 0, 0, int(target.usage == NOT_USED)
    return target.index, target.maximum, entered.index, entered.stop, entered.maximum, int(entered.usage == NOT_USED)


def _table(rows: list[tuple[int, ...]]) -> NDArray[np.int32]:
    table = np.zeros((max(len(rows), 1), at.TRANSITION_FIELDS), np.int32)
    columns = (
        at.T_TARGET,
        at.T_MAX,
        at.T_LOOP,
        at.T_LOOP_STOP,
        at.T_LOOP_MAX,
        at.T_UNUSED,
        at.T_MISSING,
        at.T_MISSINGS,
    )
    if rows:
        table[:, columns] = rows
    return table
