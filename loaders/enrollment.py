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
from loaders.cobra_premiums import record_cobra_premiums
from loaders.coverage_changes import stage_coverage_changes
from loaders.coverage_events import stage_coverage_events
from loaders.coverage_history import SpanChanges, record_spans
from loaders.coverage_losses import follow_up_losses, stage_losses
from loaders.coverage_omissions import end_omitted_lines
from loaders.coverage_spans import work_out_spans
from loaders.coverage_stability import refuse_contradictions
from loaders.enrollment_headers import record_headers
from loaders.enrollment_identity import identify_persons
from loaders.enrollment_modes import record_resubmissions
from loaders.enrollment_outcomes import record_outcomes
from loaders.enrollment_providers import record_providers
from loaders.enrollment_reconcile import stage_absences
from loaders.enrollment_stability import put_stable_members_on_file
from loaders.enrollment_staging import STORE_PROBLEMS, stage_enrollment
from loaders.enrollment_statements import record_statements
from loaders.enrollment_tiers import warn_of_tiers
from loaders.enrollment_warnings import warn_of_members
from loaders.group_map import GroupMap
from loaders.holds import stop_if_held, supersede_originals
from loaders.staging import run

ROOM = "set local work_mem = '128MB'"
"""A list that does not fit is read anew for each row that is looked up in it."""

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
    identity_key: bytes | None = None,
    *,
    is_refused: bool = False,
) -> EnrollmentCounts:
    """Apply the members and coverages of the sets in `loaded_set`.

    `tables` are those of `edi.tables.enrollment`; `now` becomes the recorded time of whatever is new. Persons are
    recognised by their social security number too where there is an `identity_key`. `is_refused`: a person rejected
    the file, and nothing of it is applied.

    Raises:
        loaders.holds.FileHeld: a person has to decide first; what was done until then is to be undone.
    """
    run(conn, ROOM)
    received = conn.execute(text(RECEIVED), {"file_id": file_id}).scalar_one()
    last_member_id = conn.execute(text(LAST_MEMBER)).scalar_one()
    is_refused = stage_enrollment(conn, tables, groups, file_id, partner, identity_key, is_refused=is_refused)
    identify_persons(conn, file_id)
    stage_absences(conn, file_id)
    members = put_stable_members_on_file(conn, file_id, now)
    warn_of_members(conn, file_id, now)
    stage_coverage_events(conn, file_id, received)
    end_omitted_lines(conn)
    work_out_spans(conn, stage_coverage_changes(conn), received)
    refuse_contradictions(conn, file_id, received, now)
    stage_losses(conn, received)
    stop_if_held(conn, file_id)
    record_headers(conn, tables, groups.payer)
    record_statements(conn, tables, file_id, now, identity_key)
    record_providers(conn, tables, file_id, now, identity_key)
    spans = record_spans(conn, file_id, now)
    record_cobra_premiums(conn, file_id, now)
    follow_up_losses(conn, file_id, now)
    warn_of_tiers(conn, received)
    record_outcomes(conn, file_id, last_member_id)
    record_resubmissions(conn, file_id, partner)
    supersede_originals(conn, file_id, partner, now)
    by_code = {code.id: severities.get(code.id, code.severity) for code in CODES.values()}
    findings = run(conn, STORE_PROBLEMS, file_id=file_id, severities=json.dumps(by_code))
    return EnrollmentCounts(members, spans, findings, is_refused)
