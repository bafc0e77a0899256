from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.dates import format_date, parse_date, parse_range


@given(st.dates())
def test_a_day_survives_x12(day: date) -> None:
    """Reading back what was written gives the same day."""
    assert parse_date(format_date(day)) == day


@given(st.dates(), st.dates())
def test_a_range_keeps_its_order(first: date, last: date) -> None:
    """The two days come back as written, even where the range is upside down: judging that is a rule's business."""
    assert parse_range(f"{format_date(first)}-{format_date(last)}") == (first, last)


@pytest.mark.parametrize(
    "text", ["", "20250229", "20251301", "2025011", "202501011", "2025010A", "٢٠٢٥٠١٠١", "00000101"]
)
def test_no_day_of_the_calendar_is_none(text: str) -> None:
    """A date is never repaired."""
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["", "20250101-", "20250101-20250230", "20250101/20250102", "20250101-2025010"])
def test_no_range_is_none(text: str) -> None:
    """Both days must be right, and the hyphen between them."""
    assert parse_range(text) is None


def test_one_day_is_a_range_of_itself() -> None:
    """D8 may stand where RD8 may."""
    assert parse_range("20250102") == (date(2025, 1, 2), date(2025, 1, 2))
