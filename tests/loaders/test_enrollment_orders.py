"""Families are independent of each other: their order in a file says nothing, and a file twice is a file once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from loaders.warehouse import Warehouse, open_warehouse
from tests.loaders.intake import NOON, Intake, Row

FILES, FAMILIES = 5, 12
NAMES = ("BEN", "CLEO", "DAN", "EVE", None, "BABY BOY", "NEWBORN")
BIRTHS = (date(2010, 5, 5), date(2026, 1, 5), None)
NEWBORNS = (None, "BABY BOY", "NEWBORN")
GENDERS = {None: "U", "ANN": "F", "BEN": "M", "CLEO": "F", "DAN": "M", "EVE": "F", "BABY BOY": "M", "NEWBORN": "U"}
PEOPLE = (
    "select group_id, subscriber_number, member_suffix, first_name, birth_date, birth_sequence, gender, city, ssn_hash,"
    " is_subscriber from member"
)
SPANS = (
    "select subscriber_number, member_suffix, plan_id, lower(valid), upper(valid)"
    " from coverage_span join member using (member_id) where superseded_at is null"
)
STATEMENTS = (
    "select subscriber_number, member_suffix, qualifier, value, superseded_by"
    " from member_reference s join member using (member_id)"
)
PAST = "select subscriber_number, member_suffix, first_name, birth_date, city, superseded_by from member_past"


def family(dice: random.Random, number: int, names: Sequence[str | None] = NAMES) -> list[Row]:
    """What a sender may say of a family in one file, sense or nonsense."""
    rows: list[Row] = []
    for _ in range(dice.randint(1, 4)):
        maintenance = dice.choice(("021", "021", "021", "001", "024", "030"))
        is_subscriber = dice.random() < 0.4
        begin = {"insurance_line": "HLT", "plan_code": "GOLD", "begin": date(2026, 1, 1), "end": None}
        end = {**begin, "begin": None, "end": date(2026, dice.randint(2, 6), 1)}
        coverage = {"maintenance_type": maintenance, **(end if maintenance == "024" else begin)}
        details = {"enrollment_reference": [{"loop": "2000", "qualifier": "DX", "value": dice.choice("ABC")}]}
        name = "ANN" if is_subscriber else dice.choice(names)
        row: Row = {
            "subscriber_number": f"S{number}",
            "maintenance_type": maintenance,
            "maintenance_reason": dice.choice((None, "25", "28")),
            "is_subscriber": "Y" if is_subscriber else "N",
            "relationship_code": "18" if is_subscriber else "19",
            "first_name": name,
            "birth_date": date(1980, 1, 1)
            if is_subscriber
            else dice.choice(BIRTHS if name not in NEWBORNS else BIRTHS[:2]),
            "birth_sequence": dice.choice((1, 2)) if name in NEWBORNS else None,
            "gender": dice.choice((GENDERS[name], "U")),
            "coverages": [coverage],
            "details": details if dice.random() < 0.5 else {},
        }
        if dice.random() < 0.3:
            row["city"] = dice.choice(("AVON", "BERLIN"))
        rows.append(row)
    # an end that stands before the addition is nobody's; sent again it would be somebody's
    return sorted(rows, key=lambda row: row["maintenance_type"] != "021")


def content(intake: Intake) -> dict[str, Counter[tuple[object, ...]]]:
    """What is on file, without numbers of ours that the order gives."""
    return {query: Counter(intake.rows(query)) for query in (PEOPLE, SPANS, STATEMENTS, PAST)}


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_families_says_nothing(fresh_database: Callable[[], str], seed: int) -> None:
    """Two warehouses that get the same files in other orders hold the same."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    files = [[family(dice, number) for number in range(FAMILIES)] for _ in range(FILES)]
    contents = []
    for shuffled in (False, True):
        warehouse = open_warehouse(fresh_database())
        intake = Intake(warehouse)
        codes: list[Counter[str]] = []
        for month, families in enumerate(files):
            order = dice.sample(families, len(families)) if shuffled else families
            rows = [row for rows in order for row in rows]
            before = Counter(intake.findings())
            intake.enroll(*rows, arrived_at=NOON + timedelta(days=30 * month))
            codes.append(Counter(intake.findings()) - before)
        contents.append((content(intake), codes))
        warehouse.close()
    assert contents[0] == contents[1]


@pytest.mark.parametrize("seed", range(4))
def test_a_file_twice_is_a_file_once(warehouse: Warehouse, seed: int) -> None:
    """Whatever it says of families that may be new or on file; rows that name no person in full are apart."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    intake = Intake(warehouse)
    for month in range(FILES):
        rows = [row for number in range(FAMILIES) for row in family(dice, number, NAMES[:4]) if row["birth_date"]]
        # of a child whom the file calls otherwise than before there is one row
        rows = list(
            {(row["subscriber_number"], row["relationship_code"], row["birth_date"]): row for row in rows}.values()
        )
        arrived_at = NOON + timedelta(days=30 * month)
        intake.enroll(*rows, arrived_at=arrived_at)
        once = content(intake)
        intake.enroll(*rows, arrived_at=arrived_at)
        assert content(intake) == once
