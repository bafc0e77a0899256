"""Append findings to their buffer, up to the caps of `edi.limits`."""

from __future__ import annotations

from edi.compiled.layout import (
    BASE,
    F_CODE,
    F_COMPONENT,
    F_DATA,
    F_ELEMENT,
    F_GROUP,
    F_INTERCHANGE,
    F_LOOP,
    F_POSITION,
    F_REPETITION,
    F_SEGMENT,
    F_SET,
    F_START,
    F_STOP,
    FILE_FINDINGS,
    FINDINGS,
    GROUP,
    INTERCHANGE,
    NODE_BASE,
    POSITION,
    SET,
    SET_FINDINGS,
    STRAY_FINDINGS,
)
from edi.compiled.options import INT, INTS, LONG_TABLE, NONE, compiled, helper
from edi.findings import CODE_NUMBERS
from edi.limits import MOST_IN_FILE, MOST_IN_SET, MOST_OUTSIDE_SETS

SET_FULL = CODE_NUMBERS["SET_TOO_MANY_FINDINGS"]
FILE_FULL = CODE_NUMBERS["FILE_TOO_MANY_ENVELOPES"]
"""Kept however many findings there are."""
INTERCHANGE_FULL = CODE_NUMBERS["INTERCHANGE_TOO_MANY_FINDINGS"]


@compiled(NONE(LONG_TABLE, INTS, INT, INT, INT, INT, INT, INT, INT, INT, INT))
def emit_at(findings, state, code, position, segment, node, element, component, repetition, start, stop):
    """A finding of any segment, `start` and `stop` being places in the file."""
    full = state[FILE_FINDINGS] >= MOST_IN_FILE
    last = 0
    if state[SET]:
        count = state[SET_FINDINGS] + 1
        if full and count < MOST_IN_SET:
            count = MOST_IN_SET
        state[SET_FINDINGS] = count
        if count > MOST_IN_SET:
            return
        if count == MOST_IN_SET:
            last = SET_FULL
    elif state[INTERCHANGE]:
        count = state[STRAY_FINDINGS] + 1
        if full and count < MOST_OUTSIDE_SETS:
            count = MOST_OUTSIDE_SETS
        state[STRAY_FINDINGS] = count
        if count > MOST_OUTSIDE_SETS:
            return
        if count == MOST_OUTSIDE_SETS:
            last = INTERCHANGE_FULL
    elif full and code != FILE_FULL:
        return
    n = state[FINDINGS]
    if n >= findings.shape[0]:
        return
    group = state[GROUP]
    if last:
        code = last
        position = segment = element = component = repetition = 0
        node = -1
        if last == INTERCHANGE_FULL:
            group = 0
    findings[n, F_CODE] = code
    findings[n, F_INTERCHANGE] = state[INTERCHANGE]
    findings[n, F_GROUP] = group
    findings[n, F_SET] = state[SET]
    findings[n, F_POSITION] = position
    findings[n, F_SEGMENT] = segment
    findings[n, F_LOOP] = state[NODE_BASE] + node + 1 if node >= 0 else 0
    findings[n, F_ELEMENT] = element
    findings[n, F_COMPONENT] = component
    findings[n, F_REPETITION] = repetition
    findings[n, F_DATA] = 0
    findings[n, F_START] = start
    findings[n, F_STOP] = stop
    state[FINDINGS] = n + 1
    state[FILE_FINDINGS] += 1


@helper(NONE(LONG_TABLE, INTS, INT, INT, INT, INT, INT, INT, INT, INT))
def emit(findings, state, code, segment, node, element, component, repetition, start, stop):
    """A finding of the current segment, `start` and `stop` being places in the buffer."""
    base = state[BASE]
    position = state[POSITION]
    emit_at(findings, state, code, position, segment, node, element, component, repetition, base + start, base + stop)


@helper(NONE(LONG_TABLE, INTS, INT, INT, INT, INT, INT))
def emit_header(findings, state, code, segment, element, start, stop):
    """A finding of an envelope segment, which has no position; `start` and `stop` are places in the buffer."""
    base = state[BASE]
    emit_at(findings, state, code, 0, segment, -1, element, 0, 0, base + start, base + stop)
