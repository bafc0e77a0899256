from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from loaders.copy import BATCH_ROWS, copy_table
from loaders.warehouse import Warehouse, WarehouseRefused

EVERY_TYPE = """
create temporary table every_type (
    words text, cents bigint, count integer, quantity numeric(15, 3), day date, moment timestamptz, yes boolean,
    note text default 'as declared'
) on commit drop
"""
SCHEMA = pa.schema(
    [
        ("words", pa.string()),
        ("cents", pa.int64()),
        ("count", pa.int32()),
        ("quantity", pa.decimal128(15, 3)),
        ("day", pa.date32()),
        ("moment", pa.timestamp("us", tz="UTC")),
        ("yes", pa.bool_()),
    ]
)


def rows(conn: Connection, columns: str = "*") -> list[tuple[object, ...]]:
    """What the temporary table holds."""
    return [tuple(row) for row in conn.execute(text(f"select {columns} from every_type"))]


def test_every_type_arrives_as_it_was(warehouse: Warehouse) -> None:
    """And a missing value of every type as missing."""
    full = ("x", -12, 7, Decimal("1.500"), date(1950, 2, 28), datetime(2026, 5, 4, 12, 0, 0, 1, tzinfo=UTC), True)
    table = pa.Table.from_pylist([dict(zip(SCHEMA.names, full, strict=True)), {}], schema=SCHEMA)
    with warehouse.begin() as conn:
        conn.execute(text(EVERY_TYPE))
        assert copy_table(conn, table, "every_type") == 2
        assert rows(conn) == [(*full, "as declared"), (*[None] * len(full), "as declared")]


@given(words=st.lists(st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_every_text_arrives_as_it_was(warehouse: Warehouse, words: list[str | None]) -> None:
    """Quotes, commas, line ends, backslashes; and empty is not missing."""
    with warehouse.begin() as conn:
        conn.execute(text(EVERY_TYPE))
        copy_table(conn, pa.table({"words": pa.array(words, pa.string())}), "every_type")
        assert rows(conn, "words") == [(word,) for word in words]


@pytest.mark.parametrize("word", ["", "\\.", "\\N", "NULL", '"', "a\nb", "\\.\n", " ", "a,b", "'", "é"])
def test_texts_that_copy_could_misread(warehouse: Warehouse, word: str) -> None:
    """Each has a meaning in one of COPY's formats."""
    with warehouse.begin() as conn:
        conn.execute(text(EVERY_TYPE))
        copy_table(conn, pa.table({"words": [word, "after"]}), "every_type")
        assert rows(conn, "words") == [(word,), ("after",)]


def test_only_the_named_columns_are_taken_in_their_order(warehouse: Warehouse) -> None:
    """The others get their defaults."""
    table = pa.table({"note": ["n"], "cents": [5], "words": ["left out"], "unknown": [1]})
    with warehouse.begin() as conn:
        conn.execute(text(EVERY_TYPE))
        copy_table(conn, table, "every_type", ["cents", "note"])
        assert rows(conn, "words, cents, note") == [(None, 5, "n")]


def test_many_batches_and_none(warehouse: Warehouse) -> None:
    """Batches of any length come one after the other; a table without rows is no error."""
    many = BATCH_ROWS * 2 + 1
    chunks = pa.chunked_array([pa.array(range(many - 1)), pa.array([], pa.int64()), pa.array([many - 1])])
    with warehouse.begin() as conn:
        conn.execute(text(EVERY_TYPE))
        assert copy_table(conn, pa.table({"cents": chunks}), "every_type") == many
        assert copy_table(conn, SCHEMA.empty_table(), "every_type") == 0
        assert rows(conn, "count(*), sum(cents)::bigint") == [(many, many * (many - 1) // 2)]


def test_what_was_copied_goes_with_the_transaction(warehouse: Warehouse) -> None:
    """COPY has no transaction of its own."""
    table = pa.table({"name": ["a"], "next_number": [1]})
    with warehouse.engine.begin() as conn:
        copy_table(conn, table, "number_series")
        conn.rollback()
    with warehouse.begin() as conn:
        assert conn.execute(text("select count(*) from number_series")).scalar_one() == 0


def test_a_refused_row_refuses_all(warehouse: Warehouse) -> None:
    """With the constraint's name."""
    table = pa.table({"name": ["a", "a"], "next_number": [1, 2]})
    with pytest.raises(WarehouseRefused) as caught, warehouse.begin() as conn:
        copy_table(conn, table, "number_series")
    assert caught.value.constraint == "pk_number_series"
