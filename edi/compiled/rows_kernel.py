"""Kernels that begin and end rows of tables and write their values.

Every value goes at once to where it will stay: Arrow's buffers, which lie in one piece of memory. A table has one open
row at most, and it comes behind those that have ended; so its columns can be written before it ends.
"""

from __future__ import annotations

import numpy as np

from edi.compiled import extraction_layout as x
from edi.compiled.access_kernel import (
    expect,
    get,
    get_anchor,
    get_column,
    get_copy,
    get_fixed,
    get_open,
    get_table,
    put,
    put_column,
    put_open,
    put_table,
)
from edi.compiled.copy_kernel import copy_words
from edi.compiled.options import (
    BOOL,
    BYTES,
    COUNTS,
    INT,
    INTS,
    LONG_TABLE,
    NONE,
    SHORT_TABLE,
    compiled,
    helper,
    inlined,
)
from edi.compiled.reading_kernel import copy_text
from edi.compiled.value_kernel import NOTHING, read_value

SIGN_SHIFT = 63
BIT_SHIFT, LAST_BIT = 3, 7
AHEAD, AHEAD_32, AHEAD_64 = 96, 24, 12
"""Bytes, and numbers of 32 and 64 bits, that the memory to be written is fetched in advance: in the next cache line."""


@helper(BOOL(INT, INT, INT, LONG_TABLE, LONG_TABLE, INTS))
def look_for_room(table, rows, needed, tables, columns, state):
    """Is there really no room for so many rows with so many bytes of text? If not, the state says what is needed."""
    free = np.int64(2**62)
    first = get_table(tables, table, x.B_FIRST)
    for column in range(first, first + get_table(tables, table, x.B_WIDTH)):
        if get_column(columns, column, x.L_KIND) == x.TEXT:
            free = min(free, get_column(columns, column, x.L_ROOM) - get_column(columns, column, x.L_SIZE))
    put_table(tables, table, x.B_FREE, free - needed)
    if free >= needed and get_table(tables, table, x.B_ROWS) + rows <= get_table(tables, table, x.B_ROOM):
        return True
    state[x.X_NEEDED_TABLE], state[x.X_NEEDED_ROWS], state[x.X_NEEDED] = table, rows, needed
    return False


@inlined(BOOL(INT, INT, INT, LONG_TABLE, LONG_TABLE, INTS))
def has_room(table, rows, needed, tables, columns, state):
    """Is there room for so many rows, which have so many bytes of text in a column at most? It is theirs then."""
    free = get_table(tables, table, x.B_FREE) - needed
    put_table(tables, table, x.B_FREE, free)
    if free >= 0 and get_table(tables, table, x.B_ROWS) + rows <= get_table(tables, table, x.B_ROOM):
        return True
    return look_for_room(table, rows, needed, tables, columns, state)


@helper(NONE(INT, INT, LONG_TABLE, BYTES, COUNTS))
def take_back(at, row, columns, out, out_32):
    """The row gets a better value in this column than the one it has."""
    place, bit = get_column(columns, at, x.L_VALID) + (row >> BIT_SHIFT), 1 << (row & LAST_BIT)
    if get(out, place) & bit:
        put(out, place, get(out, place) ^ bit)
        put_column(columns, at, x.L_FILLED, get_column(columns, at, x.L_FILLED) - 1)
        if get_column(columns, at, x.L_KIND) == x.TEXT:
            put_column(columns, at, x.L_SIZE, get(out_32, get_column(columns, at, x.L_VALUES) + row))
            put_column(columns, at, x.L_WRITTEN, row)


@inlined(BOOL(INT, INT, INT, INTS, LONG_TABLE, BYTES, COUNTS))
def is_better(at, row, mark, seen, columns, out, out_32):
    """Has the row no value yet in this column, or a worse one? The mark tells the row and the rank of the new one."""
    before = get(seen, at)
    if before >= mark:
        return False
    put(seen, at, mark)
    if before > mark - x.MOST_RANK and before >> x.RANK_BITS == mark >> x.RANK_BITS:
        take_back(at, row, columns, out, out_32)
    return True


@inlined(NONE(INT, INT, INT, INT, LONG_TABLE, BYTES, COUNTS, INTS))
def write_number(at, row, value, kind, columns, out, out_32, out_64):
    """The row's value of a column that is not of text."""
    put_column(columns, at, x.L_FILLED, get_column(columns, at, x.L_FILLED) + 1)
    place = get_column(columns, at, x.L_VALID) + (row >> BIT_SHIFT)
    put(out, place, get(out, place) | (1 << (row & LAST_BIT)))
    target = get_column(columns, at, x.L_VALUES) + row
    if kind >= x.FIRST_NARROW:
        put(out_32, target, value)
        expect(out_32, target + AHEAD_32)
    elif kind >= x.FIRST_WIDE:
        put(out_64, target + row, value)
        put(out_64, target + row + 1, value >> SIGN_SHIFT)
        expect(out_64, target + row + AHEAD_64)
    else:
        put(out_64, target, value)
        expect(out_64, target + AHEAD_64)


@inlined(NONE(INT, INT, INT, LONG_TABLE, BYTES, COUNTS))
def end_text(at, row, length, columns, out, out_32):
    """Text of so many bytes was written behind the last one of the column."""
    put_column(columns, at, x.L_FILLED, get_column(columns, at, x.L_FILLED) + 1)
    place = get_column(columns, at, x.L_VALID) + (row >> BIT_SHIFT)
    put(out, place, get(out, place) | (1 << (row & LAST_BIT)))
    target, size = get_column(columns, at, x.L_VALUES) + row, get_column(columns, at, x.L_SIZE)
    for before in range(target - row + get_column(columns, at, x.L_WRITTEN) + 1, target + 1):
        put(out_32, before, size)
    size += length
    put(out_32, target + 1, size)
    expect(out_32, target + AHEAD_32)
    expect(out, get_column(columns, at, x.L_DATA) + size + AHEAD)
    put_column(columns, at, x.L_SIZE, size)
    put_column(columns, at, x.L_WRITTEN, row + 1)


@inlined(NONE(BYTES, INT, INT, INT, INT, INT, LONG_TABLE, BYTES, COUNTS, INTS, INTS))
def write_value(raw, start, stop, kind, at, row, columns, out, out_32, out_64, state):
    """raw[start:stop] is the row's value of a column, unless it is not of its kind."""
    if kind == x.TEXT:
        place = get_column(columns, at, x.L_DATA) + get_column(columns, at, x.L_SIZE)
        length = copy_text(raw, start, stop - start, out, place, state)
        end_text(at, row, length, columns, out, out_32)
    else:
        value = read_value(raw, start, stop, kind, state)
        if value != NOTHING:
            write_number(at, row, value, kind, columns, out, out_32, out_64)


@inlined(
    NONE(
        INT, INT, SHORT_TABLE, SHORT_TABLE, SHORT_TABLE, LONG_TABLE, INTS, COUNTS,
        LONG_TABLE, LONG_TABLE, INTS, BYTES, BYTES, COUNTS, INTS, INTS,
    )
)  # fmt: skip
def open_row(
    anchor, start, anchors, copies, fixed, texts, cell_values, cell_lengths,
    tables, columns, seen, heap, out, out_32, out_64, state,
):  # fmt: skip
    """Begin a row: with its place, with what it inherits, and with what the guide says of it."""
    table, parent = get_anchor(anchors, anchor, x.A_TABLE), get_anchor(anchors, anchor, x.A_PARENT)
    first, row = get_table(tables, table, x.B_FIRST), get_table(tables, table, x.B_ROWS)
    put_table(tables, table, x.B_AT, row)
    put_table(tables, table, x.B_OPENED, get_table(tables, table, x.B_OPENED) + 1)
    mark = (get_table(tables, table, x.B_OPENED) << x.RANK_BITS) + x.MOST_RANK
    place, room = get_table(tables, table, x.B_SETS) + row, get_table(tables, table, x.B_ROOM)
    put(out_32, place, state[x.X_INTERCHANGE])
    put(out_32, place + room, state[x.X_GROUP])
    put(out_32, place + 2 * room, state[x.X_ORDINAL])
    expect(out_32, place + AHEAD_32)
    expect(out_32, place + room + AHEAD_32)
    expect(out_32, place + 2 * room + AHEAD_32)
    place = get_table(tables, table, x.B_PARENTS) + row
    put(out_64, place, get_table(tables, parent, x.B_NUMBER) if parent >= 0 else -1)
    expect(out_64, place + AHEAD_64)
    place = get_table(tables, table, x.B_STARTS) + row
    put(out_64, place, start)
    expect(out_64, place + AHEAD_64)
    expect(out_64, get_table(tables, table, x.B_STOPS) + row + AHEAD_64)
    for copy in range(get_anchor(anchors, anchor, x.A_COPIES), get_anchor(anchors, anchor, x.A_COPIES_STOP)):
        cell, at = get_copy(copies, copy, x.C_CELL), first + get_copy(copies, copy, x.C_COLUMN)
        length = get(cell_lengths, cell)
        if length == x.ABSENT:
            continue
        if (
            is_better(at, row, mark - get_copy(copies, copy, x.C_RANK), seen, columns, out, out_32)
            and length != x.INVALID
        ):
            kind = get_column(columns, at, x.L_KIND)
            if kind == x.TEXT:
                copy_words(
                    heap,
                    get(cell_values, cell),
                    out,
                    get_column(columns, at, x.L_DATA) + get_column(columns, at, x.L_SIZE),
                    length,
                )
                end_text(at, row, length, columns, out, out_32)
            else:
                write_number(at, row, get(cell_values, cell), kind, columns, out, out_32, out_64)
    for number in range(get_anchor(anchors, anchor, x.A_FIXED), get_anchor(anchors, anchor, x.A_FIXED_STOP)):
        at = first + get_fixed(fixed, number, x.F_COLUMN)
        text, other = get_fixed(fixed, number, x.F_TEXT), get_fixed(fixed, number, x.F_TABLE)
        if text >= 0:
            length = texts[text, 1]
            copy_words(
                heap, texts[text, 0], out, get_column(columns, at, x.L_DATA) + get_column(columns, at, x.L_SIZE), length
            )
            end_text(at, row, length, columns, out, out_32)
        elif get_table(tables, other, x.B_NUMBER) >= 0:
            write_number(at, row, get_table(tables, other, x.B_NUMBER), x.ROW, columns, out, out_32, out_64)


@inlined(NONE(INT, INT, LONG_TABLE, INTS))
def end_row(table, stop, tables, out_64):
    """The row that was begun last ends at this byte of the file."""
    row = get_table(tables, table, x.B_ROWS)
    put(out_64, get_table(tables, table, x.B_STOPS) + row, stop)
    put_table(tables, table, x.B_ROWS, row + 1)


@inlined(NONE(INT, LONG_TABLE, LONG_TABLE, INTS, INTS))
def close_last(stop, stack, tables, out_64, state):
    """The open row that was begun last ends at byte `stop` of the file."""
    depth = state[x.X_STACK] - 1
    state[x.X_STACK] = depth
    table = get_open(stack, depth, x.K_TABLE)
    end_row(table, stop, tables, out_64)
    put_table(tables, table, x.B_NUMBER, -1)
    put_table(tables, table, x.B_AT, -1)


@helper(NONE(INT, INT, LONG_TABLE, LONG_TABLE, INTS, INTS))
def close_row(table, stop, stack, tables, out_64, state):
    """The open row of this table ends, whatever stands inside it."""
    place = state[x.X_STACK] - 1
    while get_open(stack, place, x.K_TABLE) != table:
        place -= 1
    for above in range(place + 1, state[x.X_STACK]):
        for field in range(x.STACK_FIELDS):
            put_open(stack, above - 1, field, get_open(stack, above, field))
    put_open(stack, state[x.X_STACK] - 1, x.K_TABLE, table)
    close_last(stop, stack, tables, out_64, state)


@compiled(NONE(INT, LONG_TABLE, LONG_TABLE, INTS, INTS))
def close_rows(stop, stack, tables, out_64, state):
    """All open rows end at byte `stop` of the file."""
    while state[x.X_STACK]:
        close_last(stop, stack, tables, out_64, state)
