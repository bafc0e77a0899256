"""Separators for an interchange: the usual four, unless a value that goes into it holds one of them."""

from __future__ import annotations

from collections.abc import Iterable

from edi.delimiters import DEFAULT, Delimiters

SPARE_DELIMITERS = "*^:~|>!+;<\\`{}[]@#$%&?_\"'=,/.()-" + "\x1d\x1f\x1e\x1c"
"""In this order of preference; the last four are never part of a value that can be quoted."""


def separators(values: Iterable[str]) -> Delimiters:
    """Four that none of these values holds."""
    used = set("".join(values))
    wanted = (DEFAULT.element, DEFAULT.repetition, DEFAULT.component, DEFAULT.segment)
    spare = iter(one for one in SPARE_DELIMITERS if one not in used and one not in wanted)
    element, repetition, component, segment = (one if one not in used else next(spare) for one in wanted)
    return Delimiters(element=element, component=component, repetition=repetition, segment=segment)
