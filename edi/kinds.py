"""What a file is about, told from its functional groups as far as they stand at its start; nothing else is read."""

from __future__ import annotations

from edi.envelope import find_header

LOOKED_AT = 4096
"""Bytes: the first GS stands right behind the ISA, perhaps after a few TA1 or a short acknowledgment."""
KINDS = {"BE": "834", "HC": "837"}
OTHER = "other"


def kind_of(data: bytes) -> str:
    """`834` or `837`, by GS01 of the first group that is one of these, else `other`; never raises."""
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
