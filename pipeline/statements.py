"""EOPs of a run: from its tables and the claims that wait to the files of every payee, by processes side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from edi.payment_run import PaymentRun
from edi.remittance import ForwardedBalance, PendedClaim, RefusedClaim, Remittance, Statement
from loaders.outbox import OutboxFile
from pipeline.statement_notices import statement_notices
from pipeline.worker_processes import side_by_side
from rules.payments.statements import part_of, payee_of, pended_by_payee, refused_by_payee, remittances

if TYPE_CHECKING:
    from datetime import date

    from edi.remittance import Payee
    from pipeline.house import House
    from writers.settings import Payer

Row = Mapping[str, Any]
FORMS = ("pdf", "csv", "html")
ROWS_A_PART = 5_000
"""Claims and lines that a process is given at once; a provider is never divided."""
ROWS_WORTH_A_PROCESS = 10_000
"""Fewer are written sooner than another process has started."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What all statements of a run have in common."""

    payer: Payer
    week_from: date
    week_through: date
    forms: tuple[str, ...]
    notices: tuple[str, ...]
    notices_without_payment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a statement says of claims that are in no payment."""

    pended: tuple[PendedClaim, ...] = ()
    refused: tuple[RefusedClaim, ...] = ()
    balance: ForwardedBalance | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Some payees: those with a payment, in the order of the run, then any without."""

    run: tuple[bytes, ...]
    """Their payments: each table of the run as an Arrow stream; none for payees without a payment."""
    waiting: tuple[Waiting, ...]
    """Of each payee."""
    unpaid: tuple[Payee, ...] = ()
    """Those without a payment; the last ones of `waiting` are theirs."""


@dataclass(slots=True)
class _Known:
    """What is known of payees beside the run, by payee id."""

    payees: dict[str, Payee]
    pended: dict[str, tuple[PendedClaim, ...]]
    refused: dict[str, tuple[RefusedClaim, ...]]
    balances: dict[str, ForwardedBalance]

    def waiting(self, payee_id: str) -> Waiting:
        return Waiting(self.pended.get(payee_id, ()), self.refused.get(payee_id, ()), self.balances.get(payee_id))


def statement_files(
    house: House,
    run: PaymentRun,
    *,
    payees: Sequence[Row],
    pended: Sequence[Row],
    returned: Sequence[Row] = (),
    balances: Sequence[Row] = (),
    week_from: date,
    week_through: date,
    run_id: int | None,
    forms: Sequence[str] = FORMS,
    processes: int | None = None,
) -> Iterator[OutboxFile]:
    """The statements of every payee with a payment or a claim that waits: PDF, CSV and HTML.

    Those with a payment come first, each kind by payee id. They come while others are still written, and only a few
    are in memory: put each batch of them into the outbox. The bytes do not depend on the number of processes.

    Args:
        house: for who we are, the rules and the partners.
        run: payments in the order of their payees' ids.
        payees: rows of the provider registry (`loaders.payments_due.read_payees`).
        pended: rows of the claims that wait (`loaders.payments_due.read_pended`).
        returned: rows of the claims that the front returned in the week (`loaders.statement_facts.read_returned`).
        balances: rows of the balances that are open with the run (`loaders.statement_facts.read_open_balances`).
        week_from: first day of the week.
        week_through: last day of it.
        run_id: the run that the files belong to.
        forms: of `FORMS`, in the order in which the files of a payee come.
        processes: how many write; None: as many as this machine has processors, and none beside this one for a few
            claims.

    Raises:
        pipeline.house.PartnerUnknown: the registry names a partner that there is none of.
        writers.statement_words.StatementDisagrees: a payment that its claims and adjustments do not come to.
        pipeline.worker_processes.ProcessLost: a process was killed.
    """
    known = _Known(
        payees={row["payee_id"]: payee_of(row) for row in payees},
        pended=pended_by_payee(pended),
        refused=refused_by_payee(returned, _refusals(returned)),
        balances={row["payee_id"]: ForwardedBalance(row["trace_number"], row["owed_cents"]) for row in balances},
    )
    paid = [payee_of(row) for row in run.payments.to_pylist()]
    unpaid = [known.payees[payee_id] for payee_id in sorted(set(known.pended) - {payee.payee_id for payee in paid})]
    partners = [house.partner(payee.statement_partner).id for payee in (*paid, *unpaid)]
    terms = _terms(house, run, week_from, week_through, forms)
    rows = run.claims.num_rows + run.services.num_rows + len(pended)
    if processes is None and rows < ROWS_WORTH_A_PROCESS:
        processes = 0
    written = (
        each
        for part in side_by_side(partial(write_part, terms), _parts(run, paid, unpaid, known), processes)
        for each in part
    )
    for payee, partner, each in zip((*paid, *unpaid), partners, written, strict=True):
        name = f"EOP_{week_through:%Y%m%d}_{payee.payee_id}"
        for form, content in zip(forms, each, strict=True):
            kind = f"EOP_{form.upper()}"
            yield OutboxFile(partner, "reports", f"{name}.{form}", kind, content, remittance_run_id=run_id)


def write_part(terms: Terms, part: Part) -> list[list[bytes]]:
    """The statements of some payees, each in its forms; what a process does."""
    return [[_written(form, statement, terms.payer) for form in terms.forms] for statement in _statements(terms, part)]


def _written(form: str, statement: Statement, payer: Payer) -> bytes:
    if form == "pdf":
        from writers.eop_pdf import write_eop_pdf  # noqa: PLC0415 - loaded where it is written

        return write_eop_pdf(statement, payer)
    if form == "csv":
        from writers.eop_csv import write_eop_csv  # noqa: PLC0415 - as above

        return write_eop_csv(statement)
    from writers.eop_html import write_eop_html  # noqa: PLC0415 - as above

    return write_eop_html(statement, payer)


def _statements(terms: Terms, part: Part) -> Iterator[Statement]:
    sent: Iterator[Remittance] = remittances(_unpacked(part.run)) if part.run else iter(())
    paid = len(part.waiting) - len(part.unpaid)
    for waiting, remittance in zip(part.waiting[:paid], sent, strict=True):
        yield _statement(terms, remittance.payee, remittance, waiting)
    for waiting, payee in zip(part.waiting[paid:], part.unpaid, strict=True):
        yield _statement(terms, payee, None, waiting)


def _statement(terms: Terms, payee: Payee, remittance: Remittance | None, waiting: Waiting) -> Statement:
    return Statement(
        payee=payee,
        week_from=terms.week_from,
        week_through=terms.week_through,
        remittance=remittance,
        pended=waiting.pended,
        notices=terms.notices if remittance else terms.notices_without_payment,
        refused=waiting.refused,
        balance=waiting.balance,
    )


def _terms(house: House, run: PaymentRun, week_from: date, week_through: date, forms: Sequence[str]) -> Terms:
    configuration = house.configuration
    made = run.payments["production_date"][0].as_py() if run.payments.num_rows else None
    days = configuration.remittance.dispute_days
    say = partial(statement_notices, configuration.rulebook, configuration.payer, dispute_days=days)
    return Terms(configuration.payer, week_from, week_through, tuple(forms), say(made), say(None))


def _refusals(returned: Sequence[Row]) -> Mapping[str, str]:
    """Plain words by edit."""
    if not returned:
        return {}
    from rules.front_end.screen import EDITS  # noqa: PLC0415 - most weeks of small plans return nothing

    return {edit.id: edit.meaning for edit in EDITS}


def _parts(run: PaymentRun, paid: Sequence[Payee], unpaid: Sequence[Payee], known: _Known) -> Iterator[Part]:
    claims = np.bincount(run.claims["payment"].to_numpy(), minlength=len(paid))
    of_line = run.claims["payment"].to_numpy()[run.services["claim"].to_numpy()]
    lines = np.bincount(of_line, minlength=len(paid))
    waiting = [known.waiting(payee.payee_id) for payee in paid]
    sizes = [
        own + lines_of + len(each.pended) + len(each.refused)
        for own, lines_of, each in zip(claims.tolist(), lines.tolist(), waiting, strict=True)
    ]
    for first, last in _cuts(sizes):
        yield Part(_packed(part_of(run, first, last)), tuple(waiting[first:last]))
    others = [known.waiting(payee.payee_id) for payee in unpaid]
    for first, last in _cuts([len(each.pended) + len(each.refused) for each in others]):
        yield Part((), tuple(others[first:last]), tuple(unpaid[first:last]))


def _packed(run: PaymentRun) -> tuple[bytes, ...]:
    """Its tables as streams: what is cut out of a table would be pickled with all of it."""
    return tuple(_stream(getattr(run, each.name)) for each in fields(run))


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _unpacked(tables: Sequence[bytes]) -> PaymentRun:
    return PaymentRun(*(pa.ipc.open_stream(each).read_all() for each in tables))


def _cuts(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ranges of about `ROWS_A_PART` rows."""
    first, rows = 0, 0
    for place, size in enumerate(sizes, 1):
        rows += size
        if rows >= ROWS_A_PART or place == len(sizes):
            yield first, place
            first, rows = place, 0
