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
    P_GROUPS,  # readings into rows that are open, or that it opens
    P_GROUPS_STOP,
) = range(8)
PLACE_FIELDS = 8

# groups: what a segment says of the row of one table
(
    G_TABLE,
    G_LOOP,  # only for rows whose anchor stands in this loop; -1: any
    G_READINGS,  # by element and component
    G_READINGS_STOP,
) = range(4)
GROUP_FIELDS = 4

# readings: an element, and where its value goes
(
    R_TARGET,  # cell, or column of the table
    R_RANK,  # of the alternative in its column, 0 first
    R_ELEMENT,  # 0: of the part that made the row
    R_OFFSET,  # with element 0: which one of the part
    R_COMPONENT,  # 0: all
    R_KIND,
    R_KEY_ELEMENT,  # compared with the qualifier; 0: nothing is compared
    R_KEY_COMPONENT,
    R_QUALIFIER,
) = range(9)
READING_FIELDS = 16

# anchors: a node and a table
(
    A_TABLE,
    A_LASTS,  # 1: the row lasts as long as the loop
    A_LOOP,
    A_LOOP_STOP,
    A_LOOP_FIRST,  # the segment that opens the loop anew
    A_PARENT,  # table, -1: none
    A_OWN,  # readings for each row of an anchor that explodes
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
    A_MOST,  # rows that it can open
) = range(19)
ANCHOR_FIELDS = 32

MOST_RANK = 255
RANK_BITS = 8
"""A column's last value is known by the number of its row and, in the last bits, 255 less its rank."""

# copies: an inherited value
C_COLUMN, C_CELL, C_RANK = range(3)
COPY_FIELDS = 4

# fixed values: of the column, the loop's id by its number among the texts, or the table whose open row it is
F_COLUMN, F_TEXT, F_TABLE = range(3)
FIXED_FIELDS = 4

# kinds; the first is copied, the others become an integer
TEXT, MONEY, COUNT, ROW, QUANTITY, DECIMAL, DAY, LAST_DAY, TIME, DAY_TIME = range(10)
FIRST_WIDE, FIRST_NARROW = QUANTITY, DAY
"""Values from QUANTITY on are 128 bits wide, those from DAY on 32; others 64."""

# lengths of what is no text
ABSENT = -1
INVALID = -2
"""There, but not of its kind."""
CONVERTED = 0

# tables, while they are filled
(
    B_WIDTH,
    B_FIRST,  # column among all
    B_ROWS,  # that have ended, in the memory; an open one comes behind them
    B_ROOM,  # rows that have room there
    B_FREE,  # bytes that each of its columns of text has left at least
    B_OPENED,  # rows so far, in the file
    B_NUMBER,  # of the open row, -1: none is open
    B_LOOP,  # of the open row
    B_AT,  # of the row that values go to, in the memory; -1: there is none
    B_SETS,  # columns that every table has, as places in the memory: interchange, group, set
    B_PARENTS,
    B_STARTS,
    B_STOPS,
) = range(13)
TABLE_FIELDS = 16

# columns of the tables: places in the memory in units of what lies there
(
    L_KIND,
    L_VALUES,
    L_VALID,  # bits: is there a value?
    L_DATA,  # bytes of text
    L_SIZE,  # of them
    L_ROOM,  # for them
    L_FILLED,  # values that are there
    L_WRITTEN,  # last of the places between texts that is written, -1: none
) = range(8)
LAYOUT_FIELDS = 8
"""One cache line."""

# rows that are open, outermost first
K_TABLE, K_LOOP, K_LOOP_STOP, K_LOOP_FIRST = range(4)
STACK_FIELDS = 4

# sets, as `SegmentBatch.sets`
S_NUMBER, S_INTERCHANGE, S_GROUP, S_ORDINAL, S_STOP = range(5)

# state
(
    X_NEXT,  # record to go on with
    X_SET,  # number of the set, -1: none yet
    X_INTERCHANGE,
    X_GROUP,
    X_ORDINAL,
    X_STACK,
    X_HEAP,
    X_NEWS,  # row of the sets to look at next
    X_LATIN,  # 1: bytes from 0x80 on are Latin-1
    X_HIGH,  # 1: a byte from 0x80 on is in the memory, and has to be looked at
    X_LONGEST,  # text of a cell
    X_NEEDED,  # bytes: of text in each column of a table, or of room in the heap
    X_NEEDED_ROWS,
    X_NEEDED_TABLE,
    X_DAY_TEXT,  # the last eight digits that were read as a day
    X_DAY,  # what they came to
) = range(16)
STATE_FIELDS = 16
DONE, MEMORY_FULL, HEAP_FULL = range(3)
