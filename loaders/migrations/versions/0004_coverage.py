"""Coverage as it is read and corrected.

Revision: 0004
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from edi.trouble import Final

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


WITH_HISTORY = (
    *(
        "cobra_premium",
        "coverage_span",
        "member_amount",
        "member_card",
        "member_contact",
        "member_date",
        "member_disability",
    ),
    *("member_other_coverage", "member_party", "member_past", "member_provider", "member_reference"),
    *("member_reporting_category", "member_trait"),
)


def upgrade() -> None:
    """Tell continued coverage apart, keep what became of each row of an 834, and let nobody rewrite history."""
    execute = op.get_bind().exec_driver_sql
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            execute(statement)
    execute(Path(__file__).with_name("0004_history.sql").read_text(encoding="utf-8"))
    for table in WITH_HISTORY:
        execute(
            f"CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
        )
        execute(f"CREATE TRIGGER keep_all_history BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_rewriting()")


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("coverage has no way back: drop the database instead")
