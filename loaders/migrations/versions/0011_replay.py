"""What a decision was made of.

Revision: 0011
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what a replay needs."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("replays have no way back: drop the database instead")
