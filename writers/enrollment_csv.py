"""The member report as CSV: a row for each member and remark, then one for each remark on a whole transaction set.

UTF-8, lines end in CR LF. A member without a remark has one row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from edi.enrollment_report import EnrollmentReport, Remark, SentMember, SentSet
from writers.enrollment_words import meaning, next_step
from writers.spreadsheet import safe

COLUMNS = (
    "file_number",
    "received_date",
    "interchange_control_number",
    "transaction_set",
    "member_in_set",
    "segment_in_set",
    "subscriber_number",
    "person",
    "dependant_initials",
    "maintenance_type",
    "group",
    "outcome",
    "severity",
    "code",
    "meaning",
    "at_segment",
    "at_loop",
    "at_segment_in_set",
    "next_step",
)

NO_REMARK = ("", "", "", "", "", "", "")
Row = tuple[object, ...]


def write_enrollment_csv(report: EnrollmentReport) -> bytes:
    """The report as a CSV file with a heading."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    heading = (report.file_id, report.received.isoformat(), safe(report.interchange))
    for member in report.members:
        writer.writerows((*heading, *row) for row in _member_rows(member))
    for transaction_set in report.sets:
        writer.writerows((*heading, *row) for row in _set_rows(transaction_set))
    return sink.getvalue().encode("utf-8")


def _member_rows(member: SentMember) -> Iterator[Row]:
    row = (
        safe(member.transaction_set),
        member.number or "not sent",
        member.segment_position,
        safe(member.subscriber_number),
        "subscriber" if member.is_subscriber else "dependant",
        safe(member.initials),
        safe(member.maintenance_type),
        member.group_id,
        member.outcome,
    )
    if not member.remarks:
        yield (*row, *NO_REMARK)
    for remark in member.remarks:
        yield (*row, *_remark(remark))


def _set_rows(transaction_set: SentSet) -> Iterator[Row]:
    row = (safe(transaction_set.control_number), "", "", "", "", "", "", "")
    if not transaction_set.accepted:
        yield (*row, "refused", *NO_REMARK[:-1], "See the 999; correct the transaction set and send it again.")
    for remark in transaction_set.remarks:
        yield (*row, "", *_remark(remark))


def _remark(remark: Remark) -> Row:
    return (
        remark.severity,
        remark.code,
        meaning(remark.code),
        remark.segment_id,
        remark.loop,
        remark.segment_position or "",
        next_step(remark.code),
    )
