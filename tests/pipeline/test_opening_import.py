"""`edi opening import`: claims of an earlier system are claims of ours that were paid before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from edi.import_problems import ImportRefused
from loaders.balance import balance
from pipeline.adjudicate import adjudicate
from pipeline.claim import view_claim
from pipeline.opening_import import OpeningReport, import_opening_claims
from pipeline.process import process_files
from pipeline.remit import remit
from rules.front_end.settings import FrontEndSettings
from tests.pipeline.plan import ENROLLMENT, Plan
from tests.rules.claim_files import Damage, damaged_claims

EXAMPLE = Path(__file__).parents[2] / "examples/imports/opening_claims.csv"
PAID, DENIED = "261180000001", "261180000003"
MONDAY = datetime(2026, 6, 8, 16, tzinfo=UTC)
SUNDAY = date(2026, 6, 7)


@pytest.fixture
def opened(plan: Plan) -> Plan:
    """The demo's members and providers, and the claims that were paid before."""
    plan.load_registry()
    process_files(plan.house, plan.take_in("acme", ENROLLMENT))
    assert take(plan).is_new
    return plan


def take(plan: Plan, path: Path = EXAMPLE) -> OpeningReport:
    """Import a file."""
    return import_opening_claims(plan.house, path, "legacy", "jo")


def bill(plan: Plan, frequency: str = "1", original: str | None = None, charge: int = 100) -> int:
    """The bill of the paid claim once more, sent by the clearinghouse; the id of its file."""
    damage: Damage = {
        "NM1*IL*1*DOE*PAT****MI*W00000{level}": "NM1*IL*1*ROE*ANN****MI*M1000001",
        "DMG*D8*19800101*F": "DMG*D8*19800211*F",
        "CLM*ACCOUNT{number}*150***11:B:1*Y*A*Y*Y": f"CLM*Q-1*{charge + 50}***11:B:{frequency}*Y*A*Y*Y",
        "DTP*431*D8*20260301": None,
        "HI*ABK:J020": f"REF*F8*{original}~HI*ABK:J020" if original else "HI*ABK:J020",
        "SV1*HC:99213*100*UN*1***1": f"SV1*HC:99213*{charge}*UN*1***1",
        "SV1*HC:87880*50*UN*1***1": "SV1*HC:71046*50*UN*1***1",
        "DTP*472*D8*20260302": "DTP*472*D8*20260420",
    }
    payer, partner = plan.house.configuration.payer, plan.house.configuration.partners["clearlink"]
    data = damaged_claims(damage)
    for old, new in (
        (b"CLEARHOUSE     ", partner.isa_id.ljust(15).encode()),
        (b"HEALTHPLAN     ", payer.isa_id.ljust(15).encode()),
        (b"GS*HC*CLEARHOUSE*HEALTHPLAN*", f"GS*HC*{partner.gs_ids[0]}*{payer.gs_id}*".encode()),
        (b"1999999984", b"1444444446"),
        (b"REF*EI*900000001", b"REF*EI*922222222"),
        (b"20260420", b"20260422" if original == DENIED else b"20260420"),
    ):
        data = data.replace(old, new)
    (file_id,) = plan.take_in("clearlink", data)
    plan.process()
    return file_id


def test_prior_claims_are_never_paid_again(opened: Plan) -> None:
    """They are decided and remitted on their days; the balance holds; a settlement finds nothing to pay."""
    claims = opened.rows("select claim_number, state, version_state, version from claim order by 1")
    assert [tuple(row.values()) for row in claims] == [
        (PAID, "paid", "active", 1),
        ("261180000002", "paid", "replaced", 1),
        (DENIED, "denied", "active", 1),
        ("261180000004", "paid", "voided", 1),
        ("261250000001", "paid", "active", 2),
    ]
    assert opened.rows("select count(*) as unknown from claim where member_id is null") == [{"unknown": 0}]
    assert adjudicate(opened.house).outcomes.total() == 0
    before = opened.rows("select production_date, payee_id, payment_cents from remittance order by 1")
    assert [tuple(row.values()) for row in before] == [
        (date(2026, 5, 3), "HILLSIDE", 9500),
        (date(2026, 5, 10), "HILLSIDE", 10000),
    ]
    opened.clock.instant = MONDAY
    remit(opened.house, SUNDAY)
    assert opened.count("remittance") == 2
    with opened.house.warehouse.begin() as connection:
        found = balance(connection)
    assert found.holds, found.faults
    view = view_claim(opened.house, PAID)
    (claim,) = view.claims
    assert [event["text"].split(":")[0] for event in view.timeline] == [
        *("received by legacy", "paid by legacy", "remitted by legacy"),
    ]
    assert claim["source"]["rows"] == [1, 2]
    assert [sent["through"] for sent in claim["remittances"]] == ["2026-05-03"]
    assert claim["decisions"][0]["decided_on"] == "2026-05-01"


def test_the_same_claims_are_imported_once(opened: Plan, tmp_path: Path) -> None:
    """In another kind of file and order of rows too."""
    before = opened.content()
    rows = pd.read_csv(EXAMPLE, dtype="str").iloc[::-1]
    path = tmp_path / "prior.parquet"
    rows[sorted(rows.columns)].to_parquet(path, index=False)
    report = take(opened, path)
    assert (report.is_new, report.stored.claims, report.stored.paid_cents) == (False, 5, 41500)
    assert opened.content() == before


def test_a_replacement_takes_back_what_the_earlier_system_paid(opened: Plan) -> None:
    """The 835 reverses the prior claim with its own amounts and reasons, and pays the difference or keeps it."""
    bill(opened, "7", PAID, charge=90)
    adjudicate(opened.house)
    opened.clock.instant = MONDAY
    remit(opened.house, SUNDAY)
    sent = opened.rows(
        "select entry, e.paid_cents, e.claim_status_code from remittance_claim e join remittance using (remittance_id)"
        " where remittance_run_id is not null order by ordinal"
    )
    assert (sent[0]["entry"], sent[0]["paid_cents"], sent[0]["claim_status_code"]) == ("reversal", -9500, "22")
    assert opened.rows(f"select version_state from claim where claim_number = '{PAID}'") == [
        {"version_state": "replaced"}
    ]
    with opened.house.warehouse.begin() as connection:
        found = balance(connection)
    assert found.holds, found.faults


def test_a_bill_that_was_paid_before_is_a_duplicate(opened: Plan) -> None:
    """OA 18."""
    bill(opened)
    adjudicate(opened.house)
    told = opened.rows(
        "select distinct group_code, reason_code from adjustment join decision using (decision_id)"
        " where source = 'rules'"
    )
    assert [tuple(row.values()) for row in told] == [("OA", "18")]


@pytest.mark.parametrize(("denied_original", "said"), [("correct", "A2:20"), ("new_claim", "A7:787")])
def test_a_denied_claim_is_replaced_where_the_plan_takes_that(opened: Plan, denied_original: str, said: str) -> None:
    """domain.md 6.4, RFI 2398: else the 277CA returns it, and wants a new claim."""
    book = opened.house.configuration.rulebook
    correction = replace(book.correction, denied_original=denied_original)  # type: ignore[arg-type] # one of them
    opened.change(rulebook=replace(book, correction=correction), front_end=FrontEndSettings())
    bill(opened, "7", DENIED)
    assert f"STC*{said}" in opened.claim_answers()[-1].content.decode()


def test_numbers_of_an_earlier_installation_are_not_given_again(plan: Plan, tmp_path: Path) -> None:
    """Claims that are received on the day of a prior one are numbered after it."""
    plan.load_registry()
    rows = pd.read_csv(EXAMPLE, dtype="str").iloc[:2]
    number = f"{plan.house.received_date(plan.clock.instant):%y%j}0000041"
    path = tmp_path / "prior.csv"
    rows.assign(claim_number=number).to_csv(path, index=False)
    assert take(plan, path).unmatched == 1
    bill(plan)
    numbers = plan.rows("select claim_number from claim order by claim_id")
    assert [row["claim_number"] for row in numbers] == [number, f"{number[:5]}0000042"]


FAULTS = {
    "a claim of ours": ({}, {}, "row 1: a claim of ours has this number"),
    "two versions in force": (
        {"claim_number": "7" + "0" * 11},
        {"claim_number": "8" + "0" * 11, "first_claim_number": "7" + "0" * 11, "version": "2"},
        "row 1: a later version is there",
    ),
    "told twice": ({"claim_number": "X1"}, {"claim_number": "X1", "line_number": "1"}, "row 2: the line was told"),
    "differs": (
        {"claim_number": "X1"},
        {"claim_number": "X1", "billing_tin": "911111111"},
        "row 1: billing_tin is not the same",
    ),
    "unbalanced": (
        {"claim_number": "X1"},
        {"claim_number": "X1", "paid_cents": "3999"},
        "row 2: charge_cents is not paid_cents plus",
    ),
    "paid tomorrow": (
        {"claim_number": "X1", "remitted_on": "2099-01-01"},
        {"claim_number": "X1", "remitted_on": "2099-01-01"},
        "row 1: remitted_on is yet to come",
    ),
    "void": (
        {"claim_number": "X1", "outcome": "void"},
        {"claim_number": "X1", "outcome": "void"},
        "row 1: outcome is paid or denied",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_with_a_fault_is_not_taken_in_part(opened: Plan, tmp_path: Path, fault: str) -> None:
    """The fault is told by row and rule; nothing is stored."""
    rows = pd.read_csv(EXAMPLE, dtype="str").iloc[:2].copy()
    *changes, told = FAULTS[fault]
    for place, change in enumerate(changes):
        assert isinstance(change, dict)
        for name, value in change.items():
            rows.loc[place, name] = value
    path = tmp_path / "prior.csv"
    rows.to_csv(path, index=False)
    before = opened.content()
    with pytest.raises(ImportRefused, match=str(told)):
        take(opened, path)
    assert opened.content() == before
