"""What the report to the sender reads of a commit."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from loaders.enrollment_answers import MemberOutcome, UnsentMember, member_outcomes, stored_findings
from loaders.warehouse import Warehouse
from tests.loaders.intake import Intake

OUTCOME = """
insert into enrollment_outcome (file_id, set_key, member_id, row, group_id, outcome, source_start, source_stop)
select i.file_id, s.set_key, (select member_id from member), :row, :group_id, :outcome, :start, :start + 9
from transaction_set s join functional_group using (group_key) join interchange i using (interchange_id)
"""


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """A file of a member who cannot be found, and of one who is added."""
    intake = Intake(warehouse)
    intake.enroll({"maintenance_type": "024", "subscriber_number": "S2"}, {"maintenance_type": "021"})
    with warehouse.begin() as conn:
        conn.execute(text("delete from enrollment_outcome"))
    return intake


def test_outcomes_come_in_the_order_of_the_file(intake: Intake) -> None:
    """Each with the place of its set; one without a group has none."""
    with intake.warehouse.begin() as conn:
        conn.execute(text(OUTCOME), {"row": 1, "group_id": None, "outcome": "refused", "start": 50})
        conn.execute(text(OUTCOME), {"row": None, "group_id": "acme", "outcome": "ended", "start": 50})
        conn.execute(text(OUTCOME), {"row": 0, "group_id": "acme", "outcome": "added", "start": 10})
        (file_id,) = conn.execute(text("select distinct file_id from interchange")).scalars()
        assert member_outcomes(conn, file_id) == [
            MemberOutcome((1, 1, 1), 0, "acme", "added", 10),
            MemberOutcome((1, 1, 1), 1, "", "refused", 50),
            MemberOutcome((1, 1, 1), None, "acme", "ended", 50, UnsentMember("S1", "ANN", "DOE", is_subscriber=True)),
        ]
        assert member_outcomes(conn, file_id + 1) == []


def test_findings_are_those_of_the_codes_asked_for(intake: Intake) -> None:
    """With severity and position."""
    with intake.warehouse.begin() as conn:
        (file_id,) = conn.execute(text("select distinct file_id from interchange")).scalars()
        (found,) = stored_findings(conn, file_id, ["ENROLLMENT_MEMBER_UNKNOWN", "ENROLLMENT_NAME_MISSING"])
        assert (found.place, found.code, found.severity) == ((1, 1, 1), "ENROLLMENT_MEMBER_UNKNOWN", "error")
        assert (found.segment_id, found.loop, found.source_start) == ("INS", "2000", 1010)
        assert stored_findings(conn, file_id, ["ENROLLMENT_NAME_MISSING"]) == []
