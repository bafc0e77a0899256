"""Write an interchange: separators, envelopes, counts and trailers around segments that the caller made.

Control numbers are the caller's; every count is computed here. No newline follows a segment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from edi.delimiters import DEFAULT, Delimiters
from edi.trouble import Final


class Repetitions(NamedTuple):
    """An element that is said several times."""

    parts: Sequence[str | Sequence[str]]
    """Each a value, or the components of a composite."""


Element = str | Sequence[str] | Repetitions
"""A value, the components of a composite, or repetitions of one or the other."""
Segment = Sequence[Element]
"""The id, then elements. Empty elements, components and repetitions at an end are dropped."""


def values(element: Element) -> Iterator[str]:
    """Every value that an element holds."""
    if isinstance(element, str):
        yield element
    else:
        for part in element.parts if isinstance(element, Repetitions) else element:
            yield from values(part)


SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
UNPRINTABLE = re.compile(r"[^ -~]")
SEPARATOR = re.compile(r"[^A-Za-z0-9 \r\n\x80-\uffff]")
TERMINATOR = re.compile(r"[^A-Za-z0-9 \x80-\uffff]")
"""A line may end each segment."""
VERSION = "00501"
PARTY_ID_LENGTH = 15
BLANKS = " " * 10
HIGHEST_CONTROL = 999_999_999


class UnwritableValue(Final):
    """A value that no X12 reader could take as one element; the message holds its place, not the value."""


@dataclass(frozen=True, slots=True)
class InterchangeHeader:
    """The ISA segment."""

    sender_qualifier: str
    sender_id: str
    receiver_qualifier: str
    receiver_id: str
    prepared_at: datetime
    """In the plan's time zone; ISA09 and ISA10, GS04 and GS05 are cut to the minute."""
    control_number: int
    """ISA13, 1 to 999999999."""
    usage: str
    """ISA15, P or T."""
    acknowledgment_requested: bool = False
    """ISA14: does the receiver owe us a TA1?"""
    delimiters: Delimiters = DEFAULT


class Written(NamedTuple):
    """Segments that are text already, by `write_segment` under the delimiters of the interchange they go into."""

    text: str
    segments: int
    """How many."""


@dataclass(frozen=True, slots=True)
class SetContent:
    """A transaction set without its ST and SE."""

    transaction: str
    """ST01."""
    control_number: str
    """ST02, 4 to 9 characters."""
    guide: str | None
    """ST03, or None to leave it out."""
    segments: Sequence[Segment | Written]


@dataclass(frozen=True, slots=True)
class GroupContent:
    """A functional group without its GS and GE."""

    functional_id: str
    """GS01."""
    sender: str
    """GS02."""
    receiver: str
    """GS03."""
    control_number: int
    """GS06."""
    guide: str
    """GS08."""
    sets: Sequence[SetContent]
    prepared_at: datetime | None = None
    """GS04 and GS05; None: as the interchange."""


def write_interchange(header: InterchangeHeader, content: Iterable[GroupContent | Segment]) -> bytes:
    """The interchange as bytes. `content` is functional groups, and before them bare segments: TA1.

    Raises:
        UnwritableValue: a value holds a separator, an unprintable or non-ASCII character, or does not fit its field.
    """
    encoder = _encoder(header.delimiters)
    written = [_interchange_header(header, encoder)]
    groups = 0
    for part in content:
        if isinstance(part, GroupContent):
            groups += 1
            written += _group(part, header.prepared_at, encoder)
        elif groups:
            raise UnwritableValue("a segment of the interchange's own must stand before its functional groups")
        else:
            written.append(encoder.segment(part))
    written.append(encoder.segment(("IEA", str(groups), _control_number(header.control_number, "ISA13").zfill(9))))
    return "".join(written).encode("ascii")


@lru_cache(maxsize=64)
def _encoder(delimiters: Delimiters) -> _Encoder:
    return _Encoder(delimiters)


def _interchange_header(header: InterchangeHeader, encoder: _Encoder) -> str:
    delimiters = header.delimiters
    if header.usage not in {"P", "T"}:
        raise UnwritableValue("ISA15 must be P or T")
    fields = (
        "ISA",
        "00",
        BLANKS,
        "00",
        BLANKS,
        _qualifier(header.sender_qualifier, "ISA05", encoder),
        _party(header.sender_id, "ISA06", encoder),
        _qualifier(header.receiver_qualifier, "ISA07", encoder),
        _party(header.receiver_id, "ISA08", encoder),
        f"{header.prepared_at:%y%m%d}",
        f"{header.prepared_at:%H%M}",
        delimiters.repetition,
        VERSION,
        _control_number(header.control_number, "ISA13").zfill(9),
        "1" if header.acknowledgment_requested else "0",
        header.usage,
        delimiters.component,
    )
    return delimiters.element.join(fields) + delimiters.segment


def _qualifier(value: str, place: str, encoder: _Encoder) -> str:
    if len(value) != 2:  # noqa: PLR2004 - the field's length
        raise UnwritableValue(f"{place} must have two characters")
    return encoder.value(value, place)


def _party(value: str, place: str, encoder: _Encoder) -> str:
    if not value.strip() or len(value) > PARTY_ID_LENGTH:
        raise UnwritableValue(f"{place} must have 1 to {PARTY_ID_LENGTH} characters")
    return encoder.value(value, place).ljust(PARTY_ID_LENGTH)


def _control_number(number: int, place: str) -> str:
    if not 0 < number <= HIGHEST_CONTROL:
        raise UnwritableValue(f"{place} must be 1 to {HIGHEST_CONTROL}")
    return str(number)


def _group(group: GroupContent, prepared_at: datetime, encoder: _Encoder) -> list[str]:
    control_number = _control_number(group.control_number, "GS06")
    moment = group.prepared_at or prepared_at
    day, time = f"{moment:%Y%m%d}", f"{moment:%H%M}"
    start = (
        "GS",
        group.functional_id,
        group.sender,
        group.receiver,
        day,
        time,
        control_number,
        "X",
        group.guide,
    )
    written = [encoder.segment(start)]
    for transaction_set in group.sets:
        written += _transaction_set(transaction_set, encoder)
    written.append(encoder.segment(("GE", str(len(group.sets)), control_number)))
    return written


def _transaction_set(content: SetContent, encoder: _Encoder) -> list[str]:
    written = [encoder.segment(("ST", content.transaction, content.control_number, content.guide or ""))]
    count = 2
    for segment in content.segments:
        if isinstance(segment, Written):
            written.append(segment.text)
            count += segment.segments
        else:
            written.append(encoder.segment(segment))
            count += 1
    written.append(encoder.segment(("SE", str(count), content.control_number)))
    return written


def write_segment(segment: Segment, delimiters: Delimiters) -> str:
    """One segment with its terminator.

    Raises:
        UnwritableValue: as `write_interchange`.
    """
    return _encoder(delimiters).segment(segment)


class _Encoder:
    """Joins elements under some delimiters and refuses what would be read back differently."""

    def __init__(self, delimiters: Delimiters) -> None:
        four = (delimiters.element, delimiters.component, delimiters.repetition, delimiters.segment)
        if (
            len(set(four)) != len(four)
            or not all(map(SEPARATOR.fullmatch, four[:3]))
            or not TERMINATOR.fullmatch(four[3])
        ):
            raise UnwritableValue("the delimiters must be four different characters, no letters, digits or blanks")
        self.delimiters = delimiters
        self.refused = re.compile(f"{UNPRINTABLE.pattern}|[{re.escape(''.join(four))}]")
        element, component, repetition, terminator = map(re.escape, four)
        self.odd = re.compile(
            f"{UNPRINTABLE.pattern}|[{repetition}{terminator}]|[ {component}](?:{element}|$)| {component}"
        )
        """What refuses a segment or has to be cut off in it: blanks and empty components at an end."""
        self.ids: set[str] = set()
        """Segment ids written so far."""

    def segment(self, segment: Segment) -> str:
        """The segment with its terminator."""
        return self._plain(segment) or self._segment(segment)

    def _plain(self, segment: Segment) -> str:
        """One look at the whole of a segment; nothing where a closer one is needed, whatever the reason."""
        if segment[0] not in self.ids or Repetitions in map(type, segment):
            return ""
        separators = self.delimiters
        join = separators.component.join
        parts = [part if isinstance(part, str) else join(part) for part in segment]  # type: ignore[arg-type] # see above
        components = sum([len(part) - 1 for part in segment if not isinstance(part, str) and part])
        text = separators.element.join(parts)
        counts = text.count(separators.element), text.count(separators.component)
        if counts != (len(parts) - 1, components) or self.odd.search(text):
            return ""
        text = text.rstrip(separators.element)
        return text + separators.segment if len(text) > len(parts[0]) else ""

    def _segment(self, segment: Segment) -> str:
        segment_id = segment[0]
        if not isinstance(segment_id, str) or not SEGMENT_ID.fullmatch(segment_id):
            raise UnwritableValue("a segment without a segment id")
        self.ids.add(segment_id)
        elements = [segment_id]
        for place, element in enumerate(segment[1:], 1):
            elements.append(self.element(element, f"{segment_id}{place:02d}"))
        while not elements[-1]:
            elements.pop()
        if len(elements) == 1:
            raise UnwritableValue(f"{segment_id} without any element")
        return self.delimiters.element.join(elements) + self.delimiters.segment

    def element(self, element: Element, place: str) -> str:
        """One element."""
        if not isinstance(element, Repetitions):
            return self.repetition(element, place)
        separator = self.delimiters.repetition
        return separator.join([self.repetition(part, place) for part in element.parts]).rstrip(separator)

    def repetition(self, part: str | Sequence[str], place: str) -> str:
        """An element that is said once."""
        return self.value(part, place) if isinstance(part, str) else self.composite(part, place)

    def composite(self, components: Sequence[str], place: str) -> str:
        """The components, joined."""
        values = [self.value(component, f"{place}-{number}") for number, component in enumerate(components, 1)]
        return self.delimiters.component.join(values).rstrip(self.delimiters.component)

    def value(self, value: str, place: str) -> str:
        """The value without trailing blanks, which X12 does not count as data."""
        if self.refused.search(value):
            raise UnwritableValue(f"{place} holds a character that cannot be written")
        return value.rstrip(" ")
