"""Take files of this machine through the whole pipeline, without SFTP and without Airflow: what `edi run` does."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edi.trouble import Final
from loaders import ledger
from pipeline.adjudicate import adjudicate
from pipeline.commit import answer_set_aside
from pipeline.file_steps import Postponed, Progress, each_file, unseen
from pipeline.intake import Arrival, digest_of, take_in
from pipeline.process import SET_ASIDE, STAGES, process_files

if TYPE_CHECKING:
    from loaders.ledger import LedgerFile
    from pipeline.house import House

STEPS_A_FILE = 1 + len(STAGES)
"""Archiving, and the stages after it."""


class ContentChanged(Final):
    """A file was replaced by another of the same name, size and second: the ledger cannot tell the two apart."""


@dataclass(slots=True)
class RunReport:
    """What became of the files that were handed over."""

    file_ids: list[int] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    decisions: dict[str, int] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        """Ids and counts for people and programs."""
        return {
            "file_ids": self.file_ids,
            "files": dict(sorted(self.states.items())),
            "rows": dict(sorted(self.rows.items())),
            "decisions": self.decisions,
        }


def run_files(
    house: House, paths: Sequence[Path], partner_id: str, received_at: datetime, progress: Progress = unseen
) -> RunReport:
    """Archive, record, translate, check, commit and answer files, then decide what can be decided.

    Answers wait in the outbox for `edi deliver`. The same file from the same place is the same
    delivery: running it again takes it further from where it stands. `progress` is called
    STEPS_A_FILE times for each of the paths, at least.

    Raises:
        Retryable: or whatever else the first troubled file raised, after all others are done.
    """
    report = RunReport()
    postponed = Postponed()
    for path in paths:
        with postponed:
            file_id = _deliver(house, path, partner_id, received_at)
            if file_id not in report.file_ids:
                report.file_ids.append(file_id)
        progress()
    with postponed:
        report.rows = process_files(house, report.file_ids, progress).rows
    with postponed:
        each_file(house, report.file_ids, lambda file: _settle(house, file, report))
    with postponed:
        report.decisions = adjudicate(house).summary()
    postponed.raise_first()
    return report


def _settle(house: House, file: LedgerFile, report: RunReport) -> None:
    """Note what a file has come to, and answer it if it is one that goes no further."""
    report.states[file.state] += 1
    if file.state in SET_ASIDE:
        answer_set_aside(house, file)


def _deliver(house: House, path: Path, partner_id: str, received_at: datetime) -> int:
    """Put one file into archive and ledger; returns its file id."""
    facts = path.stat()
    place = str(path.resolve())
    mtime = datetime.fromtimestamp(int(facts.st_mtime), UTC)
    with house.warehouse.begin() as connection:
        known = ledger.find_delivery(connection, partner_id, place, facts.st_size, mtime)
    if known is not None:
        if known.sha256 != digest_of(path):
            raise ContentChanged(
                f"{path.name} has the place, size and time of file {known.file_id}, which was handed over before, but "
                "other content. Give it another name or time."
            )
        return known.file_id
    usage = "T" if house.partner(partner_id).usage == "test" else "P"
    with house.archive.incoming() as copy:
        _copy(path, copy)
        arrival = Arrival(partner_id, place, facts.st_size, mtime, usage, received_at)
        return take_in(house, arrival, copy, house.now()).file_id


def _copy(source: Path, target: Path) -> None:
    """Copy a file down to the disk: the ledger will name it."""
    with source.open("rb") as theirs, target.open("wb") as ours:
        shutil.copyfileobj(theirs, ours)
        ours.flush()
        os.fsync(ours.fileno())
