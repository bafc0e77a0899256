"""The 835: the worked example to the byte, the balances, and that what is written is read without error."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from edi.money import to_cents
from edi.payment_balance import PaymentsUnbalanced, imbalances
from edi.reference.scanner import read_records
from edi.remittance import Adjustment, Person, Remittance, RemittanceClaim
from edi.scanner import scan
from edi.trouble import Final
from tests.writers.remittances import (
    PAYEE,
    accepted_by_pyx12,
    details,
    payment,
    remittance,
    remittances,
    reversal_of,
    service,
    worked_example,
)
from tests.writers.runs import run_of, write_835
from writers.remittance_files import RemittanceUnwritable

EXAMPLE = """\
ST*835*0001
BPR*I*180*C*ACH*CCP*01*011000015*DA*5550001*1123456789**01*011000028*DA*7770002*20260626
TRN*1*EFT0001042*1123456789
REF*EV*CLRHOUSE01
DTM*405*20260624
N1*PR*EXAMPLE HEALTH PLAN
N3*1 PLAN WAY
N4*HARTFORD*CT*061030000
REF*2U*99999
PER*CX*PROVIDER SERVICES*TE*8005550101
PER*BL*EDI SUPPORT*TE*8005550100
PER*IC**UR*providers.example.org/portal
N1*PE*RIVER CLINIC LLC*XX*1234567893
N3*20 WATER STREET
N4*HARTFORD*CT*06103
REF*TJ*222334444
LX*1
CLP*PCN-A*1*150*80*20*HM*26170000001*11*1
NM1*QC*1*ROE*ANN****MI*M0000001
DTM*050*20260520
SVC*HC:99213*150*80**1
DTM*472*20260504
CAS*CO*45*50
CAS*PR*3*20
REF*6R*A1
AMT*B6*100
CLP*PCN-B*1*260*90*90*HM*26170000002*11*1
NM1*QC*1*POE*BEN****MI*M0000002
DTM*050*20260601
SVC*HC:99214*200*90**1
DTM*472*20260518
CAS*CO*45*80
CAS*PR*1*30
REF*6R*B1
AMT*B6*120
SVC*HC:S9999*60*0**1
DTM*472*20260518
CAS*PR*96*60
REF*6R*B2
LQ*HE*N130
CLP*PCN-C*1*175*0**HM*26170000003*11*1
NM1*QC*1*COE*CAL****MI*M0000003
DTM*050*20260608
SVC*HC:99213*175*0**1
DTM*472*20260401
CAS*CO*29*175
REF*6R*C1
LQ*HE*N211
CLP*PCN-D*22*-300*-150**HM*26150000004*11*1
NM1*QC*1*DOE*DEE****MI*M0000004
DTM*050*20260505
SVC*HC:97110*-300*-150**-4
DTM*472*20260420
CAS*CO*45*-100
CAS*PR*2*-50
REF*6R*D1
CLP*PCN-D*1*280*160*40*HM*26170000005*11*7
NM1*QC*1*DOE*DEE****MI*M0000004
REF*F8*26150000004
DTM*050*20260610
SVC*HC:97110*280*160**4
DTM*472*20260420
CAS*CO*45*80
CAS*PR*2*40
REF*6R*D1
AMT*B6*200
LQ*HE*MA67
SE*68*0001
"""


def segments(content: bytes) -> list[str]:
    """The segments of an interchange under the usual separators."""
    return content.decode("ascii").rstrip("~").split("~")


def test_the_worked_example_is_written_to_the_byte() -> None:
    """Partly paid, denied, reversed and corrected claims stand as domain.md 9.9 shows them, in one balanced set."""
    written = segments(write_835(worked_example()))
    assert written[2:-2] == EXAMPLE.splitlines()
    assert written[1] == "GS*HP*EXAMPLEPLAN*CLRHOUSE01*20260624*0600*77*X*005010X221A1"
    assert written[-2:] == ["GE*1*77", "IEA*1*000000077"]


def test_the_worked_example_is_accepted_by_pyx12() -> None:
    """The reference validator finds nothing."""
    content = write_835(worked_example())
    assert accepted_by_pyx12(content)
    assert not accepted_by_pyx12(content.replace(b"CAS*CO", b"CAS*XX"))  # so the validator does look


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(remittances())
def test_every_remittance_that_balances_is_written_and_read_without_a_finding(sent: Remittance) -> None:
    """Whatever the names, dates, reasons and separators in its values are."""
    assert imbalances(run_of(sent)) == ()
    assert scan(write_835(sent), snip=3).findings == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(remittances())
def test_every_remittance_that_balances_is_accepted_by_pyx12(sent: Remittance) -> None:
    """The reference validator finds nothing."""
    assert accepted_by_pyx12(write_835(sent))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(remittances())
def test_the_balances_hold_in_the_written_bytes(sent: Remittance) -> None:
    """SVC02 - CAS = SVC03 and SVC02 and SVC03 sum to CLP03 and CLP04, whose sum is BPR02: read back from the file."""
    (found,) = read_records(write_835(sent))
    claims: list[list[int]] = []
    paid = 0
    for segment in found.segments:
        elements = segment.elements
        if elements[0] == "BPR":
            paid = to_cents(elements[2])
        if elements[0] == "CLP":
            claims.append([to_cents(elements[3]), to_cents(elements[4]), 0, 0, 0])
        if elements[0] == "SVC":
            claims[-1][2] += to_cents(elements[2])
            claims[-1][3] += to_cents(elements[3])
        if elements[0] == "CAS":
            claims[-1][4] += sum(to_cents(amount) for amount in elements[3::3])
    assert paid == sum(claim[1] for claim in claims)
    for charge, payment_cents, service_charge, service_payment, adjusted in claims:
        assert (charge, payment_cents) == (service_charge, service_payment)
        assert charge - adjusted == payment_cents


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(remittances(), st.data())
def test_one_cent_anywhere_stops_the_835(sent: Remittance, data: st.DataObject) -> None:
    """A remittance with one amount changed by a cent cannot be written."""
    place = data.draw(st.integers(0, len(sent.claims) - 1))
    claim = sent.claims[place]
    line = claim.services[0]
    off: RemittanceClaim | None
    match data.draw(st.sampled_from(("payment", "charge", "paid", "share", "line charge", "line paid", "adjustment"))):
        case "payment":
            off = None
        case "charge":
            off = replace(claim, charge_cents=claim.charge_cents + 1)
        case "paid":
            off = replace(claim, paid_cents=claim.paid_cents + 1)
        case "share":
            off = replace(claim, patient_responsibility_cents=(claim.patient_responsibility_cents or 0) + 1)
        case "line charge":
            off = replace(claim, services=(replace(line, charge_cents=line.charge_cents + 1), *claim.services[1:]))
        case "line paid":
            off = replace(claim, services=(replace(line, paid_cents=line.paid_cents + 1), *claim.services[1:]))
        case _:
            assume(line.adjustments)
            item = line.adjustments[0]
            assume(item.amount_cents != -1)  # it would vanish, which is another law
            less = (replace(item, amount_cents=item.amount_cents + 1), *line.adjustments[1:])
            off = replace(claim, services=(replace(line, adjustments=less), *claim.services[1:]))
    if off is None:
        wrong = replace(sent, payment_cents=sent.payment_cents + 1)
    else:
        wrong = replace(sent, claims=(*sent.claims[:place], off, *sent.claims[place + 1 :]))
    with pytest.raises(PaymentsUnbalanced):
        write_835(wrong)


OLD = payment(
    details("26150000004", "PCN-D", Person("DOE", "DEE"), date(2026, 5, 5), member_number="M1"),
    service("97110", date(2026, 4, 20), 300, 200, "D1", Adjustment("CO", "45", 100)),
)
NEW = payment(
    details(
        "26170000005",
        "PCN-D",
        Person("DOE", "DEE"),
        date(2026, 6, 5),
        member_number="M1",
        original_claim_number="26150000004",
    ),
    service("97110", date(2026, 4, 20), 400, 300, "D1", Adjustment("CO", "45", 100)),
)


@pytest.mark.parametrize(
    ("law", "wrong"),
    [
        ("a reversal stands before its correction", remittance(NEW, NEW, reversal_of(OLD))),
        ("status 22 exactly on reversals", remittance(replace(OLD, status_code="22"))),
        ("status 4 only where the member is unknown", remittance(replace(OLD, status_code="4"))),
        ("method NON exactly when nothing is paid", replace(remittance(OLD), payment_method="NON")),
        (
            "a payment is not negative",
            remittance(reversal_of(OLD), replace(NEW, charge_cents=0, paid_cents=0, services=())),
        ),
        (
            "a claim has 1 to 999 services, or adjustments of its own",
            remittance(replace(OLD, charge_cents=0, paid_cents=0, services=())),
        ),
        (
            "a group and reason stands once",
            remittance(
                payment(
                    OLD.details,
                    service("1", date(2026, 4, 1), 2, 0, "D1", Adjustment("CO", "45", 1), Adjustment("CO", "45", 1)),
                )
            ),
        ),
        (
            "no adjustment of nothing",
            remittance(payment(OLD.details, service("1", date(2026, 4, 1), 2, 2, "D1", Adjustment("CO", "45", 0)))),
        ),
        ("an accepted void has no money of its own", remittance(replace(OLD, status_code="void", outcome="void"))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_law_stops_the_835(law: str, wrong: Remittance) -> None:
    """The exception names the law; it is final, for trying again changes nothing."""
    assert law in {imbalance.law for imbalance in imbalances(run_of(wrong))}
    with pytest.raises(Final):
        write_835(wrong)


def test_a_week_without_payment_is_a_notice() -> None:
    """BPR01 H, NON, 0, and no bank accounts."""
    denied = payment(
        OLD.details, service("97110", date(2026, 4, 20), 300, 0, "D1", Adjustment("CO", "29", 300)), outcome="denied"
    )
    content = write_835(remittance(denied))
    assert segments(content)[3] == "BPR*H*0*C*NON************20260626"
    assert accepted_by_pyx12(content)


def test_a_check_names_no_bank_account() -> None:
    """BPR04 CHK, with the date of the check."""
    content = write_835(remittance(OLD, payee=replace(PAYEE, payment_method="CHK")))
    assert segments(content)[3] == "BPR*I*2*C*CHK************20260626"
    assert accepted_by_pyx12(content)


def test_ach_without_an_account_is_refused() -> None:
    """No payment can be made to a payee without a bank account."""
    with pytest.raises(RemittanceUnwritable, match="RIVER"):
        write_835(remittance(OLD, payee=replace(PAYEE, account_number=None)))


def test_an_accepted_void_is_the_reversal_of_its_original_alone() -> None:
    """The void itself has no claim loop."""
    void = replace(NEW, status_code="void", outcome="void", charge_cents=0, paid_cents=0, services=())
    other = payment(
        details("26170000009", "PCN-X", Person("DOE", "JO"), date(2026, 6, 5), member_number="M2"),
        service("1", date(2026, 6, 1), 500, 500, "X1"),
    )
    content = write_835(remittance(other, reversal_of(OLD), void))
    assert [segment for segment in segments(content) if segment.startswith("CLP")] == [
        "CLP*PCN-X*1*5*5**HM*26170000009*11*1",
        "CLP*PCN-D*22*-3*-2**HM*26150000004*11*1",
    ]
    assert accepted_by_pyx12(content)


def test_an_institutional_claim_says_its_revenue_codes_and_statement_dates() -> None:
    """SVC01 NU with the revenue code alone; SVC04 beside a procedure; DTM*232 and 233; line dates only where known."""
    known = details(
        "1", "PCN-I", Person("DOE", "JO"), date(2026, 6, 5), member_number="M2",
        kind="I", service_from=date(2026, 5, 1), service_through=date(2026, 5, 3),
    )  # fmt: skip
    room = service(
        "0120", date(2026, 5, 1), 500, 500, "I1", procedure_qualifier="NU", service_from=None, service_through=None
    )
    scan_line = service(
        "70450", date(2026, 5, 1), 100, 100, "I2",
        revenue_code="0351", modifiers=("26", "59"), service_through=date(2026, 5, 2), line_control_number=None,
    )  # fmt: skip
    content = write_835(remittance(payment(known, room, scan_line)))
    assert segments(content)[20:-3] == [
        "NM1*QC*1*DOE*JO****MI*M2",
        "DTM*232*20260501",
        "DTM*233*20260503",
        "DTM*050*20260605",
        "SVC*NU:0120*5*5**1",
        "REF*6R*I1",
        "SVC*HC:70450:26:59*1*1*0351*1",
        "DTM*150*20260501",
        "DTM*151*20260502",
        "REF*6R*2",
    ]
    assert accepted_by_pyx12(content)


def test_a_line_whose_own_number_is_blank_is_named_by_its_place() -> None:
    """Blanks are a value that a claim may hold and an 835 may not (REF02)."""
    (known, *_) = OLD.services
    claim = replace(OLD, services=(replace(known, line_control_number="  "),))
    content = write_835(remittance(claim))
    assert f"REF*6R*{known.line_number}" in segments(content)
    assert accepted_by_pyx12(content)


def test_ids_that_hold_our_separators_come_back_whole() -> None:
    """A claim that came with other separators keeps its account number: the interchange chooses other separators."""
    claim = replace(OLD, details=replace(OLD.details, patient_control_number="A*1:B~^"))
    written = write_835(remittance(claim))
    assert scan(written, snip=3).findings == []
    accounts = [one.elements[1] for one in read_records(written)[0].segments if one.node.id == "CLP"]
    assert accounts == ["A*1:B~^"]


def test_no_error_holds_a_value() -> None:
    """A claim that cannot be written is named by its number; names and ids of people stay out of the message."""
    with pytest.raises(Final) as raised:
        write_835(remittance(replace(OLD, paid_cents=1)))
    assert "26150000004" in str(raised.value)
    assert not {"DOE", "DEE", "M1", "PCN-D"} & set(str(raised.value).replace(";", " ").split())


def test_the_same_remittance_gives_the_same_bytes() -> None:
    """Nothing reads a clock."""
    assert write_835(worked_example()) == write_835(worked_example())
