"""An 837 becomes claims with lines, diagnoses and parties."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from loaders.warehouse import Warehouse
from tests.loaders.intake import BIRCH, Intake, Row

COVERED: Row = {"insurance_line": "HLT", "plan_code": "GOLD", "begin": date(2026, 1, 1), "maintenance_type": "021"}


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def enroll(intake: Intake, *persons: Row) -> None:
    """Put persons on file, covered from 2026-01-01."""
    intake.enroll(*({"maintenance_type": "021", "coverages": [COVERED], **person} for person in persons))


def test_a_claim_with_everything_under_it(intake: Intake) -> None:
    """Every column arrives, with the byte range of the claim and of each line."""
    line = {"modifier_1": "25", "quantity": Decimal("1.5"), "line_control_number": "L1", "place_of_service": "11"}
    party = {"ordinal": 1, "loop": "2310B", "entity_code": "82", "entity_type": "1", "identifier": "1555555554"}
    diagnoses = [{"ordinal": 1, "qualifier": "ABK", "code": "J069"}, {"ordinal": 2, "qualifier": "ABF", "code": "R05"}]
    result = intake.claim(
        {"patient_gender": "F", "lines": [line, {"charge_cents": 50}], "diagnoses": diagnoses, "parties": [party]}
    )
    assert (result.claims, result.corrections, result.refused_corrections) == (1, 0, 0)
    assert intake.rows(
        "select claim_number, version, version_state, state, tracking_number, partner, is_test, kind, charge_cents,"
        " patient_gender, received_date, source_start, source_stop from claim"
    ) == [
        ("260610000001", 1, "active", "accepted", None, "north", False, "P", 12000, "F", date(2026, 3, 2), 1000, 1009)
    ]
    assert intake.rows(
        "select line_number, procedure_code, modifier_1, charge_cents, quantity, source_start from claim_line"
        " order by line_number"
    ) == [(1, "99213", "25", 12000, Decimal("1.500"), 1010), (2, "99213", None, 50, Decimal("1.000"), 1020)]
    assert intake.rows("select ordinal, qualifier, code from claim_diagnosis order by 1") == [
        (1, "ABK", "J069"),
        (2, "ABF", "R05"),
    ]
    assert intake.rows("select ordinal, line_number, loop, entity_code, identifier from claim_party") == [
        (1, None, "2310B", "82", "1555555554")
    ]
    assert intake.rows("select current_version, state from claim_family") == [(1, "active")]


def test_claim_numbers_count_up_by_day_of_receipt(intake: Intake) -> None:
    """YYDDD of the plan-local day and seven digits, in the order of the file."""
    intake.claim({"patient_control_number": "A"}, {"patient_control_number": "B"})
    intake.claim({"patient_control_number": "C"})
    intake.claim({"patient_control_number": "D"}, arrived_at=datetime(2026, 12, 31, 12, tzinfo=UTC))
    assert intake.rows("select patient_control_number, claim_number from claim order by 1") == [
        ("A", "260610000001"),
        ("B", "260610000002"),
        ("C", "260610000003"),
        ("D", "263650000001"),
    ]


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        pytest.param({}, "ANN", id="all-equal"),
        pytest.param({"subscriber_id": " s1 "}, "ANN", id="blanks-and-case"),
        pytest.param({"patient_first_name": "A.n-n"}, "ANN", id="letters-of-the-name"),
        pytest.param({"patient_first_name": "NANCY"}, "ANN", id="the-only-one-born-that-day"),
        pytest.param({"patient_first_name": None}, "ANN", id="no-name-sent"),
        pytest.param({"patient_birth_date": date(2010, 5, 5), "patient_first_name": "CLEO"}, "CLEO", id="a-twin"),
        pytest.param({"patient_birth_date": date(2010, 5, 5), "patient_first_name": "B"}, None, id="which-twin"),
        pytest.param({"patient_birth_date": date(1980, 1, 2)}, None, id="another-birth-date"),
        pytest.param({"patient_birth_date": None}, None, id="no-birth-date"),
        pytest.param({"subscriber_id": "S9"}, None, id="another-subscriber"),
        pytest.param({"subscriber_id": None}, None, id="no-subscriber"),
    ],
)
def test_the_member_is_the_one_patient_that_fits(intake: Intake, claim: Row, found: str | None) -> None:
    """Subscriber id, birth date and first name; without the name only when one person is left."""
    child: Row = {"is_subscriber": "N", "relationship_code": "19", "birth_date": date(2010, 5, 5)}
    enroll(intake, {}, {"first_name": "BEN", **child}, {"first_name": "CLEO", **child})
    intake.claim(claim)
    assert intake.value("select min(first_name) from claim left join member using (member_id)") == found


def test_a_person_of_two_groups_is_the_one_covered_on_the_day(intake: Intake) -> None:
    """The same subscriber number in two groups; coverage decides, and where it does not, nobody is guessed."""
    enroll(intake, {})
    later = {**COVERED, "begin": date(2026, 2, 10)}
    intake.enroll({"maintenance_type": "024", "coverages": [{**COVERED, "maintenance_type": "024", "begin": None,
        "end": date(2026, 2, 9)}]})  # fmt: skip
    intake.enroll({"maintenance_type": "021", "coverages": [later]}, header=BIRCH)
    days = {date(2026, 2, 2): "acme", date(2026, 2, 10): "birch", date(2025, 12, 31): None}
    intake.claim(*({"service_from": day} for day in days))
    assert (
        dict(intake.rows("select service_from, group_id from claim left join member using (member_id) order by 1"))
        == days
    )


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        pytest.param([1, 2, 3], [1, 2, 3], id="as-sent"),
        pytest.param([1, 3], [1, 3], id="a-gap-stays"),
        pytest.param([1, 1], [1, 2], id="repeated"),
        pytest.param([5, None], [1, 2], id="missing"),
        pytest.param([1, 10**12], [1, 2], id="absurd"),
    ],
)
def test_lines_keep_their_numbers_unless_they_cannot(intake: Intake, sent: list[int | None], stored: list[int]) -> None:
    """LX01 that is missing, repeated or absurd numbers the claim's lines anew, and no other claim's."""
    intake.claim({"lines": [{"line_number": number} for number in sent]}, {"lines": [{"line_number": 7}]})
    assert intake.rows("select line_number from claim_line order by source_start") == [
        (number,) for number in (*stored, 7)
    ]


def test_a_claim_may_miss_all_that_a_claim_can_miss(intake: Intake) -> None:
    """A set accepted with errors may hold empty claims; they are stored and decided, not an exception."""
    empty = dict.fromkeys(
        ("patient_control_number", "charge_cents", "facility_code", "frequency_code", "subscriber_id", "service_from"),
    )
    line = dict.fromkeys(("line_number", "charge_cents", "quantity", "procedure_code", "service_from"))
    parties = [{"ordinal": 1, "loop": "2310B", "entity_code": None}]
    result = intake.claim({**empty, "lines": [line], "diagnoses": [{"ordinal": 1, "code": None}], "parties": parties})
    assert result.claims == 1
    assert intake.rows("select charge_cents, frequency_code from claim") == [(0, "")]
