"""The house: what every step is handed - configuration, warehouse, clock, archive, and the partners' remote folders."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from edi.trouble import Retryable, Usage
from pipeline.clock import Clock, open_clock
from pipeline.configuration import Configuration, Partner, load_configuration
from pipeline.identity_key import identity_key

if TYPE_CHECKING:
    from loaders.warehouse import Warehouse
    from pipeline.archive import Archive
    from sftp.remote import RemoteFolder
    from sftp.settings import Endpoint

VAR_VARIABLE = "EDI_VAR"
WAREHOUSE_VARIABLE = "EDI_WAREHOUSE_URL"
CONNECTION_VARIABLE = "EDI_SFTP_"
"""Followed by the partner's id in capitals."""


class WarehouseStopped(Retryable):
    """No warehouse was named and the embedded one does not run."""


class PartnerUnknown(Usage):
    """A partner id that partners.yaml does not have."""


class ConnectionUnknown(Usage):
    """Nobody said where a partner's SFTP server is."""


class Endpoints(Protocol):
    """Where SFTP servers are, by connection id: a dict will do, and so does a look-up in Airflow's connections."""

    def get(self, connection_id: str, /) -> Endpoint | None:
        """The endpoint, None where there is no such connection."""
        ...


def nowhere() -> Endpoints:
    """No endpoints at all: the environment has to name them."""
    nothing: dict[str, Endpoint] = {}
    return nothing


@dataclass(frozen=True, slots=True)
class House:
    """An open house. Leave it with `with`, or call `close`, to give the warehouse's connections back."""

    configuration: Configuration
    warehouse: Warehouse
    clock: Clock
    archive: Archive
    var: Path
    """Where whatever changes is kept: archive, run folders, Data Docs, the embedded warehouse."""
    endpoints: Endpoints = field(default_factory=nowhere)

    @property
    def runs(self) -> Path:
        """Folder of the run folders, in which steps leave their results for the next."""
        return self.var / "runs"

    @property
    def accepts_test(self) -> bool:
        """May test interchanges touch members and claims here?"""
        return self.configuration.accepts_test_data

    def identity_key(self) -> bytes:
        """The secret under which social security numbers are hashed.

        Raises:
            pipeline.identity_key.IdentityKeyUnusable: when it cannot be had.
        """
        return identity_key(self.var)

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        return self.clock.now()

    def today(self) -> date:
        """This day at the plan."""
        return self.received_date(self.now())

    def received_date(self, instant: datetime) -> date:
        """The day at the plan on which an instant falls."""
        return instant.astimezone(self.configuration.plan.time_zone).date()

    def receipt_date(self, arrived_at: datetime) -> date:
        """The day on which what arrived then was received: that of its arrival, the next one after the cut-off."""
        arrived = arrived_at.astimezone(self.configuration.plan.time_zone)
        cut_off = self.configuration.plan.receipt_cut_off
        return arrived.date() + timedelta(days=cut_off is not None and arrived.time() >= cut_off)

    def partner(self, partner_id: str) -> Partner:
        """A trading partner.

        Raises:
            PartnerUnknown: when partners.yaml does not have it.
        """
        partner = self.configuration.partners.get(partner_id)
        if partner is None:
            known = ", ".join(sorted(self.configuration.partners))
            raise PartnerUnknown(f"There is no trading partner '{partner_id}'; partners.yaml has {known}.")
        return partner

    def delivering_partners(self) -> list[str]:
        """Ids of the partners that send us files, in order."""
        return sorted(partner.id for partner in self.configuration.partners.values() if partner.inbound_folders())

    def remote(self, partner_id: str) -> RemoteFolder:
        """A partner's folders on its SFTP server, to be used in a `with` block; connects when first used.

        Raises:
            ConnectionUnknown: when neither the caller nor the environment says where the server is.
        """
        from sftp.paramiko_remote import ParamikoRemote  # noqa: PLC0415 - only who transfers files pays for SSH

        return ParamikoRemote(self._endpoint(self.partner(partner_id)))

    def _endpoint(self, partner: Partner) -> Endpoint:
        from sftp.settings import read_url  # noqa: PLC0415 - as above

        for name in (partner.connection, partner.id):
            endpoint = self.endpoints.get(name)
            if endpoint is not None:
                return endpoint
        variable = f"{CONNECTION_VARIABLE}{partner.id.upper()}"
        url = os.environ.get(variable)
        if not url:
            raise ConnectionUnknown(
                f"Nobody said where the SFTP server of partner '{partner.id}' is. Set {variable} to "
                f"sftp://user@host:port?key=FILE&host_key=LINE, or make the Airflow connection '{partner.connection}'."
            )
        return read_url(url)

    def close(self) -> None:
        """Give the warehouse's connections back."""
        self.warehouse.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def var_folder() -> Path:
    """The folder that EDI_VAR names, `var` under the working folder without it."""
    return Path(os.environ.get(VAR_VARIABLE) or "var")


def embedded_warehouse_folder(var: Path) -> Path:
    """Where the embedded warehouse keeps its data."""
    return var / "warehouse"


def warehouse_url(var: Path) -> str:
    """The url that EDI_WAREHOUSE_URL names, else that of the embedded warehouse; it may hold a password.

    Raises:
        WarehouseStopped: when there is neither.
    """
    url = os.environ.get(WAREHOUSE_VARIABLE)
    if url:
        return url
    from loaders.server import running  # noqa: PLC0415 - brings the database driver

    folder = embedded_warehouse_folder(var)
    url = running(folder)
    if url is None:
        raise WarehouseStopped(
            f"The warehouse in {folder} is not running. Start it with `edi warehouse start`, "
            f"or name a PostgreSQL server in {WAREHOUSE_VARIABLE}."
        )
    return url


def open_house(
    config: Path | None = None,
    var: Path | None = None,
    endpoints: Endpoints | None = None,
) -> House:
    """Open the house that EDI_CONFIG, EDI_VAR and EDI_WAREHOUSE_URL describe; arguments go before them.

    `endpoints` says where SFTP servers are, by connection or partner id, before EDI_SFTP_<PARTNER> does.

    Raises:
        ConfigurationProblem: with every fault of the configuration.
        WarehouseStopped: when no warehouse can be found.
        ClockProblem: when a simulated clock stands where none is allowed.
    """
    configuration = load_configuration(config)
    var = var or var_folder()
    clock = open_clock(configuration.environment, var)
    url = warehouse_url(var)
    from loaders.warehouse import open_warehouse  # noqa: PLC0415 - brings SQLAlchemy
    from pipeline.archive import Archive  # noqa: PLC0415 - opened last, when everything else is well

    return House(
        configuration=configuration,
        warehouse=open_warehouse(url),
        clock=clock,
        archive=Archive(var / "archive"),
        var=var,
        endpoints=nowhere() if endpoints is None else endpoints,
    )
