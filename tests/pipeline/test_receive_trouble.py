"""Receiving what is no file of ours, from servers that are slow, away, or wrong about the time."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from edi.trouble import Retryable
from loaders.warehouse import Warehouse
from pipeline.receive import LeftAlone
from sftp.keys import make_key_pair
from sftp.remote import RemoteRefused, RemoteUnavailable
from sftp.server import ServerSettings, serve
from tests.pipeline.receiving import (
    CLAIMS,
    ENROLLMENT,
    LIMIT,
    MINUTE,
    NOON,
    FakeHouse,
    WiredHouse,
    receiving_house,
    two_looks,
)


@pytest.fixture
def house(warehouse: Warehouse, tmp_path: Path) -> FakeHouse:
    """A house that receives."""
    return receiving_house(warehouse, tmp_path)


def test_an_empty_file_is_quarantined_as_such_each_time(house: FakeHouse) -> None:
    """Once it stood still: an upload begins with nothing. All empty files are alike and none is a duplicate."""
    for minutes in (0, 10):
        now = NOON + minutes * MINUTE
        house.server.drop(f"in/{minutes}.x12", b"", now)
        assert len(two_looks(house, now).quarantined) == 1
    assert [(row.state, row.reason_code, row.kind) for row in house.rows()] == [
        ("quarantined", "EMPTY_FILE", "other")
    ] * 2
    assert house.server.names("in") == []


def test_random_bytes_are_received_as_what_they_are(house: FakeHouse) -> None:
    """Judging them is the business of later steps."""
    house.server.drop("in/noise.bin", bytes(range(256)), NOON)
    assert two_looks(house).kinds == {"other": 1}


def test_a_file_over_the_limit_stays_where_it_is_and_is_reported_each_time(house: FakeHouse) -> None:
    """Whether the listing says so or only the download."""
    house.server.drop("in/huge.x12", b"x" * (LIMIT + 1), NOON)
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    for report in (house.look(NOON), house.look(NOON + MINUTE)):
        assert report.refused == [LeftAlone("in/huge.x12", "TOO_LARGE")]
    assert len(house.rows()) == 1
    assert house.server.names("in") == ["huge.x12"]


def test_hostile_names_and_links_are_reported_and_stop_nothing(house: FakeHouse) -> None:
    """Everything else is taken."""
    house.server.drop(b"in/../../../etc/cron.d/x", b"x", NOON)
    house.server.drop(b"in/a\x1b[2Jb", b"x", NOON)
    house.server.link("in/link.x12")
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    report = two_looks(house)
    assert sorted(entry.reason for entry in report.refused) == ["HOSTILE_NAME", "HOSTILE_NAME", "NOT_REGULAR"]
    assert len(report.new) == 1


def test_test_folders_make_test_files(house: FakeHouse) -> None:
    """Usage comes from the folder."""
    house.server.drop("in_test/claims.x12", CLAIMS, NOON)
    two_looks(house)
    assert [row.usage for row in house.rows()] == ["T"]


def test_a_server_that_is_away_is_worth_another_try_and_the_next_run_picks_up(house: FakeHouse) -> None:
    """Before the listing and between two files: what was taken is kept, the rest comes later."""
    house.server.away = True
    with pytest.raises(RemoteUnavailable):
        house.look(NOON)
    house.server.away = False
    house.server.drop("in/a.x12", CLAIMS, NOON)
    house.server.drop("in/b.x12", ENROLLMENT, NOON)
    house.look(NOON)
    fetches = iter([None])

    def go_away_at_the_second() -> None:
        house.server.away = next(fetches, "end") == "end"

    house.before["fetch"] = go_away_at_the_second
    with pytest.raises(Retryable):
        house.look(NOON + MINUTE)
    assert len(house.rows()) == 1
    house.before.clear()
    house.server.away = False
    assert len(house.look(NOON + 2 * MINUTE).new) == 1
    assert [row.arrived_at for row in house.rows()] == [NOON, NOON]


def test_files_that_may_not_be_moved_are_received_and_the_refusal_is_raised_at_the_end(house: FakeHouse) -> None:
    """A right that we lack is a matter for people, but no reason to lose the others' day."""
    house.server.drop("in/a.x12", CLAIMS, NOON)
    house.server.drop("in/b.x12", ENROLLMENT, NOON)
    house.look(NOON)

    def refuse() -> None:
        raise RemoteRefused("no archive folder")

    house.before["move"] = refuse
    with pytest.raises(RemoteRefused):
        house.look(NOON + MINUTE)
    assert [row.state for row in house.rows()] == ["received", "received"]
    house.before.clear()
    assert len(house.look(NOON + 2 * MINUTE).same_delivery) == 2
    assert house.server.names("in") == []


def test_a_file_that_may_not_be_read_is_reported(house: FakeHouse) -> None:
    """The partner's permissions are the partner's business."""

    def refuse() -> None:
        raise RemoteRefused("permission denied")

    house.before["fetch"] = refuse
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    assert two_looks(house).refused == [LeftAlone("in/claims.x12", "NOT_READABLE")]


def test_a_file_received_just_before_midnight_was_received_that_day(house: FakeHouse) -> None:
    """T11: arrived 23:58 at the plan, fetched the next day; our waiting costs nobody a day."""
    evening = datetime(2026, 6, 9, 3, 58, tzinfo=UTC)
    house.look(evening - MINUTE)
    house.server.drop("in/claims.x12", CLAIMS, evening)
    two_looks(house, evening + 5 * MINUTE)
    [row] = house.rows()
    assert row.arrived_at == evening
    assert row.received_date == date(2026, 6, 8)


@pytest.mark.parametrize("days", [-30, 30])
def test_a_senders_clock_moves_no_arrival_out_of_our_looks(house: FakeHouse, days: int) -> None:
    """Neither a client that keeps old times nor a clock that runs ahead."""
    house.look(NOON)
    house.server.drop("in/claims.x12", CLAIMS, NOON + timedelta(days=days))
    two_looks(house, NOON + 10 * MINUTE)
    [row] = house.rows()
    assert NOON <= row.arrived_at <= NOON + 10 * MINUTE


def test_a_file_that_was_gone_in_between_arrived_anew(house: FakeHouse) -> None:
    """Taken back and sent again with its old time: it arrived when it came again."""
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    house.look(NOON)
    house.server.entries.clear()
    house.look(NOON + MINUTE)
    house.server.drop("in/claims.x12", CLAIMS, NOON)
    two_looks(house, NOON + 2 * MINUTE)
    assert house.rows()[0].arrived_at == NOON + MINUTE


def test_over_a_real_connection_it_is_the_same(house: FakeHouse, tmp_path: Path) -> None:
    """The bundled server instead of the one in memory."""
    pair = make_key_pair(tmp_path / "acme")
    settings = ServerSettings(tmp_path / "root", tmp_path / "host_key", {"acme": (pair.public_line,)})
    with serve(settings) as server:
        home = server.home("acme")
        for folder in ("in", "in_test", "archive"):
            (home / folder).mkdir()
        wired = WiredHouse(house.warehouse, house.archive, endpoint=server.endpoint("acme", pair.private_file))
        claims = home / "in" / "claims.x12"
        claims.write_bytes(CLAIMS)
        os.utime(claims, (NOON.timestamp(), NOON.timestamp()))
        (home / "in" / "link.x12").symlink_to(tmp_path / "acme")
        report = two_looks(wired, NOON + MINUTE)
        assert report.refused == [LeftAlone("link.x12", "NOT_REGULAR")]
        [row] = house.rows()
        assert (row.arrived_at, row.state) == (NOON, "received")
        assert (home / "archive" / "claims.x12").read_bytes() == CLAIMS == house.archive.read(row.archive_path)
