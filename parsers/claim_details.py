"""All that an 837 says of claims besides claims, lines and diagnoses: as the rows that the warehouse keeps.

Every table has `parent_row`, the row of the claim; `line_row`, that of the service line, empty for the claim as a
whole; `ordinal`, from 1 in each claim, in the order sent; what it is about; and its bytes. `other_coverage`,
`line_adjudication` and `party` are the ordinals of what a row is about. A table without rows is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from parsers.claim_detail_parts import DETAILS, Part
from parsers.claim_levels import levels_of, repeated
from parsers.claim_rows import in_order, ordinals

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

RANGE = ("source_start", "source_stop")
OF_LINES = ("claim_line_tooth", "claim_line_adjudication", "claim_line_drug", "claim_line_form")
"""Tables whose parent is the line."""
LINKS = {
    "party": ("party_row", "claim_party"),
    "other_coverage": ("other_coverage_row", "claim_other_coverage"),
    "line_adjudication": ("line_adjudication_row", "claim_line_adjudication"),
}


@dataclass(frozen=True)
class Said:
    """The extracted tables of accepted claims, and the place in its claim of each of the claims' own parties."""

    tables: Mapping[str, pa.Table]

    @cached_property
    def levels(self) -> NDArray[np.int64]:
        """Of `parsers.claim_levels`."""
        return levels_of(self.tables["claim"], self.tables["claim_hierarchy"])

    @cached_property
    def parties(self) -> pa.Table:
        """Those above the claim and its own, in the order of claims and of the file; of its own, `own_row`."""
        import numpy as np  # noqa: PLC0415 - the command line must start without Arrow
        import pyarrow as pa  # noqa: PLC0415 - as above

        above, own = self.above("claim_hierarchy_party"), self.rows("claim_party")
        own = own.append_column("own_row", pa.array(np.arange(own.num_rows), pa.int64()))
        return _ordered(pa.concat_tables([above, own], promote_options="default"))

    def rows(self, name: str) -> pa.Table:
        """An extracted table with the claim's row as `parent_row` and with `line_row`."""
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute as pc  # noqa: PLC0415 - as above

        rows = self.tables[name]
        if name in OF_LINES:
            of_line = rows["parent_row"]
            place = rows.schema.get_field_index("parent_row")
            claims = pc.take(self.tables["claim_line"]["parent_row"], of_line)
            return rows.set_column(place, "parent_row", claims).append_column("line_row", of_line)
        if "line_row" in rows.schema.names:
            return rows
        return rows.append_column("line_row", pa.nulls(rows.num_rows, pa.int64()))

    def above(self, name: str) -> pa.Table:
        """An extracted table of the levels, its rows once a claim."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        rows = repeated(self.tables[name], self.levels)
        return rows.append_column("line_row", pa.nulls(rows.num_rows, pa.int64()))

    def linked(self, rows: pa.Table, name: str) -> pa.ChunkedArray:
        """`party`, `other_coverage` or `line_adjudication`: the ordinals in their claims of what rows link to."""
        import pyarrow as pa  # noqa: PLC0415 - as above
        import pyarrow.compute as pc  # noqa: PLC0415 - as above

        link, table = LINKS[name]
        if table == "claim_party":
            own = self.parties.filter(pc.is_valid(self.parties["own_row"]))
            return pc.take(own["ordinal"], rows[link])
        places = ordinals(self.rows(table)["parent_row"].to_numpy())
        return pc.take(pa.chunked_array([pa.array(places, pa.int64())]), rows[link])


def read_details(tables: Said) -> dict[str, pa.Table]:
    """The tables that have rows, by the name of the warehouse's table."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    found = {}
    for name, parts in DETAILS.items():
        pieces = [_piece(tables, part) for part in parts if tables.tables[part.table].num_rows]
        rows = pa.concat_tables(pieces, promote_options="permissive") if pieces else None
        if rows is not None and rows.num_rows:
            found[name] = _ordered(rows)
    return found


def _piece(said: Said, part: Part) -> pa.Table:
    """What one extracted table gives to a table of the warehouse."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    rows = said.above(part.table) if part.is_above else said.rows(part.table)
    if part.keeps:
        rows = rows.filter(part.keeps(rows))
    values = {
        ours: said.linked(rows, ours) if ours in LINKS and not theirs else rows[theirs or ours]
        for ours, theirs in part.columns.items()
    }
    words = {name: pa.chunked_array([pa.repeat(pa.scalar(word), rows.num_rows)]) for name, word in part.words.items()}
    place = {name: rows[name] for name in ("parent_row", "line_row")}
    piece = pa.table({**place, **words, **values, **{end: rows[end] for end in RANGE}})
    return part.completes(said.tables, rows, piece) if part.completes else piece


def _ordered(rows: pa.Table) -> pa.Table:
    """In the order of claims and of the file, with `ordinal` after `parent_row`."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    rows = rows.take(pa.array(in_order(rows)))
    place = rows.schema.get_field_index("parent_row") + 1
    return rows.add_column(place, "ordinal", pa.array(ordinals(rows["parent_row"].to_numpy()), pa.int64()))
