"""`edi opening balances`: what was used of deductibles, maxima and limits before the books were opened here."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from edi.import_problems import ImportRefused
from pipeline.adjudicate import adjudicate
from pipeline.claim import view_claim
from pipeline.member import view_member
from pipeline.opening_balances import BalancesReport, import_opening_balances
from pipeline.process import process_files
from rules.benefit_settings import CoverageLimit
from tests.pipeline.plan import CLAIMS, DEMO, ENROLLMENT, Plan

EXAMPLE = DEMO.parent / "imports" / "opening_balances.csv"
DEDUCTIBLE, OUT_OF_POCKET = 10_000, 200_000
LIMITS = (
    CoverageLimit(id="PT", measure="units", most=20),
    CoverageLimit(id="ORTHO", measure="amount", most=150_000, per="lifetime"),
)


@pytest.fixture
def insured(plan: Plan) -> Plan:
    """The demo's members, whose PPO has a deductible, maxima and limits here."""
    plan.load_registry()
    book = plan.house.configuration.rulebook
    terms = {
        "deductible_cents": DEDUCTIBLE,
        "family_deductible_cents": 2 * DEDUCTIBLE,
        "out_of_pocket_cents": OUT_OF_POCKET,
        "limits": LIMITS,
    }
    plans = tuple(replace(each, **terms) if each.id == "SILVER-PPO" else each for each in book.plans)  # type: ignore[arg-type] # fields by name
    plan.change(rulebook=replace(book, plans=plans))
    process_files(plan.house, plan.take_in("acme", ENROLLMENT))
    return plan


def rows(*changes: dict[str, str | None]) -> pd.DataFrame:
    """The example's first row, changed."""
    first = pd.read_csv(EXAMPLE, dtype="str").iloc[0].to_dict()
    return pd.DataFrame([first | change for change in changes or ({},)])


def take(plan: Plan, told: pd.DataFrame | Path, system: str = "OLD") -> BalancesReport:
    """Import a file of these rows."""
    if isinstance(told, pd.DataFrame):
        path = plan.house.var / "balances.csv"
        told.to_csv(path, index=False)
        told = path
    return import_opening_balances(plan.house, told, system, "jo")


def amounts(plan: Plan) -> dict[str, int]:
    """Every accumulator that is not at nothing, by holder and counter."""
    found = plan.rows("select holder, counter, sum(amount) as amount from accumulator group by 1, 2 order by 1, 2")
    return {f"{row['holder']} {row['counter']}": int(row["amount"]) for row in found if row["amount"]}


def test_a_deductible_that_was_met_before_is_not_asked_again(insured: Plan) -> None:
    """Of the member who met it; his wife still owes hers. `edi claim` and `edi member` say where it came from."""
    report = take(insured, EXAMPLE)
    assert (report.stored.balances, report.stored.version, report.is_new) == (4, 1, True)
    process_files(insured.house, insured.take_in("clearlink", CLAIMS))
    adjudicate(insured.house)
    owed = insured.rows(
        "select patient_control_number as claim, sum(amount_cents) as cents from adjustment"
        " join decision using (decision_id) join claim using (claim_id)"
        " where group_code = 'PR' and reason_code = '1' group by 1"
    )
    assert {row["claim"] for row in owed if row["cents"]} == {"P-1006"}
    (claim,) = view_claim(insured.house, "P-1005").claims
    told = {(one["holder"], one["counter"]): one["opening"] for one in claim["opening_balances"]}
    assert told[("member", "deductible")] == DEDUCTIBLE
    assert {one["opened_from"] for one in claim["opening_balances"]} == {"OLD"}
    benefits = view_member(insured.house, "M1000002", None, None).summary()["benefits_used"]
    used: dict[Any, tuple[int, int]] = {
        (one["holder"], one["counter"]): (one["used"], one["opening"]) for one in benefits if one["opening"]
    }
    assert used[("member", "deductible")] == (DEDUCTIBLE, DEDUCTIBLE)
    # what was used since is counted on top
    assert used[("member", "out_of_pocket")][0] > used[("member", "out_of_pocket")][1] == 12_500
    before = amounts(insured)
    corrected = pd.read_csv(EXAMPLE, dtype="str")
    corrected.loc[1, "used"] = "0"
    assert take(insured, corrected).stored.changed == 1
    assert amounts(insured) == before | {"member out_of_pocket": before["member out_of_pocket"] - 12_500}


def test_a_later_file_takes_the_place_of_the_one_before(insured: Plan) -> None:
    """Amounts move by the difference, what is no longer told ends, and an older content that comes again is nothing."""
    both = rows({}, {"counter": "out_of_pocket", "used": "12500"})
    take(insured, both)
    later = take(insured, rows({"used": "4000"}))
    assert (later.stored.version, later.stored.balances, later.stored.changed, later.stored.ended) == (2, 1, 1, 1)
    assert amounts(insured) == {"member deductible": 4000}
    for again in (both, both[::-1], rows({"used": "4000"})):
        report = take(insured, again)
        assert (report.is_new, report.in_force) == (False, 2)
    assert amounts(insured) == {"member deductible": 4000}
    # counted anew from what is there
    assert insured.count("opening_import") == 2


def test_what_a_file_counts_is_what_accumulators_count(insured: Plan) -> None:
    """Units as thousandths, lifetimes from their own first day, families under the number that they share."""
    take(
        insured,
        rows(
            {"counter": "limit:PT", "used": "7"},
            {"counter": "limit:ORTHO", "period_from": "1900-01-01", "used": "99900"},
            {"holder": "family", "patient_first_name": None, "patient_birth_date": None, "group_id": None},
        ),
    )
    assert amounts(insured) == {
        "member limit:PT": 7000,
        "member limit:ORTHO": 99_900,
        "family deductible": DEDUCTIBLE,
    }


FAULTS: dict[str, tuple[dict[str, str | None], str]] = {
    "nobody": ({"subscriber_id": "M7777777"}, "row 1: column subscriber_id: nobody"),
    "another birth date": ({"patient_birth_date": "1975-07-24"}, "row 1: column subscriber_id: nobody"),
    "another group": ({"group_id": "OTHER"}, "row 1: column subscriber_id: nobody"),
    "no birth date": ({"patient_birth_date": None}, "row 1: column patient_birth_date"),
    "family of nobody": ({"holder": "family", "subscriber_id": "M7777777"}, "row 1: column subscriber_id: nobody"),
    "unknown plan": ({"plan_id": "BRONZE"}, "row 1: column plan_id"),
    "not counted": ({"plan_id": "GOLD-HMO"}, "row 1: column counter"),
    "no such limit": ({"counter": "limit:CHIRO"}, "row 1: column counter"),
    "limit of a family": ({"counter": "limit:PT", "holder": "family"}, "row 1: column counter"),
    "not a benefit year": ({"period_from": "2026-02-01"}, "row 1: column period_from"),
    "a year for life": ({"counter": "limit:ORTHO"}, "row 1: column period_from"),
    "next year": ({"period_from": "2027-01-01"}, "row 1: column period_from: it is yet to come"),
    "negative": ({"used": "-1"}, "row 1: column used: it is negative"),
    "a fraction": ({"used": "12.50"}, "row 1: column used"),
    "a holder": ({"holder": "household"}, "row 1: column holder"),
    "a counter": ({"counter": "copays"}, "row 1: column counter"),
}


@pytest.fixture
def refusing(insured: Plan) -> Plan:
    """With balances of another system."""
    take(insured, rows({"counter": "out_of_pocket", "used": "1"}), "FIRST")
    return insured


def test_a_file_with_a_fault_changes_nothing_and_is_told_without_its_values(refusing: Plan) -> None:
    """Row and column, for each fault; never a part of the file."""
    before = refusing.content()
    for name, (change, said) in FAULTS.items():
        with pytest.raises(ImportRefused) as refused:
            take(refusing, rows(change, {"counter": "limit:PT"}))
        assert said in str(refused.value), name
        values = {value for value in change.values() if value and len(value) > 4 and not value.startswith("limit")}
        assert not any(value in str(refused.value) for value in values), name
    twice = rows({"counter": "limit:PT"}, {"counter": "limit:PT", "group_id": None, "used": "2"})
    for told, said in (
        (twice, "row 2: the balance was told before"),
        (rows({"counter": "out_of_pocket"}), "another system"),
    ):
        with pytest.raises(ImportRefused, match=said):
            take(refusing, told)
    assert refusing.content() == before


def test_two_files_at_once_are_two_versions(insured: Plan) -> None:
    """One after the other: the amount is that of the version in force, whoever came second."""
    paths = []
    for used in ("1000", "3000"):
        paths.append(insured.house.var / f"{used}.csv")
        rows({"used": used}).to_csv(paths[-1], index=False)
    threads = [threading.Thread(target=take, args=(insured, path)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (newest,) = insured.rows(
        "select amount, version from opening_balance join opening_import using (opening_import_id)"
        " order by version desc limit 1"
    )
    assert newest["version"] == 2
    assert amounts(insured) == {"member deductible": newest["amount"]}
