"""Open scopes; close them and judge what is known by then."""

from __future__ import annotations

import numpy as np

from edi.compiled.business_layout import (
    BALANCE,
    C_LEDGERS,
    C_RULE,
    C_RULES,
    C_SUM,
    C_SUMS,
    COMPONENT_BITS,
    E_PLACE,
    E_SIGN,
    ENTRY_FIELDS,
    F_NODE,
    F_PLACE,
    F_POSITION,
    F_START,
    F_STOP,
    FACT_FIELDS,
    FACTS_AT,
    H_NODE,
    H_SCOPE,
    L_COUNT,
    L_CURRENT,
    L_OVERFLOWN,
    LEDGER_FIELDS,
    LEDGER_HEAD,
    LEDGERS_AT,
    M_OPEN,
    M_WAITING,
    MOST_LEDGERS,
    MOST_SCOPES,
    N_SEGMENT,
    R_ANY_OF,
    R_AT,
    R_BEFORE,
    R_CODE,
    R_COLUMN,
    R_COLUMNS,
    R_FROM,
    R_HAVING,
    R_KIND,
    R_LEDGER,
    R_MISSING,
    R_NEEDS,
    R_TERM,
    R_TERMS,
    S_AROUND,
    S_AROUND_FIRST,
    S_AROUND_LAST,
    S_FACTS,
    S_FIRST,
    S_LAST,
    S_LIFTED,
    S_LIFTED_FIRST,
    S_LIFTED_LAST,
    S_NODE,
    S_OUTER,
    S_POSITION,
    S_START,
    S_STOP,
    S_WAITING,
    SCOPE_FIELDS,
    SCOPES_AT,
    SUM_FIELDS,
    SUMS_AT,
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
    Y_NODE,
    Y_POSITION,
    Y_SPOILT,
)
from edi.compiled.business_notes_kernel import widen
from edi.compiled.business_values_kernel import is_effective
from edi.compiled.emit_kernel import emit_at
from edi.compiled.options import INT, INTS, KEYS, LONG_TABLE, NONE, TABLE, helper, inlined

COMPONENT = (1 << COMPONENT_BITS) - 1


@helper(NONE(TABLE, LONG_TABLE, INTS, INTS, INT, INT, INT))
def tell_fact(rules, findings, state, memory, code, fact, missing):
    """A finding where a fact stands."""
    at = FACTS_AT + fact * FACT_FIELDS
    node = memory[at + F_NODE] if missing < 0 else missing
    emit_at(
        findings,
        state,
        code,
        memory[at + F_POSITION],
        rules[rules[0, H_NODE] + node, N_SEGMENT],
        node,
        memory[at + F_PLACE] >> COMPONENT_BITS,
        memory[at + F_PLACE] & COMPONENT,
        0,
        memory[at + F_START],
        memory[at + F_STOP],
    )


@helper(NONE(TABLE, LONG_TABLE, INTS, INTS, INT, INT, INT, INT))
def tell(rules, findings, state, memory, code, at_node, at, missing):
    """A finding of a whole segment whose node, position, start and stop stand in memory; node at `at_node`."""
    node = memory[at_node] if missing < 0 else missing
    emit_at(
        findings,
        state,
        code,
        memory[at],
        rules[rules[0, H_NODE] + node, N_SEGMENT],
        node,
        0,
        0,
        0,
        memory[at + 1],
        memory[at + 2],
    )


@inlined(NONE(LONG_TABLE, INTS, TABLE, INTS, INT, INT, INT))
def judge_balance(findings, state, rules, memory, rule, scope_at, fact):
    """Do the terms add up to nothing?"""
    ledger = rules[rule, R_LEDGER]
    if ledger >= 0 and memory[LEDGERS_AT + ledger * LEDGER_FIELDS + L_COUNT] == 0:
        return
    total = 0
    first = rules[rule, R_TERM]
    for term in range(first, first + rules[rule, R_TERMS]):
        at = SUMS_AT + SUM_FIELDS * rules[term, E_PLACE]
        if memory[at + 1]:
            return
        total += memory[at] * rules[term, E_SIGN]
    code = rules[rule, R_CODE]
    if ledger < 0:
        if total:
            if fact >= 0:
                tell_fact(rules, findings, state, memory, code, fact, -1)
            else:
                tell(rules, findings, state, memory, code, scope_at + S_NODE, scope_at + S_POSITION, -1)
        return
    head = LEDGERS_AT + ledger * LEDGER_FIELDS
    if memory[head + L_OVERFLOWN]:
        return
    having, any_of = rules[rule, R_HAVING], rules[rule, R_ANY_OF]
    for number in range(memory[head + L_COUNT]):
        entry = head + LEDGER_HEAD + number * ENTRY_FIELDS
        filled = memory[entry + Y_FILLED]
        if memory[entry + Y_SPOILT] or having & ~filled or (any_of and not any_of & filled):
            continue
        rest = total
        column = rules[rule, R_COLUMN]
        for term in range(column, column + rules[rule, R_COLUMNS]):
            rest += memory[entry + Y_COLUMNS + rules[term, E_PLACE]] * rules[term, E_SIGN]
        if rest:
            tell(rules, findings, state, memory, code, entry + Y_NODE, entry + Y_POSITION, -1)


@helper(NONE(TABLE, LONG_TABLE, INTS, KEYS, INTS, INT, INT, INT))
def judge_waiting(rules, findings, state, lists, memory, waiting, first, last):
    """The codes that wait since the scope was opened."""
    for number in range(waiting, memory[M_WAITING]):
        at = WAITING_AT + number * WAITING_FIELDS
        if not is_effective(lists, memory[at + W_PERIODS], first, last):
            node = memory[at + W_NODE]
            emit_at(
                findings,
                state,
                memory[at + W_CODE],
                memory[at + W_POSITION],
                rules[rules[0, H_NODE] + node, N_SEGMENT],
                node,
                memory[at + W_PLACE] >> COMPONENT_BITS,
                memory[at + W_PLACE] & COMPONENT,
                0,
                memory[at + W_START],
                memory[at + W_STOP],
            )
    memory[M_WAITING] = waiting


@inlined(NONE(LONG_TABLE, INTS, TABLE, KEYS, INTS, INT))
def judge(findings, state, rules, lists, memory, number):
    """All rules of a scope that closes."""
    scope = SCOPES_AT + number * SCOPE_FIELDS
    first, last = memory[scope + S_FIRST], memory[scope + S_LAST]
    if not last:
        first, last = memory[scope + S_LIFTED_FIRST], memory[scope + S_LIFTED_LAST]
        if not last:
            first, last = memory[scope + S_AROUND_FIRST], memory[scope + S_AROUND_LAST]
    known = memory[scope + S_FACTS] | memory[scope + S_LIFTED] | memory[scope + S_AROUND]
    if last and memory[scope + S_WAITING] < memory[M_WAITING]:  # else the scope around may know the days
        judge_waiting(rules, findings, state, lists, memory, memory[scope + S_WAITING], first, last)
    row = rules[0, H_SCOPE] + number
    begin = rules[row, C_RULE]
    for rule in range(begin, begin + rules[row, C_RULES]):
        masks = rules[rule, R_NEEDS]
        if np.int64(lists[masks]) & ~known or np.int64(lists[masks + 1]) & known:
            continue
        fact = np.int64(rules[rule, R_AT])
        if fact >= 0 and not known >> fact & 1:
            fact = np.int64(-1)
        if rules[rule, R_KIND] == BALANCE:
            judge_balance(findings, state, rules, memory, rule, scope, fact)
            continue
        if rules[rule, R_FROM] and (not last or first < rules[rule, R_FROM]):
            continue
        if rules[rule, R_BEFORE] and (not last or last >= rules[rule, R_BEFORE]):
            continue
        code, missing = rules[rule, R_CODE], rules[rule, R_MISSING]
        if fact >= 0:
            tell_fact(rules, findings, state, memory, code, fact, missing)
        else:
            tell(rules, findings, state, memory, code, scope + S_NODE, scope + S_POSITION, missing)


@helper(NONE(LONG_TABLE, INTS, TABLE, KEYS, INTS, INT))
def close_scopes(findings, state, rules, lists, memory, mask):
    """Close these scopes, the innermost first, and lift what is known in each into the one around it."""
    for number in range(MOST_SCOPES - 1, -1, -1):
        if not mask >> number & 1:
            continue
        memory[M_OPEN] &= ~(1 << number)
        judge(findings, state, rules, lists, memory, number)
        scope = SCOPES_AT + number * SCOPE_FIELDS
        outer = memory[scope + S_OUTER]
        if outer < 0:
            continue
        around = SCOPES_AT + outer * SCOPE_FIELDS
        memory[around + S_LIFTED] |= memory[scope + S_FACTS] | memory[scope + S_LIFTED]
        for days in (S_FIRST, S_LIFTED_FIRST):
            if memory[scope + days + 1]:
                widen(memory, around + S_LIFTED_FIRST, memory[scope + days], memory[scope + days + 1])


@inlined(NONE(TABLE, INTS, INT, INT, INT, INT, INT))
def open_scope(rules, memory, number, node, position, start, stop):
    """Begin a scope with nothing known."""
    scope = SCOPES_AT + number * SCOPE_FIELDS
    for at in range(scope, scope + S_OUTER):
        memory[at] = 0
    outer = number - 1
    while outer >= 0 and not memory[M_OPEN] >> outer & 1:
        outer -= 1
    memory[scope + S_OUTER] = outer
    if outer >= 0:
        around = SCOPES_AT + outer * SCOPE_FIELDS
        memory[scope + S_AROUND] = memory[around + S_FACTS] | memory[around + S_AROUND]
        days = S_FIRST if memory[around + S_LAST] else S_AROUND_FIRST
        memory[scope + S_AROUND_FIRST] = memory[around + days]
        memory[scope + S_AROUND_LAST] = memory[around + days + 1]
    memory[M_OPEN] |= 1 << number
    memory[scope + S_WAITING] = memory[M_WAITING]
    memory[scope + S_NODE] = node
    memory[scope + S_POSITION] = position
    memory[scope + S_START] = start
    memory[scope + S_STOP] = stop
    row = rules[0, H_SCOPE] + number
    first = SUMS_AT + SUM_FIELDS * rules[row, C_SUM]
    for at in range(first, first + SUM_FIELDS * rules[row, C_SUMS]):
        memory[at] = 0
    for ledger in range(MOST_LEDGERS):
        if rules[row, C_LEDGERS] >> ledger & 1:
            head = LEDGERS_AT + ledger * LEDGER_FIELDS
            memory[head + L_COUNT] = memory[head + L_OVERFLOWN] = 0
            memory[head + L_CURRENT] = -1
