"""Find elements and components of a segment, and values in lists of codes."""

from __future__ import annotations

import numpy as np

from edi.compiled.business_layout import COMPONENT_BITS, PERIOD_BITS
from edi.compiled.keys import FNV_OFFSET, FNV_PRIME, GOLDEN, KEY_BYTES, TOP_BIT
from edi.compiled.options import BOOL, BYTES, INT, INTS, KEYS, PAIR, helper, inlined
from edi.compiled.options import KEY as WORD

ONE, EIGHT, NOTHING = np.uint64(1), np.uint64(8), np.uint64(0)
OFFSET, PRIME, TOP, SPREAD = np.uint64(FNV_OFFSET), np.uint64(FNV_PRIME), np.uint64(TOP_BIT), np.uint64(GOLDEN)
HASH_SHIFT = np.uint64(40)
DAY_SHIFT = np.uint64(32)
LAST_DAY = np.uint64((1 << 32) - 1)
COMPONENT = (1 << COMPONENT_BITS) - 1


@helper(WORD(BYTES, INT, INT))
def hash_of(raw, start, length):
    """The key of a long value."""
    key = OFFSET
    for at in range(start, start + length):
        key = (key ^ np.uint64(raw[at])) * PRIME
    return key | TOP


@inlined(WORD(BYTES, INT, INT))
def key_of(raw, start, length):
    """The key of a value; one that begins with a null byte is like no other."""
    if length > KEY_BYTES:
        return hash_of(raw, start, length)
    key = NOTHING
    first = np.uint64(start)
    stop = first + np.uint64(length)
    at = first
    while at < stop:
        key = (key << EIGHT) | np.uint64(raw[at])
        at += ONE
    return key | TOP if length and raw[first] == 0 else key


@inlined(PAIR(BYTES, INTS, INTS, INT, INT, INT, INT, INT))
def locate(raw, starts, lengths, told, separator, place, before, after):
    """Start and length of an element or component; of an absent one the place where it would stand.

    `before` is the place located last, which ended at `after`: the next component of that element is found from there.
    """
    element, component = place >> COMPONENT_BITS, place & COMPONENT
    if element > told:
        return starts[np.uint64(told)] + lengths[np.uint64(told)], np.int64(0)
    start, length = starts[np.uint64(element)], lengths[np.uint64(element)]
    if not component:
        return start, length
    at, stop = np.uint64(start), np.uint64(start + length)
    number = np.int64(1)
    if place == before + 1 and component > 1:
        at, number = np.uint64(after), component - 1
    while number < component and at < stop:
        if raw[at] == separator:
            number += 1
        at += ONE
    if number < component:
        return np.int64(stop), np.int64(0)
    end = at
    while end < stop and raw[end] != separator:
        end += ONE
    return np.int64(at), np.int64(end - at)


@helper(INT(KEYS, INT, INT, WORD))
def find_periods(lists, slots, mask, key):
    """When a code is valid: 0 always, -1 where it is not in the list, else the place and number of its periods."""
    slot = np.int64((key * SPREAD) >> HASH_SHIFT) & mask
    while True:
        found = lists[slots + 2 * slot]
        if found == key:
            return np.int64(lists[slots + 2 * slot + 1])
        if found == NOTHING:
            return -1
        slot = (slot + 1) & mask


@helper(BOOL(KEYS, INT, INT, INT))
def is_effective(lists, periods, first, last):
    """Does one of the periods meet these days?"""
    place = periods >> PERIOD_BITS
    for at in range(place, place + (periods & ((1 << PERIOD_BITS) - 1))):
        period = lists[at]
        if np.int64(period >> DAY_SHIFT) <= last and first <= np.int64(period & LAST_DAY):
            return True
    return False
