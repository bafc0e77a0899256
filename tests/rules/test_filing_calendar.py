"""From an anchor to the last good day, against an independent calculation in plain Python."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.filing_calendar import last_days
from rules.filing_settings import FilingRule, FilingSettings, Limit, LimitUnit, Outage
from tests.rules.filings import PROFESSIONAL

DAYS = st.dates(date(1999, 1, 1), date(2060, 12, 31))
LIMITS = st.one_of(
    st.builds(Limit, st.integers(0, 800), st.just("days")),
    st.builds(Limit, st.integers(0, 40), st.just("months")),
    st.builds(Limit, st.integers(0, 4), st.just("years")),
)
CHRISTMAS = FilingSettings(holidays={"PLAN": (date(2026, 12, 25), date(2026, 12, 28))})


def last_day(
    anchor: date, limit: Limit, rule: FilingRule = PROFESSIONAL, settings: FilingSettings | None = None
) -> str:
    """Of one anchor."""
    reached = last_days(np.array([anchor], dtype="datetime64[D]"), limit, rule, settings or FilingSettings())
    return str(reached.days[0])


@pytest.mark.parametrize(
    ("anchor", "number", "unit", "expected"),
    [
        (date(2026, 1, 15), 60, "days", "2026-03-16"),
        (date(2026, 4, 1), 60, "days", "2026-05-31"),
        (date(2026, 12, 31), 60, "days", "2027-03-01"),
        (date(2024, 2, 29), 12, "months", "2025-02-28"),
        (date(2024, 2, 29), 1, "years", "2025-02-28"),
        (date(2024, 2, 29), 4, "years", "2028-02-29"),
        (date(2025, 2, 28), 12, "months", "2026-02-28"),
        (date(2026, 8, 31), 6, "months", "2027-02-28"),
        (date(2026, 1, 31), 1, "months", "2026-02-28"),
        (date(2026, 12, 31), 2, "months", "2027-02-28"),
        (date(2026, 5, 4), 0, "days", "2026-05-04"),
    ],
)
def test_limits_are_calendar_arithmetic(anchor: date, number: int, unit: LimitUnit, expected: str) -> None:
    """domain.md 5.1: 29 February is due on 28 February of the next year, and months are months."""
    assert last_day(anchor, Limit(number, unit)) == expected


def test_the_anchor_day_may_be_day_1() -> None:
    """`count_anchor_day` shortens every limit by a day."""
    first = replace(PROFESSIONAL, count_anchor_day=True)
    assert last_day(date(2026, 1, 15), Limit(60), first) == "2026-03-15"
    assert last_day(date(2026, 1, 15), Limit(1, "years"), first) == "2027-01-14"


@pytest.mark.parametrize(
    ("anchor", "rolls", "holidays", "expected"),
    [
        (date(2026, 4, 1), False, None, "2026-05-31"),
        (date(2026, 4, 1), True, None, "2026-06-01"),
        (date(2026, 10, 26), True, None, "2026-12-25"),
        (date(2026, 10, 26), True, "PLAN", "2026-12-29"),
    ],
    ids=["a-sunday-stays", "a-sunday-moves", "a-holiday-nobody-named", "a-holiday-before-a-weekend-and-a-holiday"],
)
def test_weekends_and_holidays(anchor: date, *, rolls: bool, holidays: str | None, expected: str) -> None:
    """domain.md 5.3: only a plan that says so moves the last day."""
    rule = replace(PROFESSIONAL, roll_to_business_day=rolls, holidays=holidays)
    assert last_day(anchor, Limit(60), rule, CHRISTMAS) == expected


OUTAGE = FilingSettings(outages=(Outage(id="A", first=date(2026, 3, 1), last=date(2026, 3, 3)),))
NEXT = Outage(id="B", first=date(2026, 3, 18), last=date(2026, 3, 18))


@pytest.mark.parametrize(
    ("anchor", "outages", "expected"),
    [
        (date(2026, 1, 15), OUTAGE.outages, "2026-03-19"),
        (date(2026, 3, 1), OUTAGE.outages, "2026-05-02"),
        (date(2026, 3, 3), OUTAGE.outages, "2026-05-02"),
        (date(2025, 12, 1), OUTAGE.outages, "2026-01-30"),
        (date(2026, 1, 15), (*OUTAGE.outages, NEXT), "2026-03-20"),
        (date(2026, 1, 15), (*OUTAGE.outages, replace(OUTAGE.outages[0], id="C")), "2026-03-19"),
    ],
    ids=["within", "anchor-on-its-first-day", "anchor-on-its-last-day", "after", "one-leads-to-the-next", "once-only"],
)
def test_outages_lengthen_the_limit(anchor: date, outages: tuple[Outage, ...], expected: str) -> None:
    """domain.md 5.3: by each day without intake after the anchor, once."""
    assert last_day(anchor, Limit(60), PROFESSIONAL, FilingSettings(outages=outages)) == expected


def test_what_moved_a_limit_is_told() -> None:
    """In words, for people: two days of an outage, then a Sunday."""
    settings = FilingSettings(outages=(Outage(id="A", first=date(2026, 4, 4), last=date(2026, 4, 5)),))
    rule = replace(PROFESSIONAL, roll_to_business_day=True)
    reached = last_days(np.array(["2026-04-03", "2026-06-01"], dtype="datetime64[D]"), Limit(56), rule, settings)
    assert reached.moved().tolist()[0] == "2 outage days, rolled from 2026-05-31"
    assert reached.moved().isna().tolist() == [False, True]
    assert reached.days.astype(str).tolist() == ["2026-06-01", "2026-07-27"]


def plain_last_day(anchor: date, limit: Limit, down: set[date], off: set[date], *, first: bool, rolls: bool) -> date:
    """The same in plain Python, a day at a time."""
    if limit.unit == "days":
        end = anchor + timedelta(limit.number)
    else:
        months = anchor.year * 12 + anchor.month - 1 + limit.number * (12 if limit.unit == "years" else 1)
        year, month = divmod(months, 12)
        end = date(year, month + 1, min(anchor.day, calendar.monthrange(year, month + 1)[1]))
    end -= timedelta(first)
    day = anchor
    while day < end:
        day += timedelta(1)
        if day in down:
            end += timedelta(1)
    while rolls and (end.weekday() >= 5 or end in off or end in down):
        end += timedelta(1)
    return end


@given(
    anchors=st.lists(DAYS, min_size=1, max_size=20),
    limit=LIMITS,
    first=st.booleans(),
    rolls=st.booleans(),
    outages=st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=4),
    holidays=st.lists(DAYS, max_size=10),
)
def test_last_days_agree_with_plain_python(
    anchors: list[date],
    limit: Limit,
    outages: list[tuple[date, int]],
    holidays: list[date],
    *,
    first: bool,
    rolls: bool,
) -> None:
    """Any anchors, limit, outages and holidays, near each other or far away."""
    near = [
        (anchors[0] + timedelta(limit.least_days // 2 + 5 * number), long) for number, (_, long) in enumerate(outages)
    ]
    settings = FilingSettings(
        holidays={"PLAN": (*holidays, anchors[0] + timedelta(limit.least_days))},
        outages=tuple(
            Outage(id=str(number), first=day, last=day + timedelta(long))
            for number, (day, long) in enumerate([*outages, *near])
        ),
    )
    rule = replace(PROFESSIONAL, count_anchor_day=first, roll_to_business_day=rolls, holidays="PLAN" if rolls else None)
    found = last_days(np.array(anchors, dtype="datetime64[D]"), limit, rule, settings).days.astype(object).tolist()
    down = {day for outage in settings.outages for day in outage.days}
    off = set(settings.holidays["PLAN"])
    assert found == [plain_last_day(each, limit, down, off, first=first, rolls=rolls) for each in anchors]


@given(days=st.lists(DAYS, min_size=2, max_size=20), limit=LIMITS)
def test_a_later_anchor_never_has_an_earlier_last_day(days: list[date], limit: Limit) -> None:
    """What the search for the first timely day of a range rests on."""
    ordered = np.sort(np.array(days, dtype="datetime64[D]"))
    ends = last_days(ordered, limit, PROFESSIONAL, OUTAGE).days
    assert (ends[1:] >= ends[:-1]).all()
