"""The findings of a scan, from the kernels' buffer to a table: in numbers all the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edi.compiled import layout as at
from edi.compiled.guide_tables import GuideTables
from edi.compiled.keys import GOLDEN, key_text
from edi.findings import FindingTable
from edi.guides.guide import Guide
from edi.guides.node import SegmentNode

Numbers = NDArray[np.int64]
SLOTS = 1 << 12
SPREAD, SHIFT = np.uint64(GOLDEN), np.uint64(64 - 12)


class FindingsStore:
    """Collects what the kernels found, and turns it into a `FindingTable`."""

    def __init__(self) -> None:
        self.blocks: list[Numbers] = []

    def take(self, rows: Numbers) -> None:
        """Keep a copy of the rows of the buffer."""
        if len(rows):
            self.blocks.append(rows.copy())

    def table(self, guides: Sequence[tuple[Guide, GuideTables]]) -> FindingTable:
        """All of them in the order of the file; `guides` in the order in which their nodes are numbered."""
        if not self.blocks:
            return FindingTable.of(())
        numbers = self._joined()
        texts: dict[str, int] = {"": 0}
        data = _data_elements(numbers, [tables for _, tables in guides])
        loops = [
            texts.setdefault(node.loop if isinstance(node, SegmentNode) else "", len(texts))
            for guide, _ in guides
            for node in guide.nodes
        ]
        numbers[:, at.F_LOOP] = np.array([0, *loops], np.int64)[numbers[:, at.F_LOOP]]
        numbers[:, at.F_SEGMENT] = _text_numbers(numbers[:, at.F_SEGMENT], texts)
        numbers[:, at.F_DATA] = _text_numbers(data, texts)
        table = FindingTable(numbers, tuple(texts))
        order = table.order()
        moved = np.flatnonzero(order != np.arange(len(order)))  # few, for they come nearly in order
        numbers[moved] = numbers[order[moved]]
        return table

    def _joined(self) -> Numbers:
        """All blocks in one, each let go of when it is copied."""
        blocks = self.blocks[::-1]
        self.blocks.clear()
        numbers = np.empty((sum(map(len, blocks)), at.FINDING_FIELDS), np.int64)
        first = 0
        while blocks:
            block = blocks.pop()
            numbers[first : first + len(block)] = block
            first += len(block)
        return numbers


def _text_numbers(keys: Numbers, texts: dict[str, int]) -> Numbers:
    """The numbers of the texts that these keys pack."""
    numbers, rows = np.empty(len(keys), np.int64), np.arange(len(keys))
    while len(rows):
        slots = (keys[rows].view(np.uint64) * SPREAD >> SHIFT).astype(np.int64)
        kept, number = np.zeros(SLOTS, np.int64), np.zeros(SLOTS, np.int64)
        kept[slots] = keys[rows]
        used = np.flatnonzero(np.bincount(slots, minlength=SLOTS))
        number[used] = [texts.setdefault(key_text(key), len(texts)) for key in kept[used].tolist()]
        numbers[rows] = number[slots]
        rows = rows[kept[slots] != keys[rows]]  # another key has their slot
    return numbers


def _data_elements(numbers: Numbers, guides: Sequence[GuideTables]) -> Numbers:
    """The packed data element number of each finding's element or component, 0 where there is none."""
    nodes, elements = _joined(guides)
    node, element, component = (numbers[:, column] for column in (at.F_LOOP, at.F_ELEMENT, at.F_COMPONENT))
    inside = (element > 0) & (element <= nodes[node, 1])
    row = np.where(inside, nodes[node, 0] + element - 1, 0)
    whole = component == 0
    inside &= whole | (component <= elements[row, 2])
    row = np.where(inside & ~whole, elements[row, 1] + component - 1, row)
    return np.where(inside, elements[row, 0], 0)


def _joined(guides: Sequence[GuideTables]) -> tuple[Numbers, Numbers]:
    """First element row and number of elements of every node, 0 being no node; data element and components of rows."""
    nodes, elements, rows = [np.zeros((1, 2), np.int64)], [np.zeros((1, 3), np.int64)], 1
    for tables in guides:
        node = tables.nodes[:, [at.N_ELEMENT, at.N_ELEMENTS]].astype(np.int64)
        node[:, 0] += rows
        element = tables.elements[:, [at.E_DATA, at.E_COMPONENT, at.E_COMPONENTS]].astype(np.int64)
        element[:, 1] += rows
        nodes.append(node)
        elements.append(element)
        rows += len(element)
    return np.concatenate(nodes), np.concatenate(elements)
