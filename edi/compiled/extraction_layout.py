"""The vocabulary of the kernels that fill tables: columns of their arrays.

Everything here is a plain integer, because kernels freeze module globals when they are compiled.
"""

from __future__ import annotations

# nodes of a guide: what a segment there does to all tables together; each pair is a range in another array
(
    P_FORGETS,  # cells whose value ends here
    P_FORGETS_STOP,
    P_ANCHORS,  # tables of which it opens rows, parents first
    P_ANCHORS_STOP,
    P_CELLS,  # readings into cells
    P_CELLS_STOP,
    P_VALUES,  # readings into rows that are open
    P_VALUES_STOP,
    P_MOST_ROWS,  # it can open
    P_MOST_VALUES,  # of those rows together
    P_MOST_READINGS,
) = range(11)
PLACE_FIELDS = 16
"""One cache line."""

# readings: an element, and where its value goes
(
    R_TARGET,  # cell, or column of the table
    R_TABLE,
    R_RANK,  # of the alternative in its column, 0 first
    R_ELEMENT,  # 0: of the part that made the row
    R_OFFSET,  # with element 0: which one of the part
    R_COMPONENT,  # 0: all
    R_KIND,
    R_KEY_ELEMENT,  # compared with the qualifier; 0: nothing is compared
    R_KEY_COMPONENT,
    R_QUALIFIER,
    R_LOOP,  # only for rows whose anchor stands in this loop; -1: any
) = range(11)
READING_FIELDS = 16

# anchors: a node and a table
(
    A_TABLE,
    A_LASTS,  # 1: the row lasts as long as the loop
    A_LOOP,
    A_LOOP_STOP,
    A_LOOP_FIRST,  # the segment that opens the loop anew
    A_PARENT,  # table, -1: none
    A_OWN,  # readings of the anchor itself
    A_OWN_STOP,
    A_COPIES,  # of cells
    A_COPIES_STOP,
    A_FIXED,  # columns with the loop's id or another row's number
    A_FIXED_STOP,
    A_FIRST,  # element that explodes, 0: none
    A_LAST,
    A_STEP,
    A_REPEATS,  # first entry of how often each element may stand, -1: repetitions are not looked at
    A_QUALIFIERS,  # of the parts wanted; none: all
    A_QUALIFIERS_STOP,
) = range(18)
ANCHOR_FIELDS = 18

# copies: an inherited value
C_COLUMN, C_CELL, C_RANK = range(3)

# fixed values: of the column, the loop's id by its number among the texts, or the table whose open row it is
F_COLUMN, F_TEXT, F_TABLE = range(3)

# kinds; the first is copied, the others become an integer
TEXT, MONEY, COUNT, QUANTITY, DECIMAL, DAY, LAST_DAY, TIME, DAY_TIME, ROW = range(10)

# lengths of what is no text
ABSENT = -1
INVALID = -2
"""There, but not of its kind."""
CONVERTED = 0

# tables, while they are filled
B_WIDTH, B_OPENED, B_ROW, B_NUMBER, B_LOOP = range(5)
TABLE_FIELDS = 5

# rows that are open, outermost first
K_ROW, K_TABLE, K_LOOP, K_LOOP_STOP, K_LOOP_FIRST = range(5)
STACK_FIELDS = 5

# rows
W_TABLE, W_VALUES, W_NUMBER, W_PARENT, W_SET, W_START, W_STOP = range(7)
ROW_FIELDS = 8
OPEN = -1
"""W_STOP of a row that has not ended."""

# sets, as `SegmentBatch.sets`
S_NUMBER, S_INTERCHANGE, S_GROUP, S_ORDINAL, S_STOP = range(5)

# state
(
    X_NEXT,  # record to go on with
    X_SET,  # number of the set, -1: none yet
    X_STACK,
    X_ROWS,
    X_VALUES,
    X_HEAP,
    X_NEWS,  # row of the sets to look at next
    X_LATIN,  # 1: bytes from 0x80 on are Latin-1
    X_HIGH,  # 1: a byte from 0x80 on was copied
    X_NEEDED,  # bytes of room that the next segment may take in the heap
) = range(10)
STATE_FIELDS = 16
DONE, FULL = range(2)

# columns of Arrow's buffers: where they begin in one piece of memory, in units of what lies there
L_KIND, L_VALID, L_VALUES, L_DATA, L_NULLS, L_SIZE = range(6)
LAYOUT_FIELDS = 6

# columns that every table has; the first three are 32 bits wide, the others 64
N_INTERCHANGE, N_GROUP, N_ORDINAL, N_ROW, N_PARENT, N_START, N_STOP = range(7)
