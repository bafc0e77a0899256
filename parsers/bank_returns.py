"""Read what a bank sends back about deposits: a NACHA file of returns (addenda 99), changes (98) and receipts (ACK).

A return's or change's addenda names the entry that we sent by its trace number: our bank's eight digits and the entry's
number. The entry itself repeats ours, with TRN02 of the 835 as its identification. An entry of the class ACK says that
the receiver's bank has ours, and names it where ours names the payment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from parsers.nacha import BankFileUnreadable, Batch, Entry, Record, read_bank_file

RETURNED, CHANGED, CONFIRMED = "returned", "changed", "confirmed"
RECEIPTS = "ACK"
"""Entry class of receipts for CCD entries."""
ADDENDA = {"99": (RETURNED, "R"), "98": (CHANGED, "C")}
"""What they say, and how their reasons begin."""


@dataclass(frozen=True, slots=True)
class BankNotice:
    """What became of one entry of ours."""

    kind: str
    """returned: the money came back; changed: it arrived, and bank or account are wrong; confirmed: it arrived."""
    reason_code: str
    """R01 to R85 or C01 to C14; of a receipt empty."""
    entry_trace: str
    """Of our entry: fifteen digits."""
    trace_number: str
    """TRN02, where the bank repeats it."""
    amount_cents: int
    settled_on: date | None
    """Effective entry date of the batch."""
    correction: str
    """What a change says should be used instead."""
    record: Record = field(compare=False)
    """Where it says so."""


def read_bank_notices(content: bytes) -> tuple[BankNotice, ...]:
    """Every return, change and receipt of the file, in its order.

    Raises:
        BankFileUnreadable: not such a file, cut off, or its totals do not agree with its entries.
    """
    file = read_bank_file(content)
    return tuple(notice for batch in file.batches for entry in batch.entries for notice in _notices(batch, entry))


def _notices(batch: Batch, entry: Entry) -> Iterator[BankNotice]:
    if batch.entry_class == RECEIPTS:
        amount = entry.amount_cents
        yield BankNotice(CONFIRMED, "", entry.identification, "", amount, batch.effective_on, "", entry.record)
    for addenda in entry.addenda:
        if addenda.text[1:3] not in ADDENDA:
            continue
        kind, letter = ADDENDA[addenda.text[1:3]]
        reason = addenda.text[3:6]
        if reason[0] != letter or not (reason[1:].isascii() and reason[1:].isdigit()):
            raise BankFileUnreadable(f"Record {addenda.number} gives a reason that is none.")
        correction = addenda.text[35:64].strip() if kind == CHANGED else ""
        yield BankNotice(
            kind,
            reason,
            addenda.text[6:21].strip(),
            entry.identification,
            entry.amount_cents,
            batch.effective_on,
            correction,
            addenda,
        )
