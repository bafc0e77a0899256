"""Which claim versions a run remits to whom, in which order, and what it takes back first."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from edi.payment_balance import imbalances
from edi.payment_run import PaymentRun
from edi.payments_due import PaymentsDue
from rules.payments.compose import PaymentTerms, compose
from rules.payments.faults import faults
from tests.rules.payments.weeks import RIVER, TERMS, Row, adjusted, claim, due, line, worked_example

LAKE = RIVER | {"payee_id": "LAKE"}


def paying(number: int, paid: int, received: str = "2026-06-01", **other: object) -> dict[str, list[Row]]:
    """A claim of 100.00 in one line, what is not paid written off."""
    rest = [adjusted(number, 1, "CO 45", 10000 - paid)] if paid < 10000 else []
    return {
        "claims": [claim(number, f"PCN-{number}", received, 10000, paid, 0, **other)],
        "lines": [line(number, "99213", "2026-06-01", 10000, paid, paid, "L1")],
        "adjustments": rest,
    }


def week(*decided: dict[str, list[Row]], sent: tuple[dict[str, list[Row]], ...] = ()) -> PaymentsDue:
    """These claims, and those that they take the place of."""
    claims, lines, adjustments = (
        [row for each in decided for row in each[name]] for name in ("claims", "lines", "adjustments")
    )
    before = tuple([row for each in sent for row in each[name]] for name in ("claims", "lines", "adjustments"))
    return due(claims, lines, adjustments, sent=(before[0], before[1], before[2]), payees=(RIVER, LAKE))


def entries(run: PaymentRun) -> list[tuple[str, str, int]]:
    """Payee, entry and number of each claim loop, in order."""
    payees = run.payments["payee_id"].to_pylist()
    return [(payees[row["payment"]], row["entry"], row["claim_id"]) for row in run.claims.to_pylist()]


def test_claims_go_to_their_payee_in_order_of_receipt() -> None:
    """Payees by id, claims by day of receipt and then by number."""
    run = compose(
        week(paying(3, 500), paying(2, 700, payee_id="LAKE"), paying(9, 500, "2026-05-01"), paying(1, 500)), TERMS
    ).run
    assert entries(run) == [
        ("LAKE", "payment", 2),
        ("RIVER", "payment", 9),
        ("RIVER", "payment", 1),
        ("RIVER", "payment", 3),
    ]
    assert run.payments["payment_cents"].to_pylist() == [700, 1500]


def test_the_order_of_what_comes_in_changes_nothing() -> None:
    """A plan of the database may read rows in any order, except names, which have the guide's."""
    example = worked_example()
    turned = replace(
        example,
        **{
            field.name: getattr(example, field.name).iloc[::-1].reset_index(drop=True)
            for field in fields(PaymentsDue)
            if field.name != "names"
        },
    )
    one, other = compose(example, TERMS).run, compose(turned, TERMS).run
    for field in fields(PaymentRun):
        assert getattr(one, field.name).equals(getattr(other, field.name)), field.name


def test_a_correction_follows_the_reversal_of_what_it_replaces() -> None:
    """Charge, payment, adjustments and units negated as sent; status 22; alert and AMT*B6 on the correction alone."""
    run = compose(worked_example(), TERMS).run
    reversal, correction = run.claims.to_pylist()[3:]
    assert (reversal["status_code"], reversal["patient_control_number"]) == ("22", "PCN-D")
    assert (reversal["charge_cents"], reversal["paid_cents"]) == (-30000, -15000)
    assert reversal["patient_responsibility_cents"] is None
    (back,) = [row for row in run.services.to_pylist() if row["claim"] == 3]
    assert (back["charge_cents"], back["paid_cents"], back["paid_units"]) == (-30000, -15000, "-4")
    assert back["allowed_cents"] == -20000
    assert not [row for row in run.amounts.to_pylist() if (row["claim"], row["qualifier"]) == (3, "B6")]
    negated = [
        (row["group_code"], row["reason_code"], row["amount_cents"])
        for row in run.adjustments.to_pylist()
        if row["claim"] == 3
    ]
    assert negated == [("CO", "45", -10000), ("PR", "2", -5000)]
    assert correction["original_claim_number"] == reversal["claim_number"]
    remarks = {(row["claim"], row["remark_code"]) for row in run.remarks.to_pylist()}
    assert {code for place, code in remarks if place == 4} == {"MA67"}
    assert not any(place == 3 for place, _ in remarks)


def test_a_correction_that_replaces_nothing_has_no_alert() -> None:
    """One that was refused is remitted alone; the original stays as it was."""
    run = compose(week(paying(2, 0, outcome="denied", original_claim_number="1")), TERMS).run
    assert entries(run) == [("RIVER", "payment", 2)]
    assert run.remarks.num_rows == 0


def test_a_claim_decided_again_follows_its_own_reversal() -> None:
    """Both have its number; the difference is paid."""
    run = compose(week(paying(1, 900, reverses=1), sent=(paying(1, 400),)), TERMS).run
    assert entries(run) == [("RIVER", "reversal", 1), ("RIVER", "payment", 1)]
    assert run.payments["payment_cents"].to_pylist() == [500]
    assert imbalances(run) == ()


def test_a_void_is_the_reversal_of_its_original_and_done() -> None:
    """The void stands behind it without money, so that it counts as settled."""
    void = claim(2, "PCN-2", "2026-06-01", 0, 0, 0, status_code="void", original_claim_number="1", reverses=1)
    run = compose(
        week({"claims": [void], "lines": [], "adjustments": []}, paying(3, 900), sent=(paying(1, 400),)), TERMS
    ).run
    assert [(row["entry"], row["claim_id"], row["outcome"]) for row in run.claims.to_pylist()] == [
        ("reversal", 1, "reversed"),
        ("payment", 2, "void"),
        ("payment", 3, "paid"),
    ]
    assert run.payments["payment_cents"].to_pylist() == [500]
    assert imbalances(run) == ()


def test_a_week_of_claims_without_lines_keeps_the_laws_too() -> None:
    """What is denied as a whole has adjustments of its own and no service to compare them with."""
    denied = claim(1, "PCN-1", "2026-06-01", 900, 0, 0, outcome="denied")
    whole = {"claims": [denied], "lines": [], "adjustments": [adjusted(1, 0, "CO 45", 900)]}
    assert faults(compose(week(whole), TERMS).run) == ()
    short = whole | {"adjustments": [adjusted(1, 0, "CO 45", 899)]}
    assert {fault.law for fault in imbalances(compose(week(short), TERMS).run)} == {
        "claim charge - all adjustments = claim payment"
    }
    stray = whole | {"adjustments": [adjusted(1, 1, "CO 45", 900)]}
    assert "an adjustment belongs to a line of its claim" in {
        fault.law for fault in imbalances(compose(week(stray), TERMS).run)
    }


@pytest.mark.parametrize(
    ("old", "new", "payment", "adjustments"),
    [
        (900, 400, (0, "NON"), [("FB", "R000001042", -500)]),
        (400, 900, (500, "ACH"), []),
        (400, 400, (0, "NON"), []),
        (401, 400, (0, "NON"), [("FB", "R000001042", -1)]),
    ],
    ids=["a negative week is forwarded", "a positive week is paid", "a week of nothing is a notice", "one cent"],
)
def test_every_week_is_remitted(
    old: int, new: int, payment: tuple[int, str], adjustments: list[tuple[str, str, int]]
) -> None:
    """A payment is never negative: what is owed stands in the same 835 as a forwarded balance (domain.md 9.5)."""
    run = compose(week(paying(2, new, original_claim_number="1", reverses=1), sent=(paying(1, old),)), TERMS).run
    (made,) = run.payments.to_pylist()
    assert (made["payment_cents"], made["payment_method"]) == payment
    booked = run.provider_adjustments.to_pylist()
    assert [(row["reason_code"], row["reference"], row["amount_cents"]) for row in booked] == adjustments
    assert imbalances(run) == ()


def test_claims_of_an_unknown_provider_wait_and_are_named() -> None:
    """Neither a claim without payee nor one whose payee left the registry is paid to anybody."""
    composed = compose(week(paying(1, 500, payee_id=None), paying(2, 500, payee_id="GONE")), TERMS)
    assert composed.run.payments.num_rows == composed.run.claims.num_rows == 0
    assert composed.without_payee == (1, 2)


@pytest.mark.parametrize(
    ("plan_id", "submitted", "indicator"),
    [
        ("GOLD", "CI", "HM"),
        (None, "12", "12"),
        (None, "CI", "ZZ"),
        ("OTHER", "MC", "MC"),
        ("WILD", "12", "ZZ"),
        (None, "", "ZZ"),
    ],
    ids=[
        "the plan's",
        "the claim's",
        "no such code in the 835",
        "unknown plan",
        "the plan's is no code either",
        "none",
    ],
)
def test_the_filing_indicator_is_one_that_an_835_can_say(plan_id: str | None, submitted: str, indicator: str) -> None:
    """CLP06 has fewer codes than SBR09."""
    terms: PaymentTerms = replace(TERMS, filing_indicators={"GOLD": "HM", "WILD": "CI"})
    run = compose(week(paying(1, 500, plan_id=plan_id, filing_indicator=submitted)), terms).run
    assert run.claims["filing_indicator"].to_pylist() == [indicator]


def test_a_reversal_has_the_filing_indicator_that_was_sent() -> None:
    """Whatever the plan of the correction is."""
    now = paying(2, 400, original_claim_number="1", reverses=1, plan_id="HMO")
    run = compose(week(now, sent=(paying(1, 400, filing_indicator="12"),)), TERMS).run
    assert run.claims["filing_indicator"].to_pylist() == ["12", "HM"]


def test_an_empty_week_has_no_payment() -> None:
    """And breaks no law."""
    run = compose(week(), TERMS).run
    assert run.payments.num_rows == 0
    assert imbalances(run) == ()
