"""A guide as arrays, of one shape for every guide, so that the kernels are compiled once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from edi.compiled import layout as at
from edi.compiled.keys import spread, text_key
from edi.compiled.routes import build_routes
from edi.compiled.symbols import build_symbols
from edi.guides.guide import Guide
from edi.guides.node import ElementSpecification, LoopNode, SegmentNode, SyntaxNote
from edi.reference.hierarchy import enclosing_level

CODE_SHIFT = 40
FORMAT_QUALIFIER, FORMATTED, MONETARY_AMOUNT = "1250", "1251", "782"
CLAIM, LEVEL = "837", "HL"
QUICK_AMOUNT = 10
"""Digits of an amount that is certain to be one we can hold."""
MOST_PLACES = 62
USAGES = {"S": at.SITUATIONAL, "R": at.REQUIRED, "N": at.NOT_USED}
TYPES = {"AN": at.AN, "ID": at.ID, "R": at.DECIMAL, "DT": at.DATE, "TM": at.TIME, "B": at.BINARY}
DIGITS_ONLY = re.compile(r"(?:\[0-9\]|\\d)\{(\d{1,2})\}")
"""The only patterns that the guides ask for: a number of digits."""


class GuideTables(NamedTuple):
    """All that the kernels read of a guide."""

    nodes: NDArray[np.int32]
    masks: NDArray[np.uint64]
    """By node: bit k for element k + 1."""
    elements: NDArray[np.int32]
    bounds: NDArray[np.int32]
    """By element: the shortest and the longest that a look at the length is enough for."""
    syntax: NDArray[np.uint64]
    code_sets: NDArray[np.int32]
    """Offset in `codes`, and number of slots less one."""
    codes: NDArray[np.uint64]
    segment_keys: NDArray[np.uint64]
    segment_rows: NDArray[np.int32]
    symbol_keys: NDArray[np.uint64]
    symbol_ids: NDArray[np.int32]
    links: NDArray[np.int32]
    rows: NDArray[np.int32]
    missing: NDArray[np.int32]


def build_tables(guide: Guide | None) -> GuideTables:
    """The tables of a guide, or of none: then only the segment ids that mean something everywhere.

    Raises:
        ValueError: the guide asks for something that the kernels do not know.
    """
    rows = _Rows()
    for node in guide.nodes if guide else ():
        rows.add_node(node)
    symbols = build_symbols(guide)
    if guide is None:
        links, transitions, missing = np.full((1, 1), at.NOT_FOUND, np.int32), _table([], at.TRANSITION_FIELDS), None
    else:
        links, transitions, missing = build_routes(guide, symbols.meanings)
    elements = _table(rows.elements, at.ELEMENT_FIELDS)
    return GuideTables(
        nodes=_table(rows.nodes, at.NODE_FIELDS),
        masks=np.array(rows.masks or [[0] * at.MASK_FIELDS], np.uint64),
        elements=elements,
        bounds=elements[:, [at.E_MIN, at.E_QUICK]].copy(),
        syntax=np.array(rows.syntax or [[0] * at.SYNTAX_FIELDS], np.uint64),
        code_sets=np.array(rows.code_sets or [(0, 0)], np.int32),
        codes=np.array(rows.slots or [0], np.uint64),
        segment_keys=symbols.segment_keys,
        segment_rows=symbols.segment_rows,
        symbol_keys=symbols.symbol_keys,
        symbol_ids=symbols.symbol_ids,
        links=links,
        rows=transitions,
        missing=np.zeros((1, 2), np.int32) if missing is None else missing,
    )


def _table(rows: list[list[int]], width: int) -> NDArray[np.int32]:
    return np.array(rows or [[0] * width], np.int32)


class _Rows:
    """Collects the rows of the tables."""

    def __init__(self) -> None:
        self.nodes: list[list[int]] = []
        self.masks: list[list[int]] = []
        self.elements: list[list[int]] = []
        self.syntax: list[list[int]] = []
        self.code_sets: list[tuple[int, int]] = []
        self.slots: list[int] = []
        self._sets: dict[frozenset[str], int] = {}

    def add_node(self, node: LoopNode | SegmentNode) -> None:
        row = [0] * at.NODE_FIELDS
        self.nodes.append(row)
        if isinstance(node, LoopNode):
            self.masks.append([0] * at.MASK_FIELDS)
            return
        if len(node.elements) > MOST_PLACES or len(node.id) > 3:  # noqa: PLR2004 - X12's segment ids
            raise ValueError(f"{node.id} is no segment that can be checked")
        proven = node.key_element if not node.key_component else 0
        row[at.N_ID], row[at.N_LOOP] = text_key(node.id), node.parent.index
        row[at.N_ELEMENT], row[at.N_ELEMENTS] = self._add_elements(node.elements, proven), len(node.elements)
        row[at.N_SYNTAX], row[at.N_SYNTAXES] = len(self.syntax), len(node.syntax)
        row[at.N_POSTAL] = int(node.id == "N4")
        around = enclosing_level(node) if node.id == LEVEL else None
        row[at.N_LEVEL] = around.index if around else -1
        self.syntax.extend(_syntax(note) for note in node.syntax)
        self.masks.append(self._mask(row))

    def _mask(self, node: list[int]) -> list[int]:
        first, count = node[at.N_ELEMENT], node[at.N_ELEMENTS]
        mask = [0] * at.MASK_FIELDS
        mask[at.M_FIRST], mask[at.M_COUNT] = first, count
        for place, row in enumerate(self.elements[first : first + count]):
            for field, holds in (
                (at.M_REQUIRED, row[at.E_USAGE] == at.REQUIRED),
                (at.M_LOOKED_UP, _is_looked_up(row)),
                (at.M_NUMERIC, row[at.E_TYPE] in {at.NUMERIC, at.DECIMAL}),
                (at.M_DECIMAL, row[at.E_TYPE] == at.DECIMAL),
                (at.M_FORMED, row[at.E_QUALIFIER]),
            ):
                mask[field] |= bool(holds) << place
        return mask

    def _add_elements(self, specifications: Sequence[ElementSpecification], proven: int = 0) -> int:
        """Rows for the elements of a segment or the components of a composite; `proven`: the match knows its code."""
        first = len(self.elements)
        self.elements.extend([0] * at.ELEMENT_FIELDS for _ in specifications)
        qualifier = 0
        for place, one in enumerate(specifications, 1):
            row = self.elements[first + place - 1]
            row[at.E_USAGE], row[at.E_REPEAT] = USAGES[one.usage], one.repeat
            row[at.E_CODES] = row[at.E_COMPONENT] = -1
            row[at.E_DATA] = _data_element(one)
            if one.components:
                row[at.E_COMPONENT], row[at.E_COMPONENTS] = self._add_elements(one.components), len(one.components)
            else:
                self._fill_simple(row, one, proven=place == proven)
                if one.data_element == FORMATTED:
                    row[at.E_QUALIFIER] = qualifier
            if one.data_element == FORMAT_QUALIFIER:
                qualifier, row[at.E_IS_QUALIFIER] = place, 1
            row[at.E_CAREFUL] = _careful(row)
        return first

    def _fill_simple(self, row: list[int], one: ElementSpecification, *, proven: bool) -> None:
        row[at.E_TYPE] = at.NUMERIC if one.data_type[0] == "N" else TYPES[one.data_type]
        row[at.E_MIN], row[at.E_MAX] = one.minimum, one.maximum
        row[at.E_AMOUNT] = int(one.data_element == MONETARY_AMOUNT)
        row[at.E_QUICK] = min(one.maximum, QUICK_AMOUNT) if row[at.E_AMOUNT] else one.maximum
        row[at.E_PATTERN] = _digits(one.pattern) if one.pattern else 0
        if one.codes and not proven:
            row[at.E_CODES] = self._code_set(one.codes)

    def _code_set(self, codes: frozenset[str]) -> int:
        """The number of a set of codes, in a hash table that is at most half full."""
        if codes not in self._sets:
            size = 1 << (2 * len(codes) - 1).bit_length()
            table = [0] * size
            for code in sorted(codes):
                key = text_key(code)
                slot = spread(key, CODE_SHIFT, size)
                while table[slot]:
                    slot = (slot + 1) & (size - 1)
                table[slot] = key
            self._sets[codes] = len(self.code_sets)
            self.code_sets.append((len(self.slots), size - 1))
            self.slots.extend(table)
        return self._sets[codes]


def _is_looked_up(row: list[int]) -> bool:
    """Is more asked of a value than good length and characters?"""
    has_list = row[at.E_CODES] >= 0 or row[at.E_COMPONENT] >= 0 or row[at.E_QUALIFIER] or row[at.E_PATTERN]
    return bool(has_list or row[at.E_USAGE] == at.NOT_USED or row[at.E_TYPE] in {at.DATE, at.TIME})


def _careful(row: list[int]) -> int:
    """Classes of bytes whose absence makes a value of good length right."""
    if _is_looked_up(row):
        return at.ANY_BYTE
    if row[at.E_TYPE] in {at.NUMERIC, at.DECIMAL}:
        return at.ANY_BYTE & ~at.DIGIT
    return at.ANY_BYTE & ~(at.DIGIT | at.TEXT | at.MINUS | at.DOT)


def _data_element(one: ElementSpecification) -> int:
    if len(one.data_element) > 4 or not one.data_element.isascii():  # noqa: PLR2004 - such as 1251 or C003
        raise ValueError(f"{one.reference} has no data element number")
    return text_key(one.data_element)


def _digits(pattern: str) -> int:
    """The number of digits that a pattern asks for, as a bit."""
    match = DIGITS_ONLY.fullmatch(pattern)
    if match is None or int(match.group(1)) > 30:  # noqa: PLR2004 - bits of an int32
        raise ValueError("a guide asks for a pattern other than a number of digits")
    return 1 << int(match.group(1))


def _syntax(note: SyntaxNote) -> list[int]:
    places = note.places
    if not places or max(places) > MOST_PLACES or (note.kind == "E" and list(places[1:]) != sorted(places[1:])):
        raise ValueError("a syntax note that cannot be checked")
    bits = [1 << (place - 1) for place in places]
    following = [bit for bit in bits if bit != bits[0]]
    return [at.SYNTAX_KINDS.index(note.kind), sum(set(bits)), bits[0], following[0] if following else 0]
