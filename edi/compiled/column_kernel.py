"""Kernels that turn the rows of one table into Arrow's buffers: all its columns in one piece of memory.

The memory is seen as bytes, as 32-bit and as 64-bit numbers; places in it are told in units of what lies there.
"""

from __future__ import annotations

import numpy as np

from edi.compiled import extraction_layout as x
from edi.compiled.copy_kernel import copy_words
from edi.compiled.options import BYTES, COUNTS, INT, INTS, LONG_TABLE, NONE, compiled, inlined

BITS = 8
SIGN_SHIFT = 63
BLOCK = 256
"""Rows whose values are still in the cache when the next column is written."""


@compiled(INT(LONG_TABLE, INT, INTS, INTS))
def sort_rows(rows, count, order, firsts):
    """The rows that have ended, table by table in `order`, those of table t from firsts[t]; returns their number."""
    for table in range(firsts.shape[0]):
        firsts[table] = 0
    for row in range(count):
        if rows[row, x.W_STOP] != x.OPEN:
            firsts[rows[row, x.W_TABLE] + 1] += 1
    for table in range(1, firsts.shape[0]):
        firsts[table] += firsts[table - 1]
    for row in range(count):
        if rows[row, x.W_STOP] != x.OPEN:
            table = rows[row, x.W_TABLE]
            order[firsts[table]] = row
            firsts[table] += 1
    for table in range(firsts.shape[0] - 1, 0, -1):
        firsts[table] = firsts[table - 1]
    firsts[0] = 0
    return firsts[firsts.shape[0] - 1]


@compiled(NONE(LONG_TABLE, INTS, LONG_TABLE, INTS, COUNTS, INTS))
def write_places(rows, order, sets, starts, out_32, out_64):
    """Write the columns that every table has; `starts` tells where each begins, `sets` is in the order of numbers."""
    at = 0
    for place in range(order.shape[0]):
        row = order[place]
        while sets[at, x.S_NUMBER] < rows[row, x.W_SET]:
            at += 1
        out_32[starts[x.N_INTERCHANGE] + place] = sets[at, x.S_INTERCHANGE]
        out_32[starts[x.N_GROUP] + place] = sets[at, x.S_GROUP]
        out_32[starts[x.N_ORDINAL] + place] = sets[at, x.S_ORDINAL]
        out_64[starts[x.N_ROW] + place] = rows[row, x.W_NUMBER]
        out_64[starts[x.N_PARENT] + place] = rows[row, x.W_PARENT]
        out_64[starts[x.N_START] + place] = rows[row, x.W_START]
        out_64[starts[x.N_STOP] + place] = rows[row, x.W_STOP]


@compiled(NONE(INTS, COUNTS, LONG_TABLE))
def measure_columns(firsts, lengths, layout):
    """Count the bytes of text and the nulls of each column, a block of rows after the other."""
    for block in range(0, firsts.shape[0], BLOCK):
        stop = min(block + BLOCK, firsts.shape[0])
        for column in range(layout.shape[0]):
            size, nulls = 0, 0
            for row in range(block, stop):
                length = lengths[firsts[row] + column]
                nulls += length < 0
                size += max(length, 0)
            layout[column, x.L_SIZE] += size
            layout[column, x.L_NULLS] += nulls


@inlined(NONE(INTS, INT, INT, INT, COUNTS, INT, BYTES))
def write_valid(firsts, first, stop, column, lengths, place, out):
    """Which values are there, a bit each; `first` is a multiple of eight."""
    for octet in range(first, stop, BITS):
        bits = 0
        for bit in range(min(BITS, stop - octet)):
            bits |= np.int64(lengths[firsts[octet + bit] + column] >= 0) << bit
        out[place + octet // BITS] = bits


@compiled(INT(INTS, INT, INT, INT, INTS, COUNTS, BYTES, INT, INT, INT, BYTES, COUNTS))
def write_text(firsts, first, stop, column, values, lengths, heap, size, offsets, data, out, out_32):
    """The texts end to end behind the `size` bytes there are; returns the bytes there are then."""
    for row in range(first, stop):
        at = firsts[row] + column
        length = lengths[at]
        if length > 0:
            copy_words(heap, values[at], out, data + size, length)
            size += length
        out_32[offsets + row + 1] = size
    return size


@compiled(NONE(INTS, INTS, COUNTS, BYTES, LONG_TABLE, BYTES, COUNTS, INTS))
def write_columns(firsts, values, lengths, heap, layout, out, out_32, out_64):
    """Write the declared columns that hold anything, a block of rows after the other.

    What a null's place holds does not matter.
    """
    for column in range(layout.shape[0]):
        layout[column, x.L_SIZE] = 0
        if layout[column, x.L_KIND] == x.TEXT and layout[column, x.L_NULLS] < firsts.shape[0]:
            out_32[layout[column, x.L_VALUES]] = 0
    for block in range(0, firsts.shape[0], BLOCK):
        stop = min(block + BLOCK, firsts.shape[0])
        for column in range(layout.shape[0]):
            kind, place = layout[column, x.L_KIND], layout[column, x.L_VALUES]
            if layout[column, x.L_NULLS] == firsts.shape[0]:
                continue
            if layout[column, x.L_NULLS]:
                write_valid(firsts, block, stop, column, lengths, layout[column, x.L_VALID], out)
            if kind == x.TEXT:
                layout[column, x.L_SIZE] = write_text(
                    firsts, block, stop, column, values, lengths, heap, layout[column, x.L_SIZE], place,
                    layout[column, x.L_DATA], out, out_32,
                )  # fmt: skip
            elif kind == x.DAY or kind == x.LAST_DAY or kind == x.TIME or kind == x.DAY_TIME:
                for row in range(block, stop):
                    out_32[place + row] = values[firsts[row] + column]
            elif kind == x.QUANTITY or kind == x.DECIMAL:
                for row in range(block, stop):
                    value = values[firsts[row] + column]
                    out_64[place + 2 * row] = value
                    out_64[place + 2 * row + 1] = value >> SIGN_SHIFT
            else:
                for row in range(block, stop):
                    out_64[place + row] = values[firsts[row] + column]
