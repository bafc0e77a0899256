"""Calendar dates in X12's forms D8 (CCYYMMDD) and RD8 (CCYYMMDD-CCYYMMDD)."""

from __future__ import annotations

from datetime import date

DAY_DIGITS = 8
RANGE_CHARACTERS = 17


def parse_date(text: str) -> date | None:
    """The day that CCYYMMDD names, or None where it is no such day of the calendar."""
    if len(text) != DAY_DIGITS or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def parse_range(text: str) -> tuple[date, date] | None:
    """First and last day of CCYYMMDD-CCYYMMDD, in the order written; a single day is a range of one."""
    if len(text) == DAY_DIGITS:
        day = parse_date(text)
        return (day, day) if day else None
    if len(text) != RANGE_CHARACTERS or text[DAY_DIGITS] != "-":
        return None
    first, last = parse_date(text[:DAY_DIGITS]), parse_date(text[DAY_DIGITS + 1 :])
    return (first, last) if first and last else None


def format_date(day: date) -> str:
    """CCYYMMDD."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"
