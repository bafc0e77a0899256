"""What a release allows: the reason that a person saw, of the group it was seen for, and nothing worse.

A released file is measured anew, by books that may have changed since it was held. A reason is allowed where the same
code was released for the same file and group with figures that are no better than those of now: as many members
absent, say, of as few. Anything else holds the file again, with the figures of now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

Facts = Mapping[str, Any]

AT_MOST = MappingProxyType(
    {
        "SPONSOR_UNKNOWN": frozenset({"sets", "members"}),
        "ABSENCE_THRESHOLD": frozenset({"absent"}),
        "LINES_THRESHOLD": frozenset({"members"}),
        "RETRO_TERMINATION": frozenset({"members"}),
    }
)
"""By code the figures that are no worse where they are lower than those released."""
AT_LEAST = MappingProxyType({"RETRO_TERMINATION": frozenset({"earliest_end"})})
"""Those that are no worse where they are higher; days are texts of one length and sort as such."""
MEASURES = frozenset({"active"})
"""What others are measured by: losses that did not grow are no worse for it."""


def is_allowed(code: str, facts: Facts, released: Iterable[tuple[str, Facts]]) -> bool:
    """Did somebody release this reason as it is now, or a worse one?"""
    return any(code == of and _is_no_worse(code, facts, seen) for of, seen in released)


def _is_no_worse(code: str, facts: Facts, seen: Facts) -> bool:
    """Compare the figures of now with those that were seen; whatever has no better or worse must be the same."""
    if facts.keys() != seen.keys():
        return False
    lower, higher = AT_MOST.get(code, frozenset()), AT_LEAST.get(code, frozenset())
    return all(
        value <= seen[name] if name in lower else value >= seen[name] if name in higher else value == seen[name]
        for name, value in facts.items()
        if name not in MEASURES
    )
