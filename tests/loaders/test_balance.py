from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, text

from loaders.balance import FAULTS, Balance, balance
from loaders.warehouse import Warehouse

CLAIM = """
insert into claim (claim_id, claim_number, family_id, version, version_state, state, file_id, set_key, partner, is_test,
                   kind, patient_control_number, charge_cents, facility_code, frequency_code, received_date,
                   source_start, source_stop)
values (:claim, :claim, :family, :version, :version_state, :state, 1, 1, 'hub', false, 'P', 'x', :charge, '11', '1',
        '2026-05-04', :claim, 1)
"""
DECISION = """
insert into decision (decision_id, claim_id, sequence, outcome, decided_at, decided_on, rules_bundle, claim_status_code,
                      charge_cents, allowed_cents, paid_cents, patient_responsibility_cents, explanation)
values (:claim * 10 + :sequence, :claim, :sequence, :outcome, '2026-05-05', '2026-05-05', 'r', :status, :charge, 0,
        :paid, 0, '[]')
"""
LINE = "insert into decision_line values (:claim * 10 + :sequence, 1, :charge, 0, :paid)"
ADJUSTMENT = "insert into adjustment values (:claim * 10 + :sequence, 1, :group, '45', :amount)"


def decide(
    conn: Connection,
    claim: int,
    outcome: str,
    charge: int,
    paid: int,
    adjusted: Sequence[int] = (),
    *,
    sequence: int = 1,
    line_charge: int | None = None,
    status: str = "1",
) -> None:
    """A decision with one line."""
    keys = {"claim": claim, "sequence": sequence}
    row = {**keys, "outcome": outcome, "charge": charge, "paid": paid, "status": status}
    conn.execute(text(DECISION), row)
    conn.execute(text(LINE), {**keys, "charge": charge if line_charge is None else line_charge, "paid": paid})
    for group, amount in zip(("CO", "PR", "OA"), adjusted, strict=False):
        conn.execute(text(ADJUSTMENT), {**keys, "group": group, "amount": amount})


def claim(
    conn: Connection,
    number: int,
    state: str,
    charge: int,
    family: int | None = None,
    version: tuple[int, str] = (1, "active"),
) -> None:
    """A claim of a family of its own, unless one is given."""
    row = {"claim": number, "family": family or number, "version": version[0], "version_state": version[1]}
    conn.execute(text(CLAIM), row | {"state": state, "charge": charge})


@pytest.fixture
def loose(warehouse: Warehouse) -> Warehouse:
    """A warehouse whose next transactions need not keep foreign keys: only the sums are the question."""
    with warehouse.begin() as conn:
        conn.execute(text("alter role edi set session_replication_role = replica"))
    warehouse.close()
    with warehouse.begin() as conn:
        conn.execute(text("alter role edi reset session_replication_role"))
    return warehouse


def taken(warehouse: Warehouse) -> Balance:
    """The balance, in a transaction of its own."""
    with warehouse.begin() as conn:
        return balance(conn)


def test_an_empty_warehouse_balances(warehouse: Warehouse) -> None:
    """Nothing is nothing."""
    assert taken(warehouse) == Balance({}, {}, 0, 0, 0, 0, {})
    assert taken(warehouse).holds


def test_every_cent_billed_is_paid_or_adjusted(loose: Warehouse) -> None:
    """The last decision of a claim counts; undecided claims, and voids, bill nothing."""
    with loose.begin() as conn:
        claim(conn, 1, "paid", 10000)
        decide(conn, 1, "pended", 10000, 0)
        decide(conn, 1, "paid", 10000, 7000, [2000, 1000], sequence=2)
        claim(conn, 2, "denied", 500)
        decide(conn, 2, "denied", 500, 0, [500])
        claim(conn, 3, "pended", 900)
        decide(conn, 3, "pended", 900, 0)
        claim(conn, 4, "accepted", 300)
        claim(conn, 5, "paid", 10000)
        decide(conn, 5, "paid", 10000, 0, line_charge=0, status="void")
    found = taken(loose)
    assert (found.decided_claims, found.billed_cents, found.paid_cents, found.adjusted_cents) == (2, 10500, 7000, 3500)
    assert found.claims == {"accepted": 1, "denied": 1, "paid": 2, "pended": 1}
    assert found.holds


@pytest.mark.parametrize(
    ("fault", "state", "charge", "decision"),
    [
        ("undecided", "paid", 100, None),
        ("other_state", "denied", 100, ("paid", 100, 100, [])),
        ("other_charge", "paid", 200, ("paid", 100, 100, [])),
        ("unbalanced_lines", "paid", 100, ("paid", 100, 70, [20])),
    ],
)
def test_what_does_not_add_up_is_found(
    loose: Warehouse, fault: str, state: str, charge: int, decision: tuple[str, int, int, list[int]] | None
) -> None:
    """Each fault by its own sentence."""
    with loose.begin() as conn:
        claim(conn, 1, state, charge)
        if decision is not None:
            decide(conn, 1, *decision)
    found = taken(loose)
    assert found.faults == {FAULTS[fault]: 1}
    assert not found.holds


def test_lines_that_do_not_sum_to_their_decision_are_found(loose: Warehouse) -> None:
    """Even where every line balances."""
    with loose.begin() as conn:
        claim(conn, 1, "paid", 100)
        decide(conn, 1, "paid", 100, 70, [20], line_charge=90)
    assert taken(loose).faults == {FAULTS["other_sum"]: 1}
    assert not taken(loose).holds


def test_two_decided_versions_in_force_are_found(loose: Warehouse) -> None:
    """A correction in force and the original in force would be paid twice."""
    with loose.begin() as conn:
        conn.execute(text("alter table claim drop constraint uq_claim_family_id_version"))
        for number in (1, 2):
            claim(conn, number, "denied", 100, family=1)
            decide(conn, number, "denied", 100, 0, [100])
    assert taken(loose).faults == {FAULTS["twice_in_force"]: 1}


@pytest.mark.parametrize("taken_back", [False, True])
def test_a_version_that_is_paid_beside_the_one_before_is_found(loose: Warehouse, *, taken_back: bool) -> None:
    """Unless what was remitted of the family before is taken back."""
    with loose.begin() as conn:
        for number, version in enumerate(((1, "replaced"), (2, "active")), 1):
            claim(conn, number, "paid", 100, 1, version)
            decide(conn, number, "paid", 100, 70, [30])
            remitted(conn, number, "payment", 70)
        if taken_back:
            remitted(conn, 1, "reversal", -70)
    assert taken(loose).faults == ({} if taken_back else {FAULTS["remitted_twice"]: 1})


def remitted(conn: Connection, number: int, entry: str, paid: int) -> None:
    """The claim in a remittance."""
    row = {"number": number, "entry": entry, "paid": paid, "ordinal": number if paid > 0 else number + 2}
    conn.execute(
        text(
            "insert into remittance_claim (remittance_id, ordinal, entry, claim_id, decision_id, claim_number,"
            " patient_control_number, claim_status_code, charge_cents, paid_cents, stands)"
            " values (1, :ordinal, :entry, :number, :number * 10 + 1, :number, 'x', '1', 0, :paid, true)"
        ),
        row,
    )
