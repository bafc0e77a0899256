"""Receiving: each delivery exactly once, whatever a partner, a network or a kill does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import pytest

from edi.trouble import Retryable
from loaders import ledger
from loaders.ledger import LedgerFile
from loaders.warehouse import Warehouse
from pipeline.archive import Archive
from pipeline.configuration.partners import AfterFetch, Partner
from pipeline.receive import LeftAlone, ReceiveReport, receive
from sftp.keys import make_key_pair
from sftp.memory import MemoryRemote, MemoryServer
from sftp.paramiko_remote import ParamikoRemote
from sftp.remote import RemoteFile, RemoteFolder, RemoteRefused, RemoteUnavailable
from sftp.server import ServerSettings, serve
from sftp.settings import Endpoint

if TYPE_CHECKING:
    from pipeline.house import House

NOON = datetime(2026, 6, 8, 16, 0, tzinfo=UTC)
"""Noon at the plan."""
MINUTE = timedelta(minutes=1)
LIMIT = 1_000
ISA = b"ISA*00*          *00*          *ZZ*ACME           *ZZ*PLAN           *260608*1200*^*00501*000000001*0*P*:~"
CLAIMS = ISA + b"GS*HC*ACME*PLAN*20260608*1200*1*X*005010X222A1~GE*0*1~IEA*1*000000001~"
ENROLLMENT = ISA + b"GS*BE*ACME*PLAN*20260608*1200*1*X*005010X220A1~GE*0*1~IEA*1*000000001~"

ACME = Partner(
    id="acme",
    name="Acme",
    role="employer",
    isa_qualifier="ZZ",
    isa_id="ACME",
    gs_ids=("ACME",),
    usage="both",
    transactions=frozenset({"834", "837P"}),
    folders=MappingProxyType(
        {"in": "in", "in_test": "in_test", "archive": "archive", "ack": "ack", "out": "out", "reports": "reports"}
    ),
    connection="edi_sftp_acme",
)


class Killed(BaseException):
    """The process ends here, with nothing run after it."""


class TroubledRemote(MemoryRemote):
    """A remote folder that runs something before an operation: a kill, an upload, a refusal."""

    def __init__(self, server: MemoryServer, before: dict[str, Callable[[], None]]) -> None:
        super().__init__(server)
        self._before = before

    def fetch(self, path: str, target: Path, limit_bytes: int) -> RemoteFile:
        """As told, then as ever."""
        self._before.get("fetch", lambda: None)()
        return super().fetch(path, target, limit_bytes)

    def move(self, path: str, folder: str, digest: str) -> str:
        """As told, then as ever."""
        self._before.get("move", lambda: None)()
        return super().move(path, folder, digest)


@dataclass
class FakeConfiguration:
    """What receiving reads of the configuration."""

    max_file_bytes: int = LIMIT
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/New_York"))

    @property
    def limits(self) -> FakeConfiguration:
        """The limits section."""
        return self


@dataclass
class FakeHouse:
    """A real warehouse and archive; a partner's server in memory."""

    warehouse: Warehouse
    archive: Archive
    acme: Partner = ACME
    server: MemoryServer = field(default_factory=MemoryServer)
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    configuration: FakeConfiguration = field(default_factory=FakeConfiguration)

    def partner(self, partner_id: str) -> Partner:
        """The only one."""
        assert partner_id == self.acme.id
        return self.acme

    def receipt_date(self, instant: datetime) -> date:
        """The day at the plan."""
        return instant.astimezone(self.configuration.zone).date()

    def remote(self, partner_id: str) -> RemoteFolder:
        """Its server."""
        assert partner_id == self.acme.id
        return TroubledRemote(self.server, self.before)

    def look(self, now: datetime) -> ReceiveReport:
        """One look into the partner's folders."""
        return receive(cast("House", self), "acme", now)

    def rows(self) -> list[LedgerFile]:
        """The ledger, in order of its ids."""
        states = ("received", "duplicate", "quarantined", "failed")
        with self.warehouse.begin() as connection:
            return sorted(ledger.list_files(connection, states), key=lambda row: row.file_id)


@dataclass
class WiredHouse(FakeHouse):
    """The same over a network."""

    endpoint: Endpoint | None = None

    def remote(self, partner_id: str) -> RemoteFolder:
        """The partner's account."""
        assert partner_id == self.acme.id
        assert self.endpoint is not None
        return ParamikoRemote(self.endpoint)


@pytest.fixture
def house(warehouse: Warehouse, tmp_path: Path) -> FakeHouse:
    """An empty house whose partner has sent nothing."""
    return FakeHouse(warehouse, Archive(tmp_path / "archive"))


@contextmanager
def killing(house: FakeHouse, operation: str) -> Iterator[None]:
    """Run a block that is killed before an operation of the remote."""

    def kill() -> None:
        raise Killed

    house.before[operation] = kill
    with pytest.raises(Killed):
        yield
    house.before.clear()


def two_looks(house: FakeHouse, now: datetime = NOON) -> ReceiveReport:
    """The look that sees a file first, and the one that takes it."""
    house.look(now)
    return house.look(now + MINUTE)


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


def partner_with(
    ready_marker: str | None = None, after_fetch: AfterFetch = "archive", duplicate_look_back_days: int = 365
) -> Partner:
    """Acme with other settings."""
    return replace(
        ACME,
        ready_marker=ready_marker,
        after_fetch=after_fetch,
        duplicate_look_back_days=duplicate_look_back_days,
    )


def _kill(*_: object, **__: object) -> None:
    raise Killed
