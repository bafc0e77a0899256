"""A folder in memory for the tests' server: a database made from a template is some 400 files, which disks are slow at.

Where memory is short there is none, and the server stands on the disk as it does in production.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from edi.trouble import Trouble
from loaders import server

MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's own, and the folder in it is made by mkdtemp
PREFIX = "payer-edi-tests-"
NEEDED = 2 << 30
"""Bytes that a worker's server may come to use, several times what it does."""


def folder_in_memory() -> Path | None:
    """A new folder in memory, of this process, if there is room for each worker's; its user removes it."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    _remove_forgotten()
    needed = NEEDED * int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if min(shutil.disk_usage(MEMORY).free, _available()) < needed:
        return None
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=MEMORY))


def is_in_memory(folder: Path) -> bool:
    """Whether a folder is one of these."""
    return folder.is_relative_to(MEMORY)


def _available() -> int:
    """Bytes of memory that programs can still have, by the kernel's own estimate."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:")), 0)


def _remove_forgotten() -> None:
    """Stop the servers and remove the folders of our sessions that were killed: memory is not freed by itself."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if Path("/proc", owner).exists():
            continue
        # another worker may be removing it, another user's is not ours to remove
        with suppress(OSError, Trouble):
            server.stop(folder)
            shutil.rmtree(folder)
