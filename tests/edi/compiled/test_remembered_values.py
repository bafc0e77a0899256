"""What the kernels remember of right values, sets of places and transitions must never stand in for a wrong one."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.edi.compiled.damage import CHUNKS, compare

FileOf = Callable[..., bytes]
VARIANTS = {
    "lengths": ("REF*F8*{}~", [b"A" * size for size in (1, 7, 8, 9, 16, 17, 24, 25, 50, 51)]),
    "codes": ("HI*{}~", [b"ABK:J45909", b"ABK:J45909:", b"ABF:J45909", b"ABK", b"ABK:", b"XXX:J45909", b"ABK:J4 5909"]),
    "forms": (
        "DTP*472*{}~",
        [
            b"D8*20250215",
            b"RD8*20250215",
            b"D8*20250230",
            b"RD8*20250215-20250216",
            b"D8*20250215-20250216",
            b"TM*2025",
        ],
    ),
    "amounts": (
        "SV1*HC:99213:25*{}*UN*1***1~",
        [
            b"100.5",
            b"1.2.3",
            b".5",
            b"5.",
            b"-1.50",
            b"1.505",
            b"1.500",
            b"12345.67",
            b"123456.78",
            b".",
            b"1-5",
            b"1 5",
        ],
    ),
    "blanks": ("N3*{}~", [b"1 MAIN", b"1 MAIN ", b" 1 MAIN", b" ", b"1 MAIN  ", b"A" * 54 + b" ", b"A" * 55 + b" "]),
    "characters": (
        "N3*{}~",
        [b"1 MAIN", b"1\x00MAIN", b"1\xc3\xa9MAIN", b"1\xe9MAIN", b"1:MAIN", b"1^MAIN", b"1\x7fMAIN"],
    ),
    "places": (
        "NM1*IL*1*{}~",
        [b"DOE*JANE****MI*M1001", b"DOE*JANE****MI", b"DOE*JANE*****M1001", b"DOE", b"**", b"*JANE****MI*M1001"],
    ),
    "abroad": (
        "N4*SPRINGFIELD*{}~",
        [b"IL*62701", b"IL*6270", b"IL*6270*CAN", b"*6270*CA", b"IL*62701*US", b"IL*6270*US"],
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_one_value_says_nothing_of_another(file_of: FileOf, name: str) -> None:
    """Each variant of a segment is read alike whichever was read before it."""
    pattern, values = VARIANTS[name]
    data = file_of("837P")
    start, stop = data.index(b"ST*"), data.index(b"GE*")
    before, after = (part.encode() for part in pattern.split("{}"))
    place = data.index(before, start)
    ended = data.index(b"~", place) + 1
    sets = [
        (data[start:place] + before + value + after + data[ended:stop]).replace(b"*0001", b"*%04d" % number)
        for number, value in enumerate((one for pair in permutations(values, 2) for one in (*pair, pair[0])), 1)
    ]
    file = data[:start] + b"".join(sets) + data[stop:].replace(b"GE*1*", b"GE*%d*" % len(sets))
    for encoding in ("ascii", "latin-1", "utf-8"):
        compare(file, (5000,), encoding, snip=2)


def test_another_separator_makes_other_values_right(file_of: FileOf) -> None:
    """A composite of one interchange is a text with an odd character in the next, and the other way round."""
    data = file_of("837P")
    other = data.replace(b"*T*:~", b"*T*>~")
    turned = other[:106] + other[106:].replace(b":", b">")
    numbers = iter(range(101, 200))

    def numbered(file: bytes) -> bytes:
        return file.replace(b"000000101", b"%09d" % next(numbers))

    scanned = compare(b"".join(numbered(file) for file in (data, other, turned, data, turned, other)), (256,), snip=2)
    wrong = {one.interchange for one in scanned.findings}
    assert wrong == {2, 6}


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(("837P", "837I", "837D", "834")), st.sampled_from(CHUNKS))
def test_values_that_change_places_are_read_alike(
    file_of: FileOf, source: random.Random, kind: str, chunk: int
) -> None:
    """A value that is right in one element is wrong in most others, however often it was right."""
    data = file_of(kind)
    start, stop = data.index(b"ST*"), data.index(b"GE*")
    values = sorted(set(data[start:stop].replace(b"~", b"*").split(b"*")))
    sets = []
    for number in range(1, 9):
        segments = [segment.split(b"*") for segment in data[start:stop].split(b"~")[:-1]]
        for _ in range(source.randrange(6)):
            segment = source.choice(segments)
            if len(segment) > 1:
                segment[source.randrange(1, len(segment))] = source.choice(values)
        sets.append(b"~".join(b"*".join(segment) for segment in segments).replace(b"*0001", b"*%04d" % number) + b"~")
    compare(data[:start] + b"".join(sets) + data[stop:].replace(b"GE*1*", b"GE*8*"), (chunk,), snip=5)
