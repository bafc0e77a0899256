"""The table of cases of domain.md 5.2: what each kind of claim counts from, its last good day and the day after.

An id begins with the number of the row. What other plans do instead is in test_filing_anchors.py.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rules.decision_laws import broken_laws
from rules.filing_settings import SecondaryRule
from rules.rulebook import Rulebook
from tests.rules.bills import BOOK, CORRECTION, RECORD, claim, decide_all, line
from tests.rules.filings import BED, EMERGENCY, OUTPATIENT, PROFESSIONAL, STAY, book_of

DOMAIN = Path(__file__).parents[2] / "docs" / "domain.md"
APRIL = {"service_from": "2026-04-01", "service_through": "2026-04-30"}
RANGE = line(service_from="2026-04-01", service_through="2026-04-30")
OUT = {**APRIL, "kind": "I", "facility_code": "13"}
NIGHTS = line(**BED, service_from=None)
RECORDED = [RECORD | {"recorded_on": "2026-05-10"}]


def case(
    row: int,
    kind: str,
    head: dict[str, Any],
    lines: list[dict[str, Any]],
    days: tuple[str, str, str],
    book: Rulebook = BOOK,
    **facts: Any,  # noqa: ANN401 - as decide_all
) -> Any:  # noqa: ANN401 - a parameter set
    """A row: `days` are the anchor, the last good day of receipt, and the day after it."""
    return pytest.param(head, lines, days, book, facts, id=f"{row}-{kind}")


CASES = [
    case(1, "one-date", {}, [line()], ("2026-04-01", "2026-05-31", "2026-06-01")),
    case(1, "dental", {"kind": "D"}, [line()], ("2026-04-01", "2026-05-31", "2026-06-01"),
         spans=[{"member_id": 7, "plan_id": "GOLD", "insurance_line": "DEN", "valid_from": "2025-01-01",
                 "valid_through": None, "is_unpaid": False}]),
    case(2, "range-has-its-start", APRIL, [RANGE], ("2026-04-01", "2026-05-31", "2026-06-01")),
    case(2, "or-its-end", APRIL, [RANGE], ("2026-04-30", "2026-06-29", "2026-06-30"),
         book_of(PROFESSIONAL, range_anchor="end")),
    case(3, "several-lines-or-the-last-of-them", APRIL, [line(), line(2, service_from="2026-04-30")],
         ("2026-04-30", "2026-06-29", "2026-06-30"), book_of(PROFESSIONAL, lines="last_of_claim")),
    case(4, "outpatient-has-the-through-date", OUT, [line(**EMERGENCY)], ("2026-04-30", "2026-06-29", "2026-06-30")),
    case(4, "or-the-date-of-the-line", OUT, [line(**EMERGENCY)], ("2026-04-01", "2026-05-31", "2026-06-01"),
         book_of(OUTPATIENT, anchor="service")),
    case(5, "inpatient-has-its-discharge", STAY, [NIGHTS], ("2026-04-20", "2026-06-19", "2026-06-20")),
    case(5, "by-occurrence-42", STAY | {"discharge_occurrence_date": "2026-04-18"}, [NIGHTS],
         ("2026-04-18", "2026-06-17", "2026-06-18")),
    case(6, "interim-has-its-through-date",
         STAY | {"frequency_code": "2", "patient_status": "30", "discharge_occurrence_date": "2026-04-18"}, [NIGHTS],
         ("2026-04-20", "2026-06-19", "2026-06-20")),
    case(7, "continuous-care-has-its-end", APRIL, [line()], ("2026-04-30", "2026-06-29", "2026-06-30"),
         book_of(PROFESSIONAL, end_of_care_procedures=("99213",))),
    case(8, "secondary-has-the-primarys-decision", {"primary_decided_on": "2026-05-10"}, [line()],
         ("2026-05-10", "2026-07-09", "2026-07-10")),
    case(8, "unless-it-was-decided-first", {"primary_decided_on": "2026-03-10"}, [line()],
         ("2026-04-01", "2026-05-31", "2026-06-01"), book_of(PROFESSIONAL, secondary=SecondaryRule())),
    case(9, "retroactive-eligibility-has-its-record", {}, [line()], ("2026-05-10", "2026-07-09", "2026-07-10"),
         book_of(PROFESSIONAL, retroactive_eligibility=True), records=RECORDED),
    case(10, "correction-has-a-window-of-its-own", CORRECTION, [line()], ("2026-04-10", "2026-07-09", "2026-07-10")),
]  # fmt: skip


@pytest.mark.parametrize(("head", "lines", "days", "book", "facts"), CASES)
def test_a_kind_of_claim(
    head: dict[str, Any],
    lines: list[dict[str, Any]],
    days: tuple[str, str, str],
    book: Rulebook,
    facts: dict[str, Any],
) -> None:
    """Received on the last good day it is paid; a day later it is CO 29, CLP02 1, and nothing is paid."""
    anchor, last, after = days
    bills = [claim(**{"charge_cents": None, "received_date": day} | head | {"claim_id": number})
             for number, day in ((1, last), (2, after))]  # fmt: skip
    decisions = decide_all(bills, [each | {"claim_id": at} for at in (1, 2) for each in lines], book=book, **facts)
    timely, late = decisions.claims.to_dict("records")
    assert (timely["outcome"], late["outcome"]) == ("paid", "denied")
    assert (timely["claim_status_code"], late["claim_status_code"]) == ("1", "1")
    assert [each["anchor"] for each in late["explanation"] if "anchor" in each] == [anchor]
    adjusted = decisions.adjustments[decisions.adjustments["claim_id"] == 2]
    assert set(adjusted["group_code"] + " " + adjusted["reason_code"]) == {"CO 29"}
    assert adjusted["amount_cents"].tolist() == [each["charge_cents"] for each in lines]
    assert (late["paid_cents"], late["patient_responsibility_cents"]) == (0, 0)
    assert broken_laws(decisions).empty


def test_a_claim_of_several_lines_is_late_in_some() -> None:
    """Row 3: each line alone; the late one is denied, the other paid, and CLP02 is 1 (T3)."""
    lines = [line(service_from="2026-04-01"), line(2, service_from="2026-04-20")]
    decisions = decide_all([claim(received_date="2026-06-08", charge_cents=None)], lines)
    adjusted = decisions.adjustments
    assert adjusted[adjusted["reason_code"] == "29"]["line_number"].tolist() == [1]
    assert decisions.lines["paid_cents"].tolist() == [0, 7600]
    assert decisions.claims["claim_status_code"].tolist() == ["1"]


def test_every_row_has_a_case() -> None:
    """Of the table in docs/domain.md, in its order."""
    table = DOMAIN.read_text(encoding="utf-8").partition("### 5.2 ")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| (?!Kind|---)([^|]+) \|", table, re.MULTILINE)
    assert len(rows) == 10
    assert {int(str(each.id).partition("-")[0]) for each in CASES} == set(range(1, len(rows) + 1))
    assert pd.Series(rows).str[:12].tolist() == [
        "P, D line wi", "P line with ", "P claim, sev", "I outpatient", "I inpatient", "interim inpa", "OB global, c",
        "COB secondar", "retro eligib", "corrected cl",
    ]  # fmt: skip
