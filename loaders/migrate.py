"""Schema migrations, run from the program: no alembic.ini and no folder to stand in.

A change of the schema is a new file in `loaders/migrations/versions` together with the change in `loaders/schema`;
a test compares what the migrations build with what the schema says.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from loaders.warehouse import Warehouse

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 8_340_837
"""Key of the advisory lock that lets one process migrate at a time."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to a version, the newest, in one transaction; nothing happens when it is there."""
    with Warehouse(engine).begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def current(engine: Engine) -> str | None:
    """Name of the newest migration applied; None before the first."""
    with Warehouse(engine).begin() as connection:
        return MigrationContext.configure(connection).get_current_revision()
