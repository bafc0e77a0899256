from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from edi.trouble import Final
from pipeline.clock import ClockProblem, SimulatedClock, SystemClock, open_clock

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_the_system_clock_tells_utc() -> None:
    """Steps are handed aware instants in UTC."""
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_without_a_file_the_clock_is_the_machines(tmp_path: Path) -> None:
    """Every environment, the demo included, goes by the machine's clock until a clock file says otherwise."""
    assert isinstance(open_clock("demo", tmp_path), SystemClock)


@pytest.mark.parametrize("environment", ["production", "test"])
def test_only_the_demo_may_simulate_time(tmp_path: Path, environment: str) -> None:
    """A clock file outside a demo stops everything: a wrong day of receipt is money."""
    SimulatedClock(tmp_path / "clock").set(MONDAY)
    with pytest.raises(ClockProblem, match=f"this one says '{environment}'") as caught:
        open_clock(environment, tmp_path)
    assert isinstance(caught.value, Final)


def test_a_simulated_clock_stands_until_it_is_set(tmp_path: Path) -> None:
    """Time passes by writing the file, and every reader of the file sees it."""
    clock = SimulatedClock(tmp_path / "clock")
    clock.set(MONDAY)
    other_process = open_clock("demo", tmp_path)
    assert other_process.now() == MONDAY
    clock.set(MONDAY + timedelta(days=7))
    assert other_process.now() == MONDAY + timedelta(days=7)


def test_an_instant_of_another_zone_is_told_in_utc(tmp_path: Path) -> None:
    """The file may hold any offset."""
    SimulatedClock(tmp_path / "clock").set(datetime(2026, 1, 5, 4, tzinfo=timezone(timedelta(hours=-5))))
    assert open_clock("demo", tmp_path).now().isoformat() == "2026-01-05T09:00:00+00:00"


def test_simulated_time_does_not_run_backwards(tmp_path: Path) -> None:
    """The warehouse already knows what happened later."""
    clock = SimulatedClock(tmp_path / "clock")
    clock.set(MONDAY)
    with pytest.raises(ClockProblem, match="cannot go back"):
        clock.set(MONDAY - timedelta(seconds=1))


@pytest.mark.parametrize("content", ["", "monday", "2026-01-05T09:00:00", "2026-01-05T09:00:00+00:00 and more"])
def test_a_broken_clock_file_is_refused(tmp_path: Path, content: str) -> None:
    """An instant that nobody can be sure of is none: unreadable, or without an offset."""
    (tmp_path / "clock").write_text(content)
    with pytest.raises(ClockProblem, match="does not hold an instant"):
        open_clock("demo", tmp_path).now()


def test_an_instant_without_offset_cannot_be_set(tmp_path: Path) -> None:
    """Nor can one be written."""
    with pytest.raises(ClockProblem, match="with an offset"):
        SimulatedClock(tmp_path / "clock").set(datetime(2026, 1, 5, 9))  # noqa: DTZ001 - what the test is about
