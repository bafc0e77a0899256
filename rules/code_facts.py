"""What the finding codes mean for the verdict of a transaction set, in one number a code, for one partner.

A set with a thousand findings is then judged by joining their numbers bit by bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from edi.finding_codes import BUSINESS, CODES, ERROR, NOTE, REJECT, SET, WARNING, FindingCode
from edi.findings import CODE_NAMES

REFUSES = 1
"""The finding rejects its set, whatever the partner's setting."""
SPOILS = 2
"""An error in a segment: it rejects the set, unless the claim or member at fault is refused alone."""
TELLS = 4
"""An error of the set that is told and refuses nothing."""
WARNS = 8
"""A warning that a 999 can spell."""
ERROR_CODES, WARNING_CODES = 8, 32
"""Bits from which on the IK502 codes of errors and of warnings stand."""

SEGMENTS_IN_ERROR, SEGMENTS_AGAINST_GUIDE = "5", "I5"
MOST_CODES = 5
"""IK502 to IK506."""
NOTES, WARNINGS, ERRORS, REJECTS = range(4)
RANKS = {NOTE: NOTES, WARNING: WARNINGS, ERROR: ERRORS, REJECT: REJECTS}


def _set_codes() -> tuple[str, ...]:
    """Every IK502 in the order it is told in: what is wrong with the set itself, then that segments are."""
    own = {code.ik502 for code in CODES.values() if code.ik502} - {SEGMENTS_IN_ERROR, SEGMENTS_AGAINST_GUIDE}
    ordered = sorted(own, key=lambda code: (not code.isdigit(), code.zfill(3)))
    return (*ordered, SEGMENTS_IN_ERROR, SEGMENTS_AGAINST_GUIDE)


SET_CODES = _set_codes()
ABSENT = frozenset({"3", "I6", "I7", "I8"})
"""IK304 of segments that are missing."""


class CodeFacts(NamedTuple):
    """By the place of a code in `CODE_NAMES`."""

    facts: npt.NDArray[np.int64]
    ranks: npt.NDArray[np.int64]
    """Of severities, notes first."""
    spoils: npt.NDArray[np.bool_]
    spelt: npt.NDArray[np.bool_]
    """Is it told by an IK3?"""
    absent: npt.NDArray[np.bool_]
    """Is it about a segment that is not there? Then its place is that of another."""


def code_facts(severities: Mapping[str, str]) -> CodeFacts:
    """For a partner with these severities of its own."""
    return _code_facts(tuple(sorted(severities.items())))


@lru_cache(maxsize=256)
def _code_facts(severities: tuple[tuple[str, str], ...]) -> CodeFacts:
    own = dict(severities)
    codes = [CODES[name] for name in CODE_NAMES]
    ranks = [RANKS[own.get(code.id) or code.severity] for code in codes]
    facts = np.array([_facts(code, rank) for code, rank in zip(codes, ranks, strict=True)], np.int64)
    spelt = np.array([code.ik304 is not None for code in codes], np.bool_)
    absent = np.array([code.ik304 in ABSENT for code in codes], np.bool_)
    return CodeFacts(facts, np.array(ranks, np.int64), facts & SPOILS > 0, spelt, absent)


def _facts(code: FindingCode, rank: int) -> int:
    if rank == NOTES or (rank == ERRORS and code.level == BUSINESS):
        return 0
    bit = 1 << SET_CODES.index(_set_code(code))
    if rank == WARNINGS:
        return WARNS | bit << WARNING_CODES if code.ik502 or code.ik304 else 0
    if rank == REJECTS:
        return REFUSES | bit << ERROR_CODES
    return (TELLS if code.level == SET else SPOILS) | bit << ERROR_CODES


def _set_code(code: FindingCode) -> str:
    """IK502 where the finding is of the set, else whether the standard or only the guide knows the fault."""
    if code.ik502:
        return code.ik502
    against_guide = code.level == BUSINESS or (code.ik403 or code.ik304 or "").startswith("I")
    return SEGMENTS_AGAINST_GUIDE if against_guide else SEGMENTS_IN_ERROR


@lru_cache(maxsize=4096)
def told_codes(facts: int, *, warnings: bool) -> tuple[str, ...]:
    """IK502 to IK506 of a set whose findings have these facts together."""
    bits = facts >> ERROR_CODES | (facts >> WARNING_CODES if warnings else 0)
    return tuple(code for place, code in enumerate(SET_CODES) if bits >> place & 1)[:MOST_CODES]
