"""What a statement tells beside payments: claims that the front returned."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from loaders.statement_facts import read_open_balances, read_returned
from loaders.warehouse import Warehouse
from tests.loaders.desk import SUNDAY, Desk

MONDAY = date(2026, 6, 15)
UNNUMBERED: dict[str, Any] = {"claim_number": None, "family_id": None, "version": None, "version_state": "refused"}


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    """A registry of two payees, and no claims."""
    return Desk(warehouse).open()


def test_the_returned_claims_of_a_week_with_what_was_found(desk: Desk) -> None:
    """Of known payees, received in the week; edits in their order, those that only report left out."""
    found = desk.claim(state="rejected", received=MONDAY, tracking_number="T000000077", **UNNUMBERED)
    desk.claim(state="rejected", received=SUNDAY, payee="LAKE", **UNNUMBERED)
    desk.claim(state="rejected", received=date(2026, 6, 14), **UNNUMBERED)
    desk.claim(state="rejected", received=MONDAY, billing_npi="1999999992", **UNNUMBERED)
    desk.claim(state="rejected", received=MONDAY, is_test=True, **UNNUMBERED)
    desk.claim(received=MONDAY)
    with desk.warehouse.begin() as conn:
        conn.execute(
            text(
                "insert into claim_edit (claim_id, ordinal, edit, severity, statuses) values"
                " (:id, 2, 'SERVICE_UNDATED', 'reject', 'A6:187'), (:id, 3, 'PROVIDER_UNKNOWN', 'report', 'A3:26:85'),"
                " (:id, 1, 'MEMBER_UNKNOWN', 'reject', 'A3:33')"
            ),
            {"id": found},
        )
        lake, river = read_returned(conn, MONDAY, SUNDAY)
        assert len(read_returned(conn, MONDAY, SUNDAY, accept_test=True)) == 3
    assert (river["payee_id"], river["edits"], river["statuses"], river["tracking_number"]) == (
        "RIVER",
        ["MEMBER_UNKNOWN", "SERVICE_UNDATED"],
        ["A3:33", "A6:187"],
        "T000000077",
    )
    assert (lake["payee_id"], lake["edits"], lake["charge_cents"]) == ("LAKE", None, 15000)


def test_no_balance_is_open_before_any_remittance(desk: Desk) -> None:
    """Balances come from remittances alone."""
    with desk.warehouse.begin() as conn:
        assert read_open_balances(conn) == []
