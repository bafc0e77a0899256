"""ISA, GS and their trailers: where an interchange starts, its delimiters, and what its header fields may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from edi.delimiters import Delimiters
from edi.guides.library import VERSION
from edi.values import is_date, is_time, parse_count

WIDTHS = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
"""Of ISA and ISA01 to ISA16."""
EXACT_HEADER = 106
"""Characters of an ISA with its terminator, where every element has its fixed length."""
HEADER_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
"""Places of the element separator in such an ISA."""
LONGEST_HEADER = 200
"""An ISA of wrong widths is still looked for within so many characters."""
BYTE_ORDER_MARK = "\xef\xbb\xbf"
VERSIONS = frozenset({VERSION, "00401"})
"""Interchanges of the older version are read, so that their groups can be answered as not supported."""
OLDER_VERSION = "00401"
PARTY_QUALIFIERS = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})
CONTROL_NUMBER = re.compile(r"\d{9}", re.ASCII)
PARTY = re.compile(r"[ -~]{1,14}[!-~]")
"""GS02 and GS03: two to fifteen characters, no blank at the end."""
GROUP_CONTROL_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
SET_CONTROL_NUMBER = re.compile(r"[ -~]{4,9}")
NOTE_CODE = re.compile(r"0(?:[0-2]\d|3[01])", re.ASCII)
"""TA105."""
ACKNOWLEDGMENT_ELEMENTS, GROUP_ELEMENTS, TRAILER_ELEMENTS = 5, 8, 2

Fault = tuple[str, int]
"""Finding code and element; 0 is the segment itself."""


class InterchangeStart(NamedTuple):
    """An ISA that could be read."""

    fields: tuple[str, ...]
    """`ISA`, ISA01 to ISA16."""
    delimiters: Delimiters
    start: int
    stop: int
    """After the terminator."""
    exact: bool
    """Has every element its fixed length?"""


def read_header(text: str, start: int) -> InterchangeStart | None:
    """The ISA at `start`, or None where there is none or its separators cannot be told."""
    element = text[start + 3 : start + 4]
    if not text.startswith("ISA", start) or not _can_separate(element):
        return None
    pieces = text[start : start + LONGEST_HEADER].split(element, 16)
    if len(pieces) <= 16 or len(pieces[16]) < 2:  # noqa: PLR2004 - ISA16 and the terminator
        return None
    component, segment = pieces[16][0], pieces[16][1]
    fields = (*pieces[:16], component)
    if not _can_terminate(segment) or len({element, component, segment}) < 3:  # noqa: PLR2004 - three separators
        return None
    repetition = fields[11]
    if any(segment in field or not field.isprintable() for field in (*fields[:11], *fields[12:16])):
        return None
    if fields[12] == OLDER_VERSION or repetition_fault(fields, element, component, segment):
        repetition = ""
    stop = start + sum(map(len, fields)) + len(fields)
    exact = tuple(map(len, fields)) == WIDTHS
    return InterchangeStart(fields, Delimiters(element, component, repetition, segment), start, stop, exact)


def find_header(text: str, start: int) -> InterchangeStart | None:
    """The next readable ISA at or after `start`."""
    at = text.find("ISA", start)
    while at >= 0:
        header = read_header(text, at)
        if header:
            return header
        at = text.find("ISA", at + 1)
    return None


def find_exact_header(text: str, start: int, stop: int) -> InterchangeStart | None:
    """The first ISA with every element of its fixed length that lies wholly between `start` and `stop`."""
    at = text.find("ISA", start, stop)
    while 0 <= at <= stop - EXACT_HEADER:
        separator = text[at + 3]
        if all(text[at + place] == separator for place in HEADER_SEPARATORS):
            header = read_header(text, at)
            if header and header.exact:
                return header
        at = text.find("ISA", at + 1, stop)
    return None


def _can_separate(character: str) -> bool:
    return len(character) == 1 and not character.isalnum() and character not in " \r\n"


def _can_terminate(character: str) -> bool:
    return not character.isalnum() and character != " "


def repetition_fault(fields: tuple[str, ...], element: str, component: str, segment: str) -> bool:
    """Is ISA11 of a 00501 interchange no separator?"""
    value = fields[11]
    return fields[12] != OLDER_VERSION and (not _can_separate(value) or value in {element, component, segment})


def header_faults(header: InterchangeStart) -> Iterator[Fault]:
    """What is wrong in an ISA."""
    fields, delimiters = header.fields, header.delimiters
    checks = (
        ("INTERCHANGE_HEADER_BROKEN", 0, header.exact),
        ("AUTHORIZATION_INVALID", 1, fields[1] in {"00", "03"}),
        ("AUTHORIZATION_INVALID", 2, fields[1] != "03" or fields[2].strip()),
        ("SECURITY_INVALID", 3, fields[3] in {"00", "01"}),
        ("SECURITY_INVALID", 4, fields[3] != "01" or fields[4].strip()),
        ("SENDER_QUALIFIER_INVALID", 5, fields[5] in PARTY_QUALIFIERS),
        ("RECEIVER_QUALIFIER_INVALID", 7, fields[7] in PARTY_QUALIFIERS),
        ("INTERCHANGE_DATE_INVALID", 9, len(fields[9]) == 6 and is_date(fields[9])),  # noqa: PLR2004 - YYMMDD
        ("INTERCHANGE_TIME_INVALID", 10, len(fields[10]) == 4 and is_time(fields[10])),  # noqa: PLR2004 - HHMM
        (
            "REPETITION_SEPARATOR_INVALID",
            11,
            not repetition_fault(fields, delimiters.element, delimiters.component, delimiters.segment),
        ),
        ("INTERCHANGE_VERSION_UNSUPPORTED", 12, fields[12] in VERSIONS),
        ("INTERCHANGE_CONTROL_INVALID", 13, CONTROL_NUMBER.fullmatch(fields[13])),
        ("ACKNOWLEDGMENT_REQUEST_INVALID", 14, fields[14] in {"0", "1"}),
        ("USAGE_INVALID", 15, fields[15] in {"P", "T"}),
        ("COMPONENT_SEPARATOR_INVALID", 16, _can_separate(fields[16])),
    )
    return ((code, element) for code, element, right in checks if not right)


def group_faults(elements: Sequence[str]) -> Iterator[Fault]:
    """What is wrong in a GS, given as its id and elements; which guide it names is another matter."""
    fields = (*elements, *[""] * GROUP_ELEMENTS)
    checks = (
        ("GROUP_HEADER_INVALID", 2, PARTY.fullmatch(fields[2])),
        ("GROUP_HEADER_INVALID", 3, PARTY.fullmatch(fields[3])),
        ("GROUP_HEADER_INVALID", 4, len(fields[4]) == 8 and is_date(fields[4])),  # noqa: PLR2004 - CCYYMMDD
        ("GROUP_HEADER_INVALID", 5, is_time(fields[5])),
        ("GROUP_CONTROL_INVALID", 6, GROUP_CONTROL_NUMBER.fullmatch(fields[6])),
        ("GROUP_HEADER_INVALID", 7, fields[7] == "X"),
        ("GROUP_HEADER_INVALID", 9, len(elements) - 1 <= GROUP_ELEMENTS),
    )
    return ((code, element) for code, element, right in checks if not right)


def interchange_trailer_faults(elements: Sequence[str], header: InterchangeStart, groups: int) -> Iterator[Fault]:
    """What is wrong in an IEA after so many functional groups."""
    count, number = (*elements[1:3], "", "")[:2]
    checks = (
        ("INTERCHANGE_CONTROL_MISMATCH", 2, number == header.fields[13]),
        ("GROUP_COUNT_WRONG", 1, parse_count(count) == groups),
        ("INTERCHANGE_TRAILER_INVALID", 3, len(elements) - 1 <= TRAILER_ELEMENTS),
    )
    return ((code, element) for code, element, right in checks if not right)


def group_trailer_faults(elements: Sequence[str], number: str, sets: int) -> Iterator[Fault]:
    """What is wrong in a GE after so many transaction sets, GS06 being `number`."""
    count, repeated = (*elements[1:3], "", "")[:2]
    checks = (
        ("GROUP_CONTROL_MISMATCH", 2, repeated == number),
        ("SET_COUNT_WRONG", 1, parse_count(count) == sets),
        ("GROUP_TRAILER_INVALID", 3, len(elements) - 1 <= TRAILER_ELEMENTS),
    )
    return ((code, element) for code, element, right in checks if not right)


def acknowledgment_faults(elements: Sequence[str]) -> Iterator[Fault]:
    """What is wrong in a TA1."""
    fields = (*elements, *[""] * ACKNOWLEDGMENT_ELEMENTS)
    checks = (
        (1, CONTROL_NUMBER.fullmatch(fields[1])),
        (2, len(fields[2]) == 6 and is_date(fields[2])),  # noqa: PLR2004 - YYMMDD
        (3, len(fields[3]) == 4 and is_time(fields[3])),  # noqa: PLR2004 - HHMM
        (4, fields[4] in {"A", "E", "R"}),
        (5, NOTE_CODE.fullmatch(fields[5])),
        (6, len(elements) - 1 <= ACKNOWLEDGMENT_ELEMENTS),
    )
    return (("ACKNOWLEDGMENT_INVALID", element) for element, right in checks if not right)


def set_faults(
    elements: Sequence[str], group_guide: str, transaction: str | None, *, number_known: bool
) -> Iterator[Fault]:
    """What is wrong in an ST of a group that names the guide `group_guide` in GS08.

    `transaction` is the ST01 of that guide, None where the guide is not supported; `number_known`: did a set of this
    group have the same ST02?
    """
    sent, number, guide_id = (*elements[1:4], "", "", "")[:3]
    agreed = transaction is not None and sent == transaction
    valid = SET_CONTROL_NUMBER.fullmatch(number)
    checks = (
        ("SET_ID_INVALID", 1, sent),
        ("SET_UNSUPPORTED", 1, not sent or transaction is None or agreed),
        ("SET_CONTROL_INVALID", 2, valid),
        ("SET_CONTROL_DUPLICATE", 2, not (valid and number_known)),
        ("SET_GUIDE_MISMATCH", 3, not agreed or guide_id in {"", group_guide}),
    )
    return ((code, element) for code, element, right in checks if not right)


def set_trailer_faults(elements: Sequence[str], number: str, segments: int) -> Iterator[Fault]:
    """What is wrong in an SE after so many segments, itself included, ST02 being `number`."""
    count, repeated = (*elements[1:3], "", "")[:2]
    checks = (
        ("SET_CONTROL_MISMATCH", 2, repeated == number),
        ("SEGMENT_COUNT_WRONG", 1, parse_count(count) == segments),
    )
    return ((code, element) for code, element, right in checks if not right)
