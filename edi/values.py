"""Rules for single values: numbers, dates, times, characters, lengths. They say what is wrong as finding codes."""

from __future__ import annotations

import re
from datetime import date

from edi.money import CENTS, to_cents

NUMBER = re.compile(r"-?\d+", re.ASCII)
DECIMAL = re.compile(r"-?\d*(?:\.\d+)?", re.ASCII)
TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?", re.ASCII)
DIGITS = re.compile(r"\d+", re.ASCII)
UNPRINTABLE = re.compile(r"[^ -~]")
EARLIEST_YEAR = 1800
"""As pyx12: an older date is a slip of the keyboard."""
LATEST_SHORT_YEAR = 50
"""YYMMDD: years 00 to 49 are this century's."""


def is_number(text: str) -> bool:
    """Type N: digits, perhaps a minus before them."""
    return NUMBER.fullmatch(text) is not None


def is_decimal(text: str) -> bool:
    """Type R: no exponent, no plus; a point only with digits after it."""
    return DECIMAL.fullmatch(text) is not None and text[-1:].isdigit()


def is_time(text: str) -> bool:
    """HHMM[SS[D[D]]]."""
    return TIME.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """YYMMDD, CCYYMMDD or CCYYMMDDHHMM, a day of the calendar."""
    match len(text):
        case 6:
            if not DIGITS.fullmatch(text):
                return False
            century = "20" if int(text[:2]) < LATEST_SHORT_YEAR else "19"
            return _is_day(century + text)
        case 8:
            return _is_day(text)
        case 12:
            return _is_day(text[:8]) and is_time(text[8:])
    return False


def _is_day(text: str) -> bool:
    if not DIGITS.fullmatch(text) or int(text[:4]) < EARLIEST_YEAR:
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True


def fault_of_format(text: str, qualifier: str) -> str | None:
    """The finding code where a date or time (data element 1251) is not of the format its qualifier (1250) names."""
    match qualifier:
        case "D8":
            right = len(text) == 8 and is_date(text)  # noqa: PLR2004 - CCYYMMDD
        case "RD8":
            first, hyphen, last = text[:8], text[8:9], text[9:]
            right = hyphen == "-" and len(last) == 8 and is_date(first) and is_date(last)  # noqa: PLR2004 - CCYYMMDD
        case "D6":
            right = len(text) == 6 and is_date(text)  # noqa: PLR2004 - YYMMDD
        case "DT":
            right = is_date(text)
        case "TM":
            return None if is_time(text) else "ELEMENT_TIME"
        case _:
            return None
    return None if right else "ELEMENT_DATE"


def measured_length(text: str, data_type: str) -> int:
    """Length as X12 counts it: of a number without sign and point."""
    if data_type == "R" or data_type.startswith("N"):
        return len(text) - text.count("-") - text.count(".")
    return len(text)


def fault_of_type(text: str, data_type: str, minimum: int) -> str | None:
    """The finding code where a printable value is not of its data type."""
    match data_type[:1]:
        case "N":
            right = is_number(text)
        case "R":
            right = is_decimal(text)
        case "D":
            return None if is_date(text) else "ELEMENT_DATE"
        case "T":
            return None if is_time(text) else "ELEMENT_TIME"
        case "B":
            return None
        case _:  # trailing blanks are right only where they fill the least length
            right = text[-1] != " " or len(text.rstrip(" ")) < minimum
    return None if right else "ELEMENT_CHARACTER"


def fault_of_amount(text: str) -> str | None:
    """The finding code where a number is no amount of whole cents that we can hold: it would be read as nothing.

    The guides allow ten digits, two of them cents (TR3, B.1.1.3.1.2); here only what cannot be kept exactly is a fault.
    """
    if not is_decimal(text):
        return None  # said of its type
    try:
        to_cents(text)
    except ValueError:
        places = len(text.partition(".")[2].rstrip("0"))
        return "ELEMENT_CHARACTER" if places > CENTS else "ELEMENT_LONG"
    return None
