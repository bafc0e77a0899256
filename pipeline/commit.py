"""Commit: one transaction a file - its rows, its place in the registries, and the answers it gets."""

from __future__ import annotations

import itertools
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from edi.kinds import NACHA
from edi.quotation import ACKNOWLEDGMENT
from edi.trouble import Final
from edi.verdict import FileVerdict, InterchangeVerdict
from loaders import commit as warehouse_commit
from loaders import ledger, numbers, outbox
from loaders.holds import is_rejected
from pipeline.answer_names import addressee, quotable
from pipeline.enrollment_groups import group_map
from pipeline.enrollment_report import enrollment_reports
from pipeline.file_translation import translate_file, translation_of
from pipeline.holds import hold, rejected_for
from pipeline.reasons import reason_of
from pipeline.rules_bundle import enter
from rules.acceptance import judge_duplicate, judge_refused
from rules.front_end.screen import FrontEnd
from writers.answers import answer, is_due
from writers.quoting import Quoting
from writers.refused_report import refused_report
from writers.unreadable_report import unreadable_report

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa
    from sqlalchemy import Connection

    from edi.claim_answers import ClaimAnswers
    from loaders.commit import CommitResult
    from loaders.ledger import LedgerFile
    from pipeline.house import House

log = logging.getLogger(__name__)

REJECTED = "R"
ANSWERED = ("ANSWERED", "TEST_ANSWERED")
"""Reasons of files of which nothing else is to be said."""
REFUSALS = ("FILE_REJECTED", "ENROLLMENT_REFUSED")
"""Reasons of files that are answered, and applied in nothing."""
REFUSED = {"837": "refused_claims", "834": "refused_members"}
"""By transaction."""


class StoredBefore(Final):
    """The warehouse holds rows of a file that the ledger calls uncommitted; nothing may be loaded beside them."""


class AnswerMissing(Final):
    """An answer was due, a number was drawn for it, and it could not be written."""


@dataclass(frozen=True, slots=True)
class CommitOutcome:
    """The state a file reached, rows loaded by table, and claims and members that were not for what the 999 says."""

    state: str
    rows: Counter[str]


def commit(house: House, file: LedgerFile) -> CommitOutcome:
    """Load a checked file and queue its answers, or hold it where a person has to decide first.

    Of a file that a person rejected nothing is loaded: claims are answered with TA1 R 024, an 834 with its 999, and
    both with a letter that says why.

    The ledger row is locked first (by `commit_file`), so of two workers one does it and the other finds it done.
    Control numbers are drawn when all rows are in, because everybody else waits for that lock.

    Raises:
        loaders.ledger.WrongState: somebody else took the file further.
        StoredBefore: nobody did, but an earlier commit left rows.
    """
    translation = translation_of(house, file)
    now = house.now()
    partner = house.partner(file.partner)
    with house.warehouse.begin() as connection:
        rejected = is_rejected(connection, file.file_id)
        verdict = translation.verdict
        if rejected and file.kind != ledger.ENROLLMENT:
            verdict = judge_refused(verdict)
        loaded = warehouse_commit.commit_file(
            connection,
            file,
            verdict,
            translation.findings,
            translation.tables,
            group_map(house.configuration.rulebook.groups, house.configuration.plan.name),
            now,
            look_back_days=partner.duplicate_look_back_days,
            accept_test=house.accepts_test,
            severities=partner.severities,
            refuse_enrollment=rejected,
            identity_key=house.identity_key(),
            suffix_digits=house.configuration.rulebook.correction.suffix_digits,
            screen=_screen(house, file),
        )
        if loaded.already_committed:
            ledger.lock(connection, file.file_id, "checked")
            raise StoredBefore(f"An earlier commit left rows of file {file.file_id}; remove them before a replay.")
        if loaded.holds:
            hold(connection, file.file_id, loaded.holds, now)
            enter(house, connection, "commit", now, file.file_id)
            return CommitOutcome("held", Counter())
        verdict = _with_duplicates(verdict, loaded.duplicates)
        state, code = _destination(verdict, repeated=bool(loaded.duplicates), accepts_test=house.accepts_test)
        if rejected:
            code = "FILE_REJECTED"
        elif loaded.enrollment_refused:
            code = "ENROLLMENT_REFUSED"
        elif loaded.ours_refused:
            code = "OURS_REFUSED"
        told = _claim_answers(file, translation.tables, loaded)
        answered, in_full = _queue_answers(connection, house, file, verdict, told, now)
        if not in_full and code in ANSWERED:
            code = "LINES_UNANSWERED"
        ledger.move(connection, file.file_id, state, now, code, reason_of(code), expected=("checked",))
        if code in REFUSALS:
            outbox.put(connection, [_refusal(house, file, code, rejected_for(connection, file.file_id))], now)
            answered += 1
        outbox.put(connection, enrollment_reports(connection, house, file, verdict, translation.tables), now)
        if state == "committed" and not answered:
            code = "OURS_REFUSED" if loaded.ours_refused else "NOTHING_TO_ANSWER"
            ledger.move(connection, file.file_id, "acknowledged", now, code, reason_of(code))
            state = "acknowledged"
        enter(house, connection, "commit", now, file.file_id)
    return CommitOutcome(state, _rows(loaded) + _refused(verdict))


def answer_set_aside(house: House, file: LedgerFile) -> bool:
    """Answer a file that was never to be loaded: a duplicate or an empty one. It stays in its state.

    A repetition, byte for byte, of an earlier file gets TA1 R 025 for each interchange that can be answered, a file
    that nobody can be answered for gets a letter. A bank reads none. Returns whether an answer was queued now.
    """
    if file.kind == NACHA:
        return False
    verdict = translate_file(house, file).verdict
    if file.state == "duplicate":
        verdict = _with_duplicates(verdict, [interchange.ordinal for interchange in verdict.interchanges])
    with house.warehouse.begin() as connection:
        ledger.lock(connection, file.file_id, file.state)
        if outbox.answers(connection, file.file_id):
            return False
        now = house.now()
        answered, _ = _queue_answers(connection, house, file, verdict, None, now)
        enter(house, connection, "answer", now, file.file_id)
        return answered > 0


def _rows(loaded: CommitResult) -> Counter[str]:
    rows = {
        "members": loaded.members,
        "coverage_spans": loaded.spans_recorded,
        "claims": loaded.claims,
        "rejected_claims": loaded.loaded_claims.rejected if loaded.loaded_claims is not None else 0,
        "corrections": loaded.corrections,
        "findings": loaded.findings,
    }
    return Counter({name: count for name, count in rows.items() if count})


def _refused(verdict: FileVerdict) -> Counter[str]:
    """Claims and members that are left out of accepted sets; of a duplicate there are none."""
    return Counter(
        REFUSED[transaction_set.transaction]
        for interchange in verdict.interchanges
        for group in interchange.groups
        for transaction_set in group.sets
        for _ in transaction_set.refused
    )


def _screen(house: House, file: LedgerFile) -> FrontEnd:
    """The edits as they are set for the sender on the day of receipt."""
    rulebook = house.configuration.rulebook
    replaces_denied = rulebook.correction.denied_original == "correct"
    return FrontEnd(house.configuration.front_end, file.partner, file.received_date, replaces_denied, rulebook)


def _with_duplicates(verdict: FileVerdict, ordinals: Iterable[int]) -> FileVerdict:
    """The answers, where some interchanges came before: TA1 R 025.

    Interchanges that hold nothing but TA1 get none even so: an answer to them might be answered, and so on for ever.
    """
    bare = {one.ordinal for one in verdict.interchanges if not one.groups and one.code != REJECTED}
    for ordinal in ordinals:
        if ordinal not in bare:
            verdict = judge_duplicate(verdict, ordinal)
    return verdict


def _destination(verdict: FileVerdict, *, repeated: bool, accepts_test: bool) -> tuple[str, str]:
    """Ledger state and reason after a commit."""
    if verdict.unreadable is not None:
        return "quarantined", verdict.unreadable
    usages = {
        interchange.usage
        for interchange in verdict.interchanges
        if any(one.accepted for group in interchange.groups for one in group.sets)
    }
    if not usages:
        if all(_holds_only_acknowledgments(interchange) for interchange in verdict.interchanges):
            return "committed", "NOTHING_TO_ANSWER"
        return "committed", "INTERCHANGE_REPEATED" if repeated else "NOTHING_ACCEPTED"
    return "committed", "TEST_ANSWERED" if usages == {"T"} and not accepts_test else "ANSWERED"


def _holds_only_acknowledgments(interchange: InterchangeVerdict) -> bool:
    """Was it taken, and is there nothing in it to accept: only answers to what we sent?"""
    return interchange.code != REJECTED and all(group.functional_id == ACKNOWLEDGMENT for group in interchange.groups)


def _claim_answers(file: LedgerFile, tables: Mapping[str, pa.Table], loaded: CommitResult) -> ClaimAnswers | None:
    """What the 277CAs are written from, where claims were taken in or rejected, or would be."""
    import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow

    from edi.claim_answers import claim_answers  # noqa: PLC0415 - as above

    claims = [one for one in (loaded.loaded_claims, loaded.rehearsed_claims) if one is not None]
    if not claims:
        return None
    answered, found = (
        pa.concat_tables(parts) for parts in zip(*((one.answered, one.found) for one in claims), strict=True)
    )
    return claim_answers(tables, answered, found, file.received_date)


def _queue_answers(
    connection: Connection,
    house: House,
    file: LedgerFile,
    verdict: FileVerdict,
    claims: ClaimAnswers | None,
    now: datetime,
) -> tuple[int, bool]:
    """Write every answer that is due into the outbox; returns how many files that made, and whether all is in them."""
    with_claims = claims.interchanges() if claims is not None else frozenset()
    controls = _draw_controls(connection, verdict.interchanges, with_claims)
    quoting = _quoting(house, file)
    files = [_letter(house, file, verdict.unreadable)] if verdict.unreadable is not None else []
    in_full = True
    for interchange in verdict.interchanges:
        if is_due(interchange):
            control = next(controls[_series(interchange)])
            files.append(_answer_file(house, file, interchange, control, now, quoting))
            if claims is not None and interchange.ordinal in with_claims:
                control = next(controls[_series(interchange)])
                answer_file, has_lines = _claim_answer_file(house, file, interchange, claims, control, now)
                files.append(answer_file)
                in_full &= has_lines
        elif interchange.code == REJECTED:
            files.append(_letter(house, file, "INTERCHANGE_HEADER_BROKEN", interchange.ordinal))
    outbox.put(connection, files, now)
    return len(files), in_full


def _draw_controls(
    connection: Connection, interchanges: Collection[InterchangeVerdict], with_claims: Collection[int]
) -> Mapping[str, Iterator[int]]:
    """Our control numbers, by series: one for each answer that will be written, since a series must have no gap.

    The series are drawn in one order by everybody, so that no two transactions wait for each other.
    """
    wanted: Counter[str] = Counter()
    for interchange in filter(is_due, interchanges):
        wanted[_series(interchange)] += 1 + (interchange.ordinal in with_claims)
    return {
        series: itertools.count(numbers.draw(connection, f"isa:{series}", wanted[series])) for series in sorted(wanted)
    }


def _claim_answer_file(
    house: House, file: LedgerFile, interchange: InterchangeVerdict, claims: ClaimAnswers, control: int, now: datetime
) -> tuple[outbox.OutboxFile, bool]:
    """The 277CAs of an interchange, and are its lines in them? The name has the control numbers of both.

    What cannot be said of a line must not keep the answer from everybody: then each claim has its reasons alone.
    """
    from writers.status_277ca import AcknowledgmentUnwritable, write_277ca  # noqa: PLC0415 - as above

    prepared_at = now.astimezone(house.configuration.plan.time_zone)
    told = interchange, claims.of(interchange.ordinal), house.configuration.payer, control, prepared_at
    try:
        content, has_lines = write_277ca(*told), True
    except AcknowledgmentUnwritable as problem:
        log.error("File %s is answered without service lines: %s", file.file_id, problem)  # noqa: TRY400 - it says what is wrong
        content, has_lines = write_277ca(*told, with_lines=False), False
    name = f"277CA_{quotable(interchange.control_number)}_{_series(interchange)}{control:09d}.x12"
    partner = addressee(house, interchange, file.partner)
    return outbox.OutboxFile(partner, "ack", name, "277CA", content, file.file_id), has_lines


def _answer_file(
    house: House, file: LedgerFile, interchange: InterchangeVerdict, control: int, now: datetime, quoting: Quoting
) -> outbox.OutboxFile:
    """The interchange that answers one of the file's; its name has the control numbers of both."""
    prepared_at = now.astimezone(house.configuration.plan.time_zone)
    content = answer(interchange, house.configuration.payer, control, prepared_at, quoting)
    if content is None:
        raise AnswerMissing(f"Interchange {interchange.ordinal} of file {file.file_id} was due an answer.")
    kind = "999" if any(group.functional_id != ACKNOWLEDGMENT for group in interchange.groups) else "TA1"
    name = f"{kind}_{quotable(interchange.control_number)}_{_series(interchange)}{control:09d}.x12"
    return outbox.OutboxFile(addressee(house, interchange, file.partner), "ack", name, kind, content, file.file_id)


def _quoting(house: House, file: LedgerFile) -> Quoting:
    """What a 999 may repeat of the file, which is read only where something is repeated."""
    partner = house.partner(file.partner)
    content = cache(lambda: house.archive.read(file.archive_path))
    return Quoting(
        lambda start, stop: content()[start:stop],
        claim_numbers=partner.claim_numbers_in_answers,
        bad_data=partner.copy_bad_data,
    )


def _letter(house: House, file: LedgerFile, code: str, interchange: int | None = None) -> outbox.OutboxFile:
    """A plain letter where no TA1 can be written, for the file or for one interchange of it."""
    content = unreadable_report(code, file.file_id, file.received_date, house.configuration.payer, interchange)
    label = f"{file.file_id}" if interchange is None else f"{file.file_id}_{interchange}"
    return outbox.OutboxFile(file.partner, "reports", f"unreadable_{label}.txt", "REPORT", content, file.file_id)


def _refusal(house: House, file: LedgerFile, code: str, reasons: Sequence[str]) -> outbox.OutboxFile:
    """The letter that tells the sender of a file that nothing of it was applied, and why."""
    content = refused_report(reasons or [code], file.file_id, file.received_date, house.configuration.payer)
    return outbox.OutboxFile(file.partner, "reports", f"refused_{file.file_id}.txt", "REPORT", content, file.file_id)


def _series(interchange: InterchangeVerdict) -> str:
    """Series of control numbers: T and P number apart; whatever else was sent is answered as P."""
    return interchange.usage if interchange.usage in {"P", "T"} else "P"
