"""The part of a file that is in memory: a buffer that moves along it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from edi.compiled.layout import SPARE_BYTES

Read = Callable[[int], "bytes | memoryview"]
"""At most so many next bytes of a file; none at its end."""


class Window:
    """A buffer and where in the file it is."""

    def __init__(self, read: Read, capacity: int) -> None:
        self._read = read
        self.base = 0
        """The place in the file of the first byte."""
        self.size = 0
        """Bytes that are there."""
        self.is_last = False
        """Does the file end with them?"""
        self._allocate(capacity)

    def _allocate(self, capacity: int) -> None:
        self.capacity = capacity
        self.buffer = bytearray(capacity + SPARE_BYTES)
        self.raw = np.frombuffer(self.buffer, np.uint8)

    def move(self, start: int) -> bool:
        """Let go of all before `start` and read on; False at the end of the file, and then nothing is changed.

        The buffer grows where more than half of it must be kept, so that nothing is looked at over and over again.
        """
        if self.is_last:
            return False
        kept = self.buffer[start : self.size]
        if 2 * len(kept) > self.capacity:
            self._allocate(2 * self.capacity)
        self.buffer[: len(kept)] = kept
        self.base += start
        self.size = len(kept)
        while self.size < self.capacity:
            data = self._read(self.capacity - self.size)
            if not data:
                self.is_last = True
                break
            self.buffer[self.size : self.size + len(data)] = data
            self.size += len(data)
        return True

    def text(self, start: int, stop: int) -> str:
        """Bytes as Latin-1."""
        return self.buffer[start:stop].decode("latin-1")
