"""What the text of an element stands for in a column of each kind."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal

from edi.dates import DAY_DIGITS, RANGE_CHARACTERS, parse_date, parse_range
from edi.money import to_cents
from edi.tables.specification import Kind
from edi.values import parse_count

NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3])([0-5]\d)(?:([0-5]\d)\d{0,2})?", re.ASCII)
PLACES = {"quantity": Decimal("0.001"), "decimal": Decimal("0.000001")}
"""The last place after the point that a kind keeps."""
NUMBER_BOUND = 10**12
"""Quantities and decimals are smaller than this."""


def convert(text: str, kind: Kind) -> object:
    """The value that a text of this kind stands for, or None where it is none."""
    match kind:
        case "money":
            return _cents(text)
        case "count":
            return parse_count(text)
        case "quantity" | "decimal":
            return _number(text, PLACES[kind])
        case "day" | "last_day":
            return _day(text, last=kind == "last_day")
        case "time" | "day_time":
            return _time(text, after_day=kind == "day_time")
        case _:
            return text


def _cents(text: str) -> int | None:
    try:
        return to_cents(text)
    except ValueError:
        return None


def _day(text: str, *, last: bool) -> date | None:
    """The day of D8 or of a date with time; of a range its first or last."""
    if len(text) != RANGE_CHARACTERS:
        return parse_date(text[:DAY_DIGITS])
    days = parse_range(text)
    return days[last] if days else None


def _number(text: str, place: Decimal) -> Decimal | None:
    """Exactly as written, or not at all."""
    if not NUMBER.fullmatch(text):
        return None
    whole, _, fraction = text.lstrip("-").partition(".")
    if len(whole.lstrip("0")) > len(str(NUMBER_BOUND)) - 1 or len(fraction.rstrip("0")) > -int(
        place.as_tuple().exponent
    ):
        return None
    return Decimal(text).quantize(place)


def _time(text: str, *, after_day: bool) -> time | None:
    """HHMM, HHMMSS, or with tenths or hundredths of a second, which are dropped; alone, or behind a day."""
    match = TIME.fullmatch(text[DAY_DIGITS:] if after_day else text)
    return time(int(match[1]), int(match[2]), int(match[3] or 0)) if match else None
