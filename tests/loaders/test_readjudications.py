"""Claims decided again: which may be, and that what was remitted of them is taken back once and paid anew."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from loaders import payment_runs
from loaders.balance import balance
from loaders.outgoing import outgoing
from loaders.readjudications import lock_and_refuse
from loaders.warehouse import Warehouse, WarehouseRefused
from tests.loaders.desk import SUNDAY, Desk
from tests.loaders.test_payments_due import only, read, settle_week

NEXT_FRIDAY, NEXT_SUNDAY, LAST_SUNDAY = date(2026, 6, 26), date(2026, 6, 28), date(2026, 7, 5)


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    """A warehouse with a registry, a member and a file."""
    return Desk(warehouse).open()


@pytest.fixture
def remitted(desk: Desk) -> int:
    """A claim that was paid 80.00 and remitted, and decided again at 95.00 in the week after."""
    claim_id = desk.claim()
    desk.decide(claim_id, 8000)
    settle_week(desk)
    decide_again(desk, claim_id, 9500)
    return claim_id


def decide_again(desk: Desk, claim_id: int, paid: int, on: date = NEXT_FRIDAY) -> None:
    """Another decision of a claim, whose payment stands no longer."""
    desk.decide(claim_id, paid, on=on)
    execute(desk, f"update remittance_claim set stands = false where entry = 'payment' and claim_id = {claim_id}")


def execute(desk: Desk, statement: str) -> None:
    """Change the warehouse."""
    with desk.warehouse.begin() as conn:
        conn.execute(text(statement))


def entries(desk: Desk) -> list[tuple[str, int, bool]]:
    """What was sent, in order: entry, cents, and whether it stands."""
    query = "select entry, paid_cents, stands from remittance_claim order by remittance_claim_id"
    with desk.warehouse.begin() as conn:
        return [tuple(row) for row in conn.execute(text(query))]


def test_what_was_remitted_is_taken_back_and_paid_anew(desk: Desk, remitted: int) -> None:
    """Once: the reversal is of what was sent, directly before the new payment; then nothing is due."""
    with desk.warehouse.begin() as conn:
        waiting = outgoing(conn)
    assert (waiting.waiting_claims, waiting.waiting_cents) == (1, 1500)
    facts = read(desk, NEXT_SUNDAY)
    assert only(facts)["reverses"] == remitted
    assert [facts.rows(name)[0]["paid_cents"] for name in ("sent_claims", "claims")] == [8000, 9500]
    settle_week(desk, NEXT_SUNDAY, 2)
    assert entries(desk) == [("payment", 8000, False), ("reversal", -8000, True), ("payment", 9500, True)]
    assert read(desk, LAST_SUNDAY).due.claims.empty
    with desk.warehouse.begin() as conn:
        assert outgoing(conn).waiting_claims == 0
        assert balance(conn).faults == {}
    decide_again(desk, remitted, 12000, date(2026, 7, 3))
    assert only(read(desk, LAST_SUNDAY))["reverses"] == remitted
    settle_week(desk, LAST_SUNDAY, 3)
    assert sum(cents for _, cents, _ in entries(desk)) == 12000


def test_a_week_that_was_settled_knows_nothing_of_it(desk: Desk, remitted: int) -> None:
    """The decision of its days was remitted; the next one is of another week, and nothing waits."""
    facts = read(desk, SUNDAY)
    assert remitted
    assert facts.due.claims.empty
    assert facts.pended == []


def test_a_correction_takes_back_what_was_sent(desk: Desk, remitted: int) -> None:
    """Where it comes before the second decision is remitted, that is never paid."""
    desk.decide(desk.correct(remitted), 9000, on=NEXT_FRIDAY)
    facts = read(desk, NEXT_SUNDAY)
    assert only(facts)["reverses"] == remitted
    assert [facts.rows(name)[0]["paid_cents"] for name in ("sent_claims", "claims")] == [8000, 9000]
    settle_week(desk, NEXT_SUNDAY, 2)
    assert sum(cents for _, cents, _ in entries(desk)) == 9000
    assert read(desk, LAST_SUNDAY).due.claims.empty


def test_two_payments_of_a_claim_cannot_stand(desk: Desk, remitted: int) -> None:
    """The unique key says so, should settlement ever fail; and the balance tells what was not taken back."""
    settle_week(desk, NEXT_SUNDAY, 2)
    with pytest.raises(WarehouseRefused) as refused:
        execute(desk, f"update remittance_claim set stands = true where claim_id = {remitted}")
    assert refused.value.constraint == "uq_remittance_claim_standing"
    of_claims = ("adjustment", "service", "name", "detail")
    for rows in (*(f"remittance_{each}" for each in of_claims), "remittance_claim where entry = 'reversal'"):
        execute(desk, f"delete from {rows}")
    with desk.warehouse.begin() as conn:
        assert any("without taking back" in fault for fault in balance(conn).faults)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("select 1", None),
        ("update claim set state = 'pended'", "UNDECIDED"),
        ("update decision set sequence = 2", "DECIDED_MEANWHILE"),
        ("update decision set source = 'person'", "NOT_BY_RULES"),
        ("update decision set claim_status_code = 'void'", "VOID"),
        ("update claim set version_state = 'replaced'", "SUPERSEDED"),
        ("update claim set version_state = 'refused'", None),
        ("update claim set frequency_code = '7'", "CORRECTION"),
    ],
)
def test_some_are_left_as_they_are(desk: Desk, change: str, refusal: str | None) -> None:
    """Each for its reason."""
    claim_id = desk.claim()
    desk.decide(claim_id, 8000)
    execute(desk, change)
    with desk.warehouse.begin() as conn:
        assert lock_and_refuse(conn, {claim_id: 1}) == ({claim_id: refusal} if refusal else {})


def test_a_run_that_is_composed_at_the_same_time_is_waited_for(desk: Desk) -> None:
    """What it stores of the decision that it read would stand beside the new one, which then nobody pays."""
    claim_id = desk.claim()
    desk.decide(claim_id, 8000)
    with desk.warehouse.begin() as composing, desk.warehouse.begin() as again:
        payment_runs.lock(composing)
        again.execute(text("set local lock_timeout = '50ms'"))
        with pytest.raises(DBAPIError, match="lock timeout"):
            lock_and_refuse(again, {claim_id: 1})
        again.rollback()


def test_a_claim_whose_correction_waits_is_left(desk: Desk) -> None:
    """What comes of that decides."""
    claim_id = desk.claim()
    desk.decide(claim_id, 8000)
    desk.correct(claim_id)
    execute(desk, f"update claim set version_state = 'active' where claim_id = {claim_id}")
    with desk.warehouse.begin() as conn:
        assert lock_and_refuse(conn, {claim_id: 1}) == {claim_id: "CORRECTION_WAITS"}
