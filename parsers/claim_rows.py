"""Rows under claims, numbered: `row` in the file, `ordinal` in each claim, both in the order sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


def ordinals(parents: NDArray[np.int64]) -> NDArray[np.int64]:
    """By row: its place among those of its parent, from 1; rows of one parent stand together."""
    import numpy as np  # noqa: PLC0415 - the command line must start without it

    number = np.arange(len(parents))
    opens = np.concatenate(([True], parents[1:] != parents[:-1])) if len(parents) else np.array([], bool)
    return number - np.maximum.accumulate(np.where(opens, number, 0)) + 1


def in_order(rows: pa.Table) -> NDArray[np.int64]:
    """Where the rows stand in the order of claims (`parent_row`), and within each in that of the file."""
    import numpy as np  # noqa: PLC0415 - as above

    parents, starts = rows["parent_row"].to_numpy(), rows["source_start"].to_numpy()
    # what came from one place, such as the reasons of a CAS, keeps its order
    return np.lexsort((np.arange(rows.num_rows), starts, parents))


def numbered(rows: pa.Table) -> pa.Table:
    """With `row` counted anew and `ordinal` after `parent_row`; rows of one parent stand together."""
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415 - as above

    place = rows.schema.get_field_index("row")
    rows = rows.set_column(place, "row", pa.array(np.arange(rows.num_rows), pa.int64()))
    after = rows.schema.get_field_index("parent_row") + 1
    return rows.add_column(after, "ordinal", pa.array(ordinals(rows["parent_row"].to_numpy()), pa.int64()))
