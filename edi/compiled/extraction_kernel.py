"""The kernel that fills tables: one pass over the segments of a batch for all tables of a guide together.

What a segment does is found by its node, so that cost follows the segments that matter and not the number of tables.
Values go straight to the columns. Only what rows may inherit (cells) is kept aside: text in a heap, all else as an
integer. So nothing refers to the batch once it is read. Room is looked for before a segment changes anything, so that
it can be read again when there is more.
"""

from __future__ import annotations

import numpy as np

from edi.compiled import extraction_layout as x
from edi.compiled.access_kernel import (
    get,
    get_anchor,
    get_group,
    get_open,
    get_place,
    get_reading,
    get_record,
    get_table,
    put,
    put_open,
    put_table,
)
from edi.compiled.batch import RECORD_ELEMENT, RECORD_ELEMENTS, RECORD_NODE, RECORD_SET, RECORD_START, RECORD_STOP
from edi.compiled.copy_kernel import SLACK
from edi.compiled.options import (
    BYTES,
    COUNTS,
    INT,
    INTS,
    KEY,
    KEYS,
    LONG_TABLE,
    NONE,
    SHORT_TABLE,
    STARTS,
    TABLE,
    compiled,
    helper,
    inlined,
)
from edi.compiled.reading_kernel import component_of, is_qualified, keep_value, key_of, reading_of
from edi.compiled.rows_kernel import (
    close_last,
    close_row,
    close_rows,
    end_row,
    has_room,
    is_better,
    open_row,
    write_value,
)


@helper(INT(INT, LONG_TABLE, INTS))
def stop_of_set(otherwise, news, state):
    """Where the set ends whose rows are open."""
    for at in range(state[x.X_NEWS], news.shape[0]):
        if news[at, x.S_NUMBER] == state[x.X_SET] and news[at, x.S_STOP] >= 0:
            return news[at, x.S_STOP]
        if news[at, x.S_NUMBER] > state[x.X_SET]:
            break
    return otherwise


@helper(NONE(INT, LONG_TABLE, INTS, COUNTS))
def begin_set(number, news, state, cell_lengths):
    """Another set begins: nothing is inherited."""
    at = state[x.X_NEWS]
    while at < news.shape[0] and news[at, x.S_NUMBER] < number:
        at += 1
    state[x.X_NEWS] = at
    if at < news.shape[0]:
        state[x.X_INTERCHANGE] = news[at, x.S_INTERCHANGE]
        state[x.X_GROUP] = news[at, x.S_GROUP]
        state[x.X_ORDINAL] = news[at, x.S_ORDINAL]
    for cell in range(cell_lengths.shape[0]):
        cell_lengths[cell] = x.ABSENT
    state[x.X_SET] = number


@inlined(INT(SHORT_TABLE, INT, KEY, KEYS))
def is_wanted(anchors, anchor, key, qualifiers):
    """Is a part with this first component wanted? 1 or 0."""
    first, stop = get_anchor(anchors, anchor, x.A_QUALIFIERS), get_anchor(anchors, anchor, x.A_QUALIFIERS_STOP)
    for number in range(first, stop):
        if qualifiers[number] == key:
            return 1
    return np.int64(first == stop)


@compiled(
    INT(
        BYTES, INT, INT, INT, TABLE, STARTS, LONG_TABLE,
        SHORT_TABLE, SHORT_TABLE, SHORT_TABLE, SHORT_TABLE, SHORT_TABLE, SHORT_TABLE, COUNTS, COUNTS, KEYS, LONG_TABLE,
        INTS, COUNTS, LONG_TABLE, LONG_TABLE, LONG_TABLE, INTS, BYTES, BYTES, COUNTS, INTS, INTS,
    )
)  # fmt: skip
def fill_tables(
    raw, base, separator, repetition, records, element_starts, news,
    places, groups, readings, anchors, copies, fixed, forgets, repeats, qualifiers, texts,
    cell_values, cell_lengths, stack, tables, columns, seen, heap, out, out_32, out_64, state,
):  # fmt: skip
    """Read the records from state[X_NEXT] on, until all are read or room is lacking for the next one."""
    for record in range(state[x.X_NEXT], records.shape[0]):
        state[x.X_NEXT] = record
        node = get_record(records, record, RECORD_NODE)
        begin, end = get_record(records, record, RECORD_START), get_record(records, record, RECORD_STOP)
        room = 2 * (end - begin) + SLACK
        most_copies = get_place(places, node, x.P_CELLS_STOP) - get_place(places, node, x.P_CELLS)
        if state[x.X_HEAP] + most_copies * room > heap.shape[0]:
            state[x.X_NEEDED] = most_copies * room
            return x.HEAP_FULL
        number = get_record(records, record, RECORD_SET)
        if number != state[x.X_SET]:
            close_rows(stop_of_set(base + begin, news, state), stack, tables, out_64, state)
            begin_set(number, news, state, cell_lengths)
        first, elements = get_record(records, record, RECORD_ELEMENT), get_record(records, record, RECORD_ELEMENTS)
        while state[x.X_STACK]:
            top = state[x.X_STACK] - 1
            if get_open(stack, top, x.K_LOOP) <= node < get_open(stack, top, x.K_LOOP_STOP) and node != get_open(
                stack, top, x.K_LOOP_FIRST
            ):
                break
            close_last(base + begin, stack, tables, out_64, state)

        for anchor in range(get_place(places, node, x.P_ANCHORS), get_place(places, node, x.P_ANCHORS_STOP)):
            table, most = get_anchor(anchors, anchor, x.A_TABLE), get_anchor(anchors, anchor, x.A_MOST)
            if get_table(tables, table, x.B_NUMBER) >= 0:
                close_row(table, base + begin, stack, tables, out_64, state)
            # the rows share the segment's own text, but each of them may inherit the longest
            if not has_room(table, most, room + most * state[x.X_LONGEST], tables, columns, state):
                return x.MEMORY_FULL
        for group in range(get_place(places, node, x.P_GROUPS), get_place(places, node, x.P_GROUPS_STOP)):
            if not has_room(get_group(groups, group, x.G_TABLE), 0, room, tables, columns, state):
                return x.MEMORY_FULL

        for forget in range(get_place(places, node, x.P_FORGETS), get_place(places, node, x.P_FORGETS_STOP)):
            put(cell_lengths, get(forgets, forget), x.ABSENT)
        for anchor in range(get_place(places, node, x.P_ANCHORS), get_place(places, node, x.P_ANCHORS_STOP)):
            table = get_anchor(anchors, anchor, x.A_TABLE)
            slots, row = get_table(tables, table, x.B_FIRST), get_table(tables, table, x.B_ROWS)
            # a row that is not exploded is made of the part from element 0 to the last
            explodes = get_anchor(anchors, anchor, x.A_FIRST)
            last = min(get_anchor(anchors, anchor, x.A_LAST), elements - 1) if explodes else 0
            step = get_anchor(anchors, anchor, x.A_STEP)
            for element in range(explodes, last + 1, step):
                behind = min(element + step, last + 1) if explodes else elements
                start = get(element_starts, first + element)
                stop = get(element_starts, first + behind) - 1
                again = (
                    repeats[get_anchor(anchors, anchor, x.A_REPEATS) + element - explodes]
                    if get_anchor(anchors, anchor, x.A_REPEATS) >= 0
                    else 0
                )
                part_stop = stop
                for turn in range(max(again, 1)):
                    if again:
                        if turn:
                            start = part_stop + 1
                        if start > stop:
                            break
                        part_stop = start
                        while part_stop < stop and (get(raw, part_stop) != repetition or not repetition):
                            part_stop += 1
                    if explodes:
                        # separators alone are no part
                        if part_stop - start <= behind - element - 1:
                            continue
                        if get_anchor(anchors, anchor, x.A_QUALIFIERS) != get_anchor(
                            anchors, anchor, x.A_QUALIFIERS_STOP
                        ):
                            key_stop = min(part_stop, get(element_starts, first + element + 1) - 1)
                            key_start, key_stop = component_of(raw, start, key_stop, 1, separator)
                            if not is_wanted(anchors, anchor, key_of(raw, key_start, key_stop), qualifiers):
                                continue
                    open_row(
                        anchor, base + start, anchors, copies, fixed, texts, cell_values, cell_lengths,
                        tables, columns, seen, heap, out, out_32, out_64, state,
                    )  # fmt: skip
                    if get_anchor(anchors, anchor, x.A_LASTS):
                        put_table(tables, table, x.B_NUMBER, get_table(tables, table, x.B_OPENED) - 1)
                        put_table(tables, table, x.B_LOOP, get_anchor(anchors, anchor, x.A_LOOP))
                        depth = state[x.X_STACK]
                        state[x.X_STACK] = depth + 1
                        put_open(stack, depth, x.K_TABLE, table)
                        put_open(stack, depth, x.K_LOOP, get_anchor(anchors, anchor, x.A_LOOP))
                        put_open(stack, depth, x.K_LOOP_STOP, get_anchor(anchors, anchor, x.A_LOOP_STOP))
                        put_open(stack, depth, x.K_LOOP_FIRST, get_anchor(anchors, anchor, x.A_LOOP_FIRST))
                        continue
                    end_row(table, base + part_stop, tables, out_64)
                    mark = (get_table(tables, table, x.B_OPENED) << x.RANK_BITS) + x.MOST_RANK
                    known, component, place = np.int64(-1), np.int64(1), np.int64(0)
                    for reading in range(
                        get_anchor(anchors, anchor, x.A_OWN), get_anchor(anchors, anchor, x.A_OWN_STOP)
                    ):
                        wanted = get_reading(readings, reading, x.R_COMPONENT)
                        if get_reading(readings, reading, x.R_ELEMENT):
                            a, b = reading_of(
                                raw, element_starts, first, elements, readings, reading, qualifiers, separator
                            )
                        else:
                            a, b = start, part_stop
                            offset = get_reading(readings, reading, x.R_OFFSET)
                            if element + offset >= behind:
                                break
                            if not again:
                                a = get(element_starts, first + element + offset)
                                b = get(element_starts, first + element + offset + 1) - 1
                            if wanted and b > a:
                                if offset != known:
                                    known, component, place = offset, np.int64(1), a
                                a, b = component_of(raw, place, b, wanted - component + 1, separator)
                                component, place = wanted, a
                        if b > a:
                            at = slots + get_reading(readings, reading, x.R_TARGET)
                            if is_better(
                                at, row, mark - get_reading(readings, reading, x.R_RANK), seen, columns, out, out_32
                            ):
                                write_value(
                                    raw, a, b, get_reading(readings, reading, x.R_KIND), at, row,
                                    columns, out, out_32, out_64, state,
                                )  # fmt: skip
                    row += 1

        for reading in range(get_place(places, node, x.P_CELLS), get_place(places, node, x.P_CELLS_STOP)):
            a, b = reading_of(raw, element_starts, first, elements, readings, reading, qualifiers, separator)
            if b > a:
                cell = get_reading(readings, reading, x.R_TARGET)
                keep_value(
                    raw, a, b, get_reading(readings, reading, x.R_KIND), cell, cell_values, cell_lengths, heap, state
                )
                state[x.X_LONGEST] = max(state[x.X_LONGEST], cell_lengths[cell])
        for group in range(get_place(places, node, x.P_GROUPS), get_place(places, node, x.P_GROUPS_STOP)):
            table = get_group(groups, group, x.G_TABLE)
            row = get_table(tables, table, x.B_AT)
            if row < 0 or (
                get_group(groups, group, x.G_LOOP) >= 0
                and get_group(groups, group, x.G_LOOP) != get_table(tables, table, x.B_LOOP)
            ):
                continue
            slots = get_table(tables, table, x.B_FIRST)
            mark = (get_table(tables, table, x.B_OPENED) << x.RANK_BITS) + x.MOST_RANK
            known, component, place = np.int64(-1), np.int64(1), np.int64(0)
            for reading in range(get_group(groups, group, x.G_READINGS), get_group(groups, group, x.G_READINGS_STOP)):
                element = get_reading(readings, reading, x.R_ELEMENT)
                if element >= elements:
                    break
                a, b = get(element_starts, first + element), get(element_starts, first + element + 1) - 1
                if a >= b:
                    continue
                wanted = get_reading(readings, reading, x.R_COMPONENT)
                if wanted:
                    if element != known:
                        known, component, place = element, np.int64(1), a
                    a, b = component_of(raw, place, b, wanted - component + 1, separator)
                    component, place = wanted, a
                    if a >= b:
                        continue
                if get_reading(readings, reading, x.R_KEY_ELEMENT) and not is_qualified(
                    raw, element_starts, first, elements, readings, reading, qualifiers, separator
                ):
                    continue
                at = slots + get_reading(readings, reading, x.R_TARGET)
                if is_better(at, row, mark - get_reading(readings, reading, x.R_RANK), seen, columns, out, out_32):
                    write_value(
                        raw,
                        a,
                        b,
                        get_reading(readings, reading, x.R_KIND),
                        at,
                        row,
                        columns,
                        out,
                        out_32,
                        out_64,
                        state,
                    )
    state[x.X_NEXT] = records.shape[0]
    if state[x.X_STACK]:
        stop = stop_of_set(-1, news, state)
        if stop >= 0:
            close_rows(stop, stack, tables, out_64, state)
    return x.DONE
