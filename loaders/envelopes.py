"""The envelopes of a file: interchanges, functional groups, transaction sets and findings, and what is a duplicate.

An interchange's control number is claimed by inserting it into a registry whose key no two transactions can both
insert. Of two files that carry the same number, committed at once, the second waits for the first and then finds
itself the duplicate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, insert, text

from edi.finding_codes import CODES
from edi.finding_columns import to_arrow
from edi.findings import FIELDS, Finding, FindingTable
from edi.verdict import FileVerdict, GroupVerdict, InterchangeVerdict
from loaders.copy import copy_table
from loaders.schema import intake
from loaders.staging import analyze, run, storable, storable_columns

DUPLICATE_NOTE = "025"

CLAIM_CONTROL_NUMBERS = """
insert into interchange_registry (sender_qualifier, sender_id, receiver_qualifier, receiver_id, usage, control_number,
    interchange_id, received_date)
select sender_qualifier, sender_id, receiver_qualifier, receiver_id, usage, control_number, interchange_id,
    :received_date
from interchange where interchange_id = any(:candidates)
-- the order in which rows are locked: the same in all transactions
order by sender_qualifier, sender_id, receiver_qualifier, receiver_id, usage, control_number
on conflict (sender_qualifier, sender_id, receiver_qualifier, receiver_id, usage, control_number)
do update set interchange_id = excluded.interchange_id, received_date = excluded.received_date
-- a number is free again when the look-back days are over
where interchange_registry.received_date < excluded.received_date - cast(:look_back_days as integer)
returning interchange_id
"""

REFUSE_DUPLICATES = """
update interchange set ta1_code = 'R', ta1_note = :note where interchange_id = any(:refused)
"""

LOADED_SETS = """
create temporary table loaded_set on commit drop as
select i.ordinal as interchange, g.ordinal as functional_group, s.ordinal as transaction_set, s.set_key,
    i.usage = 'T' as is_test
from interchange i
join functional_group g using (interchange_id)
join transaction_set s using (group_key)
where i.file_id = :file_id and i.ta1_code <> 'R' and s.ik501 in ('A', 'E') and (i.usage = 'P' or :accept_test)
"""

STORED_ENVELOPES = """
select exists (select from interchange where file_id = :file_id)
    or exists (select from finding where file_id = :file_id)
"""

STORED_DUPLICATES = """
select ordinal from interchange where file_id = :file_id and ta1_note = :note order by ordinal
"""


def is_stored(conn: Connection, file_id: int) -> bool:
    """Did an earlier commit of this file leave anything?"""
    return bool(conn.execute(text(STORED_ENVELOPES), {"file_id": file_id}).scalar_one())


def stored_duplicates(conn: Connection, file_id: int) -> tuple[int, ...]:
    """Ordinals of the file's interchanges that an earlier commit refused as duplicates."""
    return tuple(conn.execute(text(STORED_DUPLICATES), {"file_id": file_id, "note": DUPLICATE_NOTE}).scalars())


def store_envelopes(
    conn: Connection, file_id: int, verdict: FileVerdict, received_date: date, look_back_days: int, *, accept_test: bool
) -> tuple[int, ...]:
    """Insert interchanges, groups and sets, and leave the temporary table `loaded_set` of those whose rows count.

    A rejected interchange claims no control number, so that the sender may mend it and send it again. A duplicate is
    stored as TA1 R 025 without its groups. Test interchanges (ISA15 = T) are stored, but count only with `accept_test`.
    Returns the ordinals of the duplicates.
    """
    keys = _insert_interchanges(conn, file_id, verdict.interchanges)
    refused = _claim_control_numbers(conn, verdict.interchanges, keys, received_date, look_back_days)
    loaded = [interchange for interchange in verdict.interchanges if interchange.ordinal not in refused]
    _insert_sets(conn, _insert_groups(conn, loaded, keys))
    run(conn, LOADED_SETS, file_id=file_id, accept_test=accept_test)
    analyze(conn, "loaded_set")
    return refused


def store_findings(
    conn: Connection,
    file_id: int,
    findings: Sequence[Finding],
    duplicates: tuple[int, ...],
    severities: Mapping[str, str],
) -> int:
    """Insert findings but for those inside duplicate interchanges; how many.

    `severities` are the partner's own, by code; without one the code's default holds.
    """
    table = to_arrow(findings if isinstance(findings, FindingTable) else FindingTable.of(findings))
    if duplicates:
        inside = pc.is_in(table["interchange"], pa.array(duplicates, table["interchange"].type))
        table = table.filter(pc.invert(inside))
    known = table["code"].unique().to_pylist()
    severity = pa.array([severities.get(code) or CODES[code].severity for code in known], pa.string())
    table = table.append_column("severity", severity.take(pc.index_in(table["code"], pa.array(known, pa.string()))))
    table = table.append_column("file_id", pa.array([file_id] * table.num_rows, pa.int64()))
    return copy_table(conn, storable_columns(table), "finding", ("file_id", "severity", *FIELDS))


def duplicate_findings(verdict: FileVerdict, duplicates: tuple[int, ...]) -> list[Finding]:
    """The finding of each interchange that was refused as a duplicate."""
    return [
        Finding(
            "INTERCHANGE_DUPLICATE",
            interchange=interchange.ordinal,
            segment_id="ISA",
            element=13,
            source_start=interchange.source_start,
            source_stop=interchange.source_stop,
        )
        for interchange in verdict.interchanges
        if interchange.ordinal in duplicates
    ]


def _insert_interchanges(
    conn: Connection, file_id: int, interchanges: Sequence[InterchangeVerdict]
) -> Mapping[int, int]:
    """Interchange rows; their keys by ordinal."""
    if not interchanges:
        return {}
    rows = [
        {
            "file_id": file_id,
            "ordinal": interchange.ordinal,
            "sender_qualifier": storable(interchange.sender_qualifier),
            "sender_id": storable(interchange.sender_id),
            "receiver_qualifier": storable(interchange.receiver_qualifier),
            "receiver_id": storable(interchange.receiver_id),
            "control_number": storable(interchange.control_number),
            "version": storable(interchange.version),
            "usage": storable(interchange.usage),
            "acknowledgment_requested": interchange.acknowledgment_requested,
            "ta1_code": interchange.code,
            "ta1_note": interchange.note,
            "source_start": interchange.source_start,
            "source_stop": interchange.source_stop,
        }
        for interchange in interchanges
    ]
    table = intake.interchange
    inserted = conn.execute(insert(table).returning(table.c.ordinal, table.c.interchange_id), rows)
    return {row.ordinal: row.interchange_id for row in inserted}


def _claim_control_numbers(
    conn: Connection,
    interchanges: Sequence[InterchangeVerdict],
    keys: Mapping[int, int],
    received_date: date,
    look_back_days: int,
) -> tuple[int, ...]:
    """Register the control numbers of usable interchanges; the ordinals of those that were used before."""
    usable = [interchange for interchange in interchanges if interchange.code != "R"]
    # of twins inside one file the first wins
    first = {_control_key(interchange): keys[interchange.ordinal] for interchange in reversed(usable)}
    if not first:
        return ()
    parameters = {
        "candidates": list(first.values()),
        "received_date": received_date,
        "look_back_days": look_back_days,
    }
    claimed = set(conn.execute(text(CLAIM_CONTROL_NUMBERS), parameters).scalars())
    refused = tuple(interchange.ordinal for interchange in usable if keys[interchange.ordinal] not in claimed)
    if refused:
        run(conn, REFUSE_DUPLICATES, refused=[keys[ordinal] for ordinal in refused], note=DUPLICATE_NOTE)
    return refused


def _control_key(interchange: InterchangeVerdict) -> tuple[str, ...]:
    """What makes a control number unique."""
    parts = (
        interchange.sender_qualifier,
        interchange.sender_id,
        interchange.receiver_qualifier,
        interchange.receiver_id,
        interchange.usage,
        interchange.control_number,
    )
    return tuple(map(storable, parts))


def _insert_groups(
    conn: Connection, interchanges: Sequence[InterchangeVerdict], keys: Mapping[int, int]
) -> list[tuple[int, GroupVerdict]]:
    """Functional group rows; each group with its key."""
    pairs = [(keys[interchange.ordinal], group) for interchange in interchanges for group in interchange.groups]
    if not pairs:
        return []
    rows = [
        {
            "interchange_id": interchange_id,
            "ordinal": group.ordinal,
            "functional_id": storable(group.functional_id),
            "sender": storable(group.sender),
            "receiver": storable(group.receiver),
            "control_number": storable(group.control_number),
            "guide": storable(group.guide),
            "received_sets": group.received_sets,
            "accepted_sets": group.accepted_sets,
            "ak901": group.code,
            "source_start": group.source_start,
            "source_stop": group.source_stop,
        }
        for interchange_id, group in pairs
    ]
    table = intake.functional_group
    inserted = conn.execute(insert(table).returning(table.c.interchange_id, table.c.ordinal, table.c.group_key), rows)
    group_keys = {(interchange_id, ordinal): key for interchange_id, ordinal, key in inserted}
    return [(group_keys[interchange_id, group.ordinal], group) for interchange_id, group in pairs]


def _insert_sets(conn: Connection, groups: Sequence[tuple[int, GroupVerdict]]) -> None:
    """Transaction set rows, by COPY: a clearinghouse may send every claim in a set of its own."""
    pairs = [(key, group, transaction_set) for key, group in groups for transaction_set in group.sets]
    table = pa.table(
        {
            "group_key": pa.array([key for key, _, _ in pairs], pa.int64()),
            "ordinal": pa.array([item.ordinal for _, _, item in pairs], pa.int32()),
            "transaction": pa.array([item.transaction for _, _, item in pairs], pa.string()),
            "control_number": pa.array([item.control_number for _, _, item in pairs], pa.string()),
            "guide": pa.array([item.guide or group.guide for _, group, item in pairs], pa.string()),
            "segments": pa.array([item.segments for _, _, item in pairs], pa.int32()),
            "ik501": pa.array([item.code for _, _, item in pairs], pa.string()),
            "reference": pa.array([item.reference for _, _, item in pairs], pa.string()),
            "source_start": pa.array([item.source_start for _, _, item in pairs], pa.int64()),
            "source_stop": pa.array([item.source_stop for _, _, item in pairs], pa.int64()),
        }
    )
    copy_table(conn, storable_columns(table), "transaction_set")
