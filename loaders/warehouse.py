"""The way into the warehouse: connections, transactions, and errors without values.

A database error's text quotes the row that caused it. Here such an error ends, and one of ours goes on that holds the
SQLSTATE and the name of the constraint or column, which come from the schema and never from a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, StatementError
from sqlalchemy.pool import ConnectionPoolEntry

from edi.trouble import Final, Retryable, Usage

DRIVER = "postgresql+psycopg"
CONNECT_SECONDS = 10

RETRYABLE_CLASSES = ("08", "40", "53", "57", "58")
"""SQLSTATE classes that pass: connection, transaction rollback, resources, operator intervention, system error."""

RETRYABLE_STATES = ("25P03", "25P04", "55006", "55P03")
"""Single states that pass: time limits of transactions, object in use, lock not available."""


class WarehouseUnavailable(Retryable):
    """The warehouse is away or in another's hands; the same work may succeed later."""


class WarehouseRefused(Final):
    """The warehouse will never take this: a violated constraint, a wrong statement, a url of another database."""

    def __init__(self, message: str, sqlstate: str | None = None, constraint: str | None = None) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate
        self.constraint = constraint


class UrlInvalid(WarehouseRefused, Usage):
    """A url that is none of a PostgreSQL database."""


class Warehouse:
    """One PostgreSQL database, reached by short transactions."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def place(self) -> str:
        """Where it is, for messages: host, port and database, no password."""
        url = self.engine.url
        return f"{url.host}:{url.port}/{url.database}"

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Raises WarehouseUnavailable or WarehouseRefused for every error of the database.
        """
        try:
            with self.engine.begin() as connection:
                yield connection
        except (StatementError, psycopg.Error) as error:
            raise translate(error, self.place) from None

    def close(self) -> None:
        """Close its pooled connections."""
        self.engine.dispose()


def connect(url: str) -> Engine:
    """An engine for a `postgresql://` url, whatever driver it names; it connects when it is first used."""
    engine = create_engine(
        driver_url(url),
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "payer-edi"},
    )
    event.listen(engine, "connect", _speak_utc)
    return engine


def open_warehouse(url: str) -> Warehouse:
    """The warehouse behind a url."""
    return Warehouse(connect(url))


def driver_url(url: str) -> URL:
    """The url with our driver spelt out; UrlInvalid when it is not PostgreSQL's."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in {"postgresql", "postgres"}:
        # the rest may hold a password
        raise UrlInvalid("the warehouse's url does not begin with postgresql://")
    try:
        return make_url(f"{DRIVER}://{rest}")
    except (ArgumentError, ValueError):
        raise UrlInvalid("the warehouse's url is none: postgresql://user:password@host:port/database") from None


def translate(error: StatementError | psycopg.Error, place: str) -> WarehouseUnavailable | WarehouseRefused:
    """Our error for one of the database or its driver: SQLSTATE and constraint name, never a value."""
    cause = error.orig if isinstance(error, StatementError) else error
    if not isinstance(cause, psycopg.Error):
        return WarehouseRefused(f"a statement could not be sent to the warehouse ({type(cause).__name__})")
    sqlstate = cause.sqlstate
    if sqlstate is None:
        # not an answer to a statement: a connection lost or refused, whose cause is safe to tell, or a value that the
        # driver cannot send, whose error may quote it
        if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
            return WarehouseUnavailable(f"no connection to the warehouse at {place}: {' '.join(str(cause).split())}")
        return WarehouseRefused(f"the driver refused a statement ({type(cause).__name__})")
    if sqlstate.startswith(RETRYABLE_CLASSES) or sqlstate in RETRYABLE_STATES:
        return WarehouseUnavailable(f"the warehouse at {place} answered SQLSTATE {sqlstate}")
    return WarehouseRefused(
        f"the warehouse refused a statement: SQLSTATE {sqlstate}{_schema_names(cause)}",
        sqlstate,
        cause.diag.constraint_name,
    )


def _schema_names(error: psycopg.Error) -> str:
    """What an error says of the schema: constraint or column, or, of a wrong statement, PostgreSQL's own sentence.

    Class 42 is about the statement's text, in which we write no values: they are parameters.
    """
    told = error.diag
    if told.constraint_name:
        return f", constraint {told.constraint_name}"
    if told.column_name:
        return f", column {told.table_name}.{told.column_name}"
    return f", {told.message_primary}" if (told.sqlstate or "").startswith("42") else ""


def _speak_utc(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Instants come back in UTC whatever the server's own time zone is."""
    cursor = connection.cursor()
    cursor.execute("set time zone 'UTC'")
    cursor.close()
    connection.commit()
