"""Cut the next segment out of the buffer, split it into elements, find the symbol that the matcher knows it by."""

from __future__ import annotations

import numpy as np
from numba.types import Tuple

from edi.compiled.keys import HASH_SHIFT as HASH_BITS
from edi.compiled.keys import QUALIFIER_BYTES
from edi.compiled.layout import COMPONENT_BYTE, ELEMENT_BYTE, REFINED, REPETITION_BYTE, TERMINATOR_BYTE
from edi.compiled.options import BOOL, BYTES, COUNTS, INT, INTS, KEY, KEYS, PAIR, helper, inlined
from edi.compiled.values_kernel import EIGHT, ONE, SHIFT_40, ZERO, find_slot, packed, value_hash
from edi.compiled.words import BLOCK, lowest_bit, masks_at
from edi.envelope import EXACT_HEADER, HEADER_SEPARATORS
from edi.limits import MOST_ELEMENTS

SHIFT_HASH = np.uint64(HASH_BITS)
SPLIT = Tuple((INT, INT, INT, KEY, KEY, KEY))
BLOCK_BYTES, LAST_BYTE, EVERY_BYTE = np.uint64(BLOCK), np.uint64(1 << (BLOCK - 1)), np.uint64((1 << BLOCK) - 1)
MOST_PLACES = np.uint64(MOST_ELEMENTS + 1)
SEPARATOR_PLACES = np.array(HEADER_SEPARATORS, np.int64)


@inlined(BOOL(INT))
def is_blank(byte):
    """Space, tab, line ends, vertical tab, form feed."""
    return byte == 32 or 9 <= byte <= 13


def _read_segment(raw, begin, limit, state, starts, lengths):
    """Split one segment.

    Returns its number of elements, those beyond the last kept counted, the end of its text, and the place after its
    terminator: -1 where there is none before `limit`. Then masks of its elements, the lowest bit for the first after
    the segment id: those that are not empty, those that hold more than digits, those that hold what is odd in a text.
    """
    element, terminator = np.uint8(state[ELEMENT_BYTE]), np.uint8(state[TERMINATOR_BYTE])
    component, repetition = np.uint8(state[COMPONENT_BYTE]), np.uint8(state[REPETITION_BYTE])
    k, at, base, stop = np.uint64(0), np.uint64(begin), np.uint64(begin), np.uint64(limit)
    present, wordy, strange = ZERO, ZERO, ZERO
    bit, holds_words, holds_odd = ZERO, ZERO, ZERO  # of the element at hand, in former blocks
    while True:
        ends, stops, words, blanks, odd = masks_at(raw, base, element, terminator, component, repetition)
        odd |= blanks & (ends >> ONE | LAST_BYTE)  # a blank at the end of an element
        if base + BLOCK_BYTES > stop:
            inside = (ONE << (stop - base)) - ONE
            ends, stops = ends & inside, stops & inside
        ends &= stops ^ (stops - ONE)
        rest = EVERY_BYTE  # of the block, from the element at hand on
        while ends:
            place = lowest_bit(ends)
            before = rest & ((ONE << place) - ONE)
            end = base + place
            if k <= MOST_PLACES:
                starts[k], lengths[k] = np.int64(at), np.int64(end - at)
                if end != at:
                    present |= bit
                if holds_words | words & before:
                    wordy |= bit
                if holds_odd | odd & before:
                    strange |= bit
            bit = bit << ONE if k else ONE
            k += ONE
            at = end + ONE
            holds_words = holds_odd = ZERO
            rest = ~(ends ^ (ends - ONE))
            ends &= ends - ONE
        if stops:
            return np.int64(k), np.int64(at) - 1, np.int64(at), present, wordy, strange
        if base + BLOCK_BYTES >= stop:
            if k <= MOST_PLACES:
                starts[k], lengths[k] = np.int64(at), np.int64(stop - at)
                if stop != at:
                    present |= bit
                    wordy |= bit
                    strange |= bit
            return np.int64(k) + 1, limit, -1, present, wordy, strange
        holds_words |= words & rest
        holds_odd |= odd & rest
        base += BLOCK_BYTES


READING = SPLIT(BYTES, INT, INT, INTS, INTS, INTS)
read_segment = inlined(READING)(_read_segment)
read_stripped = helper(READING)(_read_segment)
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


@inlined(INT(BYTES, INT, INT, INTS))
def first_part(raw, start, length, state):
    """The length of the first component of a value."""
    size = 0
    while size < length and np.int64(raw[start + size]) != state[COMPONENT_BYTE]:
        size += 1
    return size


@inlined(KEY(BYTES, INT, INTS, INTS, INTS, INT, INT))
def qualifier_key(raw, k, starts, lengths, state, element, part):
    """The part of a symbol's key that comes from the qualifier of a segment, 0 where it has none."""
    if element == 0 or element >= k:
        return ZERO
    start, length = starts[element], lengths[element]
    if part:
        length = first_part(raw, start, length, state)
    if length == 0 or raw[start] == 0:
        return ZERO
    return packed(raw, start, length) if length <= QUALIFIER_BYTES else value_hash(raw, start, length) >> SHIFT_HASH


@helper(PAIR(BYTES, INT, INTS, INTS, KEY, KEY, INTS, INT, INT, INT, KEYS, COUNTS))
def find_symbol(raw, k, starts, lengths, segment, qualifier, state, element, part, symbol, symbol_keys, symbol_ids):
    """The symbol of a segment with its qualifier, `symbol` where none fits; and 1 where more than these decides."""
    if qualifier == ZERO:
        return symbol, 0
    slot = find_slot(symbol_keys, segment << SHIFT_40 | qualifier)
    if slot < 0:
        return symbol, 0
    found = np.int64(symbol_ids[slot])
    if found < REFINED:
        return found, 0
    symbol = found - REFINED
    length, following = lengths[element], element + 1
    if part:
        length = first_part(raw, starts[element], length, state)
    if following < k and lengths[following] > 0 and length + 1 + lengths[following] <= QUALIFIER_BYTES:
        refined = qualifier << EIGHT | np.uint64(47)
        size = np.uint64(8 * lengths[following])
        refined = refined << size | packed(raw, starts[following], lengths[following])
        slot = find_slot(symbol_keys, segment << SHIFT_40 | refined)
        if slot >= 0:
            symbol = np.int64(symbol_ids[slot])
    return symbol, 1


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
