"""Great Expectations sees tables, and tells counts: never a value of a row, whatever fails."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from rules.expectations import EXPECTATIONS, BadRunName, check, join_files, measuring
from rules.expectations.catalogue import Severity
from rules.expectations.measures import UnjoinedTables, measured, npi_checked
from rules.expectations.measuring import ExpectationNotMeasured, evaluate
from tests.rules.expected_tables import (
    BOTH_ROWS,
    BROKEN,
    DAY,
    HOLD,
    RECEIVED,
    Rows,
    canaries_in,
    staged_tables,
)


def test_every_expectation_can_be_broken() -> None:
    """The canary test covers the whole catalogue, and every table has six expectations at least."""
    assert set(BROKEN) == set(EXPECTATIONS)
    for table in ("enrollment_member", "enrollment_coverage", "claim", "claim_line", "warehouse_set"):
        assert sum(each.table == table for each in EXPECTATIONS.values()) >= 6


def test_good_tables_meet_every_expectation(tmp_path: Path) -> None:
    """Nothing fails, nothing holds, and every expectation was measured on every row."""
    outcome = check(staged_tables(), {}, tmp_path, "good", RECEIVED)
    assert [each.expectation for each in outcome.results] == list(EXPECTATIONS)
    assert {(each.success, each.unexpected_count, each.element_count) for each in outcome.results} == {(True, 0, 2)}
    assert not outcome.held


@pytest.mark.parametrize("broken", sorted(BROKEN))
def test_no_canary_leaves(
    broken: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Each expectation fails with its count; no value is in the outcome, the Data Docs, the logs or the output."""
    kind = BROKEN[broken][0].partition("_")[0]
    tables = {name: table for name, table in staged_tables(broken).items() if name.startswith(kind)}
    with caplog.at_level(logging.DEBUG):
        outcome = check(tables, dict.fromkeys(EXPECTATIONS, HOLD), tmp_path, "run-1", RECEIVED)
    failed = {each.expectation: each.unexpected_count for each in outcome.results if not each.success}
    assert failed[broken] == (2 if broken in BOTH_ROWS else 1)
    assert broken in outcome.broken_holds()

    printed = capfd.readouterr()
    told = [repr(outcome), json.dumps(dataclasses.asdict(outcome)), caplog.text, printed.out, printed.err]
    pages = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.stem for path in pages if path.suffix == ".html"} == {"index", *tables} - {"claim_diagnosis"}
    told += [str(path.relative_to(tmp_path)) for path in pages]
    haystack = "\n".join(told).encode() + b"".join(path.read_bytes() for path in pages)
    assert [canary for canary in set(canaries_in(tables)) if canary.encode() in haystack] == []


def test_what_great_expectations_says_of_its_failures_stays_inside(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A type that cannot be compared is our failure; neither the message nor the pages hold the value."""
    frame = measured(staged_tables())["claim"].assign(
        charge_cents=pd.Series(["CANARYTEXT", b"CANARYBYTES"], dtype=object)
    )
    severities = dict.fromkeys(EXPECTATIONS, HOLD)
    with caplog.at_level(logging.DEBUG), pytest.raises(ExpectationNotMeasured) as caught:
        evaluate({"claim": frame}, severities, tmp_path, "run-1", RECEIVED, dict.fromkeys(EXPECTATIONS, 0))
    printed = capfd.readouterr()
    pages = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for told in (str(caught.value), caplog.text, printed.out, printed.err, pages.decode(errors="replace")):
        assert "CANARY" not in told


@pytest.mark.parametrize(("severity", "held"), [("hold", True), ("warn", False), ("off", False)])
def test_severity_decides_what_a_failure_means(severity: Severity, *, held: bool, tmp_path: Path) -> None:
    """Hold parks the file, warn is told, off is not measured."""
    broken = "claim.subscriber_id_present"
    outcome = check(staged_tables(broken), {broken: severity}, tmp_path, "run-1", RECEIVED)
    assert outcome.held is held
    assert outcome.broken_holds() == ([broken] if held else [])
    assert outcome.broken_warnings() == ([broken] if severity == "warn" else [])
    assert (broken in {each.expectation for each in outcome.results}) is (severity != "off")


TOLERATING = {
    "NotBeNull": "enrollment_member.first_name_present",
    "BeInSet": "enrollment_member.gender_known",
    "BeBetween": "enrollment_member.birth_date_plausible",
    "MatchRegex": "enrollment_member.zip_shaped",
    "AToBeGreaterThanB": "claim.service_in_order",
}
"""A kind of expectation, and one of it that one row in two breaks."""


@pytest.mark.parametrize("broken", TOLERATING.values(), ids=TOLERATING.keys())
@pytest.mark.parametrize(("tolerated", "held"), [(4_999, True), (5_000, False)])
def test_a_tolerance_is_the_share_of_rows_that_may_break_it(
    broken: str, tolerated: int, *, held: bool, tmp_path: Path
) -> None:
    """Half of the rows break it: that is as much as half, and more than a hundredth of a percent less. Counts stay."""
    kind = broken.partition(".")[0]
    tables = {name: table for name, table in staged_tables(broken).items() if name.startswith(kind)}
    outcome = check(tables, {broken: HOLD}, tmp_path, "run-1", RECEIVED, {broken: tolerated})
    assert outcome.broken_holds() == ([broken] if held else [])
    assert {each.expectation: each.unexpected_count for each in outcome.results}[broken] == 1


def test_doubles_may_be_tolerated_too(tmp_path: Path) -> None:
    """Both rows count, so that two of four are half."""
    broken = "claim_line.line_number_once"
    good, bad = staged_tables(), staged_tables(broken)
    tables = join_files([good, bad])
    outcome = check(tables, {broken: HOLD}, tmp_path, "run-1", RECEIVED, {broken: 5_000})
    assert broken not in outcome.broken_holds()
    assert broken in check(tables, {broken: HOLD}, tmp_path, "run-2", RECEIVED, {broken: 4_999}).broken_holds()


def test_single_rows_that_are_refused_by_themselves_hold_no_file(tmp_path: Path) -> None:
    """One member in eleven without subscriber number is within what is suggested, one in two is not."""
    broken = "enrollment_member.subscriber_number_present"
    tables = {"enrollment_member": staged_tables(broken)["enrollment_member"]}
    good = {"enrollment_member": staged_tables()["enrollment_member"]}
    assert check(tables, {}, tmp_path, "few", RECEIVED).broken_holds() == [broken]
    assert not check(join_files([*[good] * 9, tables]), {}, tmp_path, "many", RECEIVED).held


def test_runs_gather_in_the_data_docs(tmp_path: Path) -> None:
    """Each run has its pages under its name, the index lists all, and the same run again adds nothing."""
    tables = {"claim": staged_tables()["claim"], "claim_line": staged_tables()["claim_line"]}
    for run in ("file-1", "file-2", "file-1"):
        check(tables, {}, tmp_path, run, RECEIVED)
    pages = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "validations").rglob("*.html")}
    assert pages == {
        f"validations/{table}/{run}/20260501T000000.000000Z/{table}.html"
        for table in ("claim", "claim_line")
        for run in ("file-1", "file-2")
    }
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(page in index for page in pages)
    assert (tmp_path / "expectations" / "claim.html").is_file()


def test_the_index_lists_the_newest_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays quick to build however many runs there were; older pages stay where they are."""
    monkeypatch.setattr(measuring, "PAGES_LISTED", 2)
    tables = {name: table for name, table in staged_tables().items() if name.startswith("enrollment_member")}
    for day in (1, 2, 3):
        check(tables, {}, tmp_path, f"file-{day}", RECEIVED.replace(day=day))
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert [day for day in (1, 2, 3) if f"/file-{day}/" in index] == [2, 3]
    assert len(list((tmp_path / "validations").rglob("*.html"))) == 3


def test_the_same_run_again_writes_the_same_counts(tmp_path: Path) -> None:
    """Counts depend on tables, severities, run and day, and on nothing else."""
    for folder in ("one", "two"):
        check(staged_tables("claim.service_past"), {}, tmp_path / folder, "file-1", RECEIVED)
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in (folder / "counts").rglob("*.json")}
        for folder in (tmp_path / "one", tmp_path / "two")
    )
    assert len(one) == len(staged_tables().keys() - {"claim_diagnosis"})
    assert one == two


def test_nothing_is_written_elsewhere(tmp_path: Path) -> None:
    """A bare process leaves home and working folder empty, prints nothing and warns of nothing."""
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    program = (
        "import datetime, pathlib, sys, pyarrow as pa\n"
        "from rules.expectations import check\n"
        "assert 'great_expectations' not in sys.modules and 'pandas' not in sys.modules\n"
        "row = {'row': pa.array([0]), 'eligibility_begin': pa.nulls(1, pa.date32()),\n"
        "       'eligibility_end': pa.nulls(1, pa.date32()), 'birth_date': pa.nulls(1, pa.date32()),\n"
        "       'death_date': pa.nulls(1, pa.date32())}\n"
        "row |= {name: ['x'] for name in ('subscriber_number', 'last_name', 'first_name', 'maintenance_type', 'zip',\n"
        "                                 'gender', 'is_subscriber', 'relationship_code', 'benefit_status', 'city',\n"
        "                                 'state', 'address', 'identifier', 'identifier_qualifier')}\n"
        "tables = {'enrollment_member': pa.table(row)}\n"
        "outcome = check(tables, {}, pathlib.Path(sys.argv[1]), 'run', datetime.date(2026, 5, 1))\n"
        "assert outcome.held\n"
    )
    environment = {"HOME": str(home), "PATH": os.defpath, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(tmp_path / "docs")],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [*home.iterdir(), *work.iterdir()] == []


def test_empty_tables_hold_nothing(tmp_path: Path) -> None:
    """A file of which nothing was accepted has tables without rows."""
    empty = {name: table.slice(0, 0) for name, table in staged_tables().items()}
    outcome = check(empty, {}, tmp_path, "empty", RECEIVED)
    assert not outcome.held
    assert {each.element_count for each in outcome.results} == {0}
    assert check({}, {}, tmp_path, "nothing", RECEIVED).results == ()


def test_files_put_together_are_checked_as_one(tmp_path: Path) -> None:
    """Lines find the claims of their own file, and a fault in one file shows in the whole."""
    good, bad = staged_tables(), staged_tables("claim.charge_is_sum_of_lines")
    assert not check(join_files([good, good, good]), {}, tmp_path, "good", RECEIVED).broken_warnings()
    without_lines = {"claim": bad["claim"], "claim_line": bad["claim_line"].slice(0, 0)}
    outcome = check(join_files([without_lines, good, {}, bad]), {}, tmp_path, "bad", RECEIVED)
    counts = {each.expectation: each.unexpected_count for each in outcome.results}
    assert counts["claim.has_lines"] == 2
    assert counts["claim.charge_is_sum_of_lines"] == 3


BALANCES = {
    "lines-less-the-claim's": ([(1, 9_000), (2, 500)], [(None, 1_500), (1, 1_000), (2, 1_500)], 8_000, True),
    "a-cent-too-many": ([(1, 9_000), (2, 500)], [(None, 1_500), (1, 1_000), (2, 1_500)], 8_001, False),
    "no-line-decided": ([], [(None, 2_000), (None, 1_000)], 9_000, True),
    "no-line-decided-and-wrong": ([], [(None, 2_000)], 9_000, False),
    "nothing-adjusted": ([], [], 12_000, True),
    "not-told": ([], [(None, 2_000)], None, True),
}
"""Decisions by line with what was paid, adjustments by decision, what was paid for the claim: does it add up?"""


@pytest.mark.parametrize(("lines", "adjusted", "paid", "balanced"), BALANCES.values(), ids=BALANCES)
def test_what_another_payer_paid_adds_up(
    lines: list[tuple[int, int]], adjusted: list[tuple[int | None, int]], paid: int | None, *, balanced: bool
) -> None:
    """A claim of 120.00 with lines of 100.00 and 20.00: claim = lines less its own adjustments, line = charge less."""

    def table(rows: Rows) -> pa.Table:
        return pa.Table.from_pylist(rows, pa.schema(dict.fromkeys(rows[0], pa.int64())))

    tables = {name: one.slice(0, 1) for name, one in staged_tables().items() if name == "claim"}
    tables["claim"] = tables["claim"].set_column(2, "charge_cents", pa.array([12_000], pa.int64()))
    both = staged_tables()["claim_line"].set_column(3, "charge_cents", pa.array([10_000, 2_000], pa.int64()))
    tables["claim_line"] = both.set_column(1, "parent_row", pa.array([0, 0], pa.int64()))
    of_claim = {"parent_row": 0, "other_coverage": 1}
    days = {"payer_id": pa.array(["X"]), "decided_on": pa.array([DAY])}
    tables["claim_other_coverage"] = pa.table(
        {**days, **{name: pa.array([value], pa.int64()) for name, value in (("parent_row", 0), ("ordinal", 1))}}
    ).append_column("paid_cents", pa.array([paid], pa.int64()))
    if lines:
        decided = [{**of_claim, "ordinal": place, "line_row": place - 1, "paid_cents": cents} for place, cents in lines]
        tables["claim_line_adjudication"] = table(decided).append_column("paid_on", pa.array([DAY] * len(lines)))
    if adjusted:
        reasons = [{**of_claim, "line_adjudication": place, "amount_cents": cents} for place, cents in adjusted]
        words = pa.array(["CO"] * len(adjusted))
        tables["claim_adjustment"] = table(reasons).append_column("group_code", words)
        tables["claim_adjustment"] = tables["claim_adjustment"].append_column("reason_code", words)
    frames = measured(tables)
    assert frames["claim_other_coverage"]["balanced"].tolist() == [balanced]
    if lines:
        # the second line paid 5.00 of 20.00 and explains all of the rest
        assert frames["claim_line_adjudication"]["balanced"].tolist() == [True, True]


def test_tables_of_several_files_are_not_mixed_up(tmp_path: Path) -> None:
    """Concatenated without renumbering, lines would be counted for claims of another file."""
    tables = {name: pa.concat_tables([table, table]) for name, table in staged_tables().items()}
    with pytest.raises(UnjoinedTables):
        check(tables, {}, tmp_path, "run-1", RECEIVED)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a.b", "name of a person", "x" * 101])
def test_a_run_name_is_a_plain_word(name: str, tmp_path: Path) -> None:
    """It becomes a folder."""
    with pytest.raises(BadRunName):
        check({}, {}, tmp_path, name, RECEIVED)


def test_the_check_digit_of_an_npi() -> None:
    """Luhn over 80840 and the number; what has not the shape of an NPI is for another expectation."""
    numbers = pd.Series(["1234567893", "1234567890", "1245319599", "123", None], dtype="str")
    assert npi_checked(numbers).tolist() == [True, False, True, True, True]
