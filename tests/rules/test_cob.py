"""Coordination of benefits: who pays first, whether its result is there, and what we add to it (domain.md 7.3)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from edi.claim_facts import ClaimFacts, OtherPayers
from rules.adjudication import decide
from rules.rulebook import Rulebook
from tests.rules.bills import BOOK, CLAIM, LINE, PROVIDER, SPAN, Decided, book_with, claim, frame, line

Adjusted = tuple[int | None, str, int]
"""Line (None: of the claim), group and cents."""
CHARGE = 18250


def whole(rows: list[dict[str, Any]], names: list[str]) -> pd.DataFrame:
    """A frame whose columns are Int64, but for texts and days."""
    made = pd.DataFrame(rows, columns=names, dtype="object")
    for name in names:
        if name in {"payer_responsibility", "group_code"}:
            made[name] = made[name].astype("str")
        elif name.endswith("_day"):
            made[name] = pd.to_datetime(made[name]).astype("datetime64[s]")
        else:
            made[name] = made[name].astype("Int64")
    return made


def others(
    ours: str = "S",
    payers: list[dict[str, Any]] | None = None,
    results: list[dict[str, Any]] | None = None,
    adjusted: list[dict[str, Any]] | None = None,
    elsewhere: list[dict[str, Any]] | None = None,
) -> OtherPayers:
    """What claim 1 says of other payers, and enrolment of member 7."""
    head = {"claim_id": 1, "payer": 1}
    return OtherPayers(
        positions=whole([{"claim_id": 1, "payer_responsibility": ours}], ["claim_id", "payer_responsibility"]),
        payers=whole(
            [head | {"payer_responsibility": "P"} | each for each in payers or []],
            ["claim_id", "payer", "payer_responsibility", "paid_cents", "patient_liability_cents"],
        ),
        line_results=whole(
            [head | each for each in results or []],
            ["claim_id", "payer", "line_number", "paid_cents", "patient_liability_cents"],
        ),
        adjustments=whole(
            [head | each for each in adjusted or []],
            ["claim_id", "payer", "line_number", "group_code", "amount_cents"],
        ),
        first_elsewhere=whole(elsewhere or [], ["member_id", "first_day", "last_day"]),
    )


def paid_before(paid: int, *adjusted: Adjusted) -> OtherPayers:
    """A primary payer that paid so much and adjusted the rest so."""
    return others(
        payers=[{"paid_cents": paid}],
        adjusted=[{"line_number": at, "group_code": group, "amount_cents": cents} for at, group, cents in adjusted],
    )


def decided(known: OtherPayers, lines: list[dict[str, Any]] | None = None, book: Rulebook = BOOK) -> Decided:
    """The office visit after other payers: allowed 120.00, copay 25, coinsurance 20 %: 76.00 if we were the first."""
    lines = lines or [line()]
    billed = claim(charge_cents=sum(each["charge_cents"] for each in lines))
    facts = ClaimFacts(
        claims=frame([billed], CLAIM),
        lines=frame(lines, LINE),
        spans=frame([SPAN], SPAN),
        providers=frame([PROVIDER], PROVIDER),
        other_payers=known,
    )
    return Decided(decide(facts, book))


@pytest.mark.parametrize(
    ("known", "adjustments", "paid"),
    [
        pytest.param(
            paid_before(10000, (1, "CO", 4250), (1, "PR", 4000)), [(1, "OA 23", 14250)], 4000,
            id="we-pay-all-that-is-left",
        ),
        pytest.param(
            paid_before(5000, (1, "CO", 3250), (1, "PR", 10000)),
            [(1, "OA 23", 8250), (1, "PR 3", 2400)], 7600,
            id="our-benefit-and-the-rest-is-the-patients",
        ),
        pytest.param(
            paid_before(0, (1, "PR", CHARGE)),
            [(1, "CO 45", 6250), (1, "PR 3", 2500), (1, "PR 2", 1900)], 7600,
            id="denied-by-the-primary-as-the-patients",
        ),
        pytest.param(paid_before(12000, (1, "CO", 6250)), [(1, "OA 23", CHARGE)], 0, id="nothing-left"),
        pytest.param(
            paid_before(10000, (None, "CO", 4250), (None, "PR", 4000)), [(1, "OA 23", 14250)], 4000,
            id="told-for-the-claim",
        ),
        pytest.param(
            others(payers=[{"paid_cents": 10000, "patient_liability_cents": 4000}],
                   adjusted=[{"line_number": None, "group_code": "OA", "amount_cents": 8250}]),
            [(1, "OA 23", 14250)], 4000, id="told-as-what-remains",
        ),
    ],
)  # fmt: skip
def test_a_secondary_payment(known: OtherPayers, adjustments: list[tuple[int, str, int]], paid: int) -> None:
    """min(our benefit, what is left to the patient), the effect of the primary as OA 23, status 2 (8.2 #18)."""
    found = decided(known)
    assert (found.claim_status_code, found.outcome) == ("2", "paid")
    assert found.adjustments == adjustments
    assert found.paid_cents == paid


def test_what_is_left_of_a_claim_is_divided_by_the_charges_of_its_lines() -> None:
    """To the cent: 10.01 over two lines of 100 and 50 is 6.67 and 3.34."""
    lines = [line(1, charge_cents=10000, place_of_service="22"), line(2, charge_cents=5000, place_of_service="22")]
    found = decided(paid_before(13999, (None, "PR", 1001)), lines)
    assert found.paid_lines == [667, 334]
    assert found.adjustments == [(1, "OA 23", 9333), (2, "OA 23", 4666)]


SECOND: dict[str, Any] = {"payer": 2, "payer_responsibility": "S"}
FIRST_LEFT = {"line_number": 1, "group_code": "PR", "amount_cents": 13250}
SECOND_WROTE_OFF = SECOND | {"line_number": 1, "group_code": "OA", "amount_cents": 8250}
SECOND_SAID_NOTHING = SECOND_WROTE_OFF | {"amount_cents": 9250}
"""Of what is left to the patient."""
SECOND_LEFT = SECOND | {"line_number": 1, "group_code": "PR", "amount_cents": 1000}


@pytest.mark.parametrize(
    ("second", "results", "adjusted", "paid"),
    [
        pytest.param({}, [], [SECOND_WROTE_OFF, SECOND_LEFT], 1000, id="its-adjustments-of-the-line"),
        pytest.param({}, [], [SECOND_WROTE_OFF, SECOND_LEFT | {"line_number": None}], 1000, id="of-the-claim"),
        pytest.param({"patient_liability_cents": 1000}, [], [SECOND_SAID_NOTHING], 1000, id="what-it-says-remains"),
        pytest.param(
            {"patient_liability_cents": 1000},
            [{"line_number": 1, "paid_cents": 5000}, SECOND | {"line_number": 1, "paid_cents": 9000}],
            [SECOND_SAID_NOTHING], 1000, id="of-the-claim-beside-lines-that-say-nothing-of-it",
        ),
        pytest.param(
            {"patient_liability_cents": 1000},
            [{"line_number": 1, "paid_cents": 5000, "patient_liability_cents": 13250},
             SECOND | {"line_number": 1, "paid_cents": 9000, "patient_liability_cents": 1000}],
            [SECOND_SAID_NOTHING], 1000, id="of-the-line-and-the-claim-once",
        ),
        pytest.param(
            {"patient_liability_cents": 1000},
            [SECOND | {"line_number": 1, "paid_cents": 9000, "patient_liability_cents": 1000}],
            [SECOND_WROTE_OFF, SECOND_LEFT | {"line_number": None}], 1000, id="adjusted-and-said-once",
        ),
        pytest.param({"paid_cents": 13250}, [], [SECOND | {"line_number": 1, "group_code": "OA", "amount_cents": 5000}],
                     0, id="it-left-nothing"),
    ],
)  # fmt: skip
def test_a_third_payer_adds_to_what_the_second_left(
    second: dict[str, Any], results: list[dict[str, Any]], adjusted: list[dict[str, Any]], paid: int
) -> None:
    """Whatever the first had left, in whatever way the second tells it; status 3."""
    known = others(
        ours="T",
        payers=[{"paid_cents": 5000}, SECOND | {"paid_cents": 9000} | second],
        results=results,
        adjusted=[FIRST_LEFT, *adjusted],
    )
    found = decided(known)
    assert (found.claim_status_code, found.paid_cents) == ("3", paid)


def of_two(first: tuple[int, ...], second: tuple[int, ...]) -> OtherPayers:
    """We are the third: of each before us what it paid, CO and PR in cents."""
    payers: list[dict[str, Any]] = [{"paid_cents": first[0]}, SECOND | {"paid_cents": second[0]}]
    told: list[dict[str, Any]] = [
        head | {"line_number": 1, "group_code": group, "amount_cents": cents}
        for head, amounts in (({}, first[1:]), (SECOND, second[1:]))
        for group, cents in zip(("CO", "PR"), amounts, strict=True)
        if cents
    ]
    return others("T", payers, adjusted=told)


@pytest.mark.parametrize(
    ("first", "second", "paid"),
    [
        pytest.param((16250, 0, 2000), (0, 0, CHARGE), 2000, id="the-second-denies"),
        pytest.param((10000, 4250, 4000), (0, 0, CHARGE), 4000, id="written-off-stays-written-off"),
        pytest.param((10000, 4250, 4000), (3000, 3250, 12000), 1000, id="the-second-knew-nothing-of-the-first"),
        pytest.param((10000, 4250, 4000), (9000, 3250, 6000), 0, id="both-together-paid-more-than-was-allowed"),
        pytest.param((0, CHARGE, 0), (5000, 10000, 3250), 3250, id="the-second-is-the-first-that-pays"),
        pytest.param((0, CHARGE, 0), (0, 0, CHARGE), 0, id="the-first-wrote-all-off"),
        pytest.param((0, 0, CHARGE), (0, 0, CHARGE), 7600, id="both-deny"),
    ],
)
def test_a_third_payer_pays_no_more_than_any_before_it_left(
    first: tuple[int, ...], second: tuple[int, ...], paid: int
) -> None:
    """min(what the last left, what was left before it less what it paid), for a denial leaves nothing (7.3)."""
    assert decided(of_two(first, second)).paid_cents == paid


def test_what_payers_left_is_compared_by_line_where_all_tell_by_line() -> None:
    """The second denied line 1, of which the first left 20.00; of line 2 it paid 5.00 and left nothing of 20.00."""
    lines = [line(1, charge_cents=10000, place_of_service="22"), line(2, charge_cents=10000, place_of_service="22")]
    adjusted = [{"line_number": at, "group_code": group, "amount_cents": cents}
                for at in (1, 2) for group, cents in (("CO", 3000), ("PR", 2000))]  # fmt: skip
    denied = [SECOND | {"line_number": 1, "group_code": "PR", "amount_cents": 10000},
              SECOND | {"line_number": 2, "group_code": "OA", "amount_cents": 9500}]  # fmt: skip
    results: list[dict[str, Any]] = [{"line_number": 1, "paid_cents": 5000}, {"line_number": 2, "paid_cents": 5000},
               SECOND | {"line_number": 2, "paid_cents": 500}]  # fmt: skip
    payers: list[dict[str, Any]] = [{"paid_cents": 10000}, SECOND | {"paid_cents": 500}]
    known = others("T", payers, results, [*adjusted, *denied])
    assert decided(known, lines).paid_lines == [2000, 0]


ELSEWHERE = {"member_id": 7, "first_day": "2026-01-01", "last_day": None}


@pytest.mark.parametrize(
    ("known", "code", "remark", "status"),
    [
        pytest.param(others("P", elsewhere=[ELSEWHERE]), "CO 22", "N4", "1", id="enrolment-knows-better"),
        pytest.param(others("S"), "CO 22", "MA92", "2", id="secondary-to-nobody"),
        pytest.param(others("S", payers=[{}]), "CO 16", "N4", "2", id="primary-silent"),
        pytest.param(
            others("T", payers=[{"paid_cents": CHARGE}, {"payer": 2, "payer_responsibility": "S"}]),
            "CO 16", "N479", "3", id="secondary-silent",
        ),
        pytest.param(others("S", payers=[{"paid_cents": 1}]), "CO 16", "N48", "2", id="does-not-add-up"),
        pytest.param(
            others("S", payers=[{"payer_responsibility": "T", "paid_cents": 1}]), "CO 22", "MA92", "2",
            id="only-payers-behind-us",
        ),
        pytest.param(others("T", payers=[{"paid_cents": CHARGE}]), "CO 22", "MA92", "3", id="a-payer-between-missing"),
        pytest.param(others("U", payers=[{"paid_cents": CHARGE}]), "CO 22", "MA83", "1", id="our-place-unknown"),
        pytest.param(others("P", payers=[{"paid_cents": CHARGE}]), "CO 22", "MA83", "1", id="two-first-payers"),
        pytest.param(
            others("S", payers=[{"paid_cents": CHARGE}, {"payer": 2, "payer_responsibility": "U", "paid_cents": 1}]),
            "CO 22", "MA83", "2", id="one-of-unknown-place-has-paid",
        ),
        pytest.param(
            others("P", payers=[{"payer_responsibility": "U", "paid_cents": 1}]),
            "CO 22", "MA83", "1", id="one-of-unknown-place-has-paid-before-the-first",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_from_payers_before_us(known: OtherPayers, code: str, remark: str, status: str) -> None:
    """domain.md 8.2 #17 and #19."""
    found = decided(known)
    assert (found.outcome, found.claim_status_code) == ("denied", status)
    assert found.codes == [code]
    assert found.remarks == [(1, remark)]


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(others("P", elsewhere=[ELSEWHERE | {"last_day": "2026-03-31"}]), id="insured-elsewhere-before"),
        pytest.param(others("P", elsewhere=[ELSEWHERE | {"member_id": 8}]), id="somebody-else"),
        pytest.param(others("P", payers=[{"payer_responsibility": "S"}]), id="first-of-two"),
        pytest.param(
            others("P", payers=[{"payer_responsibility": "S", "paid_cents": CHARGE}]), id="the-second-paid-by-mistake"
        ),
        pytest.param(others("U"), id="unknown-and-nobody-else-named"),
    ],
)
def test_the_first_payer_pays_its_benefit(known: OtherPayers) -> None:
    """As if there were no others."""
    found = decided(known)
    assert (found.claim_status_code, found.paid_cents) == ("1", 7600)


def test_plans_may_answer_for_another_payer_with_oa() -> None:
    """A setting."""
    assert decided(others("S"), book=book_with(other_payer_group="OA")).codes == ["OA 22"]
