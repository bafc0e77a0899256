"""Great Expectations sees tables, and tells counts: never a value of a row, whatever fails."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from rules.expectations import EXPECTATIONS, BadRunName, check, join_files, measuring
from rules.expectations.catalogue import Severity
from rules.expectations.measures import UnjoinedTables, measured, npi_checked
from rules.expectations.measuring import ExpectationNotMeasured, evaluate

RECEIVED = date(2026, 5, 1)
HOLD: Severity = "hold"
FUTURE = date(2031, 7, 23)
DAY, NEXT_DAY = date(2003, 3, 9), date(2003, 3, 17)
QUANTITY = pa.decimal128(15, 3)
Rows = list[dict[str, Any]]

HEADER: dict[str, Any] = {
    "purpose": "00",
    "action": "RX",
    "sponsor_id": "CANARYSPONSOR",
    "as_of": None,
    "maintenance_effective": None,
    "created": date(2026, 4, 17),
}
MEMBER: dict[str, Any] = {
    "subscriber_number": "CANARYSUB7",
    "last_name": "Canarylastname",
    "first_name": "Canaryfirst",
    "birth_date": date(1911, 11, 19),
    "gender": "F",
    "is_subscriber": "Y",
    "relationship_code": "18",
    "maintenance_type": "021",
    "eligibility_begin": DAY,
    "eligibility_end": None,
    "maintenance_effective": None,
    "benefit_status": "A",
    "death_date": None,
    "identifier_qualifier": "34",
    "identifier": "123-45-6789",
    "address": "Canary Lane 99887",
    "city": "Canarytown",
    "state": "CN",
    "zip": "998877665",
}
COVERAGE: dict[str, Any] = {
    "maintenance_type": "021",
    "insurance_line": "HLT",
    "plan_code": "CANARYPLAN",
    "begin": DAY,
    "end": NEXT_DAY,
    "maintenance_effective": None,
}
CLAIM: dict[str, Any] = {
    "patient_control_number": "CANARYPCN1",
    "charge_cents": 987654321012,
    "frequency_code": "1",
    "service_from": DAY,
    "service_through": NEXT_DAY,
    "patient_birth_date": date(1911, 11, 19),
    "patient_last_name": "Canarypatient",
    "subscriber_id": "CANARYSUB8",
    "billing_npi": "1234567893",
    "billing_tin": "918273645",
}
LINE: dict[str, Any] = {
    "line_number": 1,
    "charge_cents": 987654321012,
    "procedure_code": "QX7Z1",
    "revenue_code": None,
    "unit": "UN",
    "quantity": Decimal("918273.645"),
    "service_from": DAY,
    "service_through": NEXT_DAY,
}
PLACES: dict[str, list[int]] = {"enrollment_coverage": [0, 1], "claim_line": [0, 1]}
"""Two rows a table; the second row is the one that a test breaks."""

BROKEN: Mapping[str, tuple[str, dict[str, Any]]] = {
    "enrollment_member.subscriber_number_present": ("enrollment_member", {"subscriber_number": None}),
    "enrollment_member.birth_date_present": ("enrollment_member", {"birth_date": None}),
    "enrollment_member.birth_date_past": ("enrollment_member", {"birth_date": FUTURE}),
    "enrollment_member.last_name_present": ("enrollment_member", {"last_name": None}),
    "enrollment_member.first_name_present": ("enrollment_member", {"first_name": None}),
    "enrollment_header.purpose_known": ("enrollment_header", {"purpose": "CANARYPURPOSE"}),
    "enrollment_header.action_known": ("enrollment_header", {"action": "CANARYACTION"}),
    "enrollment_header.as_of_near": ("enrollment_header", {"as_of": FUTURE}),
    "enrollment_header.sponsor_id_present": ("enrollment_header", {"sponsor_id": None}),
    "enrollment_member.birth_date_plausible": ("enrollment_member", {"birth_date": date(1872, 11, 19)}),
    "enrollment_member.ssn_plausible": ("enrollment_member", {"identifier": "999999999"}),
    "enrollment_member.subscriber_has_address": ("enrollment_member", {"city": None}),
    "enrollment_member.zip_shaped": ("enrollment_member", {"zip": "CANARYZIP"}),
    "enrollment_member.benefit_status_known": ("enrollment_member", {"benefit_status": "CANARYSTATUS"}),
    "enrollment_member.death_ends_coverage": ("enrollment_member", {"death_date": NEXT_DAY}),
    "enrollment_member.maintenance_type_known": ("enrollment_member", {"maintenance_type": "CANARYTYPE"}),
    "enrollment_member.gender_known": ("enrollment_member", {"gender": "CANARYGENDER"}),
    "enrollment_member.relationship_agrees": ("enrollment_member", {"relationship_code": "CANARYREL"}),
    "enrollment_member.eligibility_in_order": (
        "enrollment_member",
        {"eligibility_begin": FUTURE, "eligibility_end": NEXT_DAY},
    ),
    "enrollment_coverage.maintenance_type_known": ("enrollment_coverage", {"maintenance_type": "CANARYTYPE"}),
    "enrollment_coverage.insurance_line_present": ("enrollment_coverage", {"insurance_line": None}),
    "enrollment_coverage.insurance_line_known": ("enrollment_coverage", {"insurance_line": "CANARYINS"}),
    "enrollment_coverage.plan_code_present": ("enrollment_coverage", {"plan_code": None}),
    "enrollment_coverage.added_from_a_day": ("enrollment_coverage", {"begin": None}),
    "enrollment_coverage.ended_on_a_day": ("enrollment_coverage", {"maintenance_type": "024", "end": None}),
    "enrollment_coverage.in_order": ("enrollment_coverage", {"begin": FUTURE}),
    "enrollment_coverage.said_once": ("enrollment_coverage", {"parent_row": 0}),
    "enrollment_coverage.line_once": ("enrollment_coverage", {"parent_row": 0, "plan_code": "CANARYOTHER"}),
    "enrollment_coverage.begin_near": ("enrollment_coverage", {"begin": FUTURE, "end": None}),
    "claim.patient_control_number_present": ("claim", {"patient_control_number": None}),
    "claim.charge_not_negative": ("claim", {"charge_cents": -987654321013}),
    "claim.charge_is_sum_of_lines": ("claim", {"charge_cents": 987654321013}),
    "claim.has_lines": ("claim_line", {"parent_row": 0}),
    "claim.frequency_code_known": ("claim", {"frequency_code": "CANARYFREQ"}),
    "claim.service_from_present": ("claim", {"service_from": None}),
    "claim.service_in_order": ("claim", {"service_from": FUTURE}),
    "claim.service_past": ("claim", {"service_through": FUTURE}),
    "claim.born_before_service": ("claim", {"patient_birth_date": FUTURE}),
    "claim.subscriber_id_present": ("claim", {"subscriber_id": None}),
    "claim.billing_npi_present": ("claim", {"billing_npi": None}),
    "claim.billing_npi_shaped": ("claim", {"billing_npi": "CANARYNPI"}),
    "claim.billing_npi_checked": ("claim", {"billing_npi": "1987654321"}),
    "claim.billing_tin_shaped": ("claim", {"billing_tin": "CANARYTIN"}),
    "claim_line.line_number_counted": ("claim_line", {"line_number": -7654321}),
    "claim_line.line_number_once": ("claim_line", {"parent_row": 0}),
    "claim_line.charge_not_negative": ("claim_line", {"charge_cents": -987654321013}),
    "claim_line.quantity_not_negative": ("claim_line", {"quantity": Decimal("-918273.546")}),
    "claim_line.service_named": ("claim_line", {"procedure_code": None}),
    "claim_line.procedure_code_shaped": ("claim_line", {"procedure_code": "CANARYPROC"}),
    "claim_line.unit_known": ("claim_line", {"unit": "CANARYUNIT"}),
    "claim_line.service_in_order": ("claim_line", {"service_from": FUTURE}),
    "claim_line.service_past": ("claim_line", {"service_through": FUTURE}),
}
"""What breaks each expectation, in the second row of a table."""
BOTH_ROWS = {"enrollment_coverage.said_once", "enrollment_coverage.line_once", "claim_line.line_number_once"}
"""Of two equal rows both are unexpected."""


def _table(rows: Rows) -> pa.Table:
    columns = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        kind = {
            "quantity": QUANTITY,
            **dict.fromkeys(("row", "parent_row", "line_number", "charge_cents"), pa.int64()),
        }.get(name)
        if kind is None:
            is_day = name.endswith(("_date", "_from", "_through", "_begin", "_end", "_effective"))
            kind = pa.date32() if is_day or name in {"begin", "end", "as_of", "created"} else pa.string()
        columns[name] = pa.array(values, kind)
    return pa.table(columns)


def _tables(broken: str | None = None) -> dict[str, pa.Table]:
    models = {
        "enrollment_header": HEADER,
        "enrollment_member": MEMBER,
        "enrollment_coverage": COVERAGE,
        "claim": CLAIM,
        "claim_line": LINE,
    }
    rows = {
        table: [
            {"row": at, **({"parent_row": PLACES[table][at]} if table in PLACES else {}), **model} for at in range(2)
        ]
        for table, model in models.items()
    }
    if broken is not None:
        table, change = BROKEN[broken]
        rows[table][1] |= change
    return {table: _table(each) for table, each in rows.items()}


def _canaries(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    """Every value that a reader could recognise, in the forms in which a library might print it."""
    for table in tables.values():
        for name in table.column_names:
            for value in table[name].to_pylist():
                if isinstance(value, str) and len(value) > 3:
                    yield value
                elif isinstance(value, date):
                    yield from (value.isoformat(), value.strftime("%Y%m%d"), value.strftime("%m/%d/%Y"), repr(value))
                elif isinstance(value, Decimal):
                    yield from (str(value), str(int(value * 1000)))
                elif isinstance(value, int) and abs(value) > 1_000_000:
                    yield from (str(abs(value)), f"{abs(value):,}", f"{abs(value) / 100:.2f}")


def test_every_expectation_can_be_broken() -> None:
    """The canary test covers the whole catalogue, and every table has six expectations at least."""
    assert set(BROKEN) == set(EXPECTATIONS)
    for table in ("enrollment_member", "enrollment_coverage", "claim", "claim_line"):
        assert sum(each.table == table for each in EXPECTATIONS.values()) >= 6


def test_good_tables_meet_every_expectation(tmp_path: Path) -> None:
    """Nothing fails, nothing holds, and every expectation was measured on every row."""
    outcome = check(_tables(), {}, tmp_path, "good", RECEIVED)
    assert [each.expectation for each in outcome.results] == list(EXPECTATIONS)
    assert {(each.success, each.unexpected_count, each.element_count) for each in outcome.results} == {(True, 0, 2)}
    assert not outcome.held


@pytest.mark.parametrize("broken", sorted(BROKEN))
def test_no_canary_leaves(
    broken: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Each expectation fails with its count; no value is in the outcome, the Data Docs, the logs or the output."""
    kind = BROKEN[broken][0].partition("_")[0]
    tables = {name: table for name, table in _tables(broken).items() if name.startswith(kind)}
    with caplog.at_level(logging.DEBUG):
        outcome = check(tables, dict.fromkeys(EXPECTATIONS, HOLD), tmp_path, "run-1", RECEIVED)
    failed = {each.expectation: each.unexpected_count for each in outcome.results if not each.success}
    assert failed[broken] == (2 if broken in BOTH_ROWS else 1)
    assert broken in outcome.broken_holds()

    printed = capfd.readouterr()
    told = [repr(outcome), json.dumps(dataclasses.asdict(outcome)), caplog.text, printed.out, printed.err]
    pages = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.stem for path in pages if path.suffix == ".html"} == {"index", *tables}
    told += [str(path.relative_to(tmp_path)) for path in pages]
    haystack = "\n".join(told).encode() + b"".join(path.read_bytes() for path in pages)
    assert [canary for canary in set(_canaries(tables)) if canary.encode() in haystack] == []


def test_what_great_expectations_says_of_its_failures_stays_inside(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A type that cannot be compared is our failure; neither the message nor the pages hold the value."""
    frame = measured(_tables())["claim"].assign(charge_cents=pd.Series(["CANARYTEXT", b"CANARYBYTES"], dtype=object))
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
    outcome = check(_tables(broken), {broken: severity}, tmp_path, "run-1", RECEIVED)
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
    tables = {name: table for name, table in _tables(broken).items() if name.startswith(kind)}
    outcome = check(tables, {broken: HOLD}, tmp_path, "run-1", RECEIVED, {broken: tolerated})
    assert outcome.broken_holds() == ([broken] if held else [])
    assert {each.expectation: each.unexpected_count for each in outcome.results}[broken] == 1


def test_doubles_may_be_tolerated_too(tmp_path: Path) -> None:
    """Both rows count, so that two of four are half."""
    broken = "claim_line.line_number_once"
    good, bad = _tables(), _tables(broken)
    tables = join_files([good, bad])
    outcome = check(tables, {broken: HOLD}, tmp_path, "run-1", RECEIVED, {broken: 5_000})
    assert broken not in outcome.broken_holds()
    assert broken in check(tables, {broken: HOLD}, tmp_path, "run-2", RECEIVED, {broken: 4_999}).broken_holds()


def test_single_rows_that_are_refused_by_themselves_hold_no_file(tmp_path: Path) -> None:
    """One member in eleven without subscriber number is within what is suggested, one in two is not."""
    broken = "enrollment_member.subscriber_number_present"
    tables = {"enrollment_member": _tables(broken)["enrollment_member"]}
    good = {"enrollment_member": _tables()["enrollment_member"]}
    assert check(tables, {}, tmp_path, "few", RECEIVED).broken_holds() == [broken]
    assert not check(join_files([*[good] * 9, tables]), {}, tmp_path, "many", RECEIVED).held


def test_runs_gather_in_the_data_docs(tmp_path: Path) -> None:
    """Each run has its pages under its name, the index lists all, and the same run again adds nothing."""
    tables = {"claim": _tables()["claim"], "claim_line": _tables()["claim_line"]}
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
    tables = {name: table for name, table in _tables().items() if name.startswith("enrollment_member")}
    for day in (1, 2, 3):
        check(tables, {}, tmp_path, f"file-{day}", RECEIVED.replace(day=day))
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert [day for day in (1, 2, 3) if f"/file-{day}/" in index] == [2, 3]
    assert len(list((tmp_path / "validations").rglob("*.html"))) == 3


def test_the_same_run_again_writes_the_same_counts(tmp_path: Path) -> None:
    """Counts depend on tables, severities, run and day, and on nothing else."""
    for folder in ("one", "two"):
        check(_tables("claim.service_past"), {}, tmp_path / folder, "file-1", RECEIVED)
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in (folder / "counts").rglob("*.json")}
        for folder in (tmp_path / "one", tmp_path / "two")
    )
    assert len(one) == 5
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
    empty = {name: table.slice(0, 0) for name, table in _tables().items()}
    outcome = check(empty, {}, tmp_path, "empty", RECEIVED)
    assert not outcome.held
    assert {each.element_count for each in outcome.results} == {0}
    assert check({}, {}, tmp_path, "nothing", RECEIVED).results == ()


def test_files_put_together_are_checked_as_one(tmp_path: Path) -> None:
    """Lines find the claims of their own file, and a fault in one file shows in the whole."""
    good, bad = _tables(), _tables("claim.charge_is_sum_of_lines")
    assert not check(join_files([good, good, good]), {}, tmp_path, "good", RECEIVED).broken_warnings()
    without_lines = {"claim": bad["claim"], "claim_line": bad["claim_line"].slice(0, 0)}
    outcome = check(join_files([without_lines, good, {}, bad]), {}, tmp_path, "bad", RECEIVED)
    counts = {each.expectation: each.unexpected_count for each in outcome.results}
    assert counts["claim.has_lines"] == 2
    assert counts["claim.charge_is_sum_of_lines"] == 3


def test_tables_of_several_files_are_not_mixed_up(tmp_path: Path) -> None:
    """Concatenated without renumbering, lines would be counted for claims of another file."""
    tables = {name: pa.concat_tables([table, table]) for name, table in _tables().items()}
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
