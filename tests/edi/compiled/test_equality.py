from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.limits import LONGEST_SEGMENT, MOST_IN_SET
from tests.edi.compiled.damage import CHUNKS, ENCODINGS, compare, corpus_files, damaged, heads

FileOf = Callable[..., bytes]
HEADS = heads()
KINDS = ("837P", "837I", "837D", "834")


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.name)
def test_the_corpus_is_read_alike(path: Path) -> None:
    """Whole and in the smallest pieces, each real file gives what the plain scanner makes of it."""
    compare(path.read_bytes(), (256,))


@settings(max_examples=500, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(ENCODINGS), st.sampled_from(CHUNKS), st.sampled_from((2, 5)))
def test_damaged_files_are_read_alike(source: random.Random, encoding: str, chunk: int, snip: int) -> None:
    """Whatever happens to a file, the two scanners tell the same of it, and so does any way of cutting it."""
    compare(damaged(source.choice(HEADS), source), (chunk,), encoding, snip)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
def test_rubbish_after_a_header_is_read_alike(rubbish: bytes) -> None:
    """No bytes at all are too strange."""
    compare(HEADS[0][:106] + rubbish, (256,))
    compare(rubbish)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("separators", [b"\x1d|\n!", b"|>\r`", b"\t:~^", b"*:~\x1f", b"\x1c\x1d\x1e\x1f"])
def test_separators_make_no_difference(file_of: FileOf, kind: str, separators: bytes) -> None:
    """Any four of them serve."""
    data = file_of(kind).translate(bytes.maketrans(b"*:~^", separators))
    assert len(compare(data, (256,)).interchanges) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("between", [b"\n", b"\r\n", b"  ", b"\t\n"])
def test_blanks_between_segments_are_read_alike(file_of: FileOf, kind: str, between: bytes) -> None:
    """Of every kind, and where the terminator is a line feed with blanks before it."""
    compare(file_of(kind).replace(b"~", b"~" + between), (256,))
    compare(file_of(kind).replace(b"~", between + b"\n"), (256,))


@pytest.mark.parametrize("kind", KINDS)
def test_every_cut_of_a_file_is_read_alike(file_of: FileOf, kind: str) -> None:
    """A file may end anywhere."""
    data = file_of(kind)
    for stop in range(0, len(data), 7):
        compare(data[:stop], (256,) if stop % 3 == 0 else (), snip=2)


@pytest.mark.parametrize("size", [LONGEST_SEGMENT - 1, LONGEST_SEGMENT, LONGEST_SEGMENT + 1, 3 * LONGEST_SEGMENT])
def test_long_segments_are_read_alike(file_of: FileOf, size: int) -> None:
    """One that is too long is passed over, in a set and outside, ended or not, and an ISA in it is found."""
    data = file_of("837P")
    street = b"N3*1 MAIN STREET~"
    long = b"NTE*" + b"A" * (size - 4)
    within = data.replace(street, street + long + b"~")
    compare(within, (256, 1 << 19), snip=2)
    compare(data.replace(b"GE*1*7~", b"GE*1*7~" + long + b"~"), (5000,), snip=2)
    compare(data.replace(street, long), (5000,), snip=2)
    compare(data.replace(street, street + long + data.replace(b"0101", b"0102")), (5000,), snip=2)
    compare(data[: data.index(street)] + b"\0" * size + data, (5000,), snip=2)
    compare(data + b"\0" * size + long, (5000,), snip=2)


def test_many_of_everything_is_read_alike(file_of: FileOf) -> None:
    """More findings, sets, control numbers, groups and interchanges than any buffer holds at first."""
    data = file_of("837P")
    start, stop = data.index(b"ST*"), data.index(b"GE*")
    sets = b"".join(
        data[start:stop].replace(b"*0001", b"*%04d" % number).replace(b"*UN*", b"*??*") for number in range(1, 1500)
    )
    many = data[:start] + sets + b"GE*1499*7~" + data[data.index(b"IEA*") :]
    assert len(compare(many, (70_000,), snip=2).interchanges[0].groups[0].sets) == 1499
    rubbish = data.replace(b"HI*", b"QQ*1~" * (2 * MOST_IN_SET) + b"HI*")
    compare(rubbish * 12, (1000,), snip=2)
    tiny = b"".join(data.replace(b"000000101", b"%09d" % number) for number in range(700))
    assert len(compare(tiny, (10_000,), snip=2).interchanges) == 700


def test_more_control_numbers_than_at_first_have_room_are_remembered(file_of: FileOf) -> None:
    """The last of a thousand sets repeats the number of the first."""
    data = file_of("834")
    head, foot = data[: data.index(b"ST*")], data[data.index(b"GE*") :]
    sets = [b"ST*834*%04d*005010X220A1~SE*2*%04d~" % (number, number) for number in (*range(1000), 0)]
    scanned = compare(head + b"".join(sets) + foot, (256,), snip=2)
    assert sum(one.code == "SET_CONTROL_DUPLICATE" for one in scanned.findings) == 1
