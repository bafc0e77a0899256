"""What becomes of members who were enrolled before the group's map knew of its renewal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from loaders.warehouse import Warehouse
from rules.rulebook import DatedPlan, Rulebook
from tests.loaders.enrolment_scenarios.notation import Roster, change, replacing, verify
from tests.loaders.enrolment_scenarios.office import Office

OLD_START = "| HLT GOLD EMP 348=2026-01-01"
OPEN = ["GOLD EMP 2026-01-01.."]
MOVED = ["GOLD EMP 2026-01-01..2026-12-31", "GOLD-27 EMP 2027-01-01.."]
DATED = (
    DatedPlan(insurance_line="HLT", plan_code="GOLD", plan="GOLD", effective_through=date(2026, 12, 31)),
    DatedPlan(insurance_line="HLT", plan_code="GOLD", plan="GOLD-27", effective_from=date(2027, 1, 1)),
)


def renewed(rulebook: Rulebook) -> Rulebook:
    """The same rules, with another meaning of the code from 2027 on."""
    crew, *others = rulebook.groups
    plans = {key: plan for key, plan in crew.plans.items() if key != ("HLT", "GOLD")}
    return replace(rulebook, groups=(replace(crew, plans=plans, dated_plans=DATED), *others))


def enrolled(warehouse: Warehouse, folder: Path, first: Roster) -> Office:
    """An office that took a file before its map was renewed."""
    office = Office(warehouse, folder, {"max_retro_term_days": 365})
    office.send(first)
    office.plan.change(rulebook=renewed(office.plan.house.configuration.rulebook))
    return office


@pytest.mark.parametrize(
    ("sent", "spans", "findings"),
    [
        pytest.param(change("2027-01-20", f"ANN 021 {OLD_START}"), MOVED, [], id="an-addition-moves"),
        pytest.param(change("2026-12-05", f"ANN 021 {OLD_START}"), MOVED, [], id="an-addition-moves-in-advance"),
        pytest.param(replacing("2027-01-20", f"ANN 030 {OLD_START}"), MOVED, [], id="a-roster-moves"),
        pytest.param(
            verify("2027-01-20", f"ANN 030 {OLD_START}"), OPEN, ["COVERAGE_DIFFERS"], id="an-audit-tells-the-difference"
        ),
        pytest.param(verify("2026-12-05", f"ANN 030 {OLD_START}"), OPEN, [], id="an-audit-before-agrees"),
        pytest.param(
            change("2027-04-02", "ANN 024 | HLT GOLD EMP 348=2026-01-01 349=2027-03-31"),
            ["GOLD EMP 2026-01-01..2027-03-31"],
            [],
            id="an-end-ends-the-plan-that-the-member-is-in",
        ),
        pytest.param(
            change("2027-03-02", "ANN 021 | HLT GOLD EMP 348=2027-03-01"),
            ["GOLD EMP 2026-01-01..2027-02-28", "GOLD-27 EMP 2027-03-01.."],
            ["COVERAGE_OVERLAP"],
            id="a-first-day-after-the-renewal-is-taken-at-its-word",
        ),
    ],
)
def test_who_was_there_before(
    warehouse: Warehouse, tmp_path: Path, sent: Roster, spans: list[str], findings: list[str]
) -> None:
    """Goes over with the first row that is applied; the row again changes nothing."""
    office = enrolled(warehouse, tmp_path, change("2026-01-02", f"ANN 021 {OLD_START}"))
    taken = office.send(sent)
    assert office.spans() == {"ANN": spans}
    assert taken.findings == [f"ENROLLMENT_{code}" for code in findings]
    history = office.history()
    office.send(sent)
    assert office.history() == history


def test_who_is_not_sent_stays_in_the_plan_before(warehouse: Warehouse, tmp_path: Path) -> None:
    """A map changes nobody by itself."""
    before = change("2026-01-02", f"ANN 021 {OLD_START}", f"DAN 021 {OLD_START}")
    office = enrolled(warehouse, tmp_path, before)
    office.send(change("2027-01-20", f"ANN 021 {OLD_START}"))
    assert office.spans() == {"ANN": MOVED, "DAN": OPEN}


def test_every_tier_after_the_renewal_goes_over(warehouse: Warehouse, tmp_path: Path) -> None:
    """The days before it keep the tiers that they had."""
    office = enrolled(warehouse, tmp_path, change("2026-01-02", f"ANN 021 {OLD_START}"))
    office.send(change("2026-06-02", "ANN 001 reason=32 | HLT GOLD IND 348=2026-06-01"))
    office.send(change("2027-01-20", "ANN 021 | HLT GOLD IND 348=2026-01-01"))
    assert office.spans() == {
        "ANN": ["GOLD EMP 2026-01-01..2026-05-31", "GOLD IND 2026-06-01..2026-12-31", "GOLD-27 IND 2027-01-01.."]
    }
