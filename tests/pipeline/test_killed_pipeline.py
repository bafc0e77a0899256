"""Done twice, or killed at any moment and done again: one and the same warehouse, answers and numbers included."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from loaders.warehouse import open_warehouse
from pipeline.adjudicate import adjudicate
from pipeline.clock import CLOCK_FILE, SimulatedClock
from pipeline.process import expect_files, process_files, translate_files
from tests.pipeline.plan import BESIDE_THE_999, CLAIM_ANSWER, DEMO, MINUTE, WEEK, Plan, check_answers

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60

WORKER = """
import sys
from dataclasses import replace
from pathlib import Path
from pipeline.house import open_house
from pipeline.process import commit_files, process_files
from tests.pipeline.plan import unmeasured, unscreened

stages, config, var, *file_ids = sys.argv[1:]
with open_house(Path(config), Path(var)) as house:
    house = replace(house, configuration=unscreened(unmeasured(house.configuration)))
    with house.warehouse.begin():
        print("ready", flush=True)
    sys.stdin.readline()
    {"all": process_files, "commit": commit_files}[stages](house, [int(one) for one in file_ids])
print("done", flush=True)
"""


class Scene:
    """The demo's first week, received; and workers that are killed while they process it."""

    def __init__(self, url: str, var: Path) -> None:
        self.url, self.var = url, var
        self.plan = Plan(open_warehouse(url), var)
        self.plan.load_registry()
        for partner, path in WEEK:
            self.plan.take_in(partner, path.read_bytes())
        self.ids = [file.file_id for file in self.plan.files()]
        # workers read the time from here
        SimulatedClock(var / CLOCK_FILE).set(self.plan.clock.now())

    def check(self) -> None:
        """Bring every file to where it is committed next."""
        expect_files(self.plan.house, translate_files(self.plan.house, self.ids))

    def finish(self) -> dict[str, list[str]]:
        """Do what is left, here and undisturbed; what the warehouse holds then."""
        process_files(self.plan.house, self.ids)
        adjudicate(self.plan.house)
        return self.plan.content()

    def worker(self, stages: str) -> subprocess.Popen[str]:
        """A process that stands ready; it begins when it is told."""
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, stages, str(DEMO / "config"), str(self.var), *map(str, self.ids)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "EDI_WAREHOUSE_URL": self.url},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def wait_until(self, condition: str) -> None:
        """Wait for something to be true of the worker's connections."""
        query = (
            f"select {condition} as holds from pg_stat_activity where datname = current_database()"
            " and pid <> pg_backend_pid() and application_name = 'payer-edi'"
        )
        deadline = time.monotonic() + SECONDS
        while not self.plan.rows(query)[0]["holds"]:
            assert time.monotonic() < deadline, condition
            time.sleep(0.01)


def begin(process: subprocess.Popen[str]) -> None:
    """Tell a worker to begin."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def kill(process: subprocess.Popen[str]) -> None:
    """End a worker without a chance to clean anything up."""
    process.send_signal(signal.SIGKILL)
    process.wait(SECONDS)
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


@pytest.fixture
def scene(fresh_database: Callable[[], str], tmp_path: Path) -> Iterator[Scene]:
    """The week has arrived."""
    scene = Scene(fresh_database(), tmp_path)
    yield scene
    scene.plan.house.close()


@pytest.fixture(scope="module")
def undisturbed(fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the warehouse holds when nobody is killed."""
    scene = Scene(fresh_database(), tmp_path_factory.mktemp("undisturbed"))
    content = scene.finish()
    check_answers(scene.plan.outbox())
    scene.plan.house.close()
    return content


def test_a_second_run_changes_nothing(scene: Scene, undisturbed: dict[str, list[str]]) -> None:
    """Whatever is done again: looks, all stages, decisions, delivery. And two runs of one story are equal."""
    assert scene.finish() == undisturbed
    scene.plan.look()
    scene.plan.deliver()
    sent = {partner: server.names("ack") for partner, server in scene.plan.servers.items()}
    delivered = scene.plan.content()
    for _ in range(2):
        scene.plan.clock.instant += MINUTE
        scene.plan.look()
        scene.plan.process()
        scene.finish()
        scene.plan.deliver()
    assert scene.plan.content() == delivered
    assert {partner: server.names("ack") for partner, server in scene.plan.servers.items()} == sent


def answers(content: dict[str, list[str]]) -> list[str]:
    """What is in the outbox but for the reports of members and the 277CAs."""
    return [row for row in content["outbox"] if not any(f",{kind}," in row for kind in BESIDE_THE_999)]


def test_the_undisturbed_run_is_what_the_story_says(undisturbed: dict[str, list[str]]) -> None:
    """Else the comparisons here would prove little: each file answered once, numbers without a gap."""
    assert len(answers(undisturbed)) == len(WEEK)
    claim_answers = sum(f",{CLAIM_ANSWER}," in row for row in undisturbed["outbox"])
    assert claim_answers == sum(path.name.startswith("claims") for _, path in WEEK) - 1  # one is truncated
    # a letter has no number of ours
    assert f"(isa:P,{len(WEEK) + claim_answers})" in undisturbed["number_series"]
    assert len(undisturbed["claim"]) == len(undisturbed["decisions of claims"]) == 15
    assert undisturbed["member"]


@pytest.mark.parametrize(
    "lock",
    [
        pytest.param("lock table claim_family in share mode", id="while claims are loaded"),
        pytest.param("lock table number_series in share mode", id="before the first number is drawn"),
        pytest.param("lock table outbox in share mode", id="when numbers are drawn"),
    ],
)
def test_killed_at_a_known_step(scene: Scene, undisturbed: dict[str, list[str]], lock: str) -> None:
    """A worker stands before a locked table with all earlier steps behind it: no row, no number, no answer is left."""
    scene.check()
    before = scene.plan.content()
    process = scene.worker("commit")
    with scene.plan.house.warehouse.engine.connect() as holder:
        holder.execute(text(lock))
        begin(process)
        scene.wait_until("count(*) filter (where wait_event_type = 'Lock') = 1")
        kill(process)
        holder.rollback()
    scene.wait_until("count(*) filter (where state <> 'idle') = 0")
    after = scene.plan.content()
    committed = scene.plan.states().count("committed")
    assert len(answers(after)) == committed
    assert (after == before) == (committed == 0)
    assert scene.finish() == undisturbed


def test_killed_again_and_again(scene: Scene, undisturbed: dict[str, list[str]]) -> None:
    """At moments spread over the whole of the work, each worker going on where the one before it was killed."""
    for seconds in (0.1, 0.35, 0.5, 0.2):
        process = scene.worker("all")
        begin(process)
        time.sleep(seconds)
        kill(process)
        scene.wait_until("count(*) filter (where state <> 'idle') = 0")
    assert scene.finish() == undisturbed
