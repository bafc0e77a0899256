"""Claims that may be facts of each other are decided one after the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from loaders.claim_rounds import Neighbour, rounds_of

FIRST, SECOND, THIRD = date(2026, 2, 2), date(2026, 2, 3), date(2026, 2, 4)


def neighbours(*changes: dict[str, Any]) -> list[int]:
    """The rounds of claims of one patient, each on a day and an account of its own, so changed."""
    usual = [
        Neighbour(number, "S1", 7, number, "P", "1", f"A{number}", date(2026, 3, number), date(2026, 3, number))
        for number in range(1, len(changes) + 1)
    ]
    rounds = rounds_of(each._replace(**change) for each, change in zip(usual, changes, strict=True))
    return [rounds[each.claim_id] for each in usual]


HOSPITAL = {"kind": "I"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"service_from": FIRST, "service_through": SECOND},
                     {"service_from": SECOND, "service_through": THIRD}, id="a-day-in-common"),
        pytest.param({"service_from": None, "service_through": None}, {}, id="no-day"),
        pytest.param({"patient_control_number": "A"}, {"patient_control_number": "A"}, id="an-account"),
        pytest.param({}, {"frequency_code": "8"}, id="a-void"),
        pytest.param({"frequency_code": None}, {"kind": "I"}, id="no-frequency"),
        pytest.param({"frequency_code": "2"}, {"kind": "I"}, id="before-a-stay-goes-on"),
        pytest.param(HOSPITAL, HOSPITAL, id="a-hospital"),
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
        pytest.param({"service_from": FIRST, "service_through": FIRST, "kind": "D"}, id="another-kind"),
        pytest.param({"service_from": FIRST, "service_through": FIRST, "member_id": 8}, id="another-patient"),
        pytest.param({"service_from": FIRST, "service_through": FIRST, "household": "S2", "member_id": 9}, id="others"),
    ],
)
def test_most_claims_need_not_wait(other: dict[str, Any]) -> None:
    """Nothing of one is asked for the other."""
    assert neighbours({"service_from": FIRST, "service_through": FIRST}, other) == [0, 0]


def test_a_household_keeps_its_order() -> None:
    """Who comes after one that waits comes no sooner, for they share deductibles; the others do not wait for him."""
    day = {"service_from": FIRST, "service_through": FIRST}
    of_others = {"household": "S2", "member_id": 9}
    assert neighbours(day, day, {"member_id": 8}, of_others, day | {"member_id": 8}, day) == [0, 1, 1, 0, 1, 2]
