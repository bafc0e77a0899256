"""ISA, GS and their trailers: where an interchange starts, its delimiters, and what its header fields may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from edi.delimiters import Delimiters
from edi.guides.library import VERSION
from edi.values import is_date, is_time

WIDTHS = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
"""Of ISA and ISA01 to ISA16."""
LONGEST_HEADER = 200
"""An ISA of wrong widths is still looked for within so many characters."""
BYTE_ORDER_MARK = "\xef\xbb\xbf"
VERSIONS = frozenset({VERSION, "00401"})
"""Interchanges of the older version are read, so that their groups can be answered as not supported."""
OLDER_VERSION = "00401"
PARTY_QUALIFIERS = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})
CONTROL_NUMBER = re.compile(r"\d{9}", re.ASCII)
GROUP_CONTROL_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
SET_CONTROL_NUMBER = re.compile(r"[ -~]{4,9}")


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


def _can_separate(character: str) -> bool:
    return len(character) == 1 and not character.isalnum() and character not in " \r\n"


def _can_terminate(character: str) -> bool:
    return not character.isalnum() and character != " "


def repetition_fault(fields: tuple[str, ...], element: str, component: str, segment: str) -> bool:
    """Is ISA11 of a 00501 interchange no separator?"""
    value = fields[11]
    return fields[12] != OLDER_VERSION and (not _can_separate(value) or value in {element, component, segment})


def header_faults(header: InterchangeStart) -> Iterator[tuple[str, int]]:
    """Finding codes and elements of an ISA."""
    fields, delimiters = header.fields, header.delimiters
    checks = (
        ("INTERCHANGE_HEADER_BROKEN", 0, header.exact),
        ("AUTHORIZATION_INVALID", 1, fields[1] in {"00", "03"}),
        ("SECURITY_INVALID", 3, fields[3] in {"00", "01"}),
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


def group_faults(fields: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Finding codes and elements of a GS, given as `GS` and GS01 to GS08; which guide it names is another matter."""
    checks = (
        ("GROUP_HEADER_INVALID", 2, 2 <= len(fields[2]) <= 15),  # noqa: PLR2004 - application sender's code
        ("GROUP_HEADER_INVALID", 3, 2 <= len(fields[3]) <= 15),  # noqa: PLR2004 - application receiver's code
        ("GROUP_HEADER_INVALID", 4, len(fields[4]) == 8 and is_date(fields[4])),  # noqa: PLR2004 - CCYYMMDD
        ("GROUP_HEADER_INVALID", 5, is_time(fields[5])),
        ("GROUP_CONTROL_INVALID", 6, GROUP_CONTROL_NUMBER.fullmatch(fields[6])),
        ("GROUP_HEADER_INVALID", 7, fields[7] == "X"),
    )
    return ((code, element) for code, element, right in checks if not right)
