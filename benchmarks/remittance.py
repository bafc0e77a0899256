"""Time a week of payments: from what is due to proven 835s and EOPs, without a warehouse or through one.

The week is `remittance_week`'s. Composing, the laws, the bytes of the 835s, our own scanner on every byte and the EOPs
as CSV are to take 60 seconds together for 100,000 claims; EOPs as PDF and HTML come by processes side by side. With
`--world` the same claims stand in a warehouse: reading, storing, the outbox and the release are measured too.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import numpy as np
from claims_clock import OTHER, Stopwatch, own_cpu
from remittance_beside import Beside
from remittance_warehouse import measure
from remittance_week import WEEK, week

from edi.payment_balance import prove
from edi.payment_run import PaymentRun
from edi.payments_due import PaymentsDue
from edi.scan import Scan
from edi.scanner import scan, warm
from loaders.outbox import OutboxFile
from pipeline.configuration import load_configuration
from pipeline.house import House
from pipeline.statements import statement_files
from rules.payments.compose import PaymentTerms, compose
from rules.payments.settings import InterestRule, PaymentSettings
from writers import remittance_files
from writers.remittance_files import Receiver, Sending, write_remittances

CONFIGURATION = Path(__file__).resolve().parents[1] / "config"
RECEIVER = Receiver("ZZ", "CLRHOUSE01", "CLRHOUSE01")
NOTHING = cast("Any", None)
PAGE = b"/Type /Page\n"
TERMS = PaymentTerms(
    production_date=date(2026, 6, 24),
    payment_date=date(2026, 6, 26),
    first_trace_number=1,
    filing_indicators={"GOLD-HMO": "HM"},
    lines_of_business={"GOLD-HMO": "commercial"},
    settings=PaymentSettings(interest_rules=(InterestRule(id="CT-20", days=45, percent_a_year=Decimal(15)),)),
)


def statements(house: House, run: PaymentRun, processes: int | None, forms: tuple[str, ...]) -> Iterator[OutboxFile]:
    """The statements of the run in some forms."""
    since, through = WEEK
    return statement_files(
        house,
        run,
        payees=(),
        pended=(),
        week_from=since,
        week_through=through,
        run_id=None,
        forms=forms,
        processes=processes,
    )


def compose_and_write(house: House, due: PaymentsDue, given: argparse.Namespace, watch: Stopwatch) -> PaymentRun:
    """What is to take 60 seconds; the stages are told."""
    partner = min(house.configuration.partners)
    sizes: Counter[str] = Counter()
    beside = Beside()

    def timed(content: bytes, **named: Any) -> Scan:  # noqa: ANN401 - handed on
        with watch.during("scan of every byte"):
            return scan(content, **named)

    cast("Any", remittance_files).scan = timed
    cpu = own_cpu()
    watch.start()
    with watch.during("compose"):
        run = compose(due, TERMS).run
    with watch.during("laws"):
        prove(run)
    with watch.during("835"):
        sending = Sending(1, "P", datetime(2026, 6, 24, 6, tzinfo=UTC))
        for content in write_remittances(run, house.configuration.payer, {partner: RECEIVER}, sending):
            sizes["835"] += len(content)
    with watch.during("EOP as CSV"):
        for file in statements(house, run, given.processes, ("csv",)):
            sizes["CSV"] += len(file.content)
            beside.look()
    seconds = watch.stop()
    paid = np.asarray(run.claims["paid_cents"].to_numpy() > 0).mean()
    print(
        f"{run.claims.num_rows} claims ({paid:.0%} paid), {run.services.num_rows} lines, "
        f"{run.payments.num_rows} payments"
    )
    print(f"  {sizes['835'] / 1e6:.1f} MB of 835, {sizes['CSV'] / 1e6:.1f} MB of CSV")
    print(f"  {seconds:.1f} s, CPU {own_cpu() - cpu:.1f} s in all processes, {beside.told()}")
    print("  stage, seconds, share, CPU seconds here")
    for stage, each in watch.seconds.items():
        if stage != OTHER:
            print(f"  {stage:<22}{each:>8.2f} s {each / seconds:>7.1%} {watch.busy[stage]:>8.2f} s")
    return run


def write_pages(house: House, run: PaymentRun, given: argparse.Namespace) -> None:
    """EOPs for people, and how fast they come."""
    beside = Beside()
    for form in ("pdf", "html"):
        began, cpu, size, pages, most = time.perf_counter(), own_cpu(), 0, 0, 0
        for file in statements(house, run, given.processes, (form,)):
            beside.look()
            found = file.content.count(PAGE)
            size, pages, most = size + len(file.content), pages + found, max(most, found)
        seconds = time.perf_counter() - began
        print(f"EOPs as {form.upper()}: {seconds:.1f} s, CPU {own_cpu() - cpu:.1f} s, {size / 1e6:.1f} MB", end="")
        print(f", {pages} pages ({pages / seconds:.0f} a second), {most} in the largest" if pages else "")
    print(beside.told())


def main() -> None:
    """Measure one week."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--lines", type=int, help="2.5 a claim where nothing is said")
    parser.add_argument("--payees", type=int, default=2_000)
    parser.add_argument("--processes", type=int, help="that write EOPs; one a processor where nothing is said")
    parser.add_argument("--world", type=Path, help="folder of the warehouses; what is missing is made")
    parser.add_argument("--no-pages", action="store_true", help="leave out EOPs as PDF and HTML")
    given = parser.parse_args()
    lines = given.lines or given.claims * 5 // 2
    if given.world:
        house, run = measure(given.world, given.claims, lines, given.payees, given.processes)
    else:
        house = House(load_configuration(CONFIGURATION), NOTHING, NOTHING, NOTHING, Path())
        warm()
        due = week(given.claims, lines, given.payees, min(house.configuration.partners))
        run = compose_and_write(house, due, given, Stopwatch(cpu=time.process_time))
        del due
    if not given.no_pages:
        write_pages(house, run, given)


if __name__ == "__main__":
    main()
