"""Prove the files that tell the bank what to pay: read back, they say what the run pays, to the cent and the account.

The deposit file is read by `parsers.nacha`, which proves counts, hash and totals of its records; here its entries are
compared with the payments, and with what CORE rule 370 wants to be equal between a deposit and its 835.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from edi.trouble import Final
from parsers.nacha import BankFileUnreadable, Entry, read_bank_file
from writers.deposit_file import ODFI_DIGITS

if TYPE_CHECKING:
    from edi.payment_run import PaymentRun
    from writers.deposit_file import DepositTerms


class DepositUnproven(Final):
    """A file for the bank, read back, does not say what the run pays; nothing is sent."""


@dataclass(frozen=True, slots=True)
class DuePayment:
    """A payment to make: of the run, or of an earlier one once more."""

    trace_number: str
    """TRN02."""
    amount_cents: int
    payee_id: str
    payee_name: str
    routing_number: str
    account_number: str
    registry_version: int
    reissue_of: int | None = None
    """The payment that came back."""


def prove_deposit_file(
    content: bytes, run: PaymentRun, due: Sequence[DuePayment], terms: DepositTerms, effective: date
) -> int:
    """How many entries a deposit file has, debits of the plan's account among them.

    Raises:
        DepositUnproven: it does not pay what is due, each payment once, on the day and by the terms agreed.
    """
    try:
        file = read_bank_file(content)
    except BankFileUnreadable as problem:
        raise DepositUnproven(f"The deposit file cannot be read back: {problem}") from problem
    paid = [entry for batch in file.batches for entry in batch.entries if not entry.is_debit]
    debits = [entry for batch in file.batches for entry in batch.entries if entry.is_debit]
    total = sum(entry.amount_cents for entry in paid)
    _require(total == _paid(run, "ACH") + _again(due), "does not come to what the run pays by ACH")
    _require(all(len(entry.addenda) == 1 for entry in paid), "has not one addenda record for each payment")
    _require([_told(entry) for entry in paid] == [_due(one, terms) for one in due], "pays something else")
    _require({batch.effective_on for batch in file.batches} == {effective}, "pays on another day than BPR16")
    _require(_dates(run, "ACH") <= {effective}, "pays on another day than BPR16")
    own = sum(entry.amount_cents for entry in debits)
    _require(own == (total if terms.is_balanced else 0), "debits something else than it credits")
    own_account = {(entry.routing_number, entry.account_number) for entry in debits}
    _require(own_account <= {(terms.odfi, terms.account_number)}, "debits another account than the plan's")
    _require((file.destination, file.origin) == (terms.destination, terms.origin), "is from or for somebody else")
    traces = [entry.trace for entry in (*paid, *debits)]
    _require(sorted(set(traces)) == traces, "has trace numbers twice or out of order")
    return len(traces)


def prove_check_register(content: bytes, run: PaymentRun, due: Sequence[DuePayment], effective: date) -> None:
    """Nothing, when the register names each check of the run once, with its amount and day.

    Raises:
        DepositUnproven: it does not.
    """
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    try:
        told = [(row["check_number"], int(Decimal(row["amount"]) * 100), row["issue_date"]) for row in rows]
    except (InvalidOperation, KeyError, TypeError) as problem:
        raise DepositUnproven("The check register cannot be read back.") from problem
    expected = [(one.trace_number, one.amount_cents, effective.isoformat()) for one in due]
    _require(told == expected, "names other checks", "check register")
    total = sum(amount for _, amount, _ in told)
    _require(total == _paid(run, "CHK") + _again(due), "does not come to what the run pays by check", "check register")


def _told(entry: Entry) -> tuple[str, int, str, str, str, str]:
    numbers = f"0001{entry.trace[ODFI_DIGITS:]}"
    addenda = next((one.text[3:83].rstrip() for one in entry.addenda if one.text[83:] == numbers), "")
    payee = (entry.routing_number, entry.account_number)
    return entry.identification, entry.amount_cents, *payee, entry.transaction_code, addenda


def _due(one: DuePayment, terms: DepositTerms) -> tuple[str, int, str, str, str, str]:
    trn = f"TRN*1*{one.trace_number}*{terms.payer_id}~"
    return one.trace_number, one.amount_cents, one.routing_number, one.account_number, "22", trn


def _paid(run: PaymentRun, method: str) -> int:
    paid = run.payments.filter(pc.equal(run.payments["payment_method"], method))["payment_cents"]
    return int(pc.sum(paid).as_py() or 0)


def _again(due: Sequence[DuePayment]) -> int:
    return sum(one.amount_cents for one in due if one.reissue_of is not None)


def _dates(run: PaymentRun, method: str) -> set[date]:
    return set(run.payments.filter(pc.equal(run.payments["payment_method"], method))["payment_date"].to_pylist())


def _require(law: bool, told: str, file: str = "deposit file") -> None:
    if not law:
        raise DepositUnproven(f"The {file}, read back, {told}.")
