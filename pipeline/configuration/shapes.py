"""The shapes of text that configuration keys ask for, each with the words that describe it to a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from loaders.provider_files import routing_number_is_valid


@dataclass(frozen=True, slots=True)
class Shape:
    """A test on text, and what to say was expected when it fails."""

    expected: str
    fits: Callable[[str], bool]


def pattern(expected: str, expression: str) -> Shape:
    """A shape given by a regular expression over the whole text."""
    compiled = re.compile(expression, re.ASCII)
    return Shape(expected, lambda text: compiled.fullmatch(text) is not None)


def one_of(options: Collection[str]) -> Shape:
    """The shape of a choice: `a, b or c`."""
    *most, last = options
    return Shape(f"{', '.join(most)} or {last}" if most else last, lambda text: text in options)


def envelope_code(least: int) -> str:
    """Regular expression of an ISA or GS id of at least so many characters."""
    return rf"(?! )[^*~^:\x00-\x1f\x7f]{{{least},15}}(?<! )"


def is_remote_folder(text: str) -> bool:
    """A path that stays below the account's folder or the server's root."""
    return (
        text.isprintable() and bool(text.strip("/ ")) and not {"", ".", ".."} & set(text.removeprefix("/").split("/"))
    )


TEXT = Shape("some text", lambda text: bool(text.strip()) and text.isprintable())
X12_TEXT = pattern("text without *, ~, ^, : or control characters", r"[^*~^:\x00-\x1f\x7f]+")
IDENTIFIER = pattern("letters, digits, '-' or '_', starting with a letter", r"[A-Za-z][A-Za-z0-9_-]*")
PARTNER_ID = pattern("lower-case letters, digits or '_', starting with a letter", r"[a-z][a-z0-9_]*")
QUALIFIER = pattern("a two-character ISA qualifier such as ZZ or 30", r"[A-Z0-9]{2}")
INTERCHANGE_ID = pattern("1 to 15 characters without X12 separators or outer blanks", envelope_code(1))
GROUP_CODE = pattern("2 to 15 characters without X12 separators or outer blanks", envelope_code(2))
TIN = pattern("a tax number of nine digits", r"\d{9}")
STATE = pattern("a state code of two letters", r"[A-Z]{2}")
ZIP = pattern("a ZIP code of five or nine digits", r"\d{5}(\d{4})?")
PHONE = pattern("a telephone number of ten digits", r"\d{10}")
ROUTING_NUMBER = Shape("a bank routing number: nine digits with a right check digit", routing_number_is_valid)
ACCOUNT = pattern("a bank account of 1 to 17 letters and digits", r"[A-Za-z0-9]{1,17}")
BANK_NAME = pattern("a name of 1 to 23 capital letters, digits, blanks and . & / -", r"[A-Z0-9 .&/-]{1,23}")
COMPANY_ID = pattern("1 to 10 capital letters and digits, as the bank gave them", r"[A-Z0-9]{1,10}")
WEB_ADDRESS = pattern("a web address starting with https://", r"https://[^\s*~^]+")
BILL_TYPE = pattern("the first two digits of a type of bill", r"\d{2}")
PROCEDURE = pattern("a procedure code of five characters", r"[A-Z0-9]{5}")
MODIFIER = pattern("a modifier of two characters", r"[A-Z0-9]{2}")
REVENUE = pattern("a revenue code of four digits", r"\d{4}")
FILING_INDICATOR = pattern("a claim filing indicator of one or two characters such as 12 or HM", r"[A-Z0-9]{1,2}")
REMOTE_FOLDER = Shape("a folder without '.', '..' or control characters, such as in or prod/in", is_remote_folder)
FILE_SUFFIX = pattern("a file suffix such as .done", r"\.[A-Za-z0-9_-]{1,20}")
INSURANCE_LINE = pattern("an insurance line code of two or three letters such as HLT", r"[A-Z]{2,3}")
PLACE_OF_SERVICE = pattern("a place of service of two digits", r"\d{2}")
PERCENTAGE = pattern("a percentage from 0 to 100 with at most two decimals", r"(\d{1,2}(\.\d{1,2})?|100(\.0{1,2})?)")
UNIT = pattern("a unit of two letters such as UN", r"[A-Z0-9]{2}")
