"""Facts that break their own definition are our fault, and say so without their values."""

from __future__ import annotations

import pandas as pd
import pytest

from rules.docket import BadFacts, docket
from tests.rules.bills import BOOK, CLAIM, LINE, claim, frame, line

CLAIMS = frame([claim(charge_cents=18250)], CLAIM)
LINES = frame([line()], LINE)


@pytest.mark.parametrize(
    ("claims", "lines"),
    [
        pytest.param(CLAIMS, LINES.assign(claim_id=2), id="line-without-claim"),
        pytest.param(pd.concat([CLAIMS, CLAIMS]), LINES, id="claim-twice"),
        pytest.param(CLAIMS, LINES.assign(charge_cents=182.5), id="money-as-float"),
        pytest.param(CLAIMS, LINES.assign(charge_cents=pd.Series([None], dtype="Int64")), id="money-missing"),
        pytest.param(CLAIMS, LINES.assign(quantity=1.5), id="quantity-as-float"),
        pytest.param(CLAIMS, LINES.assign(quantity=pd.Series(["0.0001"], dtype=object)), id="quantity-too-fine"),
    ],
)
def test_inexact_or_orphaned_facts_are_refused(claims: pd.DataFrame, lines: pd.DataFrame) -> None:
    """Nothing is rounded or dropped in silence."""
    with pytest.raises(BadFacts):
        docket(claims, lines, BOOK)


@pytest.mark.parametrize(
    ("kind", "facility", "expected"),
    [
        ("P", "21", "professional"),
        ("P", "11", "professional"),
        ("D", "21", "professional"),
        ("I", "11", "inpatient"),
        ("I", "86", "inpatient"),
        ("I", "111", "inpatient"),
        ("I", "13", "outpatient"),
        ("I", "12", "outpatient"),
        ("I", None, "outpatient"),
    ],
)
def test_stays_by_type_of_bill(kind: str, facility: str | None, expected: str) -> None:
    """Professional claims are never stays, even with place of service 21; bills are by their first two digits."""
    claims = frame([claim(kind=kind, facility_code=facility, charge_cents=18250)], CLAIM)
    assert docket(claims, LINES, BOOK)["claim_class"].tolist() == [expected]


def test_lines_follow_their_claims() -> None:
    """In the order of the claims, then of the line numbers, whatever order they came in."""
    claims = frame([claim(claim_id=5, charge_cents=1), claim(claim_id=3, charge_cents=1)], CLAIM)
    lines = frame([line(2, claim_id=3), line(1, claim_id=3), line(1, claim_id=5)], LINE)
    made = docket(claims, lines, BOOK)
    assert list(zip(made["claim_id"], made["line_number"], strict=True)) == [(5, 1), (3, 1), (3, 2)]
