"""Look at runs of payments without changing anything: what one would pay, pays, and how two of them differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from edi.money import dollars
from loaders import left_out, payment_lifecycle, payment_records, payment_runs, payments_due
from pipeline.remit_compose import TRACE_SERIES, interchange_series, listed_combinations, rehearsed
from pipeline.remit_lifecycle import ABANDONED, RunRefused, refuse_out_of_order, refuse_tomorrow
from rules.payments.faults import faults
from rules.payments.tables import payment_run
from rules.payments.told import difference_told, payments_told, remittance_told, totals_told

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from edi.payment_run import PaymentRun
    from pipeline.house import House
    from rules.payments.compose import Composition

REHEARSAL = "rehearsal"
MOST_PAYEES = 10


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a run would be, were it composed now."""

    composition: Composition
    without_payee: list[str]
    """Claim numbers."""
    waiting: dict[str, int]
    """Claims that are not decided, by reason."""
    faults: list[str]
    """Laws that would keep it from being released."""


def dry_run(house: House, through: date) -> dict[str, Any]:
    """What a run through a day would pay, by payee, what would wait and why; nothing is written.

    Where the day's run is composed and not released, this is what composing it again would come to.

    Raises:
        ThroughRefused: the day has not come yet, or a later one is settled.
        RunRefused: the day's run was released.
    """
    with house.warehouse.begin() as connection:
        found = _rehearse(house, connection, through)
    run = found.composition.run
    payments = payments_told(run)
    schedule = house.configuration.remittance
    return {
        "through": through.isoformat(),
        "payment_date": schedule.payment_date(house.today()).isoformat(),
        **totals_told(payments),
        "payees": payments,
        "waiting": found.waiting,
        "without_payee": found.without_payee,
        "left_out": _left_out_told(found.composition),
        "faults": found.faults,
    }


def show_run(house: House, through: date | None) -> dict[str, Any]:
    """A run that was composed: its state, and its payments.

    Raises:
        RunRefused: there is none.
    """
    with house.warehouse.begin() as connection:
        stored = _stored(connection, through)
        payments = payments_told(_record(connection, stored.remittance_run_id))
        out = left_out.of_run(connection, stored.remittance_run_id)
    return {
        "through": stored.through.isoformat(),
        "state": stored.state,
        "composed_at": stored.composed_at.isoformat(),
        "released_at": stored.released_at.isoformat() if stored.released_at else None,
        "released_by": stored.released_by,
        "release_note": stored.release_note,
        "closed_at": stored.closed_at.isoformat() if stored.closed_at else None,
        "payment_date": stored.payment_date.isoformat() if stored.payment_date else None,
        **totals_told(payments),
        "payees": payments,
        "left_out": [asdict(each) for each in out],
        "files": list(stored.files),
    }


def show_remittance(house: House, trace_number: str) -> dict[str, Any]:
    """One remittance with its claims, lines, reasons and balances.

    Raises:
        RunRefused: there is no such trace number.
    """
    with house.warehouse.begin() as connection:
        run = payment_run(**payment_records.read_remittance(connection, trace_number))
    if not run.payments.num_rows:
        raise RunRefused(f"There is no remittance {trace_number}. `edi remit show` lists those of the last run.")
    return remittance_told(run)


def standing_of(house: House, day: str) -> str:
    """What has become of the run through a day, written YYYY-MM-DD: its state, or `abandoned`."""
    with house.warehouse.begin() as connection:
        run = payment_runs.find_run(connection, date.fromisoformat(day))
    return run.state if run else ABANDONED


def question_about(house: House, through: date) -> str:
    """What a person should know of a run before it goes out: its amounts, and the largest payments."""
    told = show_run(house, through)
    largest = sorted(told["payees"], key=lambda one: (-one["payment_cents"], one["payee_id"]))[:MOST_PAYEES]
    amounts = f"{dollars(told['paid_cents'])} in {told['payments']} payments of {told['remittances']} remittances"
    lines = [
        f"{amounts}, payment date {told['payment_date']}: {told['claims']} claims, {told['reversals']} reversals.",
        *(f"- {one['payee_id']}: {dollars(one['payment_cents'])}, {one['claims']} claims" for one in largest),
    ]
    if len(told["payees"]) > len(largest):
        lines.append(f"- and {len(told['payees']) - len(largest)} more: edi remit show {through}")
    if waiting := {one["claim_number"] for one in told["left_out"] if one["waits"]}:
        lines.append(f"Left out until they are decided again: {len(waiting)} claims, see edi remit show {through}")
    return "\n".join(lines)


def differences(house: House, before: date | None, after: date | None) -> dict[str, Any]:
    """In which payees, claims and cents two runs differ.

    Args:
        house: whose runs.
        before: the day of one; None: what a run through the other's day would be now.
        after: the day of the other, likewise.

    Raises:
        RunRefused: there is no such run, or there is nothing to rehearse.
    """
    known = before or after
    if known is None:
        raise RunRefused("One of both has to be a run that was composed: name its day.")
    with house.warehouse.begin() as connection:
        runs = [
            _record(connection, _stored(connection, day).remittance_run_id)
            if day
            else _rehearse(house, connection, known).composition.run
            for day in (before, after)
        ]
    return difference_told(*runs)


def _left_out_told(composition: Composition) -> list[dict[str, Any]]:
    rows = composition.left_out[["claim_number", "line_number", "law"]].itertuples(index=False, name=None)
    return [asdict(left_out.LeftOut(str(number), int(line), law, waits=True)) for number, line, law in rows]


def _stored(connection: Connection, through: date | None) -> payment_runs.StoredRun:
    day = through or payment_runs.last_through(connection)
    if day is None:
        raise RunRefused("No run was composed yet: `edi remit compose --through DATE` makes the first one.")
    run = payment_runs.find_run(connection, day)
    if run is None:
        raise RunRefused(f"There is no run through {day}.")
    return run


def _record(connection: Connection, run_id: int) -> PaymentRun:
    return payment_run(**payment_records.read_run(connection, run_id))


def _rehearse(house: House, connection: Connection, through: date) -> Rehearsal:
    """Compose as if the day's open run, if there is one, were given up; then undo whatever was done for that."""
    refuse_tomorrow(house, through)
    payment_runs.lock(connection)
    refuse_out_of_order(connection, through)
    stored = payment_runs.find_run(connection, through)
    if stored is not None and stored.state != payment_runs.COMPOSED:
        raise RunRefused(f"The run through {through} was released: nothing is left to compose. See `edi remit show`.")
    now = house.now()
    with payment_lifecycle.undone(connection):
        if stored is not None:
            series = TRACE_SERIES, interchange_series(house)
            payment_lifecycle.abandon(connection, stored.remittance_run_id, now, REHEARSAL, None, series)
        composition, unwritable = rehearsed(house, connection, through, now)
        accept_test = house.configuration.environment == "test"
        pended = payments_due.read_pended(connection, through, accept_test=accept_test)
        numbers = payments_due.numbers_without_payee(connection)
        listed = listed_combinations(house, connection)
    waiting = Counter(str(row["reason"]) for row in pended)
    broken = [*map(str, faults(composition.run, listed)), *([unwritable] if unwritable else [])]
    return Rehearsal(composition, numbers, dict(sorted(waiting.items())), broken)
