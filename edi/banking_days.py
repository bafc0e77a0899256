"""Days on which banks of the United States move money: neither weekends nor holidays of the Federal Reserve.

A holiday on a Sunday is kept on the Monday after it; on one that falls on a Saturday nothing is moved anyhow, and the
Friday before it is a day like others (holiday schedule of the Federal Reserve Banks).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

ONE_DAY = timedelta(days=1)
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
WEEK_DAYS = 7
FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
"""New Year, Juneteenth, Independence Day, Veterans Day, Christmas: month and day."""
FLOATING = ((1, MONDAY, 3), (2, MONDAY, 3), (9, MONDAY, 1), (10, MONDAY, 2), (11, THURSDAY, 4))
"""Dr. King, Washington, Labor Day, Columbus Day, Thanksgiving: month, weekday and which one of the month."""
MEMORIAL_DAY_BEFORE = (6, 1)
"""It is the last Monday before this day."""


def is_banking_day(day: date) -> bool:
    """Do banks move money on this day?"""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def banking_day_from(day: date) -> date:
    """This day, or the first banking day after it."""
    while not is_banking_day(day):
        day += ONE_DAY
    return day


def banking_days_after(day: date, count: int) -> date:
    """The last day of so many banking days that follow a day; the day itself for none."""
    for _ in range(count):
        day = banking_day_from(day + ONE_DAY)
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    fixed = (date(year, month, day) for month, day in FIXED)
    kept = {day + ONE_DAY if day.weekday() == SUNDAY else day for day in fixed}
    kept |= {_weekday_of(year, *rule) for rule in FLOATING}
    june = date(year, *MEMORIAL_DAY_BEFORE)
    return frozenset(kept | {june - timedelta(days=june.weekday() or WEEK_DAYS)})


def _weekday_of(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % WEEK_DAYS + WEEK_DAYS * (which - 1))
