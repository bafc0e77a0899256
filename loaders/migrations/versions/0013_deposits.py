"""Deposit files, check registers, what the bank says of them, files sent again, and pairs looked up by either code.

Revision: 0013
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for them; no earlier release told the bank anything."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would forget which payments were made."""
    raise Final("payments made have no way back: drop the database instead")
