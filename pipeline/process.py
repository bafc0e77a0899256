"""The stages of an inbound file, over lists of file ids: what DAGs and the command line call."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from edi.kinds import NACHA, OTHER
from loaders import ledger, outbox
from pipeline import commit, expect, holds
from pipeline.bank_files import take_bank_file
from pipeline.file_steps import Postponed, Progress, each_file, unseen
from pipeline.file_translation import keep_translation, translation_of
from pipeline.rules_bundle import enter, keep_bundle
from pipeline.this_machine import is_dead, this_process

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa

    from loaders.ledger import LedgerFile
    from pipeline.house import House

log = logging.getLogger(__name__)

STAGES = ("translate", "expect", "commit")
SET_ASIDE = ("duplicate", "quarantined")
"""States that a file can have from its arrival on: it is answered, and never loaded."""


@dataclass(slots=True)
class ProcessReport:
    """What became of the files of a batch."""

    states: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> int:
        """Files whose answers now wait in the outbox."""
        return self.states["committed"] + self.states["quarantined"]

    def summary(self) -> dict[str, Any]:
        """Counts for people and programs."""
        return {"files": dict(sorted(self.states.items())), "rows": dict(sorted(self.rows.items()))}


def lease_batches(house: House, kind: str, owner: str) -> list[list[int]]:
    """Lease the waiting files of a kind and deal them into batches that may run side by side.

    The files of one 834 sender stay together and in order of arrival; a batch applies them one by one. Files that were
    leased before in vain go into batches of their own, one by one while there are enough of them: should one of them be
    what killed a worker, it takes no neighbours along next time.
    """
    limits = house.configuration.limits
    files = _lease(house, kind, owner)
    rows: dict[str, list[LedgerFile]] = {}
    for file in files:
        rows.setdefault(file.partner if kind == ledger.ENROLLMENT else str(file.file_id), []).append(file)
    fresh: list[list[int]] = []
    again: list[list[int]] = []
    for row in rows.values():
        (fresh if all(file.attempts <= 1 for file in row) else again).append([file.file_id for file in row])
    batches = _deal(fresh, limits.files_per_batch, max(1, limits.batches - bool(again)))
    return [*batches, *_deal(again, 1, max(1, limits.batches - len(batches)))]


def _lease(house: House, kind: str, owner: str, partner_id: str | None = None) -> list[LedgerFile]:
    """Waiting files of a kind, of one partner or of all; what a killed process of this machine held is free at once."""
    limits = house.configuration.limits
    most = limits.batches * limits.files_per_batch
    now = house.now()
    with house.warehouse.begin() as connection:
        for holder in filter(is_dead, ledger.lease_owners(connection, now)):
            ledger.release_all(connection, holder)
        return ledger.lease(connection, kind, ledger.UNFINISHED, owner, now, limits.lease_seconds, most, partner_id)


def _deal(rows: Sequence[list[int]], files_per_batch: int, most_batches: int) -> list[list[int]]:
    """Rows that must stay together, dealt round into batches.

    A batch is worth a process of its own (Great Expectations alone takes seconds to import) only
    when it is full, so there are no more of them than the files fill.
    """
    filled = math.ceil(sum(map(len, rows)) / files_per_batch)
    hands: list[list[int]] = [[] for _ in range(min(most_batches, filled, len(rows)))]
    for place, row in enumerate(rows):
        hands[place % len(hands)].extend(row)
    return hands


def release(house: House, file_ids: Sequence[int], owner: str) -> None:
    """Give back what was leased and is not done, so that the next run need not wait for the lease to end."""
    with house.warehouse.begin() as connection:
        ledger.release(connection, file_ids, owner)


def process_files(house: House, file_ids: Sequence[int], progress: Progress = unseen) -> ProcessReport:
    """Take files through all stages; one that is in trouble at a stage does not keep the others from the next.

    Raises:
        Retryable: or whatever else the first troubled file raised, after all others are done.
    """
    postponed = Postponed()
    report = ProcessReport()
    with postponed:
        translate_files(house, file_ids, progress)
    with postponed:
        expect_files(house, file_ids, progress)
    with postponed:
        report = commit_files(house, file_ids, progress)
    postponed.raise_first()
    return report


def translate_files(house: House, file_ids: Sequence[int], progress: Progress = unseen) -> list[int]:
    """Translate received files, and take those of a bank; returns the ids it was given, for the next stage."""

    def step(file: LedgerFile) -> None:
        if file.state != "received":
            return
        if file.kind == NACHA:
            take_bank_file(house, file)
            return
        bundle = keep_translation(house, file)
        with house.warehouse.begin() as connection:
            ledger.move(connection, file.file_id, "translated", house.now(), rules_bundle=bundle)
            keep_bundle(house, connection, house.now())

    each_file(house, file_ids, step, progress)
    return list(file_ids)


def expect_files(house: House, file_ids: Sequence[int], progress: Progress = unseen) -> list[int]:
    """Check translated files against the expectations; returns the ids it was given, for the next stage."""
    tables: dict[int, Mapping[str, pa.Table]] = {}
    days: dict[int, date] = {}

    def gather(file: LedgerFile) -> None:
        if file.state == "translated":
            tables[file.file_id] = translation_of(house, file).tables
            days[file.file_id] = file.received_date

    def step(file: LedgerFile) -> None:
        if file.state != "translated" or file.file_id not in tables:
            return
        found = None
        if file.file_id in doubtful:
            found = expect.broken_holds(house, file.file_id, tables[file.file_id], file.received_date)
        with house.warehouse.begin() as connection:
            reasons = holds.of_expectations(connection, file.file_id, found) if found else []
            if reasons:
                references = holds.references_of(tables[file.file_id])
                now = house.now()
                holds.open_holds(connection, file.file_id, reasons, references, now)
                enter(house, connection, "expect", now, file.file_id)
            else:
                ledger.move(connection, file.file_id, "checked", house.now())

    postponed = Postponed()
    with postponed:
        each_file(house, file_ids, gather)
    doubtful: set[int] = set()
    with postponed:
        doubtful = _doubtful(house, tables, days)
        each_file(house, file_ids, step, progress)
    postponed.raise_first()
    return list(file_ids)


def _doubtful(house: House, tables: Mapping[int, Mapping[str, pa.Table]], days: Mapping[int, date]) -> set[int]:
    """Files that may break a hold expectation, because all files received on their day together break one."""
    found: set[int] = set()
    checked = [file_id for file_id in sorted(tables) if expect.is_worth_checking(house, tables[file_id])]
    for day, group in groupby(sorted(checked, key=lambda file_id: (days[file_id], file_id)), key=days.__getitem__):
        of_day = {file_id: tables[file_id] for file_id in group}
        if not expect.hold_together(house, of_day, day):
            found |= of_day.keys()
    return found


def commit_files(house: House, file_ids: Sequence[int], progress: Progress = unseen) -> ProcessReport:
    """Commit checked files in order of arrival, one transaction each.

    An enrolment file waits while an earlier one of its partner is on its way, and is leased again later; so does a file
    of claims while any earlier enrolment file is, whose members it may be about.
    """
    report = ProcessReport()

    def step(file: LedgerFile) -> None:
        if file.state != "checked":
            return
        if file.kind == ledger.ENROLLMENT and _is_behind(house, file):
            log.info("File %s waits for an earlier enrolment file of its partner.", file.file_id)
            return
        if file.kind == ledger.CLAIMS and _awaits_members(house, file):
            log.info("File %s waits for an enrolment file that arrived before it.", file.file_id)
            return
        outcome = commit.commit(house, file)
        report.states[outcome.state] += 1
        report.rows.update(outcome.rows)

    each_file(house, _by_arrival(house, file_ids), step, progress)
    return report


def _by_arrival(house: House, file_ids: Sequence[int]) -> list[int]:
    with house.warehouse.begin() as connection:
        files = [file for file_id in file_ids if (file := ledger.read_file(connection, file_id)) is not None]
    return [file.file_id for file in sorted(files, key=lambda file: (file.arrived_at, file.file_id))]


def _is_behind(house: House, file: LedgerFile) -> bool:
    with house.warehouse.begin() as connection:
        return ledger.is_behind(connection, file)


def _awaits_members(house: House, file: LedgerFile) -> bool:
    """Members first: whom nobody knows yet is rejected. Such a file is free for the run that follows the enrolment."""
    with house.warehouse.begin() as connection:
        waits = ledger.awaits_members(connection, file)
        if waits:
            ledger.free(connection, file.file_id)
    return waits


def settle_unrecognized(house: House, partner_id: str) -> int:
    """Take a partner's files that are neither 834 nor 837 through all stages, and answer those that were set aside.

    Returns how many files were answered; what a bank says is taken, and answered by nothing.

    Raises:
        Retryable: or whatever else the first troubled file raised, after all others are done.
    """
    postponed = Postponed()
    answered = 0
    with postponed:
        answered = answer_set_aside(house, partner_id)
    owner = this_process()
    ids = [file.file_id for kind in (OTHER, NACHA) for file in _lease(house, kind, owner, partner_id)]
    if ids:
        with postponed:
            answered += process_files(house, ids).answered
        with postponed:
            release(house, ids, owner)
    postponed.raise_first()
    return answered


def answer_set_aside(house: House, partner_id: str) -> int:
    """Answer a partner's duplicates and empty files that have no answer yet; returns how many got one."""
    answered: list[int] = []

    def step(file: LedgerFile) -> None:
        if commit.answer_set_aside(house, file):
            answered.append(file.file_id)

    with house.warehouse.begin() as connection:
        files = [file for file in ledger.list_files(connection, SET_ASIDE) if file.partner == partner_id]
        unanswered = outbox.unanswered(connection, [file.file_id for file in files])
    each_file(house, unanswered, step)
    return len(answered)
