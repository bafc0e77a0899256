"""Remit: settle what was decided through a day - one 835 a payee, one EOP a payee, all in one transaction.

A run either happened whole or not at all, so running it again after any failure is right; a day that is settled stays
settled, and asking again gives the same figures with nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from edi.remittance import PayeeWeek, ProviderAdjustment, Remittance, Settlement, Statement, WeekFacts
from edi.remittance_balance import NO_PAYMENT, prove
from edi.trouble import Final
from loaders import numbers, outbox, remittances, settlement
from pipeline.rules_bundle import enter
from pipeline.statement_notices import statement_notices
from rules.settlement import settle
from writers.eop_csv import write_eop_csv
from writers.remittance_835 import RemittanceEnvelope, write_835

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pipeline.house import House
    from rules.rulebook import Plan

TRACE_SERIES = "remittance"
WEEK_DAYS = 7


class ThroughRefused(Final):
    """A day that cannot be settled."""


@dataclass(frozen=True, slots=True)
class RemitReport:
    """What a settlement came to. The figures are those of the day, whether this call settled it or an earlier one."""

    through: date
    is_new: bool
    """Did this call settle the day?"""
    remittances: int
    """835s, those that pay nothing among them."""
    claims: int
    """Claim versions remitted."""
    payments: int
    """835s that pay something."""
    paid_cents: int
    carried: tuple[str, ...]
    """Payees whose week would be negative; it comes again."""
    without_payee: int
    """Decided claims that wait because the provider registry does not know who is paid for them."""
    files: tuple[str, ...]
    """Names of what was put into the outbox."""

    @property
    def new_remittances(self) -> int:
        """835s made by this call."""
        return self.remittances if self.is_new else 0

    @property
    def new_claims(self) -> int:
        """Claim versions remitted by this call."""
        return self.claims if self.is_new else 0

    @property
    def new_payments(self) -> int:
        """Payments made by this call."""
        return self.payments if self.is_new else 0

    def summary(self) -> dict[str, Any]:
        """The report as plain values, for people and programs."""
        return {
            "through": self.through.isoformat(),
            "new_remittances": self.new_remittances,
            "new_claims": self.new_claims,
            "new_payments": self.new_payments,
            "remittances": self.remittances,
            "claims": self.claims,
            "payments": self.payments,
            "paid_cents": self.paid_cents,
            "carried": list(self.carried),
            "without_payee": self.without_payee,
            "files": list(self.files),
        }


def remit(house: House, through: date) -> RemitReport:
    """Settle everything decided through a plan-local day, and queue its 835s and EOPs.

    Raises:
        ThroughRefused: the day has not come yet, or a later one is settled already.
        edi.remittance_balance.RemittanceUnbalanced: decisions that do not add up; nothing is sent at all.
    """
    now = house.now()
    production_date = house.received_date(now)
    if through > production_date:
        raise ThroughRefused(f"{through} has not come yet: today is {production_date}.")
    with house.warehouse.begin() as connection:
        settlement.lock(connection)
        facts = settlement.read_week(connection, through, accept_test=house.configuration.environment == "test")
        settled = settle(facts, _indicators(house.configuration.rulebook.plans, through))
        before = settlement.find_run(connection, through)
        if before is None:
            _refuse_out_of_order(connection, through)
            _send(house, connection, facts, settled, now)
        stored = before or settlement.find_run(connection, through)
        if before is None and stored is not None:
            enter(house, connection, "remit", now, stored.remittance_run_id)
    if stored is None:
        raise ThroughRefused(f"The settlement through {through} left no trace in the warehouse.")
    return RemitReport(
        through=through,
        is_new=before is None,
        remittances=stored.remittances,
        claims=stored.claims,
        payments=stored.payments,
        paid_cents=stored.paid_cents,
        carried=tuple(week.payee.payee_id for week in settled.weeks if week.is_carried),
        without_payee=len(settled.without_payee),
        files=stored.files,
    )


def _refuse_out_of_order(connection: Connection, through: date) -> None:
    last = settlement.last_through(connection)
    if last is not None and through < last:
        raise ThroughRefused(
            f"Decisions are settled through {last} already, those through {through} among them. "
            f"Settle through {last} again to see its figures, or through a later day."
        )


def _indicators(plans: Sequence[Plan], through: date) -> Mapping[str, str]:
    """Filing indicator of each plan, from its newest version in force."""
    in_force = sorted((plan for plan in plans if plan.effective_from <= through), key=lambda plan: plan.effective_from)
    return {plan.id: plan.filing_indicator for plan in in_force}


def _send(house: House, connection: Connection, facts: WeekFacts, settled: Settlement, now: datetime) -> None:
    """Store the run and put its files into the outbox.

    Statements, which take longest, are written before control numbers are drawn: acknowledgments of other workers wait
    for those numbers.
    """
    run_id = remittances.store_run(connection, facts.through, now)
    sent = _remittances(house, connection, settled, house.received_date(now))
    for remittance in sent.values():
        remittances.store_remittance(connection, run_id, remittance)
    for week in settled.weeks:
        statement = _statement(house, facts, week, sent.get(week.payee.payee_id))
        outbox.put(connection, _statement_files(house, statement, run_id), now)
    if sent:
        usage = "T" if house.configuration.environment == "test" else "P"
        first = numbers.draw(connection, f"isa:{usage}", len(sent))
        files = [
            _remittance_file(house, remittance, run_id, facts.through, _envelope(house, remittance, usage, number, now))
            for number, remittance in enumerate(sent.values(), first)
        ]
        outbox.put(connection, files, now)


def _remittances(
    house: House, connection: Connection, settled: Settlement, production_date: date
) -> dict[str, Remittance]:
    """The proven remittances by payee id, each with a trace number of its own; a week without payment has one too."""
    weeks = [week for week in settled.weeks if week.is_remitted]
    if not weeks:
        return {}
    first = numbers.draw(connection, TRACE_SERIES, len(weeks))
    made = {}
    for number, week in enumerate(weeks, first):
        remittance = Remittance(
            payee=week.payee,
            trace_number=f"R{number:09d}",
            payment_method=week.payee.payment_method if week.net_cents else NO_PAYMENT,
            payment_cents=week.net_cents,
            production_date=production_date,
            payment_date=house.configuration.remittance.payment_date(production_date),
            claims=week.claims,
            adjustments=_interest(week),
        )
        prove(remittance)
        made[week.payee.payee_id] = remittance
    return made


def _interest(week: PayeeWeek) -> tuple[ProviderAdjustment, ...]:
    interest = sum(claim.interest_cents for claim in week.claims)
    return (ProviderAdjustment("L6", "", -interest),) if interest else ()


def _statement(house: House, facts: WeekFacts, week: PayeeWeek, remittance: Remittance | None) -> Statement:
    since = facts.previous_through or facts.through - timedelta(days=WEEK_DAYS)
    configuration = house.configuration
    remitted_on = remittance.production_date if remittance else None
    return Statement(
        payee=week.payee,
        week_from=since + timedelta(days=1),
        week_through=facts.through,
        remittance=remittance,
        pended=week.pended,
        notices=statement_notices(configuration.rulebook, configuration.payer, remitted_on),
    )


def _statement_files(house: House, statement: Statement, run_id: int) -> tuple[outbox.OutboxFile, ...]:
    from writers.eop_pdf import write_eop_pdf  # noqa: PLC0415 - commands that write no PDF need not load its library

    partner = house.partner(statement.payee.statement_partner).id
    name = f"EOP_{statement.week_through:%Y%m%d}_{statement.payee.payee_id}"
    pdf, table = write_eop_pdf(statement, house.configuration.payer), write_eop_csv(statement)
    return (
        outbox.OutboxFile(partner, "reports", f"{name}.pdf", "EOP_PDF", pdf, remittance_run_id=run_id),
        outbox.OutboxFile(partner, "reports", f"{name}.csv", "EOP_CSV", table, remittance_run_id=run_id),
    )


def _remittance_file(
    house: House, remittance: Remittance, run_id: int, through: date, envelope: RemittanceEnvelope
) -> outbox.OutboxFile:
    """The 835 in an interchange of its own."""
    partner = house.partner(remittance.payee.remittance_partner).id
    name = f"835_{through:%Y%m%d}_{remittance.trace_number}.x12"
    content = write_835(remittance, house.configuration.payer, envelope)
    return outbox.OutboxFile(partner, "out", name, "835", content, remittance_run_id=run_id)


def _envelope(
    house: House, remittance: Remittance, usage: str, control_number: int, now: datetime
) -> RemittanceEnvelope:
    partner = house.partner(remittance.payee.remittance_partner)
    return RemittanceEnvelope(
        receiver_qualifier=partner.isa_qualifier,
        receiver_id=partner.isa_id,
        receiver_group_id=partner.gs_ids[0],
        control_number=control_number,
        usage=usage,
        prepared_at=now.astimezone(house.configuration.plan.time_zone),
    )
