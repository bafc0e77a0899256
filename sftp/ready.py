"""When a remote file may be taken, and when it arrived. Pure: the looks come from the warehouse."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

LEAST_GAP = timedelta(seconds=10)
"""Looks closer together than this are one look: SFTP's times have whole seconds, and uploads stall for moments."""

Readiness = Literal["ready", "STILL_ARRIVING", "NO_MARKER"]


def readiness(
    first_seen_at: datetime, now: datetime, *, marked: bool | None = None, least_gap: timedelta = LEAST_GAP
) -> Readiness:
    """May a file be taken that was first seen with its present size and mtime at `first_seen_at`?

    It must have stood still between two looks. Where the partner agreed on a marker file, `marked` says whether it is
    there, and that decides alone: its absence says that the upload goes on, however still the file stands.
    """
    if marked is not None:
        return "ready" if marked else "NO_MARKER"
    return "ready" if now - first_seen_at >= least_gap else "STILL_ARRIVING"


def arrival(mtime: datetime, first_seen_at: datetime, not_before: datetime | None) -> datetime:
    """The instant at which a file arrived, UTC: the server's mtime, held inside what our own looks prove.

    A sender's clock, or a client that keeps the times of the file it uploads, can say anything. But the file was not
    there, or not yet so, at `not_before`, the look at its folder before the one at `first_seen_at` that first saw it
    as it is. With no look before (None) only the upper bound holds. This instant runs every filing limit
    (domain.md 4.6), so neither our waiting for the second look nor a late fetch may move it.
    """
    latest = min(mtime, first_seen_at)
    return latest if not_before is None else min(max(latest, not_before), first_seen_at)
