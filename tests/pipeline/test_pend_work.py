"""Claims that wait: owner, age, and what people do with them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from edi.pend_queues import PendQueues
from loaders.balance import balance
from loaders.claim_actions import NotPended, actions
from pipeline.adjudicate import adjudicate
from pipeline.claim import view_claim
from pipeline.pend_work import ActionRefused, assign, bucket_of, deny, pended, price, release, work_on
from pipeline.process import process_files
from pipeline.remit import remit
from rules.pend_reasons import NO_PRICE, SERVICE_AFTER_RECEIPT
from tests.pipeline.plan import CLAIMS, ENROLLMENT, Plan

WHO = "jo"


@pytest.fixture
def waiting(plan: Plan) -> Plan:
    """Professional claims of the demo, decided without any fee."""
    plan.load_registry()
    plan.change(
        rulebook=replace(plan.house.configuration.rulebook, fees=()),
        queues=PendQueues({NO_PRICE: "pricing"}, "claims"),
    )
    process_files(plan.house, plan.take_in("acme", ENROLLMENT))
    process_files(plan.house, plan.take_in("clearlink", CLAIMS))
    adjudicate(plan.house)
    return plan


def unpriced(plan: Plan) -> list[str]:
    """Numbers of the claims that wait for a price, in order."""
    return [one["claim_number"] for one in pended(plan.house, reason=NO_PRICE)["claims"]]


def prices(plan: Plan, number: str) -> dict[int, int]:
    """Half of the charge of every line."""
    rows = plan.rows(
        "select line_number, l.charge_cents from claim_line l join claim using (claim_id)"
        f" where claim_number = '{number}' order by line_number"
    )
    return {row["line_number"]: row["charge_cents"] // 2 for row in rows}


def in_order(plan: Plan) -> bool:
    """Does the balance of the warehouse hold?"""
    with plan.house.warehouse.begin() as connection:
        return balance(connection).holds


def test_a_claim_has_the_queue_of_its_reason_until_somebody_takes_it(waiting: Plan) -> None:
    """And back again."""
    number = unpriced(waiting)[0]

    def owner() -> str:
        return next(str(one["owner"]) for one in pended(waiting.house)["claims"] if one["claim_number"] == number)

    assert owner() == "pricing"
    assign(waiting.house, number, "ann", WHO)
    assert owner() == "ann"
    assert [one["claim_number"] for one in pended(waiting.house, owner="ann")["claims"]] == [number]
    assert assign(waiting.house, number, None, WHO)["owner"] == owner() == "pricing"


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, "0-15"), (15, "0-15"), (16, "16-30"), (30, "16-30"), (31, "31-45"), (45, "31-45"), (46, "46+"), (4000, "46+")],
)
def test_claims_age_by_the_days_they_waited(waiting: Plan, days: int, bucket: str) -> None:
    """Every claim that waits is in one bucket, and its filter finds it."""
    waiting.clock.instant += timedelta(days=days)
    report = pended(waiting.house)
    assert bucket_of(days) == bucket
    assert report["by_age"][bucket] == report["pended"] == len(report["claims"]) > 0
    assert {one["days"] for one in report["claims"]} == {days}
    for other in report["by_age"]:
        assert len(pended(waiting.house, bucket=other)["claims"]) == (report["pended"] if other == bucket else 0)


def test_the_list_is_short_and_the_counts_are_of_all(waiting: Plan) -> None:
    """Longest first, then by number."""
    report = pended(waiting.house, most=2)
    assert len(report["claims"]) == 2
    assert report["pended"] == sum(report["by_reason"].values()) == sum(report["by_owner"].values()) > 2
    numbers = [one["claim_number"] for one in pended(waiting.house)["claims"]]
    assert numbers == sorted(numbers)


def test_a_claim_with_a_price_is_paid_and_remitted(waiting: Plan) -> None:
    """What a person decided goes the way of every decision."""
    number = unpriced(waiting)[0]
    acted = price(waiting.house, number, prices(waiting, number), WHO, "agreed by telephone")
    assert (acted.outcome, acted.pend_reason) == ("paid", None)
    assert in_order(waiting)
    waiting.clock.instant += timedelta(days=1)
    remit(waiting.house, waiting.house.today())
    (told,) = view_claim(waiting.house, number).claims
    assert [one["paid_cents"] for one in told["remittances"]] == [acted.paid_cents]
    assert acted.paid_cents > 0
    (done,) = told["actions"]
    assert (done["did"], done["by"], done["note"], done["decision"]) == ("price", WHO, "agreed by telephone", 2)


def test_a_denial_is_a_persons_decision(waiting: Plan) -> None:
    """With its codes on every line, and no benefit used."""
    number = unpriced(waiting)[0]
    used = waiting.count("accumulator_entry")
    acted = deny(waiting.house, number, ("CO", "50", ["N115"]), WHO)
    assert (acted.outcome, acted.paid_cents) == ("denied", 0)
    decision = view_claim(waiting.house, number).claims[0]["decisions"][-1]
    assert decision["decided_by"] == "person"
    for line in decision["lines"]:
        (adjustment,) = line["adjustments"]
        assert (adjustment["group_code"], adjustment["reason_code"], line["remark_codes"]) == ("CO", "50", ["N115"])
        assert adjustment["amount_cents"] == line["charge_cents"]
    assert waiting.count("accumulator_entry") == used
    assert in_order(waiting)


def test_a_release_is_of_the_reason_that_the_claim_waits_for(waiting: Plan) -> None:
    """Of another it is refused; of one that cannot be set aside too; and nothing is recorded."""
    number = unpriced(waiting)[0]
    with pytest.raises(NotPended):
        release(waiting.house, number, WHO, reason=SERVICE_AFTER_RECEIPT)
    with pytest.raises(ActionRefused):
        release(waiting.house, number, WHO)
    assert waiting.count("claim_action") == 0


def test_a_released_claim_is_decided_without_its_reason(waiting: Plan) -> None:
    """It waits for the next one, or is decided; the first never comes back."""
    number = unpriced(waiting)[0]
    waiting.execute(f"update claim set received_date = service_from - 1 where claim_number = '{number}'")
    waiting.execute(
        "update decision set pend_reason = 'SERVICE_AFTER_RECEIPT'"
        f" where claim_id = (select claim_id from claim where claim_number = '{number}')"
    )
    acted = release(waiting.house, number, WHO, "the clock of the sender", SERVICE_AFTER_RECEIPT)
    assert (acted.outcome, acted.pend_reason) == ("pended", NO_PRICE)
    assert price(waiting.house, number, prices(waiting, number), WHO).outcome == "paid"
    assert [one["did"] for one in work_on(waiting.house, number)["actions"]] == ["release", "price"]


REFUSED: dict[str, Callable[[Plan, str], Any]] = {
    "no-such-line": lambda plan, number: price(plan.house, number, {99: 100}, WHO),
    "more-than-charged": lambda plan, number: price(plan.house, number, {1: 10**9}, WHO),
    "reason-without-remark": lambda plan, number: deny(plan.house, number, ("CO", "16", []), WHO),
    "group-of-another-reason": lambda plan, number: deny(plan.house, number, ("PR", "18", []), WHO),
    "nothing": lambda plan, number: price(plan.house, number, {1: 0}, WHO),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_leaves_nothing(waiting: Plan, what: str) -> None:
    """No action, no decision."""
    before = waiting.content()
    with pytest.raises(ActionRefused):
        REFUSED[what](waiting, unpriced(waiting)[0])
    assert waiting.content() == before


@pytest.mark.parametrize("number", ["unknown", "decided"])
def test_a_claim_that_does_not_wait_cannot_be_acted_on(waiting: Plan, number: str) -> None:
    """The second of two equal commands is told so, and changes nothing."""
    claim = unpriced(waiting)[0] if number == "decided" else "9"
    if number == "decided":
        deny(waiting.house, claim, ("CO", "50", []), WHO)
    before = waiting.content()
    for act in (
        lambda: deny(waiting.house, claim, ("CO", "50", []), WHO),
        lambda: release(waiting.house, claim, WHO),
        lambda: price(waiting.house, claim, {1: 1}, WHO),
        lambda: assign(waiting.house, claim, "ann", WHO),
    ):
        with pytest.raises(NotPended):
            act()
    assert waiting.content() == before


def test_of_two_people_at_once_one_decides(waiting: Plan) -> None:
    """The other is told that the claim waits no longer; adjudication beside them changes nothing."""
    number = unpriced(waiting)[0]
    told: list[str] = []
    start = threading.Barrier(3)

    def act(what: Callable[[], object]) -> None:
        start.wait()
        try:
            what()
            told.append("done")
        except NotPended:
            told.append("late")

    wanted = prices(waiting, number)
    threads = [
        threading.Thread(target=act, args=(lambda: deny(waiting.house, number, ("CO", "50", []), "ann"),)),
        threading.Thread(target=act, args=(lambda: price(waiting.house, number, wanted, "ben"),)),
        threading.Thread(target=act, args=(lambda: adjudicate(waiting.house),)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "done", "late"]
    with waiting.house.warehouse.begin() as connection:
        (done,) = actions(connection)
    assert done.sequence == 2
    assert in_order(waiting)
