"""Killed between any two of its boundaries, a day's work is done again to the same warehouse."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from loaders.schema.replay import WORKS
from loaders.warehouse import open_warehouse
from pipeline.clock import CLOCK_FILE, SimulatedClock
from pipeline.configuration import load_configuration
from pipeline.replay import replay_warehouse
from tests.pipeline import killed_day
from tests.pipeline.plan import CLAIMS, ENROLLMENT, HOSPITAL_CLAIMS, Plan
from tests.pipeline.story import STRANGER, configured, numbered

ROOT = Path(__file__).resolve().parents[2]
ALLOWANCES = (1, 2, 3)
"""Boundaries that workers pass, by turns: a file's new name is made again before what it is for is committed."""
MOST_WORKERS = 200
DRAWN = re.compile(r'((?:""fee"":|action|""action"":|re-adjudication|""readjudication"":|import|""import"":) )\d+')
"""Numbers of ours inside texts: of a version, an action, a re-adjudication, an import."""
ELSEWHERE = {"expect", "answer", "import"}
"""Work that other tests do twice: holds of expectations, answers to what is set aside, imports."""


def arrived(url: str, folder: Path) -> tuple[Plan, Path, list[int]]:
    """Rosters and claims are there; the plan's configuration, and the files' ids."""
    config = configured(folder / "config")
    plan = Plan(open_warehouse(url), folder / "var", load_configuration(config))
    ids = plan.take_in("acme", ENROLLMENT, numbered(STRANGER, 1501))
    ids += plan.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS)
    plan.clock.instant += timedelta(days=1)
    SimulatedClock(plan.house.var / CLOCK_FILE).set(plan.clock.instant)
    killed_day.prepare(plan.house.var)
    return plan, config, ids


def content_of(plan: Plan) -> dict[str, list[str]]:
    """What the warehouse holds; numbers that a worker drew and did not live to use are missing for ever."""
    content = plan.content()
    return {name: [DRAWN.sub(r"\1", row) for row in rows] for name, rows in content.items()}


@pytest.mark.timeout(600)
def test_killed_at_every_boundary(fresh_database: Callable[[], str], tmp_path: Path) -> None:
    """Each worker passes one to three of them and is killed before the next, until nothing is left to do.

    What they wrote into the journal is done again to the same answers and decisions, though their keys have gaps.
    """
    plan, config, ids = arrived(fresh_database(), tmp_path / "quiet")
    killed_day.work(plan.house, plan.house.var, ids)
    quiet = content_of(plan)
    plan.house.close()
    url = fresh_database()
    plan, config, ids = arrived(url, tmp_path / "killed")
    workers = subprocess.Popen(
        [sys.executable, "-m", "tests.pipeline.killed_day", str(config), str(plan.house.var), *map(str, ids)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "EDI_WAREHOUSE_URL": url},
    )
    with workers:
        assert workers.stdin is not None
        assert workers.stdout is not None
        assert workers.stdout.readline() == "ready\n"
        told: list[str] = []
        while not told or (told[-1] == "killed" and len(told) < MOST_WORKERS):
            workers.stdin.write(f"{ALLOWANCES[len(told) % len(ALLOWANCES)]}\n")
            workers.stdin.flush()
            told.append(workers.stdout.readline().strip())
        workers.stdin.close()
    assert told[-1] == "ended 0"
    assert len(told) > 10
    assert content_of(plan) == quiet
    done = {row["work"] for row in plan.rows("select distinct work from work_journal")}
    assert done == set(WORKS) - ELSEWHERE
    again = open_warehouse(fresh_database())
    assert replay_warehouse(plan.house, again, tmp_path / "again").differences == []
    again.close()
    plan.house.close()
