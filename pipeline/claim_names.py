"""Claims that a fact names by their key in the warehouse, told by the numbers under which people know them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

IN_WORDS = re.compile(r"\bclaim_id (\d+)")
KEY, NUMBER = "claim_id", "claim_number"
DUPLICATE = "duplicate_of"
"""A key too, under another name."""


def named_in(facts: Iterable[Mapping[str, Any]]) -> set[int]:
    """The keys that facts name, in words or as a value."""
    found: set[int] = set()
    for fact in facts:
        for name, value in fact.items():
            if isinstance(value, str):
                found.update(map(int, IN_WORDS.findall(value)))
            elif _is_key(name, value):
                found.add(value)
    return found


def with_names(fact: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """The fact, each key replaced by the name of its claim: `original_claim_id` becomes `original_claim_number`."""

    def in_words(found: re.Match[str]) -> str:
        return f"claim {names.get(int(found[1]), 'without a number')}"

    told: dict[str, Any] = {}
    for name, value in fact.items():
        if isinstance(value, str):
            told[name] = IN_WORDS.sub(in_words, value)
        elif _is_key(name, value):
            told[name.replace(KEY, NUMBER)] = names.get(value)
        else:
            told[name] = value
    return told


def _is_key(name: str, value: object) -> bool:
    return isinstance(value, int) and (name.endswith(KEY) or name == DUPLICATE)
