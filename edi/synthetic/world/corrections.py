"""Fill in the claim numbers that corrections quote, as their senders do: from the 835s that the plan sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from edi.trouble import Final

MARKER = re.compile(rb"@([A-Z0-9-]+)@")


class NumberUnknown(Final):
    """No remittance names a claim that is to be corrected."""


def claim_numbers(remittances: Iterable[bytes]) -> dict[bytes, bytes]:
    """Our claim numbers (CLP07) by the providers' (CLP01), of 835s of ours; a later one outweighs an earlier."""
    found: dict[bytes, bytes] = {}
    for remittance in remittances:
        for segment in remittance.split(b"~"):
            elements = segment.strip().split(b"*")
            if elements[0] == b"CLP" and len(elements) > 7:  # noqa: PLR2004 - CLP07
                found[elements[1]] = elements[7]
    return found


def fill(template: bytes, numbers: Mapping[bytes, bytes]) -> bytes:
    """The file that the template stands for.

    Raises:
        NumberUnknown: a claim that it corrects is in none of the remittances.
    """

    def number(marked: re.Match[bytes]) -> bytes:
        if marked[1] not in numbers:
            raise NumberUnknown("A claim that is to be corrected stands in none of the remittances.")
        return numbers[marked[1]]

    return MARKER.sub(number, template)
