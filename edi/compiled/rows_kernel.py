"""Kernels that begin, end and write rows of tables.

Each column of each table has a slot, for the row that is being read. A row that ends is written to Arrow's buffers at
once, which lie in one piece of memory.
"""

from __future__ import annotations

import numpy as np

from edi.compiled import extraction_layout as x
from edi.compiled.copy_kernel import SLACK, copy_words
from edi.compiled.options import BOOL, BYTES, COUNTS, INT, INTS, LONG_TABLE, NONE, SHORT_TABLE, compiled, inlined
from edi.compiled.reading_kernel import copy_text

SIGN_SHIFT = 63
BIT_SHIFT, LAST_BIT = 3, 7


@compiled(BOOL(INT, INT, INT, LONG_TABLE, LONG_TABLE, INTS))
def has_room(table, rows, needed, tables, columns, state):
    """Is there room for so many rows with texts of so many bytes at most? If not, the state says what is needed."""
    has_rows = tables[table, x.B_ROWS] + rows <= tables[table, x.B_ROOM]
    if has_rows and tables[table, x.B_FREE] >= rows * needed:
        return True
    free = np.int64(2**62)
    first = tables[table, x.B_FIRST]
    for column in range(first, first + tables[table, x.B_WIDTH]):
        if columns[column, x.L_KIND] == x.TEXT:
            free = min(free, columns[column, x.L_ROOM] - columns[column, x.L_SIZE])
    tables[table, x.B_FREE] = free
    if has_rows and free >= rows * needed:
        return True
    state[x.X_NEEDED_TABLE], state[x.X_NEEDED_ROWS], state[x.X_NEEDED] = table, rows, rows * needed
    return False


@compiled(
    NONE(
        INT, INT, INT, INT, BYTES, LONG_TABLE, LONG_TABLE, INTS, COUNTS, INTS, BYTES, BYTES, COUNTS, INTS, INTS,
    )
)  # fmt: skip
def write_row(
    table, parent, start, stop, raw, tables, columns, values, lengths, present, heap, out, out_32, out_64, state
):
    """Write the row in the slots of a table, for which there is room, to the memory."""
    row, first = tables[table, x.B_ROWS], tables[table, x.B_FIRST]
    tables[table, x.B_ROWS] = row + 1
    place = tables[table, x.B_SETS]
    room = tables[table, x.B_ROOM]
    out_32[place + row] = state[x.X_INTERCHANGE]
    out_32[place + room + row] = state[x.X_GROUP]
    out_32[place + 2 * room + row] = state[x.X_ORDINAL]
    out_64[tables[table, x.B_PARENTS] + row] = parent
    out_64[tables[table, x.B_STARTS] + row] = start
    out_64[tables[table, x.B_STOPS] + row] = stop
    bit = np.uint8(1 << (row & LAST_BIT))
    octet = row >> BIT_SHIFT
    longest = 0
    for number in range(first, first + tables[table, x.B_PRESENT]):
        column = np.uint64(present[number])
        length, value, kind = np.int64(lengths[column]), values[column], columns[column, x.L_KIND]
        if length < 0:
            continue
        target = columns[column, x.L_VALUES] + row
        columns[column, x.L_FILLED] += 1
        out[columns[column, x.L_VALID] + octet] |= bit
        if kind == x.TEXT:
            size = columns[column, x.L_SIZE]
            at = columns[column, x.L_DATA] + size
            if value < 0:
                length = copy_text(raw, ~value, length, out, at, state)
            else:
                copy_words(heap, value, out, at, length)
            for before in range(target - row + columns[column, x.L_WRITTEN] + 1, target + 1):
                out_32[before] = size
            size += length
            columns[column, x.L_SIZE] = size
            columns[column, x.L_WRITTEN] = row + 1
            out_32[target + 1] = size
            longest = max(longest, length)
        elif kind >= x.FIRST_NARROW:
            out_32[target] = value
        elif kind >= x.FIRST_WIDE:
            out_64[target + row] = value
            out_64[target + row + 1] = value >> SIGN_SHIFT
        else:
            out_64[target] = value
    tables[table, x.B_FREE] -= longest


@compiled(
    BOOL(INT, INT, BYTES, LONG_TABLE, LONG_TABLE, LONG_TABLE, INTS, COUNTS, INTS, BYTES, BYTES, COUNTS, INTS, INTS)
)
def close_row(depth, stop, raw, stack, tables, columns, values, lengths, present, heap, out, out_32, out_64, state):
    """The open row at this depth ends, whatever stands inside it; False where there is no room to write it."""
    table = stack[depth, x.K_TABLE]
    if not has_room(table, 1, tables[table, x.B_LONGEST] + SLACK, tables, columns, state):
        return False
    parent, start = tables[table, x.B_PARENT], tables[table, x.B_START]
    write_row(
        table, parent, start, stop, raw, tables, columns, values, lengths, present, heap, out, out_32, out_64, state
    )
    tables[table, x.B_NUMBER] = -1
    for above in range(depth + 1, state[x.X_STACK]):
        for field in range(x.STACK_FIELDS):
            stack[above - 1, field] = stack[above, field]
    state[x.X_STACK] -= 1
    return True


@compiled(BOOL(INT, BYTES, LONG_TABLE, LONG_TABLE, LONG_TABLE, INTS, COUNTS, INTS, BYTES, BYTES, COUNTS, INTS, INTS))
def close_rows(stop, raw, stack, tables, columns, values, lengths, present, heap, out, out_32, out_64, state):
    """All open rows end at byte `stop` of the file; False where there is no room for one of them."""
    while state[x.X_STACK]:
        depth = state[x.X_STACK] - 1
        if not close_row(
            depth, stop, raw, stack, tables, columns, values, lengths, present, heap, out, out_32, out_64, state
        ):
            return False
    return True


@inlined(NONE(INT, INT, LONG_TABLE, INTS, INTS))
def put(table, at, tables, present, stamps):
    """The row in the slots of a table has a value at that one, which it had not before."""
    count = tables[table, x.B_PRESENT]
    present[tables[table, x.B_FIRST] + count] = at
    tables[table, x.B_PRESENT] = count + 1
    stamps[at] = tables[table, x.B_OPENED]


@inlined(
    NONE(
        INT,
        SHORT_TABLE,
        SHORT_TABLE,
        SHORT_TABLE,
        LONG_TABLE,
        INTS,
        COUNTS,
        LONG_TABLE,
        INTS,
        COUNTS,
        BYTES,
        INTS,
        INTS,
    )
)
def inherit(
    anchor, anchors, copies, fixed, texts, cell_values, cell_lengths, tables, values, lengths, ranks, present, stamps
):  # fmt: skip
    """Begin a row in the slots of a table: with what it inherits, and what the guide says of it."""
    table = anchors[anchor, x.A_TABLE]
    first = tables[table, x.B_FIRST]
    tables[table, x.B_OPENED] += 1
    tables[table, x.B_PRESENT] = 0
    for copy in range(anchors[anchor, x.A_COPIES], anchors[anchor, x.A_COPIES_STOP]):
        cell, at = copies[copy, x.C_CELL], first + copies[copy, x.C_COLUMN]
        if cell_lengths[cell] != x.ABSENT and stamps[at] != tables[table, x.B_OPENED]:
            values[at], lengths[at], ranks[at] = cell_values[cell], cell_lengths[cell], copies[copy, x.C_RANK]
            put(table, at, tables, present, stamps)
    for place in range(anchors[anchor, x.A_FIXED], anchors[anchor, x.A_FIXED_STOP]):
        at = first + fixed[place, x.F_COLUMN]
        text, other = fixed[place, x.F_TEXT], fixed[place, x.F_TABLE]
        if text >= 0:
            values[at], lengths[at] = texts[text, 0], texts[text, 1]
            put(table, at, tables, present, stamps)
        elif tables[other, x.B_NUMBER] >= 0:
            values[at], lengths[at] = tables[other, x.B_NUMBER], x.CONVERTED
            put(table, at, tables, present, stamps)
