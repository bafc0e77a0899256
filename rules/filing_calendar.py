"""From an anchor to the last good day: calendar days, months and years, days without intake, weekends and holidays.

All of it over arrays of days (datetime64[D]); none of them may be NaT.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rules.filing_settings import FilingRule, FilingSettings, Limit

MONTHS_A_YEAR = 12
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True)
class LastDays:
    """The last good day of each anchor, and what moved it there."""

    days: np.ndarray
    outage_days: np.ndarray
    """How many days without intake lengthened the limit."""
    rolled_from: np.ndarray
    """The weekend, holiday or outage day on which the limit ended; NaT where it ended on a day of work."""

    def moved(self) -> pd.Series:
        """What lengthened each limit, in words; missing where nothing did."""
        told = np.full(len(self.days), None, dtype=object)
        for number in np.flatnonzero(self.outage_days).tolist():
            told[number] = f"{self.outage_days[number]} outage days"
        for number in np.flatnonzero(~np.isnat(self.rolled_from)).tolist():
            before = f"{told[number]}, " if told[number] else ""
            told[number] = f"{before}rolled from {self.rolled_from[number]}"
        return pd.Series(told, dtype="str")


def last_days(anchors: np.ndarray, limit: Limit, rule: FilingRule | None, settings: FilingSettings) -> LastDays:
    """The last day on which a claim is timely, the anchor being day 0 unless the rule counts it as day 1.

    Days of an outage after the anchor lengthen the limit (domain.md 5.3), and those that this brings in do too. Where
    the rule rolls, a last day on a weekend, a holiday of its calendar or an outage day moves to the next other day.
    """
    counted = DAY if rule is not None and rule.count_anchor_day else np.timedelta64(0, "D")
    ends = add(anchors, limit) - counted
    down = outage_days(settings)
    ends, lost = _beyond_outages(anchors, ends, down)
    none = np.full(len(ends), np.datetime64("NaT", "D"))
    if rule is None or not rule.roll_to_business_day:
        return LastDays(ends, lost, none)
    holidays = settings.holidays[rule.holidays] if rule.holidays is not None else ()
    off = np.concatenate([np.array(holidays, dtype="datetime64[D]"), down])
    rolled = np.busday_offset(ends, 0, roll="forward", holidays=off)
    return LastDays(rolled, lost, np.where(rolled != ends, ends, none))


def add(days: np.ndarray, limit: Limit) -> np.ndarray:
    """So much later by the calendar; a day that the month lacks is its last one.

    A year from 29 February is 28 February, as Medicare counts it (domain.md 5.1).
    """
    if limit.unit == "days":
        return np.asarray(days + np.timedelta64(limit.number, "D"))
    months = limit.number * (MONTHS_A_YEAR if limit.unit == "years" else 1)
    month = days.astype("datetime64[M]")
    day_of_month = days - month.astype("datetime64[D]")
    first = (month + months).astype("datetime64[D]")
    length = (month + months + 1).astype("datetime64[D]") - first
    return np.asarray(first + np.minimum(day_of_month, length - DAY))


def outage_days(settings: FilingSettings) -> np.ndarray:
    """Every day on which our intake was down, once, in order."""
    down = [day for outage in settings.outages for day in outage.days]
    return np.unique(np.array(down, dtype="datetime64[D]"))


def _beyond_outages(anchors: np.ndarray, ends: np.ndarray, down: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The ends, each moved by as many days as intake was down after its anchor and through the moved end."""
    before = np.searchsorted(down, anchors, side="right")
    reached, lost = ends, np.zeros(len(ends), dtype=np.int64)
    while True:
        met = np.maximum(np.searchsorted(down, reached, side="right") - before, 0)
        if np.array_equal(met, lost):
            return reached, lost
        reached, lost = ends + met.astype("timedelta64[D]"), met


def as_days(series: pd.Series) -> np.ndarray:
    """A series of dates as an array of days."""
    return np.asarray(series.to_numpy().astype("datetime64[D]"))


def as_series(days: np.ndarray, index: pd.Index) -> pd.Series:
    """An array of days as a series of dates."""
    return pd.Series(days.astype("datetime64[s]"), index=index)


def days_between(anchor: pd.Series, received: pd.Series) -> pd.Series:
    """Calendar days from anchor to receipt; neither is missing."""
    return pd.Series((as_days(received) - as_days(anchor)).astype("int64"), index=anchor.index)
