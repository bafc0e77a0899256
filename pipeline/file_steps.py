"""Run a step over many files so that one bad file never stops its neighbours."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from edi.trouble import Final, Retryable
from loaders import ledger
from pipeline.reasons import reason_of

if TYPE_CHECKING:
    from loaders.ledger import LedgerFile
    from pipeline.house import House

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""Leases after which a file that crashes its step is given up: the retries of a task, and one more run."""


def each_file(house: House, file_ids: Iterable[int], step: Callable[[LedgerFile], None]) -> None:
    """Run `step` for each file, in order.

    A `Final` of one file makes that file `failed` and the others go on. Anything else also lets the
    others go on, and is raised again at the end, so that the task retries and then fails with the
    cause; a file that keeps crashing its step becomes `failed` in the end.

    Raises:
        Retryable: or whatever else the first troubled file raised.
    """
    first: BaseException | None = None
    for file_id in file_ids:
        file: LedgerFile | None = None
        try:
            with house.warehouse.begin() as connection:
                file = ledger.read_file(connection, file_id)
            if file is not None:
                step(file)
        except ledger.WrongState:
            log.info("File %s was taken further by somebody else.", file_id)
        except Final:
            log.exception("File %s failed.", file_id)
            _fail(house, file_id, "STEP_FAILED")
        except Retryable as problem:
            log.warning("File %s has to wait: %s", file_id, problem)
            first = first or problem
        except Exception as problem:  # raised again below, after the neighbours had their turn
            log.exception("File %s ended its step unexpectedly.", file_id)
            if file is not None and file.attempts >= MOST_ATTEMPTS:
                _fail(house, file_id, "STEP_CRASHED")
            else:
                first = first or problem
    if first is not None:
        raise first


def _fail(house: House, file_id: int, code: str) -> None:
    with house.warehouse.begin() as connection:
        ledger.move(connection, file_id, "failed", house.now(), code, reason_of(code))
