"""Chance that follows from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

Face = TypeVar("Face")


class Dice:
    """Random choices; equal seeds and equal calls give equal results on every machine."""

    __slots__ = ("_draw", "_random")

    def __init__(self, *seed: object) -> None:
        self._random = random.Random("|".join(map(str, seed)))  # noqa: S311 - made-up data, no secret
        self._draw = self._random.random

    def chance(self, share: float) -> bool:
        """True so often: 0 never, 1 always."""
        return self._draw() < share

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        return int(self._draw() * limit)

    def between(self, least: int, most: int) -> int:
        """A whole number between two limits, both possible."""
        return least + int(self._draw() * (most - least + 1))

    def one(self, faces: Sequence[Face]) -> Face:
        """One of several."""
        return faces[int(self._draw() * len(faces))]

    def some(self, faces: Sequence[Face], count: int) -> list[Face]:
        """Several different ones, in random order."""
        return self._random.sample(faces, min(count, len(faces)))

    def digits(self, count: int) -> str:
        """So many digits."""
        return f"{int(self._draw() * 10**count):0{count}d}"

    def day_before(self, day: date, least: int, most: int) -> date:
        """A day so many days before another."""
        return day - timedelta(days=self.between(least, most))

    def shuffled(self, faces: Sequence[Face]) -> list[Face]:
        """All of them in random order."""
        return self._random.sample(faces, len(faces))
