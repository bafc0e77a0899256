"""Segments of an 835's claims as columns of text: a run holds a hundred thousand claims, each made with all others.

Elements and components stand between control characters until the separators of an interchange are chosen: no value
can hold those, since every value passes through `told` first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]

Column: TypeAlias = pa.ChunkedArray
"""Or an Array, of text; null where there is nothing."""

ELEMENT, COMPONENT, TERMINATOR = "\x1d", "\x1f", "\x1e"
LINE_BITS, SLOT_BITS, REPEAT_BITS = 10, 4, 7
"""A place in the body: claim, line (0: the claim itself), slot of the segment in its loop, and its number there."""


def place(claims: Integers, slot: int, lines: Integers | int = 0, repeats: Integers | int = 0) -> Integers:
    """Where segments stand, as numbers that sort like the guide."""
    line = (claims << LINE_BITS) + lines
    return np.asarray((((line << SLOT_BITS) + slot) << REPEAT_BITS) + repeats, np.int64)


def first_place(claims: Integers) -> Integers:
    """Before everything of a claim."""
    return place(claims, 0)


def claim_and_line(at: int) -> tuple[int, int] | None:
    """Which claim and line (0: the claim itself) a place is of; none where it is of the level above the claim."""
    slot, line = (
        (at >> REPEAT_BITS) & ((1 << SLOT_BITS) - 1),
        (at >> (SLOT_BITS + REPEAT_BITS)) & ((1 << LINE_BITS) - 1),
    )
    return None if line == slot == 0 else (at >> (LINE_BITS + SLOT_BITS + REPEAT_BITS), line)


def repeats(groups: Integers) -> Integers:
    """The number of each row among the rows of its group, which stand together; from 0."""
    if not len(groups):
        return groups
    starts = np.flatnonzero(np.diff(groups, prepend=groups[0] - 1))
    return np.arange(len(groups)) - np.repeat(starts, np.diff(starts, append=len(groups)))


class Body:
    """Segments in any order, each with its place; claims that are not shown have none."""

    def __init__(self, shown: npt.NDArray[np.bool_]) -> None:
        self._shown = shown
        self._places: list[Integers] = []
        self._texts: list[Column] = []

    def add(self, places: Integers, *elements: Column | str) -> None:
        """A segment a row: its id, then its elements; empty ones at the end are dropped."""
        parts = [pa.scalar(each, pa.string()) if isinstance(each, str) else pc.fill_null(each, "") for each in elements]
        joined = pc.binary_join_element_wise(*parts, pa.scalar(ELEMENT, pa.string()))
        if isinstance(joined, pa.Scalar):
            joined = pa.array([joined.as_py()] * len(places), pa.string())
        kept = self._shown[places >> (LINE_BITS + SLOT_BITS + REPEAT_BITS)]
        self._places.append(places[kept])
        self._texts.append(pc.utf8_rtrim(joined, ELEMENT).filter(pa.array(kept)))

    def sorted(self) -> tuple[Integers, pa.LargeStringArray]:
        """The places in order, and at each its segment with the terminator."""
        places = np.concatenate([np.empty(0, np.int64), *self._places])
        chunks = [chunk for text in self._texts for chunk in (text.chunks if hasattr(text, "chunks") else [text])]
        texts = pa.chunked_array(chunks, pa.string()).cast(pa.large_string())
        order = np.argsort(places, kind="stable")
        ended = pc.binary_join_element_wise(
            texts.take(pa.array(order)), pa.scalar("", pa.large_string()), pa.scalar(TERMINATOR, pa.large_string())
        )
        return places[order], ended.combine_chunks()


def told(column: Column, longest: int, shortest: int = 0) -> Column:
    """Text as it can be written: accents dropped, no control characters, cut where the element ends; null if empty.

    A code or id that is shorter than its element, or longer where `shortest` is given, is left out: a part of an id is
    another id, and a claim accepted with errors may have any.
    """
    column = column.cast(pa.string())
    if pc.any(pc.match_substring_regex(column, "[^ -~]")).as_py():
        spaced = pc.replace_substring_regex(column, "[\x00-\x1f\x7f]", " ")
        column = pc.replace_substring_regex(pc.utf8_normalize(spaced, "NFKD"), "[^ -~]", "")
    if shortest:
        column = pc.utf8_trim_whitespace(column)
        lengths = pc.utf8_length(column)
        fits = pc.and_(pc.greater_equal(lengths, shortest), pc.less_equal(lengths, longest))
        return pc.if_else(fits, column, pa.scalar(None, pa.string()))
    column = pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(column, 0, longest))
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def told_value(value: str, longest: int) -> str:
    """One text as `told` writes it, empty where nothing is left."""
    return told(pa.array([value], pa.string()), longest)[0].as_py() or ""


def composite(*components: Column | str) -> Column:
    """Components of one element; empty ones at the end are dropped."""
    parts = [pa.scalar(each, pa.string()) if isinstance(each, str) else pc.fill_null(each, "") for each in components]
    return pc.utf8_rtrim(pc.binary_join_element_wise(*parts, pa.scalar(COMPONENT, pa.string())), COMPONENT)


def of_distinct(column: Column, write: Callable[[Any], str]) -> Column:
    """Each distinct value is written once; null stays null."""
    known = column.unique()
    texts = pa.array([None if value is None else write(value) for value in known.to_pylist()], pa.string())
    return pc.take(texts, pc.index_in(column, known))
