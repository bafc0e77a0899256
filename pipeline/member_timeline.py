"""Spans of coverage as lines of characters: what is believed, and dimly below it what was believed before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loaders.coverage_reads import RecordedSpan

WIDTH, LEAST_WIDTH = 48, 20
"""Characters of a bar, and of one where there is little room."""
BELIEVED, COBRA, SUPERSEDED, NOTHING = "█", "▓", "░", "·"
GOES_ON = "▶"
"""The last character of coverage without an end."""
GAPS = 2 * len("  ")
"""Between the three columns."""
MARGIN = timedelta(days=31)
"""How far a bar goes on beyond the last day that it has to show."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The days that a bar shows."""

    first: date
    last: date
    width: int = WIDTH
    """In how many characters."""

    def column(self, day: date) -> int:
        """The character of a day, 0 to width - 1."""
        place = (day - self.first).days * self.width // ((self.last - self.first).days + 1)
        return min(max(place, 0), self.width - 1)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One span as it is drawn."""

    label: str
    """Line of insurance, plan, tier, COBRA."""
    days: str
    bar: str
    known: str
    """Since when and, on a line of its own, until when."""
    is_believed: bool
    is_on_day: bool
    """Is it believed, and does it cover the day that was asked for?"""


def scale_of(spans: Sequence[RecordedSpan], on: date, width: int = WIDTH) -> Scale:
    """From the first day of any span to the last, the day asked for among them."""
    days = [on, *(span.first_day for span in spans), *(span.last_day for span in spans if span.last_day)]
    last = max(days)
    return Scale(min(days), last + MARGIN if date.max - last > MARGIN else last, width)


def room_for_bars(spans: Sequence[RecordedSpan], screen: int) -> int:
    """Characters that a screen leaves for the bar, beside everything that a row says in words."""
    rows = list(draw(spans, date.min, scale_of(spans, date.min)))
    words = max((max(len(row.label), len(row.days)) for row in rows), default=0)
    known = max((len(line) for row in rows for line in row.known.splitlines()), default=0)
    return min(max(screen - words - known - GAPS, LEAST_WIDTH), WIDTH)


def draw(spans: Sequence[RecordedSpan], on: date, scale: Scale) -> Iterator[TimelineRow]:
    """The rows of a member, by line of insurance and first day; what is believed comes first within a line."""
    for span in sorted(spans, key=lambda one: (one.insurance_line, not one.is_believed, one.first_day, one.span_id)):
        yield TimelineRow(
            " ".join(filter(None, (span.insurance_line, span.plan_id, span.tier, "COBRA" if span.is_cobra else ""))),
            f"{span.first_day} to {span.last_day or 'open'}",
            _bar(span, scale),
            _known(span),
            span.is_believed,
            span.is_believed and span.covers(on),
        )


def pointer(on: date, scale: Scale) -> str:
    """A line above the bars that points to the day."""
    column = scale.column(on)
    label = f" {on}"
    if column + 1 + len(label) <= scale.width:
        return " " * column + "▼" + label
    return f"{on} ▼".rjust(column + 1)


def _bar(span: RecordedSpan, scale: Scale) -> str:
    mark = SUPERSEDED if not span.is_believed else COBRA if span.is_cobra else BELIEVED
    first = scale.column(span.first_day)
    last = scale.column(span.last_day) if span.last_day else scale.width - 1
    bar = NOTHING * first + mark * (last - first + 1) + NOTHING * (scale.width - 1 - last)
    return bar if span.last_day else bar[:-1] + GOES_ON


def _known(span: RecordedSpan) -> str:
    since = f"since {span.recorded_at:%Y-%m-%d} by file {span.file_id}"
    if span.superseded_at is None:
        return since
    return f"{since}\nuntil {span.superseded_at:%Y-%m-%d} by file {span.superseded_by}"
