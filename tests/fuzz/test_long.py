"""The same laws for as long as one likes: `make test-long`.

FUZZ_SECONDS says how long each test goes on (300), FUZZ_SEED where it begins; without it every run sees other files.
A file that fails is kept in FUZZ_FOLDER (the folder of the test), and named with what repeats it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random, SystemRandom

import pytest

from edi.scanner import scan
from tests.edi.business.test_two_interpreters import LIBRARY
from tests.fuzz.attacks import ATTACKS, CLEAN, ERRORS
from tests.fuzz.damage import damaged, rough
from tests.fuzz.laws import Count, check_chain
from tests.fuzz.material import all_files

SECONDS = 300
ROOT = Path(__file__).parents[2]
MB = 1_000_000
MOST_MEMORY = 400
"""MB of a process that streams a file of any kind."""
ERRORS_COST = 3
"""Times a clean file, a byte."""
HUNGRY = (
    "groups of nothing",
    "sets of nothing",
    "ISA alone",
    "tiny interchanges",
    "one giant segment",
    "noise in a set",
)

pytestmark = [pytest.mark.long, pytest.mark.timeout(0)]


@pytest.fixture
def seconds() -> float:
    """How long a test goes on."""
    return float(os.environ.get("FUZZ_SECONDS") or SECONDS)


@pytest.fixture
def seed() -> int:
    """Where the random files begin."""
    return int(os.environ.get("FUZZ_SEED") or SystemRandom().randrange(10**9))


def test_damaged_files(tmp_path: Path, seconds: float, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    """As many as there is time for."""
    files, count, end = all_files(), Count(), time.monotonic() + seconds
    folder = Path(os.environ.get("FUZZ_FOLDER") or tmp_path)
    number = 0
    while time.monotonic() < end:
        number += 1
        chance = Random(f"{seed}/{number}")  # noqa: S311 - a reproducible test, not a secret
        data = damaged(files, chance) if chance.randrange(7) else rough(chance)
        try:
            check_chain(data, chance, count, tmp_path / "file.x12", chance.choice((None, LIBRARY)))
        except Exception as problem:
            crasher = folder / f"fuzz_{seed}_{number}.x12"
            crasher.write_bytes(data)
            raise AssertionError(f"file {number} of FUZZ_SEED={seed}, kept as {crasher}") from problem
    with capsys.disabled():
        print(f"\nFUZZ_SEED={seed}: {count}")  # noqa: T201 - what a long run is for
    assert count.files == number


def test_no_kernel_reaches_outside_of_an_array(
    tmp_path: Path, seconds: float, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """With kernels compiled to check every index."""
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "EDI_CACHE_DIR": str(tmp_path)}
    words = [sys.executable, "-m", "tests.fuzz.bounds", str(seconds), str(seed)]
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"FUZZ_SEED={seed}: {done.stderr[-2000:]}"
    with capsys.disabled():
        print(f"\nFUZZ_SEED={seed}: {done.stdout.strip()} files with every index checked")  # noqa: T201 - as above
    assert int(done.stdout) > len(all_files())


def scanning(data: bytes) -> float:
    """Seconds of the processor a byte, at best."""
    taken = []
    for _ in range(5):
        begin = time.process_time()
        scan(data)
        taken.append(time.process_time() - begin)
    return min(taken) / len(data)


def test_a_scan_of_errors_costs_three_clean_ones_at_most() -> None:
    """Ten findings in every thirty segments."""
    clean, errors = (b"".join(ATTACKS[kind](10 * MB)) for kind in (CLEAN, ERRORS))
    assert scanning(errors) < ERRORS_COST * scanning(clean)


STREAM = """
import sys
from pathlib import Path
from edi.scanner import scan_stream
from tests.fuzz.attacks import ATTACKS, Endless
scan_stream(Endless(ATTACKS[sys.argv[1]](int(sys.argv[2]))))
# getrusage would also count the process that began this one
(peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(int(peak.split()[1]) // 1000)
"""


@pytest.mark.parametrize("kind", HUNGRY)
def test_no_file_fills_the_memory(kind: str) -> None:
    """200 MB of each, in a process of its own."""
    words = [sys.executable, "-c", STREAM, kind, str(200 * MB)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < MOST_MEMORY
