"""Read an interchange into what `edi.writer` writes it from; only canonical bytes, for which writing gives them back.

Canonical is what the scanner finds no fault in (SNIP 1 and 2) and what has no part that the writer would leave out or
write in another way: no line ends, no blanks or separators at an end, the trailers' numbers as the headers', an ISA
without passwords.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from edi.delimiters import Delimiters
from edi.envelope import read_header
from edi.finding_codes import CODES, ERROR, REJECT, WARNING
from edi.scanner import scan
from edi.trouble import Final
from edi.writer import (
    Element,
    GroupContent,
    InterchangeHeader,
    Repetitions,
    Segment,
    SetContent,
    UnwritableValue,
    write_interchange,
)

Content = list[GroupContent | Segment]
FAULTS = frozenset({WARNING, ERROR, REJECT})
CENTURY = "20"
"""Of ISA09, which has none."""


class NotCanonical(Final):
    """Bytes that the writer would not have written; the message does not hold any of them."""


def read(data: bytes) -> tuple[InterchangeHeader, Content]:
    """The header and the content of one interchange, so that `write_interchange(*read(data)) == data`.

    Raises:
        NotCanonical: the scanner finds a fault, or writing would not give the same bytes.
    """
    scanned = scan(data, snip=2)
    if len(scanned.interchanges) != 1 or any(CODES[one.code].severity in FAULTS for one in scanned.findings):
        raise NotCanonical("not one interchange without faults")
    try:
        header, content = _read(data.decode("latin-1"))
        written = write_interchange(header, content)
    except (ValueError, IndexError, UnwritableValue):
        raise NotCanonical("an interchange that the writer cannot write") from None
    if written != data:
        raise NotCanonical("an interchange that the writer would write otherwise")
    return header, content


def _read(text: str) -> tuple[InterchangeHeader, Content]:
    start = read_header(text, 0)
    if start is None:
        raise ValueError("no header")
    fields, delimiters = start.fields, start.delimiters
    header = InterchangeHeader(
        sender_qualifier=fields[5],
        sender_id=fields[6].rstrip(" "),
        receiver_qualifier=fields[7],
        receiver_id=fields[8].rstrip(" "),
        prepared_at=_moment(CENTURY + fields[9], fields[10]),
        control_number=int(fields[13]),
        usage=fields[15],
        acknowledgment_requested=fields[14] == "1",
        delimiters=delimiters,
    )
    segments = [part.split(delimiters.element) for part in text[start.stop :].split(delimiters.segment)]
    return header, [*_content(iter(segments), header)]


def _content(segments: Iterator[list[str]], header: InterchangeHeader) -> Iterator[GroupContent | Segment]:
    for elements in segments:
        if elements[0] == "GS":
            yield _group(elements, segments, header)
        elif elements[0] == "IEA":
            return
        else:
            yield _segment(elements, header.delimiters)


def _group(elements: Sequence[str], segments: Iterator[list[str]], header: InterchangeHeader) -> GroupContent:
    moment = _moment(elements[4], elements[5])
    sets = []
    for following in segments:
        if following[0] == "GE":
            break
        sets.append(_set(following, segments, header.delimiters))
    return GroupContent(
        functional_id=elements[1],
        sender=elements[2],
        receiver=elements[3],
        control_number=int(elements[6]),
        guide=elements[8],
        sets=sets,
        prepared_at=None if moment == header.prepared_at else moment,
    )


def _set(elements: Sequence[str], segments: Iterator[list[str]], delimiters: Delimiters) -> SetContent:
    content: list[Segment] = []
    for following in segments:
        if following[0] == "SE":
            break
        content.append(_segment(following, delimiters))
    return SetContent(elements[1], elements[2], elements[3] if len(elements) > 3 else None, content)  # noqa: PLR2004 - ST03


def _segment(elements: Sequence[str], delimiters: Delimiters) -> Segment:
    return elements[0], *(_element(text, delimiters) for text in elements[1:])


def _element(text: str, delimiters: Delimiters) -> Element:
    if delimiters.repetition not in text:
        return _part(text, delimiters)
    return Repetitions([_part(part, delimiters) for part in text.split(delimiters.repetition)])


def _part(text: str, delimiters: Delimiters) -> str | Sequence[str]:
    return text.split(delimiters.component) if delimiters.component in text else text


def _moment(day: str, time: str) -> datetime:
    return datetime.strptime(f"{day}{time}", "%Y%m%d%H%M")  # noqa: DTZ007 - X12 has no time zones
