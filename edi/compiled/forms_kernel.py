"""Forms of identifiers and amounts, compiled: the twins of `edi.business.forms` and of the amounts of `plain`."""

from __future__ import annotations

import numpy as np

from edi.business.forms import NPI_PREFIX_SUM
from edi.business.limits import MOST_DIGITS
from edi.compiled.business_layout import (
    A_CHARACTERS,
    A_LEAST,
    A_MOST,
    H_CHARACTERS,
    NPI,
    O_KIND,
    O_SHAPE,
    O_SHAPES,
    ROUTING_NUMBER,
    SHAPED,
    TAX_ID,
)
from edi.compiled.options import BOOL, BYTES, INT, KEYS, TABLE, helper, inlined

ZERO, NINE, MINUS, POINT = 48, 57, 45, 46
NO_AMOUNT = -(2**63)
TOO_MUCH = 10**MOST_DIGITS
"""Cents."""
CENTS = 2
PLACES = 100
WHOLE_LIMIT = TOO_MUCH // PLACES
ONE = np.uint64(1)
DAY, RANGE = 8, 17
NPI_DIGITS, TAX_ID_DIGITS = 10, 9


@helper(INT(BYTES, INT, INT))
def amount(raw, start, length):
    """Cents of an amount that can be added up, else NO_AMOUNT."""
    at, stop = start, start + length
    negative = at < stop and raw[at] == MINUS
    if negative:
        at += 1
    first, whole = at, 0
    while at < stop and ZERO <= raw[at] <= NINE:
        if whole < WHOLE_LIMIT:
            whole = whole * 10 + (raw[at] - ZERO)
        at += 1
    cents = 0
    if at == stop:
        if at == first:
            return NO_AMOUNT
    else:
        if raw[at] != POINT or at + 1 == stop:
            return NO_AMOUNT
        at += 1
        for place in range(stop - at):
            digit = raw[at + place]
            if digit < ZERO or digit > NINE or (place >= CENTS and digit != ZERO):
                return NO_AMOUNT
            if place == 0:
                cents = (digit - ZERO) * 10
            elif place == 1:
                cents += digit - ZERO
    if whole >= WHOLE_LIMIT:
        return NO_AMOUNT
    total = whole * PLACES + cents
    return -total if negative else total


@helper(INT(BYTES, INT, INT))
def number_of(raw, start, length):
    """The number that a run of digits is, or -1."""
    number = 0
    for at in range(start, start + length):
        digit = raw[at]
        if digit < ZERO or digit > NINE:
            return -1
        number = number * 10 + (digit - ZERO)
    return number if length else -1


@inlined(BOOL(BYTES, INT, INT))
def is_npi(raw, start, length):
    """Ten digits, the first 1 or 2, right by Luhn with 80840 before them."""
    if length != NPI_DIGITS or raw[start] < ZERO + 1 or raw[start] > ZERO + 2:
        return False
    total = NPI_PREFIX_SUM
    for place in range(NPI_DIGITS):
        digit = np.int64(raw[start + place]) - ZERO
        if digit < 0 or digit > 9:
            return False
        if place % 2 == 0:
            digit *= 2
            if digit > 9:
                digit -= 9
        total += digit
    return total % 10 == 0


@inlined(BOOL(BYTES, INT, INT))
def is_tax_id(raw, start, length):
    """Nine digits, not all the same."""
    if length != TAX_ID_DIGITS:
        return False
    same = True
    for at in range(start, start + length):
        if raw[at] < ZERO or raw[at] > NINE:
            return False
        same = same and raw[at] == raw[start]
    return not same


@inlined(BOOL(BYTES, INT, INT))
def is_routing_number(raw, start, length):
    """Nine digits, weighted by 3, 7, 1, divisible by ten."""
    if length != TAX_ID_DIGITS:
        return False
    total = 0
    for place in range(length):
        digit = np.int64(raw[start + place]) - ZERO
        if digit < 0 or digit > 9:
            return False
        total += digit * (3 if place % 3 == 0 else 7 if place % 3 == 1 else 1)
    return total % 10 == 0


@inlined(BOOL(BYTES, INT, INT))
def is_forward_range(raw, start, length):
    """A range of days in the order of time, or no such range at all."""
    if length != RANGE or raw[start + DAY] != MINUS:
        return True
    first, last = number_of(raw, start, DAY), number_of(raw, start + DAY + 1, DAY)
    return first < 0 or last < 0 or first <= last


@inlined(BOOL(BYTES, INT, INT, TABLE, KEYS, INT))
def has_shape(raw, start, length, rules, lists, form):
    """Does one of the alternatives of a form fit?"""
    characters, begin = np.uint64(rules[0, H_CHARACTERS]), np.uint64(start)
    first = np.uint64(rules[form, O_SHAPE])
    for shape in range(first, first + np.uint64(rules[form, O_SHAPES])):
        if length < rules[shape, A_LEAST] or length > rules[shape, A_MOST]:
            continue
        place = np.uint64(0)
        while place < np.uint64(length):
            classes = lists[characters + np.uint64(raw[begin + place])]
            if not classes >> np.uint64(rules[shape, np.uint64(A_CHARACTERS) + place]) & ONE:
                break
            place += ONE
        if place == np.uint64(length):
            return True
    return False


@helper(BOOL(BYTES, INT, INT, INT))
def is_calculated(raw, start, length, kind):
    """Has a value one of the forms that take more than a look at each character?"""
    if kind == NPI:
        return is_npi(raw, start, length)
    if kind == TAX_ID:
        return is_tax_id(raw, start, length)
    if kind == ROUTING_NUMBER:
        return is_routing_number(raw, start, length)
    return is_forward_range(raw, start, length)


@inlined(BOOL(BYTES, INT, INT, TABLE, KEYS, INT))
def has_form(raw, start, length, rules, lists, form):
    """Has a present value the form of this row?"""
    kind = rules[form, O_KIND]
    if kind == SHAPED:
        return has_shape(raw, start, length, rules, lists, form)
    return is_calculated(raw, start, length, kind)
