"""A database of its own beside the warehouse, on the same server, that is dropped when it is done with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

from loaders.warehouse import Warehouse, open_warehouse

if TYPE_CHECKING:
    from sqlalchemy import Engine


@contextmanager
def scratch_warehouse(warehouse: Warehouse, name: str) -> Iterator[Warehouse]:
    """An empty database of that name for the time of the block; `name` is of letters, digits and _.

    Raises:
        WarehouseRefused: the role may not create databases, or there is one of that name.
    """
    statement = '"{}"'.format(name.replace('"', '""'))
    _run(warehouse, f"create database {statement}")
    url = warehouse.engine.url.set(database=name)
    scratch = open_warehouse(url.render_as_string(hide_password=False))
    try:
        yield scratch
    finally:
        scratch.close()
        _run(warehouse, f"drop database if exists {statement} with (force)")


def _run(warehouse: Warehouse, statement: str) -> None:
    """Run a statement that is no part of a transaction."""
    beside: Engine = warehouse.engine.execution_options(isolation_level="AUTOCOMMIT")
    with Warehouse(beside).begin() as connection:
        connection.execute(text(statement))
