"""The kernel that fills tables: one pass over the segments of a batch for all tables of a guide together.

What a segment does is found by its node, so that cost follows the segments that matter and not the number of tables.
Values of text are copied to a heap, all others become integers, so that nothing refers to the batch once it is read.
Cells hold what rows may inherit; a row is a run of values, one a column, and an entry among the rows.
"""

from __future__ import annotations

import numpy as np

from edi.compiled import extraction_layout as x
from edi.compiled.batch import RECORD_ELEMENT, RECORD_ELEMENTS, RECORD_NODE, RECORD_SET, RECORD_START, RECORD_STOP
from edi.compiled.copy_kernel import SLACK, copy_words
from edi.compiled.options import BYTES, COUNTS, INT, INTS, KEY, KEYS, LONG_TABLE, NONE, PAIR, STARTS, TABLE, compiled, inlined
from edi.compiled.value_kernel import NOTHING, read_value

EIGHT = np.uint64(8)
LONGEST_KEY = 7
NO_KEY = np.uint64(2**64 - 1)
HIGH = 0x80
HIGH_BITS = np.uint64(0x8080808080808080)
SECOND_BYTE_BITS = 6
FIRST_OF_TWO, NEXT_OF_TWO, LOW_BITS = 0xC0, 0x80, 0x3F


@inlined(PAIR(BYTES, INT, INT, INT, INT))
def component_of(raw, start, stop, component, separator):
    """Start and stop of the n-th component of raw[start:stop]; equal where there is none."""
    at = start
    for _ in range(component - 1):
        while at < stop and raw[at] != separator:
            at += 1
        if at >= stop:
            return stop, stop
        at += 1
    end = at
    while end < stop and raw[end] != separator:
        end += 1
    return at, end


@compiled(KEY(BYTES, INT, INT))
def key_of(raw, start, stop):
    """Up to seven bytes as a number; longer ones are equal to no key."""
    if stop - start > LONGEST_KEY:
        return NO_KEY
    key = np.uint64(0)
    for at in range(start, stop):
        key = (key << EIGHT) | np.uint64(raw[at])
    return key


@compiled(INT(BYTES, INT, INT, INT, BYTES, INTS))
def copy_bytes(raw, start, stop, at, heap, state):
    """Copy text byte by byte, Latin-1 as UTF-8; returns its length then. What is no UTF-8 is mended later."""
    out = at
    for place in range(start, stop):
        byte = raw[place]
        if byte < HIGH:
            heap[out] = byte
        elif state[x.X_LATIN]:
            heap[out] = FIRST_OF_TWO | (byte >> SECOND_BYTE_BITS)
            out += 1
            heap[out] = NEXT_OF_TWO | (byte & LOW_BITS)
        else:
            heap[out] = byte
            state[x.X_HIGH] = 1
        out += 1
    return out - at


@inlined(NONE(BYTES, INT, INT, INT, INT, INTS, COUNTS, BYTES, INTS))
def store(raw, start, stop, kind, at, values, lengths, heap, state):
    """Keep raw[start:stop] as the value number `at`."""
    if kind == x.TEXT:
        out, length = state[x.X_HEAP], stop - start
        seen = HIGH_BITS
        if start + length + SLACK <= raw.shape[0]:
            seen = copy_words(raw, start, heap, out, length)
        if seen & HIGH_BITS:  # maybe only behind the text
            length = copy_bytes(raw, start, stop, out, heap, state)
        values[at], lengths[at] = out, length
        state[x.X_HEAP] = out + length
    else:
        value = read_value(raw, start, stop, kind)
        values[at] = value
        lengths[at] = x.INVALID if value == NOTHING else x.CONVERTED


@inlined(PAIR(BYTES, STARTS, INT, INT, INT, INT, INT))
def element_of(raw, element_starts, first, elements, element, component, separator):
    """Start and stop of an element of the segment or of a component; equal where it is empty or absent."""
    if element >= elements:
        return 0, 0
    start, stop = np.int64(element_starts[first + element]), np.int64(element_starts[first + element + 1]) - 1
    if component and stop > start:
        return component_of(raw, start, stop, component, separator)
    return start, stop


@inlined(PAIR(BYTES, STARTS, INT, INT, TABLE, INT, KEYS, INT))
def reading_of(raw, element_starts, first, elements, readings, number, qualifiers, separator):
    """Start and stop of what is read of the segment; equal where there is nothing."""
    if readings[number, x.R_KEY_ELEMENT]:
        start, stop = element_of(
            raw, element_starts, first, elements, readings[number, x.R_KEY_ELEMENT], readings[number, x.R_KEY_COMPONENT], separator
        )
        if key_of(raw, start, stop) != qualifiers[readings[number, x.R_QUALIFIER]]:
            return 0, 0
    return element_of(
        raw, element_starts, first, elements, readings[number, x.R_ELEMENT], readings[number, x.R_COMPONENT], separator
    )


@compiled(NONE(INT, LONG_TABLE, LONG_TABLE, LONG_TABLE, INTS))
def close_rows(stop, tables, stack, rows, state):
    """All open rows end at byte `stop` of the file."""
    for depth in range(state[x.X_STACK]):
        rows[stack[depth, x.K_ROW], x.W_STOP] = stop
        tables[stack[depth, x.K_TABLE], x.B_ROW] = -1
        tables[stack[depth, x.K_TABLE], x.B_NUMBER] = -1
    state[x.X_STACK] = 0


@compiled(NONE(INT, INT, LONG_TABLE, LONG_TABLE, LONG_TABLE, INTS))
def close_row(table, stop, tables, stack, rows, state):
    """The open row of this table ends, whatever stands inside it."""
    kept = 0
    for depth in range(state[x.X_STACK]):
        if stack[depth, x.K_TABLE] == table:
            rows[stack[depth, x.K_ROW], x.W_STOP] = stop
            continue
        for field in range(x.STACK_FIELDS):
            stack[kept, field] = stack[depth, field]
        kept += 1
    state[x.X_STACK] = kept
    tables[table, x.B_ROW] = tables[table, x.B_NUMBER] = -1


@compiled(NONE(INT, INT, LONG_TABLE, INTS, LONG_TABLE, LONG_TABLE, LONG_TABLE, COUNTS))
def end_set(number, otherwise, news, state, tables, stack, rows, cell_lengths):
    """Another set begins: rows that are open end where the last one did, and nothing is inherited."""
    if state[x.X_STACK]:
        stop = otherwise
        at = state[x.X_NEWS]
        while at < news.shape[0] and news[at, x.S_NUMBER] < number:
            if news[at, x.S_NUMBER] == state[x.X_SET] and news[at, x.S_STOP] >= 0:
                stop = news[at, x.S_STOP]
            at += 1
        state[x.X_NEWS] = at
        close_rows(stop, tables, stack, rows, state)
    for cell in range(cell_lengths.shape[0]):
        cell_lengths[cell] = x.ABSENT
    state[x.X_SET] = number


@compiled(INT(TABLE, INT, KEY, KEYS))
def is_wanted(anchors, anchor, key, qualifiers):
    """Is a part with this first component wanted? 1 or 0."""
    first, stop = anchors[anchor, x.A_QUALIFIERS], anchors[anchor, x.A_QUALIFIERS_STOP]
    for number in range(first, stop):
        if qualifiers[number] == key:
            return 1
    return np.int64(first == stop)


@inlined(INT(INT, INT, INT, INT, INT, TABLE, TABLE, TABLE, LONG_TABLE, INTS, COUNTS, LONG_TABLE, LONG_TABLE, LONG_TABLE, INTS, COUNTS, BYTES, INTS))
def open_row(anchor, number, start, stop, base, anchors, copies, fixed, texts, cell_values, cell_lengths, tables, stack, rows, values, lengths, ranks, state):
    """A new row with all that it inherits; returns its first value."""
    table = anchors[anchor, x.A_TABLE]
    row, first = state[x.X_ROWS], state[x.X_VALUES]
    state[x.X_ROWS] = row + 1
    state[x.X_VALUES] = first + tables[table, x.B_WIDTH]
    for at in range(first, state[x.X_VALUES]):
        lengths[at] = x.ABSENT
    parent = anchors[anchor, x.A_PARENT]
    rows[row, x.W_TABLE] = table
    rows[row, x.W_VALUES] = first
    rows[row, x.W_NUMBER] = tables[table, x.B_OPENED]
    rows[row, x.W_PARENT] = tables[parent, x.B_NUMBER] if parent >= 0 else -1
    rows[row, x.W_SET] = number
    rows[row, x.W_START] = base + start
    rows[row, x.W_STOP] = base + stop
    for copy in range(anchors[anchor, x.A_COPIES], anchors[anchor, x.A_COPIES_STOP]):
        cell, at = copies[copy, x.C_CELL], first + copies[copy, x.C_COLUMN]
        if cell_lengths[cell] != x.ABSENT and lengths[at] == x.ABSENT:
            values[at], lengths[at], ranks[at] = cell_values[cell], cell_lengths[cell], copies[copy, x.C_RANK]
    for place in range(anchors[anchor, x.A_FIXED], anchors[anchor, x.A_FIXED_STOP]):
        at = first + fixed[place, x.F_COLUMN]
        text, other = fixed[place, x.F_TEXT], fixed[place, x.F_TABLE]
        if text >= 0:
            values[at], lengths[at] = texts[text, 0], texts[text, 1]
        elif tables[other, x.B_NUMBER] >= 0:
            values[at], lengths[at] = tables[other, x.B_NUMBER], x.CONVERTED
    if anchors[anchor, x.A_LASTS]:
        depth = state[x.X_STACK]
        state[x.X_STACK] = depth + 1
        stack[depth, x.K_ROW] = row
        stack[depth, x.K_TABLE] = table
        stack[depth, x.K_LOOP] = anchors[anchor, x.A_LOOP]
        stack[depth, x.K_LOOP_STOP] = anchors[anchor, x.A_LOOP_STOP]
        stack[depth, x.K_LOOP_FIRST] = anchors[anchor, x.A_LOOP_FIRST]
        tables[table, x.B_ROW] = row
        tables[table, x.B_NUMBER] = tables[table, x.B_OPENED]
        tables[table, x.B_LOOP] = anchors[anchor, x.A_LOOP]
        rows[row, x.W_STOP] = x.OPEN
    tables[table, x.B_OPENED] += 1
    return first


@compiled(
    INT(
        BYTES, INT, INT, INT, TABLE, STARTS, LONG_TABLE,
        TABLE, TABLE, TABLE, TABLE, TABLE, COUNTS, COUNTS, KEYS, LONG_TABLE,
        INTS, COUNTS, LONG_TABLE, LONG_TABLE, LONG_TABLE, INTS, COUNTS, BYTES, BYTES, INTS,
    )
)  # fmt: skip
def fill_tables(
    raw, base, separator, repetition, records, element_starts, news,
    places, readings, anchors, copies, fixed, forgets, repeats, qualifiers, texts,
    cell_values, cell_lengths, tables, stack, rows, values, lengths, ranks, heap, state,
):  # fmt: skip
    """Read the records from state[X_NEXT] on; FULL where room is lacking for the next one, else DONE."""
    for record in range(state[x.X_NEXT], records.shape[0]):
        node = records[record, RECORD_NODE]
        begin, end = np.int64(records[record, RECORD_START]), np.int64(records[record, RECORD_STOP])
        needed = places[node, x.P_MOST_READINGS] * 2 * (end - begin) + SLACK
        if (
            state[x.X_ROWS] + places[node, x.P_MOST_ROWS] > rows.shape[0]
            or state[x.X_VALUES] + places[node, x.P_MOST_VALUES] > values.shape[0]
            or state[x.X_HEAP] + needed > heap.shape[0]
        ):
            state[x.X_NEXT], state[x.X_NEEDED] = record, needed
            return x.FULL
        number = records[record, RECORD_SET]
        if number != state[x.X_SET]:
            end_set(number, base + begin, news, state, tables, stack, rows, cell_lengths)
        first, elements = records[record, RECORD_ELEMENT], records[record, RECORD_ELEMENTS]
        while state[x.X_STACK]:
            top = state[x.X_STACK] - 1
            if stack[top, x.K_LOOP] <= node < stack[top, x.K_LOOP_STOP] and node != stack[top, x.K_LOOP_FIRST]:
                break
            rows[stack[top, x.K_ROW], x.W_STOP] = base + begin
            tables[stack[top, x.K_TABLE], x.B_ROW] = tables[stack[top, x.K_TABLE], x.B_NUMBER] = -1
            state[x.X_STACK] = top
        for forget in range(places[node, x.P_FORGETS], places[node, x.P_FORGETS_STOP]):
            cell_lengths[forgets[forget]] = x.ABSENT

        for anchor in range(places[node, x.P_ANCHORS], places[node, x.P_ANCHORS_STOP]):
            table = anchors[anchor, x.A_TABLE]
            if anchors[anchor, x.A_LASTS] and tables[table, x.B_ROW] >= 0:
                close_row(table, base + begin, tables, stack, rows, state)
            # a row that is not exploded is made of the part from element 0 to the last
            explodes = anchors[anchor, x.A_FIRST]
            last = min(anchors[anchor, x.A_LAST], elements - 1) if explodes else 0
            step = anchors[anchor, x.A_STEP]
            for element in range(explodes, last + 1, step):
                behind = min(element + step, last + 1) if explodes else elements
                start = np.int64(element_starts[first + element])
                stop = np.int64(element_starts[first + behind]) - 1
                again = repeats[anchors[anchor, x.A_REPEATS] + element - explodes] if anchors[anchor, x.A_REPEATS] >= 0 else 0
                part_stop = stop
                for turn in range(max(again, 1)):
                    if again:
                        if turn:
                            start = part_stop + 1
                        if start > stop:
                            break
                        part_stop = start
                        while part_stop < stop and (raw[part_stop] != repetition or not repetition):
                            part_stop += 1
                    if explodes:
                        # separators alone are no part
                        if part_stop - start <= behind - element - 1:
                            continue
                        if anchors[anchor, x.A_QUALIFIERS] != anchors[anchor, x.A_QUALIFIERS_STOP]:
                            key_stop = min(part_stop, np.int64(element_starts[first + element + 1]) - 1)
                            key_start, key_stop = component_of(raw, start, key_stop, 1, separator)
                            if not is_wanted(anchors, anchor, key_of(raw, key_start, key_stop), qualifiers):
                                continue
                    row_values = open_row(
                        anchor, number, start, part_stop, base, anchors, copies, fixed, texts, cell_values, cell_lengths,
                        tables, stack, rows, values, lengths, ranks, state,
                    )  # fmt: skip
                    for reading in range(anchors[anchor, x.A_OWN], anchors[anchor, x.A_OWN_STOP]):
                        at, rank = row_values + readings[reading, x.R_TARGET], readings[reading, x.R_RANK]
                        if lengths[at] != x.ABSENT and ranks[at] <= rank:
                            continue
                        if readings[reading, x.R_ELEMENT]:
                            a, b = reading_of(raw, element_starts, first, elements, readings, reading, qualifiers, separator)
                        else:
                            a, b = start, part_stop
                            wanted = element + readings[reading, x.R_OFFSET]
                            if wanted >= behind:
                                continue
                            if not again:
                                a = np.int64(element_starts[first + wanted])
                                b = np.int64(element_starts[first + wanted + 1]) - 1
                            if readings[reading, x.R_COMPONENT]:
                                a, b = component_of(raw, a, b, readings[reading, x.R_COMPONENT], separator)
                        if b > a:
                            store(raw, a, b, readings[reading, x.R_KIND], at, values, lengths, heap, state)
                            ranks[at] = rank

        for reading in range(places[node, x.P_CELLS], places[node, x.P_CELLS_STOP]):
            a, b = reading_of(raw, element_starts, first, elements, readings, reading, qualifiers, separator)
            if b > a:
                cell = readings[reading, x.R_TARGET]
                store(raw, a, b, readings[reading, x.R_KIND], cell, cell_values, cell_lengths, heap, state)
        for reading in range(places[node, x.P_VALUES], places[node, x.P_VALUES_STOP]):
            table = readings[reading, x.R_TABLE]
            row = tables[table, x.B_ROW]
            if row < 0 or (readings[reading, x.R_LOOP] >= 0 and readings[reading, x.R_LOOP] != tables[table, x.B_LOOP]):
                continue
            at, rank = rows[row, x.W_VALUES] + readings[reading, x.R_TARGET], readings[reading, x.R_RANK]
            if lengths[at] != x.ABSENT and ranks[at] <= rank:
                continue
            a, b = reading_of(raw, element_starts, first, elements, readings, reading, qualifiers, separator)
            if b > a:
                store(raw, a, b, readings[reading, x.R_KIND], at, values, lengths, heap, state)
                ranks[at] = rank
    state[x.X_NEXT] = 0
    if state[x.X_STACK]:
        for at in range(state[x.X_NEWS], news.shape[0]):
            if news[at, x.S_NUMBER] == state[x.X_SET] and news[at, x.S_STOP] >= 0:
                close_rows(news[at, x.S_STOP], tables, stack, rows, state)
    return x.DONE
