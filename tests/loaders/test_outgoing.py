"""What is counted of what went out, and of what waits."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import insert, text

from loaders.outbox import OutboxFile, mark_sent, put
from loaders.outgoing import Outgoing, outgoing
from loaders.schema.providers import provider_registry
from loaders.schema.remittance import remittance, remittance_run
from loaders.warehouse import Warehouse
from tests.loaders.desk import Desk

NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)


def test_an_empty_warehouse_has_sent_nothing(warehouse: Warehouse) -> None:
    """All figures are there, and zero."""
    with warehouse.begin() as connection:
        assert outgoing(connection) == Outgoing(
            outbox={},
            remittance_runs=0,
            last_through=None,
            waits_for_release=None,
            remittances=0,
            payments=0,
            paid_cents=0,
            taken_back_cents=0,
            forwarded_cents=0,
            waiting_claims=0,
            waiting_cents=0,
            without_payee=0,
            left_out=0,
        )


def test_what_waits_is_told_from_what_went_out(warehouse: Warehouse) -> None:
    """By kind, so that an undelivered 835 is not hidden among acknowledgments."""
    files = [
        OutboxFile("acme", "ack", "a.x12", "999", b"a"),
        OutboxFile("acme", "ack", "b.x12", "999", b"b"),
        OutboxFile("clearlink", "out", "c.x12", "835", b"c"),
    ]
    with warehouse.begin() as connection:
        first, *_ = put(connection, files, NOON)
        mark_sent(connection, first, NOON)
    with warehouse.begin() as connection:
        assert outgoing(connection).outbox == {"835": {"pending": 1}, "999": {"pending": 1, "sent": 1}}


def test_payments_are_those_that_pay(warehouse: Warehouse) -> None:
    """A remittance of nothing is no payment; the last day settled is known either way."""
    with warehouse.begin() as connection:
        connection.execute(insert(provider_registry).values(sha256="x", providers=0, payees=0, loaded_at=NOON))
        run = insert(remittance_run).values(through_date=date(2026, 6, 7), composed_at=NOON)
        run_id = connection.execute(run.returning(remittance_run.c.remittance_run_id)).scalar_one()
        for trace, cents in (("R1", 0), ("R2", 2500), ("R3", 705)):
            connection.execute(
                insert(remittance).values(
                    remittance_run_id=run_id,
                    payee_id=trace,
                    registry_version=1,
                    trace_number=trace,
                    payment_method="CHK" if cents else "NON",
                    payment_cents=cents,
                    production_date=date(2026, 6, 8),
                    payment_date=date(2026, 6, 10),
                )
            )
    with warehouse.begin() as connection:
        sent = outgoing(connection)
    assert (sent.remittance_runs, sent.last_through) == (1, date(2026, 6, 7))
    assert sent.waits_for_release == date(2026, 6, 7)
    assert (sent.remittances, sent.payments, sent.paid_cents) == (3, 2, 3205)


def test_a_claim_without_payee_is_seen_to_wait(warehouse: Warehouse) -> None:
    """Until the registry knows whom to pay; pended claims, test claims and those with a payee are not meant."""
    desk = Desk(warehouse).open()
    desk.decide(desk.claim(), 8000)
    desk.decide(desk.claim(billing_npi="1999999984"), 0, ("CO", "208", 15000))
    desk.decide(desk.claim(billing_npi="1999999984"), 0, outcome="pended")
    desk.decide(desk.claim(billing_npi="1999999984", is_test=True), 0, ("CO", "208", 15000))
    with warehouse.begin() as connection:
        seen = outgoing(connection)
        assert (seen.waiting_claims, seen.waiting_cents, seen.without_payee) == (2, 8000, 1)
        connection.execute(text("update provider set npi = '1999999984' where payee_id = 'LAKE'"))
        connection.execute(text("update provider set tin = '222334444' where payee_id = 'LAKE'"))
        assert outgoing(connection).without_payee == 0
