"""What may excuse late claims, read from the warehouse a set at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from edi.claim_facts import ClaimFacts
from loaders.claim_facts import read_facts
from loaders.warehouse import Warehouse
from tests.loaders.enrolling import JAN, JUN_30, gold, member
from tests.loaders.intake import NOON, Intake, Row

DAY = timedelta(days=1)
LATE = NOON + 60 * DAY
"""Claims are of 2026-02-02, and NOON is a month later."""
REASON: Row = {"delay_reason": "9"}


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """A warehouse that knows one member."""
    found = Intake(warehouse)
    found.enroll(member("021", gold(JAN)))
    return found


def facts(intake: Intake, *claim_ids: int, least_days: int = 60, time_zone: str = "UTC") -> ClaimFacts:
    """Facts of claims."""
    with intake.warehouse.begin() as conn:
        return read_facts(conn, claim_ids, least_filing_days=least_days, time_zone=time_zone)


def fact(intake: Intake, claim_id: int) -> dict[str, Any]:
    """What may excuse one claim."""
    found = facts(intake, claim_id).filing
    assert found is not None
    (row,) = found.to_dict("records")
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


def earlier(row: dict[str, Any]) -> list[Any]:
    """First and latest submission."""
    days = [row[name] and row[name].date().isoformat() for name in ("earlier_received_on", "latest_received_on")]
    return [row["earlier_claim_id"], days[0], row["latest_claim_id"], days[1]]


def test_only_old_claims_are_read(intake: Intake) -> None:
    """Those received more days after their first service than any limit is long."""
    intake.claim(REASON, arrived_at=NOON)
    intake.claim(REASON, arrived_at=LATE)
    found = facts(intake, 1, 2).filing
    assert found is not None
    assert found["claim_id"].tolist() == [2]
    young = facts(intake, 1)
    assert young.filing is not None
    assert young.coverage_records is not None
    assert young.filing.empty
    assert young.coverage_records.empty


def test_earlier_submissions_of_the_same_bill(intake: Intake) -> None:
    """The first and the latest before this one, in order of receipt."""
    for number in range(3):
        intake.claim(REASON, arrived_at=NOON + number * DAY)
    intake.claim(REASON, arrived_at=LATE)
    intake.claim(REASON, arrived_at=LATE + DAY)
    assert earlier(fact(intake, 4)) == [1, "2026-03-02", 3, "2026-03-04"]


@pytest.mark.parametrize(
    "other",
    [
        {"patient_control_number": "PCN2"},
        {"billing_npi": "1888888883"},
        {"service_from": date(2026, 2, 1)},
        {"subscriber_id": "S2"},
        {"kind": "D"},
    ],
    ids=lambda other: str(*other),
)
def test_other_bills_are_no_earlier_submissions(intake: Intake, other: Row) -> None:
    """Another account number, provider, first service, member or kind."""
    intake.claim(other, arrived_at=NOON)
    intake.claim(REASON, arrived_at=LATE)
    assert earlier(fact(intake, 2)) == [None, None, None, None]


def test_submissions_are_looked_for_only_where_a_reason_is_given(intake: Intake) -> None:
    """T12: without CLM20 nothing is there to be borne out."""
    intake.claim({}, arrived_at=NOON)
    intake.claim({}, arrived_at=LATE)
    assert earlier(fact(intake, 2)) == [None, None, None, None]


def test_what_was_rejected_is_a_submission_too(intake: Intake) -> None:
    """Of a patient whom we did not know then, by the number on the card and the birth date."""
    intake.claim({"subscriber_id": "S7"}, arrived_at=NOON)
    with intake.warehouse.begin() as conn:
        conn.exec_driver_sql(
            "update claim set state = 'rejected', claim_number = null, family_id = null, version = null"
        )
    intake.enroll(member("021", gold(JAN), subscriber_number="S7"), arrived_at=NOON + DAY)
    intake.claim({**REASON, "subscriber_id": "S7"}, arrived_at=LATE)
    assert intake.rows("select claim_id, member_id is null from claim order by 1") == [(1, True), (2, False)]
    assert earlier(fact(intake, 2)) == [1, "2026-03-02", 1, "2026-03-02"]


@pytest.mark.parametrize(
    ("ours", "payers", "expected"),
    [
        pytest.param("S", [("P", date(2026, 3, 1), [])], "2026-03-01", id="of-the-claim"),
        pytest.param("S", [("P", None, [date(2026, 3, 2), date(2026, 3, 5)])], "2026-03-05", id="of-its-lines"),
        pytest.param("S", [("P", date(2026, 3, 1), [date(2026, 3, 5)])], "2026-03-01", id="of-the-claim-first"),
        pytest.param("P", [("S", date(2026, 3, 1), [])], None, id="a-payer-after-us"),
        pytest.param("T", [("P", None, [date(2026, 3, 1)]), ("S", date(2026, 3, 9), [])], "2026-03-09", id="of-two"),
        pytest.param("S", [("P", None, [])], None, id="no-date"),
        pytest.param(None, [("P", date(2026, 3, 1), [])], "2026-03-01", id="our-own-place-unknown"),
    ],
)  # fmt: skip
def test_when_the_payers_before_us_decided(
    intake: Intake, ours: str | None, payers: list[tuple[str, date | None, list[date]]], expected: str | None
) -> None:
    """DTP*573 of 2330B, else the latest of 2430."""
    intake.claim({"payer_responsibility": ours}, arrived_at=LATE)
    with intake.warehouse.begin() as conn:
        for ordinal, (responsibility, decided_on, paid_on) in enumerate(payers, start=1):
            conn.exec_driver_sql(
                "insert into claim_other_coverage (claim_id, ordinal, payer_responsibility, decided_on, source_start,"
                " source_stop) values (1, %s, %s, %s, 0, 1)",
                (ordinal, responsibility, decided_on),
            )
            for number, day in enumerate(paid_on, start=10 * ordinal):
                conn.exec_driver_sql(
                    "insert into claim_line_adjudication (claim_id, ordinal, line_number, other_coverage, paid_on,"
                    " source_start, source_stop) values (1, %s, 1, %s, %s, 0, 1)",
                    (number, ordinal, day),
                )
    decided = fact(intake, 1)["primary_decided_on"]
    assert (decided and decided.date().isoformat()) == expected


def test_when_coverage_was_recorded(intake: Intake) -> None:
    """In valid and recorded time, superseded spans too, by days of the plan."""
    intake.enroll(member("024", gold(end=JUN_30)), arrived_at=NOON + 5 * DAY)
    intake.claim(REASON, arrived_at=LATE)
    found = facts(intake, 1, time_zone="Pacific/Kiritimati").coverage_records
    assert found is not None
    assert found["insurance_line"].unique().tolist() == ["HLT"]
    days = found[["valid_from", "valid_through", "recorded_on", "superseded_on"]]
    told = [[None if pd.isna(day) else day.date().isoformat() for day in row] for row in days.itertuples(index=False)]
    assert told == [
        ["2026-01-01", None, "2026-03-03", "2026-03-08"],
        ["2026-01-01", "2026-06-30", "2026-03-08", None],
    ]
