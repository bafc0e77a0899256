"""The provider registry: two CSV files become a new version of who may bill and who is paid.

What the files hold is said in `loaders.provider_files`. The newest version is in force; older ones stay, because
decisions and remittances name the version they used.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select, text

from loaders import journal
from loaders.provider_files import RegistryRefused, read_content, read_registry
from loaders.schema.providers import payee, provider, provider_registry

__all__ = ["RegistryRefused", "load_registry", "newest_version"]

LOCK = 8_350_019
"""Key of the advisory lock that lets one process load a registry at a time."""


def load_registry(conn: Connection, providers_csv: Path, payees_csv: Path, now: datetime) -> int:
    """Load both files as a new version of the registry and give its number.

    Content equal to that of the newest version makes no new one. Raises RegistryRefused with every problem found.
    """
    conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    digest = hashlib.sha256()
    for path in (providers_csv, payees_csv):
        digest.update(hashlib.sha256(read_content(path)).digest())
    sha256 = digest.hexdigest()
    version = newest_version(conn)
    same = select(provider_registry).where(
        provider_registry.c.registry_version == version, provider_registry.c.sha256 == sha256
    )
    if version is not None and conn.execute(same).first() is not None:
        return version
    providers, payees = read_registry(providers_csv, payees_csv)
    added = insert(provider_registry).values(sha256=sha256, providers=len(providers), payees=len(payees), loaded_at=now)
    version = int(conn.execute(added.returning(provider_registry.c.registry_version)).scalar_one())
    for table, rows in ((payee, payees), (provider, providers)):
        if rows:
            conn.execute(insert(table), [{**row, "registry_version": version} for row in rows])
    journal.record(conn, "registry", now, version)
    return version


def newest_version(conn: Connection) -> int | None:
    """The registry version in force, None before the first is loaded."""
    newest = select(provider_registry.c.registry_version).order_by(provider_registry.c.registry_version.desc()).limit(1)
    return conn.execute(newest).scalar_one_or_none()
