"""Facts of the filing deadline.

Revision: 0007
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what grants a claim more time."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("the facts of filing have no way back: drop the database instead")
