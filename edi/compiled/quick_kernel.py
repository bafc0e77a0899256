"""Is a value right at a glance? Most are, and are then never read byte by byte."""

from __future__ import annotations

import numpy as np
from numba.types import UniTuple

from edi.compiled.layout import KNOWN_VALUES
from edi.compiled.options import BOOL, BYTES, INT, KEY, KEY_TABLE, inlined
from edi.compiled.values_kernel import EIGHT, ONE, PRIME, SPREAD, WORD_BITS, WORD_BYTES, ZERO
from edi.compiled.words import lowest_bit, word_at

LONGEST_KNOWN = 24
_BYTES_KEPT = [(1 << 8 * length) - 1 for length in range(LONGEST_KNOWN + 1)]
WORDS_KEPT = np.array([[kept >> shift & (1 << 64) - 1 for shift in (0, 64, 128)] for kept in _BYTES_KEPT], np.uint64)
WORDS = UniTuple(KEY, 3)
LONGER_FORM, SHIFT_32 = np.uint64(1 << 24), np.uint64(32)
ZEROS, BEYOND_NINE, TOP_BITS = (np.uint64(byte * (((1 << 64) - 1) // 255)) for byte in (0x30, 0x76, 0x80))
SEVEN, LOWEST_BYTE, POINT = np.uint64(7), np.uint64(255), np.uint64(0x2E)
PLACE_OF_TENTHS, PLACE_OF_HUNDREDTHS = np.uint64(48), np.uint64(40)
"""Of the decimal point before them, in a word that a number ends with."""
KNOWN_SHIFT = np.uint64(64 - KNOWN_VALUES.bit_length() + 1)
SIXTEEN = np.uint64(16)


@inlined(WORDS(BYTES, INT, INT))
def value_words(raw, start, length):
    """The bytes of a value of at most `LONGEST_KNOWN`, in words with zeros behind them."""
    place, size = np.uint64(start), np.uint64(length)
    first = word_at(raw, place) & WORDS_KEPT[size, 0]
    if length <= WORD_BYTES:
        return first, ZERO, ZERO
    return (
        first,
        word_at(raw, place + EIGHT) & WORDS_KEPT[size, 1],
        word_at(raw, place + SIXTEEN) & WORDS_KEPT[size, 2],
    )


@inlined(BOOL(BYTES, INT, INT, KEY, KEY, KEY_TABLE, BOOL))
def is_known(raw, start, length, row, form, known, learns):
    """Was this value of this element, after this format qualifier, found right before? `learns`: it is right."""
    if length > LONGEST_KNOWN:
        return False
    what = row << SHIFT_32 | (form << EIGHT if form < LONGER_FORM else ZERO) | np.uint64(length)
    first, second, third = value_words(raw, start, length)
    slot = ((first ^ second * PRIME ^ third ^ row) * SPREAD) >> KNOWN_SHIFT
    if learns:
        known[slot, 0], known[slot, 1], known[slot, 2], known[slot, 3] = first, second, third, what
        return True
    same = known[slot, 0] == first and known[slot, 1] == second
    return same and known[slot, 2] == third and known[slot, 3] == what


@inlined(BOOL(BYTES, INT, INT))
def is_plain_decimal(raw, start, length):
    """Is it digits with a decimal point and one or two digits after it, no more than eight bytes in all?"""
    if length > WORD_BYTES:
        return False
    unused = np.uint64(WORD_BITS - 8 * length)
    word = word_at(raw, np.uint64(start)) << unused
    digits = word ^ ZEROS << unused
    others = (digits | digits + BEYOND_NINE) & TOP_BITS
    if others == ZERO or others & (others - ONE):
        return False
    place = lowest_bit(others) & ~SEVEN
    return (place == PLACE_OF_TENTHS or place == PLACE_OF_HUNDREDTHS) and word >> place & LOWEST_BYTE == POINT
