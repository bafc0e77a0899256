"""The business checks, compiled: `edi.business.plain` over the tables of `edi.business.compile`.

Called for the segments of the nodes that have a role, after their element checks. Everything between two calls is in
`memory`. The order of findings is that of the plain interpreter.
"""

from __future__ import annotations

import numpy as np

from edi.business.limits import MOST_POINTER_DIGITS, WHOLE
from edi.compiled.business_judging_kernel import close_scopes, open_scope
from edi.compiled.business_layout import (
    ABSENT,
    AMOUNT,
    COMPONENT_BITS,
    COUNT,
    ENTER,
    ENTRY,
    FACT,
    FORM,
    FORMED,
    H_NODE,
    IN,
    KEY,
    L_MASK,
    L_SLOTS,
    LISTED,
    M_OPEN,
    M_WAITING,
    N_INSIDE,
    N_OPENING,
    N_SCOPE,
    N_SEGMENT,
    N_STEP,
    N_STEPS,
    NONZERO,
    NOT_IN,
    P_AT,
    P_CODE,
    P_FIRST,
    P_KIND,
    P_MORE,
    P_OTHER_CODE,
    P_REACH,
    P_SECOND,
    P_TESTS,
    POINTER,
    PRESENT,
    S_FACTS,
    SCOPE_FIELDS,
    SCOPES_AT,
    SERVICE,
    SUM_FIELDS,
    SUMS_AT,
    T_AT,
    T_FORM,
    T_KIND,
    T_VALUE,
    T_VALUES,
    WRONG,
    ZERO,
)
from edi.compiled.business_notes_kernel import choose, enter, enter_anew, give_key, learn, serve, wait
from edi.compiled.business_values_kernel import find_periods, key_of, locate
from edi.compiled.emit_kernel import emit
from edi.compiled.forms_kernel import NO_AMOUNT, amount, has_form, number_of
from edi.compiled.layout import BASE, COMPONENT_BYTE, POSITION
from edi.compiled.options import BOOL, BYTES, INT, INTS, KEYS, LONG_TABLE, NONE, TABLE, helper
from edi.limits import MOST_ELEMENTS

NOTHING = np.uint64(0)
ALWAYS = 0
COMPONENT = (1 << COMPONENT_BITS) - 1


@helper(BOOL(BYTES, INT, INT, INT, TABLE, KEYS, INT))
def holds_otherwise(raw, kind, start, length, rules, lists, form):
    """The tests that read the value."""
    if kind == FORMED:
        return length > 0 and has_form(raw, start, length, rules, lists, form)
    cents = amount(raw, start, length)
    if cents == NO_AMOUNT:
        return False
    return cents == 0 if kind == ZERO else cents != 0 if kind == NONZERO else cents < 0


@helper(NONE(TABLE, LONG_TABLE, INTS, INT, INT, INT, INT, INT))
def tell_element(rules, findings, state, code, node, place, start, stop):
    """A finding of an element or component of the current segment."""
    element, component = place >> COMPONENT_BITS, place & COMPONENT
    emit(findings, state, code, rules[rules[0, H_NODE] + node, N_SEGMENT], node, element, component, 0, start, stop)


@helper(NONE(BYTES, INT, INTS, INTS, INT, INT, LONG_TABLE, INTS, TABLE, KEYS, INTS))
def observe(raw, k, starts, lengths, node, stop, findings, state, rules, lists, memory):
    """One segment of a node that has a role."""
    plan = rules[0, H_NODE] + node
    base, position = state[BASE], state[POSITION]
    opening = np.int64(rules[plan, N_OPENING])
    leaving = memory[M_OPEN] & ~rules[plan, N_INSIDE]
    if opening >= 0:
        leaving |= memory[M_OPEN] & np.int64(1) << opening
    if leaving:
        close_scopes(findings, state, rules, lists, memory, leaving)
    if opening >= 0:
        open_scope(rules, memory, opening, node, position, base + starts[0], base + stop)
    own = SCOPES_AT + rules[plan, N_SCOPE] * SCOPE_FIELDS
    separator = state[COMPONENT_BYTE]
    told = min(k, MOST_ELEMENTS + 1) - 1
    tested = read = np.int64(-1)  # the places that the values at hand are of
    tested_start = tested_length = start = length = np.int64(0)
    tested_key = NOTHING
    begin = np.uint64(rules[plan, N_STEP])
    for step in range(begin, begin + np.uint64(rules[plan, N_STEPS])):
        if rules[step, P_REACH] >= k:
            break
        right = True
        test = step
        for number in range(rules[step, P_TESTS]):
            if number:
                test = np.uint64(rules[step, P_MORE] + number - 1)
            place = np.int64(rules[test, T_AT])
            if tested != place:
                tested_start, tested_length = locate(
                    raw, starts, lengths, told, separator, place, tested, tested_start + tested_length
                )
                tested = place
                tested_key = key_of(raw, tested_start, tested_length)
            kind = rules[test, T_KIND]
            if kind <= NOT_IN:
                value = np.uint64(rules[test, T_VALUE])
                right = kind == NOT_IN
                for at in range(value, value + np.uint64(rules[test, T_VALUES])):
                    if lists[at] == tested_key:
                        right = kind == IN
                        break
            elif kind == PRESENT:
                right = tested_length > 0
            elif kind == ABSENT:
                right = tested_length == 0
            else:
                form = rules[test, T_FORM]
                right = holds_otherwise(raw, kind, tested_start, tested_length, rules, lists, form)
            if not right:
                break
        if not right:
            continue
        place = np.int64(rules[step, P_AT])
        if read != place:
            start, length = locate(raw, starts, lengths, told, separator, place, read, start + length)
            read = place
        kind = rules[step, P_KIND]
        if length == 0 and POINTER < kind < FACT:
            continue
        first, second = np.int64(rules[step, P_FIRST]), np.int64(rules[step, P_SECOND])
        code = rules[step, P_CODE]
        if kind <= POINTER:  # a run of components
            end = starts[place >> COMPONENT_BITS] + lengths[place >> COMPONENT_BITS]
            count = memory[SUMS_AT + SUM_FIELDS * first] // WHOLE if kind == POINTER else 0
            while True:
                if length:
                    if kind == FORM:
                        right = has_form(raw, start, length, rules, lists, first)
                    elif count:
                        pointed = number_of(raw, start, length) if length <= MOST_POINTER_DIGITS else -1
                        right = 1 <= pointed <= count
                    if not right:
                        tell_element(rules, findings, state, code, node, read, start, start + length)
                second -= 1
                if second <= 0 or start + length >= end:
                    break
                start, length = locate(raw, starts, lengths, told, separator, read + 1, read, start + length)
                read += 1
        elif kind == AMOUNT:
            if rules[step, P_OTHER_CODE]:
                fact = np.int64(rules[step, P_OTHER_CODE] - 1)
                if not memory[own + S_FACTS] >> fact & 1:
                    memory[own + S_FACTS] |= np.int64(1) << fact
                    learn(memory, fact, node, position, place, base + start, base + start + length)
            cents = amount(raw, start, length)
            at = SUMS_AT + SUM_FIELDS * first
            if cents == NO_AMOUNT:
                memory[at + 1] = 1
                if second >= 0:
                    memory[SUMS_AT + SUM_FIELDS * second + 1] = 1
            else:
                memory[at] += cents
                if second >= 0:
                    memory[SUMS_AT + SUM_FIELDS * second] += cents
                if cents < 0 and code:
                    tell_element(rules, findings, state, code, node, place, start, start + length)
        elif kind == FACT:
            if not memory[own + S_FACTS] >> first & 1:
                memory[own + S_FACTS] |= np.int64(1) << first
                if place:
                    learn(memory, first, node, position, place, base + start, base + start + length)
                else:
                    learn(memory, first, node, position, 0, base + starts[0], base + stop)
        elif kind == LISTED:
            periods = find_periods(lists, rules[first, L_SLOTS], rules[first, L_MASK], key_of(raw, start, length))
            if periods < 0:
                if not second:
                    tell_element(rules, findings, state, code, node, place, start, start + length)
            elif periods != ALWAYS:
                code = rules[step, P_OTHER_CODE]
                wait(memory, code, node, position, place, base + start, base + start + length, periods)
        elif kind == COUNT:
            memory[SUMS_AT + SUM_FIELDS * first] += WHOLE
        elif kind == SERVICE:
            serve(raw, start, length, memory, first, second != 0)
        elif kind == ENTER:
            enter(raw, start, length, memory, first, second)
        elif kind == WRONG:
            tell_element(rules, findings, state, code, node, place, start, start + length)
        else:
            named = place > 0 and length > 0
            key = np.int64(key_of(raw, start, length))
            if kind == KEY:
                give_key(memory, first, key)
            elif kind == ENTRY or (not choose(memory, first, key) and second):
                enter_anew(memory, first, node, position, base + starts[0], base + stop, key, named)


@helper(NONE(LONG_TABLE, INTS, TABLE, KEYS, INTS))
def end_of_set(findings, state, rules, lists, memory):
    """The set ends: whatever is still open is judged."""
    close_scopes(findings, state, rules, lists, memory, memory[M_OPEN])


@helper(NONE(INTS))
def begin_set(memory):
    """A set begins with nothing open and nothing waiting."""
    memory[M_OPEN] = memory[M_WAITING] = 0
