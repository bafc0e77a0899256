"""Record spans of coverage: rows are superseded and inserted, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from loaders.staging import analyze, run

NEW_SPANS_WORTH_COUNTING = 1000
"""From this many on, the planner is told how many spans there are: it would read all of them for each member."""

SUPERSEDE = """
update coverage_span s set superseded_at = greatest(:now, s.recorded_at), superseded_by = :file_id
from span_gone g where g.span_id = s.span_id
"""

RECORD = """
insert into coverage_span (coverage_key, member_id, insurance_line, plan_id, tier, is_cobra, cobra_event, valid,
    continues_span_id, recorded_at, file_id, source_start, source_stop)
select k.coverage_key, k.member_id, k.insurance_line, n.plan_id, n.tier, n.is_cobra, n.cobra_event,
    daterange(n.starts_on, nullif(n.ends_before, 'infinity')), null, :now, :file_id, n.source_start, n.source_stop
from span_new n
join coverage_key k using (coverage_key)
where not n.is_cobra
order by n.coverage_key, n.starts_on
"""

RECORD_CONTINUED = """
insert into coverage_span (coverage_key, member_id, insurance_line, plan_id, tier, is_cobra, cobra_event, valid,
    continues_span_id, recorded_at, file_id, source_start, source_stop)
select k.coverage_key, k.member_id, k.insurance_line, n.plan_id, n.tier, n.is_cobra, n.cobra_event,
    daterange(n.starts_on, nullif(n.ends_before, 'infinity')), active.span_id, :now, :file_id, n.source_start,
    n.source_stop
from span_new n
join coverage_key k using (coverage_key)
left join lateral (
    select s.span_id from coverage_span s
    where s.member_id = k.member_id and s.coverage_key = k.coverage_key and s.superseded_at is null
        and not s.is_cobra and upper(s.valid) <= n.starts_on
    order by upper(s.valid) desc limit 1
) active on true
where n.is_cobra
order by n.coverage_key, n.starts_on
"""


@dataclass(frozen=True, slots=True)
class SpanChanges:
    """How a file changed what is on record of coverage."""

    recorded: int
    superseded: int


def record_spans(conn: Connection, file_id: int, now: datetime) -> SpanChanges:
    """Record the difference that `loaders.coverage_spans` left in `span_gone` and `span_new`."""
    superseded = run(conn, SUPERSEDE, file_id=file_id, now=now)
    recorded = run(conn, RECORD, file_id=file_id, now=now)
    recorded += run(conn, RECORD_CONTINUED, file_id=file_id, now=now)
    if recorded > NEW_SPANS_WORTH_COUNTING:
        for table in ("coverage_span", "coverage_key"):
            analyze(conn, table)
    return SpanChanges(recorded, superseded)
