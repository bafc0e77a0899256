"""Compose a run: from what is due to proven 835s and EOPs in the outbox, within the transaction of the caller.

Killed anywhere, nothing happened. Statements, which take longest, are written before control numbers are drawn:
acknowledgments of other workers wait for those numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from edi.payment_balance import imbalances, prove
from loaders import (
    left_out,
    numbers,
    outbox,
    payment_runs,
    payments,
    payments_due,
    provider_accounts,
    reference_data,
    statement_facts,
)
from pipeline.deposits import queue_deposits
from pipeline.statements import statement_files
from rules.payments.compose import PaymentTerms
from rules.payments.left_out import compose_sound, decided_at
from rules.pend_reasons import WAITS_FOR_PROVIDER
from writers.remittance_files import Receiver, RemittanceUnwritable, Sending, have_835, write_remittances

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection, RowMapping

    from edi.payment_run import PaymentRun
    from edi.payments_due import PaymentsDue
    from pipeline.house import House
    from rules.payments.compose import Composition
    from rules.rulebook import Plan

TRACE_SERIES = "remittance"
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """What a run is made from."""

    due: PaymentsDue
    terms: PaymentTerms
    listed: pd.DataFrame | None
    """CORE's combinations, where a decision may have no other."""

    def composed(self, refused: pd.DataFrame | None) -> Composition:
        """The run of what breaks no law of its own, without the claims of `refused`."""
        return compose_sound(self.due, self.terms, self.listed, refused)

    def without(self, composition: Composition, fault: RemittanceUnwritable) -> pd.DataFrame:
        """What is left out next time, because it cannot be written.

        Raises:
            writers.remittance_files.RemittanceUnwritable: no claim is at fault.
        """
        if not fault.refusals:
            raise fault
        return pd.concat([composition.left_out, decided_at(self.due, composition.run, fault.refusals)])


def compose_run(house: House, connection: Connection, through: date, now: datetime) -> int:
    """Settle everything decided through a day, and put its files into the outbox; the run's id.

    A claim that breaks a law of its own, or that nobody could read, is left out with what it would take back. The
    caller holds the settlement's lock.

    Raises:
        edi.payment_balance.PaymentsUnbalanced: a payment as a whole does not add up.
        writers.remittance_files.RemittanceUnwritable: an 835 that a receiver would reject whatever claims it has.
        writers.deposit_file.DepositUnwritable: a payment that no bank could take.
        pipeline.deposit_proof.DepositUnproven: a file for the bank that says something else than the run.
        pipeline.house.PartnerUnknown: a payee's partner is in no file of the configuration.
    """
    week = week_of(house, connection, through, now)
    # what is tried in vain uses no id of a run up: a replay gives the next one the id that it had
    run_id = payments.begin_run(connection, through, now)
    refused = None
    while True:
        composition = week.composed(refused)
        prove(composition.run)
        try:
            with connection.begin_nested():
                _keep(house, connection, composition, run_id, through, now)
        except RemittanceUnwritable as fault:
            refused = week.without(composition, fault)
        else:
            return run_id


def rehearsed(house: House, connection: Connection, through: date, now: datetime) -> tuple[Composition, str | None]:
    """What a run through a day would send, and what would keep it from being written; nothing is stored.

    Trace numbers are those that the run will draw: nobody else draws of their series without the settlement's lock,
    which the caller holds.
    """
    week = week_of(house, connection, through, now)
    refused = None
    while True:
        composition = week.composed(refused)
        if imbalances(composition.run):
            return composition, None
        first = numbers.following(connection, interchange_series(house))
        try:
            for _ in _written(house, composition.run, first, now):
                pass
        except RemittanceUnwritable as fault:
            if not fault.refusals:
                return composition, str(fault)
            refused = week.without(composition, fault)
        else:
            return composition, None


def week_of(house: House, connection: Connection, through: date, now: datetime) -> Week:
    """What is due, and what it is paid under. The caller holds the settlement's lock."""
    configuration = house.configuration
    production_date = house.received_date(now)
    due = payments_due.read_due(
        connection,
        through,
        sorted(WAITS_FOR_PROVIDER),
        produced_on=production_date,
        accept_test=configuration.environment == "test",
    )
    plans = _plans(house, through)
    terms = PaymentTerms(
        production_date=production_date,
        payment_date=configuration.remittance.payment_date(production_date),
        first_trace_number=numbers.following(connection, TRACE_SERIES),
        filing_indicators={plan.id: plan.filing_indicator for plan in plans},
        lines_of_business={plan.id: plan.line_of_business for plan in plans},
        settings=configuration.payments,
    )
    return Week(due, terms, listed_combinations(house, connection))


def listed_combinations(house: House, connection: Connection) -> pd.DataFrame | None:
    """CORE's combinations where the settings have decisions wait that say others; None where they do not."""
    if house.configuration.rulebook.core_combinations != "pend":
        return None
    return reference_data.core_combinations(connection)


def _keep(
    house: House, connection: Connection, composition: Composition, run_id: int, through: date, now: datetime
) -> None:
    """Store a run and put its files into the outbox."""
    run = composition.run
    if run.payments.num_rows:
        numbers.draw(connection, TRACE_SERIES, run.payments.num_rows)
    entry_ids = pa.array(composition.entry_ids, pa.int64(), from_pandas=True)
    payments.store_run(connection, run_id, run, entry_ids)
    provider_accounts.book_recoveries(connection, composition.left, composition.left_until, now)
    left_out.store(connection, run_id, composition.left_out)
    _put_statements(house, connection, run, run_id, through, now)
    queue_deposits(house, connection, run, run_id, through, now)
    if run.payments.num_rows:
        files = _remittance_files(house, connection, run, f"{through:%Y%m%d}", run_id, now)
        outbox.put(connection, files, now)


def _put_statements(
    house: House, connection: Connection, run: PaymentRun, run_id: int, through: date, now: datetime
) -> None:
    """The EOPs, payee by payee: there are more of them than should be in memory at once."""
    previous = payment_runs.last_through(connection, through) or through - WEEK
    accept_test = house.configuration.environment == "test"
    week_from = previous + timedelta(days=1)
    statements = statement_files(
        house,
        run,
        payees=_rows(payments_due.read_payees(connection)),
        pended=_rows(payments_due.read_pended(connection, through, accept_test=accept_test)),
        returned=_rows(statement_facts.read_returned(connection, week_from, through, accept_test=accept_test)),
        balances=_rows(statement_facts.read_open_balances(connection)),
        week_from=week_from,
        week_through=through,
        run_id=run_id,
    )
    outbox.put(connection, statements, now)


def interchange_series(house: House) -> str:
    """Name of the series that control numbers of our interchanges are drawn from."""
    return f"isa:{_usage(house)}"


def _usage(house: House) -> str:
    """ISA15."""
    return "T" if house.configuration.environment == "test" else "P"


def _rows(found: Iterable[RowMapping]) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in found]


def _plans(house: House, through: date) -> list[Plan]:
    """The versions of plans that were in force by a day, the newest of each last."""
    plans = [plan for plan in house.configuration.rulebook.plans if plan.effective_from <= through]
    return sorted(plans, key=lambda plan: plan.effective_from)


def _remittance_files(
    house: House, connection: Connection, run: PaymentRun, day: str, run_id: int, now: datetime
) -> Iterator[outbox.OutboxFile]:
    """The 835s, each in an interchange of its own; their control numbers are drawn here."""
    written = run.payments.filter(pa.array(have_835(run), pa.bool_()))
    if not written.num_rows:
        return
    first = numbers.draw(connection, interchange_series(house), written.num_rows)
    traces = zip(written["remittance_partner"].to_pylist(), written["trace_number"].to_pylist(), strict=True)
    for (partner, trace_number), content in zip(traces, _written(house, run, first, now), strict=True):
        name = f"835_{day}_{trace_number}.x12"
        yield outbox.OutboxFile(house.partner(partner).id, "out", name, "835", content, remittance_run_id=run_id)


def _written(house: House, run: PaymentRun, first_control_number: int, now: datetime) -> Iterator[bytes]:
    """The interchange of each payment that has one."""
    configuration = house.configuration
    receivers = {
        name: Receiver(partner.isa_qualifier, partner.isa_id, partner.gs_ids[0])
        for name in sorted(set(run.payments["remittance_partner"].to_pylist()))
        for partner in [house.partner(name)]
    }
    sending = Sending(first_control_number, _usage(house), now.astimezone(configuration.plan.time_zone))
    return write_remittances(run, configuration.payer, receivers, sending)
