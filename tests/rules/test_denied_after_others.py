"""Denials of bills that other payers have decided: their effect is OA 23, and the denial takes the rest (8.2 #18)."""

from __future__ import annotations

from typing import Any

import pytest

from edi.claim_facts import OtherPayers
from rules.benefit_settings import CoverageLimit
from rules.decision_laws import broken_laws
from tests.rules.conditions import Bill, needs, plan
from tests.rules.references import reference
from tests.rules.test_cob import Adjusted, others, paid_before
from tests.rules.test_duplicates import pairs

NO_VISITS = plan(limits=(CoverageLimit(id="NO", measure="visits", most=0, per="year"),))
UNCOVERED: tuple[dict[str, Any], ...] = ({"service_from": "2024-04-01"},)
LEFT_20 = paid_before(16250, (1, "PR", 2000))
LEFT_40 = paid_before(10000, (1, "CO", 4250), (1, "PR", 4000))


def paid_elsewhere(ours: str, payer: str, cents: int, *adjusted: Adjusted) -> OtherPayers:
    """Our place, and another payer's with what it paid."""
    told = [{"line_number": at, "group_code": group, "amount_cents": amount} for at, group, amount in adjusted]
    return others(ours, [{"payer_responsibility": payer, "paid_cents": cents}], adjusted=told)


@pytest.mark.parametrize(
    ("bill", "adjustments"),
    [
        pytest.param(Bill(book=NO_VISITS, other=LEFT_20), {"OA 23": 16250, "PR 119": 2000}, id="visits-used-up"),
        pytest.param(Bill(lines=UNCOVERED, other=LEFT_20), {"OA 23": 16250, "PR 26": 2000}, id="not-covered"),
        pytest.param(Bill(lines=UNCOVERED, other=LEFT_40), {"OA 23": 14250, "PR 26": 4000}, id="written-off-in-part"),
        pytest.param(
            Bill(lines=UNCOVERED, other=paid_before(12000, (1, "CO", 6250))), {"OA 23": 18250}, id="nothing-is-left"
        ),
        pytest.param(
            Bill(lines=UNCOVERED, other=paid_before(0, (1, "PR", 18250))), {"PR 26": 18250}, id="nothing-done"
        ),
        pytest.param(
            Bill(tables=reference(**needs("authorization")), other=LEFT_20), {"OA 23": 16250, "CO 197": 2000},
            id="at-the-providers-cost",
        ),
        pytest.param(
            Bill({"member_id": None}, other=LEFT_20), {"OA 23": 16250, "PR 31": 2000}, id="patient-not-recognised"
        ),
        pytest.param(
            Bill(lines=UNCOVERED, other=paid_elsewhere("T", "P", 10000, (1, "CO", 4250), (1, "PR", 4000))),
            {"OA 23": 10000, "PR 26": 8250}, id="not-all-payers-named-what-they-paid",
        ),
        pytest.param(
            Bill(lines=UNCOVERED, other=paid_elsewhere("U", "P", 10000)), {"OA 23": 10000, "PR 26": 8250},
            id="our-place-unknown-what-they-paid",
        ),
        pytest.param(
            Bill(lines=UNCOVERED, other=paid_elsewhere("P", "S", 10000)), {"OA 23": 10000, "PR 26": 8250},
            id="the-second-has-paid-before-us",
        ),
        pytest.param(
            Bill(facts={"like_lines": pairs({})}, other=LEFT_20), {"OA 18": 18250}, id="not-decided-on-its-merits"
        ),
    ],
)  # fmt: skip
def test_the_patient_owes_no_denial_of_what_others_paid(bill: Bill, adjustments: dict[str, int]) -> None:
    """Nor the provider; and every law is kept."""
    found = bill.decided()
    assert (found.outcome, found.paid_cents) == ("denied", 0)
    assert {code: cents for _, code, cents in found.adjustments} == adjustments
    owed = sum(cents for code, cents in adjustments.items() if code.startswith("PR"))
    assert found.patient_responsibility_cents == owed
    assert broken_laws(found.decisions).empty


def test_what_was_paid_is_of_the_lines_that_it_was_paid_for() -> None:
    """Else of all by their charges: of 30.00 for lines of 100.00 and 50.00, 25.00 is told of the second."""
    lines = (UNCOVERED[0] | {"charge_cents": 10000}, UNCOVERED[0] | {"charge_cents": 5000})
    known = others(
        "U", [{"paid_cents": 3000}], [{"line_number": 2, "paid_cents": 2500, "patient_liability_cents": None}]
    )
    found = Bill(lines=lines, other=known).decided()
    # 25.00 of line 2, and the other 5.00 by the charges: 3.33 and 1.67
    assert found.adjustments == [
        (1, "OA 23", 333), (1, "PR 26", 9667), (2, "OA 23", 2667), (2, "PR 26", 2333),
    ]  # fmt: skip
