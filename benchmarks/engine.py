"""Measure the engine against pyx12 on the same generated files; print ratios, memory and a scaling curve.

    python benchmarks/engine.py                     everything, about a quarter of an hour
    python benchmarks/engine.py --quick             small files only, about a minute
    python benchmarks/engine.py --report docs       also write docs/benchmarks.md and its plot

Each measurement runs in a process of its own, so that peak memory means something; seconds are CPU seconds, the median
of several runs in a warm process. pyx12's cost is linear, so it is run on files of up to 10 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from report import Figures, write_report

MB = 1_000_000
KINDS = ("837P", "837I", "834")
LARGE = (100, 1000)
"""Megabytes of the scaling curve beyond 10."""
RUNS = 7
TINY_INTERCHANGES = 5_000


def measure_pyx12(path: Path) -> dict[str, float]:
    """pyx12 with its 999, which it writes to nowhere."""
    import io
    import logging

    import pyx12.params
    import pyx12.x12n_document

    logging.disable(logging.CRITICAL)
    parameters = pyx12.params.ParamsBase()

    def run() -> None:
        if not pyx12.x12n_document.x12n_document(parameters, str(path), io.StringIO(), None):
            raise SystemExit(f"pyx12 rejects {path.name}")

    runs = 3 if path.stat().st_size < 3 * MB else 1
    return _figures(path, run, runs)


def measure_validate(path: Path, snip: int) -> dict[str, float]:
    """Every finding up to a SNIP type, the verdict and the 999."""
    from datetime import UTC, datetime

    from edi.scanner import scan
    from pipeline.inspection.inspect import ANYBODY, WHOEVER_IS_NAMED
    from rules.acceptance import judge
    from writers.answers import answer

    data = path.read_bytes()
    findings = 0

    def run() -> None:
        nonlocal findings
        scanned = scan(data, snip=snip)
        findings = len(scanned.findings)
        for interchange in judge(scanned, ANYBODY).interchanges:
            answer(interchange, WHOEVER_IS_NAMED, 1, datetime(2026, 1, 1, tzinfo=UTC))

    return {**_figures(path, run, RUNS if len(data) < 50 * MB else 3), "findings": findings}


def measure_scan(path: Path, snip: int) -> dict[str, float]:
    """The scan alone."""
    from edi.scanner import scan

    data = path.read_bytes()
    return _figures(path, lambda: scan(data, snip=snip), RUNS)


def measure_stream(path: Path, snip: int) -> dict[str, float]:
    """The scan in bounded memory, straight from the disk."""
    from edi.scanner import scan_file

    return _figures(path, lambda: scan_file(path, snip=snip), 3 if path.stat().st_size < 500 * MB else 1)


def measure_tables(path: Path, snip: int) -> dict[str, float]:
    """Scan and every table, in memory."""
    from edi.tables.catalogue import ALL_TABLES
    from edi.tables.reader import read_tables

    data = path.read_bytes()
    rows = 0

    def run() -> None:
        nonlocal rows
        _, tables = read_tables(data, ALL_TABLES, snip=snip)
        rows = sum(table.num_rows for table in tables.values())

    return {**_figures(path, run, RUNS), "rows": rows}


def _figures(path: Path, run: Callable[[], object], runs: int) -> dict[str, float]:
    if runs > 1:
        run()  # warm: kernels, guides and buffers
    seconds, wall = [], []
    for _ in range(runs):
        begin, began = time.process_time(), time.perf_counter()
        run()
        seconds.append(time.process_time() - begin)
        wall.append(time.perf_counter() - began)
    size = path.stat().st_size / MB
    return {
        "mb": size,
        "seconds": statistics.median(seconds),
        "mb_per_second": size / statistics.median(seconds),
        "wall_mb_per_second": size / statistics.median(wall),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


MEASURES: dict[str, Callable[[Path], dict[str, float]]] = {
    "pyx12": measure_pyx12,
    "validate2": lambda path: measure_validate(path, 2),
    "validate5": lambda path: measure_validate(path, 5),
    "scan2": lambda path: measure_scan(path, 2),
    "stream5": lambda path: measure_stream(path, 5),
    "tables2": lambda path: measure_tables(path, 2),
}


def measured(what: str, path: Path) -> dict[str, float]:
    """One measurement in a process of its own."""
    command = [sys.executable, __file__, "--measure", what, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - this very script
    figures: dict[str, float] = json.loads(answer.stdout)
    print(f"  {what:10} {path.name:24} {figures['mb_per_second']:10,.2f} MB/s {figures['peak_mb']:8,.0f} MB peak")
    return figures


def generated(kind: str, megabytes: int, folder: Path, per_set: int | None = None) -> Path:
    """A valid file of the project's own generator; `per_set` claims a transaction set, or as many as it would."""
    path = folder / f"{kind}-{megabytes}mb{per_set or ''}.x12"
    if not path.exists():
        more = ["--per-set", str(per_set)] if per_set else []
        _edi("generate", kind, "--mb", str(megabytes), "--out", str(path), "--seed", "7", *more)
    return path


def with_errors(path: Path) -> Path:
    """The same file with two faults in every service line."""
    damaged = path.with_name("errors-" + path.name)
    data = path.read_bytes()
    damaged.write_bytes(data.replace(b"SV1*HC:", b"SV1*QQ:").replace(b"DTP*472*D8*20", b"DTP*472*D8*2X"))
    return damaged


def many_tiny(folder: Path) -> Path:
    """Thousands of interchanges of one small set each."""
    one = folder / "one.x12"
    _edi("generate", "837P", "--claims", "2", "--out", str(one), "--seed", "7")
    text = one.read_text("ascii")
    control = text[90:99]
    path = folder / "tiny-interchanges.x12"
    path.write_text("".join(text.replace(control, f"{number:09d}") for number in range(1, TINY_INTERCHANGES + 1)))
    return path


def seconds_of(*words: str, cold: bool = False) -> float:
    """Wall seconds of a whole command, the median of three."""
    taken = []
    for _ in range(1 if cold else 3):
        with tempfile.TemporaryDirectory() as cache:
            environment = {**os.environ, "EDI_CACHE_DIR": cache} if cold else None
            begin = time.perf_counter()
            subprocess.run([_program(), *words], capture_output=True, check=True, env=environment)  # noqa: S603 - ours
            taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def _edi(*words: str) -> None:
    subprocess.run([_program(), *words], check=True, capture_output=True)  # noqa: S603 - our own program


def _program() -> str:
    return str(Path(sys.executable).with_name("edi"))


def measure_everything(folder: Path, *, quick: bool) -> Figures:
    """All figures of the report."""
    figures = Figures(machine=f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    base = 1 if quick else 10
    for kind in KINDS:
        small, large = generated(kind, 1, folder), generated(kind, base, folder)
        figures.add(kind, 1, "pyx12", measured("pyx12", small))
        if base > 1 and kind == "837P":
            figures.add(kind, base, "pyx12", measured("pyx12", large))
        for what in ("validate2", "validate5", "scan2", "tables2"):
            figures.add(kind, base, what, measured(what, large))
    clean = generated("837P", base, folder)
    figures.add("errors", base, "validate2", measured("validate2", with_errors(clean)))
    small_sets = generated("837P", base, folder, per_set=15)
    figures.add("small sets", base, "validate2", measured("validate2", small_sets))
    figures.add("errors, small sets", base, "validate2", measured("validate2", with_errors(small_sets)))
    figures.add("tiny", 0, "scan2", measured("scan2", many_tiny(folder)))
    for megabytes in () if quick else LARGE:
        path = generated("837P", megabytes, folder)
        figures.add("837P", megabytes, "stream5", measured("stream5", path))
        path.unlink()
    for megabytes in (1, base):
        figures.add("837P", megabytes, "stream5", measured("stream5", generated("837P", megabytes, folder)))
    figures.start = {
        "edi --help": seconds_of("--help"),
        "edi validate, small file": seconds_of("validate", str(folder / "one.x12")),
        "edi validate, small file, nothing compiled": seconds_of("validate", str(folder / "one.x12"), cold=True),
    }
    return figures


def main() -> None:
    """Measure, print, and write the report where it is asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--measure", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    options.add_argument("--quick", action="store_true", help="small files only")
    options.add_argument("--report", type=Path, metavar="FOLDER", help="write benchmarks.md and its plot there")
    options.add_argument("--files", type=Path, metavar="FOLDER", help="keep the generated files here")
    given = options.parse_args()
    if given.measure:
        what, path = given.measure
        print(json.dumps(MEASURES[what](Path(path))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.files or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        figures = measure_everything(folder, quick=given.quick)
    print(figures.summary())
    if given.report:
        write_report(figures, given.report)


if __name__ == "__main__":
    main()
