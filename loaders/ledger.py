"""The file ledger: which files were delivered, what state each has reached, and who is working on it.

    received -> translated -> checked -> committed -> acknowledged

A file can leave that road as a `duplicate`, `quarantined` (not X12, or from nobody we know), `held` (a person has to
decide first: `loaders.holds`) or `failed` (ours to repair). Work lists are read from here under a lease, so that any
number of workers may ask at once and a killed worker's files come back when its lease runs out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql

from edi.trouble import Final
from loaders.schema.intake import file, file_state_change

UNFINISHED = ("received", "translated", "checked")
"""States before the warehouse holds a file's content."""

ENROLLMENT = "834"
ENROLLMENT_LOCK = 8_340_834
"""Key of the advisory lock under which enrolment files are leased: two at once could hand a partner's files to both."""

PRECEDING: Mapping[str, tuple[str, ...]] = {
    "received": ("held", "failed", "quarantined"),
    "translated": ("received",),
    "checked": ("translated", "held"),
    "committed": ("checked",),
    "acknowledged": ("committed",),
    "duplicate": UNFINISHED,
    "quarantined": UNFINISHED,
    "held": UNFINISHED,
    "failed": (*UNFINISHED, "held", "committed"),
}
"""From which states each one may be reached. Back to `received` is a replay, `held` to `checked` a person's release."""


class WrongState(Final):
    """A file is not in a state from which the wanted one can be reached."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file as it was fetched, to be written into the ledger."""

    partner: str
    remote_path: str
    remote_size: int
    remote_mtime: datetime
    sha256: str
    content_sha256: str
    """Of the bytes without CR and LF."""
    size_bytes: int
    arrived_at: datetime
    received_date: date
    archive_path: str
    kind: str
    usage: str
    state: str = "received"
    reason_code: str | None = None
    reason: str | None = None
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFile(Delivery):
    """A row of the ledger; the columns are described in `loaders.schema.intake`."""

    file_id: int
    lease_owner: str | None = None
    lease_until: datetime | None = None
    attempts: int = 0
    """Leases taken in the present state."""
    rules_bundle: str | None = None
    remote_finished_at: datetime | None = None
    state_changed_at: datetime


@dataclass(frozen=True, slots=True)
class FileCount:
    """How many files of a partner and kind are in a state."""

    partner: str
    kind: str
    state: str
    files: int


def record_delivery(conn: Connection, delivery: Delivery, now: datetime) -> int:
    """Write a delivery into the ledger; its file id. The same delivery again gives the id it has."""
    new = postgresql.insert(file).values(**asdict(delivery), state_changed_at=now)
    file_id = conn.execute(new.on_conflict_do_nothing().returning(file.c.file_id)).scalar_one_or_none()
    if file_id is None:
        known = find_delivery(conn, delivery.partner, delivery.remote_path, delivery.remote_size, delivery.remote_mtime)
        if known is None:
            raise WrongState("a delivery was neither new nor known")
        return known.file_id
    _note_change(conn, [file_id], delivery.state, now, delivery.reason_code)
    return int(file_id)


def find_delivery(conn: Connection, partner: str, path: str, size: int, mtime: datetime) -> LedgerFile | None:
    """The ledger's row for a listing entry: the same delivery, whose fetch was perhaps cut short after the record."""
    return _one(
        conn,
        file.c.partner == partner,
        file.c.remote_path == path,
        file.c.remote_size == size,
        file.c.remote_mtime == mtime,
    )


def find_content(
    conn: Connection, sha256: str, partner: str | None = None, since: datetime | None = None
) -> LedgerFile | None:
    """The first file with this content, if there is one; `sha256` of its bytes, or of those without CR and LF.

    `partner` and `since` (arrival) narrow the search. Files that are duplicates themselves do not count.
    """
    conditions: list[ColumnElement[bool]] = [
        or_(file.c.sha256 == sha256, file.c.content_sha256 == sha256),
        file.c.state != "duplicate",
    ]
    if partner is not None:
        conditions.append(file.c.partner == partner)
    if since is not None:
        conditions.append(file.c.arrived_at >= since)
    return _one(conn, *conditions)


def read_file(conn: Connection, file_id: int) -> LedgerFile | None:
    """One row of the ledger."""
    return _one(conn, file.c.file_id == file_id)


def lock(conn: Connection, file_id: int, state: str) -> None:
    """Hold a file's row until the transaction ends; raises WrongState when the file is not in this state."""
    query = select(file.c.state).where(file.c.file_id == file_id).with_for_update(key_share=True)
    found = conn.execute(query).scalar_one_or_none()
    if found != state:
        raise WrongState(f"file {file_id} is {found or 'not in the ledger'}, not {state}")


def list_files(conn: Connection, states: Sequence[str], kind: str | None = None) -> list[LedgerFile]:
    """Files in some states, in order of arrival, leased or not."""
    conditions: list[ColumnElement[bool]] = [file.c.state.in_(states)]
    if kind is not None:
        conditions.append(file.c.kind == kind)
    rows = conn.execute(select(file).where(*conditions).order_by(file.c.arrived_at, file.c.file_id))
    return [LedgerFile(**row) for row in rows.mappings()]


def move(
    conn: Connection,
    file_id: int,
    state: str,
    now: datetime,
    reason_code: str | None = None,
    reason: str | None = None,
    *,
    expected: Collection[str] | None = None,
    rules_bundle: str | None = None,
    duplicate_of: int | None = None,
) -> None:
    """Bring a file into a state, from one of the `expected` ones (without it, those of PRECEDING).

    Reason, and its absence, replace what stood there; `rules_bundle` and `duplicate_of` do only when given. Raises
    WrongState when the file is in another state: somebody else was here, or the step ran already.
    """
    allowed = PRECEDING[state] if expected is None else tuple(expected)
    values: dict[str, object] = {
        "state": state,
        "reason_code": reason_code,
        "reason": reason,
        "state_changed_at": now,
        "attempts": 0,
    }
    if rules_bundle is not None:
        values["rules_bundle"] = rules_bundle
    if duplicate_of is not None:
        values["duplicate_of"] = duplicate_of
    moved = conn.execute(update(file).where(file.c.file_id == file_id, file.c.state.in_(allowed)).values(values))
    if moved.rowcount != 1:
        known = read_file(conn, file_id)
        found = f"is {known.state}" if known else "is not in the ledger"
        raise WrongState(f"file {file_id} {found} and cannot become {state}")
    _note_change(conn, [file_id], state, now, reason_code)


def lease(
    conn: Connection,
    kind: str,
    states: Sequence[str],
    owner: str,
    now: datetime,
    seconds: int,
    limit: int,
    partner: str | None = None,
) -> list[LedgerFile]:
    """Take up to `limit` free files of a kind in some states, in order of arrival, for `seconds` from now.

    With `partner`, only those of this partner.

    Enrolment files (kind 834) of one partner are applied one after the other, so one owner has them: while somebody
    works on one, none of that partner that arrived after it is given to anybody else. Nobody waits for a lock here: a
    file that another transaction is taking at this moment is passed over.
    """
    if kind == ENROLLMENT and not conn.execute(select(func.pg_try_advisory_xact_lock(ENROLLMENT_LOCK))).scalar_one():
        return []
    free = or_(file.c.lease_until.is_(None), file.c.lease_until <= now)
    conditions = [file.c.kind == kind, file.c.state.in_(states), free, _is_nobody_elses_turn(owner, now)]
    if partner is not None:
        conditions.append(file.c.partner == partner)
    candidates = (
        select(file.c.file_id)
        .where(*conditions)
        .order_by(file.c.arrived_at, file.c.file_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("candidates")
    )
    taken = (
        update(file)
        .where(file.c.file_id == candidates.c.file_id)
        .values(lease_owner=owner, lease_until=now + timedelta(seconds=seconds), attempts=file.c.attempts + 1)
        .returning(file)
    )
    leased = [LedgerFile(**row) for row in conn.execute(taken).mappings()]
    return sorted(leased, key=lambda row: (row.arrived_at, row.file_id))


def renew(conn: Connection, file_ids: Collection[int], owner: str, now: datetime, seconds: int) -> int:
    """Prolong the owner's leases to `seconds` from now; how many it still had (less than asked: stop working)."""
    held = and_(file.c.file_id.in_(file_ids), file.c.lease_owner == owner, file.c.lease_until > now)
    return conn.execute(update(file).where(held).values(lease_until=now + timedelta(seconds=seconds))).rowcount


def release(conn: Connection, file_ids: Collection[int], owner: str) -> None:
    """Give files back before their lease runs out; those of other owners are left alone."""
    mine = and_(file.c.file_id.in_(file_ids), file.c.lease_owner == owner)
    conn.execute(update(file).where(mine).values(lease_owner=None, lease_until=None))


def free(conn: Connection, file_id: int) -> None:
    """End the lease of a file, whoever has it: it waited for a person, and its worker went on without it."""
    conn.execute(update(file).where(file.c.file_id == file_id).values(lease_owner=None, lease_until=None))


def lease_owners(conn: Connection, now: datetime) -> list[str]:
    """Who has leases that have not run out."""
    query = select(file.c.lease_owner).where(file.c.lease_until > now).distinct().order_by(file.c.lease_owner)
    return [owner for owner in conn.execute(query).scalars() if owner is not None]


def release_all(conn: Connection, owner: str) -> None:
    """Give back all files of an owner, who is known to be gone."""
    conn.execute(update(file).where(file.c.lease_owner == owner).values(lease_owner=None, lease_until=None))


def finish_remote(conn: Connection, file_id: int, now: datetime) -> None:
    """Note that the remote file was moved away or removed."""
    conn.execute(update(file).where(file.c.file_id == file_id).values(remote_finished_at=now))


def counts(conn: Connection) -> list[FileCount]:
    """Files by partner, kind and state."""
    keys = (file.c.partner, file.c.kind, file.c.state)
    rows = conn.execute(select(*keys, func.count()).group_by(*keys).order_by(*keys))
    return [FileCount(*row) for row in rows]


def is_behind(conn: Connection, enrollment_file: LedgerFile) -> bool:
    """Is there an unfinished 834 of the same partner that arrived before this one, and so must be applied first?"""
    earlier = and_(
        file.c.kind == ENROLLMENT,
        file.c.partner == enrollment_file.partner,
        file.c.state.in_(UNFINISHED),
        tuple_(file.c.arrived_at, file.c.file_id) < tuple_(enrollment_file.arrived_at, enrollment_file.file_id),
    )
    return bool(conn.execute(select(exists().where(earlier))).scalar_one())


def _is_nobody_elses_turn(owner: str, now: datetime) -> ColumnElement[bool]:
    """False for an 834 while somebody else works on an unfinished earlier one of its partner."""
    earlier = file.alias("earlier")
    waits = exists().where(
        earlier.c.kind == ENROLLMENT,
        earlier.c.partner == file.c.partner,
        earlier.c.state.in_(UNFINISHED),
        earlier.c.lease_until > now,
        earlier.c.lease_owner != owner,
        tuple_(earlier.c.arrived_at, earlier.c.file_id) < tuple_(file.c.arrived_at, file.c.file_id),
    )
    return or_(file.c.kind != ENROLLMENT, file.c.state.not_in(UNFINISHED), ~waits)


def _note_change(conn: Connection, file_ids: Sequence[int], state: str, now: datetime, reason_code: str | None) -> None:
    rows = [{"file_id": file_id, "state": state, "changed_at": now, "reason_code": reason_code} for file_id in file_ids]
    conn.execute(insert(file_state_change), rows)


def _one(conn: Connection, *conditions: ColumnElement[bool]) -> LedgerFile | None:
    """The first file, by arrival, that meets all conditions."""
    query = select(file).where(*conditions).order_by(file.c.arrived_at, file.c.file_id).limit(1)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else LedgerFile(**row)
