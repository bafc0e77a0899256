"""`edi decisions import`: another system decides, and the claims go their way as ever."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from edi.import_problems import ImportRefused
from loaders.balance import balance
from pipeline.adjudicate import adjudicate
from pipeline.claim import view_claim
from pipeline.decision_import import ImportReport, import_decisions
from pipeline.process import process_files
from pipeline.remit import remit
from tests.pipeline.plan import CLAIMS, ENROLLMENT, Plan

EXAMPLE = Path(__file__).parents[2] / "examples/imports/decisions.csv"
LINES = """
select claim_number, line_number, l.charge_cents, received_date + 1 as decided_on
from claim_line l join claim using (claim_id) where state in ('accepted', 'pended') order by claim_number, line_number
"""


@pytest.fixture
def outside(plan: Plan) -> Plan:
    """The demo's professional claims at a plan whose claims are decided elsewhere."""
    plan.load_registry()
    plan.change(adjudication="outside")
    process_files(plan.house, plan.take_in("acme", ENROLLMENT))
    process_files(plan.house, plan.take_in("clearlink", CLAIMS))
    return plan


def decided(plan: Plan) -> pd.DataFrame:
    """Decisions of every claim that waits: of each line half is paid, and one dollar of interest is owed a claim."""
    rows = pd.DataFrame(plan.rows(LINES)).assign(outcome="paid", interest_cents=100)
    rows["allowed_cents"] = rows["paid_cents"] = rows["charge_cents"] // 2
    rows["adjustments"] = "CO:45:" + (rows["charge_cents"] - rows["paid_cents"]).astype(str)
    return rows


def write(frame: pd.DataFrame, folder: Path, suffix: str = "csv") -> Path:
    """A file of decisions."""
    path = folder / f"decisions.{suffix}"
    if suffix == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path, index=False)
    return path


def take(plan: Plan, path: Path) -> ImportReport:
    """Import a file."""
    return import_decisions(plan.house, path, "core", "jo")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_imported_decisions_are_remitted_as_any_other(outside: Plan, tmp_path: Path, suffix: str) -> None:
    """Our rules decide nothing; the balance holds; the file is in the archive, decisions say where they are from."""
    assert adjudicate(outside.house).summary() == {"decided": 0, "batches": 0}
    rows = decided(outside)
    path = write(rows, tmp_path, suffix)
    report = take(outside, path)
    claims = rows["claim_number"].nunique()
    assert report.is_new
    assert (report.stored.claims, report.stored.paid_cents) == (claims, rows["paid_cents"].sum())
    assert report.stored.interest_cents == 100 * claims
    with outside.house.warehouse.begin() as connection:
        assert balance(connection).holds
    (kept,) = outside.rows("select archive_path from decision_import")
    data = outside.house.archive.read(kept["archive_path"])
    assert hashlib.sha256(data).digest() == hashlib.sha256(path.read_bytes()).digest()
    outside.clock.instant += timedelta(days=1)
    remit(outside.house, outside.house.today())
    for number in rows["claim_number"].unique():
        (claim,) = view_claim(outside.house, number).claims
        (decision,) = claim["decisions"]
        assert (decision["decided_by"], decision["interest_cents"]) == ("imported", 100)
        assert "core" in decision["facts"][0]["text"]
        assert [sent["paid_cents"] for sent in claim["remittances"]] == [decision["paid_cents"]]
    # interest is paid beside the claims
    (sent,) = outside.rows("select sum(payment_cents) as cents from remittance")
    assert sent["cents"] == report.stored.paid_cents + report.stored.interest_cents
    assert sum(row.content.count(b"AMT*I*1~") for row in outside.outbox() if row.kind == "835") == claims
    with outside.house.warehouse.begin() as connection:
        assert balance(connection).holds


def test_the_same_decisions_are_imported_once(outside: Plan, tmp_path: Path) -> None:
    """In another kind of file and order of rows too."""
    rows = decided(outside)
    first = take(outside, write(rows, tmp_path))
    before = outside.content()
    turned = rows.assign(decided_on=rows["decided_on"].astype(str)).iloc[::-1]
    again = take(outside, write(turned[sorted(turned.columns)], tmp_path, "parquet"))
    assert (again.stored, again.is_new) == (first.stored, False)
    assert outside.content() == before


def test_a_file_with_one_fault_is_not_taken_in_part(outside: Plan, tmp_path: Path) -> None:
    """Not even into the archive."""
    rows = decided(outside)
    rows["paid_cents"] += rows.index == rows.index[-1]
    before = outside.content()
    kept = sorted(outside.house.archive.root.rglob("*.csv"))
    with pytest.raises(ImportRefused, match=f"row {len(rows)}: charge_cents is not paid_cents plus"):
        take(outside, write(rows, tmp_path))
    assert outside.content() == before
    assert sorted(outside.house.archive.root.rglob("*.csv")) == kept


def test_a_claim_that_was_decided_here_is_not_decided_again(outside: Plan, tmp_path: Path) -> None:
    """Nor is the rest of the file taken."""
    path = write(decided(outside), tmp_path)
    outside.change(adjudication="built_in")
    adjudicate(outside.house)
    with pytest.raises(ImportRefused, match="does not wait"):
        take(outside, path)
    assert outside.count("decision_import") == 0


def test_the_example_is_one(outside: Plan) -> None:
    """Of claims of the demo."""
    assert take(outside, EXAMPLE).stored.claims == 2
