"""Run a step over many files so that one bad file never stops its neighbours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
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
        Retryable: or whatever else the first troubled file raised.
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
    except Final:
        log.exception("File %s failed.", file_id)
        _fail(house, file, "STEP_FAILED")
    except Retryable as problem:
        log.warning("File %s has to wait: %s", file_id, problem)
        raise
    except Exception:
        log.exception("File %s ended its step unexpectedly.", file_id)
        if file.attempts < MOST_ATTEMPTS:
            raise
        _fail(house, file, "STEP_CRASHED")


def _fail(house: House, file: LedgerFile, code: str) -> None:
    """Mark a file failed, unless somebody else took it further while it failed here."""
    try:
        with house.warehouse.begin() as connection:
            now, reason = house.now(), reason_of(code)
            ledger.move(connection, file.file_id, "failed", now, code, reason, expected=(file.state,))
    except ledger.WrongState:
        log.info("File %s was taken further by somebody else and did not fail there.", file.file_id)
