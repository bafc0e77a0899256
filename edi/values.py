"""Rules for single values: numbers, dates, times, characters, lengths. They say what is wrong as finding codes."""

from __future__ import annotations

import re
from datetime import date

from edi.encodings import Encoding
from edi.money import CENTS, to_cents

NUMBER = re.compile(r"-?\d+", re.ASCII)
DECIMAL = re.compile(r"-?\d*(?:\.\d+)?", re.ASCII)
TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?", re.ASCII)
DIGITS = re.compile(r"\d+", re.ASCII)
UNPRINTABLE = re.compile(r"[^ -~]")
CONTROL_IN_LATIN_1 = re.compile(r"[^ -~\xa0-\xff]")
CONTROL_IN_UTF_8 = re.compile(r"[^ -~\x80-\xff]")
CONTINUATION = re.compile(r"[\x80-\xbf]")
"""Bytes of UTF-8 that begin no character."""
EARLIEST_YEAR = 1800
"""As pyx12: an older date is a slip of the keyboard."""
LATEST_SHORT_YEAR = 50
"""YYMMDD: years 00 to 49 are this century's."""
LONGEST_COUNT = 15


def parse_count(text: str) -> int | None:
    """A whole number without sign, or None."""
    if not text or len(text) > LONGEST_COUNT or not (text.isascii() and text.isdigit()):
        return None
    return int(text)


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
    """The finding code where a date or time (data element 1251) is not of the format its qualifier (1250) names.

    D8, RD8, DT and TM are the formats in the guides' code lists; D6 is X12's short date. Any other is not looked at.
    """
    match qualifier:
        case "D8":
            right = len(text) == 8 and is_date(text)  # noqa: PLR2004 - CCYYMMDD
        case "RD8":
            first, hyphen, last = text[:8], text[8:9], text[9:]
            right = hyphen == "-" and len(last) == 8 and is_date(first) and is_date(last)  # noqa: PLR2004 - CCYYMMDD
        case "D6":
            right = len(text) == 6 and is_date(text)  # noqa: PLR2004 - YYMMDD
        case "DT":
            right = len(text) == 12 and is_date(text)  # noqa: PLR2004 - CCYYMMDDHHMM
        case "TM":
            return None if len(text) == 4 and is_time(text) else "ELEMENT_TIME"  # noqa: PLR2004 - HHMM
        case _:
            return None
    return None if right else "ELEMENT_DATE"


def is_printable(text: str, data_type: str, encoding: Encoding = "ascii") -> bool:
    """Has a value, decoded as Latin-1, only bytes that its type may hold? Those beyond ASCII only texts (AN) may."""
    if UNPRINTABLE.search(text) is None:
        return True
    if data_type != "AN" or encoding == "ascii":
        return False
    if encoding == "latin-1":
        return CONTROL_IN_LATIN_1.search(text) is None
    if CONTROL_IN_UTF_8.search(text):
        return False
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def measured_length(text: str, data_type: str, encoding: Encoding = "ascii") -> int:
    """Length as X12 counts it, of a number without sign and point; under UTF-8 in characters."""
    length = len(text) - (len(CONTINUATION.findall(text)) if encoding == "utf-8" else 0)
    if data_type == "R" or data_type.startswith("N"):
        return length - text.count("-") - text.count(".")
    return length


def fault_of_type(text: str, data_type: str, minimum: int, encoding: Encoding = "ascii") -> str | None:
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
            right = text[-1] != " " or measured_length(text.rstrip(" "), data_type, encoding) < minimum
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
