"""The demo's world under var/: warehouse, SFTP server, partners with their keys and folders, simulated clock."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from edi.trouble import Final
from loaders import server
from loaders.migrate import upgrade
from loaders.providers import load_registry
from pipeline.airflow_service.setup import AirflowFolder
from pipeline.clock import CLOCK_FILE, SimulatedClock
from pipeline.configuration import Configuration, load_configuration
from pipeline.demo.story import Drop
from pipeline.house import House, embedded_warehouse_folder, open_house
from sftp.keys import keep_key_pair
from sftp.paramiko_remote import ParamikoRemote
from sftp.server import RunningServer, ServerSettings, serve
from sftp.settings import Endpoint

QUOTED = re.compile(rb"@([A-Z0-9-]+)@")


class DemoBroken(Final):
    """The demo cannot go on: its files or its var/ are not what it left there."""


@dataclass(frozen=True, slots=True)
class World:
    """The running world of the demo."""

    examples: Path
    configuration: Configuration
    var: Path
    sftp: RunningServer
    endpoints: Mapping[str, Endpoint]
    """By partner id."""
    clock: SimulatedClock

    def environment(self) -> dict[str, str]:
        """What Airflow's components must know: configuration, var, and a connection for each partner."""
        connections = {
            f"AIRFLOW_CONN_{self.configuration.partners[partner].connection.upper()}": json.dumps(
                {
                    "conn_type": "sftp",
                    "host": endpoint.host,
                    "port": endpoint.port,
                    "login": endpoint.user,
                    "extra": {"key_file": str(endpoint.key_file), "host_key": list(endpoint.host_keys)},
                }
            )
            for partner, endpoint in self.endpoints.items()
        }
        return {"EDI_CONFIG": str(self.configuration.folder), "EDI_VAR": str(self.var), **connections}

    @contextmanager
    def house(self) -> Iterator[House]:
        """The plan's house, as its steps see it."""
        with open_house(self.configuration.folder, self.var, endpoints=dict(self.endpoints)) as house:
            yield house

    def upload(self, drop: Drop) -> bool:
        """Let a partner upload a file over SFTP, unless it did so before; the file's time is the story's.

        Raises:
            DemoBroken: a template quotes a claim that no 835 of the partner names.
        """
        partner = self.configuration.partners[drop.partner]
        home = self.sftp.home(drop.partner)
        inbox = partner.folder("in")
        if (home / inbox / drop.name).exists() or (home / partner.folder("archive") / drop.name).exists():
            return False
        content = (self.examples / drop.source).read_bytes()
        if drop.source.endswith(".template"):
            content = QUOTED.sub(lambda quoted: self._claim_number(drop.partner, quoted[1]), content)
        with ParamikoRemote(self.endpoints[drop.partner]) as remote:
            remote.put(content, inbox, drop.name)
        seconds = drop.uploaded_at.timestamp()
        os.utime(home / inbox / drop.name, (seconds, seconds))
        return True

    def _claim_number(self, partner_id: str, account: bytes) -> bytes:
        """Our claim number as the partner finds it in the 835s it received: CLP07 beside its CLP01."""
        folder = self.sftp.home(partner_id) / self.configuration.partners[partner_id].folder("out")
        found = b""
        for remittance in sorted(folder.glob("835_*.x12")):
            for segment in remittance.read_bytes().split(b"~"):
                elements = segment.strip().split(b"*")
                if elements[0] == b"CLP" and elements[1] == account:
                    found = elements[7]
        if not found:
            raise DemoBroken(f"No 835 in {folder} names the claim that a file of {partner_id} wants to correct.")
        return found


@contextmanager
def open_world(repository: Path, var: Path, begins_at: datetime) -> Iterator[World]:
    """Start whatever of the world is not there yet, and stop its servers at the end; data stay under `var`."""
    examples = repository / "examples" / "demo"
    configuration = load_configuration(examples / "config")
    var.mkdir(parents=True, exist_ok=True)
    clock = SimulatedClock(var / CLOCK_FILE)
    if not clock.path.exists():
        clock.set(begins_at)
    partners = configuration.partners
    keys = {partner: keep_key_pair(_key_file(var, partner)) for partner in partners}
    users = {partner: (pair.public_line,) for partner, pair in keys.items()}
    _make_folders(configuration, var)
    server.start(embedded_warehouse_folder(var))
    try:
        with serve(ServerSettings(var / "sftp", var / "keys" / "host", users)) as sftp:
            endpoints = {partner: sftp.endpoint(partner, pair.private_file) for partner, pair in keys.items()}
            world = World(examples, configuration, var, sftp, endpoints, clock)
            with world.house() as house:
                upgrade(house.warehouse.engine)
                with house.warehouse.begin() as connection:
                    load_registry(connection, configuration.providers_csv, configuration.payees_csv, house.now())
            yield world
    finally:
        server.stop(embedded_warehouse_folder(var))


def forget(var: Path) -> None:
    """Stop the embedded warehouse and clear the demo's folder.

    Raises:
        DemoBroken: the folder is not a demo's, and might hold what cannot be made again.
    """
    if not var.exists():
        return
    if not (var / CLOCK_FILE).exists():
        raise DemoBroken(f"{var} was not made by the demo (it has no simulated clock), so it was left alone.")
    server.stop(embedded_warehouse_folder(var))
    AirflowFolder(var, var).stop_database()
    shutil.rmtree(var)


def _key_file(var: Path, partner: str) -> Path:
    folder = var / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / partner


def _make_folders(configuration: Configuration, var: Path) -> None:
    for partner in configuration.partners.values():
        for folder in filter(None, partner.folders.values()):
            (var / "sftp" / partner.id / folder).mkdir(parents=True, exist_ok=True)
