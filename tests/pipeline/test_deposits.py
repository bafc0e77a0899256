"""What the bank is told of a run, what it says of it, and payments that are made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from edi.payment_run import PaymentRun
from loaders import payment_runs
from loaders.bank_notices import ReissueRefused
from loaders.deposits import Reissue
from loaders.warehouse import WarehouseRefused
from parsers.nacha import read_bank_file
from pipeline.configuration import load_configuration
from pipeline.deposit_proof import DepositUnproven, DuePayment, prove_deposit_file
from pipeline.deposit_work import PaymentUnknown, list_deposits, reissue, show_deposit
from pipeline.deposits import DayOfBank, deposit_files
from tests.pipeline.banking import abandon, bank_file, entries_of, file_for_bank, pay, release, run_of, says
from tests.pipeline.plan import DEMO, NOON, Plan
from writers.deposit_file import DepositUnwritable

SUNDAY = date(2026, 6, 7)
WEEK = {"RIVERCLINIC": 18250, "LAKEVIEW": 100_000, "HILLSIDE": 1, "OLDMILL": 0, "MAPLE": 77}
FIRST, HILLSIDE = "R000000001", "R000000003"
DEPOSIT = "DEPOSIT_20260607.ach"


CONFIGURATION = load_configuration(DEMO / "config")


def run(amounts: Mapping[str, int]) -> PaymentRun:
    """A run of the first day."""
    return run_of(CONFIGURATION, NOON.date(), amounts)


@pytest.fixture
def paid(plan: Plan) -> Plan:
    """A plan that has told its bank of a week: three deposits, a check, and a week without payment."""
    plan.load_registry()
    assert pay(plan, SUNDAY, WEEK) == (DEPOSIT, "CHECKS_20260607.csv")
    return plan


def states(plan: Plan) -> dict[str, str]:
    """State of each payment by its trace number, as `edi deposits` lists it."""
    report = list_deposits(plan.house, SUNDAY)
    return {payment["trace_number"]: payment["state"] for payment in report["payments"]}


def work(plan: Plan) -> list[tuple[str, str]]:
    """What waits for a person: trace number and state."""
    return [(one["trace_number"], one["state"]) for one in list_deposits(plan.house)["work"]]


def move_account(plan: Plan, payee: str, account: str) -> None:
    """A registry in which a payee has another account."""
    plan.execute(
        "insert into provider_registry (sha256, providers, payees, loaded_at) select sha256 || 'x', 0, 0, loaded_at"
        " from provider_registry order by registry_version desc limit 1"
    )
    plan.execute(
        "insert into payee select r.registry_version, payee_id, name, npi, tin, address, city, state, zip,"
        " remittance_partner, statement_partner, payment_method, routing_number,"
        f" case payee_id when '{payee}' then '{account}' else account_number end"
        " from payee, (select max(registry_version) as registry_version from provider_registry) r"
        " where payee.registry_version = r.registry_version - 1"
    )


class TestFiles:
    """The deposit file and the check register of a run."""

    def test_they_say_what_the_run_pays(self, paid: Plan) -> None:
        """CORE 370: effective date = BPR16, amount = BPR02, TRN in the addenda; totals tie to the run's ACH payments.

        Abandoned, the run leaves nothing and comes again the same; and no payment can be told twice.
        """
        before = file_for_bank(paid, DEPOSIT)
        (batch,) = read_bank_file(before).batches
        told = [(entry.identification, entry.amount_cents, entry.trace[-7:]) for entry in batch.entries]
        assert told == [(FIRST, 18250, "0000001"), (HILLSIDE, 1, "0000002"), ("R000000005", 77, "0000003")]
        assert batch.entries[0].addenda[0].text[3:40].strip() == f"TRN*1*{FIRST}*1990000001~"
        assert batch.effective_on == date(2026, 6, 3) == CONFIGURATION.remittance.payment_date(NOON.date())
        assert paid.rows("select kind, total_cents from deposit_file order by kind desc") == [
            {"kind": "DEPOSIT", "total_cents": 18328},
            {"kind": "CHECK_REGISTER", "total_cents": 100_000},
        ]
        assert file_for_bank(paid, "CHECKS_20260607.csv").decode().splitlines() == [
            "account_number,check_number,issue_date,amount,payee",
            "990001,R000000002,2026-06-03,1000.00,LAKEVIEW GENERAL HOSPITAL",
        ]
        abandon(paid)
        assert paid.count("deposit_payment") == paid.count("deposit_file") == 0
        pay(paid, SUNDAY, WEEK)
        assert file_for_bank(paid, DEPOSIT) == before
        with pytest.raises(WarehouseRefused):
            paid.execute(
                "insert into deposit_payment (deposit_file_id, remittance_id, registry_version, amount_cents)"
                " select deposit_file_id, remittance_id, 1, 1 from deposit_payment limit 1"
            )

    def test_files_of_one_day_differ_in_modifier_and_traces(self, plan: Plan) -> None:
        """A caught-up week is the second file of the day; another day starts with A again. No payments, no file."""
        plan.load_registry()
        weeks = [SUNDAY + timedelta(days=7 * number) for number in range(6)]
        assert pay(plan, weeks[0], {}) == ()
        assert pay(plan, weeks[1], {"RIVERCLINIC": 0}) == ()
        assert pay(plan, weeks[2], {"OLDMILL": 5, "MAPLE": 5}, 2) == ("DEPOSIT_20260621.ach", "CHECKS_20260621.csv")
        assert pay(plan, weeks[3], {"MAPLE": 5, "RIVERCLINIC": 7}, 4) == ("DEPOSIT_20260628.ach",)
        plan.clock.instant += timedelta(days=1)
        assert pay(plan, weeks[4], {"MAPLE": 6}, 6) == ("DEPOSIT_20260705.ach",)
        files = [file_for_bank(plan, f"DEPOSIT_2026{day}.ach") for day in ("0621", "0628", "0705")]
        assert [read_bank_file(content).modifier for content in files] == ["A", "B", "A"]
        assert [entry.trace[-1] for content in files for entry in entries_of(content)] == ["1", "2", "3", "4"]
        plan.change(bank=None)
        assert pay(plan, weeks[5], {"RIVERCLINIC": 5}, 7) == ()

    def test_numbers_start_anew_rather_than_fall_within_a_file(self) -> None:
        """After ten million entries; the sequence still tells them apart."""
        day = DayOfBank(last_sequence=9_999_998)
        (made,) = deposit_files(CONFIGURATION, run({"RIVERCLINIC": 5, "MAPLE": 6}), 1, SUNDAY, NOON, day)
        assert [one.entry_trace[-7:] for one in made.told.payments if one.entry_trace] == ["0000001", "0000002"]
        assert [one.entry_sequence for one in made.told.payments] == [10_000_000, 10_000_001]
        assert made.told.last_sequence == 10_000_001

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            (b"0000000077", b"0000000078", "another total"),
            (b"TRN*1*R000000003", b"TRN*1*R000000004", "pays something else"),
            (b"550005 ", b"550006 ", "pays something else"),
            (b"260603   ", b"260604   ", "another day"),
            (b"1990000001260601", b"1990000002260601", "somebody else"),
            (b"0000003\n", b"0000002\n", "twice or out of order"),
            (b"00010000003", b"00010000002", "pays something else"),
        ],
    )
    def test_a_file_that_says_something_else_is_not_sent(self, old: bytes, new: bytes, told: str) -> None:
        """Read back by a reader that knows nothing of the writer."""
        bank, week = CONFIGURATION.bank, run(WEEK)
        assert bank is not None
        content = deposit_files(CONFIGURATION, week, 1, SUNDAY, NOON, DayOfBank())[0].file.content
        names = ("trace_number", "payment_cents", "payee_id", "name", "routing_number", "account_number")
        paid_by_ach = [row for row in week.payments.to_pylist() if row["payment_method"] == "ACH"]
        due = [DuePayment(*(row[name] for name in (*names, "registry_version"))) for row in paid_by_ach]
        assert prove_deposit_file(content, week, due, bank.terms, date(2026, 6, 3)) == 3
        assert old in content
        with pytest.raises(DepositUnproven, match=told):
            prove_deposit_file(content.replace(old, new), week, due, bank.terms, date(2026, 6, 3))

    def test_a_balanced_file_is_proven_too(self) -> None:
        """Debits are the plan's own, and count among the numbers that are used up."""
        bank = CONFIGURATION.bank
        assert bank is not None
        balanced = replace(bank, terms=replace(bank.terms, is_balanced=True))
        made = deposit_files(replace(CONFIGURATION, bank=balanced), run(WEEK), 1, SUNDAY, NOON, DayOfBank())[0]
        assert made.told.last_sequence == 4
        assert [entry.is_debit for entry in entries_of(made.file.content)] == [False, False, False, True]

    def test_a_payee_without_account_is_refused(self) -> None:
        """By name of payee and payment."""
        lost: dict[str, Any] = {"payment_method": "ACH", "routing_number": None, "account_number": None}
        again = Reissue(1, FIRST, 5, "RIVERCLINIC", "RIVER CLINIC", registry_version=1, **lost)
        with pytest.raises(DepositUnwritable, match=f"payment {FIRST} to payee RIVERCLINIC"):
            deposit_files(CONFIGURATION, run({}), 1, SUNDAY, NOON, DayOfBank(), [again])


class TestBank:
    """What the bank says, and what is done about it."""

    def test_a_payment_goes_from_waiting_to_returned(self, paid: Plan) -> None:
        """Sent, confirmed, returned with its reason: work for a person; the same file twice is one."""
        entries = entries_of(file_for_bank(paid, DEPOSIT))
        assert set(states(paid).values()) == {"waiting"}
        release(paid)
        paid.deliver()
        assert paid.servers["harborbank"].names("out") == ["CHECKS_20260607.csv", DEPOSIT]
        assert set(states(paid).values()) == {"sent"}
        receipt = bank_file((entries[0], "", ""), entry_class="ACK")
        back = bank_file((entries[1], "R02", ""), (entries[2], "C01", f"{'550099':29}"))
        assert says(paid, receipt, back, back.replace(b"\n", b"\r\n")) == ["BANK_FILE_READ"] * 2 + ["SAME_CONTENT"]
        found = {FIRST: "confirmed", "R000000002": "sent", HILLSIDE: "returned", "R000000005": "sent"}
        assert states(paid) == found
        assert work(paid) == [(HILLSIDE, "returned"), ("R000000005", "sent")]
        report = list_deposits(paid.house)
        assert [report["told"], report["returned"], report["unknown"]] == [4, 1, 0]
        assert report["work"][0]["returned"] == "R02: the account was closed"
        assert report["work"][1]["correction"] == "...0099"
        assert show_deposit(paid.house, "R000000005")[0]["correction"] == "550099"
        assert [row for row in paid.outbox() if row.file_id is not None] == []
        move_account(paid, "MAPLE", "550099")
        assert work(paid) == [(HILLSIDE, "returned")]

    def test_what_means_nothing_of_ours_is_a_finding(self, paid: Plan) -> None:
        """Another trace number, another amount, a payment that is back already; the others of the file are taken."""
        first, second, third = entries_of(file_for_bank(paid, DEPOSIT))
        strange = bank_file((third, "R03", ""), (first, "R02", ""), (first, "R02", ""))
        other = strange.replace(third.trace.encode(), b"990000019999999").replace(b"R000000005", b"R000009999")
        assert says(paid, other) == ["BANK_FILE_UNMATCHED"]
        assert paid.rows("select code, segment_position, source_start from finding order by segment_position") == [
            {"code": "DEPOSIT_UNKNOWN", "segment_position": 4, "source_start": 3 * 95},
            {"code": "DEPOSIT_RETURNED_TWICE", "segment_position": 8, "source_start": 7 * 95},
        ]
        again = bank_file((first, "R02", ""), (second, "R02", ""), created="2606300600")
        assert says(paid, again) == ["BANK_FILE_UNMATCHED"]
        assert states(paid)[FIRST] == states(paid)[HILLSIDE] == "returned"
        assert list_deposits(paid.house)["unknown"] == 3
        trn = bank_file((third, "R03", "")).replace(third.trace.encode(), b"000000000000000")
        assert says(paid, trn) == ["BANK_FILE_READ"]
        assert states(paid)["R000000005"] == "returned"

    def test_a_broken_file_is_taken_by_nobody(self, paid: Plan) -> None:
        """Quarantined as a whole; and nobody but a bank sends any."""
        entry = entries_of(file_for_bank(paid, DEPOSIT))[0]
        good = bank_file((entry, "R02", ""))
        assert says(paid, good.replace(b"0000018250", b"0000018251", 1)) == ["BANK_FILE_UNREADABLE"]
        assert paid.states() == ["quarantined"]
        paid.take_in("clearlink", good)
        paid.look_once("clearlink")
        assert paid.files()[-1].kind == "other"
        assert paid.count("deposit_notice") == 0
        partners = paid.house.configuration.partners
        tried = {**partners, "harborbank": replace(partners["harborbank"], usage="test")}
        paid.change(environment="production", partners=tried)
        assert says(paid, good) == ["BANK_FILE_EMPTY"]
        assert paid.count("deposit_notice") == 0
        paid.change(partners=partners)
        assert says(paid, good) == ["BANK_FILE_READ"]


class TestReissue:
    """A returned payment is made again, once."""

    @pytest.fixture
    def returned(self, paid: Plan) -> Plan:
        """One cent came back."""
        says(paid, bank_file((entries_of(file_for_bank(paid, DEPOSIT))[1], "R02", "")))
        return paid

    def test_it_goes_with_the_next_run_under_its_old_number(self, returned: Plan) -> None:
        """To the corrected account, by an entry of its own, and never a second time."""
        with pytest.raises(ReissueRefused, match="still paid into the account"):
            reissue(returned.house, HILLSIDE, "ann")
        move_account(returned, "HILLSIDE", "220099")
        assert reissue(returned.house, HILLSIDE, "ann")["is_new"]
        assert not reissue(returned.house, HILLSIDE, "bob")["is_new"]
        assert states(returned)[HILLSIDE] == "reissue_asked"
        assert work(returned) == []
        pay(returned, SUNDAY + timedelta(days=7), {"MAPLE": 9}, 6)
        again = entries_of(file_for_bank(returned, "DEPOSIT_20260614.ach"))[-1]
        assert (again.identification, again.amount_cents, again.account_number) == (HILLSIDE, 1, "220099")
        assert again.trace[-7:] == "0000005"
        assert again.addenda[0].text[3:26] == f"TRN*1*{HILLSIDE}*199000"
        assert [one["state"] for one in show_deposit(returned.house, HILLSIDE)] == ["reissued", "waiting"]
        assert pay(returned, SUNDAY + timedelta(days=14), {}) == ()
        with pytest.raises(ReissueRefused, match="did not come back"):
            reissue(returned.house, HILLSIDE, "ann")
        assert says(returned, bank_file((again, "R03", ""), created="2606300600")) == ["BANK_FILE_READ"]
        assert work(returned) == [(HILLSIDE, "returned")]
        reissue(returned.house, HILLSIDE, "ann", to_same_account=True)
        assert pay(returned, SUNDAY + timedelta(days=21), {}) == ("DEPOSIT_20260628.ach",)
        assert returned.rows("select sum(amount_cents) as cents from deposit_payment where amount_cents = 1") == [
            {"cents": 3}
        ]

    def test_it_goes_by_check_where_the_payee_is_paid_so_now(self, returned: Plan) -> None:
        """Whoever closed the account may want a check; the next run has it in the register."""
        move_account(returned, "HILLSIDE", "0")
        returned.execute(
            "update payee set payment_method = 'CHK', routing_number = null, account_number = null"
            " where payee_id = 'HILLSIDE' and registry_version = 2"
        )
        reissue(returned.house, HILLSIDE, "ann", "asked for a check")
        assert pay(returned, SUNDAY + timedelta(days=7), {}) == ("CHECKS_20260614.csv",)
        assert f",{HILLSIDE},2026-06-03,0.01,HILLSIDE".encode() in file_for_bank(returned, "CHECKS_20260614.csv")
        with returned.house.warehouse.begin() as connection:
            run = payment_runs.find_run(connection, SUNDAY + timedelta(days=7))
        assert run is not None
        # a run without an 835 of its own is over on that day too
        assert run.payment_date == date(2026, 6, 3)

    def test_an_abandoned_run_leaves_it_to_the_next(self, returned: Plan) -> None:
        """It waits again; and nothing that stands or never was is made again."""
        reissue(returned.house, HILLSIDE, "ann", to_same_account=True)
        for _ in range(2):
            assert pay(returned, SUNDAY + timedelta(days=7), {}) == ("DEPOSIT_20260614.ach",)
            abandon(returned)
            assert states(returned)[HILLSIDE] == "reissue_asked"
        for trace, told in ((FIRST, "did not come back"), ("R9", "no payment")):
            with pytest.raises(ReissueRefused, match=told):
                reissue(returned.house, trace, "ann", to_same_account=True)
        with pytest.raises(PaymentUnknown):
            show_deposit(returned.house, "R9")
