"""Running numbers in text that is written many times: fields that are filled in anew for every copy.

While text is made, such a field is a run of one control character, which X12 never holds; its kind is the character,
its width the length of the run. Numbers count up in the order of the text, and every copy goes on where the last ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTHS = {1: 9, 2: 12, 3: 10, 4: 9}
ACCOUNT = "\x01" * WIDTHS[1]
"""The provider's number of a claim (CLM01)."""
TRACE = "\x02" * WIDTHS[2]
"""A clearinghouse's number of a claim (REF*D9)."""
CONTROL = "\x03" * WIDTHS[3]
"""The provider's number of a line (REF*6R)."""
MEMBER = "\x04" * WIDTHS[4]
"""A member's or subscriber's number."""
MEMBER_AGAIN = "\x05" * WIDTHS[4]
"""The same number as the last MEMBER's."""
AGAIN = {5: 4}
"""Characters of fields that repeat the number before them."""


@dataclass(frozen=True, slots=True)
class _Field:
    """All fields of one kind in a text."""

    digits: NDArray[np.int64]
    """Where their digits stand, a row a field."""
    numbers: NDArray[np.int64]
    """The number of each in the first copy."""
    step: int
    """How many numbers a copy takes."""


class SerialText:
    """A text whose serial fields can be filled in again and again."""

    def __init__(self, text: bytes) -> None:
        import numpy as np  # noqa: PLC0415 - the command line must start without numpy

        self.content = np.frombuffer(text, np.uint8).copy()
        self._fields: list[_Field] = []
        for kind, width in WIDTHS.items():
            again = next((other for other, first in AGAIN.items() if first == kind), kind)
            digits = np.flatnonzero((self.content == kind) | (self.content == again)).reshape(-1, width)
            if len(digits):
                is_new = self.content[digits[:, 0]] == kind
                self._fields.append(_Field(digits, np.cumsum(is_new), int(is_new.sum())))

    def fill(self, copy: int) -> memoryview:
        """The text of a copy, counted from 0. The next call overwrites it."""
        import numpy as np  # noqa: PLC0415 - as above

        for field in self._fields:
            rest = field.numbers + copy * field.step
            for place in range(field.digits.shape[1] - 1, -1, -1):
                rest, digit = np.divmod(rest, 10)
                self.content[field.digits[:, place]] = digit + ord("0")
        return self.content.data
