"""Coverage as it is read and corrected.

Revision: 0004
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from edi.trouble import Final

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell continued coverage apart, and keep what became of each row of an 834."""
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("coverage has no way back: drop the database instead")
