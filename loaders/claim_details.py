"""Load what an 837 says besides claims, lines, diagnoses and parties: one COPY a table that has rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from loaders.copy import copy_table
from loaders.person_keys import SSN_REFERENCE, sealed
from loaders.schema.claim_details import CLAIM_DETAILS, claim_set, claim_set_contact
from loaders.staging import POSITION, storable_columns

NEW_CLAIMS = "select array_agg(row order by row), array_agg(claim_id order by row) from new_claim"
LOADED_SETS = f"""
select {", ".join(POSITION)}, set_key from loaded_set order by {", ".join(POSITION)}
"""  # noqa: S608 - our own names


IdsByRow = npt.NDArray[np.int64]
"""By row of the claim its id, -1 for one that is not loaded."""


def ids_by_row(conn: Connection) -> IdsByRow:
    """Of the claims in `new_claim`, at least one."""
    rows, claim_ids = conn.execute(text(NEW_CLAIMS)).one()
    by_row = np.full(rows[-1] + 1, -1, np.int64)
    by_row[rows] = claim_ids
    return by_row


def load_details(
    conn: Connection,
    tables: Mapping[str, pa.Table],
    by_row: IdsByRow,
    line_numbers: pa.ChunkedArray,
    identity_key: bytes | None,
) -> None:
    """Insert the details of the claims in `new_claim`, and the batches of the sets in `loaded_set`.

    `tables` are those of `parsers.claim_details` and `parsers.claim_batches`; `line_numbers` are the warehouse's
    numbers of the rows of `claim_line`.
    """
    _load_batches(conn, tables)
    wanted = [table for table in CLAIM_DETAILS if table.name in tables and tables[table.name].num_rows]
    for table in wanted:
        details = of_lines(of_claims(tables[table.name], by_row), line_numbers)
        if table.name == "claim_reference":
            details = _sealed(details, identity_key)
        columns = [column.name for column in table.columns if column.name in details.column_names]
        copy_table(conn, storable_columns(details.select(columns)), table.name)


def of_lines(rows: pa.Table, line_numbers: pa.ChunkedArray) -> pa.Table:
    """With `line_number` as the warehouse numbers the line of `line_row`; empty for the claim as a whole."""
    numbers = pc.take(line_numbers, rows["line_row"])
    place = rows.schema.get_field_index("line_number")
    if place < 0:
        return rows.append_column("line_number", numbers)
    return rows.set_column(place, "line_number", numbers)


def of_claims(rows: pa.Table, by_row: IdsByRow) -> pa.Table:
    """Those of claims that are loaded, with `claim_id`."""
    parents = rows["parent_row"].to_numpy()
    known = parents < len(by_row)
    claim_ids = np.where(known, by_row[np.where(known, parents, 0)], -1)
    rows = rows.append_column("claim_id", pa.array(claim_ids, pa.int64()))
    return rows if (claim_ids >= 0).all() else rows.filter(pa.array(claim_ids >= 0))


def _sealed(references: pa.Table, identity_key: bytes | None) -> pa.Table:
    """With social security numbers hashed."""
    values = sealed(references["qualifier"], references["value"], identity_key, SSN_REFERENCE)
    return references.set_column(references.schema.get_field_index("value"), "value", values)


def _load_batches(conn: Connection, tables: Mapping[str, pa.Table]) -> None:
    """Headers and contacts of the loaded sets."""
    found = conn.execute(text(LOADED_SETS)).all()
    sets = pa.table([list(column) for column in zip(*found, strict=True)], names=[*POSITION, "set_key"])
    for table in (claim_set, claim_set_contact):
        rows = tables.get(table.name)
        if rows is None or not found:
            continue
        places = pc.index_in(_keys(rows), _keys(sets))
        rows = rows.append_column("set_key", pc.take(sets["set_key"], places)).filter(pc.is_valid(places))
        columns = [column.name for column in table.columns if column.name in rows.column_names]
        copy_table(conn, storable_columns(rows.select(columns)), table.name)


def _keys(rows: pa.Table) -> pa.ChunkedArray:
    """The set of each row as one word."""
    return pc.binary_join_element_wise(*(pc.cast(rows[name], pa.string()) for name in POSITION), " ")
