"""Rules for single values, as `edi.values` has them, on the bytes `raw[start : start + length]`."""

from __future__ import annotations

import numpy as np

from edi.compiled.keys import FNV_OFFSET, FNV_PRIME, GOLDEN, KEY_BYTES, TOP_BIT, text_key
from edi.compiled.options import BOOL, BYTES, INT, KEY, KEYS, PAIR, TABLE, helper, inlined
from edi.compiled.words import swapped, word_at
from edi.money import CENTS, MOST_DIGITS
from edi.values import EARLIEST_YEAR, LATEST_SHORT_YEAR, LONGEST_COUNT

ZERO, ONE, EIGHT = np.uint64(0), np.uint64(1), np.uint64(8)
OFFSET, PRIME = np.uint64(FNV_OFFSET), np.uint64(FNV_PRIME)
HASHED = np.uint64(TOP_BIT)
SPREAD = np.uint64(GOLDEN)
SHIFT_40, SHIFT_48 = np.uint64(40), np.uint64(48)
D8, RD8, D6, DT, TM = (np.uint64(text_key(name)) for name in ("D8", "RD8", "D6", "DT", "TM"))
NO_AMOUNT = -(1 << 63)
RIGHT, BAD_DATE, BAD_TIME = 0, 1, 2
WORD_BITS, WORD_BYTES = 64, 8


@helper(KEY(BYTES, INT, INT))
def value_hash(raw, start, length):
    """FNV-1a."""
    key = OFFSET
    for i in range(start, start + length):
        key = (key ^ np.uint64(raw[i])) * PRIME
    return key


@inlined(KEY(BYTES, INT, INT))
def packed(raw, start, length):
    """`keys.text_key` of a value of 1 to `KEY_BYTES` bytes."""
    return swapped(word_at(raw, np.uint64(start))) >> np.uint64(WORD_BITS - 8 * length)


@helper(KEY(BYTES, INT, INT))
def value_key(raw, start, length):
    """`keys.text_key` of the value."""
    if length > KEY_BYTES:
        return value_hash(raw, start, length) | HASHED
    key = ZERO
    for i in range(start, start + length):
        key = (key << EIGHT) | np.uint64(raw[i])
    return key


@inlined(INT(KEYS, KEY))
def find_slot(keys, key):
    """Where a key is in a table of a power of two of slots, or -1."""
    mask = keys.shape[0] - 1
    slot = np.int64((key * SPREAD) >> SHIFT_48) & mask
    while keys[slot] != key:
        if keys[slot] == ZERO:
            return -1
        slot = (slot + 1) & mask
    return slot


@inlined(BOOL(TABLE, KEYS, INT, KEY))
def in_code_set(code_sets, codes, number, key):
    """Is the key in that code set?"""
    offset, mask = np.uint64(code_sets[number, 0]), np.uint64(code_sets[number, 1])
    slot = ((key * SPREAD) >> SHIFT_40) & mask
    while True:
        found = codes[offset + slot]
        if found == key:
            return True
        if found == ZERO:
            return False
        slot = (slot + ONE) & mask


@helper(INT(BYTES, INT, INT))
def digits(raw, start, length):
    """The value of a run of digits that fits into 18 of them, or -1."""
    value = 0
    for i in range(start, start + length):
        c = raw[i]
        if c < 48 or c > 57:
            return -1
        value = value * 10 + (c - 48)
    return value if length > 0 else -1


@helper(INT(BYTES, INT, INT))
def parse_count(raw, start, length):
    """A whole number without sign, or -1."""
    return digits(raw, start, length) if length <= LONGEST_COUNT else -1


@helper(BOOL(INT, INT, INT))
def is_day(year, month, day):
    """Is it a day of the calendar?"""
    if year < EARLIEST_YEAR or month < 1 or month > 12 or day < 1:
        return False
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return day <= (29 if leap else 28)
    return day <= (30 if month in (4, 6, 9, 11) else 31)


@helper(BOOL(BYTES, INT, INT))
def is_time(raw, start, length):
    """HHMM[SS[D[D]]]."""
    if length != 4 and (length < 6 or length > 8):
        return False
    if digits(raw, start, length) < 0:
        return False
    if digits(raw, start, 2) > 23 or digits(raw, start + 2, 2) > 59:
        return False
    return length == 4 or digits(raw, start + 4, 2) <= 59


@helper(BOOL(BYTES, INT, INT))
def is_date(raw, start, length):
    """YYMMDD, CCYYMMDD or CCYYMMDDHHMM."""
    if length == 6:
        day = digits(raw, start, 6)
        if day < 0:
            return False
        century = 2000 if day // 10000 < LATEST_SHORT_YEAR else 1900
        return is_day(century + day // 10000, day // 100 % 100, day % 100)
    if length != 8 and length != 12:
        return False
    day = digits(raw, start, 8)
    if day < 0 or not is_day(day // 10000, day // 100 % 100, day % 100):
        return False
    return length == 8 or is_time(raw, start + 8, 4)


@helper(BOOL(BYTES, INT, INT, BOOL))
def is_number(raw, start, length, decimal):
    """-?digits, of a decimal number -?digits?(.digits)? with at least one digit."""
    i, stop = start, start + length
    if i < stop and raw[i] == 45:
        i += 1
    first = i
    while i < stop and 48 <= raw[i] <= 57:
        i += 1
    if i == stop:
        return i > first
    if not decimal or raw[i] != 46:
        return False
    i += 1
    first = i
    while i < stop and 48 <= raw[i] <= 57:
        i += 1
    return i == stop and i > first


@helper(INT(BYTES, INT, INT, KEY))
def check_format(raw, start, length, qualifier):
    """RIGHT, or what is wrong with a date or time of the format that the qualifier names."""
    if qualifier == D8:
        right = length == 8 and is_date(raw, start, length)
    elif qualifier == RD8:
        right = length == 17 and raw[start + 8] == 45
        right = right and is_date(raw, start, 8) and is_date(raw, start + 9, 8)
    elif qualifier == D6:
        right = length == 6 and is_date(raw, start, length)
    elif qualifier == DT:
        right = length == 12 and is_date(raw, start, length)
    elif qualifier == TM:
        return RIGHT if length == 4 and is_time(raw, start, length) else BAD_TIME
    else:
        return RIGHT
    return RIGHT if right else BAD_DATE


FRACTION_OF_A_CENT, TOO_MANY_DIGITS = 1, 2


@helper(INT(BYTES, INT, INT))
def fault_of_amount(raw, start, length):
    """RIGHT, or why a decimal number is no amount of whole cents that we can hold."""
    i, stop = start, start + length
    if i < stop and raw[i] == 45:
        i += 1
    while i < stop and raw[i] == 48:
        i += 1
    first = i
    while i < stop and raw[i] != 46:
        i += 1
    whole = i - first
    places = stop - i - 1 if i < stop else 0
    while places > 0 and raw[i + places] == 48:
        places -= 1
    if places > CENTS:
        return FRACTION_OF_A_CENT
    return TOO_MANY_DIGITS if whole + CENTS > MOST_DIGITS else RIGHT


@helper(INT(BYTES, INT, INT))
def cents(raw, start, length):
    """The amount in cents, or NO_AMOUNT where it is none."""
    if length == 0 or not is_number(raw, start, length, True) or fault_of_amount(raw, start, length) != RIGHT:
        return NO_AMOUNT
    value, i, stop = 0, start, start + length
    negative = raw[i] == 45
    if negative:
        i += 1
    while i < stop and raw[i] != 46:
        value = value * 10 + (raw[i] - 48)
        i += 1
    for place in range(1, CENTS + 1):
        value *= 10
        if i + place < stop:
            value += raw[i + place] - 48
    return -value if negative else value


@helper(INT(BYTES, INT, INT))
def characters(raw, start, length):
    """Characters of UTF-8: bytes that continue none."""
    count = 0
    for i in range(start, start + length):
        if raw[i] < 0x80 or raw[i] > 0xBF:
            count += 1
    return count


@helper(BOOL(BYTES, INT, INT))
def is_utf_8(raw, start, length):
    """Is it well-formed UTF-8: no overlong form, no surrogate, nothing beyond the last character?"""
    i, stop = start, start + length
    while i < stop:
        c = raw[i]
        if c < 0x80:
            i += 1
            continue
        if 0xC2 <= c <= 0xDF:
            more, lowest, highest = 1, 0x80, 0xBF
        elif 0xE0 <= c <= 0xEF:
            more = 2
            lowest = 0xA0 if c == 0xE0 else 0x80
            highest = 0x9F if c == 0xED else 0xBF
        elif 0xF0 <= c <= 0xF4:
            more = 3
            lowest = 0x90 if c == 0xF0 else 0x80
            highest = 0x8F if c == 0xF4 else 0xBF
        else:
            return False
        if i + more >= stop or raw[i + 1] < lowest or raw[i + 1] > highest:
            return False
        for place in range(2, more + 1):
            if raw[i + place] < 0x80 or raw[i + place] > 0xBF:
                return False
        i += more + 1
    return True


@helper(PAIR(BYTES, INT, INT, INT, INT))
def component(raw, start, length, separator, place):
    """Start and length of a component (or repetition), from 1; at the end with length 0 where there is none.

    A separator of -1 is none: the whole value is its first part.
    """
    i, stop = start, start + length
    while place > 1:
        while i < stop and raw[i] != separator:
            i += 1
        if i >= stop:
            return stop, 0
        i += 1
        place -= 1
    first = i
    while i < stop and raw[i] != separator:
        i += 1
    return first, i - first


@helper(INT(BYTES, INT, INT))
def id_key(raw, start, length):
    """The packed key of a segment id, or 0 where it is no id that may be told."""
    if length < 2 or length > 3:
        return 0
    key = 0
    for i in range(start, start + length):
        c = raw[i]
        if not (65 <= c <= 90 or (i > start and 48 <= c <= 57)):
            return 0
        key = key << 8 | np.int64(c)
    return key
