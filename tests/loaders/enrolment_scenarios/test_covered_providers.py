"""A provider is in force on the days of coverage for which the member chose him."""

from __future__ import annotations

from pathlib import Path

from loaders.warehouse import Warehouse
from tests.loaders.enrolment_scenarios.notation import change
from tests.loaders.enrolment_scenarios.office import Office

ONE, OTHER = "1093817465", "1003000126"
JANUARY = "| HLT GOLD EMP 348=2026-01-01"


def in_force(office: Office) -> list[tuple[str, str, str | None]]:
    """Provider, first day, last day."""
    rows = office.plan.rows("select * from covered_provider order by first_day")
    return [
        (row["identifier"], str(row["first_day"]), str(row["last_day"]) if row["last_day"] else None) for row in rows
    ]


def test_a_choice_ends_and_returns_with_the_coverage(warehouse: Warehouse, tmp_path: Path) -> None:
    """Without being sent again, and with the gap that the coverage has."""
    office = Office(warehouse, tmp_path)
    office.send(change("2026-01-02", f"ANN 021 {JANUARY} pcp={ONE}"))
    assert in_force(office) == [(ONE, "2026-01-01", None)]
    office.send(change("2026-03-02", f"ANN 001 303=2026-03-01 {JANUARY} pcp={OTHER}"))
    office.send(change("2026-04-02", "ANN 024 | HLT GOLD EMP 349=2026-04-30"))
    choices = [(ONE, "2026-01-01", "2026-02-28"), (OTHER, "2026-03-01", "2026-04-30")]
    assert in_force(office) == choices
    office.send(change("2026-06-02", "ANN 025 | HLT GOLD EMP 348=2026-06-01"))
    assert in_force(office) == [*choices, (OTHER, "2026-06-01", None)]
    assert office.plan.count("member_provider") == 3


def test_a_choice_in_one_line_has_nothing_from_another(warehouse: Warehouse, tmp_path: Path) -> None:
    """The dental coverage goes on without a primary care provider."""
    office = Office(warehouse, tmp_path)
    office.send(change("2026-01-02", f"ANN 021 {JANUARY} pcp={ONE} | DEN D1 EMP 348=2026-01-01"))
    office.send(change("2026-04-02", "ANN 024 | HLT GOLD EMP 349=2026-03-31"))
    assert in_force(office) == [(ONE, "2026-01-01", "2026-03-31")]
