"""Claims refused at the front, and what the 277CA says.

Revision: 0006
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep refused claims and the status of every claim."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("the answers to claims have no way back: drop the database instead")
