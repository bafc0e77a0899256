"""The weekly run: one balanced 835 and one EOP a payee, once, or nothing at all."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from edi.money import to_cents
from edi.reference.scanner import scan
from edi.trouble import Final
from loaders.balance import balance
from loaders.warehouse import Warehouse
from pipeline.house import House
from pipeline.remit import RemitReport, ThroughRefused, remit
from pipeline.remit_lifecycle import abandon, compose
from tests.loaders.desk import FRIDAY, SUNDAY, Desk
from tests.pipeline.remitting import NEXT_SUNDAY, count, house_of, later, outbox, rows, segments
from tests.writers.remittances import accepted_by_pyx12


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    """A warehouse with a registry, a member and a file."""
    return Desk(warehouse).open()


@pytest.fixture
def house(desk: Desk, tmp_path: Path) -> House:
    """The example configuration's house on the Monday after the week."""
    return house_of(desk, tmp_path)


def test_a_week_becomes_one_835_and_one_eop_a_payee(desk: Desk, house: House) -> None:
    """Names of ids and dates, folders of the payee's partners, amounts that tie, and a receiver that finds no fault."""
    desk.decide(desk.claim(), 8000, ("PR", "3", 2000))
    desk.decide(desk.claim(), 0, ("CO", "29", 15000))
    desk.decide(desk.claim(payee="LAKE"), 9000)
    desk.decide(desk.claim(), 0, outcome="pended")
    report = remit(house, SUNDAY)
    assert report == RemitReport(
        through=SUNDAY,
        is_new=True,
        state="released",
        remittances=2,
        claims=3,
        payments=2,
        paid_cents=17000,
        forwarded=(),
        without_payee=0,
        left_out=(),
        too_large_for_ach=(),
        files=(
            "EOP_20260621_LAKE.pdf",
            "EOP_20260621_LAKE.csv",
            "EOP_20260621_LAKE.html",
            "EOP_20260621_RIVER.pdf",
            "EOP_20260621_RIVER.csv",
            "EOP_20260621_RIVER.html",
            "DEPOSIT_20260621.ach",
            "CHECKS_20260621.csv",
            "835_20260621_R000000001.x12",
            "835_20260621_R000000002.x12",
        ),
    )
    with house.warehouse.begin() as conn:
        rows = conn.execute(text("select kind, partner, folder, state from outbox order by outbox_id")).all()
    assert [tuple(row) for row in rows] == [
        ("EOP_PDF", "clearinghouse_one", "reports", "pending"),
        ("EOP_CSV", "clearinghouse_one", "reports", "pending"),
        ("EOP_HTML", "clearinghouse_one", "reports", "pending"),
        ("EOP_PDF", "provider_one", "reports", "pending"),
        ("EOP_CSV", "provider_one", "reports", "pending"),
        ("EOP_HTML", "provider_one", "reports", "pending"),
        ("DEPOSIT", "bank_one", "out", "pending"),
        ("CHECK_REGISTER", "bank_one", "out", "pending"),
        ("835", "clearinghouse_one", "out", "pending"),
        ("835", "clearinghouse_one", "out", "pending"),
    ]
    files = outbox(house)
    river, lake = files["835_20260621_R000000002.x12"], files["835_20260621_R000000001.x12"]
    assert segments(river, "BPR", "TRN") == [
        "BPR*I*80*C*ACH*CCP*01*999999992*DA*000000000*1990000000**01*011000028*DA*7770002*20260624",
        "TRN*1*R000000002*1990000000",
    ]
    assert segments(lake, "BPR", "TRN") == ["BPR*I*90*C*CHK************20260624", "TRN*1*R000000001*1990000000"]
    assert [segment[:6] for segment in segments(river, "CLP")] == ["CLP*PC", "CLP*PC"]
    assert [content[90:99] for content in (lake, river)] == [b"000000001", b"000000002"]
    for content in (river, lake):
        assert scan(content).findings == []
        assert accepted_by_pyx12(content)
    statement = list(csv.DictReader(io.StringIO(files["EOP_20260621_RIVER.csv"].decode())))
    assert [row["section"] for row in statement] == ["paid", "denied", "pended"]
    assert sum(to_cents(row["paid"]) for row in statement if row["paid"]) == 8000
    assert files["EOP_20260621_RIVER.pdf"].startswith(b"%PDF")


def test_a_settled_day_stays_settled(desk: Desk, house: House) -> None:
    """A second run adds no row and gives the same figures, with nothing new."""
    desk.decide(desk.claim(), 8000)
    first = remit(house, SUNDAY)
    before = {table: count(house, table) for table in ("outbox", "remittance", "remittance_claim", "number_series")}
    second = remit(later(house), SUNDAY)
    assert second == replace(first, is_new=False)
    assert (second.new_remittances, second.new_claims, second.new_payments) == (0, 0, 0)
    assert second.summary()["paid_cents"] == 8000
    assert before == {table: count(house, table) for table in before}


def test_two_runs_at_once_settle_once(desk: Desk, house: House) -> None:
    """The second waits for the first and then finds the day settled."""
    for _ in range(5):
        desk.decide(desk.claim(), 8000)
    with ThreadPoolExecutor(2) as both:
        reports = list(both.map(lambda _: remit(house, SUNDAY), range(2)))
    assert sorted(report.is_new for report in reports) == [False, True]
    assert [report.paid_cents for report in reports] == [40000, 40000]
    assert count(house, "remittance") == 1


@pytest.mark.parametrize(
    ("through", "words"),
    [(SUNDAY - timedelta(days=1), "settled through 2026-06-21"), (SUNDAY + timedelta(days=2), "has not come yet")],
    ids=["a day before the last one settled", "a day that has not come"],
)
def test_a_day_out_of_order_is_refused(desk: Desk, house: House, through: date, words: str) -> None:
    """In words that say what to do; nothing is stored."""
    desk.decide(desk.claim(), 8000)
    remit(house, SUNDAY)
    with pytest.raises(ThroughRefused, match=words) as refused:
        remit(house, through)
    assert isinstance(refused.value, Final)
    assert count(house, "remittance_run") == 1


def test_a_correction_is_remitted_behind_the_reversal_of_its_original(desk: Desk, house: House) -> None:
    """One 835 takes back what was sent and pays anew; the EOP shows both."""
    original = desk.claim(patient_control_number="FIRST")
    desk.decide(original, 8000, ("PR", "2", 1000))
    remit(house, SUNDAY)
    desk.decide(desk.correct(original, patient_control_number="SECOND"), 9000)
    report = remit(later(house), NEXT_SUNDAY)
    assert (report.remittances, report.claims, report.paid_cents) == (1, 1, 1000)
    files = outbox(house)
    sent = files["835_20260628_R000000002.x12"]
    first, second = segments(sent, "CLP")
    assert first.startswith("CLP*FIRST*22*-150*-80**HM*26152")
    assert second.startswith("CLP*SECOND*1*150*90**HM*26152")
    assert segments(sent, "CAS") == ["CAS*CO*45*-60", "CAS*PR*2*-10", "CAS*CO*45*60"]
    assert segments(sent, "LQ") == ["LQ*HE*MA67"]
    assert len(segments(sent, "REF")) == 6
    assert accepted_by_pyx12(sent)
    statement = list(csv.DictReader(io.StringIO(files["EOP_20260628_RIVER.csv"].decode())))
    assert [(row["section"], row["paid"]) for row in statement] == [("reversed", "-80.00"), ("corrected", "90.00")]


def test_a_negative_week_is_remitted_and_its_balance_forwarded(desk: Desk, house: House) -> None:
    """An 835 without money says what is owed; the next one takes it, under the number of the first (domain.md 9.5)."""
    original = desk.claim()
    desk.decide(original, 8000)
    remit(house, SUNDAY)
    void = desk.correct(original, frequency="8")
    desk.decide(void, 0, outcome="paid", claim_status_code="void")
    next_week = later(house)
    owed = remit(next_week, NEXT_SUNDAY)
    assert (owed.remittances, owed.claims, owed.payments, owed.forwarded) == (1, 1, 0, ("RIVER",))
    files = outbox(house)
    notice = files["835_20260628_R000000002.x12"]
    assert segments(notice, "BPR") == ["BPR*H*0*C*NON************20260701"]
    assert segments(notice, "PLB") == ["PLB*1234567893*20261231*FB:R000000002*-80"]
    statement = list(csv.DictReader(io.StringIO(files["EOP_20260628_RIVER.csv"].decode())))
    assert [(row["section"], row["paid"]) for row in statement][:1] == [("reversed", "-80.00")]
    desk.decide(desk.claim(), 10000, on=NEXT_SUNDAY + timedelta(days=2))
    paid = remit(later(next_week), NEXT_SUNDAY + timedelta(days=7))
    assert (paid.remittances, paid.claims, paid.paid_cents, paid.forwarded) == (1, 1, 2000, ())
    sent = outbox(house)["835_20260705_R000000003.x12"]
    assert [segment.split("*")[2:5] for segment in segments(sent, "CLP")] == [["1", "150", "100"]]
    assert segments(sent, "PLB") == ["PLB*1234567893*20261231*FB:R000000002*80"]
    with house.warehouse.begin() as conn:
        assert balance(conn).faults == {}


def test_a_week_without_payment_is_remitted_as_a_notice(desk: Desk, house: House) -> None:
    """A denial is told by an 835 with a trace number of its own, and no money."""
    desk.decide(desk.claim(), 0, ("CO", "29", 15000))
    report = remit(house, SUNDAY)
    assert (report.remittances, report.payments, report.paid_cents) == (1, 0, 0)
    assert segments(outbox(house)["835_20260621_R000000001.x12"], "BPR") == ["BPR*H*0*C*NON************20260624"]


def test_a_void_of_what_was_never_remitted_is_told_by_the_statement_alone(desk: Desk, house: House) -> None:
    """An 835 would have no claim. The void is done with; an abandoned run leaves no gap in the control numbers."""
    original = desk.claim(payee="LAKE")
    desk.decide(original, 8000)
    desk.decide(desk.correct(original, frequency="8", payee="LAKE"), 0, outcome="paid", claim_status_code="void")
    desk.decide(desk.claim(), 8000)
    compose(house, SUNDAY)
    first = outbox(house)
    assert [name for name in first if name.startswith("835")] == ["835_20260621_R000000002.x12"]
    assert b"accepted" in first["EOP_20260621_LAKE.html"]
    abandon(house, SUNDAY, "jo")
    remit(house, SUNDAY)
    assert outbox(house) == first
    again = remit(later(house), NEXT_SUNDAY)
    assert (again.remittances, again.claims) == (0, 0)
    with house.warehouse.begin() as conn:
        assert balance(conn).faults == {}


def test_a_payee_with_pended_claims_only_gets_a_statement(desk: Desk, house: House) -> None:
    """And no 835."""
    desk.decide(desk.claim(), 0, outcome="pended")
    report = remit(house, SUNDAY)
    assert (report.remittances, report.claims) == (0, 0)
    assert report.files == tuple(f"EOP_20260621_RIVER.{form}" for form in ("pdf", "csv", "html"))


def test_claims_of_an_unknown_provider_wait(desk: Desk, house: House) -> None:
    """They are counted, and paid once the registry knows the provider."""
    desk.decide(desk.claim(billing_npi="1999999992"), 8000)
    report = remit(house, SUNDAY)
    assert (report.without_payee, report.remittances, report.files) == (1, 0, ())


@pytest.mark.parametrize(
    "spoil",
    [
        "update payee set account_number = null",
        "update payee set remittance_partner = 'nobody'",
    ],
    ids=["no bank account", "an unknown partner"],
)
def test_a_run_that_fails_leaves_nothing(desk: Desk, house: House, spoil: str) -> None:
    """No remittance, no file, and no number used up; a run after the repair begins where it would have."""
    desk.decide(desk.claim(), 8000)
    with house.warehouse.begin() as conn:
        conn.execute(text(spoil))
    with pytest.raises(Final):
        remit(house, SUNDAY)
    for table in ("remittance_run", "remittance", "remittance_claim", "outbox", "number_series"):
        assert count(house, table) == 0


def test_a_claim_that_was_accepted_with_errors_stops_nobody_elses_payment(desk: Desk, house: House) -> None:
    """Codes that an 835 cannot hold are left out; what pays is said in full."""
    desk.decide(desk.claim(facility_code="NO*CODE~", frequency_code="", subscriber_id="\u00e9"), 8000)
    assert remit(house, SUNDAY).paid_cents == 8000
    (claim,) = segments(outbox(house)["835_20260621_R000000001.x12"], "CLP")
    assert claim.split("*")[3:7] == ["150", "80", "", "HM"]


def test_what_cannot_be_said_of_a_claim_is_named_and_uses_no_number_up(desk: Desk, house: House) -> None:
    """By claim number, line and law, not by any value; what was tried with it is undone, the others are paid."""
    unbalanced, unwritable = desk.claim(), desk.claim(patient_control_number="*:^~|>!;<\\`{}[]", payee="LAKE")
    desk.decide(unbalanced, 8000)
    with house.warehouse.begin() as conn:
        conn.execute(text("update adjustment set amount_cents = amount_cents - 1"))
    desk.decide(unwritable, 7000)
    desk.decide(desk.claim(), 5000)
    report = remit(house, SUNDAY)
    assert (report.claims, report.paid_cents, report.remittances) == (1, 5000, 1)
    laws = {(one.line_number, one.law) for one in report.left_out}
    assert {
        (1, "service charge - adjustments = service payment"),
        (0, "the values of a remittance leave characters to separate them"),
    } <= laws
    sent = outbox(house)["835_20260621_R000000001.x12"]
    assert sent[90:99] == b"000000001"
    assert count(house, "remittance") == 1
    drawn = "pg_sequence_last_value(pg_get_serial_sequence('remittance_run', 'remittance_run_id'))"
    assert rows(house, f"select remittance_run_id = {drawn} from remittance_run") == [(True,)]
    assert "EOP_20260621_LAKE.csv" in report.files


@pytest.mark.parametrize(
    ("environment", "usage", "remittances"),
    [("production", b"P", 0), ("demo", b"P", 0), ("test", b"T", 1)],
)
def test_only_a_test_warehouse_remits_test_claims(
    desk: Desk, house: House, environment: str, usage: bytes, remittances: int
) -> None:
    """And all that it sends is marked as test, numbered apart."""
    desk.decide(desk.claim(is_test=True), 8000)
    configuration = replace(house.configuration, environment=environment)  # type: ignore[arg-type] # one of the three
    report = remit(replace(house, configuration=configuration), SUNDAY)
    assert report.remittances == remittances
    assert all(content[102:103] == usage for name, content in outbox(house).items() if name.startswith("835"))


def test_what_was_decided_on_a_settled_day_afterwards_comes_the_week_after(desk: Desk, house: House) -> None:
    """A decision made on the last day of the week, after the run, is not lost."""
    remit(house, SUNDAY)
    desk.decide(desk.claim(), 8000, on=FRIDAY)
    assert remit(house, SUNDAY).claims == 0
    assert remit(later(house), NEXT_SUNDAY).claims == 1
