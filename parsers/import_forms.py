"""Files that are imported by hand: CSV or Parquet in a documented form, read whole or refused.

Every value is read as text and then by the form of its column, so that one form holds for both kinds of file. Amounts
are whole cents; floats are refused, for they are not exact.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet

from edi.import_problems import ImportProblem, ImportRefused

Kind = Literal["text", "number", "day", "flag"]

PARQUET = b"PAR1"
"""First bytes of a Parquet file."""
FORMS = {"number": r"-?\d{1,18}", "day": r"\d{4}-\d{2}-\d{2}", "flag": "true|false"}
EXPECTED = {"number": "a whole number", "day": "a day, YYYY-MM-DD", "flag": "true or false", "text": "another form"}


class FormColumn(NamedTuple):
    """A column of a form."""

    name: str
    kind: Kind
    required: bool = False
    """Has every row a value?"""
    pattern: str = ".+"
    """Of text."""


def read_form(data: bytes, columns: Sequence[FormColumn]) -> pd.DataFrame:
    """The rows of a file, numbered from 1 in the column `row`; str, Int64, datetime64[s] or boolean, missing as such.

    Raises:
        ImportRefused: it is neither kind of file, a column is missing or unknown, or a value has not its form.
    """
    table = _texts(_table(data))
    named = {column.name for column in columns}
    problems = [ImportProblem(0, "a column is unknown to the form")] * bool(set(table.columns) - named)
    for column in columns:
        if column.required and column.name not in table.columns:
            problems.append(ImportProblem(0, f"column {column.name} is missing"))
    if len(table) == 0:
        problems.append(ImportProblem(0, "no rows"))
    if problems:
        raise ImportRefused(problems)
    rows = pd.RangeIndex(1, len(table) + 1)
    frame = pd.DataFrame({"row": rows})
    for column in columns:
        texts = table[column.name] if column.name in table.columns else pd.Series(None, table.index, dtype="str")
        values, faulty = _read(texts.str.strip().replace("", None), column)
        frame[column.name] = values
        expected = EXPECTED[column.kind]
        problems += [ImportProblem(row, f"column {column.name}: expected {expected}") for row in rows[faulty]]
    if problems:
        raise ImportRefused(problems)
    return frame


def _table(data: bytes) -> pa.Table:
    try:
        if data.startswith(PARQUET):
            return parquet.read_table(io.BytesIO(data))
        header = data.partition(b"\n")[0].decode("utf-8-sig").strip().split(",")
        options = csv.ConvertOptions(
            column_types={name.strip('" \r'): pa.string() for name in header},
            strings_can_be_null=True,
            null_values=[""],
        )
        return csv.read_csv(io.BytesIO(data), convert_options=options)
    except (pa.ArrowException, UnicodeDecodeError):
        raise ImportRefused([ImportProblem(0, "the file is neither Parquet nor CSV in UTF-8 with a header")]) from None


def _texts(table: pa.Table) -> pd.DataFrame:
    """Every column as text."""
    columns: dict[str, pd.Series] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_floating(column.type) or pa.types.is_nested(column.type):
            raise ImportRefused([ImportProblem(0, f"column {len(columns) + 1}: floats and lists have no place here")])
        try:
            texts = column.cast(pa.string())
        except pa.ArrowException:
            raise ImportRefused([ImportProblem(0, f"column {len(columns) + 1} is of a type that is no text")]) from None
        columns[name] = pd.Series(texts.to_pylist(), dtype="str")
    return pd.DataFrame(columns)


def _read(texts: pd.Series, column: FormColumn) -> tuple[pd.Series, pd.Series]:
    """Values of a column, and which rows have none that it may have."""
    missing = texts.isna()
    form = FORMS.get(column.kind, column.pattern)
    fits = texts.fillna("").str.fullmatch(form, flags=re.ASCII)
    good = texts.where(fits & ~missing)
    faulty = ~missing & ~fits
    values: pd.Series = good
    if column.kind == "number":
        numbers = [None if text is None else int(text) for text in good.astype("object").where(good.notna(), None)]
        values = pd.Series(pd.array(numbers, dtype="Int64"), index=texts.index)
    elif column.kind == "day":
        values = pd.to_datetime(good, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
        faulty |= good.notna() & values.isna()
    elif column.kind == "flag":
        values = good.map({"true": True, "false": False}).astype("boolean")
    if column.required:
        faulty |= missing
    return values, faulty
