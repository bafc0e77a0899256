"""Load an 834: members and their coverage, set-based, inside the file's transaction.

A row that cannot be applied becomes a business finding at its byte range, and the others go on. A row that repeats
what is on record changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Connection, text

from edi.finding_codes import CODES
from loaders.coverage_changes import stage_coverage_changes
from loaders.coverage_events import stage_coverage_events
from loaders.coverage_history import SpanChanges, record_spans
from loaders.coverage_losses import follow_up_losses, stage_losses
from loaders.coverage_spans import work_out_spans
from loaders.enrollment_modes import record_resubmissions
from loaders.enrollment_outcomes import record_outcomes
from loaders.enrollment_reconcile import stage_absences
from loaders.enrollment_staging import STORE_PROBLEMS, stage_enrollment
from loaders.group_map import GroupMap
from loaders.holds import stop_if_held, supersede_originals
from loaders.staging import run

ENROL = """
insert into member (group_id, subscriber_number, first_name_key, birth_date, is_subscriber, relationship_code,
    last_name, first_name, middle_name, gender, address, city, state, zip, file_id, source_start, source_stop)
select distinct on (group_id, subscriber_number, known_birth_date, first_name_key)
    group_id, subscriber_number, first_name_key, known_birth_date, is_subscriber = 'Y',
    coalesce(relationship_code, ''), last_name, coalesce(first_name, ''), middle_name, gender, address, city, state,
    zip, :file_id, source_start, source_stop
from enrolled_person where problem is null and begins
order by group_id, subscriber_number, known_birth_date, first_name_key, source_start desc
on conflict (group_id, subscriber_number, birth_date, first_name_key) do nothing
"""

CHANGE = """
with sent as (
    select distinct on (group_id, subscriber_number, known_birth_date, first_name_key) *
    from enrolled_person where problem is null and (begins or maintenance_type = '001')
    order by group_id, subscriber_number, known_birth_date, first_name_key, source_start desc
), merged as (
    -- what is not sent stays as it is
    select m.member_id, s.is_subscriber = 'Y' as is_subscriber,
        coalesce(s.relationship_code, m.relationship_code) as relationship_code,
        coalesce(s.last_name, m.last_name) as last_name, coalesce(s.first_name, m.first_name) as first_name,
        coalesce(s.middle_name, m.middle_name) as middle_name, coalesce(s.gender, m.gender) as gender,
        coalesce(s.address, m.address) as address, coalesce(s.city, m.city) as city,
        coalesce(s.state, m.state) as state, coalesce(s.zip, m.zip) as zip, s.source_start, s.source_stop
    from sent s join member m on m.group_id = s.group_id and m.subscriber_number = s.subscriber_number
        and m.birth_date = s.known_birth_date and m.first_name_key = s.first_name_key
)
update member m set
    is_subscriber = n.is_subscriber, relationship_code = n.relationship_code, last_name = n.last_name,
    first_name = n.first_name, middle_name = n.middle_name, gender = n.gender, address = n.address, city = n.city,
    state = n.state, zip = n.zip, file_id = :file_id, source_start = n.source_start, source_stop = n.source_stop
from merged n
where n.member_id = m.member_id
    and (m.is_subscriber, m.relationship_code, m.last_name, m.first_name, m.middle_name, m.gender, m.address, m.city,
        m.state, m.zip)
    is distinct from (n.is_subscriber, n.relationship_code, n.last_name, n.first_name, n.middle_name, n.gender,
        n.address, n.city, n.state, n.zip)
"""


RECEIVED = "select received_date from file where file_id = :file_id"

LAST_MEMBER = "select coalesce(max(member_id), 0) from member"


@dataclass(frozen=True, slots=True)
class EnrollmentCounts:
    """What an 834 changed."""

    members: int
    """Members added, or changed in what is known of their person."""
    spans: SpanChanges
    findings: int
    is_refused: bool = False
    """Nothing was applied, because of its control totals or by a person's decision."""


def load_enrollment(
    conn: Connection,
    file_id: int,
    tables: Mapping[str, pa.Table],
    groups: GroupMap,
    partner: str,
    now: datetime,
    severities: Mapping[str, str],
    *,
    is_refused: bool = False,
) -> EnrollmentCounts:
    """Apply the members and coverages of the sets in `loaded_set`.

    `tables` are those of `edi.tables.enrollment`; `now` becomes the recorded time of every new span; `is_refused`: a
    person rejected the file, and nothing of it is applied.

    Raises:
        loaders.holds.FileHeld: a person has to decide first; what was done until then is to be undone.
    """
    received = conn.execute(text(RECEIVED), {"file_id": file_id}).scalar_one()
    last_member_id = conn.execute(text(LAST_MEMBER)).scalar_one()
    is_refused = stage_enrollment(conn, tables, groups, file_id, partner, is_refused=is_refused)
    stage_absences(conn, file_id)
    members = run(conn, ENROL, file_id=file_id) + run(conn, CHANGE, file_id=file_id)
    stage_coverage_events(conn, file_id, received)
    work_out_spans(conn, stage_coverage_changes(conn), received)
    stage_losses(conn, received)
    stop_if_held(conn, file_id)
    spans = record_spans(conn, file_id, now)
    follow_up_losses(conn, file_id, now)
    record_outcomes(conn, file_id, last_member_id)
    record_resubmissions(conn, file_id, partner)
    supersede_originals(conn, file_id, partner, now)
    by_code = {code.id: severities.get(code.id, code.severity) for code in CODES.values()}
    findings = run(conn, STORE_PROBLEMS, file_id=file_id, severities=json.dumps(by_code))
    return EnrollmentCounts(members, spans, findings, is_refused)
