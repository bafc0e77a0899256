"""Kernels that read elements for tables: find them in a segment, compare qualifiers, keep their values."""

from __future__ import annotations

import numpy as np

from edi.compiled import extraction_layout as x
from edi.compiled.access_kernel import get, get_reading
from edi.compiled.copy_kernel import SLACK, copy_words
from edi.compiled.options import (
    BOOL,
    BYTES,
    COUNTS,
    INT,
    INTS,
    KEY,
    KEYS,
    NONE,
    PAIR,
    SHORT_TABLE,
    STARTS,
    helper,
    inlined,
)
from edi.compiled.value_kernel import NOTHING, read_value

EIGHT = np.uint64(8)
LONGEST_KEY = 7
NO_KEY = np.uint64(2**64 - 1)
HIGH = 0x80
HIGH_BITS = np.uint64(0x8080808080808080)
SECOND_BYTE_BITS = 6
FIRST_OF_TWO, NEXT_OF_TWO, LOW_BITS = 0xC0, 0x80, 0x3F


@inlined(PAIR(BYTES, INT, INT, INT, INT))
def component_of(raw, start, stop, component, separator):
    """Start and stop of the n-th component of raw[start:stop]; equal where there is none."""
    at = start
    for _ in range(component - 1):
        while at < stop and get(raw, at) != separator:
            at += 1
        if at >= stop:
            return stop, stop
        at += 1
    end = at
    while end < stop and get(raw, end) != separator:
        end += 1
    return at, end


@helper(KEY(BYTES, INT, INT))
def key_of(raw, start, stop):
    """Up to seven bytes as a number; longer ones are equal to no key."""
    if stop - start > LONGEST_KEY:
        return NO_KEY
    key = np.uint64(0)
    for at in range(start, stop):
        key = (key << EIGHT) | np.uint64(get(raw, at))
    return key


@helper(INT(BYTES, INT, INT, BYTES, INT, INTS))
def copy_bytes(raw, start, stop, target, at, state):
    """Copy text byte by byte, Latin-1 as UTF-8; returns its length then. What is no UTF-8 is mended later."""
    out = at
    for place in range(start, stop):
        byte = raw[place]
        if byte < HIGH:
            target[out] = byte
        elif state[x.X_LATIN]:
            target[out] = FIRST_OF_TWO | (byte >> SECOND_BYTE_BITS)
            out += 1
            target[out] = NEXT_OF_TWO | (byte & LOW_BITS)
        else:
            target[out] = byte
            state[x.X_HIGH] = 1
        out += 1
    return out - at


@inlined(INT(BYTES, INT, INT, BYTES, INT, INTS))
def copy_text(raw, start, length, target, at, state):
    """Copy text of the batch; returns its length as UTF-8."""
    seen = HIGH_BITS
    if start + length + SLACK <= raw.shape[0]:
        seen = copy_words(raw, start, target, at, length)
    if seen & HIGH_BITS:  # maybe only behind the text
        length = copy_bytes(raw, start, start + length, target, at, state)
    return length


@inlined(NONE(BYTES, INT, INT, INT, INT, INTS, COUNTS, BYTES, INTS))
def keep_value(raw, start, stop, kind, cell, cell_values, cell_lengths, heap, state):
    """Keep raw[start:stop] as the value of a cell."""
    if kind == x.TEXT:
        out = state[x.X_HEAP]
        length = copy_text(raw, start, stop - start, heap, out, state)
        cell_values[cell], cell_lengths[cell] = out, length
        state[x.X_HEAP] = out + length
    else:
        value = read_value(raw, start, stop, kind, state)
        cell_values[cell] = value
        cell_lengths[cell] = x.INVALID if value == NOTHING else x.CONVERTED


@inlined(PAIR(BYTES, STARTS, INT, INT, INT, INT, INT))
def element_of(raw, element_starts, first, elements, element, component, separator):
    """Start and stop of an element of the segment or of a component; equal where it is empty or absent."""
    if element >= elements:
        return 0, 0
    start, stop = get(element_starts, first + element), get(element_starts, first + element + 1) - 1
    if component and stop > start:
        return component_of(raw, start, stop, component, separator)
    return start, stop


@helper(BOOL(BYTES, STARTS, INT, INT, SHORT_TABLE, INT, KEYS, INT))
def is_qualified(raw, element_starts, first, elements, readings, number, qualifiers, separator):
    """Does the segment's key element hold the qualifier of this reading?"""
    start, stop = element_of(
        raw,
        element_starts,
        first,
        elements,
        get_reading(readings, number, x.R_KEY_ELEMENT),
        get_reading(readings, number, x.R_KEY_COMPONENT),
        separator,
    )
    return key_of(raw, start, stop) == qualifiers[get_reading(readings, number, x.R_QUALIFIER)]


@inlined(PAIR(BYTES, STARTS, INT, INT, SHORT_TABLE, INT, KEYS, INT))
def reading_of(raw, element_starts, first, elements, readings, number, qualifiers, separator):
    """Start and stop of what is read of the segment; equal where there is nothing."""
    if get_reading(readings, number, x.R_KEY_ELEMENT) and not is_qualified(
        raw, element_starts, first, elements, readings, number, qualifiers, separator
    ):
        return 0, 0
    return element_of(
        raw,
        element_starts,
        first,
        elements,
        get_reading(readings, number, x.R_ELEMENT),
        get_reading(readings, number, x.R_COMPONENT),
        separator,
    )
