"""Read what a bank sends back about deposits: a NACHA file of returns (addenda 99) and changes (addenda 98).

Records have 94 characters. A return's addenda names the entry that we sent by its trace number: our bank's eight digits
and the entry's number in our file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from edi.trouble import Final

RECORD_LENGTH = 94
ENTRY, ADDENDA, BATCH, BATCH_END, FILE_END = "6", "7", "5", "8", "9"
RETURNED, CHANGED = "99", "98"
KINDS = {RETURNED: "R", CHANGED: "C"}


class BankFileUnreadable(Final):
    """No NACHA file, or one whose totals disagree with its entries; the message names the record by its number."""


@dataclass(frozen=True, slots=True)
class BankReturn:
    """What became of one entry of ours."""

    reason_code: str
    """R01 to R85: the money came back; C01 to C14: it arrived, and bank or account are wrong."""
    entry_trace: str
    """Of our entry: fifteen digits."""
    amount_cents: int
    settled_on: date | None
    """Effective entry date of the batch."""
    correction: str
    """What a change says should be used instead."""

    @property
    def is_return(self) -> bool:
        """Did the money come back?"""
        return self.reason_code.startswith("R")


def read_bank_returns(content: bytes) -> tuple[BankReturn, ...]:
    """Every return and change of the file, in its order.

    Raises:
        BankFileUnreadable: not such a file, cut off, or its totals do not agree with its entries.
    """
    records = _records(content)
    if not records or not records[0].startswith("101"):
        raise BankFileUnreadable("The file does not begin with a NACHA file header (101).")
    found = tuple(_returns(records))
    _check_totals(records)
    return found


def _records(content: bytes) -> list[str]:
    """Lines of 94 characters, or such records without line ends."""
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError:
        raise BankFileUnreadable("The file holds bytes that are no ASCII text.") from None
    lines = text.splitlines()
    if len(lines) == 1 and len(text) % RECORD_LENGTH == 0:
        lines = [text[start : start + RECORD_LENGTH] for start in range(0, len(text), RECORD_LENGTH)]
    for number, line in enumerate(lines, 1):
        if len(line) != RECORD_LENGTH:
            raise BankFileUnreadable(f"Record {number} has {len(line)} characters instead of {RECORD_LENGTH}.")
    return lines


def _returns(records: list[str]) -> Iterator[BankReturn]:
    settled_on: date | None = None
    amount = 0
    for number, record in enumerate(records, 1):
        if record[0] == BATCH:
            settled_on = _day(record[69:75], number)
        elif record[0] == ENTRY:
            amount = _whole(record[29:39], number)
        elif record[0] == ADDENDA and record[1:3] in KINDS:
            reason = record[3:6]
            if reason[0] != KINDS[record[1:3]] or not reason[1:].isdigit():
                raise BankFileUnreadable(f"Record {number} gives a reason that is none.")
            yield BankReturn(reason, record[6:21].strip(), amount, settled_on, record[35:64].strip())


def _check_totals(records: list[str]) -> None:
    """Entries and addenda, and the sums of debits and credits, as the end of the file says."""
    ends = [(number, record) for number, record in enumerate(records, 1) if record[0] == FILE_END and record.strip("9")]
    if len(ends) != 1:
        raise BankFileUnreadable("The file has not one end (record 9): it may be cut off.")
    number, end = ends[0]
    rows = [(place, record) for place, record in enumerate(records, 1) if record[0] in (ENTRY, ADDENDA)]
    if _whole(end[13:21], number) != len(rows):
        raise BankFileUnreadable(f"Record {number} counts other entries than the file has.")
    moved = sum(_whole(record[29:39], place) for place, record in rows if record[0] == ENTRY)
    if _whole(end[31:43], number) + _whole(end[43:55], number) != moved:
        raise BankFileUnreadable(f"Record {number} gives another total than the entries have.")


def _whole(text: str, number: int) -> int:
    if not (text.isascii() and text.strip().isdigit()):
        raise BankFileUnreadable(f"Record {number} has no number where one belongs.")
    return int(text)


def _day(text: str, number: int) -> date | None:
    if not text.strip():
        return None
    try:
        return datetime.strptime(text, "%y%m%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        raise BankFileUnreadable(f"Record {number} has no date where one belongs.") from None
