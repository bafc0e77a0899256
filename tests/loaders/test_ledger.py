from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from loaders.ledger import (
    PRECEDING,
    Delivery,
    LedgerFile,
    WrongState,
    counts,
    find_content,
    find_delivery,
    finish_remote,
    is_behind,
    lease,
    lease_owners,
    list_files,
    lock,
    move,
    read_file,
    record_delivery,
    release,
    release_all,
    renew,
)
from loaders.schema.intake import FILE_STATES, file
from loaders.warehouse import Warehouse

Deliver = Callable[..., Delivery]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def record(warehouse: Warehouse, delivery: Deliver, noon: datetime) -> Callable[..., int]:
    """Write a delivery into the ledger, in a transaction of its own."""

    def make(path: str = "in/a", **others: object) -> int:
        with warehouse.begin() as conn:
            return record_delivery(conn, delivery(path, **others), noon)

    return make


def test_a_ledger_file_is_a_row_of_the_table() -> None:
    """Field for column, so that rows become values without a list of names."""
    assert {field.name for field in fields(LedgerFile)} == set(file.columns.keys())


def test_every_state_can_be_reached_from_another() -> None:
    """The table of moves knows all states of the schema and no others."""
    assert set(PRECEDING) == set(FILE_STATES)
    assert {before for states in PRECEDING.values() for before in states} <= set(FILE_STATES)


def test_a_delivery_is_recorded_once(warehouse: Warehouse, delivery: Deliver, noon: datetime) -> None:
    """A fetch that was cut short after the record finds its row, and does not make a second one."""
    with warehouse.begin() as conn:
        file_id = record_delivery(conn, delivery(), noon)
    with warehouse.begin() as conn:
        assert record_delivery(conn, delivery(), noon + MINUTE) == file_id
        known = find_delivery(conn, "acme", "in/a.834", 100, noon)
        assert known is not None
        assert (known.file_id, known.state, known.state_changed_at) == (file_id, "received", noon)
        assert find_delivery(conn, "acme", "in/a.834", 101, noon) is None
        assert find_delivery(conn, "other", "in/a.834", 100, noon) is None


def test_equal_content_is_found_under_another_name(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """By its bytes or by those without line ends, among originals only, as far back as asked."""
    first = record("in/a", content="x")
    second = record("in/b", content="x", arrived_at=noon + MINUTE)
    with warehouse.begin() as conn:
        for sha256 in ("raw-x", "bare-x"):
            found = find_content(conn, sha256)
            assert found is not None
            assert found.file_id == first
        move(conn, first, "duplicate", noon, duplicate_of=second)
        found = find_content(conn, "raw-x")
        assert found is not None
        assert found.file_id == second
        assert find_content(conn, "raw-y") is None
        assert find_content(conn, "raw-x", partner="other") is None
        assert find_content(conn, "raw-x", since=noon + 2 * MINUTE) is None


def test_a_file_goes_its_way_and_every_step_is_kept(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """States, moments and reasons."""
    file_id = record()
    steps = ("translated", "held", "checked", "committed", "acknowledged")
    for number, state in enumerate(steps, start=1):
        with warehouse.begin() as conn:
            reason = ("EXPECTATION", "in words") if state == "held" else (None, None)
            move(conn, file_id, state, noon + number * MINUTE, *reason, rules_bundle="r" if number == 1 else None)
            row = read_file(conn, file_id)
            assert row is not None
            assert (row.state, row.state_changed_at, row.rules_bundle) == (state, noon + number * MINUTE, "r")
            assert (row.reason_code, row.reason) == reason
    with warehouse.begin() as conn:
        kept = conn.execute(text("select state, reason_code, changed_at from file_state_change order by change_id"))
        assert [(row.state, row.reason_code) for row in kept] == [
            ("received", None),
            ("translated", None),
            ("held", "EXPECTATION"),
            *((state, None) for state in steps[2:]),
        ]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param("committed", None, id="a step is left out"),
        pytest.param("received", None, id="the file is there already"),
        pytest.param("translated", ["checked"], id="the caller expects another state"),
        pytest.param("translated", [], id="the caller expects none"),
    ],
)
def test_a_move_from_another_state_is_refused(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime, state: str, expected: list[str] | None
) -> None:
    """And leaves the file and its history alone."""
    file_id = record()
    with pytest.raises(WrongState, match="is received"), warehouse.begin() as conn:
        move(conn, file_id, state, noon + MINUTE, expected=expected)
    with warehouse.begin() as conn:
        assert conn.execute(text("select count(*) from file_state_change")).scalar_one() == 1


def test_a_file_that_is_not_there_cannot_move(warehouse: Warehouse, noon: datetime) -> None:
    """It is named by its number."""
    with pytest.raises(WrongState, match="file 7 is not in the ledger"), warehouse.begin() as conn:
        move(conn, 7, "translated", noon)


def test_of_two_that_move_a_file_one_is_refused(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """A worker whose lease ran out meets the one who took over."""
    file_id = record()
    with warehouse.begin() as conn:
        move(conn, file_id, "translated", noon)
    with pytest.raises(WrongState), warehouse.begin() as conn:
        move(conn, file_id, "translated", noon)


@pytest.mark.parametrize(("state", "found"), [("checked", "is received"), ("received", None)])
def test_a_lock_is_for_a_file_in_a_certain_state(
    warehouse: Warehouse, record: Callable[..., int], state: str, found: str | None
) -> None:
    """Others cannot take the file meanwhile; in another state there is nothing to lock."""
    file_id = record(kind="837")
    if found is not None:
        with pytest.raises(WrongState, match=found), warehouse.begin() as conn:
            lock(conn, file_id, state)
    else:
        with warehouse.begin() as conn:
            lock(conn, file_id, state)
            assert leased(warehouse, datetime(2026, 5, 4, 12, tzinfo=UTC)) == []


def leased(warehouse: Warehouse, now: datetime, owner: str = "one", kind: str = "837", limit: int = 10) -> list[int]:
    """Take leases of 60 seconds in a transaction of its own."""
    with warehouse.begin() as conn:
        return [row.file_id for row in lease(conn, kind, ["received"], owner, now, 60, limit)]


def test_a_leased_file_is_nobody_elses_until_the_lease_runs_out(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """A killed worker's files come back, and how often they did is known."""
    file_id = record(kind="837")
    assert leased(warehouse, noon) == [file_id]
    assert leased(warehouse, noon + timedelta(seconds=59), "two") == []
    assert leased(warehouse, noon + timedelta(seconds=60), "two") == [file_id]
    with warehouse.begin() as conn:
        row = read_file(conn, file_id)
        assert row is not None
        assert (row.lease_owner, row.attempts) == ("two", 2)
        assert row.lease_until == noon + timedelta(seconds=120)


def test_a_lease_is_renewed_and_released_by_its_owner_only(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """Others' calls change nothing; an owner whose lease ran out is told."""
    file_id = record(kind="837")
    leased(warehouse, noon)
    with warehouse.begin() as conn:
        assert renew(conn, [file_id], "two", noon, 60) == 0
        release(conn, [file_id], "two")
        assert renew(conn, [file_id], "one", noon + timedelta(seconds=30), 60) == 1
    assert leased(warehouse, noon + timedelta(seconds=89), "two") == []
    with warehouse.begin() as conn:
        assert renew(conn, [file_id], "one", noon + timedelta(seconds=90), 60) == 0
        release(conn, [file_id], "one")
    assert leased(warehouse, noon, "two") == [file_id]


def test_the_leases_of_an_owner_who_is_gone_can_be_given_back(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """Whoever has leases that have not run out is known by name, and loses all of them, and nobody else does."""
    gone, kept = record("in/a", kind="837"), record("in/b", kind="834")
    assert (leased(warehouse, noon), leased(warehouse, noon, "two", kind="834")) == ([gone], [kept])
    with warehouse.begin() as conn:
        assert lease_owners(conn, noon) == ["one", "two"]
        release_all(conn, "one")
        assert lease_owners(conn, noon) == ["two"]
        assert lease_owners(conn, noon + timedelta(days=1)) == []


def test_files_come_in_order_of_arrival_of_their_kind_and_state(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """No more than asked for."""
    late = record("in/late", kind="837", arrived_at=noon + MINUTE)
    early = record("in/early", kind="837")
    later = record("in/later", kind="837", arrived_at=noon + 2 * MINUTE)
    record("in/other", kind="other")
    moved = record("in/moved", kind="837")
    with warehouse.begin() as conn:
        move(conn, moved, "quarantined", noon)
        assert [row.file_id for row in list_files(conn, ["received"], "837")] == [early, late, later]
        assert [row.file_id for row in list_files(conn, ["quarantined"])] == [moved]
    assert leased(warehouse, noon, limit=2) == [early, late]
    assert leased(warehouse, noon, limit=2) == [later]


def test_enrolment_files_of_a_partner_are_in_one_hand_in_order_of_arrival(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """Whoever works on a partner's earlier file keeps the later ones from everybody else, until his lease runs out."""
    second = record("in/2", arrived_at=noon + MINUTE)
    first = record("in/1")
    other = record("in/1", partner="umbrella", arrived_at=noon + 3 * MINUTE)
    with warehouse.begin() as conn:
        assert [row.file_id for row in lease(conn, "834", ["received"], "one", noon, 60, 1)] == [first]
    assert leased(warehouse, noon, "two", kind="834") == [other]
    with warehouse.begin() as conn:
        later = read_file(conn, second)
        assert later is not None
        assert is_behind(conn, later)
        assert [row.file_id for row in lease(conn, "834", ["received"], "one", noon, 60, 10)] == [second]
    third = record("in/3", arrived_at=noon + 2 * MINUTE)
    assert leased(warehouse, noon, "two", kind="834") == []
    with warehouse.begin() as conn:
        for file_id in (first, second):
            for state in ("translated", "checked", "committed"):
                move(conn, file_id, state, noon)
        later = read_file(conn, third)
        assert later is not None
        assert not is_behind(conn, later)
    assert leased(warehouse, noon, "two", kind="834") == [third]


def test_finished_enrolment_files_do_not_wait_for_each_other(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """The order is about applying them; answers may go out at any time."""
    both = [record(f"in/{number}", arrived_at=noon + number * MINUTE) for number in range(2)]
    with warehouse.begin() as conn:
        for file_id in both:
            for state in ("translated", "checked", "committed"):
                move(conn, file_id, state, noon)
        assert [row.file_id for row in lease(conn, "834", ["committed"], "one", noon, 60, 10)] == both


def test_a_lease_may_be_of_one_partner_alone(warehouse: Warehouse, record: Callable[..., int], noon: datetime) -> None:
    """The files of others stay free."""
    mine, other = record("in/a", kind="other"), record("in/a", kind="other", partner="zenith")
    with warehouse.begin() as conn:
        assert [one.file_id for one in lease(conn, "other", ["received"], "a", noon, 60, 9, "acme")] == [mine]
        assert [one.file_id for one in lease(conn, "other", ["received"], "b", noon, 60, 9)] == [other]


def test_a_file_that_is_being_leased_is_passed_over(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """Nobody waits; nor does anybody overtake an enrolment file that another transaction is taking at this moment."""
    claims = [record(f"in/{number}", kind="837", arrived_at=noon + number * MINUTE) for number in range(2)]
    for number in range(2):
        record(f"in/m{number}", arrived_at=noon + number * MINUTE)
    with warehouse.begin() as one:
        assert [row.file_id for row in lease(one, "837", ["received"], "one", noon, 60, 1)] == claims[:1]
        assert len(lease(one, "834", ["received"], "one", noon, 60, 1)) == 1
        assert leased(warehouse, noon, "two") == claims[1:]
        assert leased(warehouse, noon, "two", kind="834") == []


def test_counts_and_the_end_of_the_remote_file(
    warehouse: Warehouse, record: Callable[..., int], noon: datetime
) -> None:
    """What operations look at."""
    ids = [record(f"in/{number}") for number in range(2)]
    record("in/c", kind="837", partner="hub")
    with warehouse.begin() as conn:
        finish_remote(conn, ids[0], noon)
        row = read_file(conn, ids[0])
        assert row is not None
        assert row.remote_finished_at == noon
        assert [(row.partner, row.kind, row.state, row.files) for row in counts(conn)] == [
            ("acme", "834", "received", 2),
            ("hub", "837", "received", 1),
        ]
