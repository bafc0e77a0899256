"""The schema of the first release; its statements stand in 0001_first_release.sql.

Revision: 0001
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from edi.trouble import Final

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("the first release has no way back: drop the database instead")
