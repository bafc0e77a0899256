"""A run of payments from its composition to its end: composed, released by a person or the settings, or abandoned."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from edi.trouble import Final
from loaders import left_out, payment_lifecycle, payment_records, payment_runs
from loaders.payments_due import count_without_payee
from pipeline.remit_compose import TRACE_SERIES, compose_run, interchange_series, listed_combinations
from pipeline.rules_bundle import enter
from rules.payments.tables import payment_run

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from loaders.left_out import LeftOut
    from loaders.payment_runs import StoredRun
    from pipeline.house import House

AUTOMATIC = "settings.yaml"
"""Who releases where `remittance.release` is `automatic`."""
ABANDONED = "abandoned"
MOST_SHOWN = 5
DECIDE_AGAIN = (
    "What was decided of the claims that were left out breaks a law of the 835: `edi claim NUMBER` tells what mends it."
    " The next run takes them along."
)


class ThroughRefused(Final):
    """A day that cannot be settled."""


class RunRefused(Final):
    """A run that cannot be composed, released or abandoned as things are."""


@dataclass(frozen=True, slots=True)
class RemitReport:
    """What a settlement came to. The figures are those of the day, whether this call settled it or an earlier one."""

    through: date
    is_new: bool
    """Did this call settle the day?"""
    state: str
    """composed, released or closed."""
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
    left_out: tuple[LeftOut, ...]
    """Claims that the run leaves out because their decision breaks a law of the 835, with each law."""
    too_large_for_ach: tuple[str, ...]
    """Trace numbers of payments that go by check, for no ACH entry can hold so much."""
    files: tuple[str, ...]
    """Names of what was put into the outbox."""
    missed_payment_date: date | None = None
    """Of the run that this call gave up and composed again, because it was over."""

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
            "state": self.state,
            "new_remittances": self.new_remittances,
            "new_claims": self.new_claims,
            "new_payments": self.new_payments,
            "remittances": self.remittances,
            "claims": self.claims,
            "payments": self.payments,
            "paid_cents": self.paid_cents,
            "forwarded": list(self.forwarded),
            "without_payee": self.without_payee,
            "left_out": [asdict(each) for each in self.left_out],
            "too_large_for_ach": list(self.too_large_for_ach),
            "files": list(self.files),
            "missed_payment_date": self.missed_payment_date.isoformat() if self.missed_payment_date else None,
            "next_step": self.next_step,
        }

    @property
    def wants_attention(self) -> bool:
        """Does a claim wait for a person, for nobody has decided it again since it was left out?"""
        return any(each.waits for each in self.left_out)

    @property
    def next_step(self) -> str:
        """What a person has to do, empty where nothing."""
        day = self.through.isoformat()
        steps = []
        if self.state == payment_runs.COMPOSED:
            steps.append(
                f"Nothing is sent yet. Look at it, then `edi remit release {day}` or `edi remit abandon {day}`."
            )
        if self.wants_attention:
            steps.append(DECIDE_AGAIN)
        return " ".join(steps)


def compose(house: House, through: date) -> RemitReport:
    """Settle everything decided through a plan-local day into a run; nothing of it is sent before it is released.

    A day that is settled stays settled: asking again gives its figures.

    Raises:
        ThroughRefused: the day has not come yet, or a later one is settled already.
        RunRefused: another run is open.
        edi.payment_balance.PaymentsUnbalanced: a payment does not add up; nothing is done at all.
    """
    now = house.now()
    refuse_tomorrow(house, through)
    with house.warehouse.begin() as connection:
        payment_runs.lock(connection)
        before = payment_runs.find_run(connection, through)
        if before is None:
            refuse_out_of_order(connection, through)
            _refuse_second(connection)
            run_id = compose_run(house, connection, through, now)
            enter(house, connection, "remit", now, run_id)
        return _report(house, connection, through, is_new=before is None)


def release(house: House, through: date | None, by: str, note: str | None = None) -> RemitReport:
    """Let a run's files go out, for good; a run that was released before stays as it is.

    Args:
        house: whose run.
        through: its day; None: of the open one.
        by: who decides.
        note: why.

    Raises:
        RunRefused: there is no such run, its payment date has passed, or a law does not hold.
    """
    now = house.now()
    with house.warehouse.begin() as connection:
        payment_runs.lock(connection)
        run = _found(connection, through)
        is_new = run.state == payment_runs.COMPOSED
        if is_new:
            _refuse_unfit(house, connection, run, now)
            payment_lifecycle.release(connection, run.remittance_run_id, now, by, note)
            enter(house, connection, "release", now, run.remittance_run_id)
        return _report(house, connection, run.through, is_new=is_new)


def abandon(house: House, through: date | None, by: str, note: str | None = None) -> RemitReport:
    """Give up a composed run: it leaves no trace but its name, and its claims are due again; its last figures.

    Raises:
        RunRefused: there is no such run, or it was released.
    """
    now = house.now()
    with house.warehouse.begin() as connection:
        payment_runs.lock(connection)
        run = _found(connection, through)
        if run.state != payment_runs.COMPOSED:
            raise RunRefused(
                f"The run through {run.through} was released on {_day(house, run.released_at)}: its files are on their"
                " way. What it paid wrongly is taken back by deciding the claims again."
            )
        report = _report(house, connection, run.through, is_new=False)
        _give_up(house, connection, run, now, by, note)
    return replace(report, state=ABANDONED)


def abandon_late(house: House, through: date, by: str) -> date | None:
    """Give up the run of a day where it is composed and its payment date has passed: that date, None where not so."""
    now = house.now()
    with house.warehouse.begin() as connection:
        payment_runs.lock(connection)
        run = payment_runs.find_run(connection, through)
        if run is None or run.state != payment_runs.COMPOSED or not _is_late(house, run, now):
            return None
        _give_up(house, connection, run, now, by, f"Its payment date, {run.payment_date}, passed before its release.")
    return run.payment_date


def _give_up(house: House, connection: Connection, run: StoredRun, now: datetime, by: str, note: str | None) -> None:
    series = TRACE_SERIES, interchange_series(house)
    payment_lifecycle.abandon(connection, run.remittance_run_id, now, by, note, series)
    enter(house, connection, "abandon", now, run.remittance_run_id)


def _is_late(house: House, run: StoredRun, now: datetime) -> bool:
    return run.payment_date is not None and run.payment_date < house.received_date(now)


def refuse_tomorrow(house: House, through: date) -> None:
    """Raise ThroughRefused for a day that has not come."""
    today = house.today()
    if through > today:
        raise ThroughRefused(f"{through} has not come yet: today is {today}.")


def refuse_out_of_order(connection: Connection, through: date) -> None:
    """Raise ThroughRefused for a day that a later run has settled with its own."""
    last = payment_runs.last_through(connection)
    if last is not None and through < last:
        raise ThroughRefused(
            f"Decisions are settled through {last} already, those through {through} among them. "
            f"Settle through {last} again to see its figures, or through a later day."
        )


def _refuse_second(connection: Connection) -> None:
    other = payment_runs.open_through(connection)
    if other is not None:
        raise RunRefused(
            f"The run through {other} is composed and waits for its release. "
            f"First `edi remit release {other}` or `edi remit abandon {other}`."
        )


def _found(connection: Connection, through: date | None) -> StoredRun:
    day = through or payment_runs.open_through(connection)
    if day is None:
        raise RunRefused("No run waits for its release.")
    run = payment_runs.find_run(connection, day)
    if run is None:
        raise RunRefused(f"There is no run through {day}. `edi remit compose --through {day}` makes it.")
    return run


def _refuse_unfit(house: House, connection: Connection, run: StoredRun, now: datetime) -> None:
    """Refuse what may not go out: money on a day that is over, or what breaks a law."""
    again = f"`edi remit abandon {run.through}` and compose it again."
    if _is_late(house, run, now):
        raise RunRefused(f"The payment date of the run through {run.through}, {run.payment_date}, is over: {again}")
    broken = _faults(house, connection, run.remittance_run_id)
    if broken:
        more = f" and {len(broken) - MOST_SHOWN} more" if len(broken) > MOST_SHOWN else ""
        raise RunRefused(
            f"The run through {run.through} may not go out: {'; '.join(broken[:MOST_SHOWN])}{more}. Mend that, {again}"
        )


def _faults(house: House, connection: Connection, run_id: int) -> list[str]:
    """What in the record of a run breaks a law, and files that are not as they were written; most have none."""
    from rules.payments.faults import faults  # noqa: PLC0415 - commands that release nothing need not load it

    listed = listed_combinations(house, connection)
    altered = payment_lifecycle.altered_files(connection, run_id)
    stored = payment_run(**payment_records.read_run(connection, run_id))
    return [*(f"{name} is not as it was written" for name in altered), *map(str, faults(stored, listed))]


def _report(house: House, connection: Connection, through: date, *, is_new: bool) -> RemitReport:
    stored = payment_runs.find_run(connection, through)
    if stored is None:
        raise RunRefused(f"The run through {through} left no trace in the warehouse.")
    return RemitReport(
        through=through,
        is_new=is_new,
        state=stored.state,
        remittances=stored.remittances,
        claims=stored.claims,
        payments=stored.payments,
        paid_cents=stored.paid_cents,
        forwarded=stored.forwarded,
        without_payee=count_without_payee(connection, through, accept_test=house.configuration.environment == "test"),
        left_out=left_out.of_run(connection, stored.remittance_run_id),
        too_large_for_ach=stored.too_large_for_ach,
        files=stored.files,
    )


def _day(house: House, instant: datetime | None) -> date | None:
    return house.received_date(instant) if instant else None
