"""The deposit file: a run's ACH payments as a NACHA file of CCD+ entries, one batch, for the plan's bank.

Each entry has one addenda record with the TRN segment of its 835, by which the payee's bank statement and the 835 find
each other again (CORE rule 370: effective entry date = BPR16, amount = BPR02, payment information = TRN). Records have
94 characters, ten make a block; a file of the same payments, date and modifier always has the same bytes.

Where the bank wants a balanced file, debits of the plan's own account for the same total stand behind the credits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from edi.payment_run import MOST_BY_ACH
from edi.trouble import Final

RECORD_LENGTH, RECORDS_A_BLOCK = 94, 10
CREDITS_ONLY, MIXED = "220", "200"
CLASS = "CCD"
DESCRIPTION = "HCCLAIMPMT"
"""Company entry description that the NACHA rules want of health care claim payments."""
CHECKING_CREDIT, SAVINGS_CREDIT, CHECKING_DEBIT = "22", "32", "27"
SAVINGS = "SG"
HIGHEST_TOTAL = 999_999_999_999
HIGHEST_NUMBER = 9_999_999
"""Of an entry: the last seven digits of its trace number."""
HASH_DIGITS = 10
MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ACCOUNT = re.compile(r"[0-9A-Za-z -]{1,17}")
ODFI_DIGITS = 8
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
    entry_number: int
    """From 1, rising through the file: with our bank's eight digits the entry's own trace number."""
    account_kind: str = "DA"
    """BPR14: DA checking, SG savings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositTerms:
    """What was agreed with the bank."""

    destination: str
    """Immediate destination: routing number of who takes the file."""
    destination_name: str
    origin: str
    """Immediate origin, up to ten characters as the bank gave it: mostly 1 and the tax number."""
    company_name: str
    company_id: str
    """Of the batch, up to ten characters."""
    payer_id: str
    """TRN03 and BPR10: 1 and the tax number."""
    odfi: str
    """BPR07: routing number of our bank, whose first eight digits begin every entry's trace number."""
    account_number: str
    """BPR09: our account there."""
    is_balanced: bool = False
    """Does the file hold the debits of our account too?"""


def check_digit(eight_digits: str) -> int:
    """The ninth digit of a routing number."""
    return -sum(weight * int(digit) for weight, digit in zip(WEIGHTS, eight_digits, strict=True)) % 10


def entry_trace(terms: DepositTerms, entry_number: int) -> str:
    """An entry's own trace number, by which the bank returns it."""
    return f"{terms.odfi[:ODFI_DIGITS]}{entry_number:07d}"


def is_routing_number(number: str) -> bool:
    """Nine digits of which the last is right."""
    if len(number) != ROUTING_LENGTH or not (number.isascii() and number.isdigit()):
        return False
    return check_digit(number[:8]) == int(number[8])


def write_deposit_file(
    deposits: Sequence[Deposit],
    terms: DepositTerms,
    effective: date,
    created_at: datetime,
    file_of_the_day: int = 0,
) -> bytes:
    """The file with its totals.

    Args:
        deposits: at least one, in the order of the file.
        terms: who sends the file, and to whom.
        effective: the day on which the money moves (BPR16).
        created_at: in the plan's time zone.
        file_of_the_day: 0 for the first file that this bank gets on that day.

    Raises:
        DepositUnwritable: a payment does not fit, or there is none.
    """
    if not deposits:
        raise DepositUnwritable("A deposit file needs a payment.")
    total = sum(deposit.amount_cents for deposit in deposits)
    if total > HIGHEST_TOTAL:
        raise DepositUnwritable("The total of the deposit file is larger than its last record can hold.")
    odfi = _routing(terms.odfi, "The plan's bank")[:ODFI_DIGITS]
    company_name, company = _text(terms.company_name, 16), _text(terms.company_id, 10)
    service_class = MIXED if terms.is_balanced else CREDITS_ONLY
    entries = [record for deposit in deposits for record in _entry(deposit, odfi, terms)]
    hashed = sum(int(deposit.routing_number[:8]) for deposit in deposits)
    debits = 0
    if terms.is_balanced:
        own = list(_debits(total, deposits[-1].entry_number + 1, terms, odfi))
        entries += own
        hashed += len(own) * int(odfi)
        debits = total
    count, entry_hash = len(entries), str(hashed)[-HASH_DIGITS:].zfill(HASH_DIGITS)
    days = f"{created_at:%y%m%d}{effective:%y%m%d}"
    records = [
        _file_header(terms, created_at, file_of_the_day),
        f"5{service_class}{company_name}{'':20}{company}{CLASS}{DESCRIPTION:10}{days}{'':3}1{odfi}{1:07d}",
        *entries,
        f"8{service_class}{count:06d}{entry_hash}{debits:012d}{total:012d}{company}{'':19}{'':6}{odfi}{1:07d}",
    ]
    blocks = -(-(len(records) + 1) // RECORDS_A_BLOCK)
    records.append(f"9{1:06d}{blocks:06d}{count:08d}{entry_hash}{debits:012d}{total:012d}{'':39}")
    records += ["9" * RECORD_LENGTH] * (blocks * RECORDS_A_BLOCK - len(records))
    if any(len(record) != RECORD_LENGTH for record in records):
        raise DepositUnwritable("A record of the deposit file has not 94 characters: there are too many payments.")
    return "".join(f"{record}\n" for record in records).encode("ascii")


def _file_header(terms: DepositTerms, created_at: datetime, file_of_the_day: int) -> str:
    if not 0 <= file_of_the_day < len(MODIFIERS):
        raise DepositUnwritable(f"A bank takes {len(MODIFIERS)} files a day.")
    destination = _routing(terms.destination, "The bank that takes the file")
    return (
        f"101 {destination}{terms.origin:>10}{created_at:%y%m%d%H%M}{MODIFIERS[file_of_the_day]}094101"
        f"{_text(terms.destination_name, 23)}{_text(terms.company_name, 23)}{'':8}"
    )


def _entry(deposit: Deposit, odfi: str, terms: DepositTerms) -> Iterator[str]:
    place = f"payment {deposit.trace_number} to payee {deposit.payee_id}"
    if not 0 < deposit.amount_cents <= MOST_BY_ACH:
        raise DepositUnwritable(f"The amount of {place} does not fit an ACH entry.")
    if not ACCOUNT.fullmatch(deposit.account_number):
        raise DepositUnwritable(f"The account number of {place} does not fit an ACH entry.")
    routing = _routing(deposit.routing_number, f"The payee's bank of {place}")
    code = SAVINGS_CREDIT if deposit.account_kind == SAVINGS else CHECKING_CREDIT
    number = _number(deposit.entry_number)
    yield (
        f"6{code}{routing}{deposit.account_number:17}{deposit.amount_cents:010d}{_text(deposit.trace_number, 15)}"
        f"{_text(deposit.payee_name, 22)}{'':2}1{odfi}{number}"
    )
    information = f"TRN*1*{deposit.trace_number}*{terms.payer_id}~"
    yield f"705{information:80}{1:04d}{number}"


def _debits(total: int, entry_number: int, terms: DepositTerms, odfi: str) -> Iterator[str]:
    """What the plan's own account pays, in amounts that an entry can hold."""
    while total:
        amount = min(total, MOST_BY_ACH)
        yield (
            f"6{CHECKING_DEBIT}{terms.odfi}{_text(terms.account_number, 17)}{amount:010d}{_text(terms.company_id, 15)}"
            f"{_text(terms.company_name, 22)}{'':2}0{odfi}{_number(entry_number)}"
        )
        total -= amount
        entry_number += 1


def _number(entry_number: int) -> str:
    if not 0 < entry_number <= HIGHEST_NUMBER:
        raise DepositUnwritable("The number of an entry has more than seven digits.")
    return f"{entry_number:07d}"


def _routing(number: str, whose: str) -> str:
    if not is_routing_number(number):
        raise DepositUnwritable(f"{whose} has a routing number that is none.")
    return number


def _text(value: str, length: int) -> str:
    """Capital letters, digits and blanks as banks take them, cut and filled up."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode("ascii").upper()
    return re.sub(r"[^A-Z0-9 .&/-]", " ", plain)[:length].ljust(length)
