"""Statements of a migration, from the SQL file beside it."""

from __future__ import annotations

from pathlib import Path

from alembic import op


def run_beside(module: str) -> None:
    """Run the statements of the `.sql` file named as this module is; each ends with `;` at the end of a line."""
    for statement in Path(module).with_suffix(".sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.get_bind().exec_driver_sql(statement)
