"""A loader killed at any moment and run again leaves the warehouse of an undisturbed run."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from loaders.ledger import LedgerFile, read_file
from loaders.warehouse import Warehouse, open_warehouse
from tests.loaders.intake import GROUPS, Intake, Row, accepted, claims_tables, enrollment
from tests.loaders.snapshot import table_queries

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
FIRST = "260610000001"

LOADER = """
import pickle, sys
from datetime import timedelta
from loaders.commit import commit_file
from loaders.ledger import move
from loaders.warehouse import open_warehouse

url, job = sys.argv[1:]
file, verdict, tables, groups = pickle.load(open(job, "rb"))
now = file.arrived_at + timedelta(minutes=5)
warehouse = open_warehouse(url)
with warehouse.begin():
    print("ready", flush=True)
with warehouse.begin() as conn:
    result = commit_file(conn, file, verdict, (), tables, groups, now, look_back_days=30)
    if not result.already_committed:
        move(conn, file.file_id, "committed", now)
print("done", flush=True)
"""

COVERAGE: Row = {"insurance_line": "HLT", "plan_code": "GOLD", "begin": date(2026, 1, 1), "maintenance_type": "021"}


class Scene:
    """A warehouse with some claims on file, and an 834 and an 837 to commit."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.warehouse: Warehouse = open_warehouse(url)
        self.intake = Intake(self.warehouse)
        self.intake.claim(*({"patient_control_number": f"OLD{number}"} for number in range(20)))
        members = [
            {"maintenance_type": "021", "coverages": [COVERAGE], "subscriber_number": f"S{number}"}
            for number in range(300)
        ]
        claims: list[Row] = [
            {"subscriber_id": f"S{number}", "patient_control_number": f"P{number}"} for number in range(400)
        ]
        claims += [{"frequency_code": "7", "payer_claim_control_number": f"{int(FIRST) + n}"} for n in range(20)]
        self.files = (
            (self.intake.deliver("834"), accepted("834", control_number="000000101"), enrollment(*members)),
            (self.intake.deliver("837"), accepted(control_number="000000102"), claims_tables(*claims)),
        )

    def job(self, number: int) -> Path:
        """The work for one of the files, as another process can read it."""
        path = self.folder / f"job{number}"
        path.write_bytes(pickle.dumps((*self.files[number], GROUPS)))
        return path

    @contextmanager
    def loader(self, number: int) -> Iterator[subprocess.Popen[str]]:
        """A process that commits one of the files; killed when the block ends."""
        process = subprocess.Popen(
            [sys.executable, "-c", LOADER, self.url, str(self.job(number))],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()
            process.wait(SECONDS)
            process.stdout.close()

    def run(self, number: int) -> None:
        """Commit one of the files, undisturbed."""
        self.intake.commit(*self.files[number])

    def wait_until(self, condition: str) -> None:
        """Wait for something to be true of the server's other connections to this database."""
        query = (
            f"select {condition} from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and application_name = 'payer-edi'"
        )
        deadline = time.monotonic() + SECONDS
        while not self.intake.value(query):
            assert time.monotonic() < deadline, condition
            time.sleep(0.01)

    def state(self, number: int) -> str:
        """The ledger's state of one of the files."""
        with self.warehouse.begin() as conn:
            file: LedgerFile | None = read_file(conn, self.files[number][0].file_id)
        assert file is not None
        return file.state

    def content(self) -> dict[str, list[str]]:
        """Every row of every table without keys and instants that we make up, and how the rows belong together."""
        queries = table_queries() | BELONGING
        return {name: sorted(str(row) for (row,) in self.intake.rows(query)) for name, query in queries.items()}


BELONGING = {
    "lines of claims": "select row(claim_number, l.line_number) from claim_line l join claim using (claim_id)",
    "claims of members": "select row(claim_number, subscriber_number) from claim join member using (member_id)",
    "corrections of claims": "select row(c.claim_number, c.version, o.claim_number)"
    " from claim c join claim o on o.claim_id = c.original_claim_id",
    "claims of sets": "select row(claim_number, s.source_start, i.control_number) from claim join transaction_set s"
    " using (set_key) join functional_group using (group_key) join interchange i using (interchange_id)",
    "spans of members": "select row(subscriber_number, valid) from coverage_span join member using (member_id)",
}


@pytest.fixture
def scene(fresh_database: Callable[[], str], tmp_path: Path) -> Iterator[Scene]:
    """The warehouse whose loaders are killed."""
    scene = Scene(fresh_database(), tmp_path)
    yield scene
    scene.warehouse.close()


@pytest.fixture(scope="module")
def undisturbed(fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the warehouse holds when nobody is killed."""
    scene = Scene(fresh_database(), tmp_path_factory.mktemp("undisturbed"))
    for number in range(2):
        scene.run(number)
    content = scene.content()
    scene.warehouse.close()
    assert len(content["claim"]) == 440
    assert len(content["corrections of claims"]) == 20
    assert len(content["spans of members"]) == 300
    return content


@pytest.mark.parametrize(
    ("number", "lock"),
    [
        pytest.param(0, "lock table coverage_key in share mode", id="834-before-spans"),
        pytest.param(0, "lock table coverage_span in share mode", id="834-at-the-last-spans"),
        pytest.param(1, "lock table finding in share mode", id="837-after-envelopes"),
        pytest.param(1, "update number_series set next_number = next_number", id="837-drawing-numbers"),
        pytest.param(1, "lock table claim_party in share mode", id="837-after-claims"),
        pytest.param(1, "lock table file_state_change in share mode", id="837-before-the-end"),
    ],
)
def test_killed_at_a_known_step(scene: Scene, undisturbed: dict[str, list[str]], number: int, lock: str) -> None:
    """A loader stands before a locked table or row, with all earlier steps behind it, and is killed there."""
    if number:
        scene.run(0)
    before = scene.content()
    with scene.warehouse.engine.connect() as holder, scene.loader(number) as process:
        holder.execute(text(lock))
        scene.wait_until("count(*) filter (where wait_event_type = 'Lock') = 1")
        process.kill()
        process.wait(SECONDS)
        holder.rollback()
    scene.wait_until("count(*) filter (where state <> 'idle') = 0")
    assert scene.state(number) == "checked"
    assert scene.content() == before
    for again in range(number, 2):
        scene.run(again)
    assert scene.content() == undisturbed


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.8])
def test_killed_at_some_moment(scene: Scene, undisturbed: dict[str, list[str]], part: float) -> None:
    """At whatever moment of the work: either all of the file is there or nothing, and running again completes it."""
    for number in range(2):
        with scene.loader(number) as process:
            time.sleep(0.25 * part)
            process.kill()
        scene.wait_until("count(*) filter (where state <> 'idle') = 0")
        assert scene.state(number) in {"checked", "committed"}
        scene.run(number)
        scene.run(number)
    assert scene.content() == undisturbed
