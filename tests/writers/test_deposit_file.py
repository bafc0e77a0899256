"""The deposit file: fields where banks look for them, totals, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.bank_returns import read_bank_notices
from parsers.nacha import read_bank_file
from writers.deposit_file import (
    Deposit,
    DepositTerms,
    DepositUnwritable,
    check_digit,
    is_routing_number,
    write_deposit_file,
)

TERMS = DepositTerms(
    destination="011000015",
    destination_name="FIRST BANK OF HARTFORD",
    origin="1123456789",
    company_name="EXAMPLE HEALTH PLAN",
    company_id="1123456789",
    payer_id="1123456789",
    odfi="011000015",
    account_number="5550001",
)
RIVER = Deposit("RIVER", "River Clinic LLC", "R000001042", "011000028", "7770002", 18250, 1)
CREATED = datetime(2026, 6, 24, 6, 0, tzinfo=UTC)


def records(*deposits: Deposit, terms: DepositTerms = TERMS) -> list[str]:
    """The file's records."""
    content = write_deposit_file(deposits, terms, date(2026, 6, 26), CREATED)
    return content.decode().splitlines()


def test_a_file_of_one_payment() -> None:
    """Every record as banks publish its layout; the file is filled up to a block of ten."""
    assert records(RIVER) == [
        "101 01100001511234567892606240600A094101FIRST BANK OF HARTFORD EXAMPLE HEALTH PLAN            ",
        "5220EXAMPLE HEALTH P                    1123456789CCDHCCLAIMPMT260624260626   1011000010000001",
        "6220110000287770002          0000018250R000001042     RIVER CLINIC LLC        1011000010000001",
        "705TRN*1*R000001042*1123456789~" + " " * 52 + "00010000001",
        "822000000200011000020000000000000000000182501123456789" + " " * 25 + "011000010000001",
        "9000001000001000000020001100002000000000000000000018250" + " " * 39,
        *["9" * 94] * 4,
    ]


@given(st.lists(st.integers(1, 9_999_999_999), min_size=1, max_size=40))
def test_the_totals_are_those_of_the_entries(cents: list[int]) -> None:
    """Counts, hash and credits; whole blocks of whole records."""
    found = records(*(replace(RIVER, amount_cents=one, entry_number=place) for place, one in enumerate(cents, 1)))
    assert len(found) % 10 == 0
    assert {len(record) for record in found} == {94}
    (end,) = (record for record in found if record[0] == "9" and record.strip("9"))
    assert (int(end[13:21]), int(end[43:55])) == (2 * len(cents), sum(cents))
    assert int(end[21:31]) == 1100002 * len(cents) % 10**10
    assert int(end[7:13]) * 10 == len(found)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"amount_cents": 0}, "amount"),
        ({"amount_cents": 10_000_000_000}, "amount"),
        ({"entry_number": 10_000_000}, "seven digits"),
        ({"routing_number": "011000029"}, "routing number"),
        ({"routing_number": "01100002"}, "routing number"),
        ({"account_number": ""}, "account number"),
        ({"account_number": "1" * 18}, "account number"),
        ({"account_number": "12*34"}, "account number"),
    ],
)
def test_what_no_bank_takes_is_refused(change: dict[str, object], told: str) -> None:
    """Naming payee and payment, never the account."""
    with pytest.raises(DepositUnwritable, match=told) as refused:
        records(replace(RIVER, **change))  # type: ignore[arg-type] # of its fields
    assert "7770002" not in str(refused.value)


def test_routing_numbers_check_themselves() -> None:
    """3 7 1: the Federal Reserve's own is right, one digit off is not."""
    assert is_routing_number("011000015")
    assert not is_routing_number("011000016")
    assert check_digit("01100002") == 8


def test_a_balanced_file_debits_the_plan_for_what_it_pays() -> None:
    """Service class 200; a total that no entry can hold is taken by as many debits as it needs."""
    most = replace(RIVER, amount_cents=9_999_999_999)
    terms = replace(TERMS, is_balanced=True)
    content = write_deposit_file((most, replace(RIVER, entry_number=2)), terms, date(2026, 6, 26), CREATED)
    (batch,) = read_bank_file(content).batches
    assert batch.record.text[1:4] == "200"
    own = [(entry.transaction_code, entry.account_number, entry.amount_cents) for entry in batch.entries[2:]]
    assert own == [("27", "5550001", 9_999_999_999), ("27", "5550001", 18250)]
    assert [entry.trace[8:] for entry in batch.entries] == ["0000001", "0000002", "0000003", "0000004"]
    (end,) = (record for record in content.decode().splitlines() if record[0] == "9" and record.strip("9"))
    assert end[31:55] == "010000018249" * 2


def test_what_we_write_is_a_file_that_we_read() -> None:
    """Our own file says nothing of returns."""
    assert read_bank_notices(write_deposit_file((RIVER,), TERMS, date(2026, 6, 26), CREATED)) == ()
