"""Keep the rows of some transaction sets, as if the others, and claims or members left out, were not in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from edi.tables.schema import NO_PARENT, SET_FIELDS
from edi.tables.specification import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

Accept = Callable[[int, int, int], bool]
"""Is this set wanted? By the ordinals of interchange, functional group and transaction set."""


def keep_sets(
    tables: Mapping[str, pa.Table],
    declared: Sequence[Table],
    accept: Accept,
    left_out: NDArray[np.int64] | None = None,
) -> dict[str, pa.Table]:
    """The rows of accepted sets, with `row`, `parent_row` and links counted anew; other tables are left out.

    `tables` are those that `read_tables` made of `declared`, whole: rows in the order of their numbers, from 0.
    `left_out` are byte ranges, a pair a row, in the order of the file: rows that begin in one of them are dropped, and
    all rows under these.
    """
    kept: dict[str, pa.Table] = {}
    masks: dict[str, NDArray[np.bool_] | None] = {}
    numbers: dict[str, NDArray[np.int64] | None] = {}
    for table in declared:
        rows = tables[table.name]
        chosen = _chosen(rows, accept)
        if left_out is not None and len(left_out) and rows.num_rows:
            chosen = _outside(rows, chosen, left_out, masks.get(table.parent or ""))
        masks[table.name] = chosen
        numbers[table.name] = None if chosen is None else np.cumsum(chosen) - 1
        if chosen is not None:
            rows = _renumbered(rows.filter(pa.array(chosen)), table, numbers)
        kept[table.name] = rows
    return kept


def _outside(
    rows: pa.Table, chosen: NDArray[np.bool_] | None, ranges: NDArray[np.int64], parents: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    """The chosen rows that begin in none of these ranges and whose parents are kept."""
    starts = rows["source_start"].to_numpy()
    place = np.searchsorted(ranges[:, 0], starts, "right") - 1
    left: NDArray[np.bool_] = ~((place >= 0) & (starts < ranges[place, 1]))
    if parents is not None and len(parents):
        parent = rows["parent_row"].to_numpy()
        left &= parents[parent] | (parent == NO_PARENT)
    if chosen is not None:
        left &= chosen
    return left


def _chosen(rows: pa.Table, accept: Accept) -> NDArray[np.bool_] | None:
    """By row: is its set accepted? None where all are."""
    if not rows.num_rows:
        return None
    columns = [rows[name].to_numpy() for name, _ in SET_FIELDS]
    changes = np.zeros(rows.num_rows, bool)
    changes[0] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    firsts = np.flatnonzero(changes)
    verdicts = np.array([accept(*(int(column[first]) for column in columns)) for first in firsts], bool)
    if verdicts.all():
        return None
    return np.repeat(verdicts, np.diff(firsts, append=rows.num_rows))


def _renumbered(rows: pa.Table, table: Table, numbers: Mapping[str, NDArray[np.int64] | None]) -> pa.Table:
    """With the new numbers of these rows and of those that they refer to, which are of the same sets."""
    row = rows.schema.get_field_index("row")
    rows = rows.set_column(row, "row", pa.array(np.arange(rows.num_rows), pa.int64()))
    parents = numbers.get(table.parent or "")
    if parents is not None:
        parent = rows["parent_row"].to_numpy()
        # no parent is -1 before and after; the last number, which -1 would take, is then not looked at
        renewed = np.where(parent == NO_PARENT, NO_PARENT, parents[parent])
        rows = rows.set_column(row + 1, "parent_row", pa.array(renewed, pa.int64()))
    for column in table.columns:
        linked = numbers.get(column.link) if column.link else None
        if linked is not None:
            place = rows.schema.get_field_index(column.name)
            rows = rows.set_column(place, column.name, pc.take(pa.array(linked, pa.int64()), rows[column.name]))
    return rows
