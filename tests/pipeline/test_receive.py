"""Receiving: each delivery exactly once, whatever a partner, a network or a kill does."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from loaders import ledger
from loaders.warehouse import Warehouse
from pipeline.receive import LeftAlone, ReceiveReport
from tests.pipeline.receiving import (
    CLAIMS,
    ENROLLMENT,
    MINUTE,
    NOON,
    FakeHouse,
    Killed,
    _kill,
    killing,
    partner_with,
    receiving_house,
    two_looks,
)


@pytest.fixture
def house(warehouse: Warehouse, tmp_path: Path) -> FakeHouse:
    """A house that receives."""
    return receiving_house(warehouse, tmp_path)


def test_a_file_is_taken_at_the_second_look_and_moved_away(house: FakeHouse) -> None:
    """The usual case: archive, one ledger row, remote file in the partner's archive."""
    house.server.drop("in/claims.x12", CLAIMS, NOON - MINUTE)
    first = house.look(NOON)
    assert (first.new, first.waiting) == ([], [LeftAlone("in/claims.x12", "STILL_ARRIVING")])
    second = house.look(NOON + MINUTE)
    [row] = house.rows()
    assert second.new == [row.file_id]
    assert second.kinds == {"837": 1}
    assert (row.partner, row.remote_path, row.remote_size, row.usage) == ("acme", "in/claims.x12", len(CLAIMS), "P")
    assert (row.state, row.kind, row.sha256) == ("received", "837", hashlib.sha256(CLAIMS).hexdigest())
    assert row.remote_finished_at == NOON + MINUTE
    assert house.archive.read(row.archive_path) == CLAIMS
    assert house.server.names("in") == []
    assert house.server.names("archive") == ["claims.x12"]


def test_a_further_look_finds_nothing_to_do(house: FakeHouse) -> None:
    """Receiving again changes nothing."""
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    two_looks(house)
    report = house.look(NOON + 2 * MINUTE)
    assert report == ReceiveReport("acme")
    assert len(house.rows()) == 1


def test_a_half_uploaded_file_is_left_alone_until_it_stands_still(house: FakeHouse) -> None:
    """However many looks see it grow."""
    for minute in range(4):
        house.server.drop("in/claims.x12", CLAIMS[: 50 * (minute + 1)], NOON + minute * MINUTE)
        assert house.look(NOON + minute * MINUTE).waiting == [LeftAlone("in/claims.x12", "STILL_ARRIVING")]
    house.server.drop("in/claims.x12", CLAIMS, NOON + 4 * MINUTE)
    house.look(NOON + 4 * MINUTE)
    assert len(house.look(NOON + 5 * MINUTE).new) == 1
    [row] = house.rows()
    assert row.size_bytes == len(CLAIMS)
    assert row.arrived_at == NOON + 4 * MINUTE


def test_a_temporary_name_is_never_taken(house: FakeHouse) -> None:
    """Not after any number of looks."""
    house.server.drop("in/claims.x12.part", CLAIMS, NOON)
    house.look(NOON)
    assert house.look(NOON + 60 * MINUTE) == ReceiveReport("acme")


def test_a_file_that_grows_while_it_is_downloaded_waits(house: FakeHouse) -> None:
    """It stood still between two looks, and then the upload went on."""
    house.server.drop("in/claims.x12", CLAIMS[:100], NOON)
    house.before["fetch"] = lambda: house.server.drop("in/claims.x12", CLAIMS, NOON + MINUTE)
    assert two_looks(house).waiting == [LeftAlone("in/claims.x12", "CHANGED")]
    assert house.rows() == []
    assert len(two_looks(house, NOON + 2 * MINUTE).new) == 1


def test_a_file_that_goes_away_before_it_is_downloaded_is_no_trouble(house: FakeHouse) -> None:
    """The partner took it back."""
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    house.before["fetch"] = house.server.entries.clear
    assert two_looks(house).waiting == [LeftAlone("in/claims.x12", "GONE")]


def test_where_a_marker_was_agreed_only_marked_files_are_taken(house: FakeHouse) -> None:
    """At the first look that sees it; the marker goes away with its file and is no delivery itself."""
    house.acme = partner_with(ready_marker=".done")
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    assert two_looks(house).waiting == [LeftAlone("in/claims.x12", "NO_MARKER")]
    house.server.drop("in/claims.x12.done", b"", NOON)
    assert len(house.look(NOON + 2 * MINUTE).new) == 1
    assert house.server.names("in") == []
    assert house.server.names("archive") == ["claims.x12", "claims.x12.done"]


def test_a_marker_never_outlives_its_file(house: FakeHouse) -> None:
    """Killed between moving the marker and the file, the file is finished without it."""
    house.acme = partner_with(ready_marker=".done")
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    house.server.drop("in/claims.x12.done", b"", NOON)
    moves = iter([None])

    def kill_at_the_second() -> None:
        if next(moves, "end") == "end":
            raise Killed

    house.before["move"] = kill_at_the_second
    with pytest.raises(Killed):
        house.look(NOON)
    house.before.clear()
    assert house.server.names("in") == ["claims.x12"]
    assert len(house.look(NOON + MINUTE).same_delivery) == 1
    assert house.server.names("in") == []


def test_the_partner_may_want_its_files_removed(house: FakeHouse) -> None:
    """By setting, instead of an archive folder."""
    house.acme = partner_with(after_fetch="remove")
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    two_looks(house)
    assert house.server.entries == {}


@pytest.mark.parametrize("step", ["pipeline.receive.take_in", "pipeline.intake.ledger.record_delivery"])
def test_killed_before_the_ledger_row_the_file_is_received_once(
    house: FakeHouse, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before archiving, and between archive and ledger."""
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    house.look(NOON)
    with monkeypatch.context() as patch:
        patch.setattr(step, _kill)
        with pytest.raises(Killed):
            house.look(NOON + MINUTE)
    assert house.rows() == []
    assert house.server.names("in") == ["claims.x12"]
    assert len(house.look(NOON + 2 * MINUTE).new) == 1
    [row] = house.rows()
    assert row.arrived_at == NOON
    assert len(list(house.archive.root.glob("*/*/*/*"))) == 1


def test_killed_between_ledger_and_remote_move_the_move_is_finished_without_alarm(house: FakeHouse) -> None:
    """The same delivery is no duplicate."""
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    house.look(NOON)
    with killing(house, "move"):
        house.look(NOON + MINUTE)
    [before] = house.rows()
    report = house.look(NOON + 2 * MINUTE)
    assert (report.new, report.duplicates, report.same_delivery) == ([], [], [before.file_id])
    [after] = house.rows()
    assert after.state == "received"
    assert after.remote_finished_at == NOON + 2 * MINUTE
    assert house.server.names("archive") == ["claims.x12"]


def test_a_server_that_tells_a_constant_time_loses_no_file(house: FakeHouse) -> None:
    """A new file of the name, size and time of one that was moved away stays where it is until a person has seen it."""
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    two_looks(house)
    house.server.drop("in/claims.x12", CLAIMS.replace(b"000000001", b"000000002"), NOON)
    report = two_looks(house, NOON + 10 * MINUTE)
    assert (report.same_delivery, report.refused) == ([], [LeftAlone("in/claims.x12", "OTHER_CONTENT")])
    assert house.server.names("in") == ["claims.x12"]
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    report = house.look(NOON + 20 * MINUTE)
    assert (len(report.same_delivery), report.refused) == (1, [])
    assert house.server.names("in") == []


def test_the_same_file_twice_is_one_file_and_one_duplicate(house: FakeHouse) -> None:
    """Under the same name or another, the second is in the ledger, names the first, and is kept by the partner."""
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    two_looks(house)
    for minutes, name in ((10, "claims.x12"), (20, "again.x12")):
        later = NOON + minutes * MINUTE
        house.server.drop(f"in/{name}", CLAIMS, later)
        report = two_looks(house, later)
        assert (report.new, len(report.duplicates)) == ([], 1)
    first, *others = house.rows()
    assert [(row.state, row.reason_code, row.duplicate_of) for row in others] == [
        ("duplicate", "SAME_CONTENT", first.file_id)
    ] * 2
    assert {row.archive_path for row in house.rows()} == {first.archive_path}
    marked = f"claims.x12.{first.sha256[:12]}"
    assert house.server.names("archive") == ["again.x12", "claims.x12", marked]


def test_line_breaks_make_no_other_file(house: FakeHouse) -> None:
    """A file that was only re-wrapped is the same content, archived as it came."""
    wrapped = CLAIMS.replace(b"~", b"~\r\n")
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    two_looks(house)
    house.server.drop("in/wrapped.x12", wrapped, NOON + 5 * MINUTE)
    assert len(two_looks(house, NOON + 5 * MINUTE).duplicates) == 1
    assert house.archive.read(house.rows()[1].archive_path) == wrapped


def test_two_files_at_once_are_both_taken_in_order_of_arrival(house: FakeHouse) -> None:
    """And of two with the same content the later one is the duplicate."""
    house.server.drop("in/a.x12", CLAIMS, NOON + timedelta(seconds=2))
    house.server.drop("in/b.x12", ENROLLMENT, NOON + timedelta(seconds=1))
    house.server.drop("in/c.x12", CLAIMS, NOON)
    report = two_looks(house, NOON + MINUTE)
    assert [(row.remote_path, row.state) for row in house.rows()] == [
        ("in/c.x12", "received"),
        ("in/b.x12", "received"),
        ("in/a.x12", "duplicate"),
    ]
    assert report.kinds == {"837": 1, "834": 1}


def test_beyond_the_look_back_the_same_content_is_new(house: FakeHouse) -> None:
    """Partners who start their numbers anew every year have a right to."""
    house.acme = partner_with(duplicate_look_back_days=30)
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    two_looks(house)
    for days, state in ((30, "duplicate"), (31, "received")):
        later = NOON + timedelta(days=days)
        house.server.drop("in/claims.x12", CLAIMS, later)
        two_looks(house, later)
        assert house.rows()[-1].state == state


def test_a_file_that_failed_may_be_sent_again(house: FakeHouse) -> None:
    """It came to nothing, perhaps by our fault."""
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    two_looks(house)
    with house.warehouse.begin() as connection:
        ledger.move(connection, house.rows()[0].file_id, "failed", NOON, "STEP_FAILED", "x")
    house.server.drop("in/claims.x12", CLAIMS, NOON + 5 * MINUTE)
    assert len(two_looks(house, NOON + 5 * MINUTE).new) == 1


def test_a_file_put_into_the_wrong_folder_may_be_sent_again(house: FakeHouse) -> None:
    """A production file in the test folder is rejected there and is no reason to reject it where it belongs."""
    house.server.drop("in_test/claims.x12", CLAIMS, NOON)
    two_looks(house)
    house.server.drop("in/claims.x12", CLAIMS, NOON + 5 * MINUTE)
    two_looks(house, NOON + 5 * MINUTE)
    assert [(row.usage, row.state) for row in house.rows()] == [("T", "received"), ("P", "received")]
