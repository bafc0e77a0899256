"""Commit: one transaction a file - its rows, its place in the registries, and the answers it gets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edi.verdict import FileVerdict, InterchangeVerdict
from loaders import commit as warehouse_commit
from loaders import ledger, numbers, outbox
from pipeline.enrollment_groups import group_map
from pipeline.reasons import reason_of
from pipeline.run_folder import RunFolders
from pipeline.translate import translate
from rules.acceptance import judge_duplicate
from writers.answers import answer
from writers.unreadable_report import unreadable_report

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from loaders.ledger import LedgerFile
    from pipeline.house import House

CONTROL_DIGITS = 9


@dataclass(frozen=True, slots=True)
class CommitOutcome:
    """The state a file reached, and rows loaded by table."""

    state: str
    rows: Counter[str]


def commit(house: House, file: LedgerFile) -> CommitOutcome:
    """Load a checked file and queue its answers.

    The ledger row is locked first (by `commit_file`), so of two workers one does it and the other finds it done.
    Control numbers are drawn as the transaction's last statements.

    Raises:
        loaders.ledger.WrongState: somebody else took the file further.
    """
    translation = RunFolders(house.runs).read(file.file_id, file.rules_bundle or "")
    now = house.now()
    partner = house.partner(file.partner)
    with house.warehouse.begin() as connection:
        loaded = warehouse_commit.commit_file(
            connection,
            file,
            translation.verdict,
            translation.findings,
            translation.tables,
            group_map(house.configuration.rulebook.groups),
            now,
            look_back_days=partner.duplicate_look_back_days,
            accept_test=house.accepts_test,
            severities=partner.severities,
        )
        verdict = translation.verdict
        if loaded.already_committed:
            raise ledger.WrongState(f"file {file.file_id} was committed before")
        for ordinal in loaded.duplicates:
            verdict = judge_duplicate(verdict, ordinal)
        state, code = _destination(verdict, repeated=bool(loaded.duplicates))
        ledger.move(connection, file.file_id, state, now, code, reason_of(code), expected=("checked",))
        answered = _queue_answers(connection, house, file, verdict, now)
        if state == "committed" and not answered:
            code = "NOTHING_TO_ANSWER"
            ledger.move(connection, file.file_id, "acknowledged", now, code, reason_of(code))
            state = "acknowledged"
    rows = {
        "members": loaded.members,
        "coverage_spans": loaded.spans_recorded,
        "claims": loaded.claims,
        "corrections": loaded.corrections,
        "findings": loaded.findings,
    }
    return CommitOutcome(state, Counter({name: count for name, count in rows.items() if count}))


def answer_duplicate(house: House, file: LedgerFile) -> bool:
    """Answer a file that repeats an earlier one byte for byte: TA1 R 025 for each interchange that can be answered.

    Nothing is loaded and the file stays a duplicate. Returns whether an answer was queued now.
    """
    with house.warehouse.begin() as connection:
        if outbox.answers(connection, file.file_id):
            return False
    profile = house.partner(file.partner).acceptance_profile(house.configuration.payer, file.usage)
    verdict = translate(house.archive.read(file.archive_path), profile).verdict
    for interchange in verdict.interchanges:
        verdict = judge_duplicate(verdict, interchange.ordinal)
    with house.warehouse.begin() as connection:
        ledger.lock(connection, file.file_id, "duplicate")
        if outbox.answers(connection, file.file_id):
            return False
        return _queue_answers(connection, house, file, verdict, house.now()) > 0


def _destination(verdict: FileVerdict, *, repeated: bool) -> tuple[str, str]:
    """Ledger state and reason after a commit."""
    if verdict.unreadable is not None:
        return "quarantined", verdict.unreadable
    sets = [s for interchange in verdict.interchanges for group in interchange.groups for s in group.sets]
    if any(s.accepted for s in sets):
        return "committed", "ANSWERED"
    return "committed", "INTERCHANGE_REPEATED" if repeated else "NOTHING_ACCEPTED"


def _queue_answers(connection: Connection, house: House, file: LedgerFile, verdict: FileVerdict, now: datetime) -> int:
    """Write every answer that is due into the outbox; returns how many files that made."""
    prepared_at = now.astimezone(house.configuration.plan.time_zone)
    files = []
    if verdict.unreadable is not None:
        files.append(_letter(house, file, verdict.unreadable, str(file.file_id)))
    for interchange in verdict.interchanges:
        if not (interchange.needs_ta1 or interchange.groups):
            continue
        control = numbers.draw(connection, f"isa:{_usage(interchange)}")
        content = answer(interchange, house.configuration.payer, control, prepared_at)
        if content is None:
            if interchange.code == "R":
                files.append(_letter(house, file, "INTERCHANGE_HEADER_BROKEN", f"{file.file_id}_{interchange.ordinal}"))
            continue
        partner = _partner_of(house, interchange, file.partner)
        kind = "999" if any(group.functional_id != "FA" for group in interchange.groups) else "TA1"
        name = f"{kind}_{_quotable(interchange.control_number)}_{control:09d}.x12"
        files.append(outbox.OutboxFile(partner, "ack", name, kind, content, file.file_id))
    outbox.put(connection, files, now)
    return len(files)


def _letter(house: House, file: LedgerFile, code: str, label: str) -> outbox.OutboxFile:
    """A plain letter where no TA1 can be written."""
    report = unreadable_report(code, file.file_id, file.received_date, house.configuration.payer)
    return outbox.OutboxFile(file.partner, "reports", f"unreadable_{label}.txt", "REPORT", report, file.file_id)


def _usage(interchange: InterchangeVerdict) -> str:
    """Series of control numbers: T and P number apart; whatever else was sent is answered as P."""
    return interchange.usage if interchange.usage in {"P", "T"} else "P"


def _partner_of(house: House, interchange: InterchangeVerdict, delivered_by: str) -> str:
    """The partner whose interchange it is; where that is nobody we know, the one whose folder it lay in."""
    sender = (interchange.sender_qualifier, interchange.sender_id)
    for partner in house.configuration.partners.values():
        if (partner.isa_qualifier, partner.isa_id) == sender:
            return partner.id
    return delivered_by


def _quotable(control_number: str) -> str:
    """The sender's interchange number for our file's name, if it is one."""
    fit = len(control_number) == CONTROL_DIGITS and control_number.isascii() and control_number.isdigit()
    return control_number if fit else "unnumbered"
