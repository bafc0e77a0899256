"""What earlier looks into the partners' folders saw: a file is ready when it stood still between two of them.

The memory is in the database, so that the two looks may be made by two processes and no task sleeps in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, delete, select
from sqlalchemy.dialects.postgresql import insert

from loaders.schema.intake import folder_look, remote_look


@dataclass(frozen=True, slots=True)
class Look:
    """A remote file as it was last seen."""

    partner: str
    path: str
    size_bytes: int
    mtime: datetime
    first_seen_at: datetime
    """First look that saw it with this size and mtime."""
    not_before: datetime | None
    """The look at its folder before that one: what it is now, it became later. None: there was no such look."""
    seen_at: datetime


def remember_look(
    conn: Connection, partner: str, path: str, size: int, mtime: datetime, now: datetime, not_before: datetime | None
) -> Look:
    """Write down that a file was seen now, `not_before` being the previous look at its folder; what is now known.

    While size and mtime stay the same, `first_seen_at` and `not_before` stay too; when they change, both start anew.
    """
    seen = insert(remote_look).values(
        partner=partner, path=path, size_bytes=size, mtime=mtime, first_seen_at=now, not_before=not_before, seen_at=now
    )
    same = and_(remote_look.c.size_bytes == seen.excluded.size_bytes, remote_look.c.mtime == seen.excluded.mtime)
    remembered = seen.on_conflict_do_update(
        index_elements=[remote_look.c.partner, remote_look.c.path],
        set_={
            "size_bytes": seen.excluded.size_bytes,
            "mtime": seen.excluded.mtime,
            "first_seen_at": case((same, remote_look.c.first_seen_at), else_=seen.excluded.first_seen_at),
            "not_before": case((same, remote_look.c.not_before), else_=seen.excluded.not_before),
            "seen_at": seen.excluded.seen_at,
        },
    ).returning(remote_look)
    return Look(**conn.execute(remembered).mappings().one())


def look_of(conn: Connection, partner: str, path: str) -> Look | None:
    """What the last look saw of a file."""
    query = select(remote_look).where(remote_look.c.partner == partner, remote_look.c.path == path)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else Look(**row)


def forget_look(conn: Connection, partner: str, path: str) -> None:
    """The file was taken away; a later one of the same name is new."""
    conn.execute(delete(remote_look).where(remote_look.c.partner == partner, remote_look.c.path == path))


def last_look(conn: Connection, partner: str, folder: str) -> datetime | None:
    """When a folder was last looked at."""
    query = select(folder_look.c.looked_at).where(folder_look.c.partner == partner, folder_look.c.folder == folder)
    return conn.execute(query).scalar_one_or_none()


def folder_looked(conn: Connection, partner: str, folder: str, now: datetime) -> datetime | None:
    """Write down that a folder is looked at now; when it was before, None the first time."""
    before = last_look(conn, partner, folder)
    look = insert(folder_look).values(partner=partner, folder=folder, looked_at=now)
    conn.execute(
        look.on_conflict_do_update(
            index_elements=[folder_look.c.partner, folder_look.c.folder], set_={"looked_at": look.excluded.looked_at}
        )
    )
    return before
