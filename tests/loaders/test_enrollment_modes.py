"""What a set is by BGN01 and BGN08 decides what is applied of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from loaders import holds
from loaders.ledger import read_file
from loaders.warehouse import Warehouse
from tests.loaders.intake import NOON, Intake, enrollment
from tests.loaders.rosters import MAY, person, sent, with_policy


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def members(intake: Intake) -> list[str]:
    """Numbers of the members on file."""
    return [number for (number,) in intake.rows("select subscriber_number from member order by 1")]


def open_codes(intake: Intake) -> list[str]:
    """Codes of the open holds."""
    return [code for (code,) in intake.rows("select code from hold where decision is null order by hold_id")]


@pytest.mark.parametrize(
    ("action", "override", "applied"),
    [
        pytest.param("2", None, True, id="change"),
        pytest.param(None, None, True, id="nothing-said"),
        pytest.param("RX", None, True, id="replace"),
        pytest.param("4", None, False, id="verify-is-only-compared"),
        pytest.param("4", "change", True, id="override-before-the-header"),
        pytest.param("2", "verify", False, id="override-to-verify"),
    ],
)
def test_the_mode_decides_whether_rows_are_applied(
    intake: Intake, action: str, override: str | None, *, applied: bool
) -> None:
    """BGN08, unless the group says better."""
    with_policy(intake, mode_override=override)
    intake.enroll(person(1), header=sent(action))
    assert members(intake) == (["S1"] if applied else [])


def test_a_verify_roster_that_is_truth_is_applied(intake: Intake) -> None:
    """As the group says."""
    with_policy(intake, roster_is_truth=True).enroll(person(1), header=sent("4"))
    assert members(intake) == ["S1"]


@pytest.mark.parametrize(
    ("totals", "action", "codes"),
    [
        pytest.param({"TO": 2, "ET": 1, "DT": 1}, "RX", [], id="all-agree"),
        pytest.param({"TO": 3}, "2", ["ENROLLMENT_TOTALS_DIFFER"], id="a-change-is-warned-of"),
        pytest.param({"ET": 2, "DT": 0}, "2", ["ENROLLMENT_TOTALS_DIFFER"] * 2, id="employees-and-dependants"),
        pytest.param({"TO": 3}, "RX", ["ENROLLMENT_TOTALS_REFUSED"], id="a-full-roster-is-refused"),
        pytest.param({"DT": 2}, "4", ["ENROLLMENT_TOTALS_REFUSED"], id="so-is-one-to-compare"),
    ],
)
def test_control_totals_are_those_of_the_rows(
    intake: Intake, totals: Mapping[str, int], action: str, codes: list[str]
) -> None:
    """Of a full roster that says otherwise nothing is applied; a change is."""
    child = person(1, is_subscriber="N", relationship_code="19", first_name="KID", birth_date=date(2010, 1, 1))
    result = intake.enroll(person(1), child, header=sent(action), totals=totals)
    assert intake.findings() == codes
    refused = "ENROLLMENT_TOTALS_REFUSED" in codes
    assert (result.enrollment_refused, len(members(intake))) == (refused, 0 if refused else 2)


def test_an_override_makes_totals_binding(intake: Intake) -> None:
    """A change that is a full roster in truth."""
    with_policy(intake, mode_override="replace").enroll(person(1), header=sent("2"), totals={"TO": 2})
    assert intake.findings() == ["ENROLLMENT_TOTALS_REFUSED"]


def test_an_unknown_sponsor_holds_the_file(intake: Intake) -> None:
    """Nothing of it is stored but the hold, with counts alone."""
    stranger = {**sent(), "sponsor_id": "069999999", "master_policy": None}
    result = intake.enroll(person(1), person(2), header=stranger)
    assert [(one.code, one.facts) for one in result.holds] == [("SPONSOR_UNKNOWN", {"sets": 1, "members": 2})]
    assert intake.rows("select code, facts from hold") == [("SPONSOR_UNKNOWN", {"sets": 1, "members": 2})]
    assert intake.rows("select state from file") == [("held",)]
    for table in ("member", "interchange", "transaction_set", "finding", "interchange_registry"):
        assert intake.value(f"select count(*) from {table}") == 0, table


def test_a_released_hold_allows_its_own_code_and_no_other(intake: Intake) -> None:
    """The file goes the same way again."""
    stranger = {**sent(), "sponsor_id": "069999999", "master_policy": None}
    file = intake.deliver("834")
    tables = enrollment(person(1), header=stranger)
    assert intake.commit(file, intake.next_verdict("834"), tables).holds
    with intake.warehouse.begin() as conn:
        assert holds.decide(conn, file.file_id, "released", "ann", "known to us", NOON) == ["SPONSOR_UNKNOWN"]
    assert not intake.commit(file, intake.next_verdict("834"), tables).holds
    assert intake.findings() == ["ENROLLMENT_UNKNOWN_GROUP"]
    assert intake.rows("select decision, decided_by, note from hold") == [("released", "ann", "known to us")]
    with intake.warehouse.begin() as conn, pytest.raises(holds.NotHeld):
        holds.decide(conn, file.file_id, "rejected", "ben", None, NOON)


def test_a_rejected_file_is_applied_in_nothing(intake: Intake) -> None:
    """Its envelopes are stored, and a finding says so at each set."""
    file = intake.deliver("834")
    intake.commit(file, intake.next_verdict("834"), enrollment(person(1), header=sent("RX")), refuse_enrollment=True)
    assert (members(intake), intake.findings()) == ([], ["ENROLLMENT_FILE_REFUSED"])
    assert intake.value("select count(*) from roster") == 0


class TestResubmission:
    """BGN01 15 names, in BGN06, the set that it stands for."""

    def test_what_was_applied_is_repeated(self, intake: Intake) -> None:
        """Without a trace."""
        intake.enroll(person(1), header=sent(reference="A1"))
        before = intake.spans()
        intake.enroll(person(1), header=sent(reference="A2", original_reference="A1"), purpose="15")
        assert (intake.spans(), intake.findings()) == (before, [])

    def test_a_held_original_is_closed(self, intake: Intake) -> None:
        """It goes back to be answered as rejected."""
        stranger = {**sent(reference="a1 "), "sponsor_id": "069999999", "master_policy": None}
        intake.enroll(person(1), header=stranger)
        intake.enroll(person(2), header=sent(reference="A2", original_reference="A1"), purpose="15")
        assert intake.rows("select decision, decided_by, note from hold") == [
            ("rejected", "file 2", "superseded by a re-submission")
        ]
        with intake.warehouse.begin() as conn:
            original = read_file(conn, 1)
        assert original is not None
        assert original.state == "checked"

    def test_another_held_file_goes_on_waiting(self, intake: Intake) -> None:
        """Of other references, or of another partner."""
        stranger = {**sent(reference="B1"), "sponsor_id": "069999999", "master_policy": None}
        intake.enroll(person(1), header=stranger)
        intake.enroll(person(2), header=sent(reference="A2", original_reference="A1"), purpose="15")
        assert open_codes(intake) == ["SPONSOR_UNKNOWN"]

    def test_an_original_that_comes_later_is_not_applied(self, intake: Intake) -> None:
        """It was overtaken."""
        intake.enroll(person(2), header=sent(reference="A2", original_reference="A1"), purpose="15")
        intake.enroll(person(1), header=sent(reference="A1"))
        assert (members(intake), intake.findings()) == (["S2"], ["ENROLLMENT_SUPERSEDED"])

    def test_a_reference_that_is_used_for_ever_supersedes_nothing(self, intake: Intake) -> None:
        """What was made after the re-submission is another set."""
        intake.enroll(person(1), header=sent(reference="A1", original_reference="A1"), purpose="15")
        intake.enroll(person(2), header=sent(reference="A1", created=MAY + timedelta(days=1)))
        assert (members(intake), intake.findings()) == (["S1", "S2"], [])
