"""The functional groups of what we send, by which its receivers answer it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

ISA_LENGTH = 106
ELEMENT, TERMINATOR = slice(3, 4), slice(105, 106)
CONTROL = slice(90, 99)
"""ISA13."""
FUNCTIONAL_ID, GROUP_CONTROL, GROUP_ELEMENTS = 1, 6, 8


class SentGroup(NamedTuple):
    """A GS of ours; control numbers as `plain_number` has them."""

    interchange_control: str
    functional_id: str
    control_number: str


def sent_groups(content: bytes) -> Iterator[SentGroup]:
    """The groups of an interchange of ours, in order; none of anything else."""
    if not content.startswith(b"ISA") or len(content) < ISA_LENGTH:
        return
    element, terminator = content[ELEMENT], content[TERMINATOR]
    opening = terminator + b"GS" + element
    interchange_control = plain_number(content[CONTROL].decode("latin-1"))
    at = content.find(opening)
    while at >= 0:
        stop = content.find(terminator, at + 1)
        segment = content[at + 1 : stop if stop >= 0 else len(content)].decode("latin-1")
        elements = segment.split(element.decode("latin-1"))
        if len(elements) > GROUP_ELEMENTS:
            yield SentGroup(interchange_control, elements[FUNCTIONAL_ID], plain_number(elements[GROUP_CONTROL]))
        at = content.find(opening, at + 1)


def plain_number(text: str) -> str:
    """A control number without blanks around it and zeros before it, which one side may write and the other not."""
    return text.strip().lstrip("0")
