"""The view for analysts has Tuva's columns, in order, and one row an unbroken stretch of coverage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from loaders.group_map import GroupMap
from loaders.warehouse import Warehouse
from tests.loaders.enrolling import APR, FEB_28, JAN, MAR_31, SEP, child, dental, gold, member
from tests.loaders.intake import BIRCH, GROUPS, Intake

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


def test_payer_and_group_have_the_names_that_the_plan_gives_them(warehouse: Warehouse) -> None:
    """Those of the configuration when an 834 of the group was last applied; another group's file changes nothing."""
    intake = Intake(warehouse, named("Harbor Health", acme="Acme Works", birch="Birch & Sons"))
    intake.enroll(member("021", gold(JAN)))
    intake.enroll(member("021", gold(JAN), subscriber_number="B1"), header=BIRCH)
    names = "select distinct group_id, group_name, payer from tuva_eligibility order by group_id"
    assert intake.rows(names) == [
        ("acme", "Acme Works", "Harbor Health"),
        ("birch", "Birch & Sons", "Harbor Health"),
    ]
    intake.groups = named("Harbor Mutual", acme="Acme Industries", birch="Birch Brothers")
    intake.enroll(member("021", gold(JAN)))
    assert intake.rows(names) == [
        ("acme", "Acme Industries", "Harbor Mutual"),
        ("birch", "Birch & Sons", "Harbor Health"),
    ]


def named(payer: str, **names: str) -> GroupMap:
    """The groups of these tests under other names."""
    return GroupMap(tuple(replace(group, name=names[group.group_id]) for group in GROUPS.groups), payer)


VALUE_SETS: dict[str, set[object]] = {
    "gender": {"male", "female", "unknown"},
    "payer_type": {"commercial", "medicare", "medicaid", "self-insured"},
    "death_flag": {0, 1},
    "subscriber_relation": {"self", "spouse", "child", "other"},
    "social_security_number": {None},
}
KEY = "person_id, member_id, enrollment_start_date, enrollment_end_date, payer, plan, data_source"


def test_rows_are_unique_and_codes_are_tuvas(warehouse: Warehouse) -> None:
    """Whoever is covered, by whatever plan, twice in one plan or in two lines of it."""
    intake = Intake(warehouse)
    intake.enroll(
        member("021", gold(JAN, FEB_28), gold(APR), dental(JAN), gender="M"),
        member("021", gold(JAN), **child(relationship_code="01", gender="U")),
        member("021", gold(JAN), **child("CAL", relationship_code="53", gender=None, death_date=MAR_31)),
    )
    assert intake.value(f"select count(*) > 3 and count(*) = count(distinct ({KEY})) from tuva_eligibility")
    for column, allowed in VALUE_SETS.items():
        found = {value for (value,) in intake.rows(f"select distinct {column} from tuva_eligibility")}
        assert found <= allowed, column
    for column in ("person_id", "member_id", "subscriber_id", "enrollment_start_date", "plan", "data_source"):
        assert intake.value(f"select count(*) from tuva_eligibility where {column} is null") == 0, column
    assert intake.value("select bool_and(enrollment_start_date <= enrollment_end_date) from tuva_eligibility")
