"""Claims that may be facts of each other are decided one after the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from loaders.claim_rounds import Neighbour, rounds_of

FIRST, SECOND, THIRD = date(2026, 2, 2), date(2026, 2, 3), date(2026, 2, 4)


def neighbours(*changes: dict[str, Any]) -> list[int]:
    """The rounds of claims of one patient, each on a day of its own, so changed."""
    usual = [
        Neighbour(number, "S1", 7, number, "P", "1", None, date(2026, 3, number), date(2026, 3, number))
        for number in range(1, len(changes) + 1)
    ]
    rounds = rounds_of(each._replace(**change) for each, change in zip(usual, changes, strict=True))
    return [rounds[each.claim_id] for each in usual]


HOSPITAL = {"kind": "I"}
DAY = {"days_from": FIRST, "days_through": FIRST}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"days_from": FIRST, "days_through": SECOND},
                     {"days_from": SECOND, "days_through": THIRD}, id="a-day-in-common"),
        pytest.param({"days_from": None, "days_through": None}, {}, id="no-day"),
        pytest.param(HOSPITAL | DAY, HOSPITAL | DAY, id="a-day-in-hospital"),
        pytest.param(HOSPITAL, HOSPITAL | {"frequency_code": "5"}, id="a-bill-of-a-stay"),
        pytest.param(HOSPITAL, HOSPITAL | {"frequency_code": None}, id="perhaps-a-bill-of-a-stay"),
        pytest.param(HOSPITAL | {"admission_date": FIRST}, HOSPITAL | {"admission_date": FIRST}, id="an-admission"),
        pytest.param(DAY, DAY | HOSPITAL | {"frequency_code": "8"}, id="a-void-of-its-day"),
        pytest.param({"member_id": None, "family_id": 1}, {"family_id": 1}, id="versions-of-a-claim"),
    ],
)  # fmt: skip
def test_the_later_of_two_that_may_be_facts_of_each_other_waits_for_the_other(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """In doubt they may, whichever comes first."""
    assert neighbours(one, other) == neighbours(other, one) == [0, 1]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({}, id="another-day"),
        pytest.param({"frequency_code": "7"}, id="a-correction-of-another-day"),
        pytest.param(DAY | {"kind": "D"}, id="another-kind"),
        pytest.param(DAY | {"member_id": 8}, id="another-patient"),
        pytest.param(DAY | {"household": "S2", "member_id": 9}, id="others"),
    ],
)
def test_most_claims_need_not_wait(other: dict[str, Any]) -> None:
    """Nothing of one is asked for the other."""
    assert neighbours(DAY, other) == [0, 0]


def test_a_hospital_bills_most_days_by_themselves() -> None:
    """Such as one treatment after the other, without an admission."""
    assert neighbours(HOSPITAL, HOSPITAL, HOSPITAL | {"admission_date": FIRST}) == [0, 0, 0]


def test_the_unknown_wait_for_nobody() -> None:
    """Claims of nobody we know are many of one household: without a subscriber."""
    nobody = {"household": "", "member_id": None, **DAY}
    assert set(neighbours(*[nobody] * 20)) == {0}


def test_a_household_keeps_its_order() -> None:
    """Who comes after one that waits comes no sooner, for they share deductibles; the others do not wait for him."""
    of_others = {"household": "S2", "member_id": 9}
    assert neighbours(DAY, DAY, {"member_id": 8}, of_others, DAY | {"member_id": 8}, DAY) == [0, 1, 1, 0, 1, 2]
