"""The clock: the only place that asks what time it is. The demo lives through two weeks on a simulated one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from edi.trouble import Usage

CLOCK_FILE = "clock"
"""Name under var/ of the file that holds the simulated instant."""


class ClockProblem(Usage):
    """The simulated clock is not allowed here, or its file cannot be read."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This instant."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SimulatedClock:
    """A clock that stands at the instant written in a file until somebody writes another."""

    path: Path

    def now(self) -> datetime:
        """The instant in the file, read anew each time, so that every process sees it move.

        Raises:
            ClockProblem: when the file does not hold one ISO 8601 instant with its offset.
        """
        try:
            instant = datetime.fromisoformat(self.path.read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            instant = None
        if instant is None or instant.tzinfo is None:
            raise ClockProblem(
                f"The simulated clock {self.path} does not hold an instant such as 2026-01-05T09:00:00+00:00; "
                "write one there, or remove the file to go by the machine's clock."
            )
        return instant.astimezone(UTC)

    def set(self, instant: datetime) -> None:
        """Move the clock; readers see the old instant or the new one, never half of it.

        Raises:
            ClockProblem: for an instant without an offset, or one before the present: time does not run backwards.
        """
        if instant.tzinfo is None:
            raise ClockProblem("The simulated clock takes instants with an offset only.")
        if self.path.exists() and instant < self.now():
            raise ClockProblem("The simulated clock cannot go back; what happened later is in the warehouse already.")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        building = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        building.write_text(instant.astimezone(UTC).isoformat() + "\n", encoding="ascii")
        building.replace(self.path)


def open_clock(environment: str, var: Path) -> Clock:
    """The clock of an environment: simulated where var/clock exists, which only `demo` allows.

    Raises:
        ClockProblem: when the file exists elsewhere, because dates decide about money.
    """
    path = var / CLOCK_FILE
    if not path.exists():
        return SystemClock()
    if environment != "demo":
        raise ClockProblem(
            f"{path} simulates a clock, and only a configuration with 'environment: demo' allows that; "
            f"this one says '{environment}'. Remove the file."
        )
    return SimulatedClock(path)
