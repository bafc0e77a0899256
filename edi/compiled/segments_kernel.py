"""Cut the next segment out of the buffer, split it into elements, find the symbol that the matcher knows it by."""

from __future__ import annotations

import numpy as np
from numba.types import Tuple

from edi.compiled.keys import HASH_SHIFT as HASH_BITS
from edi.compiled.keys import KEY_BYTES, QUALIFIER_BYTES
from edi.compiled.layout import COMPONENT_BYTE, ELEMENT_END, REFINED, SEGMENT_END
from edi.compiled.options import BOOL, BYTES, CLASSES, COUNTS, INT, INTS, KEY, KEYS, PAIR, helper, inlined
from edi.compiled.values_kernel import EIGHT, ONE, SHIFT_40, ZERO, find_slot, value_hash, value_key
from edi.envelope import EXACT_HEADER, HEADER_SEPARATORS
from edi.limits import MOST_ELEMENTS

SHIFT_HASH = np.uint64(HASH_BITS)
SEPARATOR_PLACES = np.array(HEADER_SEPARATORS, np.int64)


@inlined(BOOL(INT))
def is_blank(byte):
    """Space, tab, line ends, vertical tab, form feed."""
    return byte == 32 or 9 <= byte <= 13


def _read_segment(raw, i, n, classes, starts, lengths, flags, keys):
    """Split one segment.

    Returns its number of elements, those beyond the last kept counted, the end of its text, and the place after its
    terminator: -1 where there is none before `n`. All places are unsigned here, since numba tests a signed index for
    being negative at every access.
    """
    k = np.uint64(0)
    p, stop = np.uint64(i), np.uint64(n)
    limit = np.uint64(MOST_ELEMENTS + 1)
    while True:
        at, seen, key = p, np.uint32(0), ZERO
        kind = np.uint32(0)
        while p < stop:
            c = raw[p]
            kind = np.uint32(classes[c])
            if kind >= ELEMENT_END:
                break
            seen |= kind
            key = (key << EIGHT) | np.uint64(c)
            p += ONE
        if k <= limit:
            starts[k], lengths[k], flags[k], keys[k] = np.int64(at), np.int64(p - at), np.int64(seen), key
        k += ONE
        if p >= stop:
            return np.int64(k), np.int64(p), -1
        p += ONE
        if kind == SEGMENT_END:
            return np.int64(k), np.int64(p) - 1, np.int64(p)


TRIPLE = Tuple((INT, INT, INT))
SPLIT = TRIPLE(BYTES, INT, INT, CLASSES, INTS, INTS, INTS, KEYS)
read_segment = inlined(SPLIT)(_read_segment)
read_stripped = helper(SPLIT)(_read_segment)
"""The same, not for every segment."""


@helper(INT(BYTES, INT, INT))
def text_end(raw, begin, end):
    """Where a text ends whose trailing blanks do not count, nor a final ^Z."""
    while end > begin and (is_blank(np.int64(raw[end - 1])) or raw[end - 1] == 0x1A):
        end -= 1
    return end


@helper(BOOL(BYTES, INT, INT))
def may_hold_header(raw, begin, stop):
    """Do the bytes hold an ISA with its separators in their places?"""
    for at in range(begin, stop - EXACT_HEADER + 1):
        if raw[at] == 73 and raw[at + 1] == 83 and raw[at + 2] == 65:
            separator = raw[at + 3]
            right = True
            for place in SEPARATOR_PLACES:
                if raw[at + place] != separator:
                    right = False
                    break
            if right:
                return True
    return False


@inlined(KEY(BYTES, INT, INT, KEY))
def qualifier_key(raw, start, length, key):
    """The part of a symbol's key that comes from its qualifier, 0 where it can be none."""
    if length == 0 or raw[start] == 0:
        return ZERO
    return key if length <= QUALIFIER_BYTES else value_hash(raw, start, length) >> SHIFT_HASH


@inlined(INT(BYTES, INT, INTS, INTS, KEYS, INTS, INT, INT, INT, KEYS, COUNTS))
def find_symbol(raw, k, starts, lengths, keys, state, element, part, symbol, symbol_keys, symbol_ids):
    """The symbol of a segment whose id has its qualifier in that element; `symbol` where none fits."""
    if element >= k:
        return symbol
    start, length, key = starts[element], lengths[element], keys[element]
    if part:
        size = 0
        while size < length and np.int64(raw[start + size]) != state[COMPONENT_BYTE]:
            size += 1
        if size < length:
            length = size
            key = value_key(raw, start, length) if length <= KEY_BYTES else ZERO
    qualifier = qualifier_key(raw, start, length, key)
    if qualifier == ZERO:
        return symbol
    slot = find_slot(symbol_keys, keys[0] << SHIFT_40 | qualifier)
    if slot < 0:
        return symbol
    found = np.int64(symbol_ids[slot])
    if found < REFINED:
        return found
    symbol = found - REFINED
    following = element + 1
    if following < k and lengths[following] > 0 and length + 1 + lengths[following] <= QUALIFIER_BYTES:
        refined = qualifier << EIGHT | np.uint64(47)
        refined = refined << np.uint64(8 * lengths[following]) | keys[following]
        slot = find_slot(symbol_keys, keys[0] << SHIFT_40 | refined)
        if slot >= 0:
            symbol = np.int64(symbol_ids[slot])
    return symbol


@helper(PAIR(BYTES, INT, INT, INT))
def skip_blanks(raw, position, size, terminator):
    """Past blanks, but not past a terminator unless that is a line end; and 1 where they were not line ends alone."""
    indented = 0
    while position < size:
        byte = np.int64(raw[position])
        if not is_blank(byte) or (byte == terminator and byte != 10 and byte != 13):
            break
        if byte != 10 and byte != 13:
            indented = 1
        position += 1
    return position, indented
