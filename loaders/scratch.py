"""A database of its own beside the warehouse, on the same server, that is dropped when it is done with.

Whoever uses one holds a lock in the warehouse, which goes with his connection. Where a process was killed nobody holds
it, and the next one drops what was left.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import text

from loaders.warehouse import Warehouse, WarehouseUnavailable, open_warehouse

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

PREFIX = "select 'edi_scratch_' || oid || '_' from pg_database where datname = current_database()"
"""Of the databases beside this warehouse: locks are seen inside of one database only."""
OURS = """
select datname from pg_database
where starts_with(datname, :prefix) and datdba = (select oid from pg_roles where rolname = current_user) order by 1
"""
KEY = "hashtextextended(:name, 0)"


@contextmanager
def scratch_warehouse(warehouse: Warehouse, name: str) -> Iterator[Warehouse]:
    """An empty database for the time of the block; `name` is the end of its name, of letters, digits and _.

    Raises:
        WarehouseRefused: the role may not create databases, or there is one of that name.
    """
    # statements about databases are no part of a transaction
    beside: Engine = warehouse.engine.execution_options(isolation_level="AUTOCOMMIT")
    with Warehouse(beside).begin() as owner:
        prefix = str(owner.execute(text(PREFIX)).scalar_one())
        _drop_left_over(beside, owner, prefix)
        database = prefix + name
        owner.execute(text(f"select pg_advisory_lock({KEY})"), {"name": database})
        owner.execute(text(f"create database {_quoted(database)}"))
        url = warehouse.engine.url.set(database=database)
        scratch = open_warehouse(url.render_as_string(hide_password=False))
        try:
            yield scratch
        finally:
            scratch.close()
            owner.execute(text(f"drop database if exists {_quoted(database)} with (force)"))
            owner.execute(text(f"select pg_advisory_unlock({KEY})"), {"name": database})


def _drop_left_over(beside: Engine, owner: Connection, prefix: str) -> None:
    """Drop the databases of processes that are no more; one that still is in use is left to the next."""
    for name in owner.execute(text(OURS), {"prefix": prefix}).scalars().all():
        with suppress(WarehouseUnavailable), Warehouse(beside).begin() as connection:
            locked = connection.execute(text(f"select pg_try_advisory_lock({KEY})"), {"name": name})
            if not locked.scalar_one():
                continue
            try:
                connection.execute(text(f"drop database if exists {_quoted(name)}"))
            finally:
                connection.execute(text(f"select pg_advisory_unlock({KEY})"), {"name": name})


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))
