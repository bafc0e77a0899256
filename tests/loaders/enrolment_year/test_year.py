"""A year of monthly files with everything that happens to people equals books that are kept day by day."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from loaders.warehouse import Warehouse
from tests.loaders.enrolment_scenarios.notation import Roster
from tests.loaders.enrolment_scenarios.office import Office
from tests.loaders.enrolment_year.books import Books, Sent, merged
from tests.loaders.enrolment_year.company import Company, notation

FAMILIES = 30
SPANS = """
select m.subscriber_number as number, m.first_name as name, s.insurance_line as line, s.plan_id as plan, s.tier,
    lower(s.valid) as first, upper(s.valid) - 1 as last
from coverage_span s join member m using (member_id)
where s.recorded_at <= '{moment}' and coalesce(s.superseded_at, 'infinity') > '{moment}'
"""
Spans = Mapping[tuple[str, str, str], list[str]]


class Year:
    """A company, the plan that it sends its files to, and the books."""

    def __init__(self, office: Office, company: Company, *, leavers_left_out: bool = False) -> None:
        self.leavers_left_out = leavers_left_out
        self.office = office
        self.company = company
        self.snapshots: list[tuple[str, Spans]] = []

    def send(self, today: date, rows: list[Sent], action: str = "2") -> None:
        """A file arrives; the plan believes what the books say."""
        self.company.books.apply(rows, today)
        if action == "RX" and self.leavers_left_out:
            self.company.books.leave_out(rows, today)
        roster = Roster(today.isoformat(), [notation(row) for row in rows], action, cast=self.company.cast)
        taken = self.office.send(roster)
        assert taken.state == "committed"
        assert "ENROLLMENT_MEMBER_SYNTAX" not in taken.findings
        moment = taken.known_at.isoformat()
        self.snapshots.append((moment, self.company.books.spans()))
        self.compare(*self.snapshots[-1])

    def send_again(self, today: date, rows: list[Sent], action: str = "2") -> None:
        """A file that came before: not a row of the history changes."""
        history = self.office.history()
        self.office.send(Roster(today.isoformat(), [notation(row) for row in rows], action, cast=self.company.cast))
        assert self.office.history() == history

    def compare(self, moment: str, expected: Spans) -> None:
        """What was believed at a moment."""
        by_line: dict[tuple[str, str, str], list[tuple[str, date, date | None]]] = {}
        for row in self.office.plan.rows(SPANS.format(moment=moment)):
            key = (row["number"], row["name"], row["line"])
            by_line.setdefault(key, []).append((f"{row['plan']} {row['tier']}", row["first"], row["last"]))
        found = {key: merged(spans) for key, spans in by_line.items()}
        both = {key: {"plan": found.get(key, []), "books": expected.get(key, [])} for key in {**found, **expected}}
        assert {key: one for key, one in both.items() if one["plan"] != one["books"]} == {}


def live(year: Year, roster_action: str | None, change_action: str = "2") -> None:
    """Twelve months: changes on the second, a full roster on the tenth, now and then something twice."""
    company = year.company
    first = date(2026, 1, 2)
    year.send(first, company.first_file(first), change_action)
    for month in range(2, 13):
        today = date(2026, month, 2)
        rows = company.month(today)
        if rows:
            year.send(today, rows, change_action)
        if rows and company.dice.random() < 1 / 2:
            year.send_again(today, rows, change_action)
        if roster_action:
            make = company.roster_without_leavers if year.leavers_left_out else company.roster
            roster = make(today.replace(day=10))
            year.send(today.replace(day=10), roster, roster_action)
    for moment, expected in year.snapshots:
        year.compare(moment, expected)


KINDS: list[Any] = [
    pytest.param({}, None, "2", False, id="changes"),
    pytest.param({}, "2", "2", False, id="rosters-marked-as-changes"),
    pytest.param({}, "4", "2", False, id="rosters-to-verify"),
    pytest.param(
        {},
        "4",
        "2",
        True,
        id="ends-taken-back",
    ),
    pytest.param(
        {"absent": "now"},
        "RX",
        "2",
        False,
        id="leavers-left-out-of-rosters",
    ),
    pytest.param(
        {"mode_override": "change"},
        None,
        "RX",
        True,
        id="changes-marked-as-rosters",
    ),
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("settings", "roster_action", "change_action", "takes_back_ends"), KINDS)
def test_a_year(
    warehouse: Warehouse,
    tmp_path: Path,
    seed: int,
    settings: dict[str, Any],
    roster_action: str | None,
    change_action: str,
    takes_back_ends: bool,
) -> None:
    """After each file the spans are those of the books, and what was believed at any time stays on record."""
    company = Company(seed, FAMILIES, Books(), takes_back_ends=takes_back_ends)
    year = Year(Office(warehouse, tmp_path, settings), company, leavers_left_out="absent" in settings)
    live(year, roster_action, change_action)


def test_everything_happens() -> None:
    """In a few years of a company every kind of row is sent, and every kind of mistake."""
    sent: set[tuple[str, str | None]] = set()
    refused = 0
    for seed in range(3):
        company = Company(seed, FAMILIES, Books())
        for month in range(1, 13):
            today = date(2026, month, 2)
            rows = company.first_file(today) if month == 1 else company.month(today)
            company.books.apply(rows, today)
            refused += sum(row.is_refused for row in rows)
            sent |= {
                (row.maintenance, part.maintenance)
                for row in rows
                for part in (row.parts or itertools.repeat(None, 1))
                if part
            } | {(row.maintenance, "bare") for row in rows if not row.parts}
            sent |= {("cobra", None) for row in rows if "status=C" in row.words}
    assert refused > 5
    assert sent >= {
        ("021", None),
        ("024", None),
        ("024", "bare"),
        ("025", None),
        ("001", None),
        ("001", "001"),
        ("001", "002"),
        ("001", "021"),
        ("001", "024"),
        ("cobra", None),
    }
