"""The scan: one pass over the bytes, segment by segment.

It stops only between segments, before it has changed anything for the next one, so that Python can answer: read an
envelope segment, make room in a buffer, bring more bytes. Then it is simply called again.
"""

from __future__ import annotations

import numpy as np

from edi.compiled.business_kernel import observe
from edi.compiled.elements_kernel import LINE_NUMBER, check_elements
from edi.compiled.emit_kernel import emit, emit_header
from edi.compiled.hierarchy_kernel import count_level, open_level
from edi.compiled.layout import (
    ACKNOWLEDGMENTS,
    AT,
    BASE,
    BHT,
    CHECKED_BY_BUSINESS,
    CHUNK_END,
    CLM,
    COUNTS_LINES,
    ELEMENT_BYTE,
    ENVELOPE,
    ENVELOPES,
    FILE_FULL,
    FINDINGS,
    FINDINGS_FULL,
    GE,
    GROUP_STRAYS,
    GS,
    GUIDED_SET,
    HL,
    IEA,
    IN_GAP,
    INDENTED,
    ISA,
    K_KEY,
    K_PLACE,
    K_SPECIAL,
    LAST_STOP,
    LINES,
    LX,
    MODE,
    NODE,
    NOT_FOUND,
    NUMBERS,
    NUMBERS_FULL,
    OUTSIDE_GROUP,
    OUTSIDE_SET,
    PLAIN,
    POSITION,
    PROVEN,
    Q_COMPONENT,
    Q_ELEMENT,
    Q_SPECIAL,
    Q_SYMBOL,
    R_REFERENCE,
    R_REFERENCE_LENGTH,
    RECORD_STARTS,
    RECORDS,
    RECORDS_FULL,
    SE,
    SEGMENT_FINDINGS,
    SEGMENT_START,
    SEGMENT_STOP,
    SEGMENTS,
    SET_STRAYS,
    SETS,
    SETS_BEGUN,
    SETS_FULL,
    SPECIAL,
    ST,
    STORED,
    SWALLOWED,
    TA1,
    TAKEN_WAYS,
    TERMINATOR_BYTE,
    TOO_LONG,
)
from edi.compiled.options import (
    BYTES,
    CLASSES,
    COUNTS,
    INT,
    INTS,
    KEY_TABLE,
    KEYS,
    LONG_TABLE,
    NONE,
    STARTS,
    TABLE,
    compiled,
    helper,
)
from edi.compiled.segments_kernel import (
    find_symbol,
    is_blank,
    may_hold_header,
    qualifier_key,
    read_segment,
    read_stripped,
    skip_blanks,
    text_end,
)
from edi.compiled.sets_kernel import begin_set, check_trailer, end_set
from edi.compiled.transitions_kernel import keep_transition, take_transition
from edi.compiled.values_kernel import ONE, SHIFT_40, SPREAD, ZERO, find_slot, id_key, packed, parse_count
from edi.envelope import EXACT_HEADER
from edi.findings import CODE_NUMBERS
from edi.limits import LONGEST_SEGMENT, MOST_ACKNOWLEDGMENTS, MOST_ELEMENTS, MOST_ENVELOPES

SEGMENT_UNKNOWN, SEGMENT_UNEXPECTED = CODE_NUMBERS["SEGMENT_UNKNOWN"], CODE_NUMBERS["SEGMENT_UNEXPECTED"]
OUTSIDE_OF_GROUP, OUTSIDE_OF_SET = CODE_NUMBERS["CONTENT_OUTSIDE_GROUP"], CODE_NUMBERS["CONTENT_OUTSIDE_SET"]
EMPTY_SEGMENT, LEADING_SPACE = CODE_NUMBERS["EMPTY_SEGMENT"], CODE_NUMBERS["LEADING_SPACE"]
SEGMENT_TOO_LONG = CODE_NUMBERS["SEGMENT_TOO_LONG"]
LINE_FEED = 10
WAY_SHIFT = np.uint64(62)
LONGEST_ID = 3
BHT03, BGN02 = 3, 2


@helper(NONE(INT, INT, INT, INT, INTS, INTS, TABLE, STARTS))
def store_segment(node, k, end, stop, starts, state, records, element_starts):
    """Keep where the elements of a segment are."""
    n, e = state[RECORDS], state[RECORD_STARTS]
    kept = min(k, MOST_ELEMENTS + 1)
    records[n, 0] = node
    records[n, 1] = starts[0]
    records[n, 2] = e
    records[n, 3] = kept
    records[n, 4] = state[SETS_BEGUN] - 1
    records[n, 5] = stop
    for j in range(kept):
        element_starts[e + j] = starts[j]
    element_starts[e + kept] = starts[kept] if kept < k else end + 1
    state[RECORDS] = n + 1
    state[RECORD_STARTS] = e + kept + 1


@helper(NONE(INT, INTS, INT, INTS, INTS, LONG_TABLE))
def keep_reference(special, state, k, starts, lengths, sets):
    """The sender's own number of the batch: BHT03 or BGN02 of the first such segment."""
    n = state[SETS]
    if sets[n, R_REFERENCE_LENGTH] != -1:
        return
    e = BHT03 if special == BHT else BGN02
    sets[n, R_REFERENCE_LENGTH] = 0
    if e < k:
        sets[n, R_REFERENCE], sets[n, R_REFERENCE_LENGTH] = starts[e], lengths[e]


@helper(NONE(INT, INT, INTS, INT, LONG_TABLE))
def report_stray(begin, stop, state, segment, findings):
    """A segment outside groups or sets; one finding for a run of them."""
    if state[MODE] == OUTSIDE_GROUP:
        if not state[GROUP_STRAYS]:
            state[GROUP_STRAYS] = 1
            emit_header(findings, state, OUTSIDE_OF_GROUP, segment, 0, begin, stop)
    elif not state[SET_STRAYS]:
        state[SET_STRAYS] = 1
        emit_header(findings, state, OUTSIDE_OF_SET, segment, 0, begin, stop)


@compiled(NONE(INT, INT, LONG_TABLE, INTS))
def pass_too_long(start, stop, findings, state):
    """A segment that is not read; `start` and `stop` are places in the file."""
    state[SEGMENTS] += 1
    state[LAST_STOP] = stop
    state[IN_GAP] = state[INDENTED] = 0
    base = state[BASE]
    if state[MODE] <= OUTSIDE_SET:
        report_stray(start - base, stop - base, state, 0, findings)
    else:
        state[POSITION] += 1
        emit(findings, state, SEGMENT_TOO_LONG, 0, -1, 0, 0, 0, start - base, stop - base)


@compiled(
    INT(
        BYTES, INT, CLASSES, TABLE, KEY_TABLE, TABLE, TABLE, KEY_TABLE, TABLE, KEYS, KEYS, TABLE, KEYS, COUNTS, TABLE,
        TABLE, TABLE, INTS, COUNTS, LONG_TABLE, KEYS, LONG_TABLE, LONG_TABLE, BYTES, TABLE, STARTS, TABLE, KEYS, INTS,
        INTS, INTS, KEYS, KEY_TABLE, LONG_TABLE,
    )
)  # fmt: skip
def scan(
    raw, size, classes, nodes, masks, elements, bounds, syntax, code_sets, codes, segment_keys, segment_rows,
    symbol_keys, symbol_ids, links, rows, missing, state, counts, levels, numbers, findings, sets, marks, records,
    element_starts, rules, lists, memory, starts, lengths, shapes, known, taken,
):  # fmt: skip
    """Scan raw[state[AT] : size] until something needs Python; returns why."""
    position = state[AT]
    terminator = state[TERMINATOR_BYTE]
    stores = records.shape[0] > 0
    while True:
        if position < size and raw[position] <= 32 and is_blank(np.int64(raw[position])):
            position, indented = skip_blanks(raw, position, size, terminator)
            if indented:
                state[INDENTED] = 1
        state[AT] = position
        begin = position
        if begin >= size:
            return CHUNK_END
        if state[FINDINGS] + SEGMENT_FINDINGS > findings.shape[0]:
            return FINDINGS_FULL
        if state[SETS] + 2 > sets.shape[0]:
            return SETS_FULL
        if state[NUMBERS] * 2 >= numbers.shape[0]:
            return NUMBERS_FULL
        if stores and (
            state[RECORDS] >= records.shape[0] or state[RECORD_STARTS] + MOST_ELEMENTS + 2 > element_starts.shape[0]
        ):
            return RECORDS_FULL
        if raw[begin] == 73 and begin + 3 < size and raw[begin + 1] == 83 and raw[begin + 2] == 65:
            if np.int64(raw[begin + 3]) == state[ELEMENT_BYTE]:
                state[SPECIAL], state[SEGMENT_START] = ISA, begin
                return ENVELOPE
        limit = min(size, begin + LONGEST_SEGMENT + 1)
        k, end, stop, present, wordy, strange = read_segment(raw, begin, limit, state, starts, lengths)
        if stop < 0:
            return TOO_LONG if size - begin > LONGEST_SEGMENT else CHUNK_END
        if stop - begin >= EXACT_HEADER and state[BASE] + begin != state[PROVEN]:
            if may_hold_header(raw, begin, stop):
                state[SEGMENT_START], state[SEGMENT_STOP] = begin, stop
                return SWALLOWED
        if terminator == LINE_FEED and end > begin and raw[end - 1] <= 32:
            end = text_end(raw, begin, end)
            k, end, _, present, wordy, strange = read_stripped(raw, begin, end, state, starts, lengths)
        if end == begin:
            if not state[IN_GAP]:
                emit_header(findings, state, EMPTY_SEGMENT, 0, 0, begin, stop)
            state[IN_GAP] = 1
            state[INDENTED] = 0
            position = stop
            continue

        mode = state[MODE]
        special, symbol, place, part = PLAIN, NOT_FOUND, 0, 0
        key, qualifier, way, is_kept = ZERO, ZERO, -1, False
        if 0 < lengths[0] <= LONGEST_ID and raw[begin] != 0:
            key = packed(raw, begin, lengths[0])
            way = state[NODE] * TAKEN_WAYS + np.int64((key * SPREAD) >> WAY_SHIFT)
            if mode == GUIDED_SET and np.uint64(taken[way, K_KEY]) >> SHIFT_40 == key:
                place, part = taken[way, K_PLACE] >> 1, taken[way, K_PLACE] & 1
                qualifier = qualifier_key(raw, k, starts, lengths, state, place, part)
                if np.uint64(taken[way, K_KEY]) == key << SHIFT_40 | qualifier:
                    is_kept = True
                    special = taken[way, K_SPECIAL]
            if not is_kept:
                slot = find_slot(segment_keys, key)
                if slot >= 0:
                    special = np.int64(segment_rows[slot, Q_SPECIAL])
                    symbol = np.int64(segment_rows[slot, Q_SYMBOL])
                    place = np.int64(segment_rows[slot, Q_ELEMENT])
                    part = np.int64(segment_rows[slot, Q_COMPONENT])
        if special != PLAIN and special <= TA1:
            outside = mode == OUTSIDE_GROUP
            if (special == GS or (special == ST and not outside)) and state[ENVELOPES] >= MOST_ENVELOPES:
                state[SEGMENT_START] = begin
                return FILE_FULL
            answered = special == TA1 and outside and state[ACKNOWLEDGMENTS] < MOST_ACKNOWLEDGMENTS
            if special == GS or special == IEA or (special == GE and not outside) or answered:
                if mode > OUTSIDE_SET:
                    end_set(findings, state, sets, nodes, levels, rules, lists, memory, state[BASE] + begin, False)
                state[SPECIAL], state[SEGMENT_START], state[SEGMENT_STOP] = special, begin, stop
                return ENVELOPE
        if special == ST and mode > OUTSIDE_SET:
            end_set(findings, state, sets, nodes, levels, rules, lists, memory, state[BASE] + begin, False)
            mode = OUTSIDE_SET

        # from here on the segment is taken
        state[SEGMENTS] += 1
        state[IN_GAP] = 0
        state[LAST_STOP] = state[BASE] + stop
        position = stop
        indented, state[INDENTED] = state[INDENTED], 0
        if mode <= OUTSIDE_SET:
            if special != ST or mode == OUTSIDE_GROUP:
                report_stray(begin, stop, state, id_key(raw, begin, lengths[0]), findings)
                continue
            begin_set(raw, k, stop, starts, lengths, findings, state, sets, numbers, counts, memory)
            mode = state[MODE]
        else:
            state[POSITION] += 1
        if indented:
            segment = id_key(raw, begin, lengths[0])
            emit(findings, state, LEADING_SPACE, segment, -1, 0, 0, 0, begin, stop)
        if mode == GUIDED_SET:
            target, depth, numbering = np.int64(-1), np.int64(0), np.int64(0)
            if special == ST:
                target = state[NODE]
            elif symbol == NOT_FOUND and not is_kept:
                segment = id_key(raw, begin, lengths[0])
                emit(findings, state, SEGMENT_UNKNOWN, segment, -1, 0, 0, 0, begin, stop)
            else:
                if not is_kept:
                    node = state[NODE]
                    qualifier = qualifier_key(raw, k, starts, lengths, state, place, part)
                    symbol, is_refined = find_symbol(
                        raw, k, starts, lengths, key, qualifier, state, place, part, symbol, symbol_keys, symbol_ids
                    )
                    link = np.int64(links[node, symbol])
                    if link == NOT_FOUND:
                        segment = id_key(raw, begin, lengths[0])
                        emit(findings, state, SEGMENT_UNEXPECTED, segment, node, 0, 0, 0, begin, stop)
                    else:
                        target = 0
                        what = ONE if is_refined else key << SHIFT_40 | qualifier
                        keep_transition(taken, way, what, place << 1 | part, special, rows, link)
                if is_kept or target == 0:
                    target = take_transition(taken, missing, nodes, way, counts, findings, state, begin, stop)
                    state[NODE] = target
                if special >= HL:
                    if special == HL:
                        numbering, depth = count_level(raw, k, starts, lengths, state, levels, nodes, target)
                    elif special == CLM:
                        state[LINES] = 0
                    elif special == LX and state[COUNTS_LINES]:
                        state[LINES] += 1
                        if k < 2 or parse_count(raw, starts[1], lengths[1]) != state[LINES]:
                            numbering = LINE_NUMBER
            if target >= 0:
                check_elements(
                    raw, k, end, stop, present, wordy, strange, classes, starts, lengths, nodes, masks, elements,
                    bounds, syntax, code_sets, codes, findings, state, target, numbering, shapes, known,
                )  # fmt: skip
            if special >= HL:
                if special == HL and (is_kept or symbol != NOT_FOUND):
                    open_level(raw, k, end, starts, lengths, findings, state, nodes, levels, depth, target)
                elif special >= BHT and target >= 0:
                    keep_reference(special, state, k, starts, lengths, sets)
            if target >= 0 and marks[target]:
                if marks[target] & STORED:
                    store_segment(target, k, end, stop, starts, state, records, element_starts)
                if marks[target] & CHECKED_BY_BUSINESS:
                    observe(raw, k, starts, lengths, target, stop, findings, state, rules, lists, memory)
        if special == SE:
            check_trailer(raw, k, stop, starts, lengths, findings, state)
            end_set(findings, state, sets, nodes, levels, rules, lists, memory, state[BASE] + stop, True)
