"""A day's work that may be killed between any two of its boundaries: commits of transactions, and names given to files.

Boundaries are not listed: they are met where the program commits, renames or links. Run as a module it stands ready
with everything imported; for each number on its standard input it forks a worker that does the day's work, and is
killed when it has passed that many boundaries, before the next one.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy.engine.default import DefaultDialect

from edi.trouble import Trouble
from loaders import open_disputes
from loaders.readjudications import Readjudication
from loaders.reference_data import load_reference
from pipeline import readjudicate
from pipeline.adjudicate import adjudicate
from pipeline.deposit_work import reissue
from pipeline.disputes import close_dispute, open_dispute
from pipeline.hold_decisions import held_files, release
from pipeline.house import House, open_house
from pipeline.intake import Arrival, take_in
from pipeline.opening_balances import import_opening_balances
from pipeline.opening_import import import_opening_claims
from pipeline.pend_work import assign, deny, pended
from pipeline.process import process_files, settle_unrecognized
from pipeline.provider_accounts import load_entries
from pipeline.provider_registry import load_providers
from pipeline.remit import remit
from pipeline.remit_lifecycle import abandon, compose
from pipeline.rules_bundle import enter
from rules.pend_reasons import NO_PRICE
from tests.pipeline.banking import BANK, bank_file, entries_of
from tests.pipeline.test_opening_balances import EXAMPLE as BALANCES
from tests.pipeline.test_opening_import import EXAMPLE, PAID

FEES = "procedure_code,method,amount,effective_from\n99213,unit,70.00,2020-01-01\n"
ENTRIES = "payee_id,reason_code,reference,amount_cents\nRIVERCLINIC,LE,LEVY-1,100\n"
CLAIMS_PER_BATCH = 4


def work(house: House, folder: Path, file_ids: list[int]) -> None:
    """The day: whatever of it is done already is found done."""
    limits = replace(house.configuration.limits, claims_per_batch=CLAIMS_PER_BATCH)
    house = replace(house, configuration=replace(house.configuration, limits=limits))
    load_providers(house)
    with house.warehouse.begin() as connection:
        load_reference(connection, "fee", folder / "fees.csv", house.now())
    process_files(house, file_ids)
    for held in held_files(house):
        release(house, held["file_id"], "jo")
        process_files(house, [held["file_id"]])
    import_opening_claims(house, EXAMPLE, "legacy", "jo")
    import_opening_balances(house, folder / "balances.csv", "legacy", "jo")
    adjudicate(house)
    for one in pended(house)["claims"]:
        if one["assigned_to"] is None:
            assign(house, one["claim_number"], "ann", "jo")
        if one["pend_reason"] == NO_PRICE:
            deny(house, one["claim_number"], ("CO", "197", ()), "ann")
    with house.warehouse.begin() as connection:
        known = open_disputes.list_disputes(connection, closed_too=True)
    if not known:
        open_dispute(house, PAID, "D-1", "portal", None, "jo")
    if not any(one.closed_at for one in known):
        close_dispute(house, "D-1", "upheld", "jo")
    load_entries(house, folder / "entries.csv", "jo")
    compose_and_abandon(house)
    remit(house, house.today())
    hear_bank(house)
    decide_again(house, file_ids)


def compose_and_abandon(house: House) -> None:
    """A run that is given up, once."""
    with house.warehouse.begin() as connection:
        rows = connection.exec_driver_sql(
            "select from remittance_abandonment union all select from remittance_run where state <> 'composed'"
        )
        if rows.rowcount:
            return
    compose(house, house.today())
    abandon(house, house.today(), "jo", "another day")


def hear_bank(house: House) -> None:
    """The bank returns a deposit of the run, and a person lets it be made again; each once."""
    with house.warehouse.begin() as connection:
        query = "select content from outbox where kind = 'DEPOSIT' order by outbox_id limit 1"
        content = connection.exec_driver_sql(query).scalar_one()
        came = connection.exec_driver_sql("select count(*) from file where kind = 'NACHA'").scalar_one()
        asked = connection.exec_driver_sql("select count(*) from deposit_reissue").scalar_one()
    entry = entries_of(bytes(content))[0]
    returned, now = bank_file((entry, "R02", "")), house.now()
    if not came:
        with house.archive.incoming() as place:
            place.write_bytes(returned)
            take_in(house, Arrival(BANK, "in/returns.ach", len(returned), now, "P", now), place, now)
    settle_unrecognized(house, BANK)
    if not asked:
        reissue(house, entry.identification, "jo", to_same_account=True)


def decide_again(house: House, file_ids: list[int]) -> None:
    """Decide the paid claims of the files again, once."""
    with house.warehouse.begin() as connection:
        rows = connection.exec_driver_sql(
            "select claim_id from claim where state = 'paid' and version_state = 'active' and set_key is not null"
            " and not exists (select from readjudication) order by 1"
        )
        claim_ids = list(rows.scalars())
        if claim_ids:
            asked = Readjudication(file_ids[0], "jo", None)
            made = readjudicate.decide_again(house, connection, asked, claim_ids, house.now())
            enter(house, connection, "decide_again", house.now(), made, decided=True)


def prepare(folder: Path) -> None:
    """The files that a person brings."""
    (folder / "fees.csv").write_text(FEES, encoding="utf-8")
    (folder / "entries.csv").write_text(ENTRIES, encoding="utf-8")
    pd.read_csv(BALANCES, dtype="str").head(3).to_csv(folder / "balances.csv", index=False)


def at_boundaries(met: Callable[[], None]) -> None:
    """Call `met` before every boundary; a transaction that wrote nothing is none."""

    def before(function: Callable[..., Any], *, counts: Callable[..., bool]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as what it wraps
            if counts(*arguments):
                met()
            return function(*arguments, **options)

        return wrapped

    for name in ("rename", "replace", "link"):
        setattr(os, name, before(getattr(os, name), counts=lambda *_: True))
    commit = before(DefaultDialect.do_commit, counts=has_written)
    DefaultDialect.do_commit = commit  # type: ignore[method-assign]


def has_written(_dialect: object, connection: Any) -> bool:  # noqa: ANN401 - the driver's
    """Has the transaction of this connection changed anything?"""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id_if_assigned() is not null")
        return bool(cursor.fetchone()[0])


def worker(config: Path, var: Path, allowed: int, file_ids: list[int]) -> None:
    """Do the work, and be killed before the boundary that follows so many."""
    boundaries = 0

    def met() -> None:
        nonlocal boundaries
        boundaries += 1
        if boundaries > allowed:
            os.kill(os.getpid(), signal.SIGKILL)

    at_boundaries(met)
    with open_house(config, var) as house:
        work(house, var, file_ids)


def tell(words: str) -> None:
    """Say a line to who asked for a worker."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Fork workers as long as somebody asks for them."""
    config, var, *ids = sys.argv[1:]
    tell("ready")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                worker(Path(config), Path(var), int(line), [int(one) for one in ids])
            except Trouble as trouble:
                tell(f"{type(trouble).__name__}: {trouble}")
                os._exit(1)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        tell("killed" if os.WIFSIGNALED(status) else f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
