"""The rules in docs/filing.md: each block loads, and gives the last days that its table says; and every key is read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.configuration import load_configuration
from rules.docket import docket
from rules.filing_measure import measure
from rules.filing_settings import (
    CorrectionWindow,
    DelayRule,
    Disaster,
    LateReduction,
    Limit,
    Outage,
    SecondaryRule,
)
from rules.rulebook import Rulebook
from tests.rules.bills import CLAIM, LINE, claim, frame, line

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "filing.md").read_text(encoding="utf-8")
INPATIENT = 'inpatient_bill_types: ["11"]\n'
PLANS = "".join(
    f"  {name}: {{name: Plan, filing_indicator: HM, line_of_business: medicaid,"
    " terms: [{effective_from: 2020-01-01, copay: 0.00, coinsurance_percent: 0}]}\n"
    for name in ("ONE", "TWO", "THREE", "FOUR")
)


def presets() -> Iterator[tuple[str, str, list[list[str]]]]:
    """Name, YAML and rows of each block."""
    for section in PAGE.split("\n### ")[1:]:
        found = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
        if found:
            rows = [
                [cell.strip() for cell in row.strip("|").split("|")] for row in section.splitlines() if row[:1] == "|"
            ]
            yield section.splitlines()[0], found[1], rows[2:]


def rulebook_of(tmp_path: Path, filing: str) -> Rulebook:
    """The demo's configuration with another filing.yaml, and plans of that name."""
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "examples" / "demo" / "config", folder)
    (folder / "filing.yaml").write_text(filing + INPATIENT, encoding="utf-8")
    groups = (folder / "groups.yaml").read_text(encoding="utf-8")
    (folder / "groups.yaml").write_text(groups.replace("plans:\n", f"plans:\n{PLANS}", 1), encoding="utf-8")
    return load_configuration(folder).rulebook


def last_day(book: Rulebook, bill: str, first: str, last: str, decided: str) -> str:
    """Of one bill: `P`, `131` or `111`, perhaps `of` a plan, perhaps `not contracted`."""
    kind, facility = ("P", "11") if bill[0] == "P" else ("I", bill[:2])
    days = {"service_from": first, "service_through": last}
    sent: dict[str, Any] = {"kind": kind, "facility_code": facility, "admission_date": first, "patient_status": "01"}
    sent |= {"charge_cents": 1, "received_date": "2035-01-01", "primary_decided_on": decided or None}
    lines = docket(frame([claim(**days, **sent)], CLAIM), frame([line(1, **days)], LINE), book)
    plan = re.search("of ([A-Z]+)", bill)
    lines["plan_id"] = plan[1] if plan else "ANY"
    lines["under_contract"] = "not contracted" not in bill
    lines["eligibility_recorded_on"] = np.datetime64("NaT", "s")
    return str(measure(lines, book)["filing_last_day"].dt.date.iloc[0])


@pytest.mark.parametrize(("filing", "rows"), [case[1:] for case in presets()], ids=[case[0] for case in presets()])
def test_published_rules_give_the_days_that_the_page_says(tmp_path: Path, filing: str, rows: list[list[str]]) -> None:
    """Every block of the page is a configuration, and every row under it is true."""
    book = rulebook_of(tmp_path, filing)
    assert rows
    for bill, first, last, decided, expected in rows:
        assert last_day(book, bill, first, last, decided) == expected, bill


FULL = """\
rules:
  FULL:
    claim_class: professional
    anchor: service
    lines: each
    range_anchor: split
    limit_months: 12
    effective_from: 2020-01-01
    kinds: [D, P]
    plans: [ONE]
    lines_of_business: [medicaid]
    contract: contracted
    end_of_care_procedures: ["59400"]
    roll_to_business_day: true
    holidays: PLAN
    secondary: {limit_days: 60, cap_years: 1}
    retroactive_eligibility: true
    appeal: none
    late_reduction: {percent: 12.5, within_days: 30}
    correction: {window_months: 6, basis: either_later}
  P: {claim_class: professional, anchor: service, secondary: unaffected, limit_days: 60, effective_from: 2020-01-01}
  O: {claim_class: outpatient, anchor: service, limit_days: 60, effective_from: 2020-01-01}
  I: {claim_class: inpatient, anchor: discharge, limit_days: 60, effective_from: 2020-01-01}
correction: {window_years: 1, basis: service_anchor, denied_original: new_claim}
books_opened_on: 2026-01-31
holidays:
  PLAN: {days: [2026-12-24, 2026-12-25]}
outages:
  DOWN: {from: 2026-03-01, through: 2026-03-02}
  OUT: {from: 2026-04-01}
disasters:
  FLOOD: {from: 2026-05-01, through: 2026-05-09, tins: ["990000077"]}
delay_reasons:
  "9": {limit_days: 60, without_evidence: pend}
  "5": {evidence: none}
"""


def test_every_key_is_read(tmp_path: Path) -> None:
    """Into the settings of the rules, and what is left out has its default."""
    book = rulebook_of(tmp_path, FULL)
    full, unaffected, plain, _ = book.filing_rules
    assert (full.limit, full.range_anchor, full.lines, full.kinds) == (Limit(12, "months"), "split", "each", ("P", "D"))
    assert (full.plans, full.lines_of_business, full.contract) == (("ONE",), ("medicaid",), "contracted")
    assert (full.end_of_care_procedures, full.roll_to_business_day, full.holidays) == (("59400",), True, "PLAN")
    assert full.secondary == SecondaryRule(limit=Limit(60), cap=Limit(1, "years"))
    assert (full.retroactive_eligibility, full.appeal) == (True, "none")
    assert full.late_reduction == LateReduction(percent=Decimal("12.5"), within=Limit(30))
    assert full.correction == CorrectionWindow(limit=Limit(6, "months"), basis="either_later")
    assert (unaffected.secondary, plain.secondary, plain.correction) == (None, SecondaryRule(), None)
    assert book.correction.window == CorrectionWindow(limit=Limit(1, "years"), basis="service_anchor")
    assert book.correction.denied_original == "new_claim"
    shared = book.filing
    assert shared.books_opened_on == date(2026, 1, 31)
    assert shared.holidays == {"PLAN": (date(2026, 12, 24), date(2026, 12, 25))}
    assert shared.outages == (
        Outage(id="DOWN", first=date(2026, 3, 1), last=date(2026, 3, 2)),
        Outage(id="OUT", first=date(2026, 4, 1), last=date(2026, 4, 1)),
    )
    flood = Disaster(id="FLOOD", first=date(2026, 5, 1), last=date(2026, 5, 9), tins=("990000077",))
    assert shared.disasters == (flood,)
    assert shared.delay_reasons["9"] == DelayRule(
        evidence="earlier_submission", limit=Limit(60), without_evidence="pend"
    )
    assert shared.delay_reasons["5"] == DelayRule(evidence="none")
    assert shared.delay_reasons["11"] == DelayRule(evidence="person")
    assert book.least_filing_days == 60
