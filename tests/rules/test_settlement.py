"""Settlement: who is paid what, and what is taken back first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.remittance import (
    Adjustment,
    DecidedClaim,
    Payee,
    Person,
    Remittance,
    RemittanceClaim,
    WeekFacts,
)
from edi.remittance_balance import imbalances
from rules.settlement import filing_indicator, reversal_of, settle
from tests.writers.remittances import PAYEE, claims, details, payment, pended_claim, remittance, service

OTHER = replace(PAYEE, payee_id="LAKE", name="LAKE CLINIC")
PAYEES = {"RIVER": PAYEE, "LAKE": OTHER}
DAY = date(2026, 6, 1)


def claim(number: int, paid: int, received: date = DAY, **other: object) -> RemittanceClaim:
    """One line, charged 100.00, the rest written off."""
    adjustments = [Adjustment("CO", "45", 10000 - paid)] if paid < 10000 else []
    return payment(
        details(f"{26170000000 + number}", f"PCN-{number}", Person("ROE"), received, **other),
        service("99213", DAY, 10000, paid, "A1", *adjustments, allowed_cents=paid),
    )


def week(*decided: DecidedClaim, pended: tuple[str, ...] = (), payees: dict[str, Payee] | None = None) -> WeekFacts:
    """The facts of a week; `pended` names the payees of claims that wait."""
    waiting = tuple(replace(pended_claim(f"2618{number:07d}"), payee_id=payee) for number, payee in enumerate(pended))
    return WeekFacts(date(2026, 6, 21), None, payees or PAYEES, decided, waiting)


def numbers(entries: tuple[RemittanceClaim, ...]) -> list[tuple[str, int]]:
    """Entry and serial of each claim."""
    return [(entry.entry, int(entry.details.claim_number) - 26170000000) for entry in entries]


def test_claims_go_to_their_payee_in_order_of_receipt() -> None:
    """Payees by id, claims by day of receipt and then by number, whatever order the facts come in."""
    settled = settle(
        week(
            DecidedClaim("RIVER", claim(3, 500)),
            DecidedClaim("LAKE", claim(2, 700)),
            DecidedClaim("RIVER", claim(9, 500, date(2026, 5, 1))),
            DecidedClaim("RIVER", claim(1, 500)),
        ),
        {},
    )
    assert [found.payee.payee_id for found in settled.weeks] == ["LAKE", "RIVER"]
    assert numbers(settled.weeks[1].claims) == [("payment", 9), ("payment", 1), ("payment", 3)]
    assert [found.net_cents for found in settled.weeks] == [700, 1500]


def test_a_correction_follows_the_reversal_of_what_it_replaces() -> None:
    """Charge, payment, adjustments and units negated as sent; status 22; an alert on the correction."""
    sent = payment(
        details("26170000001", "OLD", Person("ROE"), date(2026, 5, 1)),
        service(
            "99213", DAY, 10000, 6000, "A1", Adjustment("CO", "45", 3000), Adjustment("PR", "3", 1000),
            allowed_cents=7000, remark_codes=("N130",),
        ),
    )  # fmt: skip
    new = claim(2, 8000, original_claim_number="26170000001", frequency_code="7")
    (found,) = settle(week(DecidedClaim("RIVER", new, sent)), {}).weeks
    reversal, correction = found.claims
    assert reversal.status_code == "22"
    assert reversal.details.patient_control_number == "OLD"
    assert (reversal.charge_cents, reversal.paid_cents, reversal.patient_responsibility_cents) == (-10000, -6000, None)
    (line,) = reversal.services
    assert line.adjustments == (Adjustment("CO", "45", -3000), Adjustment("PR", "3", -1000))
    assert (line.units, line.allowed_cents, line.remark_codes) == (Decimal(-1), None, ())
    assert correction.services[0].remark_codes == ("MA67",)
    assert found.net_cents == 2000


def test_a_correction_that_replaces_nothing_has_no_alert() -> None:
    """One that was refused is remitted alone; the original stays as it was."""
    (found,) = settle(week(DecidedClaim("RIVER", claim(2, 0, original_claim_number="26170000001"))), {}).weeks
    assert numbers(found.claims) == [("payment", 2)]
    assert found.claims[0].services[0].remark_codes == ()


def test_a_void_is_the_reversal_of_its_original_and_done() -> None:
    """The void stands behind it without money, so that it counts as settled."""
    void = replace(
        claim(2, 0, original_claim_number="26170000001", frequency_code="8"),
        status_code="void", outcome="void", charge_cents=0, services=(),
    )  # fmt: skip
    (found,) = settle(week(DecidedClaim("RIVER", void, claim(1, 400)), DecidedClaim("RIVER", claim(3, 900))), {}).weeks
    assert numbers(found.claims) == [("reversal", 1), ("payment", 2), ("payment", 3)]
    assert [entry.in_transaction_set for entry in found.claims] == [True, False, True]
    assert found.net_cents == 500
    assert imbalances(remittance(*found.claims)) == ()


@pytest.mark.parametrize(
    ("old", "new", "remitted", "carried"),
    [(900, 400, False, True), (400, 900, True, False), (400, 400, True, False)],
    ids=["a negative week is carried", "a positive week is paid", "a week of nothing is remitted"],
)
def test_a_negative_week_is_carried(old: int, new: int, remitted: bool, carried: bool) -> None:
    """The payee gets no 835 until its week is not negative."""
    correction = claim(2, new, original_claim_number="26170000001")
    (found,) = settle(week(DecidedClaim("RIVER", correction, claim(1, old))), {}).weeks
    assert (found.is_remitted, found.is_carried) == (remitted, carried)


def test_a_payee_with_pended_claims_only_has_a_week_without_remittance() -> None:
    """It gets an EOP and no 835."""
    settled = settle(week(pended=("LAKE", "LAKE")), {})
    (found,) = settled.weeks
    assert (found.payee.payee_id, len(found.pended), found.is_remitted, found.is_carried) == ("LAKE", 2, False, False)


def test_claims_of_an_unknown_provider_wait_and_are_named() -> None:
    """Neither a claim without payee nor one whose payee left the registry is paid to anybody."""
    settled = settle(week(DecidedClaim(None, claim(1, 500)), DecidedClaim("GONE", claim(2, 500)), pended=("GONE",)), {})
    assert settled.weeks == ()
    assert settled.without_payee == (26170000001, 26170000002)


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
    assert filing_indicator(plan_id, submitted, {"GOLD": "HM", "WILD": "CI"}) == indicator


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_whatever_is_remitted_balances(data: st.DataObject) -> None:
    """Any claims and corrections: each remitted week satisfies every law of the 835, and nothing is lost or doubled."""
    decided = []
    for number in range(1, data.draw(st.integers(1, 6)) + 1):
        new = data.draw(claims(number))
        old = data.draw(st.none() | claims(number + 100))
        if old is not None:
            new = replace(new, details=replace(new.details, original_claim_number=old.details.claim_number))
        decided.append(DecidedClaim(data.draw(st.sampled_from(("RIVER", "LAKE"))), new, old))
    settled = settle(week(*decided), {})
    assert settled == settle(week(*reversed(decided)), {})
    entries = [entry for found in settled.weeks for entry in found.claims]
    assert len(entries) == len(decided) + sum(one.reverses is not None for one in decided)
    for found in settled.weeks:
        if found.is_remitted:
            sent: Remittance = remittance(*found.claims, payee=found.payee)
            assert imbalances(sent) == ()


@given(st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_reversal_undoes_what_was_sent(data: st.DataObject) -> None:
    """Sent and reversed, every charge, payment and adjustment is zero."""
    sent = data.draw(claims(1))
    back = reversal_of(sent)
    assert sent.charge_cents + back.charge_cents == 0
    assert sent.paid_cents + back.paid_cents == 0
    for one, other in zip(sent.services, back.services, strict=True):
        assert [(a.group_code, a.reason_code, -a.amount_cents) for a in one.adjustments] == [
            (a.group_code, a.reason_code, a.amount_cents) for a in other.adjustments
        ]
