"""Pairs of services and limits of units, on a claim and beside what was paid earlier (domain.md 8.2 #28, #29)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from rules.adjudication import Decisions
from rules.benefit_settings import CoverageLimit
from rules.rulebook import Fee, Rulebook
from tests.rules.bills import BOOK, SINCE, book_with, claim, decide_all, decide_one, line
from tests.rules.conditions import paid_earlier
from tests.rules.references import reference
from tests.rules.test_benefits import counted, plan

PAIR = {"procedure_code": "99213", "bundled_code": "J1000", "reason_code": "97"}
TABLES = reference(bundle=[PAIR], unit_limit=[{"procedure_code": "99213", "most": 2, "reason_code": "151"}])
PART: dict[str, Any] = {"procedure_code": "J1000", "charge_cents": 333}
ONE_VISIT = plan(limits=(CoverageLimit(id="VISITS", measure="visits", most=1, procedure_codes=(("99213", "99213"),)),))


def outcomes(decisions: Decisions) -> list[str]:
    """By claim."""
    return list(decisions.claims["outcome"])


def test_claims_that_are_decided_together_are_no_facts_of_each_other() -> None:
    """What one was paid for is known of another when it was decided before: whoever hands them in sees to that."""
    bills = [claim(claim_id=number, charge_cents=None) for number in (1, 2, 3)]
    lines = [line(quantity=Decimal(2)), line(claim_id=2, **PART), line(claim_id=3, quantity=Decimal(2))]
    assert outcomes(decide_all(bills, lines, reference=TABLES)) == ["paid"] * 3


@pytest.mark.parametrize("bill_type", ["13", "11"], ids=["an-outpatient", "a-stay"])
@pytest.mark.parametrize(
    ("code", "before", "reason"),
    [
        pytest.param("J1000", "99213", "97", id="a-part"),
        pytest.param("99213", "99213", "151", id="units"),
    ],
)
def test_a_stay_is_compared_with_itself_alone(code: str, before: str, reason: str, bill_type: str) -> None:
    """Neither its lines with what others had, nor the services of others with what the stay had."""
    outpatient = {"kind": "I", "facility_code": "13"}
    service = line(procedure_code=code, revenue_code="0450", place_of_service=None, charge_cents=333)
    earlier = paid_earlier(before, 2, bill_type=bill_type)
    found = decide_one(outpatient, [service], reference=TABLES, **earlier)
    assert (f"CO {reason}" in found.codes) == (bill_type == "13")
    stay = {"kind": "I", "facility_code": "11", "admission_date": "2026-04-01", "patient_status": "01"}
    assert f"CO {reason}" not in decide_one(stay, [service], reference=TABLES, **earlier).codes


@pytest.mark.parametrize(
    ("book", "whole", "used", "reason"),
    [
        pytest.param(BOOK, {"quantity": Decimal(3)}, 0, "CO 151", id="units-of-a-day"),
        pytest.param(ONE_VISIT, {}, 1, "PR 119", id="visits-used-up"),
        pytest.param(
            book_with(no_price="deny", fees=tuple(fee for fee in BOOK.fees if fee.procedure_code != "99213")),
            {}, 0, "PR 96", id="without-a-price",
        ),
    ],
)  # fmt: skip
def test_a_whole_that_is_denied_takes_no_part_along(
    book: Rulebook, whole: dict[str, Any], used: int, reason: str
) -> None:
    """Whatever it is denied for, before parts are looked at or after; on its own claim as on two."""
    lines = [line(place_of_service="22", **whole), line(2, place_of_service="22", **PART)]
    before = pd.DataFrame([counted(used, "limit:VISITS")])
    for each in (lines, lines[1:]):
        found = decide_one(lines=each, reference=TABLES, book=book, accumulators=before)
        assert [code for at, code, _ in found.adjustments if at == 1] == [reason] * (each is lines)
        assert "CO 97" not in found.codes
        assert found.paid_lines[-1] > 0


def test_a_part_that_is_priced_after_all_uses_up_what_claims_after_it_lack() -> None:
    """The first claim's whole is beyond its limit, so its part is the visit that the second one would have had."""
    wide = CoverageLimit(id="ALL", measure="visits", most=1)
    units = CoverageLimit(id="UNITS", measure="units", most=1, procedure_codes=(("99213", "99213"),))
    bills = [claim(claim_id=number, charge_cents=None) for number in (1, 2)]
    lines = [line(quantity=Decimal(2)), line(2, **PART), line(claim_id=2), line(2, claim_id=2, **PART)]
    found = decide_all(bills, lines, reference=TABLES, book=plan(limits=(units, wide)))
    assert outcomes(found) == ["paid", "denied"]
    assert found.accumulators["used"].tolist() == [1]


def test_a_part_without_a_price_is_denied_as_a_part() -> None:
    """Of its own claim and of one before: nobody has to find a price for it, and no patient owes it."""
    book = book_with(no_price="deny", fees=tuple(fee for fee in BOOK.fees if fee.procedure_code != "J1000"))
    own = decide_one(lines=[line(), line(2, **PART)], reference=TABLES, book=book)
    assert [code for at, code, _ in own.adjustments if at == 2] == ["CO 97"]
    assert decide_one(lines=[line(**PART)], reference=TABLES, book=book, **paid_earlier("99213")).codes == ["CO 97"]


def test_units_are_used_up_in_the_order_of_lines() -> None:
    """One beyond the limit uses nothing, so a smaller one after it still fits."""
    units = [line(number, quantity=Decimal(of)) for number, of in enumerate((1, 2, 1, 1), 1)]
    found = decide_one(lines=units, reference=TABLES)
    assert [at for at, code, _ in found.adjustments if code == "CO 151"] == [2, 4]


@pytest.mark.parametrize("quantity", [Decimal(0), Decimal(-1), None], ids=["none", "negative", "not-counted"])
def test_a_service_that_is_charged_is_a_unit(quantity: Decimal | None) -> None:
    """Priced by its charge it is paid without units, and counts as one: the third is beyond both limits of two."""
    fee = Fee(procedure_code="99213", percent_of_charge=Decimal(60), effective_from=SINCE)
    limited = CoverageLimit(id="UNITS", measure="units", most=2, per="year")
    lines = [line(number, quantity=quantity) for number in (1, 2, 3)]
    for book, tables, reason in (
        (book_with(fees=(fee,)), TABLES, "151"),
        (book_with(fees=(fee,), plans=(replace(BOOK.plans[0], limits=(limited,)),)), None, "119"),
    ):
        found = decide_one(lines=lines, book=book, reference=tables)
        assert [(at, code[3:]) for at, code, _ in found.adjustments if code[3:] in ("151", "119")] == [(3, reason)]


def test_tables_about_other_codes_change_nothing() -> None:
    """No line has one of their codes, or any code."""
    other = line(procedure_code=None, revenue_code="0450", place_of_service=None)
    assert decide_one({"kind": "I", "facility_code": "13"}, [other], reference=TABLES).outcome == "paid"
