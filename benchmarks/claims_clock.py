"""What a run of the claims benchmark costs: seconds by stage, CPU seconds here and in PostgreSQL, and peak memory."""

from __future__ import annotations

import importlib
import os
import resource
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

LANES = "waiting for lanes"
"""Of the main thread, while others decide claims."""
STEPS = (
    ("edi.tables.reader", "read_tables", "validate and extract"),
    ("pipeline.translate", "judge", "validate and extract"),
    ("pipeline.translate.claims_837", "read", "parse"),
    ("pipeline.translate", "claim_findings", "parse"),
    ("pipeline.run_folder.RunFolders", "write", "run folder"),
    ("pipeline.run_folder.RunFolders", "read", "run folder"),
    ("pipeline.process.expect", "hold_together", "expectations"),
    ("loaders.claims", "stage", "stage"),
    ("loaders.claims", "find_members", "screen"),
    ("loaders.claims", "screen_corrections", "screen"),
    ("loaders.claims", "find_missing_bases", "screen"),
    ("loaders.claims", "join_families", "screen"),
    ("loaders.claims.Screening", "screen_claims", "screen"),
    ("loaders.claims.Screening", "screen_corrections", "screen"),
    ("pipeline.commit.warehouse_commit", "commit_file", "store"),
    ("pipeline.commit", "_claim_answer_file", "277CA"),
    ("pipeline.commit", "_claim_answers", "277CA"),
    ("pipeline.adjudicate.claim_facts", "claims_to_decide", "facts"),
    ("pipeline.adjudicate.claim_facts", "lock", "facts"),
    ("pipeline.adjudicate.claim_facts", "read_locked", "facts"),
    ("pipeline.adjudicate.claim_rounds", "deal", "facts"),
    ("pipeline.adjudicate", "_side_by_side", LANES),
    ("rules.adjudication", "decide", "rules"),
    ("pipeline.adjudicate.decisions", "store", "decisions"),
)
"""Functions and the stage that their time belongs to, unless another of them has taken over."""
STAGES = tuple(dict.fromkeys(stage for _, _, stage in STEPS if stage != LANES))
OTHER = "other"
PAGE_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Stopwatch:
    """Seconds by stage; of each thread the innermost stage has the clock, so those of two lanes add up."""

    cpu: Callable[[], float] = time.thread_time
    """CPU seconds so far: of the thread, or of the process where one thread alone has stages."""
    seconds: Counter[str] = field(default_factory=Counter)
    busy: Counter[str] = field(default_factory=Counter)
    """CPU seconds of this process by stage; the rest is PostgreSQL's, or waiting."""
    _threads: threading.local = field(default_factory=threading.local)
    _began: float = 0.0

    def start(self) -> None:
        """Begin anew, in the main thread."""
        self.seconds.clear()
        self.busy.clear()
        self._began = time.perf_counter()
        self._threads.running = [OTHER]
        self._threads.since = self._now()

    def stop(self) -> float:
        """All seconds since the start."""
        self._turn()
        return time.perf_counter() - self._began

    def _now(self) -> tuple[float, float]:
        return time.perf_counter(), self.cpu()

    def _turn(self) -> None:
        """What passed belongs to the stage that has the clock."""
        running = self._threads.running
        now, before = self._now(), self._threads.since
        self._threads.since = now
        if running:
            self.seconds[running[-1]] += now[0] - before[0]
            self.busy[running[-1]] += now[1] - before[1]

    @contextmanager
    def during(self, stage: str) -> Iterator[None]:
        """A stage has the clock of this thread."""
        if not hasattr(self._threads, "running"):
            self._threads.running, self._threads.since = [], self._now()
        self._turn()
        self._threads.running.append(stage)
        try:
            yield
        finally:
            self._turn()
            self._threads.running.pop()

    def watch(self, steps: Sequence[tuple[str, str, str]] = STEPS) -> None:
        """Put functions under the clock, for the rest of the process: module or class, name, and stage of each."""
        for place, name, stage in steps:
            owner = _owner(place)
            setattr(owner, name, self._timed(getattr(owner, name), stage))

    def _timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        @wraps(function)
        def timed(*given: object, **named: object) -> Any:  # noqa: ANN401 - whatever it returns
            with self.during(stage):
                return function(*given, **named)

        return timed


def _owner(place: str) -> Any:  # noqa: ANN401 - a module or a class
    """The module, or the object in a module, of that name."""
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError:
        module, _, name = place.rpartition(".")
        return getattr(importlib.import_module(module), name)


def own_cpu() -> float:
    """CPU seconds of this process and those it waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def server_cpu(folder: Path) -> float:
    """CPU seconds of the PostgreSQL server of a warehouse folder, ended backends among them."""
    postmaster = int((folder / "data" / "postmaster.pid").read_text("ascii").split("\n", 1)[0])
    ticks = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = status.read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        is_postmaster = int(status.parent.name) == postmaster
        if is_postmaster or int(values[1]) == postmaster:
            # utime and stime; of the postmaster also those of its ended children
            ticks += sum(map(int, values[11 : 15 if is_postmaster else 13]))
    return ticks / PAGE_TICKS


def peak_megabytes() -> float:
    """Most memory that this process had so far; PostgreSQL's is not in it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
