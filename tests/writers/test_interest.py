"""Interest and late-filing reductions in what we send: AMT*I with PLB*L6, AMT*KH (domain.md 5.6, 9.5, 9.9, T25)."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from edi.payment_balance import PaymentsUnbalanced
from edi.remittance import Adjustment, Person, Remittance, RemittanceClaim
from edi.scanner import scan
from tests.writers.remittances import (
    PAYER,
    accepted_by_pyx12,
    details,
    payment,
    remittance,
    reversal_of,
    service,
    statement,
    worked_example,
)
from tests.writers.runs import write_835
from writers.eop_csv import write_eop_csv
from writers.eop_pdf import write_eop_pdf


def segments(sent: Remittance) -> list[str]:
    """The written set, which our scanner and pyx12 accept."""
    content = write_835(sent)
    assert scan(content, snip=3).findings == []
    assert accepted_by_pyx12(content)
    return content.decode("ascii").rstrip("~").split("~")


def with_interest(**cents: int) -> tuple[RemittanceClaim, ...]:
    """The worked example's claims, with interest by the end of their account number."""
    return tuple(
        replace(claim, interest_cents=cents.pop(claim.details.patient_control_number[-1], 0))
        for claim in worked_example().claims
    )


def test_the_worked_examples_interest() -> None:
    """Claim A bears 2.50: AMT*I after its dates, PLB*L6 with its number takes it from nobody, BPR02 is 182.50."""
    written = segments(remittance(*with_interest(A=250)))
    assert written[3].startswith("BPR*I*182.5*C*ACH")
    received = written.index("DTM*050*20260520")
    assert written[received + 1] == "AMT*I*2.5"
    assert written[-4] == "PLB*1234567893*20261231*L6:26170000001*-2.5"
    assert sum(segment.startswith("AMT*I") for segment in written) == 1


def test_interest_of_several_claims_is_one_adjustment_without_a_claim() -> None:
    """Its amount is their sum; a claim that is paid nothing may bear some too."""
    written = segments(remittance(*with_interest(A=250, C=1)))
    assert [segment for segment in written if segment.startswith("AMT*I")] == ["AMT*I*2.5", "AMT*I*0.01"]
    assert written[-4] == "PLB*1234567893*20261231*L6*-2.51"


def test_interest_that_is_taken_back_with_its_claim_needs_no_adjustment_of_nothing() -> None:
    """T25: 2.50 on one claim and the reversal of 2.50 on another: two AMT*I, no PLB."""
    first, second, third, reversal, correction = with_interest(A=250)
    taken_back = replace(reversal, interest_cents=-250)
    written = segments(remittance(first, second, third, taken_back, correction))
    assert [segment for segment in written if segment.startswith("AMT*I")] == ["AMT*I*2.5", "AMT*I*-2.5"]
    assert not any(segment.startswith("PLB") for segment in written)
    assert written[3].startswith("BPR*I*180*")


def test_a_reversal_takes_the_interest_back() -> None:
    """As it was sent (domain.md 9.6)."""
    sent = with_interest(A=250)[0]
    assert reversal_of(sent).interest_cents == -250


@pytest.mark.parametrize(
    ("account", "cents", "law"),
    [("A", -1, "only a reversal takes money back"), ("D", 1, "a reversal pays no interest")],
)
def test_interest_goes_the_way_of_the_claim(account: str, cents: int, law: str) -> None:
    """Nothing else is written."""
    with pytest.raises(PaymentsUnbalanced, match=law):
        write_835(remittance(*with_interest(**{account: cents})))


def test_a_payment_without_its_interest_is_not_written() -> None:
    """The balance of the transaction."""
    sent = remittance(*with_interest(A=250))
    with pytest.raises(PaymentsUnbalanced, match="payment = claim payments - provider adjustments"):
        write_835(replace(sent, payment_cents=sent.payment_cents - 250))


def test_the_statement_tells_the_interest() -> None:
    """On its claim and in the total; without any, nothing is said in the PDF."""
    told = statement(remittance(*with_interest(A=250)))
    rows = list(csv.DictReader(io.StringIO(write_eop_csv(told).decode())))
    assert {(row["claim_number"], row["claim_interest"]) for row in rows if row["claim_interest"]} == {
        ("26170000001", "2.50")
    }
    assert {(row["payment_amount"], row["payment_interest"]) for row in rows} == {("182.50", "2.50")}
    assert write_eop_pdf(told, PAYER)
    assert write_eop_pdf(told, PAYER) != write_eop_pdf(statement(worked_example()), PAYER)


def test_what_a_contract_takes_off_for_late_filing_is_told_beside_its_adjustment() -> None:
    """CO B4 says why the payment is less, AMT*KH of the line how much (domain.md 5.6); not on a reversal."""
    late = payment(
        details("26170000009", "PCN-L", Person("LOE", "LEA"), date(2026, 6, 8)),
        service(
            "99213",
            date(2026, 4, 1),
            10000,
            7200,
            "L1",
            Adjustment("CO", "45", 2000),
            Adjustment("CO", "B4", 800),
            allowed_cents=8000,
        ),
    )
    written = segments(remittance(late))
    place = written.index("AMT*B6*80")
    assert written[place + 1] == "AMT*KH*8"
    correction = replace(late, details=replace(late.details, original_claim_number="26170000009"))
    assert sum(segment.startswith("AMT*KH") for segment in segments(remittance(reversal_of(late), correction))) == 1
