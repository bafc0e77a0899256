"""Tell the plan's bank what a run pays: the deposit file of its ACH payments, and the register of its checks.

Payments that came back and are to be made again go along, under the trace number that their 835 had. Each file is read
back by a reader that knows nothing of its writer, and compared with the run, before it goes into the outbox.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from loaders import deposits, outbox
from loaders.deposits import ENTRY, REGISTER, ToldFile, ToldPayment
from loaders.outbox import OutboxFile
from pipeline.deposit_proof import DuePayment, prove_check_register, prove_deposit_file
from writers.check_register import Check, write_check_register
from writers.deposit_file import HIGHEST_NUMBER, Deposit, entry_trace, write_deposit_file

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from edi.payment_run import PaymentRun
    from loaders.deposits import Reissue
    from pipeline.configuration import Configuration
    from pipeline.house import House

ACH, CHECK = "ACH", "CHK"
FOLDER = "out"


@dataclass(frozen=True, slots=True)
class DayOfBank:
    """What the bank was told before."""

    deposit_files: int = 0
    """Of this day."""
    check_registers: int = 0
    """Of this day."""
    last_sequence: int = 0
    """Of the entries of all files."""


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file for the bank, and what it tells."""

    file: OutboxFile
    told: ToldFile


def queue_deposits(
    house: House, connection: Connection, run: PaymentRun, run_id: int, through: date, now: datetime
) -> tuple[str, ...]:
    """Put the run's files for the bank into the outbox; their names. Nothing where no bank is configured.

    Call it in the run's transaction, under the settlement's lock, once its remittances are stored.
    """
    bank = house.configuration.bank
    if bank is None:
        return ()
    today = house.received_date(now)
    day = DayOfBank(
        deposits.files_of_day(connection, bank.partner, ENTRY, today),
        deposits.files_of_day(connection, bank.partner, REGISTER, today),
        deposits.last_sequence(connection),
    )
    files = deposit_files(house.configuration, run, run_id, through, now, day, deposits.reissues(connection))
    ids = outbox.put(connection, [one.file for one in files], now)
    for outbox_id, one in zip(ids, files, strict=True):
        deposits.store(connection, run_id, outbox_id, one.told)
    return tuple(one.file.file_name for one in files)


def deposit_files(
    configuration: Configuration,
    run: PaymentRun,
    run_id: int,
    through: date,
    now: datetime,
    day: DayOfBank,
    reissues: Sequence[Reissue] = (),
) -> tuple[BankFile, ...]:
    """The files that tell the bank of a run, proven; none where there is nothing to pay, or no bank.

    Raises:
        writers.deposit_file.DepositUnwritable: a payment that no bank could take.
        pipeline.deposit_proof.DepositUnproven: a file, read back, says something else than the run.
    """
    if configuration.bank is None:
        return ()
    created_at = now.astimezone(configuration.plan.time_zone)
    effective = run.payments["payment_date"][0].as_py() if run.payments.num_rows else None
    effective = effective or configuration.remittance.payment_date(created_at.date())
    place = _Place(configuration, run_id, through, created_at, effective)
    made = (
        _deposit_file(place, run, list(_due(run, reissues, ACH)), day),
        _check_register(place, run, list(_due(run, reissues, CHECK)), day),
    )
    return tuple(file for file in made if file is not None)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where and when the files are made."""

    configuration: Configuration
    run_id: int
    through: date
    created_at: datetime
    effective: date

    def file(
        self,
        kind: str,
        content: bytes,
        payments: Sequence[ToldPayment],
        file_of_the_day: int,
        last_sequence: int | None = None,
    ) -> BankFile:
        """A file of these payments."""
        bank = self.configuration.bank
        partner = bank.partner if bank is not None else ""
        name = f"DEPOSIT_{self.through:%Y%m%d}.ach" if kind == ENTRY else f"CHECKS_{self.through:%Y%m%d}.csv"
        total = sum(one.amount_cents for one in payments)
        made_on = self.created_at.date()
        return BankFile(
            OutboxFile(partner, FOLDER, name, kind, content, remittance_run_id=self.run_id),
            ToldFile(kind, partner, made_on, file_of_the_day, self.effective, total, payments, last_sequence),
        )


def _deposit_file(place: _Place, run: PaymentRun, due: Sequence[DuePayment], day: DayOfBank) -> BankFile | None:
    bank = place.configuration.bank
    if not due or bank is None:
        return None
    terms = bank.terms
    first = _first(day.last_sequence, len(due))
    deposits_made = [
        Deposit(
            payee_id=one.payee_id,
            payee_name=one.payee_name,
            trace_number=one.trace_number,
            routing_number=one.routing_number,
            account_number=one.account_number,
            amount_cents=one.amount_cents,
            entry_number=_number(sequence),
        )
        for sequence, one in enumerate(due, first)
    ]
    content = write_deposit_file(deposits_made, terms, place.effective, place.created_at, day.deposit_files)
    entries = prove_deposit_file(content, run, due, terms, place.effective)
    told = [
        ToldPayment(
            trace_number=one.trace_number,
            amount_cents=one.amount_cents,
            registry_version=one.registry_version,
            reissue_of=one.reissue_of,
            entry_sequence=sequence,
            entry_trace=entry_trace(terms, _number(sequence)),
        )
        for sequence, one in enumerate(due, first)
    ]
    return place.file(ENTRY, content, told, day.deposit_files, first + entries - 1)


def _check_register(place: _Place, run: PaymentRun, due: Sequence[DuePayment], day: DayOfBank) -> BankFile | None:
    bank = place.configuration.bank
    if not due or bank is None:
        return None
    checks = [Check(one.trace_number, place.effective, one.amount_cents, one.payee_name) for one in due]
    content = write_check_register(checks, bank.terms.account_number)
    prove_check_register(content, run, due, place.effective)
    told = [ToldPayment(one.trace_number, one.amount_cents, one.registry_version, one.reissue_of) for one in due]
    return place.file(REGISTER, content, told, day.check_registers)


def _due(run: PaymentRun, reissues: Sequence[Reissue], method: str) -> Iterator[DuePayment]:
    """What is paid by a method: the run's payments in their order, then those that are made again."""
    columns = ("trace_number", "payment_cents", "payee_id", "name", "routing_number", "account_number")
    names = (*columns, "registry_version", "payment_method")
    for trace, amount, payee, name, routing, account, version, by in zip(
        *(run.payments[column].to_pylist() for column in names), strict=True
    ):
        if by == method and amount > 0:
            yield DuePayment(trace, amount, payee, name, routing or "", account or "", version)
    for one in reissues:
        if one.payment_method == method:
            yield DuePayment(
                *(one.trace_number, one.amount_cents, one.payee_id, one.payee_name),
                *(one.routing_number or "", one.account_number or "", one.registry_version, one.deposit_payment_id),
            )


def _first(last_sequence: int, count: int) -> int:
    """Sequence of the file's first entry: numbers rise through a file, so it starts anew rather than run over."""
    first = last_sequence + 1
    if _number(first) + count - 1 > HIGHEST_NUMBER:
        first += HIGHEST_NUMBER - _number(first) + 1
    return first


def _number(sequence: int) -> int:
    """What of the sequence an entry's trace number has room for."""
    return (sequence - 1) % HIGHEST_NUMBER + 1
