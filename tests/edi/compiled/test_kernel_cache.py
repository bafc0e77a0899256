from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edi import scanner
from edi.cache_folder import cache_folder
from edi.compiled import guide_store, kernel_cache
from edi.guides.library import default_library

MODULE = "a_kernel_of_this_test"
SOURCE = """
from edi.compiled.options import INT, compiled

@compiled(INT(INT))
def twice(number):
    return 2 * number
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of the test's own, for all but the scanner's kernels."""
    kernel_cache.load()
    own = tmp_path / "cache"
    monkeypatch.setenv("EDI_CACHE_DIR", str(own))
    cache_folder.cache_clear()
    yield own
    cache_folder.cache_clear()


@pytest.fixture
def kernel(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module with one small kernel, not yet imported."""
    (tmp_path / f"{MODULE}.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    assert not folder.exists() or not list(folder.iterdir())
    return MODULE


def loaded_anew(module: str) -> int:
    """What the kernel says after its module was imported once more."""
    sys.modules.pop(module, None)
    twice: Callable[[int], int] = kernel_cache.load(module).twice
    return twice(21)


def kept_files(folder: Path) -> dict[Path, bytes]:
    """Every file of the cache."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_machine_code_is_kept(kernel: str, folder: Path) -> None:
    """What one run compiled the next one takes, and changes nothing of it."""
    assert not kernel_cache.is_kept(kernel)
    assert loaded_anew(kernel) == 42
    first = kept_files(folder)
    sys.modules.pop(kernel)
    assert kernel_cache.is_kept(kernel)
    assert loaded_anew(kernel) == 42
    assert kept_files(folder) == first


@pytest.mark.parametrize("damage", [b"", b"rubbish"])
def test_damaged_machine_code_is_compiled_anew(kernel: str, folder: Path, damage: bytes) -> None:
    """Whichever file is damaged or gone."""
    loaded_anew(kernel)
    for path in kept_files(folder):
        if damage:
            path.write_bytes(damage)
        else:
            path.unlink()
        sys.modules.pop(kernel, None)
        assert not kernel_cache.is_kept(kernel)
        assert loaded_anew(kernel) == 42
        sys.modules.pop(kernel)
        assert kernel_cache.is_kept(kernel)


def test_a_module_that_does_not_compile_leaves_nothing(kernel: str, folder: Path, tmp_path: Path) -> None:
    """And the next try is not kept from its own."""
    source = tmp_path / f"{kernel}.py"
    source.write_text(SOURCE.replace("2 * number", "unknown"))
    with pytest.raises(Exception, match="unknown"):
        loaded_anew(kernel)
    assert not list(folder.glob("kernels-*"))


def test_two_that_compile_at_once_do_not_meet(kernel: str, folder: Path) -> None:
    """Who is second throws its own away."""
    loaded_anew(kernel)
    first = kept_files(folder)
    second = folder / "second"
    second.mkdir()
    (second / "code").write_text("another")
    kernel_cache._publish(second, kernel_cache._folder(kernel))
    assert kept_files(folder) == first
    assert not second.exists()


def test_old_folders_are_cleared_away(kernel: str, folder: Path) -> None:
    """Those of former versions, once nobody has used them for a month."""
    old, young = folder / "kernels-old", folder / "kernels-young"
    for one in (old, young):
        one.mkdir(parents=True)
    os.utime(old, (1, 1))
    sys.modules.pop(kernel, None)
    kernel_cache.load(kernel)
    assert (old.exists(), young.exists()) == (False, True)


def guides_of(folder: Path) -> list[Path]:
    """The files of guides in the cache."""
    return sorted(folder.glob("guide-*"))


def test_guides_are_kept_and_damaged_ones_built_anew(folder: Path) -> None:
    """Truncated, of another kind, or gone."""
    build = guide_store.guide_tables.__wrapped__
    guide = default_library().find("00501", "BE", "005010X220A1")
    first = build(guide)
    (kept,) = guides_of(folder)
    sound = kept.read_bytes()
    for data in (sound, sound[:1000], b"", b"rubbish" * 1000, sound[:5000] + b"\xff" * 50 + sound[5050:]):
        kept.write_bytes(data)
        again = build(guide)
        assert all(np.array_equal(getattr(first, name), getattr(again, name)) for name in first._fields)
    assert guides_of(folder) == [kept]


def test_a_changed_guide_is_another_one(folder: Path) -> None:
    """Its tables are never those of the old one."""
    build = guide_store.guide_tables.__wrapped__
    guide = default_library().find("00501", "BE", "005010X220A1")
    assert guide
    build(guide)
    nodes = tuple(copy.copy(node) for node in guide.nodes)
    nodes[5].maximum += 1
    build(replace(guide, nodes=nodes))
    assert len(guides_of(folder)) == 2


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Caches then go to a private folder."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("EDI_CACHE_DIR", str(tmp_path / "file" / "cache"))
    cache_folder.cache_clear()
    try:
        folder = cache_folder()
        assert folder.is_dir()
        assert folder.stat().st_mode & 0o077 == 0
        assert cache_folder() == folder
        folder.rmdir()
    finally:
        cache_folder.cache_clear()


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"EDI_CACHE_DIR": "own"}, "own"),
        ({"XDG_CACHE_HOME": "general"}, "general/payer-edi"),
        ({"HOME": "home"}, "home/.cache/payer-edi"),
    ],
)
def test_the_folder_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    """Ours first, then the system's."""
    for name in ("EDI_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    cache_folder.cache_clear()
    try:
        assert cache_folder() == tmp_path / expected
    finally:
        cache_folder.cache_clear()


def run(program: str, **variables: str) -> str:
    """What a program prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, **variables}
    )
    return done.stdout


def test_the_scanner_is_imported_without_numba() -> None:
    """A command line must answer at once; kernels are loaded by the first scan."""
    assert run("import edi.scanner, sys; print('numba' in sys.modules, edi.scanner.is_warm())") in {
        "False True\n",
        "False False\n",
    }


def test_warmed_kernels_are_there_for_the_next_process() -> None:
    """And it says so."""
    scanner.warm()
    assert scanner.is_warm()
    assert run("import edi.scanner; print(edi.scanner.is_warm())") == "True\n"


NOISE = """
import random
from tests.edi.compiled.damage import compare, damaged, heads
source, files = random.Random(2), heads()
print(sum(compare(damaged(source.choice(files), source), (256,)).size > 0 for _ in range(400)))
"""


@pytest.mark.slow
def test_no_index_is_out_of_bounds(tmp_path: Path) -> None:
    """Machine code does not look; compiled so that it does, it reads damaged files without an error."""
    assert int(run(NOISE, NUMBA_BOUNDSCHECK="1", EDI_CACHE_DIR=str(tmp_path))) > 350


OUTSIDE = """
import numpy as np
from numba import njit
from edi.compiled.access_kernel import get, get_column, put
from edi.compiled.extraction_layout import LAYOUT_FIELDS
numbers, columns = np.arange(10), np.zeros((3, LAYOUT_FIELDS), np.int64)
ways = (
    (njit(lambda array, at: get(array, at)), numbers, 9, (10, -1)),
    (njit(lambda array, at: put(array, at, 1)), numbers, 9, (10, -1)),
    (njit(lambda array, at: get_column(array, at, 0)), columns, 2, (3, -1)),
)
for way, array, last, outside in ways:
    way(array, last)
    for place in outside:
        try:
            way(array, place)
        except IndexError:
            print("refused")
"""


def test_ways_around_a_look_at_the_index_look_where_they_are_told_to() -> None:
    """So that a run that checks every index checks these too."""
    assert run(OUTSIDE, NUMBA_BOUNDSCHECK="1").split() == ["refused"] * 6
