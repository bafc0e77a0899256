"""What a file is about, told from its first functional group; nothing else is read."""

from __future__ import annotations

from edi.envelope import find_header
from edi.reference.findings_log import FindingsLog
from edi.reference.segment_reader import read_segments

LOOKED_AT = 4096
"""Bytes: the first GS stands right behind the ISA, perhaps after a few TA1."""
KINDS = {"BE": "834", "HC": "837"}


def kind_of(data: bytes) -> str:
    """`834`, `837` or `other`, by GS01; never raises."""
    text = data[:LOOKED_AT].decode("latin-1")
    header = find_header(text, 0)
    if header is None:
        return "other"
    for segment in read_segments(text, header.stop, header.delimiters, FindingsLog()):
        if segment.elements[0] == "GS":
            return KINDS.get(segment.elements[1] if len(segment.elements) > 1 else "", "other")
    return "other"
