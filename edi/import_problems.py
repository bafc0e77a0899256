"""What is wrong with a file that a person wants to import: found as a whole, told by row and column, never by value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from edi.trouble import Usage

SHOWN = 20


class ImportProblem(NamedTuple):
    """A fault."""

    row: int
    """From 1, without the header; 0 is the file as a whole."""
    text: str
    """What is wrong, without any value of the file but codes and numbers of ours."""

    def __str__(self) -> str:
        return f"row {self.row}: {self.text}" if self.row else self.text


class ImportRefused(Usage):
    """A file that was not imported, not even in part; `problems` says why."""

    def __init__(self, problems: Iterable[ImportProblem]) -> None:
        self.problems: Sequence[ImportProblem] = tuple(sorted(set(problems)))
        told = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            told.append(f"and {len(self.problems) - SHOWN} more")
        super().__init__("\n".join(told))
