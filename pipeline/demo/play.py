"""Play the story: let the partners upload, trigger the DAGs, move the clock, and take accounts at the end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipeline.airflow_service.client import FINISHED, AirflowClient, DagRunFailed
from pipeline.airflow_service.service import AirflowService
from pipeline.airflow_service.setup import AirflowFolder
from pipeline.demo.accounts import Accounts, take_accounts
from pipeline.demo.story import WEEKS, Week
from pipeline.demo.world import World, open_world
from pipeline.remit_inspection import show_run
from pipeline.unfinished import unfinished_work

FETCH, HOLDS, REMITTANCE = "edi_fetch", "edi_holds", "edi_remittance_835"
WOKEN = frozenset({"edi_enrollment_834", "edi_claims_837", "edi_delivery"})
"""DAGs that asset events wake."""
DAGS = WOKEN | {FETCH, HOLDS, REMITTANCE}
SETTLING_SECONDS = 240.0
LOOK_APART = timedelta(minutes=5)
"""The clock moves between looks, in a performance that was broken off and goes on too."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Performance:
    """What a performance came to."""

    before: dict[str, Any]
    """Figures when it began: zeros the first time."""
    accounts: Accounts
    runs: tuple[dict[str, Any], ...]
    """What each week's remittance run pays to whom."""
    seconds: float

    def new(self) -> dict[str, int]:
        """Files, claims and payments that this performance added."""
        after = self.accounts.figures()
        return {
            "files": sum(after["files"].values()) - sum(self.before["files"].values()),
            "claims": sum(after["claims"].values()) - sum(self.before["claims"].values()),
            "payments": after["payments"] - self.before["payments"],
        }


@contextmanager
def stage(repository: Path, var: Path, port: int | None = None) -> Iterator[tuple[World, AirflowService]]:
    """The world with a running Airflow over it; both stop at the end."""
    with open_world(repository, var, WEEKS[0].looks_at[0]) as world:
        folder = AirflowFolder(repository, var)
        with AirflowService(folder, world.environment(), port) as airflow:
            airflow.client.wait_for_dags(DAGS)
            broken = [error["filename"] for error in airflow.client.import_errors()]
            if broken:
                raise DagRunFailed(f"Airflow cannot import {broken}.")
            yield world, airflow


def play(repository: Path, var: Path, tell: Tell) -> Performance:
    """Play the weeks that were not played yet; if none is left, look once more and find nothing new.

    A performance that was broken off goes on in the week where it stopped: every step of it may be
    done again.

    Raises:
        DagRunFailed: naming the DAG and task; the logs stay under var/airflow.
    """
    began = time.monotonic()
    tell("Starting PostgreSQL, the SFTP server and Airflow ...")
    with stage(repository, var) as (world, airflow):
        with world.house() as house:
            before = take_accounts(house).figures()
        for dag in sorted(DAGS):
            airflow.client.pause(dag, paused=False)
        played = _played(var)
        left = [week for week in WEEKS if week.name not in played]
        for week in left:
            _live_through(week, world, airflow.client, tell)
            played.append(week.name)
            (var / "weeks_played.json").write_text(json.dumps(played))
        if not left:
            tell("Both weeks were played before: looking into the folders and settling once more.")
            _run(airflow.client, FETCH)
            _run(airflow.client, FETCH)
            _settle_down(world, airflow.client)
            _run(airflow.client, REMITTANCE, {"through": WEEKS[-1].through.isoformat()})
            _settle_down(world, airflow.client)
        with world.house() as house:
            accounts = take_accounts(house)
            runs = tuple(show_run(house, week.through) for week in WEEKS)
    return Performance(before, accounts, runs, time.monotonic() - began)


def _live_through(week: Week, world: World, airflow: AirflowClient, tell: Tell) -> None:
    for drop in week.drops:
        if world.upload(drop):
            tell(f"  {drop.uploaded_at:%a %d %b %H:%M}  {drop.partner} uploads {drop.name}")
    for look in week.looks_at:
        world.clock.set(max(look, world.clock.now() + LOOK_APART))
        tell(f"  {look:%a %d %b %H:%M}  edi_fetch looks into every partner's folder")
        _run(airflow, FETCH)
    tell("                    edi_enrollment_834, edi_claims_837 and edi_delivery wake")
    _settle_down(world, airflow)
    if _release_held(airflow, tell):
        _settle_down(world, airflow)
    world.clock.set(max(week.remits_at, world.clock.now()))
    tell(f"  {week.remits_at:%a %d %b %H:%M}  edi_remittance_835 settles through {week.through}")
    _run(airflow, REMITTANCE, {"through": week.through.isoformat()})
    _settle_down(world, airflow)


def _release_held(airflow: AirflowClient, tell: Tell) -> int:
    """Play the person whom Airflow asks about held files; returns how many files were released."""
    asking = [run["dag_run_id"] for run in airflow.runs(HOLDS) if run["state"] not in FINISHED]
    for run in asking:
        airflow.wait_for_task(HOLDS, run, "ask", "awaiting_input")
        tell("                    edi_holds asks about a held file, and a person releases it")
        airflow.respond(HOLDS, run, "ask", "Release", note="confirmed by the employer on the telephone")
        airflow.wait(HOLDS, run)
    return len(asking)


def _run(airflow: AirflowClient, dag: str, conf: dict[str, Any] | None = None) -> None:
    airflow.wait(dag, airflow.trigger(dag, conf))


def _settle_down(world: World, airflow: AirflowClient) -> None:
    """Wait until the woken DAGs have nothing left to do, by the ledger as well as by Airflow.

    Raises:
        DagRunFailed: work is left when the time is up, or a run of a woken DAG failed.
    """
    deadline = time.monotonic() + SETTLING_SECONDS
    while time.monotonic() < deadline:
        airflow.wait_until_idle(WOKEN, SETTLING_SECONDS)
        failed = [dag for dag in sorted(WOKEN) if any(run["state"] == "failed" for run in airflow.runs(dag))]
        if failed:
            raise DagRunFailed(f"A run of {failed} failed; its log is under var/airflow/logs.")
        with world.house() as house:
            left = unfinished_work(house)
        if not any(left.values()):
            return
        time.sleep(1.0)
    raise DagRunFailed(f"Work was left after {SETTLING_SECONDS:.0f} s: {left}")


def _played(var: Path) -> list[str]:
    record = var / "weeks_played.json"
    return list(json.loads(record.read_text())) if record.exists() else []
