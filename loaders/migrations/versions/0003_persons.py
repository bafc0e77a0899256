"""Persons of an 834 and all that it says of them; new tables stand in 0003_persons.sql.

Revision: 0003
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from edi.trouble import Final

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MEMBER = (
    """
    alter table member
        add member_suffix integer, add birth_sequence bigint, add ssn_hash text, add sender_number text,
        add name_prefix text, add name_suffix text, add address_2 text, add country text, add location_qualifier text,
        add location text, add country_subdivision text, add group_number text, add benefit_status text,
        add medicare_plan text, add medicare_reason text, add cobra_event text, add employment_status text,
        add student_status text, add handicapped text, add confidentiality text, add marital_status text,
        add citizenship text, add race_collection_qualifier text, add race_collection text, add income_frequency text,
        add work_location text, add salary_grade text, add health_code text, add death_date date,
        add eligibility_begin date, add eligibility_end date, add income_cents bigint, add work_hours numeric(18, 6),
        add height numeric(18, 6), add weight numeric(18, 6), add maintenance_reason text,
        add recorded_at timestamp with time zone,
        drop constraint uq_member_group_id_subscriber_number_birth_date_first_name_key,
        add constraint uq_member_identity unique nulls not distinct
            (group_id, subscriber_number, birth_date, first_name_key, birth_sequence)
    """,
    """
    update member m set member_suffix = n.suffix, recorded_at = f.arrived_at
    from (
        select member_id, row_number() over (
            partition by group_id, subscriber_number order by is_subscriber desc, member_id
        ) - 1 as suffix
        from member
    ) n, file f
    where n.member_id = m.member_id and f.file_id = m.file_id
    """,
    "alter table member alter member_suffix set not null, alter recorded_at set not null",
    "comment on table member is 'Persons known from 834 files, as they are known now'",
)


def upgrade() -> None:
    """Widen the member and create what stands beside it."""
    sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    for statement in (*MEMBER, *sql.split(";\n")):
        if statement.strip():
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Going back would lose every row."""
    raise Final("there is no way back from here: drop the database instead")
