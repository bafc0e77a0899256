"""Commit one file: everything that its transaction sets bring, in one database transaction.

The caller begins the transaction, and in it also moves the ledger's state and puts the answers into the outbox; so
after a crash at any moment either all of it is there or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Connection, text

from edi.claim_screening import Screen
from edi.findings import Finding
from edi.trouble import Final
from edi.verdict import FileVerdict
from loaders import partner_answers
from loaders.claim_rehearsal import rehearse
from loaders.claims import ClaimsLoaded, load_claims
from loaders.enrollment import load_enrollment
from loaders.envelopes import duplicate_findings, is_stored, store_envelopes, store_findings, stored_duplicates
from loaders.group_map import GroupMap
from loaders.holds import FileHeld, Hold
from loaders.holds import store as store_holds
from loaders.ledger import LedgerFile

COMMITTED = ("committed", "acknowledged")
NO_SEVERITIES: Mapping[str, str] = {}

LOCK_FILE = "select state from file where file_id = :file_id for no key update"


class UnknownFile(Final):
    """The file to commit is not in the ledger."""


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What a commit did."""

    already_committed: bool = False
    """An earlier commit stored this file; nothing was done now and the counts are zero."""
    duplicates: tuple[int, ...] = ()
    """Ordinals of interchanges whose control number was used before (TA1 025): nothing of them was loaded."""
    members: int = 0
    """Members added or changed."""
    spans_recorded: int = 0
    spans_superseded: int = 0
    claims: int = 0
    """Claims accepted."""
    corrections: int = 0
    """Replacements and voids among the claims, refused and rejected ones too."""
    refused_corrections: int = 0
    loaded_claims: ClaimsLoaded | None = None
    """The claims one by one, for the 277CA."""
    rehearsed_claims: ClaimsLoaded | None = None
    """The same of test sets that touched nothing."""
    findings: int = 0
    """Findings stored: those of the scan and those of the business."""
    enrollment_refused: bool = False
    """Nothing of its 834 sets was applied."""
    ours_refused: int = 0
    """Answers that refuse what we sent."""
    holds: tuple[Hold, ...] = ()
    """Why it waits for a person: then nothing of it was stored but these."""


def commit_file(
    conn: Connection,
    file: LedgerFile,
    verdict: FileVerdict,
    findings: Sequence[Finding],
    tables: Mapping[str, pa.Table],
    groups: GroupMap,
    now: datetime,
    *,
    look_back_days: int,
    accept_test: bool = False,
    severities: Mapping[str, str] = NO_SEVERITIES,
    refuse_enrollment: bool = False,
    identity_key: bytes | None = None,
    screen: Screen | None = None,
    suffix_digits: int = 0,
) -> CommitResult:
    """Store a file's envelopes, findings, members and claims, or, where a person has to decide first, why.

    `tables` are the Arrow tables of `edi.tables`, ordinals as in `verdict`; those of an 834, of an 837, or both.
    `look_back_days` is how long the partner's interchange control numbers stay used up. Rows of test interchanges
    (ISA15 = T) are loaded only with `accept_test`. `severities` are the partner's own severities by finding code;
    `identity_key` is the key under which social security numbers are hashed, without which they are left out.
    `refuse_enrollment`: a person rejected the file, and nothing of its 834 sets is applied. `screen` judges claims
    before they are taken in; without it all are accepted. `suffix_digits`: how many last digits of a claim number name
    a claim of the member (`loaders.corrections`).
    """
    state = conn.execute(text(LOCK_FILE), {"file_id": file.file_id}).scalar_one_or_none()
    if state is None:
        raise UnknownFile(f"file {file.file_id} is not in the ledger")
    if state in COMMITTED or is_stored(conn, file.file_id):
        return CommitResult(already_committed=True, duplicates=stored_duplicates(conn, file.file_id))
    before = conn.begin_nested()
    try:
        result = _store(
            conn,
            file,
            verdict,
            findings,
            tables,
            groups,
            now,
            look_back_days=look_back_days,
            accept_test=accept_test,
            severities=severities,
            refuse_enrollment=refuse_enrollment,
            identity_key=identity_key,
            screen=screen,
            suffix_digits=suffix_digits,
        )
    except FileHeld as held:
        before.rollback()
        store_holds(conn, file.file_id, held.holds, held.references, now)
        return CommitResult(holds=held.holds)
    before.commit()
    return result


def _store(
    conn: Connection,
    file: LedgerFile,
    verdict: FileVerdict,
    findings: Sequence[Finding],
    tables: Mapping[str, pa.Table],
    groups: GroupMap,
    now: datetime,
    *,
    look_back_days: int,
    accept_test: bool,
    severities: Mapping[str, str],
    refuse_enrollment: bool,
    identity_key: bytes | None,
    screen: Screen | None,
    suffix_digits: int,
) -> CommitResult:
    """Everything of a file; raises FileHeld where a person has to decide first."""
    duplicates = store_envelopes(
        conn, file.file_id, verdict, file.received_date, look_back_days, accept_test=accept_test
    )
    stored = store_findings(conn, file.file_id, findings, duplicates, severities)
    stored += store_findings(conn, file.file_id, duplicate_findings(verdict, duplicates), (), severities)
    result = CommitResult(duplicates=duplicates, findings=stored)
    if _has_rows(tables, "enrollment_header"):
        counts = load_enrollment(
            conn,
            file.file_id,
            tables,
            groups,
            file.partner,
            now,
            severities,
            identity_key,
            is_refused=refuse_enrollment,
        )
        result = replace(
            result,
            members=counts.members,
            spans_recorded=counts.spans.recorded,
            spans_superseded=counts.spans.superseded,
            findings=result.findings + counts.findings,
            enrollment_refused=counts.is_refused,
        )
    if _has_rows(tables, "claim") or _has_rows(tables, "refused_claim"):
        if screen is not None and not accept_test:
            rehearsed = rehearse(conn, file.file_id, tables, file.partner, file.received_date, screen, suffix_digits)
            result = replace(result, rehearsed_claims=rehearsed)
        claims = load_claims(
            conn, file.file_id, tables, file.partner, file.received_date, screen, identity_key, suffix_digits
        )
        if claims is not None:
            result = replace(
                result,
                claims=claims.claims,
                corrections=claims.corrections,
                refused_corrections=claims.refused_corrections,
                loaded_claims=claims,
            )
    if _has_rows(tables, "partner_answer"):
        ours_refused = partner_answers.store(conn, file.file_id, file.partner, tables["partner_answer"])
        result = replace(result, ours_refused=ours_refused)
    return result


def _has_rows(tables: Mapping[str, pa.Table], name: str) -> bool:
    """Is there anything in this table?"""
    return name in tables and tables[name].num_rows > 0
