"""Holds of files and the policies of enrolment; its statements stand in 0002_holds.sql.

Revision: 0002
"""

from __future__ import annotations

from alembic import op

from loaders.migrations.script import run_beside

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of holds and of full rosters."""
    run_beside(__file__)


def downgrade() -> None:
    """Drop them."""
    for table in ("resubmission", "absence", "roster", "hold"):
        op.drop_table(table)
