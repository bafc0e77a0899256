"""The outbox: files to deliver, written in the transaction of the work that they answer.

A delivery may be tried any number of times; it is always the same bytes under the same name, so a receiver who checks
for duplicates drops the repeat.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from edi.sent_groups import sent_groups
from edi.trouble import Final
from loaders.schema.outbound import outbox, outbox_group
from loaders.schema.remittance import remittance_run


class NameUsed(Final):
    """Another content was already put into the outbox for the same partner, folder and name."""


class NotPending(Final):
    """An outbox row that should have been pending is not."""


@dataclass(frozen=True, slots=True)
class OutboxFile:
    """A file to deliver; `folder` is its purpose (ack, out, reports), which the partner's settings map to a path."""

    partner: str
    folder: str
    file_name: str
    kind: str
    content: bytes
    file_id: int | None = None
    remittance_run_id: int | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row of the outbox, as `deliver` needs it."""

    outbox_id: int
    partner: str
    folder: str
    file_name: str
    kind: str
    content: bytes
    sha256: str
    file_id: int | None
    remittance_run_id: int | None
    state: str
    attempts: int
    problem: str | None
    created_at: datetime
    sent_at: datetime | None


def put(conn: Connection, files: Sequence[OutboxFile], now: datetime) -> list[int]:
    """Add files to deliver; their outbox ids, in order. A file that is there already keeps its row and state.

    Raises NameUsed when a name is there with other bytes: a name stands for one content forever.
    """
    return [_put_one(conn, file, now) for file in files]


def pending(conn: Connection, limit: int, partner: str | None = None) -> list[OutboxRow]:
    """Files to be delivered, oldest first; other transactions cannot take the same ones until this one ends.

    Those of a remittance run are, once it was released.
    """
    released = exists().where(
        remittance_run.c.remittance_run_id == outbox.c.remittance_run_id, remittance_run.c.state != "composed"
    )
    query = select(outbox).where(outbox.c.state == "pending", or_(outbox.c.remittance_run_id.is_(None), released))
    if partner is not None:
        query = query.where(outbox.c.partner == partner)
    rows = conn.execute(query.order_by(outbox.c.outbox_id).limit(limit).with_for_update(skip_locked=True, of=outbox))
    return [OutboxRow(**row) for row in rows.mappings()]


def answers(conn: Connection, file_id: int) -> int:
    """How many files were put because of an inbound one."""
    return int(conn.execute(select(func.count()).where(outbox.c.file_id == file_id)).scalar_one())


def unanswered(conn: Connection, file_ids: Collection[int]) -> list[int]:
    """Those of these inbound files because of which nothing was put yet, in the order given."""
    answered = select(outbox.c.file_id).where(outbox.c.file_id.in_(file_ids)).distinct()
    known = set(conn.execute(answered).scalars())
    return [file_id for file_id in file_ids if file_id not in known]


def unsent_files(conn: Connection) -> set[int]:
    """Ids of the inbound files with an answer that is not out yet: pending, or in conflict."""
    unsent = select(outbox.c.file_id).where(outbox.c.state.in_(("pending", "conflict")), outbox.c.file_id.is_not(None))
    return set(conn.execute(unsent).scalars())


def kinds_by_file(conn: Connection) -> dict[int, tuple[str, ...]]:
    """What every inbound file was answered with: kinds such as TA1 and 999, by file id, in the order they were put."""
    rows = conn.execute(
        select(outbox.c.file_id, outbox.c.kind).where(outbox.c.file_id.is_not(None)).order_by(outbox.c.outbox_id)
    )
    kinds: dict[int, tuple[str, ...]] = {}
    for file_id, kind in rows:
        kinds[file_id] = (*kinds.get(file_id, ()), kind)
    return kinds


def mark_sent(conn: Connection, outbox_id: int, now: datetime) -> None:
    """The partner's folder holds the file. Marking twice changes nothing."""
    unsent = update(outbox).where(outbox.c.outbox_id == outbox_id, outbox.c.state != "sent")
    conn.execute(unsent.values(state="sent", sent_at=now, problem=None, attempts=outbox.c.attempts + 1))


def mark_conflict(conn: Connection, outbox_id: int, problem: str) -> None:
    """The partner's folder holds another file of that name; a person must look."""
    _change_pending(conn, outbox_id, state="conflict", problem=problem)


def mark_failed_attempt(conn: Connection, outbox_id: int, problem: str) -> None:
    """Delivery did not work this time; the file stays pending."""
    _change_pending(conn, outbox_id, state="pending", problem=problem)


def _put_one(conn: Connection, file: OutboxFile, now: datetime) -> int:
    sha256 = hashlib.sha256(file.content).hexdigest()
    new = insert(outbox).values(
        partner=file.partner,
        folder=file.folder,
        file_name=file.file_name,
        kind=file.kind,
        content=file.content,
        sha256=sha256,
        file_id=file.file_id,
        remittance_run_id=file.remittance_run_id,
        created_at=now,
    )
    key = [outbox.c.partner, outbox.c.folder, outbox.c.file_name]
    outbox_id = conn.execute(
        new.on_conflict_do_nothing(index_elements=key).returning(outbox.c.outbox_id)
    ).scalar_one_or_none()
    if outbox_id is not None:
        groups = [
            {"outbox_id": outbox_id, "ordinal": ordinal, **group._asdict()}
            for ordinal, group in enumerate(sent_groups(file.content), 1)
        ]
        if groups:
            conn.execute(insert(outbox_group), groups)
        return int(outbox_id)
    # committed by somebody else, so the next statement sees it
    known = conn.execute(
        select(outbox.c.outbox_id, outbox.c.sha256).where(
            outbox.c.partner == file.partner, outbox.c.folder == file.folder, outbox.c.file_name == file.file_name
        )
    ).one()
    if known.sha256 != sha256:
        raise NameUsed(f"{file.folder}/{file.file_name} for {file.partner} was put before with other content")
    return int(known.outbox_id)


def _change_pending(conn: Connection, outbox_id: int, *, state: str, problem: str) -> None:
    changed = conn.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id, outbox.c.state == "pending")
        .values(state=state, problem=problem, attempts=outbox.c.attempts + 1)
    )
    if changed.rowcount != 1:
        raise NotPending(f"outbox row {outbox_id} is not pending")
