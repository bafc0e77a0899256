"""Keep what a segment says until its scope closes: facts, days, codes that wait, entries of ledgers."""

from __future__ import annotations

from edi.business.limits import MOST_ENTRIES, MOST_PENDING
from edi.compiled.business_layout import (
    ENTRY_FIELDS,
    F_NODE,
    F_PLACE,
    F_POSITION,
    F_START,
    F_STOP,
    FACT_FIELDS,
    FACTS_AT,
    L_COUNT,
    L_CURRENT,
    L_OVERFLOWN,
    LEDGER_FIELDS,
    LEDGER_HEAD,
    LEDGERS_AT,
    M_WAITING,
    MOST_COLUMNS,
    S_FIRST,
    SCOPE_FIELDS,
    SCOPES_AT,
    W_CODE,
    W_NODE,
    W_PERIODS,
    W_PLACE,
    W_POSITION,
    W_START,
    W_STOP,
    WAITING_AT,
    WAITING_FIELDS,
    Y_COLUMNS,
    Y_FILLED,
    Y_HAS_KEY,
    Y_KEY,
    Y_NODE,
    Y_POSITION,
    Y_SPOILT,
    Y_START,
    Y_STOP,
)
from edi.compiled.forms_kernel import DAY, MINUS, NO_AMOUNT, RANGE, amount, number_of
from edi.compiled.options import BOOL, BYTES, INT, INTS, NONE, helper

INSTANT = 12
"""CCYYMMDDHHMM."""


@helper(NONE(INTS, INT, INT, INT))
def widen(memory, at, first, last):
    """Take days into the first and last day that are kept at this place."""
    if memory[at + 1] == 0:
        memory[at], memory[at + 1] = first, last
    else:
        memory[at] = min(memory[at], first)
        memory[at + 1] = max(memory[at + 1], last)


@helper(NONE(INTS, INT, INT, INT, INT, INT, INT))
def learn(memory, fact, node, position, place, start, stop):
    """Keep where a fact stands."""
    at = FACTS_AT + fact * FACT_FIELDS
    memory[at + F_NODE] = node
    memory[at + F_POSITION] = position
    memory[at + F_PLACE] = place
    memory[at + F_START] = start
    memory[at + F_STOP] = stop


@helper(NONE(INTS, INT, INT, INT, INT, INT, INT, INT))
def wait(memory, code, node, position, place, start, stop, periods):
    """Keep a code until the days are known."""
    number = memory[M_WAITING]
    if number >= MOST_PENDING:
        return
    at = WAITING_AT + number * WAITING_FIELDS
    memory[at + W_CODE] = code
    memory[at + W_NODE] = node
    memory[at + W_POSITION] = position
    memory[at + W_PLACE] = place
    memory[at + W_START] = start
    memory[at + W_STOP] = stop
    memory[at + W_PERIODS] = periods
    memory[M_WAITING] = number + 1


@helper(NONE(BYTES, INT, INT, INTS, INT, BOOL))
def serve(raw, start, length, memory, scope, last_alone):
    """Take a day or a range of days into a scope."""
    first = number_of(raw, start, DAY) if length >= DAY else -1
    last = first
    if length == RANGE:
        last = number_of(raw, start + DAY + 1, DAY) if raw[start + DAY] == MINUS else -1
    elif length == INSTANT:
        if number_of(raw, start + DAY, INSTANT - DAY) < 0:
            return
    elif length != DAY:
        return
    if first < 0 or last < first:
        return
    at = SCOPES_AT + scope * SCOPE_FIELDS
    widen(memory, at + S_FIRST, last if last_alone else first, last)


@helper(NONE(INTS, INT, INT, INT, INT, INT, INT, BOOL))
def enter_anew(memory, ledger, node, position, start, stop, key, has_key):
    """Begin an entry in a ledger."""
    head = LEDGERS_AT + ledger * LEDGER_FIELDS
    number = memory[head + L_COUNT]
    if number >= MOST_ENTRIES:
        memory[head + L_OVERFLOWN] = 1
        memory[head + L_CURRENT] = -1
        return
    memory[head + L_COUNT] = number + 1
    memory[head + L_CURRENT] = number
    entry = head + LEDGER_HEAD + number * ENTRY_FIELDS
    memory[entry + Y_KEY] = key
    memory[entry + Y_HAS_KEY] = has_key
    memory[entry + Y_FILLED] = memory[entry + Y_SPOILT] = 0
    memory[entry + Y_NODE] = node
    memory[entry + Y_POSITION] = position
    memory[entry + Y_START] = start
    memory[entry + Y_STOP] = stop
    for column in range(MOST_COLUMNS):
        memory[entry + Y_COLUMNS + column] = 0


@helper(NONE(INTS, INT, INT))
def give_key(memory, ledger, key):
    """Name the current entry; two of one name cannot be told apart."""
    head = LEDGERS_AT + ledger * LEDGER_FIELDS
    current = memory[head + L_CURRENT]
    if current < 0:
        return
    entry = head + LEDGER_HEAD + current * ENTRY_FIELDS
    for number in range(memory[head + L_COUNT]):
        other = head + LEDGER_HEAD + number * ENTRY_FIELDS
        if number != current and memory[other + Y_HAS_KEY] and memory[other + Y_KEY] == key:
            memory[entry + Y_SPOILT] = memory[other + Y_SPOILT] = 1
    memory[entry + Y_KEY] = key
    memory[entry + Y_HAS_KEY] = 1


@helper(BOOL(INTS, INT, INT))
def choose(memory, ledger, key):
    """Make the entry with this key the current one; False where there is none."""
    head = LEDGERS_AT + ledger * LEDGER_FIELDS
    memory[head + L_CURRENT] = -1
    for number in range(memory[head + L_COUNT]):
        entry = head + LEDGER_HEAD + number * ENTRY_FIELDS
        if memory[entry + Y_HAS_KEY] and memory[entry + Y_KEY] == key:
            memory[head + L_CURRENT] = number
            return True
    return False


@helper(NONE(BYTES, INT, INT, INTS, INT, INT))
def enter(raw, start, length, memory, ledger, column):
    """Add an amount to a column of the current entry."""
    head = LEDGERS_AT + ledger * LEDGER_FIELDS
    current = memory[head + L_CURRENT]
    if current < 0:
        return
    entry = head + LEDGER_HEAD + current * ENTRY_FIELDS
    cents = amount(raw, start, length)
    if cents == NO_AMOUNT:
        memory[entry + Y_SPOILT] = 1
    else:
        memory[entry + Y_COLUMNS + column] += cents
        memory[entry + Y_FILLED] |= 1 << column
