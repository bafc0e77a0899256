"""A file twice is a file once, whatever its changes of one coverage say together; and one change alone is applied."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest

from loaders.warehouse import Warehouse
from tests.loaders.enrolling import child, member
from tests.loaders.intake import NOON, Intake, Row
from tests.loaders.rosters import sent, with_policy

FILES, FAMILIES = 3, 150
DAYS = tuple(date(2026, month, day) for month in range(1, 7) for day in (1, 15))
ENDS = tuple(day - timedelta(days=1) for day in DAYS)
ACTIONS = ("021",) * 5 + ("024",) * 4 + ("001", "001", "025", "025", "002", "002", "030")
PEOPLE: tuple[Row, ...] = ({}, child("BEN"), child("CLEO", birth_date=date(2012, 6, 6), gender="F"))
CONTRADICTED = "ENROLLMENT_COVERAGE_CONTRADICTED"
POLICY = {
    "absences_to_end": 1,
    "absence_hold_members": 10_000,
    "count_swing_percent": 100,
    "max_retro_term_days": 10_000,
}
RECORDED = "select span_id from coverage_span where (select max(file_id) from file) in (file_id, superseded_by)"


def coverage(dice: random.Random, action: str) -> Row:
    """An HD; an end or a change may leave the plan to what the member has."""
    plans = ("GOLD", "GOLD", "SILVER") if action in {"021", "025", "030"} else ("GOLD", "GOLD", "SILVER", "")
    return {
        "insurance_line": "HLT",
        "plan_code": dice.choice(plans),
        "tier": dice.choice((None, None, "EMP", "FAM")),
        "maintenance_type": action,
        "begin": None if action == "024" else dice.choice(DAYS),
        "end": dice.choice(ENDS) if action == "024" or dice.random() < 0.2 else None,
    }


def dental(dice: random.Random) -> Row:
    """An HD of another line, which clashes with none."""
    return {"insurance_line": "DEN", "plan_code": "D1", "maintenance_type": "021", "begin": dice.choice(DAYS)}


def row(dice: random.Random, number: int, person: Row) -> Row:
    """A row of somebody with one change of the line or several."""
    maintenance = dice.choice(("021", "021", "001", "025", "024"))
    if maintenance == "024":
        under = [coverage(dice, "024") for _ in range(dice.choice((0, 1, 1, 2)))]
        ended = {"eligibility_end": dice.choice(ENDS)}
    else:
        under = [coverage(dice, dice.choice(ACTIONS)) for _ in range(dice.choice((1, 1, 2, 3)))]
        ended = {}
        if dice.random() < 0.2:
            under.append(dental(dice))
    continued = {"benefit_status": "C", "cobra_event": "1"} if dice.random() < 0.1 else {}
    return member(maintenance, *under, subscriber_number=f"S{number}", **person, **ended, **continued)


def family(dice: random.Random, number: int, *, is_first: bool) -> list[Row]:
    """Its rows in one file: everybody once at first, then some, in any order, some twice."""
    if is_first:
        first: dict[str, Any] = {"insurance_line": "HLT", "plan_code": "GOLD", "begin": DAYS[0]}
        return [member("021", first, subscriber_number=f"S{number}", **person) for person in PEOPLE]
    return [row(dice, number, dice.choice(PEOPLE)) for _ in range(dice.randint(1, 3))]


def without_clashes(rows: list[Row]) -> list[Row]:
    """One change of a member and line, and no end of the subscriber, which would be one of the others too."""
    kept: dict[str, Row] = {}
    for one in rows:
        ends = {one["maintenance_type"], one["coverages"][0]["maintenance_type"] if one["coverages"] else "024"}
        if "first_name" in one or not ends & {"024", "002"}:
            kept.setdefault(one.get("first_name", "ANN"), {**one, "coverages": one["coverages"][:1]})
    return list(kept.values())


def send(intake: Intake, files: list[list[Row]], action: str = "2") -> None:
    """Send files, each of them twice: the second time records and supersedes nothing."""
    for month, rows in enumerate(files):
        arrived_at = NOON + timedelta(days=40 * month)
        header = sent(action, as_of=arrived_at.date())
        intake.enroll(*rows, arrived_at=arrived_at, header=header)
        assert intake.rows(RECORDED)
        intake.enroll(*rows, arrived_at=arrived_at, header=header)
        assert not intake.rows(RECORDED)


def random_files(seed: int) -> list[list[list[Row]]]:
    """By file and family."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    return [[family(dice, number, is_first=month == 0) for number in range(FAMILIES)] for month in range(FILES)]


@pytest.mark.parametrize("action", ["2", "RX"])
@pytest.mark.parametrize("seed", range(2))
def test_a_file_twice_is_a_file_once(warehouse: Warehouse, action: str, seed: int) -> None:
    """Few rows are refused for it, and the others are applied."""
    intake = with_policy(Intake(warehouse), **POLICY)
    files = [list(chain.from_iterable(families)) for families in random_files(seed)]
    send(intake, files, action)
    assert 0 < intake.findings().count(CONTRADICTED) < 2 * sum(map(len, files)) / 10


def test_a_change_alone_contradicts_nothing(warehouse: Warehouse) -> None:
    """Of each member and line one change, none of which is meant for the family: all are applied."""
    intake = with_policy(Intake(warehouse), **POLICY)
    first, *others = random_files(7)
    alone = [[without_clashes(rows) for rows in families] for families in others]
    send(intake, [list(chain.from_iterable(families)) for families in (first, *alone)])
    assert CONTRADICTED not in intake.findings()
