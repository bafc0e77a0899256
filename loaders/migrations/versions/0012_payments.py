"""Provider accounts, and what payments take or add beside their claims.

Revision: 0012
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for bookings and provider adjustments."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("provider accounts have no way back: drop the database instead")
