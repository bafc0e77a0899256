"""The EOP's forms say the same: whatever a provider reads on paper stands on the page and in the table."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from datetime import date

from pypdf import PdfReader

from edi.remittance import Adjustment, ForwardedBalance, Person, ProviderAdjustment, RefusedClaim, Statement
from tests.writers.remittances import (
    PAYEE,
    PAYER,
    details,
    payment,
    pended_claim,
    remittance,
    service,
    statement,
    worked_example,
)
from writers.eop_csv import write_eop_csv
from writers.eop_html import write_eop_html
from writers.eop_pdf import write_eop_pdf
from writers.statement_words import balance_of

TAKEN = (
    ProviderAdjustment("WO", "26120000077", 2500),
    ProviderAdjustment("E3", "WITHHOLD 2025", -711),
    ProviderAdjustment("FB", "R000000007", 4321),
)


def rich() -> Statement:
    """One of everything: sections, adjustments, a balance taken, a waiting and a returned claim."""
    sent = worked_example()
    late = replace(sent.claims[0], interest_cents=658, days_late=16, interest_rule="CT-ELECTRONIC")
    adjustments = (*TAKEN, ProviderAdjustment("L6", late.details.claim_number, -658))
    paid = sum(claim.paid_cents for claim in sent.claims) - sum(each.amount_cents for each in adjustments)
    made = replace(sent, claims=(late, *sent.claims[1:]), adjustments=adjustments, payment_cents=paid)
    returned = RefusedClaim(
        payee_id="RIVER",
        patient_control_number="PCN-RETURNED",
        patient=Person("NOE", "NED"),
        member_number="M0000077",
        received_date=date(2026, 6, 16),
        service_from=date(2026, 6, 1),
        service_through=None,
        charge_cents=9876,
        frequency_code="7",
        tracking_number="T000000077",
        reasons=("Nobody has this subscriber id (A3:33).",),
    )
    return replace(statement(made, pended_claim(reason="ATTACHMENT_AWAITED")), refused=(returned,))


def forms(made: Statement) -> dict[str, str]:
    """What each form says, blanks and line ends as one blank."""
    pages = PdfReader(io.BytesIO(write_eop_pdf(made, PAYER))).pages
    page = html.unescape(re.sub("<[^>]*>", " ", write_eop_html(made, PAYER).decode("utf-8")))
    told = {"pdf": " ".join(each.extract_text() for each in pages), "html": page, "csv": write_eop_csv(made).decode()}
    return {form: " ".join(text.split()) for form, text in told.items()}


def test_all_forms_say_the_same() -> None:
    """Numbers of payment, claims and references; amounts; reasons; what to do."""
    made = rich()
    assert made.remittance
    expected = [
        made.remittance.trace_number,
        *(claim.details.claim_number for claim in made.remittance.claims),
        *("26120000077", "WITHHOLD 2025", "R000000007", "CT-ELECTRONIC", "T0000001", "T000000077"),
        *("-25.00", "7.11", "-43.21", "6.58", "98.76", "123.45"),
        *(
            "Overpayment that we recover (WO)",
            "Withheld under your contract, paid out (E3)",
            "Interest, because we paid",
        ),
        *("PCN-RETURNED", "NOE, NED", "Nobody has this subscriber id (A3:33)."),
        *("We wait for the paperwork that the claim announces.", "Please send it to us."),
        *("Copay - owed by the patient (PR 3)", "This decision cannot be appealed. (N211)"),
    ]
    for form, text in forms(made).items():
        missing = [each for each in expected if each.lower() not in text.lower()]
        assert not missing, form


def test_a_payment_without_claims_is_told_by_all() -> None:
    """A payee whose account alone is settled."""
    bonus = ProviderAdjustment("BN", "QUALITY 2026", -7500)
    made = statement(replace(remittance(), adjustments=(bonus,), payment_cents=7500, payment_method="CHK"))
    for form, text in forms(made).items():
        assert "QUALITY 2026" in text, form
        assert "75.00" in text, form


def test_a_balance_is_before_less_taken_and_more_forwarded() -> None:
    """Taken whole under its old number, forwarded anew where that is too much, left alone without money."""
    claim = payment(
        details("26170000001", "PCN", Person("ROE", "ANN"), date(2026, 6, 1)),
        service("99213", date(2026, 5, 4), 5000, 5000, "A1", Adjustment("CO", "45", 0)),
    )
    forwards = (ProviderAdjustment("FB", "A", 20000), ProviderAdjustment("FB", "B", -15000))
    week = statement(replace(remittance(claim, trace_number="B"), adjustments=forwards, payment_cents=0))
    found = balance_of(week)
    assert found
    assert (found.before_cents, found.taken_cents, found.forwarded_cents) == (20000, 20000, 15000)
    assert (found.after_cents, found.before_from) == (15000, "A")
    alone = balance_of(replace(statement(None, payee=PAYEE), balance=ForwardedBalance("A", 20000)))
    assert alone
    assert (alone.before_cents, alone.after_cents) == (20000, 20000)
    assert balance_of(statement(remittance(claim))) is None
