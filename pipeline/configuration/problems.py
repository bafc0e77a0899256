"""What is wrong with configuration files: every fault of every file, told at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from edi.trouble import Usage


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault, where to find it and what was expected instead."""

    file: str
    line: int
    """Counts from 1; 0 when the fault is the whole file."""
    key: str
    text: str

    def __str__(self) -> str:
        place = f"{self.file} line {self.line}" if self.line else self.file
        return f"{place}, key '{self.key}': {self.text}" if self.key else f"{place}: {self.text}"


class ConfigurationProblem(Usage):
    """The configuration cannot be used. `problems` holds all faults, in the order of the files and lines."""

    def __init__(self, folder: Path, problems: Iterable[Problem]) -> None:
        self.folder = folder
        self.problems = tuple(sorted(set(problems)))
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        super().__init__(f"The configuration in {folder} has {count}:{lines}")
