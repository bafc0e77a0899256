"""The vocabulary of the business kernel: columns of its rules, places in its memory.

Everything here is a plain integer, because kernels freeze module globals when they are compiled.
"""

from __future__ import annotations

from edi.business.limits import MOST_ENTRIES, MOST_PENDING

RULE_FIELDS = 16
"""One cache line. Every table of rules is rows of this one: a row says where others begin."""

# the first row
(
    H_NODE,  # first row of the nodes, by index
    H_SCOPE,  # first row of the scopes
    H_SUM,  # sums in all
    H_CHARACTERS,  # place in the lists: for each byte the sets of characters that it is in
) = range(4)

# nodes; N_SEGMENT: the segment id, packed
N_STEP, N_STEPS, N_INSIDE, N_SCOPE, N_OPENING, N_SEGMENT = range(6)

# scopes: their sums, ledgers (mask) and rules
C_SUM, C_SUMS, C_LEDGERS, C_RULE, C_RULES = range(5)

# steps; the first test stands in the step's own row, the others follow one another from P_MORE on
(
    P_KIND,
    P_REACH,
    P_AT,  # element and component, in COMPONENT_BITS
    P_FIRST,
    P_SECOND,
    P_CODE,
    P_OTHER_CODE,
    P_TESTS,
    P_MORE,
    P_TEST,
) = range(10)
(
    FORM,  # P_FIRST: row of the form, P_SECOND: so many components, one after another
    POINTER,  # P_FIRST: sum, P_SECOND: so many components, one after another
    LISTED,  # P_FIRST: row of the code list, P_SECOND: 1 the guide has the codes itself
    AMOUNT,  # P_FIRST: sum, P_SECOND: another or -1, P_CODE: where it is negative, P_OTHER_CODE: fact plus one, or 0
    SERVICE,  # P_FIRST: scope, P_SECOND: 1 the last day alone
    KEY,  # P_FIRST: ledger
    CHOOSE,  # P_FIRST: ledger, P_SECOND: 1 create
    ENTER,  # P_FIRST: ledger, P_SECOND: column
    FACT,  # P_FIRST: its number
    WRONG,
    COUNT,  # P_FIRST: sum
    ENTRY,  # P_FIRST: ledger
) = range(12)
"""Before FACT a step asks for a value that is there."""

# tests, from the column P_TEST on
T_KIND, T_AT, T_VALUE, T_VALUES, T_FORM = range(P_TEST, P_TEST + 5)
COMPONENT_BITS = 8
"""Of a place: below these bits the component (0: the whole element), above them the element."""
IN, NOT_IN, PRESENT, ABSENT, FORMED, ZERO, NONZERO, NEGATIVE = range(8)

# forms; a form of shapes has a row for each alternative
O_KIND, O_SHAPE, O_SHAPES = range(3)
SHAPED, NPI, TAX_ID, ROUTING_NUMBER, FORWARD_RANGE = range(5)
A_LEAST, A_MOST, A_CHARACTERS = range(3)
"""From A_CHARACTERS on: for each place the number of its set of characters."""

# code lists: a hash table in pairs of slots, key and periods
L_SLOTS, L_MASK = range(2)
PERIOD_BITS = 16
"""Periods of a code: their place in the lists above so many bits, how many below; 0: valid always."""

# rules
(
    R_KIND,
    R_CODE,
    R_NEEDS,  # place in the lists of a mask of facts; the mask of those that must be absent stands behind it
    R_AT,
    R_MISSING,  # node, or -1
    R_FROM,
    R_BEFORE,
    R_TERM,
    R_TERMS,
    R_LEDGER,
    R_COLUMN,
    R_COLUMNS,
    R_HAVING,
    R_ANY_OF,
) = range(14)
SITUATION, BALANCE = range(2)

# terms: sum or column, and sign
E_PLACE, E_SIGN = range(2)

# memory
M_OPEN, M_WAITING = range(2)
MOST_SCOPES = 8
(
    S_FACTS,
    S_LIFTED,
    S_FIRST,
    S_LAST,  # 0: no day
    S_LIFTED_FIRST,
    S_LIFTED_LAST,
    S_AROUND,  # facts of the scopes around it
    S_AROUND_FIRST,
    S_AROUND_LAST,  # days of the scope around it
    S_OUTER,  # the scope around it, -1: none
    S_WAITING,
    S_NODE,
    S_POSITION,
    S_START,
    S_STOP,
) = range(15)
SCOPE_FIELDS = 16
MOST_FACTS = 63
F_NODE, F_POSITION, F_PLACE, F_START, F_STOP = range(5)
FACT_FIELDS = 8
MOST_SUMS = 32
SUM_FIELDS = 2
"""The sum, and whether it is spoilt."""
MOST_LEDGERS = 2
MOST_COLUMNS = 4
L_COUNT, L_CURRENT, L_OVERFLOWN = range(3)
LEDGER_HEAD = 8
Y_KEY, Y_HAS_KEY, Y_FILLED, Y_SPOILT, Y_NODE, Y_POSITION, Y_START, Y_STOP, Y_COLUMNS = range(9)
ENTRY_FIELDS = 16
W_CODE, W_NODE, W_POSITION, W_PLACE, W_START, W_STOP, W_PERIODS = range(7)
WAITING_FIELDS = 8

SCOPES_AT = 8
FACTS_AT = SCOPES_AT + MOST_SCOPES * SCOPE_FIELDS
SUMS_AT = FACTS_AT + MOST_FACTS * FACT_FIELDS
LEDGERS_AT = SUMS_AT + MOST_SUMS * SUM_FIELDS
LEDGER_FIELDS = LEDGER_HEAD + MOST_ENTRIES * ENTRY_FIELDS
WAITING_AT = LEDGERS_AT + MOST_LEDGERS * LEDGER_FIELDS
MEMORY_FIELDS = WAITING_AT + MOST_PENDING * WAITING_FIELDS
