"""The EOPs of a run: one a payee and week, of everything that was decided or waits, as files for the outbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from edi.remittance import Statement
from loaders.outbox import OutboxFile
from pipeline.statement_notices import statement_notices
from rules.payments.statements import payee_of, pended_by_payee, remittances
from writers.eop_csv import write_eop_csv

if TYPE_CHECKING:
    from collections.abc import Mapping

    from edi.payment_run import PaymentRun
    from pipeline.house import House

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class StatementWeek:
    """What the EOPs of a run have in common."""

    run_id: int
    previous_through: date | None
    """Last day of the run before; a week before `through` where there was none."""
    through: date

    @property
    def first(self) -> date:
        """First day that an EOP is about."""
        return (self.previous_through or self.through - timedelta(days=WEEK_DAYS)) + timedelta(days=1)


def statement_files(
    house: House,
    run: PaymentRun,
    pended: Sequence[Mapping[str, Any]],
    payees: Sequence[Mapping[str, Any]],
    week: StatementWeek,
) -> Iterator[OutboxFile]:
    """The EOPs in the order of payee ids: of every payment of the run, and of payees with nothing but pended claims.

    Args:
        house: whose plan it is.
        run: what is paid, proven.
        pended: rows of `loaders.payments_due.read_pended`.
        payees: the newest registry, by `loaders.payments_due.read_payees`.
        week: which days, and the run that the files belong to.
    """
    waiting = pended_by_payee(pended)
    paid = {sent.payee.payee_id: sent for sent in remittances(run)}
    known = {row["payee_id"]: row for row in payees}
    configuration = house.configuration
    for payee_id in sorted(paid.keys() | (waiting.keys() & known.keys())):
        remittance = paid.get(payee_id)
        statement = Statement(
            payee=remittance.payee if remittance else payee_of(known[payee_id]),
            week_from=week.first,
            week_through=week.through,
            remittance=remittance,
            pended=waiting.get(payee_id, ()),
            notices=statement_notices(
                configuration.rulebook, configuration.payer, remittance.production_date if remittance else None
            ),
        )
        yield from _files(house, statement, week.run_id)


def _files(house: House, statement: Statement, run_id: int) -> tuple[OutboxFile, ...]:
    from writers.eop_pdf import write_eop_pdf  # noqa: PLC0415 - commands that write no PDF need not load its library

    partner = house.partner(statement.payee.statement_partner).id
    name = f"EOP_{statement.week_through:%Y%m%d}_{statement.payee.payee_id}"
    pdf, table = write_eop_pdf(statement, house.configuration.payer), write_eop_csv(statement)
    return (
        OutboxFile(partner, "reports", f"{name}.pdf", "EOP_PDF", pdf, remittance_run_id=run_id),
        OutboxFile(partner, "reports", f"{name}.csv", "EOP_CSV", table, remittance_run_id=run_id),
    )
