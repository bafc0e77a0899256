"""How much of a transaction set the business checks keep in mind; both interpreters keep to it."""

from __future__ import annotations

MOST_PENDING = 512
"""Codes of a set that wait for a day; the next ones are taken as valid."""
MOST_ENTRIES = 16
"""Entries of a ledger; with more it is not judged."""
MOST_DIGITS = 14
"""Digits of an amount in cents that is added up: a million million dollars."""
WHOLE = 100
"""One, in cents."""
MOST_POINTER_DIGITS = 2
"""Digits of a pointer to a diagnosis."""
