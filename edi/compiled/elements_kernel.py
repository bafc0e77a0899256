"""Check the elements of a segment against its node, as `edi.reference.segment_checks` does.

`flags` is the union of the classes of a value's bytes, and `key` its last bytes packed; both are gathered while the
segment is split, so that most values are never read again. Findings come in the order of their elements.
"""

from __future__ import annotations

import numpy as np

from edi.compiled.emit_kernel import emit
from edi.compiled.keys import KEY_BYTES, text_key
from edi.compiled.layout import (
    CONDITIONAL,
    E_COMPONENT,
    E_QUALIFIER,
    E_USAGE,
    ELEMENT_BYTE,
    ENCODING,
    EXCLUSIVE,
    LIST_CONDITIONAL,
    M_COUNT,
    M_DECIMAL,
    M_FIRST,
    M_FORMED,
    M_LOOKED_UP,
    M_NUMERIC,
    M_REQUIRED,
    N_ID,
    N_POSTAL,
    N_SYNTAX,
    N_SYNTAXES,
    NOT_USED,
    PAIRED,
    REPETITION,
    S_KIND,
    S_LEAD,
    S_MASK,
    S_NEXT,
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
from edi.compiled.quick_kernel import is_known, is_plain_decimal
from edi.compiled.value_faults_kernel import BAD_PATTERN, UNUSED, check_parts, check_value, report
from edi.compiled.values_kernel import (
    ONE,
    SPREAD,
    ZERO,
    packed,
    value_key,
)
from edi.compiled.words import lowest_bit
from edi.findings import CODE_NUMBERS
from edi.limits import MOST_ELEMENTS

MISSING, CONDITIONALLY_MISSING = CODE_NUMBERS["ELEMENT_MISSING"], CODE_NUMBERS["ELEMENT_CONDITIONAL_MISSING"]
EXCLUDED, TOO_MANY = CODE_NUMBERS["ELEMENT_EXCLUSION"], CODE_NUMBERS["ELEMENT_TOO_MANY"]
TRAILING, WITHOUT_DATA = CODE_NUMBERS["TRAILING_SEPARATOR"], CODE_NUMBERS["SEGMENT_ELEMENTS"]
HL_SEQUENCE, HL_PARENT = CODE_NUMBERS["HL_SEQUENCE"], CODE_NUMBERS["HL_PARENT"]
LX_SEQUENCE = CODE_NUMBERS["LX_SEQUENCE"]
NUMBER_1, NUMBER_2, LINE_NUMBER = 1, 2, 4
"""Faults of HL01, HL02 and LX01, as bits."""
DOMESTIC_2, DOMESTIC_3 = np.uint64(text_key("US")), np.uint64(text_key("USA"))
COUNTRY = 4
EVERYTHING = -1
TWO, SHIFT_62 = np.uint64(2), np.uint64(62)


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


@inlined(KEY(BYTES, INTS, INTS, TABLE, KEY))
def form_of(raw, starts, lengths, elements, row):
    """The key of the format qualifier (1250) that goes with an element, 0 where it has none."""
    place = np.uint64(elements[row, E_QUALIFIER])
    if place == ZERO or not 0 < lengths[place] <= KEY_BYTES or raw[starts[place]] == 0:
        return ZERO
    return packed(raw, starts[place], lengths[place])


@inlined(
    NONE(
        BYTES, INT, INT, INT, KEY, KEY, KEY, CLASSES, INTS, INTS, TABLE, KEY_TABLE, TABLE, TABLE, KEY_TABLE, TABLE,
        KEYS, LONG_TABLE, INTS, INT, INT, KEYS, KEY_TABLE,
    )
)  # fmt: skip
def check_elements(
    raw, k, end, stop, present, wordy, strange, classes, starts, lengths, nodes, masks, elements, bounds, syntax,
    code_sets, codes, findings, state, node, numbering, shapes, known,
):  # fmt: skip
    """Check every element of a segment; `end` is after its text, `stop` after its terminator."""
    at = np.uint64(node)
    expected, base = np.int64(masks[at, M_COUNT]), masks[at, M_FIRST]
    beyond = ZERO
    if k - 1 > expected:
        present &= (ONE << np.uint64(expected)) - ONE
        more = k > MOST_ELEMENTS + 1
        for e in range(expected + 1, min(k, MOST_ELEMENTS + 1)):
            if lengths[e]:
                more = True
        if more:
            beyond = ONE << np.uint64(expected)
    looked_up = present & (masks[at, M_LOOKED_UP] | strange)
    others, suspects = present & ~looked_up, ZERO
    while looked_up:
        bit = looked_up & (~looked_up + ONE)
        place = lowest_bit(looked_up)
        looked_up ^= bit
        row, e, form = base + place, place + ONE, ZERO
        if bit & masks[at, M_FORMED]:
            form = form_of(raw, starts, lengths, elements, row)
        if not is_known(raw, starts[e], lengths[e], row, form, known, False):
            suspects |= bit
    decimal = wordy & masks[at, M_NUMERIC]
    while others:
        bit = others & (~others + ONE)
        place = lowest_bit(others)
        others ^= bit
        row = base + place
        length = lengths[place + ONE]
        if bit & decimal:
            if not (bit & masks[at, M_DECIMAL] and is_plain_decimal(raw, starts[place + ONE], length)):
                suspects |= bit
            length -= 1
        if not bounds[row, 0] <= length <= bounds[row, 1]:
            suspects |= bit
    absent, conditional, excluded = ZERO, ZERO, ZERO
    shape = at << TWO | (present * SPREAD) >> SHIFT_62
    if shapes[shape] != present or present == ZERO:
        absent = masks[at, M_REQUIRED] & ~present
        notes = np.int64(nodes[node, N_SYNTAX])
        for note in range(notes, notes + np.int64(nodes[node, N_SYNTAXES])):
            mask = syntax[note, S_MASK]
            faulty = syntax_faults(
                syntax[note, S_KIND], present & mask, mask, syntax[note, S_LEAD], syntax[note, S_NEXT]
            )
            if syntax[note, S_KIND] == EXCLUSIVE:
                excluded |= faulty
            else:
                conditional |= faulty
        if absent | conditional | excluded == ZERO:
            shapes[shape] = present
    segment = np.int64(nodes[node, N_ID])
    trailing = k > 1 and np.int64(raw[end - 1]) == state[ELEMENT_BYTE]
    if trailing:
        emit(findings, state, TRAILING, segment, node, 0, 0, 0, starts[0], stop)
    elif present | absent | beyond == ZERO:
        emit(findings, state, WITHOUT_DATA, segment, node, 0, 0, 0, starts[0], stop)
    conditional &= ~(absent | beyond)
    excluded &= ~(absent | beyond)
    pending = absent | conditional | excluded | beyond
    if suspects:
        encoding, allowed = state[ENCODING], EVERYTHING
        if nodes[node, N_POSTAL] and k > COUNTRY and lengths[COUNTRY]:
            country = value_key(raw, starts[COUNTRY], lengths[COUNTRY])
            domestic = (lengths[COUNTRY] == 2 and country == DOMESTIC_2) or (
                lengths[COUNTRY] == 3 and country == DOMESTIC_3
            )
            if not domestic:
                allowed = ~BAD_PATTERN
        while suspects:
            e = np.int64(lowest_bit(suspects)) + 1
            suspects &= suspects - ONE
            row = base + np.uint64(e - 1)
            length, wrong, right, seen, form = lengths[e], 0, True, np.int64(0), ZERO
            for i in range(starts[e], starts[e] + length):
                seen |= np.int64(classes[raw[i]])
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
                form = form_of(raw, starts, lengths, elements, row)
                if divided:
                    right = check_parts(
                        raw, starts[e], length, seen, form, classes, elements, np.int64(row), code_sets, codes,
                        findings, state, segment, node, e, allowed,
                    )  # fmt: skip
                else:
                    key = value_key(raw, starts[e], length)
                    wrong = check_value(
                        raw, starts[e], length, seen, key, form, elements, row, code_sets, codes, encoding
                    )
            if wrong & allowed:
                report(findings, state, wrong & allowed, segment, node, e, 0, 0, starts[e], starts[e] + length)
            if right and wrong == 0:
                is_known(raw, starts[e], length, row, form, known, True)
    if pending or numbering:
        report_pending(
            findings, state, segment, node, k, starts, lengths, end, MOST_ELEMENTS + 1, absent & pending,
            conditional & pending, excluded & pending, beyond & pending, numbering, MOST_ELEMENTS + 1,
        )  # fmt: skip
