"""Files of reference data: CSV or Parquet, read whole into the columns that `edi.reference_data` declares.

A CSV file is UTF-8 with a header; its columns may stand in any order, those that are not required may be left out.
Money and percentages are decimal numbers with two decimals at most, days are YYYY-MM-DD. A Parquet file has the same
columns as text, numbers or dates. Errors name column and row, never the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from edi.reference_data import TABLES, ColumnKind, ReferenceColumn
from edi.trouble import Usage

FORMS: Mapping[ColumnKind, tuple[str, str]] = {
    "text": (r"^[ -~]{1,80}$", "1 to 80 printable ASCII characters"),
    "day": (r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "a day as YYYY-MM-DD"),
    "cents": (r"^[0-9]{1,12}(\.[0-9]{1,2})?$", "an amount such as 92.50"),
    "count": (r"^[0-9]{1,9}$", "a whole number"),
    "basis_points": (r"^([0-9]{1,2}(\.[0-9]{1,2})?|100(\.0{1,2})?)$", "a percentage from 0 to 100"),
}
DECIMAL = pa.decimal128(18, 2)


class ReferenceRefused(Usage):
    """The file is not of the kind of reference data that it was given as."""


def read_reference(kind: str, path: Path) -> pa.Table:
    """The rows of a file, in the columns and types of the kind.

    Raises:
        ReferenceRefused: the file cannot be read, or a column or value is not what it must be.
    """
    if kind not in TABLES:
        raise ReferenceRefused(f"there is no kind of reference data of that name; known: {', '.join(TABLES)}")
    found = _read(path)
    declared = {column.file_name: column for column in TABLES[kind].columns}
    unknown = [name for name in found.column_names if name not in declared]
    if unknown:
        raise ReferenceRefused(f"{path.name}: unknown columns; {kind} has {', '.join(declared)}")
    columns = {}
    for name, column in declared.items():
        values = found[name] if name in found.column_names else pa.chunked_array([pa.nulls(len(found), pa.string())])
        columns[column.name] = _convert(values, column, path)
    return pa.table(columns)


def _read(path: Path) -> pa.Table:
    """All columns of the file, as text where it is CSV."""
    try:
        if path.suffix == ".parquet":
            return pq.read_table(path)
        with pa_csv.open_csv(path) as opened:
            names = opened.schema.names
        options = pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        )
        return pa_csv.read_csv(path, convert_options=options)
    except (OSError, pa.ArrowInvalid):
        raise ReferenceRefused(f"{path.name}: is no readable CSV (or, by its suffix, Parquet) file") from None


def _convert(values: pa.ChunkedArray, column: ReferenceColumn, path: Path) -> pa.ChunkedArray:
    """The column in its type."""
    texts = pc.utf8_trim_whitespace(pc.cast(values, pa.string()))
    texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    form, expected = FORMS[column.kind]
    wrong = pc.invert(pc.fill_null(pc.match_substring_regex(texts, form), pa.scalar(value=True)))
    if column.choices:
        expected = " or ".join(column.choices)
        wrong = pc.invert(pc.is_in(texts, value_set=pa.array([*column.choices, None], pa.string())))
    if column.required:
        wrong = pc.or_(wrong, pc.is_null(texts))
    at = pc.index(wrong, pa.scalar(value=True)).as_py()
    if at >= 0:
        raise ReferenceRefused(f"{path.name} row {at + 1} column {column.file_name}: must be {expected}")
    try:
        return _typed(texts, column.kind)
    except pa.ArrowInvalid:
        raise ReferenceRefused(f"{path.name} column {column.file_name}: must be {expected}") from None


def _typed(texts: pa.ChunkedArray, kind: ColumnKind) -> pa.ChunkedArray:
    if kind == "day":
        return pc.cast(texts, pa.date32())
    if kind == "count":
        return pc.cast(texts, pa.int64())
    if kind in {"cents", "basis_points"}:
        hundredths = pc.multiply(pc.cast(texts, DECIMAL), pa.scalar(Decimal(100), pa.decimal128(3, 0)))
        return pc.cast(hundredths, pa.int64())
    return texts
