"""Check the elements of a segment against its node, as `edi.reference.segment_checks` does.

`flags` is the union of the classes of a value's bytes, and `key` its last bytes packed; both are gathered while the
segment is split, so that most values are never read again. Findings come in the order of their elements.
"""

from __future__ import annotations

import numpy as np

from edi.compiled.emit_kernel import emit
from edi.compiled.keys import KEY_BYTES, text_key
from edi.compiled.layout import (
    AN,
    COMPONENT,
    CONDITIONAL,
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
    ELEMENT_BYTE,
    ENCODING,
    EXCLUSIVE,
    HIGH,
    ID,
    INVALID,
    LIST_CONDITIONAL,
    MINUS,
    N_ELEMENT,
    N_ELEMENTS,
    N_ID,
    N_POSTAL,
    N_SYNTAX,
    N_SYNTAXES,
    NOT_USED,
    NUMERIC,
    PAIRED,
    REPETITION,
    REQUIRED,
    S_KIND,
    S_LEAD,
    S_MASK,
    S_NEXT,
    TIME,
    UTF_8,
)
from edi.compiled.options import (
    BYTES,
    CLASSES,
    INT,
    INTS,
    KEY,
    KEY_TABLE,
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
from edi.limits import MOST_ELEMENTS

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
FAULT_CODES = np.array([CODE_NUMBERS[code] for code in FAULTS], np.int64)
MISSING, CONDITIONALLY_MISSING = CODE_NUMBERS["ELEMENT_MISSING"], CODE_NUMBERS["ELEMENT_CONDITIONAL_MISSING"]
EXCLUDED, TOO_MANY = CODE_NUMBERS["ELEMENT_EXCLUSION"], CODE_NUMBERS["ELEMENT_TOO_MANY"]
TRAILING, WITHOUT_DATA = CODE_NUMBERS["TRAILING_SEPARATOR"], CODE_NUMBERS["SEGMENT_ELEMENTS"]
HL_SEQUENCE, HL_PARENT = CODE_NUMBERS["HL_SEQUENCE"], CODE_NUMBERS["HL_PARENT"]
LX_SEQUENCE = CODE_NUMBERS["LX_SEQUENCE"]
NUMBER_1, NUMBER_2, LINE_NUMBER = 1, 2, 4
"""Faults of HL01, HL02 and LX01, as bits."""
DOMESTIC_2, DOMESTIC_3 = np.uint64(text_key("US")), np.uint64(text_key("USA"))
COUNTRY = 4
NUMBER_SIGNS = MINUS | DOT
EVERYTHING = -1


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


@helper(NONE(BYTES, INT, INT, INT, KEY, CLASSES, TABLE, INT, TABLE, KEYS, LONG_TABLE, INTS, INT, INT, INT, INT))
def check_parts(
    raw, start, length, value_flags, given, classes, elements, row, code_sets, codes, findings, state, segment, node,
    element, allowed,
):  # fmt: skip
    """Check a composite or repeated element: each component of each repetition.

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
    i = start
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
            return
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
        if wrong & allowed:
            part = place if composite else 0
            report(findings, state, wrong & allowed, segment, node, element, part, repetition, at, i)
        if ended or kind == REPETITION:
            while composite and place < count:
                place += 1
                if elements[first + place - 1, E_USAGE] == REQUIRED:
                    report(findings, state, ABSENT, segment, node, element, place, repetition, i, i)
            if ended:
                return
            repetition, place, form = repetition + 1, 1, ZERO
        else:
            place += 1
        i += 1


@helper(KEY(LONG_TABLE, INTS, INT, INT, INT, INTS, INTS, INT, INT, KEY, KEY, KEY, KEY, INT, INT))
def report_pending(
    findings, state, segment, node, k, starts, lengths, end, element, absent, conditional, excluded, beyond, numbering,
    numbers_to,
):  # fmt: skip
    """Findings about the presence of the elements up to `element`, and about numbers up to `numbers_to`."""
    for e in range(1, min(element, MOST_ELEMENTS + 1) + 1):
        bit = ONE << np.uint64(e - 1)
        code = -1
        if absent & bit:
            code = MISSING
        elif conditional & bit:
            code = CONDITIONALLY_MISSING
        elif excluded & bit:
            code = EXCLUDED
        elif beyond & bit:
            code = TOO_MANY
        start, stop = end, end
        if e < k:
            start, stop = starts[e], starts[e] + lengths[e]
        if code >= 0:
            emit(findings, state, code, segment, node, e, 0, 0, start, stop)
        if e <= numbers_to:
            if e == 1 and numbering & NUMBER_1:
                emit(findings, state, HL_SEQUENCE, segment, node, 1, 0, 0, start, stop)
            if e == 1 and numbering & LINE_NUMBER:
                emit(findings, state, LX_SEQUENCE, segment, node, 1, 0, 0, start, stop)
            if e == 2 and numbering & NUMBER_2:
                emit(findings, state, HL_PARENT, segment, node, 2, 0, 0, start, stop)
    return ~ZERO << np.uint64(element) if element < 64 else ZERO


@inlined(KEY(KEY, KEY, KEY, KEY, KEY))
def syntax_faults(kind, held, mask, lead, following):
    """The elements that a syntax note finds at fault when `held` of those in `mask` are present."""
    if kind == PAIRED:
        return mask & ~held if held != ZERO else ZERO
    if kind == CONDITIONAL:
        return mask & ~held if held & lead != ZERO else ZERO
    if kind == LIST_CONDITIONAL:
        return following if held == lead else ZERO
    if kind == EXCLUSIVE:
        first = lead if held & lead != ZERO else held & (~held + ONE)
        return held & ~first
    return lead if held == ZERO else ZERO


@inlined(
    NONE(
        BYTES, INT, INT, INT, CLASSES, INTS, INTS, INTS, KEYS, INTS, TABLE, KEYS, TABLE, KEY_TABLE, TABLE, KEYS,
        LONG_TABLE, INTS, INT, INT,
    )
)  # fmt: skip
def check_elements(
    raw, k, end, stop, classes, starts, lengths, flags, keys, suspects, nodes, required, elements, syntax, code_sets,
    codes, findings, state, node, numbering,
):  # fmt: skip
    """Check every element of a segment; `end` is after its text, `stop` after its terminator."""
    expected, base = np.int64(nodes[node, N_ELEMENTS]), np.int64(nodes[node, N_ELEMENT])
    present, count = ZERO, 0
    for e in range(1, min(k, expected + 1)):
        length = lengths[e]
        if length == 0:
            continue
        row = np.uint64(base + e - 1)
        present |= ONE << np.uint64(e - 1)
        if flags[e] & elements[row, E_CAREFUL] or not elements[row, E_MIN] <= length <= elements[row, E_QUICK]:
            suspects[count] = e
            count += 1
    absent = required[node] & ~present
    beyond = ZERO
    if k - 1 > expected:
        more = k > MOST_ELEMENTS + 1
        for e in range(expected + 1, min(k, MOST_ELEMENTS + 1)):
            if lengths[e]:
                more = True
        if more:
            beyond = ONE << np.uint64(expected)
    conditional, excluded = ZERO, ZERO
    notes = np.int64(nodes[node, N_SYNTAX])
    for note in range(notes, notes + np.int64(nodes[node, N_SYNTAXES])):
        mask = syntax[note, S_MASK]
        faulty = syntax_faults(syntax[note, S_KIND], present & mask, mask, syntax[note, S_LEAD], syntax[note, S_NEXT])
        if syntax[note, S_KIND] == EXCLUSIVE:
            excluded |= faulty
        else:
            conditional |= faulty
    segment = np.int64(nodes[node, N_ID])
    trailing = k > 1 and np.int64(raw[end - 1]) == state[ELEMENT_BYTE]
    if trailing:
        emit(findings, state, TRAILING, segment, node, 0, 0, 0, starts[0], stop)
    elif present | absent | beyond == ZERO:
        emit(findings, state, WITHOUT_DATA, segment, node, 0, 0, 0, starts[0], stop)
    conditional &= ~(absent | beyond)
    excluded &= ~(absent | beyond)
    pending = absent | conditional | excluded | beyond
    if count:
        encoding, allowed = state[ENCODING], EVERYTHING
        if nodes[node, N_POSTAL] and k > COUNTRY and lengths[COUNTRY]:
            country = keys[COUNTRY]
            domestic = (lengths[COUNTRY] == 2 and country == DOMESTIC_2) or (
                lengths[COUNTRY] == 3 and country == DOMESTIC_3
            )
            if not domestic:
                allowed = ~BAD_PATTERN
        for s in range(count):
            e = suspects[s]
            row = np.uint64(base + e - 1)
            seen, length, wrong = flags[e], lengths[e], 0
            divided = seen & REPETITION != 0 or elements[row, E_COMPONENT] >= 0
            if pending or numbering:
                left = report_pending(
                    findings, state, segment, node, k, starts, lengths, end, e, absent & pending,
                    conditional & pending, excluded & pending, beyond & pending, numbering, e if divided else e - 1,
                )  # fmt: skip
                pending &= left
                if numbering:
                    if (e if divided else e - 1) >= 1:
                        numbering &= ~(NUMBER_1 | LINE_NUMBER)
                    if (e if divided else e - 1) >= 2:
                        numbering &= ~NUMBER_2
            if elements[row, E_USAGE] == NOT_USED:
                wrong = UNUSED
            else:
                place = np.uint64(elements[row, E_QUALIFIER])
                form = ZERO
                if place and 0 < lengths[place] <= KEY_BYTES and raw[starts[place]] != 0:
                    form = keys[place]
                if divided:
                    check_parts(
                        raw, starts[e], length, seen, form, classes, elements, np.int64(row), code_sets, codes,
                        findings, state, segment, node, e, allowed,
                    )  # fmt: skip
                else:
                    wrong = allowed & check_value(
                        raw, starts[e], length, seen, keys[e], form, elements, row, code_sets, codes, encoding
                    )
            if wrong:
                report(findings, state, wrong, segment, node, e, 0, 0, starts[e], starts[e] + length)
    if pending or numbering:
        report_pending(
            findings, state, segment, node, k, starts, lengths, end, MOST_ELEMENTS + 1, absent & pending,
            conditional & pending, excluded & pending, beyond & pending, numbering, MOST_ELEMENTS + 1,
        )  # fmt: skip
