"""What a person said stands in the place of one rule, and of no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from edi.claim_facts import ClaimFacts, OperatorActions
from rules.adjudication import Decisions, decide
from rules.operator_actions import Denial, denied
from rules.pend_reasons import FREQUENCY_NOT_SUPPORTED, NO_PRICE, PEND_REASONS, SERVICE_AFTER_RECEIPT
from rules.pend_work import may_be_denied, may_be_released
from rules.rulebook import Fee, Rulebook
from tests.rules.bills import BOOK, CLAIM, LINE, PROVIDER, SINCE, SPAN, claim, frame, line

UNPRICED = "99999"
EARLY: dict[str, Any] = {"received_date": "2026-03-01"}
"""Received before it was served."""


def said(*releases: tuple[int, str], prices: tuple[tuple[int, int, int], ...] = ()) -> OperatorActions:
    """Actions of people."""
    return OperatorActions(
        releases=pd.DataFrame(releases, columns=["claim_id", "pend_reason"]),
        prices=pd.DataFrame(prices, columns=["claim_id", "line_number", "allowed_cents"]),
    )


def facts(*lines: dict[str, Any], actions: OperatorActions | None = None, **changes: object) -> ClaimFacts:
    """One claim."""
    billed = claim(charge_cents=sum(each["charge_cents"] for each in lines), **changes)
    return ClaimFacts(
        claims=frame([billed], CLAIM),
        lines=frame(list(lines), LINE),
        spans=frame([SPAN], SPAN),
        providers=frame([PROVIDER], PROVIDER),
        operator_actions=actions,
    )


def outcome(decided: Decisions) -> tuple[str, str | None]:
    """Outcome and pend reason of the only claim."""
    (head,) = decided.claims.to_dict("records")
    return head["outcome"], head["pend_reason"]


def money(decided: Decisions) -> list[Any]:
    """Amounts of lines, and adjustments."""
    return [*decided.lines.to_dict("records"), *decided.adjustments.to_dict("records")]


def test_a_release_sets_its_reason_aside_and_the_claim_goes_on() -> None:
    """The bill is decided as if it had come in time, and says that a person let it pass."""
    waits = decide(facts(line(), **EARLY), BOOK)
    assert outcome(waits) == ("pended", SERVICE_AFTER_RECEIPT)
    released = decide(facts(line(), actions=said((1, SERVICE_AFTER_RECEIPT)), **EARLY), BOOK)
    assert outcome(released)[0] == "paid"
    assert money(released) == money(decide(facts(line()), BOOK))
    told = [fact["rule"] for fact in released.claims["explanation"].iloc[0]]
    assert "RELEASED-BY-PERSON" in told


@pytest.mark.parametrize(
    "actions",
    [
        pytest.param(said((1, FREQUENCY_NOT_SUPPORTED)), id="of-another-reason"),
        pytest.param(said((2, SERVICE_AFTER_RECEIPT)), id="of-another-claim"),
        pytest.param(said(), id="of-nothing"),
        pytest.param(None, id="nobody-said-anything"),
    ],
)
def test_a_release_of_something_else_changes_nothing(actions: OperatorActions | None) -> None:
    """It is of one reason of one claim."""
    assert outcome(decide(facts(line(), actions=actions, **EARLY), BOOK)) == ("pended", SERVICE_AFTER_RECEIPT)


def test_a_released_claim_may_wait_for_the_next_reason() -> None:
    """Every other rule still counts."""
    bill = line(procedure_code=UNPRICED)
    released = decide(facts(bill, actions=said((1, SERVICE_AFTER_RECEIPT)), **EARLY), BOOK)
    assert outcome(released) == ("pended", NO_PRICE)


@pytest.mark.parametrize("cents", [1, 9999, 18250])
def test_a_price_that_was_given_is_shared_as_one_of_the_schedule(cents: int) -> None:
    """The money is that of a rulebook with this fee."""
    bill = (line(procedure_code=UNPRICED), line(2))
    given = decide(facts(*bill, actions=said(prices=((1, 1, cents),))), BOOK)
    fee = Fee(procedure_code=UNPRICED, allowed_cents=cents, effective_from=SINCE)
    scheduled = decide(facts(*bill), replace(BOOK, fees=(*BOOK.fees, fee)))
    assert outcome(given)[0] == "paid"
    assert money(given) == money(scheduled)


def test_a_price_of_one_line_leaves_the_other_without() -> None:
    """The claim waits on."""
    bill = (line(procedure_code=UNPRICED), line(2, procedure_code=UNPRICED))
    assert outcome(decide(facts(*bill, actions=said(prices=((1, 1, 100),))), BOOK)) == ("pended", NO_PRICE)


@pytest.mark.parametrize(("group", "owed"), [("CO", 0), ("PR", 18250 + 700)])
def test_a_denial_takes_the_whole_charge_of_every_line(group: str, owed: int) -> None:
    """Balanced, with its remarks; nothing for a line that charges nothing; what the rules said before stays told."""
    bill = facts(line(procedure_code=UNPRICED), line(2, charge_cents=700), line(3, charge_cents=0))
    waits = decide(bill, BOOK)
    done = denied(bill, waits, Denial(group, "50", ("N115", "N130"), 4, NO_PRICE))
    assert outcome(done) == ("denied", None)
    assert done.lines["paid_cents"].tolist() == [0, 0, 0]
    assert done.adjustments[["line_number", "amount_cents"]].to_numpy().tolist() == [[1, 18250], [2, 700]]
    assert len(done.remarks) == 3 * 2
    (head,) = done.claims.to_dict("records")
    assert head["patient_responsibility_cents"] == owed
    assert head["explanation"][:-1] == waits.claims["explanation"].iloc[0]
    assert not head["replaces_original"]


def test_only_an_unknown_patient_has_status_4() -> None:
    """CLP02 stays 1 for every other denial (domain.md 8.1 #1)."""
    bill = facts(line(procedure_code=UNPRICED))
    waits = decide(bill, BOOK)
    status = {
        reason: denied(bill, waits, Denial("PR", reason, (), 1, NO_PRICE)).claims["claim_status_code"].iloc[0]
        for reason in ("31", "96")
    }
    assert status == {"31": "4", "96": "1"}


@pytest.mark.parametrize("reason", sorted(PEND_REASONS))
def test_every_reason_can_be_worked_on_or_is_known_to_need_another_claim(reason: str) -> None:
    """What can be released can be denied too."""
    assert may_be_denied(reason) or not may_be_released(reason)


@pytest.mark.parametrize(
    ("changes", "book", "reason"),
    [
        pytest.param(EARLY, BOOK, SERVICE_AFTER_RECEIPT, id="early"),
        pytest.param({}, replace(BOOK, filing_rules=()), "NO_FILING_RULE", id="no-filing-rule"),
        pytest.param({"frequency_code": "0"}, BOOK, FREQUENCY_NOT_SUPPORTED, id="frequency"),
        pytest.param({"predetermination": True}, BOOK, "PREDETERMINATION", id="predetermination"),
        pytest.param({"set_kind": "RP"}, BOOK, "ENCOUNTER", id="encounter"),
        pytest.param({"set_kind": "31"}, BOOK, "SUBROGATION", id="subrogation"),
    ],
)
def test_what_may_be_released_can_be_decided(changes: dict[str, Any], book: Rulebook, reason: str) -> None:
    """Without its reason the claim reaches an end, or waits for something else."""
    assert may_be_released(reason)
    assert outcome(decide(facts(line(), **changes), book)) == ("pended", reason)
    found = outcome(decide(facts(line(), actions=said((1, reason)), **changes), book))
    assert found[1] != reason
