"""Any bytes at all end in findings and an answer: nothing raises, and both scanners tell the same."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.edi.business.samples import file_of
from tests.edi.business.test_two_interpreters import LIBRARY
from tests.fuzz.damage import SEPARATOR_PLACES, damaged, rough
from tests.fuzz.laws import Count, check_answers, check_chain, check_commands, check_scan, check_tables
from tests.fuzz.material import CRASHERS, all_files, fullest_files, small_files

SEED = 20260601
DAMAGED, ROUGH, SHOWN = 300, 150, 60
SECRET = b"qq"
"""Nothing that we write has two of them side by side."""

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is put that the commands look at."""
    return tmp_path / "file.x12"


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=600), st.randoms(use_true_random=False))
def test_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes, chance: Random) -> None:
    """That nobody chose."""
    check_chain(data, chance, Count(), tmp_path_factory.getbasetemp() / "bytes.x12")


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from([*(part for data in small_files()[:4] for part in data.split(b"~")), b"", b"*", b"N3*A:B^C"])
        | st.binary(max_size=12),
        max_size=40,
    ),
    st.sampled_from([b"~", b"~", b"~\r\n", b"*", b"~~", b""]),
    st.randoms(use_true_random=False),
)
def test_segments_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, segments: list[bytes], end: bytes, chance: Random
) -> None:
    """Those of right files, and others, behind an ISA and a GS that can be read."""
    head = b"~".join(file_of("837P").split(b"~")[:2])
    data = end.join([head, *segments, b""])
    check_chain(data, chance, Count(), tmp_path_factory.getbasetemp() / "segments.x12")


def test_damaged_files(path: Path) -> None:
    """Always the same ones."""
    count = Count()
    for number in range(DAMAGED):
        chance = Random(SEED + number)  # noqa: S311 - a reproducible test, not a secret
        check_chain(damaged(all_files(), chance), chance, count, path, chance.choice((None, LIBRARY)))
    assert count.files == DAMAGED
    assert count.answers > DAMAGED // 2
    assert count.findings > 10 * DAMAGED


def test_rough_files(path: Path) -> None:
    """A head, and noise of separators behind it."""
    count = Count()
    for number in range(ROUGH):
        chance = Random(SEED + number)  # noqa: S311 - as above
        check_chain(rough(chance), chance, count, path)
    assert count.interchanges > ROUGH // 4


@pytest.mark.parametrize("data", fullest_files(), ids=lambda data: data[107:].split(b"*")[1].decode())
def test_every_segment_of_every_guide(path: Path, data: bytes) -> None:
    """Whole, and with some of it broken."""
    chance = Random(SEED)  # noqa: S311 - as above
    for one in (data, damaged([data], chance), damaged([data], chance)):
        check_scan(one, chance, Count())
        check_answers(one, chance, Count())
        check_tables(one, chance, Count(), path)


@pytest.mark.parametrize("sample", ["837P", "834"])
def test_a_file_cut_anywhere(sample: str) -> None:
    """At every byte; what is left is answered if its ISA is."""
    data = file_of(sample)
    chance = Random(SEED)  # noqa: S311 - as above
    count = Count()
    for stop in range(len(data)):
        check_scan(data[:stop], chance, count)
        if stop % 5 == 0:
            check_answers(data[:stop], chance, count)
    assert count.files == len(data)


@pytest.mark.parametrize("place", SEPARATOR_PLACES)
def test_any_byte_for_a_separator(place: int) -> None:
    """Throughout the file, and in the ISA alone."""
    data = file_of("837P")
    chance = Random(SEED)  # noqa: S311 - as above
    for byte in range(256):
        other = data.translate(bytes.maketrans(data[place : place + 1], bytes([byte])))
        for one in (other, other[:106] + data[106:]):
            check_scan(one, chance, Count())
        check_answers(other, chance, Count())


def test_no_value_is_shown(path: Path) -> None:
    """Neither in a finding nor under a caret, wherever a value stands, be it for an id, and however long it is."""
    files = small_files()
    for number in range(SHOWN):
        chance = Random(SEED + number)  # noqa: S311 - as above
        data = chance.choice(files)
        segments = data.split(b"~")
        for _ in range(chance.choice((1, 3, 20))):
            at = chance.randrange(1, len(segments) - 1)
            elements = segments[at].split(b"*")
            place = chance.randrange(len(elements)) if at > 2 else len(elements)
            elements[place : place + 1] = [SECRET * chance.choice((1, 2, 60, 3000))]
            segments[at] = b"*".join(elements)
        check_commands(b"~".join(segments), chance, path, SECRET)


def test_no_part_of_a_long_segment_is_taken_for_its_id(path: Path) -> None:
    """Where a segment is too long to be shown whole, what is shown may begin in the middle of a value."""
    for length in range(4060, 4100):
        name = b"NM1*IL*1*QQQQ*%s****MI*Q1*Q~" % (b"Q" * length)
        data = file_of("837P").replace(b"NM1*IL*1*DOE*JANE****MI*M1001~", name)
        assert name in data
        check_commands(data, Random(length), path, SECRET.upper())  # noqa: S311 - as above


@pytest.mark.parametrize("crasher", sorted(CRASHERS.glob("*.x12")), ids=lambda path: path.stem)
def test_what_once_failed(path: Path, crasher: Path) -> None:
    """Every file that this or that part of the engine once fell over, by everything that reads files."""
    data = crasher.read_bytes()
    for number in range(12):
        chance = Random(number)  # noqa: S311 - as above
        check_scan(data, chance, Count())
        check_answers(data, chance, Count())
        check_commands(data, chance, path)
        check_tables(data, chance, Count(), path)
