"""An 834 in a few words: a line a member, from which the bytes of a real file are made.

    ANN 021 reason=28 336=2020-01-15 | HLT GOLD EMP 348=2026-01-01 | DEN D1 EMP 348=2026-01-01 HD=021

A line names a person of the cast and INS03, then what differs from that person, then a part for each HD: line of
insurance, plan code, tier (`-` for one that is not sent) and its dates. A key of three digits is a DTP. The value `-`
leaves out what the person has. HD01 is INS03 unless `HD` says otherwise.

| key | |
|---|---|
| reason, status, event, work, death, birth | INS04, INS05, INS07, INS08, INS12, INS17 |
| rel | INS02, and with it INS01 |
| 0F, 1L, 17 | REF |
| first, last, ssn, dob, sex, address | of the person, as sent |
| was | FIRST,LAST of the wrong name that this row corrects (2100B) |
| HD, pcp, REF-CE | in a part: HD01, NPI of the primary care provider, REF |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

REASONS = {"001": "AI", "021": "28", "024": "07", "025": "41", "030": "XN"}
SELF = "18"
SPONSOR, POLICY = "061111111", "CREW-1"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the sender knows them."""

    first: str
    number: str
    relation: str
    born: str
    sex: str
    ssn: str
    last: str = "DOE"
    address: str = "1 ELM STREET"


CAST = {
    person.first: person
    for person in (
        Person("ANN", "0000100", SELF, "1980-01-01", "F", "123456701"),
        Person("ED", "0000100", "01", "1979-07-07", "M", "123456702"),
        Person("BEN", "0000100", "19", "2010-05-05", "M", "123456703"),
        Person("CLEO", "0000100", "19", "2010-05-05", "F", "123456704"),
        Person("DAN", "0000200", SELF, "1975-03-03", "M", "123456705"),
        Person("FAY", "0000200", "19", "2012-02-02", "F", "123456706"),
    )
}
"""Ann with Ed and the twins Ben and Cleo; Dan with Fay."""


def crew_name(number: int) -> str:
    """The first name of one of many subscribers, in letters: first names are compared by letters alone."""
    return "CREW" + "".join(chr(ord("A") + int(digit)) for digit in f"{number:03d}")


def crew(number: int) -> str:
    """The beginning of that one's line, with a place for INS03."""
    return (
        f"ANN {{}} first={crew_name(number)} 0F={5000 + number:07d} ssn={210010000 + number}"
        f" dob=19{60 + number % 40}-01-{1 + number % 28:02d}"
    )


@dataclass(frozen=True, slots=True)
class Roster:
    """An 834 of one transaction set, and the day on which it arrives."""

    day: str
    lines: Sequence[str]
    action: str = "2"
    """BGN08: 2 change, 4 verify, RX replace."""
    as_of: str | None = None
    """DTP*007; the day of arrival without it."""
    purpose: str = "00"
    """BGN01."""
    reference: str | None = None
    """BGN02; one of its own without it."""
    original: str = ""
    """BGN06."""
    totals: Mapping[str, int] = field(default_factory=dict)
    """QTY that differ from what is in the file."""
    sponsor: str = SPONSOR
    policy: str = POLICY
    usage: str = "P"
    cast: Mapping[str, Person] = field(default_factory=lambda: CAST)

    def content(self, serial: int) -> bytes:
        """The bytes, under a control number of their own."""
        return interchange(self.segments(serial), self.day.replace("-", ""), serial, self.usage)

    def segments(self, serial: int, number: int = 1) -> list[str]:
        """The transaction set, the so-and-so-many-th of its group."""
        sent, as_of = self.day.replace("-", ""), (self.as_of or self.day).replace("-", "")
        bodies = [member(line, self.cast) for line in self.lines]
        subscribers = sum(body[0].startswith("INS*Y") for body in bodies)
        found = {"TO": len(bodies), "ET": subscribers, "DT": len(bodies) - subscribers}
        header = [
            f"ST*834*{number:04d}*005010X220A1",
            f"BGN*{self.purpose}*{self.reference or f'REF{serial:06d}'}*{sent}*0800**{self.original}**{self.action}",
            f"REF*38*{self.policy}",
            f"DTP*007*D8*{as_of}",
            *(f"QTY*{name}*{count}" for name, count in {**found, **self.totals}.items()),
            f"N1*P5*CREW COMPANY*FI*{self.sponsor}",
            "N1*IN*HARBOR HEALTH PLAN*FI*990000001",
        ]
        segments = header + [segment for body in bodies for segment in body]
        return [*segments, f"SE*{len(segments) + 1}*{number:04d}"]


@dataclass(frozen=True, slots=True)
class Several:
    """An 834 of several transaction sets: by interchange, by functional group, the sets."""

    interchanges: Sequence[Sequence[Sequence[Roster]]]

    @property
    def day(self) -> str:
        """That of the first set."""
        return self.interchanges[0][0][0].day

    def content(self, serial: int) -> bytes:
        """The bytes; every interchange has a control number of its own, far from those of other files."""
        sent = self.day.replace("-", "")
        return b"".join(
            envelope(
                [
                    [
                        roster.segments(10_000 * serial + 100 * place + number, number)
                        for number, roster in enumerate(rosters, 1)
                    ]
                    for rosters in groups
                ],
                sent,
                1000 * serial + place,
            )
            for place, groups in enumerate(self.interchanges)
        )


def together(*rosters: Roster) -> Several:
    """Sets of one functional group."""
    return Several([[rosters]])


def apart(*rosters: Roster) -> Several:
    """Interchanges of one set each, one behind the other."""
    return Several([[[roster]] for roster in rosters])


def interchange(segments: Iterable[str], sent: str, serial: int, usage: str = "P") -> bytes:
    """One transaction set in its envelope."""
    return envelope([[segments]], sent, serial, usage)


def envelope(groups: Sequence[Sequence[Iterable[str]]], sent: str, serial: int, usage: str = "P") -> bytes:
    """Functional groups of transaction sets in their interchange."""
    isa = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'ACMEBENEFITS':15}*ZZ*{'HARBORHEALTH':15}*{sent[2:]}*0800*^*00501"
        f"*{serial:09d}*0*{usage}*:"
    )
    inside: list[str] = []
    for number, sets in enumerate(groups, serial):
        inside.append(f"GS*BE*ACMEBENEFITS*HARBORHEALTH*{sent}*0800*{number}*X*005010X220A1")
        for segments in sets:
            inside += segments
        inside.append(f"GE*{len(sets)}*{number}")
    return "~\n".join((isa, *inside, f"IEA*{len(groups)}*{serial:09d}", "")).encode("ascii")


def change(day: str, *lines: str, **more: object) -> Roster:
    """Changes only, BGN08 = 2."""
    return replace(Roster(day, lines), **more)  # type: ignore[arg-type] # fields by name


def verify(day: str, *lines: str, **more: object) -> Roster:
    """A full roster to be compared, BGN08 = 4."""
    return replace(Roster(day, lines, "4"), **more)  # type: ignore[arg-type] # as above


def replacing(day: str, *lines: str, **more: object) -> Roster:
    """A full roster that replaces ours, BGN08 = RX."""
    return replace(Roster(day, lines, "RX"), **more)  # type: ignore[arg-type] # as above


def member(line: str, cast: Mapping[str, Person] = CAST) -> list[str]:
    """The segments of a member."""
    head, *parts = line.split("|")
    name, maintenance, *words = head.split()
    person, said = cast[name], dict(word.split("=", 1) for word in words)
    relation = said.get("rel", person.relation)
    is_subscriber = relation == SELF
    corrected = "was" in said
    name_segment = "*".join(
        (
            f"NM1*{'74' if corrected else 'IL'}*1",
            _sent(said, "last", person.last),
            _sent(said, "first", person.first),
            "",
            "",
            "",
            *(("34", ssn) if (ssn := _sent(said, "ssn", person.ssn)) else ()),
        )
    )
    demographic = f"DMG*D8*{_day(_sent(said, 'dob', person.born))}*{_sent(said, 'sex', person.sex)}"
    segments = [
        _ins(said, relation, maintenance, is_subscriber=is_subscriber),
        *_references({"0F": person.number, **{key: said[key] for key in ("0F", "1L", "17") if key in said}}),
        *_dates(said),
        name_segment.rstrip("*"),
        *([f"N3*{person.address}", "N4*EXAMPLETOWN*CT*06001"] if said.get("address") != "-" else []),
        *([] if "**" in demographic else [demographic]),
    ]
    if corrected:
        first, last = said["was"].split(",")
        segments.append(f"NM1*70*1*{last}*{first}")
    for part in parts:
        segments += _coverage(part.split(), maintenance)
    return segments


def _ins(said: Mapping[str, str], relation: str, maintenance: str, *, is_subscriber: bool) -> str:
    death = said.get("death")
    elements = [
        "INS",
        "Y" if is_subscriber else "N",
        relation,
        maintenance,
        said.get("reason", REASONS.get(maintenance, "AI")),
        said.get("status", "A"),
        "",
        said.get("event", ""),
        said.get("work", "FT" if is_subscriber else ""),
        "",
        "",
        "D8" if death else "",
        _day(death or ""),
        *("" for _ in range(4)),
        said.get("birth", ""),
    ]
    return "*".join(elements).rstrip("*")


def _coverage(words: Sequence[str], maintenance: str) -> list[str]:
    line, plan, tier, *rest = words
    said = dict(word.split("=", 1) for word in rest)
    plan, tier = ("" if word == "-" else word for word in (plan, tier))
    provider = ["LX*1", f"NM1*P3*1******XX*{said['pcp']}*25"] if "pcp" in said else []
    references = _references({key.removeprefix("REF-"): said[key] for key in said if key.startswith("REF-")})
    return [
        f"HD*{said.get('HD', maintenance)}**{line}*{plan}*{tier}".rstrip("*"),
        *_dates(said),
        *references,
        *provider,
    ]


def _references(said: Mapping[str, str]) -> list[str]:
    return [f"REF*{key}*{value}" for key, value in said.items() if value != "-"]


def _dates(said: Mapping[str, str]) -> list[str]:
    return [
        f"DTP*{key}*D8*{_day(value)}" for key, value in said.items() if len(key) == 3 and key.isdigit() and value != "-"
    ]


def _sent(said: Mapping[str, str], key: str, known: str) -> str:
    """What the line says, else what is known of the person; nothing for `-`."""
    value = said.get(key, known)
    return "" if value == "-" else value.replace("_", " ")


def _day(text: str) -> str:
    """A day as X12 writes it; whatever is no day goes as it is."""
    return text.replace("-", "")


def day(text: str) -> date:
    """A day of the notation."""
    return date.fromisoformat(text)
