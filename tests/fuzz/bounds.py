"""Scan noise and damaged files with kernels that check every index: `python -m tests.fuzz.bounds SECONDS SEED`.

To be run with NUMBA_BOUNDSCHECK=1 and with an EDI_CACHE_DIR of its own. Prints how many files it read; a kernel that
reaches outside of an array raises IndexError.
"""

from __future__ import annotations

import sys
import time
from io import BytesIO
from random import Random

from edi.scanner import scan, scan_stream
from edi.tables.catalogue import ALL_TABLES
from edi.tables.table_reader import TableReader
from tests.edi.business.test_two_interpreters import LIBRARY
from tests.fuzz.damage import damaged, rough
from tests.fuzz.laws import CHUNKS, ENCODINGS, SNIPS, TIGHT
from tests.fuzz.material import all_files, fullest_files


def run(seconds: float, seed: int) -> int:
    """Every file whole first, then damaged ones until the time is up; returns how many."""
    files = all_files()
    for data in files:
        _read(data, Random(seed))  # noqa: S311 - a reproducible run, not a secret
    number, end = len(files), time.monotonic() + seconds
    while time.monotonic() < end:
        number += 1
        chance = Random(f"{seed}/{number}")  # noqa: S311 - as above
        kind = chance.randrange(10)
        material = fullest_files() if kind > 6 else files
        _read(rough(chance) if kind == 0 else damaged(material, chance), chance)
    return number


def _read(data: bytes, chance: Random) -> None:
    encoding, chunk = chance.choice(ENCODINGS), chance.choice(CHUNKS)
    scan(data, chance.choice((None, LIBRARY)), snip=chance.choice(SNIPS), encoding=encoding)
    sink = TableReader(ALL_TABLES, encoding=encoding, room=TIGHT)
    scan_stream(BytesIO(data), snip=2, encoding=encoding, sink=sink, chunk=chunk)


if __name__ == "__main__":
    sys.stdout.write(f"{run(float(sys.argv[1]), int(sys.argv[2]))}\n")
