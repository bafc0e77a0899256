"""Files of this machine through the whole pipeline: what `edi run` does, and does again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from edi.trouble import Retryable
from loaders.ledger import LedgerFile
from pipeline import process
from pipeline.command.printing import bar
from pipeline.file_translation import keep_translation
from pipeline.run_local_files import STEPS_A_FILE, ContentChanged, run_files
from tests.pipeline.plan import CLAIMS, ENROLLMENT, HOSPITAL_CLAIMS, MINUTE, WEEK, Plan, told

Write = Callable[..., Path]


class Away(Retryable):
    """Something is away."""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Put a file onto this machine."""
    (tmp_path / "here").mkdir()

    def put(name: str, content: bytes, age: timedelta = MINUTE) -> Path:
        path = tmp_path / "here" / name
        path.write_bytes(content)
        seconds = path.stat().st_mtime - age.total_seconds()
        os.utime(path, (seconds, seconds))
        return path

    return put


def heard(plan: Plan) -> list[tuple[int | None, str]]:
    """Who was answered, and what."""
    return [(row.file_id, told(row)) for row in plan.answers()]


def test_the_report_accounts_for_every_file_row_and_decision(plan: Plan) -> None:
    """The demo's first week, partner by partner."""
    plan.load_registry()
    reports = {
        partner: run_files(
            plan.house, [path for sender, path in WEEK if sender == partner], partner, plan.clock.now()
        ).summary()
        for partner in ("acme", "clearlink", "riverclinic")
    }
    acme, clearlink, clinic = reports.values()
    assert (acme["file_ids"], acme["files"]) == ([1, 2], {"committed": 2})
    assert (acme["rows"]["members"], acme["rows"]["coverage_spans"]) == (8, 11)
    assert acme["decisions"] == {"decided": 0, "batches": 0}
    assert clearlink["file_ids"] == [3, 4, 5, 6, 7]
    assert clearlink["files"] == {"committed": 4, "quarantined": 1}
    assert clinic["files"] == {"committed": 1}
    for report in (clearlink, clinic):
        assert report["decisions"]["decided"] == report["rows"]["claims"]
        assert report["decisions"]["batches"] == 1
    assert plan.count("decision") == plan.count("claim") == 15
    assert [(row.partner, row.file_id) for row in plan.outbox() if row.kind == "REPORT"] == [("clearlink", 7)]


def test_a_file_arrived_when_the_caller_says(plan: Plan, write: Write) -> None:
    """At the plan's day, which runs the filing limits."""
    arrived = plan.clock.now() - timedelta(days=3)
    run_files(plan.house, [write("a.x12", CLAIMS)], "clearlink", arrived)
    file = plan.files()[0]
    assert (file.arrived_at, file.received_date) == (arrived, arrived.date())
    assert plan.rows("select distinct received_date from claim") == [{"received_date": arrived.date()}]
    assert plan.house.archive.read(file.archive_path) == CLAIMS


def test_files_of_a_test_partner_are_test_files(plan: Plan, write: Write) -> None:
    """As if they had come over its account."""
    partners = plan.house.configuration.partners
    plan.change(partners={**partners, "acme": replace(partners["acme"], usage="test")})
    run_files(plan.house, [write("a.x12", ENROLLMENT)], "acme", plan.clock.now())
    assert [file.usage for file in plan.files()] == ["T"]
    assert heard(plan) == [(1, "TA1 R 020")]


def test_the_same_delivery_again_changes_nothing(plan: Plan, write: Write) -> None:
    """In one call, or in another."""
    paths = [write("a.x12", CLAIMS), write("b.x12", b"no X12"), write("c.x12", b"")]
    first = run_files(plan.house, [*paths, paths[0]], "clearlink", plan.clock.now())
    assert first.file_ids == [1, 2, 3]
    before = plan.content()
    plan.clock.instant += MINUTE
    again = run_files(plan.house, paths, "clearlink", plan.clock.now())
    assert (again.file_ids, again.states, again.rows) == (first.file_ids, first.states, {})
    assert again.decisions == {"decided": 0, "batches": 0}
    assert plan.content() == before


def test_the_same_delivery_again_goes_on_where_it_stands(
    plan: Plan, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trouble with one file: the others are loaded, answered and decided first; the next run does the rest."""
    plan.load_registry()
    paths = [write("a.x12", CLAIMS), write("b.x12", HOSPITAL_CLAIMS), write("c.x12", HOSPITAL_CLAIMS)]

    def away(house: Any, file: LedgerFile) -> str:  # noqa: ANN401 - handed on
        if file.remote_path.endswith("a.x12"):
            raise Away("away")
        return keep_translation(house, file)

    with monkeypatch.context() as patch:
        patch.setattr(process, "keep_translation", away)
        with pytest.raises(Away):
            run_files(plan.house, paths, "clearlink", plan.clock.now())
    assert plan.states() == ["received", "committed", "duplicate"]
    assert heard(plan) == [(2, "999 A (IK5 A)"), (3, "TA1 R 025")]
    assert {row["state"] for row in plan.rows("select state from claim")} & {"accepted"} == set()
    report = run_files(plan.house, paths, "clearlink", plan.clock.now())
    assert report.states == {"committed": 2, "duplicate": 1}
    assert heard(plan)[2:] == [(1, "TA1 A 000 + 999 A (IK5 A)")]
    assert report.decisions["decided"] == CLAIMS.count(b"CLM*")


def test_a_copy_is_a_duplicate_and_answered_once(plan: Plan, write: Write) -> None:
    """However often it is handed over, and beside its original too."""
    paths = [write("a.x12", HOSPITAL_CLAIMS), write("b.x12", HOSPITAL_CLAIMS)]
    for _ in range(3):
        report = run_files(plan.house, paths, "clearlink", plan.clock.now())
        assert report.states == {"committed": 1, "duplicate": 1}
    assert heard(plan) == [(1, "999 A (IK5 A)"), (2, "TA1 R 025")]


def test_a_file_that_was_written_anew_is_another_delivery(plan: Plan, write: Write) -> None:
    """The same place, another time."""
    run_files(plan.house, [write("a.x12", HOSPITAL_CLAIMS, 2 * MINUTE)], "clearlink", plan.clock.now())
    report = run_files(plan.house, [write("a.x12", CLAIMS)], "clearlink", plan.clock.now())
    assert report.file_ids == [2]
    assert plan.states() == ["committed", "committed"]


def test_a_file_that_is_gone_does_not_keep_the_others(plan: Plan, write: Write) -> None:
    """They are done before it is raised."""
    with pytest.raises(FileNotFoundError):
        run_files(plan.house, [Path("nowhere.x12"), write("a.x12", CLAIMS)], "clearlink", plan.clock.now())
    assert plan.states() == ["committed"]


def test_a_held_file_does_not_keep_the_next_from_being_run(plan: Plan, write: Write) -> None:
    """It waits for a person and is told in the report."""
    path = write("a.x12", ENROLLMENT)
    run_files(plan.house, [path], "acme", plan.clock.now())
    plan.execute("update file set state = 'held'")
    report = run_files(plan.house, [path], "acme", plan.clock.now())
    assert report.states == {"held": 1}


def test_each_step_of_a_file_is_progress(plan: Plan, write: Write) -> None:
    """So that a bar over files reaches its end, and not sooner."""
    steps: list[None] = []
    paths = [write("a.x12", CLAIMS), write("b.x12", b"no X12"), write("c.x12", CLAIMS)]
    run_files(plan.house, paths, "clearlink", plan.clock.now(), lambda: steps.append(None))
    assert len(steps) == STEPS_A_FILE * len(paths)


@pytest.mark.parametrize("terminal", [True, False], ids=["a terminal", "a file"])
def test_a_bar_is_shown_to_people_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, terminal: bool
) -> None:
    """On standard error of a terminal; a program reads nothing but its JSON."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    for as_json in (False, True):
        with bar("processing 2 files", 2, as_json=as_json) as advance:
            advance()
            advance()
        out, err = capsys.readouterr()
        assert out == ""
        assert ("processing 2 files" in err and "100%" in err) == (terminal and not as_json)
        assert terminal or not err


def test_other_content_of_the_same_name_size_and_second_is_not_passed_over(plan: Plan, write: Write) -> None:
    """The ledger cannot tell the two apart, so it says that the second was not taken, and takes the others."""
    path = write("a.x12", CLAIMS)
    facts = path.stat()
    run_files(plan.house, [path], "clearlink", plan.clock.now())
    path.write_bytes(CLAIMS.replace(b"000002001", b"000002009"))
    os.utime(path, (facts.st_atime, facts.st_mtime))
    with pytest.raises(ContentChanged, match="has the place, size and time of file 1"):
        run_files(plan.house, [path, write("b.x12", HOSPITAL_CLAIMS)], "clearlink", plan.clock.now())
    assert plan.states() == ["committed", "committed"]


def test_the_archive_outlives_the_file(plan: Plan, write: Write) -> None:
    """What was handed over may be deleted: later steps read our copy."""
    path = write("a.x12", CLAIMS)
    run_files(plan.house, [path], "clearlink", plan.clock.now())
    path.unlink()
    shutil.rmtree(plan.house.runs)
    assert plan.house.archive.read(plan.files()[0].archive_path) == CLAIMS
