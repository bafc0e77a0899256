"""Values that tests of the warehouse share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from loaders.ledger import Delivery

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    """The moment at which a test plays."""
    return NOON


@pytest.fixture
def delivery() -> Callable[..., Delivery]:
    """Make a delivery; equal arguments make equal ones."""

    def make(
        path: str = "in/a.834",
        *,
        partner: str = "acme",
        kind: str = "834",
        arrived_at: datetime = NOON,
        content: str = "c",
        usage: str = "P",
    ) -> Delivery:
        return Delivery(
            partner=partner,
            remote_path=path,
            remote_size=100,
            remote_mtime=arrived_at,
            sha256=f"raw-{content}",
            content_sha256=f"bare-{content}",
            size_bytes=100,
            arrived_at=arrived_at,
            received_date=date(2026, 5, 4),
            archive_path=f"2026/{path}",
            kind=kind,
            usage=usage,
        )

    return make
