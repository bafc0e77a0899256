"""The tier of a subscriber against the family that is covered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from loaders.warehouse import Warehouse
from tests.loaders.enrolling import APR, FEB_28, JAN, MAR, MAR_31, child, dental, gold, last_findings, member, silver
from tests.loaders.intake import NOON, Intake, Row


def ann(tier: str | None, **values: object) -> Row:
    """The subscriber, in the gold plan with this tier."""
    return member("021", gold(JAN, tier=tier), **values)


def spouse(tier: str | None = None, **values: object) -> Row:
    """The husband, who is covered too."""
    return member("021", gold(JAN, tier=tier), **child("ED", **{"relationship_code": "01", **values}))


def ben(tier: str | None = None, **values: object) -> Row:
    """A child, who is covered too."""
    return member("021", gold(JAN, tier=tier), **child("BEN", **values))


def cleo() -> Row:
    """Another child."""
    return member("021", gold(JAN), **child("CLEO"))


COBRA = {"benefit_status": "C", "cobra_begin": JAN}
FITTING: dict[str, Sequence[Row]] = {
    "employee": [ann("EMP")],
    "individual": [ann("IND")],
    "spouse": [ann("ESP"), spouse("ESP")],
    "life-partner": [ann("ESP"), spouse(relationship_code="53")],
    "somebody-for-a-spouse": [ann("ESP"), spouse(relationship_code="G8")],
    "children": [ann("ECH"), ben("ECH"), cleo()],
    "stepchild": [ann("ECH"), ben(relationship_code="17")],
    "somebody-for-a-child": [ann("ECH"), ben(relationship_code="38")],
    "child-before-the-subscriber": [ben("ECH"), ann("ECH")],
    "child-to-come": [ann("ECH"), member("021", gold(APR), **child())],
    "family": [ann("FAM"), spouse(), ben()],
    "family-of-two": [ann("FAM"), ben()],
    "two": [ann("TWO"), ben()],
    "one-dependant": [ann("E1D"), ben()],
    "two-dependants": [ann("E2D"), ben(), cleo()],
    "three-dependants": [ann("E3D"), spouse(), ben(), cleo()],
    "one-or-more": [ann("E5D"), ben(), cleo()],
    "two-or-more": [ann("E6D"), ben(), cleo()],
    "three-or-more": [ann("E7D"), spouse(), ben(), cleo()],
    "dependants-only": [ann("DEP"), ben()],
    "spouse-and-children": [ann("SPC"), ben()],
    "spouse-only": [ann("SPO")],
    "children-only": [ann("CHD")],
    "no-tier": [ann(None), ben("EMP")],
    "tier-of-no-table": [ann("XXX"), ben()],
    "tiers-by-person": [ann("EMP"), spouse("SPO"), ben("CHD")],
    "dependants-without-a-tier": [ann("FAM"), ben(None)],
    "another-plan": [ann("EMP"), member("021", silver(JAN), **child())],
    "another-line": [
        member("021", gold(JAN, tier="EMP"), dental(JAN, tier="FAM")),
        member("021", dental(JAN, tier="FAM"), **child()),
    ],
    "cobra": [ann("EMP", **COBRA), ben("EMP", **COBRA)],
    "cobra-of-a-family-of-one": [ann("FAM", **COBRA)],
    "child-on-cobra": [ann("EMP"), ben("EMP", **COBRA)],
    "surviving-spouse": [ann("FAM", benefit_status="S")],
    "past": [member("021", gold(JAN, FEB_28, tier="FAM"))],
    "two-tiers-one-after-the-other": [
        member("021", gold(JAN, MAR_31, tier="ECH"), gold(APR, tier="EMP")),
        member("021", gold(JAN, MAR_31, tier="ECH"), **child()),
    ],
}
CONTRADICTED: dict[str, Sequence[Row]] = {
    "employee-with-a-child": [ann("EMP"), ben("EMP")],
    "individual-with-a-spouse": [ann("IND"), spouse()],
    "spouse-missing": [ann("ESP"), ben("ESP")],
    "spouse-with-a-child": [ann("ESP"), spouse(), ben()],
    "child-missing": [ann("ECH"), spouse("ECH")],
    "children-with-a-spouse": [ann("ECH"), spouse(), ben()],
    "family-of-one": [ann("FAM")],
    "two-of-one": [ann("TWO")],
    "two-of-three": [ann("TWO"), ben(), cleo()],
    "one-dependant-of-two": [ann("E1D"), ben(), cleo()],
    "two-dependants-of-one": [ann("E2D"), ben()],
    "three-dependants-of-two": [ann("E3D"), ben(), cleo()],
    "two-or-more-of-one": [ann("E6D"), ben()],
    "five-or-more-of-two": [ann("E9D"), ben(), cleo()],
    "dependants-only-of-none": [ann("DEP")],
    "spouse-only-with-a-child": [ann("SPO"), ben()],
    "children-only-with-a-spouse": [ann("CHD"), spouse()],
    "child-who-left": [ann("ECH"), member("021", gold(JAN, FEB_28), **child())],
    "tier-to-come-without-the-child": [
        member("021", gold(JAN, MAR_31, tier="EMP"), gold(APR, tier="ECH")),
        member("021", gold(MAR, MAR_31, tier="CHD"), **child()),
    ],
}


def told(intake: Intake, rows: Sequence[Row]) -> list[str]:
    """The numbers whose tier the last file's findings tell of."""
    found = intake.rows(
        "select (select max(row) from enrollment_outcome o where o.file_id = f.file_id"
        " and o.source_start <= f.source_start)"
        " from finding f where code = 'ENROLLMENT_TIER_CONTRADICTED' and file_id = (select max(file_id) from file)"
    )
    return sorted(rows[row]["subscriber_number"] for (row,) in found)


def test_a_tier_is_told_where_it_contradicts_the_family_and_nowhere_else(warehouse: Warehouse) -> None:
    """Families of one file, each under its number, once each; the same file again tells nothing."""
    intake = Intake(warehouse)
    families = {**FITTING, **CONTRADICTED}
    rows = [{**row, "subscriber_number": name.upper()} for name, family in families.items() for row in family]
    intake.enroll(*rows)
    assert told(intake, rows) == sorted(name.upper() for name in CONTRADICTED)
    intake.enroll(*rows)
    assert told(intake, rows) == []


def test_a_tier_is_judged_when_the_family_changes(warehouse: Warehouse) -> None:
    """Whoever of it is sent; and not for a change of names."""
    intake = Intake(warehouse)
    intake.enroll(ann("EMP"))
    for row, codes in ((ben(), 1), (ben(city="AVON"), 0), (cleo(), 1)):
        intake.enroll(row, arrived_at=NOON + timedelta(days=1))
        assert last_findings(intake).count("ENROLLMENT_TIER_CONTRADICTED") == codes
