"""All that an 837 says of a claim.

Revision: 0005
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep all that an 837 says of its claims."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("the details of claims have no way back: drop the database instead")
