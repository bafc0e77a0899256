"""Files that are imported by hand: both kinds are read alike, and a fault is told without its value."""

from __future__ import annotations

import io

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from edi.import_problems import ImportRefused
from parsers.import_forms import FormColumn, read_form

COLUMNS = (
    FormColumn("name", "text", required=True, pattern="[A-Z]+"),
    FormColumn("cents", "number"),
    FormColumn("day", "day"),
    FormColumn("flag", "flag"),
)
TABLE = pa.table(
    {
        "name": ["A", "B"],
        "cents": pa.array([2**53 + 1, None], pa.int64()),
        "day": pa.array([None, "2026-06-05"], pa.string()),
        "flag": pa.array([True, None], pa.bool_()),
    }
)
CSV = b"name,cents,day,flag\nA,9007199254740993,,true\nB,,2026-06-05,\n"


def parquet_of(table: pa.Table) -> bytes:
    """A Parquet file."""
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


def test_csv_and_parquet_are_read_alike() -> None:
    """To the last cent."""
    found = read_form(CSV, COLUMNS)
    pd.testing.assert_frame_equal(found, read_form(parquet_of(TABLE), COLUMNS))
    assert found["cents"].tolist()[0] == 2**53 + 1
    assert found["row"].tolist() == [1, 2]


@pytest.mark.parametrize("data", [CSV.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + CSV, CSV.replace(b"A,", b'"A" ,')])
def test_spreadsheets_may_have_touched_it(data: bytes) -> None:
    """Line ends, a byte order mark, quotes and blanks."""
    pd.testing.assert_frame_equal(read_form(data, COLUMNS), read_form(CSV, COLUMNS))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"", "neither", id="empty"),
        pytest.param(b"\xff\xfe\x00", "neither", id="no-text"),
        pytest.param(b"PAR1 and no more", "neither", id="torn-parquet"),
        pytest.param(b"name\n", "no rows", id="no-rows"),
        pytest.param(b"cents\n1\n", "column name is missing", id="column-missing"),
        pytest.param(b"name,secret\nA,1\n", "unknown to the form", id="column-unknown"),
        pytest.param(b"name,cents\nA,SECRET\n", "row 1: column cents: expected a whole number", id="no-number"),
        pytest.param(b"name,cents\nA,1.5\n", "expected a whole number", id="half-a-cent"),
        pytest.param(b"name,day\nA,2026-02-30\n", "expected a day", id="no-day"),
        pytest.param(b"name,flag\nA,SECRET\n", "expected true or false", id="no-flag"),
        pytest.param(b"name,cents\n,1\n", "row 1: column name", id="value-missing"),
        pytest.param(b"name\nSECRET1\n", "row 1: column name: expected another form", id="pattern"),
        pytest.param(parquet_of(pa.table({"name": [1.5]})), "floats", id="float"),
    ],
)
def test_what_is_wrong_is_told_without_its_value(data: bytes, told: str) -> None:
    """By row and column."""
    with pytest.raises(ImportRefused) as refused:
        read_form(data, COLUMNS)
    assert told in str(refused.value)
    assert "SECRET" not in str(refused.value)
