"""Days on which money moves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from edi.banking_days import banking_day_from, banking_days_after, is_banking_day

HOLIDAYS_2026 = ("01-01", "01-19", "02-16", "05-25", "06-19", "09-07", "10-12", "11-11", "11-26", "12-25")
"""As the Federal Reserve Banks publish them; Independence Day is a Saturday."""


def test_a_year_of_holidays() -> None:
    """Every weekday but these."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    closed = [day for day in days if day.weekday() < 5 and not is_banking_day(day)]
    assert [f"{day:%m-%d}" for day in closed] == list(HOLIDAYS_2026)


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2026-06-17", "2026-06-17"),
        ("2026-06-19", "2026-06-22"),
        ("2026-07-03", "2026-07-03"),
        ("2027-07-04", "2027-07-06"),
        ("2027-12-31", "2027-12-31"),
        ("2023-01-01", "2023-01-03"),
    ],
)
def test_a_day_of_rest_moves_to_the_next_banking_day(day: str, moved: str) -> None:
    """A Sunday's holiday takes the Monday with it, a Saturday's leaves the Friday alone."""
    assert banking_day_from(date.fromisoformat(day)) == date.fromisoformat(moved)


def test_banking_days_are_counted_from_the_day_after() -> None:
    """Wednesday, and three of them over a long weekend: Thursday, Monday, Tuesday."""
    assert banking_days_after(date(2026, 6, 17), 3) == date(2026, 6, 23)
    assert banking_days_after(date(2026, 6, 17), 0) == date(2026, 6, 17)
