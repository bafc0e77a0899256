"""The kernel that fills tables: one pass over the segments of a batch for all tables of a guide together.

What a segment does is found by its node, so that cost follows the segments that matter and not the number of tables.
What lasts longer than a segment, values that rows may inherit (cells) and those of open rows, is copied to a heap where
it is text; all else becomes an integer. So nothing refers to the batch once it is read. A text's place is told as it is
in the heap, or as ~place in the batch.
"""

from __future__ import annotations

import numpy as np

from edi.compiled import extraction_layout as x
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
)
from edi.compiled.reading_kernel import component_of, key_of, reading_of, store
from edi.compiled.rows_kernel import close_row, close_rows, has_room, inherit, put, write_row


@compiled(INT(INT, LONG_TABLE, INTS))
def stop_of_set(otherwise, news, state):
    """Where the set ends whose rows are open."""
    for at in range(state[x.X_NEWS], news.shape[0]):
        if news[at, x.S_NUMBER] == state[x.X_SET] and news[at, x.S_STOP] >= 0:
            return news[at, x.S_STOP]
        if news[at, x.S_NUMBER] > state[x.X_SET]:
            break
    return otherwise


@compiled(NONE(INT, LONG_TABLE, INTS, COUNTS))
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


@compiled(INT(SHORT_TABLE, INT, KEY, KEYS))
def is_wanted(anchors, anchor, key, qualifiers):
    """Is a part with this first component wanted? 1 or 0."""
    first, stop = anchors[anchor, x.A_QUALIFIERS], anchors[anchor, x.A_QUALIFIERS_STOP]
    for number in range(first, stop):
        if qualifiers[number] == key:
            return 1
    return np.int64(first == stop)


@compiled(
    INT(
        BYTES, INT, INT, INT, TABLE, STARTS, LONG_TABLE,
        SHORT_TABLE, SHORT_TABLE, SHORT_TABLE, SHORT_TABLE, SHORT_TABLE, COUNTS, COUNTS, KEYS, LONG_TABLE,
        INTS, COUNTS, LONG_TABLE, LONG_TABLE, LONG_TABLE,
        INTS, COUNTS, BYTES, INTS, INTS, BYTES, BYTES, COUNTS, INTS, INTS,
    )
)  # fmt: skip
def fill_tables(
    raw, base, separator, repetition, records, element_starts, news,
    places, readings, anchors, copies, fixed, forgets, repeats, qualifiers, texts,
    cell_values, cell_lengths, stack, tables, columns,
    values, lengths, ranks, present, stamps, heap, out, out_32, out_64, state,
):  # fmt: skip
    """Read the records from state[X_NEXT] on, until all are read or room is lacking for the next one."""
    for record in range(state[x.X_NEXT], records.shape[0]):
        state[x.X_NEXT] = record
        node = records[record, RECORD_NODE]
        begin, end = np.int64(records[record, RECORD_START]), np.int64(records[record, RECORD_STOP])
        room = 2 * (end - begin) + SLACK
        if state[x.X_HEAP] + places[node, x.P_MOST_COPIES] * room > heap.shape[0]:
            state[x.X_NEEDED] = places[node, x.P_MOST_COPIES] * room
            return x.HEAP_FULL
        number = records[record, RECORD_SET]
        if number != state[x.X_SET]:
            stop = stop_of_set(base + begin, news, state)
            if not close_rows(
                stop, raw, stack, tables, columns, values, lengths, present, heap, out, out_32, out_64, state
            ):
                return x.MEMORY_FULL
            begin_set(number, news, state, cell_lengths)
        first, elements = records[record, RECORD_ELEMENT], records[record, RECORD_ELEMENTS]
        while state[x.X_STACK]:
            top = state[x.X_STACK] - 1
            if stack[top, x.K_LOOP] <= node < stack[top, x.K_LOOP_STOP] and node != stack[top, x.K_LOOP_FIRST]:
                break
            if not close_row(
                top,
                base + begin,
                raw,
                stack,
                tables,
                columns,
                values,
                lengths,
                present,
                heap,
                out,
                out_32,
                out_64,
                state,
            ):
                return x.MEMORY_FULL

        room = max(room, state[x.X_LONGEST] + SLACK)
        for anchor in range(places[node, x.P_ANCHORS], places[node, x.P_ANCHORS_STOP]):
            table = anchors[anchor, x.A_TABLE]
            if tables[table, x.B_NUMBER] >= 0:
                for depth in range(state[x.X_STACK]):
                    if stack[depth, x.K_TABLE] == table:
                        if not close_row(
                            depth,
                            base + begin,
                            raw,
                            stack,
                            tables,
                            columns,
                            values,
                            lengths,
                            present,
                            heap,
                            out,
                            out_32,
                            out_64,
                            state,
                        ):
                            return x.MEMORY_FULL
                        break
            most = anchors[anchor, x.A_MOST]
            if not anchors[anchor, x.A_LASTS] and not has_room(table, most, room, tables, columns, state):
                return x.MEMORY_FULL

        for forget in range(places[node, x.P_FORGETS], places[node, x.P_FORGETS_STOP]):
            cell_lengths[forgets[forget]] = x.ABSENT
        for anchor in range(places[node, x.P_ANCHORS], places[node, x.P_ANCHORS_STOP]):
            table, parent = anchors[anchor, x.A_TABLE], anchors[anchor, x.A_PARENT]
            slots = tables[table, x.B_FIRST]
            parent_row = tables[parent, x.B_NUMBER] if parent >= 0 else -1
            if anchors[anchor, x.A_LASTS]:
                inherit(
                    anchor,
                    anchors,
                    copies,
                    fixed,
                    texts,
                    cell_values,
                    cell_lengths,
                    tables,
                    values,
                    lengths,
                    ranks,
                    present,
                    stamps,
                )
                tables[table, x.B_NUMBER] = tables[table, x.B_OPENED] - 1
                tables[table, x.B_LOOP] = anchors[anchor, x.A_LOOP]
                tables[table, x.B_LONGEST] = state[x.X_LONGEST]
                tables[table, x.B_START] = base + begin
                tables[table, x.B_PARENT] = parent_row
                depth = state[x.X_STACK]
                state[x.X_STACK] = depth + 1
                stack[depth, x.K_TABLE] = table
                stack[depth, x.K_LOOP] = anchors[anchor, x.A_LOOP]
                stack[depth, x.K_LOOP_STOP] = anchors[anchor, x.A_LOOP_STOP]
                stack[depth, x.K_LOOP_FIRST] = anchors[anchor, x.A_LOOP_FIRST]
                continue
            # a row that is not exploded is made of the part from element 0 to the last
            explodes = anchors[anchor, x.A_FIRST]
            last = min(anchors[anchor, x.A_LAST], elements - 1) if explodes else 0
            step = anchors[anchor, x.A_STEP]
            for element in range(explodes, last + 1, step):
                behind = min(element + step, last + 1) if explodes else elements
                start = np.int64(element_starts[first + element])
                stop = np.int64(element_starts[first + behind]) - 1
                again = (
                    repeats[anchors[anchor, x.A_REPEATS] + element - explodes]
                    if anchors[anchor, x.A_REPEATS] >= 0
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
                    inherit(
                        anchor,
                        anchors,
                        copies,
                        fixed,
                        texts,
                        cell_values,
                        cell_lengths,
                        tables,
                        values,
                        lengths,
                        ranks,
                        present,
                        stamps,
                    )
                    for reading in range(anchors[anchor, x.A_OWN], anchors[anchor, x.A_OWN_STOP]):
                        at, rank = slots + readings[reading, x.R_TARGET], readings[reading, x.R_RANK]
                        if stamps[at] == tables[table, x.B_OPENED] and ranks[at] <= rank:
                            continue
                        if readings[reading, x.R_ELEMENT]:
                            a, b = reading_of(
                                raw, element_starts, first, elements, readings, reading, qualifiers, separator
                            )
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
                            store(raw, a, b, readings[reading, x.R_KIND], False, at, values, lengths, heap, state)
                            ranks[at] = rank
                            if stamps[at] != tables[table, x.B_OPENED]:
                                put(table, at, tables, present, stamps)
                    write_row(
                        table, parent_row, base + start, base + part_stop, raw, tables, columns, values, lengths,
                        present, heap, out, out_32, out_64, state,
                    )  # fmt: skip

        for reading in range(places[node, x.P_CELLS], places[node, x.P_CELLS_STOP]):
            a, b = reading_of(raw, element_starts, first, elements, readings, reading, qualifiers, separator)
            if b > a:
                cell = readings[reading, x.R_TARGET]
                store(raw, a, b, readings[reading, x.R_KIND], True, cell, cell_values, cell_lengths, heap, state)
                state[x.X_LONGEST] = max(state[x.X_LONGEST], cell_lengths[cell])
        for reading in range(places[node, x.P_VALUES], places[node, x.P_VALUES_STOP]):
            table = readings[reading, x.R_TABLE]
            if tables[table, x.B_NUMBER] < 0 or (
                readings[reading, x.R_LOOP] >= 0 and readings[reading, x.R_LOOP] != tables[table, x.B_LOOP]
            ):
                continue
            at, rank = tables[table, x.B_FIRST] + readings[reading, x.R_TARGET], readings[reading, x.R_RANK]
            if stamps[at] == tables[table, x.B_OPENED] and ranks[at] <= rank:
                continue
            a, b = reading_of(raw, element_starts, first, elements, readings, reading, qualifiers, separator)
            if b > a:
                store(raw, a, b, readings[reading, x.R_KIND], True, at, values, lengths, heap, state)
                ranks[at] = rank
                if stamps[at] != tables[table, x.B_OPENED]:
                    put(table, at, tables, present, stamps)
                tables[table, x.B_LONGEST] = max(tables[table, x.B_LONGEST], lengths[at])
    state[x.X_NEXT] = records.shape[0]
    if state[x.X_STACK]:
        stop = stop_of_set(-1, news, state)
        if stop >= 0 and not close_rows(
            stop, raw, stack, tables, columns, values, lengths, present, heap, out, out_32, out_64, state
        ):
            return x.MEMORY_FULL
    return x.DONE
