"""The deposit file: a run's ACH payments as a NACHA file of CCD+ entries, one batch, for the plan's bank.

Each entry has one addenda record with the TRN segment of its 835, by which the payee's bank statement and the 835 find
each other again (CORE rule 370: effective entry date = BPR16, amount = BPR02, payment information = TRN). Records have
94 characters, ten make a block; a file of the same payments, date and modifier always has the same bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from edi.trouble import Final
from writers.settings import Payer

RECORD_LENGTH, RECORDS_A_BLOCK = 94, 10
CREDITS_ONLY = "220"
CLASS = "CCD"
DESCRIPTION = "HCCLAIMPMT"
"""Company entry description that the NACHA rules want of health care claim payments."""
CHECKING_CREDIT, SAVINGS_CREDIT = "22", "32"
SAVINGS = "SG"
HIGHEST_AMOUNT = 9_999_999_999
"""Cents that the amount of an entry can hold."""
HASH_DIGITS = 10
MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ACCOUNT = re.compile(r"[0-9A-Za-z -]{1,17}")
WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)
ROUTING_LENGTH = 9


class DepositUnwritable(Final):
    """A payment that no bank could take. The message names payee and trace number, never an account."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """One ACH payment."""

    payee_id: str
    payee_name: str
    trace_number: str
    """TRN02."""
    routing_number: str
    account_number: str
    amount_cents: int
    account_kind: str = "DA"
    """BPR14: DA checking, SG savings."""


@dataclass(frozen=True, slots=True)
class Bank:
    """Where the file goes."""

    routing_number: str
    name: str


def check_digit(eight_digits: str) -> int:
    """The ninth digit of a routing number."""
    return -sum(weight * int(digit) for weight, digit in zip(WEIGHTS, eight_digits, strict=True)) % 10


def is_routing_number(number: str) -> bool:
    """Nine digits of which the last is right."""
    if len(number) != ROUTING_LENGTH or not (number.isascii() and number.isdigit()):
        return False
    return check_digit(number[:8]) == int(number[8])


def write_deposit_file(
    deposits: Sequence[Deposit],
    payer: Payer,
    bank: Bank,
    effective: date,
    created_at: datetime,
    file_of_the_day: int = 0,
) -> bytes:
    """The file with its totals.

    Args:
        deposits: at least one, in the order of the file.
        payer: who pays; its bank account is at the bank of `payer.routing_number`.
        bank: who gets the file.
        effective: the day on which the money moves (BPR16).
        created_at: in the plan's time zone.
        file_of_the_day: 0 for the first file that this bank gets on that day.

    Raises:
        DepositUnwritable: a payment does not fit, or there is none.
    """
    if not deposits:
        raise DepositUnwritable("A deposit file needs a payment.")
    odfi = _routing(payer.routing_number, "The plan's bank")[:8]
    company = f"1{payer.tin}"
    records = [_file_header(payer, bank, company, created_at, file_of_the_day)]
    records.append(
        f"5{CREDITS_ONLY}{_text(payer.name, 16)}{'':20}{company:10}{CLASS}{DESCRIPTION:10}"
        f"{created_at:%y%m%d}{effective:%y%m%d}{'':3}1{odfi}{1:07d}"
    )
    for number, deposit in enumerate(deposits, 1):
        records += _entry(deposit, number, odfi, company)
    entry_hash = str(sum(int(deposit.routing_number[:8]) for deposit in deposits))[-HASH_DIGITS:].zfill(HASH_DIGITS)
    total = sum(deposit.amount_cents for deposit in deposits)
    count = 2 * len(deposits)
    records.append(f"8{CREDITS_ONLY}{count:06d}{entry_hash}{0:012d}{total:012d}{company:10}{'':19}{'':6}{odfi}{1:07d}")
    blocks = -(-(len(records) + 1) // RECORDS_A_BLOCK)
    records.append(f"9{1:06d}{blocks:06d}{count:08d}{entry_hash}{0:012d}{total:012d}{'':39}")
    records += ["9" * RECORD_LENGTH] * (blocks * RECORDS_A_BLOCK - len(records))
    if any(len(record) != RECORD_LENGTH for record in records):
        raise DepositUnwritable("A record of the deposit file has not 94 characters: a total is too large for it.")
    return "".join(f"{record}\n" for record in records).encode("ascii")


def _file_header(payer: Payer, bank: Bank, company: str, created_at: datetime, file_of_the_day: int) -> str:
    if not 0 <= file_of_the_day < len(MODIFIERS):
        raise DepositUnwritable(f"A bank takes {len(MODIFIERS)} files a day.")
    destination = _routing(bank.routing_number, "The bank that takes the file")
    return (
        f"101 {destination}{company:10}{created_at:%y%m%d%H%M}{MODIFIERS[file_of_the_day]}094101"
        f"{_text(bank.name, 23)}{_text(payer.name, 23)}{'':8}"
    )


def _entry(deposit: Deposit, number: int, odfi: str, company: str) -> Iterator[str]:
    place = f"payment {deposit.trace_number} to payee {deposit.payee_id}"
    if not 0 < deposit.amount_cents <= HIGHEST_AMOUNT:
        raise DepositUnwritable(f"The amount of {place} does not fit an ACH entry.")
    if not ACCOUNT.fullmatch(deposit.account_number):
        raise DepositUnwritable(f"The account number of {place} does not fit an ACH entry.")
    routing = _routing(deposit.routing_number, f"The payee's bank of {place}")
    code = SAVINGS_CREDIT if deposit.account_kind == SAVINGS else CHECKING_CREDIT
    yield (
        f"6{code}{routing}{deposit.account_number:17}{deposit.amount_cents:010d}{_text(deposit.trace_number, 15)}"
        f"{_text(deposit.payee_name, 22)}{'':2}1{odfi}{number:07d}"
    )
    information = f"TRN*1*{deposit.trace_number}*{company}~"
    yield f"705{information:80}{1:04d}{number:07d}"


def _routing(number: str, whose: str) -> str:
    if not is_routing_number(number):
        raise DepositUnwritable(f"{whose} has a routing number that is none.")
    return number


def _text(value: str, length: int) -> str:
    """Capital letters, digits and blanks as banks take them, cut and filled up."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode("ascii").upper()
    return re.sub(r"[^A-Z0-9 .&/-]", " ", plain)[:length].ljust(length)
