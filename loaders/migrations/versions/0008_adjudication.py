"""Benefits, contracts, fees and what was used up.

Revision: 0008
"""

from __future__ import annotations

from edi.trouble import Final
from loaders.migrations.script import run_beside

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the reference data and accumulators of adjudication."""
    run_beside(__file__)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("adjudication has no way back: drop the database instead")
