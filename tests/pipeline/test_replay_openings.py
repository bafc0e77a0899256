"""Replay of what people brought beside files: prior claims, opening balances, disputes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loaders.warehouse import Warehouse, open_warehouse
from pipeline.adjudicate import adjudicate
from pipeline.claim import view_claim
from pipeline.configuration import load_configuration
from pipeline.disputes import close_dispute, open_dispute
from pipeline.opening_balances import import_opening_balances
from pipeline.opening_import import import_opening_claims
from pipeline.process import process_files
from pipeline.provider_accounts import load_entries
from pipeline.provider_registry import load_providers
from pipeline.remit import remit
from pipeline.replay import replay_warehouse
from tests.pipeline.plan import CLINIC_CLAIMS, DEMO, ENROLLMENT, Plan
from tests.pipeline.test_replay import configured

PRIOR = DEMO.parent / "imports" / "opening_claims.csv"
BALANCES = """\
holder,subscriber_id,patient_first_name,patient_birth_date,plan_id,counter,period_from,used
member,M1000001,ANN,1980-02-11,GOLD-HMO,out_of_pocket,2026-01-01,{used}
"""
ENTRIES = """\
payee_id,reason_code,reference,amount_cents
RIVERCLINIC,LE,LEVY-7,{cents}
"""


@pytest.fixture
def scratch(fresh_database: Callable[[], str]) -> Iterator[Warehouse]:
    """Another empty warehouse."""
    opened = open_warehouse(fresh_database())
    yield opened
    opened.close()


def test_a_replay_opens_the_books_as_they_were_opened(warehouse: Warehouse, scratch: Warehouse, tmp_path: Path) -> None:
    """A copay that a balance excused stays excused, and a void that a dispute kept out stays out."""
    folder = configured(tmp_path / "config")
    groups = folder / "groups.yaml"
    groups.write_text(groups.read_text().replace("copay: 25.00,", "copay: 25.00, out_of_pocket_maximum: 500.00,"))
    plan = Plan(warehouse, tmp_path / "var", load_configuration(folder))
    load_providers(plan.house)
    process_files(plan.house, plan.take_in("acme", ENROLLMENT))
    import_opening_claims(plan.house, PRIOR, "OLD", "jo")
    for used in ("40000", "49000"):
        path = tmp_path / "balances.csv"
        path.write_text(BALANCES.format(used=used))
        import_opening_balances(plan.house, path, "OLD", "jo")
    process_files(plan.house, plan.take_in("riverclinic", CLINIC_CLAIMS))
    adjudicate(plan.house)
    (claim,) = view_claim(plan.house, "R-3001").claims
    assert claim["decisions"][-1]["patient_responsibility_cents"] == 1000
    for cents in ("1200", "2500"):
        path.write_text(ENTRIES.format(cents=cents))
        load_entries(plan.house, path, "jo")
    remit(plan.house, plan.house.today())
    open_dispute(plan.house, claim["claim_number"], "D-1", "paper", None, "jo")
    text = CLINIC_CLAIMS.decode().replace("000003001", "000003102").replace("*3001*", "*3102*")
    text = text.replace("GE*1*3001", "GE*1*3102").replace("RC20260601", "RC20260602").replace("11:B:1", "11:B:8")
    text = text.replace("SE*26*", "SE*27*").replace("REF*D9", f"REF*F8*{claim['claim_number']}~\nREF*D9")
    process_files(plan.house, plan.take_in("riverclinic", text.encode()))
    close_dispute(plan.house, "D-1", "upheld", "jo")
    report = replay_warehouse(plan.house, scratch, tmp_path / "replay")
    assert report.differences == []
    assert report.entries["prior"] == 1
    assert report.entries["opening"] == report.entries["dispute"] == report.entries["accounts"] == 2
    for one in (warehouse, scratch):
        with one.begin() as connection:
            booked = (
                "select reason_code, reference, amount_cents from remittance_provider_adjustment where entry_id = 1"
            )
            assert [tuple(row) for row in connection.exec_driver_sql(booked)] == [("LE", "LEVY-7", 2500)]
    with scratch.begin() as connection:
        found = connection.exec_driver_sql("select outcome, closed_by from provider_dispute").all()
    assert [tuple(row) for row in found] == [("upheld", "jo")]
