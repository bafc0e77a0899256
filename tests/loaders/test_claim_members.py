"""A claim that came before its member finds the member when it is decided."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from loaders.claim_facts import read_facts
from loaders.warehouse import Warehouse
from tests.loaders.intake import Intake, Row

COVERAGE: Row = {"insurance_line": "HLT", "plan_code": "GOLD", "begin": date(2026, 1, 1)}
ENROLLED: Row = {"maintenance_type": "021", "coverages": [{"maintenance_type": "021", **COVERAGE}]}
REPLACEMENT: Row = {"frequency_code": "7", "payer_claim_control_number": "260610000001"}


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def facts(intake: Intake, *claim_ids: int) -> list[dict[str, Any]]:
    """What the rules are told of these claims, and the plans of their members."""
    with intake.warehouse.begin() as conn:
        found = read_facts(conn, claim_ids)
    plans = dict(zip(found.spans["member_id"], found.spans["plan_id"], strict=True))
    rows = [{str(name): value for name, value in row.items()} for row in found.claims.to_dict("records")]
    return [{**row, "plan": plans.get(row["member_id"])} for row in rows]


def test_a_claim_committed_before_its_members_834(intake: Intake) -> None:
    """It is of nobody until then, and is decided as that of the member, with the member's coverage."""
    intake.claim({})
    assert intake.rows("select member_id from claim") == [(None,)]
    intake.enroll(ENROLLED)
    (row,) = facts(intake, 1)
    assert (row["member_id"], row["plan"]) == (1, "gold")
    assert intake.rows("select member_id from claim") == [(1,)]


def test_a_correction_committed_before_its_members_834(intake: Intake) -> None:
    """It found its original by what was sent, and now finds the same member as the original."""
    intake.claim({})
    intake.claim(REPLACEMENT)
    intake.enroll(ENROLLED)
    original, correction = facts(intake, 1, 2)
    assert (original["member_id"], correction["member_id"]) == (1, 1)
    assert correction["original_claim_id"] == 1
    assert intake.value("select correction_problem from claim where claim_id = 2") is None


def test_a_member_found_once_is_kept(intake: Intake) -> None:
    """Whoever is enrolled later with the same number and birth date takes no claim away."""
    intake.enroll(ENROLLED)
    intake.claim({})
    intake.enroll({**ENROLLED, "relationship_code": "19", "is_subscriber": "N", "first_name": "ANNA"})
    assert [row["member_id"] for row in facts(intake, 1)] == [1]


def test_a_claim_that_fits_nobody_stays_without_member(intake: Intake) -> None:
    """However often it is looked at."""
    intake.enroll({**ENROLLED, "subscriber_number": "S2"})
    intake.claim({})
    for _ in range(2):
        (row,) = facts(intake, 1)
        assert row["plan"] is None
    assert intake.rows("select member_id from claim") == [(None,)]


def test_a_claim_under_what_a_member_was_known_as(intake: Intake) -> None:
    """An old number, birth date or name finds the member as well, where nobody has it now."""
    intake.enroll(ENROLLED)
    intake.enroll({"maintenance_type": "001", "maintenance_reason": "25", "birth_date": date(1980, 1, 11)})
    intake.claim({})
    intake.claim({"patient_birth_date": date(1980, 1, 11)})
    assert intake.rows("select member_id from claim") == [(1,), (1,)]


def test_who_has_the_name_now_goes_before_who_had_it(intake: Intake) -> None:
    """A name that was corrected away may be that of the next child."""
    child: Row = {**ENROLLED, "relationship_code": "19", "is_subscriber": "N", "birth_date": date(2010, 5, 5)}
    intake.enroll(ENROLLED, {**child, "first_name": "BEN"})
    intake.enroll({**child, "first_name": "CLEO", "maintenance_reason": "25"})
    intake.enroll({**child, "first_name": "BEN"})
    intake.claim({"patient_first_name": "BEN", "patient_birth_date": date(2010, 5, 5)})
    names = "select first_name from claim join member using (member_id)"
    assert intake.rows(names) == [("BEN",)]
    assert intake.value("select count(*) from member") == 3
