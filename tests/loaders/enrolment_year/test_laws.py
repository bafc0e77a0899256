"""What holds of any files of any mode, from their bytes to what is on record: order, repetition, overlaps, the past."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date, datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from loaders.coverage_reads import MemberHistory, Question, coverage_on_days, member_histories
from loaders.warehouse import Warehouse, WarehouseRefused, open_warehouse
from tests.loaders.enrolment_scenarios.notation import Roster
from tests.loaders.enrolment_scenarios.office import Office, Taken
from tests.loaders.enrolment_year.books import Books, Sent
from tests.loaders.enrolment_year.company import Company, notation

FAMILIES, MONTHS = 10, 4
LEFT_OUT = 0.1
"""Which share of the families a full roster lacks."""
SETTINGS: dict[str, dict[str, Any]] = {
    "reported": {},
    "absent-twice": {"absent": {"after": 2}},
    "absent-now": {"absent": "now", "roster_is_truth": True, "absent_end": "as_of"},
}
CONTENT = {
    "member": "select subscriber_number, member_suffix, first_name, birth_date, file_id from member",
    "member_past": "select subscriber_number, member_suffix, first_name, file_id, superseded_by from member_past",
    "coverage_span": (
        "select m.subscriber_number, m.member_suffix, s.insurance_line, s.plan_id, s.tier, s.is_cobra, s.cobra_event,"
        " cast(s.valid as text), s.file_id, s.superseded_by from coverage_span s join member m using (member_id)"
    ),
    "member_date": (
        "select m.subscriber_number, m.member_suffix, s.qualifier, s.value, s.file_id, s.superseded_by"
        " from member_date s join member m using (member_id)"
    ),
    "absence": (
        "select m.subscriber_number, m.member_suffix, a.rosters, a.first_as_of, a.last_as_of"
        " from absence a join member m using (member_id)"
    ),
    "finding": "select file_id, code from finding where code like 'ENROLLMENT%'",
    "enrollment_outcome": (
        "select o.file_id, m.subscriber_number, m.member_suffix, o.outcome"
        " from enrollment_outcome o left join member m using (member_id)"
    ),
}
"""What is on record, without numbers of ours that an order gives."""


def content(warehouse: Warehouse, *, but: frozenset[str] = frozenset()) -> dict[str, Counter[tuple[Any, ...]]]:
    """Every row of the tables, as often as it is there."""
    with warehouse.begin() as conn:
        return {
            name: Counter(tuple(row) for row in conn.execute(text(query)))
            for name, query in CONTENT.items()
            if name not in but
        }


def files(seed: int) -> tuple[Company, list[tuple[date, str, list[list[Sent]]]]]:
    """Files of all modes, by families: changes each month, and a full roster with gaps in the middle of it."""
    company = Company(seed, FAMILIES, Books())
    made = []
    for month in range(1, MONTHS + 1):
        today = date(2026, month, 2)
        rows = company.first_file(today) if month == 1 else company.month(today)
        company.books.apply(rows, today)
        made.append((today, "2", by_family(rows)))
        day = today.replace(day=10)
        families = by_family(company.roster(day))
        if month > 1:
            families = [family for family in families if company.dice.random() > LEFT_OUT]
        made.append((day, company.dice.choice(("4", "RX")), families))
    return company, made


def by_family(rows: list[Sent]) -> list[list[Sent]]:
    """Rows of one number stay in their order."""
    ordered = sorted(rows, key=lambda row: row.who.number)
    return [list(family) for _, family in groupby(ordered, key=lambda row: row.who.number)]


def roster(day: date, action: str, families: list[list[Sent]], company: Company) -> Roster:
    """A file of these families."""
    lines = [notation(row) for family in families for row in family]
    return Roster(day.isoformat(), lines, action, cast=company.cast)


def assert_no_overlap(office: Office) -> None:
    """Of the spans that are believed each ends before the next of its member and line begins."""
    rows = office.plan.rows(
        "select member_id, insurance_line, lower(valid) as first, upper(valid) as stop from coverage_span"
        " where superseded_at is null order by member_id, insurance_line, lower(valid)"
    )
    assert all(row["stop"] is None or row["first"] < row["stop"] for row in rows)
    for one, other in pairwise(rows):
        if (one["member_id"], one["insurance_line"]) == (other["member_id"], other["insurance_line"]):
            assert one["stop"] is not None
            assert one["stop"] <= other["first"]


Answers = tuple[list[str], list[list[MemberHistory]]]


def answers(office: Office, moment: datetime, members: int) -> Answers:
    """Who was covered on the days of a year, and the histories of all numbers, as known then."""
    days = [date(2026, month, 15) for month in range(1, 13)]
    asked = [Question(member, day, moment) for member in range(1, members + 1) for day in days]
    with office.plan.house.warehouse.begin() as conn:
        frame = coverage_on_days(conn, asked)
        histories = [member_histories(conn, f"{number:07d}", moment) for number in range(1, FAMILIES + 10)]
    return sorted(repr(row) for row in frame.itertuples(index=False)), histories


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes what a test opens."""
    with ExitStack() as opened:
        yield opened


@pytest.mark.parametrize(
    ("seed", "settings"),
    [pytest.param(seed, settings, id=name) for seed, (name, settings) in enumerate(SETTINGS.items())],
)
def test_files_of_any_mode(
    fresh_database: Callable[[], str], tmp_path: Path, stack: ExitStack, seed: int, settings: dict[str, Any]
) -> None:
    """In another order of families they say the same; twice the same as once; no overlap; the past stays."""
    dice = random.Random(seed)  # noqa: S311 - an order that repeats is what is wanted
    generous = {"absence_hold_percent": 100, "count_swing_percent": 100, "max_retro_term_days": 400}
    held = []
    company, sent = files(seed)
    for kind in ("as sent", "shuffled and twice"):
        warehouse = stack.enter_context(closing(open_warehouse(fresh_database())))
        office = Office(warehouse, tmp_path / kind.replace(" ", "-"), {**settings, **generous})
        believed: list[tuple[Taken, Answers]] = []
        reports = []
        for day, action, families in sent:
            order = families if kind == "as sent" else dice.sample(families, len(families))
            taken = office.send(roster(day, action, order, company))
            assert taken.state == "committed"
            assert_no_overlap(office)
            reports.append(sorted(office.report(taken.file_id)))
            believed.append((taken, answers(office, taken.known_at, len(company.cast))))
            again = twice(office, roster(day, action, order, company))
            assert_no_overlap(office)
            assert again.state == "committed"
        assert any(known for _, (known, _) in believed)
        for taken, known in believed:
            assert answers(office, taken.known_at, len(company.cast)) == known
        held.append((content(warehouse), reports))
    assert held[0] == held[1]


def twice(office: Office, again: Roster) -> Taken:
    """The same once more: not a row of members, of spans or of absences is another."""
    report = frozenset({"finding", "enrollment_outcome"})
    before = content(office.plan.house.warehouse, but=report)
    taken = office.send(again)
    assert content(office.plan.house.warehouse, but=report) == before
    return taken


def test_the_database_refuses_an_overlap(warehouse: Warehouse, tmp_path: Path) -> None:
    """Whatever the program does; one that is superseded is no overlap."""
    office = Office(warehouse, tmp_path)
    office.send(Roster("2026-01-02", ["ANN 021 | HLT GOLD EMP 348=2026-01-01"]))
    copied = (
        "insert into coverage_span (coverage_key, member_id, insurance_line, plan_id, valid, recorded_at, file_id,"
        " source_start, source_stop, superseded_at, superseded_by) select coverage_key, member_id, insurance_line,"
        " 'SILVER', daterange('2026-06-01', '2026-07-01'), recorded_at, file_id, source_start, source_stop,"
        " {}, {} from coverage_span"
    )
    with warehouse.begin() as conn:
        conn.execute(text(copied.format("recorded_at", "file_id")))
    with pytest.raises(WarehouseRefused, match="23P01"), warehouse.begin() as conn:
        conn.execute(text(copied.format("null", "null")))
