"""Holds: why a file is not applied before a person says so, and what that person said.

A load that finds a reason raises `FileHeld` when it knows all of them; nothing of the file stays but its holds. A
released hold allows what the person saw, and only that (`loaders.hold_releases`): the file comes back through the
pipeline and may be held again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, insert, select, text, update

from edi.trouble import Final, Usage
from loaders import journal, ledger
from loaders.hold_releases import is_allowed
from loaders.schema.holds import hold
from loaders.staging import run

Decision = Literal["released", "rejected"]

HOLDS_FOUND = """
create temporary table enrollment_hold (code text, group_id text, facts jsonb) on commit drop
"""

REASONS_FOUND = """
select code, jsonb_strip_nulls(jsonb_build_object('group', group_id)) || coalesce(facts, '{}') as facts
from enrollment_hold
order by code, group_id
"""

SENT_REFERENCES = """
select coalesce(array_agg(distinct reference order by reference), '{}') from sent_set where is_applied
"""

ORIGINALS_HELD = """
with sent_again as (
    select coalesce(array_agg(original_reference), '{}') as originals
    from sent_set where purpose = '15' and is_applied
)
select distinct h.file_id from hold h join file f using (file_id) cross join sent_again a
where h.decision is null and f.partner = :partner and h.file_id < :file_id and h.set_references && a.originals
    and h.set_references <@ (
        -- the sets of one file may be sent again in several
        select a.originals || coalesce(array_agg(r.original_reference), '{}') from resubmission r
        where r.partner = f.partner and r.file_id > h.file_id
    )
order by h.file_id
"""

OPEN_HOLDS = "select coalesce(max(hold_id), 0) from hold where file_id = :file_id and decision is null"


class NotHeld(Usage):
    """A decision about a file that waits for none; the message says who decided before, and what."""


class FileUnknown(Usage):
    """A number that no file of the ledger has."""


class HoldUnknown(Final):
    """A number that no hold has."""


class HeldAnew(Final):
    """A decision about a file that by now is held for something that the person did not see."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason to wait for a person."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Counts, days, and ids of our own configuration, never an element's value."""


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A row of the table `hold`, with the partner and kind of its file."""

    hold_id: int
    file_id: int
    partner: str
    kind: str
    code: str
    facts: Mapping[str, Any]
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    decision: str | None
    note: str | None


class FileHeld(Exception):  # noqa: N818 - no error: the way out of a load that must leave nothing
    """A load found reasons to wait for a person; to be caught where what it did can be undone."""

    def __init__(self, holds: Sequence[Hold], references: Sequence[str]) -> None:
        super().__init__("the file is held")
        self.holds = tuple(holds)
        self.references = tuple(references)
        """BGN02 of the file's 834 sets."""


def stage_holds(conn: Connection) -> None:
    """Make the temporary table `enrollment_hold (code, group_id, facts)` that the steps of a load put reasons into."""
    run(conn, HOLDS_FOUND)


def stop_if_held(conn: Connection, file_id: int) -> None:
    """Call when every reason is in `enrollment_hold`; needs `sent_set`.

    Raises:
        FileHeld: with the reasons that nobody has allowed.
    """
    found = [Hold(*row) for row in conn.execute(text(REASONS_FOUND))]
    if not found:
        return
    allowed = [(one.code, one.facts) for one in released(conn, file_id)]
    left = [one for one in found if not is_allowed(one.code, one.facts, allowed)]
    if left:
        raise FileHeld(left, conn.execute(text(SENT_REFERENCES)).scalar_one())


def store(conn: Connection, file_id: int, holds: Sequence[Hold], references: Sequence[str], now: datetime) -> None:
    """Open holds on a file."""
    rows = [
        {
            "file_id": file_id,
            "code": one.code,
            "facts": dict(one.facts),
            "set_references": list(references),
            "opened_at": now,
        }
        for one in holds
    ]
    conn.execute(insert(hold), rows)


def released(conn: Connection, file_id: int) -> list[Hold]:
    """What somebody allowed for a file."""
    query = select(hold.c.code, hold.c.facts).where(hold.c.file_id == file_id, hold.c.decision == "released")
    return [Hold(*row) for row in conn.execute(query.order_by(hold.c.hold_id))]


def is_rejected(conn: Connection, file_id: int) -> bool:
    """Did somebody say that a file must not be applied?"""
    query = select(hold.c.hold_id).where(hold.c.file_id == file_id, hold.c.decision == "rejected").limit(1)
    return conn.execute(query).first() is not None


def list_holds(conn: Connection, *, file_id: int | None = None, open_only: bool = False) -> list[HoldRow]:
    """Holds in the order they were opened, of one file or of all."""
    query = _holds_with_files()
    if file_id is not None:
        query = query.where(hold.c.file_id == file_id)
    if open_only:
        query = query.where(hold.c.decision.is_(None))
    return [HoldRow(**row) for row in conn.execute(query.order_by(hold.c.opened_at, hold.c.hold_id)).mappings()]


def read_hold(conn: Connection, hold_id: int) -> HoldRow:
    """One hold.

    Raises:
        HoldUnknown: there is none with this number.
    """
    row = conn.execute(_holds_with_files().where(hold.c.hold_id == hold_id)).mappings().one_or_none()
    if row is None:
        raise HoldUnknown(f"There is no hold {hold_id}.")
    return HoldRow(**row)


def _holds_with_files() -> Select[Any]:
    from loaders.schema.intake import file  # noqa: PLC0415 - only who lists needs the ledger's columns

    columns = [column for column in hold.c if column.name != "set_references"]
    return select(file.c.partner, file.c.kind, *columns).join(file, file.c.file_id == hold.c.file_id)


def decide(
    conn: Connection,
    file_id: int,
    decision: Decision,
    by: str,
    note: str | None,
    now: datetime,
    *,
    newest_seen: int | None = None,
) -> list[str]:
    """Decide every open hold of a held file and send it back to be committed; the codes that were decided.

    A file that was rejected goes there too: to be answered, and applied in nothing. Of two who decide in the same
    moment the first one wins. `newest_seen` is the newest hold that the person saw, where they may have looked some
    time ago.

    Raises:
        FileUnknown: there is no such file.
        NotHeld: it has no open hold, or somebody was faster.
        HeldAnew: it has one that is newer than `newest_seen`.
    """
    newest = conn.execute(text(OPEN_HOLDS), {"file_id": file_id}).scalar_one()
    if newest_seen is not None and newest > newest_seen:
        raise HeldAnew(f"File {file_id} is held for something else by now: look at hold {newest}, then decide.")
    change = (
        update(hold)
        # one that is opened in this moment was seen by nobody
        .where(hold.c.file_id == file_id, hold.c.decision.is_(None), hold.c.hold_id <= newest)
        .values(decision=decision, decided_by=by, decided_at=now, note=note)
        .returning(hold.c.code)
    )
    codes = sorted(conn.execute(change).scalars())
    if not codes:
        raise _not_held(conn, file_id)
    ledger.move(conn, file_id, "checked", now, expected=("held",))
    ledger.free(conn, file_id)
    journal.record(conn, "hold", now, file_id)
    return codes


def _not_held(conn: Connection, file_id: int) -> Final:
    file = ledger.read_file(conn, file_id)
    if file is None:
        return FileUnknown(f"The ledger has no file {file_id}.")
    decided = [row for row in list_holds(conn, file_id=file_id) if row.decided_at is not None]
    if not decided:
        return NotHeld(f"File {file_id} does not wait for a decision: it is {file.state}, and never had a hold.")
    last = max(decided, key=lambda row: row.hold_id)
    return NotHeld(f"File {file_id} does not wait for this decision: {decided_in_words(last)}.")


def decided_in_words(row: HoldRow) -> str:
    """Who decided about a hold, what, and when."""
    when = f"at {row.decided_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if row.decided_at else ""
    return f"it was {row.decision} by {row.decided_by} {when}"


def supersede_originals(conn: Connection, file_id: int, partner: str, now: datetime) -> list[int]:
    """Reject the held files of a partner whose every set was sent again by this one; their ids. Needs `sent_set`."""
    originals = conn.execute(text(ORIGINALS_HELD), {"file_id": file_id, "partner": partner}).scalars().all()
    superseded = []
    for original in originals:
        with suppress(NotHeld, ledger.WrongState):  # a person was faster
            decide(conn, original, "rejected", f"file {file_id}", "superseded by a re-submission", now)
            superseded.append(original)
    return superseded
