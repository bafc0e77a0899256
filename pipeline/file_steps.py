"""Run a step over many files so that one bad file never stops its neighbours."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from edi.trouble import Final, Retryable
from loaders import ledger
from pipeline.reasons import reason_of

if TYPE_CHECKING:
    from loaders.ledger import LedgerFile
    from pipeline.house import House

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""Leases after which a file that crashes its step is given up: the retries of a task, and one more run."""

Progress = Callable[[], None]
"""Called once for each file that has a step behind it, whatever came of it."""


def unseen() -> None:
    """The progress that nobody watches."""


class StepCrashed(Exception):  # noqa: N818 - named as the troubles are, of which it is none: it is a defect
    """A step ended in a way that nobody foresaw.

    It names the kind of error and the place. The words of the error itself may quote the file, so they go no further.
    """


class Postponed:
    """Holds an exception back until all other work is done: `with postponed: ...` as often as there is work.

    Only the first one is kept; what comes after it was logged where it happened, or is its consequence.
    """

    def __init__(self) -> None:
        self.first: Exception | None = None

    def raise_first(self) -> None:
        """End as the first troubled piece of work would have ended; nothing when all went well."""
        if self.first is not None:
            raise self.first

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.first = self.first or error
        return True


def each_file(
    house: House, file_ids: Iterable[int], step: Callable[[LedgerFile], None], progress: Progress = unseen
) -> None:
    """Run `step` for each file, in order.

    A `Final` of one file makes that file `failed` and the others go on. Anything else also lets the
    others go on, and is raised again at the end, so that the task retries and then fails with the
    cause; a file that keeps crashing its step becomes `failed` in the end.

    Raises:
        Retryable: of the first troubled file;
        StepCrashed: likewise, for whatever else it raised.
    """
    postponed = Postponed()
    for file_id in file_ids:
        with postponed:
            _one_file(house, file_id, step)
        progress()
    postponed.raise_first()


def _one_file(house: House, file_id: int, step: Callable[[LedgerFile], None]) -> None:
    with house.warehouse.begin() as connection:
        file = ledger.read_file(connection, file_id)
    if file is None:
        log.warning("File %s is not in the ledger.", file_id)
        return
    try:
        step(file)
    except ledger.WrongState:
        log.info("File %s was taken further by somebody else.", file_id)
    except Final as problem:
        log.error("File %s failed: %s (%s)", file_id, problem, type(problem).__name__)  # noqa: TRY400 - foreseen: it says what is wrong
        _fail(house, file, "STEP_FAILED")
    except Retryable as problem:
        log.warning("File %s has to wait: %s", file_id, problem)
        raise
    except Exception as error:  # noqa: BLE001 - goes on as StepCrashed, or as the file's state
        frames = traceback.extract_tb(error.__traceback__)
        kind = type(error).__name__
        log.error("File %s ended its step by %s:\n%s", file_id, kind, "".join(frames.format()))  # noqa: TRY400 - as StepCrashed says
        if file.attempts < MOST_ATTEMPTS:
            at = f"{Path(frames[-1].filename).name} line {frames[-1].lineno}"
            raise StepCrashed(f"File {file_id} ended its step by {kind} in {at}; the log has the way there.") from None
        _fail(house, file, "STEP_CRASHED")


def _fail(house: House, file: LedgerFile, code: str) -> None:
    """Mark a file failed, unless somebody else took it further while it failed here."""
    try:
        with house.warehouse.begin() as connection:
            now, reason = house.now(), reason_of(code)
            ledger.move(connection, file.file_id, "failed", now, code, reason, expected=(file.state,))
    except ledger.WrongState:
        log.info("File %s was taken further by somebody else and did not fail there.", file.file_id)
