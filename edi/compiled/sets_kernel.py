"""Begin and end transaction sets: control numbers, counts, and the row that tells of each."""

from __future__ import annotations

import numpy as np

from edi.compiled.business_kernel import begin_set as begin_business
from edi.compiled.business_kernel import end_of_set as end_business
from edi.compiled.emit_kernel import emit_at, emit_header
from edi.compiled.hierarchy_kernel import close_levels
from edi.compiled.keys import KEY_BYTES, text_key
from edi.compiled.layout import (
    BASE,
    CONTROL_KEY,
    CONTROL_LENGTH,
    DEPTH,
    ENVELOPES,
    GROUP,
    GROUP_SETS,
    GUIDE_KEY,
    GUIDED_SET,
    HEADER_NODE,
    INTERCHANGE,
    LAST_STOP,
    LEVELS,
    LINES,
    MODE,
    NODE,
    NUMBERS,
    OUTSIDE_SET,
    POSITION,
    R_FILE_NUMBER,
    R_GROUP,
    R_GUIDE,
    R_GUIDE_LENGTH,
    R_GUIDED,
    R_INTERCHANGE,
    R_NUMBER,
    R_NUMBER_LENGTH,
    R_ORDINAL,
    R_REFERENCE,
    R_REFERENCE_LENGTH,
    R_SEGMENTS,
    R_START,
    R_STOP,
    R_TRANSACTION,
    R_TRANSACTION_LENGTH,
    SALT,
    SET,
    SET_FINDINGS,
    SET_STRAYS,
    SETS,
    SETS_BEGUN,
    TRANSACTION,
    UNGUIDED_SET,
)
from edi.compiled.options import (
    BOOL,
    BYTES,
    COUNTS,
    INT,
    INTS,
    KEY,
    KEYS,
    LONG_TABLE,
    NONE,
    TABLE,
    compiled,
    helper,
)
from edi.compiled.values_kernel import ZERO, parse_count, value_key
from edi.findings import CODE_NUMBERS

ID_INVALID, UNSUPPORTED = CODE_NUMBERS["SET_ID_INVALID"], CODE_NUMBERS["SET_UNSUPPORTED"]
CONTROL_INVALID, CONTROL_DUPLICATE = CODE_NUMBERS["SET_CONTROL_INVALID"], CODE_NUMBERS["SET_CONTROL_DUPLICATE"]
GUIDE_MISMATCH, TRAILER_MISSING = CODE_NUMBERS["SET_GUIDE_MISMATCH"], CODE_NUMBERS["SET_TRAILER_MISSING"]
CONTROL_MISMATCH, COUNT_WRONG = CODE_NUMBERS["SET_CONTROL_MISMATCH"], CODE_NUMBERS["SEGMENT_COUNT_WRONG"]
ST, SE = text_key("ST"), text_key("SE")
LEAST_NUMBER, LONGEST_NUMBER = 4, 9
SHIFT_29, SHIFT_32 = np.uint64(29), np.uint64(32)
PRINTABLE = 95
"""Characters from blank to tilde; nine of them are a number of 60 bits."""


@helper(KEY(BYTES, INT, INT))
def control_key(raw, start, length):
    """A valid set control number as a number of its own, 0 where it is not valid."""
    if length < LEAST_NUMBER or length > LONGEST_NUMBER:
        return ZERO
    key = 1
    for i in range(start, start + length):
        if raw[i] < 32 or raw[i] > 126:
            return ZERO
        key = key * PRINTABLE + (raw[i] - 32)
    return np.uint64(key)


@compiled(BOOL(KEYS, INTS, KEY))
def remember_number(numbers, state, key):
    """Add a control number to those seen; False where it is there already."""
    mask = numbers.shape[0] - 1
    slot = np.int64((key ^ key >> SHIFT_29) * np.uint64(state[SALT]) >> SHIFT_32) & mask
    while numbers[slot] != ZERO:
        if numbers[slot] == key:
            return False
        slot = (slot + 1) & mask
    numbers[slot] = key
    state[NUMBERS] += 1
    return True


@compiled(NONE(LONG_TABLE, INTS, LONG_TABLE, TABLE, LONG_TABLE, TABLE, KEYS, INTS, INT, BOOL))
def end_set(findings, state, sets, nodes, levels, rules, lists, memory, at, closed):
    """The open set ends at byte `at` of the file."""
    if state[MODE] == GUIDED_SET:
        if closed:  # only then are all its levels there
            close_levels(findings, state, nodes, levels, 0)
        end_business(findings, state, rules, lists, memory)
    if not closed:
        emit_at(findings, state, TRAILER_MISSING, 0, SE, -1, 0, 0, 0, at, at)
    n = state[SETS]
    sets[n, R_SEGMENTS] = state[POSITION]
    sets[n, R_STOP] = state[LAST_STOP]
    state[SETS] = n + 1
    state[MODE] = OUTSIDE_SET
    state[SET] = 0


@helper(NONE(BYTES, INT, INT, INTS, INTS, LONG_TABLE, INTS, LONG_TABLE, KEYS, COUNTS, INTS))
def begin_set(raw, k, stop, starts, lengths, findings, state, sets, numbers, counts, memory):
    """ST: a set begins."""
    state[SETS_BEGUN] += 1
    state[ENVELOPES] += 1
    state[GROUP_SETS] += 1
    state[SET] = state[GROUP_SETS]
    state[SET_FINDINGS] = state[SET_STRAYS] = 0
    state[POSITION] = 1
    at = starts[0]
    n = state[SETS]
    sets[n, R_ORDINAL] = state[SET]
    sets[n, R_START] = state[BASE] + at
    sets[n, R_REFERENCE] = sets[n, R_TRANSACTION] = sets[n, R_NUMBER] = sets[n, R_GUIDE] = 0
    sets[n, R_TRANSACTION_LENGTH] = sets[n, R_NUMBER_LENGTH] = sets[n, R_GUIDE_LENGTH] = 0
    sets[n, R_REFERENCE_LENGTH] = -1
    sets[n, R_FILE_NUMBER] = state[SETS_BEGUN] - 1
    sets[n, R_INTERCHANGE], sets[n, R_GROUP] = state[INTERCHANGE], state[GROUP]
    sent, number, number_length, control = ZERO, ZERO, 0, ZERO
    if k > 1:
        sets[n, R_TRANSACTION], sets[n, R_TRANSACTION_LENGTH] = starts[1], lengths[1]
        sent = value_key(raw, starts[1], lengths[1])
    if k > 2:
        sets[n, R_NUMBER], sets[n, R_NUMBER_LENGTH] = starts[2], lengths[2]
        number, number_length = value_key(raw, starts[2], lengths[2]), lengths[2]
        control = control_key(raw, starts[2], lengths[2])
    if k > 3:
        sets[n, R_GUIDE], sets[n, R_GUIDE_LENGTH] = starts[3], lengths[3]
    state[CONTROL_KEY], state[CONTROL_LENGTH] = np.int64(number), number_length
    known = state[TRANSACTION] != 0
    agreed = k > 1 and known and lengths[1] <= KEY_BYTES
    agreed = agreed and raw[starts[1]] != 0 and np.int64(sent) == state[TRANSACTION]
    if k < 2 or lengths[1] == 0:
        emit_header(findings, state, ID_INVALID, ST, 1, at, stop)
    elif known and not agreed:
        emit_header(findings, state, UNSUPPORTED, ST, 1, at, stop)
    if control == ZERO:
        emit_header(findings, state, CONTROL_INVALID, ST, 2, at, stop)
    elif not remember_number(numbers, state, control):
        emit_header(findings, state, CONTROL_DUPLICATE, ST, 2, at, stop)
    if agreed and k > 3 and lengths[3] > 0:
        if np.int64(value_key(raw, starts[3], lengths[3])) != state[GUIDE_KEY]:
            emit_header(findings, state, GUIDE_MISMATCH, ST, 3, at, stop)
    state[MODE] = GUIDED_SET if agreed else UNGUIDED_SET
    sets[n, R_GUIDED] = 1 if agreed else 0
    if agreed:
        counts[:] = 0
        node = state[HEADER_NODE]
        counts[node] = 1
        state[NODE] = node
        state[LEVELS] = state[DEPTH] = state[LINES] = 0
        begin_business(memory)


@helper(NONE(BYTES, INT, INT, INTS, INTS, LONG_TABLE, INTS))
def check_trailer(raw, k, stop, starts, lengths, findings, state):
    """SE02 repeats ST02, SE01 is the number of segments."""
    length, key = 0, ZERO
    if k > 2:
        length, key = lengths[2], value_key(raw, starts[2], lengths[2])
    if length != state[CONTROL_LENGTH] or np.int64(key) != state[CONTROL_KEY]:
        emit_header(findings, state, CONTROL_MISMATCH, SE, 2, starts[0], stop)
    if k < 2 or parse_count(raw, starts[1], lengths[1]) != state[POSITION]:
        emit_header(findings, state, COUNT_WRONG, SE, 1, starts[0], stop)
