"""The EOP for machines: the same claims and cents as the 835."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from edi.money import to_cents
from edi.remittance import Person, Remittance, Statement
from tests.writers.remittances import (
    details,
    payment,
    pended_claim,
    remittance,
    remittances,
    service,
    statement,
    worked_example,
)
from writers.eop_csv import COLUMNS, write_eop_csv
from writers.statement_words import StatementDisagrees


def rows(made: Statement) -> list[dict[str, str]]:
    """The file read back."""
    return list(csv.DictReader(io.StringIO(write_eop_csv(made).decode("utf-8"), newline="")))


def test_each_line_and_each_pended_claim_has_a_row() -> None:
    """Six lines of five claims and one pended claim, with amounts, reasons and days."""
    found = rows(statement(worked_example(), pended_claim()))
    assert [row["section"] for row in found] == ["paid", "paid", "paid", "denied", "reversed", "corrected", "pended"]
    first, *_, reversal, _, pended = found
    assert tuple(first) == COLUMNS
    assert {name: value for name, value in first.items() if value} == {
        "week_from": "2026-06-15",
        "week_through": "2026-06-21",
        "payee_id": "RIVER",
        "payee_name": "RIVER CLINIC LLC",
        "payee_npi": "1234567893",
        "payment_number": "EFT0001042",
        "payment_method": "ACH",
        "payment_date": "2026-06-26",
        "payment_amount": "180.00",
        "payment_claims": "180.00",
        "section": "paid",
        "claim_number": "26170000001",
        "patient_control_number": "PCN-A",
        "patient_name": "ROE, ANN",
        "member_number": "M0000001",
        "received_date": "2026-05-20",
        "claim_charge": "150.00",
        "claim_paid": "80.00",
        "line_number": "1",
        "line_control_number": "A1",
        "procedure_code": "99213",
        "units": "1",
        "line_service_from": "2026-05-04",
        "line_service_through": "2026-05-04",
        "charge": "150.00",
        "allowed": "100.00",
        "paid": "80.00",
        "patient_share": "20.00",
        "adjustments": "CO 45 50.00; PR 3 20.00",
        "reasons": "Charge above the contracted amount - provider write-off, not owed by the patient (CO 45): 50.00; "
        "Copay - owed by the patient (PR 3): 20.00",
    }
    assert (reversal["charge"], reversal["paid"], reversal["units"]) == ("-300.00", "-150.00", "-4")
    assert (pended["claim_charge"], pended["days_pended"], pended["charge"]) == ("123.45", "4", "")
    assert (pended["reasons"], pended["next_step"]) == ("We are setting the price of a service.", "Nothing.")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(remittances())
def test_the_lines_add_up_to_the_payment(sent: Remittance) -> None:
    """The sum of paid over all rows is the payment that every row names, and every charge is there."""
    found = rows(statement(sent))
    assert sum(to_cents(row["paid"]) for row in found) == sent.payment_cents
    assert {to_cents(row["payment_amount"]) for row in found} == {sent.payment_cents}
    assert sum(to_cents(row["charge"]) for row in found) == sum(claim.charge_cents for claim in sent.claims)


def test_a_spreadsheet_runs_nothing_of_a_claim() -> None:
    """A text of a file that begins like a formula gets an apostrophe, and stays on its line."""
    claim = payment(
        details("1", "=1+1", Person("@SUM(A1)", "A\nB"), date(2026, 6, 1), member_number="-2"),
        service("99213", date(2026, 5, 4), 5, 5, "A1"),
    )
    (row,) = rows(statement(remittance(claim)))
    assert row["patient_control_number"] == "'=1+1"
    assert row["patient_name"] == "'@SUM(A1), A B"
    assert row["member_number"] == "'-2"


def test_a_statement_that_does_not_add_up_is_not_written() -> None:
    """Its payment is the sum of its claims."""
    sent = worked_example()
    with pytest.raises(StatementDisagrees):
        write_eop_csv(statement(replace(sent, payment_cents=sent.payment_cents + 1)))
