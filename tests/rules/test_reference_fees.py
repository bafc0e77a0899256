"""Fees that the plan loads: by unit, share, day and case; and which of several applies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pandas as pd
import pytest

from edi.claim_facts import OperatorActions
from rules.benefit_settings import CoverageLimit
from rules.rulebook import Rulebook
from tests.rules.bills import BOOK
from tests.rules.conditions import Bill, plan
from tests.rules.references import reference

UNIT = {"procedure_code": "99213", "method": "unit"}
STAY: dict[str, Any] = {
    "kind": "I", "facility_code": "11", "patient_status": "01", "admission_date": "2026-04-01",
    "service_from": "2026-04-01", "service_through": "2026-04-04",
}  # fmt: skip
SERVICES: tuple[dict[str, Any], ...] = (
    {"procedure_code": None, "revenue_code": "0120", "unit": "DA", "charge_cents": 300000, "place_of_service": None},
    {"procedure_code": None, "revenue_code": "0250", "charge_cents": 100001, "place_of_service": None},
)


@pytest.mark.parametrize(
    ("fees", "allowed"),
    [
        pytest.param([UNIT | {"amount_cents": 9000}], 9000, id="loaded-beside-configured"),
        pytest.param([{"procedure_code": "99213", "method": "percent", "basis_points": 5000}], 9125, id="share"),
        pytest.param([UNIT | {"amount_cents": 9000, "schedule": "RURAL"}], 12000, id="of-another-schedule"),
        pytest.param(
            [UNIT | {"amount_cents": 9000}, UNIT | {"amount_cents": 8000, "schedule": "CITY"}],
            8000,
            id="of-the-contract",
        ),
        pytest.param(
            [UNIT | {"amount_cents": 9000}, UNIT | {"amount_cents": 7000, "place_of_service": "11"}],
            7000,
            id="of-a-place",
        ),
        pytest.param([UNIT | {"amount_cents": 9000, "place_of_service": "22"}], 12000, id="of-another-place"),
        pytest.param([UNIT | {"amount_cents": 9000, "plan_id": "SILVER"}], 12000, id="of-another-plan"),
        pytest.param([UNIT | {"amount_cents": 9000, "effective_through": "2026-03-31"}], 12000, id="no-longer"),
        pytest.param([UNIT | {"amount_cents": 9000, "unit": "MJ"}], 12000, id="of-another-unit"),
    ],
)
def test_the_narrowest_fee_in_force(fees: list[dict[str, Any]], allowed: int) -> None:
    """A loaded one goes before a configured one for the same, here of 120.00, where it applies."""
    bill = Bill(provider={"fee_schedule": "CITY"}, tables=reference(fee=fees))
    assert bill.decided().allowed_cents == allowed


@pytest.mark.parametrize(
    ("fees", "paid", "allowed"),
    [
        pytest.param(
            [{"drg_code": "470", "method": "case", "amount_cents": 200000}], [119999, 40001], [149999, 50001], id="case"
        ),
        pytest.param(
            [{"drg_code": "470", "method": "case", "amount_cents": 900000}], [240000, 80001], [300000, 100001],
            id="never-more-than-charged",
        ),
        pytest.param(
            [{"method": "per_diem", "drg_code": "470", "amount_cents": 100000}], [179999, 60001], [224999, 75001],
            id="three-days",
        ),
    ],
)  # fmt: skip
def test_a_stay_is_paid_as_a_whole(fees: list[dict[str, Any]], paid: list[int], allowed: list[int]) -> None:
    """The amount of the case, or of its days, divided over the lines by their charges, to the cent."""
    bill = Bill(STAY, SERVICES, tables=reference({"drg_code": "470"}, fee=fees))
    found = bill.decided()
    lines = found.decisions.lines
    assert lines["allowed_cents"].tolist() == allowed
    assert lines["paid_cents"].tolist() == paid


NO_DRUGS = CoverageLimit(id="NO", measure="visits", most=0, revenue_codes=(("0250", "0259"),))


@pytest.mark.parametrize("method", ["case", "per_diem"])
@pytest.mark.parametrize(
    ("second", "book"),
    [
        pytest.param({"service_from": "2026-05-01"}, BOOK, id="by-a-rule"),
        pytest.param({}, plan(limits=(NO_DRUGS,)), id="by-a-limit"),
    ],
)
def test_a_denied_line_takes_nothing_of_a_stay_along(method: str, second: dict[str, Any], book: Rulebook) -> None:
    """The case, or its three days, are paid whole with the other lines, and a price that a person gave stays."""
    fees = [{"drg_code": "470", "method": method, "amount_cents": 150000 if method == "case" else 50000}]
    third = SERVICES[0] | {"charge_cents": 100000}
    bill = Bill(STAY, (SERVICES[0], SERVICES[1] | second, third), book, tables=reference({"drg_code": "470"}, fee=fees))
    assert bill.decided().decisions.lines["allowed_cents"].tolist() == [112500, 0, 37500]
    prices = pd.DataFrame({"claim_id": [1], "line_number": [3], "allowed_cents": [70]})
    said = OperatorActions(releases=pd.DataFrame({"claim_id": [], "pend_reason": []}), prices=prices)
    priced = replace(bill, facts={"operator_actions": said}).decided()
    assert priced.decisions.lines["allowed_cents"].tolist() == [112500, 0, 70]


@pytest.mark.parametrize(
    ("cents", "charges", "allowed"),
    [
        pytest.param(100000, (5, 2_000_000), [1, 99999], id="a-small-line-first"),
        pytest.param(100000, (2_000_000, 5), [99999, 1], id="and-last"),
        pytest.param(300000, (8_000_000, 12, 12, 12), [299995, 2, 1, 2], id="many"),
        pytest.param(100000, (0, 5, 2_000_000), [0, 1, 99999], id="nothing-for-no-charge"),
        pytest.param(4, (1, 9, 9, 9), [1, 1, 1, 1], id="a-cent-each"),
    ],
)
@pytest.mark.parametrize("no_price", ["pend", "deny"])
def test_every_charge_of_a_case_is_paid_a_cent(
    cents: int, charges: tuple[int, ...], allowed: list[int], no_price: Literal["pend", "deny"]
) -> None:
    """A line is no service without a price because its part of the case is less than a cent."""
    fees = [{"drg_code": "470", "method": "case", "amount_cents": cents}]
    book = replace(plan(coinsurance_percent=0), no_price=no_price)
    services = tuple(SERVICES[1] | {"charge_cents": each} for each in charges)
    found = Bill(STAY, services, book, tables=reference({"drg_code": "470"}, fee=fees)).decided()
    assert (found.outcome, found.decisions.lines["allowed_cents"].tolist()) == ("paid", allowed)


def test_a_stay_of_another_drg_has_no_such_fee() -> None:
    """It waits for a person, as the second line has no fee of its own."""
    fees = [{"drg_code": "470", "method": "case", "amount_cents": 200000}]
    assert Bill(STAY, SERVICES, tables=reference({"drg_code": "471"}, fee=fees)).decided().pend_reason == "NO_PRICE"
