"""A file twice is a file once, of coverage too: whatever it makes of spans, it must make nothing else of the result.

One change of a member and line does that by itself. Several may not: of an end and an addition without an end, say,
the addition takes the end back when both are sent again. So what a file changed by several changes is applied a
second time, to the spans as the file leaves them, and all of it is taken back afterwards. Where the second time
changes anything, the changes contradict each other, and nobody guesses: none of them is applied, each row is told of
it, and the spans stay as they are. The same file, sent again, then finds what it found, and is refused again.

Changes stand or fall together by member and line; where ends of a subscriber are those of dependants too, with those
dependants. Who is refused in one line loses no other one by leaving it out of a roster: that goes by whole members.

Only what changes is looked at, and ends by absence never contradict each other: a roster that repeats what is on file
has nothing to apply twice.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, text

from loaders.coverage_changes import stage_coverage_changes
from loaders.coverage_history import record_spans
from loaders.coverage_spans import work_out_spans
from loaders.staging import analyze, run

CHANGED_KEYS = """
create temporary table changed_key on commit drop as
select coverage_key from span_gone union select coverage_key from span_new
"""

# the end of a subscriber who has no other plan by then is an end of all plans of the line: by then, not afterwards
DOUBTED_FAMILIES = """
create temporary table doubted_family on commit drop as
with several as (
    select distinct coverage_key from coverage_change where round > 1 or is_derived
)
select distinct m.group_id, m.subscriber_number, k.insurance_line
from several s
join coverage_key k using (coverage_key)
join member m using (member_id)
where exists (select from coverage_change c where c.coverage_key = s.coverage_key and not c.is_absent)
"""

DOUBTED_KEYS = """
create temporary table doubted_key on commit drop as
with family_key as (
    select k.coverage_key, k.member_id, f.*, m.is_subscriber
    from doubted_family f
    join member m using (group_id, subscriber_number)
    join coverage_key k using (member_id, insurance_line)
), united as (
    -- a dependant to whom no end of the subscriber applies stands alone
    select f.*, case when not f.is_subscriber and not bool_or(c.is_derived) then f.member_id end as alone
    from family_key f
    join ordered_change c using (coverage_key)
    group by f.coverage_key, f.member_id, f.group_id, f.subscriber_number, f.insurance_line, f.is_subscriber
), numbered as (
    select u.*, min(coverage_key) over units as unit,
        bool_or(coverage_key in (select coverage_key from changed_key)) over units as has_changed
    from united u
    window units as (partition by group_id, subscriber_number, insurance_line, alone)
)
select coverage_key, unit, group_id, subscriber_number, insurance_line from numbered where has_changed
"""

NARROW_EVENTS = """
create temporary table coverage_event on commit drop as
select e.* from event_of_file e
where exists (
    select from doubted_key d
    where d.group_id = e.group_id and d.subscriber_number = e.subscriber_number
        and d.insurance_line = coalesce(e.insurance_line, d.insurance_line)
)
"""

NARROW_SPANS = """
create temporary table {0} on commit drop as
select s.* from {0}_of_file s where s.coverage_key in (select coverage_key from doubted_key)
"""

WORKED_OUT = (
    "wanted_change, line_end, known_span, ordered_change, coverage_change, span_before, span_now, span_effect,"
    " span_gone, span_new"
)
"""The temporary tables that a second application leaves anew."""

CHANGED_AGAIN = """
select array_agg(distinct unit) from doubted_key
where coverage_key in (select coverage_key from span_gone union all select coverage_key from span_new)
"""

REFUSED_KEYS = """
create temporary table refused_key on commit drop as
select coverage_key from doubted_key where unit = any(cast(:units as bigint[]))
"""

# left out of a roster by whoever has contradicted themselves in another line
OMITTED_KEYS = """
insert into refused_key
select k.coverage_key
from coverage_event e
join coverage_key k using (member_id, insurance_line)
where e.is_absent and k.coverage_key not in (select coverage_key from refused_key) and exists (
    select from refused_key r
    join wanted_change w on w.coverage_key = r.coverage_key and not w.is_derived and not w.is_absent
    where w.member_id = e.member_id
)
"""

REFUSED_ROWS = """
create temporary table refused_row on commit drop as
select w.set_key, w.source_start, w.source_stop, w.source_start = w.member_start as is_of_member,
    bool_and(w.coverage_key in (select coverage_key from refused_key)) as is_whole
from wanted_change w
where not w.is_absent and (w.set_key, w.source_start) in (
    select set_key, source_start from wanted_change join refused_key using (coverage_key)
)
group by w.set_key, w.source_start, w.source_stop, w.member_start
"""

FORGET_WARNINGS = """
delete from enrollment_problem p using refused_row r
where p.set_key = r.set_key and p.source_start = r.source_start and p.segment_id = 'HD' and r.is_whole
    and p.code in ('ENROLLMENT_COVERAGE_ENDED_ALREADY', 'ENROLLMENT_COVERAGE_OVERLAP', 'ENROLLMENT_COVERAGE_UNKNOWN',
        'ENROLLMENT_END_CANCELLED', 'ENROLLMENT_NOTHING_TO_REINSTATE')
"""

REPORT = """
insert into enrollment_problem
select set_key, 'ENROLLMENT_COVERAGE_CONTRADICTED', case when is_of_member then 'INS' else 'HD' end,
    case when is_of_member then '2000' else '2300' end, source_start, source_stop
from refused_row
"""

REFUSE_EVENTS = """
update coverage_event e set problem = 'ENROLLMENT_COVERAGE_CONTRADICTED'
from refused_row r
where r.set_key = e.set_key and r.source_start = e.source_start and r.is_whole and e.problem is null
"""

FORGET_CHANGES = tuple(
    f"delete from {table} where coverage_key in (select coverage_key from refused_key)"  # noqa: S608 - our own words
    for table in ("coverage_change", "span_gone", "span_new", "span_now")
)

KEEP_SPANS = """
insert into span_now
select coverage_key, plan_id, tier, is_cobra, cobra_event, starts_on, ends_before, source_start, source_stop
from span_before where coverage_key in (select coverage_key from refused_key)
"""


def refuse_contradictions(conn: Connection, file_id: int, received: date, now: datetime) -> None:
    """Take out of what the file does to coverage whatever a second application would change again.

    Needs what `loaders.coverage_changes` and `loaders.coverage_spans` leave, and changes it: afterwards it is as if
    the rows had not been sent, but for their events, which have a problem, and for what `enrollment_problem` tells of
    them. `received` is the day on which the file arrived, `now` the recorded time of what is new.
    """
    if not run(conn, DOUBTED_FAMILIES):
        return
    analyze(conn, "doubted_family")
    run(conn, CHANGED_KEYS)
    analyze(conn, "changed_key")
    if not run(conn, DOUBTED_KEYS):
        return
    analyze(conn, "doubted_key")
    units = _changed_again(conn, file_id, received, now)
    if not units:
        return
    run(conn, REFUSED_KEYS, units=units)
    run(conn, OMITTED_KEYS)
    run(conn, REFUSED_ROWS)
    for table in ("refused_key", "refused_row"):
        analyze(conn, table)
    for statement in (FORGET_WARNINGS, REPORT, REFUSE_EVENTS, *FORGET_CHANGES, KEEP_SPANS):
        run(conn, statement)


def _changed_again(conn: Connection, file_id: int, received: date, now: datetime) -> list[int]:
    """What of `doubted_key` a second application changes; everything is as it was afterwards."""
    once = conn.begin_nested()
    run(conn, "alter table coverage_event rename to event_of_file")
    run(conn, NARROW_EVENTS)
    analyze(conn, "coverage_event")
    for table in ("span_gone", "span_new"):
        run(conn, f"alter table {table} rename to {table}_of_file")
        run(conn, NARROW_SPANS.format(table))
    record_spans(conn, file_id, now)
    run(conn, f"drop table {WORKED_OUT}")
    work_out_spans(conn, stage_coverage_changes(conn), received)
    units: list[int] | None = conn.execute(text(CHANGED_AGAIN)).scalar_one()
    once.rollback()
    return units or []
