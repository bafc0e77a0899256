"""Rules bundles: the configuration that judged or decided, archived when it is first used, and read back for a replay.

A bundle is one JSON object with the configuration's files by name, archived write-once; its name is the configuration's
digest, which is proven when it is read back.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from edi.trouble import Final, Usage
from loaders import journal
from pipeline.configuration import load_configuration

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from loaders.schema.replay import Work
    from pipeline.configuration import Configuration
    from pipeline.house import House

UNDECODED = "surrogateescape"
"""Whatever bytes a file holds, they come back as they were."""


class BundleUnusable(Final):
    """A rules bundle was never kept, or what was kept is judged otherwise by this release of the program."""


class BundleUnknown(BundleUnusable, Usage):
    """A rules bundle was never kept."""


def keep_bundle(house: House, connection: Connection, now: datetime) -> str:
    """Archive the configuration in force unless that was done before; the bundle's digest."""
    digest = house.configuration.digest()
    if journal.bundle_path(connection, digest) is None:
        path = house.archive.keep_bytes(_content(house.configuration), house.received_date(now), "json")
        journal.add_bundle(connection, digest, path, now)
    return digest


def enter(
    house: House,
    connection: Connection,
    work: Work,
    now: datetime,
    subject_id: int | None = None,
    *,
    decided: bool = False,
) -> None:
    """Write into the journal what this transaction did under the bundle in force; call it last."""
    digest = keep_bundle(house, connection, now)
    journal.record(connection, work, now, subject_id, digest, decided=decided)


def load_bundle(house: House, digest: str, folder: Path) -> Configuration:
    """The configuration of a bundle, its files laid out in a new folder under `folder`.

    Raises:
        BundleUnknown: it was not kept.
        BundleUnusable: this release of the program makes another bundle of it.
        pipeline.archive.ArchiveDamaged: its archived content is gone or altered.
    """
    if digest == house.configuration.digest():
        return house.configuration
    with house.warehouse.begin() as connection:
        path = journal.bundle_path(connection, digest)
    if path is None:
        raise BundleUnknown(f"The rules bundle {digest} was never kept in this warehouse.")
    place = folder / digest
    for name, content in json.loads(house.archive.read(path))["files"].items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode("utf-8", UNDECODED))
    loaded = load_configuration(place)
    if loaded.digest() != digest:
        raise BundleUnusable(
            f"This release of the program makes another rules bundle of the files of {digest}: "
            "replay with the release that used it, or name the bundle to replay with."
        )
    return loaded


def _content(configuration: Configuration) -> bytes:
    files = {name: content.decode("utf-8", UNDECODED) for name, content in configuration.sources.items()}
    return json.dumps({"files": files}, sort_keys=True, indent=1).encode()
