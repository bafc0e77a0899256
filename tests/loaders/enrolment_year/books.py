"""Books that a clerk would keep by hand: for each person and line of insurance, what is believed of every single day.

This is the other opinion that the loader is held against. It knows no spans, no SQL and nothing of the loader: it does
to days what the rules of enrolment say about a row, in the order in which the rows stand in the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
"""Days that are looked at; what covers the last one is taken to have no end."""
DAYS = (LAST - FIRST).days + 1
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Member:
    """A person under a subscriber's number."""

    name: str
    number: str
    is_subscriber: bool


@dataclass(frozen=True, slots=True)
class Part:
    """An HD as sent."""

    line: str
    plan: str
    tier: str
    begin: date | None = None
    """DTP*348."""
    end: date | None = None
    """DTP*349: the last day covered."""
    maintenance: str | None = None
    """HD01 where it is not INS03."""
    effective: date | None = None
    """DTP*303."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A member row as sent."""

    who: Member
    maintenance: str
    parts: tuple[Part, ...] = ()
    words: str = ""
    """The rest of it, in the notation of the scenarios."""
    eligible_until: date | None = None
    """DTP*357."""
    is_refused: bool = False
    """Is there something in it for which nobody can apply it?"""


@dataclass(frozen=True, slots=True)
class Cover:
    """What covers a day."""

    plan: str
    tier: str
    is_cobra: bool = False


Days = list[Cover | None]


class Books:
    """What is believed, day by day."""

    def __init__(self) -> None:
        self.days: dict[tuple[Member, str], Days] = {}
        self.absences: dict[Member, int] = defaultdict(int)
        self.family: dict[str, set[Member]] = defaultdict(set)

    def apply(self, rows: Iterable[Sent], today: date) -> None:
        """Do what the rows of a file say that arrives today."""
        for row in rows:
            if row.is_refused:
                continue
            if row.maintenance == "024" and not row.parts and row.eligible_until:
                for line in self.lines(row.who):
                    self._end_family(row.who, line, None, row.eligible_until)
            for part in row.parts:
                self._part(row, part, today)

    def leave_out(self, rows: Iterable[Sent], as_of: date, absences: int = 1) -> None:
        """Whoever is covered on the day of so many full rosters in a row that lack them ends with the month before."""
        there = {row.who for row in rows}
        covered = list(self.covered(as_of))
        missing = {member for member, _, _ in covered if member not in there}
        self.absences = defaultdict(int, {member: self.absences[member] + 1 for member in missing})
        for member, line, _ in covered:
            if self.absences[member] >= absences:
                _fill(self.days[member, line], None, _place(as_of.replace(day=1)), DAYS)

    def lines(self, who: Member) -> list[str]:
        """Lines of insurance in which a person ever was covered, or a dependant of theirs."""
        return sorted({line for member, line in self.days if member.number == who.number})

    def on(self, who: Member, line: str, day: date) -> Cover | None:
        """What covers a day."""
        days = self.days.get((who, line))
        return days[_place(day)] if days else None

    def begin_of(self, who: Member, line: str, day: date) -> date:
        """The first day of the coverage in one plan that covers this day."""
        return FIRST + self._run(self.days[who, line], _place(day))[0] * A_DAY

    def since(self, who: Member, line: str, day: date) -> date:
        """The first day of the coverage in one plan and tier that covers this day."""
        days = self.days[who, line]
        place = _place(day)
        while place > 0 and days[place - 1] == days[place]:
            place -= 1
        return FIRST + place * A_DAY

    def until(self, who: Member, line: str, day: date) -> date | None:
        """The last day of the coverage in one plan and tier that covers this day; None without an end."""
        days = self.days[who, line]
        place = _place(day)
        while place < DAYS - 1 and days[place + 1] == days[place]:
            place += 1
        return None if place == DAYS - 1 else FIRST + place * A_DAY

    def _part(self, row: Sent, part: Part, today: date) -> None:
        action = "024" if row.maintenance == "024" else part.maintenance or row.maintenance
        if action == "030" or row.maintenance == "030":
            return
        if action == "024":
            last = part.end or row.eligible_until or part.effective
            if last is not None:
                self._end_family(row.who, part.line, part.plan, last)
            return
        assert part.begin is not None
        self.family[row.who.number].add(row.who)
        days = self.days.setdefault((row.who, part.line), [None] * DAYS)
        cover = Cover(part.plan, part.tier, "status=C" in row.words)
        if action == "002":
            self._void(days, part.plan, _place(part.begin))
        elif action in {"001", "026"}:
            self._change(days, cover, _place(part.begin))
        elif action == "025":
            _fill(days, cover, _place(part.begin), DAYS)
        else:
            self._add(days, cover, _place(part.begin), _place(part.end) + 1 if part.end else None, _place(today))

    def _add(self, days: Days, cover: Cover, begin: int, stop: int | None, today: int) -> None:
        """021: opens, extends back, or repeats; another plan of the line ends the day before."""
        known = days[begin]
        if known and (known.plan, known.is_cobra) == (cover.plan, cover.is_cobra):
            if stop is not None:
                _fill(days, known, begin, stop)
                return
            ends = self._run(days, begin)[1]
            # an end still to come is taken back, one that is past stays
            if today <= ends < DAYS:
                _fill(days, cover, ends, DAYS)
            return
        if stop is None:
            later = next((day for day in range(begin, DAYS) if (one := days[day]) and one.plan == cover.plan), None)
            if later is not None:
                _fill(days, cover, begin, later)
                return
        if known:
            _fill(days, None, begin, self._run(days, begin)[1])
        _fill(days, cover, begin, stop or DAYS)

    def _change(self, days: Days, cover: Cover, begin: int) -> None:
        """001: from the day on another plan or tier, until what covered the day would have ended."""
        known = days[begin]
        if known is None:
            _fill(days, cover, begin, DAYS)
            return
        place = begin
        while place < DAYS and days[place] == known:
            days[place] = cover
            place += 1

    def _void(self, days: Days, plan: str, begin: int) -> None:
        """002: the coverage of that day never was."""
        known = days[begin]
        if known and known.plan == plan:
            first, stop = self._run(days, begin)
            _fill(days, None, first, stop)

    def _end_family(self, who: Member, line: str, plan: str | None, last: date) -> None:
        """024: nobody of a subscriber's family is covered in the plan after the day, or the one dependant is not."""
        for member in self.family[who.number] if who.is_subscriber else {who}:
            days = self.days.get((member, line))
            if days:
                self._end(days, plan, _place(last) + 1)

    def _end(self, days: Days, plan: str | None, stop: int) -> None:
        """No day of the plan from here on, unless coverage of the plan had that very end already."""

        def counts(cover: Cover | None) -> bool:
            return cover is not None and (plan is None or cover.plan == plan) and not cover.is_cobra

        if stop > 0 and counts(days[stop - 1]) and not counts(days[stop]):
            return
        for place in range(stop, DAYS):
            cover = days[place]
            if cover and (plan is None or cover.plan == plan):
                days[place] = None

    def _run(self, days: Days, place: int) -> tuple[int, int]:
        """From where to before where one plan covers without a gap, in whatever tiers."""
        known = days[place]
        assert known is not None
        same = (known.plan, known.is_cobra)
        first = stop = place
        while first > 0 and (one := days[first - 1]) and (one.plan, one.is_cobra) == same:
            first -= 1
        while stop < DAYS and (one := days[stop]) and (one.plan, one.is_cobra) == same:
            stop += 1
        return first, stop

    def covered(self, day: date) -> Iterator[tuple[Member, str, Cover]]:
        """Everybody who is covered on a day."""
        place = _place(day)
        for (member, line), days in self.days.items():
            if cover := days[place]:
                yield member, line, cover

    def spans(self) -> dict[tuple[str, str, str], list[str]]:
        """By number, name and line, the stretches of equal days as `GOLD EMP 2026-01-01..2026-03-31`."""
        found = {}
        for (member, line), days in self.days.items():
            if spans := list(_spans([f"{cover.plan} {cover.tier}" if cover else None for cover in days])):
                found[member.number, member.name, line] = spans
        return found


def merged(spans: Iterable[tuple[str, date, date | None]]) -> list[str]:
    """Spans of others in the same form: plan with tier, first day, last day."""
    days: list[str | None] = [None] * DAYS
    for cover, first, last in spans:
        stop = DAYS if last is None else _place(last) + 1
        days[_place(first) : stop] = [cover] * (stop - _place(first))
    return list(_spans(days))


def _spans(days: list[str | None]) -> Iterator[str]:
    first = 0
    for place in range(1, DAYS + 1):
        if place == DAYS or days[place] != days[first]:
            if days[first]:
                last = "" if place == DAYS else FIRST + (place - 1) * A_DAY
                yield f"{days[first]} {FIRST + first * A_DAY}..{last}"
            first = place


def _fill(days: Days, cover: Cover | None, begin: int, stop: int) -> None:
    days[begin:stop] = [cover] * (stop - begin)


def _place(day: date) -> int:
    return min(max((day - FIRST).days, 0), DAYS - 1)
