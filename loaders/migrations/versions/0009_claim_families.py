"""Chains of bills and duplicates.

Revision: 0009
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what belongs together."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("families of claims have no way back: drop the database instead")
