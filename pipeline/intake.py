"""From a file that is here to a row of the ledger: hash, archive, and tell a new file from a duplicate."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from edi.kinds import LOOKED_AT, NACHA, OTHER, kind_of
from loaders import ledger
from pipeline.reasons import reason_of

if TYPE_CHECKING:
    from loaders.ledger import LedgerFile
    from pipeline.archive import Archive
    from pipeline.house import House

EMPTY_FILE = "EMPTY_FILE"
SAME_CONTENT = "SAME_CONTENT"

_NEVER_A_TWIN = frozenset({"failed", "quarantined"})
_NEVER_A_TWIN_REASON = "NOTHING_ACCEPTED"
"""A file that came to nothing is no reason to turn the same content away: it may have been our fault, such as a partner
that was not set up yet. An interchange that was answered by a 999 is a duplicate all the same, by its control number.
"""

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the world says about a file, beside its bytes."""

    partner: str
    path: str
    """On the partner's server; for a file handed over by hand, where it lay."""
    size: int
    """Bytes, as the listing said."""
    mtime: datetime
    usage: str
    """P or T: what the folder is for."""
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is in the ledger now."""

    file_id: int
    state: str
    """received, duplicate or quarantined."""
    kind: str
    """834, 837, NACHA (of a bank) or other."""
    sha256: str


@dataclass(frozen=True, slots=True)
class _Content:
    sha256: str
    content_sha256: str
    """Without CR and LF: re-wrapping a file makes no new one (domain.md 1.3)."""
    size_bytes: int
    kind: str


def take_in(house: House, arrival: Arrival, source: Path, now: datetime) -> Taken:
    """Archive the file at `source`, which must lie in `house.archive.incoming()`, and write it into the ledger.

    Doing it again for the same arrival changes nothing: the archive has the file and the ledger the row.
    Equal content of the same partner within its look-back is a duplicate; an empty file is quarantined.
    """
    content = _examine(source)
    if content.kind == NACHA and house.partner(arrival.partner).role != "bank":
        content = replace(content, kind=OTHER)
    since = arrival.arrived_at - timedelta(days=house.partner(arrival.partner).duplicate_look_back_days)
    with house.warehouse.begin() as connection:
        known = ledger.find_content(connection, content.sha256)
    archive_path = _archive(house.archive, source, content, known, arrival)
    with house.warehouse.begin() as connection:
        found = ledger.find_content(connection, content.content_sha256, arrival.partner, since)
        twin = found if found is not None and _is_twin(found, arrival) else None
        state, code = _judge(content, twin)
        delivery = ledger.Delivery(
            partner=arrival.partner,
            remote_path=arrival.path,
            remote_size=arrival.size,
            remote_mtime=arrival.mtime,
            sha256=content.sha256,
            content_sha256=content.content_sha256,
            size_bytes=content.size_bytes,
            arrived_at=arrival.arrived_at,
            received_date=house.receipt_date(arrival.arrived_at),
            archive_path=archive_path,
            kind=content.kind,
            usage=arrival.usage,
            state=state,
            reason_code=code,
            reason=None if code is None else reason_of(code),
            duplicate_of=twin.file_id if twin is not None and state == "duplicate" else None,
        )
        file_id = ledger.record_delivery(connection, delivery, now)
    return Taken(file_id, state, content.kind, content.sha256)


def digest_of(source: Path) -> str:
    """sha256 of a file, as the ledger has it."""
    with source.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _examine(source: Path) -> _Content:
    raw, unwrapped = hashlib.sha256(), hashlib.sha256()
    size = 0
    head = b""
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            head = head or chunk[:LOOKED_AT]
            size += len(chunk)
            raw.update(chunk)
            unwrapped.update(chunk.translate(None, b"\r\n"))
    return _Content(raw.hexdigest(), unwrapped.hexdigest(), size, kind_of(head))


def _archive(archive: Archive, source: Path, content: _Content, known: LedgerFile | None, arrival: Arrival) -> str:
    """The path of the content in the archive; what came on an earlier day is not kept twice."""
    if known is not None and known.sha256 == content.sha256 and archive.holds(known.archive_path):
        return known.archive_path
    return archive.keep(source, content.sha256, arrival.arrived_at.date())


def _is_twin(found: LedgerFile, arrival: Arrival) -> bool:
    """Does an earlier file make this one a duplicate? Not if it lay in the folder for the other usage by mistake."""
    came_to_nothing = found.state in _NEVER_A_TWIN or found.reason_code == _NEVER_A_TWIN_REASON
    return not came_to_nothing and found.usage == arrival.usage


def _judge(content: _Content, twin: LedgerFile | None) -> tuple[str, str | None]:
    """The first state of a file, and its reason. Emptiness goes first: all empty files are alike."""
    if not content.size_bytes:
        return "quarantined", EMPTY_FILE
    return ("received", None) if twin is None else ("duplicate", SAME_CONTENT)
