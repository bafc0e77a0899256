"""`edi run` and `edi process`: files through translation, expectations and commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.command.exits import ATTENTION
from pipeline.command.printing import Json, bar, tell

if TYPE_CHECKING:
    from pipeline.house import House

STATES_TO_SEE = frozenset({"duplicate", "quarantined", "held", "failed"})
REASONS_TO_SEE = frozenset({"NOTHING_ACCEPTED", "INTERCHANGE_REPEATED", "OURS_REFUSED", "LINES_UNANSWERED"})
"""Ledger states, and reasons of files that were answered, that end a command with exit code 1."""


class Kind(StrEnum):
    """What to process; enrolment comes first, because claims are decided by it."""

    ENROLLMENT = "834"
    CLAIMS = "837"


def run(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="X12 files.")],
    partner: Annotated[str, typer.Option(help="Trading partner that they come from, by its id in partners.yaml.")],
    received_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIMESTAMP",
            help="When they arrived, such as 2026-06-08T09:00 (the plan's time) or with an offset; by default now.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take files from this machine through the whole pipeline: archive, ledger, checks, warehouse, answers, decisions.

    The same file again goes on from where it stands. Exit code 1 when a file was not accepted.
    """
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once
    from pipeline.run_local_files import STEPS_A_FILE, run_files  # noqa: PLC0415 - as above

    with open_house() as house:
        house.partner(partner)
        arrival = _arrival(house, received_at)
        with bar(f"processing {len(files)} files", len(files) * STEPS_A_FILE, as_json=as_json) as advance:
            report = run_files(house, files, partner, arrival, advance)
        outcomes = _outcomes(house, report.file_ids)
    _finish({**report.summary(), **outcomes}, as_json=as_json)


def process(
    kind: Annotated[Kind | None, typer.Option(help="Only files of this kind; by default 834, then 837.")] = None,
    as_json: Json = False,
) -> None:
    """Take waiting files of the ledger through translation, expectations and commit; `edi adjudicate` decides claims.

    Exit code 1 when a file was not accepted.
    """
    from pipeline.house import open_house  # noqa: PLC0415 - `edi --help` answers at once

    rows: Counter[str] = Counter()
    with open_house() as house:
        done = [file_id for one in ([kind] if kind else list(Kind)) for file_id in _process(house, one, rows, as_json)]
        outcomes = _outcomes(house, done)
    _finish({"file_ids": done, **outcomes, "rows": dict(sorted(rows.items()))}, as_json=as_json)


def _process(house: House, kind: Kind, rows: Counter[str], as_json: bool) -> list[int]:
    """Lease work until there is none: a list of work has an end, and more may wait behind it.

    Whatever could not be done is given back at the end, so that running the command again does not wait for a lease.
    """
    from pipeline.file_steps import Postponed  # noqa: PLC0415 - as above
    from pipeline.process import STAGES, lease_batches, process_files, release  # noqa: PLC0415 - as above
    from pipeline.this_machine import this_process  # noqa: PLC0415 - as above

    owner = this_process()
    postponed = Postponed()
    leased: list[int] = []
    try:
        while batches := lease_batches(house, kind.value, owner):
            leased += (batch_ids := [file_id for batch in batches for file_id in batch])
            doing = f"processing {len(batch_ids)} {kind.value} files"
            with bar(doing, len(batch_ids) * len(STAGES), as_json=as_json) as advance:
                for batch in batches:
                    with postponed:
                        rows.update(process_files(house, batch, advance).rows)
    finally:
        release(house, leased, owner)
    postponed.raise_first()
    return leased


def _outcomes(house: House, file_ids: Sequence[int]) -> dict[str, dict[str, int]]:
    """How many files have reached which ledger state, and for which reason."""
    from loaders.ledger import read_file  # noqa: PLC0415 - as above

    with house.warehouse.begin() as connection:
        files = [file for file_id in file_ids if (file := read_file(connection, file_id))]
    states = Counter(file.state for file in files)
    reasons = Counter(file.reason_code for file in files if file.reason_code)
    return {"files": dict(sorted(states.items())), "reasons": dict(sorted(reasons.items()))}


def _arrival(house: House, text: str | None) -> datetime:
    """The instant that --received-at names.

    Raises:
        typer.BadParameter: when it names none, or one that has not come yet.
    """
    now = house.now()
    if text is None:
        return now
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("expected a timestamp such as 2026-06-08T09:00", param_hint="--received-at") from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=house.configuration.plan.time_zone)
    if instant > now:
        raise typer.BadParameter("this instant has not come yet", param_hint="--received-at")
    return instant


def _finish(report: dict[str, Any], *, as_json: bool) -> None:
    """Tell what became of the files, and leave with exit code 1 when a person should see one of them."""
    tell("Files processed", report, as_json=as_json)
    if STATES_TO_SEE & report["files"].keys() or REASONS_TO_SEE & report["reasons"].keys():
        raise typer.Exit(ATTENTION)
