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
from sqlalchemy import Connection

from edi.finding_codes import CODES
from loaders.coverage_changes import stage_coverage_changes
from loaders.coverage_spans import SpanChanges, apply_coverage_changes
from loaders.enrollment_headers import record_headers
from loaders.enrollment_identity import identify_persons
from loaders.enrollment_members import put_members_on_file
from loaders.enrollment_providers import record_providers
from loaders.enrollment_staging import STORE_PROBLEMS, stage_enrollment
from loaders.enrollment_statements import record_statements
from loaders.enrollment_warnings import warn_of_members
from loaders.group_map import GroupMap
from loaders.staging import run


@dataclass(frozen=True, slots=True)
class EnrollmentCounts:
    """What an 834 changed."""

    members: int
    """Members added, or changed in what is known of their person."""
    spans: SpanChanges
    findings: int


def load_enrollment(
    conn: Connection,
    file_id: int,
    tables: Mapping[str, pa.Table],
    groups: GroupMap,
    partner: str,
    now: datetime,
    severities: Mapping[str, str],
    identity_key: bytes | None = None,
) -> EnrollmentCounts:
    """Apply the members and coverages of the sets in `loaded_set`.

    `tables` are those of `edi.tables.enrollment`; `now` becomes the recorded time of whatever is new. Persons are
    recognised by their social security number too where there is an `identity_key`.
    """
    stage_enrollment(conn, tables, groups, partner, identity_key)
    identify_persons(conn, file_id)
    members = put_members_on_file(conn, file_id, now)
    warn_of_members(conn, file_id, now)
    record_headers(conn, tables)
    record_statements(conn, tables, file_id, now, identity_key)
    record_providers(conn, tables, file_id, now, identity_key)
    rounds = stage_coverage_changes(conn)
    spans = apply_coverage_changes(conn, rounds, file_id, now)
    by_code = {code.id: severities.get(code.id, code.severity) for code in CODES.values()}
    findings = run(conn, STORE_PROBLEMS, file_id=file_id, severities=json.dumps(by_code))
    return EnrollmentCounts(members, spans, findings)
