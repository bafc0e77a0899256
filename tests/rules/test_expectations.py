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
    "teeth": "14:MO 3",
    **dict.fromkeys((f"diagnosis_pointer_{number}" for number in range(1, 5)), None),
    "diagnosis_pointer_1": 1,
}
DIAGNOSIS: dict[str, Any] = {"qualifier": "ABK", "code": "CANARYDIAGNOSIS"}
DRUG: dict[str, Any] = {"qualifier": "N4", "code": "98765432109"}
SET: dict[str, Any] = {
    "received": 9_000_007,
    "accepted": 9_000_004,
    "rejected": 3,
    "paid": 9_000_001,
    "denied": 2,
    "pended": 1,
    "waiting": 0,
    "received_cents": 987654321,
    "accepted_cents": 987654320,
    "rejected_cents": 1,
    "decided_cents": 987654319,
    "paid_cents": 987654300,
    "adjusted_cents": 19,
    "unbalanced_lines": 0,
}
OTHER: dict[str, Any] = {
    "ordinal": 1,
    "payer_id": "CANARYPAYER",
    "decided_on": DAY,
    "paid_cents": 987654310000,
}
ADJUDICATION: dict[str, Any] = {
    "ordinal": 1,
    "other_coverage": 1,
    "paid_on": DAY,
    "paid_cents": 987654310000,
}
ADJUSTMENT: dict[str, Any] = {
    "other_coverage": 1,
    "line_adjudication": 1,
    "group_code": "CO",
    "reason_code": "CANARYREASON",
    "amount_cents": 11012,
}
UNDER_CLAIM = (
    "claim_line",
    "claim_diagnosis",
    "claim_line_drug",
    "claim_other_coverage",
    "claim_line_adjudication",
    "claim_adjustment",
)
PLACES: dict[str, list[int]] = {name: [0, 1] for name in ("enrollment_coverage", *UNDER_CLAIM)}
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
    "claim_line.pointers_answered": ("claim_line", {"diagnosis_pointer_1": 2}),
    "claim_line.teeth_shaped": ("claim_line", {"teeth": "CANARYTEETH"}),
    "claim_line_drug.code_shaped": ("claim_line_drug", {"code": "CANARYDRUG"}),
    "claim_other_coverage.payer_id_present": ("claim_other_coverage", {"payer_id": None}),
    "claim_other_coverage.decided_past": ("claim_other_coverage", {"decided_on": FUTURE}),
    "claim_other_coverage.balanced": ("claim_other_coverage", {"paid_cents": 987654310001}),
    "claim_line_adjudication.other_coverage_present": ("claim_line_adjudication", {"other_coverage": None}),
    "claim_line_adjudication.paid_past": ("claim_line_adjudication", {"paid_on": FUTURE}),
    "claim_line_adjudication.balanced": ("claim_line_adjudication", {"paid_cents": 987654310001}),
    "claim_adjustment.group_code_known": ("claim_adjustment", {"group_code": "CANARYGROUP"}),
    "claim_adjustment.reason_code_present": ("claim_adjustment", {"reason_code": None}),
    "warehouse_set.claims_answered": ("warehouse_set", {"received": 9_000_008}),
    "warehouse_set.charges_answered": ("warehouse_set", {"rejected_cents": 0}),
    "warehouse_set.claims_decided": ("warehouse_set", {"denied": 0}),
    "warehouse_set.charges_decided": ("warehouse_set", {"adjusted_cents": 18}),
    "warehouse_set.lines_balance": ("warehouse_set", {"unbalanced_lines": 1}),
    "warehouse_set.nothing_waits": ("warehouse_set", {"pended": 0, "waiting": 1}),
}
"""What breaks each expectation, in the second row of a table."""
BOTH_ROWS = {"enrollment_coverage.said_once", "enrollment_coverage.line_once", "claim_line.line_number_once"}
"""Of two equal rows both are unexpected."""


NUMBERS = (
    *("row", "parent_row", "line_row", "line_number", "ordinal", "other_coverage", "line_adjudication"),
    *("charge_cents", "paid_cents", "amount_cents"),
    *(f"diagnosis_pointer_{number}" for number in range(1, 5)),
)


def _table(rows: Rows) -> pa.Table:
    columns = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        kind = {
            "quantity": QUANTITY,
            **dict.fromkeys((*NUMBERS, *SET), pa.int64()),
        }.get(name)
        if kind is None:
            is_day = name.endswith(("_date", "_from", "_through", "_begin", "_end", "_effective"))
            kind = (
                pa.date32()
                if is_day or name in {"begin", "end", "as_of", "created", "decided_on", "paid_on"}
                else pa.string()
            )
        columns[name] = pa.array(values, kind)
    return pa.table(columns)


def _tables(broken: str | None = None) -> dict[str, pa.Table]:
    models = {
        "enrollment_header": HEADER,
        "enrollment_member": MEMBER,
        "enrollment_coverage": COVERAGE,
        "claim": CLAIM,
        "claim_line": LINE,
        "claim_diagnosis": DIAGNOSIS,
        "claim_line_drug": DRUG,
        "claim_other_coverage": OTHER,
        "claim_line_adjudication": ADJUDICATION,
        "claim_adjustment": ADJUSTMENT,
        "warehouse_set": SET,
    }
    rows = {
        table: [
            {"row": at, **({"parent_row": PLACES[table][at]} if table in PLACES else {}), **model} for at in range(2)
        ]
        for table, model in models.items()
    }
    for at, row in enumerate(rows["claim_line_adjudication"]):
        row["line_row"] = at
    for at, row in enumerate(rows["claim_line_drug"]):
        row["line_row"] = at
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
    for table in ("enrollment_member", "enrollment_coverage", "claim", "claim_line", "warehouse_set"):
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
    assert {path.stem for path in pages if path.suffix == ".html"} == {"index", *tables} - {"claim_diagnosis"}
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
    assert len(one) == len(_tables().keys() - {"claim_diagnosis"})
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

    tables = {name: one.slice(0, 1) for name, one in _tables().items() if name == "claim"}
    tables["claim"] = tables["claim"].set_column(2, "charge_cents", pa.array([12_000], pa.int64()))
    both = _tables()["claim_line"].set_column(3, "charge_cents", pa.array([10_000, 2_000], pa.int64()))
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
