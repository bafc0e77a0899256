"""Take files of this machine through the whole pipeline, without SFTP and without Airflow: what `edi run` does."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loaders import ledger
from pipeline.adjudicate import adjudicate
from pipeline.commit import answer_duplicate
from pipeline.intake import Arrival, take_in
from pipeline.process import commit_files, expect_files, translate_files

if TYPE_CHECKING:
    from pipeline.house import House


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


def run_files(house: House, paths: Sequence[Path], partner_id: str, received_at: datetime) -> RunReport:
    """Archive, record, translate, check, commit and answer files, then decide what can be decided.

    Answers wait in the outbox for `edi deliver`. The same file from the same place is the same
    delivery: running it again takes it further from where it stands.
    """
    report = RunReport()
    for path in paths:
        file_id = _deliver(house, path, partner_id, received_at)
        if file_id not in report.file_ids:
            report.file_ids.append(file_id)
    report.rows = commit_files(house, expect_files(house, translate_files(house, report.file_ids))).rows
    with house.warehouse.begin() as connection:
        files = [ledger.read_file(connection, file_id) for file_id in report.file_ids]
    for file in files:
        if file is not None:
            report.states[file.state] += 1
            if file.state == "duplicate":
                answer_duplicate(house, file)
    report.decisions = adjudicate(house).summary()
    return report


def _deliver(house: House, path: Path, partner_id: str, received_at: datetime) -> int:
    """Put one file into archive and ledger; returns its file id."""
    facts = path.stat()
    place = str(path.resolve())
    mtime = datetime.fromtimestamp(int(facts.st_mtime), UTC)
    with house.warehouse.begin() as connection:
        known = ledger.find_delivery(connection, partner_id, place, facts.st_size, mtime)
    if known is not None:
        return known.file_id
    usage = "T" if house.partner(partner_id).usage == "test" else "P"
    with house.archive.incoming() as copy:
        shutil.copyfile(path, copy)
        arrival = Arrival(partner_id, place, facts.st_size, mtime, usage, received_at)
        return take_in(house, arrival, copy, house.now()).file_id
