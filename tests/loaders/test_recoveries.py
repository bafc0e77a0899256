"""Claims that were paid for days whose coverage is taken away later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from loaders.warehouse import Warehouse
from tests.loaders.enrolling import JAN, JAN_31, MAR, MAR_31, child, dental, gold, member, silver
from tests.loaders.intake import NOON, Intake, Row
from tests.loaders.verdicts import decide, denied, paid

LATER = NOON + timedelta(30)


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """A warehouse with a family, covered by two plans, and a claim of 2 February paid under the first."""
    opened = Intake(warehouse)
    opened.enroll(member("021", gold(JAN), dental(JAN)), member("021", gold(JAN), **child()))
    opened.claim({}, {"service_from": date(2026, 1, 15), "lines": [{"service_from": date(2026, 1, 15)}]}, {})
    decide(opened, paid(1, plan_id="gold"))
    decide(opened, paid(2, plan_id="gold"))
    decide(opened, denied(3, plan_id="gold"))
    return opened


def candidates(intake: Intake) -> list[tuple[object, ...]]:
    """What is listed: the claim, the plan and days of the span that paid it, and the first day lost."""
    return intake.rows(
        "select claim_id, plan_id, cast(valid as text), lost_from, superseded_by = r.file_id"
        " from recovery_candidate r join coverage_span using (span_id) order by r.file_id, claim_id"
    )


@pytest.mark.parametrize(
    ("row", "listed"),
    [
        pytest.param(member("024", gold(end=JAN_31)), [(1, date(2026, 2, 1))], id="ended-before-the-service"),
        pytest.param(member("024", eligibility_end=JAN_31), [(1, date(2026, 2, 1))], id="all-lines-ended"),
        pytest.param(member("001", gold(JAN, maintenance_type="002")), [(1, JAN), (2, JAN)], id="never-was"),
        pytest.param(member("024", gold(end=MAR_31)), [], id="ended-after-it"),
        pytest.param(member("024", dental(end=JAN_31)), [], id="of-another-line"),
        pytest.param(member("024", gold(end=JAN_31), **child()), [], id="of-another-member"),
        pytest.param(member("001", silver(JAN)), [], id="another-plan-covers-the-day"),
    ],
)
def test_paid_claims_of_lost_days_are_listed(intake: Intake, row: Row, listed: list[tuple[int, date]]) -> None:
    """Once, with the span as it was; the claim stays paid, and a claim that was denied is nobody's to recover."""
    states = intake.rows("select claim_id, state from claim order by 1")
    for _ in range(2):
        intake.enroll(row, arrived_at=LATER)
        assert candidates(intake) == [(claim, "gold", "[2026-01-01,)", lost, True) for claim, lost in listed]
    assert intake.rows("select claim_id, state from claim order by 1") == states


def test_coverage_lost_again_lists_the_claim_again(intake: Intake) -> None:
    """Each loss is a piece of work of its own."""
    intake.enroll(member("024", gold(end=JAN_31)), arrived_at=LATER)
    intake.enroll(member("025", gold(JAN)), arrived_at=LATER)
    intake.enroll(member("024", gold(end=JAN_31)), arrived_at=LATER)
    assert [claim for claim, *_ in candidates(intake)] == [1, 1]


def test_a_claim_of_a_dependant_is_listed_when_the_subscriber_ends(intake: Intake) -> None:
    """Though nobody sent the dependant."""
    who = child()
    patient = {"patient_first_name": who["first_name"], "patient_birth_date": who["birth_date"]}
    intake.claim({**patient, "service_from": MAR, "lines": [{"service_from": MAR}]})
    decide(intake, paid(4, plan_id="gold"))
    intake.enroll(member("024", eligibility_end=JAN_31), arrived_at=LATER)
    assert [claim for claim, *_ in candidates(intake)] == [1, 4]
