"""Time a week of payments through a warehouse: `pipeline.remit`'s own functions, from decided claims to queued files.

In a second week all of it is decided again, and everything is taken back; that run is abandoned and composed again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any, cast

from claims_clock import OTHER, Stopwatch, own_cpu, server_cpu
from remittance_beside import Beside
from remittance_world import FIRST_WEEK, decide_again, due_house
from sqlalchemy import text

from edi.payment_run import PaymentRun
from edi.scanner import warm
from pipeline import remit_compose
from pipeline.clock import CLOCK_FILE, SimulatedClock
from pipeline.house import House, embedded_warehouse_folder
from pipeline.remit_lifecycle import abandon, compose, release

STEPS = (
    ("loaders.payments_due", "read_due", "read what is due"),
    ("pipeline.remit_compose", "compose_sound", "compose"),
    ("rules.payments.left_out", "faults_of_claims", "laws"),
    ("pipeline.remit_compose", "prove", "laws"),
    ("loaders.payments", "store_run", "store"),
    ("loaders.provider_accounts", "book_recoveries", "store"),
    ("loaders.payments_due", "read_payees", "read what waits"),
    ("loaders.payments_due", "read_pended", "read what waits"),
    ("loaders.statement_facts", "read_returned", "read what waits"),
    ("loaders.statement_facts", "read_open_balances", "read what waits"),
    ("pipeline.remit_compose", "queue_deposits", "deposits"),
    ("writers.remittance_files", "scan", "scan of every byte"),
    ("loaders.outbox", "put", "outbox"),
    ("pipeline.remit_lifecycle", "_report", "report"),
    ("pipeline.remit_lifecycle", "enter", "journal"),
    ("loaders.payment_lifecycle", "altered_files", "files as written"),
    ("loaders.payment_records", "read_run", "read the run back"),
    ("pipeline.remit_lifecycle", "payment_run", "read the run back"),
    ("rules.payments.faults", "faults", "faults"),
    ("loaders.payment_lifecycle", "release", "release"),
    ("loaders.payment_lifecycle", "abandon", "delete"),
)
"""Functions and the stage that their time belongs to, unless another of them has taken over."""
WRITING = (("write_remittances", "835"), ("statement_files", "EOP as CSV"))
"""Likewise of those of `pipeline.remit_compose` whose results come one by one."""
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
TOLD = """
with run as (select max(remittance_run_id) as id from remittance_run), sent as (
    select c.* from remittance_claim c join remittance m using (remittance_id) join run on m.remittance_run_id = run.id
)
select (select count(*) from sent where entry = 'payment') as claims,
    (select count(*) from sent where entry = 'payment' and paid_cents > 0) as paid,
    (select count(*) from sent where entry = 'reversal') as reversals,
    (select count(*) from sent join remittance_service using (remittance_claim_id)) as lines,
    (select count(*) from remittance m join run on m.remittance_run_id = run.id) as remittances
"""
FILES = """
select kind, count(*) as files, cast(sum(length(content)) as bigint) as size from outbox
where remittance_run_id = (select max(remittance_run_id) from remittance_run) group by kind order by kind
"""


def measure(folder: Path, claims: int, lines: int, payees: int, processes: int | None) -> tuple[House, PaymentRun]:
    """Compose and release two weeks, the second one twice, and tell what each cost; the first one, and whose it was."""
    watch, beside, seen = Stopwatch(cpu=time.process_time), Beside(), list[PaymentRun]()
    watch.watch(STEPS)
    module = cast("Any", remit_compose)
    module.statement_files = partial(module.statement_files, forms=("csv",), processes=processes)
    for name, stage in WRITING:
        setattr(module, name, _one_by_one(getattr(module, name), stage, watch, beside, seen))
    warm()
    with due_house(folder, claims, lines, payees) as house:
        _measure_week(house, FIRST_WEEK.date() - DAY, watch, beside)
        decide_again(house)
        SimulatedClock(house.var / CLOCK_FILE).set(FIRST_WEEK + WEEK)
        _measure_week(house, FIRST_WEEK.date() + WEEK - DAY, watch, beside, twice=True)
    return house, seen[0]


def _one_by_one(
    function: Callable[..., Iterator[Any]], stage: str, watch: Stopwatch, beside: Beside, seen: list[PaymentRun]
) -> Callable[..., Iterator[Any]]:
    @wraps(function)
    def timed(*given: object, **named: object) -> Iterator[Any]:
        seen.extend(one for one in given if isinstance(one, PaymentRun))
        made = iter(function(*given, **named))
        while True:
            with watch.during(stage):
                one = next(made, None)
            if one is None:
                return
            beside.look()
            yield one

    return timed


def _measure_week(house: House, through: date, watch: Stopwatch, beside: Beside, *, twice: bool = False) -> None:
    composing = partial(compose, house, through), "composed"
    abandoning = partial(abandon, house, through, "benchmark"), "abandoned"
    releasing = partial(release, house, through, "benchmark"), "released"
    for work, name in (composing, *((abandoning, composing) if twice else ()), releasing):
        warehouse = embedded_warehouse_folder(house.var)
        own, servers = own_cpu(), server_cpu(warehouse)
        watch.start()
        work()
        seconds = watch.stop()
        if name == "composed":
            _tell_run(house)
        print(
            f"  {name} in {seconds:.1f} s, CPU {own_cpu() - own:.1f} s here and beside,"
            f" {server_cpu(warehouse) - servers:.1f} s in PostgreSQL, {beside.told()}"
        )
        print("    stage, seconds, share, CPU seconds here")
        for stage, each in watch.seconds.items():
            told = "the rest" if stage == OTHER else stage
            print(f"    {told:<22}{each:>8.2f} s {each / seconds:>7.1%} {watch.busy[stage]:>8.2f} s")
        print(flush=True)


def _tell_run(house: House) -> None:
    with house.warehouse.begin() as connection:
        run = connection.execute(text(TOLD)).one()
        files = connection.execute(text(FILES)).all()
    print(
        f"{run.claims} claims ({run.paid / max(run.claims, 1):.0%} paid), {run.reversals} reversals, {run.lines} lines,"
        f" {run.remittances} remittances"
    )
    print("  " + ", ".join(f"{each.files} {each.kind} of {each.size / 1e6:.1f} MB" for each in files))
