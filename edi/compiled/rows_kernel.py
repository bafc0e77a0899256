"""Kernels that begin and end rows of tables and write their values.

Every value goes at once to where it will stay: Arrow's buffers, which lie in one piece of memory. A table has one open
row at most, and it comes behind those that have ended; so its columns can be written before it ends.
"""

from __future__ import annotations

import numpy as np

from edi.compiled import extraction_layout as x
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


@helper(BOOL(INT, INT, INT, LONG_TABLE, LONG_TABLE, INTS))
def look_for_room(table, rows, needed, tables, columns, state):
    """Is there really no room for so many rows with so many bytes of text? If not, the state says what is needed."""
    free = np.int64(2**62)
    first = tables[table, x.B_FIRST]
    for column in range(first, first + tables[table, x.B_WIDTH]):
        if columns[column, x.L_KIND] == x.TEXT:
            free = min(free, columns[column, x.L_ROOM] - columns[column, x.L_SIZE])
    tables[table, x.B_FREE] = free - needed
    if free >= needed and tables[table, x.B_ROWS] + rows <= tables[table, x.B_ROOM]:
        return True
    state[x.X_NEEDED_TABLE], state[x.X_NEEDED_ROWS], state[x.X_NEEDED] = table, rows, needed
    return False


@inlined(BOOL(INT, INT, INT, LONG_TABLE, LONG_TABLE, INTS))
def has_room(table, rows, needed, tables, columns, state):
    """Is there room for so many rows, which have so many bytes of text in a column at most? It is theirs then."""
    free = tables[table, x.B_FREE] - needed
    tables[table, x.B_FREE] = free
    if free >= 0 and tables[table, x.B_ROWS] + rows <= tables[table, x.B_ROOM]:
        return True
    return look_for_room(table, rows, needed, tables, columns, state)


@helper(NONE(INT, INT, LONG_TABLE, BYTES, COUNTS))
def take_back(at, row, columns, out, out_32):
    """The row gets a better value in this column than the one it has."""
    place, bit = columns[at, x.L_VALID] + (row >> BIT_SHIFT), np.uint8(1 << (row & LAST_BIT))
    if out[place] & bit:
        out[place] ^= bit
        columns[at, x.L_FILLED] -= 1
        if columns[at, x.L_KIND] == x.TEXT:
            columns[at, x.L_SIZE] = out_32[columns[at, x.L_VALUES] + row]
            columns[at, x.L_WRITTEN] = row


@inlined(BOOL(INT, INT, INT, INTS, LONG_TABLE, BYTES, COUNTS))
def is_better(at, row, mark, seen, columns, out, out_32):
    """Has the row no value yet in this column, or a worse one? The mark tells the row and the rank of the new one."""
    before = seen[at]
    if before >= mark:
        return False
    seen[at] = mark
    if before > mark - x.MOST_RANK and before >> x.RANK_BITS == mark >> x.RANK_BITS:
        take_back(at, row, columns, out, out_32)
    return True


@inlined(NONE(INT, INT, INT, INT, LONG_TABLE, BYTES, COUNTS, INTS))
def write_number(at, row, value, kind, columns, out, out_32, out_64):
    """The row's value of a column that is not of text."""
    columns[at, x.L_FILLED] += 1
    out[columns[at, x.L_VALID] + (row >> BIT_SHIFT)] |= np.uint8(1 << (row & LAST_BIT))
    target = columns[at, x.L_VALUES] + row
    if kind >= x.FIRST_NARROW:
        out_32[target] = value
    elif kind >= x.FIRST_WIDE:
        out_64[target + row] = value
        out_64[target + row + 1] = value >> SIGN_SHIFT
    else:
        out_64[target] = value


@inlined(NONE(INT, INT, INT, LONG_TABLE, BYTES, COUNTS))
def end_text(at, row, length, columns, out, out_32):
    """Text of so many bytes was written behind the last one of the column."""
    columns[at, x.L_FILLED] += 1
    out[columns[at, x.L_VALID] + (row >> BIT_SHIFT)] |= np.uint8(1 << (row & LAST_BIT))
    target, size = columns[at, x.L_VALUES] + row, columns[at, x.L_SIZE]
    for before in range(target - row + columns[at, x.L_WRITTEN] + 1, target + 1):
        out_32[before] = size
    size += length
    out_32[target + 1] = size
    columns[at, x.L_SIZE] = size
    columns[at, x.L_WRITTEN] = row + 1


@inlined(NONE(BYTES, INT, INT, INT, INT, INT, LONG_TABLE, BYTES, COUNTS, INTS, INTS))
def write_value(raw, start, stop, kind, at, row, columns, out, out_32, out_64, state):
    """raw[start:stop] is the row's value of a column, unless it is not of its kind."""
    if kind == x.TEXT:
        place = columns[at, x.L_DATA] + columns[at, x.L_SIZE]
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
    table, parent = anchors[anchor, x.A_TABLE], anchors[anchor, x.A_PARENT]
    first, row = tables[table, x.B_FIRST], tables[table, x.B_ROWS]
    tables[table, x.B_AT] = row
    tables[table, x.B_OPENED] += 1
    mark = (tables[table, x.B_OPENED] << x.RANK_BITS) + x.MOST_RANK
    place, room = tables[table, x.B_SETS], tables[table, x.B_ROOM]
    out_32[place + row] = state[x.X_INTERCHANGE]
    out_32[place + room + row] = state[x.X_GROUP]
    out_32[place + 2 * room + row] = state[x.X_ORDINAL]
    out_64[tables[table, x.B_PARENTS] + row] = tables[parent, x.B_NUMBER] if parent >= 0 else -1
    out_64[tables[table, x.B_STARTS] + row] = start
    for copy in range(anchors[anchor, x.A_COPIES], anchors[anchor, x.A_COPIES_STOP]):
        cell, at = copies[copy, x.C_CELL], first + copies[copy, x.C_COLUMN]
        length = np.int64(cell_lengths[cell])
        if length == x.ABSENT:
            continue
        if is_better(at, row, mark - copies[copy, x.C_RANK], seen, columns, out, out_32) and length != x.INVALID:
            kind = columns[at, x.L_KIND]
            if kind == x.TEXT:
                copy_words(heap, cell_values[cell], out, columns[at, x.L_DATA] + columns[at, x.L_SIZE], length)
                end_text(at, row, length, columns, out, out_32)
            else:
                write_number(at, row, cell_values[cell], kind, columns, out, out_32, out_64)
    for number in range(anchors[anchor, x.A_FIXED], anchors[anchor, x.A_FIXED_STOP]):
        at = first + fixed[number, x.F_COLUMN]
        text, other = fixed[number, x.F_TEXT], fixed[number, x.F_TABLE]
        if text >= 0:
            length = texts[text, 1]
            copy_words(heap, texts[text, 0], out, columns[at, x.L_DATA] + columns[at, x.L_SIZE], length)
            end_text(at, row, length, columns, out, out_32)
        elif tables[other, x.B_NUMBER] >= 0:
            write_number(at, row, tables[other, x.B_NUMBER], x.ROW, columns, out, out_32, out_64)


@inlined(NONE(INT, INT, LONG_TABLE, INTS))
def end_row(table, stop, tables, out_64):
    """The row that was begun last ends at this byte of the file."""
    row = tables[table, x.B_ROWS]
    out_64[tables[table, x.B_STOPS] + row] = stop
    tables[table, x.B_ROWS] = row + 1


@helper(NONE(INT, INT, LONG_TABLE, LONG_TABLE, INTS, INTS))
def close_row(depth, stop, stack, tables, out_64, state):
    """The open row at this depth ends, whatever stands inside it."""
    table = stack[depth, x.K_TABLE]
    end_row(table, stop, tables, out_64)
    tables[table, x.B_NUMBER] = tables[table, x.B_AT] = -1
    for above in range(depth + 1, state[x.X_STACK]):
        for field in range(x.STACK_FIELDS):
            stack[above - 1, field] = stack[above, field]
    state[x.X_STACK] -= 1


@compiled(NONE(INT, LONG_TABLE, LONG_TABLE, INTS, INTS))
def close_rows(stop, stack, tables, out_64, state):
    """All open rows end at byte `stop` of the file."""
    while state[x.X_STACK]:
        close_row(state[x.X_STACK] - 1, stop, stack, tables, out_64, state)
