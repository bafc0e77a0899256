"""Time professional claims from archived file to committed decisions and 277CA, over a history of earlier claims.

The world (`claims_world`) is made once in the folder that `--world` names, and used again by later runs; a batch that
was measured stays in it, so histories grow by what is measured. Of every batch the mix is told: shares of claims that
match member, provider and price, that were paid, denied, pended or rejected, and that are corrections.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path
from typing import NamedTuple

from claims_bills import claims_file
from claims_clock import OTHER, STAGES, Stopwatch, own_cpu, peak_megabytes, server_cpu
from claims_world import MEASURED, hand_over, measured_bills, next_batch, require_committed, world
from sqlalchemy import text

from pipeline.adjudicate import adjudicate
from pipeline.house import House, embedded_warehouse_folder
from pipeline.process import commit_files, expect_files, translate_files

OUTCOMES = "select state, count(*) from claim where file_id = :file_id group by state"
MATCHED = """
select count(*) from claim c
where c.file_id = :file_id and c.member_id is not null
    and exists (select from provider p where p.npi = c.billing_npi)
    and not exists (
        select from decision d where d.claim_id = c.claim_id and d.pend_reason = 'NO_PRICE'
    )
"""
CORRECTIONS = """
select count(*) from claim where file_id = :file_id and frequency_code in ('7', '8') and state = 'paid'
"""
LINES = "select count(*) from claim_line l join claim c using (claim_id) where c.file_id = :file_id"
EARLIER = "select count(*) from claim where file_id <> :file_id"


class Measured(NamedTuple):
    """What a batch cost."""

    claims: int
    seconds: float
    own_cpu: float
    server_cpu: float


def measure(house: House, members: int, claims: int, watch: Stopwatch) -> Measured:
    """Take one batch through everything, and tell what it cost and what became of it."""
    batch = next_batch(house)
    content = claims_file(measured_bills(house, claims, batch, members), batch, MEASURED.date())
    file_id = hand_over(house, "clearlink", content, MEASURED)
    megabytes = len(content) / 1e6
    del content
    warehouse = embedded_warehouse_folder(house.var)
    own, servers = own_cpu(), server_cpu(warehouse)
    watch.start()
    translate_files(house, [file_id])
    expect_files(house, [file_id])
    commit_files(house, [file_id])
    adjudicate(house)
    seconds = watch.stop()
    measured = Measured(claims, seconds, own_cpu() - own, server_cpu(warehouse) - servers)
    require_committed(house, file_id)
    _tell(house, file_id, measured, megabytes, watch)
    return measured


def _tell(house: House, file_id: int, measured: Measured, megabytes: float, watch: Stopwatch) -> None:
    with house.warehouse.begin() as connection:
        given = {"file_id": file_id}
        outcomes = dict(tuple(row) for row in connection.execute(text(OUTCOMES), given))
        matched, corrections, lines, earlier = (
            int(connection.execute(text(query), given).scalar_one()) for query in (MATCHED, CORRECTIONS, LINES, EARLIER)
        )
    mix = ", ".join(f"{state} {share / measured.claims:.1%}" for state, share in sorted(outcomes.items()))
    print(f"{measured.claims} claims, {lines} lines, {megabytes:.1f} MB, over {earlier} earlier claims")
    print(
        f"  mix: {mix}; matched {matched / measured.claims:.1%}, corrections paid {corrections / measured.claims:.1%}"
    )
    print(
        f"  {measured.seconds:.1f} s ({measured.claims / measured.seconds:.0f} claims/s), CPU {measured.own_cpu:.1f} s"
        f" here and {measured.server_cpu:.1f} s in PostgreSQL, peak memory {peak_megabytes():.0f} MB"
    )
    told = (*STAGES, OTHER)
    work = sum(watch.seconds[stage] for stage in told)
    print("  stage, its seconds (those of lanes side by side added up), share, CPU seconds here")
    for stage in told:
        seconds = watch.seconds[stage]
        print(f"  {stage:<22}{seconds:>8.2f} s {seconds / work:>7.1%} {watch.busy[stage]:>8.2f} s")
    print(flush=True)


def main() -> None:
    """Measure every batch over every history, and print ratios of medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--world", type=Path, required=True, help="folder of the worlds; what is missing is made")
    parser.add_argument("--members", type=int, default=200_000)
    parser.add_argument("--history", type=int, nargs="+", default=[100_000, 1_000_000], help="earlier claims")
    parser.add_argument("--claims", type=int, nargs="+", default=[10_000, 30_000, 100_000], help="sizes of batches")
    parser.add_argument("--warm", type=int, default=1_000, help="claims of the first batch, which does not count")
    given = parser.parse_args()
    watch = Stopwatch()
    watch.watch()
    medians: dict[tuple[int, int], float] = {}
    for history in given.history:
        with world(given.world, given.members, history) as house:
            print(f"-- {given.members} members, history of {history} claims", flush=True)
            if given.warm:
                measure(house, given.members, given.warm, watch)
            taken = [measure(house, given.members, claims, watch) for claims in given.claims]
        for claims in dict.fromkeys(given.claims):
            medians[history, claims] = statistics.median(each.seconds for each in taken if each.claims == claims)
    for (history, claims), seconds in medians.items():
        print(f"{claims} claims over {history}: {seconds:.1f} s, {1000 * seconds / claims:.2f} ms a claim")


if __name__ == "__main__":
    main()
