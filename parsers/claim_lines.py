"""Service lines of an 837 with what no single element of them says.

- `service_from` and `service_through`: the line's own, else those of the claim (837D: DTP 472 of the claim is the date
  of all lines that have none).
- `oral_cavity_areas`: the areas of an 837D's line, `10 20`.
- `teeth`: its teeth with the surfaces of each, `3:MO 4`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

PLACES = range(1, 6)
"""Of the oral cavity areas of a line, and of the surfaces of a tooth."""
AREAS = tuple(f"oral_cavity_area_{place}" for place in PLACES)
SURFACES = tuple(f"surface_{place}" for place in PLACES)
DATES = ("service_from", "service_through")


def complete_lines(extracted: Mapping[str, pa.Table]) -> pa.Table:
    """The table `claim_line`, in the order of the file, from the extracted tables of `edi.tables.claims`."""
    import pyarrow.compute as pc  # noqa: PLC0415 - the command line must start without Arrow

    lines, claims, teeth = (extracted[name] for name in ("claim_line", "claim", "claim_line_tooth"))
    of_claim = pc.index_in(lines["parent_row"], claims["row"])
    for name in DATES:
        of_the_claim = claims[f"claim_{name}"].take(of_claim)
        place = lines.schema.get_field_index(name)
        lines = lines.set_column(place, name, pc.coalesce(lines[name], of_the_claim))
    areas = _joined([lines[name] for name in AREAS], " ")
    place = lines.schema.get_field_index(AREAS[0])
    lines = lines.drop_columns(AREAS).add_column(place, "oral_cavity_areas", areas)
    return lines.add_column(place + 1, "teeth", _teeth_of_each(lines, teeth))


def _teeth_of_each(lines: pa.Table, teeth: pa.Table) -> pa.ChunkedArray:
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    named = teeth.filter(pc.is_valid(teeth["tooth"]))
    surfaces = _joined([named[name] for name in SURFACES], "")
    texts = _joined([named["tooth"], surfaces], ":")
    # one thread keeps the order of the file within each line
    grouped = pa.table({"line": named["parent_row"], "tooth": texts}).group_by("line", use_threads=False)
    found = grouped.aggregate([("tooth", "list")])
    joined = pc.binary_join(found["tooth_list"], " ")
    return joined.take(pc.index_in(lines["row"], found["line"]))


def _joined(columns: list[pa.ChunkedArray], separator: str) -> pa.ChunkedArray:
    """Row by row what is there, joined; null where nothing is."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    parts = [pc.coalesce(pc.binary_join_element_wise(separator, column, ""), "") for column in columns]
    together = pc.binary_join_element_wise(*parts, "")
    text = pc.utf8_slice_codeunits(together, start=len(separator))
    return pc.if_else(pc.equal(together, ""), pa.scalar(None, pa.string()), text)
