from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import astuple
from functools import partial

import pytest

from edi.reference import scanner

scan = partial(scanner.scan, snip=2)

DAMAGE = {
    "N3*1 MAIN STREET": "N3*1 MAIN STREET*",
    "CLM*PCN1*150.5***11:B:7*Y*A*Y*Y": "CLM*PCN1*15O.5***11:A:7:9*Y*A*Y",
    "HI*ABK:J45909*ABF:E119": "HI*ABK:J45909^ABK:J45909*ABF",
    "SV1*HC:94010*50*UN*1***1": "QQ*1~SV1*HC:94010*50*UN*1",
}
SEPARATORS = [
    chr(code) for code in (*range(0x21, 0x7F), *range(0x1C, 0x20)) if not chr(code).isalnum() and chr(code) not in ".-"
]


@pytest.fixture
def damaged(file_of: Callable[..., bytes]) -> bytes:
    """A file with faults of many kinds; no separator but its own occurs in it."""
    return file_of("837P", DAMAGE)


def test_the_damage_is_seen(damaged: bytes) -> None:
    """The file has findings of segments, elements, components and repetitions: the laws below are not empty."""
    assert len({one.code for one in scan(damaged).findings}) > 6


@pytest.mark.parametrize("seed", range(60))
def test_any_delimiters_give_the_same_findings(damaged: bytes, seed: int) -> None:
    """Which characters separate the parts of a file says nothing about it."""
    chosen = random.Random(seed).sample(SEPARATORS, 4)  # noqa: S311 - reproducible choice
    swapped = damaged.translate(bytes.maketrans(b"*:^~", "".join(chosen).encode()))
    assert [astuple(one) for one in scan(swapped).findings] == [astuple(one) for one in scan(damaged).findings]


@pytest.mark.parametrize("terminator", [b"\n", b"\r", b"\r\n", b"~\r\n", b"~\n"])
def test_a_line_end_may_terminate_or_follow(damaged: bytes, terminator: bytes) -> None:
    """A segment a line is the same file, whether the line end is the terminator or stands behind it."""
    expected = [(one.code, one.segment_position, one.element) for one in scan(damaged).findings]
    found = scan(damaged.replace(b"~", terminator)).findings
    assert [(one.code, one.segment_position, one.element) for one in found] == expected
