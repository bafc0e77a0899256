"""Claims one by one with what holds for them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from loaders.claim_list import ClaimLine, count_members, list_claims
from loaders.warehouse import Warehouse
from tests.loaders.desk import Desk


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    """A warehouse with a registry, a member and a file."""
    return Desk(warehouse).open()


def lines(desk: Desk) -> list[ClaimLine]:
    """The list."""
    with desk.warehouse.begin() as conn:
        return list_claims(conn)


def test_an_empty_warehouse(warehouse: Warehouse) -> None:
    """Has no claims and no members."""
    with warehouse.begin() as conn:
        assert (list_claims(conn), count_members(conn)) == ([], (0, 0))


def test_a_claim_without_a_decision_has_no_money_yet(desk: Desk) -> None:
    """It is on the list all the same."""
    desk.claim(charge=12345)
    assert lines(desk) == [
        ClaimLine(
            claim_number="261520000002",
            received="2026-06-01",
            kind="P",
            frequency="1",
            state="accepted",
            version_state="active",
            tracking_number="",
            charge_cents=12345,
            paid_cents=0,
            patient_cents=0,
            reasons="",
        )
    ]


def test_the_last_decision_is_the_one_that_holds(desk: Desk) -> None:
    """With its reasons, each named once; those of earlier decisions are history."""
    claim = desk.claim()
    desk.decide(claim, 0, outcome="pended")
    (line,) = lines(desk)
    assert (line.state, line.paid_cents, line.reasons) == ("pended", 0, "NO_PRICE")
    desk.decide(claim, 8000, ("PR", "3", 2000), ("CO", "45", 4000), ("CO", "131", 1000), remarks=("N130", "M47"))
    (line,) = lines(desk)
    assert (line.state, line.paid_cents, line.patient_cents) == ("paid", 8000, 2000)
    assert line.reasons == "CO 131, CO 45, PR 3, M47, N130"


def test_every_version_is_on_the_list_in_order_of_receipt(desk: Desk) -> None:
    """The replaced one and its correction, each as it stands."""
    desk.claim(received=date(2026, 6, 3))
    original = desk.claim()
    desk.decide(original, 9000)
    correction = desk.correct(original, received=date(2026, 6, 2))
    desk.decide(correction, 0, ("CO", "29", 15000))
    found = [(line.received, line.frequency, line.version_state, line.state, line.paid_cents) for line in lines(desk)]
    assert found == [
        ("2026-06-01", "1", "replaced", "paid", 9000),
        ("2026-06-02", "7", "active", "denied", 0),
        ("2026-06-03", "1", "active", "accepted", 0),
    ]
    assert [bool(line.tracking_number) for line in lines(desk)] == [False, True, False]


def test_spans_that_were_superseded_do_not_count(desk: Desk) -> None:
    """Of members everybody counts, of coverage what is believed now."""
    with desk.warehouse.begin() as conn:
        parameters = {"member": desk.keys["member"], "file": desk.keys["file"]}
        key = conn.execute(
            text("insert into coverage_key (member_id, insurance_line) values (:member, 'HMO') returning coverage_key"),
            parameters,
        ).scalar_one()
        for superseded in ("null", "now()", "now()"):
            conn.execute(
                text(
                    "insert into coverage_span (coverage_key, member_id, insurance_line, plan_id, valid, recorded_at,"
                    " superseded_at, superseded_by, file_id, source_start, source_stop)"
                    " values (:key, :member, 'HMO', 'gold', daterange('2026-01-01', null), now(),"
                    f" {superseded}, case when {superseded} is not null then :file end, :file, 0, 1)"
                ),
                {**parameters, "key": key},
            )
        assert count_members(conn) == (1, 1)
