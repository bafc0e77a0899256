"""Texts of a file in a CSV that people open with a spreadsheet."""

from __future__ import annotations

import re

FORMULA_STARTS = ("=", "+", "-", "@")
"""A spreadsheet would run a text that begins so; texts of a file get an apostrophe before them."""


def printable(text: str) -> str:
    """Text on one line: control characters become blanks."""
    # most texts have none, and this is asked of millions
    return text if text.isprintable() else re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text)


def safe(text: str) -> str:
    """Text that a spreadsheet shows as it stands."""
    text = printable(text)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
