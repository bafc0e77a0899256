"""A house that receives, with a partner's server that can be killed, full of trouble, or real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import pytest

from loaders import ledger
from loaders.ledger import LedgerFile
from loaders.warehouse import Warehouse
from pipeline.archive import Archive
from pipeline.configuration.partners import AfterFetch, Partner
from pipeline.receive import ReceiveReport, receive
from sftp.memory import MemoryRemote, MemoryServer
from sftp.paramiko_remote import ParamikoRemote
from sftp.remote import RemoteFile, RemoteFolder
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


def receiving_house(warehouse: Warehouse, tmp_path: Path) -> FakeHouse:
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
