"""`edi accounts`: entries that people bring, settled once; balances that are forwarded; overpayments left for later."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from edi.import_problems import ImportRefused
from loaders.balance import FAULTS, balance
from loaders.warehouse import Warehouse
from pipeline import house
from pipeline.archive import Archive
from pipeline.command import exits, main
from pipeline.configuration import load_configuration
from pipeline.house import House
from pipeline.provider_accounts import LoadReport, PayeeUnknown, load_entries, show_account, show_accounts
from pipeline.remit import remit
from pipeline.remit_lifecycle import abandon, compose
from rules.payments.settings import PaymentSettings
from tests.loaders.desk import SUNDAY, Desk

CONFIGURATION = Path(__file__).parents[2] / "config"
HEADER = "payee_id,reason_code,reference,amount_cents,due_from\n"


class Week:
    """A plan with two payees, and its weeks."""

    def __init__(self, warehouse: Warehouse, folder: Path) -> None:
        self.desk = Desk(warehouse).open()
        self.instant = datetime.combine(SUNDAY + timedelta(days=1), time(16), UTC)
        self.folder = folder
        configuration = load_configuration(CONFIGURATION)
        self.house = House(
            configuration=replace(configuration, payments=PaymentSettings()),
            warehouse=warehouse,
            clock=self,
            archive=Archive(folder / "archive"),
            var=folder,
        )

    def now(self) -> datetime:
        """The plan's clock."""
        return self.instant

    def load(self, *rows: str) -> LoadReport:
        """Load a file of these rows."""
        path = self.folder / "entries.csv"
        path.write_text(HEADER + "\n".join(rows))
        return load_entries(self.house, path, "jo")

    def remit(self) -> dict[str, list[str]]:
        """Remit what was decided through yesterday, a week on; PLB pairs by payee, with what is paid first."""
        remit(self.house, self.house.today() - timedelta(days=1))
        self.instant += timedelta(days=7)
        with self.house.warehouse.begin() as conn:
            found = conn.execute(
                text(
                    "select r.payee_id, r.payment_cents, a.reason_code, a.reference, a.amount_cents from remittance r"
                    " left join remittance_provider_adjustment a using (remittance_id)"
                    " where r.remittance_run_id = (select max(remittance_run_id) from remittance_run)"
                    " order by r.remittance_id, a.ordinal"
                )
            ).all()
        told: dict[str, list[str]] = {}
        for payee, paid, reason, reference, cents in found:
            told.setdefault(payee, [str(paid)])
            if reason:
                told[payee].append(f"{reason}:{reference} {cents}")
        return told

    def pay(self, cents: int) -> int:
        """A claim that is decided today, of a charge that is paid in full; its id."""
        claim = self.desk.claim(charge=cents)
        self.desk.decide(claim, cents, on=self.house.today() - timedelta(days=1))
        return claim

    def void(self, original: int) -> None:
        """Accept a void."""
        claim = self.desk.correct(original, frequency="8")
        self.desk.decide(claim, 0, on=self.house.today() - timedelta(days=1), outcome="paid", claim_status_code="void")

    def holds(self) -> bool:
        """Is everything that was decided, paid and booked accounted for?"""
        with self.house.warehouse.begin() as conn:
            return balance(conn).holds

    def entries(self, payee: str = "RIVER") -> list[tuple[Any, ...]]:
        """Reason, reference, amount, and which payment settled it."""
        names = ("reason_code", "reference", "amount_cents", "settled_by")
        return [tuple(each[name] for name in names) for each in show_account(self.house, payee)["entries"]]


@pytest.fixture
def week(warehouse: Warehouse, tmp_path: Path) -> Iterator[Week]:
    """An empty plan on the Monday after the week; what a test does there adds up."""
    opened = Week(warehouse, tmp_path)
    yield opened
    assert opened.holds()


def test_entries_are_settled_once_by_the_first_payment_from_their_day_on(week: Week) -> None:
    """A levy takes, a bonus pays without any claim; what was booked before is no news, and a settled amount stands."""
    week.pay(10000)
    report = week.load(
        "RIVER,LE,LEVY-1,2500,",
        "RIVER,IR,2026-07,300,2026-07-01",
        "LAKE,BN,Q2 2026,-7500,",
        "LAKE,CS,typo,5,2026-12-01",
    )
    assert (report.added, report.changed, report.unchanged) == (4, 0, 0)
    again = week.load("RIVER,LE,LEVY-1,2500,", "LAKE,CS,typo,50,2026-12-01")
    assert (again.added, again.changed, again.unchanged) == (0, 1, 1)
    assert week.load("RIVER,LE,LEVY-1,2500,").load_id is None
    assert week.remit() == {"LAKE": ["7500", "BN:Q2 2026 -7500"], "RIVER": ["7500", "LE:LEVY-1 2500"]}
    assert week.entries() == [("IR", "2026-07", 300, None), ("LE", "LEVY-1", 2500, "R000000002")]
    with pytest.raises(ImportRefused, match=r"row 1: column amount_cents: the entry was settled by R000000002"):
        week.load("RIVER,LE,LEVY-1,2600,")
    assert week.load("RIVER,LE,LEVY-1,2500,2027-01-01").unchanged == 1
    assert week.remit() == {}
    # of a payee without claims: what cannot be taken is forwarded
    assert week.remit() == {"RIVER": ["0", "IR:2026-07 300", "FB:R000000003 -300"]}
    told = show_account(week.house, "RIVER")
    assert (told["owed_cents"], told["forwarded_by"], told["open_entries"]) == (300, "R000000003", 0)
    assert broken(week, "amount_cents = 1 where entry_id > 0") == {
        "other_booked",
        "other_payment",
    }
    assert broken(week, "reason_code = 'CS' where reason_code = 'FB'") == set()
    assert broken(week, "amount_cents = 300 where reason_code = 'FB'") == {"other_forwarded", "other_payment"}
    assert broken(week, "reason_code = 'L6' where reason_code = 'LE'") == {"other_booked", "other_interest"}
    totals = show_accounts(week.house)
    assert (totals["open_entries"], totals["open_entries_cents"], totals["owed_cents"]) == (1, 50, 300)
    with pytest.raises(PayeeUnknown):
        show_account(week.house, "NOBODY")


def broken(week: Week, change: str) -> set[str]:
    """What the balance of the warehouse finds where somebody changed a provider adjustment; it is changed back."""
    sentences = {sentence: name for name, sentence in FAULTS.items()}
    with week.house.warehouse.engine.connect() as conn:
        conn.execute(text(f"update remittance_provider_adjustment set {change}"))
        return {sentences[sentence] for sentence in balance(conn).faults}


def test_what_people_type_and_read(
    week: Week, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`edi accounts load` and `show`, for people and for programs; a fault ends with code 2 and its row."""

    @contextmanager
    def open_house(*_: object, **__: object) -> Iterator[House]:
        yield week.house

    def edi(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["edi", "accounts", *words])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), "".join(capsys.readouterr())

    monkeypatch.setattr(house, "open_house", open_house)
    path = week.folder / "typed.csv"
    path.write_text(HEADER + "RIVER,LE,LEVY-1,2500,\n")
    assert json.loads(edi("load", str(path), "--by", "jo", "--json")[1]) == {
        "load": 1,
        "added": 1,
        "changed": 0,
        "unchanged": 0,
    }
    assert "All of these entries were booked before" in edi("load", str(path))[1]
    code, printed = edi("show", "RIVER")
    assert code == 0
    assert "LEVY-1" in printed
    assert "$25.00" in printed
    (entry,) = json.loads(edi("show", "RIVER", "--json")[1])["entries"]
    assert (entry["loaded_by"], entry["due_from"], entry["settled_by"]) == ("jo", "2026-06-22", None)
    assert json.loads(edi("show", "--json")[1])["payees"]["RIVER"]["open_entries_cents"] == 2500
    path.write_text(HEADER + "RIVER,FB,LEVY-1,2500,\n")
    code, printed = edi("load", str(path))
    assert (code, "row 1: column reason_code" in printed) == (exits.USAGE, True)
    assert edi("show", "NOBODY")[0] == exits.USAGE


def test_two_loads_at_once_book_an_entry_once(week: Week) -> None:
    """One after the other: the second finds what the first booked."""
    path = week.folder / "shared.csv"
    path.write_text(HEADER + "RIVER,LE,LEVY-1,2500,\n")
    with ThreadPoolExecutor() as pool:
        reports = list(pool.map(lambda by: load_entries(week.house, path, by), ("jo", "al")))
    assert sorted((each.added, each.unchanged) for each in reports) == [(0, 1), (1, 0)]
    assert len(week.entries()) == 1


def test_a_file_with_a_fault_books_nothing(week: Week) -> None:
    """Each fault by its row, without a value of the file."""
    week.load("RIVER,CS,A,5,")
    faulty = {
        "NOBODY,CS,B,5,": "column payee_id: the provider registry has no such payee",
        "RIVER,FB,B,5,": "column reason_code: FB and L6 are worked out by runs alone",
        "RIVER,L6,B,-5,": "column reason_code: FB and L6 are worked out by runs alone",
        "RIVER,ZZ,B,5,": "column reason_code: unknown",
        "RIVER,CS,B,0,": "column amount_cents: an entry of nothing",
        "RIVER,CS,B,10000000000,": "column amount_cents: more than one payment can move",
        "RIVER,72,B,5,": "column amount_cents: a return (72) is negative",
        "RIVER,72,C,-5,": "a return (72) needs an open recovery (WO)",
        "RIVER,CS,A,6,": "the file has an entry of this payee, reason and reference before",
    }
    with pytest.raises(ImportRefused) as refused:
        week.load("RIVER,CS,A,6,", *faulty)
    for number, said in enumerate(faulty.values(), 2):
        assert f"row {number}: {said}" in str(refused.value)
    for row, column in (
        ("RIVER,CS,A*B,5,", "reference"),
        ("RIVER,CS,B,5.00,", "amount_cents"),
        ("RIVER,CS,B,5,may", "due"),
    ):
        with pytest.raises(ImportRefused, match=f"row 1: column {column}"):
            week.load(row)
    assert week.entries() == [("CS", "A", 5, None)]


def test_a_negative_week_is_forwarded_until_it_is_earned(week: Week) -> None:
    """-200, nothing but a denial, +50, +400: the chain is shown, and told to a person when nothing moves it."""
    paid = week.pay(20000)
    assert week.remit() == {"RIVER": ["20000"]}
    week.void(paid)
    assert week.remit() == {"RIVER": ["0", "FB:R000000002 -20000"]}
    week.desk.decide(week.desk.claim(charge=700), 0, ("CO", "29", 700), on=week.house.today() - timedelta(days=1))
    assert week.remit() == {"RIVER": ["0"]}
    account = show_account(week.house, "RIVER")
    assert (account["owed_cents"], account["forwarded_by"], account["for_a_person"]) == (20000, "R000000002", None)
    week.pay(5000)
    assert week.remit() == {"RIVER": ["0", "FB:R000000002 20000", "FB:R000000004 -15000"]}
    week.instant += timedelta(weeks=13)
    assert "for more than 13 weeks" in show_account(week.house, "RIVER")["for_a_person"]
    assert show_accounts(week.house)["for_a_person"] == ["RIVER"]
    week.pay(40000)
    assert week.remit() == {"RIVER": ["25000", "FB:R000000004 15000"]}
    account = show_account(week.house, "RIVER")
    assert (account["owed_cents"], account["for_a_person"]) == (0, None)
    assert [(step["reference"], step["amount_cents"]) for step in account["forwarded"]] == [
        ("R000000002", -20000),
        ("R000000002", 20000),
        ("R000000004", -15000),
        ("R000000004", 15000),
    ]


def test_a_payee_who_left_keeps_its_account(week: Week) -> None:
    """Nobody takes its entries; a person is told."""
    paid = week.pay(20000)
    week.remit()
    week.void(paid)
    week.remit()
    week.load("RIVER,LE,LEVY-1,2500,")
    with week.house.warehouse.begin() as conn:
        week.desk.load_registry(conn, "LAKE")
    assert week.remit() == {}
    account = show_account(week.house, "RIVER")
    assert (account["owed_cents"], account["open_entries_cents"], account["in_registry"]) == (20000, 2500, False)
    assert "left the provider registry" in account["for_a_person"]


def test_an_overpayment_is_left_with_its_payee_and_returned_by_cheque_or_taken_later(week: Week) -> None:
    """WO now and later by the claim's number; a cheque (72) settles it before its day, both in one payment."""
    payments = PaymentSettings(recovery_after_days=30)
    week.house = replace(week.house, configuration=replace(week.house.configuration, payments=payments))
    first, second = week.pay(20000), week.pay(9000)
    week.remit()
    week.void(first)
    week.void(second)
    week.pay(100)
    number, other = "261520000002", "261520000003"
    day = week.house.today() - timedelta(days=1)
    compose(week.house, day)
    assert [entry[:3] for entry in week.entries()] == [("WO", number, 20000), ("WO", other, 9000)]
    with pytest.raises(ImportRefused, match="is not released yet"):
        week.load(f"RIVER,72,{number},-20000,")
    abandon(week.house, day, "jo")
    assert week.entries() == []
    assert week.remit() == {"RIVER": ["100", f"WO:{number} -20000", f"WO:{other} -9000"]}
    with pytest.raises(ImportRefused, match="a run left this recovery open"):
        week.load(f"RIVER,WO,{number},20000,")
    with pytest.raises(ImportRefused, match="over the same amount"):
        week.load(f"RIVER,72,{number},-19999,")
    week.load(f"RIVER,72,{number},-20000,")
    assert week.remit() == {"RIVER": ["0", f"WO:{number} 20000", f"72:{number} -20000"]}
    assert [week.remit() for _ in range(3)] == [{}, {}, {}]
    week.pay(10000)
    assert week.remit() == {"RIVER": ["1000", f"WO:{other} 9000"]}
    assert [settled for *_, settled in week.entries()] == ["R000000003", "R000000004", "R000000003"]
    assert show_account(week.house, "RIVER")["entries"][0]["left_by"] == "R000000002"


def test_small_interest_is_pooled_by_year(week: Week) -> None:
    """It is not sent, and shown until a reversal takes it out."""
    week.house = replace(week.house, configuration=load_configuration(CONFIGURATION))
    claim = week.desk.claim(charge=1000, received=date(2026, 5, 25))
    week.desk.decide(claim, 1000, on=SUNDAY)
    late = week.remit()
    assert late == {"RIVER": ["1000"]}
    # paid on 24 June, 30 days after receipt: 10.00 x 15 % x 10 / 365
    assert show_accounts(week.house)["interest_pool"] == {"2026_cents": 4}
    week.void(claim)
    week.remit()
    assert show_accounts(week.house)["interest_pool"] == {"2026_cents": 0}


def test_interest_that_another_system_said_goes_before_the_rules(week: Week) -> None:
    """Also where it said none; where it said nothing the rules count."""
    week.house = replace(week.house, configuration=load_configuration(CONFIGURATION))
    with week.house.warehouse.begin() as conn:
        conn.execute(
            text(
                "insert into decision_import (content_sha256, source_system, archive_path, imported_at, imported_by,"
                " claims, paid_cents, interest_cents) values ('x', 'OLD', 'x', now(), 'jo', 3, 0, 0)"
            )
        )
    for said, cents in ((False, 0), (True, 0), (True, 7)):
        claim = week.desk.claim(charge=100_000, received=date(2026, 5, 25))
        week.desk.decide(
            claim, 100_000, on=SUNDAY, source="imported", import_id=1, interest_said=said, interest_cents=cents
        )
    # ten days late: 1000.00 x 15 % x 10 / 365
    assert week.remit() == {"RIVER": ["300418", "L6: -418"]}
