"""Read what is due: decided claim versions that were never remitted, what they take back, and provider accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, text

from edi.payments_due import PaymentsDue
from loaders import payments_due_names as known
from loaders import payments_due_queries as queries
from loaders import payments_due_sent as sent
from loaders.frames import read_frame
from loaders.staging import analyze, drop_staged

if TYPE_CHECKING:
    import pandas as pd


def read_due(
    conn: Connection,
    through: date,
    waits_for_provider: Sequence[str],
    *,
    produced_on: date | None = None,
    accept_test: bool = False,
) -> PaymentsDue:
    """Everything decided through a plan-local day that no run has; the caller holds the settlement's lock.

    Args:
        conn: in the transaction of the run.
        through: last day whose decisions count.
        waits_for_provider: pend reasons under which the clock of prompt payment stands still.
        produced_on: production date of the run, by which entries of provider accounts are due; `through` without it.
        accept_test: are claims of test files paid here?
    """
    _stage(conn, through, accept_test=accept_test)

    def read(query: str, **parameters: object) -> pd.DataFrame:
        return read_frame(conn, text(query), parameters)

    return PaymentsDue(
        claims=read(queries.CLAIMS, waits_for_provider=list(waits_for_provider)),
        lines=read(queries.LINES),
        adjustments=read(queries.ADJUSTMENTS),
        remarks=read(queries.REMARKS),
        names=read(known.NAMES),
        references=read(known.REFERENCES),
        dates=read(known.DATES),
        amounts=read(known.AMOUNTS),
        quantities=read(known.QUANTITIES),
        sent_claims=read(sent.CLAIMS),
        sent_lines=read(sent.LINES),
        sent_adjustments=read(sent.ADJUSTMENTS),
        sent_remarks=read(sent.REMARKS),
        sent_names=read(sent.NAMES),
        sent_references=read(sent.REFERENCES),
        sent_dates=read(sent.DATES),
        sent_amounts=read(sent.AMOUNTS),
        sent_quantities=read(sent.QUANTITIES),
        payees=read(queries.PAYEES),
        balances=read(queries.BALANCES),
        entries=read(queries.ENTRIES, due_by=produced_on or through),
    )


def read_pended(conn: Connection, through: date, *, accept_test: bool = False) -> Sequence[RowMapping]:
    """The claims of known payees that wait at the end of a plan-local day: what an EOP says of them."""
    parameters = {"through": through, "accept_test": accept_test}
    return conn.execute(text(queries.PENDED), parameters).mappings().all()


def read_payees(conn: Connection) -> Sequence[RowMapping]:
    """The payees of the newest registry, by id."""
    return conn.execute(text(queries.PAYEES)).mappings().all()


def count_without_payee(conn: Connection, through: date = date.max, *, accept_test: bool = False) -> int:
    """Decided claims that no run can take, because the provider registry names nobody who is paid for them."""
    parameters = {"through": through, "accept_test": accept_test}
    # nobody has counted what is made on the way, and a loop over it would take a guess of one row at its word
    with _without_loops(conn):
        return int(conn.execute(text(queries.WITHOUT_PAYEE), parameters).scalar_one())


@contextmanager
def _without_loops(conn: Connection) -> Iterator[None]:
    conn.execute(text("set local enable_nestloop = off"))
    yield
    conn.execute(text("set local enable_nestloop = on"))


def numbers_without_payee(conn: Connection) -> list[str]:
    """Numbers of the claims that wait for a payee, of what `read_due` found due in this transaction."""
    query = """
    select c.claim_number from due_payee p join claim c using (claim_id) where p.payee_id is null order by 1
    """
    return list(conn.execute(text(query)).scalars())


def _stage(conn: Connection, through: date, *, accept_test: bool) -> None:
    """Find the claims that are due, what they take back and who is paid, into tables of this transaction."""
    for name, query in (
        ("due_claim", queries.DUE),
        ("taken_back", queries.TAKEN_BACK),
        ("due_payee", queries.PAYEES_OF),
    ):
        drop_staged(conn, name)
        parameters = {"through": through, "accept_test": accept_test} if name == "due_claim" else {}
        conn.execute(text(f"create temporary table {name} on commit drop as {query}"), parameters)
        analyze(conn, name)
