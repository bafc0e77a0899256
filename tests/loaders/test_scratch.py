"""Scratch databases: there while somebody uses them, and no longer, however he ended."""

from __future__ import annotations

from sqlalchemy import text

from loaders.scratch import PREFIX, scratch_warehouse
from loaders.warehouse import Warehouse


def scratches(warehouse: Warehouse) -> list[str]:
    """The ends of the names of those beside a warehouse."""
    with warehouse.begin() as connection:
        prefix = connection.execute(text(PREFIX)).scalar_one()
        found = connection.execute(
            text("select datname from pg_database where starts_with(datname, :prefix) order by 1"), {"prefix": prefix}
        )
        return [name.removeprefix(prefix) for name in found.scalars()]


def test_what_a_killed_process_left_is_dropped_by_the_next(warehouse: Warehouse) -> None:
    """And what another one uses is not, though it has no connection to it at the moment."""
    with warehouse.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        prefix = connection.execute(text(PREFIX)).scalar_one()
        connection.execute(text(f"create database {prefix}killed"))
    assert scratches(warehouse) == ["killed"]
    with scratch_warehouse(warehouse, "first"):
        assert scratches(warehouse) == ["first"]
        with scratch_warehouse(warehouse, "second") as second, second.begin() as connection:
            assert scratches(warehouse) == ["first", "second"]
            assert connection.execute(text("select count(*) from pg_stat_user_tables")).scalar_one() == 0
        assert scratches(warehouse) == ["first"]
    assert scratches(warehouse) == []
