"""Delivering: every answer at least once, always the same bytes, never over somebody else's file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

import pytest

from edi.trouble import Final, Retryable
from loaders import ledger, outbox
from loaders.ledger import Delivery, LedgerFile
from loaders.outbox import OutboxFile, OutboxRow
from loaders.warehouse import Warehouse
from pipeline.configuration.partners import Partner
from pipeline.deliver import AT_ONCE, DeliverReport, deliver
from sftp.memory import MemoryRemote, MemoryServer
from sftp.remote import HostKeyChanged, RemoteRefused, RemoteUnavailable

if TYPE_CHECKING:
    from pipeline.house import House

NOW = datetime(2026, 6, 8, 16, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
FOLDERS = MappingProxyType(
    {"in": "in", "in_test": None, "archive": "archive", "ack": "from-plan/ack", "out": "out", "reports": "reports"}
)


class Killed(BaseException):
    """The process ends here."""


class TroubledRemote(MemoryRemote):
    """A remote folder whose uploads into some folders fail."""

    def __init__(
        self, server: MemoryServer, failing: dict[str, BaseException], meanwhile: list[Callable[[], None]]
    ) -> None:
        super().__init__(server)
        self._failing = failing
        self._meanwhile = meanwhile

    def put(self, content: bytes, folder: str, name: str) -> Literal["sent", "already_there"]:
        """As told: before the upload, or after it for a name that starts with its folder."""
        if self._meanwhile:
            self._meanwhile.pop()()
        if folder in self._failing:
            raise self._failing[folder]
        outcome = super().put(content, folder, name)
        if name in self._failing:
            raise self._failing[name]
        return outcome


@dataclass
class FakeHouse:
    """A real warehouse; two partners with servers in memory."""

    warehouse: Warehouse
    servers: dict[str, MemoryServer] = field(default_factory=lambda: {"acme": MemoryServer(), "zenith": MemoryServer()})
    failing: dict[str, BaseException] = field(default_factory=dict)
    connected: list[str] = field(default_factory=list)
    meanwhile: list[Callable[[], None]] = field(default_factory=list)
    """What happens during the next upload."""

    @property
    def configuration(self) -> FakeHouse:
        """What delivering reads of it is here."""
        return self

    @property
    def partners(self) -> dict[str, Partner]:
        """By id."""
        return {partner_id: self.partner(partner_id) for partner_id in self.servers}

    def partner(self, partner_id: str) -> Partner:
        """A partner by id."""
        return Partner(
            id=partner_id,
            name=partner_id,
            role="clearinghouse",
            isa_qualifier="ZZ",
            isa_id=partner_id,
            gs_ids=(partner_id,),
            usage="production",
            transactions=frozenset({"837P"}),
            folders=FOLDERS,
            connection=partner_id,
        )

    def remote(self, partner_id: str) -> MemoryRemote:
        """A partner's server."""
        self.connected.append(partner_id)
        return TroubledRemote(self.servers[partner_id], self.failing, self.meanwhile)

    def deliver(self, now: datetime = NOW) -> DeliverReport:
        """One run."""
        return deliver(cast("House", self), now)

    def queue(self, partner: str, name: str, folder: str = "ack", file_id: int | None = None) -> int:
        """Put a file into the outbox whose content is its name."""
        file = OutboxFile(partner, folder, name, "999", name.encode(), file_id)
        with self.warehouse.begin() as connection:
            return outbox.put(connection, [file], NOW)[0]

    def pending(self) -> list[OutboxRow]:
        """What still waits."""
        with self.warehouse.begin() as connection:
            return outbox.pending(connection, 1_000)

    def commit_file(self, name: str) -> int:
        """An inbound file that is committed."""
        digest = hashlib.sha256(name.encode()).hexdigest()
        delivery = Delivery(
            partner="acme",
            remote_path=f"in/{name}",
            remote_size=1,
            remote_mtime=NOW,
            sha256=digest,
            content_sha256=digest,
            size_bytes=1,
            arrived_at=NOW,
            received_date=date(2026, 6, 8),
            archive_path="x",
            kind="837",
            usage="P",
            state="committed",
            reason_code="ANSWERED",
            reason="Read, loaded and answered.",
        )
        with self.warehouse.begin() as connection:
            return ledger.record_delivery(connection, delivery, NOW)

    def file(self, file_id: int) -> LedgerFile:
        """A row of the ledger."""
        with self.warehouse.begin() as connection:
            row = ledger.read_file(connection, file_id)
        assert row is not None
        return row


@pytest.fixture
def house(warehouse: Warehouse) -> FakeHouse:
    """A house with an empty outbox."""
    return FakeHouse(warehouse)


def test_what_is_pending_goes_to_its_partner_and_folder(house: FakeHouse) -> None:
    """The outbox names a purpose; the partner's settings say which remote folder that is."""
    ids = [house.queue("acme", "a.x12"), house.queue("zenith", "z.pdf", "reports")]
    assert house.deliver() == DeliverReport(sent=ids)
    assert house.servers["acme"].content("from-plan/ack/a.x12") == b"a.x12"
    assert house.servers["zenith"].content("reports/z.pdf") == b"z.pdf"
    assert house.pending() == []


def test_a_second_run_sends_nothing_and_calls_nobody(house: FakeHouse) -> None:
    """Nothing twice."""
    house.queue("acme", "a.x12")
    house.deliver()
    house.connected.clear()
    assert house.deliver(LATER) == DeliverReport()
    assert house.connected == []


def test_more_rows_than_fit_one_transaction_are_all_delivered(house: FakeHouse) -> None:
    """In order."""
    ids = [house.queue("acme", f"{number:03d}.x12") for number in range(2 * AT_ONCE + 1)]
    assert house.deliver().sent == ids


def test_killed_after_the_upload_the_next_run_finds_its_own_file(house: FakeHouse) -> None:
    """Delivered at least once, with the same bytes, and marked."""
    first, second = house.queue("acme", "a.x12"), house.queue("acme", "b.x12")
    house.failing["b.x12"] = Killed()
    with pytest.raises(Killed):
        house.deliver()
    assert [row.outbox_id for row in house.pending()] == [first, second]
    house.failing.clear()
    assert house.deliver(LATER).sent == [first, second]
    assert house.servers["acme"].names("from-plan/ack") == ["a.x12", "b.x12"]


def test_two_deliverers_at_once_send_each_file_once(house: FakeHouse) -> None:
    """What one of them holds, the other passes over."""
    row = house.queue("acme", "a.x12")
    others: list[DeliverReport] = []
    house.meanwhile.append(lambda: others.append(house.deliver()))
    assert house.deliver().sent == [row]
    assert others == [DeliverReport()]


def test_a_name_that_belongs_to_another_file_is_a_conflict_for_a_person(house: FakeHouse) -> None:
    """The other file stays, the rest is delivered, and nothing is raised or tried again."""
    house.servers["acme"].drop("from-plan/ack/a.x12", b"somebody else's", NOW)
    conflict, good = house.queue("acme", "a.x12"), house.queue("acme", "b.x12")
    assert house.deliver() == DeliverReport(sent=[good], conflicts=[conflict])
    assert house.servers["acme"].content("from-plan/ack/a.x12") == b"somebody else's"
    assert house.deliver(LATER) == DeliverReport()


def test_a_partner_whose_server_is_away_stops_no_other(house: FakeHouse) -> None:
    """Its rows wait with the reason; at the end the task is told to try again, and the next run picks up."""
    house.servers["acme"].away = True
    waiting = [house.queue("acme", "a.x12"), house.queue("acme", "b.x12")]
    house.queue("zenith", "z.x12")
    with pytest.raises(RemoteUnavailable):
        house.deliver()
    assert house.servers["zenith"].names("from-plan/ack") == ["z.x12"]
    assert [(row.outbox_id, row.attempts) for row in house.pending()] == [(one, 1) for one in waiting]
    assert {row.problem for row in house.pending()} == {"The server is away."}
    house.servers["acme"].away = False
    assert house.deliver(LATER).sent == waiting


def test_a_server_that_is_away_is_called_once_a_run(house: FakeHouse) -> None:
    """Not once a row: each call costs its timeouts."""
    house.servers["acme"].away = True
    for number in range(3 * AT_ONCE):
        house.queue("acme", f"{number}.x12")
    with pytest.raises(RemoteUnavailable):
        house.deliver()
    assert house.connected == ["acme"]
    assert all(row.problem for row in house.pending())


def test_a_refused_folder_stops_no_other_folder(house: FakeHouse) -> None:
    """However many files wait for it."""
    house.failing["reports"] = RemoteRefused("permission denied")
    for number in range(2 * AT_ONCE):
        house.queue("acme", f"{number}.pdf", "reports")
    answer = house.queue("acme", "a.x12")
    with pytest.raises(RemoteRefused):
        house.deliver()
    assert house.servers["acme"].names("from-plan/ack") == ["a.x12"]
    assert answer not in {row.outbox_id for row in house.pending()}
    assert {row.problem for row in house.pending()} == {"permission denied"}


def test_a_changed_host_key_is_final_unless_another_server_is_merely_away(house: FakeHouse) -> None:
    """A retry helps one of the two, so it is asked for first."""
    house.failing["from-plan/ack"] = HostKeyChanged("not the server we know")
    house.queue("acme", "a.x12")
    with pytest.raises(HostKeyChanged):
        house.deliver()
    house.servers["zenith"].away = True
    house.queue("zenith", "z.pdf", "reports")
    with pytest.raises(Retryable):
        house.deliver()


@pytest.mark.parametrize(("partner", "folder"), [("gone", "ack"), ("acme", "nowhere")])
def test_rows_that_the_configuration_has_no_place_for_are_not_forgotten(
    house: FakeHouse, partner: str, folder: str
) -> None:
    """They wait, say why, and fail the run after the rest was delivered."""
    house.queue(partner, "a.x12", folder)
    good = house.queue("zenith", "z.x12")
    with pytest.raises(Final, match=r"partners\.yaml"):
        house.deliver()
    [row] = house.pending()
    assert row.outbox_id != good
    assert row.problem is not None


def test_a_file_is_acknowledged_when_its_last_answer_is_out(house: FakeHouse) -> None:
    """Not before, and its reason stays."""
    file_id = house.commit_file("claims.x12")
    house.queue("acme", "a.x12", file_id=file_id)
    house.queue("acme", "r.txt", "reports", file_id=file_id)
    house.failing["reports"] = RemoteUnavailable("away")
    with pytest.raises(RemoteUnavailable):
        house.deliver()
    assert house.file(file_id).state == "committed"
    house.failing.clear()
    assert house.deliver(LATER).acknowledged == [file_id]
    assert (house.file(file_id).state, house.file(file_id).reason_code) == ("acknowledged", "ANSWERED")


def test_an_answer_in_conflict_acknowledges_nothing(house: FakeHouse) -> None:
    """The partner has not got it."""
    file_id = house.commit_file("claims.x12")
    house.queue("acme", "a.x12", file_id=file_id)
    house.servers["acme"].drop("from-plan/ack/a.x12", b"somebody else's", NOW)
    assert house.deliver().acknowledged == []
    assert house.file(file_id).state == "committed"


def test_killed_between_delivery_and_acknowledgment_the_next_run_makes_it_good(house: FakeHouse) -> None:
    """Although nothing is left to deliver."""
    file_id = house.commit_file("claims.x12")
    row = house.queue("acme", "a.x12", file_id=file_id)
    with house.warehouse.begin() as connection:
        outbox.mark_sent(connection, row, NOW)
    assert house.deliver().acknowledged == [file_id]
