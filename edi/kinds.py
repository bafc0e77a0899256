"""What a file is about, told from its start: its functional groups, or the header that a bank's file has."""

from __future__ import annotations

import re

from edi.envelope import find_header

LOOKED_AT = 4096
"""Bytes: the first GS stands right behind the ISA, perhaps after a few TA1 or a short acknowledgment."""
KINDS = {"BE": "834", "HC": "837"}
NACHA = "NACHA"
OTHER = "other"
BANK_FILE = re.compile(rb"101[ 0-9A-Z]{31}094101")
"""File header of priority 01, with records of 94 characters, ten to a block, in format 1."""


def kind_of(data: bytes) -> str:
    """`834` or `837`, by GS01 of the first group that is one of these, `NACHA`, or `other`; never raises."""
    if BANK_FILE.match(data):
        return NACHA
    text = data[:LOOKED_AT].decode("latin-1")
    header = find_header(text, 0)
    while header:
        element, terminator = header.delimiters.element, header.delimiters.segment
        following = find_header(text, header.stop)
        for segment in text[header.stop : following.start if following else len(text)].split(terminator):
            elements = segment.strip().split(element, 2)
            if elements[0] == "GS" and len(elements) > 1 and elements[1] in KINDS:
                return KINDS[elements[1]]
        header = following
    return OTHER
