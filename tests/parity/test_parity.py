"""pyx12 and this engine say the same of every file, or the difference has a cause that `docs/pyx12.md` explains."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from unittest import mock

import pytest

from edi import scanner
from edi.reference import findings_log
from edi.reference import scanner as reference
from tests.parity import material
from tests.parity.causes import cause_of
from tests.parity.comparison import Difference, Scanner, compare, pyx12_reading
from tests.parity.our_reading import misplaced
from tests.parity.pyx12_reading import Reading
from tests.parity.tally import Tally

SEED = 20260601
FEW, MANY = 500, 20_000
FEW_BROKEN = 200
LARGEST = 100_000
"""Bytes of a file that every run reads with pyx12; two of the corpus are larger."""
NO_LIMIT = 10**9

Files = Iterable[tuple[str, bytes]]


@pytest.fixture
def unlimited() -> Iterator[Scanner]:
    """The plain scanner, keeping every finding of a set: pyx12 does."""
    with mock.patch.object(findings_log, "MOST_IN_SET", NO_LIMIT):
        yield reference.scan


@pytest.fixture
def agree() -> Callable[[Files, Scanner], Tally]:
    """Read files with both; every difference has a cause, and nothing is accepted that pyx12 rightly refuses."""

    def tally(files: Files, scan: Scanner) -> Tally:
        found = Tally()
        for name, data in files:
            case = compare(name, data, scan, material.every_guide(), _read_once(data))
            found.add(case)
            assert misplaced(case.scan, case.rows) == []
        assert found.unexplained == []
        assert found.unallowed == []
        return found

    return tally


@cache
def _read_once(data: bytes) -> Reading:
    return pyx12_reading(data)


def _small(files: Files) -> Files:
    return ((name, data) for name, data in files if len(data) <= LARGEST)


@pytest.mark.parametrize("scan", [scanner.scan, reference.scan])
def test_the_corpus(agree: Callable[[Files, Scanner], Tally], scan: Scanner) -> None:
    """Every file of it but the two largest."""
    found = agree(_small(material.corpus()), scan)
    assert found.files > 100
    assert found.both > 500


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_the_large_files_of_the_corpus(agree: Callable[[Files, Scanner], Tally], unlimited: Scanner) -> None:
    """Half a minute of pyx12."""
    large = [one for one in material.corpus() if len(one[1]) > LARGEST]
    assert agree(large, unlimited).both > 10_000


def test_right_files(agree: Callable[[Files, Scanner], Tally]) -> None:
    """Neither finds anything."""
    found = agree(material.generated(6, SEED), scanner.scan)
    assert found.identical_sets == found.sets == found.same_set_verdict
    assert found.ours == found.theirs == 0


def test_files_with_one_fault(agree: Callable[[Files, Scanner], Tally]) -> None:
    """Every finding code of SNIP 1 and 2 that a generated file can provoke."""
    assert agree(material.faulty(SEED), scanner.scan).both > 200


def test_damaged_files(agree: Callable[[Files, Scanner], Tally]) -> None:
    """Always the same ones."""
    found = agree(material.mutations(FEW, SEED), scanner.scan)
    assert found.identical_sets > 0.6 * found.sets


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_many_damaged_files(agree: Callable[[Files, Scanner], Tally]) -> None:
    """Others in each run, unless PARITY_SEED says which; PARITY_FILES is their number."""
    seed = int(os.environ.get("PARITY_SEED") or random.SystemRandom().randrange(10**9))
    count = int(os.environ.get("PARITY_FILES") or MANY)
    files = material.mutations(count, seed)
    while batch := list(itertools.islice(files, 1000)):
        agree(batch, scanner.scan)


def test_causes_are_sharp() -> None:
    """Were a finding that both have missing here, or made here alone, a cause would seldom explain it away."""
    hidden = asked = 0
    for name, data in material.mutations(FEW_BROKEN, SEED):
        case = compare(name, data, scanner.scan, material.every_guide(), _read_once(data))
        for place in case.theirs.places & case.ours.places:
            for reading in (case.theirs, case.ours):
                if place.row < case.compared:
                    reading.places.remove(place)
                    hidden += cause_of(Difference(case, place, is_ours=reading is case.theirs)) is not None
                    asked += 1
                    reading.places.add(place)
    assert asked > 500
    assert hidden < 0.1 * asked


def test_both_scanners_read_damaged_files_alike() -> None:
    """With the maps of every guide that pyx12 has, too."""
    for name, data in material.mutations(FEW, SEED + 1):
        ours, plain = (scan(data, material.every_guide()) for scan in (scanner.scan, reference.scan))
        assert list(ours.findings) == list(plain.findings), name
