"""Lines of one price, or told of together, after another payer: our benefit of all against what was left of all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rules.rulebook import Rulebook
from tests.rules.bills import SPAN, decide_one, line
from tests.rules.conditions import Bill, plan
from tests.rules.references import reference
from tests.rules.test_cob import paid_before

STAY = {"kind": "I", "facility_code": "11", "patient_status": "01", "admission_date": "2026-04-01",
        "service_through": "2026-04-11"}  # fmt: skip
SERVICE: dict[str, Any] = {"procedure_code": None, "place_of_service": None, "service_from": None}
LINES = (
    SERVICE | {"revenue_code": "0120", "charge_cents": 200_000},
    SERVICE | {"revenue_code": "0250", "charge_cents": 1_800_000},
)
CASE = reference({"drg_code": "470"}, fee=[{"drg_code": "470", "method": "case", "amount_cents": 100_000}])
"""1000.00: 100.00 and 900.00 of the lines."""
FREE = plan(copay_cents=0, coinsurance_percent=0)
SHARED = plan(copay_cents=0, deductible_cents=30_000)
"""Of 1000.00 the deductible is 300.00 and the coinsurance 140.00, so the benefit 560.00."""


@pytest.mark.parametrize(
    ("book", "left", "at", "paid", "adjusted"),
    [
        pytest.param(FREE, 50_000, 1, [5_000, 45_000], {"OA 23": 1_950_000}, id="left-on-one-line"),
        pytest.param(FREE, 50_000, 2, [5_000, 45_000], {"OA 23": 1_950_000}, id="on-the-other"),
        pytest.param(FREE, 50_000, None, [5_000, 45_000], {"OA 23": 1_950_000}, id="of-the-claim"),
        pytest.param(SHARED, 50_000, 1, [5_000, 45_000], {"OA 23": 1_950_000}, id="within-the-benefit"),
        pytest.param(SHARED, 70_000, 2, [5_600, 50_400], {"OA 23": 1_930_000, "PR 1": 14_000}, id="the-rest-is-owed"),
        # more than the case: each line by itself, of the first all is deductible
        pytest.param(
            SHARED, 150_000, 1, [0, 56_000], {"OA 23": 1_850_000, "CO 45": 50_000, "PR 1": 30_000, "PR 2": 14_000},
            id="beyond-the-case",
        ),
    ],
)  # fmt: skip
def test_what_is_left_counts_for_the_stay(
    book: Rulebook,
    left: int,
    at: int | None,
    paid: list[int],
    adjusted: dict[str, int],
) -> None:
    """On whatever line the payer before us left it."""
    found = Bill(STAY, LINES, book, tables=CASE, other=paid_before(2_000_000 - left, (at, "PR", left))).decided()
    assert found.paid_lines == paid
    sums: dict[str, int] = {}
    for _, code, cents in found.adjustments:
        sums[code] = sums.get(code, 0) + cents
    assert sums == adjusted
    used = found.decisions.accumulators.query("counter == 'deductible'")["used"].sum()
    assert used == adjusted.get("PR 1", 0)


VISIT_AND_DRUG: tuple[dict[str, Any], ...] = ({}, {"procedure_code": "J1000", "charge_cents": 40_000})
"""Of 182.50 and 400.00, 120.00 and 3.33 are allowed; the benefit of both is 78.66 after 25.00 and a fifth, 19.67."""


@pytest.mark.parametrize(
    ("left", "at", "paid", "owed"),
    [
        pytest.param(5_000, None, [4_864, 136], 0, id="told-for-the-claim"),
        pytest.param(5_000, 2, [0, 266], 67, id="told-of-a-line"),
        pytest.param(10_000, None, [7_652, 214], 2_134, id="more-than-the-benefit"),
    ],
)
def test_what_was_told_for_the_claim_is_weighed_for_the_claim(
    left: int, at: int | None, paid: list[int], owed: int
) -> None:
    """Its share of a line by charges says nothing of the line: 34.33 of the 50.00 would be the drug's."""
    found = Bill({}, VISIT_AND_DRUG, plan(), other=paid_before(58_250 - left, (at, "PR", left))).decided()
    assert found.paid_lines == paid
    assert sum(cents for _, code, cents in found.adjustments if code.startswith("PR")) == owed


def test_lines_of_two_plans_have_each_its_part_by_price() -> None:
    """Of 100.00 that is 97.29 and 2.71; by charges the drug's would be 68.67, and the visit's benefit not be paid."""
    (gold,) = plan().plans
    days = ("2026-03-31", "2026-04-01")
    lines = [line(1, service_from=days[0]), line(2, procedure_code="J1000", charge_cents=40_000)]
    spans = [SPAN | {"valid_through": days[0]}, SPAN | {"valid_from": days[1], "plan_id": "SILVER"}]
    book = replace(plan(), plans=(gold, replace(gold, id="SILVER")))
    found = decide_one(
        {"service_from": days[0]}, lines, spans=spans, book=book, other_payers=paid_before(48_250, (None, "PR", 10_000))
    )
    assert found.paid_lines == [7_600, 266]
