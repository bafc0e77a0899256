"""The journal: what changed the warehouse, in the order of commits, so that it can be done again.

An entry is written last in the transaction of its work, after every lock that the work needs. Of two transactions of
which one had to wait for the other, the later one therefore has the higher entry; the order of any two others is of no
consequence. Beside it stands which rules bundle was in force, and where its content is archived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.dialects import postgresql

from loaders.schema.replay import Work, rules_bundle, work_journal

DECIDED_NOW = "select coalesce(array_agg(claim_id order by claim_id), '{}') from decided_now"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was done."""

    entry_id: int
    work: Work
    done_at: datetime
    subject_id: int | None
    rules_bundle: str | None
    claim_ids: Sequence[int] | None


def record(
    conn: Connection,
    work: Work,
    now: datetime,
    subject_id: int | None = None,
    bundle: str | None = None,
    *,
    decided: bool = False,
) -> None:
    """Enter what this transaction did. With `decided`, the claims in the temporary table `decided_now` are named."""
    claim_ids = conn.execute(text(DECIDED_NOW)).scalar_one() if decided else None
    values = {
        "work": work,
        "done_at": now,
        "subject_id": subject_id,
        "rules_bundle": bundle,
        "claim_ids": claim_ids,
    }
    conn.execute(insert(work_journal).values(values))


def entries(conn: Connection) -> list[Entry]:
    """The whole journal, in order."""
    return [Entry(**row) for row in conn.execute(select(work_journal).order_by(work_journal.c.entry_id)).mappings()]


def bundle_path(conn: Connection, digest: str) -> str | None:
    """Where the content of a bundle is archived."""
    query = select(rules_bundle.c.archive_path).where(rules_bundle.c.digest == digest)
    return conn.execute(query).scalar_one_or_none()


def add_bundle(conn: Connection, digest: str, archive_path: str, now: datetime) -> None:
    """Note a bundle that is used for the first time; of two who do it at once one does."""
    new = postgresql.insert(rules_bundle).values(digest=digest, archive_path=archive_path, first_used_at=now)
    conn.execute(new.on_conflict_do_nothing(index_elements=[rules_bundle.c.digest]))
