"""Read a NACHA file: batches of entries and their addenda, with its totals proven.

It knows nothing of what writes our own, so it is fit to prove that too. Records have 94 characters, as lines or without
line ends; ten make a block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from edi.trouble import Final

RECORD_LENGTH, RECORDS_A_BLOCK = 94, 10
HEAD, BATCH, ENTRY, ADDENDA, BATCH_END, FILE_END = "1", "5", "6", "7", "8", "9"
FOLLOWERS = {
    "": HEAD,
    HEAD: BATCH + FILE_END,
    BATCH: ENTRY + BATCH_END,
    ENTRY: ADDENDA + ENTRY + BATCH_END,
    ADDENDA: ADDENDA + ENTRY + BATCH_END,
    BATCH_END: BATCH + FILE_END,
    FILE_END: "",
}
"""Kinds of record by the kind of the one before."""
PADDING = "9" * RECORD_LENGTH
DEBITS = "56789"
"""Second digits of transaction codes that take money from the account."""
HASH_DIGITS = 10
LINE_ENDS = "\r\n\x1a"
"""Behind the last record, with the end of file that some systems write."""


class BankFileUnreadable(Final):
    """No NACHA file, or one whose totals disagree with its entries; the message names the record by its number."""


@dataclass(frozen=True, slots=True)
class Record:
    """A line of the file."""

    number: int
    """From 1."""
    start: int
    """Its first byte in the file."""
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Record 6 and the records 7 behind it."""

    record: Record
    addenda: list[Record] = field(default_factory=list)

    @property
    def transaction_code(self) -> str:
        """22 and 32 pay into a checking or savings account, 27 and 37 take from it, 21 and 31 came back."""
        return self.record.text[1:3]

    @property
    def routing_number(self) -> str:
        """Of the receiver's bank, nine digits."""
        return self.record.text[3:12]

    @property
    def account_number(self) -> str:
        """Of the receiver."""
        return self.record.text[12:29].strip()

    @property
    def amount_cents(self) -> int:
        """What is moved."""
        return whole(self.record.text[29:39], self.record)

    @property
    def identification(self) -> str:
        """TRN02 of ours; of an ACK the original entry's trace number."""
        return self.record.text[39:54].strip()

    @property
    def trace(self) -> str:
        """Fifteen digits: eight of the bank that sends it, and a number."""
        return self.record.text[79:94]

    @property
    def is_debit(self) -> bool:
        """Is money taken from the account?"""
        return self.transaction_code[1] in DEBITS


@dataclass(frozen=True, slots=True)
class Batch:
    """Record 5 and what stands in the batch."""

    record: Record
    entries: list[Entry] = field(default_factory=list)

    @property
    def entry_class(self) -> str:
        """CCD, PPD, ACK ..."""
        return self.record.text[50:53]

    @property
    def company_id(self) -> str:
        """Who the entries are from, or go back to."""
        return self.record.text[40:50].strip()

    @property
    def effective_on(self) -> date | None:
        """The day on which the money moves."""
        return _day(self.record)


@dataclass(frozen=True, slots=True)
class BankFile:
    """A whole file."""

    head: Record
    batches: tuple[Batch, ...]

    @property
    def destination(self) -> str:
        """Immediate destination."""
        return self.head.text[3:13].strip()

    @property
    def origin(self) -> str:
        """Immediate origin."""
        return self.head.text[13:23].strip()

    @property
    def modifier(self) -> str:
        """Which file of the day it is: A to Z, 0 to 9."""
        return self.head.text[33]


def read_bank_file(content: bytes) -> BankFile:
    """The file, once its totals are proven.

    Raises:
        BankFileUnreadable: not such a file, cut off, records in another order, or totals that are not its entries'.
    """
    records = _records(content)
    if not records or not records[0].text.startswith("101"):
        raise BankFileUnreadable("The file does not begin with a NACHA file header (101).")
    end = next((place for place, record in enumerate(records) if _is_end(record)), None)
    if end is None:
        raise BankFileUnreadable("The file has no end (record 9): it may be cut off.")
    if stray := [record for record in records[end + 1 :] if record.text != PADDING]:
        raise BankFileUnreadable(f"Record {stray[0].number} stands behind the end of the file.")
    batches = _batches(records[: end + 1])
    last = records[end]
    entries = [entry for batch in batches for entry in batch.entries]
    _check(last, entries, slice(13, 21), slice(21, 31), (slice(31, 43), slice(43, 55)))
    if whole(last.text[1:7], last) != len(batches):
        raise BankFileUnreadable(f"Record {last.number} counts other batches than the file has.")
    return BankFile(records[0], tuple(batches))


def _is_end(record: Record) -> bool:
    return record.text[0] == FILE_END and record.text != PADDING


def _batches(records: list[Record]) -> list[Batch]:
    """The batches, each with its totals proven."""
    batches: list[Batch] = []
    before = ""
    for record in records:
        kind = record.text[0]
        if kind not in FOLLOWERS[before]:
            raise BankFileUnreadable(f"Record {record.number} has no place behind the one before it.")
        if kind == BATCH:
            batches.append(Batch(record))
        elif kind == ENTRY:
            batches[-1].entries.append(Entry(record))
        elif kind == ADDENDA:
            batches[-1].entries[-1].addenda.append(record)
        elif kind == BATCH_END:
            _check(record, batches[-1].entries, slice(4, 10), slice(10, 20), (slice(20, 32), slice(32, 44)))
        before = kind
    return batches


def _records(content: bytes) -> list[Record]:
    try:
        text = content.decode("ascii").rstrip(LINE_ENDS)
    except UnicodeDecodeError:
        raise BankFileUnreadable("The file holds bytes that are no ASCII text.") from None
    records = list(_lines(text))
    for record in records:
        if len(record.text) != RECORD_LENGTH:
            raise BankFileUnreadable(
                f"Record {record.number} has {len(record.text)} characters instead of {RECORD_LENGTH}."
            )
    return records


def _lines(text: str) -> Iterator[Record]:
    lines = text.splitlines(keepends=True)
    if len(lines) == 1 and len(text) % RECORD_LENGTH == 0:
        lines = [text[start : start + RECORD_LENGTH] for start in range(0, len(text), RECORD_LENGTH)]
    start = 0
    for number, line in enumerate(lines, 1):
        yield Record(number, start, line.rstrip("\r\n"))
        start += len(line)


def _check(end: Record, entries: list[Entry], count: slice, hashed: slice, totals: tuple[slice, slice]) -> None:
    """Entries and addenda, the hash of the receivers' banks, and money: as a record 8 or 9 says.

    What debits and what credits are banks count differently of what came back, so the sum of both is compared.
    """
    rows = len(entries) + sum(len(entry.addenda) for entry in entries)
    if whole(end.text[count], end) != rows:
        raise BankFileUnreadable(f"Record {end.number} counts other entries than there are.")
    total = sum(whole(entry.routing_number[:8], entry.record) for entry in entries)
    if whole(end.text[hashed], end) != total % 10**HASH_DIGITS:
        raise BankFileUnreadable(f"Record {end.number} gives another hash than the entries have.")
    said = sum(whole(end.text[place], end) for place in totals)
    if said != sum(entry.amount_cents for entry in entries):
        raise BankFileUnreadable(f"Record {end.number} gives another total than the entries have.")


def whole(text: str, record: Record) -> int:
    """A number of a record.

    Raises:
        BankFileUnreadable: it is none.
    """
    if not (text.isascii() and text.strip().isdigit()):
        raise BankFileUnreadable(f"Record {record.number} has no number where one belongs.")
    return int(text)


def _day(batch: Record) -> date | None:
    text = batch.text[69:75]
    if not text.strip():
        return None
    try:
        return datetime.strptime(text, "%y%m%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        raise BankFileUnreadable(f"Record {batch.number} has no date where one belongs.") from None
