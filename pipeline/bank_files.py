"""Take what the plan's bank says of payments: returns, changes and receipts, each beside the payment that it means."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from edi.findings import Finding
from loaders import bank_notices, ledger
from loaders.bank_notices import Notice
from loaders.commit import NO_SEVERITIES
from loaders.envelopes import store_findings
from parsers.bank_returns import BankNotice, read_bank_notices
from parsers.nacha import RECORD_LENGTH, BankFileUnreadable
from pipeline.reasons import reason_of
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from loaders.ledger import LedgerFile
    from pipeline.house import House

log = logging.getLogger(__name__)

UNREADABLE, UNKNOWN, RETURNED_TWICE = "BANK_FILE_UNREADABLE", "DEPOSIT_UNKNOWN", "DEPOSIT_RETURNED_TWICE"
READ, READ_WITH_UNKNOWN, READ_NOTHING = "BANK_FILE_READ", "BANK_FILE_UNMATCHED", "BANK_FILE_EMPTY"


def take_bank_file(house: House, file: LedgerFile) -> None:
    """Read a received file of the bank and keep what it says, in one transaction.

    What it says of nothing that we know is a finding of the file. A file that cannot be read is quarantined as a whole.
    Of a file in the folder for tests nothing is kept, where payments are real.

    Raises:
        loaders.ledger.WrongState: it was taken before.
    """
    now = house.now()
    try:
        notices = read_bank_notices(house.archive.read(file.archive_path))
    except BankFileUnreadable as problem:
        log.warning("File %s of the bank is not taken: %s", file.file_id, problem)
        with house.warehouse.begin() as connection:
            ledger.lock(connection, file.file_id, "received")
            store_findings(connection, file.file_id, [Finding(UNREADABLE)], (), NO_SEVERITIES)
            ledger.move(connection, file.file_id, "quarantined", now, UNREADABLE, reason_of(UNREADABLE))
            enter(house, connection, "bank", now, file.file_id)
        return
    with house.warehouse.begin() as connection:
        ledger.lock(connection, file.file_id, "received")
        if file.usage == "T" and not house.accepts_test:
            notices = ()
        unmatched = bank_notices.store(connection, file.file_id, file.partner, [_notice(one) for one in notices])
        findings = [
            _finding(RETURNED_TWICE if unmatched[one.record.number] else UNKNOWN, one)
            for one in notices
            if one.record.number in unmatched
        ]
        store_findings(connection, file.file_id, findings, (), NO_SEVERITIES)
        code = READ_WITH_UNKNOWN if findings else READ if notices else READ_NOTHING
        ledger.move(connection, file.file_id, "committed", now, code, reason_of(code), expected=("received",))
        ledger.move(connection, file.file_id, "acknowledged", now, code, reason_of(code))
        enter(house, connection, "bank", now, file.file_id)
    log.info("File %s of the bank: %s", file.file_id, _counted(notices))


def _notice(read: BankNotice) -> Notice:
    return Notice(
        record=read.record.number,
        kind=read.kind,
        reason_code=read.reason_code,
        entry_trace=read.entry_trace,
        trace_number=read.trace_number,
        amount_cents=read.amount_cents,
        settled_on=read.settled_on,
        correction=read.correction,
    )


def _finding(code: str, notice: BankNotice) -> Finding:
    """The record, from which a person finds it in the file; never what it holds."""
    start = notice.record.start
    return Finding(code, segment_position=notice.record.number, source_start=start, source_stop=start + RECORD_LENGTH)


def _counted(notices: Sequence[BankNotice]) -> dict[str, int]:
    kinds = sorted({one.kind for one in notices})
    return {kind: sum(one.kind == kind for one in notices) for kind in kinds}
