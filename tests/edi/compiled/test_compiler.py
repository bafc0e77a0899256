from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edi import scanner
from edi.compiled import kernel_cache

KERNELS = """
from edi.compiled.options import INT, INTS, PAIR, compiled, helper, inlined

@helper(INT(INTS, INT))
def at(numbers, place):
    return numbers[place]

@inlined(PAIR(INTS, INT))
def pair(numbers, place):
    return at(numbers, place), at(numbers, place + 1)

@compiled(INT(INTS, INT))
def product(numbers, place):
    first, second = pair(numbers, place)
    return first * second

@compiled(INT(INTS))
def total(numbers):
    result = 0
    for place in range(numbers.shape[0] - 1):
        result += product(numbers, place) + at(numbers, place)
    return result
"""
CALLS_KEPT_ONES = """
from edi.compiled.options import INT, INTS, compiled
from kernels_of_this_test import total

@compiled(INT(INTS))
def twice(numbers):
    return 2 * total(numbers)
"""
LOADED = """
import sys
import numpy as np
from edi.compiled import kernel_cache
from edi.compiled.kernel_cache import load
kernel_cache.SCAN = "kernels_of_this_test"
kernels = load("kernels_of_this_test")
numbers = np.array([2, 3, 5, 7])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the test's modules are."""
    (tmp_path / "kernels_of_this_test.py").write_text(KERNELS)
    (tmp_path / "others_of_this_test.py").write_text(CALLS_KEPT_ONES)
    return tmp_path


def run(program: str, folder: Path, **variables: str) -> str:
    """What a program prints in a process of its own, and what it fails with."""
    path = os.pathsep.join([str(folder), *filter(None, sys.path)])
    environment = {**os.environ, "PYTHONPATH": path, "EDI_CACHE_DIR": str(folder / "cache"), **variables}
    done = subprocess.run(
        [sys.executable, "-c", LOADED + program], capture_output=True, text=True, check=False, env=environment
    )
    return done.stdout + done.stderr


def test_kernels_take_in_helpers_and_one_another(folder: Path) -> None:
    """Compiled here, and read from disk by the next process."""
    program = "print(kernels.total(numbers), kernels.product(numbers, 1), len(kernels.total.stats.cache_hits))"
    assert run(program, folder) == "66 15 0\n"
    assert run(program, folder) == "66 15 1\n"


def test_kept_kernels_are_loaded_without_what_only_compiling_needs(folder: Path) -> None:
    """Numba's knowledge of arrays takes longer to import than all else, and brings SciPy along."""
    program = "print(*(name in sys.modules for name in ('numba.np.arraymath', 'scipy.linalg')))"
    assert run(program, folder).startswith("True ")
    assert run(program, folder) == "False False\n"


def test_a_kernel_cannot_take_in_one_that_was_read_from_disk(folder: Path) -> None:
    """Only its machine code is kept; who tries it is told."""
    program = "print(load('others_of_this_test').twice(numbers))"
    assert run(program, folder) == "132\n"
    for room in (folder / "cache").glob("kernels-others*"):
        room.rename(folder / "away")
    assert "twice calls total, which belongs to kernels that are kept apart" in run(program, folder)


def test_bounds_are_checked_within_helpers(folder: Path) -> None:
    """Where the environment asks for it."""
    program = "print(kernels.product(numbers, 3))"
    assert "IndexError" in run(program, folder, NUMBA_BOUNDSCHECK="1")


def test_warming_ends_where_the_kernels_do_not_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guides wait for LLVM to be busy; it never is then."""

    def fail() -> None:
        raise MemoryError

    monkeypatch.setattr(kernel_cache, "load", fail)
    with pytest.raises(MemoryError):
        scanner.warm()
