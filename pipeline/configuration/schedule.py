"""When remittances are made: weekday and hour in the plan's time zone (settings.yaml)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from edi.banking_days import banking_day_from
from pipeline.configuration.document import Document, Section
from pipeline.configuration.problems import ConfigurationProblem
from pipeline.configuration.shapes import Shape

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_LAG_DAYS = 30
Release = Literal["automatic", "person"]
RELEASES: tuple[Release, ...] = get_args(Release)
MOST_DISPUTE_DAYS = 3650
CONFIGURATION_VARIABLE = "EDI_CONFIG"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceSchedule:
    """The weekly run. It settles what was decided through the day before it runs."""

    weekday: int
    """0 is Monday."""
    at: time
    """Plan-local time of day."""
    first_run: date
    """The first day on which it runs; weeks missed since then are caught up."""
    payment_lag_days: int
    """Days from the run to the payment date (BPR16), which moves to the next banking day."""
    time_zone: str
    """IANA name of the plan's time zone."""
    release: Release = "automatic"
    """What lets the files of a run go out: its composition, or a person."""
    dispute_days: int = 0
    """Days after a remittance in which it may be disputed; 0: statements name no day."""

    @property
    def cron(self) -> str:
        """The run as a cron expression, to be read in `time_zone`."""
        return f"{self.at.minute} {self.at.hour} * * {(self.weekday + 1) % len(WEEKDAYS)}"

    @staticmethod
    def through(run_day: date) -> date:
        """Last plan-local day whose decisions the run of this day settles."""
        return run_day - timedelta(days=1)

    def payment_date(self, run_day: date) -> date:
        """Day on which money of the run of this day moves: BPR16, and the effective date of the deposit file."""
        return banking_day_from(run_day + timedelta(days=self.payment_lag_days))


def configuration_folder() -> Path:
    """The folder that EDI_CONFIG names, `config` under the working folder without it."""
    return Path(os.environ.get(CONFIGURATION_VARIABLE) or "config")


def read_schedule(section: Section, time_zone: ZoneInfo) -> RemittanceSchedule:
    """The section `remittance` of settings.yaml."""
    weekday = WEEKDAYS.index(section.choice("weekday", WEEKDAYS))
    first_run = section.day("first_run")
    if first_run != date.min and section.has("weekday") and first_run.weekday() != weekday:
        section.note("first_run", f"expected a {WEEKDAYS[weekday]}; this day is a {WEEKDAYS[first_run.weekday()]}")
    return RemittanceSchedule(
        weekday=weekday,
        at=section.time_of_day("time"),
        first_run=first_run,
        payment_lag_days=section.whole_number("payment_lag_days", 0, MOST_LAG_DAYS),
        time_zone=time_zone.key,
        release=section.choice("release", RELEASES, "automatic"),
        dispute_days=section.whole_number("dispute_days", 0, MOST_DISPUTE_DAYS, 0),
    )


def _is_time_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, a path outside, a folder of zones
        return False
    return True


TIME_ZONE = Shape("a time zone such as America/New_York", _is_time_zone)


def read_time_zone(plan: Section) -> ZoneInfo:
    """The plan's time zone; UTC stands in for one that is not known."""
    return ZoneInfo(plan.text("time_zone", TIME_ZONE) or "UTC")


def read_remittance_schedule(folder: Path | None = None) -> RemittanceSchedule:
    """The schedule alone, for a DAG file that must be read in no time: opens settings.yaml and nothing else.

    Raises:
        ConfigurationProblem: naming the faults of the keys it needs.
    """
    folder = folder or configuration_folder()
    document = Document(folder / "settings.yaml", [])
    schedule = read_schedule(document.root.section("remittance"), read_time_zone(document.root.section("plan")))
    if document.problems:
        raise ConfigurationProblem(folder, document.problems)
    return schedule
