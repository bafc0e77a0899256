"""What a 999 repeats of the file it answers: the business unit at fault (CTX), and the value at fault (IK404)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from edi.archived import ReadBytes
from edi.delimiters import DEFAULT, Delimiters

CONTEXT_LENGTHS = (1, 35)
"""CTX01-2."""
COPY_LENGTHS = (1, 99)
"""IK404."""
PRINTABLE = range(0x21, 0x7F)
"""Characters of ASCII that can be seen."""


@dataclass(frozen=True, slots=True)
class Quoting:
    """Reads the file as archived, and says what of it a partner's 999 may repeat."""

    read: ReadBytes
    claim_numbers: bool = True
    """CLM01 and subscriber numbers: the sender's own, and it needs them to find the claim."""
    bad_data: bool = False
    """Values at fault, which may be health data."""

    def business_unit(self, start: int, stop: int, delimiters: Delimiters = DEFAULT) -> str:
        """The number in this byte range, or nothing where it may not or cannot be repeated."""
        return self._value(start, stop, CONTEXT_LENGTHS, delimiters) if self.claim_numbers else ""

    def value(self, start: int, stop: int, delimiters: Delimiters = DEFAULT) -> str:
        """The value in this byte range, or nothing where it may not or cannot be repeated."""
        return self._value(start, stop, COPY_LENGTHS, delimiters) if self.bad_data else ""

    def _value(self, start: int, stop: int, lengths: tuple[int, int], delimiters: Delimiters) -> str:
        """Never a part of it: half a number is another number. Never what the 999 could not hold as it stands."""
        if not lengths[0] <= stop - start <= lengths[1]:
            return ""
        text = self.read(start, stop).decode("latin-1")
        four = (delimiters.element, delimiters.component, delimiters.repetition, delimiters.segment)
        return text if _writable(four).fullmatch(text) else ""


@lru_cache(maxsize=64)
def _writable(separators: tuple[str, ...]) -> re.Pattern[str]:
    """Printable ASCII without separators, and without blanks at its ends."""
    some = "".join(re.escape(chr(code)) for code in PRINTABLE if chr(code) not in separators)
    return re.compile(f"[{some}](?:[ {some}]*[{some}])?")
