"""Coverage limits: visits, units and money, a year or a lifetime, used up in the order of the claims."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from rules.benefit_settings import CoverageLimit
from tests.rules.bills import CORRECTION, decide_one, line
from tests.rules.test_benefits import bill, counted, decided, plan

THERAPY = (("99213", "99213"),)


def limit(measure: Any, most: int, **changes: Any) -> CoverageLimit:  # noqa: ANN401 - any part of a limit
    """A limit on the office visits of these tests."""
    return CoverageLimit(id="THERAPY", measure=measure, most=most, **{"procedure_codes": THERAPY, **changes})


@pytest.mark.parametrize(
    ("of", "used", "reasons"),
    [
        pytest.param(limit("visits", 2), 0, ["", "", "119"], id="visits"),
        pytest.param(limit("visits", 2), 1, ["", "119", "119"], id="visits-used-before"),
        pytest.param(limit("visits", 2, procedure_codes=(("97010", "97799"),)), 2, ["", "", ""], id="other-services"),
        pytest.param(limit("visits", 1, per="lifetime"), 0, ["", "149", "149"], id="lifetime-of-a-category"),
        pytest.param(limit("visits", 1, per="lifetime", procedure_codes=()), 0, ["", "35", "35"], id="lifetime"),
        pytest.param(limit("units", 2), 0, ["", "", "119"], id="units"),
        pytest.param(limit("units", 2), 1500, ["119", "119", "119"], id="units-in-parts"),
    ],
)
def test_services_beyond_a_limit_are_denied(of: CoverageLimit, used: int, reasons: list[str]) -> None:
    """PR 119 for a year, 149 and 35 for a lifetime, the whole charge of the line (domain.md 8.2 #13)."""
    before = [counted(used, "limit:THERAPY")]
    decisions = decided(plan(limits=(of,)), bill(1), bill(2), bill(3), used=before)
    denied = decisions.adjustments.query("reason_code != '2'").set_index("claim_id")
    assert [denied["reason_code"].get(number, "") for number in (1, 2, 3)] == reasons
    assert (denied["group_code"] == "PR").all()
    assert (denied["amount_cents"] == 12000).all()


def test_services_of_a_day_are_one_visit() -> None:
    """The third service is of another day, and the only visit is used."""
    same_day = [line(number, place_of_service="22") for number in (1, 2)]
    next_day = line(3, place_of_service="22", service_from="2026-04-02")
    found = decide_one(lines=[*same_day, next_day], book=plan(limits=(limit("visits", 1),)))
    assert [at for at, code, _ in found.adjustments if code == "PR 119"] == [3]
    assert found.decisions.accumulators["used"].tolist() == [1]


def test_beyond_one_limit_uses_nothing_of_another() -> None:
    """The second visit is beyond the first limit, so the wider limit still has room for it elsewhere."""
    narrow, wide = limit("visits", 1), CoverageLimit(id="ALL", measure="visits", most=2)
    other = bill(3)[0], bill(3)[1] | {"procedure_code": "J1000", "quantity": Decimal(30), "charge_cents": 9990}
    other[0]["charge_cents"] = 9990
    decisions = decided(plan(limits=(narrow, wide)), bill(1), bill(2), other)
    assert decisions.claims["outcome"].tolist() == ["paid", "denied", "paid"]
    used = decisions.accumulators.groupby("counter")["used"].sum()
    assert used.to_dict() == {"limit:ALL": 2, "limit:THERAPY": 1}


@pytest.mark.parametrize(
    ("used", "over", "paid"),
    [
        pytest.param(0, [0, 4200, 9600], [9600, 5400, 0], id="the-last-payment-is-cut"),
        pytest.param(15000, [9600] * 3, [0] * 3, id="all-used-before"),
    ],
)
def test_the_plan_pays_so_much_and_no_more(used: int, over: list[int], paid: list[int]) -> None:
    """What is beyond is the patient's: PR 119 beside the coinsurance."""
    before = [counted(used, "limit:THERAPY")]
    decisions = decided(plan(limits=(limit("amount", 15000),)), bill(1), bill(2), bill(3), used=before)
    beyond = decisions.adjustments.query("reason_code == '119'").set_index("claim_id")["amount_cents"]
    assert beyond.reindex([1, 2, 3], fill_value=0).tolist() == over
    assert decisions.lines["paid_cents"].tolist() == paid


@pytest.mark.parametrize("measure", ["visits", "amount"])
def test_a_correction_takes_back_its_originals_use(measure: Any) -> None:  # noqa: ANN401 - a measure
    """The replacement of the one visit is not beyond the limit that its original used up."""
    most = {"visits": 1, "amount": 9600}[measure]
    back = [counted(most, "limit:THERAPY", claim_id=2)]
    book = plan(limits=(limit(measure, most),))
    decisions = decided(book, bill(2, **CORRECTION), used=[counted(most, "limit:THERAPY")], back=back)
    assert decisions.lines["paid_cents"].tolist() == [9600]
    assert decisions.accumulators[["before", "taken_back", "used"]].to_numpy().tolist() == [[most, most, most]]
