"""Kernels that turn the bytes of an element into a number: cents, counts, exact decimals, days, times of day.

They read exactly what `edi.reference.columns` reads; `NOTHING` stands for a value that is not of its kind.
"""

from __future__ import annotations

import numpy as np

from edi.compiled.access_kernel import get
from edi.compiled.copy_kernel import load_word
from edi.compiled.extraction_layout import COUNT, DAY, DAY_TIME, DECIMAL, LAST_DAY, MONEY, QUANTITY, X_DAY, X_DAY_TEXT
from edi.compiled.options import BYTES, INT, INTS, KEY, helper, inlined

NOTHING = -(2**63)
ZERO, NINE, MINUS, POINT = 48, 57, 45, 46
MONEY_PLACES, MONEY_WHOLE = 2, 16
QUANTITY_PLACES, DECIMAL_PLACES, NUMBER_WHOLE = 3, 6, 12
LONGEST_COUNT = 15
DAY_DIGITS, RANGE_CHARACTERS = 8, 17
LAST_HOUR, LAST_MINUTE = 23, 59
HIGH_HALVES, LOW_HALVES = np.uint64(0xF0F0F0F0F0F0F0F0), np.uint64(0x0F0F0F0F0F0F0F0F)
DIGIT_HALVES, TO_SIXTEEN = np.uint64(0x3030303030303030), np.uint64(0x0606060606060606)
PAIRS, FOURS = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF)
TEN_AND_ONE, HUNDRED_AND_ONE, THOUSANDS_AND_ONE = np.uint64(2561), np.uint64(6553601), np.uint64(42949672960001)
SHIFT_8, SHIFT_16, SHIFT_32 = np.uint64(8), np.uint64(16), np.uint64(32)


@helper(INT(BYTES, INT, INT, INT, INT))
def read_decimal(raw, start, stop, places, most_whole):
    """A number as a whole number of its last place; no more digits before the point than that, leading zeros apart."""
    at = start
    negative = at < stop and get(raw, at) == MINUS
    if negative:
        at += 1
    value, whole, digits = 0, 0, 0
    while at < stop and ZERO <= get(raw, at) <= NINE:
        value = value * 10 + (get(raw, at) - ZERO)
        if value > 0:
            whole += 1
            if whole > most_whole:
                return NOTHING
        digits += 1
        at += 1
    decimals = 0
    if at < stop:
        if get(raw, at) != POINT or at + 1 == stop:
            return NOTHING
        at += 1
        while at < stop:
            if not ZERO <= get(raw, at) <= NINE:
                return NOTHING
            if decimals < places:
                value = value * 10 + (get(raw, at) - ZERO)
                decimals += 1
            elif get(raw, at) != ZERO:
                return NOTHING
            digits += 1
            at += 1
    if digits == 0:
        return NOTHING
    while decimals < places:
        value *= 10
        decimals += 1
    return -value if negative else value


@helper(INT(BYTES, INT, INT))
def read_digits(raw, start, stop):
    """A whole number of at most 18 digits without sign, or -1."""
    value = 0
    for at in range(start, stop):
        if not ZERO <= get(raw, at) <= NINE:
            return -1
        value = value * 10 + (get(raw, at) - ZERO)
    return value


@helper(INT(INT, INT, INT))
def days_since_1970(year, month, day):
    """Days from 1970-01-01 in the Gregorian calendar, years counted from March."""
    if month <= 2:
        year -= 1
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@inlined(INT(KEY))
def eight_digits(text):
    """The number of eight ASCII digits, which a little-endian machine loads the first one lowest; -1 where one is none.

    Neighbours are joined to numbers of two, four and eight digits.
    """
    if ((text & HIGH_HALVES) ^ DIGIT_HALVES) | (((text + TO_SIXTEEN) & HIGH_HALVES) ^ DIGIT_HALVES):
        return -1
    text = (text & LOW_HALVES) * TEN_AND_ONE >> SHIFT_8
    text = (text & PAIRS) * HUNDRED_AND_ONE >> SHIFT_16
    return np.int64((text & FOURS) * THOUSANDS_AND_ONE >> SHIFT_32)


@helper(INT(INT))
def day_of(value):
    """YYYYMMDD in days since 1970."""
    year, month, day = value // 10000, value // 100 % 100, value % 100
    if value < 0 or year < 1 or month < 1 or month > 12 or day < 1:
        return NOTHING
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        longest = 29 if leap else 28
    else:
        longest = 30 if month in (4, 6, 9, 11) else 31
    return days_since_1970(year, month, day) if day <= longest else NOTHING


@inlined(INT(BYTES, INT, INTS))
def read_day(raw, start, state):
    """The day that the eight bytes from `start` on name, in days since 1970; mostly the one that was asked for last."""
    text = load_word(raw, start)
    if np.int64(text) != state[X_DAY_TEXT]:
        state[X_DAY_TEXT] = np.int64(text)
        state[X_DAY] = day_of(eight_digits(text))
    return state[X_DAY]


@helper(INT(BYTES, INT, INT, INT, INTS))
def read_date(raw, start, stop, last, state):
    """A day, or that of a date with time; of a range its first or last day."""
    length = stop - start
    if length < DAY_DIGITS:
        return NOTHING
    first = read_day(raw, start, state)
    if length != RANGE_CHARACTERS:
        return first
    until = read_day(raw, start + DAY_DIGITS + 1, state)
    if first == NOTHING or until == NOTHING or get(raw, start + DAY_DIGITS) != MINUS:
        return NOTHING
    return until if last else first


@helper(INT(BYTES, INT, INT))
def read_time(raw, start, stop):
    """HHMM[SS[D[D]]] in seconds, parts of a second dropped."""
    length = stop - start
    if length != 4 and not 6 <= length <= 8:
        return NOTHING
    value = read_digits(raw, start, stop)
    if value < 0:
        return NOTHING
    if length == 4:
        value *= 100
    elif length > 6:
        value //= 10 if length == 7 else 100
    hour, minute, second = value // 10000, value // 100 % 100, value % 100
    if hour > LAST_HOUR or minute > LAST_MINUTE or second > LAST_MINUTE:
        return NOTHING
    return hour * 3600 + minute * 60 + second


@helper(INT(BYTES, INT, INT, INT, INTS))
def read_value(raw, start, stop, kind, state):
    """The bytes as a value of this kind, which is not that of text."""
    if kind == MONEY:
        return read_decimal(raw, start, stop, MONEY_PLACES, MONEY_WHOLE)
    if kind == DAY or kind == LAST_DAY:
        return read_date(raw, start, stop, np.int64(kind == LAST_DAY), state)
    if kind == COUNT:
        value = read_digits(raw, start, stop) if stop - start <= LONGEST_COUNT else -1
        return value if value >= 0 else NOTHING
    if kind == QUANTITY:
        return read_decimal(raw, start, stop, QUANTITY_PLACES, NUMBER_WHOLE)
    if kind == DECIMAL:
        return read_decimal(raw, start, stop, DECIMAL_PLACES, NUMBER_WHOLE)
    if kind == DAY_TIME:
        return read_time(raw, start + DAY_DIGITS, stop)
    return read_time(raw, start, stop)
