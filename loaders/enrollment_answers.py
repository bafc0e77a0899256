"""What a file's enrolment came to, member by member, for the answer to its sender."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, text

OUTCOMES = """
select i.ordinal, g.ordinal, t.ordinal, o.row, coalesce(o.group_id, ''), o.outcome
from enrollment_outcome o
join transaction_set t using (set_key)
join functional_group g using (group_key)
join interchange i using (interchange_id)
where o.file_id = :file_id and o.row is not null
order by o.source_start, o.row
"""

FINDINGS = """
select interchange, functional_group, transaction_set, code, severity, segment_id, loop, source_start
from finding where file_id = :file_id and code = any(:codes)
order by source_start, finding_id
"""

SetPlace = tuple[int, int, int]
"""Ordinals of a transaction set: interchange, functional group, transaction set."""


@dataclass(frozen=True, slots=True)
class MemberOutcome:
    """A member as sent, and what became of it."""

    place: SetPlace
    row: int
    """Of `enrollment_member`, the table of `edi.tables.enrollment`."""
    group_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding of the file, as far as its sender is told."""

    place: SetPlace
    code: str
    severity: str
    segment_id: str
    loop: str
    source_start: int


def member_outcomes(conn: Connection, file_id: int) -> list[MemberOutcome]:
    """All members of a file that were looked at, in the order of the file."""
    rows = conn.execute(text(OUTCOMES), {"file_id": file_id})
    return [
        MemberOutcome((interchange, group, ordinal), row, group_id, outcome)
        for interchange, group, ordinal, row, group_id, outcome in rows
    ]


def stored_findings(conn: Connection, file_id: int, codes: Collection[str]) -> list[StoredFinding]:
    """The findings of a file with one of these codes, in the order of the file."""
    rows = conn.execute(text(FINDINGS), {"file_id": file_id, "codes": list(codes)})
    return [
        StoredFinding((interchange, group, ordinal), code, severity, segment_id, loop, start)
        for interchange, group, ordinal, code, severity, segment_id, loop, start in rows
    ]
