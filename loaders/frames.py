"""Query results as pandas frames, with types that do not depend on the rows that happen to come.

| PostgreSQL | pandas |
|---|---|
| text, varchar | str, missing is NaN |
| smallint, integer, bigint | Int64, missing is NA |
| date | datetime64[s] at midnight, missing is NaT |
| timestamptz | datetime64[us, UTC] |
| boolean | bool; boolean when a value is missing |
| double precision | float64 |
| all others (numeric, jsonb, bytea, ranges) | object: Decimal, list or dict, bytes, Range; missing is None |

A sum over bigint is numeric in PostgreSQL: cast it to bigint in the query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Executable, TextClause

from loaders.frame_copy import NOTHING, copied

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

DATE_OID = 1082
INSTANT_OID = 1184
BOOLEAN_OID = 16
NUMERIC_OID = 1700
PLAIN_TYPES: Mapping[int, str] = {
    **dict.fromkeys((18, 19, 25, 1042, 1043), "str"),
    **dict.fromkeys((20, 21, 23), "Int64"),
    **dict.fromkeys((700, 701), "float64"),
}
"""pandas types of the PostgreSQL types (by their OID) that need no more than a name."""


def read_frame(conn: Connection, select: Executable, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Run a query and give its rows as a frame, columns in the order and by the names of the query."""
    import pandas as pd  # noqa: PLC0415 - half a second that commands without frames need not pay

    found = copied(conn, select, parameters or NOTHING) if isinstance(select, TextClause) else None
    if found is not None:
        table, named = found
        return pd.DataFrame(
            {name: _of_arrow(column, oid) for (name, oid), column in zip(named, table.columns, strict=True)},
            index=pd.RangeIndex(table.num_rows),
        )
    result = conn.execute(select, dict(parameters) if parameters else None)
    names = list(result.keys())
    oids = [int(column[1]) for column in getattr(result.cursor, "description", ())]
    rows = result.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pd.DataFrame(
        {name: _series(list(values), oid) for name, values, oid in zip(names, columns, oids, strict=True)},
        index=pd.RangeIndex(len(rows)),
    )


def frame_of(table: pa.Table) -> pd.DataFrame:
    """An Arrow table of text, whole numbers and days as a frame of the same types."""
    import pandas as pd  # noqa: PLC0415 - as in read_frame
    import pyarrow as pa  # noqa: PLC0415 - as in read_frame

    frame = pd.DataFrame(index=pd.RangeIndex(table.num_rows))
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_date(column.type):
            frame[name] = column.to_numpy().astype("datetime64[s]")
        elif pa.types.is_integer(column.type):
            frame[name] = column.to_pandas(types_mapper={column.type: pd.Int64Dtype()}.get)
        else:
            frame[name] = column.to_pandas().astype("str")
    return frame


def _of_arrow(column: pa.ChunkedArray, oid: int) -> pd.Series[Any]:
    """The same of a column that came as Arrow, numeric as text."""
    import numpy as np  # noqa: PLC0415 - comes with pandas
    import pandas as pd  # noqa: PLC0415 - as in read_frame

    if oid == DATE_OID:
        return pd.Series(column.to_numpy().astype("datetime64[s]"))
    if oid == BOOLEAN_OID:
        return pd.Series(column.to_numpy(), dtype="boolean" if column.null_count else "bool")
    if oid == NUMERIC_OID:
        coded = column.combine_chunks().dictionary_encode()
        distinct = np.array([*map(Decimal, coded.dictionary.to_pylist()), None], dtype=object)
        return pd.Series(distinct[coded.indices.fill_null(len(distinct) - 1).to_numpy()], dtype="object")
    if PLAIN_TYPES[oid] == "str":
        return pd.Series(pd.array(column, dtype="str"))
    missing = column.is_null().to_numpy()
    numbers = column.fill_null(0).to_numpy()
    return pd.Series(pd.arrays.IntegerArray(numbers, missing))


def _series(values: Sequence[Any], oid: int) -> pd.Series[Any]:
    """One column in the type of the table above."""
    import numpy as np  # noqa: PLC0415 - comes with pandas
    import pandas as pd  # noqa: PLC0415 - as in read_frame

    if oid in PLAIN_TYPES:
        return pd.Series(values, dtype=PLAIN_TYPES[oid])
    if oid == BOOLEAN_OID:
        return pd.Series(values, dtype="boolean" if None in values else "bool")
    if oid == DATE_OID:
        return pd.Series(np.array(values, dtype="datetime64[D]").astype("datetime64[s]"))
    if oid == INSTANT_OID:
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=True).astype("datetime64[us, UTC]")
    return pd.Series(values, dtype="object")
