"""A bank's returns and changes: read, or refused as a whole."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.bank_returns import BankNotice, read_bank_notices
from parsers.nacha import BankFileUnreadable, Record

HEAD = "101 1123456789 0110000152606290600A094101EXAMPLE HEALTH PLAN    FIRST BANK OF HARTFORD".ljust(94)
BATCH = "5220EXAMPLE HEALTH P                    1123456789CCDHCCLAIMPMT260624260629   1011000020000001"
ENTRY = "6210110000287770002          0000018250R000001042     RIVER CLINIC LLC        1011000020000001"
RETURN = "799R03011000010000001      01100002" + " " * 44 + "011000020000001"
CHANGE = "798C01011000010000002      011000028880003" + " " * 37 + "011000020000002"
BATCH_END = "822000000200011000020000000000000000000182501123456789".ljust(79) + "011000020000001"
END = "9000001000001000000020001100002000000000000000000018250" + " " * 39


def file_of(*records: str) -> bytes:
    """The records as lines."""
    return "".join(f"{record}\n" for record in records).encode()


def test_a_return_names_our_entry_and_its_reason() -> None:
    """R03: no such account; 182.50 came back."""
    (found,) = read_bank_notices(file_of(HEAD, BATCH, ENTRY, RETURN, BATCH_END, END))
    place = Record(4, 3 * 95, RETURN)
    day = date(2026, 6, 29)
    assert found == BankNotice("returned", "R03", "011000010000001", "R000001042", 18250, day, "", place)
    assert found.record == place


def test_a_change_says_what_is_right() -> None:
    """C01: the money arrived, the account number is another."""
    (found,) = read_bank_notices(without_money(HEAD, BATCH, ENTRY, CHANGE, BATCH_END, END))
    assert (found.kind, found.reason_code, found.correction) == ("changed", "C01", "8880003")


def test_a_receipt_names_our_entry_in_place_of_the_payment() -> None:
    """An entry of the class ACK moves nothing and may have no addenda."""
    entry = ENTRY.replace("621", "624").replace("R000001042     ", "011000010000001")
    end = END.replace("00000002", "00000001")
    batch, batch_end = BATCH.replace("CCD", "ACK"), BATCH_END.replace("8220000002", "8220000001")
    (found,) = read_bank_notices(without_money(HEAD, batch, entry, batch_end, end))
    assert (found.kind, found.entry_trace, found.amount_cents) == ("confirmed", "011000010000001", 0)


def test_records_without_line_ends_are_the_same_file() -> None:
    """Banks send both."""
    records = (HEAD, BATCH, ENTRY, RETURN, BATCH_END, END)
    assert read_bank_notices("".join(records).encode()) == read_bank_notices(file_of(*records))
    assert read_bank_notices(file_of(*records) + b"\r\n\x1a") == read_bank_notices(file_of(*records))


def without_money(*records: str) -> bytes:
    """The records, with nothing moved."""
    return file_of(*(record.replace("0000018250", "0000000000") for record in records))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "file header"),
        (b"\xff", "ASCII"),
        (file_of(HEAD, BATCH[:-1]), "Record 2"),
        (file_of(BATCH), "file header"),
        (file_of(HEAD, ENTRY, RETURN, BATCH_END, END), "Record 2"),
        (file_of(HEAD, BATCH, ENTRY, RETURN, BATCH_END, END, END), "Record 7"),
        (file_of(HEAD, BATCH, ENTRY, RETURN, BATCH_END, END.replace("9000001", "9000002")), "batches"),
        (file_of(HEAD, BATCH, ENTRY.replace("011000028", "011000015"), RETURN, BATCH_END, END), "hash"),
        (file_of(HEAD, BATCH, ENTRY, RETURN), "cut off"),
        (file_of(HEAD, BATCH, ENTRY, BATCH_END, END), "counts other entries"),
        (file_of(HEAD, BATCH, ENTRY, RETURN, BATCH_END, END.replace("18250", "18251")), "another total"),
        (file_of(HEAD, BATCH, ENTRY, RETURN.replace("R03", "X03"), BATCH_END, END), "Record 4"),
        (file_of(HEAD, BATCH.replace("260629", "269929"), ENTRY, RETURN, BATCH_END, END), "Record 2"),
        (file_of(HEAD, BATCH, ENTRY.replace("0000018250", "00000182 0"), RETURN, BATCH_END, END), "Record 3"),
    ],
)
def test_what_is_no_such_file_is_refused_as_a_whole(content: bytes, told: str) -> None:
    """Naming the record."""
    with pytest.raises(BankFileUnreadable, match=told):
        read_bank_notices(content)
