"""What a file's enrolment came to, member by member, for the answer to its sender."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, text

OUTCOMES = """
select i.ordinal, g.ordinal, t.ordinal, o.row, coalesce(o.group_id, ''), o.outcome, o.source_start,
    m.subscriber_number, m.first_name, m.last_name, m.is_subscriber
from enrollment_outcome o
left join member m on o.row is null and m.member_id = o.member_id
join transaction_set t using (set_key)
join functional_group g using (group_key)
join interchange i using (interchange_id)
where o.file_id = :file_id
order by o.source_start, o.row nulls last, m.subscriber_number, m.first_name
"""

FINDINGS = """
select interchange, functional_group, transaction_set, code, severity, segment_id, loop, source_start
from finding where file_id = :file_id and code = any(:codes)
order by source_start, finding_id
"""

UNKNOWN_PLANS = "select source_start, places from unknown_plan where file_id = :file_id order by source_start"

SetPlace = tuple[int, int, int]
"""Ordinals of a transaction set: interchange, functional group, transaction set."""


@dataclass(frozen=True, slots=True)
class UnsentMember:
    """Somebody whom the file does not name, and yet changes: a dependant of who ended, or who is absent."""

    subscriber_number: str
    first_name: str
    last_name: str
    is_subscriber: bool


@dataclass(frozen=True, slots=True)
class MemberOutcome:
    """A member, and what became of it."""

    place: SetPlace
    row: int | None
    """Of `enrollment_member`, the table of `edi.tables.enrollment`; None for somebody who was not sent."""
    group_id: str
    outcome: str
    source_start: int = 0
    """Of the segment that did it."""
    unsent: UnsentMember | None = None
    """Who it is, where there is no row to tell."""


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
    """All members that a file looked at or changed, in the order of the file."""
    rows = conn.execute(text(OUTCOMES), {"file_id": file_id})
    return [
        MemberOutcome(
            (interchange, group, ordinal),
            row,
            group_id,
            outcome,
            start,
            UnsentMember(*who) if row is None and who[0] is not None else None,
        )
        for interchange, group, ordinal, row, group_id, outcome, start, *who in rows
    ]


def stored_findings(conn: Connection, file_id: int, codes: Collection[str]) -> list[StoredFinding]:
    """The findings of a file with one of these codes, in the order of the file."""
    rows = conn.execute(text(FINDINGS), {"file_id": file_id, "codes": list(codes)})
    return [
        StoredFinding((interchange, group, ordinal), code, severity, segment_id, loop, start)
        for interchange, group, ordinal, code, severity, segment_id, loop, start in rows
    ]


def unknown_plan_places(conn: Connection, file_id: int) -> dict[int, list[int]]:
    """Plan codes without a plan: by the place of their one finding all places that it is about."""
    return {start: list(places) for start, places in conn.execute(text(UNKNOWN_PLANS), {"file_id": file_id})}
