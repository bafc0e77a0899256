"""Pended claims in work, and decisions of others.

Revision: 0010
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep who works on which claim, and what others decided."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("the work on claims has no way back: drop the database instead")
