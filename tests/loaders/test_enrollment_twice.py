"""A file twice is a file once, whatever its rows say of a family, sense or nonsense; in every mode."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from loaders.warehouse import Warehouse
from tests.loaders.intake import NOON, Intake, Row
from tests.loaders.rosters import sent, with_policy

FILES, FAMILIES = 3, 150
BIRTH, OTHER_BIRTH, OF_SPOUSES, OF_ANN = date(2010, 5, 5), date(2010, 5, 6), date(1982, 2, 2), date(1980, 1, 1)
ROLES = {
    "18": (("ANN", OF_ANN, "F"),) * 5 + (("BOB", date(1975, 3, 3), "M"), ("ANNA", OF_ANN, "F")),
    "01": (("ED", OF_SPOUSES, "M"), ("EVE", OF_SPOUSES, "F"), ("GUS", OF_SPOUSES, "M")),
    "19": (("BEN", BIRTH, "M"), ("BO", BIRTH, "M"), ("CLEO", BIRTH, "F"), ("BEN", OTHER_BIRTH, "M")),
    "baby": (("BABY BOY", BIRTH, "M"), (None, BIRTH, "M"), ("NEWBORN", BIRTH, "U"), ("BEN", BIRTH, "M")),
}
MAINTENANCE = {"2": ("021", "021", "021", "001", "024", "030"), "4": ("021", "030", "030"), "RX": ("021", "030", "030")}
STATE = """
select subscriber_number, cast(row(member_suffix, first_name, birth_date, birth_sequence, gender, city, ssn_hash,
    is_subscriber, relationship_code) as text) from member
union all
select subscriber_number, cast(row(member_suffix, plan_id, valid) as text)
from coverage_span join member using (member_id) where superseded_at is null
union all
select subscriber_number, cast(row(member_suffix, superseded_by) as text) from member_past
"""


def row(dice: random.Random, number: int, action: str) -> Row:
    """What a sender may say of somebody: the same person by other names and numbers, and others by the same."""
    role = dice.choice(("18", "18", "01", "19", "19", "baby"))
    name, birth_date, gender = dice.choice(ROLES[role])
    maintenance = dice.choice(MAINTENANCE[action])
    end = maintenance == "024"
    return {
        "subscriber_number": f"S{number}",
        "maintenance_type": maintenance,
        "maintenance_reason": dice.choice((None, None, None, "25")),
        "is_subscriber": "Y" if role == "18" or dice.random() < 0.05 else "N",
        "relationship_code": "19" if role == "baby" else role,
        "first_name": name,
        "birth_date": birth_date if dice.random() < 0.9 else None,
        "birth_sequence": dice.choice((1, 2, None)) if role == "baby" else None,
        "gender": dice.choice((gender, gender, "U")),
        "city": dice.choice("ABC"),
        "identifier_qualifier": "34",
        "identifier": dice.choice((None, None, f"57{number:04d}{dice.choice((role[:1], '9'))}01".replace("b", "5"))),
        "details": {"enrollment_party": [{"loop": "2100B", "first_name": dice.choice(("BEN", "BO", "ANN", "ED"))}]}
        if dice.random() < 0.15
        else {},
        "coverages": [
            {
                "insurance_line": "HLT",
                "plan_code": "GOLD",
                "maintenance_type": maintenance,
                "begin": None if end else date(2026, 1, 1),
                "end": date(2026, dice.randint(1, 6), 28) if end else None,
            }
        ],
    }


def family(dice: random.Random, number: int, action: str) -> list[Row]:
    """Its rows in one file; an end that stands before the addition is nobody's, and sent again it is somebody's."""
    rows = [row(dice, number, action) for _ in range(dice.randint(1, 4))]
    return sorted(rows, key=lambda one: one["maintenance_type"] not in {"021", "030"})


def by_family(intake: Intake) -> dict[str, list[str]]:
    """What is on file of each number."""
    found = defaultdict(list)
    for number, state in intake.rows(STATE):
        found[number].append(state)
    return {number: sorted(states) for number, states in found.items()}


@pytest.mark.parametrize("action", MAINTENANCE)
@pytest.mark.parametrize("seed", range(2))
def test_a_file_twice_is_a_file_once(warehouse: Warehouse, action: str, seed: int) -> None:
    """Changes, and full rosters that are compared or replace, where the roster is the truth."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    intake = with_policy(
        Intake(warehouse),
        roster_is_truth=True,
        absences_to_end=1,
        absence_hold_members=10_000,
        count_swing_percent=100,
        max_retro_term_days=10_000,
    )
    for month in range(FILES):
        rows = [one for number in range(FAMILIES) for one in family(dice, number, action)]
        arrived_at = NOON + timedelta(days=20 * month)
        header = sent(action, as_of=arrived_at.date())
        intake.enroll(*rows, arrived_at=arrived_at, header=header)
        once = by_family(intake)
        assert once
        intake.enroll(*rows, arrived_at=arrived_at, header=header)
        assert by_family(intake) == once
