"""The vocabulary of the kernels: columns of their tables, fields of their state, classes of bytes.

Everything here is a plain integer, because kernels freeze module globals when they are compiled.
"""

from __future__ import annotations

# usage of loops, segments, elements
SITUATIONAL, REQUIRED, NOT_USED = 0, 1, 2

# data types; the kernels rely on the order
AN, ID, NUMERIC, DECIMAL, DATE, TIME, BINARY = range(7)

# nodes: a row for each node of a guide, by its index
(
    N_ID,  # segment id, packed as by `keys.text_key`; 0 for a loop
    N_LOOP,  # index of the loop around it
    N_ELEMENT,  # row of its first element
    N_ELEMENTS,
    N_SYNTAX,  # row of its first syntax note
    N_SYNTAXES,
    N_POSTAL,  # 1: patterns do not hold for addresses abroad (N4)
    N_LEVEL,  # of an HL: index of the loop around its own that an HL opens too, -1: none
) = range(8)
NODE_FIELDS = 8

# elements: a row for each element or component
(
    E_USAGE,
    E_TYPE,
    E_MIN,
    E_MAX,
    E_QUICK,  # longest that a look at length and classes of bytes is enough for
    E_CODES,  # code set, -1: none
    E_COMPONENT,  # row of the first component, -1: a simple element
    E_COMPONENTS,
    E_QUALIFIER,  # place of the format qualifier (1250) of this value (1251), 0: none
    E_PATTERN,  # bit n: n digits are right; 0: no pattern
    E_REPEAT,  # repetitions allowed
    E_CAREFUL,  # classes of bytes that need more than a look at the length
    E_AMOUNT,  # 1: money (782)
    E_IS_QUALIFIER,  # 1: a format qualifier (1250)
    E_DATA,  # data element number, packed as by `keys.text_key`
) = range(15)
ELEMENT_FIELDS = 16
"""One cache line."""

# syntax notes: kind, mask of places, bit of the first place, bit of the second
S_KIND, S_MASK, S_LEAD, S_NEXT = range(4)
SYNTAX_FIELDS = 4
SYNTAX_KINDS = "PRECL"
PAIRED, AT_LEAST_ONE, EXCLUSIVE, CONDITIONAL, LIST_CONDITIONAL = range(5)

# the elements of a node at a glance: masks of their places, one cache line
(
    M_REQUIRED,
    M_LOOKED_UP,  # more is asked of them than a good length and usual characters
    M_NUMERIC,  # N0 to N9 and R
    M_FORMED,  # with a format qualifier
    M_FIRST,  # row of the first element
    M_COUNT,
    M_DECIMAL,  # R
) = range(7)
MASK_FIELDS = 8

KNOWN_VALUES = 4096
"""Values remembered of those found right, a power of two."""
KNOWN_FIELDS = 4
SHAPE_WAYS = 4
"""Sets of places remembered of each node that break none of its syntax notes."""

# the transition last taken from a node for an id: what it was taken for, then the row of it
(
    K_KEY,  # segment id and qualifier, as of a symbol
    K_PLACE,  # where the qualifier is: element, component
    K_SPECIAL,
    K_TARGET,
    K_LIMITS,  # most times the segment, and the loop, may occur
    K_LOOP,  # T_LOOP, T_LOOP_STOP
    K_MISSING,  # T_MISSING, T_MISSINGS
    K_UNUSED,
) = range(8)
TAKEN_FIELDS = 8
TAKEN_WAYS = 4
SPARE_BYTES = 64
"""Bytes that must be there behind those that are scanned."""

# where the qualifier of a segment id is
Q_SPECIAL, Q_ELEMENT, Q_COMPONENT, Q_SYMBOL = range(4)
QUALIFIER_FIELDS = 4
REFINED = 1 << 20
"""Added to a symbol: the next element may refine it."""

# segment ids with a meaning of their own
SPECIAL_IDS = ("", "ISA", "GS", "ST", "SE", "GE", "IEA", "TA1", "HL", "LX", "CLM", "BHT", "BGN")
PLAIN, ISA, GS, ST, SE, GE, IEA, TA1, HL, LX, CLM, BHT, BGN = range(13)

# transitions: a row for each (node, symbol) that leads somewhere
(
    T_TARGET,
    T_MAX,  # most times the segment may occur
    T_LOOP,  # loop that it opens, -1: none
    T_LOOP_STOP,  # counters T_LOOP + 1 .. T_LOOP_STOP - 1 are cleared
    T_LOOP_MAX,
    T_MISSING,  # first of the required nodes passed over
    T_MISSINGS,
    T_UNUSED,  # the guide forbids the segment or loop
) = range(8)
TRANSITION_FIELDS = 16
"""One cache line."""
NOT_FOUND = -1

# classes of bytes, as bits; the two highest end an element
DIGIT, MINUS, DOT, SPACE, TEXT, INVALID, HIGH = 1, 2, 4, 8, 16, 32, 64
COMPONENT, REPETITION, ELEMENT_END, SEGMENT_END = 128, 256, 512, 1024
ANY_BYTE = 511

# where the scanner stands
OUTSIDE_GROUP, OUTSIDE_SET, UNGUIDED_SET, GUIDED_SET = range(4)

# what is done with the segments of a node, as bits
STORED, CHECKED_BY_BUSINESS = 1, 2

# encodings
ASCII, LATIN_1, UTF_8 = range(3)

# state, an int64 array
(
    AT,  # next byte in the buffer
    BASE,  # place in the file of the buffer's first byte
    MODE,
    NODE,  # of the last segment that had a place
    POSITION,  # of the current segment in its set, ST = 1
    INTERCHANGE,
    GROUP,
    SET,  # in its group, from 1; 0 outside sets
    GROUP_SETS,  # sets begun in the group
    SETS_BEGUN,  # in the file
    SET_FINDINGS,  # of the open set, dropped ones counted too
    STRAY_FINDINGS,  # outside sets, of this interchange, dropped ones counted too
    FILE_FINDINGS,  # kept in the file
    FINDINGS,  # rows in the buffer
    SETS,  # rows in the buffer, the open one not counted
    RECORDS,
    RECORD_STARTS,
    NUMBERS,  # set control numbers in the table of those seen
    SEGMENTS,  # in the file
    GROUP_STRAYS,  # 1: a segment outside groups was reported
    SET_STRAYS,  # 1: a segment outside sets was reported
    INDENTED,  # 1: blanks other than line ends stand before the next segment
    IN_GAP,  # 1: the last thing read was an empty segment
    ELEMENT_BYTE,
    COMPONENT_BYTE,
    REPETITION_BYTE,  # -1: none
    TERMINATOR_BYTE,
    ENCODING,
    NODE_BASE,  # added to a node in findings: the guides of a file number their nodes one after another
    TRANSACTION,  # key of the ST01 that goes with the guide, 0: no guide
    HEADER_NODE,  # ST
    GUIDE_KEY,  # of GS08
    COUNTS_LINES,
    LEVELS,  # HL segments in the set
    DEPTH,  # HL levels open
    LINES,  # LX segments in the claim
    CONTROL_KEY,  # of ST02
    CONTROL_LENGTH,
    LAST_STOP,  # place in the file after the last segment
    SEGMENT_START,  # of the segment that a stop speaks of, in the buffer
    SEGMENT_STOP,
    SPECIAL,  # meaning of its id
    PROVEN,  # place in the file of a segment that looks like holding a header, but does not; -1: none
    ENVELOPES,  # interchanges, groups and sets read in the file
    ACKNOWLEDGMENTS,  # TA1 segments kept of the interchange
    SALT,  # an odd number that nobody knows beforehand: nobody can choose numbers that fill one part of a table
) = range(46)
STATE_FIELDS = 64

# HL levels that are open: number, HL04 (0, 1, or -1: it does not count), has a child, position, node, range of HL04
V_NUMBER, V_CHILD_CODE, V_HAS_CHILD, V_POSITION, V_NODE, V_START, V_STOP = range(7)
LEVEL_FIELDS = 8

# why the kernel returned
CHUNK_END, ENVELOPE, SWALLOWED, TOO_LONG, FINDINGS_FULL, SETS_FULL, RECORDS_FULL, NUMBERS_FULL, FILE_FULL = range(9)

# findings: the columns of `edi.findings.FindingTable`. Until they leave the scanner, F_SEGMENT is a packed id, F_LOOP
# the node that the finding is at plus one (0: none), and F_DATA nothing.
(
    F_CODE,
    F_INTERCHANGE,
    F_GROUP,
    F_SET,
    F_POSITION,
    F_SEGMENT,
    F_LOOP,
    F_ELEMENT,
    F_COMPONENT,
    F_REPETITION,
    F_DATA,
    F_START,
    F_STOP,
) = range(13)
FINDING_FIELDS = 13

# transaction sets; texts as start and length in the buffer
(
    R_ORDINAL,
    R_TRANSACTION,
    R_TRANSACTION_LENGTH,
    R_NUMBER,
    R_NUMBER_LENGTH,
    R_GUIDE,
    R_GUIDE_LENGTH,
    R_REFERENCE,
    R_REFERENCE_LENGTH,  # -1: not met, -2: taken out of the buffer already
    R_SEGMENTS,
    R_START,
    R_STOP,
    R_FILE_NUMBER,  # in the file, from 0
    R_INTERCHANGE,
    R_GROUP,
    R_GUIDED,  # 1: it has a guide
) = range(16)
SET_FIELDS = 16

SEGMENT_FINDINGS = 4096
"""Room that must be free before a segment is begun."""
