"""A year of monthly files with everything that happens to people equals books that are kept day by day."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from loaders.warehouse import Warehouse
from pipeline.hold_decisions import reject, release
from tests.loaders.enrolment_scenarios.notation import Roster
from tests.loaders.enrolment_scenarios.office import Office, Taken
from tests.loaders.enrolment_year.books import A_DAY, Books, Sent, merged
from tests.loaders.enrolment_year.company import Company, notation

FAMILIES = 30
HELD_ENDS = {7: False, 9: True}
"""Months in which an end comes too late, and whether a person releases it."""
TRUNCATED = 5
"""The month in which half of a roster is lost on the way."""
A_MINUTE = timedelta(minutes=1)
SPANS = """
select m.subscriber_number as number, m.first_name as name, s.insurance_line as line, s.plan_id as plan, s.tier,
    lower(s.valid) as first, upper(s.valid) - 1 as last
from coverage_span s join member m using (member_id)
where s.recorded_at <= '{moment}' and coalesce(s.superseded_at, 'infinity') > '{moment}'
"""
Spans = Mapping[tuple[str, str, str], list[str]]


class Year:
    """A company, the plan that it sends its files to, and the books."""

    def __init__(self, office: Office, company: Company, settings: Mapping[str, Any]) -> None:
        self.office = office
        self.company = company
        absent = settings.get("absent")
        self.absences = {None: 0, "now": 1}.get(absent) if absent is None or absent == "now" else absent["after"]
        """Full rosters in a row without a member after which coverage ends; 0 = never."""
        self.after = A_DAY if settings.get("end_date_is") == "first_uncovered" else timedelta()
        self.snapshots: list[tuple[str, Spans]] = []

    def send(self, today: date, rows: list[Sent], action: str = "2") -> None:
        """A file arrives; the plan believes what the books say."""
        self._apply(today, rows, action)
        self._arrived(self.office.send(self._roster(today, rows, action)))

    def send_again(self, today: date, rows: list[Sent], action: str = "2") -> None:
        """A file that came before: not a row of the history changes."""
        history = self.office.history()
        self.office.send(self._roster(today, rows, action))
        assert self.office.history() == history

    def send_held(self, today: date, rows: list[Sent], code: str, action: str = "2", *, is_released: bool) -> None:
        """A file that waits for a person: nothing of it is believed until it is released, and nothing if it is not."""
        before = self.company.books.spans()
        taken = self.office.send(self._roster(today, rows, action))
        assert (taken.state, self._holds(taken.file_id)) == ("held", [code])
        self.compare(taken.known_at.isoformat(), before)
        if is_released:
            release(self.office.plan.house, taken.file_id, "ann")
            self._apply(today, rows, action)
        else:
            reject(self.office.plan.house, taken.file_id, "ann")
        self.office.plan.process()
        assert self.office.plan.state(taken.file_id) == "committed"
        self.office.plan.clock.instant += A_MINUTE
        self.snapshots.append((self.office.plan.clock.instant.isoformat(), self.company.books.spans()))
        self.compare(*self.snapshots[-1])

    def _holds(self, file_id: int) -> list[str]:
        return [row["code"] for row in self.office.plan.rows(f"select code from hold where file_id = {file_id}")]

    def _roster(self, today: date, rows: list[Sent], action: str) -> Roster:
        lines = [notation(row, self.after) for row in rows]
        return Roster(today.isoformat(), lines, action, cast=self.company.cast)

    def _apply(self, today: date, rows: list[Sent], action: str) -> None:
        self.company.books.apply(rows, today)
        if action == "RX" and self.absences:
            self.company.books.leave_out(rows, today, self.absences)

    def _arrived(self, taken: Taken) -> None:
        assert taken.state == "committed"
        assert "ENROLLMENT_MEMBER_SYNTAX" not in taken.findings
        self.snapshots.append((taken.known_at.isoformat(), self.company.books.spans()))
        self.compare(*self.snapshots[-1])

    def compare(self, moment: str, expected: Spans) -> None:
        """What was believed at a moment."""
        by_line: dict[tuple[str, str, str], list[tuple[str, date, date | None]]] = {}
        for row in self.office.plan.rows(SPANS.format(moment=moment)):
            name = self.company.called.get((row["number"], row["name"]), row["name"])
            key = (row["number"], name, row["line"])
            by_line.setdefault(key, []).append((f"{row['plan']} {row['tier']}", row["first"], row["last"]))
        found = {key: merged(spans) for key, spans in by_line.items()}
        both = {key: {"plan": found.get(key, []), "books": expected.get(key, [])} for key in {**found, **expected}}
        assert {key: one for key, one in both.items() if one["plan"] != one["books"]} == {}


def live(year: Year, roster_action: str | None, change_action: str = "2") -> None:
    """Twelve months: changes on the second, a full roster on the tenth, now and then something twice or held."""
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
        if month in HELD_ENDS and (late := company.end_long_ago(today)):
            year.send_held(today, late, "RETRO_TERMINATION", change_action, is_released=HELD_ENDS[month])
        if roster_action:
            make = company.roster_without_leavers if year.absences else company.roster
            day = today.replace(day=10)
            if roster_action in {"4", "RX"} and month == TRUNCATED:
                rows = company.roster(day)
                year.send_held(day, rows[: len(rows) // 2], "ABSENCE_THRESHOLD", roster_action, is_released=False)
            year.send(day, make(day), roster_action)
    for moment, expected in year.snapshots:
        year.compare(moment, expected)


KINDS: list[Any] = [
    pytest.param({}, None, "2", False, id="changes"),
    pytest.param({"end_date_is": "first_uncovered"}, "2", "2", False, id="ends-on-the-first-day-without-coverage"),
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
    pytest.param({"absent": {"after": 2}}, "RX", "2", False, id="leavers-left-out-twice"),
    pytest.param(
        {"mode_override": "change"},
        None,
        "RX",
        True,
        id="changes-marked-as-rosters",
    ),
]


@pytest.mark.parametrize("seed", range(2))
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
    generous = {"count_swing_percent": 60}
    year = Year(Office(warehouse, tmp_path, {**generous, **settings}), company, settings)
    live(year, roster_action, change_action)


def test_everything_happens() -> None:
    """In a few years of a company every kind of row is sent, and every kind of mistake."""
    sent: set[tuple[str, str | None]] = set()
    refused = 0
    for seed in range(6):
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
        ("001", "026"),
        ("001", "024"),
        ("cobra", None),
    }
