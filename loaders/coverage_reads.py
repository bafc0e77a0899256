"""Coverage as it was believed at an instant: of many persons on many days, and the whole history of one number.

Two times are apart: the days that a span is valid for, and the instants between which we believed in it. Whatever
files come later, an answer for the same instant stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import Connection, text

from loaders.frames import read_frame
from loaders.id_lists import id_list
from loaders.staging import drop_staged, stage

if TYPE_CHECKING:
    import pandas as pd

UNPAID = """s.is_cobra and exists (
    select from cobra_premium c where c.member_id = s.member_id and c.state = 'elected' and {in_force}
) as is_unpaid"""

BELIEVED = "s.recorded_at <= :as_known and (s.superseded_at is null or s.superseded_at > :as_known)"

SPANS_OF_CLAIMS = f"""
select s.member_id, s.plan_id, s.insurance_line, lower(s.valid) as valid_from, upper(s.valid) - 1 as valid_through,
    s.tier, {UNPAID.format(in_force="c.superseded_at is null")}
from coverage_span s
where s.superseded_at is null
    and s.member_id in (
        select member_id from claim where claim_id = any(:claim_ids) union all select unnest(cast(:others as bigint[]))
    )
order by s.member_id, s.insurance_line, lower(s.valid)
"""  # noqa: S608 - put together from constants

COVERAGE_ON_DAYS = f"""
select a.question, s.member_id, a.day, s.insurance_line, s.plan_id, s.tier, s.is_cobra, s.span_id,
    lower(s.valid) as valid_from, upper(s.valid) - 1 as valid_through,
    {UNPAID.format(in_force=BELIEVED.replace("s.", "c.").replace(":as_known", "a.as_known"))}
from asked_coverage a
join coverage_span s on s.member_id = a.member_id
    -- not @>: for that the planner may read the whole index of all spans
    and lower(s.valid) <= a.day and a.day < coalesce(upper(s.valid), 'infinity')
    and {BELIEVED.replace(":as_known", "a.as_known")}
order by a.question, s.insurance_line
"""  # noqa: S608 - put together from constants

QUESTIONS = pa.schema(
    [("question", pa.int64()), ("member_id", pa.int64()), ("day", pa.date32()), ("as_known", pa.string())]
)

OF_NUMBER = """(
    select member_id from member where subscriber_number = :subscriber_number
    union
    -- who got another number since
    select member_id from member_past where subscriber_number = :subscriber_number
)"""

MEMBERS = f"""
select k.member_id, s.subscriber_number, s.group_id, s.first_name, s.is_subscriber, s.relationship_code
from member k
cross join lateral (
    select k.subscriber_number, k.group_id, k.first_name, k.is_subscriber, k.relationship_code
    where k.recorded_at <= :as_known
    union all
    select p.subscriber_number, p.group_id, p.first_name, p.is_subscriber, p.relationship_code from member_past p
    where p.member_id = k.member_id and p.recorded_at <= :as_known and p.superseded_at > :as_known
) s
where k.member_id in {OF_NUMBER}
order by k.subscriber_number <> :subscriber_number, k.subscriber_number, s.group_id, not s.is_subscriber, k.birth_date,
    k.member_id
"""  # noqa: S608 - put together from constants

HISTORY = f"""
select s.span_id, s.member_id, s.insurance_line, s.plan_id, s.tier, s.is_cobra, s.cobra_event, s.continues_span_id,
    lower(s.valid) as first_day, upper(s.valid) - 1 as last_day, s.recorded_at, s.file_id,
    case when s.superseded_at <= :as_known then s.superseded_at end as superseded_at,
    case when s.superseded_at <= :as_known then s.superseded_by end as superseded_by,
    {BELIEVED} as is_believed
from coverage_span s
where s.member_id in {OF_NUMBER} and s.recorded_at <= :as_known
order by s.member_id, s.insurance_line, lower(s.valid), s.recorded_at, s.span_id
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class Question:
    """Was this person covered on this day, as far as was known at that instant?"""

    member_id: int
    day: date
    as_known: datetime
    """Aware."""


@dataclass(frozen=True, slots=True)
class RecordedSpan:
    """A span of coverage, in force or superseded, as it looked at an instant."""

    span_id: int
    member_id: int
    insurance_line: str
    plan_id: str
    tier: str | None
    is_cobra: bool
    cobra_event: str | None
    continues_span_id: int | None
    first_day: date
    last_day: date | None
    """None while it is open."""
    recorded_at: datetime
    file_id: int
    superseded_at: datetime | None
    """None where it was not superseded by then."""
    superseded_by: int | None
    """The file that did."""
    is_believed: bool

    def covers(self, day: date) -> bool:
        """Is the day one of the span's?"""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class MemberHistory:
    """A person under a subscriber's number as known at an instant, with every span that was on record then."""

    member_id: int
    subscriber_number: str
    """As known then."""
    group_id: str
    first_name: str
    is_subscriber: bool
    relationship_code: str
    spans: tuple[RecordedSpan, ...]
    """By line of insurance, first day and time of record."""


def spans_of_claims(conn: Connection, claim_ids: Sequence[int], others: Sequence[int] = ()) -> pd.DataFrame:
    """Coverage of the claims' members, and of these `others`, as it is believed now, in the types of `loaders.frames`.

    Days are inclusive, NaT = open. `is_unpaid`: continued coverage that was elected, and not paid for yet.
    """
    return read_frame(conn, text(SPANS_OF_CLAIMS), {"claim_ids": id_list(claim_ids), "others": list(others)})


def coverage_on_days(conn: Connection, questions: Sequence[Question]) -> pd.DataFrame:
    """The spans that cover each question's person and day, one row a line of insurance, none where nothing does.

    `question` is the index of the question; days are inclusive, NaT = open. `is_unpaid`: continued coverage that was
    elected, and not paid for yet as far as was known at that instant.
    """
    rows = [
        {
            "question": number,
            "member_id": asked.member_id,
            "day": asked.day,
            "as_known": asked.as_known.isoformat(),
        }
        for number, asked in enumerate(questions)
    ]
    stage(conn, "asked_text", pa.Table.from_pylist(rows, schema=QUESTIONS))
    drop_staged(conn, "asked_coverage")
    conn.execute(
        text(
            "create temporary table asked_coverage on commit drop as"
            " select question, member_id, day, cast(as_known as timestamptz) as as_known from asked_text"
        )
    )
    return read_frame(conn, text(COVERAGE_ON_DAYS))


def member_histories(conn: Connection, subscriber_number: str, as_known: datetime) -> list[MemberHistory]:
    """Everybody who is under a subscriber's number now, or was before, as known at that instant, subscribers first.

    Those who have the number now come before those who got another one since. Who was not known then is left out.
    """
    wanted = {"subscriber_number": subscriber_number.strip().upper(), "as_known": as_known}
    spans = [RecordedSpan(**row) for row in conn.execute(text(HISTORY), wanted).mappings()]
    return [
        MemberHistory(**row, spans=tuple(span for span in spans if span.member_id == row["member_id"]))
        for row in conn.execute(text(MEMBERS), wanted).mappings()
    ]
