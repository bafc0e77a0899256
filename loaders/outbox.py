"""The outbox: files to deliver, written in the transaction of the work that they answer.

A delivery may be tried any number of times; it is always the same bytes under the same name, so a receiver who checks
for duplicates drops the repeat.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, insert, or_, select, update

from edi.sent_groups import sent_groups
from edi.trouble import Final
from loaders.copy import driver
from loaders.schema.outbound import outbox, outbox_group
from loaders.schema.remittance import remittance_run

BATCH_BYTES, BATCH_FILES = 16_000_000, 1_000
"""What goes to the warehouse in one statement; a larger file goes alone."""

# Files of one statement get their ids in the order given. The bytes go as they are, not as text of twice the length.
PUT = """
insert into outbox (partner, folder, file_name, kind, content, sha256, file_id, remittance_run_id, created_at)
select partner, folder, file_name, kind, content, sha256, file_id, remittance_run_id, %(now)s
from unnest(
    cast(%(partner)s as text[]), cast(%(folder)s as text[]), cast(%(file_name)s as text[]), cast(%(kind)s as text[]),
    cast(%(content)b as bytea[]), cast(%(sha256)s as text[]), cast(%(file_id)s as bigint[]),
    cast(%(remittance_run_id)s as bigint[])
) with ordinality file (partner, folder, file_name, kind, content, sha256, file_id, remittance_run_id, place)
order by place
on conflict (partner, folder, file_name) do nothing
returning partner, folder, file_name, outbox_id
"""
KNOWN = """
select partner, folder, file_name, outbox_id, sha256 from outbox
join unnest(cast(%(partner)s as text[]), cast(%(folder)s as text[]), cast(%(file_name)s as text[]))
    named (partner, folder, file_name) using (partner, folder, file_name)
"""
KEY = ("partner", "folder", "file_name")
COLUMNS = (*KEY, "kind", "content", "file_id", "remittance_run_id")


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


def put(conn: Connection, files: Iterable[OutboxFile], now: datetime) -> list[int]:
    """Add files to deliver; their outbox ids, in order. A file that is there already keeps its row and state.

    They are taken as they come, and only some `BATCH_BYTES` of them are in memory at once.

    Raises NameUsed when a name is there with other bytes: a name stands for one content forever.
    """
    return [outbox_id for batch in _batches(files) for outbox_id in _put_batch(conn, batch, now)]


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


def _batches(files: Iterable[OutboxFile]) -> Iterator[list[OutboxFile]]:
    """Files in their order, as many together as one statement takes."""
    batch: list[OutboxFile] = []
    size = 0
    for file in files:
        if batch and (size + len(file.content) > BATCH_BYTES or len(batch) == BATCH_FILES):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += len(file.content)
    if batch:
        yield batch


def _put_batch(conn: Connection, files: Sequence[OutboxFile], now: datetime) -> list[int]:
    digests = [hashlib.sha256(file.content).hexdigest() for file in files]
    values: dict[str, object] = {name: [getattr(file, name) for file in files] for name in COLUMNS}
    keys = [(file.partner, file.folder, file.file_name) for file in files]
    with driver(conn).cursor() as cursor:
        cursor.execute(PUT, values | {"sha256": digests, "now": now})
        ids = {
            (str(partner), str(folder), str(name)): int(str(new)) for partner, folder, name, new in cursor.fetchall()
        }
        first = dict(zip(reversed(keys), reversed(files), strict=True))
        _put_groups(conn, [(outbox_id, first[key]) for key, outbox_id in ids.items()])
        if len(ids) == len(files):
            return [ids[key] for key in keys]
        # what was there before was committed by somebody else, so the next statement sees it
        cursor.execute(KNOWN, {name: values[name] for name in KEY})
        known = {(partner, folder, name): (int(str(old)), sha) for partner, folder, name, old, sha in cursor.fetchall()}
    for (partner, folder, name), digest in zip(keys, digests, strict=True):
        if known[partner, folder, name][1] != digest:
            raise NameUsed(f"{folder}/{name} for {partner} was put before with other content")
    return [known[key][0] for key in keys]


def _put_groups(conn: Connection, files: Iterable[tuple[int, OutboxFile]]) -> None:
    """Keep the functional groups of new files."""
    groups = [
        {"outbox_id": outbox_id, "ordinal": ordinal, **group._asdict()}
        for outbox_id, file in files
        for ordinal, group in enumerate(sent_groups(file.content), 1)
    ]
    if groups:
        conn.execute(insert(outbox_group), groups)


def _change_pending(conn: Connection, outbox_id: int, *, state: str, problem: str) -> None:
    changed = conn.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id, outbox.c.state == "pending")
        .values(state=state, problem=problem, attempts=outbox.c.attempts + 1)
    )
    if changed.rowcount != 1:
        raise NotPending(f"outbox row {outbox_id} is not pending")
