"""Pairs of services and limits of units over the claims of a batch (domain.md 8.2 #28, #29)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from rules.adjudication import Decisions
from rules.benefit_settings import CoverageLimit
from rules.rulebook import Fee
from tests.rules.bills import BOOK, PROVIDER, SINCE, SPAN, book_with, claim, decide_all, line
from tests.rules.references import reference

PAIR = {"procedure_code": "99213", "bundled_code": "J1000", "reason_code": "97"}
TABLES = reference(bundle=[PAIR], unit_limit=[{"procedure_code": "99213", "most": 2, "reason_code": "151"}])
PART: dict[str, Any] = {"procedure_code": "J1000", "charge_cents": 333}


def decide(*codes: dict[str, Any], heads: tuple[dict[str, Any], ...] = ()) -> Decisions:
    """A claim for each of these lines, in their order."""
    numbers = range(1, len(codes) + 1)
    changes = heads or ({},) * len(codes)
    bills = [claim(claim_id=number, charge_cents=None, **changes[number - 1]) for number in numbers]
    return decide_all(bills, [line(claim_id=at, **code) for at, code in zip(numbers, codes, strict=True)],
                      reference=TABLES)  # fmt: skip


def outcomes(decisions: Decisions) -> list[str]:
    """By claim."""
    return list(decisions.claims["outcome"])


def test_a_part_after_its_whole_is_denied_and_a_whole_after_its_part_waits() -> None:
    """As when the first had been decided in a batch before."""
    decisions = decide({}, PART)
    assert outcomes(decisions) == ["paid", "denied"]
    assert decisions.adjustments["reason_code"].tolist()[-1] == "97"
    (told,) = [each for each in decisions.claims["explanation"][1] if each["rule"] == "PAID-SEPARATELY"]
    assert (told["into"], told["into_claim_id"]) == (1, 1)
    decisions = decide(PART, {})
    assert outcomes(decisions) == ["paid", "pended"]
    assert decisions.claims["pend_reason"][1] == "PART_PAID_EARLIER"


@pytest.mark.parametrize(
    "second",
    [
        pytest.param({"member_id": 8}, id="another-member"),
        pytest.param({"billing_tin": "999999999"}, id="another-tin"),
        pytest.param({"kind": "D"}, id="another-kind"),
        pytest.param({"is_test": True}, id="a-test"),
    ],
)
def test_services_of_others_do_not_count(second: dict[str, Any]) -> None:
    """Nor are their units added up."""
    heads = ({"is_test": False}, {"is_test": False} | second)
    spans = [SPAN | {"member_id": member, "insurance_line": name} for member in (7, 8) for name in ("HLT", "DEN")]
    bills = [claim(claim_id=number, charge_cents=None, **head) for number, head in enumerate(heads, 1)]
    providers = [PROVIDER, PROVIDER | {"tin": "999999999"}]
    found = decide_all(bills, [line(quantity=Decimal(2)), line(claim_id=2, quantity=Decimal(2))], spans=spans,
                       providers=providers, reference=TABLES)  # fmt: skip
    assert outcomes(found) == ["paid", "paid"]


def test_what_is_denied_itself_bundles_nothing() -> None:
    """The whole came too late; its part is paid."""
    late = {"received_date": "2026-06-30"}
    assert outcomes(decide({}, PART, heads=(late, {}))) == ["denied", "paid"]


UNPRICED: dict[str, Any] = {"procedure_code": "X9999"}
LIKE_ANOTHER: dict[str, Any] = {
    "line_number": 1, "other_claim_id": 50, "other_line_number": 1, "other_state": "paid", "same_account": False,
    "same_charge": False, "same_rendering": True, "same_rest": True, "modifiers": "", "other_modifiers": "",
}  # fmt: skip


@pytest.mark.parametrize("suspected", [True, False], ids=["a-duplicate-suspected", "without-a-price"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"quantity": Decimal(2)}, {"quantity": Decimal(2)}, id="units"),
        pytest.param({}, PART, id="a-whole"),
        pytest.param(PART, {}, id="a-part"),
    ],
)
def test_what_waits_takes_nothing_from_others(first: dict[str, Any], second: dict[str, Any], suspected: bool) -> None:
    """The claim after it in the batch is paid as if it had come alone."""
    bills = [claim(claim_id=number, charge_cents=None) for number in (1, 2)]
    lines = [
        line(claim_id=1, **first),
        line(2, claim_id=1, **{} if suspected else UNPRICED),
        line(claim_id=2, **second),
    ]
    alike = pd.DataFrame([LIKE_ANOTHER | {"claim_id": 1}]) if suspected else None
    if suspected:
        del lines[1]
    found = decide_all(bills, lines, reference=TABLES, like_lines=alike)
    assert outcomes(found) == ["pended", "paid"]


def test_a_part_without_a_price_is_denied_as_a_part() -> None:
    """On its own claim and in the batch: nobody has to find a price for it, and no patient owes it."""
    book = book_with(no_price="deny", fees=tuple(fee for fee in BOOK.fees if fee.procedure_code != "J1000"))
    bills = [claim(claim_id=number, charge_cents=None) for number in (1, 2)]
    lines = [line(), line(2, **PART), line(claim_id=2, **PART)]
    found = decide_all(bills, lines, reference=TABLES, book=book).adjustments
    assert (
        found.loc[found["amount_cents"] == 333, ["group_code", "reason_code"]].to_numpy().tolist() == [["CO", "97"]] * 2
    )


def test_units_are_used_up_in_the_order_of_the_claims() -> None:
    """One beyond the limit uses nothing, so a smaller one after it still fits; stays and lines without units aside."""
    units = [{"quantity": Decimal(number)} for number in (1, 2, 1, 1)]
    assert outcomes(decide(*units)) == ["paid", "denied", "paid", "denied"]


@pytest.mark.parametrize("quantity", [Decimal(0), Decimal(-1), None], ids=["none", "negative", "not-counted"])
def test_a_service_that_is_charged_is_a_unit(quantity: Decimal | None) -> None:
    """Priced by its charge it is paid without units, and counts as one: the third is beyond both limits of two."""
    fee = Fee(procedure_code="99213", percent_of_charge=Decimal(60), effective_from=SINCE)
    limited = CoverageLimit(id="UNITS", measure="units", most=2, per="year")
    bills = [claim(claim_id=number, charge_cents=None) for number in (1, 2, 3)]
    lines = [line(claim_id=number, quantity=quantity) for number in (1, 2, 3)]
    for book, tables, reason in (
        (book_with(fees=(fee,)), TABLES, "151"),
        (book_with(fees=(fee,), plans=(replace(BOOK.plans[0], limits=(limited,)),)), None, "119"),
    ):
        found = decide_all(bills, lines, book=book, reference=tables)
        assert outcomes(found) == ["paid", "paid", "denied"]
        assert found.adjustments["reason_code"].tolist()[-1] == reason


def test_tables_about_other_codes_change_nothing() -> None:
    """No line has one of their codes, or any code."""
    other = {"procedure_code": None, "revenue_code": "0450", "place_of_service": None}
    hospital = {"kind": "I", "facility_code": "13"}
    assert outcomes(decide(other, heads=(hospital,))) == ["paid"]
