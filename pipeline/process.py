"""The stages of an inbound file, over lists of file ids: what DAGs and the command line call."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loaders import ledger
from pipeline import commit, expect, translate
from pipeline.file_steps import each_file
from pipeline.reasons import reason_of
from pipeline.run_folder import RunFolders

if TYPE_CHECKING:
    from loaders.ledger import LedgerFile
    from pipeline.configuration import Limits
    from pipeline.house import House

log = logging.getLogger(__name__)


@dataclass(slots=True)
class ProcessReport:
    """What became of the files of a batch."""

    states: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)

    @property
    def committed(self) -> int:
        """Files whose answers now wait in the outbox."""
        return self.states["committed"]

    def summary(self) -> dict[str, Any]:
        """Counts for people and programs."""
        return {"files": dict(sorted(self.states.items())), "rows": dict(sorted(self.rows.items()))}


def lease_batches(house: House, kind: str, owner: str) -> list[list[int]]:
    """Lease the waiting files of a kind and deal them into batches that may run side by side.

    The files of one 834 sender stay together and in order of arrival; a batch applies them one by one.
    """
    limits = house.configuration.limits
    with house.warehouse.begin() as connection:
        files = ledger.lease(
            connection,
            kind,
            ledger.UNFINISHED,
            owner,
            house.now(),
            limits.lease_seconds,
            limits.batches * limits.files_per_batch,
        )
    if kind == ledger.ENROLLMENT:
        of_partner: dict[str, list[int]] = {}
        for file in files:
            of_partner.setdefault(file.partner, []).append(file.file_id)
        return _deal(list(of_partner.values()), limits)
    return _deal([[file.file_id] for file in files], limits)


def _deal(rows: Sequence[list[int]], limits: Limits) -> list[list[int]]:
    """Rows that must stay together, dealt round into batches.

    A batch is worth a process of its own (Great Expectations alone takes seconds to import) only
    when it is full, so there are no more of them than the files fill.
    """
    filled = math.ceil(sum(map(len, rows)) / limits.files_per_batch)
    hands: list[list[int]] = [[] for _ in range(min(limits.batches, filled, len(rows)))]
    for place, row in enumerate(rows):
        hands[place % len(hands)].extend(row)
    return hands


def translate_files(house: House, file_ids: Sequence[int]) -> list[int]:
    """Translate received files; returns the ids it was given, for the next stage."""
    each_file(house, file_ids, lambda file: _translate(house, file))
    return list(file_ids)


def _translate(house: House, file: LedgerFile) -> None:
    bundle = house.configuration.digest()
    if file.state != "received":
        return
    profile = house.partner(file.partner).acceptance_profile(house.configuration.payer, file.usage)
    translation = translate.translate(house.archive.read(file.archive_path), profile)
    RunFolders(house.runs).write(file.file_id, bundle, translation)
    with house.warehouse.begin() as connection:
        ledger.move(connection, file.file_id, "translated", house.now(), rules_bundle=bundle)


def expect_files(house: House, file_ids: Sequence[int]) -> list[int]:
    """Check translated files against the expectations; returns the ids that go on."""
    folders = RunFolders(house.runs)
    files = _in_states(house, file_ids, ("translated",))
    tables = {file.file_id: folders.read(file.file_id, file.rules_bundle or "").tables for file in files}
    as_of = max((file.received_date for file in files), default=house.today())
    broken = expect.broken_holds(house, {file_id: t for file_id, t in tables.items() if expect.has_rows(t)}, as_of)

    def step(file: LedgerFile) -> None:
        with house.warehouse.begin() as connection:
            if file.file_id in broken:
                ids = ", ".join(broken[file.file_id])
                sentence = f"{reason_of('EXPECTATION_BROKEN')} Broken: {ids}."
                ledger.move(connection, file.file_id, "held", house.now(), "EXPECTATION_BROKEN", sentence)
            else:
                ledger.move(connection, file.file_id, "checked", house.now())

    each_file(house, [file.file_id for file in files], step)
    return list(file_ids)


def commit_files(house: House, file_ids: Sequence[int]) -> ProcessReport:
    """Commit checked files, one transaction each; a lease that ends here is given back."""
    report = ProcessReport()

    def step(file: LedgerFile) -> None:
        if file.state != "checked":
            return
        if file.kind == ledger.ENROLLMENT and _is_behind(house, file):
            log.info("File %s waits for an earlier enrolment file of its partner.", file.file_id)
            return
        outcome = commit.commit(house, file)
        report.states[outcome.state] += 1
        report.rows.update(outcome.rows)

    each_file(house, file_ids, step)
    return report


def _is_behind(house: House, file: LedgerFile) -> bool:
    with house.warehouse.begin() as connection:
        return ledger.is_behind(connection, file)


def settle_unrecognized(house: House, partner_id: str) -> int:
    """Take a partner's files that are neither 834 nor 837 through all stages, and answer its duplicates.

    Returns how many files were answered.
    """
    with house.warehouse.begin() as connection:
        waiting = [f for f in ledger.list_files(connection, ledger.UNFINISHED, "other") if f.partner == partner_id]
        repeated = [f for f in ledger.list_files(connection, ("duplicate",)) if f.partner == partner_id]
    answered = sum(commit.answer_duplicate(house, file) for file in repeated)
    ids = [file.file_id for file in waiting]
    if ids:
        answered += commit_files(house, expect_files(house, translate_files(house, ids))).committed
    return answered


def _in_states(house: House, file_ids: Sequence[int], states: Sequence[str]) -> list[LedgerFile]:
    with house.warehouse.begin() as connection:
        files = [ledger.read_file(connection, file_id) for file_id in file_ids]
    return [file for file in files if file is not None and file.state in states]
