"""The view for analysts has Tuva's columns, in order, and one row an unbroken stretch of coverage."""

from __future__ import annotations

from datetime import date

from loaders.warehouse import Warehouse
from tests.loaders.enrolling import APR, FEB_28, JAN, MAR_31, SEP, child, dental, gold, member
from tests.loaders.intake import Intake

COLUMNS = """
person_id member_id subscriber_id gender race birth_date death_date death_flag enrollment_start_date
enrollment_end_date payer payer_type plan original_reason_entitlement_code dual_status_code medicare_status_code
enrollment_status hospice_flag institutional_snp_flag long_term_institutional_flag group_id group_name name_suffix
first_name middle_name last_name social_security_number subscriber_relation address city state zip_code phone email
ethnicity data_source file_name file_date ingest_datetime
"""
OPEN = date(9999, 12, 31)


def test_the_columns_are_tuvas_in_their_order(warehouse: Warehouse) -> None:
    """All 39."""
    names = Intake(warehouse).rows(
        "select column_name from information_schema.columns where table_name = 'tuva_eligibility'"
        " order by ordinal_position"
    )
    assert [name for (name,) in names] == COLUMNS.split()


def test_a_stretch_of_coverage_is_one_row(warehouse: Warehouse) -> None:
    """A change of tier does not break it, a gap does, and what was believed once is not in it."""
    intake = Intake(warehouse)
    intake.enroll(
        member("021", gold(JAN, tier="EMP"), dental(JAN, MAR_31)), member("021", gold(JAN, FEB_28), **child())
    )
    intake.enroll(member("001", gold(APR, tier="FAM")), member("021", gold(SEP), **child()))
    assert intake.rows(
        "select subscriber_relation, gender, plan, enrollment_start_date, enrollment_end_date from tuva_eligibility"
        " order by member_id, plan, enrollment_start_date"
    ) == [
        ("self", "female", "dental", JAN, MAR_31),
        ("self", "female", "gold", JAN, OPEN),
        ("child", "female", "gold", JAN, FEB_28),
        ("child", "female", "gold", SEP, OPEN),
    ]
    assert intake.value(
        "select count(distinct (member_id, enrollment_start_date, plan)) = count(*) from tuva_eligibility"
    )


def test_a_person_comes_with_what_is_on_record(warehouse: Warehouse) -> None:
    """Death, Medicare's reason, and how the member is reached; a social security number never."""
    intake = Intake(warehouse)
    contact = {
        "loop": "2100A",
        "qualifier_1": "HP",
        "number_1": "5550100",
        "qualifier_2": "EM",
        "number_2": "a@b.example",
    }
    intake.enroll(
        member(
            "021",
            gold(JAN),
            death_date=MAR_31,
            medicare_reason="1",
            name_suffix="JR",
            identifier_qualifier="34",
            identifier="123456789",
            details={"enrollment_contact": [contact]},
        )
    )
    assert intake.rows(
        "select death_date, death_flag, original_reason_entitlement_code, name_suffix, phone, email,"
        " social_security_number from tuva_eligibility"
    ) == [(MAR_31, 1, "1", "JR", "5550100", "a@b.example", None)]
