"""The schema of the first release; its statements stand in 0001_first_release.sql.

Revision: 0001
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("the first release has no way back: drop the database instead")
