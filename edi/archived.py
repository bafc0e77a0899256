"""A file's bytes by offset, for answers that quote what was sent: read when they are needed, and kept nowhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ReadBytes = Callable[[int, int], bytes]
"""The bytes from one offset of the file to another; fewer where the file ends before."""


def bytes_reader(data: bytes) -> ReadBytes:
    """Of a file that is in memory."""

    def read(start: int, stop: int) -> bytes:
        return data[start:stop]

    return read


@contextmanager
def file_reader(path: Path) -> Iterator[ReadBytes]:
    """Of a file on disk, as long as the block runs; whatever its size, only what is asked for comes into memory."""
    with path.open("rb") as stream:
        descriptor = stream.fileno()

        def read(start: int, stop: int) -> bytes:
            return os.pread(descriptor, max(stop - start, 0), start)

        yield read
