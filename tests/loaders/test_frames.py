from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest
from sqlalchemy import text

from loaders.frames import read_frame
from loaders.warehouse import Warehouse, WarehouseRefused

KINDS = [
    ("text", "'x'", "str", "x"),
    ("varchar(5)", "'x'", "str", "x"),
    ("integer", "7", "Int64", 7),
    ("bigint", "9007199254740993", "Int64", 9007199254740993),
    ("date", "'1850-02-28'", "datetime64[s]", pd.Timestamp("1850-02-28")),
    (
        "timestamptz",
        "'2026-05-04 12:00:00.000001+02'",
        "datetime64[us, UTC]",
        pd.Timestamp("2026-05-04T10:00:00.000001Z"),
    ),
    ("double precision", "0.5", "float64", 0.5),
    ("numeric(15, 3)", "1.5", "object", Decimal("1.500")),
    ("jsonb", """'[{"rule": "r"}]'""", "object", [{"rule": "r"}]),
]


@pytest.mark.parametrize(("kind", "literal", "dtype", "value"), KINDS)
def test_types_follow_the_query_not_its_rows(
    warehouse: Warehouse, kind: str, literal: str, dtype: str, value: object
) -> None:
    """The same with all values, with some missing, with none at all, and without rows."""
    queries = {
        "full": f"select {literal}::{kind} as x",
        "some": f"select x::{kind} as x from (values (null), ({literal})) as v (x)",
        "missing": f"select null::{kind} as x",
        "empty": f"select null::{kind} as x where false",
    }
    with warehouse.begin() as conn:
        frames = {name: read_frame(conn, text(query)) for name, query in queries.items()}
    assert {str(frame["x"].dtype) for frame in frames.values()} == {dtype}
    assert [len(frame) for frame in frames.values()] == [1, 2, 1, 0]
    assert frames["full"]["x"].iloc[0] == value
    assert frames["some"]["x"].iloc[1] == value
    assert frames["some"]["x"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("values", "dtype"), [("(true), (false)", "bool"), ("(true), (null)", "boolean"), ("(true)", "bool")]
)
def test_booleans_are_plain_where_none_is_missing(warehouse: Warehouse, values: str, dtype: str) -> None:
    """So that they index."""
    with warehouse.begin() as conn:
        frame = read_frame(conn, text(f"select x from (values {values}) as v (x)"))
    assert str(frame["x"].dtype) == dtype


def test_columns_and_rows_keep_their_order(warehouse: Warehouse) -> None:
    """Names are the query's, values come by parameters."""
    query = text("select 'z' as z, number, day from (values (2, :day), (1, null)) as v (number, day)")
    with warehouse.begin() as conn:
        frame = read_frame(conn, query.columns(), {"day": date(2026, 5, 4)})
    assert list(frame.columns) == ["z", "number", "day"]
    assert frame["number"].tolist() == [2, 1]
    assert frame["day"].iloc[0] == datetime(2026, 5, 4)  # noqa: DTZ001 - days have no zone


def test_text_comes_back_as_it_is(warehouse: Warehouse) -> None:
    """Empty is not missing, and nothing that CSV would mind is lost."""
    values = ["", None, "t", 'a "quoted, one"', "two\nlines\r\n", "\\N", " x ", "per % cent", "NULL", "ÄÖ"]
    with warehouse.begin() as conn:
        frame = read_frame(
            conn, text("select v, 'per % cent' as p from unnest(cast(:values as text[])) as v"), {"values": values}
        )
    assert [None if pd.isna(value) else value for value in frame["v"]] == values
    assert set(frame["p"]) == {"per % cent"}


def test_errors_are_told_and_the_connection_lives_on(warehouse: Warehouse) -> None:
    """Of a query that cannot begin, and of one that fails on its way."""
    for query in ("select nothing_like_this from file", "select 1 / (3 - n) from generate_series(1, 5) n"):
        with pytest.raises(WarehouseRefused), warehouse.begin() as conn:
            read_frame(conn, text(query))
    with warehouse.begin() as conn:
        assert read_frame(conn, text("select 1 as x"))["x"].tolist() == [1]
