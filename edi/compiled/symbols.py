"""Symbols: what a segment looks like to the matcher.

A symbol is a segment id with a class of qualifiers: those that select exactly the same nodes are one symbol, and every
other value is the id's symbol "no qualifier fits". There are few, so transitions can be a dense table.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from edi.compiled import layout as at
from edi.compiled.keys import QUALIFIER_BYTES, spread, symbol_key, text_key
from edi.guides.guide import Guide
from edi.guides.node import SegmentNode

SLOT_SHIFT = 48
SEGMENT_SLOTS = 512
SYMBOL_SLOTS = 4096


class SymbolTables(NamedTuple):
    """Hash tables for the kernel, and the meaning of each symbol."""

    segment_keys: NDArray[np.uint64]
    segment_rows: NDArray[np.int32]
    symbol_keys: NDArray[np.uint64]
    symbol_ids: NDArray[np.int32]
    meanings: tuple[tuple[str, str | None], ...]
    """Segment id and one qualifier of the class, None where none fits."""


def build_symbols(guide: Guide | None) -> SymbolTables:
    """The symbols of a guide; of none, only the ids that mean something everywhere.

    Raises:
        ValueError: the guide has a qualifier that cannot be told apart quickly, or too many of them.
    """
    builder = _Builder()
    nodes: dict[str, list[SegmentNode]] = {}
    for node in guide.nodes if guide else ():
        if isinstance(node, SegmentNode):
            nodes.setdefault(node.id, []).append(node)
    for segment_id in dict.fromkeys((*filter(None, at.SPECIAL_IDS), *nodes)):
        builder.add(segment_id, guide, nodes.get(segment_id, []))
    return builder.tables()


class _Builder:
    def __init__(self) -> None:
        self.segment_keys = np.zeros(SEGMENT_SLOTS, np.uint64)
        self.segment_rows = np.zeros((SEGMENT_SLOTS, at.QUALIFIER_FIELDS), np.int32)
        self.symbol_keys = np.zeros(SYMBOL_SLOTS, np.uint64)
        self.symbol_ids = np.zeros(SYMBOL_SLOTS, np.int32)
        self.meanings: list[tuple[str, str | None]] = []
        self.qualifiers = 0

    def tables(self) -> SymbolTables:
        if 2 * self.qualifiers > SYMBOL_SLOTS:
            raise ValueError("the guide has too many qualifiers")
        return SymbolTables(
            self.segment_keys, self.segment_rows, self.symbol_keys, self.symbol_ids, tuple(self.meanings)
        )

    def add(self, segment_id: str, guide: Guide | None, twins: list[SegmentNode]) -> None:
        special = at.SPECIAL_IDS.index(segment_id) if segment_id in at.SPECIAL_IDS else at.PLAIN
        slot = _insert(self.segment_keys, text_key(segment_id))
        if guide is None or not twins:
            self.segment_rows[slot] = (special, 0, 0, at.NOT_FOUND)
            return
        place = guide.qualifiers[segment_id]
        plain = len(self.meanings)
        self.segment_rows[slot] = (special, place.element, place.component, plain)
        self.meanings.append((segment_id, None))
        classes: dict[tuple[int, ...], int] = {}
        for value in sorted(place.codes):
            selected = tuple(node.index for node in twins if node.accepts(segment_id, value))
            if selected not in classes:
                classes[selected] = len(self.meanings)
                self.meanings.append((segment_id, value))
            self._add_qualifier(segment_id, value, classes[selected] + (at.REFINED if value in place.refined else 0))
        for value in sorted(place.refined - place.codes):
            self._add_qualifier(segment_id, value, plain + at.REFINED)

    def _add_qualifier(self, segment_id: str, value: str, symbol: int) -> None:
        if not value or ("/" in value and len(value) > QUALIFIER_BYTES):
            raise ValueError(f"a qualifier of {segment_id} cannot be told apart quickly")
        self.symbol_ids[_insert(self.symbol_keys, symbol_key(segment_id, value))] = symbol
        self.qualifiers += 1


def _insert(keys: NDArray[np.uint64], key: int) -> int:
    """A slot for a new key."""
    slots = len(keys)
    slot = spread(key, SLOT_SHIFT, slots)
    while keys[slot]:
        slot = (slot + 1) & (slots - 1)
    keys[slot] = key
    return slot
