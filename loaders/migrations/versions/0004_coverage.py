"""Coverage as it is read and corrected.

Revision: 0004
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell continued coverage apart, and keep what became of each row of an 834."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("coverage has no way back: drop the database instead")
