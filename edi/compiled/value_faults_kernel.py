"""What is wrong with one value, by its classes of bytes, its length, and what its element asks for."""

from __future__ import annotations

import numpy as np

from edi.compiled.emit_kernel import emit
from edi.compiled.keys import KEY_BYTES
from edi.compiled.layout import (
    AN,
    COMPONENT,
    DATE,
    DECIMAL,
    DIGIT,
    DOT,
    E_AMOUNT,
    E_CAREFUL,
    E_CODES,
    E_COMPONENT,
    E_COMPONENTS,
    E_IS_QUALIFIER,
    E_MAX,
    E_MIN,
    E_PATTERN,
    E_QUALIFIER,
    E_QUICK,
    E_REPEAT,
    E_TYPE,
    E_USAGE,
    ENCODING,
    HIGH,
    ID,
    INVALID,
    MINUS,
    NOT_USED,
    NUMERIC,
    REPETITION,
    REQUIRED,
    TIME,
    UTF_8,
)
from edi.compiled.options import (
    BOOL,
    BYTES,
    CLASSES,
    INT,
    INTS,
    KEY,
    KEYS,
    LONG_TABLE,
    NONE,
    TABLE,
    helper,
    inlined,
)
from edi.compiled.values_kernel import (
    BAD_DATE,
    BAD_TIME,
    EIGHT,
    FRACTION_OF_A_CENT,
    ONE,
    RIGHT,
    ZERO,
    characters,
    check_format,
    fault_of_amount,
    in_code_set,
    is_date,
    is_number,
    is_time,
    is_utf_8,
    value_key,
)
from edi.findings import CODE_NUMBERS

# what may be wrong with a value, as bits in the order in which it is told
FAULTS = (
    "ELEMENT_SHORT",
    "ELEMENT_LONG",
    "ELEMENT_CODE",
    "ELEMENT_CHARACTER",
    "ELEMENT_DATE",
    "ELEMENT_TIME",
    "ELEMENT_PATTERN",
    "ELEMENT_MISSING",
    "ELEMENT_NOT_USED",
    "ELEMENT_REPETITIONS",
    "ELEMENT_COMPONENTS",
)
SHORT, LONG, BAD_CODE, BAD_CHARACTER, WRONG_DATE, WRONG_TIME, BAD_PATTERN, ABSENT, UNUSED, REPETITIONS, COMPONENTS = (
    1 << place for place in range(len(FAULTS))
)
NUMBER_SIGNS = MINUS | DOT
FAULT_CODES = np.array([CODE_NUMBERS[code] for code in FAULTS], np.int64)


@helper(NONE(LONG_TABLE, INTS, INT, INT, INT, INT, INT, INT, INT, INT))
def report(findings, state, wrong, segment, node, element, component, repetition, start, stop):
    """A finding for each bit of `wrong`."""
    for place in range(len(FAULTS)):
        if wrong >> place & 1:
            emit(findings, state, FAULT_CODES[place], segment, node, element, component, repetition, start, stop)


@inlined(INT(BYTES, INT, INT, INT, KEY, KEY, TABLE, KEY, TABLE, KEYS, INT))
def check_value(raw, start, length, flags, key, form, elements, row, code_sets, codes, encoding):
    """What is wrong, as bits, with one present simple value; `form` is the key of its format qualifier."""
    kind = elements[row, E_TYPE]
    shortest = elements[row, E_MIN]
    numeric = kind == NUMERIC or kind == DECIMAL
    measured, wrong = length, 0
    if flags & HIGH and encoding == UTF_8:
        measured = characters(raw, start, length)
    if numeric and flags & NUMBER_SIGNS:
        for i in range(start, start + length):
            if raw[i] == 45 or raw[i] == 46:
                measured -= 1
    if measured < shortest:
        wrong = SHORT
    elif measured > elements[row, E_MAX]:
        wrong = LONG
    if flags & (INVALID | COMPONENT):
        return wrong | BAD_CHARACTER
    if flags & HIGH and (kind != AN or (encoding == UTF_8 and not is_utf_8(raw, start, length))):
        return wrong | BAD_CHARACTER
    code_set = elements[row, E_CODES]
    if code_set >= 0:
        if length > KEY_BYTES:
            key = value_key(raw, start, length)
        if not in_code_set(code_sets, codes, code_set, key):
            wrong |= BAD_CODE
    if kind <= ID:
        if raw[start + length - 1] == 32:
            text, blanks = length, 0
            while text > 0 and raw[start + text - 1] == 32:
                text -= 1
                blanks += 1
            if measured - blanks >= shortest:
                wrong |= BAD_CHARACTER
    elif numeric:
        if flags != DIGIT and not is_number(raw, start, length, kind == DECIMAL):
            wrong |= BAD_CHARACTER
        elif elements[row, E_AMOUNT]:
            fault = fault_of_amount(raw, start, length)
            if fault != RIGHT:
                wrong |= BAD_CHARACTER if fault == FRACTION_OF_A_CENT else LONG
    elif kind == DATE:
        if not is_date(raw, start, length):
            wrong |= WRONG_DATE
    elif kind == TIME and not is_time(raw, start, length):
        wrong |= WRONG_TIME
    if form:
        fault = check_format(raw, start, length, form)
        if fault == BAD_DATE:
            wrong |= WRONG_DATE
        elif fault == BAD_TIME:
            wrong |= WRONG_TIME
    pattern = elements[row, E_PATTERN]
    if pattern and (flags != DIGIT or length > 30 or not pattern >> length & 1):
        wrong |= BAD_PATTERN
    return wrong


@helper(BOOL(BYTES, INT, INT, INT, KEY, CLASSES, TABLE, INT, TABLE, KEYS, LONG_TABLE, INTS, INT, INT, INT, INT))
def check_parts(
    raw, start, length, value_flags, given, classes, elements, row, code_sets, codes, findings, state, segment, node,
    element, allowed,
):  # fmt: skip
    """Check a composite or repeated element: each component of each repetition; is all of it right?

    `given` is the key of the format qualifier of a simple element; components bring their own.
    """
    encoding = state[ENCODING]
    composite = elements[row, E_COMPONENT] >= 0
    first = elements[row, E_COMPONENT] if composite else row
    count = elements[row, E_COMPONENTS] if composite else 1
    divider = COMPONENT if composite else REPETITION
    stop = start + length
    repeated = value_flags & REPETITION != 0
    repetition, place, form = 1 if repeated else 0, 1, ZERO
    right, i = True, start
    while True:
        at, flags, kind, key = i, 0, np.int64(0), ZERO
        p, end = np.uint64(i), np.uint64(stop)
        while p < end:
            c = raw[p]
            kind = np.int64(classes[c])
            if kind >= divider:
                break
            flags |= kind
            key = (key << EIGHT) | np.uint64(c)
            p += ONE
        i = np.int64(p)
        ended = i == stop
        size, wrong = i - at, 0
        if repeated and repetition > elements[row, E_REPEAT]:
            while i < stop and classes[raw[i]] != REPETITION:
                i += 1
            report(findings, state, REPETITIONS, segment, node, element, 0, repetition, at, i)
            return False
        if place > count:
            if place == count + 1:
                wrong = COMPONENTS
        elif size > 0:
            spec = np.uint64(first + place - 1)
            if elements[spec, E_USAGE] == NOT_USED:
                wrong = UNUSED
            elif flags & elements[spec, E_CAREFUL] or not elements[spec, E_MIN] <= size <= elements[spec, E_QUICK]:
                asked = given
                if composite:
                    asked = form if elements[spec, E_QUALIFIER] else ZERO
                wrong = check_value(raw, at, size, flags, key, asked, elements, spec, code_sets, codes, encoding)
            if elements[spec, E_IS_QUALIFIER]:
                form = key if size <= KEY_BYTES and raw[at] != 0 else ZERO
        elif composite and elements[first + place - 1, E_USAGE] == REQUIRED:
            wrong = ABSENT
        right &= wrong == 0
        if wrong & allowed:
            part = place if composite else 0
            report(findings, state, wrong & allowed, segment, node, element, part, repetition, at, i)
        if ended or kind == REPETITION:
            while composite and place < count:
                place += 1
                if elements[first + place - 1, E_USAGE] == REQUIRED:
                    right = False
                    report(findings, state, ABSENT, segment, node, element, place, repetition, i, i)
            if ended:
                return right
            repetition, place, form = repetition + 1, 1, ZERO
        else:
            place += 1
        i += 1
