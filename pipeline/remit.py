"""Remit: settle what was decided through a day - one 835 a payee, one EOP a payee, all in one transaction.

A run either happened whole or not at all, so running it again after any failure is right; a day that is settled stays
settled, and asking again gives the same figures with nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from edi.trouble import Final
from loaders import payment_runs
from loaders.payments_due import count_without_payee
from pipeline.remit_compose import compose_run
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from pipeline.house import House


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
    forwarded: tuple[str, ...]
    """Payees who owe a balance: it is forwarded to their next 835."""
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
            "forwarded": list(self.forwarded),
            "without_payee": self.without_payee,
            "files": list(self.files),
        }


def remit(house: House, through: date) -> RemitReport:
    """Settle everything decided through a plan-local day, and queue its 835s and EOPs.

    Raises:
        ThroughRefused: the day has not come yet, or a later one is settled already.
        edi.payment_balance.PaymentsUnbalanced: decisions that do not add up; nothing is sent at all.
    """
    now = house.now()
    today = house.received_date(now)
    if through > today:
        raise ThroughRefused(f"{through} has not come yet: today is {today}.")
    with house.warehouse.begin() as connection:
        payment_runs.lock(connection)
        before = payment_runs.find_run(connection, through)
        if before is None:
            _refuse_out_of_order(connection, through)
            run_id = compose_run(house, connection, through, now)
            enter(house, connection, "remit", now, run_id)
        stored = before or payment_runs.find_run(connection, through)
        without_payee = count_without_payee(connection, through, accept_test=house.configuration.environment == "test")
    if stored is None:
        raise ThroughRefused(f"The settlement through {through} left no trace in the warehouse.")
    return RemitReport(
        through=through,
        is_new=before is None,
        remittances=stored.remittances,
        claims=stored.claims,
        payments=stored.payments,
        paid_cents=stored.paid_cents,
        forwarded=stored.forwarded,
        without_payee=without_payee,
        files=stored.files,
    )


def _refuse_out_of_order(connection: Connection, through: date) -> None:
    last = payment_runs.last_through(connection)
    if last is not None and through < last:
        raise ThroughRefused(
            f"Decisions are settled through {last} already, those through {through} among them. "
            f"Settle through {last} again to see its figures, or through a later day."
        )
