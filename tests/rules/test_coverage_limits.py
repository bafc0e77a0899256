"""Coverage limits: visits, units and money, a year or a lifetime, used up in the order of the claims."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from rules.accumulators import LIFETIME
from rules.benefit_settings import CoverageLimit
from tests.rules.bills import CORRECTION, SPAN, book_with, decide_one, line
from tests.rules.conditions import needs
from tests.rules.references import reference
from tests.rules.test_benefits import BEN, bill, counted, decided, plan

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


@pytest.mark.parametrize(
    ("visits", "units", "reason"),
    [(1, 5, "PR 119"), (5, 1, "CO 198"), (1, 1, "CO 198")],
    ids=["visits", "units", "both"],
)
def test_what_is_beyond_a_limit_uses_no_authorized_units_nor_the_other_way_round(
    visits: int, units: int, reason: str
) -> None:
    """Two days of services under both: the second is beyond one of them, and takes nothing of either."""
    days = ("2026-04-01", "2026-04-02")
    lines = [line(at, place_of_service="22", service_from=day) for at, day in enumerate(days, 1)]
    authorized = reference({"prior_authorization": "A1"}, **needs("authorization", units=units))
    book = plan(limits=(limit("visits", visits),))
    found = decide_one({"service_through": days[1]}, lines, book=book, reference=authorized)
    assert [(at, code) for at, code, _ in found.adjustments if code in {"PR 119", "CO 198"}] == [(2, reason)]
    used = found.decisions.accumulators.set_index("counter")["used"]
    assert (used["limit:THERAPY"], used["limit:authorization A1 of 2020-01-01"]) == (1, 1000)


GIVEN = {"kind": "authorization", "number": "A1", "subscriber_id": "S0000007"}
QUARTERS = [
    GIVEN | {"units": 2, "effective_from": "2026-01-01", "effective_through": "2026-03-31"},
    GIVEN | {"units": 2, "effective_from": "2026-04-01"},
]
SERVICES = [GIVEN | {"units": 2, "procedure_code": "99213"}, GIVEN | {"units": 2, "procedure_code": "J1000"}]


@pytest.mark.parametrize(
    ("rows", "plan_later", "second", "beyond"),
    [
        pytest.param(QUARTERS, "GOLD", {}, [], id="a-row-for-each-quarter"),
        pytest.param(SERVICES, "GOLD", {"procedure_code": "J1000"}, [], id="a-row-for-each-service"),
        pytest.param([GIVEN | {"units": 2}], "GOLD", {}, [2], id="one-row"),
        pytest.param([GIVEN | {"units": 2}], "SILVER", {}, [2], id="one-row-and-another-plan"),
    ],
)
def test_authorized_units_count_by_row_and_not_by_plan(
    rows: list[dict[str, Any]], plan_later: str, second: dict[str, Any], beyond: list[int]
) -> None:
    """Two units on the last day of March, and two on the first of April, under one number."""
    days = ("2026-03-31", "2026-04-01")
    lines = [
        line(1, service_from=days[0], quantity=Decimal(2), charge_cents=50000),
        line(2, service_from=days[1], quantity=Decimal(2), charge_cents=50000, **second),
    ]
    spans = [SPAN | {"valid_through": days[0]}, SPAN | {"valid_from": days[1], "plan_id": plan_later}]
    (gold,) = plan().plans
    tables = reference({"prior_authorization": "A1"}, authorization_rule=[{"kind": "authorization"}],
                       authorization=rows)  # fmt: skip
    found = decide_one({"service_from": days[0]}, lines, spans=spans, reference=tables,
                       book=book_with(plans=(gold, replace(gold, id="SILVER"))))  # fmt: skip
    assert [at for at, code, _ in found.adjustments if code == "CO 198"] == beyond


@pytest.mark.parametrize(
    ("first", "outcomes"),
    [
        pytest.param({}, ["paid", "denied"], id="another-of-the-family"),
        pytest.param(CORRECTION | {"frequency_code": "8"}, ["paid", "paid"], id="after-a-void"),
    ],
)
def test_authorized_units_are_those_of_the_subscriber(first: dict[str, Any], outcomes: list[str]) -> None:
    """One unit, given to a subscriber's number: who of the family names it first has it, until it is given back."""
    tables = reference({"prior_authorization": "A1"}, authorization_rule=[{"kind": "authorization"}],
                       authorization=[GIVEN | {"units": 1}])  # fmt: skip
    named = pd.concat([tables.claims, tables.claims.assign(claim_id=2)], ignore_index=True)
    counter = "limit:authorization A1 of 2020-01-01"
    unit = counted(1000, counter, member=None, plan_id="", period_from=LIFETIME)
    used, back = ([unit], [unit | {"claim_id": 1}]) if first else (None, None)
    bills = (bill(1, **first), bill(2, BEN, family_id=2))
    decisions = decided(plan(), *bills, used=used, back=back, reference=replace(tables, claims=named))
    assert decisions.claims["outcome"].tolist() == outcomes


@pytest.mark.parametrize("counter", ["limit:THERAPY", "limit:PAID", "limit:authorization A1"])
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"frequency_code": "8"}, id="void"),
        pytest.param({"service_from": "2019-01-01"}, id="replacement-denied"),
    ],
)
def test_what_its_original_used_is_taken_back_though_nothing_is_asked_for(
    counter: str, changes: dict[str, Any]
) -> None:
    """A void has no service under the limit; it gives back visits, money and authorized units all the same."""
    correction, its_line = bill(2, **CORRECTION | changes)
    its_line |= {"service_from": changes.get("service_from", its_line["service_from"])}
    book = plan(limits=(limit("visits", 1), CoverageLimit(id="PAID", measure="amount", most=9600)))
    decisions = decided(
        book, (correction, its_line), used=[counted(1, counter)], back=[counted(1, counter, claim_id=2)]
    )
    assert decisions.accumulators[["counter", "before", "taken_back"]].to_numpy().tolist() == [[counter, 1, 1]]
