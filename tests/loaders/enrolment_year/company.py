"""A company whose staff is hired, marries, has children, changes plans and leaves, and what it sends of that.

Every month it writes down what happened as rows of an 834. It looks into the clerk's books only to know who is
covered, so that what it sends makes sense; mistakes are sent on purpose.
"""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tests.loaders.enrolment_scenarios.notation import SELF, Person
from tests.loaders.enrolment_year.books import A_DAY, Books, Member, Part, Sent

HEALTH, DENTAL = "HLT", "DEN"
SPOUSE, CHILD = "01", "19"
PLANS = ("GOLD", "SILVER")
RENEWAL = 12
"""The month in which plans of the next year are chosen."""


@dataclass(slots=True)
class Family:
    """A subscriber, the dependants, and how things stand."""

    members: list[Member]
    plan: str
    tier: str = "EMP"
    has_dental: bool = False
    state: str = "active"
    """active, leaving (an end to come was sent), ended, cobra, or gone for good."""
    last: date | None = None
    """The last day, of who is leaving or left."""
    begins: dict[Member, date] = field(default_factory=dict)

    @property
    def head(self) -> Member:
        """The subscriber."""
        return self.members[0]


class Company:
    """The employer, its people, and the dice that decide about them."""

    def __init__(self, seed: int, families: int, books: Books, *, takes_back_ends: bool = True) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a life that repeats is what is wanted
        self.books = books
        self.takes_back_ends = takes_back_ends
        self.cast: dict[str, Person] = {}
        self.families: list[Family] = []
        self.wanted = families
        self.unnamed: dict[Member, str] = {}
        """Newborns who have no name yet, with what is said of them until they have one."""
        self.called: dict[tuple[str, str], str] = {}
        """Their names, by subscriber number and what they were called first."""

    def first_file(self, today: date) -> list[Sent]:
        """Everybody who is there at the beginning."""
        rows: list[Sent] = []
        for _ in range(self.wanted):
            rows += self._hire(today.replace(day=1), dependants=self.dice.choice((0, 0, 1, 2, 3)))
        return rows

    def month(self, today: date) -> list[Sent]:
        """What happened since the last month, in any order of families, with some mistakes among it."""
        named = [Sent(member, "001", words="reason=25 birth=1") for member in self.unnamed]
        self.unnamed = {}
        blocks = [rows for family in self.families if (rows := self._event(family, today))]
        blocks += [
            self._hire(today.replace(day=1), dependants=self.dice.randint(0, 2)) for _ in range(self.dice.randint(0, 3))
        ]
        blocks += [[row] for row in self._mistakes()]
        self.dice.shuffle(blocks)
        if today.month == RENEWAL:
            blocks += [rows for family in self.families if (rows := self._renew(family, today))]
        return [*named, *(row for block in blocks for row in block)]

    def roster_without_leavers(self, today: date) -> list[Sent]:
        """The roster of a company that says who left by saying nothing: at most one family a month."""
        leavers = [
            family
            for family in self.families
            if family.state == "active" and not any(begin >= today.replace(day=1) for begin in family.begins.values())
        ]
        gone: set[Member] = set()
        if leavers and self.dice.random() < 1 / 2:
            family = self.dice.choice(leavers)
            family.state = "gone"
            gone = set(family.members)
        return [row for row in self.roster(today) if row.who not in gone]

    def roster(self, day: date, maintenance: str = "030") -> list[Sent]:
        """Everybody who is covered on a day, with what covers them."""
        parts: dict[Member, list[Part]] = {}
        for member, line, cover in self.books.covered(day):
            begin, end = self.books.since(member, line, day), self.books.until(member, line, day)
            parts.setdefault(member, []).append(Part(line, cover.plan, cover.tier, begin, end))
        return [Sent(member, maintenance, tuple(held), self.unnamed.get(member, "")) for member, held in parts.items()]

    def _event(self, family: Family, today: date) -> list[Sent]:
        """Perhaps something happens in a family."""
        lot = self.dice.random()
        table: tuple[tuple[float, Callable[[Family, date], list[Sent]]], ...] = {
            "active": (
                (0.03, self._leave),
                (0.02, self._leave_late),
                (0.02, self._leave_later),
                (0.02, self._leave_for_cobra),
                (0.05, self._marry),
                (0.05, self._child),
                (0.05, self._change_plan),
                (0.03, self._change_tier),
                (0.03, self._correct_tier),
                (0.03, self._begin_earlier),
                (0.05, self._void),
                (0.02, self._child_leaves),
                (0.03, self._repeat),
            ),
            "leaving": ((0.6 if self.takes_back_ends else 0.0, self._stay), (1.0, self._gone)),
            "ended": ((0.15, self._reinstate), (0.15, self._rehire)),
            "cobra": ((0.1, self._end_cobra),),
            "gone": (),
        }[family.state]
        for chance, happens in table:
            if lot < chance:
                return happens(family, today)
            lot -= chance
        return []

    # what may happen

    def _hire(self, begin: date, dependants: int) -> list[Sent]:
        head = self._person(f"{len(self.families) + 1:07d}", SELF)
        family = Family([head], self.dice.choice(PLANS), has_dental=self.dice.random() < 1 / 2)
        self.families.append(family)
        for _ in range(dependants):
            family.members.append(self._person(head.number, self.dice.choice((SPOUSE, CHILD, CHILD))))
        family.tier = "FAM" if dependants else "EMP"
        # some are told of a month or two late
        begin = _months_before(begin, self.dice.choice((0, 0, 0, 1, 2)))
        family.begins = dict.fromkeys(family.members, begin)
        return self._rows(family, "021", lambda member: self._covers(family, family.begins[member]))

    def _leave(self, family: Family, today: date) -> list[Sent]:
        return self._end(family, today.replace(day=1) - A_DAY, "ended")

    def _leave_late(self, family: Family, today: date) -> list[Sent]:
        last = today - timedelta(days=self.dice.randint(20, 45))
        if any(begin > last for begin in self._begins(family, today)):
            return []
        return self._end(family, last, "ended")

    def _leave_later(self, family: Family, today: date) -> list[Sent]:
        ahead = (today.replace(day=1) + timedelta(days=62)).replace(day=1) - A_DAY
        return self._end(family, ahead, "leaving")

    def _leave_for_cobra(self, family: Family, today: date) -> list[Sent]:
        last = today.replace(day=1) - A_DAY
        if any(begin > last for begin in self._begins(family, today)):
            return []
        rows = self._end(family, last, "cobra")
        covers = tuple(replace(part, begin=last + A_DAY) for part in self._covers(family, last))
        words = f"reason=09 status=C event=1 work=TE 340={last + A_DAY}"
        return [*rows, Sent(family.head, "021", covers, words)]

    def _end(self, family: Family, last: date, state: str) -> list[Sent]:
        """Everybody ends: said of the subscriber alone or of each, in one of the ways in which it is said."""
        if any(begin > last for begin in self._begins(family, last + A_DAY)):
            return []
        way = self.dice.choice(("349", "357", "303", "bare"))
        family.state, family.last = state, last

        def row(member: Member) -> Sent:
            covers = self._covers(family, family.begins[member])
            if way == "349":
                covers = tuple(replace(part, end=last) for part in covers)
            elif way == "303":
                covers = tuple(replace(part, effective=last) for part in covers)
            elif way == "bare":
                return Sent(member, "024", eligible_until=last)
            return Sent(member, "024", covers, eligible_until=last if way == "357" else None)

        everybody = self.dice.random() < 1 / 2
        return [row(member) for member in (family.members if everybody else family.members[:1])]

    def _stay(self, family: Family, _today: date) -> list[Sent]:
        """The end to come is taken back by sending everybody again."""
        assert family.last is not None
        last, family.state = family.last, "active"

        def parts(member: Member) -> tuple[Part, ...]:
            covers = ((line, self.books.on(member, line, last)) for line in (HEALTH, DENTAL))
            return tuple(
                Part(line, cover.plan, cover.tier, self.books.since(member, line, last))
                for line, cover in covers
                if cover
            )

        return [row for row in self._rows(family, "021", parts) if row.parts]

    def _gone(self, family: Family, today: date) -> list[Sent]:
        if family.last and family.last < today:
            family.state = "ended"
        return []

    def _marry(self, family: Family, today: date) -> list[Sent]:
        if any(self.cast[member.name].relation == SPOUSE for member in family.members):
            return []
        return self._grow(family, SPOUSE, today - timedelta(days=self.dice.randint(1, 30)), "reason=32")

    def _child(self, family: Family, today: date) -> list[Sent]:
        return self._grow(family, CHILD, today - timedelta(days=self.dice.randint(1, 40)), "reason=02")

    def _grow(self, family: Family, relation: str, begin: date, words: str) -> list[Sent]:
        """Somebody joins a family, and the subscriber's tier follows."""
        if any(known >= begin for known in self._begins(family, begin + A_DAY)):
            return []
        born = begin if relation == CHILD else None
        member = self._person(family.head.number, relation, born)
        family.members.append(member)
        family.begins[member] = begin
        if born and self.dice.random() < 1 / 2:
            self.unnamed[member] = "first=BABY_BOY birth=1 ssn=-"
            self.called[member.number, "BABY BOY"] = member.name
        rows = []
        if family.tier != "FAM":
            family.tier = "FAM"
            rows.append(Sent(family.head, "001", self._covers(family, begin), words))
        return [*rows, Sent(member, "021", self._covers(family, begin), f"{words} {self.unnamed.get(member, '')}")]

    def _change_plan(self, family: Family, today: date) -> list[Sent]:
        """A new plan from the first of the month: as a change, as an addition, or as end and addition."""
        begin = today.replace(day=1)
        if any(known >= begin for known in self._begins(family, today)):
            return []
        old, family.plan = family.plan, PLANS[PLANS.index(family.plan) - 1]
        way = self.dice.choice(("001", "021", "both"))

        def parts(_member: Member) -> tuple[Part, ...]:
            new = Part(HEALTH, family.plan, family.tier, begin)
            if way == "both":
                end = Part(HEALTH, old, family.tier, end=begin - A_DAY, maintenance="024")
                return (end, replace(new, maintenance="021"))
            return (replace(new, maintenance=way),)

        for member in family.members:
            family.begins[member] = begin
        return self._rows(family, "001", parts, "reason=22")

    def _change_tier(self, family: Family, today: date) -> list[Sent]:
        begin = today.replace(day=1)
        if any(known >= begin for known in self._begins(family, today)):
            return []
        family.tier = {"EMP": "IND", "IND": "EMP", "FAM": "ESP", "ESP": "FAM"}[family.tier]
        part = Part(HEALTH, family.plan, family.tier, begin)
        return [Sent(family.head, "001", (part,), "reason=29")]

    def _correct_tier(self, family: Family, today: date) -> list[Sent]:
        """The tier was wrong from its first day on."""
        if not self.books.on(family.head, HEALTH, today):
            return []
        begin = self.books.since(family.head, HEALTH, today)
        family.tier = {"EMP": "IND", "IND": "EMP", "FAM": "ESP", "ESP": "FAM"}[family.tier]
        return [Sent(family.head, "001", (Part(HEALTH, family.plan, family.tier, begin, maintenance="026"),))]

    def _renew(self, family: Family, today: date) -> list[Sent]:
        """Another plan from the next year on, told before."""
        if family.state != "active" or self.dice.random() < 1 / 2 or not self.books.on(family.head, HEALTH, today):
            return []
        begin = date(today.year + 1, 1, 1)
        family.plan = PLANS[PLANS.index(family.plan) - 1]
        part = Part(HEALTH, family.plan, family.tier, begin)
        return self._rows(family, "001", lambda _member: (part,), "reason=22")

    def end_long_ago(self, today: date) -> list[Sent]:
        """A subscriber of long standing left months ago: further back than the group may end coverage by itself."""
        last = (today - timedelta(days=100)).replace(day=1) - A_DAY
        for family in self.families:
            begins = self._begins(family, last)
            if (
                family.state == "active"
                and len(begins) == len(family.members)
                and self._begins(family, today) == begins
            ):
                family.state, family.last = "gone", last
                covers = self._covers(family, begins[0], end=last)
                return [Sent(family.head, "024", tuple(replace(part, begin=None) for part in covers))]
        return []

    def _begin_earlier(self, family: Family, today: date) -> list[Sent]:
        """The whole family began a month before what was said; only for those who never changed anything."""
        begins = set(self._begins(family, today))
        if len(begins) != 1 or len(set(family.begins.values())) != 1 or begins != set(family.begins.values()):
            return []
        if any(self._tiers(family)) or min(begins) > today:
            return []
        begin = _months_before(min(begins), 1)
        family.begins = dict.fromkeys(family.members, begin)
        return self._rows(family, "021", lambda _member: self._covers(family, begin))

    def _void(self, family: Family, today: date) -> list[Sent]:
        """It never was: by an end before the beginning, or by 002."""
        begins = set(self._begins(family, today))
        if begins != set(family.begins.values()) or len(begins) != 1 or any(self._tiers(family)):
            return []
        (begin,) = begins
        if (today - begin).days > 50:
            return []
        family.state, family.last = "ended", begin - A_DAY
        if self.dice.random() < 1 / 2:
            return self._rows(family, "024", lambda _: self._covers(family, begin, end=begin - A_DAY))
        return self._rows(family, "001", lambda _: self._covers(family, begin, maintenance="002"))

    def _child_leaves(self, family: Family, today: date) -> list[Sent]:
        children = [member for member in family.members if self.cast[member.name].relation == CHILD]
        last = today.replace(day=1) - A_DAY
        if not children or family.begins[children[-1]] > last:
            return []
        child = children[-1]
        family.members.remove(child)
        return [Sent(child, "024", self._covers(family, family.begins[child], end=last))]

    def _repeat(self, family: Family, _today: date) -> list[Sent]:
        """Somebody is sent again as an addition, with nothing new."""
        head = family.head
        day = family.begins[head]
        cover = self.books.on(head, HEALTH, day)
        if cover is None or cover.plan != family.plan or self.books.on(head, HEALTH, day - A_DAY):
            return []
        return [Sent(head, "021", (Part(HEALTH, cover.plan, cover.tier, day),))]

    def _reinstate(self, family: Family, today: date) -> list[Sent]:
        """Coverage goes on from the day after it ended, or from this month on."""
        assert family.last is not None
        if family.last >= today or not self.books.on(family.head, HEALTH, family.last):
            return []
        begin = self.dice.choice((family.last + A_DAY, today.replace(day=1)))
        family.state = "active"
        family.begins = dict.fromkeys(family.members, begin)
        return self._rows(family, "025", lambda _: self._covers(family, begin))

    def _rehire(self, family: Family, today: date) -> list[Sent]:
        """A new addition after a gap."""
        begin = today.replace(day=1)
        if family.last is None or family.last >= begin - A_DAY:
            return []
        family.state = "active"
        family.begins = dict.fromkeys(family.members, begin)
        return self._rows(family, "021", lambda _: self._covers(family, begin))

    def _end_cobra(self, family: Family, today: date) -> list[Sent]:
        last = today.replace(day=1) - A_DAY
        if family.last is None or last <= family.last:
            return []
        family.state, family.last = "gone", last
        covers = self._covers(family, family.last, end=last)
        return [Sent(family.head, "024", covers, "status=C reason=59")]

    def _mistakes(self) -> Iterator[Sent]:
        """Rows that nobody can apply."""
        if self.dice.random() < 1 / 2:
            return
        active = [family for family in self.families if family.state == "active"]
        who = self.dice.choice(active).head
        begin = date(2026, 1, 1)
        stranger = self._person("9999999", SELF)
        orphan = self._person("8888888", CHILD)
        ssn = self.cast[who.name].ssn
        health = Part(HEALTH, "GOLD", "EMP", begin)
        yield self.dice.choice(
            (
                Sent(stranger, "024", (Part(HEALTH, "GOLD", "EMP", begin, end=begin),), is_refused=True),
                Sent(who, "021", (Part(HEALTH, "BRONZE", "EMP", begin),), is_refused=True),
                Sent(who, "024", (Part(HEALTH, "GOLD", "EMP", begin),), is_refused=True),
                Sent(who, "021", (Part("VIS", "V1", "EMP", begin, end=begin - A_DAY),), is_refused=True),
                Sent(stranger, "021", (health,), "dob=- sex=-", is_refused=True),
                Sent(stranger, "021", (health,), "dob=2027-01-01", is_refused=True),
                Sent(orphan, "021", (health,), is_refused=True),
                Sent(who, "021", (replace(health, begin=None),), is_refused=True),
                # leading zeros are lost, numbers stand in each other's place
                Sent(who, "024", (replace(health, end=begin),), f"0F={who.number.lstrip('0')}", is_refused=True),
                Sent(who, "021", (health,), f"0F={who.number.lstrip('0')}", is_refused=True),
                Sent(who, "024", (replace(health, end=begin),), f"0F={ssn} ssn={who.number}", is_refused=True),
                # nobody ever had that line
                Sent(who, "024", (Part("VIS", "V1", "EMP", end=begin),), is_refused=True),
            )
        )

    # how it is written down

    def _rows(
        self, family: Family, maintenance: str, parts: Callable[[Member], tuple[Part, ...]], words: str = ""
    ) -> list[Sent]:
        return [
            Sent(member, maintenance, parts(member), f"{words} {self.unnamed.get(member, '')}")
            for member in family.members
        ]

    def _covers(
        self, family: Family, begin: date, end: date | None = None, maintenance: str | None = None
    ) -> tuple[Part, ...]:
        """What a family has, from a day on."""
        health = Part(HEALTH, family.plan, family.tier, begin, end, maintenance)
        return (health, Part(DENTAL, "D1", family.tier, begin, end, maintenance)) if family.has_dental else (health,)

    def _begins(self, family: Family, day: date) -> list[date]:
        """Since when the members' health plans of a day have covered them."""
        return [
            self.books.begin_of(member, HEALTH, day) for member in family.members if self.books.on(member, HEALTH, day)
        ]

    def _tiers(self, family: Family) -> Iterator[bool]:
        """For each member: was there ever another tier or plan than now?"""
        for member in family.members:
            covers = {cover for cover in self.books.days.get((member, HEALTH), ()) if cover}
            yield len(covers) != 1 or next(iter(covers)).tier != family.tier

    def _person(self, number: str, relation: str, born: date | None = None) -> Member:
        serial = len(self.cast) + 1
        name = "".join(chr(ord("A") + int(digit)) for digit in f"{serial:05d}")
        year = 2010 + serial % 14 if relation == CHILD else 1961 + serial % 40
        birth = born or date(year, 1 + serial % 12, 1 + serial % 28)
        sex = "FM"[serial % 2]
        self.cast[name] = Person(name, number, relation, birth.isoformat(), sex, f"{210010000 + serial}")
        return Member(name, number, relation == SELF)


def notation(row: Sent, after: timedelta = timedelta()) -> str:
    """A row as a line of the scenarios' notation; ends are written that long after the last day covered."""
    head = [row.who.name, row.maintenance, row.words]
    if row.eligible_until:
        head.append(f"357={row.eligible_until + after}")
    return " | ".join((" ".join(filter(None, head)), *(_part(part, after) for part in row.parts)))


def _part(part: Part, after: timedelta) -> str:
    words = [part.line, part.plan, part.tier]
    dates = (("348", part.begin, timedelta()), ("349", part.end, after), ("303", part.effective, after))
    words += [f"{code}={day + later}" for code, day, later in dates if day]
    if part.maintenance:
        words.append(f"HD={part.maintenance}")
    return " ".join(words)


def _months_before(first: date, months: int) -> date:
    """The first day of an earlier month."""
    for _ in range(months):
        earlier = first - A_DAY
        first = earlier - (monthrange(earlier.year, earlier.month)[1] - 1) * A_DAY
    return first
