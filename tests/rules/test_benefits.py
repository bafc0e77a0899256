"""Deductibles, coinsurance and maxima of members and families, used up in the order of the claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.claim_facts import ClaimFacts
from edi.reference_data import ReferenceFacts
from rules.adjudication import Decisions, decide
from rules.benefit_settings import CostShares
from rules.rulebook import Plan, Rulebook
from tests.rules.bills import BOOK, CLAIM, CORRECTION, LINE, PROVIDER, SPAN, book_with, claim, frame, line

ANN, BEN = 7, 8
FAMILY = 1
OTHER_PLACE = "22"
YEAR = pd.Timestamp("2026-01-01")


def plan(**changes: Any) -> Rulebook:  # noqa: ANN401 - any part of a plan
    """A plan with 20 % coinsurance and no copay, changed."""
    return book_with(plans=(replace(BOOK.plans[0], copay_cents=0, **changes),))


def bill(number: int, member: int = ANN, allowed: int = 12000, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401
    """A claim of one line whose allowed amount is its charge."""
    bill = claim(claim_id=number, member_id=member, charge_cents=allowed, **changes)
    return bill, line(claim_id=number, charge_cents=allowed, place_of_service=OTHER_PLACE, procedure_code="99213")


def decided(
    book: Rulebook,
    *bills: tuple[dict[str, Any], dict[str, Any]],
    used: list[dict[str, Any]] | None = None,
    back: list[dict[str, Any]] | None = None,
    members: tuple[int, ...] = (ANN, BEN),
    reference: ReferenceFacts | None = None,
) -> Decisions:
    """Decide bills of one family, of which some benefits may be used already, and some be taken back."""
    facts = ClaimFacts(
        claims=frame([each for each, _ in bills], CLAIM),
        lines=frame([each for _, each in bills], LINE),
        spans=frame([SPAN | {"member_id": member} for member in members], SPAN),
        providers=frame([PROVIDER], PROVIDER),
        families=pd.DataFrame({"member_id": pd.Series(members, dtype="Int64"), "family_key": FAMILY}),
        accumulators=pd.DataFrame(used) if used else None,
        taken_back=pd.DataFrame(back) if back else None,
        reference=reference,
    )
    return decide(facts, book)


def counted(amount: int, counter: str = "deductible", *, member: int | None = ANN, **other: Any) -> dict[str, Any]:  # noqa: ANN401
    """An accumulator of the member, or of the family."""
    holder = {"holder": "family", "holder_id": FAMILY} if member is None else {"holder": "member", "holder_id": member}
    return {**holder, "plan_id": "GOLD", "counter": counter, "period_from": YEAR, "amount": amount, **other}


def shares(decisions: Decisions, reason: str) -> list[int]:
    """PR amounts of a reason by claim, 0 where there is none."""
    owed = decisions.adjustments.query("group_code == 'PR'")
    owed = owed[owed["reason_code"] == reason]
    by_claim = owed.set_index("claim_id")["amount_cents"]
    return [int(amount) for amount in by_claim.reindex(decisions.claims["claim_id"], fill_value=0)]


def test_a_line_without_charge_goes_before_others_and_changes_nothing() -> None:
    """Of the deductible of 200.00, 150.00 are used: the visit owes 50.00 of it, and a fifth of 70.00."""
    decisions = decided(plan(deductible_cents=20000), bill(1, allowed=0), bill(2), used=[counted(15000)])
    assert (shares(decisions, "1"), shares(decisions, "2")) == ([0, 5000], [0, 1400])


@pytest.mark.parametrize(
    ("terms", "used", "members", "deductibles", "coinsurances"),
    [
        pytest.param({"deductible_cents": 20000}, [], [ANN] * 3, [12000, 8000, 0], [0, 800, 2400], id="met-in-order"),
        pytest.param({"deductible_cents": 20000}, [15000], [ANN, ANN], [5000, 0], [1400, 2400], id="used-before"),
        pytest.param({"deductible_cents": 20000}, [25000], [ANN], [0], [2400], id="used-beyond-a-lower-deductible"),
        pytest.param({"deductible_cents": 20000}, [], [ANN, BEN], [12000, 12000], [0, 0], id="each-his-own"),
        pytest.param(
            {"deductible_cents": 10000, "family_deductible_cents": 15000},
            [], [ANN, BEN, BEN], [10000, 5000, 0], [400, 1400, 2400], id="met-by-the-family",
        ),
        pytest.param({"out_of_pocket_cents": 3000}, [], [ANN] * 3, [0, 0, 0], [2400, 600, 0], id="maximum"),
        pytest.param(
            {"out_of_pocket_cents": 3000, "family_out_of_pocket_cents": 4000},
            [], [ANN, BEN, BEN], [0, 0, 0], [2400, 1600, 0], id="maximum-of-the-family",
        ),
        pytest.param(
            {"deductible_cents": 20000, "out_of_pocket_cents": 15000},
            [], [ANN, ANN, ANN], [12000, 3000, 0], [0, 0, 0], id="maximum-ends-the-deductible-too",
        ),
    ],
)  # fmt: skip
def test_what_members_owe(
    terms: dict[str, int], used: list[int], members: list[int], deductibles: list[int], coinsurances: list[int]
) -> None:
    """Deductible first, then coinsurance, until a maximum is reached; in the order of the claims."""
    bills = [bill(number, member) for number, member in enumerate(members, 1)]
    decisions = decided(plan(**terms), *bills, used=[counted(amount) for amount in used])
    assert shares(decisions, "1") == deductibles
    assert shares(decisions, "2") == coinsurances


def test_an_office_visit_owes_its_copay_and_no_deductible() -> None:
    """Unless the plan says that the deductible is owed of what the copay leaves."""
    office = bill(1)[0], bill(1)[1] | {"place_of_service": "11"}
    terms = replace(BOOK.plans[0], deductible_cents=5000)
    exempt = decided(book_with(plans=(terms,)), office)
    assert (shares(exempt, "3"), shares(exempt, "1"), shares(exempt, "2")) == ([2500], [0], [1900])
    both = decided(book_with(plans=(replace(terms, deductible_after_copay=True),)), office)
    assert (shares(both, "3"), shares(both, "1"), shares(both, "2")) == ([2500], [5000], [900])


def test_a_benefit_year_starts_on_its_day() -> None:
    """What was used before counts for the year before."""
    terms = plan(deductible_cents=20000, year_begins=(7, 1))
    used = [counted(20000), counted(4000, period_from=pd.Timestamp("2025-07-01"))]
    assert shares(decided(terms, bill(1), used=used), "1") == [12000]
    assert shares(decided(plan(deductible_cents=20000), bill(1), used=used), "1") == [0]


def test_a_correction_first_takes_back_what_its_original_used() -> None:
    """Between them stands what others used; before, taken back and used are kept with the decision (domain.md 6.5)."""
    book = plan(deductible_cents=20000)
    back = [counted(12000, claim_id=2)]
    decisions = decided(book, bill(1), bill(2, allowed=5000, **CORRECTION), bill(3), used=[counted(12000)], back=back)
    assert shares(decisions, "1") == [8000, 5000, 7000]
    entries = decisions.accumulators.query("counter == 'deductible'")
    assert entries[["claim_id", "before", "taken_back", "used"]].to_numpy().tolist() == [
        [1, 12000, 0, 8000],
        [2, 20000, 12000, 5000],
        [3, 13000, 0, 7000],
    ]


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        pytest.param(CORRECTION | {"frequency_code": "8"}, 12000, id="void"),
        pytest.param(CORRECTION | {"service_from": "2019-01-01"}, 12000, id="denied-on-its-merits"),
        pytest.param(CORRECTION | {"correction_problem": "F8_SUPERSEDED"}, 0, id="refused"),
        pytest.param(CORRECTION | {"original_state": "accepted", "original_first_remitted_on": None}, 0, id="waits"),
    ],
)
def test_only_what_takes_its_place_takes_back(changes: dict[str, Any], taken: int) -> None:
    """A void and a denied replacement do; one that is refused or waits leaves the original's use as it was."""
    correction, its_line = bill(2, **changes)
    its_line |= {"service_from": changes.get("service_from", its_line["service_from"])}
    book = plan(deductible_cents=20000)
    decisions = decided(book, (correction, its_line), bill(3), used=[counted(12000)], back=[counted(12000, claim_id=2)])
    entries = decisions.accumulators.query("claim_id == 2")
    assert entries["taken_back"].sum() == taken
    assert entries["used"].sum() == 0
    assert shares(decisions, "1") == [0, 12000 if taken else 8000]


def test_a_claim_that_waits_uses_nothing() -> None:
    """A line without a price makes the claim wait, and the next one still meets the whole deductible."""
    waiting = bill(1)[0], bill(1)[1] | {"procedure_code": "X9999"}
    decisions = decided(plan(deductible_cents=20000), waiting, bill(2))
    assert decisions.claims["outcome"].tolist() == ["pended", "paid"]
    assert decisions.accumulators["claim_id"].unique().tolist() == [2]


AMOUNTS = st.one_of(st.none(), st.integers(0, 30_000))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    bills=st.lists(
        st.tuples(st.sampled_from([ANN, BEN, 9]), st.integers(1, 12000), st.sampled_from(["11", OTHER_PLACE])),
        min_size=1,
        max_size=12,
    ),
    copay=st.integers(0, 3000),
    percent=st.integers(0, 100),
    deductible=st.integers(0, 15_000),
    family=AMOUNTS,
    most=AMOUNTS,
    family_most=AMOUNTS,
    after=st.booleans(),
)
def test_equal_to_one_claim_after_the_other(
    bills: list[tuple[int, int, str]],
    copay: int,
    percent: int,
    deductible: int,
    family: int | None,
    most: int | None,
    family_most: int | None,
    after: bool,
) -> None:
    """What many families owe side by side is what a clerk works out claim by claim; no maximum is ever passed."""
    terms = CostShares(
        copay_cents=copay,
        coinsurance_percent=percent,
        deductible_cents=deductible,
        family_deductible_cents=None if family is None else max(family, deductible),
        out_of_pocket_cents=most,
        family_out_of_pocket_cents=None if family_most is None else max(family_most, most or 0),
        deductible_after_copay=after,
    )
    fields = {name: getattr(terms, name) for name in CostShares.__dataclass_fields__}
    gold = Plan(id="GOLD", name="Gold", filing_indicator="HM", effective_from=date(2020, 1, 1), **fields)
    made = []
    for number, (member, charge, place) in enumerate(bills, 1):
        its_claim, its_line = bill(number, member, charge)
        made.append((its_claim, its_line | {"place_of_service": place}))
    decisions = decided(book_with(plans=(gold,)), *made, members=(ANN, BEN, 9))

    used: dict[tuple[str, int | None], int] = {}
    expected = []
    for member, charge, place in bills:
        room = min(_left(terms.out_of_pocket_cents, used, "pocket", member),
                   _left(terms.family_out_of_pocket_cents, used, "pocket", None))  # fmt: skip
        owed = min(copay, charge) if place == "11" else 0
        copaid = min(owed, room)
        left = min(_left(terms.deductible_cents, used, "deductible", member),
                   _left(terms.family_deductible_cents, used, "deductible", None))  # fmt: skip
        subject = charge - owed if after or not (place == "11" and copay) else 0
        deducted = min(subject, left, room - copaid)
        coinsured = min(((charge - owed - deducted) * percent * 100 + 5000) // 10000, room - copaid - deducted)
        expected.append((copaid, deducted, coinsured))
        for holder in (member, None):
            used["deductible", holder] = used.get(("deductible", holder), 0) + deducted
            used["pocket", holder] = used.get(("pocket", holder), 0) + copaid + deducted + coinsured
    found = list(zip(shares(decisions, "3"), shares(decisions, "1"), shares(decisions, "2"), strict=True))
    assert found == expected


def _left(limit: int | None, used: dict[tuple[str, int | None], int], counter: str, holder: int | None) -> int:
    return 10**12 if limit is None else max(limit - used.get((counter, holder), 0), 0)
