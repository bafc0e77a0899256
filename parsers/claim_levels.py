"""Levels of an 837 (HL): what stands above claims, repeated for each claim under it.

A claim belongs to a billing provider (2000A), a subscriber (2000B), and a patient (2000C) who is not the subscriber.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

NONE = -1
SET = ("interchange", "functional_group", "transaction_set")


def levels_of(claims: pa.Table, hierarchy: pa.Table) -> NDArray[np.int64]:
    """By claim: the rows of its billing provider's, subscriber's and patient's level in `hierarchy`, NONE without.

    `claims` and `hierarchy` are those of `edi.tables`, in the order of the file.
    """
    import numpy as np  # noqa: PLC0415 - the command line must start without it

    found = np.full((claims.num_rows, 3), NONE, np.int64)
    if not hierarchy.num_rows or not claims.num_rows:
        return found
    loops = hierarchy["loop"].to_numpy()
    rows = np.arange(hierarchy.num_rows)
    first_of_set = np.maximum.accumulate(np.where(_set_begins(hierarchy), rows, 0))
    last = {loop: np.maximum.accumulate(np.where(loops == loop, rows, NONE)) for loop in ("2000A", "2000B")}
    provider = np.where(last["2000A"] >= first_of_set, last["2000A"], NONE)
    subscriber = np.where((loops != "2000A") & (last["2000B"] > provider), last["2000B"], NONE)
    subscriber = np.where(subscriber >= first_of_set, subscriber, NONE)
    patient = np.where(loops == "2000C", rows, NONE)
    level = claims["parent_row"].to_numpy()
    for place, ancestor in enumerate((provider, subscriber, patient)):
        found[:, place] = np.where(level == NONE, NONE, ancestor[level])
    return found


def repeated(rows: pa.Table, levels: NDArray[np.int64]) -> pa.Table:
    """The rows of each claim's levels, once a claim, with the claim's row as `parent_row`; in the order of claims.

    `rows` have a level as their parent; rows of the batch, which have none, are left out.
    """
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    rows = rows.filter(pc.greater_equal(rows["parent_row"], 0))
    parents = rows["parent_row"].to_numpy()
    wanted = levels.ravel()
    starts = np.searchsorted(parents, wanted, "left")
    counts = np.where(wanted == NONE, 0, np.searchsorted(parents, wanted, "right") - starts)
    before = np.cumsum(counts) - counts
    chosen = np.repeat(starts - before, counts) + np.arange(counts.sum())
    claims = np.repeat(np.arange(levels.size) // levels.shape[1], counts)
    repeated_rows = rows.take(pa.array(chosen))
    place = rows.schema.get_field_index("parent_row")
    return repeated_rows.set_column(place, "parent_row", pa.array(claims, pa.int64()))


def _set_begins(hierarchy: pa.Table) -> NDArray[np.bool_]:
    """By row: is it the first of its transaction set?"""
    import numpy as np  # noqa: PLC0415 - as above

    begins = np.zeros(hierarchy.num_rows, bool)
    begins[0] = True
    for name in SET:
        column = hierarchy[name].to_numpy()
        begins[1:] |= column[1:] != column[:-1]
    return begins
