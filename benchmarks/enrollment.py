"""Time an employer's roster from archived bytes to committed spans, at several sizes, and how much memory it takes.

Each size is one fresh warehouse that takes four files: everybody for the first time, the same roster to be compared
(BGN08 = 4, INS03 = 030), the same again as additions (what most senders do), and a roster in which 2 % changed.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from loaders import ledger, server
from loaders.migrate import upgrade
from pipeline.house import House, embedded_warehouse_folder, open_house
from pipeline.intake import Arrival, take_in
from pipeline.process import commit_files, expect_files, translate_files

REPOSITORY = Path(__file__).resolve().parents[1]
DEMO = REPOSITORY / "examples" / "demo"
PARTNER = "acme"
FIRST_DAY = date(2026, 5, 1)
FAMILY = 3
"""A subscriber, a spouse, a child."""
CHANGED_IN_A_HUNDRED = 2
STAGES: dict[str, Callable[[House, list[int]], object]] = {
    "translate": translate_files,
    "expect": expect_files,
    "commit": commit_files,
}


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A file of the benchmark: what it is called, how it is marked, and what each member row says."""

    name: str
    action: str
    maintenance: str
    month: int
    changed: bool = False

    @property
    def reason(self) -> str:
        """INS04."""
        return {"021": "28", "030": "XN"}[self.maintenance]


CHANGES = ("end", "tier", "address")
MAINTENANCE = {"end": ("024", "08"), "tier": ("001", "29"), "address": ("001", "43")}
"""INS03 and INS04."""
FILES = (
    RosterFile("initial", "2", "021", 6),
    RosterFile("to compare", "4", "030", 7),
    RosterFile("as additions", "2", "021", 8),
    RosterFile("2 % changed", "2", "021", 9, changed=True),
)


def roster(file: RosterFile, members: int, control: int) -> bytes:
    """An 834 of so many members in families of three, in one transaction set."""
    sent = date(2026, file.month, 2)
    day = f"{sent:%Y%m%d}"
    body: list[str] = []
    for number in range(members):
        body += _member(file, number, sent)
    subscribers = -(-members // FAMILY)
    head = [
        "ST*834*0001*005010X220A1",
        f"BGN*00*BENCH{control:06d}*{day}*0800****{file.action}",
        "REF*38*ACME-2024",
        f"DTP*007*D8*{day}",
        f"QTY*TO*{members}",
        f"QTY*ET*{subscribers}",
        f"QTY*DT*{members - subscribers}",
        "N1*P5*ACME MANUFACTURING*FI*123456789",
        "N1*IN*HARBOR HEALTH PLAN*FI*990000001",
    ]
    isa = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'ACMEBENEFITS':15}*ZZ*{'HARBORHEALTH':15}*{day[2:]}*0800*^*00501*{control:09d}"
        "*0*P*:"
    )
    gs = f"GS*BE*ACMEBENEFITS*HARBORHEALTH*{day}*0800*{control}*X*005010X220A1"
    end = (f"SE*{len(head) + len(body) + 1}*0001", f"GE*1*{control}", f"IEA*1*{control:09d}", "")
    segments = (isa, gs, *head, *body, *end)
    return "~\n".join(segments).encode("ascii")


def _member(file: RosterFile, number: int, sent: date) -> list[str]:
    """A member; of who changes, every third family ends, moves to another tier, or to another address."""
    family, place = divmod(number, FAMILY)
    relation = ("18", "01", "19")[place]
    change = CHANGES[family % 3] if file.changed and family % 100 < CHANGED_IN_A_HUNDRED else "none"
    maintenance, reason = (file.maintenance, file.reason) if change == "none" else MAINTENANCE[change]
    born = date(1960, 1, 1) + timedelta(days=18_500 + number % 5_000 if relation == "19" else number % 12_000)
    name = "".join(chr(ord("A") + int(digit)) for digit in f"{number:07d}")
    this_month = sent.replace(day=1)
    begin, month_end = f"{FIRST_DAY:%Y%m%d}", f"{this_month - timedelta(days=1):%Y%m%d}"
    health, dental = {"tier": ("001", "030"), "address": ("030", "030")}.get(change, (maintenance, maintenance))
    end = [f"DTP*349*D8*{month_end}"] if change == "end" else []
    is_subscriber = relation == "18"
    return [
        f"INS*{'Y' if is_subscriber else 'N'}*{relation}*{maintenance}*{reason}*A{'***FT' if is_subscriber else ''}",
        f"REF*0F*W{family:08d}",
        "REF*1L*ACME01",
        f"NM1*IL*1*DOE*{name}****34*{210_010_000 + number}",
        f"PER*IP**HP*614{5_550_000 + number % 10_000}*EM*{name}@EXAMPLE.COM",
        f"N3*{1 + number % 9_000} {'OAK' if change == 'address' else 'ELM'} STREET",
        "N4*EXAMPLETOWN*CT*060010001",
        f"DMG*D8*{born:%Y%m%d}*{'FM'[number % 2]}",
        f"HD*{health}**HMO*GOLD*{'ESP' if change == 'tier' else 'FAM'}",
        f"DTP*348*D8*{f'{this_month:%Y%m%d}' if change == 'tier' else begin}",
        *end,
        f"HD*{dental}**DEN*DENTAL*FAM",
        f"DTP*348*D8*{begin}",
        *end,
    ]


@contextmanager
def fresh_house(folder: Path) -> Iterator[House]:
    """A house over an empty warehouse; files may be as large as they come."""
    shutil.copytree(DEMO / "config", folder / "config")
    settings = folder / "config" / "settings.yaml"
    settings.write_text(settings.read_text().replace("max_file_bytes: 100000000", "max_file_bytes: 1000000000"))
    server.start(embedded_warehouse_folder(folder))
    try:
        with open_house(folder / "config", folder) as house:
            upgrade(house.warehouse.engine)
            yield house
    finally:
        server.stop(embedded_warehouse_folder(folder))


def measure(house: House, file: RosterFile, members: int, control: int) -> dict[str, float]:
    """Seconds by stage for one file."""
    content = roster(file, members, control)
    arrived = datetime(2026, file.month, 2, 13, tzinfo=UTC)
    with house.archive.incoming() as place:
        place.write_bytes(content)
        arrival = Arrival(PARTNER, f"in/{control}.x12", len(content), arrived, "P", arrived)
        file_id = take_in(house, arrival, place, arrived).file_id
    seconds = {"megabytes": len(content) / 1e6}
    del content
    for name, stage in STAGES.items():
        began = time.perf_counter()
        stage(house, [file_id])
        seconds[name] = time.perf_counter() - began
    with house.warehouse.begin() as connection:
        reached = ledger.read_file(connection, file_id)
    if reached is None or reached.state != "committed":
        raise SystemExit(f"The roster '{file.name}' was not committed: {reached and reached.reason}")
    return seconds


def main() -> None:
    """Print a row a file: megabytes, seconds by stage, members a second, and the peak memory so far."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, nargs="+", default=[10_000, 50_000])
    sizes = parser.parse_args().members
    print(
        f"{'members':<9}{'roster':<14}{'MB':>7}" + "".join(f"{name:>11}" for name in (*STAGES, "all", "/s", "peak MB"))
    )
    for members in sizes:
        folder = Path(tempfile.mkdtemp(prefix="edi-bench-"))
        try:
            with fresh_house(folder) as house:
                for control, file in enumerate(FILES, start=1):
                    seconds = measure(house, file, members, control)
                    everything = sum(seconds[name] for name in STAGES)
                    cells = "".join(f"{seconds[name]:>11.2f}" for name in STAGES)
                    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                    print(
                        f"{members:<9}{file.name:<14}{seconds['megabytes']:>7.1f}{cells}{everything:>11.2f}"
                        f"{members / everything:>11.0f}{peak:>11.0f}",
                        flush=True,
                    )
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
