"""Time every stage of an 837P batch, at several sizes: translate, expect, commit, adjudicate, remit."""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from loaders import server
from loaders.migrate import upgrade
from loaders.providers import load_registry
from pipeline.adjudicate import adjudicate
from pipeline.house import House, embedded_warehouse_folder, open_house
from pipeline.intake import Arrival, take_in
from pipeline.process import commit_files, expect_files, translate_files
from pipeline.remit import remit
from pipeline.run_local_files import run_files

REPOSITORY = Path(__file__).resolve().parents[1]
DEMO = REPOSITORY / "examples" / "demo"
ARRIVED = datetime(2026, 6, 1, 13, tzinfo=UTC)
SERVICE_DAYS = 28


def claims_file(claims: int) -> bytes:
    """An 837P of so many clean two-line claims of one demo member, in sets of 5,000."""
    lines = (DEMO / "week1" / "clearlink" / "claims_professional.x12").read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("HL*2*"))
    end = next(n for n, line in enumerate(lines) if line.startswith("HL*3*"))
    head, claim = lines[3:start], lines[start:end]
    subscriber = claim[: next(n for n, line in enumerate(claim) if line.startswith("CLM"))]
    out = lines[:2]
    sets = range(0, claims, 5000)
    for number, first in enumerate(sets, 1):
        body = [f"ST*837*{number:04d}*005010X222A1~", *head]
        for index in range(first, min(first + 5000, claims)):
            day = f"202605{1 + index % SERVICE_DAYS:02d}"
            body += [f"HL*{index - first + 2}*1*22*0~", *subscriber[1:]]
            body += [f"CLM*B{index}*180***11:B:1*Y*A*Y*Y~", "HI*ABK:J069~"]
            body += ["LX*1~", "SV1*HC:99213*150*UN*1***1~", f"DTP*472*D8*{day}~", f"REF*6R*B{index}.1~"]
            body += ["LX*2~", "SV1*HC:85025*30*UN*1***1~", f"DTP*472*D8*{day}~", f"REF*6R*B{index}.2~"]
        out += [*body, f"SE*{len(body) + 1}*{number:04d}~"]
    return "\n".join([*out, f"GE*{len(sets)}*2001~", "IEA*1*000002001~", ""]).encode()


@contextmanager
def fresh_house(folder: Path) -> Iterator[House]:
    """A house over an empty warehouse that knows the demo's members and providers."""
    server.start(embedded_warehouse_folder(folder))
    try:
        with open_house(DEMO / "config", folder) as house:
            upgrade(house.warehouse.engine)
            with house.warehouse.begin() as connection:
                load_registry(
                    connection, house.configuration.providers_csv, house.configuration.payees_csv, house.now()
                )
            run_files(house, [DEMO / "week1" / "acme" / "enrollment.x12"], "acme", ARRIVED)
            yield house
    finally:
        server.stop(embedded_warehouse_folder(folder))


def timed(step: Callable[[], object]) -> float:
    """Seconds that a step takes."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def measure(claims: int) -> dict[str, float]:
    """Seconds by stage for one file of so many claims."""
    folder = Path(tempfile.mkdtemp(prefix="edi-bench-"))
    try:
        content = claims_file(claims)
        with fresh_house(folder) as house:
            with house.archive.incoming() as place:
                place.write_bytes(content)
                arrival = Arrival("clearlink", "in/bench.x12", len(content), ARRIVED, "P", ARRIVED)
                file_id = take_in(house, arrival, place, house.now()).file_id
            seconds = {"megabytes": len(content) / 1e6}
            seconds["translate"] = timed(lambda: translate_files(house, [file_id]))
            seconds["expect"] = timed(lambda: expect_files(house, [file_id]))
            seconds["commit"] = timed(lambda: commit_files(house, [file_id]))
            seconds["adjudicate"] = timed(lambda: adjudicate(house))
            seconds["remit"] = timed(lambda: remit(house, house.today()))
        return seconds
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Print a row a size: seconds and claims a second by stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, nargs="+", default=[2000, 20000])
    sizes = parser.parse_args().claims
    stages = ("translate", "expect", "commit", "adjudicate", "remit")
    print("claims    MB     " + "".join(f"{stage:>22}" for stage in stages))
    for claims in sizes:
        seconds = measure(claims)
        cells = "".join(f"{seconds[stage]:10.2f} s {claims / seconds[stage]:8.0f}/s" for stage in stages)
        print(f"{claims:<8} {seconds['megabytes']:6.1f}  {cells}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
