"""What each byte is under the separators of an interchange."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from edi.compiled import layout as at
from edi.delimiters import Delimiters
from edi.encodings import Encoding

ENCODINGS: dict[Encoding, int] = {"ascii": at.ASCII, "latin-1": at.LATIN_1, "utf-8": at.UTF_8}
FIRST_HIGH: dict[Encoding, int] = {"ascii": 0x100, "latin-1": 0xA0, "utf-8": 0x80}
"""The first byte beyond ASCII that a text may hold."""


@lru_cache(maxsize=64)
def byte_classes(delimiters: Delimiters, encoding: Encoding) -> NDArray[np.uint16]:
    """The class of every byte, as the kernels look it up."""
    classes = np.full(256, at.INVALID, np.uint16)
    classes[0x20:0x7F] = at.TEXT
    classes[FIRST_HIGH[encoding] :] = at.HIGH
    classes[ord("0") : ord("9") + 1] = at.DIGIT
    for character, kind in (("-", at.MINUS), (".", at.DOT), (" ", at.SPACE)):
        classes[ord(character)] = kind
    for character, kind in (
        (delimiters.repetition, at.REPETITION),
        (delimiters.component, at.COMPONENT),
        (delimiters.element, at.ELEMENT_END),
        (delimiters.segment, at.SEGMENT_END),
    ):
        if character:
            classes[ord(character)] = kind
    return classes
