"""The EOP on paper: what stands on it, what it adds up to, and that it is the same each time."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from edi.remittance import Adjustment, Person, ProviderAdjustment, RemittanceClaim, Statement
from tests.writers.remittances import (
    PAYEE,
    PAYER,
    details,
    payment,
    pended_claim,
    remittance,
    reversal_of,
    service,
    statement,
    worked_example,
)
from writers.eop_pdf import write_eop_pdf
from writers.statement_words import StatementDisagrees


def pages(made: Statement) -> list[str]:
    """The text of each page, runs of blanks and line ends as one blank."""
    reader = PdfReader(io.BytesIO(write_eop_pdf(made, PAYER)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_the_statement_says_what_was_paid_and_why_not() -> None:
    """Payment, payee, week, every claim under its outcome, and reasons in words beside their codes."""
    text = " ".join(pages(statement(worked_example(), pended_claim())))
    for expected in (
        "Explanation of payment",
        "Week 2026-06-15 to 2026-06-21",
        "RIVER CLINIC LLC",
        "NPI 1234567893",
        "$180.00",
        "Electronic funds transfer (ACH), number EFT0001042",
        "Remittance made 2026-06-24, payment date 2026-06-26",
        "Payment EFT0001042 180.00",
        "Paid claims (2)",
        "Denied claims (1)",
        "Reversed and corrected claims (2)",
        "Pended claims (1)",
        "Reversal of claim 26150000004 your account PCN-D \u00b7 patient DOE, DEE",
        "corrects claim 26150000004, tracking number T0000001",
        "Copay - owed by the patient (PR 3) 20.00",
        "Received after the filing limit - provider write-off, not owed by the",
        "patient (CO 29)",
        "This corrects an earlier claim. (MA67)",
        "We are setting the price of a service.",
        "Professional claims must reach us within 60 days of the date of service.",
    ):
        assert expected in text


def test_every_page_says_which_it_is() -> None:
    """Page x of y, with enough claims for several pages."""
    claims = [
        payment(
            details(f"{26170000000 + number}", f"PCN-{number}", Person("ROE", "ANN"), date(2026, 6, 1)),
            service("99213", date(2026, 5, 4), 15000, 10000, "A1", Adjustment("CO", "45", 5000)),
        )
        for number in range(60)
    ]
    found = pages(statement(remittance(*claims)))
    assert len(found) > 3
    for number, text in enumerate(found, 1):
        assert f"Page {number} of {len(found)}" in text
    assert all("payment R000000001" in text for text in found[1:])
    assert sum(text.count("your account PCN-") for text in found) == 60


def test_claims_stay_whole_and_long_ones_say_whose_lines_go_on() -> None:
    """A claim of two lines is on one page with its sum; the next page of a long one names it again."""
    short = [claim_of(number, lines=2) for number in range(1, 40)]
    long = claim_of(99, lines=120)
    found = pages(statement(remittance(*short, long)))
    told = [text for text in found if "your account PCN-" in text]
    assert len(told) > 4
    for text in told:
        shown = text.count("your account PCN-") - text.count("your account PCN-99 ")
        assert shown == text.count("Claim total") - (text is found[-1])
    going_on = [text for text in found if "Claim 26170000099, continued" in text]
    assert len(going_on) > 2
    assert "Section total" in found[-1]
    assert " 120 2026-05-04" in found[-1]


def claim_of(number: int, lines: int) -> RemittanceClaim:
    """A claim of equal lines."""
    each = [
        service("99213", date(2026, 5, 4), 15000, 10000, f"A{line}", Adjustment("CO", "45", 5000))
        for line in range(1, lines + 1)
    ]
    return payment(details(f"{26170000000 + number}", f"PCN-{number}", Person("ROE", "ANN"), date(2026, 6, 1)), *each)


def test_the_outline_leads_to_every_section() -> None:
    """In the order of the statement."""
    made = write_eop_pdf(statement(worked_example(), pended_claim()), PAYER)
    assert [each.title for each in PdfReader(io.BytesIO(made)).outline] == [  # type: ignore[union-attr] # no sublists here
        "This week",
        "Deadlines and disputes",
        "Paid claims (2)",
        "Denied claims (1)",
        "Reversed and corrected claims (2)",
        "Pended claims (1)",
    ]


def test_interest_says_how_late_and_by_which_rule() -> None:
    """In the band of its claim; the payment has it among the provider adjustments."""
    late = replace(claim_of(1, lines=1), interest_cents=658, days_late=16, interest_rule="CT-ELECTRONIC")
    text = " ".join(pages(statement(remittance(late))))
    assert "interest 6.58, 16 days late, rule CT-ELECTRONIC" in text
    assert "Interest, because we paid late (L6) claim 26170000001 6.58" in text


def test_what_a_claim_has_as_a_whole_is_told() -> None:
    """Adjustments and remarks of no line stand with the claim's sum; an accepted void has a band alone."""
    bare = replace(payment(details("26170000019", "PCN-W", Person("DOE", "DEE"), date(2026, 6, 5))), outcome="denied")
    whole = replace(bare, charge_cents=12000, adjustments=(Adjustment("CO", "29", 12000),), remark_codes=("N211",))
    void = replace(bare, status_code="void", outcome="void")
    text = " ".join(pages(statement(remittance(whole, void))))
    assert "Claim total 120.00 0.00 0.00 Received after the filing limit" in text
    assert "This decision cannot be appealed. (N211)" in text
    assert "Void 26170000019, accepted" in text


@pytest.mark.parametrize("lines", [0, 1, 2], ids=["voids", "of-a-line", "of-two-lines"])
def test_a_section_total_never_stands_alone(lines: int) -> None:
    """Wherever on a page the last claim ends, and if it is a band alone: the sum is on the page of its end."""
    several = {0: 25, 1: 14, 2: 10}[lines]
    for count in range(several - 7, several):
        claims = [claim_of(number, lines) for number in range(count)]
        if not lines:
            claims = [replace(claim, status_code="void", outcome="void") for claim in claims]
        (ending,) = [text for text in pages(statement(remittance(*claims))) if "Section total" in text]
        assert "your account PCN-" in ending


@pytest.mark.parametrize("lines", [1, 3, 6, 7])
def test_a_section_begins_with_its_first_claim(lines: int) -> None:
    """Wherever on a page it begins: no heading, and no titles of columns, stand over nothing."""
    for count in range(3, 18):
        denied = replace(claim_of(count, lines), outcome="denied")
        found = pages(statement(remittance(*(claim_of(number, 1) for number in range(count)), denied)))
        (beginning,) = [text for text in found if "Denied claims (1) Line" in text]
        assert f"your account PCN-{count} " in beginning


def test_a_negative_week_says_what_is_forwarded() -> None:
    """Nothing is paid; the balance stands under the provider adjustments with the payment that it comes from."""
    old = payment(
        details("26150000004", "PCN-D", Person("DOE", "DEE"), date(2026, 5, 5)),
        service("97110", date(2026, 4, 20), 30000, 15000, "D1", Adjustment("CO", "45", 15000)),
    )
    earlier, forwarded = ProviderAdjustment("FB", "R1", 2000), ProviderAdjustment("FB", "R2", -17000)
    sent = replace(
        remittance(reversal_of(old), trace_number="R2"),
        payment_cents=0,
        payment_method="NON",
        adjustments=(earlier, forwarded),
    )
    text = " ".join(pages(statement(sent)))
    for expected in (
        "Balance that you owed from an earlier remittance (FB) from payment R1 -20.00",
        "Balance forwarded to your next remittance (FB) as balance of payment R2 170.00",
        "You owed us before this week (payment R1) 20.00",
        "You owe us now; we take it from your next payment 170.00",
        "Payment R2 0.00",
    ):
        assert expected in text


def test_a_long_name_is_wrapped_and_never_cut() -> None:
    """Every character of a name of any length is on the paper, even one without blanks."""
    payee = replace(
        PAYEE, name="REGIONAL CENTER FOR OUTPATIENT REHABILITATION AND RECOVERY MEDICINE OF EASTERN PROVINCES " * 3
    )
    patient = Person("X" * 60, "Y" * 35)
    claim = payment(
        details("26170000001", "A" * 38, patient, date(2026, 6, 1)),
        service("99213", date(2026, 5, 4), 15000, 15000, "A1"),
    )
    made = statement(remittance(claim, payee=payee), pended_claim(patient=patient, patient_control_number="B" * 38))
    text = "".join("".join(page.split()) for page in pages(made))
    assert "".join(payee.name.split()) in text
    assert f"{'X' * 60},{'Y' * 35}" in text
    assert "A" * 38 in text
    assert "B" * 38 in text


def test_characters_that_mean_something_to_a_page_maker_are_shown() -> None:
    """A name is text, whatever it holds."""
    claim = payment(
        details("26170000001", "<b>&amp;", Person("O'NEIL <i> & SONS", "RENÉ\x07"), date(2026, 6, 1)),
        service("99213", date(2026, 5, 4), 15000, 15000, "A1"),
    )
    text = " ".join(pages(statement(remittance(claim))))
    assert "O'NEIL <i> & SONS, RENÉ" in text
    assert "<b>&amp;" in text


def test_a_statement_that_does_not_add_up_is_not_written() -> None:
    """Its payment is the sum of its claims."""
    sent = worked_example()
    with pytest.raises(StatementDisagrees):
        write_eop_pdf(statement(replace(sent, payment_cents=sent.payment_cents + 1)), PAYER)


def test_the_same_statement_gives_the_same_bytes() -> None:
    """Nothing reads a clock or draws a random identifier."""
    made = statement(worked_example(), pended_claim())
    assert write_eop_pdf(made, PAYER) == write_eop_pdf(made, PAYER)
