"""The DAG files, read as Airflow reads them, and running in it for real."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from loaders import server
from loaders.ledger import read_file
from loaders.migrate import upgrade
from loaders.payment_runs import find_run
from loaders.warehouse import connect
from pipeline.airflow_service.client import DagRunFailed
from pipeline.airflow_service.service import AirflowService
from pipeline.airflow_service.setup import AirflowFolder
from pipeline.hold_decisions import holds_of, questions, reject
from pipeline.house import House, embedded_warehouse_folder, open_house
from pipeline.run_local_files import run_files

REPOSITORY = Path(__file__).resolve().parents[2]
PLAN_TIME = ZoneInfo("America/New_York")
DAGS = frozenset(
    {
        *("edi_fetch", "edi_enrollment_834", "edi_claims_837", "edi_holds", "edi_delivery", "edi_remittance_835"),
        "edi_unanswered",
    }
)
REMITTANCE = "edi_remittance_835"
IMPATIENT = {
    "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "2",
    "AIRFLOW__SCHEDULER__TRIGGER_TIMEOUT_CHECK_INTERVAL": "1",  # what ends a look at an unanswered question
}
"""Seconds of Airflow's own waits; what is waited for stays the same."""


def last_mondays(count: int) -> list[date]:
    """The last Mondays whose remittance is due by now, oldest first."""
    now = datetime.now(PLAN_TIME) - timedelta(hours=6, minutes=1)
    monday = now.date() - timedelta(days=now.weekday())
    return [monday - timedelta(weeks=weeks) for weeks in reversed(range(count))]


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AirflowService]:
    """Airflow over an empty warehouse of a plan whose first remittance was due two weeks ago."""
    root = tmp_path_factory.mktemp("airflow")
    config = root / "config"
    shutil.copytree(REPOSITORY / "examples" / "demo" / "config", config)
    settings = config / "settings.yaml"
    first = last_mondays(2)[0]
    settings.write_text(settings.read_text().replace("first_run: 2099-01-05", f"first_run: {first}"))
    var = root / "var"
    warehouse = embedded_warehouse_folder(var)
    engine = connect(server.start(warehouse))
    upgrade(engine)
    engine.dispose()
    places = {"EDI_CONFIG": str(config), "EDI_VAR": str(var)}
    with AirflowService(AirflowFolder(REPOSITORY, var), places | IMPATIENT) as service:
        service.client.wait_for_dags(DAGS)
        yield service
    server.stop(warehouse)


def wait_for_runs(airflow: AirflowService, count: int, seconds: float = 120.0) -> list[dict[str, Any]]:
    """The first runs of the remittance DAG, by logical date, when so many have ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        runs = airflow.client.runs(REMITTANCE)
        if len([run for run in runs if run["state"] in {"success", "failed"}]) >= count:
            return sorted(runs, key=lambda run: str(run["logical_date"]))
        time.sleep(0.5)
    raise AssertionError(f"{count} runs did not end in {seconds:.0f} s")


@pytest.mark.timeout(400)
def test_every_dag_is_there_and_none_is_broken(airflow: AirflowService) -> None:
    """Seven DAGs, no import error."""
    assert set(airflow.client.dags()) == DAGS
    assert airflow.client.import_errors() == []


@pytest.mark.timeout(400)
def test_a_held_file_is_released_by_a_person_in_the_ui(airflow: AirflowService, tmp_path: Path) -> None:
    """A run asks, in words and without a worker; the answer, with its giver's name, sends the file on."""
    var = airflow.folder.var
    roster = tmp_path / "roster.x12"
    sent = (REPOSITORY / "examples/demo/week1/acme/enrollment.x12").read_bytes()
    sent = sent.replace(b"ROE*ANN", b"QUIXFINCH*ZELPHA****34*517936284").replace(b"M1000001", b"ZQ86753091")
    roster.write_bytes(sent.replace(b"FI*123456789", b"FI*123456780"))
    with open_house(var.parent / "config", var) as house:
        (file_id,) = run_files(house, [roster], "acme", house.now()).file_ids
        for dag in ("edi_enrollment_834", "edi_holds"):
            airflow.client.pause(dag, paused=False)
        airflow.client.wait("edi_enrollment_834", airflow.client.trigger("edi_enrollment_834"), 120)
        (asked,) = [run["dag_run_id"] for run in airflow.client.runs("edi_holds")]
        assert asked.startswith(f"file_{file_id}_hold_")
        airflow.client.wait_for_task("edi_holds", asked, "ask", "awaiting_input")
        airflow.client.respond("edi_holds", asked, "ask", "Release", note="a new name")
        airflow.client.wait("edi_holds", asked, 120)
        (decided,) = holds_of(house, file_id).holds
        assert (decided["decision"], decided["decided_by"], decided["note"]) == (
            "released",
            "admin (Airflow)",
            "a new name",
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and house_state(house, file_id) == "checked":
            time.sleep(0.5)
        assert house_state(house, file_id) == "committed"
        with house.warehouse.begin() as connection:
            connection.execute(text("truncate outbox cascade"))  # nobody is there to deliver to
    logs = [
        path
        for path in var.rglob("*")
        if path.is_file() and (path.suffix == ".log" or path.is_relative_to(var / "data_docs"))
    ]
    assert any("dag_id=edi_enrollment_834" in str(path) for path in logs)
    assert any(path.is_relative_to(var / "data_docs") for path in logs)
    assert [path for path in logs if PERSON.search(path.read_bytes())] == [], "no log of ours holds a value"


PERSON = re.compile(rb"QUIXFINCH|ZELPHA|517-?93-?6284|ZQ86753091|1980-?02-?11", re.IGNORECASE)
"""Values of one member."""


@pytest.mark.timeout(400)
def test_a_decision_by_command_line_ends_the_question(airflow: AirflowService, tmp_path: Path) -> None:
    """The run that waits notices, ends green and says who decided; while nobody does, it goes on asking."""
    var = airflow.folder.var
    roster = tmp_path / "roster.x12"
    sent = (REPOSITORY / "examples/demo/week1/acme/enrollment.x12").read_bytes()
    roster.write_bytes(sent.replace(b"FI*123456789", b"FI*123456781").replace(b"000001001", b"000001077"))
    with open_house(var.parent / "config", var) as house:
        (file_id,) = run_files(house, [roster], "acme", house.now()).file_ids
        (one,) = questions(house, "834")
        airflow.client.pause("edi_holds", paused=False)
        conf = {"file_id": file_id, "hold_id": one.newest_hold, "subject": one.subject, "question": one.text}
        late = airflow.client.trigger("edi_holds", conf)
        airflow.client.wait_for_task("edi_holds", late, "ask", "awaiting_input")  # looks again in five minutes
        settings = var.parent / "config" / "settings.yaml"
        settings.write_text(settings.read_text().replace("  batches:", "  hold_look_seconds: 1\n  batches:"))
        asked = airflow.client.trigger("edi_holds", conf)
        airflow.client.wait_for_task("edi_holds", asked, "ask", "awaiting_input")
        before = looks(airflow, asked)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and looks(airflow, asked) == before:
            time.sleep(0.5)
        airflow.client.wait_for_task("edi_holds", asked, "ask", "awaiting_input")
        reject(house, file_id, "ann")
        airflow.client.respond("edi_holds", late, "ask", "Release", note="")
        for run in (asked, late):
            airflow.client.wait("edi_holds", run, 120)
            told = airflow.client.result("edi_holds", run, "decide")
            assert told == {"file_id": file_id, "decision": "rejected", "by": "ann", "elsewhere": True}
        assert airflow.client.result("edi_holds", asked, "ask")["chosen_options"] == ["Decided elsewhere"]
        with house.warehouse.begin() as connection:
            connection.execute(text("truncate outbox cascade"))  # nobody is there to deliver to


def looks(airflow: AirflowService, run: str) -> object:
    """When the question was last put to the people."""
    (ask,) = [task for task in airflow.client.tasks("edi_holds", run) if task["task_id"] == "ask"]
    return ask["queued_when"], ask["scheduled_when"]


def house_state(house: House, file_id: int) -> str:
    """The ledger state of a file."""
    with house.warehouse.begin() as connection:
        file = read_file(connection, file_id)
    assert file is not None
    return file.state


@pytest.mark.timeout(400)
def test_missed_weeks_are_caught_up_one_by_one(airflow: AirflowService) -> None:
    """The timetable makes a run for every Monday since the first, each settling through the Sunday before it."""
    airflow.client.pause(REMITTANCE, paused=False)
    runs = wait_for_runs(airflow, 2)
    assert [run["state"] for run in runs] == ["success", "success"]
    assert [run["run_type"] for run in runs] == ["scheduled", "scheduled"]
    through = [airflow.client.result(REMITTANCE, run["dag_run_id"], "remit")["through"] for run in runs]
    assert through == [(monday - timedelta(days=1)).isoformat() for monday in last_mondays(2)]
    assert str(runs[0]["end_date"]) <= str(runs[1]["start_date"])


@pytest.mark.timeout(400)
def test_a_manual_run_must_say_through_which_day(airflow: AirflowService) -> None:
    """Without the parameter it fails at once, without a retry; with it, it settles, once a person has released it.

    A dry run before only tells what would be.
    """
    airflow.client.pause(REMITTANCE, paused=False)
    run = airflow.client.trigger(REMITTANCE)
    with pytest.raises(DagRunFailed, match="remit"):
        airflow.client.wait(REMITTANCE, run, 60)
    tries = [task["try_number"] for task in airflow.client.tasks(REMITTANCE, run) if task["task_id"] == "remit"]
    assert tries == [1]
    today = datetime.now(PLAN_TIME).date().isoformat()
    run = airflow.client.trigger(REMITTANCE, {"through": today, "dry_run": True})
    airflow.client.wait(REMITTANCE, run, 60)
    told = airflow.client.result(REMITTANCE, run, "remit")
    assert (told["through"], told["state"], told["payees"]) == (today, "dry run", [])
    with open_house(airflow.folder.var.parent / "config", airflow.folder.var) as house:
        with house.warehouse.begin() as connection:
            assert find_run(connection, date.fromisoformat(today)) is None
        settings = airflow.folder.var.parent / "config" / "settings.yaml"
        lag = "  payment_lag_days:"
        settings.write_text(settings.read_text().replace(lag, f"  release: person\n{lag}"))
        run = airflow.client.trigger(REMITTANCE, {"through": today})
        airflow.client.wait_for_task(REMITTANCE, run, "ask", "awaiting_input")
        assert airflow.client.result(REMITTANCE, run, "remit")["state"] == "composed"
        airflow.client.respond(REMITTANCE, run, "ask", "Release", note="looked at")
        airflow.client.wait(REMITTANCE, run, 60)
        with house.warehouse.begin() as connection:
            stored = find_run(connection, date.fromisoformat(today))
    assert stored is not None
    assert (stored.state, stored.released_by, stored.release_note) == ("released", "admin (Airflow)", "looked at")


@pytest.mark.timeout(400)
def test_a_stopped_warehouse_fails_the_task_and_the_next_run_picks_up(airflow: AirflowService) -> None:
    """The task fails with the cause and waits for its retry; Airflow itself goes on, and a later run succeeds."""
    warehouse = embedded_warehouse_folder(airflow.folder.var)
    server.stop(warehouse)
    try:
        airflow.client.pause("edi_delivery", paused=False)
        run = airflow.client.trigger("edi_delivery")
        deadline = time.monotonic() + 60
        states: set[str] = set()
        while "up_for_retry" not in states and time.monotonic() < deadline:
            runs = [one["dag_run_id"] for one in airflow.client.runs("edi_delivery")]
            states = {str(task["state"]) for one in runs for task in airflow.client.tasks("edi_delivery", one)}
            time.sleep(0.5)
        assert "up_for_retry" in states
        assert airflow.client.healthy()
    finally:
        server.start(warehouse)
    airflow.client.wait("edi_delivery", run, 120)
