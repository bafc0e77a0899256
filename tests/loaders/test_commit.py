"""A file is committed once, whole, and its interchanges count once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pytest
from sqlalchemy import Connection

from edi.findings import Finding, FindingTable
from edi.verdict import FileVerdict
from loaders.commit import UnknownFile, commit_file
from loaders.group_map import GroupMap
from loaders.ledger import LedgerFile
from loaders.warehouse import Warehouse, WarehouseRefused
from tests.loaders.intake import NOON, Intake, accepted, claims_tables, enrollment

ADDITION = {
    "maintenance_type": "021",
    "coverages": [{"maintenance_type": "021", "insurance_line": "HLT", "plan_code": "GOLD", "begin": date(2026, 1, 1)}],
}
COUNTED = ("interchange", "functional_group", "transaction_set", "finding", "member", "coverage_span", "claim")


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def counts(intake: Intake) -> dict[str, object]:
    """Rows of the tables that a commit fills."""
    return {name: intake.value(f"select count(*) from {name}") for name in COUNTED}


def test_a_file_leaves_its_envelopes_and_rows(intake: Intake) -> None:
    """Interchange, group and set with the answers decided for them, and everything inside."""
    result = intake.commit(intake.deliver("834"), accepted("834"), enrollment(ADDITION))
    assert (result.members, result.spans_recorded, result.spans_superseded, result.duplicates) == (1, 1, 0, ())
    assert intake.rows("select sender_id, control_number, ta1_code, ta1_note, usage from interchange") == [
        ("NORTH", "000000001", "A", "000", "P")
    ]
    assert intake.rows("select functional_id, received_sets, accepted_sets, ak901 from functional_group") == [
        ("BE", 1, 1, "A")
    ]
    assert intake.rows("select transaction, control_number, ik501, reference from transaction_set") == [
        ("834", "0001", "A", "B1")
    ]


def test_committing_again_does_nothing(intake: Intake) -> None:
    """Neither in the state committed, nor when only the rows got there before the state did."""
    file, verdict, tables = intake.deliver("837"), accepted(), claims_tables({})
    finding = Finding("EMPTY_SEGMENT", interchange=1)
    intake.commit(file, verdict, tables, findings=[finding])
    before = counts(intake)
    assert intake.commit(file, verdict, tables, findings=[finding]).already_committed
    with intake.warehouse.begin() as conn:
        conn.exec_driver_sql("update file set state = 'checked'")
    again = intake.commit(file, verdict, tables, findings=[finding])
    assert again == replace(again, already_committed=True, claims=0, findings=0)
    assert counts(intake) == before


def test_a_transaction_that_is_rolled_back_leaves_nothing(intake: Intake) -> None:
    """What fails after the commit of the file, in the caller's transaction, takes it along; numbers included."""
    file = intake.deliver("837")

    def commit_and_fail(conn: Connection) -> None:
        commit_file(conn, file, accepted(), (), claims_tables({}), GroupMap(), NOON, look_back_days=30)
        raise RuntimeError("the outbox failed")

    with pytest.raises(RuntimeError, match="outbox"), intake.warehouse.begin() as conn:
        commit_and_fail(conn)
    assert set(counts(intake).values()) == {0}
    intake.commit(file, accepted(), claims_tables({}))
    assert intake.value("select claim_number from claim") == "260610000001"


def test_a_control_number_used_before_is_refused(intake: Intake) -> None:
    """TA1 R 025: the interchange is stored, nothing of it is loaded, and the others of the file are."""
    intake.commit(intake.deliver("837"), accepted(control_number="000000002"), claims_tables({}))
    first = {name: claims_tables({}, interchange=number) for number, name in ((1, "one"), (2, "two"))}
    both = {name: pa.concat_tables([first["one"][name], first["two"][name]]) for name in first["one"]}
    # rows of a second interchange count on from those of the first
    for name, numbered in (("claim", "row"), ("claim_line", "parent_row"), ("claim_party", "parent_row")):
        place = both[name].column_names.index(numbered)
        both[name] = both[name].set_column(place, numbered, pa.array([0, 1], pa.int64()))
    both["claim"] = both["claim"].set_column(
        both["claim"].column_names.index("source_start"), "source_start", pa.array([1000, 5000], pa.int64())
    )
    findings = [Finding("EMPTY_SEGMENT", interchange=ordinal) for ordinal in (1, 2)]
    result = intake.commit(intake.deliver("837"), accepted(interchanges=2), both, findings=findings)
    assert (result.duplicates, result.claims) == ((2,), 1)
    stored = intake.rows(
        "select ordinal, ta1_code, ta1_note, (select count(*) from functional_group g"
        " where g.interchange_id = i.interchange_id) from interchange i where file_id = 2 order by ordinal"
    )
    assert stored == [(1, "A", "000", 1), (2, "R", "025", 0)]
    assert intake.rows("select code, interchange from finding order by 1") == [
        ("EMPTY_SEGMENT", 1),
        ("INTERCHANGE_DUPLICATE", 2),
    ]


def test_the_first_of_twins_inside_a_file_wins(intake: Intake) -> None:
    """Two interchanges of one number in one file."""
    verdict = accepted(interchanges=2)
    twin = replace(verdict.interchanges[1], control_number=verdict.interchanges[0].control_number)
    result = intake.commit(intake.deliver("837"), FileVerdict((verdict.interchanges[0], twin)), claims_tables({}))
    assert (result.duplicates, result.claims) == ((2,), 1)


@pytest.mark.parametrize(("days", "duplicates"), [(30, (1,)), (31, ())])
def test_a_number_is_free_again_after_the_look_back_days(
    intake: Intake, days: int, duplicates: tuple[int, ...]
) -> None:
    """Counted between the days of receipt; the last day still counts."""
    intake.commit(intake.deliver("837"), accepted(), claims_tables({}))
    later = intake.deliver("837", arrived_at=NOON + timedelta(days=days))
    assert intake.commit(later, accepted(), claims_tables({}), look_back_days=30).duplicates == duplicates


def test_a_number_freed_by_time_is_used_up_again(intake: Intake) -> None:
    """The look-back runs from its latest use."""
    for days in (0, 31, 40):
        file = intake.deliver("837", arrived_at=NOON + timedelta(days=days))
        result = intake.commit(file, accepted(), claims_tables({}), look_back_days=30)
    assert result.duplicates == (1,)


def test_a_rejected_interchange_uses_up_no_number(intake: Intake) -> None:
    """The sender may mend it and send it again under the same number."""
    (sent,) = accepted().interchanges
    rejected = replace(sent, code="R", note="023", groups=())
    empty = {name: table.slice(0, 0) for name, table in claims_tables({}).items()}
    assert intake.commit(intake.deliver("837"), FileVerdict((rejected,)), empty).duplicates == ()
    assert intake.commit(intake.deliver("837"), accepted(), claims_tables({})).duplicates == ()


@pytest.mark.parametrize(("accept_test", "claims"), [(False, 0), (True, 1)])
def test_test_traffic_touches_nothing_unless_the_warehouse_is_for_tests(
    intake: Intake, accept_test: bool, claims: int
) -> None:
    """ISA15 = T is stored as test; its claims only where they are accepted, and then marked."""
    intake.commit(intake.deliver("837"), accepted(), claims_tables({}))
    tables = claims_tables({"patient_control_number": "TEST"})
    result = intake.commit(intake.deliver("837"), accepted(usage="T"), tables, accept_test=accept_test)
    assert (result.duplicates, result.claims) == ((), claims)
    assert intake.value("select count(*) from transaction_set") == 2
    assert intake.rows("select patient_control_number from claim where is_test") == [("TEST",)] * claims


def test_a_rejected_set_brings_nothing(intake: Intake) -> None:
    """Rows of a set that the 999 rejects do not exist for us."""
    (sent,) = accepted().interchanges
    (group,) = sent.groups
    rejected = replace(group, code="R", sets=(replace(group.sets[0], code="R"),))
    verdict = FileVerdict((replace(sent, groups=(rejected,)),))
    assert intake.commit(intake.deliver("837"), verdict, claims_tables({})).claims == 0


def test_findings_are_stored_with_their_severity(intake: Intake) -> None:
    """The code's own, or the partner's; from values or from an Arrow table alike."""
    finding = Finding("ELEMENT_CODE", 1, 1, 1, 7, "CLM", "2300", 5, 3, 1, "1325", 400, 410)
    for findings, severities in (((finding,), {}), (FindingTable.of([finding]), {"ELEMENT_CODE": "note"})):
        file = intake.deliver("837")
        with intake.warehouse.begin() as conn:
            commit_file(
                conn, file, intake.next_verdict("837"), findings, {}, GroupMap(), NOON,
                look_back_days=30, severities=severities,
            )  # fmt: skip
    columns = "code, severity, segment_position, segment_id, loop, element, component, data_element, source_start"
    assert intake.rows(f"select {columns} from finding order by finding_id") == [
        ("ELEMENT_CODE", severity, 7, "CLM", "2300", 5, 3, "1325", 400) for severity in ("error", "note")
    ]


def test_a_file_that_cannot_be_read_leaves_its_findings(intake: Intake) -> None:
    """No interchange, no tables; and a second commit adds none."""
    file = intake.deliver("other")
    for expected in (False, True):
        with intake.warehouse.begin() as conn:
            result = commit_file(
                conn, file, FileVerdict((), "NOT_X12"), (Finding("NOT_X12"),), {}, GroupMap(), NOON, look_back_days=30
            )
        assert result.already_committed is expected
    assert intake.findings() == ["NOT_X12"]


def test_text_that_postgresql_cannot_hold_does_not_stop_a_file(intake: Intake) -> None:
    """A NUL byte in an envelope or an element becomes the replacement character."""
    (sent,) = accepted().interchanges
    verdict = FileVerdict((replace(sent, sender_id="NO\0RTH"),))
    intake.commit(intake.deliver("837"), verdict, claims_tables({"patient_last_name": "D\0E"}))
    assert intake.value("select sender_id from interchange") == "NO\ufffdRTH"
    assert intake.value("select patient_last_name from claim") == "D\ufffdE"


def test_a_file_that_is_not_in_the_ledger_is_our_own_fault(intake: Intake) -> None:
    """A final error, not a finding."""
    file = replace(intake.deliver("837"), file_id=99)
    with pytest.raises(UnknownFile), intake.warehouse.begin() as conn:
        commit_file(conn, file, accepted(), (), {}, GroupMap(), NOON, look_back_days=30)


def test_two_files_of_one_number_committed_at_once_leave_one_winner(intake: Intake) -> None:
    """The second waits for the first, and is the duplicate."""
    files = [intake.deliver("837"), intake.deliver("837")]
    loaded: list[int] = []

    def commit(file: LedgerFile) -> None:
        loaded.append(intake.commit(file, accepted(), claims_tables({})).claims)

    threads = [threading.Thread(target=commit, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(loaded) == [0, 1]
    assert intake.value("select count(*) from claim") == 1


def test_a_broken_row_is_refused_without_its_values(intake: Intake) -> None:
    """What the database will not take is a final error that quotes no row."""
    tables = claims_tables({"kind": None, "patient_last_name": "CANARY"})
    with pytest.raises(WarehouseRefused) as caught:
        intake.commit(intake.deliver("837"), accepted(), tables)
    assert "CANARY" not in str(caught.value)
